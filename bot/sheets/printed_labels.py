"""What each printed label of a form stands for: the words by which an exported form is read back.

They come from the form itself, so that an office that changes its labels reads them too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from bot.domain.fields import Field, Indicator, fields_of
from bot.domain.form import Form, Kind, Scope, Stage
from bot.domain.plan_fields import Half, PlanField
from bot.sheets.folding import fold_words
from bot.sheets.form_layout import TARGET

_MOST_INDICATORS = 30  # of one item


@dataclass(frozen=True)
class Labels:
    """The labels of one half of a section, folded, each with the key of what it names.

    ``texts`` stand beside a text, ``headings`` above one, and ``marks`` before a mark.
    """

    texts: Mapping[str, str] = field(default_factory=dict)
    headings: Mapping[str, str] = field(default_factory=dict)
    marks: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[str, Field] = field(default_factory=dict)

    def text(self, label: str) -> str | None:
        """The key of a text by the label beside it, in brackets or without."""
        return self.texts.get(_bare(label))

    def heading(self, label: str) -> str | None:
        """The key of the text below such a heading."""
        return self.headings.get(_bare(label))

    def mark(self, label: str) -> str | None:
        """The key of the mark behind such a label."""
        return self.marks.get(_bare(label))


class FormLabels:
    """All labels of a form, section by section."""

    def __init__(self, form: Form) -> None:
        """Make them out once for the whole file."""
        self._plan = fold_words(form.printed.plan)
        self._plan_halves = _plan_labels(form)
        self._unit = Labels(texts=_labels(form.unit_fields))
        self._stages = {
            fold_words(words): stage.key for stage in form.stages for words in stage.headings
        }
        self._asked = {
            (stage.key, scope, right): _stage_labels(form, stage, scope, right=right)
            for stage in form.stages
            for scope in (Scope.INITIATIVE, Scope.UNIT)
            for right in (False, True)
        }

    def stage_of(self, section: str) -> str | None:
        """The key of the stage whose section it is; None for the plan's, or another."""
        return self._stages.get(fold_words(section))

    def fields_of(self, stage: str, scope: Scope) -> dict[str, Field]:
        """What a stage asks, in both halves, by key."""
        return {
            key: each
            for right in (False, True)
            for key, each in self._asked[stage, scope, right].fields.items()
        }

    def of(self, section: str, scope: Scope, *, right: bool) -> Labels | None:
        """The labels of a half of a section; None where nothing of it is taken in."""
        stage = self.stage_of(section)
        if stage is not None:
            return self._asked[stage, scope, right]
        if fold_words(section) != self._plan:
            return None
        return self._unit if scope is Scope.UNIT else self._plan_halves[right]


def _plan_labels(form: Form) -> tuple[Labels, Labels]:
    left = [each for each in form.plan_fields if each.half is not Half.RIGHT]
    right = [each for each in form.plan_fields if each.half is Half.RIGHT]
    return (
        Labels(
            texts={**_indicator_labels(form), **_labels(left)},
            headings={_bare(form.printed.left): _unlabelled(left)},
        ),
        Labels(texts=_labels(right), headings={_bare(form.printed.right): _unlabelled(right)}),
    )


def _stage_labels(form: Form, stage: Stage, scope: Scope, *, right: bool) -> Labels:
    """Those about indicators too, by their places; what explains a mark stands on the right."""
    places = [Indicator(str(place), "") for place in range(1, _MOST_INDICATORS + 1)]
    explains = [stage.explanation_of(question) for question in stage.questions]
    fields = [
        each for each in fields_of(stage, scope, places) if (each.question in explains) == right
    ]
    texts = [each for each in fields if each.question.kind in (Kind.FLAG, Kind.DATE, Kind.GRADES)]
    marks = [each for each in fields if each.question.kind is Kind.CHOICE]
    headings = [each for each in fields if each not in (*texts, *marks)]
    return Labels(
        texts=_questions(form, texts),
        headings=_questions(form, headings),
        marks=_questions(form, marks),
        fields={each.key: each for each in fields},
    )


def indicator_key(key: str) -> tuple[int, str] | None:
    """Place and part of an indicator's label: 「アウトカム指標2 目標」 is (2, "target")."""
    found = re.fullmatch(r"indicator@(\d+)(?:\.(target))?", key)
    return (int(found[1]), found[2] or "name") if found else None


def _indicator_labels(form: Form) -> dict[str, str]:
    labels: dict[str, str] = {}
    for place in range(1, _MOST_INDICATORS + 1):
        labels[_bare(f"{form.indicator}{place}")] = f"indicator@{place}"
        labels[_bare(f"{form.indicator}{place}{TARGET}")] = f"indicator@{place}.target"
    return labels


def _labels(fields: Iterable[PlanField]) -> dict[str, str]:
    labels: dict[str, str] = {}
    for each in fields:
        for words in each.headings:
            labels.setdefault(_bare(words), each.key)
    return labels


def _unlabelled(fields: Sequence[PlanField]) -> str:
    """The key of the text that stands under the heading itself: one without a label, if any."""
    bare = (each for each in fields if not each.labelled and each.half is not Half.HEAD)
    found = next(bare, None) or next((each for each in fields if each.half is not Half.HEAD), None)
    return found.key if found else ""


def _questions(form: Form, fields: Iterable[Field]) -> dict[str, str]:
    return {_bare(words): each.key for each in fields for words in _words_of(form, each)}


def _words_of(form: Form, asked: Field) -> Iterator[str]:
    name = f"{form.indicator}{asked.about}" if asked.about else ""
    for words in asked.question.headings:
        yield f"{name}{words}"
        yield f"{name}{words}{asked.question.note}"


def _bare(words: str) -> str:
    return fold_words(words).strip("()")
