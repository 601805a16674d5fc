"""Long lists cut into pages that Slack takes: which rows stand on which page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bot.views.blocks import Json, characters, section

# A page also holds a heading, counts, buttons and small print.
PAGE_BLOCKS = 40
_PAGE_CHARACTERS = 8_500


@dataclass(frozen=True)
class Row:
    """Blocks that stay together; ``group`` is the heading, in mrkdwn, under which they stand."""

    group: str
    blocks: tuple[Json, ...]


def paginate(rows: Sequence[Row]) -> list[list[Row]]:
    """Every row exactly once, in order; at least one page."""
    pages: list[list[Row]] = [[]]
    for row in rows:
        if pages[-1] and not _fits([*pages[-1], row]):
            pages.append([])
        pages[-1].append(row)
    return pages


def fits_one_page(rows: Sequence[Row]) -> bool:
    """Whether all rows stand on a single page."""
    return _fits(rows)


def grouped(rows: Iterable[Row]) -> Iterator[Json]:
    """The rows' blocks, each group under its heading."""
    group = ""
    for row in rows:
        if row.group != group:
            yield section(row.group)
        group = row.group
        yield from row.blocks


def _fits(rows: Iterable[Row]) -> bool:
    listed = list(rows)
    headings = len({row.group for row in listed})
    blocks = [block for row in listed for block in row.blocks]
    return len(blocks) + headings <= PAGE_BLOCKS and characters(blocks) <= _PAGE_CHARACTERS
