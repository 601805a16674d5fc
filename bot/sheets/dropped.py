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

_TIMEOUT = 120.0  # seconds
_CPU_SECONDS = 60  # a register of 5,000 rows takes two, a PDF of 436 pages twenty
_UNREADABLE = (
    "ファイルを読み取れませんでした(中身が壊れているか、大きすぎます)。"
    "もとのファイルで保存し直して、もう一度取り込んでください。"
)


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
    return await _asked({"name": name, "forms": _sources(forms)}, data, timeout_seconds)


async def read_plans_in_child(
    data: bytes, name: str, forms: Mapping[str, Form] | None = None, form: str | None = None
) -> list[SheetPlan]:
    """The plans of a file that is known to hold some, read in such a process as well.

    ``form`` is the key of that which a register is of. Raises SheetRefused.
    """
    head = {"name": name, "forms": _sources(forms), "plans": True, "form": form}
    return list((await _asked(head, data, _TIMEOUT)).plans)


async def _asked(head: Mapping[str, Any], data: bytes, timeout_seconds: float) -> Dropped:
    request = json.dumps(head).encode() + b"\n" + data
    try:
        answer = json.loads(await run("bot.sheets.dropped", request, timeout_seconds))
    except (Failed, ValueError):
        raise SheetRefused((), _UNREADABLE) from None
    if "reason" in answer:
        raise SheetRefused(unpack(tuple[Fault, ...], answer["faults"]), answer["reason"])
    return unpacked(answer)


def _sources(forms: Mapping[str, Form] | None) -> tuple[str, ...]:
    return tuple(own_sources(forms)) if forms else ()


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
        answer = packed(_answer(json.loads(head), data))
    except SheetRefused as refused:
        answer = {"reason": refused.reason, "faults": pack(refused.by_row)}
    sys.stdout.write(json.dumps(answer))


def _answer(asked: Mapping[str, Any], data: bytes) -> Dropped:
    forms = with_sources(asked["forms"])
    if not asked.get("plans"):
        return read_dropped(data, asked["name"], forms)
    from bot.sheets.files import read

    return Dropped(plans=tuple(read(data, asked["name"], forms, asked["form"])))


def _limit() -> None:
    """What no honest file needs: a gigabyte, or so long a time."""
    try:
        import resource
    except ImportError:  # not on every system
        return
    resource.setrlimit(resource.RLIMIT_CPU, (_CPU_SECONDS, _CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))


if __name__ == "__main__":
    main()
