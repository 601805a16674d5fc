"""Other forms are data: they run through check, modal and storage with no code changed.

One is like the form in use since FY2023 (a mark for each indicator, two texts once per unit, no
mid-year round), one has a scale of three values, and one asks for a text only.
"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest

from bot.clock import SetClock
from bot.domain.errors import InvalidAnswers
from bot.domain.form import Form
from bot.domain.forms.form_files import load_forms, read_form
from bot.domain.people import UNIT_ITEM
from bot.domain.rounds import RoundDates
from bot.services import additions, checkins, status
from bot.services.checkins import Stored
from bot.services.mine import open_mine
from bot.services.office import Office
from bot.services.viewers import Caller
from bot.views import additions as new_items
from bot.views import checkin_form
from bot.views.answers_shown import answer_sections
from bot.views.status import UnitStatus, render_unit
from bot.views.targets import Target
from storage.database import Database
from tests.builders import TEAM, Ward, add_indicator, seed_ward
from tests.databases import EACH_KIND, EITHER_KIND
from tests.sample_forms import INDICATORS, TEXT_ONLY, THREE_VALUED

pytestmark = EITHER_KIND

DATES = RoundDates(date(2027, 4, 1), date(2027, 5, 14), date(2027, 6, 3), date(2027, 6, 7))


async def opened(database: Database, form: Form, stage: str = "") -> tuple[Office, Ward]:
    """A ward whose plan is of that form, with the round of its first stage, or of another, open."""
    stage = stage or form.stages[0].key
    async with database.begin() as uow:
        ward = await seed_ward(uow, plan={"form": form.key}, stage=stage, dates=DATES)
        await uow.commit()
    clock = SetClock(datetime(2027, 4, 20, 1, 0, tzinfo=UTC))
    return Office(database, clock, {form.key: form}, clock), ward


async def answer(office: Office, caller: Caller, target: Target, typed: dict[str, str]) -> Any:
    """Open the modal, fill it in as Slack would send it back, and submit."""
    entry = await checkins.open_entry(office, caller, target)
    view = checkin_form.build(entry)
    assert {field.key for field in entry.fields} == set(typed)
    return await checkins.submit(office, caller, checkin_form.read(fill(view, typed)))


def fill(view: dict[str, Any], typed: dict[str, str]) -> dict[str, Any]:
    """The submitted view: each input's state by block id and action id."""
    values: dict[str, dict[str, Any]] = {}
    for block in view["blocks"]:
        if block["type"] == "input":
            element = block["element"]
            text = typed[element["action_id"].partition(":")[2]]
            values[block["block_id"]] = {element["action_id"]: _state(element, text)}
    return {**view, "state": {"values": values}}


def _state(element: dict[str, Any], text: str) -> dict[str, Any]:
    if element["type"] == "radio_buttons":
        chosen = [each for each in element["options"] if each["value"] == text]
        return {"type": "radio_buttons", "selected_option": chosen[0] if chosen else None}
    return {"type": element["type"], "value": text or None}


async def counted(office: Office, ward: Ward, part: str) -> UnitStatus:
    found = await status.of_unit(office, Caller(TEAM, ward.accounts[part]), ward.unit_id)
    assert isinstance(found, UnitStatus)
    return found


@EACH_KIND
async def test_since_2023_each_indicator_has_a_mark_and_the_unit_two_texts(
    database: Database,
) -> None:
    office, ward = await opened(database, INDICATORS)
    async with database.begin() as uow:
        first = await add_indicator(uow, ward.initiatives[0], 1, "参加した人の割合")
        second = await add_indicator(uow, ward.initiatives[0], 2, "講座の回数")
        await uow.commit()
    owner = Caller(TEAM, ward.accounts["owner"])
    target = Target(ward.round_id, ward.initiatives[0])

    with pytest.raises(InvalidAnswers) as refused:
        await answer(
            office,
            owner,
            target,
            {
                f"result@{first}": "82%",
                f"mark@{first}": "A",
                f"result@{second}": "11回",
                f"mark@{second}": "",
                f"reason@{first}": "",
                f"reason@{second}": "",
            },
        )
    assert list(refused.value.faults) == [f"mark@{second}"]

    marks = {
        f"result@{first}": "82%",
        f"mark@{first}": "A",
        f"result@{second}": "11回",
        f"mark@{second}": "A",
        f"reason@{first}": "",
        f"reason@{second}": "",
    }
    assert isinstance(await answer(office, owner, target, marks), Stored)

    coordinator = Caller(TEAM, ward.accounts["coordinator"])
    whole = Target(ward.round_id, UNIT_ITEM)
    texts = {"overall": "おおむね順調。", "next": "周知を広げる。"}
    assert isinstance(await answer(office, coordinator, whole, texts), Stored)

    seen = await counted(office, ward, "coordinator")
    assert (seen.counts.total, seen.counts.submitted) == (2, 2)  # nothing else is asked
    assert seen.counts.marks == {"mark": {"A": 2, "B": 0}}
    async with database.read() as uow:
        unit_row = await uow.check_ins.find(ward.plan_id, None, "year-end")
        item_row = await uow.check_ins.find(ward.plan_id, ward.initiatives[0], "year-end")
    assert unit_row is not None
    assert unit_row.answers == texts
    assert item_row is not None
    assert item_row.answers == {key: text for key, text in marks.items() if text}


async def test_a_scale_of_three_values_asks_for_a_reason_where_it_says_so(
    database: Database,
) -> None:
    office, ward = await opened(database, THREE_VALUED)
    owner = Caller(TEAM, ward.accounts["owner"])
    targets = [Target(ward.round_id, each) for each in ward.initiatives]

    with pytest.raises(InvalidAnswers):
        await answer(office, owner, targets[0], {"implementation": "part", "issues": ""})
    await answer(
        office, owner, targets[0], {"implementation": "part", "issues": "人手が足りない。"}
    )
    await answer(office, owner, targets[1], {"implementation": "full", "issues": ""})

    seen = await counted(office, ward, "owner")
    assert seen.counts.marks == {"implementation": {"full": 1, "part": 1, "none": 0}}
    assert (seen.counts.submitted, seen.counts.outstanding) == (2, 1)


async def test_a_review_of_texts_only_is_complete_with_its_texts(database: Database) -> None:
    office, ward = await opened(database, TEXT_ONLY)
    owner = Caller(TEAM, ward.accounts["owner"])
    target = Target(ward.round_id, ward.initiatives[0])

    with pytest.raises(InvalidAnswers) as refused:
        await answer(office, owner, target, {"review": ""})
    assert list(refused.value.faults) == ["review"]
    assert isinstance(await answer(office, owner, target, {"review": "講座を12回開いた。"}), Stored)
    assert (await counted(office, ward, "owner")).counts.submitted == 1


async def test_an_item_joins_a_plan_with_the_texts_and_indicators_of_its_form(
    database: Database,
) -> None:
    async with database.begin() as uow:
        ward = await seed_ward(uow, plan={"form": "outcome"}, stage="year-end", dates=DATES)
        await uow.commit()
    clock = SetClock(datetime(2027, 4, 20, 1, 0, tzinfo=UTC))
    office = Office(database, clock, load_forms(), clock)
    coordinator = Caller(TEAM, ward.accounts["coordinator"])

    form = await additions.open_form(office, coordinator, ward.plan_id)
    view = new_items.build_form(form)
    assert (form.item, form.indicator) == ("経営課題", "アウトカム指標")
    typed = {
        "code": "9",
        "title": "みどりを増やす",
        "text-present": "木陰が少ない。",
        "text-purpose": "木陰で休める。",
        "indicators": "植えた木の数：120本\n木陰で休めると思う区民",
    }
    values = {
        block["block_id"]: {
            block["element"]["action_id"]: {"value": typed.get(block["block_id"], "")}
            | ({"selected_date": "2026-10-01"} if block["block_id"] == "added_on" else {})
        }
        for block in view["blocks"]
        if block["type"] == "input"
    }
    done = await additions.add(
        office, coordinator, new_items.read_form({**view, "state": {"values": values}})
    )

    async with database.read() as uow:
        new = (await uow.plans.initiatives(ward.plan_id))[-1]
        rows = await uow.plans.indicators([new.id or 0])
    assert done.code == "経営課題9"
    assert (new.purpose, new.details) == ("木陰で休める。", {"present": "木陰が少ない。"})
    assert [(row.name, row.target) for row in rows] == [
        ("植えた木の数", "120本"),
        ("木陰で休めると思う区民", None),
    ]


async def test_a_review_that_asks_once_for_the_whole_unit_is_the_coordinators_alone(
    database: Database,
) -> None:
    office, ward = await opened(database, load_forms()["policy"], "year-end")
    coordinator = Caller(TEAM, ward.accounts["coordinator"])

    before = await counted(office, ward, "coordinator")
    mine = await open_mine(office, Caller(TEAM, ward.accounts["owner"]))
    texts = {
        "results_and_next": "訪問を増やした。",
        "issues_and_improvements": "担い手が足りない。",
    }
    done = await answer(office, coordinator, Target(ward.round_id, UNIT_ITEM), texts)
    after = await counted(office, ward, "coordinator")

    assert (before.counts.total, before.counts.submitted) == (1, 0)
    assert mine.sections == ()
    assert isinstance(done, Stored)
    assert (after.counts.total, after.counts.submitted) == (1, 1)


async def test_a_committees_marks_are_typed_as_counts_and_shown_with_their_average(
    database: Database,
) -> None:
    office, ward = await opened(database, load_forms()["committee"])
    coordinator = Caller(TEAM, ward.accounts["coordinator"])
    target = Target(ward.round_id, UNIT_ITEM)

    with pytest.raises(InvalidAnswers) as refused:
        await answer(office, coordinator, target, {"rating": "3、5", "rating_comments": ""})
    done = await answer(
        office,
        coordinator,
        target,
        {"rating": "３、５、１、０", "rating_comments": "続けてほしい。"},
    )
    again = await checkins.open_entry(office, coordinator, target)

    assert "4 よくできている、3 おおむねできている" in refused.value.faults["rating"]
    assert isinstance(done, Stored)
    assert again.answers["rating"] == "3;5;1;0"
    assert '"initial_value": "3、5、1、0"' in json.dumps(
        checkin_form.build(again), ensure_ascii=False
    )
    assert "平均3.2(9人：" in "".join(map(str, answer_sections(again.fields, again.answers)))


async def test_an_offices_own_words_for_our_form_stand_on_every_screen(database: Database) -> None:
    source = load_forms()["youshiki3"].source
    for ours, own in (
        ('item = "取組項目"', 'item = "推進項目"'),
        ('title = "中間振り返り"', 'title = "秋の点検"'),
        ('label = "目標の達成見込み"', 'label = "目標の到達見込み"'),
        ('text = "達成できない見込み"', 'text = "届かない見込み"'),
        ('label = "今年度の目標"', 'label = "本年度のめあて"'),
    ):
        assert ours in source
        source = source.replace(ours, own)
    form = read_form(source)
    async with database.begin() as uow:
        ward = await seed_ward(uow, stage="mid-year", dates=DATES)
        item = await uow.plans.initiative(ward.initiatives[0])
        assert item is not None
        item.activities_target = "年12回"
        await uow.plans.add(item)
        await uow.commit()
    clock = SetClock(datetime(2027, 4, 20, 1, 0, tzinfo=UTC))
    office = Office(database, clock, {form.key: form}, clock)
    owner = Caller(TEAM, ward.accounts["owner"])
    target = Target(ward.round_id, ward.initiatives[0])

    modal = json.dumps(
        checkin_form.build(await checkins.open_entry(office, owner, target)), ensure_ascii=False
    )
    typed = {"implementation": "i", "attainment": "2", "issues": "周知を直す。"}
    await answer(office, owner, target, typed)
    seen = json.dumps(render_unit(await counted(office, ward, "owner")).blocks, ensure_ascii=False)

    for words in ("秋の点検 推進項目1", "目標の到達見込み", "② 届かない見込み", "本年度のめあて"):
        assert words in modal
    for words in ("秋の点検", "推進項目1", "到達見込み"):
        assert words in seen
    for gone in ("取組項目", "中間振り返り", "達成見込み"):
        assert gone not in seen
