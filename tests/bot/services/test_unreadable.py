"""Marks that a published file lost: read from the paper by the coordinator, and kept."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from bot.clock import SetClock
from bot.domain.checkins import Source
from bot.domain.errors import AccessDenied, InvalidAnswers
from bot.domain.forms.form_files import load_forms
from bot.domain.plans import SheetAnswers, SheetInitiative, SheetPlan
from bot.domain.youshiki3 import FORMS
from bot.services import checkins, histories, unreadable
from bot.services.history_rows import table_of
from bot.services.office import Office
from bot.services.plan_places import ImportOptions
from bot.services.plans import import_plans
from bot.services.viewers import Caller
from bot.sheets.export import ExportFormat, write
from bot.views.checkin_form import Typed
from bot.views.histories import build_history
from bot.views.history_events import FoundBlank, act_words
from bot.views.targets import HistoryTarget
from bot.views.unreadable import Confirmed, TypedMarks, build_confirmed, build_list, read_list
from storage.database import Database
from storage.models import CheckIn, PaperMark, Revision
from tests.bot.views.slack import Screen, assert_modal
from tests.builders import TEAM, Ward, seed_ward

SEPTEMBER = datetime(2026, 9, 10, 1, 42, tzinfo=UTC)


@dataclass
class Desk:
    """あおぞら区 after a published sheet was imported that lost marks."""

    office: Office
    ward: Ward
    sheet: SheetPlan

    async def take_in(self, sheet: SheetPlan | None = None) -> None:
        options = ImportOptions(ward="あおぞら区", year=2026)
        await import_plans(self.office, [sheet or self.sheet], options)

    async def row(self, number: int = 1) -> CheckIn:
        async with self.office.database.read() as uow:
            item = self.ward.initiatives[number - 1]
            found = await uow.check_ins.find(self.ward.plan_id, item, "mid-year")
        assert found is not None
        return found

    async def revisions(self, number: int = 1) -> list[Revision]:
        row = await self.row(number)
        async with self.office.database.read() as uow:
            return await uow.check_ins.revisions([row.id or 0])

    async def marks(self) -> list[PaperMark]:
        ids = [(await self.row(number)).id or 0 for number in (1, 2, 3)]
        async with self.office.database.read() as uow:
            return await uow.unreadable.marks(ids)

    async def confirm(self, said: Mapping[tuple[int, str], str], part: str = "") -> Confirmed:
        """``said`` by the number of the item and the question."""
        marks = {((await self.row(n)).id or 0, key): value for (n, key), value in said.items()}
        typed = TypedMarks(self.ward.unit_id, marks)
        return await unreadable.confirm(self.office, self.caller(part), typed)

    def caller(self, part: str = "") -> Caller:
        return Caller(TEAM, self.ward.accounts[part or "coordinator"])


def sheet(*lost: tuple[Mapping[str, str], tuple[str, ...]]) -> SheetPlan:
    items = tuple(
        SheetInitiative(
            code=str(number),
            position=number,
            number=number,
            title=f"取組その{number}",
            answers={"mid-year": SheetAnswers(values, frozenset(marks))},
        )
        for number, (values, marks) in enumerate(lost, start=1)
    )
    return SheetPlan(form="youshiki3", plan=None, ward=None, fiscal_year=None, initiatives=items)


LOST = sheet(
    ({"attainment": "1"}, ("implementation",)),
    ({}, ("attainment", "implementation")),
    ({"implementation": "i"}, ("attainment", "issues")),
)


@pytest.fixture
async def desk(sqlite_url: str) -> AsyncIterator[Desk]:
    database = Database(sqlite_url)
    yield await _settled(database)
    await database.dispose()


@pytest.fixture
async def each(database: Database) -> Desk:
    """The same on each kind of database."""
    return await _settled(database)


async def _settled(database: Database) -> Desk:
    async with database.begin() as uow:
        ward = await seed_ward(uow)
        await uow.commit()
    clock = SetClock(SEPTEMBER)
    desk = Desk(Office(database, clock, FORMS, clock), ward, LOST)
    await desk.take_in()
    return desk


async def test_what_a_file_lost_is_listed_in_printed_order_for_the_coordinator(each: Desk) -> None:
    found = await unreadable.open_list(each.office, each.caller(), each.ward.unit_id)

    assert [(it.code, [mark.field.key for mark in it.marks]) for it in found.answers] == [
        ("1", ["implementation"]),
        ("2", ["implementation", "attainment"]),
        ("3", ["attainment", "issues"]),
    ]


async def test_a_mark_from_the_paper_is_a_revision_of_the_sheet_with_who_read_it(
    desk: Desk,
) -> None:
    confirmed = await desk.confirm({(1, "implementation"): "i"})

    row, (*_, last) = await desk.row(), await desk.revisions()
    assert row.answers == {"attainment": "1", "implementation": "i"}
    assert (row.unreadable, row.source) == ([], Source.SHEET)
    assert (last.source, last.entered_by) == ("sheet", desk.ward.people["coordinator"])
    assert (last.before, last.after) == ({"attainment": "1"}, row.answers)
    assert (confirmed.saved, confirmed.skipped) == (1, 0)
    assert [each.code for each in confirmed.left.answers] == ["2", "3"]


async def test_what_is_blank_on_the_paper_as_well_is_no_answer_and_not_asked_again(
    desk: Desk,
) -> None:
    await desk.confirm({(2, "implementation"): "", (2, "attainment"): ""})

    row = await desk.row(2)
    assert (row.revision, row.answers, row.unreadable) == (0, {}, [])
    assert [(each.question, each.value) for each in await desk.marks()] == [
        ("implementation", ""),
        ("attainment", ""),
    ]


async def test_who_looked_at_the_paper_stands_in_the_history_of_the_item(desk: Desk) -> None:
    await desk.confirm({(2, "implementation"): "", (2, "attainment"): "1"})
    target = HistoryTarget(desk.ward.round_id, desk.ward.initiatives[1])

    history = await histories.open_history(desk.office, desk.caller("manager"), target)

    assert [(act_words(event), event.name) for event in history.events] == [
        ("紙の資料で確認", "田中"),
        ("紙の資料で確認", "田中"),
    ]
    assert [each.label for each in history.events if isinstance(each, FoundBlank)] == [
        "取組内容の実施見込み"
    ]
    assert "紙でも空欄" in str(build_history(history))
    assert "紙でも空欄" in write(table_of(history), ExportFormat.CSV).decode("utf-8-sig")


async def test_importing_the_same_file_again_asks_for_nothing_that_was_read(each: Desk) -> None:
    await each.confirm(
        {(1, "implementation"): "ii", (2, "implementation"): "", (3, "issues"): "人が少ない。"}
    )
    before = [await each.row(number) for number in (1, 2, 3)]

    await each.take_in()

    assert [await each.row(number) for number in (1, 2, 3)] == before
    assert [row.unreadable for row in before] == [[], ["attainment"], ["attainment"]]
    assert before[2].answers == {"implementation": "i", "issues": "人が少ない。"}


async def test_a_corrected_file_that_has_the_mark_is_believed(desk: Desk) -> None:
    await desk.confirm({(1, "implementation"): "ii"})

    await desk.take_in(sheet(({"attainment": "1", "implementation": "i"}, ())))

    assert (await desk.row()).answers == {"attainment": "1", "implementation": "i"}


async def test_an_answer_given_in_slack_is_never_changed_from_the_paper(desk: Desk) -> None:
    typed = Typed(
        desk.ward.round_id,
        desk.ward.initiatives[0],
        revision=1,
        answers={"implementation": "i", "attainment": "1"},
        complete_state=True,
    )
    await checkins.submit(desk.office, desk.caller("owner"), typed)
    async with desk.office.database.begin() as uow:  # a form may have asked for less
        row = await uow.unreadable.held((await desk.row()).id or 0)
        assert row is not None
        row.unreadable = ["implementation"]
        await uow.check_ins.add(row)
        await uow.commit()
    before = await desk.row()

    confirmed = await desk.confirm({(1, "implementation"): "ii"})

    assert (confirmed.saved, confirmed.skipped) == (0, 1)
    assert await desk.row() == before
    assert "1" not in [each.code for each in confirmed.left.answers]


async def test_sent_twice_it_is_stored_once_and_both_say_so(each: Desk) -> None:
    first = await each.confirm({(1, "implementation"): "i", (2, "attainment"): ""})
    again = await each.confirm({(1, "implementation"): "i", (2, "attainment"): ""})

    assert (first.saved, again.saved, again.skipped) == (2, 2, 0)
    assert len(await each.revisions()) == 2
    assert len(await each.marks()) == 2


async def test_what_another_coordinator_has_read_first_stands(desk: Desk) -> None:
    await desk.confirm({(1, "implementation"): "i"})

    second = await desk.confirm({(1, "implementation"): "ii"})

    assert (second.saved, second.skipped) == (0, 1)
    assert (await desk.row()).answers["implementation"] == "i"


@pytest.mark.parametrize(
    ("key", "said"), [("implementation", "iii"), ("attainment", "2"), ("nothing", "i")]
)
async def test_only_a_lost_mark_takes_one_of_its_own_options(
    desk: Desk, key: str, said: str
) -> None:
    before = await desk.row()

    confirmed = await desk.confirm({(1, key): said})

    assert (confirmed.saved, confirmed.skipped) == (0, 1)
    assert await desk.row() == before


async def test_what_a_manager_confirmed_before_is_no_longer_confirmed(desk: Desk) -> None:
    async with desk.office.database.begin() as uow:
        await uow.check_ins.review((await desk.row()).id or 0, confirmed_level=1)
        await uow.commit()

    await desk.confirm({(1, "implementation"): "i"})

    assert (await desk.row()).confirmed_level == 0


async def test_what_is_published_stands(desk: Desk) -> None:
    async with desk.office.database.begin() as uow:
        row = await uow.rounds.get(desk.ward.round_id)
        assert row is not None
        row.frozen_at = SEPTEMBER
        await uow.rounds.add(row)
        await uow.commit()

    confirmed = await desk.confirm({(1, "implementation"): "i"})

    assert (confirmed.saved, confirmed.skipped) == (0, 1)
    assert "公表済みのため、ここでは変えられないものが3件あります。" in str(
        build_list(confirmed.left)
    )


@pytest.mark.parametrize("part", ["owner", "deputy", "manager", "unit_manager", "observer"])
async def test_nobody_else_opens_the_list_or_answers_it(desk: Desk, part: str) -> None:
    before = await desk.row()

    with pytest.raises(AccessDenied):
        await unreadable.open_list(desk.office, desk.caller(part), desk.ward.unit_id)
    with pytest.raises(AccessDenied):
        await desk.confirm({(1, "implementation"): "i"}, part)

    assert await desk.row() == before


async def test_where_nothing_is_chosen_nothing_is_stored(desk: Desk) -> None:
    with pytest.raises(InvalidAnswers):
        await desk.confirm({})


async def test_the_modal_brings_back_what_was_chosen_and_goes_on(desk: Desk) -> None:
    found = await unreadable.open_list(desk.office, desk.caller(), desk.ward.unit_id)
    screen = Screen(build_list(found))
    screen.enter("取組内容の実施見込み", "(i) 実施見込み")

    typed = read_list({**screen.view, "state": {"values": screen.form.snapshot()}})
    confirmed = await unreadable.confirm(desk.office, desk.caller(), typed)
    after = build_confirmed(confirmed, typed)

    assert_modal(after)
    assert "*1件を保存しました。*" in str(after)
    assert "最初から表示しています" in str(after)
    assert (await desk.row()).answers["implementation"] == "i"


async def test_what_is_said_of_the_whole_unit_is_read_from_the_paper_as_well(
    sqlite_url: str,
) -> None:
    database, forms = Database(sqlite_url), load_forms()
    async with database.begin() as uow:
        ward = await seed_ward(uow, plan={"form": "outcome"}, stage="year-end")
        row = await uow.check_ins.locked(ward.plan_id, None, "year-end", SEPTEMBER)
        row.unreadable, row.source = ["overall", "next"], "sheet"
        await uow.check_ins.add(row)
        await uow.commit()
    clock = SetClock(SEPTEMBER)
    desk = Desk(Office(database, clock, forms, clock), ward, LOST)
    typed = TypedMarks(
        ward.unit_id, {(row.id or 0, "overall"): "おおむね進んだ。", (row.id or 0, "next"): ""}
    )

    confirmed = await unreadable.confirm(desk.office, desk.caller(), typed)

    async with database.read() as uow:
        stored = await uow.check_ins.find(ward.plan_id, None, "year-end")
    await database.dispose()
    assert stored is not None
    assert (stored.answers, stored.unreadable) == ({"overall": "おおむね進んだ。"}, [])
    assert (confirmed.saved, confirmed.left.answers) == (2, ())


async def test_145_answers_are_read_page_by_page(desk: Desk) -> None:
    await desk.take_in(sheet(*([({}, ("implementation", "attainment"))] * 145)))
    found = await unreadable.open_list(desk.office, desk.caller(), desk.ward.unit_id)
    seen: list[int] = []

    for start in range(0, 145, 8):
        view = build_list(found, start)
        assert_modal(view)
        seen += read_list({**view, "state": {"values": {}}}).shown

    assert seen == [each.check_in_id for each in found.answers]
