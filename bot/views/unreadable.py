"""「公表資料で判読できない印の確認」: what a published file lost, to be read from the paper."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.domain.answers import Answers, says_nothing
from bot.domain.calendar import era_year
from bot.domain.fields import Field
from bot.domain.form import Kind, Stage
from bot.views.actions import INPUT, NOTICE_ONLY, UNREADABLE, UNREADABLE_OPEN
from bot.views.blocks import (
    Json,
    actions,
    button,
    choice,
    context,
    divider,
    input_,
    modal,
    option,
    section,
    text_input,
)
from bot.views.inputs import Inputs, read_inputs
from bot.views.refusals import coordinators_only
from bot.views.targets import Page, decode_number
from bot.views.text import escape, escape_line, line, storable
from bot.views.words import WIDE, item_title, name_words, option_words, short_label

MAY_NOT = coordinators_only("判読できない印を確認できる")
NOTHING_CHOSEN = "紙の資料で確かめた内容を、1つ以上選んでください。"
REVISION_REASON = "公表資料で判読できない印を、紙の資料で確かめた。"
BUTTON_LABEL = "判読できない印を確認する"

_TITLE = "判読できない印の確認"
_BLANK = "blank"  # no option of a form has this key: theirs are words of the form
_BLANK_WORDS = "紙でも空欄"
_ANSWERS, _BLOCKS = 8, 60  # of one page
_MARKS = 40  # of one answer; the others come once these are saved
_SAID = 240  # characters of what else the file says
_LABEL = 300
_LINES = 40


@dataclass(frozen=True)
class LostMark:
    """A question whose answer the file lost."""

    field: Field

    @property
    def label(self) -> str:
        """「目標の達成状況」, with the indicator's name where it is about one; plain text."""
        name = f"{self.field.name}{WIDE}" if self.field.name else ""
        return line(name + self.field.question.heading)[:_LABEL]


@dataclass(frozen=True)
class LostAnswer:
    """An answer of which marks were lost; ``answers`` is what the file did say.

    ``frozen``: its round is published, nothing of it changes any more.
    """

    check_in_id: int
    year: int
    plan_name: str
    code: str
    title: str
    stage: Stage
    fields: tuple[Field, ...]
    answers: Answers
    marks: tuple[LostMark, ...]
    frozen: bool = False


@dataclass(frozen=True)
class LostList:
    """All of a unit, the newest plan first, in printed order."""

    unit_id: int
    unit_name: str
    answers: tuple[LostAnswer, ...] = ()

    @property
    def open(self) -> tuple[LostAnswer, ...]:
        """Those that can still be answered."""
        return tuple(each for each in self.answers if not each.frozen)


@dataclass(frozen=True)
class TypedMarks:
    """What was chosen, by answer and question; "" is blank on the paper as well.

    ``start`` and ``shown`` are where the page began and which answers stood on it.
    """

    unit_id: int
    marks: Mapping[tuple[int, str], str] = field(default_factory=dict)
    start: int = 0
    shown: tuple[int, ...] = ()
    first_field: tuple[str, ...] = ()  # where a fault of the whole is shown

    @property
    def by_answer(self) -> dict[int, dict[str, str]]:
        """What was chosen, answer by answer."""
        found: dict[int, dict[str, str]] = {}
        for (check_in_id, key), said in self.marks.items():
            found.setdefault(check_in_id, {})[key] = said
        return found


@dataclass(frozen=True)
class Confirmed:
    """What is still lost once some marks are stored; ``told``: whose letters have changed."""

    left: LostList
    saved: int
    skipped: int = 0
    told: frozenset[int] = frozenset()


def build_list(lost: LostList, start: int = 0, *, notes: Sequence[str] = ()) -> Json:
    """One page from the ``start``-th answer on; a place beyond the last begins anew."""
    listed = lost.open
    first = start if 0 <= start < len(listed) else 0
    shown = _page(listed, first)
    ids = [each.check_in_id for each in shown]
    return modal(
        _TITLE,
        _blocks(lost, first, shown, notes),
        callback_id=UNREADABLE if shown else NOTICE_ONLY,
        metadata={"u": str(lost.unit_id), "s": str(first), "i": ids},
        submit="保存する" if shown else "",
    )


def build_confirmed(confirmed: Confirmed, typed: TypedMarks) -> Json:
    """What was stored, only ever said after the commit, and the next page."""
    left = {each.check_in_id for each in confirmed.left.open}
    start = typed.start + sum(each in left for each in typed.shown)
    notes = [f"*{confirmed.saved}件を保存しました。*"] if confirmed.saved else []
    if confirmed.skipped:
        notes.append(
            f"{confirmed.skipped}件は、ほかの方が確認したか、Slackで入力されたため、変えていません。"
        )
    if left and start >= len(confirmed.left.open):
        notes.append("最後まで進みました。まだ選んでいないものを、最初から表示しています。")
    return build_list(confirmed.left, start, notes=notes)


def read_list(view: Mapping[str, Any]) -> TypedMarks:
    """What was chosen; Refused when malformed. What is left open is for another time."""
    inputs = read_inputs(view)
    marks = {
        at: said
        for block_id in inputs.states
        if (at := _place(block_id)) is not None
        for said in _said(inputs, block_id)
    }
    found = inputs.metadata.get("i")
    shown = [each for each in found if isinstance(each, int)] if isinstance(found, list) else []
    first = next((block_id for block_id in inputs.states if _place(block_id)), None)
    return TypedMarks(
        unit_id=inputs.number("u"),
        marks=marks,
        start=inputs.number("s"),
        shown=tuple(shown),
        first_field=(first,) if first else (),
    )


def plain_lines(lost: LostList) -> Iterator[str]:
    """One line an answer, plain text: 「令和3年度 取組項目1 自己評価：目標の達成状況」."""
    for each in lost.answers:
        marks = "、".join(mark.label for mark in each.marks)
        published = "(公表済み)" if each.frozen else ""
        yield f"{era_year(each.year)} {_name(each)} {each.stage.title}：{marks}{published}"


def _name(answer: LostAnswer) -> str:
    return line(f"{answer.code} {answer.title}").strip()


def _place(block_id: str) -> tuple[int, str] | None:
    """The answer and the question of an input."""
    number, _, key = block_id.partition(":")
    check_in_id = decode_number(number)
    return (check_in_id, key) if check_in_id and key else None


def _said(inputs: Inputs, block_id: str) -> Iterator[str]:
    """What was chosen or written, or nothing; 「—」 says that the paper is blank."""
    if chosen := inputs.chosen(block_id):
        yield "" if chosen == _BLANK else chosen
    elif written := storable(inputs.text(block_id)):
        yield "" if says_nothing(written) else written


def _page(listed: Sequence[LostAnswer], start: int) -> tuple[LostAnswer, ...]:
    """As many as stand on one screen, at least one."""
    shown: list[LostAnswer] = []
    blocks = 0
    for each in listed[start : start + _ANSWERS]:
        blocks += len(each.marks[:_MARKS]) + 3
        if shown and blocks > _BLOCKS:
            break
        shown.append(each)
    return tuple(shown)


def _blocks(
    lost: LostList, start: int, shown: Sequence[LostAnswer], notes: Sequence[str]
) -> Iterator[Json]:
    listed = lost.open
    yield from (section(note) for note in notes)
    yield section(_head(lost))
    frozen = len(lost.answers) - len(listed)
    if frozen:
        yield context(f"公表済みのため、ここでは変えられないものが{frozen}件あります。")
    for each in shown:
        yield divider()
        yield from _answer(each)
    if len(listed) > len(shown):
        yield divider()
        end = start + len(shown)
        yield context(
            f"全{len(listed)}件のうち、{start + 1}～{end}件目です。"
            "保存すると次へ進みます。選ばなかったものは、あとで確認できます。"
        )
        yield actions(*_turning(lost, start, len(shown)))


def _head(lost: LostList) -> str:
    unit = f"*{name_words(lost.unit_name)}*{WIDE}"
    if not lost.open:
        return f"{unit}確認が必要な判読できない印はありません。"
    return (
        f"{unit}判読できない印のある内容が{len(lost.open)}件あります。\n"
        "公表資料のファイルから読み取れなかった印です。紙の資料を見て選んでください。"
        "Slackで入力された内容は変わりません。"
    )


def _turning(lost: LostList, start: int, count: int) -> Iterator[Json]:
    if start > 0:
        before = Page(lost.unit_id, max(start - _ANSWERS, 0)).encode()
        yield button("前のページ", f"{UNREADABLE_OPEN}:back", before)
    if start + count < len(lost.open):
        after = Page(lost.unit_id, start + count).encode()
        yield button("保存せずに次のページ", f"{UNREADABLE_OPEN}:next", after)


def _answer(answer: LostAnswer) -> Iterator[Json]:
    head = item_title(answer.code, answer.title)
    yield section(f"{head}\n{era_year(answer.year)} {escape_line(answer.stage.title, 60)}")
    if read := _read(answer):
        yield context(f"読み取れた内容{WIDE}{read}")
    for mark in answer.marks[:_MARKS]:
        yield _mark(answer, mark)


def _read(answer: LostAnswer) -> str:
    """What the file did say, to find the place on the paper by."""
    said = []
    for each in answer.fields:
        value = answer.answers.get(each.key, "").strip()
        chosen = each.question.option(value)
        shown = option_words(chosen) if chosen else value
        if shown and each.question.kind in (Kind.CHOICE, Kind.TEXT):
            said.append(f"{short_label(each.question)}：{shown}")
    return escape(line(" ／ ".join(said)), _SAID) if said else ""


def _mark(answer: LostAnswer, mark: LostMark) -> Json:
    question, block_id = mark.field.question, f"{answer.check_in_id}:{mark.field.key}"
    if question.kind is Kind.TEXT:
        element = text_input(f"{INPUT}:mark", "", most=question.max_length)
        return input_(
            block_id, mark.label, element, hint="紙でも空欄の場合は「—」と書いてください。"
        )
    options = [option(each.label, each.key) for each in question.legend or question.options]
    element = choice(f"{INPUT}:mark", [*options, option(_BLANK_WORDS, _BLANK)], None)
    return input_(block_id, mark.label, element)
