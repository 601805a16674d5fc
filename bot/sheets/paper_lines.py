"""Letters on a page put together again: lines, and the text of a cell without its line breaks.

A line that reaches the right edge goes on in the next; one that ends before it ends there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.sheets.folding import fold
from bot.sheets.labels import FIELD_LABEL

UNREADABLE = "〓"  # in place of a letter whose font does not tell what it is
_UNKNOWN = "(cid:"
# Fonts that are not embedded have 「—」 where Adobe-Japan1's table tells of an overlay.
_MISTOLD = {"\u0336": "—"}

_SAME_LINE = 0.5  # of the size of the letters
_WORD_GAP = 0.3  # of the size: an ASCII space has 0.25 to 0.3
_TO_THE_EDGE = 2.2  # sizes: cell margin, and a letter that may not begin a line
_WORD = re.compile(r"[!-~]+")  # stays together on a line
_LATIN = 0.6  # sizes: the width of its letters
_NEVER_FIRST = tuple("、。，．）」』】々ー)")  # of a paragraph
_LABEL_LINES = 3  # over which a label may be broken in a narrow cell
_BLANK_LINE = 3.2  # sizes from one line to the next


@dataclass(frozen=True)
class Letter:
    """One letter with its box, in points from the top left of the page."""

    text: str
    left: float
    right: float
    top: float
    bottom: float

    @classmethod
    def of(cls, char: Mapping[str, Any]) -> Letter:
        """A letter as pdfplumber has it."""
        text = str(char["text"])
        return cls(
            text=UNREADABLE if text.startswith(_UNKNOWN) else _MISTOLD.get(text, text),
            left=float(char["x0"]),
            right=float(char["x1"]),
            top=float(char["top"]),
            bottom=float(char["bottom"]),
        )

    @property
    def size(self) -> float:
        """Its height."""
        return max(self.bottom - self.top, 1.0)

    def is_in(self, box: tuple[float, float, float, float]) -> bool:
        """Whether its middle is within left, top, right and bottom."""
        across, down = (self.left + self.right) / 2, (self.top + self.bottom) / 2
        return box[0] <= across <= box[2] and box[1] <= down <= box[3]


@dataclass(frozen=True)
class PaperLine:
    """A line of text; ``after_gap``: there is room for another above it."""

    text: str
    top: float
    left: float
    right: float
    size: float
    after_gap: bool = True


def lines_of(letters: Sequence[Letter]) -> list[PaperLine]:
    """The lines, from the top; what stands far apart on one line is still one."""
    lines: list[PaperLine] = []
    for row in _rows(letters):
        text = _joined(row).lstrip()
        if not text.strip():
            continue
        top, size = min(each.top for each in row), max(each.size for each in row)
        gap = not lines or top - lines[-1].top > size * _BLANK_LINE
        lines.append(PaperLine(text, top, row[0].left, row[-1].right, size, gap))
    return lines


def text_of(letters: Sequence[Letter], *, right: float) -> str:
    """The text of a cell that ends at ``right``: lines broken only by its edge are joined."""
    lines = lines_of(letters)
    text = ""
    room = 0.0
    for index, line in enumerate(lines):
        word = _WORD.match(line.text)
        needed = _TO_THE_EDGE + (_LATIN * len(word[0]) if word else 0)
        ahead = "".join(each.text for each in lines[index : index + _LABEL_LINES])
        if FIELD_LABEL.match(fold(ahead).text):
            text += "\n"  # the space before it was lost at the line's end
        text = joined(text, line.text, goes_on=room < line.size * needed)
        room = right - line.right
    return text.strip()


def joined(before: str, after: str, *, goes_on: bool) -> str:
    """Two parts of a text; ``goes_on``: the first ended where the page or the cell does."""
    return before + _between(before, after, goes_on=goes_on) + after


def _between(before: str, after: str, *, goes_on: bool) -> str:
    if not before or before.endswith("\n"):
        return ""
    if not (goes_on or after.startswith(_NEVER_FIRST)):
        return "\n"
    if FIELD_LABEL.match(fold(after).text):
        return "\n"
    is_latin = before[-1].isascii() and after[0].isascii()
    return " " if is_latin and before[-1].isalpha() and after[0].isalpha() else ""


def _rows(letters: Sequence[Letter]) -> Iterator[list[Letter]]:
    row: list[Letter] = []
    for letter in sorted(letters, key=lambda each: (each.bottom, each.left)):
        if row and letter.bottom - row[0].bottom > letter.size * _SAME_LINE:
            yield sorted(row, key=lambda each: each.left)
            row = []
        row.append(letter)
    if row:
        yield sorted(row, key=lambda each: each.left)


def _joined(row: Sequence[Letter]) -> str:
    text = ""
    end: float | None = None
    for letter in row:
        far = end is not None and letter.left - end > letter.size * _WORD_GAP
        if far and not text.endswith(" ") and letter.text != " ":
            text += " "
        text += letter.text
        end = letter.right
    return text
