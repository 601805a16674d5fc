"""The rows of the form on pages of A4: how high each is, and where a long text goes on.

Excel shows no more than 409 points of a row and breaks pages only between rows. A text that is
longer goes on in the row below, under 「(続き)」; the cells joined are the text again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, zip_longest

from bot.sheets.form_layout import Block, Line, Look, Piece
from bot.sheets.text_fit import cut, lines_of

GOES_ON = "(続き)"

FONT_SIZE = 9.0  # points: what is read on paper
LINE_PITCH = 13.2  # points: Japanese fonts need up to 1.45 em a line
_LARGER = 1.4  # letters of a title, bold and of 12 points
_PADDING = 5.0
_CELL_MARGINS = 2.2  # millimetres, both sides together
_POINTS = 72 / 25.4

# A4 less margins, head and foot, and the heading that each page repeats, and a little slack.
PAGE_HEIGHT = 464.0
_WHOLE_LINES = 15  # a row of so few lines goes to the next page rather than in two
_LEAST_PART = 8  # lines of a text beside shorter ones
_MOST_LINES = 30  # of one row: 409 points
_WHOLE_HEIGHT = 300.0  # rows that share a cell stay on one page as far as this, in points
_LEAST_ROW = LINE_PITCH + _PADDING
_SECTION_HEIGHT = 3 * LINE_PITCH + _PADDING  # 「中間振り返り」, two characters a line


@dataclass(frozen=True)
class Row:
    """A row of the sheet. ``opens``: something new begins, so that a line stands above it."""

    kind: str  # name, title, subtitle, more (an item goes on), or cells
    height: float  # points
    pieces: tuple[Piece, ...]
    section: str = ""
    opens: tuple[bool, ...] = ()  # by piece
    breaks: bool = False  # a page begins with it


def rows_of(
    blocks: Iterable[Block], widths: Sequence[int], *, repeated: float = 0.0
) -> Iterator[Row]:
    """The rows of all blocks on a grid of columns that wide (millimetres).

    ``repeated`` is the height, in points, of what each page has above them besides the heading.
    """
    pages = _Pages(widths, PAGE_HEIGHT - repeated)
    for block in blocks:
        for _, rows in groupby(pages.rows(block), key=lambda row: (row.section, row.kind)):
            yield from _with_room_for_section(list(rows))


def _with_room_for_section(rows: list[Row]) -> list[Row]:
    """The last row is made higher where a section's label would not fit beside its rows."""
    missing = _SECTION_HEIGHT - sum(row.height for row in rows)
    if rows[0].section and missing > 0:
        rows[-1] = replace(rows[-1], height=rows[-1].height + missing)
    return rows


def room_for_text(millimetres: float) -> float:
    """The room of a cell for text, in em."""
    return (millimetres - _CELL_MARGINS) * _POINTS / FONT_SIZE


def height_of_titles(titles: Sequence[str], widths: Sequence[int]) -> float:
    """How high the row of the columns' headers is, in points; 0 when there are none."""
    lines = [lines_of(t, room_for_text(w)) for t, w in zip(titles, widths, strict=False)]
    return max(lines) * LINE_PITCH + _PADDING if lines else 0.0


class _Pages:
    """Rows on their way down the page: how much of it is left."""

    def __init__(self, widths: Sequence[int], height: float) -> None:
        self._widths = widths
        self._height_of_page = self._left = height
        self._section = ""
        self._breaks = False

    def rows(self, block: Block) -> Iterator[Row]:
        if block.new_page:
            self._turn()
        found = (("name", block.name), ("title", block.title), ("subtitle", block.subtitle))
        for kind, text in found:
            if text:
                yield self._placed(self._wide(kind, text))
        self._section = ""
        groups = list(_groups(block.lines))
        for group, following in zip_longest(groups, groups[1:]):
            kept_with = self._least(following) if following and _has_heading(group[-1]) else 0
            yield from self._group(block, group, kept_with)

    def _group(self, block: Block, lines: Sequence[Line], kept_with: float) -> Iterator[Row]:
        """Lines that share a cell, in one piece where that fits; else each for itself."""
        heights = self._heights(lines)
        if len(lines) == 1 or sum(heights) > _WHOLE_HEIGHT:
            for place, line in enumerate(self._apart(lines)):
                yield from self._line(block, line, kept_with if place == len(lines) - 1 else 0)
            return
        yield from self._page_for(block, lines[0], sum(heights) + kept_with)
        for line, height in zip(lines, heights, strict=True):
            opens = (True,) * len(line.pieces)
            yield self._placed(Row("cells", height, line.pieces, line.section, opens))

    def _apart(self, lines: Sequence[Line]) -> Iterator[Line]:
        """The lines with cells of their own: a text that reaches down is cut to their heights.

        What is left blank keeps the sides of the cells above, so that label and text stay apart.
        """
        cells: list[list[Piece]] = [[] for _ in lines]
        own = [[piece for piece in line.pieces if piece.rows == 1] for line in lines]
        heights = [max(self._needed(pieces), _LEAST_PART) for pieces in own]
        for place, line in enumerate(lines):
            for piece in line.pieces:
                for below, part in enumerate(self._parts(piece, heights[place:])):
                    cells[place + below].append(part)
        edges = {piece.first for line in lines for piece in line.pieces}
        for line, pieces in zip(lines, cells, strict=True):
            taken = {n for piece in pieces for n in range(piece.first, piece.last + 1)}
            begin = 1 if line.section else 0
            free = [n for n in range(begin, len(self._widths)) if n not in taken]
            pieces += [Piece(Look.BLANK, "", run[0], run[-1]) for run in _runs(free, edges)]
            ordered = sorted(pieces, key=lambda piece: piece.first)
            yield replace(line, pieces=_labelled(ordered))

    def _parts(self, piece: Piece, heights: Sequence[int]) -> Iterator[Piece]:
        """A piece row by row; the last has all that is left of its text."""
        rest = piece.text
        for row in range(piece.rows):
            text, goes_on = rest, row > 0
            if piece.look is Look.TEXT and row < piece.rows - 1:
                text, rest = cut(rest, self._width(piece), heights[row])
            elif piece.look is not Look.TEXT and goes_on:
                text = GOES_ON if piece.look is Look.LABEL else ""
            look = piece.look if text or not goes_on else Look.BLANK
            yield replace(piece, look=look, text=text, rows=1, goes_on=goes_on)

    def _heights(self, lines: Sequence[Line]) -> list[float]:
        """How high each of the lines must be; what reaches down has room at its last."""
        heights = [_LEAST_ROW] * len(lines)
        pieces = [(place, piece) for place, line in enumerate(lines) for piece in line.pieces]
        for place, piece in sorted(pieces, key=lambda found: found[0] + found[1].rows):
            end = place + piece.rows
            missing = self._height([piece]) - sum(heights[place:end])
            heights[end - 1] += max(missing, 0)
        return heights

    def _height(self, pieces: Iterable[Piece]) -> float:
        return self._needed(pieces) * LINE_PITCH + _PADDING

    def _least(self, lines: Sequence[Line]) -> float:
        """The room without which lines are not begun on a page."""
        whole = sum(self._heights(lines))
        if len(lines) > 1 and whole <= _WHOLE_HEIGHT:
            return whole
        return min(self._height(lines[0].pieces), _WHOLE_LINES * LINE_PITCH + _PADDING)

    def _page_for(self, block: Block, line: Line, least: float) -> Iterator[Row]:
        """A new page where there is no room on this one, with the line that says so."""
        if line.section != self._section:
            least = max(least, _SECTION_HEIGHT)
        if least > self._left:
            self._turn()
            if block.name:
                yield self._placed(self._wide("more", f"{block.name}{GOES_ON}"))

    def _line(self, block: Block, line: Line, kept_with: float) -> Iterator[Row]:
        begins = True
        while True:
            yield from self._page_for(block, line, self._least([line]) + kept_with)
            fits = int((self._left - _PADDING) / LINE_PITCH)
            now, rest = self._split(line.pieces, min(fits, _MOST_LINES))
            opens = tuple(begins and _opens(piece) for piece in now)
            yield self._placed(Row("cells", self._height(now), now, line.section, opens))
            if not rest:
                return
            line, begins = replace(line, pieces=rest), False

    def _turn(self) -> None:
        """Go to the top of a new page, unless there."""
        if self._left < self._height_of_page:
            self._left, self._section, self._breaks = self._height_of_page, "", True

    def _placed(self, row: Row) -> Row:
        breaks, self._breaks = self._breaks, False
        self._left, self._section = self._left - row.height, row.section
        return replace(row, breaks=breaks)

    def _wide(self, kind: str, text: str) -> Row:
        piece = Piece(Look.TEXT, text, 0, len(self._widths) - 1)
        lines = lines_of(text, self._width(piece) / _LARGER)
        return Row(kind, lines * LINE_PITCH * _LARGER + _PADDING, (piece,))

    def _width(self, piece: Piece) -> float:
        return room_for_text(sum(self._widths[piece.first : piece.last + 1]))

    def _needed(self, pieces: Iterable[Piece]) -> int:
        # A line end at a cut stays with the text above it; nothing is to be seen of it there.
        texts = ((piece.text.removesuffix("\n"), self._width(piece)) for piece in pieces)
        return max((lines_of(text, width) for text, width in texts), default=1)

    def _split(
        self, pieces: tuple[Piece, ...], lines: int
    ) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
        """What of a row fits so many lines, and what goes on in the next one."""
        if self._needed(pieces) <= lines:
            return pieces, ()
        now, rest = [], []
        for piece in pieces:
            if piece.look is Look.TEXT:
                head, tail = cut(piece.text, self._width(piece), lines)
                now.append(replace(piece, text=head))
                rest.append(replace(piece, text=tail))
            else:
                now.append(piece)
                rest.append(replace(piece, look=Look.BLANK, text=""))
        return tuple(now), _with_labels(pieces, rest)


def _groups(lines: Sequence[Line]) -> Iterator[tuple[Line, ...]]:
    """The lines, those together that a cell reaches across."""
    begin = end = 0
    for place, line in enumerate(lines):
        if place >= end and place > begin:
            yield tuple(lines[begin:place])
            begin = place
        end = max(end, *(place + piece.rows for piece in line.pieces), place + 1)
    yield tuple(lines[begin:])


def _runs(columns: Sequence[int], edges: Collection[int]) -> list[list[int]]:
    """Columns side by side, cut where a cell begins."""
    runs: list[list[int]] = []
    for number in columns:
        if runs and runs[-1][-1] == number - 1 and number not in edges:
            runs[-1].append(number)
        else:
            runs.append([number])
    return runs


def _opens(piece: Piece) -> bool:
    return piece.look is not Look.BLANK and not piece.goes_on


def _labelled(pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    """Without 「(続き)」 beside nothing."""
    texts = {piece.first for piece in pieces if piece.look is Look.TEXT}
    return tuple(
        replace(piece, look=Look.BLANK, text="")
        if piece.look is Look.LABEL and piece.goes_on and piece.last + 1 not in texts
        else piece
        for piece in pieces
    )


def _has_heading(line: Line) -> bool:
    return any(piece.look is Look.HEADING for piece in line.pieces)


def _with_labels(pieces: Iterable[Piece], rest: list[Piece]) -> tuple[Piece, ...]:
    """「(続き)」 stands where a label did, beside a text that goes on."""
    going_on = {piece.first for piece in rest if piece.text}
    return tuple(
        replace(piece, text=GOES_ON)
        if piece.look is Look.LABEL and piece.last + 1 in going_on
        else left
        for piece, left in zip(pieces, rest, strict=True)
    )
