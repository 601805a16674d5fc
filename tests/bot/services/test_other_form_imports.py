"""Plans of other forms in: their own texts, indicators below items, and answers about the unit."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.clock import SetClock
from bot.domain.errors import Refused
from bot.domain.fields import Indicator, fields_of
from bot.domain.forms.form_files import load_forms
from bot.domain.plans import SheetAnswers, SheetIndicator, SheetInitiative, SheetPlan
from bot.services.office import Office
from bot.services.plan_places import ImportOptions
from bot.services.plans import Changes, ImportedPlan, import_plans
from bot.views.checkin_form import build
from storage.database import Database
from storage.models import CheckIn, IndicatorRow, Initiative, Plan
from tests.bot.views.samples import entry
from tests.bot.views.slack import assert_modal
from tests.builders import add_unit
from tests.databases import EITHER_KIND

pytestmark = EITHER_KIND

OPTIONS = ImportOptions(ward="あおぞら区", year=2026)

VISITS = SheetIndicator("相談会の参加者", "年200人")
TRUST = SheetIndicator("相談しやすいと思う区民の割合", "70%")
STAGE = "year-end"


@pytest.fixture
async def office(database: Database) -> Office:
    async with database.begin() as uow:
        await add_unit(uow)
        await uow.commit()
    return Office(database, SetClock(datetime(2027, 4, 20, tzinfo=UTC)), load_forms())


def issue(*indicators: SheetIndicator, **answers: str) -> SheetInitiative:
    given = {key.replace("_at_", "@"): text for key, text in answers.items()}
    return SheetInitiative(
        *("1", 1, 1, "暮らしの相談"),
        purpose="困ったときに相談できる。",
        details={"present": "相談先を知らない人が多い。"},
        indicators=indicators,
        sections=("保健福祉課", "総務課"),
        answers={STAGE: SheetAnswers(given)} if given else {},
    )


def sheet(*items: SheetInitiative, unit: dict[str, str] | None = None) -> SheetPlan:
    return SheetPlan(
        *("outcome", "あおぞら区運営方針", None, None, items),
        details={"goal": "話せる相手がいるまち"},
        answers={STAGE: SheetAnswers(unit)} if unit else {},
    )


async def imported(office: Office, plan: SheetPlan) -> ImportedPlan:
    (result,) = await import_plans(office, [plan], OPTIONS)
    return result


async def stored(office: Office) -> tuple[Plan, Initiative, list[IndicatorRow]]:
    async with office.database.read() as uow:
        (unit,) = [unit for unit in await uow.units.all() if unit.name == "あおぞら区"]
        (plan,) = await uow.plans.of_unit(unit.id or 0)
        (item,) = await uow.plans.initiatives(plan.id or 0)
        return plan, item, await uow.plans.indicators([item.id or 0])


async def answers(office: Office, item: Initiative | None, plan: Plan) -> CheckIn | None:
    async with office.database.read() as uow:
        return await uow.check_ins.find(plan.id or 0, item.id if item else None, STAGE)


async def test_texts_that_only_the_form_knows_are_kept(office: Office) -> None:
    await imported(office, sheet(issue(VISITS)))

    plan, item, _ = await stored(office)

    assert plan.details == {"goal": "話せる相手がいるまち"}
    assert (item.purpose, item.details) == (
        "困ったときに相談できる。",
        {"present": "相談先を知らない人が多い。", "sections": "保健福祉課\n総務課"},
    )


async def test_a_text_that_a_later_document_has_nowhere_stays(office: Office) -> None:
    await imported(office, sheet(issue(VISITS)))
    without = replace(issue(), details={"budget": "1,200"}, sections=())
    done = await imported(office, replace(sheet(without), details={}))

    plan, item, rows = await stored(office)

    assert plan.details == {"goal": "話せる相手がいるまち"}
    assert item.details["present"] == "相談先を知らない人が多い。"
    assert item.details["budget"] == "1,200"
    assert [row.name for row in rows] == [VISITS.name]
    assert done.details == ("更新：経営課題1(budget)",)


async def test_importing_again_changes_nothing(office: Office) -> None:
    read = sheet(issue(VISITS, TRUST, result_at_1="212人"), unit={"overall": "進んだ。"})
    first = await imported(office, read)
    before = await stored(office)

    again = await imported(office, read)

    assert first.changes == Changes(added=1, answers=2)
    assert again.changes == Changes(unchanged=1)
    assert await stored(office) == before


async def test_answers_about_indicators_and_the_unit_are_taken(office: Office) -> None:
    marks = {"result_at_1": "212人", "attainment_at_1": "A", "attainment_at_2": "C"}
    unit = {"overall": "おおむね進んだ。", "next": "周知を続ける。"}
    done = await imported(office, sheet(issue(VISITS, TRUST, **marks), unit=unit))

    plan, item, (visits, trust) = await stored(office)
    of_item, of_unit = await answers(office, item, plan), await answers(office, None, plan)

    assert done.warnings == ()
    assert of_item is not None
    assert of_item.answers == {
        f"result@{visits.id}": "212人",
        f"attainment@{visits.id}": "A",
        f"attainment@{trust.id}": "C",
    }
    assert of_unit is not None
    assert (of_unit.answers, of_unit.source) == (unit, "sheet")


async def test_an_indicator_that_is_corrected_or_moved_keeps_its_answers(office: Office) -> None:
    await imported(office, sheet(issue(VISITS, TRUST, result_at_1="212人", result_at_2="71%")))
    _, _, (visits, trust) = await stored(office)
    corrected = SheetIndicator("相談会の参加人数", "年250人")

    done = await imported(office, sheet(issue(corrected, TRUST)))
    await imported(office, sheet(issue(TRUST, corrected)))

    _, _, rows = await stored(office)
    found = [(row.id, row.name, row.target) for row in rows]
    assert found == [
        (trust.id, TRUST.name, TRUST.target),
        (visits.id, "相談会の参加人数", "年250人"),
    ]
    assert done.details == ("更新：経営課題1(アウトカム指標)",)


async def test_another_indicator_in_the_same_place_takes_over_no_answers(office: Office) -> None:
    await imported(office, sheet(issue(VISITS, result_at_1="212人")))
    _, _, (visits,) = await stored(office)
    other = SheetIndicator("空き家の数", "10件")

    done = await imported(office, sheet(issue(other)))

    _, _, rows = await stored(office)
    assert [row.name for row in rows] == [other.name, VISITS.name]
    assert rows[1].id == visits.id
    assert "回答があるため" in done.warnings[0]


async def test_an_indicator_goes_unless_something_was_answered_about_it(office: Office) -> None:
    third = SheetIndicator("講座の回数", "12回")
    await imported(office, sheet(issue(VISITS, TRUST, third, result_at_2="71%")))

    done = await imported(office, sheet(issue(third)))

    _, _, rows = await stored(office)
    assert [row.name for row in rows] == [third.name, TRUST.name]
    assert [row.position for row in rows] == [1, 2]
    assert len(done.warnings) == 1
    assert done.warnings[0].startswith(f"経営課題1のアウトカム指標「{TRUST.name}」は、")


async def test_an_answer_given_in_slack_about_the_unit_is_not_overwritten(office: Office) -> None:
    await imported(office, sheet(issue(VISITS)))
    plan, _, _ = await stored(office)
    async with office.database.begin() as uow:
        row = await uow.check_ins.locked(plan.id or 0, None, STAGE, office.now())
        row.answers, row.revision, row.source = {"overall": "Slackで。"}, 1, "slack"
        await uow.check_ins.add(row)
        await uow.commit()

    done = await imported(office, sheet(issue(VISITS), unit={"overall": "資料で。"}))

    kept = await answers(office, None, plan)
    assert kept is not None
    assert kept.answers == {"overall": "Slackで。"}
    assert done.warnings == (
        "運営方針全体の自己評価は、Slackで入力済です。ファイルの内容では上書きしません。",
    )


async def test_a_plan_for_several_years_covers_them_all(office: Office) -> None:
    read = SheetPlan(
        *("vision", "あおぞら区将来ビジョン", None, None),
        (SheetInitiative("1-1-1", 1, 1, "つながり", details={"aim": "顔見知りがいる。"}),),
        last_year=2030,
    )
    await imported(office, read)
    again = (
        await import_plans(office, [replace(read, last_year=None)], replace(OPTIONS, year=2029))
    )[0]

    plan, _, _ = await stored(office)

    assert (plan.first_year, plan.last_year) == (2026, 2030)
    assert again.changes == Changes(unchanged=1)


async def test_more_indicators_than_a_screen_holds_are_refused(office: Office) -> None:
    many = [SheetIndicator(f"指標その{n}") for n in range(1, 60)]
    most = office.forms["outcome"].most_indicators

    with pytest.raises(Refused) as refused:
        await imported(office, sheet(issue(*many)))
    await imported(office, sheet(issue(*many[:most])))

    words = f"経営課題1：アウトカム指標は、1つの経営課題に{most}個までにしてください。"
    assert refused.value.faults == (words,)
    _, _, rows = await stored(office)
    below = [Indicator(str(row.id), row.name, "目標") for row in rows]
    fields = fields_of(office.forms["outcome"].stage(STAGE), indicators=below)
    assert_modal(build(entry(fields, answers={each.key: "あ" for each in fields})))
