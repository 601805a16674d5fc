"""The receipt of a submission as a message of its own, where the letter is gone (wording.md 3)."""

from __future__ import annotations

from datetime import datetime

from bot.domain.status import ItemStatus
from bot.views.blocks import NOTIFICATION_LIMIT, Rendered, context
from bot.views.item_rows import receipt_row
from bot.views.letters import Letter, Notice, NoticeSection
from bot.views.round_info import all_askers
from bot.views.text import escape_line
from bot.views.words import item_name


def receipt_of(letter: Letter, *, since: datetime) -> Rendered | None:
    """The newest answer that the letter names; None when nothing was saved since then."""
    if not isinstance(letter, Notice):
        return None
    saved = [
        (item.saved_at, part, item)
        for part in letter.sections
        for item in part.items
        if item.saved_at is not None and item.saved_at >= since and not item.outstanding
    ]
    if not saved:
        return None
    _, part, item = max(saved, key=lambda each: each[0])
    return _render(part, item)


def _render(part: NoticeSection, item: ItemStatus) -> Rendered:
    text = f"{item_name(item.code)} {part.round.stage.title}の入力を保存しました"
    row = receipt_row(part.round, item, entry_until=part.entry_until)
    return Rendered(
        escape_line(text, NOTIFICATION_LIMIT), [row, context(*all_askers([part.round]))]
    )
