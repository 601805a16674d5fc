"""What a letter says, composed from what is stored now; None when it has lost its reason."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from bot.domain.absences import split_key
from bot.domain.calendar import japanese_date
from bot.domain.form import Form
from bot.domain.letters import LetterKind, LetterState, doubted_since
from bot.domain.people import Role
from bot.domain.reminders import counted_on, falls_in_pause
from bot.domain.rounds import (
    Step,
    StepKind,
    asked_on,
    confirm_due,
    mend_key,
    owner_steps,
    planned_step,
)
from bot.domain.status import ItemStatus, unfavourable
from bot.services import (
    consultation_contents,
    digest_contents,
    nudges,
    report_contents,
    return_contents,
    review_contents,
    reviews,
)
from bot.services.escalation import without_led
from bot.services.handover_news import News, Transfer, news_at, untold
from bot.services.letter_rounds import read_together
from bot.services.reach import Reach, reach
from bot.services.round_state import ItemRecord, RoundState
from bot.services.standing import Standing, standings_of
from bot.views import letters as views
from bot.views.round_info import RoundInfo
from storage.models import Letter, LetterLine, RoleGrant
from storage.unit_of_work import UnitOfWork

# Letters to owners: of a round they need no other items than their readers'.
_OF_THEIR_ITEMS = frozenset({LetterKind.NOTICE, LetterKind.SENT_BACK, LetterKind.CONSULTED})

_CAUSED = frozenset({LetterKind.SENT_BACK, LetterKind.CONSULTED, LetterKind.NUDGE})

# Steps whose key names their day.
_DATED = (
    StepKind.CONFIRM,
    StepKind.MANAGERS,
    StepKind.WARD_HEAD,
    StepKind.MEND,
    StepKind.PLANNED,
    StepKind.HANDOVER,
)

_Composing = Callable[[UnitOfWork, Letter, RoundState, str], Awaitable[views.Letter | None]]


@dataclass(frozen=True)
class Content:
    """A composed letter and the ids of the initiatives it names."""

    letter: views.Letter
    item_ids: tuple[int, ...]


@dataclass(frozen=True)
class Composed:
    """``content`` is None where nobody needs to be told any more; ``office_open``: may be sent.

    ``unsaid``: lines that are to be planned anew: a pause keeps them back until it is over, or the
    letter was not sent on its own day. ``step_days``: since when each line was to be said, by its
    id; only of a letter that may have been sent before a restore, as another one.
    """

    content: Content | None
    office_open: bool
    unsaid: tuple[int, ...] = ()
    step_days: Mapping[int, date] = field(default_factory=dict)

    def begun_after(self, day: date) -> tuple[int, ...]:
        """The lines that no letter of that day can have said."""
        return tuple(line_id for line_id, since in self.step_days.items() if since > day)


class Composer:
    """Composes letters as of one instant; what they share is read once for a whole batch."""

    def __init__(self, uow: UnitOfWork, *, at: datetime, forms: Mapping[str, Form]) -> None:
        """``at`` decides the Japanese date; the unit of work must stay open meanwhile."""
        self._uow = uow
        self._at = at
        self._today = japanese_date(at)
        self._forms = forms
        self._states: dict[int, RoundState] = {}
        self._facts: dict[int, _Facts] = {}
        self._managers_of: dict[int, list[RoleGrant]] = {}
        self._reached: dict[int, Reach] = {}
        self._told: dict[int, dict[int, int]] = {}
        self._news: News | None = None

    async def compose(self, letters: Sequence[Letter]) -> list[Composed]:
        """What each of these letters says now, in their order."""
        lines = await self._uow.outbox.lines_of([letter.id or 0 for letter in letters])
        await self._read_rounds(letters, lines)
        return [await self._composed(letter, lines[letter.id or 0]) for letter in letters]

    async def _composed(self, letter: Letter, lines: list[LetterLine]) -> Composed:
        office_open = await self._office_is_open(letter, lines)
        if self._is_of_another_day(letter):
            content, unsaid = None, tuple(line.id or 0 for line in lines)
        else:
            content, unsaid = await self._content(letter, lines), self._kept_back(letter, lines)
        return Composed(content, office_open, unsaid, self._step_days(letter, lines))

    def _step_days(self, letter: Letter, lines: Sequence[LetterLine]) -> dict[int, date]:
        if doubted_since(letter.reason) is None:
            return {}
        return {line.id or 0: self._step_day(letter, line) for line in lines}

    def _step_day(self, letter: Letter, line: LetterLine) -> date:
        """A line may have come from an older letter: its own day counts, where it is known."""
        key, _ = split_key(line.step)
        return min(letter.day, _day_of(self._facts[line.round_id].ladder, key))

    def _is_of_another_day(self, letter: Letter) -> bool:
        """Whether a scheduled letter has outlived its day unsent: today's own says what is true.

        Sent beside it, it would be a second one on the same day.
        """
        is_scheduled = letter.kind not in _CAUSED
        is_sent = letter.state == LetterState.SENT.value
        return is_scheduled and not is_sent and letter.day < self._today

    async def _content(self, letter: Letter, lines: list[LetterLine]) -> Content | None:
        match LetterKind(letter.kind):
            case LetterKind.NOTICE:
                return await self._notice(letter, lines)
            case LetterKind.MANAGERS:
                return await self._managers(letter, lines)
            case LetterKind.WARD_HEAD:
                return await self._ward_head(letter, lines)
            case LetterKind.COORDINATOR:
                return await self._coordinator(letter, lines)
            case LetterKind.SENT_BACK:
                return await self._caused(letter, lines, review_contents.sent_back)
            case LetterKind.CONSULTED:
                return await self._caused(letter, lines, consultation_contents.consulted)
            case LetterKind.NUDGE:
                return await self._nudge(letter, lines)
            case LetterKind.TO_CONFIRM:
                return await self._to_confirm(letter, lines)
            case LetterKind.DIGEST:
                return await self._digest(letter, lines)

    async def _office_is_open(self, letter: Letter, lines: Sequence[LetterLine]) -> bool:
        """Whether any unit that the letter is about is within its sending hours."""
        states = (self._states[line.round_id] for line in lines)
        if not lines:
            return any(each.open_now for each in await self._transfers(letter))
        return any(state.calendar.in_sending_window(self._at) for state in states)

    async def _read_rounds(
        self, letters: Sequence[Letter], lines: Mapping[int, Sequence[LetterLine]]
    ) -> None:
        """Each round once: whole where a letter counts its items, else those of its readers."""
        kinds = {letter.id or 0: letter.kind for letter in letters}
        readers: dict[int, set[int] | None] = {}
        for line in (line for each in lines.values() for line in each):
            if kinds[line.letter_id] not in _OF_THEIR_ITEMS:
                readers[line.round_id] = None
            elif (found := readers.setdefault(line.round_id, set())) is not None:
                found.add(split_key(line.step)[1] or line.person_id)
        self._states = await read_together(self._uow, readers, today=self._today, forms=self._forms)
        standings = await standings_of(self._uow, self._states.values())
        self._facts = {key: _facts_of(self._states[key], each) for key, each in standings.items()}

    def _awake(self, letter: Letter, lines: Sequence[LetterLine]) -> list[LetterLine]:
        """The lines that are still to be said: what is not sent, a pause of the unit silences."""
        if letter.state == LetterState.SENT.value:
            return list(lines)
        return [line for line in lines if not self._is_silenced(letter, line)]

    def _is_silenced(self, letter: Letter, line: LetterLine) -> bool:
        key, _ = split_key(line.step)
        day = counted_on(key, self._step_day(letter, line), self._today)
        return falls_in_pause(day, self._states[line.round_id].paused_until)

    def _kept_back(self, letter: Letter, lines: Sequence[LetterLine]) -> tuple[int, ...]:
        """What is silenced for now only: by a pause, or by what the reader has asked for."""
        if letter.state == LetterState.SENT.value:
            return ()
        return tuple(
            line.id or 0
            for line in lines
            if (line.step.startswith(f"{StepKind.CONFIRM}:") and self._is_silenced(letter, line))
            or self._is_left_alone(letter, line)
        )

    def _is_left_alone(self, letter: Letter, line: LetterLine) -> bool:
        """Whether all that a line of a notice asks for may not be said to its reader yet."""
        facts = self._facts[line.round_id]
        key, owner = split_key(line.step)
        owners = frozenset({owner or line.person_id})
        step = _step(facts.ladder, key, letter.day)
        if letter.kind != LetterKind.NOTICE.value or step is None:
            return False
        asked = _asked_items(facts.items_of(owners), step, self._today)
        return bool(asked) and not any(facts.may_name(item, letter, owners) for item in asked)

    async def _notice(self, letter: Letter, lines: Sequence[LetterLine]) -> Content | None:
        sections = []
        news: list[views.News] = []
        for (round_id, key, _), owners in _told_for(self._awake(letter, lines)).items():
            state = self._states[round_id]
            if key.startswith(f"{StepKind.RETURN}:"):
                back = await return_contents.returned(self._uow, state, key)
                news += [back] if back is not None else []
                continue
            section = await self._notice_section(letter, state, key, owners)
            if section is not None:
                sections.append(section)
        transfers = await self._transfers(letter)
        if not sections and not news and not transfers:
            return None
        news += [_handed_over(each, sections) for each in transfers]
        notice = views.Notice(
            letter_id=letter.id or 0,
            today=self._today,
            now=self._at,
            sections=tuple(sections),
            total=sum(len(section.items) for section in sections),
            news=tuple(news),
        )
        named = [item.initiative_id for section in sections for item in section.items]
        named += [item for each in transfers for item in each.items]
        return Content(notice, tuple(dict.fromkeys(named)))

    async def _transfers(self, letter: Letter) -> list[Transfer]:
        """What a notice says of items that its reader took over or handed over."""
        if self._news is None:
            self._news = await news_at(self._uow, self._at)
        theirs = self._news.get(letter.person_id, ())
        if letter.state == LetterState.SENT.value:
            return [each for each in theirs if each.is_in(letter)]
        left = await untold(self._uow, {letter.person_id: theirs}, letter.day) if theirs else {}
        return left.get(letter.person_id, [])

    async def _notice_section(
        self, letter: Letter, state: RoundState, key: str, owners: frozenset[int]
    ) -> views.NoticeSection | None:
        sent = letter.state == LetterState.SENT.value
        facts = self._facts[state.round.id]
        step = _step(facts.ladder, key, letter.day)
        if step is None and not sent:
            return None  # the due date has moved: its own steps say what is true
        step = step or Step(StepKind(key.partition(":")[0].partition("-")[0]), key, letter.day)
        items = _named_items(letter, facts, step, state.today, owners)
        if not items:
            return None
        until = _entry_until(state, step, items)
        if not sent and self._today > until:
            return None  # nobody could follow it any more
        managed = await self._managed_by(state, items)
        return views.NoticeSection(
            round=facts.info,
            step=replace(step, tells_managers=False) if managed is None else step,
            items=tuple(item.status for item in items),
            days_left=facts.days_left,
            days_late=facts.days_late,
            entry_until=until,
            confirm_by=_confirm_by(state, step),
            managed_by=managed or (),
            as_deputy=letter.person_id not in owners,
        )

    async def _managed_by(
        self, state: RoundState, items: Sequence[ItemRecord]
    ) -> tuple[str, ...] | None:
        """The sections whose managers are told of these items; None when nobody is."""
        grants = await self._managers_in(state.unit_id)
        of_sections = {grant.section_id for grant in grants if grant.section_id}
        names = dict.fromkeys(
            name
            for item in items
            for own, name in zip(item.ownerships, item.status.sections, strict=False)
            if own.section_id in of_sections
        )
        return tuple(names) if grants else None

    async def _managers_in(self, unit_id: int) -> list[RoleGrant]:
        if unit_id not in self._managers_of:
            self._managers_of[unit_id] = await self._uow.people.grants_in_unit(
                unit_id, Role.MANAGER, self._today
            )
        return self._managers_of[unit_id]

    async def _managers(self, letter: Letter, lines: Sequence[LetterLine]) -> Content | None:
        sections: list[views.ManagersSection] = []
        for line in self._awake(letter, lines):
            sections += await self._managers_sections(letter, self._states[line.round_id])
        if not sections:
            return None
        list_ = views.ManagersList(letter.id or 0, self._today, tuple(sections))
        return Content(list_, _ids(item for section in sections for item in section.items))

    async def _managers_sections(
        self, letter: Letter, state: RoundState
    ) -> list[views.ManagersSection]:
        people = self._uow.people
        grants = await people.grants(letter.person_id, self._today)
        mine = [g for g in grants if g.unit_id == state.unit_id and g.role == Role.MANAGER]
        coordinates = any(g.unit_id == state.unit_id and g.role == Role.COORDINATOR for g in grants)
        whole = any(grant.section_id is None for grant in mine)
        scopes = [None] if whole else [grant.section_id for grant in mine]
        names = await people.sections([each for each in scopes if each])
        sent = await self._notices_sent(state.round.id)
        sections = []
        for scope in scopes:
            items = [item for item in _outstanding(state, scope) if not item.is_unattended]
            if scope is None:
                items = without_led(state, items, await reviews.chiefs_in(self._uow, state))
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

    async def _notices_sent(self, round_id: int) -> dict[int, int]:
        if round_id not in self._told:
            self._told[round_id] = await self._uow.outbox.notices_sent(round_id)
        return self._told[round_id]

    async def _ward_head(self, letter: Letter, lines: Sequence[LetterLine]) -> Content | None:
        states = [self._states[line.round_id] for line in self._awake(letter, lines)]
        if letter.state != LetterState.SENT.value:
            states = [state for state in states if _outstanding(state, None)]
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
        return Content(views.WardHeadSummary(letter.id or 0, self._today, sections), ())

    async def _caused(
        self, letter: Letter, lines: Sequence[LetterLine], composed: _Composing
    ) -> Content | None:
        """A letter that somebody caused: its one line names what they did."""
        for line in lines:
            state = self._states[line.round_id]
            said = await composed(self._uow, letter, state, line.step)
            if said is not None:
                return Content(said, ())
        return None

    async def _nudge(self, letter: Letter, lines: Sequence[LetterLine]) -> Content | None:
        for line in lines:
            state, standing = self._states[line.round_id], self._facts[line.round_id].standing
            said = await nudges.content(self._uow, letter, state, standing, line.step)
            if said is not None:
                return Content(said, _ids(said.items))
        return None

    async def _to_confirm(self, letter: Letter, lines: Sequence[LetterLine]) -> Content | None:
        rounds = dict.fromkeys(line.round_id for line in self._awake(letter, lines))
        states = [self._states[round_id] for round_id in rounds]
        said = await review_contents.to_confirm(self._uow, letter, states)
        return Content(said, ()) if said is not None else None

    async def _digest(self, letter: Letter, lines: Sequence[LetterLine]) -> Content | None:
        """Once it is sent it stays as it is: it says of which moment its numbers are."""
        if letter.state == LetterState.SENT.value:
            return None
        states = [self._states[line.round_id] for line in self._awake(letter, lines)]
        said = await digest_contents.digest(self._uow, letter, states, at=self._at)
        return Content(said, ()) if said is not None else None

    async def _coordinator(self, letter: Letter, lines: Sequence[LetterLine]) -> Content | None:
        sections = []
        for line in self._awake(letter, lines):
            state = self._states[line.round_id]
            standing = self._facts[state.round.id].standing
            known = await self._reach(state)
            section = await report_contents.section(self._uow, state, known, standing)
            if section is not None:
                sections.append(section)
        if not sections:
            return None
        report = views.CoordinatorReport(letter.id or 0, self._today, tuple(sections))
        return Content(report, ())

    async def _reach(self, state: RoundState) -> Reach:
        if state.round.id not in self._reached:
            self._reached[state.round.id] = await reach(self._uow, state)
        return self._reached[state.round.id]


@dataclass(frozen=True)
class _Facts:
    """What the letters about a round have in common, worked out once: most of it counts days."""

    ladder: Mapping[str, Step]
    held: Mapping[int, Sequence[ItemRecord]]  # by person
    standing: Standing
    info: RoundInfo
    days_left: int
    days_late: int

    def items_of(self, owners: frozenset[int]) -> list[ItemRecord]:
        """What any of these people own, each item once."""
        found = {item.id: item for owner in sorted(owners) for item in self.held.get(owner, ())}
        return list(found.values())

    def may_name(self, item: ItemRecord, letter: Letter, owners: frozenset[int]) -> bool:
        """Whether the letter's reader may hear of an item today, as its owner or in place of one
        of these owners.
        """
        reader, there = letter.person_id, item.attendance
        stands = reader in there.present & owners or any(
            (reader, owner) in there.stand_ins for owner in owners
        )
        return stands and reader in self.standing.told(item.id)


def _facts_of(state: RoundState, standing: Standing) -> _Facts:
    held: dict[int, list[ItemRecord]] = {}
    for item in state.items:
        for person in item.owner_ids:
            held.setdefault(person, []).append(item)
    ladder = {step.key: step for step in owner_steps(state.round, state.calendar)}
    return _Facts(ladder, held, standing, state.info, state.days_left, state.days_late)


def _step(ladder: Mapping[str, Step], key: str, day: date) -> Step | None:
    for kind in (StepKind.CONFIRM, StepKind.MEND):
        if key.startswith(f"{kind}:"):
            return Step(kind, key, day)
    if key.startswith(f"{StepKind.HANDOVER}:"):
        return Step(StepKind.HANDOVER, key, day)
    if key.startswith(f"{StepKind.PLANNED}:"):
        return planned_step(date.fromisoformat(key.partition(":")[2]))
    return ladder.get(key)


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


def _told_for(lines: Iterable[LetterLine]) -> dict[tuple[int, str, bool], frozenset[int]]:
    """The sections of a notice, by round, step and whether its reader is told it as a deputy, and
    the owners whose items each names.
    """
    sections: dict[tuple[int, str, bool], frozenset[int]] = {}
    for line in lines:
        key, owner = split_key(line.step)
        section = (line.round_id, key, owner is not None)
        sections[section] = sections.get(section, frozenset()) | {owner or line.person_id}
    return sections


def _day_of(ladder: Mapping[str, Step], key: str) -> date:
    """The day of a line's step; far ahead for one that the round has no longer."""
    kind, _, day = key.partition(":")
    if kind in _DATED:
        return date.fromisoformat(day)
    if kind == StepKind.COORDINATOR:
        return date.max  # named after what it reports; the letter's own day counts
    step = _step(ladder, key, date.max)
    return step.day if step else date.max


def _named_items(
    letter: Letter, facts: _Facts, step: Step, today: date, owners: frozenset[int]
) -> list[ItemRecord]:
    """What the letter asks for; once sent, the items it named, answered or not.

    Where a letter was found by its key after it had lost its reason, any of them may stand in it.
    What its reader has asked the coordinator about is left out, and everything until their own day.
    """
    mine = facts.items_of(owners)
    if letter.state == LetterState.SENT.value:
        return [item for item in mine if item.id in letter.item_ids or not letter.item_ids]
    asked = _asked_items(mine, step, today)
    return [item for item in asked if facts.may_name(item, letter, owners)]


def _asked_items(mine: Sequence[ItemRecord], step: Step, today: date) -> list[ItemRecord]:
    if step.kind is StepKind.CONFIRM:
        return [item for item in mine if item.asked_again is not None and item.asked_again <= today]
    if step.kind is StepKind.MEND:
        return [item for item in mine if mend_key(item.status.mend_by) == step.key]
    if step.kind is StepKind.HANDOVER:
        since = date.fromisoformat(step.key.partition(":")[2])
        mine = [item for item in mine if any(o.valid_from == since for o in item.ownerships)]
    return [item for item in mine if item.status.is_asked(today)]


def _entry_until(state: RoundState, step: Step, items: Sequence[ItemRecord]) -> date:
    """Until when the section's items can be answered: some of them longer than the round."""
    if step.kind not in (StepKind.CONFIRM, StepKind.MEND):
        return state.round.dates.closes
    return max(state.entry_until(item) for item in items)


def _confirm_by(state: RoundState, step: Step) -> date | None:
    if step.kind is not StepKind.CONFIRM:
        return None
    known = date.fromisoformat(step.key.partition(":")[2])
    return confirm_due(asked_on(known, state.paused_until, state.calendar), state.calendar)


def _outstanding(state: RoundState, section_id: int | None) -> list[ItemRecord]:
    return [
        item
        for item in state.items
        if item.status.is_asked(state.today)
        and (section_id is None or section_id in item.access(state.unit_id).section_ids)
    ]


def _most_told(sent: Mapping[int, int], items: Sequence[ItemRecord]) -> int:
    return max((sent.get(person, 0) for item in items for person in item.owner_ids), default=0)


def _ids(items: Iterable[ItemStatus]) -> tuple[int, ...]:
    return tuple(item.initiative_id for item in items)
