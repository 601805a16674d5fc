"""The roster (名簿) as a file has it: who is what to which unit, one row a role or some items."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.domain.people import Period, Role
from bot.domain.plans import Fault

EVERY = "*"  # every unit (observers), or every initiative of the plan

_SLACK_ID = re.compile(r"[UW][A-Z0-9]{4,}")


@dataclass(frozen=True)
class RosterRow:
    """One row. ``number`` is its row in the file; what could not be read is empty and a fault."""

    number: int
    role: Role | None
    ward: str
    email: str = ""  # trimmed, in lower case
    slack_user_id: str = ""
    name: str = ""
    section: str = ""
    initiatives: tuple[str, ...] = ()  # codes as printed, or EVERY
    deputy: str = ""
    period: Period = field(default_factory=Period)
    year: int | None = None

    @property
    def is_anonymous(self) -> bool:
        """Whether nothing but a name says who it is."""
        return not (self.email or self.slack_user_id)


@dataclass(frozen=True)
class Roster:
    """The rows of a file, its faults so far, and what the file calls each column."""

    rows: tuple[RosterRow, ...]
    faults: tuple[Fault, ...] = ()
    warnings: tuple[str, ...] = ()
    titles: Mapping[str, str] = field(default_factory=dict)

    def fault(self, row: RosterRow, column: str, message: str) -> Fault:
        """A fault in a column, by the name that the file gives it."""
        return Fault(row.number, self.titles.get(column, column), message)


def is_email(text: str) -> bool:
    """Whether a text has the shape of an e-mail address."""
    return re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", text) is not None


def is_code(text: str) -> bool:
    """Whether a text can be the code of an initiative, as far as can be told without the plan."""
    return any(character.isdecimal() for character in text)


def is_slack_id(text: str) -> bool:
    """Whether a text has the shape of a Slack user id: U… or (in an organisation) W…."""
    return _SLACK_ID.fullmatch(text) is not None
