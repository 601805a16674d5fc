"""Item 9: buttons and dispatch_action work in messages, modals and on the Home tab."""

from __future__ import annotations

import pytest
from slack_bolt.async_app import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from playground import NotOnScreen, SlackStandIn, User
from tests.playground.bolt import WAYS, an_app, connected, over_http
from tests.playground.samples import Json, actions, button, home, modal, radio, section, text_input
from tests.playground.story import send_letter, with_desk


@pytest.mark.parametrize("way", WAYS)
async def test_a_button_in_a_message_tells_where_it_stands(
    slack: SlackStandIn, hanako: User, way: str
) -> None:
    app, desk = with_desk(slack)
    async with connected(slack, app, way):
        letter = await send_letter(slack, hanako, actions(button("済み", "note", value="12")))
        reply = await slack.as_user(hanako).press(letter, "済み")

    body = desk.acted[0]
    assert reply.ok
    assert body["actions"][0]["value"] == "12"
    assert body["container"]["message_ts"] == letter.ts
    assert body["channel"]["id"] == letter.channel
    assert body["message"]["ts"] == letter.ts
    assert body["user"]["id"] == hanako.id
    assert body["response_url"].startswith(slack.base_url)


async def test_a_button_is_found_near_the_text_it_belongs_to(
    slack: SlackStandIn, hanako: User
) -> None:
    app, desk = with_desk(slack)
    blocks = [
        section("待ち時間", accessory=button("済み", "note", value="1")),
        section("収納率", accessory=button("済み", "note", value="2")),
        section("広報"),
        actions(button("済み", "note", value="3")),
    ]
    async with over_http(slack, app):
        letter = await send_letter(slack, hanako, *blocks)
        assert letter.buttons == ["済み"] * 3
        for near in ("広報", "収納率", "待ち時間"):
            await slack.as_user(hanako).press(letter, "済み", near=near)
        await slack.as_user(hanako).press(letter, "済み", nth=1)

    assert [body["actions"][0]["value"] for body in desk.acted] == ["3", "2", "1", "2"]


async def test_a_button_that_an_update_took_away_cannot_be_pressed(
    slack: SlackStandIn, client: AsyncWebClient, hanako: User
) -> None:
    letter = await send_letter(slack, hanako)
    await client.chat_update(channel=letter.channel, ts=letter.ts, text="受け付けました")

    with pytest.raises(NotOnScreen):
        await slack.as_user(hanako).press(letter, "入力する")
    assert slack.messages(hanako)[0].blocks == ()


@pytest.mark.parametrize("way", WAYS)
async def test_choosing_tells_the_app_at_once_where_it_asked_for_it(
    slack: SlackStandIn, hanako: User, way: str
) -> None:
    quiet = radio("取組内容の実施見込み", block_id="quiet")
    app, desk = with_desk(slack, view=modal(radio(dispatch_action=True), quiet))
    async with connected(slack, app, way):
        seen = await slack.as_user(hanako).click(await send_letter(slack, hanako), "入力する")
        told = await seen.choose("目標の達成見込み", "②")
        untold = await seen.choose("取組内容の実施見込み", "①")

    assert told is not None
    assert untold is None
    assert [body["actions"][0]["block_id"] for body in desk.acted] == ["outlook"]
    assert desk.acted[0]["container"] == {"type": "view", "view_id": seen.id}
    assert desk.acted[0]["view"]["hash"] == seen.view["hash"]


@pytest.mark.parametrize(
    ("config", "enter", "told"),
    [
        (None, False, 0),
        (None, True, 1),
        (["on_character_entered"], False, 1),
        (["on_enter_pressed"], False, 0),
    ],
)
async def test_a_text_tells_the_app_as_its_config_says(
    slack: SlackStandIn, hanako: User, config: list[str] | None, enter: bool, told: int
) -> None:
    block = {**text_input(), "dispatch_action": True}
    if config:
        block["element"]["dispatch_action_config"] = {"trigger_actions_on": config}
    app, desk = with_desk(slack, view=modal(block))
    async with over_http(slack, app):
        seen = await slack.as_user(hanako).click(await send_letter(slack, hanako), "入力する")
        await seen.fill("課題と改善策", "人を増やす", enter=enter)

    assert len(desk.acted) == told


async def test_the_page_tells_of_characters_and_not_of_a_text_that_stayed_the_same(
    slack: SlackStandIn, hanako: User
) -> None:
    block = {**text_input(), "dispatch_action": True}
    block["element"]["dispatch_action_config"] = {"trigger_actions_on": ["on_character_entered"]}
    app, desk = with_desk(slack, view=modal(block))
    async with over_http(slack, app):
        seen = await slack.as_user(hanako).click(await send_letter(slack, hanako), "入力する")
        for text in ("人", "人", "人を増やす", "", ""):
            await seen.enter("issues", "text", text)

    assert [body["actions"][0]["value"] for body in desk.acted] == ["人", "人を増やす", None]


@pytest.mark.parametrize("way", WAYS)
async def test_the_home_tab_is_published_when_opened_and_its_buttons_open_modals(
    slack: SlackStandIn, hanako: User, way: str
) -> None:
    app, _ = with_desk(slack)

    @app.event("app_home_opened")
    async def opened(event: Json, client: AsyncWebClient) -> None:
        await client.views_publish(
            user_id=event["user"], view=home(section("担当"), actions(button()))
        )

    async with connected(slack, app, way):
        home_tab = await slack.as_user(hanako).open_home()
        again = await slack.as_user(hanako).open_home()
        seen = await home_tab.click("入力する")

    assert "担当" in home_tab.visible_text
    assert again.id == home_tab.id
    assert seen.title == "中間確認"


async def test_a_modal_is_seen_to_change_after_a_choice(slack: SlackStandIn, hanako: User) -> None:
    app = an_app(slack)
    view = modal(radio(dispatch_action=True), text_input(optional=True))

    @app.command("/kaikaku")
    async def command(ack: AsyncAck, body: Json, client: AsyncWebClient) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=view)

    @app.action("choice")
    async def choose(ack: AsyncAck, body: Json, client: AsyncWebClient) -> None:
        await ack()
        required = modal(radio(dispatch_action=True), text_input(optional=False))
        await client.views_update(
            view_id=body["view"]["id"], hash=body["view"]["hash"], view=required
        )

    async with over_http(slack, app):
        person = slack.as_user(hanako)
        await person.command("/kaikaku")
        seen = await person.wait_for_modal("中間確認")
        await seen.fill("課題と改善策", "打ちかけ")
        await seen.choose("目標の達成見込み", "②")
        await seen.until(lambda screen: screen.is_required("課題と改善策"))

    assert seen.value_of("課題と改善策") == "打ちかけ"
    assert seen.value_of("目標の達成見込み") == "② 達成できない見込み"


async def test_blocks_of_an_update_get_ids_like_those_of_a_new_message(
    slack: SlackStandIn, client: AsyncWebClient, hanako: User
) -> None:
    app, desk = with_desk(slack)
    async with over_http(slack, app):
        letter = await send_letter(slack, hanako, section())
        await client.chat_update(
            channel=letter.channel,
            ts=letter.ts,
            text="通知",
            blocks=[actions(button("見る", "note"))],
        )
        await slack.as_user(hanako).press(letter, "見る")

    assert desk.acted[0]["actions"][0]["block_id"]
