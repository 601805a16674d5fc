"""The access table: each kind of person at each command, button and modal, over the running bot.

One row a person, one column a thing that can be done; whatever is not granted changes nothing.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pytest
import pytest_asyncio

from bot.domain.errors import KaikakuError
from bot.domain.people import Role
from bot.services import checkins
from bot.services.checkins import Stored
from bot.services.viewers import Caller
from bot.views.actions import (
    ANSWER_OPEN,
    CONFIRM_OPEN,
    DRAFT,
    LETTER_MORE,
    SEND_BACK_OPEN,
    STATUS_PAGE,
    STATUS_UNIT,
)
from bot.views.checkin_form import Typed
from playground import Message, Screen, User
from tests.builders import (
    add_grant,
    add_ownership,
    add_person,
    add_plan,
    add_round,
    add_section,
    add_unit,
)
from tests.scenarios.office import Story, instant, telling

pytestmark = pytest.mark.asyncio(loop_scope="module")

SECRET = "参加が少ないので、周知を増やす。"
TITLE = "取組その"


@dataclass(frozen=True)
class May:
    """What one kind of person may do in あおぞら区: item 2 is answered ②, item 1 is open."""

    counts: bool = False  # 状況: the unit's numbers
    text: bool = False  # ... its items, and the text of item 2
    answer: bool = False  # the modal of item 1 opens, and what is submitted is stored
    items: bool = False  # 自分: items to answer
    registered: bool = True


TABLE = {
    "owner": May(counts=True, text=True, answer=True, items=True),
    "deputy": May(counts=True, text=True, answer=True, items=True),
    "manager": May(counts=True, text=True),
    "unit_manager": May(counts=True, text=True),
    "coordinator": May(counts=True, text=True, answer=True),
    "observer": May(counts=True),  # texts once they are confirmed
    "former_owner": May(registered=False),
    "future_owner": May(registered=False),
    "neighbour_manager": May(counts=True),  # of another section of the ward
    "other_manager": May(),  # of another ward
    "other_coordinator": May(),
    "left": May(registered=False),  # owns item 1 still, but the account is deactivated
    "stranger": May(registered=False),
    "guest": May(registered=False),
}


@asynccontextmanager
async def answered(database_url: str) -> AsyncIterator[Story]:
    """あおぞら区 and ひかり区 in the middle of a round; the owner has answered item 2."""
    async with telling(database_url, way="socket") as told:
        await settle_the_rest(told)
        told.go_to("2026-09-10")
        answers = {"implementation": "i", "attainment": "2", "issues": SECRET}
        await submit(told, "owner", answers, number=2)
        yield told


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def standing(module_url: str) -> AsyncIterator[Story]:
    async with answered(module_url) as told:
        yield told


@pytest_asyncio.fixture(loop_scope="module")
async def story(sqlite_url: str) -> AsyncIterator[Story]:
    async with answered(sqlite_url) as told:
        yield told


@pytest.mark.parametrize("part", TABLE)
async def test_each_person_sees_and_does_what_is_theirs(asked: Story, part: str) -> None:
    may = TABLE[part]

    shown = (await asked.whispered(part, "状況 あおぞら区")).visible_text
    assert ("入力済 1／3件" in shown) is may.counts
    assert (TITLE in shown) is may.text
    assert (SECRET in shown) is may.text

    everywhere = (await asked.whispered(part, "状況")).visible_text
    assert ("あおぞら区" in everywhere) is may.counts

    mine = (await asked.whispered(part, "自分")).visible_text
    assert (TITLE in mine) is may.items
    assert SECRET not in mine or may.text

    helped = (await asked.whispered(part, "ヘルプ")).visible_text
    assert TITLE not in helped

    home = (await asked.person(part).open_home()).visible_text
    assert (TITLE in home) <= (may.items or may.text)


@pytest.mark.parametrize("part", TABLE)
async def test_a_button_of_their_own_making_gives_nobody_more(asked: Story, part: str) -> None:
    may = TABLE[part]

    for filter_ in ("first", "outstanding", "unfavourable", "all"):
        value = f"{asked.ward.round_id}:{filter_}:0"
        shown = await _press_forged(asked, part, f"{STATUS_PAGE}:next", value)
        assert (SECRET in shown) <= may.text
        assert (TITLE in shown) <= may.text
        assert ("入力済 1／3件" in shown) is may.counts

    shown = await _press_forged(asked, part, STATUS_UNIT, f"{asked.ward.unit_id}::")
    assert (SECRET in shown) is may.text


@pytest.mark.parametrize("part", TABLE)
async def test_only_who_may_answer_gets_the_modal(asked: Story, part: str) -> None:
    modal = await _click_forged(asked, part, f"{asked.ward.round_id}:{asked.ward.initiatives[0]}")

    opened = "取組内容の実施見込み" in modal.labels()
    assert opened is TABLE[part].answer
    assert ("年12回開催する。" in modal.visible_text) is TABLE[part].answer


@pytest.mark.parametrize("part", TABLE)
async def test_no_button_of_their_own_making_opens_a_text_that_is_not_theirs(
    asked: Story, part: str
) -> None:
    target = f"{asked.ward.round_id}:{asked.ward.initiatives[1]}"
    for action_id in (CONFIRM_OPEN, SEND_BACK_OPEN, f"{DRAFT}:continue", ANSWER_OPEN):
        modal = await _click_forged(asked, part, target, action_id)

        shown = "\n".join([modal.visible_text, *map(str, modal.blocks)])
        assert (SECRET in shown) <= TABLE[part].text, action_id
        assert (f"{TITLE}2" in shown) <= TABLE[part].text, action_id
        while (above := asked.person(part).modal) is not None:
            await above.close()


@pytest.mark.parametrize("part", TABLE)
async def test_only_who_may_answer_can_store_an_answer(story: Story, part: str) -> None:
    answers = {"implementation": "i", "attainment": "1"}

    stored = await submit(story, part, answers, number=1)

    assert stored is TABLE[part].answer
    assert len(await story.revisions(1)) == int(TABLE[part].answer)


@pytest.mark.parametrize(
    "part",
    # On the 15th the future owner of the table has become one.
    [part for part, may in TABLE.items() if not may.items and part != "future_owner"],
)
async def test_another_persons_letter_shows_nobody_its_items(story: Story, part: str) -> None:
    await story.sweep("2026-09-15")
    [letter] = story.messages("owner")
    assert letter.metadata
    for letter_id in ("1", "2", "3"):
        shown = await _press_forged(story, part, LETTER_MORE, letter_id)
        assert TITLE not in shown


async def settle_the_rest(story: Story) -> None:
    """The people whom the ward does not seed, and a ward that is not theirs."""
    ward = story.ward
    async with story.office.database.begin() as uow:
        other = await add_unit(uow, code="hikari", name="ひかり区", kana="ひかりく", position=26)
        await add_round(uow, await add_plan(uow, other))
        section = await add_section(uow, ward.unit_id, "市民協働課")
        ids = {
            part: await _add(uow, story, part)
            for part in TABLE
            if part not in ward.people and part not in {"stranger", "guest"}
        }
        first = ward.initiatives[0]
        await add_ownership(uow, first, ids["former_owner"], valid_to=date(2026, 9, 9))
        await add_ownership(uow, first, ids["future_owner"], valid_from=date(2026, 9, 11))
        await add_grant(
            uow, ids["neighbour_manager"], Role.MANAGER, ward.unit_id, section_id=section
        )
        await _leave(uow, story, ids["left"], first)
        await add_grant(uow, ids["other_manager"], Role.MANAGER, other)
        await add_grant(uow, ids["other_coordinator"], Role.COORDINATOR, other)
        await uow.commit()
    for part in set(TABLE) - set(ward.accounts):
        account = User(_account(part), part, f"{part}@example.jp", restricted=part == "guest")
        story.slack.workspace.put_user(account)
    others = {part: _account(part) for part in TABLE if part not in ward.accounts}
    story.ward = replace(ward, accounts={**ward.accounts, **others})


async def _leave(uow: Any, story: Story, person_id: int, item: int) -> None:
    await add_ownership(uow, item, person_id, valid_from=date(2026, 4, 1))
    account = await uow.people.account(story.slack.team_id, _account("left"))
    await uow.people.deactivate(account, instant("2026-09-02"))


async def _add(uow: Any, story: Story, part: str) -> int:
    return await add_person(uow, part, account=_account(part), team=story.slack.team_id)


def _account(part: str) -> str:
    return f"U{part.upper().replace('_', '')}"


async def submit(
    story: Story, part: str, answers: dict[str, str], *, number: int, revision: int = 0
) -> bool:
    """Submit as that person's modal would, whether or not one would open."""
    typed = Typed(
        round_id=story.ward.round_id,
        initiative_id=story.ward.initiatives[number - 1],
        revision=revision,
        answers=answers,
        complete_state=True,
    )
    caller = Caller(story.slack.team_id, story.user(part).id)
    try:
        return isinstance(await checkins.submit(story.office, caller, typed), Stored)
    except KaikakuError:
        return False


async def _forge(story: Story, part: str, action_id: str, value: str) -> Message:
    """A message of the bot in which a button of the person's own making stands."""
    message = await story.whispered(part, "ヘルプ")
    button = {
        "type": "button",
        "action_id": action_id,
        "value": value,
        "text": {"type": "plain_text", "text": "押す"},
    }
    blocks = [{"type": "actions", "block_id": "forged", "elements": [button]}]
    return story.slack.workspace.edit(message, text="forged", blocks=blocks)


async def _press_forged(story: Story, part: str, action_id: str, value: str) -> str:
    """What the person is shown in place of that message, or beside it."""
    message = await _forge(story, part, action_id, value)
    before = list(story.whispers(part))
    await story.person(part).press(message, "押す")
    await story.slack.wait_until(lambda: story.whispers(part) != before)
    return "\n".join(each.visible_text for each in story.whispers(part) if each not in before)


async def _click_forged(
    story: Story, part: str, target: str, action_id: str = ANSWER_OPEN
) -> Screen:
    message = await _forge(story, part, action_id, target)
    return await story.person(part).click(message, "押す")
