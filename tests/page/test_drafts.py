"""What is typed in the page is kept by the real bot, and offered again to the one who typed it."""

from __future__ import annotations

from playwright.async_api import Browser, expect

from tests.page.chromium import IN_CHROMIUM, opened, serious_faults
from tests.scenarios.office import Story

pytestmark = IN_CHROMIUM

WRITTEN = "参加が計画の6割にとどまる。10月から周知の方法を見直す。"


async def test_what_is_typed_is_offered_again_when_the_connection_was_lost(
    browser: Browser, story: Story
) -> None:
    owner = story.user("owner")
    async with opened(browser, f"{story.slack.base_url}#{owner.id}") as page:
        button = page.locator(".message").last.get_by_role("button", name="取組項目1 入力する")
        await button.click()
        modal = page.get_by_role("dialog")
        await modal.get_by_label("② 達成できない見込み").check()
        text = modal.get_by_label("課題と改善策(必須)")
        await text.press_sequentially(WRITTEN)
        await story.slack.wait_until(lambda: WRITTEN in str(story.slack.deliveries.record[-1]))
        await expect(text).to_have_value(WRITTEN)
        await expect(text).to_be_focused()
        assert await story.bot.background.drain(15)
        story.person("owner").lose_connection()
        await expect(modal).to_be_hidden()

        await button.click()
        await expect(modal).to_contain_text("前に書きかけた内容(9月1日(火) 9:30)があります。")
        assert await serious_faults(page) == []
        await modal.get_by_role("button", name="続きから書く").click()
        await expect(text).to_have_value(WRITTEN)
        await expect(modal.get_by_label("② 達成できない見込み")).to_be_checked()
        await modal.get_by_label("(i) 実施見込み").check()
        await modal.get_by_role("button", name="入力を完了する").click()
        await expect(modal).to_contain_text("取組項目1の入力を保存しました。")

    [revision] = await story.revisions()
    assert revision.after["issues"] == WRITTEN
