"""Owners, people and a unit's facts, entered in Slack by its coordinator."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date

import pytest

from bot.views.actions import OWNERS_OPEN, PEOPLE_OPEN, UNIT_OPEN
from tests.databases import EACH_KIND, EITHER_KIND
from tests.scenarios.dumps import dump
from tests.scenarios.forged import opened
from tests.scenarios.office import Story, telling

pytestmark = EITHER_KIND


@pytest.fixture
async def story(way_and_url: tuple[str, str], unspaced: None) -> AsyncIterator[Story]:
    """あおぞら区 with 35 items, on the morning on which its round opens."""
    way, url = way_and_url
    async with telling(url, way=way, initiatives=35) as told:
        yield told


def owners(story: Story, number: int) -> list[tuple[str, date | None, date | None]]:
    tables = dump(story.database_url, "ownership", "person")
    names = {row["id"]: row["name"] for row in tables["person"]}
    return [
        (names[row["person_id"]], row["valid_from"], row["valid_to"])
        for row in tables["ownership"]
        if row["initiative_id"] == story.ward.initiatives[number - 1]
    ]


@EACH_KIND
async def test_many_items_get_an_owner_at_once_from_a_day_on(story: Story) -> None:
    newcomer = story.slack.add_user("中村 一")
    modal = await opened(story, "coordinator", OWNERS_OPEN, str(story.ward.plan_id))
    assert "取組項目35件のうち、担当者が未設定のものは0件" in modal.visible_text

    await modal.check("取組項目", "取組項目2", "取組項目3")
    await modal.press("次のページ")
    await modal.until(lambda screen: "2／2ページ" in screen.visible_text)
    assert "ほかのページで2件を選んでいます" in modal.visible_text
    await modal.check("取組項目", "取組項目35")
    await modal.pick_user("担当者", newcomer.id)
    await modal.pick_user("副担当", story.user("deputy").id)
    await modal.choose("課・担当", "保健福祉課")
    await modal.pick_date("いつから", "2026-10-01")
    await modal.submit()

    done = story.person("coordinator").modal
    assert done is not None
    assert "3件の担当者を、10月1日(木)から中村 一さんにしました" in done.visible_text
    assert "これまでの担当者(山田)" in done.visible_text
    for number in (2, 3, 35):
        assert owners(story, number) == [
            ("山田", None, date(2026, 9, 30)),
            ("中村 一", date(2026, 10, 1), None),
        ]
    assert owners(story, 1) == [("山田", None, None)]


async def test_somebody_without_slack_owns_by_name(story: Story) -> None:
    modal = await opened(story, "coordinator", OWNERS_OPEN, str(story.ward.plan_id))
    await modal.check("取組項目", "取組項目1")
    await modal.fill("Slackを使わない方の氏名", "小林 二郎")
    await modal.submit()

    done = story.person("coordinator").modal
    assert done is not None
    assert "とりまとめ担当が代わりに行います" in done.visible_text
    assert owners(story, 1)[-1][0] == "小林 二郎"


async def test_faults_stand_under_their_fields_and_store_nothing(story: Story) -> None:
    guest = story.slack.add_user("客", restricted=True)
    before = dump(story.database_url, "ownership", "person")
    modal = await opened(story, "coordinator", OWNERS_OPEN, str(story.ward.plan_id))

    await modal.submit()
    assert modal.error_under("取組項目") == "項目を選んでください。"
    assert "担当者を選ぶか" in (modal.error_under("担当者") or "")

    await modal.check("取組項目", "取組項目1")
    await modal.pick_user("担当者", guest.id)
    await modal.pick_date("いつから", "2026-08-01")
    await modal.submit()
    assert "今日以降" in (modal.error_under("いつから") or "")
    await modal.pick_date("いつから", "2026-09-01")
    await modal.submit()
    assert "職員のアカウントではない" in (modal.error_under("担当者") or "")
    assert dump(story.database_url, "ownership", "person") == before


async def test_a_person_is_registered_and_leaves(story: Story) -> None:
    newcomer = story.slack.add_user("渡辺 三")
    listed = await opened(story, "coordinator", PEOPLE_OPEN, str(story.ward.unit_id))
    assert "田中　とりまとめ担当" in listed.visible_text
    await listed.press("新しく登録する")
    form = await listed.until(lambda screen: "新しく登録します" in screen.visible_text)
    await form.pick_user("利用者", newcomer.id)
    await form.choose("役割", "確認者")
    await form.choose("課・担当", "保健福祉課")
    await form.pick_date("始まりの日", "2026-10-01")
    await form.submit()
    done = story.person("coordinator").modal
    assert done is not None
    assert "渡辺 三さんを登録しました" in done.visible_text

    await done.press("一覧に戻る")
    again = await done.until(lambda screen: "渡辺 三　確認者" in screen.visible_text)
    assert "2026年10月1日(木)から" in again.visible_text
    await again.press("直す", near="渡辺 三　確認者")
    form = await again.until(lambda screen: screen.submit_text)
    await form.pick_date("終わりの日", "2027-03-31")
    await form.fill("氏名", "渡辺 三郎")
    await form.submit()

    tables = dump(story.database_url, "role_grant", "person", "audit_entry")
    [person] = [row for row in tables["person"] if row["name"] == "渡辺 三郎"]
    [grant] = [row for row in tables["role_grant"] if row["person_id"] == person["id"]]
    assert (grant["role"], grant["valid_from"], grant["valid_to"]) == (
        "manager",
        date(2026, 10, 1),
        date(2027, 3, 31),
    )
    by = {row["person_id"] for row in tables["audit_entry"] if row["actor"] == "slack"}
    assert by == {story.ward.people["coordinator"]}


async def test_the_last_coordinator_stays(story: Story) -> None:
    listed = await opened(story, "coordinator", PEOPLE_OPEN, str(story.ward.unit_id))
    await listed.press("直す", near="田中　とりまとめ担当")
    form = await listed.until(lambda screen: screen.submit_text)
    await form.pick_date("終わりの日", "2026-09-30")
    await form.submit()

    assert "とりまとめ担当がいなくなります" in (form.error_under("終わりの日") or "")


async def test_a_units_contact_and_closures_are_set(story: Story) -> None:
    form = await opened(story, "coordinator", UNIT_OPEN, str(story.ward.unit_id))
    await form.fill("内線", "5678")
    await form.fill("加える課・担当", "窓口課\n生活支援課")
    await form.fill("独自の閉庁日", "2026-11-04\nいつか")
    await form.submit()
    assert "「いつか」" in (form.error_under("独自の閉庁日") or "")
    await form.fill("独自の閉庁日", "2026-11-04\n令和")
    await form.fill("独自の閉庁日", "2026年11月4日\n2026-12-28")
    await form.submit()

    done = story.person("coordinator").modal
    assert done is not None
    assert "内線、課・担当、閉庁日を変えました" in done.visible_text
    tables = dump(story.database_url, "unit", "unit_closure", "section")
    [unit] = [row for row in tables["unit"] if row["id"] == story.ward.unit_id]
    assert (unit["extension"], unit["contact"]) == ("5678", "総務課(区政企画)")
    assert [row["day"] for row in tables["unit_closure"]] == [date(2026, 11, 4), date(2026, 12, 28)]
    assert {"窓口課", "生活支援課"} < {row["name"] for row in tables["section"]}
