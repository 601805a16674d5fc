"""What a notice to an owner or deputy says: a section for each round and step, and what is news."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from bot.domain.absences import split_key
from bot.domain.letters import LetterState
from bot.domain.rounds import Step, StepKind, asked_on, confirm_due
from bot.services import return_contents
from bot.services.composed import Content, ids_of
from bot.services.handover_news import Transfer
from bot.services.letter_batch import LetterBatch
from bot.services.letter_facts import Told, named_items, step_of
from bot.services.round_state import ItemRecord, RoundState
from bot.views import letters as views
from storage.models import Letter, LetterLine


async def notice(batch: LetterBatch, letter: Letter, lines: Sequence[LetterLine]) -> Content | None:
    """What its reader is asked for, round by round and step by step, below what is news."""
    sections = []
    news: list[views.News] = []
    told = _told_for(batch.awake(letter, lines))
    by_line: dict[int, tuple[int, ...]] = {}
    for (round_id, key, _), of in told.items():
        state = batch.state(round_id)
        if key.startswith(f"{StepKind.RETURN}:"):
            back = await return_contents.returned(batch.uow, state, key)
            news += [back] if back is not None else []
            continue
        section = await _section(batch, letter, state, key, of)
        if section is not None:
            sections.append(section)
            by_line |= dict.fromkeys(of.line_ids, ids_of(section.items))
    transfers = await batch.transfers(letter)
    if not sections and not news and not transfers:
        return None
    news += [_handed_over(each, sections) for each in transfers]
    notice = views.Notice(
        letter_id=letter.id or 0,
        today=batch.today,
        now=batch.at,
        sections=tuple(sections),
        total=sum(len(section.items) for section in sections),
        news=tuple(news),
    )
    named = [item.initiative_id for section in sections for item in section.items]
    named += [item for each in transfers for item in each.items]
    several = len(told) > len({round_id for round_id, _, _ in told})
    return Content(notice, tuple(dict.fromkeys(named)), by_line if several else {})


async def _section(
    batch: LetterBatch, letter: Letter, state: RoundState, key: str, told: Told
) -> views.NoticeSection | None:
    sent = letter.state == LetterState.SENT.value
    facts = batch.facts(state.round.id)
    step = step_of(facts.ladder, key, letter.day)
    if step is None and not sent:
        return None  # the due date has moved: its own steps say what is true
    step = step or Step(StepKind(key.partition(":")[0].partition("-")[0]), key, letter.day)
    items = named_items(letter, facts, step, state.today, told)
    if not items:
        return None
    until = _entry_until(state, step, items)
    if not sent and batch.today > until:
        return None  # nobody could follow it any more
    managed = await _managed_by(batch, state, items)
    return views.NoticeSection(
        round=facts.info,
        step=replace(step, tells_managers=False) if managed is None else step,
        items=tuple(item.status for item in items),
        days_left=facts.days_left,
        days_late=facts.days_late,
        entry_until=until,
        confirm_by=_confirm_by(state, step),
        managed_by=managed or (),
        as_deputy=letter.person_id not in told.owners,
    )


async def _managed_by(
    batch: LetterBatch, state: RoundState, items: Sequence[ItemRecord]
) -> tuple[str, ...] | None:
    """The sections whose managers are told of these items; None when nobody is."""
    grants = await batch.managers_in(state.unit_id)
    of_sections = {grant.section_id for grant in grants if grant.section_id}
    names = dict.fromkeys(
        name
        for item in items
        for own, name in zip(item.ownerships, item.status.sections, strict=False)
        if own.section_id in of_sections
    )
    return tuple(names) if grants else None


def _handed_over(transfer: Transfer, sections: Sequence[views.NoticeSection]) -> views.HandedOver:
    asked = {item.initiative_id for part in sections for item in part.open_items}
    return views.HandedOver(
        day=transfer.day,
        received=transfer.received,
        items=tuple(transfer.items.values()),
        asked=len(asked & transfer.items.keys()),
        contact=transfer.unit.contact,
        extension=transfer.unit.extension,
    )


def _told_for(lines: Iterable[LetterLine]) -> dict[tuple[int, str, bool], Told]:
    """The sections of a notice, by round, step and whether its reader is told it as a deputy."""
    sections: dict[tuple[int, str, bool], list[LetterLine]] = {}
    for line in lines:
        key, owner = split_key(line.step)
        sections.setdefault((line.round_id, key, owner is not None), []).append(line)
    return {section: _told(lines) for section, lines in sections.items()}


def _told(lines: Sequence[LetterLine]) -> Told:
    owners = frozenset(split_key(line.step)[1] or line.person_id for line in lines)
    known = [line.item_ids for line in lines if line.item_ids is not None]
    named = frozenset(each for ids in known for each in ids) if known else None
    return Told(owners, tuple(line.id or 0 for line in lines), named)


def _entry_until(state: RoundState, step: Step, items: Sequence[ItemRecord]) -> date:
    """Until when the section's items can be answered: some of them longer than the round."""
    if step.kind not in (StepKind.CONFIRM, StepKind.MEND, StepKind.TAKEN):
        return state.round.dates.closes
    return max(state.entry_until(item) for item in items)


def _confirm_by(state: RoundState, step: Step) -> date | None:
    if step.kind is not StepKind.CONFIRM:
        return None
    known = date.fromisoformat(step.key.partition(":")[2])
    return confirm_due(asked_on(known, state.paused_until, state.calendar), state.calendar)
