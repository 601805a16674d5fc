"""Files go up in three steps and come down with a token, as the real SDK does it."""

from __future__ import annotations

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from playground import SlackStandIn, User
from tests.playground.bolt import over_http
from tests.playground.samples import modal, plain
from tests.playground.story import send_letter, with_desk

CONTENT = "番号,表題\n1,窓口の待ち時間\n".encode()


async def test_an_upload_appears_in_the_conversation_and_can_be_downloaded(
    slack: SlackStandIn, client: AsyncWebClient, hanako: User
) -> None:
    opened = await client.conversations_open(users=hanako.id)
    uploaded = await client.files_upload_v2(
        channel=opened["channel"]["id"],
        filename="回答.csv",
        content=CONTENT,
        initial_comment="一覧です",
    )
    info = await client.files_info(file=uploaded["file"]["id"])

    async with aiohttp.ClientSession() as session:
        headers = {"Authorization": f"Bearer {slack.bot_token}"}
        async with session.get(info["file"]["url_private"], headers=headers) as response:
            downloaded = await response.read()
        async with session.get(info["file"]["url_private"]) as response:
            signed_out = await response.text()

    message = slack.messages(hanako)[0]
    assert (message.text, message.files[0]["name"]) == ("一覧です", "回答.csv")
    assert downloaded == CONTENT
    assert "番号" not in signed_out


async def test_an_upload_is_completed_once(slack: SlackStandIn, client: AsyncWebClient) -> None:
    step = await client.files_getUploadURLExternal(filename="a.csv", length=3)
    async with aiohttp.ClientSession() as session:
        async with session.post(step["upload_url"], data=b"four") as refused:
            assert refused.status == 400
        async with session.post(step["upload_url"], data=b"abc") as taken:
            assert taken.status == 200

    await client.files_completeUploadExternal(files=[{"id": step["file_id"], "title": "表"}])
    with pytest.raises(SlackApiError, match="file_not_found"):
        await client.files_completeUploadExternal(files=[{"id": step["file_id"], "title": "表"}])


async def test_a_file_put_into_a_modal_is_in_its_state(slack: SlackStandIn, hanako: User) -> None:
    element = {"type": "file_input", "action_id": "text"}
    block = {"type": "input", "block_id": "f", "label": plain("計画"), "element": element}
    app, desk = with_desk(slack, view=modal(block))
    async with over_http(slack, app):
        seen = await slack.as_user(hanako).click(await send_letter(slack, hanako), "入力する")
        await seen.attach("計画", "計画.csv", CONTENT)
        await seen.submit()

    (file,) = desk.last_values["f"]["text"]["files"]
    assert (file["name"], file["size"]) == ("計画.csv", len(CONTENT))
    assert slack.workspace.files[file["id"]].content == CONTENT


async def test_a_file_dropped_into_the_conversation_is_told_of_and_can_be_fetched(
    slack: SlackStandIn, client: AsyncWebClient, hanako: User
) -> None:
    """A message of a person with files has the subtype file_share (Slack, events/message)."""
    heard: list[dict[str, object]] = []
    app, _ = with_desk(slack)

    async def listen(event: dict[str, object]) -> None:
        heard.append(event)

    app.event("message")(listen)
    async with over_http(slack, app):
        message = await slack.as_user(hanako).drop(("計画.csv", CONTENT), text="R8です")
        await slack.wait_until(lambda: heard)

    (event,) = heard
    assert (event["subtype"], event["channel_type"], event["user"]) == (
        "file_share",
        "im",
        hanako.id,
    )
    assert event["text"] == message.text == "R8です"
    (file,) = message.files
    info = await client.files_info(file=file["id"])
    assert info["file"]["ims"] == [message.channel]
    headers = {"Authorization": f"Bearer {slack.bot_token}"}
    async with (
        aiohttp.ClientSession() as session,
        session.get(info["file"]["url_private_download"], headers=headers) as response,
    ):
        assert await response.read() == CONTENT


async def test_a_picture_keeps_the_words_that_stand_for_it(
    slack: SlackStandIn, client: AsyncWebClient, hanako: User
) -> None:
    content = b"\x89PNG\r\n\x1a\n" + bytes(20)
    step = await client.files_getUploadURLExternal(
        filename="図.png", length=len(content), alt_txt="①が3件、②が1件"
    )
    async with (
        aiohttp.ClientSession() as session,
        session.post(step["upload_url"], data=content) as taken,
    ):
        assert taken.status == 200
    opened = await client.conversations_open(users=hanako.id)
    await client.files_completeUploadExternal(
        files=[{"id": step["file_id"], "title": "図"}], channel_id=opened["channel"]["id"]
    )

    [file] = slack.messages(hanako)[0].files
    assert (file["mimetype"], file["alt_txt"]) == ("image/png", "①が3件、②が1件")


async def test_words_for_a_picture_that_are_too_long_are_refused(client: AsyncWebClient) -> None:
    asked = {"filename": "図.png", "length": 3, "alt_txt": "あ" * 1001}
    with pytest.raises(SlackApiError, match="alt_txt_too_large"):
        await client.api_call("files.getUploadURLExternal", data=asked)
