"""What an answer is, which state it is in, and what may follow what."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bot.domain.answers import Answers, check, is_exempt, is_provisional, is_undetermined
from bot.domain.fields import Field
from bot.domain.form import Kind


class State(StrEnum):
    """Where a check-in stands; one set of states everywhere (wording.md 0)."""

    OUTSTANDING = "outstanding"  # 未入力
    SUBMITTED = "submitted"  # 入力済
    NOT_APPLICABLE = "not-applicable"  # 対象外
    CONFIRMED = "confirmed"  # 確認済
    SENT_BACK = "sent-back"  # 差し戻し


@dataclass(frozen=True)
class Review:
    """What the managers have made of the newest revision.

    ``levels``: how many are to confirm it (0 nobody, 1 課長, 2 課長, then 区長), of whom the first
    ``confirmed_level`` have. ``sent_back_due``: by when it is to be mended; None: not sent back.
    """

    levels: int = 0
    confirmed_level: int = 0
    sent_back_due: date | None = None

    @property
    def next_level(self) -> int | None:
        """Whose turn it is; None when nobody's."""
        if self.sent_back_due is not None or self.confirmed_level >= self.levels:
            return None
        return self.confirmed_level + 1


NOT_REVIEWED = Review()


class Source(StrEnum):
    """Where a revision came from."""

    SLACK = "slack"
    SHEET = "sheet"
    OFFICE = "cli"  # the command line: a correction after publication


class Verdict(StrEnum):
    """What becomes of a submission."""

    SAVE = "save"
    ALREADY_SAVED = "already-saved"
    CONFLICT = "conflict"


@dataclass(frozen=True)
class Current:
    """The newest revision of a check-in; number 0 with no answers before the first."""

    number: int = 0
    answers: Answers | None = None
    source: Source = Source.SLACK
    entered_by: int | None = None
    at: datetime | None = None
    sent_back: bool = False


def state_of(
    fields: Sequence[Field], answers: Answers | None, review: Review = NOT_REVIEWED
) -> State:
    """The state of an answer. One that is incomplete (from a sheet) counts as outstanding.

    対象外 needs nobody's confirmation; where nobody is to confirm, nothing is ever 確認済.
    """
    if not answers or check(fields, answers):
        return State.OUTSTANDING
    if review.sent_back_due is not None:
        return State.SENT_BACK
    if is_exempt(fields, answers):
        return State.NOT_APPLICABLE
    if review.levels and review.confirmed_level >= review.levels:
        return State.CONFIRMED
    return State.SUBMITTED


def is_submitted(state: State) -> bool:
    """Whether nothing more is asked of the owner; 対象外 is an answer."""
    return state not in (State.OUTSTANDING, State.SENT_BACK)


def is_pending(fields: Sequence[Field], answers: Answers | None) -> bool:
    """Whether a submitted answer is 暫定 or 未確定 and is to be asked again."""
    if not answers:
        return False
    return is_provisional(fields, answers) or is_undetermined(fields, answers)


def judge(
    current: Current, answers: Answers, *, base: int, known: bool, override: bool = False
) -> Verdict:
    """What becomes of answers that were opened on revision ``base``.

    ``known``: this very submission is stored already (a double click, a redelivery). Another
    person's revision in between is a conflict unless the person has seen it (``override``). The
    same answer to what was sent back is an answer: the owner stands by it.
    """
    unchanged = current.answers is not None and dict(current.answers) == dict(answers)
    if known or (unchanged and not (current.sent_back and base == current.number)):
        return Verdict.ALREADY_SAVED
    if base == current.number or override:
        return Verdict.SAVE
    return Verdict.CONFLICT


def final_dates_between(today: date, fiscal_year: int) -> tuple[date, date]:
    """From when and until when figures can become known: not in the past, and within two years.

    A later date is a slip of the hand; the last day is that of the fiscal year after the next.
    """
    return today, date(fiscal_year + 3, 3, 31)


def untimely(fields: Sequence[Field], answers: Answers, first: date, last: date) -> list[str]:
    """The keys of dates before ``first`` or after ``last``; what is no date is left to the form."""
    given = {f.key: answers.get(f.key, "") for f in fields if f.question.kind is Kind.DATE}
    return [key for key, text in given.items() if text and not _lies_within(text, first, last)]


def _lies_within(text: str, first: date, last: date) -> bool:
    try:
        return first <= date.fromisoformat(text) <= last
    except ValueError:
        return True  # the form's own check refuses what is no date


def may_take_from_sheet(current: Current) -> bool:
    """An answer read from a published sheet never overwrites one given in Slack."""
    return current.number == 0 or current.source is Source.SHEET


def fingerprint(about: str, base: int, person_id: int, answers: Answers) -> str:
    """What a submission is known again by: what it is about, revision opened on, person, content.

    Never the view's id: Slack gives each opened modal another one.
    """
    content = json.dumps(
        [about, base, person_id, sorted(answers.items())], ensure_ascii=False, sort_keys=True
    )
    return hashlib.sha256(content.encode()).hexdigest()
