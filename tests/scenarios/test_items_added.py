"""Items that join during the year, and 対象外 for several at once, by the coordinator in Slack."""

from __future__ import annotations

from datetime import date

from bot.services import checkins
from bot.services.viewers import Caller
from bot.views.actions import EXEMPT_OPEN, ITEMS_OPEN
from bot.views.checkin_form import Typed
from playground import Screen
from storage.models import Initiative
from tests.builders import add_initiative
from tests.databases import EACH_KIND, EITHER_KIND
from tests.scenarios.forged import opened
from tests.scenarios.office import Story

pytestmark = EITHER_KIND

OPEN = "未入力の項目"
NUMBER, NAME, ADDED, OWNER = "番号", "取組項目の題名", "追加した日", "担当者"


async def _form(story: Story) -> Screen:
    return await opened(story, "coordinator", ITEMS_OPEN, str(story.ward.plan_id))


async def _items(story: Story) -> list[Initiative]:
    async with story.office.database.read() as uow:
        return await uow.plans.initiatives(story.ward.plan_id)


@EACH_KIND
async def test_an_item_added_during_a_round_is_asked_for_by_its_ladder(story: Story) -> None:
    await story.sweep("2026-09-01")
    story.go_to("2026-09-10")
    form = await _form(story)
    assert form.value_of(NUMBER) == "4"
    await form.fill(NAME, "窓口の混雑を<!channel>減らす")
    await form.fill("目標", "待ち時間を15分以内にする。")
    await form.pick_user(OWNER, story.user("deputy").id)
    await form.choose("課・担当", "保健福祉課")
    await form.submit()

    assert "佐藤さんに、中間振り返りの入力をお願いします。" in form.visible_text
    [*_, added] = await _items(story)
    assert (added.code, added.position, added.added_on) == ("4", 4, date(2026, 9, 10))
    assert added.target == "待ち時間を15分以内にする。"
    await story.sweep("2026-09-10", "10:00")
    letter = story.letter("deputy")
    assert "窓口の混雑を" in letter.visible_text
    assert letter.live_mentions == []


async def test_a_number_is_given_once_and_what_is_missing_stands_under_its_field(
    story: Story,
) -> None:
    form = await _form(story)
    await form.fill(NUMBER, "３")
    await form.fill(NAME, "もう一つの3")
    await form.pick_date(ADDED, "2025-09-10")
    await form.pick_user(OWNER, story.slack.bot_user_id)
    await form.submit()
    assert form.error_under(OWNER)
    await form.pick_user(OWNER, None)
    await form.submit()

    assert form.error_under(NUMBER) == (
        "この番号の項目は、すでに登録されています。別の番号を入力してください。"
    )
    assert form.error_under(ADDED) == "この計画の年度(令和8年度)の日を選んでください。"
    assert len(await _items(story)) == 3


async def test_several_are_set_to_not_applicable_at_once_and_those_answered_are_left(
    story: Story,
) -> None:
    form = await opened(story, "coordinator", EXEMPT_OPEN, str(story.ward.round_id))
    for label in form.options_of(OPEN)[:2]:
        await form.check(OPEN, label)
    await _answer(story, 2)  # the owner is quicker

    await form.submit()

    assert "1件を対象外にしました。*\n取組項目1" in form.visible_text
    assert "すでに入力されているため、変えていません。\n取組項目2" in form.visible_text
    [exempted], [answered] = await story.revisions(1), await story.revisions(2)
    assert exempted.after == {"implementation": "na"}
    assert exempted.entered_by == story.ward.people["coordinator"]
    assert exempted.entered_for == story.ward.owner
    assert answered.after["attainment"] == "1"
    again = await opened(story, "coordinator", EXEMPT_OPEN, str(story.ward.round_id))
    assert len(again.options_of(OPEN)) == 1


async def test_nothing_ticked_is_refused_under_the_field(story: Story) -> None:
    form = await opened(story, "coordinator", EXEMPT_OPEN, str(story.ward.round_id))

    await form.submit()

    assert form.error_under(OPEN) == "対象外にする項目を選んでください。"


async def _answer(story: Story, number: int) -> None:
    typed = Typed(
        round_id=story.ward.round_id,
        initiative_id=story.ward.initiatives[number - 1],
        revision=0,
        answers={"implementation": "i", "attainment": "1"},
        complete_state=True,
    )
    caller = Caller(story.slack.team_id, story.user("owner").id)
    await checkins.submit(story.office, caller, typed)


async def test_after_entry_has_closed_a_reason_is_wanted_and_kept(story: Story) -> None:
    story.go_to("2026-10-02")
    form = await opened(story, "coordinator", EXEMPT_OPEN, str(story.ward.round_id))
    await form.check(OPEN, form.options_of(OPEN)[0])
    await form.fill("入力期間のあとに設定する理由", "10月から始めた項目のため。")
    await form.submit()

    [revision] = await story.revisions(1)
    assert revision.reason == "10月から始めた項目のため。"


async def test_of_145_items_each_can_be_reached_by_paging(story: Story) -> None:
    async with story.office.database.begin() as uow:
        for number in range(4, 146):
            await add_initiative(uow, story.ward.plan_id, number)
        await uow.commit()
    form = await opened(story, "coordinator", EXEMPT_OPEN, str(story.ward.round_id))
    await form.press("次のページ")
    await form.until(lambda screen: "2／3ページ" in screen.visible_text)
    await form.press("次のページ")
    await form.until(lambda screen: "3／3ページ" in screen.visible_text)
    assert form.buttons() == ["前のページ"]
    last = [block["element"] for block in form.blocks if block["type"] == "input"][-1]
    assert last["options"][-1]["text"]["text"].startswith("取組項目145")

    await form.check(OPEN, form.options_of(OPEN)[0])
    await form.submit()

    assert "1件を対象外にしました。*\n取組項目101" in form.visible_text
