"""C12: one submission that Slack delivers several times is one answer."""

from __future__ import annotations

from playground import Outcome
from playground.deliveries import Delivery
from tests.handlers.filling import ATTAINMENT, ISSUES, fill, opened
from tests.scenarios.office import Story

WRITTEN = "参加が計画の6割にとどまる。10月から周知の方法を見直す。"


async def test_three_copies_of_a_submission_at_once_are_one_answer(story: Story) -> None:
    modal = await opened(story)
    await fill(modal, attainment="②", issues=WRITTEN)
    story.slack.deliveries.copies_of_next = 3

    result = await modal.submit()

    assert result.outcome is Outcome.UPDATED
    assert len(await story.revisions()) == 1


async def test_a_submission_that_comes_again_later_is_answered_as_the_first_time(
    story: Story,
) -> None:
    modal = await opened(story)
    await fill(modal, attainment="②", issues=WRITTEN)
    await modal.submit()
    submitted = len(story.slack.deliveries.record) - 1  # events of the bot's own messages follow

    answers = [await _delivered_again(story, submitted) for _ in range(2)]

    assert all("保存しました" in answer for answer in answers)
    assert len(await story.revisions()) == 1


async def test_a_submission_that_comes_again_after_a_correction_does_not_undo_it(
    story: Story,
) -> None:
    modal = await opened(story)
    await fill(modal)
    await modal.submit()
    first = len(story.slack.deliveries.record) - 1
    await story.slack.wait_until(lambda: "内容を見る・直す" in story.letter("owner").buttons)
    modal = await story.person("owner").click(story.letter("owner"), "内容を見る・直す")
    await modal.choose(ATTAINMENT, "②")
    await modal.fill(ISSUES, WRITTEN)
    assert (await modal.submit()).outcome is Outcome.UPDATED

    answer = await _delivered_again(story, first)

    stored = await story.check_in()
    assert "保存しました" in answer
    assert stored is not None
    assert stored.answers["issues"] == WRITTEN
    assert len(await story.revisions()) == 2


async def _delivered_again(story: Story, place: int) -> str:
    """What the bot answers to a copy of an earlier delivery, freshly signed as Slack does."""
    record = story.slack.deliveries.record
    # Within one second the very same body has the very same signature, and is a replay.
    payload = {**record[place].payload, "trigger_id": f"{len(record)}.again"}
    ack = await story.slack.deliveries.send(Delivery(record[place].kind, payload))
    assert ack.ok, ack.error
    return str(ack.body)
