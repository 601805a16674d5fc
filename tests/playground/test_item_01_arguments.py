"""Item 1: GET, query-in-POST, form, JSON and multipart are all merged."""

from __future__ import annotations

import json
from typing import Any

import aiohttp
import pytest

from playground import SlackStandIn, User
from tests.playground.samples import section

BLOCKS = json.dumps([section()], ensure_ascii=False)


def _multipart(fields: dict[str, str]) -> aiohttp.MultipartWriter:
    writer = aiohttp.MultipartWriter("form-data")
    for name, value in fields.items():
        writer.append(value).set_content_disposition("form-data", name=name)
    return writer


@pytest.mark.parametrize("carrier", ["get", "query in post", "form", "json", "multipart"])
async def test_arguments_count_wherever_they_are_put(
    slack: SlackStandIn, hanako: User, carrier: str
) -> None:
    fields = {"channel": hanako.id, "text": "通知", "blocks": BLOCKS}
    sent: dict[str, dict[str, Any]] = {
        "get": {"method": "GET", "params": fields},
        "query in post": {"method": "POST", "params": fields},
        "form": {"method": "POST", "data": fields},
        "json": {"method": "POST", "json": {**fields, "blocks": [section()]}},
        "multipart": {"method": "POST", "data": _multipart(fields)},
    }

    async with aiohttp.ClientSession() as session:
        headers = {"Authorization": f"Bearer {slack.bot_token}"}
        call = session.request(
            url=f"{slack.api_url}chat.postMessage", headers=headers, **sent[carrier]
        )
        async with call as response:
            answer = await response.json()

    assert answer["ok"], answer
    assert slack.messages(hanako)[0].blocks[0]["text"]["text"] == "窓口の待ち時間"


async def test_query_and_body_are_merged(slack: SlackStandIn, hanako: User) -> None:
    async with aiohttp.ClientSession() as session:
        query = {"channel": hanako.id, "token": slack.bot_token}
        url = f"{slack.api_url}chat.postMessage"
        async with session.post(url, params=query, json={"text": "通知"}) as response:
            assert (await response.json())["ok"]

    call = slack.calls("chat.postMessage")[0]
    assert call.args == {"channel": hanako.id, "text": "通知"}
