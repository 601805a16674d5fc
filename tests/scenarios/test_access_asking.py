"""The access table of asking, naming a day, nudging and the mail text, for each kind of person.

The owner has asked about item 1, and item 3 is late; whatever is not granted shows nothing of the
items and stores nothing.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
import pytest_asyncio

from bot.domain.consultations import ConsultationKind
from bot.domain.errors import KaikakuError
from bot.domain.letters import LetterKind
from bot.services import consultations, mails, nudges
from bot.services.viewers import Caller
from bot.views.actions import (
    CONSULT_ANSWER,
    CONSULT_OPEN,
    LETTER_CONSULT,
    LETTER_MAIL,
    LETTER_PLAN_DATE,
    NUDGE,
    PLAN_DATE_OPEN,
)
from bot.views.consultations import Asked
from bot.views.targets import Page, Target
from storage.models import Consultation
from tests.builders import add_initiative, add_ownership, add_person
from tests.scenarios import test_access as access
from tests.scenarios.forged import opened
from tests.scenarios.office import Story, telling

pytestmark = pytest.mark.asyncio(loop_scope="module")

NOTE = "市民協働課の方だと思います。"
TYPED = "このままお願いします。"


@dataclass(frozen=True)
class May:
    """What one kind of person may do in あおぞら区."""

    ask: bool = False  # about item 3, and name a day
    nudge: bool = False  # about item 3
    coordinate: bool = False  # read and answer questions, note to all, mail text


OWNER = May(ask=True)
MANAGER = May(nudge=True)
TABLE = {
    **dict.fromkeys(access.TABLE, May()),
    "owner": OWNER,
    "deputy": OWNER,
    "manager": MANAGER,
    "unit_manager": MANAGER,
    "coordinator": May(nudge=True, coordinate=True),
}


@asynccontextmanager
async def settled(database_url: str) -> AsyncIterator[Story]:
    """あおぞら区 and ひかり区 after the due day; one person has no Slack."""
    async with telling(database_url, way="socket") as told:
        await access.settle_the_rest(told)
        await _settle_without_slack(told)
        told.go_to("2026-09-10")
        about = Target(told.ward.round_id, told.ward.initiatives[0])
        typed = Asked((about,), ConsultationKind.WRONG_OWNER, NOTE)
        await consultations.ask(told.office, _caller(told, "owner"), typed)
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
async def test_each_button_opens_for_whom_it_is(asked: Story, part: str) -> None:
    may, round_id = TABLE[part], str(asked.ward.round_id)
    third = Target(asked.ward.round_id, asked.ward.initiatives[2]).encode()

    for action_id, value in ((LETTER_CONSULT, "1"), (CONSULT_OPEN, third)):
        assert ("ご用件" in await _shown(asked, part, action_id, value)) is may.ask
    for action_id, value in ((LETTER_PLAN_DATE, "1"), (PLAN_DATE_OPEN, round_id)):
        assert ("その日の朝まで" in await _shown(asked, part, action_id, value)) is may.ask
    question = str((await _question(asked)).id)
    assert (NOTE in await _shown(asked, part, CONSULT_ANSWER, question)) is may.coordinate

    asked.go_to("2026-09-24")
    assert ("担当：" in await _shown(asked, part, f"{NUDGE}:0", third)) is may.nudge
    assert ("添える一言" in await _shown(asked, part, NUDGE, round_id)) is may.coordinate
    for value in (round_id, f"{round_id}:0"):
        assert ("宛先" in await _shown(asked, part, LETTER_MAIL, value)) is may.coordinate


@pytest.mark.parametrize("part", TABLE)
async def test_what_is_submitted_is_stored_for_whom_it_is(story: Story, part: str) -> None:
    may, office, caller = TABLE[part], story.office, _caller(story, part)
    third = Target(story.ward.round_id, story.ward.initiatives[2])

    typed = Asked((third,), ConsultationKind.OTHER, "")
    assert await _is_done(consultations.ask(office, caller, typed)) is may.ask
    day = date(2026, 9, 15)
    assert await _is_done(consultations.plan(office, caller, third.round_id, day)) is may.ask
    assert await _stored(story) == ((2, 1) if may.ask else (1, 0))
    number = (await _question(story)).id or 0
    replied = await _is_done(consultations.reply(office, caller, number, TYPED))
    assert replied is may.coordinate
    assert (await _question(story)).answer == (TYPED if may.coordinate else "")

    story.go_to("2026-09-24")
    second = Target(story.ward.round_id, story.ward.initiatives[1])
    assert await _is_done(nudges.send_one(office, caller, second)) is may.nudge
    assert await _nudged(story, "2026-09-24") is may.nudge
    story.go_to("2026-09-25")
    assert await _is_done(nudges.send_all(office, caller, third.round_id, "")) is may.coordinate
    assert await _nudged(story, "2026-09-25") is may.coordinate
    assert await _is_done(mails.open_page(office, caller, Page(third.round_id))) is may.coordinate


@pytest.mark.parametrize("part", ["owner", "manager", "coordinator", "other_coordinator"])
async def test_ids_of_two_wards_mixed_store_nothing(asked: Story, part: str) -> None:
    office, caller = asked.office, _caller(asked, part)
    async with office.database.read() as uow:
        rows = await uow.rounds.all()
    [other] = [each.id or 0 for each in rows if each.id != asked.ward.round_id]
    mixed = Target(other, asked.ward.initiatives[2])
    before = await _stored(asked)

    question = Asked((mixed,), ConsultationKind.OTHER, "")
    assert not await _is_done(consultations.ask(office, caller, question))
    assert not await _is_done(consultations.plan(office, caller, other, date(2026, 9, 15)))
    asked.go_to("2026-09-24")
    assert not await _is_done(nudges.send_one(office, caller, mixed))
    assert await _stored(asked) == before
    assert not await _nudged(asked, "2026-09-24")


async def _settle_without_slack(story: Story) -> None:
    async with story.office.database.begin() as uow:
        item = await add_initiative(uow, story.ward.plan_id, 4)
        await add_ownership(uow, item, await add_person(uow, "高木"))
        await uow.commit()


async def _shown(story: Story, part: str, action_id: str, value: str) -> str:
    modal = await opened(story, part, action_id, value)
    shown = "\n".join([modal.title, modal.visible_text, *map(str, modal.blocks)])
    while (above := story.person(part).modal) is not None:
        await above.close()
    return shown


async def _is_done(act: Coroutine[Any, Any, object]) -> bool:
    try:
        await act
    except KaikakuError:
        return False
    return True


async def _question(story: Story) -> Consultation:
    async with story.office.database.read() as uow:
        row = await uow.consultations.read(1)
    assert row is not None
    return row


async def _stored(story: Story) -> tuple[int, int]:
    """How many questions and named days there are."""
    async with story.office.database.read() as uow:
        rounds = [each.id or 0 for each in await uow.rounds.all()]
        open_ = await uow.consultations.open_in(rounds)
        return len(open_), len(await uow.consultations.planned(rounds))


async def _nudged(story: Story, day: str) -> bool:
    people = story.ward.people.values()
    async with story.office.database.read() as uow:
        return bool(
            await uow.correspondence.written_to(LetterKind.NUDGE, people, date.fromisoformat(day))
        )


def _caller(story: Story, part: str) -> Caller:
    return Caller(story.slack.team_id, story.user(part).id)
