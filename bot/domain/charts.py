"""What a picture of a round shows: rows or days, and the numbers of each; no colour, no file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from bot.domain.checkins import State
from bot.domain.form import Kind, Question, Stage
from bot.domain.status import Counts, ItemStatus


class Chart(StrEnum):
    """The pictures that there are."""

    PROGRESS = "progress"  # how many were in by each day
    SECTIONS = "sections"  # ①/② by section
    YEARS = "years"  # ①/② of this year beside last
    UNITS = "units"  # how the answers of each unit stand


class Tone(StrEnum):
    """How a part of a picture looks; each differs in grey as well, and none means good or bad."""

    STRONG = "strong"
    MIDDLE = "middle"
    LIGHT = "light"
    STRIPED = "striped"
    DOTTED = "dotted"
    BLANK = "blank"


@dataclass(frozen=True)
class Series:
    """One number for each label; None where there is none."""

    name: str
    tone: Tone
    values: tuple[int | None, ...]


@dataclass(frozen=True)
class Figure:
    """A picture: lines over days (``marked`` is the place of the due date), or bars one a label.

    ``total`` is how many there are in all, where that is the same for every label.
    """

    chart: Chart
    title: str
    subtitle: str
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    total: int | None = None
    marked: int | None = None
    mark: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw."""
        return not self.labels or not self.series

    @property
    def has_lines(self) -> bool:
        """Whether it runs over days."""
        return self.chart is Chart.PROGRESS


def days_of(first: date, last: date) -> tuple[date, ...]:
    """Every day from the first to the last, both included."""
    return tuple(first + timedelta(days=n) for n in range((last - first).days + 1))


def running_total(days: Sequence[date], reached: Iterable[date]) -> tuple[int, ...]:
    """How many had been reached by the end of each day; what came earlier counts from the first."""
    listed = sorted(reached)
    return tuple(sum(each <= day for each in listed) for day in days)


def marking_question(stage: Stage) -> Question | None:
    """The question whose mark is to be explained when it is ②; None where a stage has none."""
    return next(
        (
            question
            for question in stage.questions
            if question.kind is Kind.CHOICE and any(o.unfavourable for o in question.options)
        ),
        None,
    )


def mark_series(
    groups: Mapping[str, Sequence[ItemStatus]], question: Question
) -> tuple[Series, ...]:
    """The marks of each group's answers, then what has no mark; parts that are nowhere are left
    out, but for the marks of the form.
    """
    counted = [_count(items, question) for items in groups.values()]
    favourable = (Tone.LIGHT, Tone.MIDDLE, Tone.DOTTED)
    found = []
    for index, option in enumerate(question.options):
        tone = Tone.STRONG if option.unfavourable else favourable[min(index, 2)]
        name = option.mark or option.text.partition("(")[0]
        values = tuple(each.get(option.key, 0) for each in counted)
        if option.mark or any(values):
            found.append(Series(name, Tone.DOTTED if option.pending else tone, values))
    for state, name, tone in _UNMARKED:
        values = tuple(each.get(state.value, 0) for each in counted)
        if any(values) or state is State.OUTSTANDING:
            found.append(Series(name, tone, values))
    return tuple(found)


_UNMARKED = (
    (State.NOT_APPLICABLE, "対象外", Tone.MIDDLE),
    (State.SENT_BACK, "差し戻し", Tone.STRIPED),
    (State.OUTSTANDING, "未入力", Tone.BLANK),
)


def _count(items: Iterable[ItemStatus], question: Question) -> dict[str, int]:
    """Marks by option key; what has no mark by its state. Indicators count one by one."""
    counts: dict[str, int] = {}
    for item in items:
        if item.outstanding or item.state is State.NOT_APPLICABLE:
            given = [item.state.value]
        else:
            answers = item.answers.items()
            given = [text for key, text in answers if key.partition("@")[0] == question.key]
        for each in given:
            counts[each] = counts.get(each, 0) + 1
    return counts


def state_series(counts: Sequence[Counts | None]) -> tuple[Series, ...]:
    """How the answers stand; a unit without counts has no numbers. 入力済 holds 対象外."""
    parts: tuple[tuple[str, Tone, Callable[[Counts], int]], ...] = (
        ("確認済", Tone.STRONG, lambda each: each.confirmed),
        ("入力済(対象外を含む)", Tone.LIGHT, lambda each: each.submitted - each.confirmed),
        ("差し戻し", Tone.STRIPED, lambda each: each.sent_back),
        ("未入力", Tone.BLANK, lambda each: each.outstanding - each.sent_back),
    )
    return tuple(
        Series(name, tone, tuple(None if each is None else number(each) for each in counts))
        for name, tone, number in parts
    )
