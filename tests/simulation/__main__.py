"""`python -m tests.simulation`: live through many years, or tell the story of one.

--seeds 1000             years to live through, in two processes
--seed 4711              one year, told line by line
--without look-up        with a safeguard taken out: something must be found
"""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Sequence
from time import monotonic

from tests.simulation.safeguards import SAFEGUARDS, without
from tests.simulation.seeds import ground, outcomes


def main(arguments: Sequence[str] | None = None) -> int:
    """0: what was to be seen was seen. 1: an invariant is broken, or a missing safeguard unseen."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--seed", type=int, help="tell the story of this one")
    parser.add_argument("--seeds", type=int, default=100, help="how many (100)")
    parser.add_argument("--first", type=int, default=1, help="the first of them (1)")
    parser.add_argument("--jobs", type=int, default=2, help="worker processes (2)")
    parser.add_argument("--without", choices=sorted(SAFEGUARDS), default="", metavar="SAFEGUARD")
    given = parser.parse_args(arguments)
    logging.disable()
    if given.seed is not None:
        return _tell(given.seed, given.without)
    return _live(range(given.first, given.first + given.seeds), given.without, given.jobs)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _tell(seed: int, safeguard: str) -> int:
    with ground() as place, without(safeguard):
        year = place.live(seed)
    _say("\n".join(year.story.lines))
    _say(f"seed {seed}: {len(year.story.lines)} lines, {year.story.digest()[:16]}")
    return 1 if year.findings else 0


def _live(seeds: range, safeguard: str, jobs: int) -> int:
    began, lived, broken, busy = monotonic(), 0, 0, 0.0
    for outcome in outcomes(seeds, safeguard=safeguard, jobs=jobs):
        lived += 1
        busy += outcome.seconds
        for invariant, what in outcome.findings.items():
            _say(f"seed {outcome.seed}: {invariant}: {what}")
        # A job that falls over shows that the removal itself no longer fits the code.
        broken += bool(set(outcome.findings) - ({"a_job_never_fails"} if safeguard else set()))
        if broken and safeguard:
            break
    took = f"{monotonic() - began:.0f} s, {busy / lived:.2f} s of processor time each"
    _say(f"{lived} years in {took}; {broken} with a broken invariant.")
    if safeguard:
        _say(f"Without {safeguard}: {'found' if broken else 'NOT found'}.")
        return 0 if broken else 1
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
