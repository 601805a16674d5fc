"""「担当が違う・相談する」, 「入力予定日を決める」, and the answer of the coordinator."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from bot.domain.consultations import ANSWER_LENGTH, NOTE_LENGTH, ConsultationKind
from bot.domain.errors import Refused
from bot.domain.status import ItemStatus
from bot.views.actions import CONSULT, CONSULT_REPLY, INPUT, NOTICE_ONLY, PLAN_DATE
from bot.views.blocks import (
    NOTIFICATION_LIMIT,
    Json,
    Rendered,
    checkboxes,
    choice,
    context,
    date_picker,
    input_,
    modal,
    option,
    section,
    text_input,
)
from bot.views.carried import UNREADABLE
from bot.views.inputs import read_inputs
from bot.views.item_rows import asking_row
from bot.views.refusals import coordinators_only
from bot.views.round_info import RoundInfo, all_askers
from bot.views.targets import Target
from bot.views.text import escape, escape_line, line, quoted
from bot.views.words import WIDE, day_words, item_name, item_title, moment_words, name_words

ABOUT = "about"
KIND = "kind"
NOTE = "note"
DAY = "day"
ANSWER = "answer"

NO_ITEM = "項目を選んでください。"
NO_KIND = "ご用件を選んでください。"
NO_ANSWER = "返事を入力してください。"
NOTHING_OPEN = "いま入力をお願いしている項目はありません。"
ANSWERED = "この相談には、すでに返事がされています。"
NOT_YOURS = coordinators_only("相談に返事ができる")
PAST_DUE = (
    "入力期限を過ぎているため、入力予定日は決められません。"
    "入力が難しいときは「担当が違う・相談する」を押してください。"
)

KINDS = {
    ConsultationKind.WRONG_OWNER: "担当が違う",
    ConsultationKind.NOT_IN_TIME: "期限までに入力できない",
    ConsultationKind.DIFFERS: "目標や取組内容が実態と違う",
    ConsultationKind.OTHER: "その他",
}
_OPTIONS = 10
_GROUPS = 16  # 160 items of one person: more than a ward has


@dataclass(frozen=True)
class Asking:
    """What one person may ask about: their open items in one or several rounds."""

    items: tuple[tuple[RoundInfo, ItemStatus], ...]


@dataclass(frozen=True)
class Asked:
    """What was typed; ``targets`` holds the chosen items, ``kind`` is None for no choice."""

    targets: tuple[Target, ...]
    kind: ConsultationKind | None
    note: str


@dataclass(frozen=True)
class Planning:
    """For which rounds somebody may name a day, and the last one that may be named."""

    round: RoundInfo
    suggested: date


@dataclass(frozen=True)
class Question:
    """A consultation as its coordinator reads it."""

    id: int
    round: RoundInfo
    code: str
    title: str
    kind: ConsultationKind
    note: str
    name: str
    at: datetime


@dataclass(frozen=True)
class ConsultedLetter:
    """The coordinator's answer, to the one who asked; ``item`` is set while it is still theirs to
    answer.
    """

    letter_id: int
    round: RoundInfo
    code: str
    title: str
    kind: ConsultationKind
    answer: str
    item: ItemStatus | None = None


def build_ask(asking: Asking) -> Json:
    """What it is about, and a note; where one item is open, it is the one."""
    return modal(
        "とりまとめ担当へ連絡",
        _ask_blocks(asking),
        callback_id=CONSULT,
        metadata={"t": [_value(round_, item) for round_, item in asking.items[:1]]}
        if len(asking.items) == 1
        else {},
        submit="送る",
    )


def read_ask(view: Mapping[str, Any]) -> Asked:
    """What was asked; Refused when malformed."""
    inputs = read_inputs(view)
    values = inputs.metadata.get("t") or [
        value for index in range(_GROUPS) for value in inputs.ticked(f"{ABOUT}:{index}")
    ]
    targets = [Target.decode(value) for value in values]
    found = tuple(target for target in targets if target is not None)
    if len(found) != len(targets):
        raise Refused(UNREADABLE)
    kind = inputs.chosen(KIND)
    known = ConsultationKind(kind) if kind in tuple(ConsultationKind) else None
    return Asked(found, known, inputs.text(NOTE))


def build_asked(round_: RoundInfo) -> Json:
    """「伝えました」, only ever shown after the commit."""
    text = f"{round_.asker}へ伝えました。返事があるまで、この項目のお知らせを止めます。"
    return modal("とりまとめ担当へ連絡", [section(text)], callback_id=NOTICE_ONLY)


def build_plan(planning: Planning) -> Json:
    """The day on which somebody means to answer."""
    due = day_words(planning.round.dates.due)
    picker = date_picker(f"{INPUT}:{DAY}", planning.suggested.isoformat())
    return modal(
        "入力予定日を決める",
        [
            section(f"*{escape_line(planning.round.full_title, 200)}*{WIDE}入力期限 {due}"),
            input_(
                DAY,
                "入力予定日",
                picker,
                hint="その日の朝まで、お知らせを送りません。入力期限の日までで選べます。",
                required=True,
            ),
        ],
        callback_id=PLAN_DATE,
        metadata={"r": str(planning.round.round_id)},
        submit="決める",
    )


def read_plan(view: Mapping[str, Any]) -> tuple[int, date | None]:
    """The round and the day; Refused when malformed."""
    inputs = read_inputs(view)
    return inputs.number("r"), inputs.day(DAY)


def build_planned(day: date) -> Json:
    """「決めました」, only ever shown after the commit."""
    text = f"{day_words(day)}の朝まで、この振り返りのお知らせを止めます。"
    return modal("入力予定日を決める", [section(text)], callback_id=NOTICE_ONLY)


def day_fault(due: date) -> str:
    """Why a day can't be named (wording.md 1.14)."""
    return f"入力期限({day_words(due)})までの開庁日を選んでください。"


def build_reply(question: Question) -> Json:
    """What was asked, and the place for the answer."""
    answer = text_input(f"{INPUT}:{ANSWER}", "", most=ANSWER_LENGTH)
    return modal(
        "相談への返事",
        [
            section(_question_words(question)),
            input_(
                ANSWER,
                "返事",
                answer,
                hint="相談した方にそのまま届きます。送ると、この項目のお知らせを再開します。",
                required=True,
            ),
        ],
        callback_id=CONSULT_REPLY,
        metadata={"c": str(question.id)},
        submit="送る",
    )


def read_reply(view: Mapping[str, Any]) -> tuple[int, str]:
    """Which question, and the answer; Refused when malformed."""
    inputs = read_inputs(view)
    return inputs.number("c"), inputs.text(ANSWER)


def build_replied() -> Json:
    """「送りました」, only ever shown after the commit."""
    text = "返事を送りました。この項目のお知らせを再開します。"
    return modal("相談への返事", [section(text)], callback_id=NOTICE_ONLY)


def render_consulted(letter: ConsultedLetter) -> Rendered:
    """The answer, quoted, under what it answers."""
    name = item_name(letter.code)
    title = f"\n{item_title(letter.code, letter.title)}" if letter.title else ""
    enter = asking_row(letter.round, letter.item) if letter.item else None
    blocks = [
        section(f"*{escape_line(name, 60)}の相談への返事*{'' if enter else title}"),
        section(f"ご用件：{KINDS[letter.kind]}\n{quoted(letter.answer, 2000)}"),
        *([enter] if enter else []),
        context(*all_askers([letter.round])),
    ]
    return Rendered(escape_line(f"{name}の相談に返事があります", NOTIFICATION_LIMIT), blocks)


def _question_words(question: Question) -> str:
    note = f"\n{escape(question.note, 1200)}" if question.note else ""
    return (
        f"{item_title(question.code, question.title)}\n"
        f"{moment_words(question.at)} {name_words(question.name)}{WIDE}"
        f"*{KINDS[question.kind]}*{note}"
    )


def _ask_blocks(asking: Asking) -> Iterator[Json]:
    if len(asking.items) == 1:
        [(_, item)] = asking.items
        yield section(item_title(item.code, item.title))
    else:
        yield from _choices(asking.items)
    kinds = [option(words, kind) for kind, words in KINDS.items()]
    yield input_(KIND, "ご用件", choice(f"{INPUT}:{KIND}", kinds, None), required=True)
    yield input_(
        NOTE,
        "補足",
        text_input(f"{INPUT}:{NOTE}", "", most=NOTE_LENGTH),
        hint=(
            "後任の方や、入力できそうな日が分かれば書いてください。"
            "病気や家庭の事情など、理由を書く必要はありません。"
        ),
    )


def _choices(items: Sequence[tuple[RoundInfo, ItemStatus]]) -> Iterator[Json]:
    shown = items[: _OPTIONS * _GROUPS]
    for index in range(0, len(shown), _OPTIONS):
        options = [
            option(
                f"{item_name(item.code)}　{line(item.title)}",
                _value(round_, item),
                description=line(round_.title),
            )
            for round_, item in shown[index : index + _OPTIONS]
        ]
        number = index // _OPTIONS
        element = checkboxes(f"{INPUT}:{ABOUT}-{number}", options)
        yield input_(f"{ABOUT}:{number}", "項目" if number == 0 else "(続き)", element)


def _value(round_: RoundInfo, item: ItemStatus) -> str:
    return Target(round_.round_id, item.initiative_id).encode()
