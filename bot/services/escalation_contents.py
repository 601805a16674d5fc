"""What managers and the ward head are told of what is late."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.domain.letters import LetterState
from bot.domain.people import Role
from bot.domain.status import unfavourable
from bot.services import reviews
from bot.services.composed import Content, ids_of
from bot.services.escalation import without_led
from bot.services.letter_batch import LetterBatch
from bot.services.letter_facts import outstanding
from bot.services.round_state import ItemRecord, RoundState
from bot.views import letters as views
from storage.models import Letter, LetterLine


async def managers(
    batch: LetterBatch, letter: Letter, lines: Sequence[LetterLine]
) -> Content | None:
    """The list of what is late in the sections that its reader manages."""
    sections: list[views.ManagersSection] = []
    for line in batch.awake(letter, lines):
        sections += await _managers_sections(batch, letter, batch.state(line.round_id))
    if not sections:
        return None
    list_ = views.ManagersList(letter.id or 0, batch.today, tuple(sections))
    return Content(list_, ids_of(item for section in sections for item in section.items))


async def _managers_sections(
    batch: LetterBatch, letter: Letter, state: RoundState
) -> list[views.ManagersSection]:
    people = batch.uow.people
    grants = await people.grants(letter.person_id, batch.today)
    mine = [g for g in grants if g.unit_id == state.unit_id and g.role == Role.MANAGER]
    coordinates = any(g.unit_id == state.unit_id and g.role == Role.COORDINATOR for g in grants)
    whole = any(grant.section_id is None for grant in mine)
    scopes = [None] if whole else [grant.section_id for grant in mine]
    names = await people.sections([each for each in scopes if each])
    sent = await batch.notices_sent(state.round.id)
    sections = []
    for scope in scopes:
        items = [item for item in outstanding(state, scope) if not item.is_unattended]
        if scope is None:
            items = without_led(state, items, await reviews.chiefs_in(batch.uow, state))
        if items:
            sections.append(
                views.ManagersSection(
                    round=state.info,
                    scope=names.get(scope, "") if scope else state.unit.name,
                    days_late=state.days_late,
                    notices_sent=_most_told(sent, items),
                    items=tuple(item.status for item in items),
                    reader_coordinates=coordinates,
                )
            )
    return sections


async def ward_head(
    batch: LetterBatch, letter: Letter, lines: Sequence[LetterLine]
) -> Content | None:
    """The ward in numbers."""
    states = [batch.state(line.round_id) for line in batch.awake(letter, lines)]
    if letter.state != LetterState.SENT.value:
        states = [state for state in states if outstanding(state, None)]
    sections = tuple(
        views.WardHeadSection(
            round=state.info,
            counts=state.counts(),
            unfavourable=len(unfavourable(state.statuses, state.form, state.round.stage.key)),
        )
        for state in states
    )
    if not sections:
        return None
    return Content(views.WardHeadSummary(letter.id or 0, batch.today, sections), ())


def _most_told(sent: Mapping[int, int], items: Sequence[ItemRecord]) -> int:
    return max((sent.get(person, 0) for item in items for person in item.owner_ids), default=0)
