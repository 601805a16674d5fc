"""What is on record, over the running bot: read above a form, taken as a file, disposed of."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.views.actions import HISTORY_OPEN, RETENTION_OPEN
from bot.views.targets import AllTarget
from tests.databases import EACH_KIND, EITHER_KIND
from tests.scenarios import test_access as access
from tests.scenarios.forged import opened
from tests.scenarios.office import Story, telling

pytestmark = EITHER_KIND

SECRET = access.SECRET
ANSWER = {"implementation": "i", "attainment": "2", "issues": SECRET}


@pytest.fixture
async def story(way_and_url: tuple[str, str], unspaced: None) -> AsyncIterator[Story]:
    """あおぞら区 on the 10th of September; item 2 is in."""
    way, url = way_and_url
    async with telling(url, way=way) as told:
        await told.sweep("2026-09-01")
        told.go_to("2026-09-10")
        await access.submit(told, "owner", ANSWER, number=2)
        yield told


async def test_a_history_opens_above_the_form_and_what_is_typed_stays(story: Story) -> None:
    owner = story.person("owner")
    items = await story.whispered("owner", "自分")
    form = await owner.click(items, "内容を見る・直す")
    await form.fill("課題と改善策", "書きかけの文")

    history = await form.click("履歴を見る")
    await history.until(lambda each: SECRET in each.visible_text)
    assert "山田" in history.visible_text
    assert "入力のお願い" in history.visible_text
    await history.close()

    assert owner.modal is not None
    assert owner.modal.value_of("課題と改善策") == "書きかけの文"


async def test_a_file_of_a_history_comes_into_the_askers_conversation(story: Story) -> None:
    target = f"{story.ward.round_id}:{story.ward.initiatives[1]}"
    modal = await opened(story, "coordinator", HISTORY_OPEN, target)
    await modal.until(lambda each: "ファイルで受け取る(Excel)" in each.buttons())

    await modal.press("ファイルで受け取る(Excel)")
    await modal.until(lambda each: "会話に送りました" in each.visible_text, timeout=20)

    [message] = story.messages("coordinator")
    [file] = message.files
    content = story.slack.workspace.files[file["id"]].content
    assert content is not None
    assert (file["name"], content[:2]) == ("履歴_あおぞら区_令和8年度_2.xlsx", b"PK")


async def test_a_picture_says_the_same_to_who_can_not_see_it(story: Story) -> None:
    status = await story.whispered("unit_manager", "状況 あおぞら区")
    charts = await story.person("unit_manager").click(status, "図で見る")
    await charts.until(lambda each: "課ごと" in each.visible_text)

    await charts.press(action_id="chart:send:sections")
    await charts.until(lambda each: "会話に送りました" in each.visible_text, timeout=20)

    [message] = story.messages("unit_manager")
    [file] = message.files
    said = "保健福祉課：① 0 ・ ② 1 ・ 未入力 2(計3)"
    assert file["mimetype"] == "image/png"
    assert said in file["alt_txt"]
    assert said in message.text
    assert said in charts.visible_text


async def test_all_units_are_a_table_in_official_order(story: Story) -> None:
    status = await story.whispered("observer", "状況")
    before = len(story.whispers("observer"))
    await story.person("observer").press(status, "図で見る")
    await story.slack.wait_until(lambda: len(story.whispers("observer")) > before)

    shown = story.whispers("observer")[-1]
    [table] = [block for block in shown.blocks if block["type"] == "table"]
    first = [row[0]["text"] for row in table["rows"]]
    assert (first[:3], first[-2:]) == (["区", "北区", "都島区"], ["西成区", "あおぞら区"])
    assert [cell["text"] for cell in table["rows"][-1]] == ["あおぞら区", "0", "1", "0", "2", "3"]
    assert status in story.whispers("observer")  # it has not been replaced

    picture = await story.person("observer").click(shown, "図を受け取る")
    await picture.until(lambda each: "会話に送りました" in each.visible_text, timeout=20)
    assert AllTarget.decode("all::") == AllTarget()


@EACH_KIND
async def test_a_plan_is_disposed_of_by_typing_the_units_name(story: Story) -> None:
    story.go_to("2032-04-01")
    keeping = await opened(story, "coordinator", RETENTION_OPEN, str(story.ward.unit_id))
    await keeping.until(lambda each: "廃棄する" in each.buttons())
    asked = await keeping.click("廃棄する")
    await asked.until(lambda each: "元に戻せません" in each.visible_text)
    label = "確認のため、区・局の名前を入力してください"

    await asked.fill(label, "ひかり区")
    await asked.submit()
    assert asked.error_under(label) == "名前が違います。「あおぞら区」と入力してください。"
    assert await story.check_in(2) is not None

    await asked.fill(label, "あおぞら区")
    await asked.submit()
    assert "廃棄しました" in asked.visible_text
    assert "取組項目 3件、入力 1件" in asked.visible_text
    assert await story.check_in(2) is None


async def test_the_office_says_for_how_long_it_keeps_and_by_which_rule(story: Story) -> None:
    keeping = await opened(story, "coordinator", RETENTION_OPEN, str(story.ward.unit_id))
    await keeping.until(lambda each: "2032年3月31日まで保存します" in each.visible_text)

    await keeping.choose("保存期間", "10年")
    await keeping.fill("保存期間の根拠", "公文書管理規程 別表第1")
    await keeping.submit()
    assert "10年にしました" in keeping.visible_text
    await keeping.close()

    again = await opened(story, "coordinator", RETENTION_OPEN, str(story.ward.unit_id))
    await again.until(lambda each: "2037年3月31日まで保存します" in each.visible_text)
    assert again.value_of("保存期間の根拠") == "公文書管理規程 別表第1"
