"""`make screenshots`: the pictures of docs/images, taken from a running demo."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path

from playwright.async_api import Browser, Page, expect

from tests.page.chromium import PHONE, chromium, opened
from tests.page.demo import ROOT, demo
from tests.page.test_story import become, button, go_three_days_past_the_due_date, type_in

FOLDER = ROOT / "docs" / "images"
SIZE, TALL, SMALL = (1000, 640), (1000, 1040), (960, 540)
LARGEST = 150 * 1024
STATUS = "/kaikaku 状況 あおぞら区"


async def main() -> None:
    """Take every picture; fails when one is larger than a page of documentation should carry."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        async with demo(Path(folder), "--port", "0") as started, chromium() as browser:
            await take_all(browser, started.address)
    large = [path.name for path in FOLDER.glob("*.png") if path.stat().st_size > LARGEST]
    if large:
        raise SystemExit(f"too large: {', '.join(large)}")


async def take_all(browser: Browser, address: str) -> None:
    """From the first notice to the last list, in the order of the round."""
    async with opened(browser, address, size=SIZE) as page:
        await page.get_by_role("button", name="案内を閉じる").click()
        await resize(page, SMALL)
        await take(page, "playground", of="body")
        await resize(page, SIZE)
        await take(page, "owner-notice")
        await resize(page, TALL)
        await fill_in(page)
        await take(page, "owner-form", of="[role=dialog]")
        await resize(page, SIZE)
        await button(page.get_by_role("dialog"), "閉じる").click()
        await button(page.get_by_role("dialog"), "保存せずに閉じる").click()
        await become(page, "小林 直子")
        await type_in(page, STATUS)
        await expect(page.locator(".message.ephemeral")).to_be_visible()
        await to_the_top_of_the_last_message(page)
        await take(page, "manager-status")
        await look_at_what_waits(page)
        await show_home(page, "manager-home", "田中 誠", "確認待ち")
        await show_home(page, "coordinator-home", "中村 彩", "振り返りの日程")
        await show_home(page, "observer-home", "加藤 恵", "全区の状況")
        await go_three_days_past_the_due_date(page)
        await become(page, "鈴木 一郎")
        await take(page, "manager-list")
        await become(page, "中村 彩")
        await take(page, "coordinator-report")
        await become(page, "山田 花子")
        await page.get_by_role("tab", name="ホーム").click()
        await expect(page.locator("#home")).to_contain_text("担当の取組項目")
        await take(page, "owner-home")
    async with opened(browser, address, size=PHONE, scheme="dark") as page:
        await page.get_by_role("button", name="案内を閉じる").click()
        await take(page, "owner-phone", of="body")


async def look_at_what_waits(page: Page) -> None:
    """The section chief's list to confirm from, out of Home."""
    await become(page, "田中 誠")
    await page.get_by_role("tab", name="ホーム").click()
    await page.locator("#home").get_by_role("button", name="一覧から確認する").click()
    modal = page.get_by_role("dialog")
    await expect(modal).to_contain_text("確認をお願いする項目が")
    await take(page, "manager-confirm", of="[role=dialog]")
    await button(modal, "閉じる").click()


async def show_home(page: Page, name: str, person: str, text: str) -> None:
    """One person's Home from its top."""
    await become(page, person)
    await page.get_by_role("tab", name="ホーム").click()
    await expect(page.locator("#home")).to_contain_text(text)
    await page.locator("#home").evaluate("home => home.scrollIntoView()")
    await take(page, name)
    await page.get_by_role("tab", name="メッセージ").click()


async def fill_in(page: Page) -> None:
    """② without a text: the form says under the field what is missing."""
    await button(page.locator(".message").last, "入力する").nth(1).click()
    modal = page.get_by_role("dialog")
    await modal.get_by_label("(i) 実施見込み").check()
    await modal.get_by_label("② 達成できない見込み").check()
    await modal.get_by_label("課題と改善策").fill("なし")
    await button(modal, "入力を完了する").click()
    await expect(modal.get_by_role("alert")).to_contain_text("文章で入力してください")


async def to_the_top_of_the_last_message(page: Page) -> None:
    """A long answer is read from its beginning."""
    await page.locator(".message").last.evaluate("message => message.scrollIntoView()")


async def resize(page: Page, size: tuple[int, int]) -> None:
    """A window of another width and height."""
    await page.set_viewport_size({"width": size[0], "height": size[1]})


async def take(page: Page, name: str, *, of: str = "main") -> None:
    """One picture of a part of the page, by default the conversation."""
    await page.evaluate("document.fonts.ready")
    await page.mouse.move(0, 0)
    await page.locator(of).screenshot(
        path=FOLDER / f"{name}.png", animations="disabled", caret="hide"
    )


if __name__ == "__main__":
    asyncio.run(main())
