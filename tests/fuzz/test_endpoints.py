"""Anything at all, sent to everything that listens: refused, and nothing comes of it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.config import Settings
from tests.fuzz.attack import Attack, examples
from tests.fuzz.target import TYPED, Target

FORM = "application/x-www-form-urlencoded"
TYPES = (
    "application/json",
    FORM,
    "text/plain",
    "multipart/form-data; boundary=x",
    "application/json; charset=utf-16",
    "application/octet-stream",
    "",
)
BODIES = st.one_of(
    st.binary(max_size=200),
    st.text(max_size=100).map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(max_size=5) | st.just(TYPED),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=8), inner),
        max_leaves=10,
    ).map(lambda value: json.dumps(value).encode()),
    st.sampled_from(
        (
            b"payload=",
            b"payload=%7B",
            b"payload=null",
            b"payload=" + b"%5B" * 20_000,
            b"[" * 100_000,
            b'{"type":' + b"9" * 5000 + b"}",
            b'{"type": "url_verification"}',
            b'{"type": "event_callback", "event": {"type": "\\ud800"}}',
            b"ssl_check=1&token=x",
            b"command=%2Fkaikaku",
            b"command=%2Fkaikaku&user_id=U%00&trigger_id=1",
            f"payload={quote(TYPED)}".encode(),
            b"&".join(b"a=1" for _ in range(500)),
            b"\xff\xfe\x00",
        )
    ),
)


def _unsigned(target: Target, body: bytes) -> list[Mapping[str, str]]:
    right = target.signed(body)
    other = target.signed(body + b" ")
    at, signature = "x-slack-request-timestamp", "x-slack-signature"
    return [
        {},
        {at: right[at]},
        {signature: right[signature]},
        target.signed(body, ago=301),
        target.signed(body, ago=-301),
        {**right, signature: other[signature]},
        {**right, signature: right[signature].upper()},
        {**right, signature: right[signature][3:]},
        {**right, at: str(int(right[at]) + 1)},
        {**right, at: "nan"},
        {**right, signature: "v0=" + "é" * 64},
    ]


@examples(60)
@given(body=BODIES, kind=st.sampled_from(TYPES), forgery=st.integers(0, 10))
def test_what_slack_has_not_signed_gets_nowhere(
    attack: Attack, body: bytes, kind: str, forgery: int
) -> None:
    before = attack.target.stored()
    headers = {"Content-Type": kind, **_unsigned(attack.target, body)[forgery]}

    answer = attack.post(body, headers)

    assert answer.status == 401
    assert answer.shown.strip() == ""
    assert attack.target.stored() == before
    attack.target.assert_quiet()


@examples(100)
@given(body=BODIES, kind=st.sampled_from(TYPES))
def test_a_signed_body_of_any_shape_does_no_harm(attack: Attack, body: bytes, kind: str) -> None:
    before = attack.target.stored()

    answer = attack.post(body, {"Content-Type": kind, **attack.target.signed(body)})

    # 401: the same body has been signed within this very second, and has come already.
    assert answer.status in (200, 400, 401, 404)
    assert attack.target.stored() == before
    attack.target.assert_quiet()


@pytest.mark.parametrize("size", [4 * 1024 * 1024 + 1, 50 * 1024 * 1024])
def test_an_oversized_body_is_refused_at_once_and_not_taken(attack: Attack, size: int) -> None:
    async def send() -> bytes:
        port = attack.target.story.bot.port
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        headers = {"Host": "localhost", "Content-Length": str(size), **attack.target.signed(b"")}
        lines = [f"{name}: {value}" for name, value in headers.items()]
        writer.write("\r\n".join(["POST /slack/events HTTP/1.1", *lines, "", ""]).encode())
        writer.write(b"x" * 1000)
        async with asyncio.timeout(2):
            status = await reader.readline()
        writer.close()
        return status

    assert b" 413 " in attack.runner.run(send())


@examples(40)
@given(
    method=st.sampled_from(("GET", "POST", "PUT", "DELETE", "OPTIONS", "TRACE", "X" * 20, "é")),
    path=st.sampled_from(
        ("/healthz", "/metrics", "/slack/events", "/", "/%00", "/..%2f", "//", "/healthz/x")
    ),
    query=st.text(alphabet=st.characters(codec="ascii", exclude_categories=["Cc", "Zs"])),
    header=st.binary(max_size=30),
)
def test_no_request_to_any_path_makes_it_stumble(
    attack: Attack, method: str, path: str, query: str, header: bytes
) -> None:
    ports = (attack.target.story.bot.port, attack.target.story.bot.metrics_port)
    request = f"{method} {path}?{query} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-A: ".encode()

    async def send(port: int) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(request + header + b"\r\nContent-Length: 0\r\n\r\n")
        writer.write_eof()
        async with asyncio.timeout(5):
            answer = await reader.read()
        writer.close()
        return answer

    for port in ports:
        status = attack.runner.run(send(port)).partition(b"\r\n")[0]
        assert status == b"" or b" 500 " not in status
        assert not status or int(status.split()[1]) in (200, 400, 401, 404, 405, 501)
    attack.target.assert_quiet()


def test_settings_tell_no_secret_when_they_are_shown() -> None:
    secrets = ("xoxb-1", "a signing secret", "xapp-1", "postgresql://u:word@h/d")
    settings = Settings(
        bot_token=secrets[0],
        signing_secret=secrets[1],
        app_token=secrets[2],
        database_url=secrets[3],
    )

    for shown in (repr(settings), str(settings), f"{settings}"):
        assert not [secret for secret in secrets if secret in shown]
