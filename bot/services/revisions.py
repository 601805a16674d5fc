"""The next revision of an answer: what stood, what stands now, and where it came from."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from bot.domain.checkins import Source, fingerprint
from storage.models import CheckIn, Revision
from storage.unit_of_work import UnitOfWork

# Nobody of Slack entered it: a document or whoever has the command line did. Ids begin at 1.
_NOBODY = 0


async def revise(
    uow: UnitOfWork,
    row: CheckIn,
    answers: Mapping[str, str],
    *,
    asked: Mapping[str, object],
    source: Source,
    at: datetime,
    about: str = "",
    entered_by: int | None = None,
    reason: str = "",
) -> Revision:
    """Store a revision, and put it into the row, which the caller completes and stores.

    ``asked``: wording and target of that moment; ``about``: what the answer is about, for its
    fingerprint, where that is not the row's own place.
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
        at=at,
        reason=reason,
        fingerprint=fingerprint(about, row.revision, entered_by or _NOBODY, answers),
    )
    await uow.check_ins.add(revision)
    row.revision, row.answers, row.at = revision.number, dict(answers), at
    row.source, row.entered_by = revision.source, entered_by
    return revision
