"""What a person does in a check-in's modal."""

from __future__ import annotations

from playground import Screen
from tests.scenarios.office import OPENING, Story

IMPLEMENTATION = "取組内容の実施見込み"
ATTAINMENT = "目標の達成見込み"
ISSUES = "課題と改善策"


async def opened(story: Story, part: str = "owner", nth: int = 0) -> Screen:
    """The opening notices have gone out, and somebody presses 「入力する」 of the n-th item."""
    if not story.messages("owner"):
        await story.sweep(OPENING)
    return await story.person(part).click(story.letter(part), "入力する", nth=nth)


async def fill(modal: Screen, *, attainment: str = "①", issues: str = "") -> None:
    """All that a mid-year review asks for."""
    await modal.choose(IMPLEMENTATION, "(i)")
    await modal.choose(ATTAINMENT, attainment)
    if issues:
        await modal.fill(ISSUES, issues)


async def answered(story: Story, nth: int = 0, **answers: str) -> Screen:
    """The owner has answered the n-th item; the modal says so."""
    modal = await opened(story, nth=nth)
    await fill(modal, **answers)
    await modal.submit()
    return modal
