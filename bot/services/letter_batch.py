"""Letters that are composed together, and what they share: each round, its facts, who is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from bot.domain.absences import split_key
from bot.domain.calendar import japanese_date
from bot.domain.form import Form
from bot.domain.letters import LetterKind, LetterState
from bot.domain.people import Role
from bot.domain.reminders import counted_on, falls_in_pause
from bot.services.handover_news import News, Transfer, news_at, untold
from bot.services.letter_facts import Facts, day_of, facts_of
from bot.services.letter_rounds import read_together
from bot.services.reach import Reach, reach
from bot.services.round_state import RoundState
from bot.services.standing import standings_of
from storage.models import Letter, LetterLine, RoleGrant
from storage.unit_of_work import UnitOfWork

# Letters to owners: of a round they need no other items than their readers'.
_OF_THEIR_ITEMS = frozenset({LetterKind.NOTICE, LetterKind.SENT_BACK, LetterKind.CONSULTED})


class LetterBatch:
    """What is known as of one instant; whatever several letters need is read once."""

    def __init__(self, uow: UnitOfWork, *, at: datetime, forms: Mapping[str, Form]) -> None:
        """``at`` decides the Japanese date; the unit of work must stay open meanwhile."""
        self.uow = uow
        self.at = at
        self.today = japanese_date(at)
        self._forms = forms
        self._states: dict[int, RoundState] = {}
        self._facts: dict[int, Facts] = {}
        self._gone: frozenset[int] = frozenset()
        self._managers_of: dict[int, list[RoleGrant]] = {}
        self._reached: dict[int, Reach] = {}
        self._told: dict[int, dict[int, int]] = {}
        self._news: News | None = None

    async def read_rounds(
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
        self._gone = await self._letters_of_the_gone(letters)
        self._states = await read_together(self.uow, readers, today=self.today, forms=self._forms)
        standings = await standings_of(self.uow, self._states.values())
        self._facts = {key: facts_of(self._states[key], each) for key, each in standings.items()}

    async def _letters_of_the_gone(self, letters: Sequence[Letter]) -> frozenset[int]:
        unsent = [each for each in letters if each.state != LetterState.SENT.value]
        accounts = await self.uow.people.accounts({each.person_id for each in unsent})
        return frozenset(
            each.id or 0
            for each in unsent
            if each.kind != LetterKind.DIGEST.value  # it goes to a channel
            and (account := accounts.get(each.person_id)) is not None
            and (account.deactivated_at is not None or account.slack_user_id != each.slack_user_id)
        )

    def has_left(self, letter: Letter) -> bool:
        """Whether the account that an unsent letter is for is no longer its person's to read.

        Slack takes messages to a deactivated account without a word.
        """
        return letter.id in self._gone

    def state(self, round_id: int) -> RoundState:
        """A round that was read."""
        return self._states[round_id]

    def facts(self, round_id: int) -> Facts:
        """What the letters about it have in common."""
        return self._facts[round_id]

    def awake(self, letter: Letter, lines: Sequence[LetterLine]) -> list[LetterLine]:
        """The lines that are still to be said: what is not sent, a pause of the unit silences."""
        if letter.state == LetterState.SENT.value:
            return list(lines)
        return [line for line in lines if not self.is_silenced(letter, line)]

    def is_silenced(self, letter: Letter, line: LetterLine) -> bool:
        """Whether a pause of the unit keeps this line back."""
        key, _ = split_key(line.step)
        day = counted_on(key, self.step_day(letter, line), self.today)
        return falls_in_pause(day, self._states[line.round_id].paused_until)

    def step_day(self, letter: Letter, line: LetterLine) -> date:
        """A line may have come from an older letter: its own day counts, where it is known."""
        key, _ = split_key(line.step)
        return min(letter.day, day_of(self._facts[line.round_id].ladder, key))

    async def transfers(self, letter: Letter) -> list[Transfer]:
        """What a notice says of items that its reader took over or handed over."""
        if self._news is None:
            self._news = await news_at(self.uow, self.at)
        theirs = self._news.get(letter.person_id, ())
        if letter.state == LetterState.SENT.value:
            return [each for each in theirs if each.is_in(letter)]
        left = await untold(self.uow, {letter.person_id: theirs}, letter.day) if theirs else {}
        return left.get(letter.person_id, [])

    async def managers_in(self, unit_id: int) -> list[RoleGrant]:
        """Who is a manager in a unit today."""
        if unit_id not in self._managers_of:
            self._managers_of[unit_id] = await self.uow.people.grants_in_unit(
                unit_id, Role.MANAGER, self.today
            )
        return self._managers_of[unit_id]

    async def notices_sent(self, round_id: int) -> dict[int, int]:
        """How many notices each person has had in a round."""
        if round_id not in self._told:
            self._told[round_id] = await self.uow.correspondence.notices_sent(round_id)
        return self._told[round_id]

    async def reach(self, state: RoundState) -> Reach:
        """Who of a round can be told at all."""
        if state.round.id not in self._reached:
            self._reached[state.round.id] = await reach(self.uow, state)
        return self._reached[state.round.id]
