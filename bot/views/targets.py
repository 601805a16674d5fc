"""What a button's value carries: which item, round, page or unit is meant; ids, and nothing else.

Values come back from outside and may be forged: a decoder gives None for anything malformed, and
who may do what is decided elsewhere, from the stored round.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

_NUMBER = r"(0|[1-9]\d{0,17})"


class Filter(StrEnum):
    """Which items a page of a unit's status lists."""

    FIRST = "first"  # counts, each ② with its text, then what is outstanding
    OUTSTANDING = "outstanding"
    UNFAVOURABLE = "unfavourable"
    ALL = "all"


@dataclass(frozen=True)
class Target:
    """One item of one round."""

    round_id: int
    initiative_id: int

    def encode(self) -> str:
        """「12:34」."""
        return f"{self.round_id}:{self.initiative_id}"

    @classmethod
    def decode(cls, value: object) -> Target | None:
        """The target, or None when the value is not one of ours."""
        found = _match(rf"{_NUMBER}:{_NUMBER}", value)
        return cls(int(found[1]), int(found[2])) if found else None


@dataclass(frozen=True)
class PageTarget:
    """One page of a round's status; ``page`` counts from 0."""

    round_id: int
    filter: Filter = Filter.FIRST
    page: int = 0

    def encode(self) -> str:
        """「12:outstanding:1」."""
        return f"{self.round_id}:{self.filter}:{self.page}"

    @classmethod
    def decode(cls, value: object) -> PageTarget | None:
        """The page, or None when the value is not one of ours."""
        found = _match(rf"{_NUMBER}:({'|'.join(Filter)}):(\d{{1,4}})", value)
        return cls(int(found[1]), Filter(found[2]), int(found[3])) if found else None


@dataclass(frozen=True)
class HistoryTarget:
    """One page of an item's history, seen from one of its rounds; ``page`` counts from 0.

    ``round_id`` is 0 where only the initiative is known.
    """

    round_id: int
    initiative_id: int
    page: int = 0

    def encode(self) -> str:
        """「12:34:1」."""
        return f"{self.round_id}:{self.initiative_id}:{self.page}"

    def at(self, page: int) -> HistoryTarget:
        """Another page of the same."""
        return HistoryTarget(self.round_id, self.initiative_id, page)

    @classmethod
    def decode(cls, value: object) -> HistoryTarget | None:
        """The page, or None when the value is not one of ours.

        A Target is the first page, and so is an initiative's id alone.
        """
        alone = decode_number(value)
        if alone is not None:
            return cls(0, alone)
        found = _match(rf"{_NUMBER}:{_NUMBER}(?::(\d{{1,4}}))?", value)
        return cls(int(found[1]), int(found[2]), int(found[3] or 0)) if found else None


@dataclass(frozen=True)
class HandoverTarget:
    """What passes in a unit from one person to another on a day."""

    unit_id: int
    former_id: int
    owner_id: int
    day: date

    def encode(self) -> str:
        """「3:17:18:2026-10-01」."""
        return f"{self.unit_id}:{self.former_id}:{self.owner_id}:{self.day}"

    @classmethod
    def decode(cls, value: object) -> HandoverTarget | None:
        """What is meant, or None when the value is not one of ours."""
        found = _match(rf"{_NUMBER}:{_NUMBER}:{_NUMBER}:(\d{{4}}-\d{{2}}-\d{{2}})", value)
        try:
            day = date.fromisoformat(found[4]) if found else None
        except ValueError:
            return None
        return cls(int(found[1]), int(found[2]), int(found[3]), day) if found and day else None


@dataclass(frozen=True)
class AllTarget:
    """Every unit, in the year and at the stage that were asked for, if any."""

    fiscal_year: int | None = None
    stage: str | None = None

    def encode(self) -> str:
        """「all:2026:mid-year」, with nothing where nothing was asked for."""
        return f"all:{self.fiscal_year or ''}:{self.stage or ''}"

    @classmethod
    def decode(cls, value: object) -> AllTarget | None:
        """What is meant, or None when the value is not one of ours."""
        found = _match(r"all:(\d{4})?:([a-z0-9-]{1,40})?", value)
        return cls(int(found[1]) if found[1] else None, found[2] or None) if found else None


@dataclass(frozen=True)
class UnitTarget:
    """The status of a unit, with the year and stage that were asked for, if any."""

    unit_id: int
    fiscal_year: int | None = None
    stage: str | None = None

    def encode(self) -> str:
        """「3:2026:mid-year」, with nothing where nothing was asked for."""
        return f"{self.unit_id}:{self.fiscal_year or ''}:{self.stage or ''}"

    @classmethod
    def decode(cls, value: object) -> UnitTarget | None:
        """The unit, or None when the value is not one of ours."""
        found = _match(rf"{_NUMBER}:(\d{{4}})?:([a-z0-9-]{{1,40}})?", value)
        if not found:
            return None
        return cls(int(found[1]), int(found[2]) if found[2] else None, found[3] or None)


@dataclass(frozen=True)
class DocumentTarget:
    """The official form of a plan, for one of its stages."""

    plan_id: int
    stage: str

    def encode(self) -> str:
        """「3:year-end」."""
        return f"{self.plan_id}:{self.stage}"

    @classmethod
    def decode(cls, value: object) -> DocumentTarget | None:
        """What is meant, or None when the value is not one of ours."""
        found = _match(rf"{_NUMBER}:([a-z0-9-]{{1,40}})", value)
        return cls(int(found[1]), found[2]) if found else None


@dataclass(frozen=True)
class Page:
    """One page of a file, a plan or a unit by its id; ``page`` counts from 0."""

    id: int
    page: int = 0

    def encode(self) -> str:
        """「12:1」."""
        return f"{self.id}:{self.page}"

    @classmethod
    def decode(cls, value: object) -> Page | None:
        """The page, or None when the value is not one of ours."""
        found = _match(rf"{_NUMBER}:(\d{{1,4}})", value)
        return cls(int(found[1]), int(found[2])) if found else None


@dataclass(frozen=True)
class LinkTarget:
    """One page of a plan's items and what they continue; ``every``: also those that need no hand.

    ``page`` counts from 0.
    """

    plan_id: int
    page: int = 0
    every: bool = False

    def encode(self) -> str:
        """「3:1:all」, 「3:1:open」."""
        return f"{self.plan_id}:{self.page}:{'all' if self.every else 'open'}"

    @classmethod
    def decode(cls, value: object) -> LinkTarget | None:
        """The page, or None when the value is not one of ours; a plan's id alone is its first."""
        alone = decode_number(value)
        if alone is not None:
            return cls(alone)
        found = _match(rf"{_NUMBER}:(\d{{1,4}}):(all|open)", value)
        return cls(int(found[1]), int(found[2]), found[3] == "all") if found else None


@dataclass(frozen=True)
class RegistrationTarget:
    """A role to look at in a unit; 0 is one that is still to be registered."""

    unit_id: int
    grant_id: int = 0

    def encode(self) -> str:
        """「3:17」."""
        return f"{self.unit_id}:{self.grant_id}"

    @classmethod
    def decode(cls, value: object) -> RegistrationTarget | None:
        """The role, or None when the value is not one of ours."""
        found = _match(rf"{_NUMBER}:{_NUMBER}", value)
        return cls(int(found[1]), int(found[2])) if found else None


@dataclass(frozen=True)
class RoundTarget:
    """A round; or (``round_id`` 0) one that a plan is to have, at a stage if one was chosen."""

    round_id: int = 0
    plan_id: int = 0
    stage: str = ""

    def encode(self) -> str:
        """「12」, 「new:3」, 「new:3:year-end」."""
        if self.round_id:
            return str(self.round_id)
        return f"new:{self.plan_id}:{self.stage}" if self.stage else f"new:{self.plan_id}"

    @classmethod
    def decode(cls, value: object) -> RoundTarget | None:
        """The round, or None when the value is not one of ours."""
        stored = decode_number(value)
        if stored:
            return cls(stored)
        found = _match(rf"new:{_NUMBER}(?::([a-z0-9-]{{1,40}}))?", value)
        return cls(0, int(found[1]), found[2] or "") if found else None


@dataclass(frozen=True)
class MessageAt:
    """Where a message of ours stands, to be changed in place."""

    channel: str
    ts: str

    def encode(self) -> str:
        """「D0123ABCD:1790000000.000100」."""
        return f"{self.channel}:{self.ts}"

    @classmethod
    def decode(cls, value: object) -> MessageAt | None:
        """The place, or None when the value is not one of ours."""
        found = _match(r"(D[A-Z0-9]{2,20}):(\d{1,12}\.\d{1,8})", value)
        return cls(found[1], found[2]) if found else None


def decode_number(value: object) -> int | None:
    """A value that is one id or page number, or None."""
    found = _match(_NUMBER, value)
    return int(found[1]) if found else None


def _match(pattern: str, value: object) -> re.Match[str] | None:
    return re.fullmatch(pattern, value, re.ASCII) if isinstance(value, str) else None
