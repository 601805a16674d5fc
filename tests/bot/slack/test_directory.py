"""Looking people up in Slack, against the stand-in."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import aiohttp
import pytest

from bot.domain.errors import Refused
from bot.slack.directory import Account, Directory
from playground import Fault, SlackStandIn


@dataclass
class Waits:
    """A sleep that only remembers how long it was asked for."""

    seconds: list[float] = field(default_factory=list)

    async def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)


@pytest.fixture
async def slack() -> AsyncIterator[SlackStandIn]:
    async with SlackStandIn() as stand_in:
        yield stand_in


@pytest.fixture
def waits() -> Waits:
    return Waits()


@pytest.fixture
async def directory(slack: SlackStandIn, waits: Waits) -> AsyncIterator[Directory]:
    async with aiohttp.ClientSession() as session:
        yield Directory(token=slack.bot_token, base_url=slack.api_url, session=session, sleep=waits)


async def test_an_address_leads_to_the_account(slack: SlackStandIn, directory: Directory) -> None:
    user = slack.add_user("山田 花子", email="yamada@example.jp")

    found = await directory.lookup("yamada@example.jp")

    assert found == Account(user.id, "山田 花子", is_active=True, is_staff=True)


async def test_an_unknown_address_and_an_unknown_id_are_nobody(directory: Directory) -> None:
    assert await directory.lookup("nobody@example.jp") is None
    assert await directory.info("U0NOBODY") is None


async def test_a_deactivated_account_is_not_active(
    slack: SlackStandIn, directory: Directory
) -> None:
    user = slack.deactivate(slack.add_user("山田", email="yamada@example.jp"))

    found = await directory.info(user.id)

    assert found is not None
    assert not found.is_active
    assert await directory.lookup("yamada@example.jp") is None


async def test_guests_other_organisations_and_apps_are_no_staff(
    slack: SlackStandIn, directory: Directory
) -> None:
    guest = slack.add_user("客", restricted=True)
    outsider = slack.add_user("他社", external=True)

    found = [await directory.info(each) for each in (guest.id, outsider.id, slack.bot_user_id)]

    assert [each and each.is_staff for each in found] == [False, False, False]


async def test_the_wait_that_slack_asks_for_is_kept(
    slack: SlackStandIn, directory: Directory, waits: Waits
) -> None:
    slack.add_user("山田", email="yamada@example.jp")
    slack.faults.on("users.lookupByEmail", Fault.rate_limited(retry_after=30), times=2)

    found = await directory.lookup("yamada@example.jp")

    assert found is not None
    assert waits.seconds == [30.0, 30.0]


@pytest.mark.parametrize(
    "fault",
    [
        Fault.rate_limited(retry_after=3600),
        Fault.rate_limited(retry_after=1),
        Fault.server_error(503),
        Fault.drop(),
    ],
)
async def test_a_slack_that_stays_away_is_said_so(
    slack: SlackStandIn, directory: Directory, waits: Waits, fault: Fault
) -> None:
    slack.faults.on("users.lookupByEmail", fault)

    with pytest.raises(Refused, match="Slack"):
        await directory.lookup("yamada@example.jp")

    assert len(slack.calls("users.lookupByEmail")) <= 5
    assert sum(waits.seconds) <= 5 * 60


async def test_a_token_that_is_none_is_named_by_its_setting(slack: SlackStandIn) -> None:
    async with aiohttp.ClientSession() as session:
        directory = Directory(token="xoxb-other", base_url=slack.api_url, session=session)

        with pytest.raises(Refused, match="SLACK_BOT_TOKEN"):
            await directory.team_id()


async def test_a_missing_scope_is_named(slack: SlackStandIn, directory: Directory) -> None:
    slack.workspace.scopes = ("chat:write",)

    with pytest.raises(Refused, match="missing_scope"):
        await directory.lookup("yamada@example.jp")


async def test_the_workspace_is_asked_for_once(slack: SlackStandIn, directory: Directory) -> None:
    first, second = await directory.team_id(), await directory.team_id()

    assert first == second == slack.team_id
    assert len(slack.calls("auth.test")) == 1
