"""The modals around a check-in: saved and next one, loading, refusal, already in, and reading."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.domain.form import Answers, Field
from bot.views.actions import Target
from bot.views.blocks import Json
from bot.views.round_info import RoundInfo


@dataclass(frozen=True)
class Saved:
    """What to say after saving. ``remaining`` open items are left of ``total`` of the owner's;
    ``next`` is the one to offer, None at the end or when answering for somebody else.
    """

    round: RoundInfo
    code: str
    remaining: int = 0
    total: int = 0
    next: Target | None = None
    correcting: bool = False


@dataclass(frozen=True)
class NextItem:
    """What the saved screen carries: the item to open next."""

    target: Target


@dataclass(frozen=True)
class Reading:
    """One item's answer to be read: ``answers`` empty when nothing is in."""

    round: RoundInfo
    code: str
    title: str
    fields: tuple[Field, ...]
    answers: Answers
    saved_at: datetime | None = None
    entered_by: str = ""
    note: str = ""  # why it can only be read


def build_saved(saved: Saved) -> Json:
    """「保存しました」, only ever shown after the commit."""
    raise NotImplementedError


def read_next(view: Mapping[str, object]) -> Target:
    """The item to open next, from the submitted 「保存しました」; Refused when malformed."""
    raise NotImplementedError


def build_loading(title: str = "読み込み中") -> Json:
    """A small modal, opened within the trigger's life and updated when the data is there."""
    raise NotImplementedError


def build_refusal(title: str, message: str) -> Json:
    """A modal that says why not."""
    raise NotImplementedError


def build_read_only(reading: Reading) -> Json:
    """The answer without inputs."""
    raise NotImplementedError


def build_already_in(
    round_: RoundInfo, *, target: Target, code: str, saved_at: datetime | None
) -> Json:
    """What an old button says of an item that is in: with a button to look at it."""
    raise NotImplementedError
