"""A plan's rows as the values of a document: texts as stored, answers under the form's keys."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.domain.plans import TEXTS, SheetAnswers, SheetIndicator, SheetInitiative
from storage.models import CheckIn, IndicatorRow, Initiative, Plan, Publication
from storage.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class PlanTexts:
    """A plan's own texts: as they are now, or as they were when a round was published."""

    name: str
    details: Mapping[str, str]
    initiatives: Sequence[Initiative]
    indicators: Mapping[int, Sequence[IndicatorRow]] = field(default_factory=dict)  # by item

    def printed(
        self, initiative: Initiative, answers: Mapping[str, CheckIn | None], sections: Iterable[str]
    ) -> SheetInitiative:
        """One initiative with what was answered, by stage."""
        below = self.indicators.get(initiative.id or 0, ())
        places = {str(row.id): place for place, row in enumerate(below, start=1)}
        return SheetInitiative(
            code=initiative.code,
            position=initiative.position,
            number=initiative.number,
            title=initiative.title,
            **{key: getattr(initiative, key) for key in TEXTS},
            answers={
                stage: sheet_answers(row, places)
                for stage, row in answers.items()
                if row is not None
            },
            indicators=tuple(SheetIndicator(row.name, row.target) for row in below),
            details=dict(initiative.details),
            sections=tuple(sections),
        )


async def texts_of(uow: UnitOfWork, plan: Plan, publication: Publication | None) -> PlanTexts:
    """The texts of a plan; those of a published round as they were published."""
    if publication is not None:
        return _published(publication.content)
    initiatives = await uow.plans.initiatives(plan.id or 0)
    indicators = await uow.plans.indicators([each.id or 0 for each in initiatives])
    return PlanTexts(plan.name, dict(plan.details), initiatives, _by_item(indicators))


def sheet_answers(row: CheckIn, places: Mapping[str, int]) -> SheetAnswers:
    """Stored answers under the keys of a document: an indicator by its place, not by its id."""
    return SheetAnswers(
        {_key(key, places): text for key, text in row.answers.items()},
        frozenset(_key(key, places) for key in row.unreadable),
    )


def _key(key: str, places: Mapping[str, int]) -> str:
    question, at, about = key.partition("@")
    return f"{question}@{places[about]}" if at and about in places else key


def _published(content: Mapping[str, Any]) -> PlanTexts:
    indicators = [IndicatorRow(**each) for each in content["indicators"]]
    return PlanTexts(
        name=content["plan"]["name"],
        details=content["plan"]["details"],
        initiatives=[Initiative(**each) for each in content["initiatives"]],
        indicators=_by_item(indicators),
    )


def _by_item(rows: Iterable[IndicatorRow]) -> dict[int, list[IndicatorRow]]:
    found: dict[int, list[IndicatorRow]] = {}
    for row in sorted(rows, key=lambda row: row.position):
        found.setdefault(row.initiative_id, []).append(row)
    return found
