"""What people type is text on the page, and other pages can't use this one."""

from __future__ import annotations

import aiohttp
import pytest
from playwright.async_api import Browser, expect
from slack_sdk.web.async_client import AsyncWebClient

from playground import SlackStandIn
from tests.page.chromium import IN_ONE_LOOP, NEEDS_CHROMIUM, opened
from tests.playground.bolt import over_socket
from tests.playground.samples import actions, button, modal, option, plain, section, text_input
from tests.playground.story import with_desk

pytestmark = IN_ONE_LOOP

EVIL = """"><img src=x onerror="window.harmed=1"><script>window.harmed=1</script>{{7*7}}'"""


async def hear() -> None:
    """Something was said, and that is enough."""


@NEEDS_CHROMIUM
async def test_nothing_that_people_or_the_app_write_runs_in_the_page(
    browser: Browser, slack: SlackStandIn
) -> None:
    client = AsyncWebClient(token=slack.bot_token, base_url=slack.api_url, retry_handlers=[])
    hanako = slack.add_user(EVIL)
    field = text_input(EVIL, initial_value=EVIL, placeholder=plain(EVIL))
    choice = {"type": "radio_buttons", "action_id": "choice", "options": [option(EVIL[:70], "v")]}
    group = {"type": "input", "block_id": "g", "label": plain(EVIL), "element": choice}
    app, desk = with_desk(slack, view=modal(section(EVIL), field, group, title="題" + EVIL[:20]))
    desk.answer = {"response_action": "errors", "errors": {"issues": EVIL}}
    app.event("message")(hear)  # what nobody answers is sent again, for twelve seconds
    await client.chat_postMessage(
        channel=hanako.id,
        text=EVIL,
        blocks=[section(EVIL), {"type": "header", "text": plain(EVIL)}, actions(button(EVIL[:70]))],
    )

    async with over_socket(slack, app), opened(browser, slack.base_url) as page:
        await slack.as_user(hanako).say(EVIL)
        await expect(page.locator(".message")).to_have_count(2)
        await page.locator(".message button").click()
        dialog = page.get_by_role("dialog")
        await expect(dialog).to_be_visible()
        await dialog.get_by_role("radio").check()
        await dialog.get_by_role("button", name="送信").click()
        await expect(dialog.locator(".error")).to_contain_text("onerror")
        await expect(dialog.locator("img, script")).to_have_count(0)
        await expect(page.locator("main img, main script, nav img")).to_have_count(0)
        assert await page.evaluate("window.harmed") is None


@NEEDS_CHROMIUM
async def test_an_injected_script_would_be_stopped_by_the_policy(
    browser: Browser, slack: SlackStandIn
) -> None:
    slack.add_user("山田 花子")

    page = await browser.new_page()
    try:
        await page.goto(slack.base_url)
        await page.wait_for_selector("body[data-ready]")
        added = """() => {
            const script = document.createElement('script');
            try { script.textContent = 'window.harmed = 1'; } catch { return 'refused'; }
            document.body.append(script);
            return 'added';
        }"""
        assert await page.evaluate(added) == "refused"
        assert await page.evaluate("window.harmed") is None
    finally:
        await page.close()


@pytest.mark.parametrize("path", ["", "page/app.js", "_playground/scene", "_playground/screen/-"])
@pytest.mark.parametrize(
    "header", [{"Host": "aozora.example.jp"}, {"Origin": "https://aozora.example.jp"}]
)
async def test_a_foreign_host_or_origin_gets_nothing(
    slack: SlackStandIn, path: str, header: dict[str, str]
) -> None:
    async with aiohttp.ClientSession() as session:
        async with session.get(f"{slack.base_url}{path}") as own:
            assert own.status == 200
        async with session.get(f"{slack.base_url}{path}", headers=header) as foreign:
            assert (foreign.status, await foreign.text()) == (403, "loopback only")


async def test_a_foreign_page_moves_no_clock_and_acts_for_nobody(slack: SlackStandIn) -> None:
    hanako = slack.add_user("山田 花子")
    before, origin = slack.clock.offset, {"Origin": "https://aozora.example.jp"}
    paths = ("clock", f"users/{hanako.id}/act", "users", "send_to")

    async with aiohttp.ClientSession(headers=origin) as session:
        for path in paths:
            url = f"{slack.base_url}_playground/{path}"
            async with session.post(url, json={"advance": 60, "do": "say", "text": "x"}) as refused:
                assert refused.status == 403

    assert slack.clock.offset == before
    assert slack.messages(hanako) == []


@pytest.mark.parametrize("name", ["..%2f__main__.py", "%2e%2e/scene.py", "nothing.js", "style"])
async def test_only_the_parts_of_the_page_are_served(slack: SlackStandIn, name: str) -> None:
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"{slack.base_url}page/{name}") as answer,
    ):
        assert answer.status == 404


async def test_the_page_is_told_to_load_nothing_from_elsewhere(slack: SlackStandIn) -> None:
    async with aiohttp.ClientSession() as session, session.get(slack.base_url) as answer:
        policy = answer.headers["Content-Security-Policy"]
        text = await answer.text()

    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "//" not in text.replace("<!doctype html>", "")
