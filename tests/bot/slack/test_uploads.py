"""Sending a file: into the conversation of the one who asked, and to Slack's own host alone."""

from __future__ import annotations

from collections.abc import AsyncIterator

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.uploads import NotUploaded, Upload, _is_slacks, send_file
from playground import SlackStandIn
from playground.faults import Fault

FILE = Upload("履歴.csv", "番号,表題\n".encode(), title="履歴", comment="一覧です", alt="表")


@pytest.fixture
async def slack() -> AsyncIterator[SlackStandIn]:
    async with SlackStandIn() as stand_in:
        yield stand_in


@pytest.fixture
async def client(slack: SlackStandIn) -> AsyncIterator[AsyncWebClient]:
    async with aiohttp.ClientSession() as session:
        yield AsyncWebClient(
            token=slack.bot_token, base_url=slack.api_url, session=session, retry_handlers=[]
        )


async def test_the_file_stands_in_the_askers_own_conversation(
    slack: SlackStandIn, client: AsyncWebClient
) -> None:
    asker, other = slack.add_user("花子"), slack.add_user("次郎")

    await send_file(client, asker.id, FILE)

    [message] = slack.messages(asker)
    [file] = message.files
    assert (message.text, file["name"], file["title"]) == ("一覧です", "履歴.csv", "履歴")
    assert file["alt_txt"] == "表"
    assert slack.workspace.files[file["id"]].content == FILE.content
    assert slack.messages(other) == []


async def test_words_too_long_for_slack_are_cut_and_the_file_arrives(
    slack: SlackStandIn, client: AsyncWebClient
) -> None:
    asker = slack.add_user("花子")

    await send_file(client, asker.id, Upload("a.png", b"abc", "図", alt="あ" * 5000))

    [message] = slack.messages(asker)
    assert len(message.files[0]["alt_txt"]) == 1000


async def test_a_picture_of_forty_sections_arrives_with_all_its_words(
    slack: SlackStandIn, client: AsyncWebClient
) -> None:
    asker = slack.add_user("花子")
    said = "第1課(地域まちづくり・にぎわい創出担当)：達成 3 ・ 未達成 1\n" * 70

    await send_file(client, asker.id, Upload("a.png", b"abc", "図", comment=said, alt=said))

    [message] = slack.messages(asker)
    assert message.text == said


async def test_an_answer_in_no_words_of_slacks_is_said_in_a_sentence(
    slack: SlackStandIn, client: AsyncWebClient
) -> None:
    asker = slack.add_user("花子")
    slack.faults.on("files.completeUploadExternal", Fault.server_error(503))

    with pytest.raises(NotUploaded, match="もう一度"):
        await send_file(client, asker.id, FILE)


@pytest.mark.parametrize(
    "method",
    ["conversations.open", "files.getUploadURLExternal", "files.completeUploadExternal"],
)
async def test_what_slack_refuses_is_said_in_a_sentence_and_nothing_is_shared(
    slack: SlackStandIn, client: AsyncWebClient, method: str
) -> None:
    asker = slack.add_user("花子")
    slack.faults.on(method, Fault.error("fatal_error"))

    with pytest.raises(NotUploaded) as refused:
        await send_file(client, asker.id, FILE)

    assert "もう一度" in refused.value.message
    assert slack.messages(asker) == []


@pytest.mark.parametrize(
    ("address", "api", "ours"),
    [
        ("https://files.slack.com/upload/v1/x", "https://slack.com/api/", True),
        ("https://files.slack-gov.com/upload/v1/x", "https://slack-gov.com/api/", True),
        ("http://files.slack.com/upload/v1/x", "https://slack.com/api/", False),
        ("https://files.slack.com.example/x", "https://slack.com/api/", False),
        ("https://evilslack.com/x", "https://slack.com/api/", False),
        ("http://127.0.0.1:9/x", "https://slack.com/api/", False),
        ("http://127.0.0.1:9/x", "http://127.0.0.1:8/api/", True),
        ("https://files.slack.com/x", "http://127.0.0.1:8/api/", False),
    ],
)
def test_what_people_wrote_goes_to_slacks_own_host_only(
    address: str, api: str, *, ours: bool
) -> None:
    assert _is_slacks(address, api) is ours
