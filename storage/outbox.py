"""The outbox: letters written once under unique keys, claimed with a lease, and recorded."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, func, or_
from sqlmodel import col, delete, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.domain.letters import LetterState, doubt_since
from bot.domain.rounds import StepKind
from storage.letter_claims import POST, Claimed, claim, is_any_due
from storage.letter_conditions import given, in_state, is_alive
from storage.letter_ends import LetterEnd, ended, named_by_line, sent
from storage.models import ApiPause, Letter, LetterLine
from storage.reader import Reader
from storage.statements import insert_absent, insert_if_absent


@dataclass(frozen=True)
class Draft:
    """A letter to be written: its columns, and its lines (round id, step)."""

    values: Mapping[str, Any]
    lines: tuple[tuple[int, str], ...]

    def rows(self, letter_id: int) -> list[dict[str, Any]]:
        """Its lines as rows."""
        person = {"letter_id": letter_id, "person_id": self.values["person_id"]}
        return [{**person, "round_id": round_id, "step": step} for round_id, step in self.lines]


class Outbox:
    """Queries over letters. ``now`` is the machine's clock (UTC), ``day`` a Japanese date."""

    def __init__(self, session: Callable[[], AsyncSession], reader: Reader) -> None:
        """``session`` is only begun by what the reader does not do."""
        self._begin, self._reader = session, reader

    @property
    def _session(self) -> AsyncSession:
        return self._begin()

    async def write(self, values: dict[str, Any], lines: Sequence[tuple[int, str]]) -> bool:
        """Write a letter with its lines (round id, step) unless its key is taken.

        Returns whether this call wrote it. A letter none of whose lines is new is not kept; one
        that a person caused has no lines, only the key of that act.
        """
        if not await insert_if_absent(self._session, Letter, values):
            return False
        found = await self._session.exec(select(Letter).where(Letter.key == values["key"]))
        letter = found.one()
        new = [await self._write_line(letter, round_id, step) for round_id, step in lines]
        if any(new) or not lines:
            return True
        await self._session.delete(letter)
        await self._session.flush()
        return False

    async def write_all(self, letters: Sequence[Draft]) -> list[int]:
        """Write many letters as ``write`` does; the people of those that this call wrote.

        All of one day; what was never sent on earlier days is withdrawn.
        """
        drafts = {draft.values["key"]: draft for draft in letters}
        rows = [drafts[key].values for key in sorted(drafts)]
        keys = await insert_absent(self._session, Letter, rows, "key")
        found = select(Letter.key, Letter.id).where(col(Letter.key).in_(keys))
        ids = {key: letter_id or 0 for key, letter_id in await self._session.exec(found)}
        lines = [line for key in sorted(ids) for line in drafts[key].rows(ids[key])]
        told = await insert_absent(self._session, LetterLine, lines, "letter_id")
        empty = [ids[key] for key in ids if ids[key] not in told and drafts[key].lines]
        await self._session.exec(delete(Letter).where(col(Letter.id).in_(empty)))
        written = [drafts[key] for key in sorted(ids) if ids[key] not in empty]
        for kind in sorted({draft.values["kind"] for draft in written}):
            people = [d.values["person_id"] for d in written if d.values["kind"] == kind]
            for person_id in await self._have_older(people, kind, written[0].values["day"]):
                await self.withdraw_older(person_id, kind, written[0].values["day"])
        return [draft.values["person_id"] for draft in written]

    async def _have_older(self, person_ids: Sequence[int], kind: str, day: date) -> list[int]:
        """Whose earlier letter of a kind has never been sent."""
        query = select(Letter.person_id).where(
            col(Letter.person_id).in_(person_ids),
            Letter.kind == kind,
            col(Letter.day) < day,
            in_state(LetterState.PENDING),
        )
        return sorted(set(await self._session.exec(query)))

    async def withdraw_older(self, person_id: int, kind: str, day: date) -> None:
        """Withdraw what was never sent on earlier days: the letter of ``day`` says what is true.

        One that may have been sent is looked for first, also where a database was restored.

        Lines about rounds of which it says nothing join it, so that nothing stays unsaid.
        """
        theirs = select(Letter.id).where(Letter.person_id == person_id, Letter.kind == kind)
        waiting = theirs.where(col(Letter.day) < day, in_state(LetterState.PENDING))
        older = list(await self._session.exec(waiting.with_for_update(skip_locked=True)))
        newer = (await self._session.exec(theirs.where(Letter.day == day))).first()
        if not older or newer is None:
            return
        said = select(LetterLine.round_id).where(LetterLine.letter_id == newer)
        confirms = col(LetterLine.step).startswith(f"{StepKind.CONFIRM}:")
        # A request to confirm is another matter than the ladder of the same round.
        unsaid = or_(
            col(LetterLine.round_id).not_in(said),
            confirms & col(LetterLine.round_id).not_in(said.where(confirms)),
        )
        await self._session.exec(
            update(LetterLine)
            .where(col(LetterLine.letter_id).in_(older), unsaid)
            .values(letter_id=newer)
        )
        await self._session.exec(
            update(Letter)
            .where(col(Letter.id).in_(older))
            .values(state=LetterState.WITHDRAWN.value, next_try_at=None, reason="superseded")
        )

    async def doubt_waiting(self, now: datetime) -> int:
        """Look for every waiting letter before it is sent: a restored database may be behind.

        A letter's own day is the first on which it can have been sent.
        """
        waiting = list(await self._session.exec(select(Letter).where(is_alive())))
        for letter in waiting:
            letter.state, letter.reason = LetterState.UNKNOWN.value, doubt_since(letter.day)
            letter.next_try_at, letter.lease_until = now, None
            self._session.add(letter)
        await self._session.flush()
        return len(waiting)

    async def other_tokens(self, letter: Letter) -> set[str]:
        """The tokens of a person's other letters of the same kind: those are accounted for."""
        query = select(Letter.token).where(
            Letter.person_id == letter.person_id, Letter.kind == letter.kind, Letter.id != letter.id
        )
        return set(await self._session.exec(query))

    async def claim(self, *, now: datetime, day: date, limit: int) -> list[Claimed]:
        """Take up to ``limit`` letters dated up to ``day`` whose time has come.

        Each is SENDING from here, until its lease ends; letters of a workspace that rests are
        left alone, and of one person's only the oldest is taken, a second after the one before.
        What is to be looked for first comes first. Rivals skip what is held (SKIP LOCKED; on
        SQLite there is one writer).
        """
        return await claim(self._session, now=now, day=day, limit=limit)

    async def is_any_due(self, *, now: datetime, day: date) -> bool:
        """Whether there may be something to claim; a look that holds nothing."""
        return await is_any_due(self._reader, now=now, day=day)

    async def record(self, ends: Sequence[LetterEnd]) -> None:
        """Record how claimed letters ended, where they are still ours."""
        in_order = sorted(ends, key=lambda end: end.letter.id or 0)
        for statement, rows in (
            sent([end for end in in_order if end.posted]),
            ended([end for end in in_order if not end.posted]),
            named_by_line(in_order),
        ):
            if rows:
                await self._session.exec(statement, params=rows)
        unsaid = {end.letter.id or 0: end for end in ends if end.unsaid}
        if unsaid:
            await self._forget_unsaid(unsaid)

    async def _forget_unsaid(self, ends: Mapping[int, LetterEnd]) -> None:
        """Whoever has taken a letter since may be saying its lines: those stay."""
        query = select(Letter.id, Letter.attempts).where(col(Letter.id).in_(list(ends)))
        ours = {
            letter_id or 0
            for letter_id, attempts in await self._session.exec(query)
            if attempts == ends[letter_id or 0].letter.attempts
        }
        lines = [line_id for letter_id in sorted(ours) for line_id in ends[letter_id].unsaid]
        await self._session.exec(delete(LetterLine).where(col(LetterLine.id).in_(lines)))

    async def next_try(self, *, now: datetime, day: date) -> datetime | None:
        """When the next letter dated up to ``day`` can be tried; None when all have ended.

        A letter of a workspace that rests can't be tried before the rest is over.
        """
        moment = func.coalesce(col(Letter.next_try_at), col(Letter.lease_until))
        query = select(Letter.team_id, func.min(moment)).where(is_alive(), col(Letter.day) <= day)
        earliest = list(await self._session.exec(query.group_by(col(Letter.team_id))))
        rests = await self._rests(now)
        return min((max(first, rests.get(team, first)) for team, first in earliest), default=None)

    async def counts(self) -> dict[str, int]:
        """How many letters there are in each state."""
        query = select(Letter.state, func.count()).group_by(col(Letter.state))
        return dict(list(await self._session.exec(query)))

    async def waiting(self) -> tuple[int, date | None]:
        """How many letters are still to be sent, and the day of the oldest."""
        query = select(func.count(), func.min(Letter.day)).where(is_alive())
        number, oldest = (await self._session.exec(query)).one()
        return number, oldest

    async def deferred(self, *, day: date) -> list[int]:
        """The letters dated up to ``day`` that nobody is sending and that are still to be sent."""
        query = select(Letter.id).where(
            in_state(LetterState.PENDING), given(Letter.next_try_at), col(Letter.day) <= day
        )
        return [letter_id or 0 for letter_id in await self._session.exec(query)]

    async def get(self, letter_id: int) -> Letter | None:
        """The letter as it is stored now, held until the transaction ends."""
        return await self._session.get(
            Letter, letter_id, populate_existing=True, with_for_update=True
        )

    async def lines_of(self, letter_ids: Sequence[int]) -> dict[int, list[LetterLine]]:
        """The lines of many letters, by letter id, each in the order in which they were written."""
        found: dict[int, list[LetterLine]] = {letter_id: [] for letter_id in letter_ids}
        for line in await self._reader.rows(_LINES, {"letters": list(letter_ids)}):
            found[line.letter_id].append(line)
        return found

    async def lines(self, letter_id: int) -> list[LetterLine]:
        """A letter's lines in the order in which they were written."""
        query = select(LetterLine).where(LetterLine.letter_id == letter_id)
        return list(await self._session.exec(query.order_by(col(LetterLine.id))))

    async def add(self, letter: Letter) -> None:
        """Store a changed letter."""
        self._session.add(letter)
        await self._session.flush()

    async def _write_line(self, letter: Letter, round_id: int, step: str) -> bool:
        values = {
            "letter_id": letter.id,
            "person_id": letter.person_id,
            "round_id": round_id,
            "step": step,
        }
        return await insert_if_absent(self._session, LetterLine, values)

    async def _rests(self, now: datetime) -> dict[str, datetime]:
        query = select(ApiPause.team_id, ApiPause.until)
        resting = query.where(ApiPause.method == POST, col(ApiPause.until) > now)
        return dict(list(await self._session.exec(resting)))


_LINES: Any = (
    select(LetterLine)
    .where(col(LetterLine.letter_id).in_(bindparam("letters", expanding=True)))
    .order_by(col(LetterLine.id))
)
