"""A nudge by hand: the modals in which it is sent, and the letter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.domain.nudges import NOTE_LENGTH
from bot.domain.status import ItemStatus
from bot.views.actions import (
    INPUT,
    LETTER_CONSULT,
    LETTER_MORE,
    NOTICE_ONLY,
    NUDGE,
    NUDGE_ALL,
    NUDGE_ONE,
)
from bot.views.blocks import (
    NOTIFICATION_LIMIT,
    Json,
    Rendered,
    actions,
    button,
    context,
    input_,
    modal,
    section,
    text_input,
)
from bot.views.inputs import read_inputs
from bot.views.item_rows import asking_row, closed_row, receipt_row
from bot.views.notice_words import CONSULT
from bot.views.refusals import coordinators_only
from bot.views.round_info import RoundInfo, all_askers
from bot.views.targets import Target
from bot.views.text import escape_line, quoted
from bot.views.words import day_words, item_name, item_title, people

NOTE = "note"
NUDGE_LABEL = "お知らせを送る"

MAY_NOT = "お知らせを送れるのは、その課の確認者と、区のとりまとめ担当だけです。"
MAY_NOT_ALL = coordinators_only("まとめてお知らせを送れる")
NOBODY = (
    "いまお知らせを送れる方はいません。入力期限を過ぎた項目がないか、"
    "担当者が相談中・不在・Slackの利用登録なしのいずれかです。"
)
ALREADY = "手動のお知らせは、お一人に1日1回までです。本日の分はすでに送っています。"
CLOSED = "次の開庁日には入力が終わっているため、お知らせは送れません。電話などでご連絡ください。"


def paused(until: date) -> str:
    """Why nobody is nudged: the unit's letters rest."""
    resting = f"{day_words(until)}まで、この区のお知らせを止めています。"
    return f"{resting}送るときは、先に再開してください。"


_TITLE = "お知らせを送る"
_MOST_ITEMS = 20
_NOTE_SHOWN = 2000


@dataclass(frozen=True)
class NudgeOne:
    """One late item, and whom a nudge would reach; ``already``: they had one today."""

    round: RoundInfo
    target: Target
    code: str
    title: str
    names: tuple[str, ...]
    already: bool = False


@dataclass(frozen=True)
class NudgeAll:
    """How many would get a note, and how many had one today."""

    round: RoundInfo
    count: int
    already: int = 0


@dataclass(frozen=True)
class Nudged:
    """How many were written to; ``now``: it goes out today."""

    count: int
    day: date
    now: bool


@dataclass(frozen=True)
class NudgeLetter:
    """One person's late items, under the sentence of who sends it, if there is one."""

    letter_id: int
    today: date
    round: RoundInfo
    items: tuple[ItemStatus, ...]
    days_late: int  # business days
    entry_until: date
    note: str = ""


def nudge_button(round_: RoundInfo, item: ItemStatus) -> Json:
    """「お知らせを送る」 beside one late item."""
    value = Target(round_.round_id, item.initiative_id).encode()
    return button(NUDGE_LABEL, NUDGE, value, says=f"{item_name(item.code)} {NUDGE_LABEL}")


def build_one(nudge: NudgeOne) -> Json:
    """What is late and who would be told; without a submit where they were told today."""
    blocks = [
        section(f"{item_title(nudge.code, nudge.title)}\n担当：{people(nudge.names)}"),
        context(ALREADY if nudge.already else _WHAT_IS_SENT),
    ]
    return modal(
        _TITLE,
        blocks,
        callback_id=NUDGE_ONE,
        metadata={"t": nudge.target.encode()},
        submit="" if nudge.already else "送る",
    )


def build_all(nudge: NudgeAll) -> Json:
    """A sentence of one's own above what each of them has still to enter."""
    if not nudge.count:
        return modal(_TITLE, [section(ALREADY)], callback_id=NOTICE_ONLY)
    rest = f"本日すでに送った{nudge.already}人を除きます。" if nudge.already else ""
    return modal(
        _TITLE,
        [
            section(
                f"*{escape_line(nudge.round.title, 200)}*\n"
                f"入力期限を過ぎている{nudge.count}人に、お一人ずつお知らせを送ります。{rest}"
            ),
            input_(
                NOTE,
                "添える一言",
                text_input(f"{INPUT}:{NOTE}", "", most=NOTE_LENGTH),
                hint=f"{NOTE_LENGTH}字まで。全員に同じ文が届きます。個人の事情などは書かないでください。",
            ),
            context(_WHAT_IS_SENT),
        ],
        callback_id=NUDGE_ALL,
        metadata={"r": str(nudge.round.round_id)},
        submit="送る",
    )


def read_one(view: Mapping[str, Any]) -> Target:
    """The item; Refused when malformed."""
    return read_inputs(view).target("t")


def read_all(view: Mapping[str, Any]) -> tuple[int, str]:
    """The round and the sentence; Refused when malformed."""
    inputs = read_inputs(view)
    return inputs.number("r"), inputs.text(NOTE)


def build_sent(nudged: Nudged) -> Json:
    """What becomes of it, only ever shown after the commit."""
    when = "順に" if nudged.now else f"{day_words(nudged.day)}の9時30分に"
    text = f"{nudged.count}人へのお知らせを用意しました。開庁時間のうちに{when}送ります。"
    if not nudged.now:
        text = f"{nudged.count}人へのお知らせを用意しました。{when}送ります。"
    return modal(_TITLE, [section(text)], callback_id=NOTICE_ONLY)


def note_too_long(length: int) -> str:
    """Under the field."""
    return f"{NOTE_LENGTH}字以内にしてください(いま{length}字です)。"


def render_nudge(letter: NudgeLetter) -> Rendered:
    """What is still to be entered; each row turns into its receipt."""
    waiting = [item for item in letter.items if item.outstanding]
    blocks = [section(_heading(letter, len(waiting)))]
    if letter.note and waiting:
        blocks.append(section(f"{_from(letter)}\n{quoted(letter.note, _NOTE_SHOWN)}"))
    blocks += [_row(letter, item) for item in letter.items[:_MOST_ITEMS]]
    blocks += _closing(letter, waiting=bool(waiting))
    return Rendered(escape_line(_notification(letter, len(waiting)), NOTIFICATION_LIMIT), blocks)


_WHAT_IS_SENT = "未入力の項目と「入力する」のボタンが、ご本人(不在のときは副担当)に届きます。"


def _is_over(letter: NudgeLetter) -> bool:
    return letter.today > letter.entry_until


def _heading(letter: NudgeLetter, waiting: int) -> str:
    title, due = letter.round.title, day_words(letter.round.dates.due)
    if not waiting:
        return f"*{title}　入力済です。ありがとうございました。*"
    if _is_over(letter):
        return f"*{title}の入力は{day_words(letter.entry_until)}で終わりました*"
    passed = f"({letter.days_late}開庁日経過)" if letter.days_late > 0 else ""
    return (
        f"*{title}　{waiting}件の入力をお願いします*\n"
        f"入力期限は{due}でした{passed}。{day_words(letter.entry_until)}まで入力できます。"
    )


def _from(letter: NudgeLetter) -> str:
    return f"{letter.round.asker}からの連絡です。"


def _row(letter: NudgeLetter, item: ItemStatus) -> Json:
    if not item.outstanding:
        return receipt_row(
            letter.round, item, entry_until=letter.entry_until, closed=_is_over(letter)
        )
    return closed_row(item) if _is_over(letter) else asking_row(letter.round, item)


def _closing(letter: NudgeLetter, *, waiting: bool) -> Iterator[Json]:
    rest = len(letter.items) - _MOST_ITEMS
    number = str(letter.letter_id)
    if rest > 0:
        yield actions(button(f"ほか{rest}件を見る", LETTER_MORE, number))
    if waiting and not _is_over(letter):
        yield actions(button(CONSULT, LETTER_CONSULT, number))
    yield context(*all_askers([letter.round]))


def _notification(letter: NudgeLetter, waiting: int) -> str:
    title = letter.round.stage.title
    if not waiting:
        return f"{title} 入力済です"
    return f"{title} 入力のお願い({waiting}件、{day_words(letter.entry_until)}まで)"
