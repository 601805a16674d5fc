"""Item 7: state.values holds every element, initial values included, each under its key."""

from __future__ import annotations

from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from playground import SlackStandIn, User
from tests.playground.bolt import WAYS, connected, over_http
from tests.playground.samples import Json, actions, home, modal, option, plain, radio, text_input
from tests.playground.story import send_letter, with_desk

NORTH, SOUTH = option("北"), option("南")
OPTIONS = [NORTH, SOUTH]


def _input(kind: str, **element: Any) -> Json:
    inner = {"type": kind, "action_id": "a", **element}
    return {
        "type": "input",
        "block_id": kind,
        "label": plain(kind),
        "optional": True,
        "element": inner,
    }


FILLED: dict[str, tuple[Json, Json]] = {
    "plain_text_input": ({"initial_value": "あ"}, {"value": "あ"}),
    "number_input": ({"is_decimal_allowed": False, "initial_value": "3"}, {"value": "3"}),
    "email_text_input": ({"initial_value": "a@b.jp"}, {"value": "a@b.jp"}),
    "radio_buttons": ({"options": OPTIONS, "initial_option": NORTH}, {"selected_option": NORTH}),
    "static_select": ({"options": OPTIONS, "initial_option": SOUTH}, {"selected_option": SOUTH}),
    "multi_static_select": (
        {"options": OPTIONS, "initial_options": [SOUTH]},
        {"selected_options": [SOUTH]},
    ),
    "external_select": ({"initial_option": SOUTH}, {"selected_option": SOUTH}),
    "checkboxes": ({"options": OPTIONS, "initial_options": [NORTH]}, {"selected_options": [NORTH]}),
    "datepicker": ({"initial_date": "2027-06-10"}, {"selected_date": "2027-06-10"}),
    "timepicker": ({"initial_time": "09:30"}, {"selected_time": "09:30"}),
    "datetimepicker": (
        {"initial_date_time": 1_800_000_000},
        {"selected_date_time": 1_800_000_000},
    ),
    "users_select": ({"initial_user": "U1"}, {"selected_user": "U1"}),
    "multi_users_select": ({"initial_users": ["U1"]}, {"selected_users": ["U1"]}),
    "conversations_select": ({"initial_conversation": "C1"}, {"selected_conversation": "C1"}),
    "channels_select": ({"initial_channel": "C1"}, {"selected_channel": "C1"}),
}
LISTS = {"checkboxes", "multi_static_select", "multi_users_select"}


def _bare(kind: str) -> Json:
    kept = ("options", "is_decimal_allowed")
    return _input(kind, **{k: v for k, v in FILLED[kind][0].items() if k in kept})


@pytest.mark.parametrize("way", WAYS)
async def test_untouched_inputs_are_submitted_with_their_initial_values(
    slack: SlackStandIn, hanako: User, way: str
) -> None:
    view = modal(*(_input(kind, **initial) for kind, (initial, _) in FILLED.items()))
    app, desk = with_desk(slack, view=view)
    async with connected(slack, app, way):
        seen = await slack.as_user(hanako).click(await send_letter(slack, hanako), "入力する")
        await seen.submit()

    expected = {kind: {"a": {"type": kind, **entry}} for kind, (_, entry) in FILLED.items()}
    assert desk.last_values == expected


async def test_untouched_inputs_without_initial_values_are_null(
    slack: SlackStandIn, hanako: User
) -> None:
    app, desk = with_desk(slack, view=modal(*(_bare(kind) for kind in FILLED)))
    async with over_http(slack, app):
        seen = await slack.as_user(hanako).click(await send_letter(slack, hanako), "入力する")
        await seen.submit()

    for kind, (_, entry) in FILLED.items():
        (key,) = entry
        assert desk.last_values[kind]["a"] == {"type": kind, key: [] if kind in LISTS else None}


async def test_a_block_action_carries_the_whole_state(slack: SlackStandIn, hanako: User) -> None:
    view = modal(text_input(optional=True), radio(dispatch_action=True))
    app, desk = with_desk(slack, view=view)
    async with over_http(slack, app):
        seen = await slack.as_user(hanako).click(await send_letter(slack, hanako), "入力する")
        await seen.fill("課題と改善策", "書きかけ")
        await seen.choose("目標の達成見込み", "②")

    values = desk.acted[0]["view"]["state"]["values"]
    assert values["issues"]["text"]["value"] == "書きかけ"
    assert values["outlook"]["choice"]["selected_option"]["value"] == "②"


async def test_what_was_typed_stays_over_an_update_with_the_same_ids(
    slack: SlackStandIn, client: AsyncWebClient, hanako: User
) -> None:
    app, _ = with_desk(slack)
    async with over_http(slack, app):
        seen = await slack.as_user(hanako).click(await send_letter(slack, hanako), "入力する")
    await seen.fill("課題と改善策", "打ちかけ")

    await client.views_update(
        view_id=seen.id, view=modal(text_input("課題と改善策(必須)", initial_value="別の文"))
    )
    assert seen.value_of("課題と改善策(必須)") == "打ちかけ"

    new = modal(text_input(block_id="next", initial_value="次の文"))
    await client.views_update(view_id=seen.id, view=new)
    assert seen.value_of("課題と改善策") == "次の文"


async def test_a_cleared_text_is_null(slack: SlackStandIn, hanako: User) -> None:
    app, desk = with_desk(slack, view=modal(text_input(optional=True, initial_value="前の文")))
    async with over_http(slack, app):
        seen = await slack.as_user(hanako).click(await send_letter(slack, hanako), "入力する")
        await seen.fill("課題と改善策", "")
        await seen.submit()

    assert desk.last_values["issues"]["text"]["value"] is None


async def test_elements_outside_input_blocks_are_in_the_state_too(
    slack: SlackStandIn, client: AsyncWebClient, hanako: User
) -> None:
    app, desk = with_desk(slack)
    select = {"type": "static_select", "action_id": "choice", "options": OPTIONS}
    async with over_http(slack, app):
        await client.views_publish(
            user_id=hanako.id, view=home({**actions(select), "block_id": "w"})
        )
        home_tab = slack.as_user(hanako).home
        assert home_tab is not None
        await home_tab.choose("w", "南")

    action = desk.acted[0]["actions"][0]
    assert action["selected_option"] == SOUTH
    assert desk.acted[0]["view"]["state"]["values"]["w"]["choice"]["selected_option"] == SOUTH
