"""What may stand in a cell of a file: no formula, no character Excel refuses, no text too long."""

from __future__ import annotations

import re

# A spreadsheet takes such a cell for a formula; the full-width signs too in Japanese Excel.
_FORMULA = re.compile(r"[\s']*[=+\-@＝＋－＠\t\r\n]")
# What XML 1.0 cannot hold: control characters, lone surrogates, U+FFFE and U+FFFF.
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_CUT = "…(以下略)"

MAX_CELL = 32_767  # Excel specifications and limits: UTF-16 units in one cell


def printable(text: str) -> str:
    """The text without characters that no workbook can hold, line ends as newlines."""
    return _ILLEGAL.sub("", re.sub(r"\r\n?", "\n", text))


def fitting(text: str) -> str:
    """The text cut to what a cell of Excel can hold, saying so at its end."""
    if cell_length(text) <= MAX_CELL:
        return text
    kept = text.encode("utf-16-le")[: (MAX_CELL - len(_CUT)) * 2]
    return kept.decode("utf-16-le", errors="ignore") + _CUT


def cell_length(text: str) -> int:
    """The length that Excel counts: an emoji is two."""
    return len(text.encode("utf-16-le", errors="ignore")) // 2


def starts_formula(text: str) -> bool:
    """Whether a spreadsheet could take a text for a formula."""
    return _FORMULA.match(text) is not None


def guarded(text: str) -> str:
    """The text with an apostrophe before it where it could start a formula (CSV only)."""
    return f"'{text}" if starts_formula(text) else text


def unguarded(text: str) -> str:
    """What ``guarded`` was given: one apostrophe is taken off where it guards."""
    return text[1:] if text.startswith("'") and starts_formula(text[1:]) else text
