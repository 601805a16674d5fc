"""An external_select asks the app for options as somebody types, and holds what was chosen."""

from __future__ import annotations

import pytest
from slack_bolt.async_app import AsyncAck

from playground import NotOnScreen, SlackStandIn, User
from playground.errors import SlackRefusal
from playground.screen import Screen
from tests.playground.bolt import WAYS, connected, over_http
from tests.playground.samples import Json, modal, option, plain
from tests.playground.story import send_letter, with_desk

WARDS = ("北区", "北見区", "南区")


def _search(**element: object) -> Json:
    inner = {"type": "external_select", "action_id": "ward", "min_query_length": 1, **element}
    return {
        "type": "input",
        "block_id": "place",
        "label": plain("区"),
        "optional": True,
        "element": inner,
    }


async def _opened(slack: SlackStandIn, user: User) -> Screen:
    return await slack.as_user(user).click(await send_letter(slack, user), "入力する")


@pytest.mark.parametrize("way", WAYS)
async def test_what_is_typed_reaches_the_app_and_what_is_chosen_is_submitted(
    slack: SlackStandIn, hanako: User, way: str
) -> None:
    app, desk = with_desk(slack, view=modal(_search()))
    asked: list[Json] = []

    @app.options("ward")
    async def offer(ack: AsyncAck, body: Json) -> None:
        asked.append(body)
        found = [option(ward, ward) for ward in WARDS if body["value"] in ward]
        await ack(options=found)

    async with connected(slack, app, way):
        seen = await _opened(slack, hanako)
        assert await seen.suggested("区", "北") == ["北区", "北見区"]
        assert await seen.suggested("区", "東") == []
        await seen.choose("区", "北見区", typed="北")
        await seen.submit()

    chosen = {"type": "external_select", "selected_option": option("北見区", "北見区")}
    assert desk.last_values == {"place": {"ward": chosen}}
    first = asked[0]
    assert (first["type"], first["block_id"], first["value"]) == ("block_suggestion", "place", "北")
    assert first["view"]["callback_id"] == "check-in"
    assert "trigger_id" not in first


async def test_too_few_characters_ask_for_nothing(slack: SlackStandIn, hanako: User) -> None:
    view = modal(_search(min_query_length=2))
    app, _ = with_desk(slack, view=view)
    async with over_http(slack, app):
        seen = await _opened(slack, hanako)
        with pytest.raises(NotOnScreen):
            await seen.suggested("区", "北")


async def test_what_is_chosen_at_first_need_not_be_asked_for(
    slack: SlackStandIn, hanako: User
) -> None:
    view = modal(_search(initial_option=option("南区", "南区")))
    app, _ = with_desk(slack, view=view)
    async with over_http(slack, app):
        assert (await _opened(slack, hanako)).value_of("区") == "南区"


async def test_more_options_than_slack_takes_are_refused(slack: SlackStandIn, hanako: User) -> None:
    app, _ = with_desk(slack, view=modal(_search()))

    @app.options("ward")
    async def offer(ack: AsyncAck) -> None:
        await ack(options=[option(str(number), str(number)) for number in range(101)])

    async with over_http(slack, app):
        seen = await _opened(slack, hanako)
        with pytest.raises(SlackRefusal, match="invalid_options"):
            await seen.suggested("区", "1")
