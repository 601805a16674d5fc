"""What new and former owners are told of a transfer, in the first notice of the new post."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from bot.domain.calendar import OfficeCalendar, japanese_date
from bot.domain.handovers import REMEMBERED, Handover, Holding, handovers, told_between
from bot.domain.letters import LetterState
from bot.services.presence import presence_on
from storage.models import Letter, Unit
from storage.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class Transfer:
    """Items of one unit that one person took over, or (``received`` False) handed over, on a day.

    ``first`` and ``last`` are the days on which they are told; ``open_now``: whether the unit's
    office is within its sending hours. ``items`` are id -> (code, title) in the plan's order.
    """

    person_id: int
    day: date
    received: bool
    unit: Unit
    first: date
    last: date
    open_now: bool
    items: Mapping[int, tuple[str, str]]

    def is_in(self, letter: Letter) -> bool:
        """Whether a sent letter has told it."""
        return self.first <= letter.day <= self.last and self.items.keys() <= set(letter.item_ids)


News = Mapping[int, Sequence[Transfer]]  # by person


async def news_at(uow: UnitOfWork, at: datetime) -> News:
    """Every transfer of the last weeks; one query where there is none."""
    today = japanese_date(at)
    rows = await uow.people.handed_over(today - REMEMBERED, today)
    found = handovers(
        Holding(row.initiative_id, row.person_id, row.valid_from, row.valid_to) for row in rows
    )
    if not found:
        return {}
    placed = {row.initiative_id: row for row in rows}
    units = {unit.id or 0: unit for unit in await uow.units.all()}
    closures = await uow.units.closures({row.unit_id for row in rows})
    groups: dict[tuple[int, date, bool, int], list[Handover]] = {}
    for each in found:
        unit_id = placed[each.item_id].unit_id
        groups.setdefault((each.owner_id, each.day, True, unit_id), []).append(each)
        groups.setdefault((each.former_id, each.day, False, unit_id), []).append(each)
    news: dict[int, list[Transfer]] = {}
    for (person, day, received, unit_id), passed in sorted(groups.items()):
        unit, calendar = units[unit_id], OfficeCalendar(closures[unit_id])
        first, last = told_between(day, unit.paused_until, calendar)
        named = _named(passed, placed)
        open_now = calendar.in_sending_window(at)
        transfer = Transfer(person, day, received, unit, first, last, open_now, named)
        news.setdefault(person, []).append(transfer)
    return news


async def untold(uow: UnitOfWork, news: News, day: date) -> dict[int, list[Transfer]]:
    """What is to be said on a Japanese date and stands in no letter, by person."""
    fresh = {
        person: [each for each in transfers if each.first <= day <= each.last]
        for person, transfers in news.items()
    }
    fresh = {person: transfers for person, transfers in fresh.items() if transfers}
    if not fresh:
        return {}
    earliest = min(each.first for transfers in fresh.values() for each in transfers)
    letters = await uow.correspondence.notices_since(fresh, earliest)
    gone = (await presence_on(uow, day)).gone
    left = {
        person: [each for each in transfers if not _is_told(each, letters)]
        for person, transfers in fresh.items()
        if person not in gone  # who is away hears nothing
    }
    return {person: transfers for person, transfers in left.items() if transfers}


def _is_told(transfer: Transfer, letters: Iterable[Letter]) -> bool:
    sent = LetterState.SENT.value
    return any(
        letter.person_id == transfer.person_id and letter.state == sent and transfer.is_in(letter)
        for letter in letters
    )


def _named(passed: Sequence[Handover], placed: Mapping[int, Any]) -> dict[int, tuple[str, str]]:
    rows = sorted((placed[each.item_id] for each in passed), key=lambda row: row.position)
    return {row.initiative_id: (row.code, row.title) for row in rows}
