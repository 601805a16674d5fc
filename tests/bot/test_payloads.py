from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qsl, quote

import pytest

from bot.payloads import is_whole, read_body

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
PERSON = {"user": {"id": "U1", "team_id": "T1"}, "team": {"id": "T1"}}
VIEW = {"id": "V1", "type": "modal", "callback_id": "checkin", "state": {"values": {}}}
PRESSED = {
    **PERSON,
    "type": "block_actions",
    "trigger_id": "1.2",
    "actions": [{"action_id": "answer:open", "value": "1:2", "action_ts": "1.5"}],
}
SUBMITTED = {**PERSON, "type": "view_submission", "view": VIEW}
SEARCHED = {
    **PERSON,
    "type": "block_suggestion",
    "action_id": "lineage:search",
    "value": "見守り",
    "view": VIEW,
}
TYPED = {"command": "/kaikaku", "user_id": "U1", "team_id": "T1", "trigger_id": "1.2", "text": ""}
TOLD = {"type": "event_callback", "team_id": "T1", "event": {"type": "message", "user": "U1"}}


@pytest.mark.parametrize("payload", [PRESSED, SUBMITTED, SEARCHED, TYPED, TOLD])
def test_what_slack_sends_is_whole(payload: dict[str, Any]) -> None:
    assert is_whole(payload)


@pytest.mark.parametrize(
    ("payload", "changes"),
    [
        (PRESSED, {"type": "no such thing"}),
        (PRESSED, {"type": ["block_actions"]}),
        (PRESSED, {"user": None}),
        (PRESSED, {"user": "U1"}),
        (PRESSED, {"user": {"id": 5}}),
        (PRESSED, {"user": {"id": "U\ud800"}}),
        (PRESSED, {"user": {"id": "U 1"}}),
        (PRESSED, {"user": {"id": "U1", "team_id": ["T1"]}}),
        (PRESSED, {"team": 5}),
        (PRESSED, {"team": "T1"}),
        (PRESSED, {"enterprise": 1.5}),
        (PRESSED, {"actions": []}),
        (PRESSED, {"actions": {}}),
        (PRESSED, {"actions": ["answer:open"]}),
        (PRESSED, {"actions": [{"action_id": 3}]}),
        (PRESSED, {"actions": [{"action_id": "a", "value": 3}]}),
        (PRESSED, {"actions": [{"action_id": "a", "text": "入力する"}]}),
        (PRESSED, {"actions": [{"action_id": "a", "action_ts": "inf"}]}),
        (PRESSED, {"actions": [{"action_id": "a", "action_ts": 1.5}]}),
        (PRESSED, {"trigger_id": {}}),
        (PRESSED, {"response_urls": None}),
        (PRESSED, {"response_url": 3}),
        (PRESSED, {"view": "V1"}),
        (PRESSED, {"view": {"type": "modal"}}),
        (SUBMITTED, {"view": {"id": "V1", "callback_id": "checkin"}}),
        (SUBMITTED, {"view": {"id": "V1", "type": "modal"}}),
        (PRESSED, {"container": "message"}),
        (PRESSED, {"message": []}),
        (SUBMITTED, {"view": None}),
        (SUBMITTED, {"view": {**VIEW, "blocks": {"type": "input"}}}),
        (SUBMITTED, {"view": {**VIEW, "blocks": [None]}}),
        (SUBMITTED, {"view": {**VIEW, "blocks": [{"type": "input", "element": "text"}]}}),
        (SUBMITTED, {"view": {**VIEW, "state": []}}),
        (SUBMITTED, {"view": {**VIEW, "state": {"values": {"b": {"a": "text"}}}}}),
        (SUBMITTED, {"view": {**VIEW, "private_metadata": {"r": 1}}}),
        (SUBMITTED, {"view": {**VIEW, "submit": "送る"}}),
        (SEARCHED, {"action_id": None}),
        (SEARCHED, {"value": 3}),
        (SEARCHED, {"view": "V1"}),
        (TYPED, {"command": 3}),
        (TYPED, {"user_id": ""}),
        (TYPED, {"text": ["状況"]}),
        (TOLD, {"event": None}),
        (TOLD, {"event": {"type": 3}}),
        (TOLD, {"event": {"type": "message", "user": 3}}),
        (TOLD, {"event": {"type": "user_change", "user": "U1"}}),
        (TOLD, {"event": {"type": "app_home_opened"}}),
        (TOLD, {"event": {"type": "message", "message": {"message": "text"}}}),
        (TOLD, {"authorizations": [None]}),
        (TOLD, {"authorizations": {"team_id": "T1"}}),
    ],
)
def test_what_lacks_a_part_or_has_another_in_its_place_is_not(
    payload: dict[str, Any], changes: dict[str, Any]
) -> None:
    assert not is_whole({**payload, **changes})


@pytest.mark.parametrize("payload", [None, [], "x", 3, {}])
def test_what_is_no_object_with_a_type_is_no_payload(payload: object) -> None:
    assert not is_whole(payload)


def test_what_lies_within_itself_too_often_is_not_followed() -> None:
    event: dict[str, Any] = {"type": "message"}
    for _ in range(500):
        event = {"type": "message", "event": event}

    assert not is_whole({**TOLD, "event": event})


def test_a_body_is_read_as_json_or_as_a_form_that_may_hold_json() -> None:
    packed = f"payload={quote(json.dumps(SUBMITTED))}"

    assert read_body(json.dumps(TOLD).encode(), JSON) == TOLD
    assert read_body(packed.encode(), FORM) == SUBMITTED
    assert read_body(b"command=%2Fkaikaku&text=a+b&empty=", FORM) == {
        "command": "/kaikaku",
        "text": "a b",
        "empty": "",
    }


@pytest.mark.parametrize(
    "text",
    [
        "text=%E3%81%82%E3%82%84+%22a%22%0A&text=later",
        "text=100%&user_name=50%25%2541",
        "text=%zz%4&=nameless&&bare",
        "text=\\n%5Cx41\\x41\\u3042",
        "text=%FF%E3%81",
        "text=あ%E3%81%84",
    ],
)
def test_a_form_is_read_as_python_reads_it(text: str) -> None:
    assert read_body(text.encode(), FORM) == dict(parse_qsl(text, keep_blank_values=True))


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"{", JSON),
        (b"", JSON),
        (b"\xff\xfe", FORM),
        (b"payload=", FORM),
        (b"payload=%7B", FORM),
        (b"[" * 100_000, JSON),
        (b"payload=" + b"%5B" * 100_000, FORM),
        (b'{"a": NaN}', JSON),
        (b'{"a": -Infinity}', JSON),
        (b'{"a": ' + b"9" * 5000 + b"}", JSON),
        (b"&".join(b"a%d=1" % number for number in range(200)), FORM),
    ],
)
def test_a_body_that_is_neither_is_refused(body: bytes, kind: str) -> None:
    with pytest.raises((ValueError, RecursionError)):
        read_body(body, kind)
