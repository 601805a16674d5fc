"""What happened to one item, put together from what is stored: answers, decisions and letters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from bot.domain.calendar import WINDOW_OPENS, at_tokyo, japanese_date
from bot.domain.confirmations import DecisionKind
from bot.domain.consultations import ConsultationKind
from bot.domain.fields import Field, Indicator, fields_of
from bot.domain.form import Form, Scope, Stage
from bot.domain.letters import LetterKind, LetterState
from bot.domain.people import UNIT_ITEM, Period
from bot.services.consultations import CONSULTED_STEP
from bot.services.review_contents import SENT_BACK_STEP
from bot.views.answers_shown import answer_words
from bot.views.histories import History
from bot.views.history_events import (
    Announced,
    Consulted,
    Decided,
    Entered,
    Event,
    FieldChange,
    FoundBlank,
    Told,
)
from bot.views.targets import HistoryTarget
from storage.models import (
    CheckIn,
    Consultation,
    Decision,
    Initiative,
    Ownership,
    PaperMark,
    Plan,
    Publication,
    ReviewRound,
    Revision,
)
from storage.unit_of_work import UnitOfWork

_SHOWN = frozenset({LetterState.SENT, LetterState.UNDELIVERABLE, LetterState.UNKNOWN})
_LATE = timedelta(days=31)  # a letter waits for the office to open, and for Slack


@dataclass(frozen=True)
class Subject:
    """What the history is of; without an initiative, what the form asks once per unit."""

    plan: Plan
    unit_name: str
    contact: str
    extension: str
    form: Form
    initiative: Initiative | None
    ownerships: Sequence[Ownership]  # of any time

    @property
    def id(self) -> int:
        """The initiative's id."""
        return self.initiative.id or 0 if self.initiative else UNIT_ITEM

    @property
    def key(self) -> str:
        """What the audit trail calls it."""
        return f"initiative:{self.id}" if self.id else f"plan:{self.plan.id}"

    def owned_on(self, day: date) -> list[Ownership]:
        """Who owned it on a Japanese date."""
        return [own for own in self.ownerships if Period(own.valid_from, own.valid_to).covers(day)]


@dataclass(frozen=True)
class _Stored:
    """All rows about it, read with a fixed number of queries."""

    check_ins: Sequence[CheckIn]
    revisions: Sequence[Revision]
    decisions: Sequence[Decision]
    rounds: Sequence[ReviewRound]
    letters: Sequence[Any]
    consultations: Sequence[Consultation]
    paper: Sequence[PaperMark]
    publications: Mapping[int, Publication]  # by round
    indicators: Sequence[Indicator]
    names: Mapping[int, str]


async def history_of(uow: UnitOfWork, subject: Subject, target: HistoryTarget) -> History:
    """Everything that is recorded of it, oldest first; a fixed number of queries."""
    stored = await _stored(uow, subject)
    events = [*_entered(subject, stored), *_decided(subject, stored), *_told(subject, stored)]
    events += [*_announced(subject, stored), *_consulted(subject, stored)]
    events += _found_blank(subject, stored)
    initiative, form = subject.initiative, subject.form
    return History(
        target=target,
        unit_name=subject.unit_name,
        fiscal_year=subject.plan.last_year,
        code=form.shown_code(initiative.code) if initiative else form.printed.unit,
        title=initiative.title if initiative else subject.plan.name,
        events=tuple(sorted(events, key=lambda event: event.at)),
    )


async def _stored(uow: UnitOfWork, subject: Subject) -> _Stored:
    rounds = await uow.rounds.of_plans([subject.plan.id or 0])
    round_ids = [each.id or 0 for each in rounds]
    check_ins = await _check_ins(uow, subject)
    known = [row.id or 0 for row in check_ins]
    revisions = await uow.check_ins.revisions(known)
    decisions = await uow.decisions.of(known)
    letters = await uow.histories.letters(round_ids)
    asked = await uow.histories.consultations(round_ids, subject.id)
    below = await uow.plans.indicators([subject.id]) if subject.id else []
    frozen = [row.id or 0 for row in rounds if row.frozen_at is not None]
    published = await uow.publications.of_rounds(frozen) if frozen else {}
    mentioned = {each.person_id for each in (*decisions, *letters, *asked)}
    mentioned |= {each.answered_by or 0 for each in asked}
    paper = await uow.unreadable.marks(known)
    mentioned |= {each.person_id for each in paper}
    mentioned |= {each.person_id or 0 for each in published.values()}
    mentioned |= {each or 0 for row in revisions for each in (row.entered_by, row.entered_for)}
    return _Stored(
        check_ins=check_ins,
        revisions=revisions,
        decisions=decisions,
        rounds=rounds,
        letters=letters,
        consultations=asked,
        paper=paper,
        publications=published,
        indicators=[Indicator(str(row.id), row.name) for row in below],
        names=await uow.briefs.names(mentioned),
    )


async def _check_ins(uow: UnitOfWork, subject: Subject) -> list[CheckIn]:
    if subject.id:
        return await uow.check_ins.of_initiatives([subject.id])
    plan_id, stages = subject.plan.id or 0, subject.form.stages
    found = [await uow.check_ins.find(plan_id, None, stage.key) for stage in stages]
    return [row for row in found if row is not None]


def _entered(subject: Subject, stored: _Stored) -> Iterator[Event]:
    answers = {row.id: row for row in stored.check_ins}
    for row in stored.revisions:
        answer = answers[row.check_in_id]
        stage = subject.form.stage(answer.stage)
        yield Entered(
            at=row.at,
            stage=stage.title,
            name=stored.names.get(row.entered_by or 0, ""),
            number=row.number,
            source=row.source,
            entered_for=stored.names.get(row.entered_for or 0, ""),
            reason=row.reason,
            changes=tuple(_changes(_fields(subject, stored, stage), row)),
            corrects=answer.published is not None and row.number > answer.published,
        )


def _fields(subject: Subject, stored: _Stored, stage: Stage) -> tuple[Field, ...]:
    scope = Scope.INITIATIVE if subject.id else Scope.UNIT
    return fields_of(stage, scope, stored.indicators)


def _changes(fields: Sequence[Field], row: Revision) -> Iterator[FieldChange]:
    """In the form's order, then what the form does not ask any more; labels as they were then."""
    known = {field.key: field for field in fields}
    labels = row.asked.get("labels") or {}
    for key in dict.fromkeys([*known, *sorted({*row.before, *row.after})]):
        before, after = row.before.get(key, ""), row.after.get(key, "")
        if before != after:
            field = known.get(key)
            own = labels.get(key.partition("@")[0]) or (field.question.label if field else key)
            name = f"{field.name}　" if field and field.name else ""
            yield FieldChange(f"{name}{own}", _said(field, before), _said(field, after))


def _said(field: Field | None, text: str) -> str:
    """An answer in the form's words; one that it no longer knows as it was stored."""
    if field is None or not text:
        return text
    try:
        return answer_words(field, text)
    except ValueError:  # a date that a published sheet wrote otherwise
        return text


def _decided(subject: Subject, stored: _Stored) -> Iterator[Event]:
    stages = {row.id: row.stage for row in stored.check_ins}
    for row in stored.decisions:
        yield Decided(
            at=row.at,
            stage=subject.form.stage(stages[row.check_in_id]).title,
            name=stored.names.get(row.person_id, ""),
            number=row.revision,
            sent_back=row.kind == DecisionKind.SENT_BACK,
            level=row.level,
            comment=row.comment,
            due=row.due,
            own=row.own,
        )


def _found_blank(subject: Subject, stored: _Stored) -> Iterator[Event]:
    """What was looked for on the paper in vain; what was found there is a revision."""
    stages = {row.id: row.stage for row in stored.check_ins}
    for mark in stored.paper:
        if not mark.value:
            stage = subject.form.stage(stages[mark.check_in_id])
            fields = _fields(subject, stored, stage)
            named = {each.key: each for each in fields}.get(mark.question)
            label = named.question.label if named else mark.question
            name = f"{named.name}　" if named and named.name else ""
            who = stored.names.get(mark.person_id, "")
            yield FoundBlank(mark.at, stage.title, who, f"{name}{label}")


def _consulted(subject: Subject, stored: _Stored) -> Iterator[Event]:
    """That something was asked and answered, and on what subject."""
    stages = {row.id: subject.form.stage(row.stage).title for row in stored.rounds}
    for row in stored.consultations:
        stage, kind = stages[row.round_id], ConsultationKind(row.kind)
        yield Consulted(row.at, stage, stored.names.get(row.person_id, ""), kind)
        if row.answered_at is not None:
            name = stored.names.get(row.answered_by or 0, "")
            yield Consulted(row.answered_at, stage, name, kind, answered=True)


def _announced(subject: Subject, stored: _Stored) -> Iterator[Event]:
    answers = {row.stage: row for row in stored.check_ins}
    for round_ in stored.rounds:
        row, answer = stored.publications.get(round_.id or 0), answers.get(round_.stage)
        if row is not None and answer is not None and answer.published is not None:
            yield Announced(
                at=row.at,
                stage=subject.form.stage(round_.stage).title,
                name=stored.names.get(row.person_id or 0, ""),
                number=answer.published,
                decision_number=row.decision_number,
                day=row.published_on,
            )


def _told(subject: Subject, stored: _Stored) -> Iterator[Event]:
    """Each letter that named the item, and each to its owner that did not arrive."""
    stages = {row.id: subject.form.stage(row.stage).title for row in stored.rounds}
    acts = {f"{SENT_BACK_STEP}:{row.id}" for row in stored.decisions}
    acts |= {f"{CONSULTED_STEP}:{row.id}" for row in stored.consultations}
    found: dict[tuple[int, int], list[Any]] = {}
    for row in stored.letters:
        if LetterState(row.state) in _SHOWN and _speaks_of(subject, row, acts):
            found.setdefault((row.letter_id, row.round_id), []).append(row)
    for rows in found.values():
        first = rows[0]
        yield Told(
            at=_told_at(first),
            stage=stages[first.round_id],
            name=stored.names.get(first.person_id, ""),
            kind=LetterKind(first.kind),
            state=LetterState(first.state),
            steps=tuple(row.step for row in rows),
        )


def _told_at(row: Any) -> datetime:
    """When it was sent, or was to be.

    A demo's days are set and its machine's clock is not: such a moment would be in another year.
    """
    due: datetime = at_tokyo(row.day, WINDOW_OPENS)
    sent: datetime = row.sent_at or due
    return sent if timedelta() <= japanese_date(sent) - row.day <= _LATE else due


def _speaks_of(subject: Subject, row: Any, acts: Iterable[str]) -> bool:
    if row.kind in (LetterKind.SENT_BACK, LetterKind.CONSULTED):
        return row.step in acts
    if row.state == LetterState.SENT:
        return subject.id in row.item_ids
    if row.kind != LetterKind.NOTICE:
        return False
    return any(row.person_id in (own.person_id, own.deputy_id) for own in subject.owned_on(row.day))
