"""`python -m tests.bench`: measure all rows or some, print the table, exit 1 if a must is missed.

`python -m tests.bench open` measures one row; `python -m tests.bench profile open` says where its
time goes.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import sys
import time
from dataclasses import replace
from pathlib import Path

from tests.bench.bench import Size, opened
from tests.bench.measurements import MEASUREMENTS, Measurement, in_turn
from tests.bench.profile import profile
from tests.bench.table import MISSED, Measured, Row, render


def main() -> int:
    """0 when every must holds."""
    arguments = _parser().parse_args()
    # Ended from outside, it takes its gigabyte of databases with it, as it does for Ctrl-C.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    if arguments.rows[:1] == ["profile"]:
        return asyncio.run(_profile(arguments))
    chosen = [each for each in MEASUREMENTS if _is_wanted(each, arguments.rows)]
    measured = asyncio.run(_measure(chosen, arguments))
    load, cores = os.getloadavg()[1], os.cpu_count()
    sys.stdout.write(f"\n{render(measured)}\n\nload {load:.1f} on {cores} cores\n")
    if arguments.json:
        rows = [each.record() for each in measured]
        record = {"database": arguments.database, "load": load, "cores": cores, "rows": rows}
        arguments.json.write_text(json.dumps(record, ensure_ascii=False, indent=2) + "\n")
    return int(any(each.verdict == MISSED for each in measured))


def _parser() -> argparse.ArgumentParser:
    names = [row.name for each in MEASUREMENTS for row in each.rows]
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("rows", nargs="*", metavar="ROW", help=f"of {', '.join(names)}")
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument(
        "--runs", type=int, default=Size.runs, help="pairs of measurements a row, or some more"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures to a file")
    return parser


def _is_wanted(measurement: Measurement, names: list[str]) -> bool:
    return not names or any(row.name in names for row in measurement.rows)


async def _profile(arguments: argparse.Namespace) -> int:
    async with opened(Size(), kind=arguments.database) as bench:
        for row in arguments.rows[1:]:
            sys.stdout.write(f"{row}: {await profile(bench, row)}\n\n")
    return 0


async def _measure(chosen: list[Measurement], arguments: argparse.Namespace) -> list[Measured]:
    measured: dict[Row, Measured] = {}
    async with opened(Size(runs=arguments.runs), kind=arguments.database) as bench:
        part = replace(bench, size=replace(bench.size, runs=-(-arguments.runs // 3)))
        for each in in_turn(chosen):
            started = time.perf_counter()
            for found in await each.measure(part if each.spread else bench):
                known = measured.get(found.row)
                measured[found.row] = known.with_more(found) if known else found
            names = ", ".join(row.name for row in each.rows)
            sys.stderr.write(f"{names}: {time.perf_counter() - started:.0f} s\n")
    return [measured[row] for each in chosen for row in each.rows if row in measured]


if __name__ == "__main__":
    sys.exit(main())
