"""Answers out: what stands in the table, and what programs are given."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime

import pytest

from bot.clock import SetClock
from bot.domain.errors import NotFound
from bot.domain.form import ALWAYS, Form, Kind, Option, Question, Scope, Stage, Timing
from bot.domain.youshiki3 import FORMS
from bot.services.export import export_plan
from bot.services.office import Office
from bot.services.plan_places import ImportOptions
from bot.services.plans import Changes, import_plans
from bot.sheets.export import ExportFormat, ExportTable, write
from bot.sheets.files import read
from storage.database import Database
from storage.models import CheckIn, Revision
from storage.unit_of_work import UnitOfWork
from tests.builders import (
    WARD,
    Ward,
    add_indicator,
    add_initiative,
    add_plan,
    add_unit,
    seed_ward,
)
from tests.databases import EACH_KIND, EITHER_KIND

pytestmark = EITHER_KIND

_TIMING = Timing(opens=(12, 1), due=(13, 14), publishes=(14, 7))
_MET = (Option("a", "A", "達成"), Option("b", "B", "未達成", unfavourable=True))
SINCE_2023 = Form(
    key="since2023",
    name="運営方針",
    stages=(
        Stage(
            key="year-end",
            title="自己評価",
            timing=_TIMING,
            request="入力してください。",
            questions=(
                Question(
                    "attainment",
                    Kind.CHOICE,
                    "達成状況",
                    scope=Scope.INDICATOR,
                    required=ALWAYS,
                    options=_MET,
                ),
                Question("policy", Kind.TEXT, "今後の方針", scope=Scope.UNIT, required=ALWAYS),
            ),
        ),
    ),
)


@pytest.fixture
def office(database: Database) -> Office:
    forms = {**FORMS, SINCE_2023.key: SINCE_2023}
    return Office(database, SetClock(datetime(2026, 9, 10, 1, 42, tzinfo=UTC)), forms)


async def answer(
    uow: UnitOfWork,
    plan_id: int,
    item: int | None,
    stage: str,
    *answers: dict[str, str],
    by: int | None = None,
    to: int | None = None,
) -> CheckIn:
    """One revision for each of the answers, a day apart, the first on 9 September, 16:00 UTC."""
    row = await uow.check_ins.locked(plan_id, item, stage, datetime(2026, 9, 9, 16, tzinfo=UTC))
    for number, given in enumerate(answers, start=1):
        at = datetime(2026, 9, 8 + number, 16, tzinfo=UTC)
        revision = Revision(
            check_in_id=row.id or 0,
            number=number,
            before=row.answers,
            after=given,
            asked={},
            source="slack",
            entered_by=by,
            entered_for=to,
            at=at,
            fingerprint=f"{row.id}-{number}",
        )
        await uow.check_ins.add(revision)
        row.revision, row.answers, row.source, row.entered_by, row.at = (
            number,
            given,
            "slack",
            by,
            at,
        )
    await uow.check_ins.add(row)
    return row


@pytest.fixture
async def ward(database: Database) -> Ward:
    async with database.begin() as uow:
        seeded = await seed_ward(uow)
        await uow.commit()
    return seeded


def cells(table: ExportTable, row: int = 0) -> dict[str, object]:
    return dict(zip(table.headers, table.rows[row], strict=True))


async def test_one_row_an_initiative_with_marks_as_printed(office: Office, ward: Ward) -> None:
    first, second = ward.initiatives[:2]
    async with office.database.begin() as uow:
        worried = {"implementation": "ii", "attainment": "2", "issues": "周知を直す。"}
        await answer(uow, ward.plan_id, first, "mid-year", worried, by=ward.owner)
        await answer(uow, ward.plan_id, second, "mid-year", {"implementation": "na"})
        await uow.commit()

    table = await export_plan(office, WARD, year=2026)

    one, two, three = (cells(table, row) for row in range(3))
    assert (one["区"], one["年度"], one["案・確定"]) == (WARD, "令和8年度", "確定")
    assert (one["番号"], one["題名"], one["担当者"]) == (1, "取組その1", "山田")
    assert one["中間振り返り 取組内容の実施見込み"] == "(ii)"
    assert one["中間振り返り 目標の達成見込み"] == "②"
    assert one["中間振り返り 課題と改善策(②の場合は必須)"] == "周知を直す。"
    assert two["中間振り返り 取組内容の実施見込み"] == "対象外"
    assert [row["中間振り返り 状態"] for row in (one, two, three)] == ["入力済", "対象外", "未入力"]
    assert [row["中間振り返り 入力回数"] for row in (one, two, three)] == [1, 1, 0]


@EACH_KIND
async def test_dates_are_japanese_and_names_say_who_entered_for_whom(
    office: Office, ward: Ward
) -> None:
    item, by = ward.initiatives[0], ward.people["coordinator"]
    async with office.database.begin() as uow:
        given = ({"implementation": "i"}, {"implementation": "i", "attainment": "1"})
        await answer(uow, ward.plan_id, item, "mid-year", *given, by=by, to=ward.owner)
        await uow.commit()

    row = cells(await export_plan(office, WARD))

    assert row["中間振り返り 最初の入力"] == "2026-09-10 01:00"
    assert row["中間振り返り 最後の入力"] == "2026-09-11 01:00"
    assert row["中間振り返り 入力回数"] == 2
    assert row["中間振り返り 入力者"] == "田中"
    assert row["中間振り返り 代わりに入力した相手"] == "山田"
    assert row["中間振り返り 入力元"] == "Slack"


async def test_provisional_figures_show_the_day_they_will_be_known(
    office: Office, ward: Ward
) -> None:
    given = {
        "results": "集計中です。",
        "attainment": "undetermined",
        "provisional": "yes",
        "final_on": "2027-06-10",
    }
    async with office.database.begin() as uow:
        await answer(uow, ward.plan_id, ward.initiatives[0], "year-end", given, by=ward.owner)
        await uow.commit()

    row = cells(await export_plan(office, WARD, stage_key="year-end"))

    assert row["自己評価 目標の達成状況"] == "未確定"
    assert row["自己評価 数値の確定"] == "暫定"
    assert row["自己評価 確定する見込みの日"] == "2027-06-10"
    assert not any(header.startswith("中間") for header in row)


async def test_a_lost_mark_is_said_to_be_lost(office: Office, ward: Ward) -> None:
    async with office.database.begin() as uow:
        row = await answer(uow, ward.plan_id, ward.initiatives[0], "mid-year", {"attainment": "1"})
        row.unreadable = ["implementation"]
        await uow.check_ins.add(row)
        await uow.commit()

    table = await export_plan(office, WARD)

    assert cells(table)["中間振り返り 取組内容の実施見込み"] == "判読不能"
    assert cells(table)["中間振り返り 状態"] == "未入力"


async def test_programs_are_given_keys_and_not_marks(office: Office, ward: Ward) -> None:
    given = {"implementation": "ii", "attainment": "2", "issues": "周知を直す。"}
    async with office.database.begin() as uow:
        await answer(uow, ward.plan_id, ward.initiatives[0], "mid-year", given, by=ward.owner)
        await uow.commit()

    record = json.loads(write(await export_plan(office, WARD), ExportFormat.JSON))

    first = record["initiatives"][0]
    assert (record["ward"], record["fiscal_year"], len(record["initiatives"])) == (WARD, 2026, 3)
    assert first["number"] == 1
    assert {key: first["mid_year"][key] for key in given} == given
    assert first["mid_year"]["history"]["state"] == "submitted"
    assert first["mid_year"]["history"]["last_at"] == "2026-09-10T01:00:00+09:00"
    assert first["year_end"]["results"] is None


@pytest.mark.parametrize("kind", [ExportFormat.CSV, ExportFormat.XLSX])
async def test_an_export_imported_again_changes_nothing(
    office: Office, ward: Ward, kind: ExportFormat
) -> None:
    exported = write(await export_plan(office, WARD), kind)

    (result,) = await import_plans(office, read(exported, f"export.{kind}"), ImportOptions())

    assert result.changes == Changes(unchanged=3)


async def test_no_cell_of_an_answer_starts_a_formula(office: Office, ward: Ward) -> None:
    given = {"implementation": "i", "attainment": "1", "issues": "=HYPERLINK(1)"}
    async with office.database.begin() as uow:
        await answer(uow, ward.plan_id, ward.initiatives[0], "mid-year", given)
        await uow.commit()

    text = write(await export_plan(office, WARD), ExportFormat.CSV).decode("utf-8-sig")

    written = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
    assert "'=HYPERLINK(1)" in written
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in written)


async def test_another_form_is_laid_out_from_its_own_definition(office: Office) -> None:
    async with office.database.begin() as uow:
        unit_id = await add_unit(uow)
        plan_id = await add_plan(uow, unit_id, form=SINCE_2023.key, year=2024)
        item = await add_initiative(uow, plan_id)
        ids = [await add_indicator(uow, item, n, f"指標{n}") for n in (1, 2)]
        marks = {f"attainment@{ids[0]}": "a", f"attainment@{ids[1]}": "b"}
        await answer(uow, plan_id, item, "year-end", marks)
        await answer(uow, plan_id, None, "year-end", {"policy": "続けます。"})
        await uow.commit()

    table = await export_plan(office, WARD, year=2024)

    assert cells(table, 0)["自己評価 達成状況"] == "指標1：A\n指標2：B"
    assert (cells(table, 1)["題名"], cells(table, 1)["自己評価 今後の方針"]) == (
        "(全体)",
        "続けます。",
    )
    assert cells(table, 1)["自己評価 状態"] == "入力済"


@pytest.mark.parametrize(
    "wanted",
    [{"year": 2020}, {"stage_key": "quarter"}, {"form_key": "other"}],
)
async def test_what_is_not_there_is_said_so(
    office: Office, ward: Ward, wanted: dict[str, object]
) -> None:
    with pytest.raises(NotFound, match=WARD):
        await export_plan(office, WARD, **wanted)  # type: ignore[arg-type]


async def test_without_a_year_the_newest_plan_is_meant(office: Office, ward: Ward) -> None:
    async with office.database.begin() as uow:
        await add_plan(uow, ward.unit_id, year=2025)
        await uow.commit()

    assert (await export_plan(office, WARD)).record["fiscal_year"] == 2026
