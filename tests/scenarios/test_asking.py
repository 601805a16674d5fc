"""Asking instead of answering, naming a day, and being nudged by hand, in Slack."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.views.actions import NUDGE
from playground import Outcome
from tests.scenarios.forged import opened
from tests.scenarios.office import OPENING, Story, telling

ASK = "担当が違う・相談する"
NAME_A_DAY = "入力予定日を決める"
NUDGE_IT = "お知らせを送る"


@pytest.fixture
async def story(sqlite_url: str, unspaced: None) -> AsyncIterator[Story]:
    """あおぞら区 on the morning on which its round opens, over HTTP."""
    async with telling(sqlite_url, way="http") as told:
        yield told


async def test_a_wrong_owner_asks_the_coordinator_answers_and_the_owner_reads_it(
    story: Story,
) -> None:
    await story.sweep(OPENING)
    asking = await story.person("owner").click(story.letter("owner"), ASK)
    assert (await asking.submit()).outcome is Outcome.BLOCKED
    await asking.check("項目", asking.options_of("項目")[1])
    await asking.choose("ご用件", "担当が違う")
    await asking.fill("補足", "4月から <!channel> *市民協働課* の方です。")
    await asking.submit()
    assert "返事があるまで、この項目のお知らせを止めます。" in asking.visible_text

    await story.sweep("2026-09-02")
    report = story.letter("coordinator")
    assert "相談 1件" in report.visible_text
    replying = await story.person("coordinator").click(report, "返事をする")
    assert "市民協働課" in replying.visible_text
    assert "<!channel>" not in str(replying.blocks)
    await replying.fill("返事", "このまま\n<!here> お願いします。")
    await replying.submit()
    assert "返事を送りました。" in replying.visible_text

    await story.sweep("2026-09-02", "10:00")
    answer = story.letter("owner")
    assert answer.text == "取組項目2の相談に返事があります"
    assert "お願いします。" in answer.visible_text
    assert "<!here>" not in str(answer.blocks)
    form = await story.person("owner").click(answer, "入力する")
    assert "取組項目2" in form.title
    again = await story.person("coordinator").click(report, "返事をする")
    assert "すでに返事がされています。" in again.visible_text


async def test_a_named_day_is_quiet_until_its_morning(story: Story) -> None:
    await story.sweep(OPENING)
    planning = await story.person("owner").click(story.letter("owner"), NAME_A_DAY)
    await planning.pick_date("入力予定日", "2026-09-20")
    assert (await planning.submit()).outcome is Outcome.ERRORS
    assert "9月18日(金)" in (planning.error_under("入力予定日") or "")
    await planning.pick_date("入力予定日", "2026-09-16")
    await planning.submit()
    assert "9月16日(水)の朝まで" in planning.visible_text

    await story.sweep("2026-09-15")
    assert len(story.messages("owner")) == 1
    await story.sweep("2026-09-16")
    assert "入力予定日は9月16日(水)です" in story.letter("owner").visible_text


async def test_nudging_twice_on_a_day_is_nudging_once(story: Story) -> None:
    await story.sweep("2026-09-28")
    before = len(story.messages("owner"))
    list_ = story.letter("manager")
    nudging = await story.person("manager").click(list_, NUDGE_IT)
    assert "取組項目1" in nudging.visible_text
    await nudging.submit()
    assert "1人へのお知らせを用意しました。" in nudging.visible_text
    await story.sweep("2026-09-28", "10:00")

    [nudge] = story.messages("owner")[before:]
    assert "3件の入力をお願いします" in nudge.visible_text
    again = await story.person("manager").click(list_, NUDGE_IT, nth=1)
    assert again.submit_text is None
    noted = await opened(story, "coordinator", NUDGE, str(story.ward.round_id))
    assert "お一人に1日1回まで" in noted.visible_text
    await story.sweep("2026-09-28", "11:00")
    assert len(story.messages("owner")) == before + 1


async def test_the_coordinators_note_reaches_who_is_late_above_what_is_late(story: Story) -> None:
    await story.sweep("2026-09-24")
    report = story.letter("coordinator")
    noting = await story.person("coordinator").click(report, "未入力の方へお知らせを送る")
    await noting.fill("添える一言", "金曜日の朝に集計します。")
    await noting.submit()

    await story.sweep("2026-09-24", "10:00")

    letter = story.letter("owner").visible_text
    assert letter.index("金曜日の朝に集計します。") < letter.index("取組項目1")
    assert "総務課(区政企画)からの連絡です。" in letter
