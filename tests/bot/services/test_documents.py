"""What stands in a document: the reader's items, texts as far as they may see them, and no more."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlmodel import select

from bot.clock import SetClock
from bot.domain.checkins import State
from bot.domain.document_totals import remarks, tallies
from bot.domain.documents import DocumentItem, FormDocument, FormFormat, Listing
from bot.domain.errors import AccessDenied, EntryClosed, KaikakuError, NotFound, NotRegistered
from bot.domain.forms.form_files import load_forms
from bot.domain.people import Role
from bot.domain.publications import Announcement
from bot.services import checkins, confirmations, publications
from bot.services.document_requests import of_ward, open_form, prepare
from bot.services.office import Office
from bot.services.viewers import Caller
from bot.views.checkin_form import Typed
from bot.views.documents import Content, TypedDocument
from bot.views.targets import AllTarget, DocumentTarget, Target
from storage.database import Database
from storage.models import AuditEntry, CheckIn
from tests.bot.services.test_publications import BAD, GOOD
from tests.builders import (
    TEAM,
    Ward,
    add_grant,
    add_indicator,
    add_initiative,
    add_ownership,
    add_person,
    add_plan,
    add_round,
    add_section,
    add_unit,
    seed_ward,
)

WANTED = Announcement("総務第123号", date(2026, 10, 5), "https://www.example.jp/plan.html")
SECRET = BAD["issues"]


class Desk:
    """あおぞら区 on 2 October: 1 is confirmed, 2 (②) waits for its manager, 3 is not in."""

    def __init__(self, office: Office, clock: SetClock, ward: Ward) -> None:
        self.office, self.clock, self.ward = office, clock, ward

    def who(self, part: str) -> Caller:
        return Caller(TEAM, self.ward.accounts[part])

    async def answer(
        self, part: str, number: int, answers: dict[str, str], reason: str = ""
    ) -> None:
        typed = Typed(
            self.ward.round_id,
            self.ward.initiatives[number - 1],
            1 if reason else 0,
            answers=answers,
            reason=reason,
            complete_state=True,
        )
        await checkins.submit(self.office, self.who(part), typed)

    async def publish(self) -> None:
        who, round_id = self.who("coordinator"), self.ward.round_id
        await publications.publish(self.office, who, round_id, WANTED, anyway=True)

    async def document(self, part: str = "") -> FormDocument:
        """Somebody's document of the mid-year review; without a part, the command line's."""
        if not part:
            found = await of_ward(self.office, "あおぞら区", stage_key="mid-year")
        else:
            typed = TypedDocument(FormFormat.DOCX, DocumentTarget(self.ward.plan_id, "mid-year"))
            found = (await prepare(self.office, self.who(part), typed)).document
        assert isinstance(found, FormDocument)
        return found


@pytest.fixture
async def desk(sqlite_url: str) -> AsyncIterator[Desk]:
    database = Database(sqlite_url)
    clock = SetClock(datetime(2026, 9, 10, 1, 42, tzinfo=UTC))
    office = Office(database, clock, load_forms(None), clock)
    async with database.begin() as uow:
        ward = await seed_ward(uow)
        row = await uow.rounds.get(ward.round_id)
        assert row is not None
        row.levels = 1
        other = await add_section(uow, ward.unit_id, "市民協働課")
        neighbour = await add_person(uow, "小林", account="UNEIGHBOUR")
        await add_ownership(uow, ward.initiatives[0], neighbour, section_id=other)
        stranger = await add_person(uow, "中村", account="USTRANGER")
        ward_of_others = await add_unit(
            uow, code="hikari", name="ひかり区", kana="ひかりく", position=26
        )
        await add_grant(uow, stranger, Role.COORDINATOR, ward_of_others)
        await uow.commit()
    others = {"neighbour": "UNEIGHBOUR", "stranger": "USTRANGER", "nobody": "UNOBODY"}
    ward = replace(ward, accounts={**ward.accounts, **others})
    made = Desk(office, clock, ward)
    await made.answer("owner", 1, GOOD)
    await made.answer("owner", 2, BAD)
    about = Target(ward.round_id, ward.initiatives[0])
    await confirmations.confirm(office, made.who("manager"), about, 1)
    clock.instant = datetime(2026, 10, 2, 1, 0, tzinfo=UTC)
    yield made
    await database.dispose()


def texts(document: FormDocument) -> str:
    return "\n".join(
        text for item in document.items for text in item.answers("mid-year").values.values()
    )


def codes(document: FormDocument) -> list[str]:
    return [item.initiative.code for item in document.items]


async def test_until_it_is_final_each_page_says_that_it_is_not(desk: Desk) -> None:
    document = await desk.document()

    assert document.unpublished == "【未公表】令和8年10月2日 10:00現在の案"
    assert (document.footer, document.notes) == ("", ())
    assert document.heading == "令和8年度　あおぞら区　「市政改革プラン」に基づく取組等"
    states = [item.states["mid-year"] for item in document.items]
    assert states == [State.CONFIRMED, State.SUBMITTED, State.OUTSTANDING]


async def test_once_it_is_published_it_says_when_and_on_which_decision(desk: Desk) -> None:
    await desk.publish()

    document = await desk.document()

    assert document.unpublished is None
    assert document.footer == "令和8年度 あおぞら区 令和8年10月5日公表"
    assert document.notes == (
        "決裁番号：総務第123号",
        "掲載先：https://www.example.jp/plan.html",
    )


@pytest.mark.parametrize("part", ["coordinator", "unit_manager", "manager", "owner", "deputy"])
async def test_who_may_read_an_item_has_it_in_full(desk: Desk, part: str) -> None:
    document = await desk.document(part)

    assert codes(document) == ["1", "2", "3"]
    assert SECRET in texts(document)
    assert all(not item.withheld for item in document.items)


async def test_an_observer_has_every_item_and_only_what_is_confirmed(desk: Desk) -> None:
    document = await desk.document("observer")

    assert codes(document) == ["1", "2", "3"]
    withheld = [bool(item.withheld) for item in document.items]
    assert withheld == [False, True, True]
    assert SECRET not in texts(document)


async def test_an_observer_has_all_of_it_from_the_day_of_publication(desk: Desk) -> None:
    await desk.publish()
    assert SECRET not in texts(await desk.document("observer"))

    desk.clock.instant = datetime(2026, 10, 5, 1, 0, tzinfo=UTC)

    assert SECRET in texts(await desk.document("observer"))


async def test_an_owner_has_the_own_items_and_is_told_that_there_are_others(desk: Desk) -> None:
    document = await desk.document("neighbour")

    assert codes(document) == ["1"]
    assert SECRET not in texts(document)
    assert document.notes == ("担当の取組項目だけを出力しています(全3件のうち1件)。",)


@pytest.mark.parametrize(("part", "error"), [("stranger", AccessDenied), ("nobody", NotRegistered)])
async def test_whoever_may_not_see_the_ward_gets_nothing(
    desk: Desk, part: str, error: type[KaikakuError]
) -> None:
    with pytest.raises(error):
        await desk.document(part)
    with pytest.raises(error):
        await open_form(desk.office, desk.who(part), desk.ward.round_id)


async def test_a_plan_that_there_is_not_is_refused_like_one_of_others(desk: Desk) -> None:
    for plan_id, part in ((999, "coordinator"), (desk.ward.plan_id, "stranger")):
        typed = TypedDocument(FormFormat.PDF, DocumentTarget(plan_id, "mid-year"))
        with pytest.raises(AccessDenied) as refused:
            await prepare(desk.office, desk.who(part), typed)
        assert "取組" not in refused.value.message
    typed = TypedDocument(FormFormat.PDF, DocumentTarget(desk.ward.plan_id, "quarterly"))
    with pytest.raises(NotFound):
        await prepare(desk.office, desk.who("coordinator"), typed)


async def test_it_is_noted_who_took_a_document_and_not_what_it_says(desk: Desk) -> None:
    await desk.document("observer")

    async with desk.office.database.read() as uow:
        entries = list(await uow._session.exec(select(AuditEntry)))
    [entry] = [each for each in entries if each.action == "document.export"]
    assert entry.person_id == desk.ward.people["observer"]
    assert entry.subject == f"plan:{desk.ward.plan_id}"
    assert SECRET not in str(entry.detail)


async def test_what_was_published_stays_when_the_plan_is_changed_afterwards(desk: Desk) -> None:
    await desk.publish()
    async with desk.office.database.begin() as uow:
        initiative = await uow.plans.initiative(desk.ward.initiatives[0])
        assert initiative is not None
        initiative.title = "あとから変えた題名"
        await uow.plans.add(initiative)
        await add_initiative(uow, desk.ward.plan_id, 4)
        await uow.commit()

    titles = [item.initiative.title for item in (await desk.document()).items]

    assert titles == ["取組その1", "取組その2", "取組その3"]


async def test_a_correction_stands_in_the_document_and_in_the_list_of_corrections(
    desk: Desk,
) -> None:
    await desk.publish()
    with pytest.raises(NotFound):
        await of_ward(desk.office, "あおぞら区", stage_key="mid-year", content=Content.CORRECTIONS)
    desk.clock.instant = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
    await desk.answer("coordinator", 1, {**GOOD, "issues": "会場を増やす。"}, reason="記入漏れ。")

    document = await desk.document()
    assert "会場を増やす。" in texts(document)
    assert document.notes[-1].startswith("公表後の修正：1か所")
    listing = await of_ward(
        desk.office, "あおぞら区", stage_key="mid-year", content=Content.CORRECTIONS
    )
    assert isinstance(listing, Listing)
    assert listing.headers == ("取組項目", "修正前", "修正後", "修正日", "理由")
    [row] = listing.rows
    assert row[1:] == ("", "会場を増やす。", "令和8年11月20日", "記入漏れ。")
    assert listing.footer == "令和8年度 あおぞら区 令和8年10月5日公表"


async def test_the_answer_about_an_indicator_stands_under_its_place(desk: Desk) -> None:
    async with desk.office.database.begin() as uow:
        first = await add_indicator(uow, desk.ward.initiatives[0], 1, "参加率")
        second = await add_indicator(uow, desk.ward.initiatives[0], 2, "満足度")
        row = await uow.check_ins.find(desk.ward.plan_id, desk.ward.initiatives[0], "mid-year")
        assert row is not None
        row.answers = {f"attainment@{second}": "1", f"attainment@{first}": "2"}
        await uow.check_ins.add(row)
        await uow.commit()

    [item] = _of(await desk.document(), "1")

    assert dict(item.answers("mid-year").values) == {"attainment@2": "1", "attainment@1": "2"}
    assert [each.name for each in item.initiative.indicators] == ["参加率", "満足度"]


async def test_last_years_promise_stands_beside_the_item_for_who_may_read_its_history(
    desk: Desk,
) -> None:
    async with desk.office.database.begin() as uow:
        plan_id = await add_plan(uow, desk.ward.unit_id, year=2025)
        item = await add_initiative(uow, plan_id)
        row = CheckIn(
            plan_id=plan_id,
            initiative_id=item,
            stage="year-end",
            revision=1,
            answers={"results": "3回", "attainment": "2", "issues": "会場を増やす。"},
            unreadable=[],
            source="sheet",
            at=desk.clock.instant,
        )
        await uow.check_ins.add(row)
        await uow.commit()
    target = DocumentTarget(desk.ward.plan_id, "mid-year")
    typed = TypedDocument(FormFormat.DOCX, target, content=Content.WITH_PAST)

    for part, shown in (("coordinator", True), ("owner", True), ("observer", False)):
        document = (await prepare(desk.office, desk.who(part), typed)).document
        assert isinstance(document, FormDocument)
        [first] = _of(document, "1")
        assert ("会場を増やす。" in str(first.past)) is shown, part
    [plain] = _of(await desk.document("coordinator"), "1")
    assert plain.past == ()


async def test_the_papers_of_a_meeting_stand_alone_and_are_never_published(desk: Desk) -> None:
    async with desk.office.database.begin() as uow:
        plan_id = await add_plan(uow, desk.ward.unit_id, form="policy")
        await add_initiative(uow, plan_id)
        round_id = await add_round(uow, plan_id, "pdca-2")
        await uow.commit()

    found = await of_ward(desk.office, "あおぞら区", stage_key="pdca-2")

    assert isinstance(found, FormDocument)
    assert (found.form.key, found.stages) == ("policy", ("pdca-2",))
    with pytest.raises(EntryClosed, match="公表しない"):
        await publications.open_form(desk.office, desk.who("coordinator"), round_id)


async def test_the_form_at_the_years_end_has_what_was_said_in_its_middle(desk: Desk) -> None:
    found = await of_ward(desk.office, "あおぞら区", stage_key="year-end")

    assert isinstance(found, FormDocument)
    assert (found.stage, found.stages) == ("year-end", ("mid-year", "year-end"))
    [item] = _of(found, "2")
    assert item.answers("mid-year").values["issues"] == SECRET
    assert item.states == {"mid-year": State.SUBMITTED}


async def test_without_a_stage_the_round_that_was_last_due_is_meant(desk: Desk) -> None:
    found = await of_ward(desk.office, "あおぞら区")

    assert isinstance(found, FormDocument)
    assert found.stage == "mid-year"


async def test_the_summary_has_a_line_for_each_unit_that_somebody_may_see(desk: Desk) -> None:
    typed = TypedDocument(FormFormat.XLSX, units=AllTarget(2026, "mid-year"))

    mine = (await prepare(desk.office, desk.who("coordinator"), typed)).document
    every = (await prepare(desk.office, desk.who("observer"), typed)).document

    assert isinstance(mine, Listing)
    assert isinstance(every, Listing)
    assert [row[0] for row in mine.rows] == ["あおぞら区"]
    assert [row[0] for row in every.rows][-2:] == ["あおぞら区", "ひかり区"]
    assert len(every.rows) == 26
    assert every.unpublished == "【未公表】令和8年10月2日 10:00現在の案"


async def test_the_years_and_reviews_are_offered_newest_first(desk: Desk) -> None:
    async with desk.office.database.begin() as uow:
        await add_plan(uow, desk.ward.unit_id, year=2025)
        await uow.commit()
    await desk.publish()

    form = await open_form(desk.office, desk.who("observer"), desk.ward.round_id)

    assert [each.title for each in form.choices] == [
        "令和8年度 自己評価",
        "令和8年度 中間振り返り",
        "令和7年度 自己評価",
        "令和7年度 中間振り返り",
    ]
    assert [each.published for each in form.choices] == [False, True, False, False]
    assert form.chosen == DocumentTarget(desk.ward.plan_id, "mid-year")
    assert (form.withholds, form.own_only) == (True, False)


def _of(document: FormDocument, code: str) -> list[DocumentItem]:
    return [item for item in document.items if item.initiative.code == code]


async def test_where_nobody_confirms_an_answer_that_is_in_is_simply_in(desk: Desk) -> None:
    def counted(document: FormDocument) -> dict[str, int]:
        return dict(tallies(document)[0].counts)

    assert counted(await desk.document())["入力済(確認前)"] == 1
    async with desk.office.database.begin() as uow:
        row = await uow.rounds.get(desk.ward.round_id)
        assert row is not None
        row.levels = 0
        await uow.rounds.add(row)
        await uow.commit()

    document = await desk.document()

    assert counted(document)["入力済"] == 2
    assert [each.item for each in remarks(document)] == ["取組項目3"]


async def test_what_was_published_waits_for_no_confirmation(desk: Desk) -> None:
    await desk.publish()

    assert dict(tallies(await desk.document())[0].counts)["入力済"] == 1
