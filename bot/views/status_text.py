"""A unit's status as plain text, for `kaikaku status` on the command line."""

from __future__ import annotations

from collections.abc import Iterator

from bot.domain.status import ItemStatus
from bot.views.item_rows import standing_words
from bot.views.text import clean, line
from bot.views.unit_rows import explaining_texts, marked_unfavourable
from bot.views.unit_status import UnitStatus, as_of, count_lines, due_words, headline
from bot.views.words import SLASH, STATES, item_name, short_label, unfavourable_items


def as_text(status: UnitStatus) -> str:
    """Everything on one page: counts, each ② with its text, then what is outstanding."""
    return "\n".join(_lines(status)) + "\n"


def _lines(status: UnitStatus) -> Iterator[str]:
    yield status.round.full_title
    yield f"{headline(status)}　{due_words(status)}"
    yield from count_lines(status)
    marked = marked_unfavourable(status)
    if marked:
        yield f"\n{unfavourable_items(status.round.stage)}({len(marked)}件)"
    for item in marked:
        yield _title(item)
        for question, text in explaining_texts(status.round.stage, item.answers):
            yield f"    {short_label(question)}　{line(clean(text))}"
    sent_back = [item for item in status.items if item.mend_by]
    if sent_back:
        yield f"\n差し戻し({len(sent_back)}件)"
    for item in sent_back:
        yield f"{_title(item)}　{standing_words(item)}"
    waiting = [item for item in status.items if item.outstanding and not item.mend_by]
    if waiting:
        yield f"\n未入力({len(waiting)}件)"
    for item in waiting:
        yield f"{_title(item)}　{_standing(status, item)}"
    yield f"\n{SLASH.join(as_of(status))}"


def _title(item: ItemStatus) -> str:
    sections = "　" + "・".join(map(line, item.sections)) if item.sections else ""
    title = f"　【{line(item.title)}】" if item.title else ""
    return f"  {item_name(item.code)}{title}{sections}"


def _standing(status: UnitStatus, item: ItemStatus) -> str:
    if status.days_late > 0:
        return f"期限から{status.days_late}開庁日"
    return STATES[item.state]
