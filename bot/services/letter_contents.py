"""What letters say, composed from what is stored now; None for one that has lost its reason."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import date, datetime

from bot.domain.absences import split_key
from bot.domain.errors import NotSaved
from bot.domain.form import Form
from bot.domain.letters import LetterKind, LetterState, doubted_since
from bot.domain.rounds import StepKind
from bot.services import (
    consultation_contents,
    digest_contents,
    escalation_contents,
    notice_contents,
    nudges,
    report_contents,
    review_contents,
)
from bot.services.composed import Composed, Content, ids_of
from bot.services.letter_batch import LetterBatch
from bot.services.letter_facts import asked_items, step_of
from bot.services.office import Office
from bot.services.round_state import RoundState
from bot.views import letters as views
from storage.models import Letter, LetterLine
from storage.unit_of_work import UnitOfWork

log = logging.getLogger(__name__)

_CAUSED = frozenset({LetterKind.SENT_BACK, LetterKind.CONSULTED, LetterKind.NUDGE})

_Composing = Callable[[UnitOfWork, Letter, RoundState, str], Awaitable[views.Letter | None]]


async def compose(office: Office, letters: Sequence[Letter], *, at: datetime) -> list[Composed]:
    """What each of these letters says at an instant, in their order.

    One that can't be composed is logged and marked as failed, and holds up no other.
    """
    try:
        async with office.database.read() as uow:
            return await Composer(uow, at=at, forms=office.forms).compose(letters)
    except NotSaved:  # the database is away, for all of them
        raise
    except Exception:
        if len(letters) == 1:
            extra = {"action": "letter.not-composed", "letter": letters[0].id}
            log.exception("A letter could not be composed.", extra=extra)
            return [Composed(None, office_open=True, failed=True)]
    return [composed for each in letters for composed in await compose(office, [each], at=at)]


class Composer:
    """Composes letters as of one instant; what they share is read once for a whole batch."""

    def __init__(self, uow: UnitOfWork, *, at: datetime, forms: Mapping[str, Form]) -> None:
        """``at`` decides the Japanese date; the unit of work must stay open meanwhile."""
        self._batch = LetterBatch(uow, at=at, forms=forms)

    async def compose(self, letters: Sequence[Letter]) -> list[Composed]:
        """What each of these letters says now, in their order."""
        lines = await self._batch.uow.outbox.lines_of([letter.id or 0 for letter in letters])
        await self._batch.read_rounds(letters, lines)
        return [await self._composed(letter, lines[letter.id or 0]) for letter in letters]

    async def _composed(self, letter: Letter, lines: list[LetterLine]) -> Composed:
        office_open = await self._office_is_open(letter, lines)
        if self._is_of_another_day(letter) or self._batch.has_left(letter):
            content, unsaid = None, tuple(line.id or 0 for line in lines)
        else:
            content, unsaid = await self._content(letter, lines), self._kept_back(letter, lines)
        return Composed(content, office_open, unsaid, self._step_days(letter, lines))

    def _step_days(self, letter: Letter, lines: Sequence[LetterLine]) -> dict[int, date]:
        if doubted_since(letter.reason) is None:
            return {}
        return {line.id or 0: self._batch.step_day(letter, line) for line in lines}

    def _is_of_another_day(self, letter: Letter) -> bool:
        """Whether a scheduled letter has outlived its day unsent: today's own says what is true.

        Sent beside it, it would be a second one on the same day.
        """
        is_scheduled = letter.kind not in _CAUSED
        is_sent = letter.state == LetterState.SENT.value
        return is_scheduled and not is_sent and letter.day < self._batch.today

    async def _content(self, letter: Letter, lines: list[LetterLine]) -> Content | None:
        match LetterKind(letter.kind):
            case LetterKind.NOTICE:
                return await notice_contents.notice(self._batch, letter, lines)
            case LetterKind.MANAGERS:
                return await escalation_contents.managers(self._batch, letter, lines)
            case LetterKind.WARD_HEAD:
                return await escalation_contents.ward_head(self._batch, letter, lines)
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
        states = (self._batch.state(line.round_id) for line in lines)
        if not lines:
            return any(each.open_now for each in await self._batch.transfers(letter))
        return any(state.calendar.in_sending_window(self._batch.at) for state in states)

    def _kept_back(self, letter: Letter, lines: Sequence[LetterLine]) -> tuple[int, ...]:
        """What is silenced for now only: by a pause, or by what the reader has asked for."""
        if letter.state == LetterState.SENT.value:
            return ()
        return tuple(
            line.id or 0
            for line in lines
            if (
                line.step.startswith(f"{StepKind.CONFIRM}:")
                and self._batch.is_silenced(letter, line)
            )
            or self._is_left_alone(letter, line)
        )

    def _is_left_alone(self, letter: Letter, line: LetterLine) -> bool:
        """Whether all that a line of a notice asks for may not be said to its reader yet."""
        facts = self._batch.facts(line.round_id)
        key, owner = split_key(line.step)
        owners = frozenset({owner or line.person_id})
        step = step_of(facts.ladder, key, letter.day)
        if letter.kind != LetterKind.NOTICE.value or step is None:
            return False
        asked = asked_items(facts.items_of(owners), step, self._batch.today)
        return bool(asked) and not any(facts.may_name(item, letter, owners) for item in asked)

    async def _caused(
        self, letter: Letter, lines: Sequence[LetterLine], composed: _Composing
    ) -> Content | None:
        """A letter that somebody caused: its one line names what they did."""
        for line in lines:
            state = self._batch.state(line.round_id)
            said = await composed(self._batch.uow, letter, state, line.step)
            if said is not None:
                return Content(said, ())
        return None

    async def _nudge(self, letter: Letter, lines: Sequence[LetterLine]) -> Content | None:
        for line in lines:
            state, standing = (
                self._batch.state(line.round_id),
                self._batch.facts(line.round_id).standing,
            )
            said = await nudges.content(self._batch.uow, letter, state, standing, line.step)
            if said is not None:
                return Content(said, ids_of(said.items))
        return None

    async def _to_confirm(self, letter: Letter, lines: Sequence[LetterLine]) -> Content | None:
        rounds = dict.fromkeys(line.round_id for line in self._batch.awake(letter, lines))
        states = [self._batch.state(round_id) for round_id in rounds]
        said = await review_contents.to_confirm(self._batch.uow, letter, states)
        return Content(said, ()) if said is not None else None

    async def _digest(self, letter: Letter, lines: Sequence[LetterLine]) -> Content | None:
        """Once it is sent it stays as it is: it says of which moment its numbers are."""
        if letter.state == LetterState.SENT.value:
            return None
        states = [self._batch.state(line.round_id) for line in self._batch.awake(letter, lines)]
        said = await digest_contents.digest(self._batch.uow, letter, states, at=self._batch.at)
        return Content(said, ()) if said is not None else None

    async def _coordinator(self, letter: Letter, lines: Sequence[LetterLine]) -> Content | None:
        sections = []
        for line in self._batch.awake(letter, lines):
            state = self._batch.state(line.round_id)
            standing = self._batch.facts(state.round.id).standing
            known = await self._batch.reach(state)
            section = await report_contents.section(self._batch.uow, state, known, standing)
            if section is not None:
                sections.append(section)
        if not sections:
            return None
        report = views.CoordinatorReport(letter.id or 0, self._batch.today, tuple(sections))
        return Content(report, ())
