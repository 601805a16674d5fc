"""What is exported as a table is imported again: the same items, indicators and answers."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.clock import SetClock
from bot.domain.forms.form_files import load_forms, read_form
from bot.domain.plans import SheetAnswers, SheetIndicator, SheetInitiative, SheetPlan
from bot.services.export import export_plan
from bot.services.office import Office
from bot.services.plan_places import ImportOptions
from bot.services.plans import Changes, import_plans
from bot.sheets.export import ExportFormat, write
from bot.sheets.files import read
from storage.database import Database
from tests.builders import WARD, add_unit
from tests.databases import EITHER_KIND

pytestmark = EITHER_KIND

TABLES = [ExportFormat.CSV, ExportFormat.XLSX]
LONG = "実績：○○を行った。\n\t「=1+1」, @mention, 🌸\n" + "あ" * 2900

YOUSHIKI3 = SheetPlan(
    *("youshiki3", "あおぞら改革プラン5.0", WARD, 2026),
    (
        SheetInitiative(
            *("1", 1, 1, "本の日", "北館", "改革の柱1", "読む人を増やす。", "戦略"),
            outline="=1+1",
            target="(目標)を含む文",
            plan_unlabelled="見出しのない文",
            activities=LONG,
            activities_target="年12回",
            answers={
                "mid-year": SheetAnswers(
                    {"implementation": "ii", "attainment": "2", "issues": LONG}
                ),
                "year-end": SheetAnswers(
                    {
                        "results": "12回\n①開催 ②周知",
                        "attainment": "undetermined",
                        "provisional": "yes",
                        "final_on": "2027-06-10",
                    }
                ),
            },
        ),
        SheetInitiative(
            *("2", 2, 2, "花の日"),
            answers={
                "mid-year": SheetAnswers({"attainment": "1"}, frozenset({"implementation"})),
            },
        ),
        SheetInitiative(
            *("3", 3, 3, "年度途中から"),
            answers={"mid-year": SheetAnswers({"implementation": "na"})},
        ),
    ),
)
OUTCOME = SheetPlan(
    *("outcome", "あおぞら区運営方針", WARD, 2026),
    (
        SheetInitiative(
            *("1", 1, 1, "暮らしの相談"),
            purpose="困ったときに相談できる。",
            details={"present": "相談先を知らない人が多い。"},
            indicators=(SheetIndicator("参加者", "200人"), SheetIndicator("相談しやすさ：割合")),
            answers={
                "year-end": SheetAnswers(
                    {
                        "result@1": "212人\n(前年は190人)",
                        "attainment@1": "A",
                        "result@2": "参加者：71%",
                        "attainment@2": "undetermined",
                    }
                )
            },
        ),
    ),
    details={"goal": "話せる相手がいるまち"},
    answers={"year-end": SheetAnswers({"overall": LONG, "next": "周知を続ける。"})},
)
POLICY = SheetPlan(
    *("policy", "あおぞら区運営方針(様式1)", WARD, 2026),
    (
        SheetInitiative(
            *("2-4-2", 1, 1, "見守り"),
            activities="見守りを支える。",
            details={"issue": "経営課題2 安全", "budget": "13667", "ward_cm_budget": "-"},
            answers={"pdca-2": SheetAnswers({"progress": "behind", "report": "人手が足りない。"})},
        ),
    ),
)
COMMITTEE = SheetPlan(
    *("committee", "第1回区政会議", WARD, 2026),
    (
        SheetInitiative(
            *("1", 1, 1, "広報紙"),
            details={"opinion": "字を大きくしてほしい。"},
            answers={
                "response": SheetAnswers(
                    {"reflected": "no", "action": "次の号で試す。", "reason": "紙面が足りない。"}
                )
            },
        ),
    ),
    answers={"response": SheetAnswers({"rating": "3;5;1;0"})},
)


@pytest.fixture
async def office(database: Database) -> Office:
    async with database.begin() as uow:
        await add_unit(uow)
        await uow.commit()
    return Office(database, SetClock(datetime(2027, 4, 20, tzinfo=UTC)), load_forms())


@pytest.mark.parametrize("kind", TABLES)
@pytest.mark.parametrize("plan", [YOUSHIKI3, OUTCOME, POLICY, COMMITTEE], ids=lambda p: p.form)
async def test_the_same_items_and_answers_come_back(
    office: Office, plan: SheetPlan, kind: ExportFormat
) -> None:
    await import_plans(office, [plan], ImportOptions())

    data = write(await export_plan(office, WARD), kind)
    (back,) = read(data, f"export.{kind}")
    (again,) = await import_plans(office, [back], ImportOptions())

    assert (back.form, back.plan, back.ward, back.fiscal_year) == (*_place(plan),)
    assert back.initiatives == plan.initiatives
    assert (back.details, back.answers) == (plan.details, plan.answers)
    assert not any("取り込みません" in words for words in back.warnings)
    assert again.changes == Changes(unchanged=len(plan.initiatives))


async def test_labels_of_the_offices_own_are_written_and_read(office: Office) -> None:
    source = load_forms()["youshiki3"].source
    own = read_form(source.replace("取組の概要", "あらまし").replace("実施見込み", "見通し"))
    forms = {**office.forms, own.key: own}
    office = replace(office, forms=forms)
    await import_plans(office, [YOUSHIKI3], ImportOptions())

    table = await export_plan(office, WARD)
    (back,) = read(write(table, ExportFormat.CSV), "export.csv", forms)

    assert "あらまし" in table.headers
    assert "中間振り返り 取組内容の見通し" in table.headers
    assert back.initiatives == YOUSHIKI3.initiatives


def test_an_answer_that_the_form_does_not_have_is_a_fault_of_its_cell() -> None:
    rows = "番号,題名,自己評価 目標の達成状況,自己評価 確定する見込みの日\n1,本,③,6月ごろ\n"

    (plan,) = read(rows.encode(), "answers.csv")

    assert [(fault.row, fault.column) for fault in plan.faults] == [
        (2, "自己評価 目標の達成状況"),
        (2, "自己評価 確定する見込みの日"),
    ]
    assert "「③」は、この質問の答えとして読めません。" in plan.faults[0].message


def _place(plan: SheetPlan) -> tuple[str, str | None, str | None, int | None]:
    return plan.form, plan.plan, plan.ward, plan.fiscal_year
