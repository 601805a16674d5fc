"""A file that somebody handed in: plans, a roster or a table of units, told by what is in it."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.domain.form import Form
from bot.domain.forms.form_files import own_sources, with_sources
from bot.domain.plans import Fault, SheetPlan, SheetRefused
from bot.domain.roster import Roster
from bot.domain.unit_table import UnitTable
from bot.sheets.child import Failed, run
from bot.sheets.packing import pack, unpack

_TIMEOUT = 20.0  # seconds; a register of 5,000 rows takes two
_UNREADABLE = "ファイルを読み取れませんでした。中身を確かめて、もう一度置いてください。"


@dataclass(frozen=True)
class Dropped:
    """What was read: the plans of the file, or the roster or table of units that it is."""

    plans: tuple[SheetPlan, ...] = ()
    roster: Roster | None = None
    units: UnitTable | None = None


def read_dropped(data: bytes, name: str, forms: Mapping[str, Form] | None = None) -> Dropped:
    """What a file holds; ``name`` is what it is called. Raises SheetRefused.

    ``forms`` are the office's, without them the built-in ones.
    """
    from bot.sheets.files import read
    from bot.sheets.people import is_roster, read_roster
    from bot.sheets.units import is_unit_table, read_unit_table

    if is_roster(data):
        return Dropped(roster=read_roster(data))
    if is_unit_table(data):
        return Dropped(units=read_unit_table(data))
    return Dropped(plans=tuple(read(data, name, forms)))


async def read_in_child(
    data: bytes,
    name: str,
    forms: Mapping[str, Form] | None = None,
    *,
    timeout_seconds: float = _TIMEOUT,
) -> Dropped:
    """The same in a short-lived process without our secrets, whose memory goes when it ends.

    Raises SheetRefused, also for a file over which the child dies or takes too long.
    """
    head = {"name": name, "forms": own_sources(forms) if forms else ()}
    request = json.dumps(head).encode() + b"\n" + data
    try:
        answer = json.loads(await run("bot.sheets.dropped", request, timeout_seconds))
    except (Failed, ValueError):
        raise SheetRefused((), _UNREADABLE) from None
    if "reason" in answer:
        raise SheetRefused(unpack(tuple[Fault, ...], answer["faults"]), answer["reason"])
    return unpacked(answer)


def packed(read: Dropped) -> dict[str, Any]:
    """What was read, as JSON."""
    found: dict[str, Any] = pack(read)
    return found


def unpacked(record: Any) -> Dropped:
    """What such JSON holds."""
    found: Dropped = unpack(Dropped, record)
    return found


def main() -> None:
    """Be the child: a line with name and own forms, then the bytes come in; JSON goes out."""
    _limit()
    head, _, data = sys.stdin.buffer.read().partition(b"\n")
    try:
        asked = json.loads(head)
        answer = packed(read_dropped(data, asked["name"], with_sources(asked["forms"])))
    except SheetRefused as refused:
        answer = {"reason": refused.reason, "faults": pack(refused.by_row)}
    sys.stdout.write(json.dumps(answer))


def _limit() -> None:
    """What no honest file needs: a gigabyte, or so long a time."""
    try:
        import resource
    except ImportError:  # not on every system
        return
    seconds = int(_TIMEOUT) + 5
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))


if __name__ == "__main__":
    main()
