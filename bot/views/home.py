"""The bot's Home tab: for now what `/kaikaku 自分` shows, on one screen."""

from __future__ import annotations

from bot.views.blocks import VIEW_BLOCKS, Json, characters, context, header, section
from bot.views.mine import Mine, mine_rows, outline
from bot.views.pages import Row, grouped
from bot.views.text import escape
from bot.views.words import moment_words

# A view takes 250 KB; a character of Japanese is three bytes, of an escape six.
_MOST_CHARACTERS = 30_000


def build_home(mine: Mine) -> Json:
    """The whole view; late items first."""
    rows = mine_rows(mine)
    shown = _fitting(rows)
    blocks = [header("担当の取組項目"), section(outline(mine)), *grouped(shown)]
    if len(rows) > len(shown):
        blocks.append(section(f"ほか{len(rows) - len(shown)}件は /kaikaku 自分 で見られます。"))
    blocks.append(context(f"{moment_words(mine.now)} 現在"))
    return {"type": "home", "blocks": blocks}


def build_home_refusal(message: str) -> Json:
    """Home for somebody who is not registered."""
    return {"type": "home", "blocks": [section(escape(message))]}


def _fitting(rows: list[Row]) -> list[Row]:
    """As many rows as stand on one screen, headings counted."""
    left, headings, size = VIEW_BLOCKS - 4, 0, 0
    for index, row in enumerate(rows):
        headings += index == 0 or rows[index - 1].group != row.group
        left -= len(row.blocks)
        size += characters(row.blocks)
        if left - headings < 0 or size > _MOST_CHARACTERS:
            return rows[:index]
    return rows
