"""One item opened for answering: what its modal is built from."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from bot.domain.answers import Answers
from bot.domain.fields import Field
from bot.views.round_info import RoundInfo


class Keep(StrEnum):
    """Whose answers stay when two people edited one item."""

    MINE = "mine"
    THEIRS = "theirs"


@dataclass(frozen=True)
class Previous:
    """One line of what was answered before: 「昨年度 自己評価」「② ／ 改善策：…」."""

    label: str
    text: str


@dataclass(frozen=True)
class Rival:
    """What somebody else saved after this screen was opened."""

    name: str
    at: datetime
    answers: Answers
    revision: int


@dataclass(frozen=True)
class Mending:
    """What a manager asked for when sending the answer back."""

    comment: str
    due: date


@dataclass(frozen=True)
class Entry:
    """One item opened for answering. ``answers`` is what to show: stored, or typed so far."""

    round: RoundInfo
    initiative_id: int
    code: str
    title: str
    fields: tuple[Field, ...]
    answers: Answers = field(default_factory=dict)
    revision: int = 0
    plan: tuple[tuple[str, str], ...] = ()  # 「今年度の目標」 and its text
    correcting: bool = False
    position: tuple[int, int] | None = None  # (n, of m) among the owner's open items
    previous: tuple[Previous, ...] = ()
    mending: Mending | None = None
    entered_for: str = ""  # 「保健福祉課 山田さん」
    reason_required: bool = False
    reason: str = ""
    published: bool = False  # it corrects what is published
    rival: Rival | None = None
    warned: frozenset[str] = frozenset()  # field keys whose soft warning is shown


def block_prefix(entry: Entry) -> str:
    """What the block ids of an item's inputs begin with."""
    return f"{entry.round.stage.key}:{entry.initiative_id}:"
