"""The whole of a mid-year round as people click it, each in their own role, with the real bot."""

from __future__ import annotations

import re
import signal
import socket
from pathlib import Path

from playwright.async_api import Browser, Locator, Page, expect

from tests.page.chromium import IN_CHROMIUM, PHONE, opened, serious_faults
from tests.page.demo import Demo, demo, is_alive, is_taken, names_in

pytestmark = IN_CHROMIUM

# Slack's own words where it holds the form back itself, else kaikaku's.
MISSING = re.compile("この必須項目を入力してください|課題と改善策を入力してください")
TRAVEL_MS = 90_000


def button(place: Page | Locator, name: str) -> Locator:
    """By what it shows; a screen reader may hear more."""
    return place.locator("button", has_text=re.compile(f"^{name}$"))


async def become(page: Page, name: str) -> None:
    await page.locator("#people").get_by_role("button", name=name).click()
    await expect(page.locator("#viewer")).to_have_text(f"{name}さんの画面")


async def type_in(page: Page, text: str) -> None:
    await page.get_by_role("combobox", name="kaikaku へのメッセージ").fill(text)
    await page.keyboard.press("Enter")


async def follow_the_tour(page: Page) -> None:
    guide = page.get_by_role("region", name="はじめての方への案内")
    await expect(guide).to_contain_text("案内 1／9")
    await button(guide, "山田さんの画面を見る").click()
    for _ in range(8):
        await button(guide, "次へ").click()
    await expect(guide).to_contain_text("案内 9／9")
    await button(guide, "終わる").click()
    await expect(guide).to_be_hidden()


async def answer_and_go_on(page: Page) -> None:
    """② without a text is refused under the field; then it is written, and the next item comes."""
    await button(page.locator(".message").last, "入力する").first.click()
    modal = page.get_by_role("dialog")
    await expect(modal).to_have_accessible_name("中間振り返り 取組項目3(1/3)")
    await modal.get_by_label("(i) 実施見込み").check()
    await modal.get_by_label("② 達成できない見込み").check()
    text = modal.get_by_label("課題と改善策")
    await text.fill("なし")
    await button(modal, "入力を完了する").click()
    await expect(modal.get_by_role("alert").filter(has_text="「なし」「—」だけ")).to_be_visible()
    await expect(text).to_have_value("なし")
    await text.fill("")
    await button(modal, "入力を完了する").click()
    await expect(modal.get_by_role("alert").filter(has_text=MISSING)).to_be_visible()
    await expect(modal.get_by_label("② 達成できない見込み")).to_be_checked()
    await text.fill("説明会の参加が半分にとどまる。11月に夜の回を設ける。")
    await button(modal, "入力を完了する").click()
    await expect(modal).to_contain_text("取組項目3の入力を保存しました。")
    await button(modal, "次の項目へ").click()
    await expect(modal).to_have_accessible_name("中間振り返り 取組項目7(2/3)")
    await button(modal, "閉じる").click()
    await expect(modal).to_be_hidden()


async def confirm_from_home(page: Page) -> None:
    """A section chief reads the ② and confirms one of two from the list."""
    await become(page, "田中 誠")
    await page.get_by_role("tab", name="ホーム").click()
    await button(page.locator("#home"), r"一覧から確認する\(2件\)").click()
    modal = page.get_by_role("dialog")
    await expect(modal).to_contain_text("確認をお願いする項目が2件あります。")
    await modal.get_by_label("取組項目6").check()
    await button(modal, "選んだ項目を確認する").click()
    await expect(modal).to_contain_text("1件を確認しました。")
    assert await serious_faults(page) == []
    await button(modal, "閉じる").click()
    await expect(page.locator("#home")).to_contain_text("一覧から確認する(1件)")
    await page.get_by_role("tab", name="メッセージ").click()


async def go_three_days_past_the_due_date(page: Page) -> None:
    await page.get_by_role("button", name="期限の3開庁日後へ").click()
    await expect(page.locator("#now")).to_have_text("令和8年9月28日(月) 9:30", timeout=TRAVEL_MS)


async def take_the_tour_there_too(page: Page) -> None:
    """It leads to the same day, not on to the next round's."""
    await page.get_by_role("button", name="案内", exact=True).click()
    guide = page.get_by_role("region", name="はじめての方への案内")
    for _ in range(5):
        await button(guide, "戻る").click()
    await button(guide, "期限の3開庁日後へ").click()
    await expect(page.locator(".toast")).to_contain_text("もうその日を過ぎています")
    await expect(page.locator("#now")).to_contain_text("令和8年9月28日(月)")
    await page.get_by_role("button", name="案内を閉じる").click()


async def test_from_the_notice_to_the_managers_status(browser: Browser, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = other.getsockname()[1]
        async with demo(tmp_path, "--port", str(taken)) as started:
            said = started.errors.read_text(encoding="utf-8")
            assert started.port != taken
            assert f"{taken}番ポートは使われている" in said
            await a_round_is_lived_through(browser, started.address)
            await it_ends_without_a_trace(started, tmp_path)


async def it_ends_without_a_trace(started: Demo, folder: Path) -> None:
    """One line was all on stdout, and no process, port or file is left."""
    below = started.descendants()
    code, rest = await started.end(signal.SIGINT)
    assert (code, rest) == (0, "")
    assert len(below) == 2
    assert [pid for pid in below if is_alive(pid)] == []
    assert not is_taken(started.port)
    assert names_in(folder) == ["demo.err"]


async def a_round_is_lived_through(browser: Browser, address: str) -> None:
    async with opened(browser, address) as page:
        await follow_the_tour(page)
        await expect(page.locator(".message")).to_contain_text("中間振り返りの入力をお願いします")
        await answer_and_go_on(page)
        await expect(page.locator(".message").last).to_contain_text("入力済")
        assert await serious_faults(page) == []

        await confirm_from_home(page)
        await become(page, "山田 花子")
        await go_three_days_past_the_due_date(page)
        await take_the_tour_there_too(page)
        owner = page.locator(".message").last
        await expect(owner).to_contain_text("入力期限から3開庁日が過ぎています")
        await expect(owner).not_to_contain_text("取組項目3")

        await become(page, "鈴木 一郎")
        await expect(page.locator(".message").last).to_contain_text("保健福祉課で3件が未入力です")
        await type_in(page, "/kaikaku status あおぞら区")
        status = page.locator(".message.ephemeral").last
        await expect(status).to_contain_text("あなただけに表示されています")
        await expect(status).to_contain_text("入力済 5／12件")
        await expect(status).to_contain_text("夜の回を設ける")
        await expect(status).to_contain_text("期限から3開庁日")

        await become(page, "小林 直子")
        await expect(page.locator(".message").last).to_contain_text("7件が未入力です")
        await become(page, "中村 彩")
        await expect(page.locator(".message").last).to_contain_text("とりまとめ状況")
        await become(page, "加藤 恵")
        await type_in(page, "/kaikaku 状況")
        await expect(page.locator(".message.ephemeral")).to_contain_text("あおぞら区")
        await become(page, "吉田 修")
        await type_in(page, "/kaikaku 状況 あおぞら区")
        refusal = page.locator(".message.ephemeral")
        await expect(refusal).to_contain_text("kaikaku の利用者として登録されていません")

        await become(page, "山田 花子")
        await page.get_by_role("tab", name="ホーム").click()
        await expect(page.locator("#home")).to_contain_text("担当の取組項目")
        assert await serious_faults(page) == []
        await on_a_phone_in_the_dark(browser, address)


async def on_a_phone_in_the_dark(browser: Browser, address: str) -> None:
    """The same, small and dark: nothing runs out of the screen, and axe-core is content."""
    async with opened(browser, address, size=PHONE, scheme="dark") as page:
        await page.get_by_role("button", name="案内を閉じる").click()
        assert await serious_faults(page) == []
        await button(page.locator(".message").last, "入力する").last.click()
        modal = page.get_by_role("dialog")
        await expect(modal).to_have_accessible_name(re.compile("取組項目8"))
        assert await serious_faults(page) == []
        await page.keyboard.press("Escape")
        await expect(modal).to_be_hidden()
        await page.get_by_role("tab", name="ホーム").click()
        await expect(page.locator("#home")).to_contain_text("担当の取組項目")
        assert await serious_faults(page) == []
        width = await page.evaluate("document.documentElement.scrollWidth")
        assert width <= PHONE[0]
