"""One table of a form's file: its entries by kind, and what is wrong with each, by its place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar

_Kind = TypeVar("_Kind", bound=StrEnum)

# 「9月18日」, or of the year after: 「翌年度5月14日」.
_DAY = re.compile(r"(翌年度)?\s*(\d{1,2})月(\d{1,2})日")
_LAST_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)  # 29 February is not in every year
_FISCAL_YEAR_STARTS = 4


@dataclass(frozen=True)
class FormFault:
    """What is wrong with a form's file, and where: 「stages[1].questions[2].label」."""

    place: str
    message: str

    def __str__(self) -> str:
        return f"{self.place}：{self.message}" if self.place else self.message


@dataclass
class Entries:
    """A table at a place of the file. Reading an entry that is missing or of another kind notes a
    fault and goes on, so that all faults of a file are told at once.
    """

    table: Mapping[str, object]
    place: str
    faults: list[FormFault]
    _read: set[str] = field(default_factory=set)

    def fault(self, key: str, message: str) -> None:
        """Note a fault of one entry, or with "" of the whole table."""
        self.faults.append(FormFault(self.path(key), message))

    def path(self, key: str) -> str:
        """The place of an entry in the file."""
        return ".".join(filter(None, (self.place, key)))

    def text(self, key: str, *, default: str | None = None, most: int = 0) -> str:
        """A text; without a ``default`` it must be there. ``most`` is its length in characters."""
        found = self._take(key)
        if found is None:
            if default is None:
                self.fault(key, "書いてください。")
            return default or ""
        if not isinstance(found, str):
            self.fault(key, '文字を " で囲んで書いてください。')
            return ""
        text = found.strip()
        if not text and default is None:
            self.fault(key, "空のままです。書いてください。")
        if most and len(text) > most:
            self.fault(key, f"{most:,}字以内にしてください(いま{len(text):,}字です)。")
        return text

    def flag(self, key: str, *, default: bool = False) -> bool:
        """True or false."""
        found = self._take(key)
        if found is None or isinstance(found, bool):
            return default if found is None else found
        self.fault(key, "true か false を、引用符なしで書いてください。")
        return default

    def number(self, key: str, *, default: int, least: int, most: int) -> int:
        """A whole number within two limits."""
        found = self._take(key)
        if found is None:
            return default
        if isinstance(found, int) and not isinstance(found, bool) and least <= found <= most:
            return found
        self.fault(key, f"{least:,}から{most:,}までの数を、引用符なしで書いてください。")
        return default

    def kind(self, key: str, kinds: type[_Kind], *, default: _Kind) -> _Kind:
        """One of the words of a set; a required one has its first word as the default."""
        found = self._take(key)
        if found is None:
            return default
        if isinstance(found, str) and found in tuple(kinds):
            return kinds(found)
        self.fault(key, f"「{found}」は使えません。{'、'.join(kinds)} のどれかにしてください。")
        return default

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts, none where there is no entry."""
        found = self._take(key)
        if found is None:
            return ()
        if not isinstance(found, list) or not all(isinstance(each, str) for each in found):
            self.fault(key, '["言葉", "別の言葉"] のように書いてください。')
            return ()
        return tuple(each.strip() for each in found if each.strip())

    def day(self, key: str, *, default: tuple[int, int] | None = None) -> tuple[int, int]:
        """A day as (months after April of the fiscal year, day of the month)."""
        if key not in self.table and default is not None:
            return default
        match = _DAY.fullmatch(self.text(key))
        month, day = (int(match[2]), int(match[3])) if match else (0, 0)
        if not match or not 1 <= month <= 12 or not 1 <= day <= _LAST_DAYS[month - 1]:
            if isinstance(self.table.get(key), str):
                self.fault(
                    key, "「9月18日」「翌年度5月14日」のように、実在する日を書いてください。"
                )
            return 0, 1
        return (month - _FISCAL_YEAR_STARTS) % 12 + (12 if match[1] else 0), day

    def inner(self, key: str) -> Entries | None:
        """The table of that name, None where there is none."""
        found = self._take(key)
        if found is None:
            return None
        if isinstance(found, Mapping):
            return Entries(found, self.path(key), self.faults)
        self.fault(key, f"[{self.path(key)}] の下に書いてください。")
        return None

    def each(self, key: str) -> Iterator[Entries]:
        """The tables of a list, counted from 1 in their places."""
        found = self._take(key)
        if found is None:
            return
        if not isinstance(found, list) or not all(isinstance(one, Mapping) for one in found):
            self.fault(key, f"[[{self.path(key)}]] の下に1つずつ書いてください。")
            return
        for number, one in enumerate(found, start=1):
            yield Entries(one, self.path(f"{key}[{number}]"), self.faults)

    def raw(self, key: str) -> object:
        """An entry as it stands, for what may be written in more than one way."""
        return self._take(key)

    def done(self) -> None:
        """Note each entry that nobody has asked for: a slip of the hand, never left unsaid."""
        for key in self.table:
            if key not in self._read:
                known = "、".join(sorted(self._read))
                self.fault(key, f"知らない項目です。使えるもの：{known}")

    def _take(self, key: str) -> object:
        self._read.add(key)
        return self.table.get(key)
