"""People move: what one person answers for passes to another, ahead of the day or on it."""

from __future__ import annotations

from datetime import date

from bot.views.actions import ABSENCE_OPEN, ACCOUNT_OPEN, HANDOVER_OPEN
from tests.builders import add_person
from tests.databases import EACH_KIND, EITHER_KIND
from tests.scenarios.dumps import dump
from tests.scenarios.forged import opened
from tests.scenarios.office import Story

pytestmark = EITHER_KIND


async def newcomer(story: Story) -> str:
    """Somebody who is registered and answers for nothing yet."""
    user = story.slack.add_user("中村 一")
    async with story.office.database.begin() as uow:
        await add_person(uow, "中村 一", account=user.id, team=story.slack.team_id)
        await uow.commit()
    return user.id


def owners(story: Story, number: int) -> list[tuple[str, date | None, date | None]]:
    tables = dump(story.database_url, "ownership", "person")
    names = {row["id"]: row["name"] for row in tables["person"]}
    return [
        (names[row["person_id"]], row["valid_from"], row["valid_to"])
        for row in tables["ownership"]
        if row["initiative_id"] == story.ward.initiatives[number - 1]
    ]


def shown(story: Story, part: str) -> str:
    modal = story.person(part).modal
    assert modal is not None
    return modal.visible_text


@EACH_KIND
async def test_all_of_a_persons_items_pass_on_a_day_and_can_be_taken_back_before(
    story: Story,
) -> None:
    new, unit = await newcomer(story), str(story.ward.unit_id)
    form = await opened(story, "coordinator", HANDOVER_OPEN, unit)
    await form.pick_user("これまでの担当者", story.user("owner").id)
    await form.pick_user("新しい担当者", new)
    await form.pick_date("いつから", "2026-10-01")
    await form.submit()

    assert "山田さんの担当3件を、10月1日(木)から中村 一さんへ引き継ぎます" in shown(
        story, "coordinator"
    )
    for number in (1, 2, 3):
        assert owners(story, number) == [
            ("山田", None, date(2026, 9, 30)),
            ("中村 一", date(2026, 10, 1), None),
        ]

    again = await opened(story, "coordinator", HANDOVER_OPEN, unit)
    assert "登録済：10月1日(木)から" in again.visible_text
    await again.press("取り消す")
    await again.until(lambda screen: "取り消しました" in screen.visible_text)
    for number in (1, 2, 3):
        assert owners(story, number) == [("山田", None, None)]
    actions = [row["action"] for row in dump(story.database_url, "audit_entry")["audit_entry"]]
    assert "handover.take-back" in actions


async def test_faults_stand_under_their_fields_and_store_nothing(story: Story) -> None:
    stranger = story.slack.add_user("登録のない方")
    before = dump(story.database_url, "ownership", "person")
    form = await opened(story, "coordinator", HANDOVER_OPEN, str(story.ward.unit_id))

    await form.pick_user("これまでの担当者", story.user("observer").id)
    await form.pick_user("新しい担当者", stranger.id)
    await form.pick_date("いつから", "2026-08-01")
    await form.submit()
    assert "登録されていません" in (form.error_under("新しい担当者") or "")
    assert "今日以降" in (form.error_under("いつから") or "")
    await form.pick_user("新しい担当者", story.user("deputy").id)
    await form.pick_date("いつから", "2026-09-10")
    await form.submit()
    assert "この区にはありません" in (form.error_under("これまでの担当者") or "")
    assert dump(story.database_url, "ownership", "person") == before


async def test_who_comes_back_under_another_account_is_the_same_person(story: Story) -> None:
    other = story.slack.add_user("山田 新")
    form = await opened(story, "coordinator", ACCOUNT_OPEN, str(story.ward.unit_id))
    await form.fill("登録されている氏名", "山田")
    await form.pick_user("新しいアカウント", story.user("deputy").id)
    await form.submit()
    assert "すでに別の方に登録" in (form.error_under("新しいアカウント") or "")
    await form.pick_user("新しいアカウント", other.id)
    await form.submit()
    assert "新しいアカウントへ送ります" in shown(story, "coordinator")

    await story.sweep("2026-09-01")
    assert story.messages("owner") == []
    [letter] = story.slack.messages(other)
    await story.slack.as_user(other).click(letter, "入力する")
    tables = dump(story.database_url, "audit_entry", "account")
    assert [r for r in tables["audit_entry"] if r["action"] == "account.link"]
    assert {r["person_id"] for r in tables["account"] if r["slack_user_id"] == other.id} == {
        story.ward.owner
    }


async def test_the_absence_form_opens_by_a_command_and_for_others_by_choice(story: Story) -> None:
    reply = await story.person("manager").command("/kaikaku", "不在")
    assert reply.ok
    await story.slack.wait_until(lambda: story.person("manager").modal is not None)
    form = story.person("manager").modal
    assert form is not None
    await form.pick_user("不在になる方", story.user("owner").id)
    await form.pick_date("最初の日", "2026-09-07")
    await form.submit()
    assert "山田さんの不在を登録しました" in shown(story, "manager")

    own = await opened(story, "owner", ABSENCE_OPEN, "self")
    assert "登録済：9月7日(月)から" in own.visible_text
    assert "不在になる方" not in own.visible_text
