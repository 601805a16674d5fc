"""C13: answers that come late, or are changed later, are taken, dated and kept like any other."""

from __future__ import annotations

import json

from bot.services.export import export_plan
from bot.sheets.export import ExportFormat, write
from playground import Outcome
from tests.builders import MID_YEAR_DATES
from tests.databases import EACH_KIND, EITHER_KIND
from tests.handlers.filling import ATTAINMENT, ISSUES, fill, opened
from tests.scenarios.office import Story

pytestmark = EITHER_KIND

WRITTEN = "参加が計画の6割にとどまる。10月から周知の方法を見直す。"
REASON = "公表前の確認による。"


@EACH_KIND
async def test_an_answer_after_the_due_date_is_taken_and_its_day_recorded(story: Story) -> None:
    await story.sweep("2026-09-01")
    await story.sweep("2026-09-24")
    assert "入力期限を過ぎた項目が3件あります" in story.letter("owner").visible_text
    story.go_to("2026-09-25", "17:40")

    modal = await story.person("owner").click(story.letter("owner"), "入力する")
    await fill(modal)
    result = await modal.submit()

    assert result.outcome is Outcome.UPDATED
    history = await _history(story)
    assert history["first_at"] == "2026-09-25T17:40:00+09:00"
    assert str(history["first_at"])[:10] > MID_YEAR_DATES.due.isoformat()
    said = await story.whispered("coordinator", "状況 あおぞら区")
    assert "入力済 1／3件" in said.visible_text
    await story.sweep("2026-09-28")
    assert "2件" in story.letter("manager").visible_text


async def test_a_changed_answer_keeps_what_stood_there_before_and_when(story: Story) -> None:
    modal = await opened(story)
    await fill(modal)
    await modal.submit()
    await story.slack.wait_until(lambda: "内容を見る・直す" in story.letter("owner").buttons)
    story.go_to("2026-09-30", "16:00")

    modal = await story.person("owner").click(story.letter("owner"), "内容を見る・直す")
    await modal.choose(ATTAINMENT, "②")
    await modal.fill(ISSUES, WRITTEN)
    assert (await modal.submit()).outcome is Outcome.UPDATED

    first, second = await story.revisions()
    assert (first.after["attainment"], second.before["attainment"]) == ("1", "1")
    assert second.after["issues"] == WRITTEN
    history = await _history(story)
    assert (history["first_at"], history["last_at"], history["revisions"]) == (
        "2026-09-01T09:30:00+09:00",
        "2026-09-30T16:00:00+09:00",
        2,
    )


async def test_after_closing_the_coordinator_alone_answers_and_says_why(story: Story) -> None:
    modal = await opened(story)
    story.go_to("2026-10-02", "10:00")
    await fill(modal)
    refused = await modal.submit()
    assert refused.outcome is Outcome.ERRORS
    assert (modal.error_under(ISSUES) or "").startswith("入力は10月1日(木)で終わりました。")

    said = await story.whispered("coordinator", "状況 あおぞら区")
    modal = await story.person("coordinator").click(said, "入力する")
    await fill(modal)
    await modal.fill("修正の理由", REASON)
    result = await modal.submit()

    assert result.outcome is Outcome.UPDATED
    [revision] = await story.revisions()
    assert revision.reason == REASON
    assert revision.entered_by == story.ward.people["coordinator"]
    assert revision.entered_for == story.ward.owner


async def _history(story: Story) -> dict[str, object]:
    """What an export says of the first item's answer."""
    table = await export_plan(story.office, "あおぞら区")
    record = json.loads(write(table, ExportFormat.JSON))
    found: dict[str, object] = record["initiatives"][0]["mid_year"]["history"]
    return found
