"""Filling in a modal: with the mouse, with keys alone, and while the app changes it."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from playwright.async_api import Browser, Page, Route, expect
from slack_bolt.async_app import AsyncAck

from playground import SlackStandIn, User
from tests.page.chromium import IN_CHROMIUM, PATIENCE_MS, Scheme, opened, serious_faults
from tests.playground.bolt import over_socket
from tests.playground.samples import Json, modal, option, plain, radio, section, text_input
from tests.playground.story import Desk, send_letter, with_desk

pytestmark = IN_CHROMIUM

CHECKS: Json = {
    "type": "input", "block_id": "provisional", "optional": True, "label": plain("数値の確定"),
    "element": {"type": "checkboxes", "action_id": "box", "options": [option("暫定です", "yes")]},
}  # fmt: skip
DATE: Json = {
    "type": "input", "block_id": "final", "label": plain("確定する見込みの日"),
    "hint": plain("5月31日のあとが目安です"),
    "element": {"type": "datepicker", "action_id": "day"},
}  # fmt: skip
SELECT: Json = {
    "type": "input", "block_id": "kind", "label": plain("ご用件"),
    "element": {"type": "static_select", "action_id": "which",
                "options": [option("担当が違う", "wrong"), option("その他", "other")]},
}  # fmt: skip

SEVERAL: Json = {
    "type": "input", "block_id": "others", "label": plain("ほかの区・局"), "optional": True,
    "element": {"type": "multi_static_select", "action_id": "which",
                "options": [option("ひかり区", "2"), option("みどり区", "3")]},
}  # fmt: skip
CHANNEL: Json = {
    "type": "input", "block_id": "channel", "label": plain("送るチャンネル"), "optional": True,
    "element": {"type": "conversations_select", "action_id": "where"},
}  # fmt: skip


TICKS: Json = {
    "type": "input", "block_id": "items", "label": plain("取組項目"), "optional": True,
    "element": {"type": "checkboxes", "action_id": "chosen",
                "options": [option(f"項目{number}", str(number)) for number in (1, 2, 3)]},
}  # fmt: skip


@pytest.fixture
def hanako(slack: SlackStandIn) -> User:
    return slack.add_user("山田 花子")


async def submit(page: Page) -> None:
    await page.get_by_role("dialog").get_by_role("button", name="送信").click()


@asynccontextmanager
async def at_the_modal(
    browser: Browser, slack: SlackStandIn, user: User, *blocks: Json, **more: Any
) -> AsyncIterator[tuple[Page, Desk]]:
    """The page with this modal opened from a letter."""
    scheme: Scheme = more.pop("scheme", "light")
    app, desk = with_desk(slack, view=modal(*blocks, **more))
    async with over_socket(slack, app):
        await send_letter(slack, user)
        async with opened(browser, slack.base_url, scheme=scheme) as page:
            await page.get_by_role("button", name="入力する").click()
            await expect(page.get_by_role("dialog")).to_be_visible()
            yield page, desk


async def test_every_input_comes_back_as_slack_would_send_it(
    browser: Browser, slack: SlackStandIn, hanako: User
) -> None:
    blocks = (radio(), text_input(multiline=True), CHECKS, DATE, SELECT)
    async with at_the_modal(browser, slack, hanako, *blocks) as (page, desk):
        await page.get_by_label("② 達成できない見込み").check()
        await page.get_by_label("課題と改善策").fill("一行目\n二行目")
        await page.get_by_label("暫定です").check()
        await page.get_by_label("確定する見込みの日").fill("2027-06-10")
        await page.get_by_label("ご用件").select_option("その他")
        await submit(page)
        await expect(page.get_by_role("dialog")).to_be_hidden()

    values = desk.last_values
    assert values["outlook"]["choice"]["selected_option"]["value"] == "②"
    assert values["issues"]["text"]["value"] == "一行目\n二行目"
    assert [o["value"] for o in values["provisional"]["box"]["selected_options"]] == ["yes"]
    assert values["final"]["day"]["selected_date"] == "2027-06-10"
    assert values["kind"]["which"]["selected_option"]["value"] == "other"


async def test_hands_that_are_quicker_than_the_server_lose_no_tick(
    browser: Browser, slack: SlackStandIn, hanako: User
) -> None:
    async with at_the_modal(browser, slack, hanako, TICKS) as (page, desk):
        shown, drawn, third = asyncio.Event(), asyncio.Event(), asyncio.Event()
        acts = itertools.count(1)

        async def second_waits(route: Route) -> None:
            if next(acts) == 2:
                await third.wait()
            await route.continue_()

        async def note_the_first(route: Route) -> None:
            answer = await route.fetch()
            modal = (await answer.json())["mine"]["modal"]
            if modal and modal["state"]["values"]["items"]["chosen"]["selected_options"]:
                shown.set()
            await route.fulfill(response=answer)

        async def note_what_follows(route: Route) -> None:
            if shown.is_set():  # the page asks for more once it has drawn what it was given
                drawn.set()
            await route.continue_()

        await page.route("**/act", second_waits)
        await page.route("**/screen/**", note_the_first)
        await page.route("**/changes*", note_what_follows)
        ticks = [page.get_by_label(f"項目{number}") for number in (1, 2, 3)]
        for tick in ticks[:2]:
            await tick.check()
        async with asyncio.timeout(PATIENCE_MS / 1000):
            await drawn.wait()
        await ticks[2].check()
        third.set()
        for tick in ticks:
            await expect(tick).to_be_checked()
        await submit(page)
        await expect(page.get_by_role("dialog")).to_be_hidden()

    chosen = desk.last_values["items"]["chosen"]["selected_options"]
    assert [each["value"] for each in chosen] == ["1", "2", "3"]


async def test_several_of_a_list_and_a_channel_of_ones_own_can_be_chosen(
    browser: Browser, slack: SlackStandIn, hanako: User
) -> None:
    bot = slack.bot_user_id
    ours = slack.workspace.add_channel("C", "区政企画", (bot, hanako.id))
    slack.workspace.add_channel("C", "人事", (bot,))
    async with at_the_modal(browser, slack, hanako, SEVERAL, CHANNEL) as (page, desk):
        await page.get_by_label("みどり区").check()
        where = page.get_by_label("送るチャンネル")
        await expect(where.locator("option")).to_have_text(["選んでください", "#区政企画"])
        await where.select_option("#区政企画")
        await submit(page)
        await expect(page.get_by_role("dialog")).to_be_hidden()

    values = desk.last_values
    assert [o["value"] for o in values["others"]["which"]["selected_options"]] == ["3"]
    assert values["channel"]["where"]["selected_conversation"] == ours.id


async def test_errors_stand_under_their_field_and_the_typed_text_stays(
    browser: Browser, slack: SlackStandIn, hanako: User
) -> None:
    async with at_the_modal(browser, slack, hanako, text_input(max_length=50)) as (page, desk):
        desk.answer = {"response_action": "errors", "errors": {"issues": "文章で書いてください。"}}
        text = page.get_by_label("課題と改善策")
        await submit(page)
        await expect(page.get_by_role("alert")).to_have_text("この必須項目を入力してください")
        await text.fill("なし")
        await expect(page.locator(".counter")).to_have_text("48")
        await submit(page)
        await expect(page.get_by_role("alert")).to_have_text("文章で書いてください。")
        await expect(text).to_have_value("なし")
        await expect(text).to_be_focused()
        await expect(text).to_have_attribute("aria-invalid", "true")
        described = await text.get_attribute("aria-describedby")
        alert = await page.get_by_role("alert").get_attribute("id")
        assert described is not None
        assert alert in described.split()


async def test_an_update_by_the_app_keeps_text_and_focus(
    browser: Browser, slack: SlackStandIn, hanako: User
) -> None:
    async with at_the_modal(browser, slack, hanako, text_input(multiline=True)) as (page, desk):
        text = page.get_by_label("課題と改善策")
        await text.press_sequentially("書いている")
        view = slack.screens.top(hanako.id)
        assert view is not None
        desk.view["blocks"] = [
            section("あとから来た説明"),
            text_input("新しい見出し", multiline=True),
        ]
        slack.screens.update(view, desk.view)
        await expect(page.get_by_text("あとから来た説明")).to_be_visible()
        renamed = page.get_by_label("新しい見出し")
        await expect(renamed).to_have_value("書いている")
        await expect(renamed).to_be_focused()
        await page.keyboard.type("途中")
        await submit(page)
        await expect(page.get_by_role("dialog")).to_be_hidden()

    assert desk.last_values["issues"]["text"]["value"] == "書いている途中"


async def test_a_modal_is_filled_in_and_sent_with_keys_alone(
    browser: Browser, slack: SlackStandIn, hanako: User
) -> None:
    async with at_the_modal(browser, slack, hanako, radio(), text_input()) as (page, desk):
        await page.keyboard.press("Space")
        await page.keyboard.press("ArrowDown")
        await expect(page.get_by_label("② 達成できない見込み")).to_be_checked()
        await page.keyboard.press("Tab")
        await page.keyboard.type("人を増やす")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("dialog")).to_be_hidden()
        await expect(page.get_by_role("button", name="入力する")).to_be_focused()

    assert desk.last_values["outlook"]["choice"]["selected_option"]["value"] == "②"
    assert desk.last_values["issues"]["text"]["value"] == "人を増やす"


async def test_focus_stays_in_the_modal_and_escape_closes_it(
    browser: Browser, slack: SlackStandIn, hanako: User
) -> None:
    async with at_the_modal(browser, slack, hanako, text_input(), notify_on_close=True) as (
        page,
        desk,
    ):
        inside = "document.querySelector('[role=dialog]').contains(document.activeElement)"
        for key in ["Tab"] * 6 + ["Shift+Tab"] * 6:
            await page.keyboard.press(key)
            assert await page.evaluate(inside), key
        await page.keyboard.press("Escape")
        await expect(page.get_by_role("dialog")).to_be_hidden()
        await slack.wait_until(lambda: desk.closed)


async def test_typed_text_is_not_thrown_away_without_a_question(
    browser: Browser, slack: SlackStandIn, hanako: User
) -> None:
    async with at_the_modal(browser, slack, hanako, text_input()) as (page, _):
        dialog = page.get_by_role("dialog")
        text = page.get_by_label("課題と改善策")
        await text.fill("書きかけ")
        await page.keyboard.press("Escape")
        await dialog.get_by_role("button", name="入力に戻る").click()
        await expect(text).to_have_value("書きかけ")
        await expect(text).to_be_focused()
        await dialog.get_by_role("button", name="閉じる").last.click()
        await dialog.get_by_role("button", name="保存せずに閉じる").click()
        await expect(dialog).to_be_hidden()


async def test_an_app_that_does_not_answer_well_is_said_so_in_the_modal(
    browser: Browser, slack: SlackStandIn, hanako: User
) -> None:
    async with at_the_modal(browser, slack, hanako, text_input()) as (page, desk):
        desk.answer = {"response_action": "errors", "errors": {"nowhere": "…"}}
        await page.get_by_label("課題と改善策").fill("人を増やす")
        await submit(page)
        await expect(page.get_by_role("alert")).to_contain_text("うまくいきませんでした")
        await expect(page.get_by_label("課題と改善策")).to_have_value("人を増やす")


async def test_commands_are_suggested_and_taken_with_keys(
    browser: Browser, slack: SlackStandIn, hanako: User
) -> None:
    app, _ = with_desk(slack)
    typed: list[str] = []

    @app.command("/kaikaku")
    async def note(ack: Any, body: Json) -> None:
        typed.append(body["text"])
        await ack(text="見えましたか")

    async with over_socket(slack, app), opened(browser, slack.base_url) as page:
        line = page.get_by_role("combobox", name="kaikaku へのメッセージ")
        await line.fill("/")
        await expect(page.get_by_role("option")).to_have_count(2)
        await line.press("ArrowDown")
        await line.press("ArrowDown")
        await line.press("Enter")
        await expect(line).to_have_value("/kaikaku 状況 あおぞら区")
        await line.press("Enter")
        await expect(page.locator(".message.ephemeral")).to_contain_text("見えましたか")
        await line.fill("/nandemo")
        await line.press("Enter")
        await expect(page.locator(".toast")).to_contain_text("有効なコマンドではありません")

    assert typed == ["状況 あおぞら区"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_every_input_is_accessible(
    browser: Browser, slack: SlackStandIn, hanako: User, scheme: Scheme
) -> None:
    blocks = (section("*太字* `符号`"), radio(), text_input(multiline=True), CHECKS, DATE, SELECT)
    async with at_the_modal(browser, slack, hanako, *blocks, scheme=scheme) as (page, _):
        await submit(page)
        await expect(page.get_by_role("alert")).to_have_count(4)
        assert await serious_faults(page) == []


SEARCH: Json = {
    "type": "input", "block_id": "before", "label": plain("前の年度の項目"), "optional": True,
    "element": {"type": "external_select", "action_id": "search", "min_query_length": 0},
}  # fmt: skip


async def test_what_is_typed_into_a_search_is_offered_chosen_and_submitted(
    browser: Browser, slack: SlackStandIn, hanako: User
) -> None:
    app, desk = with_desk(slack, view=modal(SEARCH))
    items = ("取組項目3　見守り訪問", "取組項目8　訪問指導", "取組項目9　窓口の改善")

    @app.options("search")
    async def offer(ack: AsyncAck, body: Json) -> None:
        found = [each for each in items if body["value"] in each]
        await ack(options=[option(each, each) for each in found])

    async with over_socket(slack, app):
        await send_letter(slack, hanako)
        async with opened(browser, slack.base_url) as page:
            await page.get_by_role("button", name="入力する").click()
            box = page.get_by_role("combobox", name="前の年度の項目")
            await box.click()
            await expect(page.get_by_role("option")).to_have_count(3)
            await box.fill("訪問")
            await expect(page.get_by_role("option")).to_have_count(2)
            await page.keyboard.press("Escape")
            await expect(page.get_by_role("option")).to_have_count(0)
            await expect(page.get_by_role("dialog")).to_be_visible()
            await box.fill("指導")
            await page.get_by_role("option", name="訪問指導").click()
            await expect(box).to_have_value("取組項目8　訪問指導")
            assert await serious_faults(page) == []
            await submit(page)
            await expect(page.get_by_role("dialog")).to_be_hidden()

    chosen = desk.last_values["before"]["search"]["selected_option"]
    assert chosen["value"] == "取組項目8　訪問指導"
