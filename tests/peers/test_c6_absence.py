"""C6: people on leave are nagged, and counted among those who are late."""

from __future__ import annotations

from datetime import date

import pytest

from bot.services import status
from bot.services.viewers import Caller
from bot.views.status import UnitStatus
from storage.models import Absence
from tests.databases import EACH_KIND, EITHER_KIND
from tests.handlers.filling import answered
from tests.scenarios.office import Story

pytestmark = EITHER_KIND

# The opening, three business days before the due date, the due date, and one and three after.
LADDER = ("2026-09-01", "2026-09-15", "2026-09-18", "2026-09-24", "2026-09-28")


async def _away(story: Story, first: str, last: str | None = None, *, part: str = "owner") -> None:
    async with story.office.database.begin() as uow:
        row = Absence(
            person_id=story.ward.people[part],
            first=date.fromisoformat(first),
            last=date.fromisoformat(last) if last else None,
            deputy_id=story.ward.people["deputy"],
            at=story.clock.now(),
        )
        await uow.absences.add(row)
        await uow.commit()


@pytest.fixture(autouse=True)
def before_the_round(story: Story) -> None:
    """Whoever is away has said so the day before the round opens."""
    story.go_to("2026-08-31", "08:00")


@EACH_KIND
async def test_who_is_away_gets_nothing_and_the_deputy_everything(story: Story) -> None:
    await _away(story, "2026-08-31")

    for day in LADDER:
        await story.sweep(day)

    assert story.messages("owner") == []
    assert len(story.messages("deputy")) == len(LADDER)


@pytest.mark.parametrize("part", ["manager", "coordinator"])
async def test_who_reads_or_coordinates_and_is_away_gets_nothing_until_they_are_back(
    story: Story, part: str
) -> None:
    await _ask_for_confirmation(story)
    await _away(story, "2026-08-31", "2026-09-29", part=part)
    await answered(story)
    await story.bot.background.drain(5)

    for day in (*LADDER, "2026-09-29"):
        await story.sweep(day)
    assert story.messages(part) == []
    await story.sweep("2026-09-30")

    assert len(story.messages(part)) >= 1
    assert "2件が未入力です" in _said(story, part) or "未入力 2件" in _said(story, part)


def _said(story: Story, part: str) -> str:
    return "\n".join(message.visible_text for message in story.messages(part))


async def _ask_for_confirmation(story: Story) -> None:
    async with story.office.database.begin() as uow:
        row = await uow.rounds.get(story.ward.round_id)
        assert row is not None
        row.levels = 1
        await uow.commit()


async def test_who_is_away_is_not_late(story: Story) -> None:
    await _away(story, "2026-08-31")
    story.go_to("2026-09-28")

    manager = Caller(story.slack.team_id, story.user("unit_manager").id)
    shown = await status.of_unit(story.office, manager, story.ward.unit_id)

    assert isinstance(shown, UnitStatus)
    assert (shown.counts.outstanding, shown.counts.overdue) == (3, 0)
    page = await story.whispered("unit_manager", "状況 あおぞら区")
    assert "不在(副担当：佐藤)" in page.visible_text
    assert "期限超過" not in page.visible_text


async def test_the_deputy_answers_and_the_owner_is_told_on_return(story: Story) -> None:
    await _away(story, "2026-08-31", "2026-09-11")
    await story.sweep("2026-09-01")

    deputy = story.person("deputy")
    form = await deputy.click(story.letter("deputy"), "入力する", near="取組項目1")
    await form.choose("取組内容の実施見込み", "(i) 実施見込み")
    await form.choose("目標の達成見込み", "① 達成見込み")
    await form.submit()
    assert await story.check_in(1) is not None

    await story.sweep("2026-09-11")
    assert story.messages("owner") == []
    await story.sweep("2026-09-14")
    [letter] = story.messages("owner")
    assert "不在のあいだのお知らせは、副担当の佐藤さんへ送りました。" in letter.visible_text
    assert "取組項目1は9月1日(火)に入力済です。" in letter.visible_text
