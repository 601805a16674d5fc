"""What is recorded of one item, an event each, and the word or two by which it is called."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from bot.domain.checkins import Source
from bot.domain.consultations import ConsultationKind
from bot.domain.letters import LetterKind, LetterState
from bot.domain.rounds import StepKind
from bot.views.words import CONFIRMERS

_FROM_PAPER = "紙の資料で確認"
_LETTERS = {
    LetterKind.NOTICE: "入力のお知らせ",
    LetterKind.MANAGERS: "未入力の一覧(確認者あて)",
    LetterKind.TO_CONFIRM: "確認のお願い",
    LetterKind.SENT_BACK: "修正のお願い",
    LetterKind.CONSULTED: "相談への返事",
    LetterKind.NUDGE: "手動のお知らせ",
}
_STEPS = {
    StepKind.OPENING: "入力のお願い",
    StepKind.BEFORE: "期限の前のお知らせ",
    StepKind.DUE: "入力期限の日のお知らせ",
    StepKind.AFTER: "再度のお知らせ",
    StepKind.CONFIRM: "暫定の数値の確認のお願い",
    StepKind.PLANNED: "入力予定日のお知らせ",
    StepKind.MEND: "修正期限の日のお知らせ",
    StepKind.HANDOVER: "担当になったときのお願い",
    StepKind.TAKEN: "修正のお願い(引き継ぎ・不在のあと)",
}
_OUTCOMES = {
    LetterState.SENT: "",
    LetterState.UNDELIVERABLE: "届きませんでした",
    LetterState.UNKNOWN: "届いたか分かっていません",
}


@dataclass(frozen=True)
class FieldChange:
    """One field, before and after, in the words of the form; "" where nothing was said."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Entered:
    """One revision; ``name`` is empty where a published sheet names nobody."""

    at: datetime
    stage: str
    name: str
    number: int
    source: str
    entered_for: str = ""
    reason: str = ""
    changes: tuple[FieldChange, ...] = ()
    corrects: bool = False  # what was published


@dataclass(frozen=True)
class Decided:
    """What a manager decided of one revision."""

    at: datetime
    stage: str
    name: str
    number: int
    sent_back: bool
    level: int
    comment: str = ""
    due: date | None = None
    own: bool = False


@dataclass(frozen=True)
class Told:
    """One letter about the item; ``at`` is when it was sent or, if it was not, was to be."""

    at: datetime
    stage: str
    name: str
    kind: LetterKind
    state: LetterState
    steps: tuple[str, ...] = ()


@dataclass(frozen=True)
class Announced:
    """The item was published as this revision; 0 without an answer. ``name`` may be empty."""

    at: datetime
    stage: str
    name: str
    number: int
    decision_number: str
    day: date


@dataclass(frozen=True)
class Consulted:
    """What was asked of the coordinator about the item, or (``answered``) that it was answered.

    Never in which words: they are between those two.
    """

    at: datetime
    stage: str
    name: str
    kind: ConsultationKind
    answered: bool = False


@dataclass(frozen=True)
class FoundBlank:
    """What a published file lost is blank on the paper as well, as somebody has looked."""

    at: datetime
    stage: str
    name: str
    label: str


Event = Entered | Decided | Told | Announced | Consulted | FoundBlank


def act_words(event: Event) -> str:
    """What happened, in one plain word or two."""
    match event:
        case Entered():
            return _entering_words(event)
        case Decided(sent_back=True):
            return "差し戻し"
        case Decided():
            return f"確認({CONFIRMERS.get(event.level, event.level)})"
        case Announced():
            return "公表の記録"
        case FoundBlank():
            return _FROM_PAPER
        case Consulted():
            return "相談への返事" if event.answered else "相談"
        case Told():
            return "お知らせ"


def _entering_words(event: Entered) -> str:
    if event.corrects:
        return "公表後の修正"
    if event.source == Source.SHEET:
        return _FROM_PAPER if event.name else "公表資料から取り込み"
    return "入力" if event.number == 1 else "修正"


def letter_words(told: Told) -> str:
    """Which letter, and whether it arrived: 「確認のお願い(届きませんでした)」."""
    said = [_STEPS[kind] for step in told.steps if (kind := _kind_of(step)) in _STEPS]
    words = "、".join(dict.fromkeys(said)) or _LETTERS.get(told.kind, "お知らせ")
    outcome = _OUTCOMES.get(told.state, "")
    return f"{words}({outcome})" if outcome else words


def _kind_of(step: str) -> StepKind | None:
    """The kind of a step by its key: 「after-3」, 「confirm:2027-06-01」, 「opening@12」."""
    word = step.partition("@")[0].partition(":")[0].partition("-")[0]
    return StepKind(word) if word in list(StepKind) else None
