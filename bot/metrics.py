"""What is counted, for Prometheus: requests, submissions, refusals, Slack calls and letters.

Labels are words of ours, states and names of methods: never a person, a ward or a text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import aiohttp
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from bot.domain.letters import LetterState
from bot.services.vitals import Vitals
from bot.views.errors import UNAVAILABLE, UNEXPECTED, not_saved, still_saving

# An acknowledgement must reach Slack within 3 s: that bound stands out.
_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 1.5, 2.0, 3.0, 5.0)
_KINDS = {
    "block_actions": "action",
    "view_submission": "submission",
    "view_closed": "closed",
    "block_suggestion": "search",
    "event_callback": "event",
}
# What a person is told when it is not for what they have typed; as it stands in an answer's JSON.
_FAILURES = tuple(
    json.dumps(words).strip('"')
    for words in (
        UNAVAILABLE,
        UNEXPECTED,
        *(say(correcting=each) for say in (not_saved, still_saving) for each in (False, True)),
    )
)
_METHOD = re.compile(r"[a-zA-Z]+(\.[a-zA-Z]+)+")
_OK = re.compile(rb'^\s*\{\s*"ok"\s*:\s*(true|false)')


class Metrics:
    """The counts of one process since its start, in a registry of its own."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        known: dict[str, Any] = {"registry": self._registry}
        self._requests = Histogram(
            "kaikaku_request_seconds",
            "Time until a request from Slack was acknowledged",
            ["kind"],
            buckets=_SECONDS,
            **known,
        )
        self._submissions = Counter(
            "kaikaku_submissions", "Forms sent by people, by how they ended", ["outcome"], **known
        )
        self._refusals = Counter(
            "kaikaku_refusals", "Requests and forms that were refused", ["reason"], **known
        )
        self._calls = Counter(
            "kaikaku_slack_calls", "Calls to Slack's Web API", ["method", "outcome"], **known
        )
        self._letters = Gauge("kaikaku_letters", "Letters stored, by state", ["state"], **known)
        self._gauges = {
            name: Gauge(f"kaikaku_{name}", text, **known)
            for name, text in (
                ("letters_waiting", "Letters that are still to be sent"),
                ("oldest_letter_seconds", "Since when the oldest of them could have been sent"),
                ("sweep_lag_seconds", "Since when this process has not looked for what is due"),
                ("slack_connections", "Socket Mode connections that answer"),
            )
        }

    def note_request(
        self, body: Mapping[str, Any], seconds: float, status: int, answer: str
    ) -> None:
        """Count an answered request by its payload, and what became of it if it was a form."""
        kind = kind_of(body)
        self._requests.labels(kind).observe(seconds)
        if kind == "submission":
            outcome = _outcome(status, answer)
            self._submissions.labels(outcome).inc()
            if outcome == "refused":
                self.note_refusal("form")

    def note_refusal(self, reason: str) -> None:
        """Count what was not taken: ``unsigned``, ``replayed``, ``malformed``, ``unknown`` (a
        command that is not ours) or ``form``.
        """
        self._refusals.labels(reason).inc()

    def note_call(self, method: str, outcome: str) -> None:
        """Count a call to Slack: ``ok``, ``refused``, ``limited``, ``failed`` or ``dropped``."""
        self._calls.labels(method, outcome).inc()

    def page(self, vitals: Vitals | None, *, lag: float, connections: int) -> bytes:
        """What Prometheus reads. Without ``vitals`` nothing is claimed about letters."""
        unread = float("nan")
        for state in LetterState:
            number = vitals.letters.get(state.value, 0) if vitals else unread
            self._letters.labels(state.value).set(number)
        self._gauges["letters_waiting"].set(vitals.waiting if vitals else unread)
        self._gauges["oldest_letter_seconds"].set(vitals.oldest_seconds if vitals else unread)
        self._gauges["sweep_lag_seconds"].set(lag)
        self._gauges["slack_connections"].set(connections)
        return generate_latest(self._registry)

    def tracing(self) -> aiohttp.TraceConfig:
        """Counts every call that is made over a session, whichever client makes it."""
        trace = aiohttp.TraceConfig()
        trace.on_request_end.append(self._on_headers)
        trace.on_response_chunk_received.append(self._on_body)
        trace.on_request_exception.append(self._on_failure)
        return trace

    async def _on_headers(
        self,
        _session: aiohttp.ClientSession,
        context: SimpleNamespace,
        end: aiohttp.TraceRequestEndParams,
    ) -> None:
        status = end.response.status
        context.answered = status < 400
        if not context.answered:
            outcome = "limited" if status == 429 else "failed"
            self.note_call(_method(str(end.url.path)), outcome)

    async def _on_body(
        self,
        _session: aiohttp.ClientSession,
        context: SimpleNamespace,
        chunk: aiohttp.TraceResponseChunkReceivedParams,
    ) -> None:
        if getattr(context, "answered", False):
            context.answered = False  # once
            self.note_call(_method(str(chunk.url.path)), _said(chunk.chunk))

    async def _on_failure(
        self,
        _session: aiohttp.ClientSession,
        _context: SimpleNamespace,
        failure: aiohttp.TraceRequestExceptionParams,
    ) -> None:
        self.note_call(_method(str(failure.url.path)), "dropped")


def kind_of(body: Mapping[str, Any]) -> str:
    """What sort of request a payload is, in one of a few words."""
    if "command" in body:
        return "command"
    return _KINDS.get(str(body.get("type")), "other")


def _outcome(status: int, answer: str) -> str:
    if status != 200 or any(words in answer for words in _FAILURES):
        return "failed"
    says = json.loads(answer) if answer.startswith("{") else {}
    return "refused" if says.get("response_action") == "errors" else "accepted"


def _said(body: bytes) -> str:
    found = _OK.match(body)
    if found is None:
        return "failed"  # no word of Slack's: a proxy's page
    return "ok" if found[1] == b"true" else "refused"


def _method(path: str) -> str:
    """The Web API method of an address; anything else under one word, so that labels stay few."""
    last = path.rpartition("/")[2]
    return last if _METHOD.fullmatch(last) else "other"
