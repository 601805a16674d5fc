"""How long a unit keeps what was answered, and taking away all that a plan has left behind."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, CursorResult
from sqlmodel import col, delete, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.models import (
    CheckIn,
    Consultation,
    Decision,
    Disposal,
    DraftRow,
    ImportBatch,
    IndicatorRow,
    Initiative,
    Letter,
    LetterLine,
    Nudge,
    Ownership,
    PaperMark,
    Plan,
    PlannedDate,
    Publication,
    Retention,
    ReviewRound,
    Revision,
    Table,
)


class Retentions:
    """Queries over rules of retention and records of disposal."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def of(self, unit_id: int) -> Retention | None:
        """A unit's own rule; None where it has set none."""
        query = select(Retention).where(Retention.unit_id == unit_id)
        return (await self._session.exec(query)).first()

    async def all(self) -> dict[int, Retention]:
        """Every rule, by unit id."""
        return {row.unit_id: row for row in await self._session.exec(select(Retention))}

    async def disposals(self, unit_id: int) -> list[Disposal]:
        """What a unit has disposed of, oldest first."""
        query = select(Disposal).where(Disposal.unit_id == unit_id).order_by(col(Disposal.id))
        return list(await self._session.exec(query))

    async def add(self, row: Retention | Disposal) -> None:
        """Store a new or changed row; its id is set."""
        self._session.add(row)
        await self._session.flush()

    async def hold(self, plan_id: int) -> Plan | None:
        """The plan, held against rivals until the transaction ends; None when it is gone."""
        return await self._session.get(Plan, plan_id, populate_existing=True, with_for_update=True)

    async def dispose(self, plan_id: int) -> dict[str, int]:
        """Take away a plan with everything that belongs to it; how much there was, by table.

        The text of a letter that spoke of other plans too goes; that it was sent stays.
        """
        items: Any = select(Initiative.id).where(Initiative.plan_id == plan_id)
        rounds: Any = select(ReviewRound.id).where(ReviewRound.plan_id == plan_id)
        answers: Any = select(CheckIn.id).where(CheckIn.plan_id == plan_id)
        letters = await self._letters(rounds)
        parts: Sequence[tuple[Any, ColumnElement[bool]]] = (
            (Decision, col(Decision.check_in_id).in_(answers)),
            (PaperMark, col(PaperMark.check_in_id).in_(answers)),
            (Revision, col(Revision.check_in_id).in_(answers)),
            (CheckIn, col(CheckIn.plan_id) == plan_id),
            (DraftRow, col(DraftRow.round_id).in_(rounds)),
            (Consultation, col(Consultation.round_id).in_(rounds)),
            (PlannedDate, col(PlannedDate.round_id).in_(rounds)),
            (Nudge, col(Nudge.round_id).in_(rounds)),
            (Publication, col(Publication.round_id).in_(rounds)),
            (LetterLine, col(LetterLine.round_id).in_(rounds)),
            (Ownership, col(Ownership.initiative_id).in_(items)),
            (IndicatorRow, col(IndicatorRow.initiative_id).in_(items)),
            (_LINK, _LINK.c.initiative_id.in_(items) | _LINK.c.follows_id.in_(items)),
            (Initiative, col(Initiative.plan_id) == plan_id),
            (ReviewRound, col(ReviewRound.plan_id) == plan_id),
            (Plan, col(Plan.id) == plan_id),
        )
        counts: dict[str, int] = {}
        for table, ours in parts:
            gone: CursorResult[Any] = await self._session.exec(delete(table).where(ours))
            counts[str(getattr(table, "__tablename__", table))] = gone.rowcount
        counts["letter"] = await self._blank(letters)
        return counts

    async def forget_imports(self, batch_ids: Sequence[int]) -> int:
        """Take away what was read from some files; how many there were."""
        ours = col(ImportBatch.id).in_(list(batch_ids))
        gone: CursorResult[Any] = await self._session.exec(delete(ImportBatch).where(ours))
        return gone.rowcount

    async def imports(self, unit_id: int) -> list[ImportBatch]:
        """The files that were read for a unit's plans."""
        query = select(ImportBatch).where(
            ImportBatch.unit_id == unit_id, ImportBatch.kind == "plan"
        )
        return list(await self._session.exec(query))

    async def _letters(self, rounds: Any) -> list[int]:
        query = select(LetterLine.letter_id).where(col(LetterLine.round_id).in_(rounds))
        return sorted(set(await self._session.exec(query)))

    async def _blank(self, letter_ids: Sequence[int]) -> int:
        """Letters that speak of nothing any more go; of the others the text does."""
        for start in range(0, len(letter_ids), _AT_ONCE):
            some = list(letter_ids[start : start + _AT_ONCE])
            spoken: Any = select(LetterLine.letter_id).where(col(LetterLine.letter_id).in_(some))
            ours = col(Letter.id).in_(some)
            await self._session.exec(delete(Letter).where(ours, col(Letter.id).not_in(spoken)))
            await self._session.exec(update(Letter).where(ours).values(text="", item_ids=[]))
        return len(letter_ids)


_LINK = Table.metadata.tables["initiative_link"]
_AT_ONCE = 500  # ids in one statement
