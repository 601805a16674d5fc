"""A paper of 様式3 in an office's own words, put into those of the form that its reader knows.

Only labels are put so — in brackets, at the start of a cell, and in legends: texts stay as written.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.domain.form import Form, Question
from bot.domain.youshiki3 import YOUSHIKI3
from bot.sheets.folding import fold, fold_words, spaced
from bot.sheets.rows import Row


@dataclass(frozen=True)
class _Words:
    """Words of the office beside those that we print: labels, beginnings of cells, legends."""

    labels: Mapping[str, str]
    heads: Mapping[str, str]
    legends: Sequence[Sequence[tuple[str, str]]]
    marks: Mapping[str, str]


def in_our_words(rows: Sequence[Row], own: Form | None) -> Sequence[Row]:
    """The rows as 様式3 prints them; as they are where the office has no words of its own."""
    if own is None or own == YOUSHIKI3:
        return rows
    words = _Words(
        labels=dict(_labels(own)),
        heads=dict(_heads(own)),
        legends=[pairs for pairs in _legends(own) if any(a != b for a, b in pairs)],
        marks=dict(_marks(own)),
    )
    return [replace(row, cells=tuple(_cell(cell, words) for cell in row.cells)) for row in rows]


def _labels(own: Form) -> Iterator[tuple[str, str]]:
    for field in own.plan_fields:
        ours = YOUSHIKI3.plan_field(field.key)
        if ours is not None:
            known = ours.headings
            yield from ((word, ours.heading) for word in field.headings if word not in known)


def _heads(own: Form) -> Iterator[tuple[str, str]]:
    printed, ours = own.printed, YOUSHIKI3.printed
    pairs = [(printed.left, ours.left), (printed.right, ours.right), (printed.plan, ours.plan)]
    pairs += [(word, b.heading) for a, b in _questions(own) for word in a.headings]
    for stage in own.stages:
        if YOUSHIKI3.has_stage(stage.key):
            heading = YOUSHIKI3.stage(stage.key).heading
            pairs += [(word, heading) for word in (stage.heading, stage.title)]
    yield from ((word, ours_) for word, ours_ in pairs if word != ours_)


def _legends(own: Form) -> Iterator[list[tuple[str, str]]]:
    for question, ours in _questions(own):
        texts = [
            (option.text, printed.text)
            for option in question.legend
            if (printed := ours.option(option.key)) is not None
        ]
        if texts:
            yield texts


def _marks(own: Form) -> Iterator[tuple[str, str]]:
    for question, ours in _questions(own):
        for option in question.legend:
            printed = ours.option(option.key)
            if printed is not None and printed.mark != option.mark:
                yield option.mark, printed.mark


def _questions(own: Form) -> Iterator[tuple[Question, Question]]:
    """Each question of the office's form that ours has too, the two beside each other."""
    for stage in own.stages:
        if YOUSHIKI3.has_stage(stage.key):
            ours = {each.key: each for each in YOUSHIKI3.stage(stage.key).questions}
            yield from ((each, ours[each.key]) for each in stage.questions if each.key in ours)


def _cell(cell: str, words: _Words) -> str:
    if not cell:
        return cell
    for mark, ours in words.marks.items():
        if fold_words(cell) == fold_words(mark):
            return ours
    for head, ours in words.heads.items():
        cell = _put(cell, rf"^\s*(?P<word>{spaced(head)})(?![はがをにのもでと、])", ours)
    for label, ours in words.labels.items():
        cell = _put(cell, rf"(?:(?<=\s)|^)\(\s*(?P<word>{spaced(label)})\s*\)", ours)
    for pairs in words.legends:
        if all(fold_words(text) in fold_words(cell) for text, _ in pairs):
            for text, ours in pairs:
                cell = _put(cell, rf"(?P<word>{spaced(text)})", ours)
    return cell


def _put(cell: str, pattern: str, word: str) -> str:
    """The cell with the word in place of what the pattern calls so; else as it is."""
    folded = fold(cell)
    match = re.search(pattern, folded.text)
    if match is None:
        return cell
    at: Callable[[int], int] = folded.origin.__getitem__
    return cell[: at(match.start("word"))] + word + cell[at(match.end("word")) :]
