"""How many lines a text takes in a cell, and where to cut it: nobody opens the file to find out.

Widths are in em, a little more than fonts have, so that a row is rather too high than too low.
"""

from __future__ import annotations

import math
import re
import unicodedata
from functools import lru_cache

# Latin letters and digits stay together on a line; kana and kanji end it anywhere.
_TOKENS = re.compile(r"[!-~]+|[ぁ-ヿ一-鿿、-】]+|.", re.DOTALL)
_NARROW = frozenset(" .,:;'|!()[]ijl")
_BROAD = frozenset("mwMW@%&")
_HALF, _UPPER = 0.6, 0.74
_TAB = 8.0
_EMOJI = 1.35
# A line ends earlier where the next character may not begin one: 「、」「。」「)」.
_KINSOKU = 1.0


def lines_of(text: str, width: float) -> int:
    """The lines of a text in a cell of that width in em; at least one."""
    return sum(_lines(paragraph, width) for paragraph in text.split("\n"))


def cut(text: str, width: float, lines: int) -> tuple[str, str]:
    """The beginning of a text that fits so many lines, at least one, and the rest.

    Joined they are the text again: a line end at the cut stays with the beginning.
    """
    end, left = 0, max(lines, 1)
    for paragraph in text.splitlines(keepends=True):
        needed = _lines(paragraph.rstrip("\n"), width)
        if needed > left:
            end += _fitting(paragraph, width, left) if left else 0
            break
        end, left = end + len(paragraph), left - needed
    return text[:end], text[end:]


@lru_cache(maxsize=1024)
def _lines(paragraph: str, width: float) -> int:
    return _fill(paragraph, width)[0]


def _fitting(paragraph: str, width: float, lines: int) -> int:
    """How many characters of a paragraph that is too long fit so many lines, at least one."""
    return max(_fill(paragraph, width, lines)[1], 1)


def _fill(paragraph: str, width: float, lines: int | None = None) -> tuple[int, int]:
    """The lines a paragraph takes, and how many of its characters fill so many ``lines``."""
    room = max(int(width - _KINSOKU), 1)
    taken, used, end = 1, 0.0, 0
    for token in _TOKENS.findall(paragraph):
        needed = _width(token)
        anywhere = len(token) > 1 and token[0] > "⿿"
        if used and used + needed > room and not (anywhere and used + 1 <= room):
            taken, used = taken + 1, 0.0
        divisible = anywhere or needed > room
        more = max(math.ceil((used + needed) / room) - 1, 0)
        if lines is not None and taken + more > lines:
            return taken, end + (_part(room * (lines - taken + 1) - used) if divisible else 0)
        taken, used, end = taken + more, used + needed - more * room, end + len(token)
    return taken, end


def _part(room: float) -> int:
    return max(int(room), 0)


def _width(token: str) -> float:
    return float(len(token)) if token[0] > "⿿" and len(token) > 1 else sum(map(_em, token))


@lru_cache(maxsize=4096)
def _em(character: str) -> float:
    if character == "\t":
        return _TAB
    if unicodedata.combining(character) or unicodedata.category(character) in ("Cf", "Mn"):
        return 0.0
    if ord(character) >= 0x1F000:
        return _EMOJI
    if unicodedata.east_asian_width(character) in "WFA":
        return 1.0
    if character in _NARROW:
        return 0.45
    if character in _BROAD:
        return 0.95
    return _UPPER if character.isupper() else _HALF
