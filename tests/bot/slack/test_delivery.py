"""One letter, one call: looking for what may have been sent already."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.domain.letters import Sent
from bot.slack.delivery import Courier, connected
from bot.views.blocks import Rendered
from playground import SlackStandIn, User


@pytest.fixture
async def slack() -> AsyncIterator[SlackStandIn]:
    async with SlackStandIn() as stand_in:
        yield stand_in


@pytest.fixture
async def courier(slack: SlackStandIn) -> AsyncIterator[Courier]:
    async with connected(token=slack.bot_token, base_url=slack.api_url) as opened:
        yield opened


@pytest.fixture
def owner(slack: SlackStandIn) -> User:
    return slack.add_user("owner")


async def _write(courier: Courier, owner: User, *keys: str) -> None:
    for key in keys:
        assert isinstance(await courier.post(owner.id, Rendered(key, []), key=key), Sent)


async def test_a_letter_is_found_by_its_key_on_the_newest_page_with_one_reading(
    slack: SlackStandIn, courier: Courier, owner: User
) -> None:
    await _write(courier, owner, "mine", *(f"other{n}" for n in range(3)))

    found = await courier.find(owner.id, keys={"mine"})

    [message, *_] = slack.messages(owner)
    assert found == Sent(message.channel, message.ts, "mine")
    assert len(slack.calls("conversations.history")) == 1


async def test_after_a_restore_a_letter_is_looked_for_beyond_the_newest_page(
    slack: SlackStandIn, courier: Courier, owner: User
) -> None:
    await _write(courier, owner, "mine", *(f"other{n}" for n in range(40)))
    slack.workspace.page_size = 15  # what a restricted app is given at once

    assert await courier.find(owner.id, keys={"mine"}) is None
    found = await courier.find(owner.id, keys={"mine"}, far_back=True)

    assert isinstance(found, Sent)
    assert found.ts == slack.messages(owner)[0].ts


async def test_a_look_far_back_ends_after_some_hundred_messages(
    slack: SlackStandIn, courier: Courier, owner: User
) -> None:
    await _write(courier, owner, "mine", *(f"other{n}" for n in range(50)))
    slack.workspace.page_size = 2

    assert await courier.find(owner.id, keys={"mine"}, far_back=True) is None
    assert len(slack.calls("conversations.history")) == 20
