"""The manager's step from the letter to the last confirmation, in Slack."""

from __future__ import annotations

from bot.domain.people import Role
from bot.views.actions import ANSWER_OPEN
from playground import Outcome, Screen
from tests.builders import add_grant
from tests.databases import EACH_KIND, EITHER_KIND
from tests.handlers.filling import ISSUES, answered
from tests.scenarios.forged import opened
from tests.scenarios.office import Story

pytestmark = EITHER_KIND

WRITTEN = "参加が計画の6割にとどまる。10月から周知の方法を見直す。"
MENDED = "参加が計画の6割(60人)にとどまる。10月から周知の方法を見直す。"
COMMENT = "人数も書いてください。\n<!channel> *太字*"


async def _ask_of(story: Story, levels: int) -> None:
    async with story.office.database.begin() as uow:
        row = await uow.rounds.get(story.ward.round_id)
        assert row is not None
        row.levels = levels
        await uow.commit()


async def _turned(modal: Screen, pressed: str, title: str) -> Screen:
    """The modal once it shows what a button in it leads to."""
    await modal.press(pressed)
    return await modal.until(lambda screen: screen.title.startswith(title))


async def _send_back(story: Story) -> None:
    """The section chief looks at the answer and asks for more."""
    chief = story.person("manager")
    listed = await chief.click(story.letter("manager"), "一覧を見る")
    seen = await listed.click("内容を見る")
    assert WRITTEN in seen.visible_text
    asked = await _turned(seen, "修正をお願いする", "修正のお願い")
    assert (await asked.submit()).outcome is Outcome.BLOCKED
    assert asked.error_under("担当者へのコメント")
    await asked.fill("担当者へのコメント", COMMENT)
    await asked.submit()
    assert "取組項目1の修正をお願いしました。" in asked.visible_text


async def _mend(story: Story) -> None:
    """The owner reads why and by when, mends it, and the letter says so."""
    await story.sweep("2026-09-03", "10:00")
    request = story.letter("owner")
    assert request.text == "取組項目1の修正のお願い(9月8日(火)まで)"
    assert "人数も書いてください。" in request.visible_text
    assert "<!channel>" not in str(request.blocks)
    mending = await story.person("owner").click(request, "修正する")
    assert mending.value_of(ISSUES) == WRITTEN
    assert "人数も書いてください。" in mending.visible_text
    assert mending.submit_text == "修正を完了する"
    await mending.fill(ISSUES, MENDED)
    await mending.submit()
    await story.slack.wait_until(lambda: "入力を保存しました" in story.letter("owner").visible_text)
    assert len(await story.revisions()) == 2


async def _confirm_anew(story: Story) -> None:
    """The section chief sees what has changed, and confirms."""
    chief = story.person("manager")
    listed = await chief.click(story.letter("manager"), "一覧を見る")
    again = await listed.click("内容を見る")
    assert WRITTEN in again.visible_text
    assert MENDED in again.visible_text
    await again.submit()
    assert "取組項目1を確認しました。" in again.visible_text
    assert "このあと区長が確認します。" in again.visible_text


async def _confirm_at_last(story: Story) -> None:
    """The ward head confirms what is in the list."""
    head = story.person("unit_manager")
    listed = await head.click(story.letter("unit_manager"), "一覧を見る")
    await listed.check("確認する項目", listed.options_of("確認する項目")[0])
    await listed.submit()
    assert "1件を確認しました。" in listed.visible_text


@EACH_KIND
async def test_an_answer_goes_up_two_levels_and_comes_back_once(story: Story) -> None:
    await _ask_of(story, 2)
    await answered(story, attainment="②", issues=WRITTEN)
    await story.bot.background.drain(5)

    # The section chief hears of it on the next morning, once, and the ward head not yet.
    await story.sweep("2026-09-02")
    letter = story.letter("manager")
    assert letter.text == "中間振り返り 確認のお願い(1件)"
    assert "②が1件あります。" in letter.visible_text
    await story.sweep("2026-09-03")
    assert len(story.messages("manager")) == 1
    assert story.messages("unit_manager") == []

    await _send_back(story)
    await _mend(story)
    await story.sweep("2026-09-04")
    assert len(story.messages("manager")) == 2
    await _confirm_anew(story)
    await story.sweep("2026-09-07")
    await _confirm_at_last(story)

    # Nobody hears of it again.
    before = len(story.messages("manager")), len(story.messages("unit_manager"))
    await story.sweep("2026-09-08")
    assert (len(story.messages("manager")), len(story.messages("unit_manager"))) == before
    stored = await story.check_in()
    assert stored is not None
    assert (stored.confirmed_level, stored.sent_back_due) == (2, None)


async def test_what_is_looked_at_out_of_the_list_leaves_the_list_as_it_was(story: Story) -> None:
    await _ask_of(story, 1)
    for nth, mark in ((2, "①"), (1, "①"), (0, "②")):
        await answered(story, nth=nth, attainment=mark, issues=WRITTEN)
    await story.bot.background.drain(5)
    await story.sweep("2026-09-02")
    chief = story.person("manager")
    listed = await chief.click(story.letter("manager"), "一覧を見る")
    await listed.check("確認する項目", *listed.options_of("確認する項目")[:2])

    # Each item can be read first, the ② by its button and any other out of a list.
    await listed.choose("confirm:open:look", "取組項目3")
    seen = await chief.wait_for_modal("確認 取組項目3")
    assert WRITTEN in seen.visible_text
    await seen.submit()
    assert "取組項目3を確認しました。" in seen.visible_text
    await seen.close()

    back = chief.modal
    assert back is not None
    await back.submit()
    assert "2件を確認しました。" in back.visible_text
    stored = [await story.check_in(number) for number in (1, 2, 3)]
    assert [row.confirmed_level for row in stored if row is not None] == [1, 1, 1]


async def test_who_is_section_chief_and_ward_head_confirms_each_level_once(story: Story) -> None:
    await _ask_of(story, 2)
    async with story.office.database.begin() as uow:
        await add_grant(uow, story.ward.people["manager"], Role.MANAGER, story.ward.unit_id)
        await uow.commit()
    await answered(story, attainment="②", issues=WRITTEN)
    await story.bot.background.drain(5)
    await story.sweep("2026-09-02")
    listed = await story.person("manager").click(story.letter("manager"), "一覧を見る")

    # Slack delivers the same submission twice: that is one level all the same.
    await listed.check("確認する項目", *listed.options_of("確認する項目"))
    story.slack.deliveries.copies_of_next = 2
    await listed.submit()
    await story.bot.background.drain(5)
    stored = await story.check_in()
    assert stored is not None
    assert stored.confirmed_level == 1
    assert "1件は、続けて区長としての確認をお願いします。" in listed.visible_text
    assert "課長は確認済" in listed.visible_text

    await listed.check("確認する項目", *listed.options_of("確認する項目"))
    await listed.submit()
    stored = await story.check_in()
    assert stored is not None
    assert stored.confirmed_level == 2


async def test_an_answer_sent_back_after_the_round_has_closed_reopens_alone(story: Story) -> None:
    await _ask_of(story, 1)
    await answered(story, nth=1, attainment="①")
    await answered(story, attainment="②", issues=WRITTEN)
    await story.bot.background.drain(5)

    # Entry has closed; the section chief finds the answer in the ward's status.
    story.go_to("2026-10-02", "10:00")
    status = await story.whispered("manager", "状況 あおぞら区")
    assert "確認待ち 2" in status.visible_text
    seen = await story.person("manager").click(status, "確認する", near="取組項目1")
    asked = await _turned(seen, "修正をお願いする", "修正のお願い")
    await asked.fill("担当者へのコメント", COMMENT)
    await asked.fill("修正期限", "2026-10-05")
    await asked.submit()
    assert "修正期限は10月5日(月)です。" in asked.visible_text

    # Its owner can mend it, and nothing else of the round.
    await story.sweep("2026-10-02", "10:30")
    assert story.letter("owner").text == "取組項目1の修正のお願い(10月5日(月)まで)"
    mine = await story.whispered("owner", "自分")
    assert "差し戻しが1件あります。" in mine.visible_text
    mending = await story.person("owner").click(mine, "修正する")
    await mending.fill(ISSUES, MENDED)
    await mending.submit()
    assert len(await story.revisions()) == 2
    target = f"{story.ward.round_id}:{story.ward.initiatives[1]}"
    closed = await opened(story, "owner", ANSWER_OPEN, target)
    assert "入力は10月1日(木)で終わりました" in closed.visible_text

    # On the day of publication the coordinator hears what nobody has confirmed.
    await story.sweep("2026-10-05")
    report = story.letter("coordinator").visible_text
    assert "公表予定(10月5日(月))までに確認を待っている項目：取組項目1、2" in report
