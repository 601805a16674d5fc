"""What a committee marked: 反映の有無 of one opinion, and how many members gave each grade."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.domain.form import Option, Question
from bot.domain.grades import average
from bot.sheets.folding import fold, fold_words
from bot.sheets.rows import Row

_REASON = re.compile(r"^(.{1,20}?)\s*(?:[(:\n]|理由\s*:)\s*(?:理由\s*:?\s*)?(.+?)\)?$", re.DOTALL)
_COUNT = re.compile(r"(\d{1,4})\s*人?")
_PRINTED_AVERAGE = re.compile(r"平均\s*(?:点|値)?\s*:?\s*(\d\.\d+)")


@dataclass(frozen=True)
class Ratings:
    """The counts of each grade in the form's order, and what is to be said of them."""

    counts: tuple[int, ...] = ()
    words: str = ""  # the same item by item, where the paper has several
    warnings: tuple[str, ...] = ()


def option_in(written: str, question: Question) -> tuple[str | None, str]:
    """The option that a cell stands for, and the reason written behind it in the same cell."""
    option = _option(written, question)
    if option is not None:
        return option.key, ""
    folded = fold(written)
    match = _REASON.match(folded.text)
    option = _option(match[1], question) if match else None
    if match is None or option is None:
        return None, ""
    return option.key, folded.cut(match.start(2), match.end(2))


def read_ratings(rows: Sequence[Row], question: Question) -> Ratings:
    """The committee's marks from a table whose heads are the grades; of several items the sum."""
    found = list(_rated(rows, question))
    if not found:
        return Ratings()
    counts = tuple(sum(each) for each in zip(*(counts for _, counts in found), strict=True))
    if not any(counts):
        return Ratings()
    several = len(found) > 1
    words = "\n".join(_words(name, each, question) for name, each in found) if several else ""
    warnings = [*_doubt(rows, counts, question)]
    if several:
        warnings.append(f"委員による評価は、{len(found)}項目の人数を合わせて取り込みます。")
    return Ratings(counts, words, tuple(warnings))


def _option(written: str, question: Question) -> Option | None:
    said = _bare(written)
    return next((each for each in question.options if said in set(map(_bare, _names(each)))), None)


def _names(option: Option) -> Iterator[str]:
    yield from (option.text, option.text.split("(")[0], *option.synonyms)
    if option.mark:
        yield option.mark
        for words in (option.text, option.text.split("(")[0], *option.synonyms):
            yield f"{option.mark}{words}"


def _bare(text: str) -> str:
    # ○ as offices type it: two characters look the same.
    return re.sub(r"[():。]+", "", fold_words(text)).replace("〇", "○").replace("✕", "×")


def _rated(rows: Sequence[Row], question: Question) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Each item of the table of marks, with its counts in the form's order."""
    places: list[int] = []
    for row in rows:
        head = _grade_places(row, question)
        if head:
            places = head
        elif places:
            counts = [_count(row, place) for place in places]
            if not row.in_table or any(each is None for each in counts):
                places = []
                continue
            name = next((cell for cell in row.cells[: min(places)] if cell), "")
            yield name, tuple(each for each in counts if each is not None)


def _grade_places(row: Row, question: Question) -> list[int]:
    """The column of each grade, in the form's order; empty for a row that is no such head."""
    heads = [_bare(cell) for cell in row.cells]
    places = []
    for option in question.options:
        names = {_bare(each) for each in (*_names(option), f"{option.mark}点")}
        at = next((place for place, head in enumerate(heads) if head in names), None)
        if at is None:
            return []
        places.append(at)
    return places


def _count(row: Row, place: int) -> int | None:
    written = fold_words(row.cells[place]) if place < len(row.cells) else ""
    if written.strip("-ー―—") == "":
        return 0
    match = _COUNT.fullmatch(written)
    return int(match[1]) if match else None


def _words(name: str, counts: Sequence[int], question: Question) -> str:
    each = zip(question.options, counts, strict=True)
    spread = "、".join(f"{option.mark or option.text} {count}人" for option, count in each)
    return f"{name}：{spread}"


def _doubt(rows: Sequence[Row], counts: Sequence[int], question: Question) -> Iterator[str]:
    """A sentence where the paper prints an average that its own counts do not give."""
    found = average(question, counts)
    for row in rows:
        match = _PRINTED_AVERAGE.search(fold(row.text).text)
        if match and f"{float(match[1]):.1f}" != str(found):
            yield (
                f"{row.number}行目：平均{match[1]}とありますが、人数から求めると{found}です。"
                "人数を取り込みます。"
            )
