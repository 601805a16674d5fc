"""The trail that an act leaves: every entry of it bears the same instant and the same actor."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.services.actors import Actor
from storage.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class Trail:
    """Entries in one unit of work; ``at`` is the instant of the act (UTC)."""

    uow: UnitOfWork
    at: datetime
    by: Actor

    def note(self, action: str, subject: str, detail: Mapping[str, object] | None = None) -> None:
        """Enter an action, such as "round.set", and what it was done to, such as "round:7".

        ``detail`` never holds the text of an answer.
        """
        self.uow.audit.note(
            action,
            at=self.at,
            actor=self.by.kind,
            person_id=self.by.person_id,
            subject=subject,
            detail=detail,
        )
