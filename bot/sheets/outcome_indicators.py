"""The indicators of one 経営課題: names and targets, and what came of them, beside or below."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from bot.sheets.folding import fold, fold_words
from bot.sheets.outcome_lines import MARK, NAME, RESULT, TARGET, Words, number_of, without_bullet
from bot.sheets.outcome_marks import read_mark, take_mark
from bot.sheets.rows import Row

# 「登録世帯数 目標：4,500世帯以上 実績：4,722世帯」, 「登録世帯数(目標4,500世帯以上)」
_TARGET = re.compile(r"[\s(\[]*目標値?\s*:?\s*([^()\[\]]+?)\s*[)\]]?\s*(?=$|実績|[)\]])")
_RESULT = re.compile(r"[\s(\[]*実績値?\s*:?\s*(.+?)\s*[)\]]?\s*$")
# 「登録世帯数 4,722世帯」: the last words that begin with a figure.
_FIGURE = re.compile(r"[\s:…・]+((?:約|延べ|のべ|\+|-|△)?\d[\d,.]*\S*(?:\s*\([^()]*\))?)\s*$")


@dataclass(frozen=True)
class IndicatorNote:
    """What a document says of one indicator; ``lost`` when its mark can't be read."""

    name: str
    target: str | None = None
    result: str | None = None
    option: str | None = None
    lost: bool = False


@dataclass
class Indicators:
    """The indicators of one issue while it is read; ``unplaced`` are lines about none of them."""

    notes: list[IndicatorNote] = field(default_factory=list)
    unplaced: list[tuple[int, str]] = field(default_factory=list)
    _names: list[str] = field(default_factory=list)  # folded, of each note

    def add_row(self, row: Row, columns: Mapping[str, int], words: Words) -> None:
        """A row of a table: a new indicator, or more about the one of its name."""
        texts = {
            key: row.cells[place]
            for key, place in columns.items()
            if place < len(row.cells) and row.cells[place]
        }
        parts = _rows_in(texts)
        if not parts:
            self.unplaced.append((row.number, row.text))
        for part in parts:
            self._add_cells(part, words)

    def _add_cells(self, texts: Mapping[str, str], words: Words) -> None:
        option, lost = read_mark(texts.get(MARK, ""), words.mark)
        name = without_bullet(texts[NAME])
        note = IndicatorNote(name, texts.get(TARGET), _written(texts.get(RESULT)), option, lost)
        self._put(note, self._place(texts[NAME]))

    def add_line(self, line: int, text: str, words: Words) -> None:
        """A line: 「①登録世帯数(目標4,500世帯以上)」, later 「①登録世帯数 4,722世帯 ：A」."""
        before, option, lost = take_mark(text, words.mark)
        place = self._place(before)
        known = self.notes[place].name if place is not None else ""
        note = replace(_note(without_bullet(before), known), option=option, lost=lost)
        says_nothing = not (note.target or note.result or option or lost)
        if place is None and not note.name:
            self.unplaced.append((line, text))
        elif place is None and self.notes and says_nothing and number_of(text) is None:
            last = self.notes[-1]
            self.notes[-1] = replace(last, name=f"{last.name}\n{note.name}")
            self._names[-1] = fold_words(self.notes[-1].name)
        else:
            self._put(note, place)

    def _put(self, note: IndicatorNote, place: int | None) -> None:
        if place is None:
            self.notes.append(note)
            self._names.append(fold_words(note.name))
            return
        known = self.notes[place]
        self.notes[place] = replace(
            known,
            target=known.target or note.target,
            result=known.result or note.result,
            option=known.option or note.option,
            lost=known.lost or note.lost,
        )

    def _place(self, text: str) -> int | None:
        """Which indicator a text is about, by its name and else by its number."""
        said = fold_words(without_bullet(text))
        for place, name in enumerate(self._names):
            if said.startswith(name):
                return place
        number = number_of(text)
        names_none = not re.search(r"[^\W\d]{4,}", _FIGURE.sub("", fold(said).text))
        if number is not None and names_none and number <= len(self.notes):
            return number - 1
        return None


def _rows_in(texts: Mapping[str, str]) -> list[Mapping[str, str]]:
    """The rows in a row: paper may have drawn several, each with its number, into one.

    Empty where it can't be told which part of a cell belongs to which.
    """
    if NAME not in texts:
        return []
    lines = texts[NAME].splitlines()
    numbered = sum(number_of(line) is not None for line in lines)
    if numbered < 2:
        return [texts]
    cells = {key: text.splitlines() for key, text in texts.items()}
    if any(len(each) != numbered for each in cells.values()):
        return []
    return [{key: each[place] for key, each in cells.items()} for place in range(numbered)]


def _note(text: str, known: str) -> IndicatorNote:
    """The parts of a line: name, target and result, as far as it names them."""
    rest, result = _cut(text, _RESULT)
    rest, target = _cut(rest, _TARGET)
    if result is None and known:
        result = _after(rest, known)
        return IndicatorNote(known, target, _written(result))
    if result is None and target is None:
        rest, result = _cut(rest, _FIGURE)
    return IndicatorNote(rest.strip(" 　:：…"), target, _written(result))


def _after(text: str, known: str) -> str:
    """What stands behind a name that is known, whatever its width and spaces."""
    folded = fold(text)
    pattern = r"\s*".join(map(re.escape, fold_words(known)))
    match = re.match(pattern + r"[\s:…]*", folded.text)
    return folded.cut(match.end()) if match else text


def _cut(text: str, pattern: re.Pattern[str]) -> tuple[str, str | None]:
    folded = fold(text)
    match = pattern.search(folded.text)
    if match is None:
        return text, None
    rest = f"{folded.cut(0, match.start())} {folded.cut(match.end())}".strip()
    return rest, folded.cut(match.start(1), match.end(1))


def _written(text: str | None) -> str | None:
    """A result, or None where only a dash is printed."""
    return None if text is None or not text.strip("-‐－—―–ー 　") else text
