"""Imports with a preview: what is shown, carried out once, and taken back to the letter."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

import aiohttp
import pytest

from bot.clock import SetClock
from bot.domain.errors import AccessDenied, EntryClosed, NotFound
from bot.domain.forms.form_files import load_forms
from bot.domain.people import Role
from bot.domain.plans import SheetAnswers, SheetIndicator, SheetInitiative, SheetPlan
from bot.domain.publications import Announcement
from bot.domain.youshiki3 import FORMS
from bot.services import import_undo, imports, lineage_links, publications, unreadable
from bot.services.office import Office
from bot.services.viewers import Caller
from bot.sheets.dropped import Dropped, packed, read_dropped, read_in_child, unpacked
from bot.slack.directory import Directory
from bot.views.import_changes import Subject
from bot.views.imports import ImportShown, ImportState, render_import
from bot.views.lineages import TypedLinks
from bot.views.targets import LinkTarget
from bot.views.unreadable import TypedMarks
from playground import SlackStandIn
from storage.database import Database
from storage.models import Letter, Ownership
from tests.bot.sheets.samples import sample
from tests.builders import (
    Ward,
    add_grant,
    add_person,
    add_round,
    letter_values,
    seed_ward,
)
from tests.databases import EACH_KIND, EITHER_KIND
from tests.scenarios.dumps import dump

pytestmark = EITHER_KIND

KEPT = ("audit_entry", "import_batch")
HEADER = "role,ward,name,email,section,initiatives,valid_from\n"
ROSTER = HEADER + (
    "担当者,あおぞら区,中村,nakamura@example.jp,市民協働課,1;2,2026-09-15\n"
    "確認者,あおぞら区,小林,kobayashi@example.jp,窓口課,,\n"
)


@dataclass
class Desk:
    """A ward, its coordinator, and what is stored."""

    office: Office
    url: str
    ward: Ward
    directory: Directory
    clock: SetClock
    slack: SlackStandIn

    async def take(self, read: Dropped, part: str = "coordinator") -> ImportShown:
        return await imports.take_in(
            self.office, self.caller(part), self.directory, name="計画.csv", digest="0", read=read
        )

    async def apply(self, shown: ImportShown, part: str = "coordinator") -> ImportShown:
        caller = self.caller(part)
        return await imports.apply(self.office, caller, self.directory, shown.batch_id)

    async def undo(self, shown: ImportShown, part: str = "coordinator") -> ImportShown:
        self.clock.advance(timedelta(minutes=5))
        return await import_undo.undo(self.office, self.caller(part), shown.batch_id)

    def caller(self, part: str) -> Caller:
        return Caller(self.slack.team_id, self.ward.accounts[part])

    def stored(self, *tables: str) -> dict[str, list[dict[str, object]]]:
        found = dump(self.url, *tables)
        return {name: rows for name, rows in found.items() if tables or name not in KEPT}


@pytest.fixture
async def slack() -> AsyncIterator[SlackStandIn]:
    async with SlackStandIn() as stand_in:
        yield stand_in


@pytest.fixture
async def desk(database: Database, database_url: str, slack: SlackStandIn) -> AsyncIterator[Desk]:
    async with database.begin() as uow:
        ward = await seed_ward(uow)
        second = await add_person(uow, "加藤", account="USECOND", team=slack.team_id)
        await add_grant(uow, second, Role.COORDINATOR, ward.unit_id)
        account = await uow.people.account("T0001", ward.accounts["coordinator"])
        assert account is not None
        account.team_id = slack.team_id
        await uow.people.add(account)
        await uow.commit()
    ward = replace(ward, accounts={**ward.accounts, "second": "USECOND"})
    clock = SetClock(datetime(2026, 9, 1, 1, tzinfo=UTC))
    office = Office(database, clock, FORMS)
    async with aiohttp.ClientSession() as session:
        directory = Directory(token=slack.bot_token, base_url=slack.api_url, session=session)
        yield Desk(office, database_url, ward, directory, clock, slack)


def item(number: int, **changes: object) -> SheetInitiative:
    base = SheetInitiative(
        code=str(number),
        position=number,
        number=number,
        title=f"取組その{number}",
        target="年12回開催する。",
        activities="毎月1回、講座を開く。",
    )
    return replace(base, **changes)  # type: ignore[arg-type]


def plan(*items: SheetInitiative, year: int = 2026) -> Dropped:
    sheet = SheetPlan(
        form="youshiki3",
        plan="市政改革プラン",
        ward="あおぞら区",
        fiscal_year=year,
        initiatives=items,
    )
    return Dropped(plans=(sheet,))


def outcome(*items: SheetInitiative, **changes: object) -> Dropped:
    sheet = SheetPlan(
        form="outcome", plan="運営方針", ward="あおぞら区", fiscal_year=2026, initiatives=items
    )
    return Dropped(plans=(replace(sheet, **changes),))  # type: ignore[arg-type]


def answered(*unreadable: str, **values: str) -> dict[str, SheetAnswers]:
    return {"mid-year": SheetAnswers(values, frozenset(unreadable))}


async def test_a_plan_with_printed_answers_is_taken_back_to_the_letter(desk: Desk) -> None:
    await desk.apply(await desk.take(plan(item(1, answers=answered(implementation="i")))))
    before = desk.stored()
    marks = answered(implementation="ii", attainment="2", issues="周知を増やす。")
    read = plan(
        item(1, title="直した題名", answers=marks),
        item(2, answers=answered("attainment")),
        item(3, position=4, answers=answered(attainment="1")),
        item(9, position=3),
    )

    shown = await desk.take(read)
    assert desk.stored() == before
    done = await desk.apply(shown)
    assert done.state is ImportState.APPLIED
    after = desk.stored()
    assert len(after["check_in"]) == 3
    assert {row["revision"] for row in after["check_in"]} == {0, 1, 2}

    back = await desk.undo(done)

    assert back.state is ImportState.UNDONE
    assert desk.stored() == before


@EACH_KIND
async def test_indicators_and_texts_of_a_form_are_taken_back_to_the_letter(desk: Desk) -> None:
    desk.office = replace(desk.office, forms=load_forms())
    named = [SheetIndicator(name, "年12回") for name in ("講座の回数", "参加者", "満足度")]
    first = item(1, indicators=tuple(named[:2]), details={"present": "参加が少ない。"})
    later = item(1, indicators=(named[2], named[0]), details={"present": "増えてきた。"})
    answers = {"year-end": SheetAnswers({"overall": "進んだ。", "next": "続ける。"})}
    await desk.apply(await desk.take(outcome(first)))
    before = desk.stored()

    done = await desk.apply(await desk.take(outcome(later, answers=answers)))
    assert [row.subject for row in done.report.changes].count(Subject.INDICATOR) == 2
    assert desk.stored() != before
    await desk.undo(done)

    assert desk.stored() == before


@pytest.mark.parametrize("form", ["vision", "policy", "committee"])
async def test_a_paper_of_another_form_that_is_dropped_goes_as_it_came(
    desk: Desk, form: str
) -> None:
    desk.office = replace(desk.office, forms=load_forms())
    before = desk.stored()

    shown = await desk.take(read_dropped(sample(form).encode(), "paper.txt"))
    done = await desk.apply(shown)
    words = str(render_import(done))
    stored = desk.stored()
    await desk.undo(done)

    assert shown.report.reason == ""
    assert len(stored["plan"]) == 2
    assert desk.office.forms[form].item in words
    assert desk.stored() == before


async def test_a_new_plan_of_another_year_goes_as_it_came(desk: Desk) -> None:
    before = desk.stored()

    done = await desk.apply(await desk.take(plan(item(1), item(2), year=2027)))
    assert len(desk.stored("plan")["plan"]) == 2
    await desk.undo(done)

    assert desk.stored() == before


async def test_a_roster_is_taken_back_with_the_owners_that_it_removed(desk: Desk) -> None:
    """An ownership that a file replaces from its first day on is gone, and comes back."""
    async with desk.office.database.begin() as uow:
        later = Ownership(
            initiative_id=desk.ward.initiatives[0],
            person_id=desk.ward.people["deputy"],
            valid_from=date(2026, 10, 1),
        )
        await uow.people.add(later)
        await uow.commit()
    before = desk.stored()

    done = await desk.apply(await desk.take(read_dropped(ROSTER.encode(), "")))
    assert len(desk.stored("ownership")["ownership"]) == 5
    await desk.undo(done)

    assert desk.stored() == before


async def test_a_table_of_units_is_taken_back_to_the_letter(desk: Desk) -> None:
    rows = (
        "区,問い合わせ先,内線,課・担当,閉庁日\n"
        "あおぞら,総務課(企画),5678,窓口課,2026-11-04;2026-12-28\n"
    )
    async with desk.office.database.begin() as uow:
        await uow.units.set_closures(desk.ward.unit_id, [date(2026, 11, 4)])
        await uow.commit()
    before = desk.stored()

    shown = await desk.take(read_dropped(rows.encode("cp932"), ""))
    assert [(row.subject, row.name, row.title) for row in shown.report.changes] == [
        (Subject.UNIT, "あおぞら区", ""),
        (Subject.SECTION, "窓口課", ""),
        (Subject.CLOSURE, "あおぞら区", "2026-12-28"),
    ]
    done = await desk.apply(shown)
    assert len(desk.stored("unit_closure")["unit_closure"]) == 2
    await desk.undo(done)

    assert desk.stored() == before


async def test_faults_in_a_table_of_units_are_told_all_at_once(desk: Desk) -> None:
    rows = "区,内線,閉庁日\nあおぞら,1,いつか\n,2,\n西区,3,\nうみべ区,4,\nあおぞら区,5,\n"

    shown = await desk.take(read_dropped(rows.encode(), ""))

    assert [(fault.row, fault.column) for fault in shown.report.faults] == [
        (2, "閉庁日"),
        (3, "区"),
        (4, "区"),
        (5, "区"),
        (6, "区"),
    ]


async def test_both_steps_stay_in_the_trail_with_who_did_them(desk: Desk) -> None:
    done = await desk.apply(await desk.take(plan(item(1, title="直した題名"))))
    await desk.undo(done, "second")

    trail = desk.stored("audit_entry")["audit_entry"]
    steps = [row for row in trail if row["subject"] == f"import:{done.batch_id}"]
    assert [(row["action"], row["actor"]) for row in steps] == [
        ("import.apply", "slack"),
        ("import.undo", "slack"),
    ]
    assert steps[0]["person_id"] == desk.ward.people["coordinator"]
    assert steps[1]["person_id"] != steps[0]["person_id"]
    assert "直した題名" not in str(trail)
    assert {row["actor"] for row in trail} == {"slack"}


async def test_another_coordinator_of_the_unit_applies_it(desk: Desk) -> None:
    done = await desk.apply(await desk.take(plan(item(1, title="直した題名"))), "second")

    assert (done.state, done.name) == (ImportState.APPLIED, "加藤")


async def test_of_two_who_apply_at_once_one_does(desk: Desk) -> None:
    shown = await desk.take(plan(item(1, title="直した題名"), item(9)))

    ends = await asyncio.gather(
        desk.apply(shown), desk.apply(shown, "second"), return_exceptions=True
    )

    assert {type(end) for end in ends} == {ImportShown, EntryClosed}
    assert len(desk.stored("initiative")["initiative"]) == 4


async def test_what_was_changed_since_is_not_taken_back(desk: Desk) -> None:
    first = await desk.apply(await desk.take(plan(item(1, title="一度目"))))
    second = await desk.apply(await desk.take(plan(item(1, title="二度目"))))
    before = desk.stored()

    with pytest.raises(EntryClosed, match="同じところが変えられて"):
        await desk.undo(first)
    assert desk.stored() == before
    await desk.undo(second)
    await desk.undo(first)

    assert desk.stored("initiative")["initiative"][0]["title"] == "取組その1"


async def test_a_plan_on_which_a_round_runs_stays(desk: Desk) -> None:
    done = await desk.apply(await desk.take(plan(item(1), year=2027)))
    [stored] = [row for row in desk.stored("plan")["plan"] if row["first_year"] == 2027]
    async with desk.office.database.begin() as uow:
        await add_round(uow, int(str(stored["id"])))
        await uow.commit()
    before = desk.stored()

    with pytest.raises(EntryClosed, match="期間が設定されています"):
        await desk.undo(done)

    assert desk.stored() == before


async def test_what_is_published_is_not_taken_back_and_no_file_overwrites_it(desk: Desk) -> None:
    taken = await desk.apply(await desk.take(plan(item(1, answers=answered(implementation="i")))))
    desk.clock.advance(timedelta(days=1))
    wanted = Announcement("総務第123号", date(2026, 10, 5))
    await publications.publish(
        desk.office, desk.caller("coordinator"), desk.ward.round_id, wanted, anyway=True
    )
    before = desk.stored("check_in", "revision")

    with pytest.raises(EntryClosed, match="公表済み"):
        await desk.undo(taken)
    marks = answered(implementation="ii", attainment="1")
    shown = await desk.take(
        plan(item(1, title="直した題名", answers=marks), item(7, answers=marks))
    )
    await desk.apply(shown)

    after = desk.stored("check_in", "revision")
    assert [row for row in after["check_in"] if row["revision"]] == [
        row for row in before["check_in"] if row["revision"]
    ]
    assert after["revision"] == before["revision"]


async def test_who_was_written_to_stays_while_role_and_items_go(desk: Desk) -> None:
    desk.slack.add_user("中村", email="nakamura@example.jp")
    done = await desk.apply(await desk.take(read_dropped(ROSTER.encode(), "")))
    [person] = [r for r in desk.stored("person")["person"] if r["name"] == "中村"]
    async with desk.office.database.begin() as uow:
        values = letter_values(int(str(person["id"])), slack_user_id="UNEW")
        await uow.outbox.add(Letter(**values))
        await uow.commit()

    await desk.undo(done)

    after = desk.stored("person", "account", "ownership", "role_grant")
    assert {row["name"] for row in after["person"]} & {"中村", "小林"} == {"中村"}
    assert [row for row in after["account"] if row["person_id"] == person["id"]]
    assert not [row for row in after["ownership"] if row["person_id"] == person["id"]]


@EACH_KIND
async def test_what_nobody_applies_is_forgotten_after_a_week(desk: Desk) -> None:
    first = await desk.take(plan(item(1, title="直した題名")))
    desk.clock.advance(timedelta(days=7, minutes=1))
    await desk.take(plan(item(2, title="直した題名")))

    [old, _] = desk.stored("import_batch")["import_batch"]
    assert (old["id"], old["content"], old["file_name"]) == (first.batch_id, {}, "")
    with pytest.raises(NotFound):
        await desk.apply(first)


async def test_what_undoes_an_import_is_forgotten_after_ninety_days(desk: Desk) -> None:
    done = await desk.apply(await desk.take(plan(item(1, title="直した題名"))))
    desk.clock.advance(timedelta(days=90, minutes=1))
    await desk.take(plan(item(2, title="直した題名")))

    [old, _] = desk.stored("import_batch")["import_batch"]
    assert (old["content"], old["undo"]) == ({}, {})
    with pytest.raises(NotFound):
        await desk.undo(done)


async def test_what_was_read_is_not_kept_once_it_is_applied(desk: Desk) -> None:
    done = await desk.apply(await desk.take(plan(item(1, title="直した題名", outline="概要の文"))))

    [batch] = desk.stored("import_batch")["import_batch"]
    assert "read" not in str(batch["content"])
    await desk.undo(done)
    [batch] = desk.stored("import_batch")["import_batch"]
    assert "概要の文" not in str(batch["undo"])


async def test_the_preview_names_what_changes_and_counts_what_does_not(desk: Desk) -> None:
    shown = await desk.take(plan(item(1, target="年24回開催する。"), item(2), item(7)))

    assert [(row.subject, row.name, row.kind) for row in shown.report.changes] == [
        (Subject.INITIATIVE, "1", "changed"),
        (Subject.INITIATIVE, "7", "added"),
    ]
    [field] = shown.report.changes[0].fields
    assert (field.label, field.before, field.after) == (
        "目標",
        "年12回開催する。",
        "年24回開催する。",
    )
    assert shown.report.unchanged == 1


async def test_nothing_new_is_said_to_be_nothing_new(desk: Desk) -> None:
    shown = await desk.take(plan(item(1), item(2), item(3)))

    assert shown.state is ImportState.NOTHING_NEW


async def test_a_batch_of_who_coordinates_no_more_is_out_of_reach(desk: Desk) -> None:
    shown = await desk.take(plan(item(1, title="直した題名")))
    async with desk.office.database.begin() as uow:
        for grant in await uow.people.all_grants(desk.ward.people["coordinator"]):
            grant.valid_to = date(2026, 8, 31)
            await uow.people.add(grant)
        await uow.commit()

    with pytest.raises(AccessDenied):
        await desk.apply(shown)


def test_what_was_read_comes_back_from_its_json() -> None:
    for read in (
        plan(item(1, answers=answered("issues", attainment="2")), item(2, outline="概要")),
        read_dropped(ROSTER.encode(), "名簿.csv"),
    ):
        assert unpacked(packed(read)) == read


async def test_a_child_reads_the_same_as_we_do() -> None:
    data = ROSTER.encode("cp932")

    assert await read_in_child(data, "名簿.csv") == read_dropped(data, "名簿.csv")


@pytest.mark.parametrize("said", ["1", ""])
async def test_what_was_read_from_the_paper_since_is_not_taken_back(desk: Desk, said: str) -> None:
    read = plan(item(1, answers=answered("attainment", implementation="i")))
    done = await desk.apply(await desk.take(read))
    assert done.lost == 1
    async with desk.office.database.read() as uow:
        [(row, *_)] = await uow.unreadable.in_unit(desk.ward.unit_id)
    typed = TypedMarks(desk.ward.unit_id, {(row.id or 0, "attainment"): said})
    await unreadable.confirm(desk.office, desk.caller("coordinator"), typed)
    before = desk.stored()

    with pytest.raises(EntryClosed):
        await desk.undo(done)

    assert desk.stored() == before
    assert (await imports.show(desk.office, desk.caller("coordinator"), done.batch_id)).lost == 0


@EACH_KIND
async def test_a_plan_whose_items_are_linked_since_is_not_taken_back(desk: Desk) -> None:
    done = await desk.apply(await desk.take(plan(item(1), item(8), year=2027)))
    async with desk.office.database.read() as uow:
        [*_, later] = sorted(await uow.plans.of_unit(desk.ward.unit_id), key=lambda p: p.last_year)
        new = (await uow.plans.initiatives(later.id or 0))[-1].id or 0
    typed = TypedLinks(LinkTarget(later.id or 0), {new: desk.ward.initiatives[1]})
    await lineage_links.save(desk.office, desk.caller("coordinator"), typed)
    before = desk.stored()

    with pytest.raises(EntryClosed):
        await desk.undo(done)

    assert desk.stored() == before
