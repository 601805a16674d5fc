"""Text folded for matching labels: any width, Kangxi radicals, ⅰ; what is stored stays as written.

NFKC is right for recognising words and wrong for keeping them: it turns ① into 1 and ～ into ~.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_CIRCLED = frozenset("①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳")
# Radicals that pages converted from PDF have in place of letters and that NFKC leaves alone.
_RADICALS = dict(
    zip(
        "⺠⻁⻃⻄⻆⻑⻒⻘⻝⻞⻡⻣⻤⻨⻩⻫⻭⻯⻲",
        "民虎西西角長長青食食首骨鬼麦黄斉歯竜亀",
        strict=True,
    )
)


@dataclass(frozen=True)
class Folded:
    """A folded text that knows which part of the source each of its characters came from."""

    source: str
    text: str
    origin: tuple[int, ...]

    def cut(self, start: int, end: int | None = None) -> str:
        """The part of the source between two places of the folded text, ends trimmed."""
        last = self.origin[len(self.text) if end is None else end]
        return self.source[self.origin[start] : last].strip()


def fold(source: str) -> Folded:
    """Fold width, case and compatibility characters, one by one; circled numerals stay.

    White space folds to one space, however long: patterns that allow for it stay fast.
    """
    characters: list[str] = []
    origin: list[int] = []
    for index, character in enumerate(source):
        folded = fold_character(character)
        if folded == " " and characters and characters[-1] == " ":
            continue
        characters.append(folded)
        origin.extend([index] * len(folded))
    return Folded(source, "".join(characters), (*origin, len(source)))


def fold_character(character: str) -> str:
    """One character as it is compared."""
    if character.isascii():
        return " " if character.isspace() else character.lower()
    if character in _CIRCLED:
        return character
    if character in _RADICALS:
        return _RADICALS[character]
    folded = unicodedata.normalize("NFKC", character).lower()
    return " " if folded.isspace() else folded


def fold_words(text: str) -> str:
    """A folded text without any white space, for comparing whole labels and headers."""
    return re.sub(r"\s+", "", "".join(map(fold_character, text)))


def spaced(words: str) -> str:
    """A pattern for folded words that may be printed with spaces between the characters."""
    return r"\s*".join(re.escape(character) for character in fold_words(words))
