from __future__ import annotations

import pytest

from bot.domain.letters import Ambiguous
from bot.slack.delivery import Courier
from bot.slack.session import session_to
from bot.views.blocks import Rendered
from playground import Fault, SlackStandIn


async def test_a_call_that_slack_never_answers_ends_within_our_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("bot.slack.session.CALL_TIMEOUT", 0.2)
    async with SlackStandIn() as slack:
        owner = slack.add_user("山田")
        slack.faults.on("chat.postMessage", Fault.hang())
        async with session_to(slack.api_url) as session:
            courier = Courier(token=slack.bot_token, base_url=slack.api_url, session=session)

            outcome = await courier.post(owner.id, Rendered("入力のお願い", []), key="k")

        assert isinstance(outcome, Ambiguous)
