"""The mark of one アウトカム指標 as it is printed: 「A」, 「：A」, 「A 目標達成」, or lost.

Legends are taken out first. What is left is a mark only where it stands for one option; it is
never guessed.
"""

from __future__ import annotations

import re

from bot.domain.form import Option, Question
from bot.sheets.folding import Folded, fold, spaced

# What is left of a mark that did not survive: 「：」, 「()」, a box.
_TRACE = re.compile(r"[\s:()\[\]□☑✓・]+")
_EMPTY = re.compile(r"[-‐－—―–ー]*")


def take_mark(text: str, question: Question) -> tuple[str, str | None, bool]:
    """The text before a mark at its end, the option's key, and whether there was one but is lost.

    「4,722世帯 ：A」 is 「4,722世帯」 and the key of A.
    """
    folded = fold(text)
    for option in question.options:
        match = re.search(rf"(?:^|[\s:(\[]){_mark_of(option)}\s*[)\]]?\s*$", folded.text)
        if match:
            return folded.cut(0, match.start()), option.key, False
    match = re.search(r"[:□]\s*$", folded.text)
    return (folded.cut(0, match.start()), None, True) if match else (text, None, False)


def read_mark(cell: str, question: Question) -> tuple[str | None, bool]:
    """The option that a cell of its own stands for, and whether its mark is lost instead."""
    rest = _without_legend(cell, question)
    if not rest or _EMPTY.fullmatch(rest):
        return None, False
    before, option, _ = take_mark(rest, question)
    if option and not _TRACE.sub("", before):
        return option, False
    return None, True


def is_legend(text: str, question: Question) -> bool:
    """Whether a line holds the printed options and nothing else, in whatever words."""
    marks = [spaced(option.mark) for option in question.legend]
    if len(marks) < 2 or not text:
        return False
    each = rf"(?:{'|'.join(marks)})\s*:\s*[^\s:]+"
    folded = fold(text).text
    return bool(re.fullmatch(rf"[\s※(]*{each}(?:[\s、・/]+{each})+[\s)]*", folded)) or (
        _without_legend(text, question) == ""
    )


def _without_legend(text: str, question: Question) -> str:
    folded = fold(text)
    words = [_printed(option) for option in question.legend]
    match = re.search(r"[\s、・/]*".join(words), folded.text) if len(words) > 1 else None
    return _around(folded, match) if match else text.strip()


def _around(folded: Folded, match: re.Match[str]) -> str:
    parts = (folded.cut(0, match.start()), folded.cut(match.end()))
    return " ".join(part for part in parts if part and not _TRACE.fullmatch(part))


def _mark_of(option: Option) -> str:
    """A pattern for an option as it stands behind a result: its mark, its words or both."""
    words = spaced(option.text.split("(")[0])
    if not option.mark:
        return rf"(?:{words})"
    return rf"(?:{spaced(option.mark)}(?:\s*:?\s*{words})?|{words})"


def _printed(option: Option) -> str:
    return rf"{spaced(option.mark)}\s*:?\s*{spaced(option.text)}"
