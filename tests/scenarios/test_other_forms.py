"""Other forms are data: defined here, they run through check, modal and storage, no code changed.

One is the form in use since FY2023 (a mark for each indicator, two texts once per unit, no mid-year
round), one has a scale of three values, and one asks for texts only.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from bot.clock import SetClock
from bot.domain.errors import InvalidAnswers
from bot.domain.form import ALWAYS, Form, Kind, Option, Question, Scope, Stage, Timing, When
from bot.domain.people import UNIT_ITEM
from bot.domain.rounds import RoundDates
from bot.services import checkins, status
from bot.services.checkins import Stored
from bot.services.office import Office
from bot.services.viewers import Caller
from bot.views import checkin_form
from bot.views.actions import Target
from bot.views.status import UnitStatus
from storage.database import Database
from tests.builders import TEAM, Ward, add_indicator, seed_ward

TIMING = Timing(opens=(12, 1), due=(13, 14), publishes=(14, 7))
REQUEST = "3月31日時点の実績を入力してください。"
DATES = RoundDates(date(2027, 4, 1), date(2027, 5, 14), date(2027, 6, 3), date(2027, 6, 7))

SINCE_2023 = Form(
    key="policy2023",
    name="運営方針",
    stages=(
        Stage(
            key="year-end",
            title="自己評価",
            request=REQUEST,
            timing=TIMING,
            questions=(
                Question(
                    key="actual",
                    kind=Kind.TEXT,
                    label="実績",
                    missing="実績を入力してください。",
                    scope=Scope.INDICATOR,
                    required=ALWAYS,
                ),
                Question(
                    key="attainment",
                    kind=Kind.CHOICE,
                    label="アウトカム指標の達成状況(定量評価)",
                    missing="どちらかを選んでください。",
                    scope=Scope.INDICATOR,
                    required=ALWAYS,
                    options=(
                        Option("a", "A", "順調"),
                        Option("b", "B", "順調でない", unfavourable=True),
                    ),
                ),
                Question(
                    key="evaluation",
                    kind=Kind.TEXT,
                    label="自己評価(運営方針全体の定性評価)",
                    missing="自己評価を入力してください。",
                    scope=Scope.UNIT,
                    required=ALWAYS,
                ),
                Question(
                    key="outlook",
                    kind=Kind.TEXT,
                    label="今後の方針",
                    missing="今後の方針を入力してください。",
                    scope=Scope.UNIT,
                    required=ALWAYS,
                ),
            ),
        ),
    ),
)

THREE_VALUES = Form(
    key="plan2014",
    name="進捗の振り返り",
    stages=(
        Stage(
            key="year-end",
            title="年度末の振り返り",
            request=REQUEST,
            timing=TIMING,
            questions=(
                Question(
                    key="progress",
                    kind=Kind.CHOICE,
                    label="取組の進捗",
                    missing="いずれかを選んでください。",
                    required=ALWAYS,
                    options=(
                        Option("done", "", "実施済み又は実施できる見込み"),
                        Option("partly", "", "一部実施できない見込み", unfavourable=True),
                        Option("not", "", "実施できない見込み", unfavourable=True),
                    ),
                ),
                Question(
                    key="reason",
                    kind=Kind.TEXT,
                    label="理由",
                    missing="理由を入力してください。",
                    required=When("progress", frozenset({"partly", "not"})),
                ),
            ),
        ),
    ),
)

TEXT_ONLY = Form(
    key="vision",
    name="将来ビジョンの振り返り",
    stages=(
        Stage(
            key="year-end",
            title="振り返り",
            request=REQUEST,
            timing=TIMING,
            questions=(
                Question(
                    key="achieved",
                    kind=Kind.TEXT,
                    label="達成できたこと",
                    missing="達成できたことを入力してください。",
                    required=ALWAYS,
                ),
                Question(
                    key="remaining",
                    kind=Kind.TEXT,
                    label="残された課題・対策",
                    missing="残された課題・対策を入力してください。",
                    required=ALWAYS,
                ),
            ),
        ),
    ),
)


async def opened(database: Database, form: Form) -> tuple[Office, Ward]:
    """A ward whose plan is of that form, with its year-end round open."""
    async with database.begin() as uow:
        ward = await seed_ward(uow, plan={"form": form.key}, stage="year-end", dates=DATES)
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
            text = typed[element["action_id"].removeprefix("field:")]
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


async def test_since_2023_each_indicator_has_a_mark_and_the_unit_two_texts(
    database: Database,
) -> None:
    office, ward = await opened(database, SINCE_2023)
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
                f"actual@{first}": "82%",
                f"attainment@{first}": "a",
                f"actual@{second}": "11回",
                f"attainment@{second}": "",
            },
        )
    assert list(refused.value.faults) == [f"attainment@{second}"]

    marks = {
        f"actual@{first}": "82%",
        f"attainment@{first}": "a",
        f"actual@{second}": "11回",
        f"attainment@{second}": "b",
    }
    assert isinstance(await answer(office, owner, target, marks), Stored)

    coordinator = Caller(TEAM, ward.accounts["coordinator"])
    whole = Target(ward.round_id, UNIT_ITEM)
    texts = {"evaluation": "おおむね順調。", "outlook": "周知を広げる。"}
    assert isinstance(await answer(office, coordinator, whole, texts), Stored)

    seen = await counted(office, ward, "coordinator")
    assert (seen.counts.total, seen.counts.submitted) == (2, 2)  # nothing else is asked
    assert seen.counts.marks == {"attainment": {"a": 1, "b": 1}}
    async with database.read() as uow:
        unit_row = await uow.check_ins.find(ward.plan_id, None, "year-end")
        item_row = await uow.check_ins.find(ward.plan_id, ward.initiatives[0], "year-end")
    assert unit_row is not None
    assert unit_row.answers == texts
    assert item_row is not None
    assert item_row.answers == marks


async def test_a_scale_of_three_values_asks_for_a_reason_where_it_says_so(
    database: Database,
) -> None:
    office, ward = await opened(database, THREE_VALUES)
    owner = Caller(TEAM, ward.accounts["owner"])
    targets = [Target(ward.round_id, each) for each in ward.initiatives]

    with pytest.raises(InvalidAnswers):
        await answer(office, owner, targets[0], {"progress": "partly", "reason": ""})
    await answer(office, owner, targets[0], {"progress": "partly", "reason": "人手が足りない。"})
    await answer(office, owner, targets[1], {"progress": "done", "reason": ""})

    seen = await counted(office, ward, "owner")
    assert seen.counts.marks == {"progress": {"done": 1, "partly": 1, "not": 0}}
    assert (seen.counts.submitted, seen.counts.outstanding) == (2, 1)


async def test_a_review_of_texts_only_is_complete_with_its_texts(database: Database) -> None:
    office, ward = await opened(database, TEXT_ONLY)
    owner = Caller(TEAM, ward.accounts["owner"])
    target = Target(ward.round_id, ward.initiatives[0])

    with pytest.raises(InvalidAnswers) as refused:
        await answer(office, owner, target, {"achieved": "講座を12回開いた。", "remaining": ""})
    assert list(refused.value.faults) == ["remaining"]
    texts = {"achieved": "講座を12回開いた。", "remaining": "若い世代への周知。"}
    assert isinstance(await answer(office, owner, target, texts), Stored)
    assert (await counted(office, ward, "owner")).counts.submitted == 1
