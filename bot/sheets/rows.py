"""A text sheet as rows of cells: one line a row, tabs between cells, tags and noise taken out."""

from __future__ import annotations

import re
from dataclasses import dataclass

# Only tags that page converters write: 「<めざす状態>」 is a heading and stays.
_TAG = re.compile(
    r"</?(?:p|ul|ol|li|br|b|i|u|em|strong|span|div|table|thead|tbody|tr|td|th|sup|sub|font|input)"
    r"(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_PARAGRAPH_END = re.compile(r"</(p|li)>\s*<\1(?:\s[^<>]*)?>|<br\s*/?>", re.IGNORECASE)
_TICKED = re.compile(r"<input\b[^<>]*\bchecked\b[^<>]*>", re.IGNORECASE)
_BOX = re.compile(r"<input\b[^<>]*>", re.IGNORECASE)
_DASHES = re.compile(r"-{2,}")
_TRIMMED = " \t\r\n\f\v　"

UNTICKED_BOX = "□"
TICKED_BOX = "☑"


@dataclass(frozen=True)
class Row:
    """One line with something in it. ``number`` counts lines from 1, as an editor does."""

    number: int
    cells: tuple[str, ...]
    after_blank: bool

    @property
    def in_table(self) -> bool:
        """True when the line has cells, and is not a line of running text."""
        return len(self.cells) > 1

    @property
    def text(self) -> str:
        """What is written in the line, cells joined by spaces."""
        return " ".join(cell for cell in self.cells if cell)


def rows_of(text: str) -> list[Row]:
    """Every line of a sheet that says something; ruled lines of dashes are left out."""
    rows: list[Row] = []
    after_blank = True
    for number, line in enumerate(re.split(r"\r\n|\r|\n", text.removeprefix("\ufeff")), start=1):
        if not line.strip(_TRIMMED):
            after_blank = True
            continue
        cells = tuple(clean(cell) for cell in line.split("\t"))
        if not _is_ruled(cells):
            rows.append(Row(number, cells, after_blank))
            after_blank = False
    return rows


def clean(cell: str) -> str:
    """A cell as it is stored: tags taken out, a new paragraph a new line, ends trimmed."""
    text = _PARAGRAPH_END.sub("\n", cell)
    text = _BOX.sub(UNTICKED_BOX, _TICKED.sub(TICKED_BOX, text))
    return _TAG.sub("", text).strip(_TRIMMED)


def _is_ruled(cells: tuple[str, ...]) -> bool:
    written = [cell for cell in cells if cell]
    return bool(written) and all(_DASHES.fullmatch(cell) for cell in written)
