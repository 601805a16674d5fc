"""The modal in which a check-in is answered: built from the form's data, and read back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.domain.form import Answers, Field
from bot.views.blocks import Json
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
class Entry:
    """One item opened for answering. ``answers`` is what to show: stored, or typed so far."""

    round: RoundInfo
    initiative_id: int
    code: str
    title: str
    fields: tuple[Field, ...]
    answers: Answers = field(default_factory=dict)
    revision: int = 0
    target: str | None = None
    activities: str | None = None
    activities_target: str | None = None
    correcting: bool = False
    position: tuple[int, int] | None = None  # (n, of m) among the owner's open items
    previous: tuple[Previous, ...] = ()
    entered_for: str = ""  # 「保健福祉課 山田さん」
    reason_required: bool = False
    reason: str = ""
    rival: Rival | None = None
    warned: frozenset[str] = frozenset()  # field keys whose soft warning is shown


@dataclass(frozen=True)
class Typed:
    """What came back. A key that is absent from ``answers`` is unchanged, "" was cleared.

    ``rival_revision`` is the other person's revision that this screen has shown.
    """

    round_id: int
    initiative_id: int
    revision: int
    answers: dict[str, str]
    complete_state: bool  # False: Slack left out some of the inputs on the screen
    reason: str = ""
    keep: Keep | None = None
    warned: frozenset[str] = frozenset()
    position: tuple[int, int] | None = None
    rival_revision: int | None = None
    correcting: bool = False


def build(entry: Entry) -> Json:
    """The modal; built again with what was typed when a choice changes what is asked."""
    raise NotImplementedError


def read(view: Mapping[str, object]) -> Typed:
    """What was typed, from the view of a submission or an action; Refused when malformed."""
    raise NotImplementedError


def errors(view: Mapping[str, object], faults: Mapping[str, str]) -> dict[str, str]:
    """Faults by field key as Slack wants them: by block id. One whose field is not on the screen
    stands under the last text; so do "reason" and "keep" where those inputs are missing.
    """
    raise NotImplementedError


def whole_fault_block(view: Mapping[str, object]) -> str:
    """The block id under which a refusal of the whole submission stands: 課題と改善策, which is
    the last text of the form.
    """
    raise NotImplementedError
