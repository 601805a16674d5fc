"""Plans in: what is stored of a document, and what is refused."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from bot.clock import SetClock
from bot.domain.checkins import Source
from bot.domain.errors import Refused
from bot.domain.plans import SheetAnswers, SheetInitiative, SheetPlan
from bot.domain.youshiki3 import FORMS
from bot.services.office import Office
from bot.services.plan_places import ImportOptions
from bot.services.plans import Changes, ImportedPlan, import_plans
from storage.database import Database
from storage.models import CheckIn, Initiative, Plan, Revision
from tests.builders import add_person, add_unit, letter_values, seed_ward
from tests.databases import EACH_KIND, EITHER_KIND

pytestmark = EITHER_KIND

OPTIONS = ImportOptions(ward="あおぞら区", year=2026)


@pytest.fixture
async def office(database: Database) -> Office:
    async with database.begin() as uow:
        await add_unit(uow)
        await uow.commit()
    return Office(database, SetClock(datetime(2026, 7, 1, tzinfo=UTC)), FORMS)


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


def sheet(*items: SheetInitiative, **changes: object) -> SheetPlan:
    base = SheetPlan(
        form="youshiki3", plan="市政改革プラン", ward=None, fiscal_year=None, initiatives=items
    )
    return replace(base, **changes)  # type: ignore[arg-type]


def mid_year(values: Mapping[str, str], *unreadable: str) -> dict[str, SheetAnswers]:
    return {"mid-year": SheetAnswers(values, frozenset(unreadable))}


async def imported(office: Office, plan: SheetPlan, options: ImportOptions = OPTIONS) -> Changes:
    (result,) = await import_plans(office, [plan], options)
    return result.changes


async def stored(office: Office) -> tuple[list[Plan], list[Initiative], list[CheckIn]]:
    async with office.database.read() as uow:
        units = [unit.id or 0 for unit in await uow.units.all()]
        plans = [plan for unit_id in units for plan in await uow.plans.of_unit(unit_id)]
        items = [each for plan in plans for each in await uow.plans.initiatives(plan.id or 0)]
        return plans, items, await uow.check_ins.of_initiatives([each.id or 0 for each in items])


async def revisions(office: Office) -> list[Revision]:
    _, _, check_ins = await stored(office)
    async with office.database.read() as uow:
        return await uow.check_ins.revisions([row.id or 0 for row in check_ins])


async def actions(office: Office, subject: str) -> list[tuple[str, dict[str, object]]]:
    async with office.database.read() as uow:
        return [(entry.action, entry.detail) for entry in await uow.audit.about(subject)]


async def faults_of(office: Office, *plans: SheetPlan, options: ImportOptions) -> tuple[str, ...]:
    with pytest.raises(Refused) as refused:
        await import_plans(office, plans, options)
    return refused.value.faults


async def test_a_plan_is_stored_as_printed(office: Office) -> None:
    changes = await imported(office, sheet(item(1, pillar="改革の柱1"), item(2)))

    plans, items, check_ins = await stored(office)
    assert [(p.form, p.first_year, p.last_year, p.state) for p in plans] == [
        ("youshiki3", 2026, 2026, "final")
    ]
    assert [(i.code, i.title, i.pillar) for i in items] == [
        ("1", "取組その1", "改革の柱1"),
        ("2", "取組その2", None),
    ]
    assert check_ins == []
    assert changes == Changes(added=2)


async def test_importing_again_changes_nothing(office: Office) -> None:
    answers = mid_year({"attainment": "1"}, "implementation")
    plan = sheet(item(1, answers=answers), item(2))
    await imported(office, plan)
    before = await stored(office)
    entries = await actions(office, f"initiative:{before[1][0].id}")

    changes = await imported(office, plan)

    assert changes == Changes(unchanged=2)
    assert await stored(office) == before
    assert await actions(office, f"initiative:{before[1][0].id}") == entries


async def test_a_corrected_file_updates_in_place_and_keeps_answers(office: Office) -> None:
    answers = mid_year({"implementation": "i", "attainment": "1"})
    await imported(office, sheet(item(1, answers=answers), item(2)))
    _, before, (answer,) = await stored(office)

    changes = await imported(office, sheet(item(1, title="直した題名"), item(2)))

    _, after, kept = await stored(office)
    assert changes == Changes(updated=1, unchanged=1)
    assert [row.id for row in after] == [row.id for row in before]
    assert after[0].title == "直した題名"
    assert kept == [answer]
    assert await actions(office, f"initiative:{after[0].id}") == [
        ("initiative.add", {"code": "1"}),
        ("initiative.update", {"fields": ["title"]}),
    ]


async def test_what_a_person_answered_to_stays_with_the_answer(office: Office) -> None:
    answers = mid_year({"implementation": "i", "attainment": "1"})
    await imported(office, sheet(item(1, answers=answers)))

    await imported(office, sheet(item(1, target="年24回開催する。")))

    (revision,) = await revisions(office)
    assert revision.asked["target"] == "年12回開催する。"


async def test_a_column_that_a_register_does_not_have_wipes_nothing(office: Office) -> None:
    await imported(office, sheet(item(1), item(2)))

    thin = sheet(item(1, target=None, activities=None), item(2, target=None, activities=None))
    changes = await imported(office, thin)

    _, items, _ = await stored(office)
    assert changes == Changes(unchanged=2)
    assert {row.target for row in items} == {"年12回開催する。"}


async def test_the_form_that_a_register_was_printed_on_changes_nothing(office: Office) -> None:
    texts = {"purpose": "まちを知る。", "activities": "講座を開く。"}
    await imported(office, sheet(item(1, **texts), item(2, **texts)))

    printed = sheet(*(item(n, **texts, purpose_label="趣旨・目的") for n in (1, 2)))
    changes = await imported(office, printed)
    other = await imported(office, sheet(item(1, **texts, purpose_label="戦略"), item(2, **texts)))

    assert (changes.updated, changes.unchanged) == (0, 2)
    assert (other.updated, other.unchanged) == (1, 1)


async def test_a_text_taken_out_of_a_corrected_file_is_taken_out(office: Office) -> None:
    await imported(office, sheet(item(1), item(2)))

    await imported(office, sheet(item(1, target=None), item(2)))

    _, items, _ = await stored(office)
    assert [row.target for row in items] == [None, "年12回開催する。"]


async def test_an_initiative_missing_from_a_corrected_file_is_kept_and_warned_of(
    office: Office,
) -> None:
    await imported(office, sheet(item(1), item(2)))

    (result,) = await import_plans(office, [sheet(item(1))], OPTIONS)

    _, items, _ = await stored(office)
    assert [row.code for row in items] == ["1", "2"]
    assert any("取組項目2「取組その2」" in warning for warning in result.warnings)


async def test_a_dry_run_says_what_would_change_and_keeps_nothing(office: Office) -> None:
    changes = await imported(office, sheet(item(1)), replace(OPTIONS, dry_run=True))

    assert changes == Changes(added=1)
    assert await stored(office) == ([], [], [])


async def test_what_changed_is_told_by_initiative_and_field(office: Office) -> None:
    await imported(office, sheet(item(1), item(2)))

    corrected = sheet(item(1, title="直した題名", target="年24回"), item(2), item(3))
    (result,) = await import_plans(office, [corrected], replace(OPTIONS, dry_run=True))

    assert result.details == ("追加：取組項目3", "更新：取組項目1(題名、目標)")


async def test_answers_of_a_sheet_are_check_ins_with_a_revision(office: Office) -> None:
    answers = mid_year({"implementation": "ii", "attainment": "2", "issues": "周知を直す。"})

    changes = await imported(office, sheet(item(1, answers=answers)))

    _, _, (row,) = await stored(office)
    (revision,) = await revisions(office)
    assert changes.answers == 1
    assert (row.stage, row.source, row.entered_by, row.revision) == ("mid-year", "sheet", None, 1)
    assert row.answers == {"implementation": "ii", "attainment": "2", "issues": "周知を直す。"}
    assert (revision.before, revision.after, revision.source) == ({}, row.answers, "sheet")


@EACH_KIND
async def test_a_lost_mark_is_kept_as_lost_and_filled_when_the_paper_is_read(
    office: Office,
) -> None:
    await imported(office, sheet(item(1, answers=mid_year({"attainment": "1"}, "implementation"))))
    _, _, (lost,) = await stored(office)

    both = mid_year({"attainment": "1", "implementation": "i"})
    await imported(office, sheet(item(1, answers=both)))

    _, _, (found,) = await stored(office)
    assert (lost.answers, lost.unreadable) == ({"attainment": "1"}, ["implementation"])
    assert (found.answers, found.unreadable) == ({"attainment": "1", "implementation": "i"}, [])
    assert [revision.number for revision in await revisions(office)] == [1, 2]


async def test_a_mark_lost_in_a_later_file_keeps_the_answer_and_is_noted_once(
    office: Office,
) -> None:
    await imported(office, sheet(item(1, answers=mid_year({"attainment": "1"}))))
    lost = sheet(item(1, answers=mid_year({}, "attainment")))

    first, again = await imported(office, lost), await imported(office, lost)

    _, _, (row,) = await stored(office)
    assert (row.answers, row.unreadable) == ({"attainment": "1"}, ["attainment"])
    assert (first.answers, again.answers) == (1, 0)


async def test_a_letter_that_asks_for_what_a_file_brings_is_updated(office: Office) -> None:
    async with office.database.begin() as uow:
        ward = await seed_ward(uow, unit={"code": "midori", "name": "みどり区", "position": 26})
        for person in (ward.owner, ward.people["coordinator"]):
            values = letter_values(person, state="sent")
            await uow.outbox.write(values, [(ward.round_id, "opening")])
        await uow.commit()

    given = mid_year({"implementation": "i", "attainment": "1"})
    await imported(office, sheet(item(1, answers=given)), replace(OPTIONS, ward="みどり区"))

    async with office.database.begin() as uow:
        now = office.machine.now()
        claimed = await uow.letter_updates.claim(now=now, limit=10)
    assert [letter.person_id for letter in claimed] == [ward.owner]


async def test_a_mark_that_was_only_lost_makes_no_revision(office: Office) -> None:
    await imported(office, sheet(item(1, answers=mid_year({}, "attainment"))))

    _, _, (row,) = await stored(office)
    assert (row.revision, row.answers, row.unreadable) == (0, {}, ["attainment"])
    assert await revisions(office) == []


async def test_a_sheet_never_overwrites_an_answer_given_in_slack(office: Office) -> None:
    await imported(office, sheet(item(1)))
    _, (initiative,), _ = await stored(office)
    given = {"implementation": "i", "attainment": "1"}
    async with office.database.begin() as uow:
        person = await add_person(uow)
        plan_id, item_id = initiative.plan_id, initiative.id
        row = await uow.check_ins.locked(plan_id, item_id, "mid-year", office.now())
        row.revision, row.answers, row.source, row.entered_by = 1, given, Source.SLACK, person
        await uow.check_ins.add(row)
        await uow.commit()

    other = mid_year({"implementation": "ii", "attainment": "2", "issues": "周知を直す。"})
    (result,) = await import_plans(office, [sheet(item(1, answers=other))], OPTIONS)

    _, _, (kept,) = await stored(office)
    assert (kept.answers, kept.source, kept.entered_by) == (given, "slack", person)
    assert result.changes.answers == 0
    assert any("上書きしません" in warning for warning in result.warnings)


@pytest.mark.parametrize("sent_back_due", [None, date(2026, 9, 30)])
async def test_another_answer_of_a_later_sheet_is_nothing_that_anybody_has_confirmed_or_sent_back(
    office: Office, sent_back_due: date | None
) -> None:
    await imported(office, sheet(item(1, answers=mid_year({"implementation": "i"}))))
    _, _, (row,) = await stored(office)
    level = 0 if sent_back_due else 1
    async with office.database.begin() as uow:
        await uow.check_ins.review(row.id or 0, confirmed_level=level, sent_back_due=sent_back_due)
        await uow.commit()

    await imported(office, sheet(item(1, answers=mid_year({"implementation": "i"}))))
    _, _, (same,) = await stored(office)
    await imported(office, sheet(item(1, answers=mid_year({"implementation": "ii"}))))

    _, _, (other,) = await stored(office)
    assert (same.confirmed_level, same.sent_back_due) == (level, sent_back_due)
    assert (other.revision, other.confirmed_level, other.sent_back_due) == (2, 0, None)


async def test_a_draft_becomes_final_by_an_import_without_draft(office: Office) -> None:
    draft = replace(OPTIONS, draft=True)
    await imported(office, sheet(item(1)), draft)
    (before,), _, _ = await stored(office)

    await imported(office, sheet(item(1)))

    (after,), _, _ = await stored(office)
    assert (before.state, after.state) == ("draft", "final")
    assert ("plan.update", {"fields": ["state"]}) in await actions(office, f"plan:{after.id}")


async def test_a_final_plan_never_becomes_a_draft_again(office: Office) -> None:
    await imported(office, sheet(item(1)))

    changed = sheet(item(1, title="直した題名"))
    faults = await faults_of(office, changed, options=replace(OPTIONS, draft=True))

    (plan,), (kept,), _ = await stored(office)
    assert "令和8年度" in faults[0]
    assert (plan.state, kept.title) == ("final", "取組その1")


async def test_what_a_sheet_states_needs_no_option(office: Office) -> None:
    stated = sheet(item(1), ward="あおぞら区", fiscal_year=2025)

    (result,) = await import_plans(office, [stated], ImportOptions())

    assert (result.unit_name, result.fiscal_year) == ("あおぞら区", 2025)


async def test_a_missing_ward_and_year_are_asked_for_with_the_year_that_seems_meant(
    office: Office,
) -> None:
    hinted = sheet(item(1), year_hint=2025, year_evidence="令和7年度実績")

    ward, year = await faults_of(office, hinted, options=ImportOptions())

    assert "--ward" in ward
    assert "--year 2025" in year
    assert "令和7年度実績" in year


async def test_a_hint_never_overrides_the_year_given(office: Office) -> None:
    hinted = sheet(
        item(1), year_hint=2020, year_evidence="令和元年度実績", warnings=("年度の推測",)
    )

    (result,) = await import_plans(office, [hinted], OPTIONS)

    assert result.fiscal_year == 2026
    assert "年度の推測" in result.warnings


async def test_an_option_that_contradicts_the_sheet_is_refused_naming_both(office: Office) -> None:
    stated = sheet(item(1), ward="西区", fiscal_year=2025)

    ward, year = await faults_of(office, stated, options=OPTIONS)

    assert "西区" in ward
    assert "あおぞら区" in ward
    assert "令和7年度" in year
    assert "令和8年度" in year
    assert await stored(office) == ([], [], [])


async def test_another_spelling_of_the_same_ward_is_no_contradiction(office: Office) -> None:
    stated = sheet(item(1), ward="あおぞら区", fiscal_year=2026)

    results = await import_plans(office, [stated], replace(OPTIONS, ward="aozora-ku"))

    assert [result.unit_name for result in results] == ["あおぞら区"]


async def test_an_ambiguous_ward_and_an_unknown_form_are_refused_together(office: Office) -> None:
    options = ImportOptions(ward="東", year=2026, form="youshiki9")

    ward, form = await faults_of(office, sheet(item(1)), options=options)

    assert "東淀川区、東成区、東住吉区" in ward
    assert "youshiki9" in form


async def test_a_register_may_hold_several_wards_and_is_taken_whole_or_not_at_all(
    office: Office,
) -> None:
    one = sheet(item(1), ward="あおぞら区", fiscal_year=2026)
    other = sheet(item(1), ward="西区", fiscal_year=2025)
    unknown = sheet(item(1), ward="みなみ区", fiscal_year=2026)

    await faults_of(office, one, other, unknown, options=ImportOptions())
    nothing = await stored(office)
    results: list[ImportedPlan] = await import_plans(office, [one, other], ImportOptions())

    assert nothing == ([], [], [])
    assert [(r.unit_name, r.fiscal_year) for r in results] == [
        ("あおぞら区", 2026),
        ("西区", 2025),
    ]


async def test_one_ward_in_two_spellings_is_refused(office: Office) -> None:
    one = sheet(item(1), ward="西区", fiscal_year=2026)
    other = sheet(item(2), ward="西", fiscal_year=2026)

    (fault,) = await faults_of(office, one, other, options=ImportOptions())

    assert "西区" in fault


async def test_two_imports_of_one_plan_at_once_make_one_plan(
    office: Office, database_url: str
) -> None:
    other = Office(Database(database_url), office.clock, FORMS)
    sheets = [sheet(item(1), item(2))]

    await asyncio.gather(
        import_plans(office, sheets, OPTIONS), import_plans(other, sheets, OPTIONS)
    )

    await other.database.dispose()
    async with office.database.read() as uow:
        unit = next(unit for unit in await uow.units.all() if unit.name == "あおぞら区")
        [plan] = await uow.plans.of_unit(unit.id or 0)
        assert len(await uow.plans.initiatives(plan.id or 0)) == 2
