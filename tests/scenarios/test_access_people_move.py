"""The access table of absences, handovers and accounts, for each kind of person.

Ids of あおぞら区, forged by anybody else into a button or a form, show and change nothing.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
import pytest_asyncio

from bot.domain.errors import KaikakuError
from bot.domain.people import Role
from bot.services import absences, account_links, checkins, handovers
from bot.services.viewers import Caller
from bot.slack.directory import Directory
from bot.slack.session import session_to
from bot.views.absences import TypedAbsence
from bot.views.account_links import TypedLink
from bot.views.actions import ABSENCE_END, ABSENCE_OPEN, ACCOUNT_OPEN, HANDOVER_END, HANDOVER_OPEN
from bot.views.handovers import TypedHandover
from bot.views.targets import HandoverTarget, Target
from storage.models import Absence
from tests.builders import add_grant
from tests.scenarios import test_access as access
from tests.scenarios.dumps import dump
from tests.scenarios.forged import opened
from tests.scenarios.office import Story, telling

pytestmark = pytest.mark.asyncio(loop_scope="module")

TODAY, LATER = date(2026, 9, 10), date(2026, 10, 1)


@dataclass(frozen=True)
class May:
    """What one kind of person may do in あおぞら区."""

    speak: bool = False  # say that the owner is away, and end that
    hand_over: bool = False  # hand over the owner's items, take it back, attach an account


TABLE = {
    **dict.fromkeys(access.TABLE, May()),
    "owner": May(speak=True),
    "manager": May(speak=True),
    "unit_manager": May(speak=True),
    "coordinator": May(speak=True, hand_over=True),
}


@asynccontextmanager
async def settled(database_url: str) -> AsyncIterator[Story]:
    """あおぞら区 and ひかり区 in the middle of a round."""
    async with telling(database_url, way="socket") as told:
        await access.settle_the_rest(told)
        told.go_to("2026-09-10")
        yield told


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def standing(module_url: str) -> AsyncIterator[Story]:
    """... where the owner is away, and hands over later."""
    async with settled(module_url) as told:
        await is_away(told)
        await handed_over(told)
        yield told


@pytest_asyncio.fixture(loop_scope="module")
async def story(sqlite_url: str) -> AsyncIterator[Story]:
    async with settled(sqlite_url) as told:
        yield told


def caller(story: Story, part: str) -> Caller:
    return Caller(story.slack.team_id, story.user(part).id)


async def done(work: Coroutine[Any, Any, object]) -> bool:
    """Whether it was done; a refusal says why, and stores nothing."""
    try:
        await work
    except KaikakuError:
        return False
    return True


async def is_away(story: Story) -> int:
    """The owner is away, as they have said themselves."""
    async with story.office.database.begin() as uow:
        row = Absence(
            person_id=story.ward.owner,
            first=date(2026, 9, 7),
            last=date(2026, 9, 30),
            deputy_id=story.ward.people["deputy"],
            at=story.clock.now(),
        )
        await uow.absences.add(row)
        await uow.commit()
    return row.id or 0


async def handed_over(story: Story) -> HandoverTarget:
    """The owner's items pass to the deputy, as the coordinator has entered ahead."""
    ward = story.ward
    typed = TypedHandover(
        ward.unit_id, story.user("owner").id, story.user("deputy").id, first=LATER
    )
    await handovers.enter(story.office, caller(story, "coordinator"), typed)
    return HandoverTarget(ward.unit_id, ward.owner, ward.people["deputy"], LATER)


@pytest.mark.parametrize("part", TABLE)
async def test_each_person_opens_what_is_theirs_and_reads_no_more(asked: Story, part: str) -> None:
    may, unit = TABLE[part], str(asked.ward.unit_id)

    for action_id, value, allowed in (
        (ABSENCE_OPEN, str(asked.ward.owner), may.speak),
        (HANDOVER_OPEN, unit, may.hand_over),
        (ACCOUNT_OPEN, unit, may.hand_over),
    ):
        modal = await opened(asked, part, action_id, value)
        assert (modal.submit_text is not None) is allowed, action_id
        assert ("山田" in modal.visible_text) <= allowed, action_id
        assert ("登録済" in modal.visible_text) is (allowed and action_id != ACCOUNT_OPEN)
        await modal.close()


@pytest.mark.parametrize("part", TABLE)
async def test_nobody_else_ends_an_absence_or_takes_a_handover_back(
    story: Story, part: str
) -> None:
    may = TABLE[part]
    absence, target = await is_away(story), await handed_over(story)
    before = dump(story.database_url, "absence", "ownership")

    for action_id, value, allowed in (
        (ABSENCE_END, str(absence), may.speak),
        (HANDOVER_END, target.encode(), may.hand_over),
    ):
        modal = await opened(story, part, action_id, value)
        assert (
            "取り消しました" in modal.visible_text or "終わりに" in modal.visible_text
        ) is allowed
        await modal.close()

    after = dump(story.database_url, "absence", "ownership")
    assert (after["absence"] == before["absence"]) is not may.speak
    assert (after["ownership"] == before["ownership"]) is not may.hand_over


@pytest.mark.parametrize("part", TABLE)
async def test_only_who_may_stores_anything(story: Story, part: str) -> None:
    may, ward, who = TABLE[part], story.ward, caller(story, part)
    office, before = story.office, dump(story.database_url, "absence", "ownership", "account")
    owner, deputy = story.user("owner").id, story.user("deputy").id

    away = TypedAbsence(ward.owner, TODAY, None, deputy)
    assert await done(absences.enter(office, who, away)) is may.speak
    passing = TypedHandover(ward.unit_id, owner, deputy, first=LATER)
    assert await done(handovers.enter(office, who, passing)) is may.hand_over
    async with session_to(story.slack.api_url) as session:
        directory = Directory(
            token=story.slack.bot_token, base_url=story.slack.api_url, session=session
        )
        fresh = story.slack.add_user("新しいアカウント")
        link = TypedLink(ward.unit_id, "山田", fresh.id)
        assert await done(account_links.link(office, who, directory, link)) is may.hand_over

    after = dump(story.database_url, "absence", "ownership", "account")
    assert (after["absence"] == before["absence"]) is not may.speak
    assert (after["ownership"] == before["ownership"]) is not may.hand_over
    assert (after["account"] == before["account"]) is not may.hand_over


async def test_a_coordinator_attaches_no_account_to_who_is_in_another_unit_too(
    story: Story,
) -> None:
    """Whose an account is says who may read what there."""
    async with story.office.database.begin() as uow:
        await add_grant(uow, story.ward.owner, Role.OBSERVER, None)
        await uow.commit()
    before = dump(story.database_url, "account")
    async with session_to(story.slack.api_url) as session:
        directory = Directory(
            token=story.slack.bot_token, base_url=story.slack.api_url, session=session
        )
        link = TypedLink(story.ward.unit_id, "山田", story.slack.add_user("別の方").id)
        who = caller(story, "coordinator")
        assert not await done(account_links.link(story.office, who, directory, link))
    assert dump(story.database_url, "account") == before


async def test_who_stands_in_answers_while_the_absence_lasts_and_for_that_owner_alone(
    story: Story,
) -> None:
    ward, who = story.ward, caller(story, "neighbour_manager")
    target = Target(ward.round_id, ward.initiatives[1])
    assert not await done(checkins.open_unanswered(story.office, who, target))
    async with story.office.database.begin() as uow:
        person = await uow.people.by_account(who.team_id, who.user_id)
        assert person is not None
        row = Absence(
            person_id=ward.owner,
            first=TODAY,
            last=TODAY,
            deputy_id=person.id,
            at=story.clock.now(),
        )
        await uow.absences.add(row)
        await uow.commit()

    assert await done(checkins.open_unanswered(story.office, who, target))
    story.go_to("2026-09-11")
    assert not await done(checkins.open_unanswered(story.office, who, target))
