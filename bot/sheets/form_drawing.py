"""The rows of a sheet as they are drawn: cells and merged cells with their look and lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bot.sheets.form_layout import SECTION, Look
from bot.sheets.form_pages import (
    FONT_SIZE,
    LINE_PITCH,
    Row,
    height_of_titles,
    room_for_text,
    rows_of,
)
from bot.sheets.form_sheets import Sheet
from bot.sheets.text_fit import lines_of

HEADING_HEIGHT = 22.0  # points, of one line
_HEAD_LARGER = 1.3  # letters of the heading, bold and of 11 points

_SIZES = {"head": 11.0, "name": 11.0, "title": 12.0, "subtitle": 10.0, "mark": 12.0}
_BOLD = frozenset({"head", "heading", "name", "title", "section", "mark", "word"})
_FILLED = frozenset({"section", "heading", "label"})
_ALL_SIDES = "lrtb"


@dataclass(frozen=True)
class Face:
    """What a cell looks like; size in points, lines at its sides as some of 「lrtb」."""

    size: float
    sides: str = ""
    bold: bool = False
    filled: bool = False
    across: str = "left"
    down: str = "top"


@dataclass(frozen=True)
class Box:
    """A cell, or those from the first to the last column and over some rows merged into one."""

    text: str
    look: str
    first: int
    last: int
    rows: int = 1
    sides: str = ""

    def face(self, row: int = 0, column: int | None = None) -> Face:
        """How one of its cells is drawn: the row from 0, the column of the sheet."""
        at = self.first if column is None else column
        ends = {"l": at == self.first, "r": at == self.last}
        ends |= {"t": row == 0, "b": row == self.rows - 1}
        return face_of(self.look, "".join(side for side in self.sides if ends[side]))


@dataclass(frozen=True)
class DrawnRow:
    """A row with the boxes that begin in it; ``repeated`` at the head of each page."""

    height: float
    boxes: tuple[Box, ...]
    breaks: bool = False
    repeated: bool = False


def face_of(look: str, sides: str) -> Face:
    """The face of a look: section, heading, label, text, mark, legend, or that of a line."""
    middle = look in ("section", "mark", "word", "form", "head", "name", "title", "more")
    across = {"section": "center", "mark": "center", "word": "center", "form": "right"}.get(
        look, "left"
    )
    return Face(
        size=_SIZES.get(look, FONT_SIZE),
        sides=sides,
        bold=look in _BOLD,
        filled=look in _FILLED,
        across=across,
        down="center" if middle else "top",
    )


def drawn_rows(sheet: Sheet) -> list[DrawnRow]:
    """The whole sheet, from its first row down."""
    titles, heading = height_of_titles(sheet.titles, sheet.widths), _height_of_heading(sheet)
    repeated = titles + heading - HEADING_HEIGHT
    rows = list(rows_of(sheet.blocks, sheet.widths, repeated=repeated))
    last = len(sheet.widths) - 1
    drawn = [_drawn(rows, place, last) for place in range(len(rows))]
    for begin, end in _sections(rows):
        label = Box(rows[begin].section, "section", SECTION, SECTION, end - begin, _ALL_SIDES)
        drawn[begin] = replace(drawn[begin], boxes=(label, *drawn[begin].boxes))
    return [*_heading(sheet, heading, titles), *drawn]


def _height_of_heading(sheet: Sheet) -> float:
    """As many lines as it takes beside the name of the form."""
    room = room_for_text(sum(sheet.widths[: _end_of_heading(sheet) + 1])) / _HEAD_LARGER
    return HEADING_HEIGHT + (lines_of(sheet.heading, room) - 1) * LINE_PITCH * _HEAD_LARGER


def _end_of_heading(sheet: Sheet) -> int:
    last = len(sheet.widths) - 1
    return last - 1 if sheet.form and last else last


def _heading(sheet: Sheet, height: float, height_of_headers: float) -> Iterator[DrawnRow]:
    last, end = len(sheet.widths) - 1, _end_of_heading(sheet)
    line = [Box(sheet.heading, "head", 0, end)]
    if end < last:
        line.append(Box(sheet.form, "form", last, last))
    yield DrawnRow(height, tuple(line), repeated=True)
    if sheet.titles:
        titles = [
            Box(text, "heading", n, n, sides=_ALL_SIDES) for n, text in enumerate(sheet.titles)
        ]
        yield DrawnRow(height_of_headers, tuple(titles), repeated=True)


def _drawn(rows: Sequence[Row], place: int, last: int) -> DrawnRow:
    row = rows[place]
    if row.kind != "cells":
        return DrawnRow(row.height, (Box(row.pieces[0].text, row.kind, 0, last),), row.breaks)
    new = _begins(rows, place)
    boxes = []
    for piece, opens in zip(row.pieces, row.opens, strict=True):
        ends = _begins(rows, place + piece.rows)
        sides = "lr" + ("t" if opens or new else "") + ("b" if ends else "")
        look = "word" if piece.look is Look.MARK and is_word(piece.text) else piece.look.value
        boxes.append(Box(piece.text, look, piece.first, piece.last, piece.rows, sides))
    return DrawnRow(row.height, tuple(boxes), row.breaks)


def is_word(mark: str) -> bool:
    """Whether 「対象外」 or the like stands in the place of a mark, and is to be set smaller."""
    return len(mark) > 1 and not mark.isascii()


def _begins(rows: Sequence[Row], place: int) -> bool:
    """Whether a section, a table or a page begins there; the end counts as such."""
    if place in (0, len(rows)):
        return True
    before, row = rows[place - 1], rows[place]
    return row.breaks or (before.kind, before.section) != (row.kind, row.section)


def _sections(rows: Sequence[Row]) -> Iterator[tuple[int, int]]:
    """Where the rows of each section begin and end, page by page."""
    begin = 0
    for place in range(1, len(rows) + 1):
        if _begins(rows, place):
            if rows[begin].section:
                yield begin, place
            begin = place
