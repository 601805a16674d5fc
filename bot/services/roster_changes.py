"""What becomes of one entry of a roster: how it is counted, and how it is noted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bot.services.actors import COMMAND_LINE, Actor
from bot.services.office import Office
from bot.services.trails import Trail
from storage.unit_of_work import UnitOfWork


class Change(StrEnum):
    """What an import did to one person, role or ownership."""

    ADDED = "added"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    ENDED = "ended"  # another's ownership that a new one replaces


@dataclass
class RosterChanges:
    """Counts changes and writes each into the audit trail, in one unit of work."""

    office: Office
    uow: UnitOfWork
    by: Actor = COMMAND_LINE
    counts: Counter[Change] = field(default_factory=Counter)

    def note(
        self, change: Change, noun: str, subject: str, detail: Mapping[str, object] | None = None
    ) -> None:
        """Count a change; what is unchanged leaves no trace."""
        self.counts[change] += 1
        if change is not Change.UNCHANGED:
            trail = Trail(self.uow, self.office.now(), self.by)
            trail.note(f"{noun}.{_VERBS[change]}", subject, detail)


_VERBS = {Change.ADDED: "add", Change.UPDATED: "update", Change.ENDED: "end"}
