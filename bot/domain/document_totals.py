"""What stands on the cover and in the lists: counts by mark, what is not final yet, corrections."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import takewhile

from bot.domain.answers import is_asked, is_provisional, is_undetermined
from bot.domain.calendar import era_day
from bot.domain.checkins import State
from bot.domain.documents import DocumentItem, FormDocument, Listing
from bot.domain.fields import Field, Indicator, fields_of
from bot.domain.form import Kind, Question, Scope, Stage

STATE_WORDS = {
    State.OUTSTANDING: "未入力",
    State.SENT_BACK: "差し戻し",
    State.SUBMITTED: "入力済(確認前)",
    State.CONFIRMED: "確認済",
    State.NOT_APPLICABLE: "対象外",
}

_UNREADABLE = "unreadable"  # beside the keys of the options, none of which is called so


@dataclass(frozen=True)
class Tally:
    """The counts of one question, or of the states: 「目標の達成見込み」, ① 12, ② 3, 未入力 1."""

    label: str
    counts: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Remark:
    """Why an item is not final yet: 「取組項目7」「暫定の数値です」."""

    item: str
    words: str


@dataclass(frozen=True)
class Correction:
    """A change after publication, as 公表後の修正一覧 tells it."""

    item: str  # 「取組項目7　課題と改善策」
    before: str
    after: str
    corrected_on: date
    reason: str


def item_name(document: FormDocument, item: DocumentItem) -> str:
    """「取組項目7」, by the word of the form."""
    return f"{document.form.item}{item.initiative.code}"


def item_fields(stage: Stage, item: DocumentItem) -> tuple[Field, ...]:
    """What a stage asks of an item; an indicator is named by its place from 1."""
    indicators = [
        Indicator(str(place), each.name)
        for place, each in enumerate(item.initiative.indicators, start=1)
    ]
    return fields_of(stage, Scope.INITIATIVE, indicators)


def tallies(document: FormDocument) -> tuple[Tally, ...]:
    """How the items stand in the document's round, then each question that has marks."""
    if not document.form.has_stage(document.stage):
        return ()
    stage = document.form.stage(document.stage)
    marked = [each for each in stage.questions if _is_counted(each)]
    return (_states(document), *(_marks(document, stage, question) for question in marked))


def remarks(document: FormDocument) -> tuple[Remark, ...]:
    """What is missing, 暫定, 未確定, 未確認 or unreadable in the document's round, item by item.

    Of the reviews that are printed before it, what is unreadable.
    """
    if not document.form.has_stage(document.stage):
        return ()
    stage = document.form.stage(document.stage)
    return tuple(
        Remark(item_name(document, item), words)
        for item in document.items
        for words in (
            *_open_points(stage, item, awaits=document.confirmed),
            *_lost_before(document, item),
        )
    )


def summary(
    documents: Sequence[tuple[str, FormDocument | None]],
    *,
    title: str,
    unpublished: str | None = None,
    footer: str = "",
) -> Listing:
    """The counts of several units as one table, in the order given; None: no plan is stored."""
    heads: dict[str, None] = {}
    for _, document in documents:
        if document is not None:
            heads.update(dict.fromkeys(head for head, _ in _columns(document)))
    return Listing(
        title=title,
        headers=("区・局", "項目数", *heads),
        rows=tuple(_summary_row(name, document, tuple(heads)) for name, document in documents),
        widths=(3, 2, *(2 for _ in heads)),
        unpublished=unpublished,
        footer=footer,
    )


def correction_list(
    corrections: Iterable[Correction], *, heading: str, footer: str = "", lines: Sequence[str] = ()
) -> Listing:
    """公表後の修正一覧(正誤表), columns as wording.md 9 has them."""
    return Listing(
        title=f"{heading}　公表後の修正一覧(正誤表)",
        headers=("取組項目", "修正前", "修正後", "修正日", "理由"),
        rows=tuple(
            (each.item, each.before, each.after, era_day(each.corrected_on), each.reason)
            for each in corrections
        ),
        widths=(4, 9, 9, 3, 5),
        lines=tuple(lines),
        footer=footer,
    )


def _is_counted(question: Question) -> bool:
    return question.kind is Kind.CHOICE and question.scope is not Scope.UNIT


def _states(document: FormDocument) -> Tally:
    found = [_state(document.stage, item) for item in document.items]
    named = STATE_WORDS if document.awaits else {**STATE_WORDS, State.SUBMITTED: "入力済"}
    counts = tuple(
        (words, found.count(state))
        for state, words in named.items()
        if document.unpublished or state in found
    )
    stage = document.form.stage(document.stage)
    provisional = sum(_provisional(stage, item) for item in document.items)
    undetermined = sum(_undetermined(stage, item) for item in document.items)
    asks = {question.kind for question in stage.questions}
    late = (("うち暫定", provisional), ("うち未確定", undetermined)) if Kind.FLAG in asks else ()
    return Tally(f"{document.form.item}の状況", (*counts, *late))


def _marks(document: FormDocument, stage: Stage, question: Question) -> Tally:
    chosen = list(_chosen(document, stage, question))
    counts = [(option.label, chosen.count(option.key)) for option in question.options]
    counts.append(("判読できない印", chosen.count(_UNREADABLE)))
    counts.append(("印なし", chosen.count("")))
    hidden = sum(stage.key in item.withheld for item in document.items)
    counts.append(("確認前(非表示)", hidden))
    marks = {option.label for option in question.legend}
    return Tally(question.heading, tuple((n, c) for n, c in counts if c or n in marks))


def _chosen(document: FormDocument, stage: Stage, question: Question) -> Iterator[str]:
    """The option key of each answer to a question: "" where one is asked for and not given."""
    for item in document.items:
        answers, fields = item.answers(stage.key), item_fields(stage, item)
        for field in fields if answers.values else ():
            if field.key in answers.unreadable:
                chosen = _UNREADABLE
            elif is_asked(field, fields, answers.values):
                chosen = answers.values.get(field.key, "")
            else:
                continue
            if field.question is question:
                yield chosen


def _state(stage: str, item: DocumentItem) -> State:
    if stage in item.states:
        return item.states[stage]
    return State.SUBMITTED if item.answers(stage).values else State.OUTSTANDING


def _provisional(stage: Stage, item: DocumentItem) -> bool:
    return is_provisional(item_fields(stage, item), item.answers(stage.key).values)


def _undetermined(stage: Stage, item: DocumentItem) -> bool:
    return is_undetermined(item_fields(stage, item), item.answers(stage.key).values)


def _open_points(stage: Stage, item: DocumentItem, *, awaits: bool) -> Iterator[str]:
    state = _state(stage.key, item)
    if state in (State.OUTSTANDING, State.SENT_BACK) or (awaits and state is State.SUBMITTED):
        yield STATE_WORDS[state]
    if _undetermined(stage, item):
        yield "未確定(数値の確定待ち)"
    elif _provisional(stage, item):
        yield "暫定の数値"
    yield from (f"判読できない箇所：{name}" for name in _lost(stage, item))


def _lost_before(document: FormDocument, item: DocumentItem) -> Iterator[str]:
    """「中間振り返りの判読できない箇所：取組内容の実施見込み」"""
    for stage in takewhile(lambda each: each.key != document.stage, document.printed_stages):
        yield from (f"{stage.title}の判読できない箇所：{name}" for name in _lost(stage, item))


def _lost(stage: Stage, item: DocumentItem) -> Iterator[str]:
    """What a file had lost: the question, and the indicator that it is about."""
    for field in item_fields(stage, item):
        if field.key in item.answers(stage.key).unreadable:
            yield f"{field.question.heading}{field.name and f'({field.name})'}"


def _columns(document: FormDocument) -> Iterator[tuple[str, int]]:
    """The columns of a summary: a mark stands behind the words of its question."""
    first, *others = tallies(document) or (Tally("", ()),)
    yield from first.counts
    for tally in others:
        for name, count in tally.counts:
            yield f"{tally.label}\n{name}", count


def _summary_row(name: str, document: FormDocument | None, heads: Sequence[str]) -> tuple[str, ...]:
    if document is None:
        return (name, "計画なし", *("" for _ in heads))
    counts = dict(_columns(document))
    return (name, str(len(document.items)), *(str(counts.get(head, 0)) for head in heads))
