"""Whom letters go to while somebody is away: the deputy, one who is there, and never the owner."""

from __future__ import annotations

from datetime import date, time
from typing import Any

import pytest

from bot.domain.calendar import at_tokyo
from bot.domain.errors import AccessDenied
from bot.domain.people import Role
from bot.services import absences, checkins, status, sweep
from bot.services.mine import open_mine
from bot.services.viewers import Caller
from bot.views.absences import TypedAbsence
from bot.views.checkin_form import Typed
from bot.views.status import UnitStatus
from bot.views.targets import Target
from playground.people import User
from storage.models import Absence
from tests.bot.services.conftest import Post
from tests.builders import TEAM, add_grant, add_initiative, add_ownership, add_person
from tests.databases import EITHER_KIND

pytestmark = EITHER_KIND

COLLEAGUE = "UCOLLEAGUE"
BEFORE = at_tokyo(date(2026, 8, 20), time(10))
ANSWERS = {"implementation": "i", "attainment": "1", "issues": ""}


async def colleague(post: Post) -> int:
    """Somebody of the same office, with an account and no item."""
    async with post.office.database.begin() as uow:
        person = await add_person(uow, "中村", account=COLLEAGUE)
        await add_grant(uow, person, Role.OWNER, post.ward.unit_id)
        await uow.commit()
    post.slack.workspace.put_user(User(COLLEAGUE, "colleague", "colleague@example.jp"))
    return person


async def away(post: Post, person: int, first: str, last: str | None, **changes: Any) -> int:
    """Somebody is away; entered long before unless told."""
    values: dict[str, Any] = {"person_id": person, "first": date.fromisoformat(first), "at": BEFORE}
    ends = date.fromisoformat(last) if last else None
    async with post.office.database.begin() as uow:
        row = Absence(**{**values, "last": ends, **changes})
        await uow.absences.add(row)
        await uow.commit()
    return row.id or 0


async def without_deputies(post: Post) -> None:
    async with post.office.database.begin() as uow:
        for own in await uow.people.ownerships(post.ward.initiatives):
            own.deputy_id = None
            await uow.people.add(own)
        await uow.commit()


def said(post: Post, user_id: str) -> list[str]:
    """What somebody was sent, as one text a message."""
    user = post.slack.workspace.users[user_id]
    return [f"{each.text}\n{each.blocks}" for each in post.slack.messages(user)]


async def at(post: Post, day: str, hour: str = "10:00") -> None:
    moment = at_tokyo(date.fromisoformat(day), time.fromisoformat(hour))
    post.machine.advance(moment - post.machine.now())


async def answer(post: Post, user_id: str, nth: int = 0) -> None:
    typed = Typed(post.ward.round_id, post.ward.initiatives[nth], 0, ANSWERS, True)
    await checkins.submit(post.office, Caller(TEAM, user_id), typed)


async def test_notices_of_who_is_away_go_to_the_deputy_of_the_absence(post: Post) -> None:
    other = await colleague(post)
    await away(post, post.ward.owner, "2026-08-31", "2026-09-11", deputy_id=other)

    await post.sweep("2026-09-01")

    assert post.messages("owner") == []
    assert post.messages("deputy") == []
    [letter] = said(post, COLLEAGUE)
    assert "(副担当)" in letter
    assert "担当者が不在のため、副担当の方にお知らせしています。次の3件です。" in letter


async def test_without_one_they_go_to_the_deputy_of_each_item(post: Post) -> None:
    await away(post, post.ward.owner, "2026-08-31", None)

    await post.sweep("2026-09-01")

    assert post.messages("owner") == []
    assert len(post.messages("deputy")) == 1


async def test_a_deputy_who_is_away_too_is_not_asked_and_the_items_own_is(post: Post) -> None:
    other = await colleague(post)
    await away(post, post.ward.owner, "2026-08-31", None, deputy_id=other)
    await away(post, other, "2026-09-01", "2026-09-01")

    await post.sweep("2026-09-01")

    assert said(post, COLLEAGUE) == []
    assert len(post.messages("deputy")) == 1


async def test_who_is_away_since_the_opening_notice_leaves_what_is_open_to_the_deputy(
    post: Post,
) -> None:
    other = await colleague(post)
    await post.sweep("2026-09-01")
    await at(post, "2026-09-03", "14:00")
    typed = TypedAbsence(post.ward.owner, date(2026, 9, 3), date(2026, 9, 30), COLLEAGUE)
    await absences.enter(post.office, Caller(TEAM, post.ward.accounts["owner"]), typed)

    await post.sweep("2026-09-03", "15:00")
    assert said(post, COLLEAGUE) == []  # not before the next business morning

    await answer(post, COLLEAGUE)
    await post.sweep("2026-09-04")
    [letter] = said(post, COLLEAGUE)
    assert "次の2件です" in letter
    assert len(post.messages("owner")) == 1
    assert other


async def test_a_deputy_who_was_told_of_own_items_is_told_of_the_others_too(post: Post) -> None:
    other = await colleague(post)
    async with post.office.database.begin() as uow:
        item = await add_initiative(uow, post.ward.plan_id, 4)
        await add_ownership(uow, item, other)
        await uow.commit()
    await post.sweep("2026-09-01")
    await away(post, post.ward.owner, "2026-09-02", None, deputy_id=other)

    await post.sweep("2026-09-02")
    await post.sweep("2026-09-03")

    own, instead = said(post, COLLEAGUE)
    assert "(副担当)" not in own
    assert "次の3件です" in instead


async def test_one_letter_tells_own_items_and_those_of_who_is_away(post: Post) -> None:
    other = await colleague(post)
    async with post.office.database.begin() as uow:
        item = await add_initiative(uow, post.ward.plan_id, 4)
        await add_ownership(uow, item, other)
        await uow.commit()
    await away(post, post.ward.owner, "2026-08-31", None, deputy_id=other)

    await post.sweep("2026-09-01")

    [letter] = said(post, COLLEAGUE)
    assert "担当されている1件です" in letter
    assert "次の3件です" in letter


async def test_an_absence_that_was_taken_back_changes_nothing(post: Post) -> None:
    await away(post, post.ward.owner, "2026-08-31", None, cancelled_at=BEFORE)

    await post.sweep("2026-09-01")

    assert len(post.messages("owner")) == 1
    assert post.messages("deputy") == []


async def test_with_nobody_to_stand_in_the_coordinator_is_told_and_the_managers_are_not(
    post: Post,
) -> None:
    await without_deputies(post)
    await away(post, post.ward.owner, "2026-08-31", None)

    await post.sweep("2026-09-01")
    await post.sweep("2026-09-28")

    assert post.messages("owner") == []
    assert post.messages("manager") == []
    first, *_ = said(post, post.ward.accounts["coordinator"])
    assert "不在で副担当なし 3件" in first


async def test_managers_read_who_is_asked_in_place_of_the_owner(post: Post) -> None:
    await away(post, post.ward.owner, "2026-08-31", None)

    await post.sweep("2026-09-28")

    [letter, *_] = said(post, post.ward.accounts["manager"])
    assert "担当：不在(副担当：佐藤)" in letter


async def test_what_its_owner_is_away_for_is_not_late(post: Post) -> None:
    await away(post, post.ward.owner, "2026-08-31", None)
    await at(post, "2026-09-28")

    manager = Caller(TEAM, post.ward.accounts["unit_manager"])
    shown = await status.of_unit(post.office, manager, post.ward.unit_id)

    assert isinstance(shown, UnitStatus)
    assert (shown.counts.outstanding, shown.counts.overdue) == (3, 0)
    assert {(item.away, item.deputies) for item in shown.items} == {(True, ("佐藤",))}


async def test_the_deputy_of_an_absence_answers_while_it_lasts_and_no_longer(post: Post) -> None:
    other = await colleague(post)
    await away(post, post.ward.owner, "2026-09-01", "2026-09-11", deputy_id=other)
    target = Target(post.ward.round_id, post.ward.initiatives[0])
    who = Caller(TEAM, COLLEAGUE)

    await at(post, "2026-09-11")
    await answer(post, COLLEAGUE)
    assert (await open_mine(post.office, who)).sections
    await at(post, "2026-09-12")
    with pytest.raises(AccessDenied):
        await checkins.open_unanswered(post.office, who, target)


async def test_what_was_planned_for_an_owner_is_not_sent_once_they_are_away(post: Post) -> None:
    await sweep.plan(post.office, at=at_tokyo(date(2026, 9, 1), time(9, 30)))
    await away(post, post.ward.owner, "2026-09-01", "2026-09-04")

    await post.sweep("2026-09-01", "10:00")

    assert post.messages("owner") == []


async def test_a_deputys_letter_says_what_the_owner_has_answered_after_all(post: Post) -> None:
    other = await colleague(post)
    await away(post, post.ward.owner, "2026-08-31", "2026-09-11", deputy_id=other)
    await post.sweep("2026-09-01")
    await at(post, "2026-09-02")

    await answer(post, post.ward.accounts["owner"])
    await post.nap(5)
    await post.sweep("2026-09-02", "10:10")

    [letter] = said(post, COLLEAGUE)
    assert "次の3件です" in letter
    assert "入力済" in letter


async def test_who_is_back_is_told_on_the_first_business_day_who_heard_instead_and_what_is_in(
    post: Post,
) -> None:
    other = await colleague(post)
    await away(post, post.ward.owner, "2026-08-31", "2026-09-11", deputy_id=other)
    await post.sweep("2026-09-01")
    await at(post, "2026-09-10")
    for nth in range(3):
        await answer(post, COLLEAGUE, nth)

    await post.sweep("2026-09-11")
    assert post.messages("owner") == []
    await post.sweep("2026-09-14")
    await post.sweep("2026-09-15")

    [letter] = said(post, post.ward.accounts["owner"])
    assert "不在のあいだのお知らせは、副担当の中村さんへ送りました。" in letter
    assert "取組項目1、取組項目2、取組項目3は9月10日(木)に入力済です。" in letter


async def test_what_is_still_open_stands_in_the_same_letter(post: Post) -> None:
    await away(post, post.ward.owner, "2026-08-31", "2026-09-14")
    await post.sweep("2026-09-01")

    await post.sweep("2026-09-15")

    [letter] = said(post, post.ward.accounts["owner"])
    assert "不在のあいだのお知らせは、副担当の佐藤さんへ送りました。" in letter
    assert "あと3開庁日です" in letter


async def test_who_was_away_while_nothing_was_asked_is_told_nothing(post: Post) -> None:
    await away(post, post.ward.owner, "2026-08-24", "2026-08-31")

    await post.sweep("2026-09-01")

    [letter] = said(post, post.ward.accounts["owner"])
    assert "不在" not in letter
