"""Which unit a person means: names in any width, with or without 区, kana or romaji."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

# 西 for 西区, にし for にしく, nishi for nishi-ku: what an office leaves out when it is in a hurry.
_ENDINGS = ("区", "局", "室", "きょく", "しつ", "く", "ku")

_SEPARATORS = re.compile(r"[\s\-'’.・‐-―]+")
_LONG_VOWELS = (("ou", "o"), ("oo", "o"), ("uu", "u"))
_KATAKANA_TO_HIRAGANA = {code: code - 0x60 for code in range(0x30A1, 0x30F7)}


class UnitKind(StrEnum):
    """What a unit is."""

    WARD = "ward"  # 区
    BUREAU = "bureau"  # 局


@dataclass(frozen=True)
class UnitName:
    """What a unit is called: romaji ``code`` (nishi), name (西区) and its reading (にしく)."""

    id: int
    code: str
    name: str
    kana: str = ""


@dataclass(frozen=True)
class Match:
    """The one unit meant, or the several it could be, in official order; nothing when none fits."""

    unit: UnitName | None = None
    candidates: tuple[UnitName, ...] = ()


def match(text: str, units: Sequence[UnitName]) -> Match:
    """The unit that a text names; ``units`` are in official order.

    A whole name wins: 「西」 is 西区, not 西成区. Else a beginning counts (「東」 fits three), and
    else a unit's full name at the head of the text, the longest first (「東住吉区役所」).
    """
    wanted = fold_name(text)
    if not wanted:
        return Match()
    for fits in (_is_full_name, _is_name, _begins):
        found = tuple(unit for unit in units if fits(unit, wanted))
        if len(found) == 1:
            return Match(found[0])
        if found:
            return Match(candidates=found)
    heads = [unit for unit in units if wanted.startswith(fold_name(unit.name))]
    return Match(max(heads, key=lambda unit: len(unit.name), default=None))


def fold_name(text: str) -> str:
    """A name as it is compared: one width, lower case, hiragana, no spaces, no long vowels."""
    folded = unicodedata.normalize("NFKC", text).lower().translate(_KATAKANA_TO_HIRAGANA)
    folded = _SEPARATORS.sub("", folded)
    bare = "".join(c for c in unicodedata.normalize("NFD", folded) if not _is_macron(c))
    if bare.isascii():
        for long, short in _LONG_VOWELS:
            bare = bare.replace(long, short)
        return bare
    return folded


def _is_macron(character: str) -> bool:
    return character in "\u0304\u0302"  # chūō, chûô


def _is_full_name(unit: UnitName, wanted: str) -> bool:
    return wanted in {fold_name(unit.name), fold_name(unit.code), fold_name(f"{unit.code}ku")}


def _is_name(unit: UnitName, wanted: str) -> bool:
    return wanted in set(_names(unit))


def _begins(unit: UnitName, wanted: str) -> bool:
    return any(name.startswith(wanted) for name in _names(unit))


def _names(unit: UnitName) -> Iterable[str]:
    for name in (unit.name, unit.kana, f"{unit.code}ku"):
        folded = fold_name(name)
        if folded:
            yield folded
            yield _without_ending(folded)


def _without_ending(name: str) -> str:
    for ending in _ENDINGS:
        if name.endswith(ending) and len(name) > len(ending):
            return name.removesuffix(ending)
    return name
