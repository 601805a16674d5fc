"""A form as kaikaku prints it, read back: what stands beside or under each label is that text.

Nothing is looked for within a text, so that it comes back as it is, whatever it says. What somebody
has written into the file since is read as he sees it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import takewhile
from typing import NamedTuple

from bot.domain.form import Form, Scope
from bot.domain.plans import Fault, SheetAnswers, SheetInitiative, SheetPlan, target_warnings
from bot.sheets.folding import fold, fold_words, spaced
from bot.sheets.form_layout import LABEL, LEGEND, MARK, RIGHT_LABEL, RIGHT_TEXT, SECTION, TEXT
from bot.sheets.form_pages import GOES_ON
from bot.sheets.printed_headings import read_printed_heading
from bot.sheets.printed_labels import FormLabels, Labels
from bot.sheets.printed_values import answers_of, initiative_of

_TITLE_LINES = 4

Cells = dict[int, str]  # by the column of the form's grid


@dataclass
class _Block:
    """What one item, or the unit as a whole, says: texts by key, those of stages by stage."""

    name: str
    scope: Scope
    title: str = ""
    subtitle: str = ""
    plan: dict[str, str] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)  # as printed, by key
    stages: dict[str, dict[str, str]] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)


def read_printed(rows: Sequence[Cells], form: Form) -> SheetPlan | None:
    """The plan in the rows of a file of ours; None when no item is in them."""
    starts = [n for n in range(len(rows)) if _opens(rows, n, form)]
    if not any(_code(rows[start][SECTION], form) for start in starts):
        return None
    labels = FormLabels(form)
    blocks = [
        _Reader(form, labels, rows[start:end]).block()
        for start, end in zip(starts, [*starts[1:], len(rows)], strict=True)
    ]
    return _plan(form, labels, rows[: starts[0]], blocks)


class _Reader:
    """One block, row by row; it knows under which label each half of the page is."""

    def __init__(self, form: Form, labels: FormLabels, rows: Sequence[Cells]) -> None:
        name = rows[0][SECTION]
        self._rows = rows
        self._form_labels = labels
        self._block = _Block(name, Scope.UNIT if _is_unit(name, form) else Scope.INITIATIVE)
        self._section = ""
        self._current: dict[bool, str] = {}  # by half: the key that its texts belong to
        self._awaits: set[bool] = set()  # halves with a heading and no text below it yet
        self._headed: set[tuple[str, str]] = set()  # section and key

    def block(self) -> _Block:
        place = self._heads()
        for row in self._rows[place:]:
            if _is_wide(row):
                continue  # 「取組項目7(続き)」
            self._enter(row.get(SECTION, ""))
            for right in (False, True):
                labels = self._form_labels.of(self._section, self._block.scope, right=right)
                if labels is not None:
                    self._half(labels, _half(row, right=right), right=right)
        return self._block

    def _heads(self) -> int:
        """Take title and subtitle in, and say where the rows of cells begin."""
        printed, place = "", 1
        while place <= _TITLE_LINES and place < len(self._rows) and _is_wide(self._rows[place]):
            printed += self._rows[place][SECTION]
            place += 1
            if printed.rstrip().endswith("】") and printed.count("【") <= printed.count("】"):
                break
        self._block.title = printed.strip().removeprefix("【").removesuffix("】")
        lines = list(takewhile(_is_wide, self._rows[place:]))
        texts = (line[SECTION] for line in lines)
        self._block.subtitle = "\n".join(text for text in texts if not _is_continued(text))
        return place + len(lines)

    def _enter(self, section: str) -> None:
        if section and fold_words(section) != fold_words(self._section):
            self._section = section
            self._current = {}
            self._awaits.clear()

    def _half(self, labels: Labels, cells: _Half, *, right: bool) -> None:
        label = cells.label.replace(GOES_ON, "").strip()
        mark = labels.mark(label)
        if mark and not cells.text and (cells.mark or cells.legend or right not in self._awaits):
            self._add(mark, cells.mark, label)
        elif cells.text and cells.label:
            self._labelled(labels.text(label) if label else self._current.get(right), label, cells)
            if label:
                self._current[right] = labels.text(label) or ""
        elif cells.text:
            self._go_on(cells.text, right=right)
        elif labels.text(label) and right not in self._awaits:
            self._current[right] = labels.text(label) or ""  # with nothing beside it
        elif cells.label:
            self._under_heading(labels.heading(label), cells.label, right=right)

    def _labelled(self, key: str | None, label: str, cells: _Half) -> None:
        if key:
            self._add(key, cells.text, label)
        elif label:
            self._block.unknown.append(label)

    def _under_heading(self, key: str | None, text: str, *, right: bool) -> None:
        """A heading the first time, and a text that is nothing else."""
        if key is None or (self._section, key) in self._headed:
            self._go_on(text, right=right)
            return
        self._headed.add((self._section, key))
        self._current[right] = key
        self._awaits.add(right)

    def _go_on(self, text: str, *, right: bool) -> None:
        key = self._current.get(right)
        self._awaits.discard(right)
        if key:
            self._add(key, text)

    def _add(self, key: str, text: str, label: str = "") -> None:
        texts = self._texts()
        texts[key] = texts.get(key, "") + text
        if label:
            self._block.labels.setdefault(key, label)

    def _texts(self) -> dict[str, str]:
        stage = self._form_labels.stage_of(self._section)
        return self._block.plan if stage is None else self._block.stages.setdefault(stage, {})


class _Half(NamedTuple):
    """A half of a row; a text alone stands where a label would."""

    label: str
    text: str
    mark: str = ""
    legend: str = ""


def _half(row: Cells, *, right: bool) -> _Half:
    if right:
        return _Half(row.get(RIGHT_LABEL, ""), row.get(RIGHT_TEXT, ""))
    return _Half(*(row.get(column, "") for column in (LABEL, TEXT, MARK, LEGEND)))


def _is_wide(row: Cells) -> bool:
    return row.keys() == {SECTION}


def _opens(rows: Sequence[Cells], place: int, form: Form) -> bool:
    """Whether the name of an item, or of the unit, stands there, and a title below it."""
    if not _is_wide(rows[place]) or _is_continued(rows[place][SECTION]):
        return False
    below = rows[place + 1] if place + 1 < len(rows) else {}
    if not (_is_wide(below) and below[SECTION].lstrip().startswith("【")):
        return False
    name = rows[place][SECTION]
    return _is_unit(name, form) or bool(_code(name, form))


def _is_unit(name: str, form: Form) -> bool:
    return fold_words(name) == fold_words(form.printed.unit)


def _code(name: str, form: Form) -> str:
    """「3」 of 「取組項目3」."""
    folded = fold(name)
    match = re.match(spaced(form.item), folded.text)
    return folded.cut(match.end()) if match else ""


def _is_continued(line: str) -> bool:
    return line.rstrip().endswith(GOES_ON)


def _plan(
    form: Form, labels: FormLabels, above: Sequence[Cells], blocks: Sequence[_Block]
) -> SheetPlan:
    units = [block for block in blocks if block.scope is Scope.UNIT]
    items = [block for block in blocks if block.scope is not Scope.UNIT]
    initiatives = tuple(
        _initiative(form, labels, block, position) for position, block in enumerate(items, start=1)
    )
    heading = read_printed_heading(form, [row[SECTION] for row in above if SECTION in row])
    return SheetPlan(
        form=form.key,
        plan=heading.plan,
        ward=heading.ward or next((block.title for block in units if block.title), None),
        fiscal_year=heading.fiscal_year,
        last_year=heading.last_year,
        initiatives=initiatives,
        details={key: text.strip() for block in units for key, text in block.plan.items()},
        answers=_answers(form, labels, units[0]) if units else {},
        faults=tuple(_faults(form, initiatives)),
        warnings=(
            *_unknown(blocks),
            *target_warnings(initiatives if form.plan_field("target") else ()),
        ),
    )


def _initiative(form: Form, labels: FormLabels, block: _Block, position: int) -> SheetInitiative:
    return initiative_of(
        form,
        code=_code(block.name, form),
        position=position,
        title=block.title,
        subtitle=block.subtitle,
        texts=block.plan,
        labels=block.labels,
        answers=_answers(form, labels, block),
    )


def _answers(form: Form, labels: FormLabels, block: _Block) -> dict[str, SheetAnswers]:
    return {
        stage.key: answers_of(
            form,
            labels.fields_of(stage.key, block.scope),
            block.stages.get(stage.key, {}),
        )
        for stage in form.stages
        if block.scope is not Scope.UNIT or Scope.UNIT in stage.scopes
    }


def _faults(form: Form, initiatives: Sequence[SheetInitiative]) -> Iterator[Fault]:
    seen: set[str] = set()
    for each in initiatives:
        name = f"{form.item}{each.code}"
        if each.code in seen:
            yield Fault(0, "番号", f"{name}が2回あります。番号を確かめてください。")
        seen.add(each.code)
        if not each.title:
            yield Fault(0, "題名", f"{name}の題名がありません。【】の中に書いてください。")


def _unknown(blocks: Sequence[_Block]) -> Iterator[str]:
    for block in blocks:
        for label in dict.fromkeys(block.unknown):
            yield f"{block.name}：「{label[:30]}」は様式にない見出しのため、取り込みません。"
