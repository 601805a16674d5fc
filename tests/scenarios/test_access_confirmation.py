"""The access table of the manager's step: each kind of person at each of its buttons and modals.

One level is asked and item 2 is in; whatever is not granted shows no text and stores nothing.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pytest
import pytest_asyncio

from bot.domain.errors import KaikakuError
from bot.domain.people import Role
from bot.services import confirmations, reviews
from bot.services.confirmations import Confirmed, ConfirmedMany, Mending
from bot.services.viewers import Caller
from bot.views.actions import CONFIRM_LIST, CONFIRM_OPEN, SEND_BACK_OPEN
from bot.views.confirmation_list import Chosen
from bot.views.confirmations import SentBack
from bot.views.targets import Target
from playground import User
from tests.builders import add_grant, add_person
from tests.scenarios import test_access as access
from tests.scenarios.forged import opened
from tests.scenarios.office import Story, telling

pytestmark = pytest.mark.asyncio(loop_scope="module")

CODE = "取組項目2"


@dataclass(frozen=True)
class May:
    """What one kind of person may do about item 2 of あおぞら区."""

    decide: bool = False  # look at it, confirm it, send it back
    list: bool = False  # the list of what waits for them opens, be it empty


CONFIRMER = May(decide=True, list=True)
TABLE = {
    **dict.fromkeys(access.TABLE, May()),
    "manager": CONFIRMER,
    "unit_manager": CONFIRMER,
    "neighbour_manager": May(list=True),  # of another section of the ward
    "former_manager": May(),
    "future_manager": May(),
}


@asynccontextmanager
async def settled(database_url: str) -> AsyncIterator[Story]:
    """あおぞら区 and ひかり区 in the middle of a round that asks one level."""
    async with telling(database_url, way="socket") as told:
        await access.settle_the_rest(told)
        await _settle_managers(told)
        told.go_to("2026-09-10")
        answers = {"implementation": "i", "attainment": "2", "issues": access.SECRET}
        await access.submit(told, "owner", answers, number=2)
        yield told


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def standing(module_url: str) -> AsyncIterator[Story]:
    async with settled(module_url) as told:
        yield told


@pytest_asyncio.fixture(loop_scope="module")
async def story(sqlite_url: str) -> AsyncIterator[Story]:
    async with settled(sqlite_url) as told:
        yield told


@pytest.mark.parametrize("part", TABLE)
async def test_each_person_opens_what_is_theirs_and_reads_no_more(asked: Story, part: str) -> None:
    may, ward = TABLE[part], asked.ward
    target = f"{ward.round_id}:{ward.initiatives[1]}"

    shown = await _shown(asked, part, CONFIRM_OPEN, target)
    assert (access.SECRET in shown) is may.decide
    assert ("修正をお願いする" in shown) is may.decide
    sent_back = await _shown(asked, part, SEND_BACK_OPEN, target)
    assert ("担当者へのコメント" in sent_back) is may.decide
    assert (CODE in sent_back) <= may.decide
    listed = await _shown(asked, part, f"{CONFIRM_LIST}:0", str(ward.round_id))
    assert (CODE in listed) is may.decide
    assert ("確認をお願いする項目" in listed) is may.list


@pytest.mark.parametrize("part", TABLE)
async def test_only_who_confirms_stores_a_decision(story: Story, part: str) -> None:
    may, ward = TABLE[part], story.ward
    caller, target = _caller(story, part), Target(ward.round_id, ward.initiatives[1])
    office = story.office

    back = SentBack(target, 1, "人数も書いてください。", date(2026, 9, 15))
    sent = await _done(confirmations.send_back(office, caller, back))
    assert isinstance(sent, Mending) is may.decide
    assert await _stands(story) == ((0, date(2026, 9, 15), 1) if may.decide else (0, None, 0))

    await _answer_again(story)
    before = 1 if may.decide else 0
    once = await _done(confirmations.confirm(office, caller, target, 2))
    assert isinstance(once, Confirmed) is may.decide
    assert await _stands(story) == ((1, None, before + 1) if may.decide else (0, None, before))

    many = Chosen(ward.round_id, {ward.initiatives[1]: 2})
    all_ = await _done(confirmations.confirm_many(office, caller, many))
    assert isinstance(all_, ConfirmedMany) is may.decide
    assert await _stands(story) == ((1, None, before + 1) if may.decide else (0, None, before))


@pytest.mark.parametrize("part", ["other_manager", "manager", "unit_manager"])
async def test_ids_of_two_wards_mixed_open_and_store_nothing(asked: Story, part: str) -> None:
    ward = asked.ward
    async with asked.office.database.read() as uow:
        [other] = [each for each in await uow.rounds.all() if each.id != ward.round_id]
    mixed = Target(other.id or 0, ward.initiatives[1])

    for action_id in (CONFIRM_OPEN, SEND_BACK_OPEN):
        assert access.SECRET not in await _shown(asked, part, action_id, mixed.encode())
    caller = _caller(asked, part)
    many = Chosen(other.id or 0, {ward.initiatives[1]: 1})
    back = SentBack(mixed, 1, "人数も書いてください。", date(2026, 9, 15))
    for act in (
        confirmations.confirm(asked.office, caller, mixed, 1),
        confirmations.confirm_many(asked.office, caller, many),
        confirmations.send_back(asked.office, caller, back),
    ):
        assert await _done(act) is None
    assert await _stands(asked) == (0, None, 0)


async def test_a_list_of_which_one_item_is_not_theirs_confirms_none(story: Story) -> None:
    ward, office = story.ward, story.office
    answers = {"implementation": "i", "attainment": "1"}
    async with office.database.begin() as uow:
        [first, *_] = await uow.people.ownerships([ward.initiatives[0]])
        neighbours = await uow.people.grants(await _person(story, "neighbour_manager"), date.max)
        first.section_id = neighbours[0].section_id
        await uow.people.add(first)
        await uow.commit()
    await access.submit(story, "owner", answers, number=1)
    both = Chosen(ward.round_id, {ward.initiatives[0]: 1, ward.initiatives[1]: 1})

    assert await _done(confirmations.confirm_many(office, _caller(story, "manager"), both)) is None

    assert await _stands(story) == (0, None, 0)
    _, waiting = await reviews.waiting(office, _caller(story, "manager"), ward.round_id)
    assert [each.item.code for each in waiting] == ["2"]


async def _settle_managers(story: Story) -> None:
    """Those who were managers and who will be, and the level that is asked in both wards."""
    ward, team = story.ward, story.slack.team_id
    accounts = {part: f"U{part.upper().replace('_', '')}" for part in TABLE}
    accounts = {part: each for part, each in accounts.items() if part not in ward.accounts}
    async with story.office.database.begin() as uow:
        ids = {
            part: await add_person(uow, part, account=account, team=team)
            for part, account in accounts.items()
        }
        ours = (Role.MANAGER, ward.unit_id)
        await add_grant(uow, ids["former_manager"], *ours, valid_to=date(2026, 9, 9))
        await add_grant(uow, ids["future_manager"], *ours, valid_from=date(2026, 9, 11))
        for row in await uow.rounds.all():
            row.levels = 1
        await uow.commit()
    for part, account in accounts.items():
        story.slack.workspace.put_user(User(account, part, f"{part}@example.jp"))
    story.ward = replace(ward, accounts={**ward.accounts, **accounts})


async def _shown(story: Story, part: str, action_id: str, value: str) -> str:
    """All that the modal says which a button of their own making opens."""
    modal = await opened(story, part, action_id, value)
    shown = "\n".join([modal.title, modal.visible_text, *map(str, modal.blocks)])
    while (above := story.person(part).modal) is not None:
        await above.close()
    return shown


async def _done(act: Coroutine[Any, Any, object]) -> object:
    try:
        return await act
    except KaikakuError:
        return None


async def _stands(story: Story) -> tuple[int, date | None, int]:
    """The confirmed level of item 2, its date to be mended by, and how many decisions there are."""
    found = await story.check_in(2)
    assert found is not None
    async with story.office.database.read() as uow:
        made = await uow.decisions.of([found.id or 0])
    return found.confirmed_level, found.sent_back_due, len(made)


async def _answer_again(story: Story) -> None:
    """The owner's second revision of item 2, so that it stands to be confirmed."""
    answers = {"implementation": "i", "attainment": "2", "issues": f"{access.SECRET}10人。"}
    assert await access.submit(story, "owner", answers, number=2, revision=1)


async def _person(story: Story, part: str) -> int:
    async with story.office.database.read() as uow:
        account = await uow.people.account(story.slack.team_id, story.user(part).id)
    assert account is not None
    return account.person_id


def _caller(story: Story, part: str) -> Caller:
    return Caller(story.slack.team_id, story.user(part).id)
