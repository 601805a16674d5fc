"""Plans read from documents as plain records, for --json and for comparing with known readings."""

from __future__ import annotations

from bot.domain.form import Stage
from bot.domain.plans import SheetAnswers, SheetInitiative
from bot.domain.youshiki3 import YOUSHIKI3

_PRINTED = {  # the questions that the printed form has; others are asked in Slack only
    "mid-year": ("implementation", "attainment", "issues"),
    "year-end": ("results", "attainment", "issues"),
}


def initiative_record(initiative: SheetInitiative) -> dict[str, object]:
    """An initiative with its answers by stage (mid_year, year_end) and the list ``unreadable``."""
    record: dict[str, object] = {
        "number": initiative.number,
        "title": initiative.title,
        "subtitle": initiative.subtitle,
        "pillar": initiative.pillar,
        "purpose": initiative.purpose,
        "purpose_label": initiative.purpose_label,
        "outline": initiative.outline,
        "target": initiative.target,
        "plan_unlabelled": initiative.plan_unlabelled,
        "activities": initiative.activities,
        "activities_target": initiative.activities_target,
    }
    unreadable: list[str] = []
    for stage in YOUSHIKI3.stages:
        answers = initiative.answers.get(stage.key, SheetAnswers())
        record[_name(stage)] = {key: answers.values.get(key) for key in _PRINTED[stage.key]}
        unreadable.extend(f"{_name(stage)}.{key}" for key in sorted(answers.unreadable))
    return {**record, "unreadable": unreadable}


def _name(stage: Stage) -> str:
    return stage.key.replace("-", "_")
