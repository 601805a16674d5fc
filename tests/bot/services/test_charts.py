"""The numbers behind the pictures: what each person may see, in the order that everybody keeps."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from bot.clock import SetClock
from bot.domain.charts import Chart, Figure
from bot.domain.errors import AccessDenied, NotFound
from bot.domain.people import Role
from bot.domain.youshiki3 import FORMS
from bot.services import charts, checkins, confirmations
from bot.services.office import Office
from bot.services.viewers import Caller
from bot.views.charts import Charts, alternative
from bot.views.checkin_form import Typed
from bot.views.targets import AllTarget, Target
from storage.database import Database
from storage.models import CheckIn
from tests.builders import (
    TEAM,
    Ward,
    add_grant,
    add_initiative,
    add_ownership,
    add_person,
    add_plan,
    add_section,
    add_unit,
    seed_ward,
)
from tests.databases import EITHER_KIND

pytestmark = EITHER_KIND

GOOD = {"implementation": "i", "attainment": "1"}
BAD = {"implementation": "i", "attainment": "2", "issues": "参加が少ない。周知を増やす。"}


@pytest.fixture
def clock() -> SetClock:
    return SetClock(datetime(2026, 9, 10, 1, 42, tzinfo=UTC))


@pytest.fixture
def office(database: Database, clock: SetClock) -> Office:
    return Office(database, clock, FORMS, clock)


@pytest.fixture
async def ward(database: Database, office: Office, clock: SetClock) -> Ward:
    """Item 4 is of another section than 1 to 3; 1 is ② since the 3rd, 2 is ① since the 5th."""
    async with database.begin() as uow:
        ward = await seed_ward(uow)
        row = await uow.rounds.get(ward.round_id)
        assert row is not None
        row.levels = 1
        other = await add_section(uow, ward.unit_id, "市民協働課")
        fourth = await add_initiative(uow, ward.plan_id, 4)
        neighbour = await add_person(uow, "隣", account="UNEXT")
        await add_ownership(uow, fourth, neighbour, section_id=other)
        await uow.commit()
    clock.instant = datetime(2026, 9, 3, 1, 0, tzinfo=UTC)
    await answer(office, ward, ward.initiatives[0], BAD)
    clock.instant = datetime(2026, 9, 5, 1, 0, tzinfo=UTC)
    await answer(office, ward, ward.initiatives[1], GOOD)
    await confirmations.confirm(
        office, who(ward, "manager"), Target(ward.round_id, ward.initiatives[1]), 1
    )
    clock.instant = datetime(2026, 9, 10, 1, 42, tzinfo=UTC)
    return ward


async def answer(office: Office, ward: Ward, item: int, answers: dict[str, str]) -> None:
    typed = Typed(ward.round_id, item, 0, answers=answers, complete_state=True)
    await checkins.submit(office, who(ward, "owner"), typed)


def who(ward: Ward, part: str) -> Caller:
    return Caller(TEAM, ward.accounts[part])


def figure(found: Charts, chart: Chart) -> Figure:
    return next(each for each in found.figures if each.chart is chart)


def numbers(shown: Figure) -> dict[str, tuple[int | None, ...]]:
    return {each.name: each.values for each in shown.series}


async def test_progress_counts_each_item_from_the_day_on_which_it_was_first_in(
    office: Office, ward: Ward
) -> None:
    shown = figure(
        await charts.of_round(office, who(ward, "coordinator"), ward.round_id), Chart.PROGRESS
    )

    assert (shown.labels[0], shown.labels[-1], shown.total) == ("9月1日", "9月10日", 4)
    assert numbers(shown) == {
        "入力済": (0, 0, 1, 1, 2, 2, 2, 2, 2, 2),
        "確認済": (0, 0, 0, 0, 1, 1, 1, 1, 1, 1),
    }
    assert shown.marked is None  # the due date is to come


async def test_the_due_date_is_marked_once_it_has_come(
    office: Office, ward: Ward, clock: SetClock
) -> None:
    clock.instant = datetime(2026, 11, 1, 1, 0, tzinfo=UTC)

    shown = figure(await charts.of_round(office, who(ward, "owner"), ward.round_id), Chart.PROGRESS)

    assert (shown.labels[-1], shown.mark) == ("10月5日", "入力期限 9月18日(金)")
    assert shown.marked is not None
    assert shown.labels[shown.marked] == "9月18日"


async def test_who_reads_all_sees_the_marks_of_each_section(office: Office, ward: Ward) -> None:
    found = await charts.of_round(office, who(ward, "unit_manager"), ward.round_id)

    shown = figure(found, Chart.SECTIONS)
    assert shown.labels == ("保健福祉課", "市民協働課")
    assert numbers(shown) == {"①": (1, 0), "②": (1, 0), "未入力": (1, 1)}


async def test_marks_of_a_section_are_not_shown_to_who_may_not_read_all_of_it(
    office: Office, ward: Ward
) -> None:
    chief = await charts.of_round(office, who(ward, "manager"), ward.round_id)
    neighbour = await charts.of_round(office, Caller(TEAM, "UNEXT"), ward.round_id)
    observer = await charts.of_round(office, who(ward, "observer"), ward.round_id)

    assert figure(chief, Chart.SECTIONS).labels == ("保健福祉課", "その他")
    assert figure(neighbour, Chart.SECTIONS).labels == ("市民協働課", "その他")
    assert figure(observer, Chart.SECTIONS).labels == ("あおぞら区",)


async def test_last_years_answers_stand_beside_this_years_also_without_a_round(
    office: Office, ward: Ward, database: Database
) -> None:
    async with database.begin() as uow:
        before = await add_plan(uow, ward.unit_id, year=2025)
        item = await add_initiative(uow, before)
        row = CheckIn(
            plan_id=before,
            initiative_id=item,
            stage="mid-year",
            revision=1,
            answers=BAD,
            unreadable=[],
            source="sheet",
            at=datetime(2026, 4, 1, tzinfo=UTC),
        )
        await uow.check_ins.add(row)
        await uow.commit()

    found = await charts.of_round(office, who(ward, "coordinator"), ward.round_id)

    shown = figure(found, Chart.YEARS)
    assert shown.labels == ("令和8年度", "令和7年度")
    assert numbers(shown) == {"①": (1, 0), "②": (1, 1), "未入力": (2, 0)}


async def test_where_nothing_was_in_last_year_there_is_no_comparison(
    office: Office, ward: Ward
) -> None:
    found = await charts.of_round(office, who(ward, "coordinator"), ward.round_id)

    assert [each.chart for each in found.figures] == [Chart.PROGRESS, Chart.SECTIONS]


async def test_all_units_stand_in_official_order_with_what_this_person_may_see(
    office: Office, ward: Ward
) -> None:
    everywhere = await charts.of_units(office, who(ward, "observer"), AllTarget())
    own = await charts.of_units(office, who(ward, "owner"), AllTarget())

    [shown], [one] = everywhere.figures, own.figures
    assert (len(shown.labels), shown.labels[0], shown.labels[-2:]) == (
        25,
        "北区",
        ("西成区", "あおぞら区"),
    )
    assert {each.values[0] for each in shown.series} == {None}
    assert [(each.name, each.values[-1]) for each in shown.series] == [
        ("確認済", 1),
        ("入力済(対象外を含む)", 1),
        ("差し戻し", 0),
        ("未入力", 2),
    ]
    assert one.labels == ("あおぞら区",)


async def test_people_of_other_units_see_no_picture(
    office: Office, ward: Ward, database: Database
) -> None:
    async with database.begin() as uow:
        unit = await add_unit(uow, code="hikari", name="ひかり区", kana="ひかりく", position=26)
        person = await add_person(uow, "別", account="UOTHER")
        await add_grant(uow, person, Role.COORDINATOR, unit)
        await uow.commit()

    for account in ("UOTHER", "UNOBODY"):
        with pytest.raises(AccessDenied):
            await charts.of_round(office, Caller(TEAM, account), ward.round_id)
    with pytest.raises(NotFound):
        await charts.of_round(office, who(ward, "owner"), 999_999)


async def test_the_words_beside_a_picture_say_every_number_of_it(
    office: Office, ward: Ward
) -> None:
    found = await charts.of_round(office, who(ward, "coordinator"), ward.round_id)
    picture = await charts.picture(found, Chart.SECTIONS)

    assert picture.content.startswith(b"\x89PNG")
    assert picture.name == "あおぞら区_令和8年度_中間振り返り_課ごと.png"
    assert "保健福祉課：① 1 ・ ② 1 ・ 未入力 1(計3)" in picture.alt
    assert "市民協働課：① 0 ・ ② 0 ・ 未入力 1(計1)" in picture.comment
    with pytest.raises(NotFound):
        await charts.picture(found, Chart.YEARS)


async def test_24_wards_fit_into_what_stands_for_the_picture(office: Office, ward: Ward) -> None:
    found = await charts.of_units(office, who(ward, "observer"), AllTarget())

    assert len(alternative(found.figures[0])) <= 1000


async def test_before_the_round_opens_there_is_no_progress(
    office: Office, ward: Ward, clock: SetClock
) -> None:
    clock.instant = datetime(2026, 8, 31, 1, 0, tzinfo=UTC)

    found = await charts.of_round(office, who(ward, "coordinator"), ward.round_id)

    assert Chart.PROGRESS not in [each.chart for each in found.figures]
    assert date(2026, 8, 31) == office.today()
