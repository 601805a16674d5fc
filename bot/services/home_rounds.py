"""Which of a unit's rounds is meant when none is named, and rounds as Home's screens see them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Protocol, TypeVar

from bot.domain.calendar import fiscal_year_of
from bot.domain.form import Form
from bot.domain.rounds import RoundDates
from bot.views.home_before import Before
from bot.views.round_info import RoundInfo
from storage.unit_of_work import UnitOfWork


class Dated(Protocol):
    """Whatever has a round's four dates."""

    opens: date
    due: date
    closes: date
    publishes: date


_Round = TypeVar("_Round", bound=Dated)


def current_of(rounds: Sequence[_Round], today: date) -> _Round | None:
    """The open round, of several the one that is due first; else the one last due, else the next to
    open; None of none.
    """
    is_open = [row for row in rounds if row.opens <= today <= row.closes]
    if is_open:
        return min(is_open, key=lambda row: row.due)
    was_due = [row for row in rounds if row.due <= today]
    if was_due:
        return max(was_due, key=lambda row: row.due)
    return min(rounds, key=lambda row: row.opens, default=None)


def is_going_on(row: Dated, today: date) -> bool:
    """Whether it is open, or what it asked for is still to be published."""
    return row.opens <= today <= max(row.closes, row.publishes)


async def plans_of(uow: UnitOfWork, unit_ids: Iterable[int], today: date) -> Sequence[Any]:
    """Plans and rounds of some units, of last fiscal year and later."""
    return await uow.overviews.rounds(unit_ids, fiscal_year_of(today) - 1)


def rounds_in(rows: Iterable[Any]) -> list[Any]:
    """Those that are a round: a plan may have none yet."""
    return [row for row in rows if row.round_id is not None]


def info_of(row: Any, unit_name: str, forms: Mapping[str, Form]) -> RoundInfo:
    """What screens say of a round."""
    form = forms[row.form]
    return RoundInfo(
        round_id=row.round_id,
        unit_name=unit_name,
        fiscal_year=row.last_year,
        form=form,
        stage=form.stage(row.stage),
        dates=RoundDates(row.opens, row.due, row.closes, row.publishes),
        contact=row.contact,
        extension=row.extension,
        published=row.frozen_at is not None,
    )


def before_of(
    lineage: Iterable[Any], forms: Mapping[str, Form], year: int, stage_key: str
) -> dict[int, Before]:
    """What was answered last about each item before a stage of a fiscal year, by item id."""
    found: dict[int, Any] = {}
    for row in lineage:
        if (row.year, _place(row, forms)) < (year, _stage_place(forms[row.form], stage_key)):
            known = found.get(row.item_id)
            if known is None or (known.year, _place(known, forms)) <= (
                row.year,
                _place(row, forms),
            ):
                found[row.item_id] = row
    return {item: before(row, forms) for item, row in found.items()}


def before(row: Any, forms: Mapping[str, Form]) -> Before:
    """One row of a lineage as screens see it."""
    return Before(row.year, forms[row.form].stage(row.stage), row.answers)


def _place(row: Any, forms: Mapping[str, Form]) -> int:
    return _stage_place(forms[row.form], row.stage)


def _stage_place(form: Form, stage_key: str) -> int:
    """Where a stage stands in its form; beyond the last where the form has none of that key."""
    keys = [stage.key for stage in form.stages]
    return keys.index(stage_key) if stage_key in keys else len(keys)
