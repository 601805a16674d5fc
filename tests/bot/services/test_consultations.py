"""What an owner may ask instead of answering, and what the coordinator says to it."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from bot.clock import SetClock
from bot.domain.consultations import ConsultationKind
from bot.domain.errors import AccessDenied, EntryClosed, InvalidAnswers
from bot.domain.youshiki3 import FORMS
from bot.services import checkins, consultations
from bot.services.office import Office
from bot.services.viewers import Caller
from bot.views.checkin_form import Typed
from bot.views.consultations import Asked
from bot.views.targets import Target
from storage.database import Database
from storage.models import Consultation
from tests.builders import TEAM, Ward, seed_ward
from tests.databases import EACH_KIND, EITHER_KIND

pytestmark = EITHER_KIND

GOOD = {"implementation": "i", "attainment": "1"}
NOTE = "窓口サービス課の方だと思います。"


@pytest.fixture
def clock() -> SetClock:
    return SetClock(datetime(2026, 9, 10, 1, 42, tzinfo=UTC))


@pytest.fixture
def office(database: Database, clock: SetClock) -> Office:
    return Office(database, clock, FORMS, clock)


@pytest.fixture
async def ward(database: Database) -> Ward:
    async with database.begin() as uow:
        seeded = await seed_ward(uow)
        await uow.commit()
    return seeded


def who(ward: Ward, part: str) -> Caller:
    return Caller(TEAM, ward.accounts[part])


def asked(ward: Ward, *numbers: int, kind: ConsultationKind | None = None) -> Asked:
    targets = tuple(Target(ward.round_id, ward.initiatives[number - 1]) for number in numbers)
    return Asked(targets, kind or ConsultationKind.WRONG_OWNER, NOTE)


async def waiting(office: Office, ward: Ward) -> list[Consultation]:
    async with office.database.read() as uow:
        return await uow.consultations.open_in([ward.round_id])


async def test_an_owner_asks_about_the_items_that_wait_for_an_answer(
    office: Office, ward: Ward
) -> None:
    about = Target(ward.round_id, ward.initiatives[0])
    typed = Typed(about.round_id, about.initiative_id, 0, GOOD, complete_state=True)
    await checkins.submit(office, who(ward, "owner"), typed)

    asking = await consultations.open_ask(office, who(ward, "owner"))
    await consultations.ask(office, who(ward, "owner"), asked(ward, 2, 3))

    assert [item.code for _, item in asking.items] == ["2", "3"]
    stored = await waiting(office, ward)
    assert [each.initiative_id for each in stored] == list(ward.initiatives[1:])
    assert {(each.person_id, each.kind, each.note) for each in stored} == {
        (ward.owner, "wrong-owner", NOTE)
    }


async def test_asking_twice_is_asking_once_until_it_is_answered(office: Office, ward: Ward) -> None:
    for _ in range(2):
        await consultations.ask(office, who(ward, "owner"), asked(ward, 1))
    [first] = await waiting(office, ward)

    await consultations.reply(office, who(ward, "coordinator"), first.id or 0, "直しました。")
    assert await waiting(office, ward) == []
    await consultations.ask(office, who(ward, "owner"), asked(ward, 1))

    assert len(await waiting(office, ward)) == 1


async def test_nothing_is_asked_about_items_of_others(office: Office, ward: Ward) -> None:
    for part in ("manager", "coordinator", "observer"):
        with pytest.raises(EntryClosed):
            await consultations.open_ask(office, who(ward, part))
        with pytest.raises(AccessDenied):
            await consultations.ask(office, who(ward, part), asked(ward, 1))
    assert await waiting(office, ward) == []


async def test_every_gap_is_said_under_its_field(office: Office, ward: Ward) -> None:
    with pytest.raises(InvalidAnswers) as refused:
        await consultations.ask(office, who(ward, "owner"), Asked((), None, NOTE))

    assert set(refused.value.faults) == {"about:0", "kind"}


@pytest.mark.parametrize("part", ["owner", "deputy", "manager", "unit_manager", "observer"])
async def test_only_the_coordinator_reads_and_answers(
    office: Office, ward: Ward, part: str
) -> None:
    await consultations.ask(office, who(ward, "owner"), asked(ward, 1))
    [question] = await waiting(office, ward)

    with pytest.raises(AccessDenied):
        await consultations.open_reply(office, who(ward, part), question.id or 0)
    with pytest.raises(AccessDenied):
        await consultations.reply(office, who(ward, part), question.id or 0, "はい。")
    assert len(await waiting(office, ward)) == 1


async def test_an_answer_is_given_once(office: Office, ward: Ward) -> None:
    await consultations.ask(office, who(ward, "owner"), asked(ward, 1))
    [question] = await waiting(office, ward)
    coordinator = who(ward, "coordinator")
    with pytest.raises(InvalidAnswers):
        await consultations.reply(office, coordinator, question.id or 0, "")

    await consultations.reply(office, coordinator, question.id or 0, "担当を直しました。")

    with pytest.raises(EntryClosed):
        await consultations.reply(office, coordinator, question.id or 0, "もう一度。")


# --- planned dates -------------------------------------------------------------------------------


@EACH_KIND
async def test_a_day_up_to_the_due_date_may_be_named_and_named_anew(
    office: Office, ward: Ward
) -> None:
    for day in (date(2026, 9, 15), date(2026, 9, 18)):
        await consultations.plan(office, who(ward, "owner"), ward.round_id, day)

    async with office.database.read() as uow:
        planned = await uow.consultations.planned([ward.round_id])
    assert planned == {(ward.round_id, ward.owner): date(2026, 9, 18)}


@pytest.mark.parametrize(
    "day",
    [None, date(2026, 9, 10), date(2026, 9, 12), date(2026, 9, 24)],
    ids=["none", "today", "a Saturday", "after the due date"],
)
async def test_another_day_may_not(office: Office, ward: Ward, day: date | None) -> None:
    with pytest.raises(InvalidAnswers):
        await consultations.plan(office, who(ward, "owner"), ward.round_id, day)


async def test_after_the_due_date_no_day_is_offered(
    office: Office, ward: Ward, clock: SetClock
) -> None:
    clock.instant = datetime(2026, 9, 24, 1, 0, tzinfo=UTC)

    with pytest.raises(EntryClosed):
        await consultations.open_plan(office, who(ward, "owner"))
