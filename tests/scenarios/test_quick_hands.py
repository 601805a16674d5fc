"""People who are quicker than the network: what they did last is what they see."""

from __future__ import annotations

from playground import Fault, Outcome
from tests.handlers.filling import fill, opened
from tests.scenarios.office import Story

WRITTEN = "参加が計画の6割にとどまる。10月から周知の方法を見直す。"


async def test_a_form_that_is_redrawn_late_does_not_come_back_over_what_was_saved(
    story: Story,
) -> None:
    modal = await opened(story)
    story.slack.faults.on("views.update", Fault.slow(0.3))
    await fill(modal, attainment="②", issues=WRITTEN)

    result = await modal.submit()
    await story.bot.background.drain(5)

    assert result.outcome is Outcome.UPDATED
    assert "取組項目1の入力を保存しました。" in modal.visible_text
    assert len(await story.revisions()) == 1
