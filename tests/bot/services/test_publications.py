"""Publishing a round: nothing but a coordinator's correction changes it afterwards."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from bot.clock import SetClock
from bot.domain.checkins import State
from bot.domain.errors import AccessDenied, EntryClosed, InvalidAnswers
from bot.domain.forms.form_files import load_forms
from bot.domain.people import Role
from bot.domain.plans import SheetAnswers, SheetInitiative, SheetPlan
from bot.domain.publications import Announcement, Gap, gaps_of
from bot.domain.rounds import RoundDates
from bot.domain.youshiki3 import FORMS
from bot.services import (
    checkins,
    confirmations,
    exemptions,
    histories,
    publications,
    reminders,
    retention,
    reviews,
    round_state,
    rounds,
    status,
    unreadable,
)
from bot.services.checkins import Stored
from bot.services.corrections import corrections_in
from bot.services.office import Office
from bot.services.plan_places import ImportOptions
from bot.services.plans import import_plans
from bot.services.rounds import RoundSettings
from bot.services.viewers import Caller
from bot.views import publications as views
from bot.views.checkin_form import Entry, Typed
from bot.views.confirmations import SentBack
from bot.views.exemptions import TypedExempt
from bot.views.history_events import act_words
from bot.views.targets import HistoryTarget, PageTarget, Target
from storage.database import Database
from tests.builders import (
    TEAM,
    Ward,
    add_grant,
    add_indicator,
    add_initiative,
    add_person,
    add_round,
    add_unit,
    seed_ward,
)
from tests.databases import EACH_KIND, EITHER_KIND

pytestmark = EITHER_KIND

GOOD = {"implementation": "i", "attainment": "1"}
BAD = {"implementation": "i", "attainment": "2", "issues": "周知を増やす。"}
YEAR_END = RoundDates(date(2027, 4, 7), date(2027, 5, 14), date(2027, 5, 20), date(2027, 6, 7))
WANTED = Announcement("総務第123号", date(2026, 10, 5), "https://www.example.jp/plan.html")


@dataclass
class Told:
    """あおぞら区 on 2 October: items 1 and 2 are in, item 3 is not; one manager confirms."""

    office: Office
    clock: SetClock
    ward: Ward

    def who(self, part: str) -> Caller:
        return Caller(TEAM, self.ward.accounts[part])

    def item(self, number: int) -> Target:
        return Target(self.ward.round_id, self.ward.initiatives[number - 1])

    async def answer(
        self, part: str, number: int, answers: dict[str, str], *, base: int = 0, reason: str = ""
    ) -> Any:
        about = self.item(number)
        typed = Typed(
            about.round_id,
            about.initiative_id,
            base,
            answers=answers,
            reason=reason,
            complete_state=True,
        )
        return await checkins.submit(self.office, self.who(part), typed)

    async def publish(
        self, part: str = "coordinator", wanted: Announcement = WANTED, *, anyway: bool = True
    ) -> publications.Done:
        who, round_id = self.who(part), self.ward.round_id
        return await publications.publish(self.office, who, round_id, wanted, anyway=anyway)

    async def rows(self, query: str) -> list[Any]:
        async with self.office.database.read() as uow:
            return list(
                await uow._connection.run_sync(lambda each: each.execute(text(query)).fetchall())
            )

    async def state(self) -> round_state.RoundState:
        async with self.office.database.read() as uow:
            found = await round_state.load_by_id(
                uow, self.ward.round_id, today=self.office.today(), forms=self.office.forms
            )
        assert found is not None
        return found


@pytest.fixture
async def told(database: Database) -> Told:
    clock = SetClock(datetime(2026, 9, 10, 1, 42, tzinfo=UTC))
    office = Office(database, clock, FORMS, clock)
    async with database.begin() as uow:
        ward = await seed_ward(uow)
        row = await uow.rounds.get(ward.round_id)
        assert row is not None
        row.levels = 1
        await uow.commit()
    made = Told(office, clock, ward)
    await made.answer("owner", 1, GOOD)
    await made.answer("owner", 2, BAD)
    await confirmations.confirm(office, made.who("manager"), made.item(1), 1)
    clock.instant = datetime(2026, 10, 2, 1, 0, tzinfo=UTC)
    return made


async def test_what_is_missing_is_listed_by_kind_and_item(told: Told) -> None:
    found = await publications.open_form(told.office, told.who("coordinator"), told.ward.round_id)

    assert found.gaps.codes == {Gap.UNANSWERED: ("3",), Gap.UNCONFIRMED: ("2",)}
    assert found.recorded is None


async def test_provisional_and_undetermined_figures_and_lost_marks_are_listed(
    told: Told,
) -> None:
    [item, *_] = (await told.state()).items
    statuses = [
        replace(item.status, initiative_id=1, code="1", provisional=True),
        replace(item.status, initiative_id=2, code="2", provisional=True, undetermined=True),
        replace(item.status, initiative_id=3, code="3"),
    ]
    found = gaps_of(statuses, {3: True}, levels=0)

    assert found.codes == {
        Gap.PROVISIONAL: ("1",),
        Gap.UNDETERMINED: ("2",),
        Gap.UNREADABLE: ("3",),
    }


async def test_a_mark_that_a_file_lost_is_missing_also_where_nothing_else_was_in_it(
    told: Told,
) -> None:
    async with told.office.database.begin() as uow:
        about, now = told.ward.initiatives[2], told.office.now()
        row = await uow.check_ins.locked(told.ward.plan_id, about, "mid-year", now)
        row.unreadable, row.source = ["attainment"], "sheet"
        await uow.check_ins.add(row)
        await uow.commit()

    found = await publications.open_form(told.office, told.who("coordinator"), told.ward.round_id)

    assert found.gaps.codes[Gap.UNREADABLE] == ("3",)


@EACH_KIND
async def test_a_mark_that_an_earlier_review_of_the_form_has_lost_is_missing_until_it_is_published(
    told: Told,
) -> None:
    async with told.office.database.begin() as uow:
        row = await uow.check_ins.locked(
            told.ward.plan_id, told.ward.initiatives[1], "mid-year", told.office.now()
        )
        row.unreadable = ["implementation"]
        await uow.check_ins.add(row)
        later = await add_round(uow, told.ward.plan_id, "year-end", dates=YEAR_END)
        await uow.commit()
    told.clock.instant = datetime(2027, 6, 1, 1, 0, tzinfo=UTC)

    before = await publications.open_form(told.office, told.who("coordinator"), later)
    await told.publish(wanted=replace(WANTED, published_on=date(2027, 6, 1)))
    after = await publications.open_form(told.office, told.who("coordinator"), later)

    assert before.gaps.codes[Gap.UNREADABLE] == ("2",)
    assert Gap.UNREADABLE not in after.gaps.codes


async def test_what_is_missing_is_published_only_when_somebody_says_so(told: Told) -> None:
    with pytest.raises(InvalidAnswers) as refused:
        await told.publish(anyway=False)

    assert set(refused.value.faults) == {views.ANYWAY}
    assert await told.rows("SELECT * FROM publication") == []
    assert (await told.state()).round.frozen is False


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        (Announcement("", date(2026, 10, 5)), views.NUMBER),
        (Announcement("1", date(2026, 9, 1)), views.DAY),  # the day on which it opened
        (Announcement("1", date(2027, 10, 5)), views.DAY),
        (Announcement("1", date(2026, 10, 5), "javascript:alert(1)"), views.ADDRESS),
    ],
)
async def test_a_slip_of_the_hand_is_refused_under_its_field(
    told: Told, wanted: Announcement, field: str
) -> None:
    with pytest.raises(InvalidAnswers) as refused:
        await told.publish(wanted=wanted)

    assert set(refused.value.faults) == {field}
    assert not (await told.state()).round.frozen


@pytest.mark.parametrize("part", ["owner", "deputy", "manager", "unit_manager", "observer"])
async def test_only_the_coordinator_publishes(told: Told, part: str) -> None:
    with pytest.raises(AccessDenied):
        await told.publish(part)
    with pytest.raises(AccessDenied):
        await publications.open_form(told.office, told.who(part), told.ward.round_id)

    assert not (await told.state()).round.frozen


async def test_the_coordinator_of_another_ward_publishes_nothing_here(told: Told) -> None:
    async with told.office.database.begin() as uow:
        other = await add_unit(uow, code="hikari", name="ひかり区", kana="ひかりく", position=26)
        person = await add_person(uow, "他区", account="UOTHER")
        await add_grant(uow, person, Role.COORDINATOR, other)
        await uow.commit()
    stranger = Caller(TEAM, "UOTHER")

    with pytest.raises(AccessDenied):
        await publications.publish(told.office, stranger, told.ward.round_id, WANTED, anyway=True)
    assert not (await told.state()).round.frozen


async def test_a_round_that_is_published_takes_no_answer_of_its_owner(told: Told) -> None:
    await told.publish()

    for number, answers in ((1, BAD), (3, GOOD)):
        with pytest.raises(EntryClosed, match="公表済み"):
            await told.answer("owner", number, answers, base=1 if number == 1 else 0)
        with pytest.raises(EntryClosed, match="公表済み"):
            await checkins.open_item(told.office, told.who("owner"), told.item(number))
    assert len(await told.rows("SELECT * FROM revision")) == 2


async def test_nothing_is_confirmed_or_sent_back_once_it_is_published(told: Told) -> None:
    await told.publish()

    with pytest.raises(EntryClosed):
        await confirmations.confirm(told.office, told.who("manager"), told.item(2), 1)
    wish = SentBack(told.item(2), 1, "数値を確かめてください。", date(2026, 10, 5))
    with pytest.raises(EntryClosed):
        await confirmations.send_back(told.office, told.who("manager"), wish)
    _, waiting = await reviews.waiting(told.office, told.who("manager"), told.ward.round_id)
    assert waiting == []
    assert len(await told.rows("SELECT * FROM decision")) == 1


async def test_neither_dates_nor_exemptions_change_it(told: Told) -> None:
    await told.publish()
    async with told.office.database.read() as uow:
        unit = await uow.units.get(told.ward.unit_id)
    assert unit is not None

    settings = RoundSettings(closes=date(2026, 11, 1), publishes=date(2026, 11, 5))
    with pytest.raises(EntryClosed):
        await rounds.set_round(
            told.office, unit, year=2026, stage_key="mid-year", settings=settings
        )
    ticked = TypedExempt(told.ward.round_id, told.ward.initiatives, "")
    with pytest.raises(EntryClosed):
        await exemptions.exempt(told.office, told.who("coordinator"), ticked)
    assert len(await told.rows("SELECT * FROM revision")) == 2


async def test_it_asks_nobody_for_anything_any_more(told: Told) -> None:
    await told.publish()

    for day in (5, 9):
        at = datetime(2026, 10, day, 1, 0, tzinfo=UTC)
        async with told.office.database.read() as uow:
            assert await reminders.decide(uow, at=at, forms=told.office.forms) == ()


async def test_a_correction_is_the_coordinators_and_comes_with_a_reason(told: Told) -> None:
    await told.publish()
    told.clock.instant = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)

    entry = await checkins.open_item(told.office, told.who("coordinator"), told.item(1))
    assert isinstance(entry, Entry)
    assert entry.published
    assert entry.reason_required
    with pytest.raises(InvalidAnswers) as refused:
        await told.answer("coordinator", 1, BAD, base=1)
    assert set(refused.value.faults) == {"reason"}
    stored = await told.answer("coordinator", 1, BAD, base=1, reason="集計の誤り。")
    assert isinstance(stored, Stored)

    async with told.office.database.read() as uow:
        found = await corrections_in(uow, await told.state())
    assert [(each.code, each.before, each.after, each.reason) for each in found] == [
        ("1", "① 達成見込み", "② 達成できない見込み", "集計の誤り。"),
        ("1", "", "周知を増やす。", "集計の誤り。"),
    ]
    assert {each.on for each in found} == {date(2026, 11, 20)}
    # Nobody is asked to confirm it: what was decided was decided.
    assert [
        row.published
        for row in await told.rows("SELECT published FROM check_in ORDER BY initiative_id")
    ] == [1, 1, 0]
    _, waiting = await reviews.waiting(told.office, told.who("manager"), told.ward.round_id)
    assert waiting == []


async def test_an_item_published_without_an_answer_can_be_corrected_too(told: Told) -> None:
    await told.publish()

    await told.answer("coordinator", 3, GOOD, reason="入力漏れ。")

    async with told.office.database.read() as uow:
        found = await corrections_in(uow, await told.state())
    assert {(each.code, each.before) for each in found} == {("3", "")}


@EACH_KIND
async def test_the_same_again_changes_nothing_and_another_number_is_put_right(
    told: Told,
) -> None:
    await told.publish()
    await told.publish()
    await told.publish(wanted=Announcement("総務第124号", date(2026, 10, 6)))

    rows = await told.rows("SELECT decision_number, address FROM publication")
    assert [tuple(row) for row in rows] == [("総務第124号", "")]
    acts = await told.rows("SELECT action FROM audit_entry WHERE action LIKE 'round.publish%'")
    assert [row.action for row in acts] == ["round.publish", "round.publish.amend"]
    assert (await told.state()).round.dates.publishes == date(2026, 10, 6)


async def test_what_joins_the_plan_later_is_no_part_of_it(told: Told) -> None:
    await told.publish()
    async with told.office.database.begin() as uow:
        await add_initiative(uow, told.ward.plan_id, 4)
        await uow.commit()

    shown = await status.of_page(
        told.office, told.who("coordinator"), PageTarget(told.ward.round_id)
    )
    assert [item.code for item in shown.items] == ["1", "2", "3"]
    assert shown.counts.waiting == 0


async def test_an_indicator_that_joins_an_item_later_is_no_part_of_it(database: Database) -> None:
    clock = SetClock(datetime(2026, 10, 2, 1, 0, tzinfo=UTC))
    office = Office(database, clock, load_forms(), clock)
    async with database.begin() as uow:
        ward = await seed_ward(uow, initiatives=1, plan={"form": "outcome"}, stage="year-end")
        about = await add_indicator(uow, ward.initiatives[0])
        row = await uow.check_ins.locked(
            ward.plan_id, ward.initiatives[0], "year-end", office.now()
        )
        row.revision, row.source = 1, "sheet"
        row.answers = {f"result@{about}": "80%", f"attainment@{about}": "A"}
        await uow.check_ins.add(row)
        await uow.commit()
    told = Told(office, clock, ward)
    await told.publish()
    before = [each.state for each in (await told.state()).statuses]

    async with database.begin() as uow:
        await add_indicator(uow, ward.initiatives[0], 2, "会場の数")
        await uow.commit()

    after = await told.state()
    assert [each.state for each in after.statuses] == before
    assert before[0] is State.SUBMITTED
    assert [each.about for each in after.items[0].fields] == [str(about)] * 2


async def test_an_answer_on_its_way_comes_before_publication_or_not_at_all(told: Told) -> None:
    """Whoever is first: what was published says which revision it was."""
    results = await asyncio.gather(
        told.answer("coordinator", 3, GOOD, reason="電話で確認。"),
        told.publish(),
        return_exceptions=True,
    )

    assert not isinstance(results[1], BaseException)
    [row] = await told.rows(
        f"SELECT revision, published FROM check_in WHERE initiative_id = {told.ward.initiatives[2]}"
    )
    refused = isinstance(results[0], EntryClosed)
    assert tuple(row) == (0, 0) if refused else tuple(row) in {(1, 1), (1, 0)}


async def test_what_is_printed_of_an_earlier_review_stands_as_it_was_published(told: Told) -> None:
    async with told.office.database.begin() as uow:
        lost = await uow.check_ins.locked(
            told.ward.plan_id, told.ward.initiatives[2], "mid-year", told.office.now()
        )
        lost.unreadable, lost.source = ["attainment"], "sheet"
        await uow.check_ins.add(lost)
        later = await add_round(uow, told.ward.plan_id, "year-end", dates=YEAR_END)
        await uow.commit()
    told.clock.instant = datetime(2027, 6, 1, 1, 0, tzinfo=UTC)
    wanted = Announcement("総務第7号", date(2027, 6, 7))
    coordinator = told.who("coordinator")
    await publications.publish(told.office, coordinator, later, wanted, anyway=True)

    other = SheetAnswers({"implementation": "ii", "attainment": "1"})
    for number in (1, 3):
        sheet = SheetPlan(
            form="youshiki3",
            plan=None,
            ward="あおぞら区",
            fiscal_year=2026,
            initiatives=(
                SheetInitiative(str(number), number, number, "題", answers={"mid-year": other}),
            ),
        )
        (result,) = await import_plans(told.office, [sheet], ImportOptions())
        assert result.changes.answers == 0
    with pytest.raises(EntryClosed):
        await told.answer("coordinator", 2, GOOD, base=1, reason="直す。")
    (mark,) = (await unreadable.open_list(told.office, coordinator, told.ward.unit_id)).answers

    assert mark.frozen
    rows = await told.rows("SELECT revision FROM check_in WHERE stage = 'mid-year' ORDER BY id")
    assert [revision for (revision,) in rows] == [1, 1, 0]


@EACH_KIND
async def test_an_earlier_review_that_still_takes_answers_is_not_held(told: Told) -> None:
    async with told.office.database.begin() as uow:
        later = await add_round(uow, told.ward.plan_id, "year-end", dates=YEAR_END)
        row = await uow.rounds.get(told.ward.round_id)
        assert row is not None
        row.due = row.closes = date(2027, 6, 3)
        await uow.rounds.add(row)
        await uow.commit()
    told.clock.instant = datetime(2027, 6, 1, 1, 0, tzinfo=UTC)
    wanted = Announcement("総務第7号", date(2027, 6, 7))

    await publications.publish(told.office, told.who("coordinator"), later, wanted, anyway=True)
    stored = await told.answer("owner", 3, GOOD)

    assert isinstance(stored, Stored)


async def test_before_it_has_begun_nothing_is_published(told: Told) -> None:
    told.clock.instant = datetime(2026, 9, 1, 1, 0, tzinfo=UTC)

    with pytest.raises(EntryClosed):
        await told.publish()


async def test_the_plan_of_that_moment_is_kept(told: Told) -> None:
    await told.publish()

    async with told.office.database.read() as uow:
        row = await uow.publications.of(told.ward.round_id)
    assert row is not None
    titles = [each["title"] for each in row.content["initiatives"]]
    assert titles == ["取組その1", "取組その2", "取組その3"]
    assert row.gaps == {"unanswered": ["3"], "unconfirmed": ["2"]}
    assert row.at - told.clock.instant < timedelta(seconds=1)


@EACH_KIND
async def test_publication_and_correction_stand_in_the_history_of_the_item(told: Told) -> None:
    await told.publish()
    told.clock.instant = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
    await told.answer("coordinator", 1, BAD, base=1, reason="集計の誤り。")

    target = HistoryTarget(told.ward.round_id, told.ward.initiatives[0])
    history = await histories.open_history(told.office, told.who("owner"), target)
    table = await histories.of_item(told.office, "あおぞら区", "1", year=2026)

    assert [act_words(event) for event in history.events] == [
        "入力",
        "確認(課長)",
        "公表の記録",
        "公表後の修正",
    ]
    acts = [row[6] for row in table.rows]
    assert acts == ["入力", "入力", "確認(課長)", "公表の記録", "公表後の修正", "公表後の修正"]
    assert table.rows[3][14] == "決裁番号：総務第123号、公表日：2026-10-05"
    assert "集計の誤り。" in str(table.record)


@EACH_KIND
async def test_a_disposal_takes_what_was_published_with_it(told: Told) -> None:
    await told.publish()
    told.clock.instant = datetime(2032, 4, 1, 1, 0, tzinfo=UTC)

    await retention.dispose(told.office, told.who("coordinator"), told.ward.plan_id, "あおぞら区")

    assert await told.rows("SELECT * FROM publication") == []
    assert await told.rows("SELECT * FROM check_in") == []
