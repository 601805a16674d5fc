"""How the page draws Slack's blocks, marks and messages."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import Browser, expect
from slack_sdk.web.async_client import AsyncWebClient

from playground import SlackStandIn
from tests.page.chromium import IN_CHROMIUM, opened
from tests.playground.samples import plain, section

pytestmark = IN_CHROMIUM


@pytest.fixture
def client(slack: SlackStandIn) -> AsyncWebClient:
    return AsyncWebClient(token=slack.bot_token, base_url=slack.api_url, retry_handlers=[])


MARKS = [
    ("期限： *9月18日(金)* です", "期限： <strong>9月18日(金)</strong> です"),
    ("期限は*9月18日*です", "期限は*9月18日*です"),
    ("*太字*　と全角の空白", "<strong>太字</strong>　と全角の空白"),
    ("_斜体_ ~取消~ `*そのまま*`", "<em>斜体</em> <s>取消</s> <code>*そのまま*</code>"),
    ("前\n> 引用 *甲*\n&gt; 乙\n後", "前<blockquote>引用 <strong>甲</strong><br>乙</blockquote>後"),
    ("&lt;b&gt;&amp;amp;", "&lt;b&gt;&amp;amp;"),
    ("a *b* c *d*", "a <strong>b</strong> c <strong>d</strong>"),
    ("<javascript:alert(1)|押す>", "押す"),
    ("<!channel> です", '<span class="mention">@channel</span> です'),
]  # fmt: skip


async def test_marks_are_live_only_where_slack_has_them_live(
    browser: Browser, slack: SlackStandIn, client: AsyncWebClient
) -> None:
    hanako = slack.add_user("山田 花子")
    await client.chat_postMessage(
        channel=hanako.id, text="見本", blocks=[section(text) for text, _ in MARKS]
    )

    async with opened(browser, slack.base_url) as page:
        shown = page.locator(".message .words")
        await expect(shown).to_have_count(len(MARKS))
        drawn = [await each.inner_html() for each in await shown.all()]

    assert drawn == [html for _, html in MARKS]


async def test_a_link_leads_out_and_knows_nothing_of_the_page(
    browser: Browser, slack: SlackStandIn, client: AsyncWebClient
) -> None:
    hanako = slack.add_user("山田 花子")
    await client.chat_postMessage(
        channel=hanako.id, text="<https://www.example.jp/?a=1&amp;b=2|区>"
    )

    async with opened(browser, slack.base_url) as page:
        link = page.locator(".message a")
        assert await link.get_attribute("href") == "https://www.example.jp/?a=1&b=2"
        assert await link.get_attribute("rel") == "noopener noreferrer"


async def test_what_the_page_cannot_draw_is_loud(
    browser: Browser, slack: SlackStandIn, client: AsyncWebClient
) -> None:
    hanako = slack.add_user("山田 花子")
    picker = {"type": "timepicker", "action_id": "at"}
    blocks: list[dict[str, Any]] = [
        {"type": "markdown", "text": "見本"},
        {"type": "actions", "elements": [picker]},
    ]
    await client.chat_postMessage(channel=hanako.id, text="見本", blocks=blocks)

    async with opened(browser, slack.base_url) as page:
        boxes = page.locator(".message .strange")
        await expect(boxes).to_have_count(2)
        await expect(boxes.first).to_contain_text("描けないブロックです：markdown")
        await expect(boxes.last).to_contain_text("描けない部品です：timepicker")


async def test_every_block_of_a_message_is_drawn(
    browser: Browser, slack: SlackStandIn, client: AsyncWebClient
) -> None:
    hanako = slack.add_user("山田 花子")
    cells = [[{"type": "raw_text", "text": word} for word in row] for row in ("甲乙", "丙丁")]
    blocks: list[dict[str, Any]] = [
        {"type": "header", "text": plain("見出し")},
        {"type": "divider"},
        section("本文", fields=[plain("左"), plain("右")]),
        {"type": "context", "elements": [plain("小さな字")]},
        {"type": "table", "rows": cells},
    ]
    await client.chat_postMessage(channel=hanako.id, text="見本", blocks=blocks)

    async with opened(browser, slack.base_url) as page:
        message = page.locator(".message")
        await expect(message.get_by_role("heading", name="見出し")).to_be_visible()
        await expect(message.locator("hr")).to_have_count(1)
        await expect(message.locator(".fields .words")).to_have_text(["左", "右"])
        await expect(message.get_by_role("columnheader")).to_have_text(["甲", "乙"])
        await expect(message.get_by_role("cell")).to_have_text(["丙", "丁"])


async def test_messages_come_change_and_go_without_a_reload(
    browser: Browser, slack: SlackStandIn, client: AsyncWebClient
) -> None:
    hanako, taro = slack.add_user("山田 花子"), slack.add_user("田中 太郎")

    async with opened(browser, slack.base_url) as page:
        posted = await client.chat_postMessage(channel=hanako.id, text="はじめ")
        channel, ts = posted["channel"], posted["ts"]
        await expect(page.locator(".message")).to_contain_text("はじめ")
        await client.chat_update(channel=channel, ts=ts, text="なおした")
        await expect(page.locator(".message")).to_contain_text("なおした")
        await expect(page.locator(".message")).to_contain_text("(編集済み)")
        await client.chat_postEphemeral(channel=channel, user=hanako.id, text="ないしょ")
        secret = page.locator(".message.ephemeral")
        await expect(secret).to_contain_text("あなただけに表示されています")
        await client.chat_postMessage(channel=taro.id, text="太郎さんへ")
        badge = page.locator("#people .badge")
        await expect(badge).to_have_text("1件の新しいメッセージ")
        await page.get_by_role("button", name="田中 太郎").click()
        await expect(badge).to_have_count(0)
        await client.chat_delete(channel=channel, ts=ts)
        await page.get_by_role("button", name="山田 花子").click()
        await expect(page.locator(".message")).to_have_count(1)


async def test_a_file_is_kept_as_it_was(browser: Browser, slack: SlackStandIn) -> None:
    hanako = slack.add_user("山田 花子")
    content = "番号,題名\n1,窓口\n".encode()
    file = slack.workspace.add_file(hanako.id, "取組.csv", content)
    channel = slack.workspace.direct_channel(hanako.id)
    described = file.describe(slack.base_url)
    slack.workspace.post(channel, user=slack.bot_user_id, text="どうぞ", files=(described,))

    async with opened(browser, slack.base_url) as page, page.expect_download() as download:
        await page.get_by_role("link", name="取組.csv").click()
        kept = await (await download.value).path()
        assert kept.read_bytes() == content
        assert (await download.value).suggested_filename == "取組.csv"
