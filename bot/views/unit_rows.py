"""The rows of a unit's status: each ② with its 課題と改善策, and each item with its state."""

from __future__ import annotations

from collections.abc import Iterator

from bot.domain.answers import Answers
from bot.domain.form import Kind, Question, Stage
from bot.domain.status import ItemStatus, unfavourable
from bot.views.actions import YEARS_OPEN
from bot.views.blocks import Json, button, section
from bot.views.item_rows import CORRECT, open_button, open_label, review_button, standing_words
from bot.views.nudges import nudge_button
from bot.views.pages import PAGE_BLOCKS, Row, fits_one_page
from bot.views.targets import Filter, Target
from bot.views.text import escape, pieces, units
from bot.views.unit_status import UnitStatus
from bot.views.words import (
    SLASH,
    STATES,
    WIDE,
    away_words,
    item_name,
    item_title,
    marks,
    name_words,
    short_label,
    unfavourable_items,
    values_of,
)
from bot.views.years import BUTTON_LABEL as YEARS_LABEL

# How much of a 課題と改善策 the first page shows: as much of each as lets all of them stand there.
_TEXT_SHOWN = (3000, 1200, 600, 300)
_PIECE = 2900
_ROW_CHARACTERS = 7_000  # of one item's texts; a page takes a little more
_LEFT_OUT = "(続きは省略しています)"


def rows_of(status: UnitStatus) -> list[Row]:
    """What the filter lists, in order."""
    match status.filter:
        case Filter.FIRST:
            return _first(status)
        case Filter.OUTSTANDING:
            return [*_outstanding(status)]
        case Filter.UNFAVOURABLE:
            return [*_unfavourable(status, None)]
        case Filter.ALL:
            heading = f"*すべての項目({len(status.items)}件)*"
            return [Row(heading, (_item(status, item),)) for item in status.items]


def marked_unfavourable(status: UnitStatus) -> list[ItemStatus]:
    """The items with ② that the reader may read."""
    marked = unfavourable(status.items, status.round.form, status.round.stage.key)
    return [item for item in marked if item.initiative_id in status.readable]


def explaining_texts(stage: Stage, answers: Answers) -> list[tuple[Question, str]]:
    """The texts that must come with an unfavourable mark, as far as they were written."""
    found = []
    for question in stage.questions:
        explanation = stage.explanation_of(question) if question.kind is Kind.CHOICE else None
        if explanation and any(
            _is_unfavourable(question, value) for value in values_of(question, answers)
        ):
            found += [(explanation, text) for text in values_of(explanation, answers)]
    return found


def _first(status: UnitStatus) -> list[Row]:
    outstanding = [*_outstanding(status)]
    for most in _TEXT_SHOWN:
        rows = [*_unfavourable(status, most), *outstanding]
        if fits_one_page(rows):
            return rows
        if sum(len(row.blocks) for row in rows) > PAGE_BLOCKS:
            return rows  # no shortening will bring it onto one page
    return rows


def _outstanding(status: UnitStatus) -> Iterator[Row]:
    sent_back = [item for item in status.items if item.mend_by]
    for item in sent_back:
        yield Row(f"*差し戻し({len(sent_back)}件)*", (_item(status, item),))
    waiting = [item for item in status.items if item.outstanding and not item.mend_by]
    for item in waiting:
        yield Row(f"*未入力({_how_many(status, waiting)})*", (_item(status, item),))


def _how_many(status: UnitStatus, waiting: list[ItemStatus]) -> str:
    late = sum(not item.away for item in waiting) if status.days_late > 0 else 0
    if late == len(waiting):
        return f"期限超過 {late}件"
    return f"{len(waiting)}件、うち期限超過 {late}件" if late else f"{len(waiting)}件"


def _unfavourable(status: UnitStatus, most: int | None) -> Iterator[Row]:
    """Each ② with its text: cut to ``most``, or in full over several blocks."""
    items = marked_unfavourable(status)
    heading = f"*{unfavourable_items(status.round.stage)}({len(items)}件)*"
    for item in items:
        texts = explaining_texts(status.round.stage, item.answers)
        yield Row(heading, (_item(status, item), *_text_blocks(texts, most)))


def _text_blocks(texts: list[tuple[Question, str]], most: int | None) -> Iterator[Json]:
    """Labelled texts; beyond what one page can take they are said to be left out."""
    left = _ROW_CHARACTERS
    for question, text in texts:
        shown = [escape(text.strip(), most)] if most else pieces(text.strip(), _PIECE)
        for index, piece in enumerate(shown):
            left -= units(piece)
            if left < 0:
                yield section(_LEFT_OUT)
                return
            label = "" if index else f"*{short_label(question)}*{WIDE}"
            yield section(label + piece)


def _item(status: UnitStatus, item: ItemStatus) -> Json:
    """「取組項目7　【…】　保健福祉課　期限から3開庁日」, with a button for who may answer."""
    parts = [item_title(item.code, item.title)]
    if item.sections:
        parts.append("・".join(name_words(name) for name in item.sections[:3]))
    parts.append(_standing(status, item))
    text = WIDE.join(part for part in parts if part)
    if item.initiative_id in status.confirmable:
        return section(text, review_button(status.round, item))
    if item.initiative_id not in status.answerable:
        nudges = item.initiative_id in status.nudgeable
        beside = nudge_button(status.round, item) if nudges else _years(status, item)
        return section(text, beside)
    label = CORRECT if status.round.published else open_label(item)
    return section(text, open_button(status.round, item, label))


def _years(status: UnitStatus, item: ItemStatus) -> Json | None:
    """For who may read the item's history, and has nothing else to do with it."""
    if item.initiative_id not in status.historical:
        return None
    value = Target(status.round.round_id, item.initiative_id).encode()
    says = f"{item_name(item.code)} {YEARS_LABEL}"
    return button(YEARS_LABEL, YEARS_OPEN, value, says=says)


def _standing(status: UnitStatus, item: ItemStatus) -> str:
    if item.mend_by is not None:
        return standing_words(item)
    if item.outstanding and item.away:
        return SLASH.join((STATES[item.state], away_words(item.deputies)))
    if item.outstanding:
        return f"期限から{status.days_late}開庁日" if status.days_late > 0 else STATES[item.state]
    shown = marks(status.round.stage, item.answers) if item.initiative_id in status.readable else ""
    pending = "暫定" if item.provisional and not item.undetermined else ""
    parts = (standing_words(item), shown, pending)
    return SLASH.join(dict.fromkeys(part for part in parts if part))


def _is_unfavourable(question: Question, value: str) -> bool:
    chosen = question.option(value)
    return chosen is not None and chosen.unfavourable
