"""The years of an item: across renumbering, for who may read it now, on a screen and as a table."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from bot.clock import SetClock
from bot.domain.errors import AccessDenied
from bot.domain.forms.form_files import load_forms
from bot.domain.people import Role
from bot.domain.youshiki3 import FORMS
from bot.services import lineage_rows, lineages
from bot.services.office import Office
from bot.services.viewers import Caller
from bot.sheets.export import ExportFormat, write
from bot.views.targets import HistoryTarget
from bot.views.years import Years, build_years
from storage.database import Database
from storage.models import InitiativeLink
from storage.unit_of_work import UnitOfWork
from tests.bot.services.test_home import text_of
from tests.bot.views.slack import assert_modal
from tests.builders import (
    TEAM,
    Ward,
    add_grant,
    add_indicator,
    add_initiative,
    add_person,
    add_plan,
    add_unit,
    seed_ward,
)
from tests.databases import EITHER_KIND, noting_statements

pytestmark = EITHER_KIND

SEPTEMBER = datetime(2026, 9, 10, tzinfo=UTC)
PROMISED = "広報紙に毎月載せる。"


@dataclass
class Stage:
    """Item 1 of あおぞら区: 2.0's item 7 in FY2024 and FY2025, under another title."""

    office: Office
    ward: Ward
    before: dict[int, int] = field(default_factory=dict)  # the item by year
    asked: list[str] = field(default_factory=list)

    def caller(self, part: str) -> Caller:
        return Caller(TEAM, self.ward.accounts[part])

    @property
    def target(self) -> HistoryTarget:
        return HistoryTarget(self.ward.round_id, self.ward.initiatives[0])

    async def years(self, part: str = "owner") -> Years:
        return await lineages.open_years(self.office, self.caller(part), self.target)


async def answer(uow: UnitOfWork, plan_id: int, item: int, stage: str, **answers: str) -> None:
    row = await uow.check_ins.locked(plan_id, item, stage, SEPTEMBER)
    row.answers, row.revision, row.source = answers, 1, "slack"
    await uow.check_ins.add(row)


async def staged(database: Database, *, linked: bool = True) -> Stage:
    async with database.begin() as uow:
        ward = await seed_ward(uow, plan={"name": "市政改革プラン3.0"})
        before = {}
        for year in (2024, 2025):
            plan = await add_plan(uow, ward.unit_id, year=year, name="市政改革プラン2.0")
            before[year] = await add_initiative(uow, plan, 7, title="見守り")
            said = {"results": f"{year}年は8回", "attainment": "2", "issues": PROMISED}
            await answer(uow, plan, before[year], "year-end", **said)
        now = {"implementation": "i", "attainment": "1"}
        await answer(uow, ward.plan_id, ward.initiatives[0], "mid-year", **now)
        if linked:
            link = InitiativeLink(initiative_id=ward.initiatives[0], follows_id=before[2025])
            await uow.lineages.add(link)
        await uow.commit()
    clock = SetClock(SEPTEMBER)
    return Stage(Office(database, clock, FORMS, clock), ward, before)


@pytest.fixture
async def stage(database: Database) -> AsyncIterator[Stage]:
    found = await staged(database)
    with noting_statements(database, found.asked):
        yield found


async def test_the_years_go_on_across_another_number_title_and_plan(stage: Stage) -> None:
    shown = await stage.years()

    assert [(each.year, each.code, each.title, each.plan_name) for each in shown.years] == [
        (2026, "1", "取組その1", "市政改革プラン3.0"),
        (2025, "7", "見守り", "市政改革プラン2.0"),
        (2024, "7", "見守り", "市政改革プラン2.0"),
    ]
    words = text_of(build_years(shown))
    assert "令和7年度 自己評価の改善策" in words
    assert PROMISED in words
    assert "実施見込み (i)" in words
    assert "2025年は8回" in words
    assert "2024年は8回" not in words  # on the next page
    older = Years(stage.target.at(1), shown.unit_name, shown.years)
    assert "2024年は8回" in text_of(build_years(older))


async def test_without_a_link_nothing_is_known_of_another_number(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    stage = await staged(database, linked=False)

    shown = await stage.years()
    await database.dispose()

    assert [each.year for each in shown.years] == [2026]
    assert "前の年度の内容は登録されていません。" in text_of(build_years(shown))


async def test_the_number_of_statements_does_not_grow_with_the_years(stage: Stage) -> None:
    ids = [stage.ward.initiatives[0], *stage.before.values()]
    async with stage.office.database.read() as uow:
        stage.asked.clear()
        found = await lineages.years_of(uow, FORMS, ids)

    assert [len(found[each]) for each in ids] == [3, 1, 2]
    assert len(stage.asked) == 4


async def test_the_past_is_read_by_those_who_may_read_the_item_now(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    stage = await staged(database)
    async with database.begin() as uow:
        hikari = await add_unit(uow, code="hikari", name="ひかり区", kana="ひかりく", position=26)
        accounts = {}
        for part, role in (
            ("other_coordinator", Role.COORDINATOR),
            ("other_manager", Role.MANAGER),
        ):
            person = await add_person(uow, part, account=f"U{part.upper()}")
            await add_grant(uow, person, role, hikari)
            accounts[part] = f"U{part.upper()}"
        await uow.commit()
    stage.ward.accounts.update(accounts)  # type: ignore[attr-defined]

    for part in ("owner", "deputy", "manager", "unit_manager", "coordinator"):
        assert len((await stage.years(part)).years) == 3, part
    for part in ("observer", "other_coordinator", "other_manager"):
        with pytest.raises(AccessDenied):
            await stage.years(part)
        with pytest.raises(AccessDenied):
            await lineages.export(stage.office, stage.caller(part), stage.target, ExportFormat.CSV)
    await database.dispose()


async def test_the_table_has_a_row_a_year_with_what_the_year_before_promised(
    stage: Stage,
) -> None:
    table = await lineages.of_plan(stage.office, "あおぞら区", year=2026, form_key=None, years=2)

    text = write(table, ExportFormat.CSV).decode("utf-8-sig")
    rows = [row for row in csv.DictReader(io.StringIO(text)) if row["取組項目"] == "1"]
    assert [(row["年度"], row["その年度の番号"]) for row in rows] == [
        ("令和8年度", "1"),
        ("令和7年度", "7"),
    ]
    assert rows[0]["前の年度の改善策"] == f"令和7年度 自己評価：{PROMISED}"
    assert rows[1]["自己評価 当年度の取組実績及び目標の達成状況"] == "2025年は8回"
    assert rows[1]["自己評価 目標の達成状況"] == "② 目標未達成"
    assert rows[0]["中間振り返り 状態"] == "入力済"


async def test_a_document_is_given_what_the_year_before_said(stage: Stage) -> None:
    years = (await stage.years()).years

    said = {(each.occasion, each.label): each.text for each in lineages.past_of(years)}

    assert said["令和7年度 自己評価", "目標の達成状況"] == "② 目標未達成"
    assert PROMISED in said.values()
    assert lineages.past_of(years[2:]) == ()


async def test_a_file_holds_all_years_and_it_is_noted_who_asked(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    stage = await staged(database)

    _, file = await lineages.export(
        stage.office, stage.caller("manager"), stage.target, ExportFormat.CSV
    )

    async with database.read() as uow:
        noted = await uow.audit.about(f"initiative:{stage.ward.initiatives[0]}")
    await database.dispose()
    assert file.name == "経年_あおぞら区_令和8年度_1.csv"
    assert file.content.decode("utf-8-sig").count(PROMISED) >= 3
    assert [(entry.action, entry.person_id) for entry in noted] == [
        ("years.export", stage.ward.people["manager"])
    ]


@pytest.mark.parametrize("long", ["あ" * 3000, "<&>" * 1000, "😀" * 1500])
async def test_long_texts_stay_within_slacks_limits(sqlite_url: str, long: str) -> None:
    database = Database(sqlite_url)
    stage = await staged(database)
    async with database.begin() as uow:
        said = {"results": long, "attainment": "2", "issues": long}
        for item in (stage.before[2025], stage.ward.initiatives[0]):
            initiative = await uow.plans.initiative(item)
            assert initiative is not None
            initiative.target = long
            for key in ("mid-year", "year-end"):
                await answer(uow, initiative.plan_id, item, key, **said)
        await uow.commit()

    assert_modal(build_years(await stage.years()))
    await database.dispose()


async def test_a_link_leads_across_forms_each_year_in_its_own_words(sqlite_url: str) -> None:
    """運営方針 since FY2023 asks of indicators what 様式3 asked of the item."""
    database = Database(sqlite_url)
    async with database.begin() as uow:
        ward = await seed_ward(uow, plan={"year": 2022})
        item = ward.initiatives[0]
        said = {"results": "8回", "attainment": "2", "issues": PROMISED}
        await answer(uow, ward.plan_id, item, "year-end", **said)
        plan = await add_plan(uow, ward.unit_id, year=2023, form="outcome")
        challenge = await add_initiative(uow, plan, 1, code="1", title="見守り")
        indicator = await add_indicator(uow, challenge, name="訪問した世帯")
        now = {f"result@{indicator}": "9割", f"attainment@{indicator}": "A"}
        await answer(uow, plan, challenge, "year-end", **now)
        await uow.lineages.add(InitiativeLink(initiative_id=challenge, follows_id=item))
        await uow.commit()
    forms = load_forms()
    async with database.read() as uow:
        years = (await lineages.years_of(uow, forms, [challenge]))[challenge]
    await database.dispose()

    assert [(each.year, each.code) for each in years] == [(2023, "経営課題1"), (2022, "1")]
    words = text_of(build_years(Years(HistoryTarget(0, challenge), "あおぞら区", years)))
    assert "訪問した世帯" in words
    assert PROMISED in words
    assert write(lineage_rows.table_of("あおぞら区", [years]), ExportFormat.CSV)


async def test_what_is_asked_once_per_unit_has_its_years_too(sqlite_url: str) -> None:
    database, forms = Database(sqlite_url), load_forms()
    async with database.begin() as uow:
        ward = await seed_ward(uow, plan={"form": "outcome"}, stage="year-end")
        before = await add_plan(uow, ward.unit_id, year=2025, form="outcome")
        for plan, said in ((before, "次は窓口を変える。"), (ward.plan_id, "窓口を変えた。")):
            row = await uow.check_ins.locked(plan, None, "year-end", SEPTEMBER)
            row.answers, row.revision, row.source = {"overall": said, "next": said}, 1, "slack"
            await uow.check_ins.add(row)
        await uow.commit()
    clock = SetClock(SEPTEMBER)
    office = Office(database, clock, forms, clock)
    who = Caller(TEAM, ward.accounts["coordinator"])

    shown = await lineages.open_years(office, who, HistoryTarget(ward.round_id, 0))

    await database.dispose()
    assert [each.year for each in shown.years] == [2026, 2025]
    words = text_of(build_years(shown))
    assert "令和7年度 自己評価の改善策" in words
    assert "窓口を変えた。" in words
