"""The text for those whom Slack does not reach, and for whom it is made out."""

from __future__ import annotations

from datetime import date, time

import pytest

from bot.domain.calendar import at_tokyo
from bot.domain.errors import AccessDenied, EntryClosed
from bot.services import checkins, mails
from bot.services.viewers import Caller
from bot.views.checkin_form import Typed
from bot.views.mails import build_mail
from bot.views.targets import Page, Target
from tests.bot.services.conftest import Post
from tests.builders import TEAM, add_initiative, add_ownership, add_person
from tests.databases import EITHER_KIND

pytestmark = EITHER_KIND


@pytest.fixture
async def post(post: Post) -> Post:
    """Two people without Slack own an item each, beside the owner of the rest."""
    post.machine.advance(at_tokyo(date(2026, 9, 24), time(10, 0)) - post.machine.now())
    async with post.office.database.begin() as uow:
        for position, name in ((4, "高木"), (5, "森")):
            item = await add_initiative(uow, post.ward.plan_id, position)
            person = await add_person(uow, name, email=f"person{position}@example.jp")
            await add_ownership(uow, item, person)
        await uow.commit()
    return post


def who(post: Post, part: str) -> Caller:
    return Caller(TEAM, post.ward.accounts[part])


async def test_the_coordinator_turns_from_one_person_without_slack_to_the_next(post: Post) -> None:
    found = [
        await mails.open_page(post.office, who(post, "coordinator"), Page(post.ward.round_id, page))
        for page in (0, 1, 7)
    ]

    assert [(each.name, each.page, each.pages) for each in found] == [
        ("高木", 0, 2),
        ("森", 1, 2),
        ("森", 1, 2),
    ]
    shown = str(build_mail(found[0]))
    assert "取組項目4【取組その4】" in shown
    assert "取組項目5" not in shown
    assert "person4@example.jp" in shown
    assert "次の方" in shown
    assert "代わりに入力する" in shown


async def test_what_the_coordinator_entered_for_them_is_not_asked_for_any_more(post: Post) -> None:
    coordinator = who(post, "coordinator")
    first = await mails.open_page(post.office, coordinator, Page(post.ward.round_id))
    target = Target(post.ward.round_id, first.statuses[0].initiative_id)
    answers = {"implementation": "i", "attainment": "1"}
    typed = Typed(target.round_id, target.initiative_id, 0, answers, complete_state=True)

    await checkins.submit(post.office, coordinator, typed)

    left = await mails.open_page(post.office, coordinator, Page(post.ward.round_id))
    assert (left.name, left.pages) == ("森", 1)


@pytest.mark.parametrize("part", ["owner", "deputy", "manager", "unit_manager", "observer"])
async def test_nobody_else_gets_it(post: Post, part: str) -> None:
    with pytest.raises(AccessDenied):
        await mails.open_page(post.office, who(post, part), Page(post.ward.round_id))


async def test_where_slack_reaches_everybody_there_is_no_text(post: Post) -> None:
    async with post.office.database.begin() as uow:
        for initiative in await uow.plans.initiatives(post.ward.plan_id):
            for own in await uow.people.ownerships([initiative.id or 0]):
                own.person_id = post.ward.owner
                await uow.people.add(own)
        await uow.commit()

    with pytest.raises(EntryClosed):
        await mails.open_page(post.office, who(post, "coordinator"), Page(post.ward.round_id))
