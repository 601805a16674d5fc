from __future__ import annotations

import asyncio
import hashlib
import hmac
import io
import json
import logging
from collections.abc import AsyncIterator, Iterator, Mapping
from urllib.parse import urlencode

import aiohttp
import pytest

from bot import log
from bot.clock import SystemClock
from tests.scenarios.office import Story, telling

TEXT = "相談の経過"
NOW = str(int(SystemClock().now().timestamp()))


@pytest.fixture
async def story(sqlite_url: str) -> AsyncIterator[Story]:
    async with telling(sqlite_url, way="http") as told:
        yield told


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    before, stream = list(root.handlers), io.StringIO()
    log.setup("DEBUG", stream)
    yield stream
    root.handlers[:] = before


async def post(
    story: Story, body: bytes, headers: Mapping[str, str], path: str = "/slack/events"
) -> int:
    url = f"http://127.0.0.1:{story.bot.port}{path}"
    async with (
        aiohttp.ClientSession() as session,
        session.post(url, data=io.BytesIO(body), headers=headers) as answer,
    ):
        return answer.status


def signed(story: Story, body: bytes, *, kind: str = "application/json") -> dict[str, str]:
    at = str(int(SystemClock().now().timestamp()))
    base = b":".join([b"v0", at.encode(), body])
    digest = hmac.new(story.slack.signing_secret.encode(), base, hashlib.sha256).hexdigest()
    return {
        "Content-Type": kind,
        "X-Slack-Request-Timestamp": at,
        "X-Slack-Signature": f"v0={digest}",
    }


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Slack-Signature": "v0=00", "X-Slack-Request-Timestamp": "0"},
        {"X-Slack-Signature": "v0=00", "X-Slack-Request-Timestamp": "yesterday"},
        {"X-Slack-Signature": "v0=é", "X-Slack-Request-Timestamp": "1"},
        {"X-Slack-Signature": f"v0={'é' * 64}", "X-Slack-Request-Timestamp": NOW},
        {"X-Slack-Signature": f"v0={'0' * 64}", "X-Slack-Request-Timestamp": NOW},
    ],
)
@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", TEXT.encode(), b"payload=%7B"])
async def test_what_slack_has_not_signed_is_refused_before_it_is_read(
    story: Story, lines: io.StringIO, headers: dict[str, str], body: bytes
) -> None:
    assert await post(story, body, {"Content-Type": "application/json", **headers}) == 401
    assert TEXT not in lines.getvalue()


@pytest.mark.parametrize("body", [b"{", b"[1, 2]", b'"x"', b"{" * 5000, b"\xff\xfe"])
async def test_a_signed_body_that_is_no_payload_is_refused(
    story: Story, lines: io.StringIO, body: bytes
) -> None:
    assert await post(story, body, signed(story, body)) in (400, 401, 404)
    assert "Traceback" not in lines.getvalue()


@pytest.mark.parametrize(
    "payload",
    [
        {"type": "block_actions"},
        {"type": "block_actions", "actions": []},
        {"type": "block_actions", "actions": [{"action_id": "answer:open", "value": TEXT}]},
        {"type": "view_submission", "view": {"callback_id": "checkin"}},
        {"type": "view_submission", "view": {"callback_id": "checkin", "blocks": 3, "state": []}},
        {"type": "view_submission", "view": None},
        {"type": "view_closed", "view": {"callback_id": TEXT}},
        {"type": "shortcut", "callback_id": TEXT},
        {"type": TEXT},
    ],
)
async def test_a_payload_with_parts_missing_changes_nothing_and_is_not_quoted(
    story: Story, lines: io.StringIO, payload: dict[str, object]
) -> None:
    body = urlencode({"payload": json.dumps({**payload, "user": {"id": "U"}})}).encode()

    status = await post(story, body, signed(story, body, kind="application/x-www-form-urlencoded"))

    assert status < 500
    assert TEXT not in lines.getvalue()
    assert await story.check_in() is None


async def test_a_request_that_is_too_large_is_refused(story: Story) -> None:
    body = b"x" * (5 * 1024 * 1024)

    assert await post(story, body, signed(story, body)) == 413


async def test_what_says_that_it_is_too_large_is_refused_before_it_comes(story: Story) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", story.bot.port)
    lines = [
        "POST /slack/events HTTP/1.1",
        "Host: localhost",
        *(f"{name}: {value}" for name, value in signed(story, b"").items()),
        f"Content-Length: {5 * 1024 * 1024}",
    ]
    writer.write("\r\n".join([*lines, "", ""]).encode())

    assert await reader.readline() == b"HTTP/1.1 413 Request Entity Too Large\r\n"
    writer.close()


async def test_what_is_not_signed_is_refused_before_its_body_comes(story: Story) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", story.bot.port)
    writer.write(b"POST /slack/events HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n")

    assert await reader.readline() == b"HTTP/1.1 401 Unauthorized\r\n"
    writer.close()


async def test_a_request_that_comes_again_is_refused(story: Story) -> None:
    body = urlencode({"command": "/kaikaku", "user_id": "U1", "trigger_id": "1.2"}).encode()
    headers = signed(story, body, kind="application/x-www-form-urlencoded")

    assert await post(story, body, headers) == 200
    assert await post(story, body, headers) == 401


@pytest.mark.parametrize("command", ["/other", "kaikaku", "/KAIKAKU"])
async def test_a_command_that_is_not_ours_is_refused(story: Story, command: str) -> None:
    body = urlencode({"command": command, "user_id": "U1", "trigger_id": "1.2"}).encode()

    kind = "application/x-www-form-urlencoded"
    assert await post(story, body, signed(story, body, kind=kind)) == 404


async def test_other_paths_and_other_methods_are_not_there(story: Story) -> None:
    url = f"http://127.0.0.1:{story.bot.port}"
    async with aiohttp.ClientSession() as session:
        for path, status in (("/", 404), ("/slack/install", 404), ("/slack/events", 405)):
            async with session.get(url + path) as answer:
                assert answer.status == status
