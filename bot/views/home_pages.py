"""Home's long lists: which rows stand on which page, and two texts beside each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from bot.views.blocks import Json, characters, divider, mrkdwn, section
from bot.views.pages import Row
from bot.views.text import cut

# A view takes 100 blocks and 250 KB; a character of Japanese is three bytes, of an escape six.
# What stands above and below the rows takes the rest.
_ROWS_BLOCKS = 60
_ROWS_CHARACTERS = 16_000

_HEADING = 2  # a line across and the heading below it
_FIELD = 2000  # a section's fields (Slack, block-kit/blocks/section)


def home_pages(rows: Iterable[Row]) -> list[list[Row]]:
    """Every row exactly once, in order; at least one page."""
    pages: list[list[Row]] = [[]]
    blocks = size = 0
    for row in rows:
        added, length = len(row.blocks) + _HEADING, characters(row.blocks)
        if pages[-1] and (blocks + added > _ROWS_BLOCKS or size + length > _ROWS_CHARACTERS):
            pages.append([])
            blocks = size = 0
        page = pages[-1]
        blocks += len(row.blocks) + _HEADING * (not page or page[-1].group != row.group)
        size += length
        page.append(row)
    return pages


def home_grouped(rows: Iterable[Row]) -> Iterator[Json]:
    """The rows' blocks, each group under its heading and below a line."""
    group = ""
    for row in rows:
        if row.group != group:
            yield from (divider(), section(row.group))
        group = row.group
        yield from row.blocks


def chosen_page(pages: Sequence[Sequence[Row]], page: int) -> int:
    """A page beyond the last is the last."""
    return min(max(page, 0), len(pages) - 1)


def beside(left: str, right: str) -> Json:
    """Two texts in mrkdwn side by side; on a narrow screen one below the other."""
    return {"type": "section", "fields": [_field(left), _field(right)]}


def _field(text: str) -> Json:
    return mrkdwn(cut(text, _FIELD))
