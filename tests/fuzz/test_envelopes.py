"""Odd envelopes and payloads over Socket Mode: nothing comes of them, and the line stays open."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from typing import Any

from playground import Delivery
from playground.deliveries import Kind
from tests.fuzz.target import NEIGHBOUR, TYPED, Target, attacked

_ODD: tuple[Any, ...] = (None, 5, TYPED, [], [TYPED], {"id": 5}, {"": {"": TYPED}})
_UNANSWERED = 0.05  # seconds that the stand-in waits: what is refused gets no answer at all


async def test_a_payload_with_another_thing_for_a_part_does_no_harm(sqlite_url: str) -> None:
    async with attacked(sqlite_url, way="socket") as target:
        before = target.stored()
        target.story.slack.deliveries.ack_seconds = _UNANSWERED
        for kind, recorded in target.recorded.values():
            sent = [Delivery(kind, each) for each in _damaged(target.fresh(recorded))]
            await asyncio.gather(*map(target.story.slack.deliveries.send, sent))
        await target.story.bot.background.drain(5)

        assert target.stored() == before
        target.assert_quiet()
        await _still_answers(target)


async def test_an_envelope_of_any_shape_does_no_harm_and_breaks_no_line(sqlite_url: str) -> None:
    async with attacked(sqlite_url, way="socket") as target:
        before = target.stored()
        for connection in list(target.story.slack.sockets.connections):
            for text in _envelopes():
                await connection.socket.send_str(text)
        await _still_answers(target)

        assert target.stored() == before
        # The SDK says by itself what it can't take in: a word on it, and nothing of what it was.
        target.records.failures[:] = [
            each for each in target.records.failures if not each.name.startswith("slack_sdk")
        ]
        target.assert_quiet()


def _damaged(payload: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Without each part that tells who and what, and with something else in its place."""
    for key in ("user", "user_id", "actions", "view", "event", "command"):
        if key in payload:
            yield {name: value for name, value in payload.items() if name != key}
            yield from ({**payload, key: odd} for odd in _ODD)


def _envelopes() -> Iterator[str]:
    yield from ("", "x", "[]", "{", TYPED, '{"type": 5}', "[" * 100_000, '{"a":' * 5_000)
    for payload in (*_ODD, {}, {"type": "block_actions"}):
        for kind in ("interactive", "slash_commands", "events_api", TYPED, 5, None):
            yield json.dumps({"type": kind, "envelope_id": "e", "payload": payload})
    yield json.dumps({"type": "interactive", "envelope_id": {"x": TYPED}, "payload": {}})
    yield json.dumps({"type": "events_api", "payload": {}, "retry_attempt": TYPED})


async def _still_answers(target: Target) -> None:
    slack = target.story.slack
    slack.deliveries.ack_seconds = 3.0
    _, typed = target.recorded["command ヘルプ"]
    known = len(slack.ephemerals(slack.workspace.users[NEIGHBOUR]))

    ack = await slack.deliveries.send(Delivery(Kind.COMMAND, target.fresh(typed)))

    assert ack.ok
    await slack.wait_until(
        lambda: len(slack.ephemerals(slack.workspace.users[NEIGHBOUR])) > known, timeout=10
    )
