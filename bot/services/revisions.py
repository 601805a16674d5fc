"""The next revision of an answer: what stood, what stands now, and where it came from."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from bot.domain.checkins import Source, fingerprint
from bot.domain.form import Stage
from storage.models import CheckIn, Initiative, Revision
from storage.unit_of_work import UnitOfWork

# Nobody of Slack entered it: a document or whoever has the command line did. Ids begin at 1.
_NOBODY = 0


def revise(
    uow: UnitOfWork,
    row: CheckIn,
    answers: Mapping[str, str],
    *,
    asked: Mapping[str, object],
    source: Source,
    at: datetime,
    about: str = "",
    base: int | None = None,
    entered_by: int | None = None,
    entered_for: int | None = None,
    reason: str = "",
) -> Revision:
    """Store a revision, and put it into the row, which the caller completes and stores.

    ``asked``: wording and target of that moment. For the fingerprint: ``about``, what the answer
    is about where that is not the row's own place, and ``base``, the revision that its writer
    began with where that is not the newest. ``entered_for``: in whose place it was entered.
    """
    about = about or f"{row.plan_id}:{row.initiative_id}:{row.stage}"
    revision = Revision(
        check_in_id=row.id or 0,
        number=row.revision + 1,
        before=row.answers,
        after=dict(answers),
        asked=dict(asked),
        source=source.value,
        entered_by=entered_by,
        entered_for=entered_for,
        at=at,
        reason=reason,
        fingerprint=fingerprint(
            about, row.revision if base is None else base, entered_by or _NOBODY, answers
        ),
    )
    uow.check_ins.append(revision)
    row.revision, row.answers, row.at = revision.number, dict(answers), at
    row.source, row.entered_by = revision.source, entered_by
    return revision


def asked(initiative: Initiative, stage: Stage) -> dict[str, object]:
    """What a person answers to, kept with the answer: wording and target of that moment."""
    details = {"details": dict(initiative.details)} if initiative.details else {}
    return {
        **details,
        "title": initiative.title,
        "target": initiative.target,
        "activities": initiative.activities,
        "activities_target": initiative.activities_target,
        "labels": {question.key: question.label for question in stage.questions},
    }
