"""Home of who answers: their items in every open round, and what was answered about them before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.domain.people import Viewer
from bot.services import home_rounds, mine
from bot.services.office import Office
from bot.views.home_before import Before
from bot.views.home_owner import OwnerHome, PastHome, PastItem
from bot.views.mine import Mine
from storage.unit_of_work import UnitOfWork

_EVER = 0


async def owner_home(uow: UnitOfWork, office: Office, viewer: Viewer, *, contact: str) -> OwnerHome:
    """What the person is asked for, with last time's answers beside it."""
    sections = await mine.sections_of(uow, office, viewer)
    lineage = await uow.lineages.answers(viewer.answerable, _EVER)
    before: dict[int, Before] = {}
    for section in sections:
        found = home_rounds.before_of(
            lineage, office.forms, section.round.fiscal_year, section.round.stage.key
        )
        ours = {item.initiative_id for item in section.items}
        before |= {item: each for item, each in found.items() if item in ours}
    owned = len(viewer.answerable)
    asked = Mine(sections=sections, now=office.now(), owned=owned, contact=contact)
    return OwnerHome(asked, before, has_past=bool(lineage))


async def past_home(
    uow: UnitOfWork, office: Office, viewer: Viewer, unit_names: Mapping[int, str]
) -> PastHome:
    """Every answer about the person's items, the newest year first, in printed order."""
    holdings = await uow.overviews.holdings(viewer.answerable)
    lineage = await uow.lineages.answers(viewer.answerable, _EVER)
    items = {row.id: row for row in holdings}
    order = {item: place for place, item in enumerate(items)}
    answered: dict[tuple[int, int], list[Any]] = {}
    for row in lineage:
        if row.item_id in items:
            answered.setdefault((row.year, row.item_id), []).append(row)
    keys = sorted(answered, key=lambda key: (-key[0], order[key[1]]))
    return PastHome(
        tuple(
            _past(
                office,
                year,
                items[item],
                answered[year, item],
                viewer=viewer,
                unit_names=unit_names,
            )
            for year, item in keys
        )
    )


def _past(
    office: Office,
    year: int,
    item: Any,
    rows: Sequence[Any],
    *,
    viewer: Viewer,
    unit_names: Mapping[int, str],
) -> PastItem:
    readable = (row.initiative_id for row in rows if row.initiative_id in viewer.answerable)
    return PastItem(
        year=year,
        unit_name=unit_names.get(item.unit_id, ""),
        code=office.forms[rows[0].form].shown_code(item.code),
        title=item.title,
        answers=tuple(home_rounds.before(row, office.forms) for row in rows),
        readable_id=next(readable, 0),
        continued_by=0 if item.id in {row.initiative_id for row in rows} else item.id,
    )
