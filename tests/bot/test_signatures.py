from __future__ import annotations

import asyncio
import hashlib
import hmac
from datetime import timedelta

import pytest

from bot.clock import SetClock
from bot.signatures import Sealed, Signatures
from tests.scenarios.office import instant

SECRET = "0123456789abcdef"
NOW = instant("2026-09-10")


@pytest.fixture
def clock() -> SetClock:
    return SetClock(NOW)


@pytest.fixture
def signatures(clock: SetClock) -> Signatures[str]:
    return Signatures(SECRET, clock=clock)


def headers(body: bytes = b"{}", *, ago: int = 0) -> dict[str, str]:
    at = str(int(NOW.timestamp()) - ago)
    digest = hmac.new(SECRET.encode(), b"v0:%b:%b" % (at.encode(), body), hashlib.sha256)
    return {"X-Slack-Request-Timestamp": at, "X-Slack-Signature": f"v0={digest.hexdigest()}"}


def sealed(signatures: Signatures[str], body: bytes = b"{}") -> Sealed:
    found = signatures.seal_of(headers(body))
    assert found is not None
    return found


def test_what_slack_has_signed_is_known_by_its_body(signatures: Signatures[str]) -> None:
    seal = sealed(signatures, b"\xff\x00{}")

    assert signatures.covers(seal, b"\xff\x00{}")
    assert not signatures.covers(seal, b"\xff\x00{ }")


@pytest.mark.parametrize("ago", [301, -301, 10**10])
def test_an_old_or_an_early_signature_is_none_whatever_the_body(
    signatures: Signatures[str], ago: int
) -> None:
    assert signatures.seal_of(headers(ago=ago)) is None
    assert signatures.seal_of(headers(ago=300 if ago > 0 else -300)) is not None


@pytest.mark.parametrize(
    "changes",
    [
        {"X-Slack-Signature": ""},
        {"X-Slack-Signature": "v0=é"},
        {"X-Slack-Signature": "v0=" + "é" * 64},
        {"X-Slack-Signature": "v1=" + "0" * 64},
        {"X-Slack-Signature": "v0=" + "0" * 65},
        {"X-Slack-Signature": "v0=" + "0" * 64 + "\n"},
        {"X-Slack-Request-Timestamp": ""},
        {"X-Slack-Request-Timestamp": "yesterday"},
        {"X-Slack-Request-Timestamp": "-1"},
        {"X-Slack-Request-Timestamp": "１７８９"},
        {"X-Slack-Request-Timestamp": "9" * 5000},
    ],
)
def test_headers_of_another_shape_are_no_signature(
    signatures: Signatures[str], changes: dict[str, str]
) -> None:
    assert signatures.seal_of({**headers(), **changes}) is None


async def test_the_same_request_again_is_refused_for_as_long_as_its_signature_holds(
    signatures: Signatures[str], clock: SetClock
) -> None:
    done = []

    async def work() -> str:
        done.append("once")
        return "answer"

    assert await signatures.once(sealed(signatures), work) == "answer"
    for seconds in (0, 299, 299):
        clock.instant += timedelta(seconds=seconds)
        assert await signatures.once(sealed_before(), work) is None
    assert await signatures.once(sealed_before(b"[]"), work) == "answer"
    assert done == ["once", "once"]


async def test_a_copy_that_comes_meanwhile_gets_the_answer_of_the_first(
    signatures: Signatures[str],
) -> None:
    gate, done = asyncio.Event(), []

    async def work() -> str:
        await gate.wait()
        done.append("once")
        return "answer"

    copies = [asyncio.ensure_future(signatures.once(sealed(signatures), work)) for _ in range(3)]
    await asyncio.sleep(0)
    gate.set()

    assert await asyncio.gather(*copies) == ["answer"] * 3
    assert done == ["once"]


async def test_what_no_longer_holds_is_forgotten(
    signatures: Signatures[str], clock: SetClock
) -> None:
    async def work() -> str:
        return "answer"

    await signatures.once(sealed_before(), work)
    clock.instant += timedelta(seconds=601)
    await signatures.once(sealed_before(b"[]"), work)

    assert len(signatures._seen) == 1


def sealed_before(body: bytes = b"{}") -> Sealed:
    sent = headers(body)
    return Sealed(sent["X-Slack-Request-Timestamp"], sent["X-Slack-Signature"])
