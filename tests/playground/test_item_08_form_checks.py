"""Item 8: Slack's own form holds back what is empty or too long; the app is not told."""

from __future__ import annotations

import pytest

from playground import NotOnScreen, Outcome, SlackStandIn, User
from tests.playground.bolt import over_http
from tests.playground.samples import Json, modal, plain, radio, text_input
from tests.playground.story import send_letter, with_desk


def _typed(kind: str, **more: object) -> Json:
    element = {"type": kind, "action_id": "text", **more}
    return {"type": "input", "block_id": "issues", "label": plain("課題"), "element": element}


BLOCKED: dict[str, tuple[Json, str | None]] = {
    "empty": (text_input(), None),
    "nothing chosen": (radio("課題", block_id="issues"), None),
    "too long": (text_input(max_length=3), "ああああ"),
    "too long without a limit of its own": (text_input(), "あ" * 3001),
    "too short": (text_input(min_length=3), "ああ"),
    "no number": (_typed("number_input", is_decimal_allowed=False), "三"),
    "no address": (_typed("email_text_input"), "花子"),
}


@pytest.mark.parametrize("name", BLOCKED)
async def test_what_slack_would_hold_back_is_never_sent(
    slack: SlackStandIn, hanako: User, name: str
) -> None:
    block, text = BLOCKED[name]
    app, desk = with_desk(slack, view=modal(block))
    async with over_http(slack, app):
        seen = await slack.as_user(hanako).click(await send_letter(slack, hanako), "入力する")
        if text:
            await seen.fill("課題", text)
        result = await seen.submit()

    assert result.outcome is Outcome.BLOCKED
    assert seen.error_under("課題")
    assert desk.submitted == []
    assert seen.is_open


async def test_an_optional_field_may_stay_empty(slack: SlackStandIn, hanako: User) -> None:
    app, desk = with_desk(slack, view=modal(text_input(optional=True)))
    async with over_http(slack, app):
        seen = await slack.as_user(hanako).click(await send_letter(slack, hanako), "入力する")
        result = await seen.submit()

    assert result.outcome is Outcome.CLOSED
    assert len(desk.submitted) == 1


async def test_a_corrected_field_goes_through(slack: SlackStandIn, hanako: User) -> None:
    app, _ = with_desk(slack)
    async with over_http(slack, app):
        seen = await slack.as_user(hanako).click(await send_letter(slack, hanako), "入力する")
        await seen.submit()
        await seen.fill("課題と改善策", "人を増やす")
        error_after_typing = seen.error_under("課題と改善策")
        result = await seen.submit()

    assert error_after_typing is None
    assert result.outcome is Outcome.CLOSED


async def test_a_modal_without_a_submit_button_cannot_be_submitted(
    slack: SlackStandIn, hanako: User
) -> None:
    app, _ = with_desk(slack, view=modal(submit=None))
    async with over_http(slack, app):
        seen = await slack.as_user(hanako).click(await send_letter(slack, hanako), "入力する")

        with pytest.raises(NotOnScreen):
            await seen.submit()
