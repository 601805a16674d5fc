"""Item 6: a stack of three views per person, hashes, and view_closed only where asked for."""

from __future__ import annotations

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from playground import NotOnScreen, Outcome, SlackStandIn, User
from tests.playground.bolt import WAYS, connected, over_http
from tests.playground.samples import actions, button, modal, section, text_input
from tests.playground.story import send_letter, with_desk

STACKABLE = modal(actions(button("次へ")), title="一つ目")


@pytest.mark.parametrize("way", WAYS)
async def test_three_views_fit_on_a_stack(slack: SlackStandIn, hanako: User, way: str) -> None:
    app, _ = with_desk(slack, view=STACKABLE)
    async with connected(slack, app, way):
        first = await slack.as_user(hanako).click(await send_letter(slack, hanako), "入力する")
        second = await first.click("次へ")
        third = await second.click("次へ")
        # A listener that raises right after its ack loses the ack (Bolt): do not wait for it.
        slack.deliveries.ack_seconds = 0.05
        await third.press("次へ")
        refused = await slack.wait_until(lambda: slack.calls("views.push")[2:])
        await slack.wait_until(lambda: refused[0].outcome != "pending")

    assert refused[0].outcome == "push_limit_reached"
    assert third.view["root_view_id"] == first.id
    assert third.view["previous_view_id"] == second.id


async def test_a_hidden_view_cannot_be_used(slack: SlackStandIn, hanako: User) -> None:
    app, _ = with_desk(slack, view=STACKABLE)
    async with over_http(slack, app):
        first = await slack.as_user(hanako).click(await send_letter(slack, hanako), "入力する")
        second = await first.click("次へ")

        with pytest.raises(NotOnScreen):
            await first.submit()
        await second.submit()
        await first.submit()

    assert not first.is_open


async def test_a_stale_hash_is_a_conflict(
    slack: SlackStandIn, client: AsyncWebClient, hanako: User
) -> None:
    app, _ = with_desk(slack)
    async with over_http(slack, app):
        seen = await slack.as_user(hanako).click(await send_letter(slack, hanako), "入力する")
    stale = seen.view["hash"]

    await client.views_update(view_id=seen.id, hash=stale, view=modal(title="二つ目"))

    with pytest.raises(SlackApiError, match="hash_conflict"):
        await client.views_update(view_id=seen.id, hash=stale, view=modal(title="三つ目"))
    assert seen.title == "二つ目"


async def test_a_view_is_found_by_its_external_id_which_is_unique(
    slack: SlackStandIn, client: AsyncWebClient, hanako: User
) -> None:
    app, _ = with_desk(slack, view=modal(external_id="check-in-1"))
    taro = slack.add_user("佐藤 太郎")
    async with over_http(slack, app):
        seen = await slack.as_user(hanako).click(await send_letter(slack, hanako), "入力する")
        letter = await send_letter(slack, taro)
        slack.deliveries.ack_seconds = 0.05
        await slack.as_user(taro).press(letter, "入力する")
        refused = await slack.wait_until(lambda: slack.calls("views.open")[1:])
        await slack.wait_until(lambda: refused[0].outcome != "pending")

    await client.views_update(external_id="check-in-1", view=modal(title="更新"))
    assert seen.title == "更新"
    assert refused[0].outcome == "duplicate_external_id"


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("told", [True, False])
async def test_closing_is_told_only_where_the_view_asks_for_it(
    slack: SlackStandIn, hanako: User, way: str, told: bool
) -> None:
    view = modal(text_input(), section(), notify_on_close=told)
    app, desk = with_desk(slack, view=view)
    async with connected(slack, app, way):
        seen = await slack.as_user(hanako).click(await send_letter(slack, hanako), "入力する")
        await seen.fill("課題と改善策", "書きかけ")
        await seen.close()

    assert not seen.is_open
    assert len(desk.closed) == int(told)
    if told:
        assert desk.closed[0]["is_cleared"] is False
        assert desk.closed[0]["view"]["state"]["values"] == {}


async def test_the_cross_closes_the_whole_stack_and_names_its_root(
    slack: SlackStandIn, hanako: User
) -> None:
    app, desk = with_desk(slack, view={**STACKABLE, "notify_on_close": True})
    async with over_http(slack, app):
        first = await slack.as_user(hanako).click(await send_letter(slack, hanako), "入力する")
        second = await first.click("次へ")
        await second.close(all_views=True)

    assert slack.as_user(hanako).modal is None
    assert desk.closed[0]["is_cleared"] is True
    assert desk.closed[0]["view"]["id"] == first.id


@pytest.mark.parametrize("way", WAYS)
async def test_an_answer_can_close_clear_update_or_push(
    slack: SlackStandIn, hanako: User, way: str
) -> None:
    app, desk = with_desk(slack, view=modal(section()))
    async with connected(slack, app, way):
        seen = await slack.as_user(hanako).click(await send_letter(slack, hanako), "入力する")
        desk.answer = {"response_action": "update", "view": modal(title="次の項目")}
        updated = await seen.submit()
        title_after_update = seen.title
        desk.answer = {"response_action": "push", "view": modal(title="上の画面")}
        pushed = await seen.submit()
        top = await slack.as_user(hanako).wait_for_modal("上の画面")
        desk.answer = {}
        closed = await top.submit()
        desk.answer = {"response_action": "clear"}
        cleared = await seen.submit()

    assert title_after_update == "次の項目"
    outcomes = [updated.outcome, pushed.outcome, closed.outcome, cleared.outcome]
    assert outcomes == [Outcome.UPDATED, Outcome.PUSHED, Outcome.CLOSED, Outcome.CLOSED]
    assert slack.as_user(hanako).modal is None


async def test_errors_stand_under_their_fields(slack: SlackStandIn, hanako: User) -> None:
    app, desk = with_desk(slack)
    desk.answer = {"response_action": "errors", "errors": {"issues": "具体的に"}}
    async with over_http(slack, app):
        seen = await slack.as_user(hanako).click(await send_letter(slack, hanako), "入力する")
        await seen.fill("課題と改善策", "なし")
        result = await seen.submit()

    assert result.outcome is Outcome.ERRORS
    assert seen.error_under("課題と改善策") == "具体的に"
    assert seen.value_of("課題と改善策") == "なし"
    assert seen.is_open


async def test_errors_for_a_block_that_is_no_input_are_a_loud_failure(
    slack: SlackStandIn, hanako: User
) -> None:
    app, desk = with_desk(slack, view=modal(text_input(optional=True), section(block_id="s")))
    desk.answer = {"response_action": "errors", "errors": {"s": "ここではない"}}
    async with over_http(slack, app):
        seen = await slack.as_user(hanako).click(await send_letter(slack, hanako), "入力する")
        result = await seen.submit()

    assert result.outcome is Outcome.ERROR
    assert "invalid_errors" in (seen.trouble or "")


async def test_an_answer_with_a_view_beyond_the_limits_is_a_loud_failure(
    slack: SlackStandIn, hanako: User
) -> None:
    app, desk = with_desk(slack, view=modal())
    desk.answer = {"response_action": "update", "view": modal(title="あ" * 25)}
    async with over_http(slack, app):
        seen = await slack.as_user(hanako).click(await send_letter(slack, hanako), "入力する")
        result = await seen.submit()

    assert result.outcome is Outcome.ERROR
    assert "/view/title/text" in (result.error or "")


async def test_a_lost_connection_takes_the_modals_away_and_tells_the_app_nothing(
    slack: SlackStandIn, hanako: User
) -> None:
    app, desk = with_desk(slack, view=modal(text_input(), notify_on_close=True))
    async with over_http(slack, app):
        person = slack.as_user(hanako)
        seen = await person.click(await send_letter(slack, hanako), "入力する")
        person.lose_connection()

    assert not seen.is_open
    assert person.modal is None
    assert desk.closed == []
