"""The lines that open an item, 「取組項目3」, and the lines that only a new page says again."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.sheets.folding import fold, fold_words, spaced
from bot.sheets.labels import ITEM, ITEM_UNNUMBERED
from bot.sheets.rows import Row

# Number and title may share a line: 「取組項目3 【題名】」, or have cells of their own.
_OPENING = re.compile(rf"{ITEM.pattern}\s*(?=【|$)")
_OPENING_CELLS = 3
_CONTINUED = re.compile(rf"{ITEM.pattern}\s*\(?\s*{spaced('続')}\s*き?\s*\)?")


def item_rows(rows: Sequence[Row]) -> list[Row]:
    """The rows with each line that opens an item on its own, and its title below it."""
    return [each for row in rows for each in _opened(row)]


def is_item_line(row: Row) -> bool:
    """True for a line that holds nothing but 「取組項目」 and its number, if that can be read."""
    if row.in_table and any(row.cells[1:]):
        return False
    text = fold(row.text).text
    return bool(ITEM.fullmatch(text) or ITEM_UNNUMBERED.fullmatch(text))


def without_running_heads(rows: Sequence[Row], heading: Sequence[Row]) -> list[Row]:
    """The rows below the heading without what each page repeats of it, or 「取組項目3(続き)」."""
    printed = {fold_words(row.text) for row in heading if not row.in_table}
    return [row for row in rows if row.in_table or not _is_repeated(row, printed)]


def _opened(row: Row) -> Iterator[Row]:
    folded = fold(row.text)
    match = _OPENING.match(folded.text)
    if match is None or sum(map(bool, row.cells)) > _OPENING_CELLS:
        yield row
        return
    yield replace(row, cells=(folded.cut(0, match.end()),))
    title = folded.cut(match.end())
    if title:
        yield Row(row.number, (title,), after_blank=False)


def _is_repeated(row: Row, printed: set[str]) -> bool:
    words = fold_words(row.text)
    return words in printed or bool(_CONTINUED.fullmatch(words))
