"""The words by which files and people call the parts of a form."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable


def distinct(words: Iterable[str]) -> tuple[str, ...]:
    """The words that say anything, each once, in order."""
    return tuple(dict.fromkeys(filter(None, words)))


def bare(word: str) -> str:
    """A word as it is compared: in any width and case, hyphens and blanks left out."""
    folded = unicodedata.normalize("NFKC", word).casefold()
    return "".join(character for character in folded if character not in "-_ 　")
