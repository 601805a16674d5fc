"""Files in the page: put into the conversation, dropped onto it, and chosen in a modal."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import Browser, FilePayload, expect

from playground import SlackStandIn, User
from tests.page.chromium import IN_CHROMIUM, opened, serious_faults
from tests.playground.bolt import over_socket
from tests.playground.samples import Json, modal, plain
from tests.playground.story import send_letter, with_desk

pytestmark = IN_CHROMIUM

CONTENT = "番号,題名\n1,窓口の待ち時間\n".encode()
PLAN: FilePayload = {"name": "計画.csv", "mimeType": "text/csv", "buffer": CONTENT}
FILE: Json = {
    "type": "input", "block_id": "file", "label": plain("計画のファイル"),
    "element": {"type": "file_input", "action_id": "chosen", "max_files": 2},
}  # fmt: skip
DROP = """async (place) => {
  const data = new DataTransfer();
  data.items.add(new File(["番号,題名"], "落とす.csv", { type: "text/csv" }));
  const how = { dataTransfer: data, bubbles: true, cancelable: true };
  place.dispatchEvent(new DragEvent("drop", how));
}"""


@pytest.fixture
def hanako(slack: SlackStandIn) -> User:
    return slack.add_user("山田 花子")


async def test_a_file_is_put_into_the_conversation_and_the_app_hears_of_it(
    browser: Browser, slack: SlackStandIn, hanako: User
) -> None:
    heard: list[Any] = []
    app, _ = with_desk(slack)

    async def listen(event: dict[str, Any]) -> None:
        heard.append(event)

    app.event("message")(listen)
    async with over_socket(slack, app), opened(browser, slack.base_url) as page:
        await page.get_by_label("ファイルを置く").set_input_files(PLAN)
        await expect(page.locator(".message .file")).to_contain_text("計画.csv")
        await page.locator("#conversation").evaluate(DROP)
        await expect(page.locator(".message .file")).to_have_count(2)
        assert await serious_faults(page) == []

    assert [event["files"][0]["name"] for event in heard] == ["計画.csv", "落とす.csv"]
    assert slack.workspace.files[heard[0]["files"][0]["id"]].content == CONTENT


async def test_a_file_is_chosen_in_a_modal(
    browser: Browser, slack: SlackStandIn, hanako: User
) -> None:
    app, desk = with_desk(slack, view=modal(FILE))
    async with over_socket(slack, app):
        await send_letter(slack, hanako)
        async with opened(browser, slack.base_url) as page:
            await page.get_by_role("button", name="入力する").click()
            dialog = page.get_by_role("dialog")
            await dialog.get_by_label("計画のファイル").set_input_files(PLAN)
            await expect(dialog.get_by_text("添付済：計画.csv")).to_be_visible()
            assert await serious_faults(page) == []
            await dialog.get_by_role("button", name="送信").click()
            await expect(dialog).to_be_hidden()

    (file,) = desk.last_values["file"]["chosen"]["files"]
    assert slack.workspace.files[file["id"]].content == CONTENT
