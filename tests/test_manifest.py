"""The app manifests keep to Slack's limits, and ask for what the bot uses and no more."""

from __future__ import annotations

import copy
import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest

MANIFEST = Path(__file__).parent.parent / "manifest"
PLACEHOLDER = "https://kaikaku.example/slack/events"

SCOPES = {
    "commands",
    "chat:write",
    "im:write",
    "im:history",
    "users:read",
    "users:read.email",
    "files:read",
    "files:write",
}
EVENTS = {"app_home_opened", "message.im", "user_change"}


def _closed(required: list[str], **properties: object) -> dict[str, object]:
    """Slack refuses a key it does not know, at every level."""
    return {
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }


def _text(least: int, most: int, pattern: str = "") -> dict[str, object]:
    return {"type": "string", "minLength": least, "maxLength": most, "pattern": pattern}


_FLAG = {"type": "boolean"}
_URL = _text(1, 3500, "^https://")

# docs.slack.dev/reference/app-manifest: the parts that kaikaku uses, with their limits.
SCHEMA = _closed(
    ["display_information", "features", "oauth_config", "settings"],
    _metadata=_closed(
        ["major_version"], major_version={"enum": [1, 2]}, minor_version={"type": "integer"}
    ),
    display_information=_closed(
        ["name"],
        name=_text(1, 35),
        description=_text(1, 140),
        long_description=_text(175, 4000),
        background_color=_text(7, 7, "^#[0-9a-fA-F]{6}$"),
    ),
    features=_closed(
        ["app_home", "bot_user", "slash_commands"],
        app_home=_closed(
            [],
            home_tab_enabled=_FLAG,
            messages_tab_enabled=_FLAG,
            messages_tab_read_only_enabled=_FLAG,
        ),
        bot_user=_closed(["display_name"], display_name=_text(1, 80), always_online=_FLAG),
        slash_commands={
            "type": "array",
            "minItems": 1,
            "maxItems": 50,
            "items": _closed(
                ["command", "description"],
                command=_text(2, 32, "^/"),
                description=_text(1, 2000),
                usage_hint=_text(1, 1000),
                should_escape=_FLAG,
                url=_URL,
            ),
        },
    ),
    oauth_config=_closed(
        ["scopes"],
        scopes=_closed(["bot"], bot={"type": "array", "maxItems": 255, "uniqueItems": True}),
    ),
    settings=_closed(
        ["event_subscriptions", "interactivity", "socket_mode_enabled"],
        event_subscriptions=_closed(
            ["bot_events"],
            request_url=_URL,
            bot_events={"type": "array", "maxItems": 100, "uniqueItems": True},
        ),
        interactivity=_closed(
            ["is_enabled"], is_enabled=_FLAG, request_url=_URL, message_menu_options_url=_URL
        ),
        org_deploy_enabled=_FLAG,
        socket_mode_enabled=_FLAG,
        token_rotation_enabled=_FLAG,
    ),
)


def _manifest(mode: str) -> dict[str, Any]:
    text = (MANIFEST / f"{mode}.json").read_text(encoding="utf-8")
    manifest: dict[str, Any] = json.loads(text)
    return manifest


@pytest.fixture(params=["socket", "http"])
def manifest(request: pytest.FixtureRequest) -> dict[str, Any]:
    return _manifest(request.param)


def test_slack_takes_the_manifest_as_it_is(manifest: dict[str, Any]) -> None:
    jsonschema.validate(manifest, SCHEMA)


def test_a_manifest_with_an_unknown_key_is_refused(manifest: dict[str, Any]) -> None:
    manifest["features"]["app_home"]["agent_tab_enabled"] = True

    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(manifest, SCHEMA)


def test_the_bot_asks_for_these_scopes_and_no_others(manifest: dict[str, Any]) -> None:
    assert set(manifest["oauth_config"]["scopes"]) == {"bot"}
    assert set(manifest["oauth_config"]["scopes"]["bot"]) == SCOPES


def test_the_bot_hears_these_events_and_no_others(manifest: dict[str, Any]) -> None:
    assert set(manifest["settings"]["event_subscriptions"]["bot_events"]) == EVENTS


def test_people_can_write_to_the_bot_and_open_its_home(manifest: dict[str, Any]) -> None:
    assert manifest["features"]["app_home"] == {
        "home_tab_enabled": True,
        "messages_tab_enabled": True,
        "messages_tab_read_only_enabled": False,
    }
    assert manifest["features"]["bot_user"] == {"display_name": "kaikaku", "always_online": True}
    assert manifest["settings"]["interactivity"]["is_enabled"]


def test_there_is_one_command_and_it_is_described_in_japanese(manifest: dict[str, Any]) -> None:
    (command,) = manifest["features"]["slash_commands"]

    assert command["command"] == "/kaikaku"
    assert command["should_escape"] is False
    assert _is_japanese(command["description"])
    assert _is_japanese(command["usage_hint"])
    assert _is_japanese(manifest["display_information"]["description"])
    assert _is_japanese(manifest["display_information"]["long_description"])


def test_the_app_belongs_to_one_workspace_with_a_lasting_token(manifest: dict[str, Any]) -> None:
    assert manifest["settings"]["org_deploy_enabled"] is False
    assert manifest["settings"]["token_rotation_enabled"] is False


def test_socket_mode_has_no_address() -> None:
    assert _manifest("socket")["settings"]["socket_mode_enabled"] is True
    assert "url" not in json.dumps(_manifest("socket"))


def test_http_has_one_address_to_replace() -> None:
    text = (MANIFEST / "http.json").read_text(encoding="utf-8")

    assert _manifest("http")["settings"]["socket_mode_enabled"] is False
    assert re.findall(r"https?://[^\"]*", text) == [PLACEHOLDER] * 4


def test_the_two_modes_differ_in_mode_and_address_alone() -> None:
    assert _without_mode(_manifest("http")) == _without_mode(_manifest("socket"))


def _without_mode(manifest: dict[str, Any]) -> dict[str, Any]:
    rest = copy.deepcopy(manifest)
    del rest["settings"]["socket_mode_enabled"]
    for part in (
        *rest["features"]["slash_commands"],
        rest["settings"]["event_subscriptions"],
        rest["settings"]["interactivity"],
    ):
        part.pop("url", None)
        part.pop("request_url", None)
        part.pop("message_menu_options_url", None)
    return rest


def _is_japanese(text: str) -> bool:
    return bool(re.search(r"[\u3041-\u30fa]", text)) and not text.isascii()
