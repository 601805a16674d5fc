"""What a process had sent before it was killed is heard, before anybody goes on without it."""

from __future__ import annotations

import socket
from urllib.parse import urlencode, urlsplit

from playground import SlackStandIn, User


def _send_and_die(slack: SlackStandIn, user: User) -> None:
    body = urlencode({"channel": user.id, "text": "お知らせ", "token": slack.bot_token})
    head = (
        f"POST /api/chat.postMessage HTTP/1.1\r\nHost: {urlsplit(slack.base_url).netloc}\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", urlsplit(slack.base_url).port)) as line:
        line.sendall((head + body).encode())


async def test_messages_of_the_dead_that_nobody_had_read_yet_arrive(
    slack: SlackStandIn, hanako: User
) -> None:
    _send_and_die(slack, hanako)
    assert slack.messages(hanako) == []

    await slack.server.hear_out()

    assert len(slack.calls("chat.postMessage")) == 1
    await slack.wait_until(lambda: slack.messages(hanako))
