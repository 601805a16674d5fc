"""What goes other than planned in a round, clicked by each in the page: a wrong owner, an answer
sent back, an absence; and the confirmation by two levels at its end.
"""

from __future__ import annotations

from playwright.async_api import Browser, Locator, Page, expect

from tests.page.chromium import IN_CHROMIUM, opened, serious_faults
from tests.page.test_story import button
from tests.scenarios.office import Story

pytestmark = IN_CHROMIUM

WRITTEN = "参加が計画の6割にとどまる。10月から周知の方法を見直す。"
MENDED = "参加が計画の6割(60人)にとどまる。10月から周知の方法を見直す。"
COMMENT = "人数も書いてください。"
LONG = "地域活動協議会への支援と区民参画のさらなる推進に向けた取組の充実"


async def test_a_round_in_which_not_everything_goes_as_planned(
    browser: Browser, story: Story
) -> None:
    await _two_levels(story)
    async with opened(browser, story.slack.base_url) as page:
        await _a_wrong_owner_asks_and_is_answered(page, story)
        await _an_answer_is_sent_back_and_mended(page, story)
        await _who_is_away_is_stood_in_for(page, story)
        await _two_levels_confirm(page, story)
    stored = [await story.check_in(number) for number in (1, 2, 3)]
    assert [row and row.confirmed_level for row in stored] == [2, 2, 2]


async def _two_levels(story: Story) -> None:
    async with story.office.database.begin() as uow:
        row = await uow.rounds.get(story.ward.round_id)
        assert row is not None
        row.levels = 2
        for item in await uow.plans.initiatives(story.ward.plan_id):
            item.title = f"{item.title} {LONG}"
        await uow.commit()


async def _become(page: Page, story: Story, part: str) -> None:
    user = story.user(part)
    await page.locator(f'#people [data-focus="{user.id}"]').click()
    await expect(page.locator("#viewer")).to_have_text(f"{user.name}さんの画面")


async def _at_home(page: Page, story: Story, part: str) -> Locator:
    await _become(page, story, part)
    await page.get_by_role("tab", name="ホーム").click()
    return page.locator("#home")


async def _letter(page: Page, story: Story, part: str) -> Locator:
    await _become(page, story, part)
    await page.get_by_role("tab", name="メッセージ").click()
    return page.locator(".message").last


async def _answer(page: Page, mark: str, text: str = "") -> None:
    modal = page.get_by_role("dialog")
    await modal.get_by_label("(i) 実施見込み").check()
    await modal.get_by_label(mark).check()
    if text:
        await modal.get_by_label("課題と改善策").fill(text)
    await button(modal, "入力を完了する").click()
    await expect(modal).to_contain_text("の入力を保存しました。")


async def _right_of(thing: Locator) -> float:
    """Where its right edge is: what has no room runs out of the modal."""
    box = await thing.bounding_box()
    assert box is not None
    return box["x"] + box["width"]


async def _done(page: Page, text: str) -> None:
    """The modal says so, and is closed."""
    modal = page.get_by_role("dialog")
    await expect(modal).to_contain_text(text)
    await button(modal, "(閉じる|終わる)").click()


async def _a_wrong_owner_asks_and_is_answered(page: Page, story: Story) -> None:
    letter = await _letter(page, story, "owner")
    await button(letter, "担当が違う・相談する").click()
    modal = page.get_by_role("dialog")
    await modal.get_by_label("取組項目3").check()
    await modal.get_by_label("担当が違う", exact=True).check()
    await modal.get_by_label("補足").fill("4月から市民協働課の方です。")
    await button(modal, "送る").click()
    await _done(page, "返事があるまで、この項目のお知らせを止めます。")

    home = await _at_home(page, story, "coordinator")
    await expect(home).to_contain_text("返事を待っている相談(1件)")
    await button(home, "返事をする").click()
    await expect(modal).to_contain_text("4月から市民協働課の方です。")
    await modal.get_by_label("返事").fill("来年度から変えます。今回はお願いします。")
    await button(modal, "送る").click()
    await _done(page, "返事を送りました。")
    await expect(home).not_to_contain_text("返事を待っている相談")

    await story.sweep("2026-09-01", "11:00")
    letter = await _letter(page, story, "owner")
    await expect(letter).to_contain_text("来年度から変えます。")
    await button(letter, "入力する").click()
    await _answer(page, "① 達成見込み")
    await button(page.get_by_role("dialog"), "次の項目へ").click()
    await _answer(page, "② 達成できない見込み", WRITTEN)
    await _done(page, "の入力を保存しました。")


async def _an_answer_is_sent_back_and_mended(page: Page, story: Story) -> None:
    await story.sweep("2026-09-02")
    letter = await _letter(page, story, "manager")
    await expect(letter).to_contain_text("②が1件あります。")
    await button(letter, "一覧を見る").click()
    modal = page.get_by_role("dialog")
    assert await _right_of(modal.get_by_label("内容を見る項目")) < await _right_of(modal)
    await button(modal, "内容を見る").click()
    await expect(modal).to_contain_text(WRITTEN)
    assert await serious_faults(page) == []
    await button(modal, "修正をお願いする").click()
    await modal.get_by_label("担当者へのコメント").fill(COMMENT)
    await button(modal, "修正をお願いする").click()
    await _done(page, "の修正をお願いしました。")
    # The list is below, as it was.
    await _done(page, "確認をお願いする項目が2件あります。")

    await story.sweep("2026-09-02", "11:00")
    letter = await _letter(page, story, "owner")
    await expect(letter).to_contain_text(COMMENT)
    await button(letter, "修正する").click()
    await expect(modal).to_contain_text(COMMENT)
    text = modal.get_by_label("課題と改善策")
    await expect(text).to_have_value(WRITTEN)
    await text.fill(MENDED)
    await button(modal, "修正を完了する").click()
    await _done(page, "の修正を保存しました。")


async def _who_is_away_is_stood_in_for(page: Page, story: Story) -> None:
    home = await _at_home(page, story, "owner")
    await button(home, "不在を登録する").click()
    modal = page.get_by_role("dialog")
    assert await serious_faults(page) == []
    await modal.get_by_label("最初の日").fill("2026-09-14")
    await modal.get_by_label("最後の日").fill("2026-09-30")
    await button(modal, "登録する").click()
    await _done(page, "不在を登録しました。")

    await story.sweep("2026-09-15")
    letter = await _letter(page, story, "deputy")
    await expect(letter).to_contain_text("担当者が不在のため、副担当の方にお知らせしています。")
    await button(letter, "入力する").click()
    await _answer(page, "① 達成見込み")
    await _done(page, "の入力を保存しました。")


async def _two_levels_confirm(page: Page, story: Story) -> None:
    for part, day in (("manager", "2026-09-16"), ("unit_manager", "2026-09-17")):
        await story.sweep(day)
        home = await _at_home(page, story, part)
        await button(home, r"一覧から確認する\(3件\)").click()
        modal = page.get_by_role("dialog")
        ticks = [modal.get_by_role("checkbox", name=f"取組項目{number}") for number in (1, 2, 3)]
        for tick in ticks:
            await tick.check()
        for tick in ticks:
            await expect(tick).to_be_checked()
        await button(modal, "選んだ項目を確認する").click()
        await _done(page, "3件を確認しました。")
    home = await _at_home(page, story, "coordinator")
    await expect(home).to_contain_text("入力済 3／3件(100%)")
    await expect(home).to_contain_text("確認済 3")
