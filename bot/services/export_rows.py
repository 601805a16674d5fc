"""How an exported plan is laid out: one row an initiative, headers from the form's labels.

The record beside it says the same for programs, with the keys that an import prints.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.domain.answers import YES, Answers, is_provisional, is_undetermined
from bot.domain.calendar import TOKYO, era_year
from bot.domain.checkins import Source, State
from bot.domain.fields import Field
from bot.domain.form import Form, Kind, Question, Scope, Stage
from bot.domain.grades import grades_words
from bot.sheets.export import ExportTable, Value
from bot.sheets.register_answers import PROVISIONAL, UNREADABLE
from bot.sheets.register_columns import answer_title, indicator_columns, plan_columns
from bot.sheets.register_rows import WHOLE_UNIT
from bot.views.words import CONFIRMERS, PLAN_STATES, STATES, option_words
from storage.models import Decision, IndicatorRow, Initiative, Plan, Revision

_SOURCES = {
    Source.SLACK.value: "Slack",
    Source.SHEET.value: "公表資料",
    Source.OFFICE.value: "コマンド",
}

_AFTER = (
    "状態",
    "入力回数",
    "最初の入力",
    "最後の入力",
    "入力者",
    "代わりに入力した相手",
    "入力元",
    "修正期限",
    *(f"{what}({who})" for who in CONFIRMERS.values() for what in ("確認者", "確認日時")),
)


@dataclass(frozen=True)
class Review:
    """What was answered about one subject at one stage, with its whole history."""

    fields: tuple[Field, ...]
    answers: Answers
    state: State
    unreadable: frozenset[str]
    revisions: Sequence[Revision]  # oldest first
    names: Mapping[int, str]  # of people, by id
    mend_by: date | None  # where it was sent back
    confirmed: Mapping[int, Decision]  # by level, of what stands

    @property
    def last(self) -> Revision | None:
        """The newest revision."""
        return self.revisions[-1] if self.revisions else None

    def name(self, person_id: int | None) -> str:
        """A person's name; empty for nobody."""
        return self.names.get(person_id or 0, "")


@dataclass(frozen=True)
class Subject:
    """An initiative, or without one the whole unit."""

    initiative: Initiative | None
    sections: tuple[str, ...]
    owners: tuple[str, ...]
    reviews: Mapping[str, Review]  # by stage key
    indicators: Sequence[IndicatorRow] = ()


@dataclass(frozen=True)
class Exported:
    """A plan with all that is exported of it."""

    unit_name: str
    plan: Plan
    form: Form
    stages: tuple[Stage, ...]
    subjects: tuple[Subject, ...]


def table_of(exported: Exported) -> ExportTable:
    """The table for people and the record for programs."""
    year = era_year(exported.plan.first_year)
    return ExportTable(
        title=f"{exported.unit_name} {year}",
        headers=tuple(_headers(exported)),
        rows=tuple(tuple(_row(exported, subject)) for subject in exported.subjects),
        record=_record(exported),
    )


def _headers(exported: Exported) -> Iterator[str]:
    """The names that a register has for them: an export can be imported again."""
    form = exported.form
    yield from ("区", "年度", "様式", "計画", "案・確定", "番号", "題名")
    yield from (column.title for column in plan_columns(form))
    yield from (column.title for column in indicator_columns(form, _most_indicators(exported)))
    yield from (field.label for field in form.unit_fields)
    yield from ("課・担当", "担当者")
    for stage in exported.stages:
        yield from (answer_title(stage.title, question.label) for question in stage.questions)
        yield from (answer_title(stage.title, name) for name in _AFTER)


def _most_indicators(exported: Exported) -> int:
    return max((len(subject.indicators) for subject in exported.subjects), default=0)


def _row(exported: Exported, subject: Subject) -> Iterator[Value]:
    plan, initiative = exported.plan, subject.initiative
    form = exported.form
    yield from (exported.unit_name, era_year(plan.first_year), form.name, plan.name)
    yield PLAN_STATES.get(plan.state, plan.state)
    if initiative is None:
        yield from (None, WHOLE_UNIT)
    else:
        yield from (_number(initiative), initiative.title)
    yield from (_text(initiative, column.key) for column in plan_columns(form))
    for place in range(_most_indicators(exported)):
        row = subject.indicators[place] if place < len(subject.indicators) else None
        yield from (row.name, row.target) if row else (None, None)
    for field in form.unit_fields:
        yield None if initiative else plan.details.get(field.key)
    yield from ("、".join(subject.sections), "、".join(subject.owners))
    for stage in exported.stages:
        review = subject.reviews[stage.key]
        yield from (_cell(question, review) for question in stage.questions)
        yield from _after(review)


def _number(initiative: Initiative) -> Value:
    return int(initiative.code) if initiative.code.isdecimal() else initiative.code


def _text(initiative: Initiative | None, key: str) -> str | None:
    """A text of the plan: a column of its own, or one that only the form knows."""
    found = getattr(initiative, key, None) or (initiative.details.get(key) if initiative else None)
    return str(found) if found else None


def _cell(question: Question, review: Review) -> Value:
    """An answer as printed; one line for each indicator where it is asked of indicators."""
    lines = []
    for field in review.fields:
        if field.question.key == question.key:
            said = _printed(field, review)
            lines.append(f"{field.name}：{said}" if field.name and said else said)
    return "\n".join(filter(None, lines)) or None


def _printed(field: Field, review: Review) -> str:
    if field.key in review.unreadable:
        return UNREADABLE
    value = review.answers.get(field.key, "")
    if field.question.kind is Kind.CHOICE:
        option = field.question.option(value)
        return option_words(option) if option else ""
    if field.question.kind is Kind.FLAG:
        return PROVISIONAL if value == YES else ""
    if field.question.kind is Kind.GRADES and value:
        return grades_words(field.question, value)
    return value


def _after(review: Review) -> Iterator[Value]:
    last = review.last
    yield STATES[review.state]
    yield len(review.revisions)
    yield _when(review.revisions[0].at) if last else None
    yield _when(last.at) if last else None
    yield (review.name(last.entered_by) or None) if last else None
    yield (review.name(last.entered_for) or None) if last else None
    yield _SOURCES.get(last.source, last.source) if last else None
    yield review.mend_by.isoformat() if review.mend_by else None
    for level in CONFIRMERS:
        decision = review.confirmed.get(level)
        yield (review.name(decision.person_id) or None) if decision else None
        yield _when(decision.at) if decision else None


def _when(instant: datetime) -> str:
    """Japanese date and time, as Excel reads it."""
    return f"{instant.astimezone(TOKYO):%Y-%m-%d %H:%M}"


def _record(exported: Exported) -> dict[str, object]:
    plan = exported.plan
    subjects = [_subject_record(exported, subject) for subject in exported.subjects]
    return {
        "ward": exported.unit_name,
        "fiscal_year": plan.first_year,
        "form": plan.form,
        "plan": plan.name,
        "state": plan.state,
        "initiatives": [each for each in subjects if each["number"] is not None],
        "unit": next((each for each in subjects if each["number"] is None), None),
    }


def _subject_record(exported: Exported, subject: Subject) -> dict[str, object]:
    initiative = subject.initiative
    return {
        "number": initiative.number if initiative else None,
        "code": initiative.code if initiative else None,
        "title": initiative.title if initiative else None,
        **{each.key: _text(initiative, each.key) for each in plan_columns(exported.form)},
        **_further_record(exported, subject),
        "sections": list(subject.sections),
        "owners": list(subject.owners),
        **{
            stage.key.replace("-", "_"): _review_record(stage, subject.reviews[stage.key])
            for stage in exported.stages
        },
    }


def _further_record(exported: Exported, subject: Subject) -> dict[str, object]:
    """What not every form has: indicators by their places, and texts about the whole unit."""
    if subject.initiative is None:
        texts = exported.plan.details
        return {"details": {field.key: texts.get(field.key) for field in exported.form.unit_fields}}
    if Scope.INDICATOR not in exported.form.scopes:
        return {}
    return {"indicators": [{"name": r.name, "target": r.target} for r in subject.indicators]}


def _review_record(stage: Stage, review: Review) -> dict[str, object]:
    scope = review.fields[0].question.scope if review.fields else Scope.INITIATIVE
    blank = {q.key: None for q in stage.questions if q.scope is scope}
    last = review.last
    return {
        **blank,
        **_answers_by_place(review),
        "history": {
            "state": review.state.value,
            "provisional": is_provisional(review.fields, review.answers),
            "undetermined": is_undetermined(review.fields, review.answers),
            "unreadable": sorted(review.unreadable),
            "revisions": len(review.revisions),
            "first_at": _stamp(review.revisions[0]) if last else None,
            "last_at": _stamp(last) if last else None,
            "entered_by": (review.name(last.entered_by) or None) if last else None,
            "entered_for": (review.name(last.entered_for) or None) if last else None,
            "source": last.source if last else None,
            "mend_by": review.mend_by.isoformat() if review.mend_by else None,
            "confirmed": [
                {
                    "level": level,
                    "by": review.name(decision.person_id) or None,
                    "at": _stamp(decision),
                    "own": decision.own,
                }
                for level, decision in sorted(review.confirmed.items())
            ],
        },
    }


def _answers_by_place(review: Review) -> dict[str, str]:
    """Answers about indicators under their places from 1, as documents count them: ``mark@2``."""
    ids = list(dict.fromkeys(field.about for field in review.fields if field.about))
    places = {about: str(place) for place, about in enumerate(ids, start=1)}
    found: dict[str, str] = {}
    for key, text in review.answers.items():
        question, _, about = key.partition("@")
        found[f"{question}@{places[about]}" if about in places else key] = text
    return found


def _stamp(dated: Revision | Decision) -> str:
    return dated.at.astimezone(TOKYO).isoformat(timespec="seconds")
