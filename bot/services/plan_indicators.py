"""アウトカム指標 in: those that a document has below each initiative become those that are stored.

An indicator is the same one when it bears the same name, or else stands in the same place under a
name that is like it: the name was corrected. What has been answered about it stays with it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from bot.domain.form import Form, Scope
from bot.domain.plans import SheetIndicator
from storage.models import IndicatorRow, Initiative
from storage.unit_of_work import UnitOfWork

# While places are being changed around no two may be the same (the table says so).
_OUT_OF_THE_WAY = 10_000
# Of two names, how much must be the same for one to be a correction of the other.
_ALIKE = 0.6


@dataclass(frozen=True)
class Indicators:
    """The stored indicators: ``ids`` by item, in the document's order; codes that have changed."""

    ids: Mapping[int, Sequence[int]] = field(default_factory=dict)
    changed: Sequence[str] = ()
    warnings: Sequence[str] = ()


async def save(
    uow: UnitOfWork, form: Form, printed: Sequence[tuple[Initiative, Sequence[SheetIndicator]]]
) -> Indicators:
    """Store the indicators of a document's items; an item without any keeps those it has."""
    if Scope.INDICATOR not in form.scopes:
        return Indicators()
    items = [item.id or 0 for item, _ in printed]
    stored = await uow.plans.indicators(items)
    answered = await _answered(uow, items)
    ids: dict[int, Sequence[int]] = {}
    changed: list[str] = []
    warnings: list[str] = []
    for item, indicators in printed:
        own = [row for row in stored if row.initiative_id == item.id]
        before = [(row.name, row.target) for row in own]
        rows = _matched(own, indicators) if indicators else own
        left = [row for row in own if row not in rows]
        kept = [row for row in left if row.id in answered]
        warnings += [_kept_words(form, item, row) for row in kept]
        if indicators:
            for row in left:
                if row not in kept:
                    await uow.plans.remove_indicator(row)
            await _arrange(uow, item, rows, indicators, kept)
        ids[item.id or 0] = [row.id or 0 for row in rows]
        if before != [(row.name, row.target) for row in (*rows, *kept)]:
            changed.append(item.code)
    return Indicators(ids, changed, warnings)


def _matched(
    own: Sequence[IndicatorRow], indicators: Sequence[SheetIndicator]
) -> list[IndicatorRow]:
    """A row for each printed indicator: the stored one, or a new one that is not stored yet."""
    names = {each.name for each in indicators}
    by_name = {row.name: row for row in own}
    by_place = {row.position: row for row in own if row.name not in names}
    found: list[IndicatorRow] = []
    for place, each in enumerate(indicators, start=1):
        there = by_place.get(place)
        corrected = there if there and _are_alike(there.name, each.name) else None
        new = IndicatorRow(initiative_id=0, position=0, name="")
        found.append(by_name.get(each.name) or corrected or new)
    return found


def _are_alike(one: str, other: str) -> bool:
    return SequenceMatcher(None, one, other).ratio() >= _ALIKE


async def _arrange(
    uow: UnitOfWork,
    item: Initiative,
    rows: Sequence[IndicatorRow],
    indicators: Sequence[SheetIndicator],
    kept: Sequence[IndicatorRow],
) -> None:
    """Name, target and place as printed; those that are only kept stand behind."""
    for place, row in enumerate((*rows, *kept), start=1):
        if row.id is not None and row.position != place:
            row.position = place + _OUT_OF_THE_WAY
            await uow.plans.add(row)
    for place, (row, printed) in enumerate(zip(rows, indicators, strict=True), start=1):
        row.initiative_id, row.position = item.id or 0, place
        row.name, row.target = printed.name, printed.target
        await uow.plans.add(row)
    for place, row in enumerate(kept, start=len(rows) + 1):
        row.position = place
        await uow.plans.add(row)


async def _answered(uow: UnitOfWork, items: Collection[int]) -> set[int]:
    """The indicators about which something has been answered, at any stage."""
    keys = (key for row in await uow.check_ins.of_initiatives(items) for key in row.answers)
    about = (key.partition("@")[2] for key in keys)
    return {int(text) for text in about if text.isdigit()}


def _kept_words(form: Form, item: Initiative, row: IndicatorRow) -> str:
    return (
        f"{form.item_name(item.code)}の{form.indicator}「{row.name}」は、このファイルにありません。"
        "回答があるため、登録されている内容をそのまま残します。"
    )
