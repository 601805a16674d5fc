"""What people were told about their submissions: the book that the database is checked against."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, field


@dataclass
class Submission:
    """One form that somebody sent off, known by its marker however often it is sent again.

    ``seen`` are the revisions that the person had on the screen; ``acknowledged`` is when they
    were first told that it is stored, in seconds, None until then.
    """

    marker: int
    target: tuple[int, int]
    person_id: int
    seen: set[int]
    started: float
    acknowledged: float | None = None


@dataclass
class Ledger:
    """All submissions by marker, and when each item was last sent off, in seconds."""

    submissions: dict[int, Submission] = field(default_factory=dict)
    last_try: dict[tuple[int, int], float] = field(default_factory=dict)
    acts: dict[str, int] = field(default_factory=dict)  # audit action -> how often it was done

    def enter(
        self, marker: int, target: tuple[int, int], person_id: int, *, seen: int, at: float
    ) -> Submission:
        """Somebody has filled in a form."""
        submission = Submission(marker, target, person_id, {seen}, at)
        self.submissions[marker] = submission
        return submission

    def done(self, action: str) -> None:
        """Somebody was told that an act is stored."""
        self.acts[action] = self.acts.get(action, 0) + 1

    def copy(self) -> Ledger:
        """The book as of now, for a backup."""
        return deepcopy(self)
