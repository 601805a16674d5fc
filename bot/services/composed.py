"""A composed letter: what it says now, whether it may be sent, what is to be said later."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from bot.domain.status import ItemStatus
from bot.views import letters as views


@dataclass(frozen=True)
class Content:
    """A composed letter and the ids of the initiatives it names.

    ``by_line``: which of them stand below which line, where several lines are about one round.
    """

    letter: views.Letter
    item_ids: tuple[int, ...]
    by_line: Mapping[int, tuple[int, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Composed:
    """``content`` is None where nobody needs to be told any more; ``office_open``: may be sent.

    ``unsaid``: lines that are to be planned anew: a pause keeps them back until it is over, or the
    letter was not sent on its own day. ``step_days``: since when each line was to be said, by its
    id; only of a letter that may have been sent before a restore, as another one. ``failed``:
    what it says could not be made out, which is ours to mend.
    """

    content: Content | None
    office_open: bool
    unsaid: tuple[int, ...] = ()
    step_days: Mapping[int, date] = field(default_factory=dict)
    failed: bool = False

    def begun_after(self, day: date) -> tuple[int, ...]:
        """The lines that no letter of that day can have said."""
        return tuple(line_id for line_id, since in self.step_days.items() if since > day)


def ids_of(items: Iterable[ItemStatus]) -> tuple[int, ...]:
    """What a letter names, for its record."""
    return tuple(item.initiative_id for item in items)
