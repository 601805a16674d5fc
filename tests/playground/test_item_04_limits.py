"""Item 4: every message and view is checked strictly against the published limits."""

from __future__ import annotations

from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from playground import SlackRefusal, SlackStandIn, User
from playground.surfaces import check_message, check_view
from tests.playground.samples import (
    actions,
    button,
    home,
    modal,
    option,
    plain,
    radio,
    section,
    text_input,
)

Json = dict[str, Any]


def _select(**more: Any) -> Json:
    element = {"type": "static_select", "action_id": "s", "options": [option("北"), option("南")]}
    return actions({**element, **more})


def _confirm(**more: Any) -> Json:
    parts = {"title": plain("確認"), "text": plain("よろしいですか"), "confirm": plain("はい")}
    return {**parts, "deny": plain("いいえ"), **more}


def _datepicker(day: str) -> Json:
    return actions({"type": "datepicker", "action_id": "d", "initial_date": day})


def _context(*texts: str) -> Json:
    return {"type": "context", "elements": [plain(text) for text in texts]}


def _rich_text(part: Json) -> Json:
    section_of_it = {"type": "rich_text_section", "elements": [part]}
    return {"type": "rich_text", "elements": [section_of_it]}


GOOD_MESSAGES: dict[str, list[Json]] = {
    "a section at its limit": [section("あ" * 3000)],
    "fifty blocks": [section("あ")] * 50,
    "a button at its limits": [actions(button("あ" * 75, value="v" * 2000, style="primary"))],
    "an accessory": [section(accessory=button())],
    "ten fields": [{"type": "section", "fields": [plain("あ" * 1000)] * 10}],
    "a select that starts with an option": [_select(initial_option=option("北"))],
    "a question before a deed": [actions(button(confirm=_confirm()))],
    "an input": [text_input(max_length=3000, initial_value="あ")],
    "a date": [_datepicker("2027-06-10")],
    "rich text": [_rich_text({"type": "text", "text": "<!channel>"})],
    "a table": [{"type": "table", "rows": [[{"type": "raw_text", "text": "項目"}]]}],
}

BAD_MESSAGES: dict[str, tuple[list[Json], str]] = {
    "section too long": ([section("あ" * 3001)], "/blocks/0/text/text"),
    "section empty": ([section("")], "/blocks/0/text/text"),
    "section with nothing": ([{"type": "section"}], "/blocks/0"),
    "fifty-one blocks": ([section("あ")] * 51, "/blocks"),
    "field too long": ([{"type": "section", "fields": [plain("あ" * 2001)]}], "/fields/0/text"),
    "eleven fields": ([{"type": "section", "fields": [plain("あ")] * 11}], "/fields"),
    "header too long": ([{"type": "header", "text": plain("あ" * 151)}], "/text/text"),
    "header in mrkdwn": (
        [{"type": "header", "text": {"type": "mrkdwn", "text": "あ"}}],
        "/blocks/0/text/type",
    ),
    "context with eleven": ([_context(*"あ" * 11)], "/elements"),
    "actions with twenty-six": (
        [actions(*[button(action_id=f"a{n}") for n in range(26)])],
        "/elements",
    ),
    "button text too long": ([actions(button("あ" * 76))], "/elements/0/text/text"),
    "button text in mrkdwn": (
        [actions({**button(), "text": {"type": "mrkdwn", "text": "あ"}})],
        "/elements/0/text/type",
    ),
    "button value too long": ([actions(button(value="v" * 2001))], "/elements/0/value"),
    "button style unknown": ([actions(button(style="default"))], "/elements/0/style"),
    "action_id too long": ([actions(button(action_id="a" * 256))], "/elements/0/action_id"),
    "action_id twice in a block": ([actions(button(), button("見る"))], "/blocks/0"),
    "block_id twice": ([section(block_id="b"), section(block_id="b")], "/blocks"),
    "block_id too long": ([section(block_id="b" * 256)], "/blocks/0/block_id"),
    "unknown block": ([{"type": "fireworks"}], "/blocks/0/type"),
    "unknown key": ([section(color="red")], "/blocks/0/color"),
    "unknown element": ([actions({"type": "lever", "action_id": "a"})], "/elements/0/type"),
    "text input among actions": (
        [actions({"type": "plain_text_input", "action_id": "a"})],
        "/elements/0/type",
    ),
    "option text too long": ([_select(options=[option("あ" * 76)])], "/options/0/text/text"),
    "option value too long": ([_select(options=[option("あ", "v" * 151)])], "/options/0/value"),
    "a hundred and one options": (
        [_select(options=[option("あ", str(n)) for n in range(101)])],
        "/options",
    ),
    "same value twice": ([_select(options=[option("北", "x"), option("南", "x")])], "/options"),
    "start not among options": ([_select(initial_option=option("東"))], "/initial_option"),
    "options and groups": (
        [_select(option_groups=[{"label": plain("区"), "options": [option("北")]}])],
        "/elements/0",
    ),
    "placeholder too long": ([_select(placeholder=plain("あ" * 151))], "/placeholder/text"),
    "confirm title too long": (
        [actions(button(confirm=_confirm(title=plain("あ" * 101))))],
        "/confirm/title/text",
    ),
    "confirm text too long": (
        [actions(button(confirm=_confirm(text=plain("あ" * 301))))],
        "/confirm/text/text",
    ),
    "confirm button too long": (
        [actions(button(confirm=_confirm(deny=plain("あ" * 31))))],
        "/confirm/deny/text",
    ),
    "no such date": ([_datepicker("2027-6-10")], "/initial_date"),
    "input too roomy": ([text_input(max_length=3001)], "/element/max_length"),
    "input starts too long": (
        [text_input(max_length=3, initial_value="ああああ")],
        "/element/initial_value",
    ),
    "input label in mrkdwn": (
        [{**text_input(), "label": {"type": "mrkdwn", "text": "あ"}}],
        "/label/type",
    ),
    "two elements with focus": (
        [text_input(focus_on_load=True), text_input(block_id="b", focus_on_load=True)],
        "/blocks",
    ),
    "rich text with an empty text": (
        [_rich_text({"type": "text", "text": ""})],
        "/elements/0/elements/0/text",
    ),
    "rich text of an unknown kind": (
        [_rich_text({"type": "smell"})],
        "/elements/0/elements/0/type",
    ),
    "a table with too much in it": (
        [{"type": "table", "rows": [[{"type": "raw_text", "text": "あ" * 6000}]] * 2}],
        "/blocks/0/rows",
    ),
    "alert outside a modal": ([{"type": "alert", "text": plain("あ")}], "/blocks/0/type"),
    "blocks that are no list": ({"type": "section"}, "/blocks"),  # type: ignore[dict-item]
}


@pytest.mark.parametrize("name", GOOD_MESSAGES)
def test_a_message_within_the_limits_is_taken(name: str) -> None:
    check_message(GOOD_MESSAGES[name])


@pytest.mark.parametrize("name", BAD_MESSAGES)
def test_a_message_beyond_a_limit_is_refused_with_a_pointer(name: str) -> None:
    blocks, pointer = BAD_MESSAGES[name]

    with pytest.raises(SlackRefusal) as refused:
        check_message(blocks)

    assert refused.value.code == "invalid_blocks"
    assert any(f"{pointer}]" in message for message in refused.value.messages), refused.value


ELEVEN = [option(str(n), str(n)) for n in range(11)]

BAD_MODALS: dict[str, tuple[Json, str]] = {
    "title too long": (modal(title="あ" * 25), "/view/title/text"),
    "submit too long": (modal(submit=plain("あ" * 25)), "/view/submit/text"),
    "close too long": (modal(close=plain("あ" * 25)), "/view/close/text"),
    "no title": ({k: v for k, v in modal().items() if k != "title"}, "/view/title"),
    "input without submit": (modal(text_input(), submit=None), "/view/submit"),
    "private_metadata too long": (modal(private_metadata="x" * 3001), "/view/private_metadata"),
    "callback_id too long": (modal(callback_id="x" * 256), "/view/callback_id"),
    "external_id too long": (modal(external_id="x" * 256), "/view/external_id"),
    "no blocks": ({**modal(), "blocks": []}, "/view/blocks"),
    "a hundred and one blocks": (modal(*[section()] * 101), "/view/blocks"),
    "unknown key": (modal(colour="red"), "/view/colour"),
    "eleven radio buttons": (
        modal({**radio(), "element": {**radio()["element"], "options": ELEVEN}}),
        "/element/options",
    ),
    "markdown in a modal": (modal({"type": "markdown", "text": "x"}), "/view/blocks/0/type"),
}


def test_a_modal_within_the_limits_is_taken() -> None:
    check_view(modal(text_input(), radio(), section(), title="あ" * 24), kind="modal")


@pytest.mark.parametrize("name", BAD_MODALS)
def test_a_modal_beyond_a_limit_is_refused_with_a_pointer(name: str) -> None:
    view, pointer = BAD_MODALS[name]

    with pytest.raises(SlackRefusal) as refused:
        check_view(view, kind="modal")

    assert refused.value.code == "invalid_arguments"
    assert any(f"{pointer}]" in message for message in refused.value.messages), refused.value


def test_a_view_of_more_than_250_kb_is_too_large() -> None:
    with pytest.raises(SlackRefusal, match="view_too_large"):
        check_view(modal(*[section("あ" * 3000)] * 30), kind="modal")


@pytest.mark.parametrize("key", ["submit", "close"])
async def test_a_home_tab_has_no_submit_or_close(
    client: AsyncWebClient, hanako: User, key: str
) -> None:
    with pytest.raises(SlackApiError) as refused:
        await client.views_publish(user_id=hanako.id, view=home(**{key: plain("送信")}))

    assert refused.value.response["error"] == "invalid_arguments"


async def test_refusals_reach_the_sdk_with_their_messages(
    slack: SlackStandIn, client: AsyncWebClient, hanako: User
) -> None:
    with pytest.raises(SlackApiError) as refused:
        await client.chat_postMessage(channel=hanako.id, text="通知", blocks=[section("")])

    answer = refused.value.response
    assert answer["error"] == "invalid_blocks"
    assert answer["response_metadata"]["messages"] == [
        "[ERROR] must be more than 0 characters [json-pointer:/blocks/0/text/text]"
    ]
    assert slack.messages(hanako) == []


async def test_blocks_that_are_too_long_together_are_refused(
    client: AsyncWebClient, hanako: User
) -> None:
    blocks = [section("あ" * 3000)] * 4 + [section("あ")]

    with pytest.raises(SlackApiError, match="msg_blocks_too_long"):
        await client.chat_postMessage(channel=hanako.id, text="通知", blocks=blocks)


async def test_an_update_of_more_than_4000_characters_is_refused(
    client: AsyncWebClient, hanako: User
) -> None:
    posted = await client.chat_postMessage(channel=hanako.id, text="あ" * 5000)

    with pytest.raises(SlackApiError, match="msg_too_long"):
        await client.chat_update(channel=posted["channel"], ts=posted["ts"], text="あ" * 4001)
