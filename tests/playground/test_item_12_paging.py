"""Item 12: lists come by small pages, with a cursor."""

from __future__ import annotations

from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from playground import SlackStandIn, User


async def test_all_users_come_page_by_page_however_many_are_asked_for(
    slack: SlackStandIn, client: AsyncWebClient
) -> None:
    added = {slack.add_user(f"職員{n}").id for n in range(12)}

    pages = [answer["members"] async for answer in await client.users_list(limit=200)]

    found = [member["id"] for page in pages for member in page]
    assert max(len(page) for page in pages) == slack.workspace.page_size == 5
    assert added < set(found)
    assert len(found) == len(set(found))


async def test_a_conversation_is_read_newest_first_with_metadata_only_on_request(
    slack: SlackStandIn, client: AsyncWebClient, hanako: User
) -> None:
    metadata = {"event_type": "letter", "event_payload": {"key": "k1"}}
    for n in range(7):
        posted = await client.chat_postMessage(channel=hanako.id, text=f"{n}", metadata=metadata)
    channel = str(posted["channel"])

    first = await client.conversations_history(channel=channel, limit=3, include_all_metadata=True)
    cursor: Any = first["response_metadata"]["next_cursor"]
    second = await client.conversations_history(channel=channel, limit=3, cursor=cursor)

    assert [m["text"] for m in first["messages"]] == ["6", "5", "4"]
    assert first["messages"][0]["metadata"] == metadata
    assert [m["text"] for m in second["messages"]] == ["3", "2", "1"]
    assert "metadata" not in second["messages"][0]


async def test_oldest_and_latest_bound_a_conversation(client: AsyncWebClient, hanako: User) -> None:
    posted = [await client.chat_postMessage(channel=hanako.id, text=f"{n}") for n in range(3)]
    channel, middle = str(posted[1]["channel"]), str(posted[1]["ts"])

    newer = await client.conversations_history(channel=channel, oldest=middle)
    from_it = await client.conversations_history(channel=channel, oldest=middle, inclusive=True)

    assert [m["text"] for m in newer["messages"]] == ["2"]
    assert [m["text"] for m in from_it["messages"]] == ["2", "1"]


async def test_a_made_up_cursor_is_refused(client: AsyncWebClient) -> None:
    with pytest.raises(SlackApiError, match="invalid_cursor"):
        await client.users_list(cursor="somewhere")
