"""The manager's step: who confirms what, in which order, once, and never another text than seen."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime
from typing import Any

import pytest

from bot.clock import SetClock
from bot.domain.checkins import State
from bot.domain.errors import AccessDenied, EntryClosed, InvalidAnswers
from bot.domain.people import Role
from bot.domain.youshiki3 import FORMS
from bot.services import checkins, confirmations, reviews, round_state
from bot.services.checkins import Stored
from bot.services.confirmations import Confirmed, LookAgain, Mending
from bot.services.export import export_plan
from bot.services.office import Office
from bot.services.viewers import Caller
from bot.views.checkin_form import Typed
from bot.views.confirmation_list import Chosen
from bot.views.confirmations import SentBack
from bot.views.targets import Target
from storage.database import Database
from storage.models import Absence, Decision
from tests.builders import TEAM, Ward, add_grant, seed_ward
from tests.databases import EACH_KIND, EITHER_KIND

pytestmark = EITHER_KIND

FIRST = {"implementation": "i", "attainment": "2", "issues": "参加が少ない。周知を増やす。"}
MENDED = {"implementation": "i", "attainment": "2", "issues": "参加が4割。10月に2回開く。"}
MEND_BY = date(2026, 9, 15)


@pytest.fixture
def clock() -> SetClock:
    return SetClock(datetime(2026, 9, 10, 1, 42, tzinfo=UTC))


@pytest.fixture
def office(database: Database, clock: SetClock) -> Office:
    return Office(database, clock, FORMS, clock)


@pytest.fixture
async def ward(database: Database) -> Ward:
    return await seeded(database, levels=1)


async def seeded(database: Database, *, levels: int) -> Ward:
    async with database.begin() as uow:
        ward = await seed_ward(uow)
        row = await uow.rounds.get(ward.round_id)
        assert row is not None
        row.levels = levels
        await uow.commit()
    return ward


def who(ward: Ward, part: str) -> Caller:
    return Caller(TEAM, ward.accounts[part])


def target(ward: Ward, number: int = 1) -> Target:
    return Target(ward.round_id, ward.initiatives[number - 1])


async def answer(
    office: Office, ward: Ward, answers: dict[str, str], *, part: str = "owner", **changes: Any
) -> None:
    about = target(ward, changes.pop("number", 1))
    values = {"revision": 0, "complete_state": True, **changes}
    typed = Typed(about.round_id, about.initiative_id, answers=answers, **values)
    assert isinstance(await checkins.submit(office, who(ward, part), typed), Stored)


async def state_of(office: Office, ward: Ward, number: int = 1) -> State:
    async with office.database.read() as uow:
        row = await uow.rounds.get(ward.round_id)
        assert row is not None
        state = await round_state.load(uow, row, today=office.today(), forms=office.forms)
    item = state.item(ward.initiatives[number - 1])
    assert item is not None
    return item.status.state


async def decisions(office: Office, ward: Ward) -> list[Decision]:
    async with office.database.read() as uow:
        row = await uow.check_ins.find(ward.plan_id, ward.initiatives[0], "mid-year")
        return await uow.decisions.of([row.id or 0]) if row else []


def sent_back(ward: Ward, **changes: Any) -> SentBack:
    values = {"revision": 1, "comment": "数字を書いてください。", "due": MEND_BY}
    return SentBack(target(ward), **{**values, **changes})


async def test_the_section_chief_confirms_and_the_answer_is_confirmed(
    office: Office, ward: Ward
) -> None:
    await answer(office, ward, FIRST)

    done = await confirmations.confirm(office, who(ward, "manager"), target(ward), 1)

    assert isinstance(done, Confirmed)
    assert await state_of(office, ward) is State.CONFIRMED
    [decision] = await decisions(office, ward)
    assert (decision.kind, decision.level, decision.revision) == ("confirmed", 1, 1)
    assert (decision.person_id, decision.own) == (ward.people["manager"], False)


async def test_of_two_levels_the_ward_head_is_asked_after_the_section_chief(
    database: Database, office: Office
) -> None:
    ward = await seeded(database, levels=2)
    await answer(office, ward, FIRST)

    await confirmations.confirm(office, who(ward, "manager"), target(ward), 1)
    assert await state_of(office, ward) is State.SUBMITTED
    again = await confirmations.confirm(office, who(ward, "manager"), target(ward), 1)
    assert isinstance(again, Confirmed)  # the second level is not the section chief's
    assert (again.level, await state_of(office, ward)) == (1, State.SUBMITTED)
    await confirmations.confirm(office, who(ward, "unit_manager"), target(ward), 1)

    assert await state_of(office, ward) is State.CONFIRMED
    assert [each.level for each in await decisions(office, ward)] == [1, 2]


async def test_of_two_levels_the_ward_head_does_not_go_before_the_section_chief(
    database: Database, office: Office
) -> None:
    ward = await seeded(database, levels=2)
    await answer(office, ward, FIRST)
    head = who(ward, "unit_manager")

    assert (await confirmations.open_one(office, head, target(ward))).level is None
    _, waiting = await reviews.waiting(office, head, ward.round_id)
    assert waiting == []
    with pytest.raises(EntryClosed):
        await confirmations.confirm(office, head, target(ward), 1)

    assert await decisions(office, ward) == []


async def test_while_the_section_chief_is_away_the_ward_head_confirms_in_their_place(
    database: Database, office: Office
) -> None:
    ward = await seeded(database, levels=2)
    await answer(office, ward, FIRST)
    async with database.begin() as uow:
        chief = ward.people["manager"]
        gone = Absence(person_id=chief, first=office.today(), entered_by=chief, at=office.now())
        await uow.absences.add(gone)
        await uow.commit()

    done = await confirmations.confirm(office, who(ward, "unit_manager"), target(ward), 1)

    assert isinstance(done, Confirmed)
    assert [each.level for each in await decisions(office, ward)] == [1]


async def test_who_holds_both_levels_confirms_the_one_that_was_shown_however_often(
    database: Database, office: Office
) -> None:
    ward = await seeded(database, levels=2)
    async with database.begin() as uow:
        await add_grant(uow, ward.people["manager"], Role.MANAGER, ward.unit_id)
        await uow.commit()
    await answer(office, ward, FIRST)
    both, item = who(ward, "manager"), ward.initiatives[0]

    for _ in range(2):
        await confirmations.confirm(office, both, target(ward), 1, level=1)
    chosen = Chosen(ward.round_id, {item: 1}, levels={item: 1})
    again = await confirmations.confirm_many(office, both, chosen)

    assert (again.count, again.changed) == (1, ())
    assert [each.level for each in await decisions(office, ward)] == [1]
    await confirmations.confirm(office, both, target(ward), 1, level=2)
    assert await state_of(office, ward) is State.CONFIRMED


async def test_confirming_twice_is_confirming_once(office: Office, ward: Ward) -> None:
    await answer(office, ward, FIRST)
    manager = who(ward, "manager")

    both = await asyncio.gather(
        *(confirmations.confirm(office, manager, target(ward), 1) for _ in range(2))
    )

    assert all(isinstance(each, Confirmed) for each in both)
    assert len(await decisions(office, ward)) == 1


async def test_nothing_is_confirmed_that_the_manager_has_not_seen(
    office: Office, ward: Ward
) -> None:
    await answer(office, ward, FIRST)
    await answer(office, ward, MENDED, revision=1)

    done = await confirmations.confirm(office, who(ward, "manager"), target(ward), 1)

    assert isinstance(done, LookAgain)
    assert done.answered.revision == 2
    assert await decisions(office, ward) == []
    assert await state_of(office, ward) is State.SUBMITTED


async def test_an_edit_after_the_confirmation_is_to_be_confirmed_anew_and_shows_what_changed(
    office: Office, ward: Ward
) -> None:
    await answer(office, ward, FIRST)
    await confirmations.confirm(office, who(ward, "manager"), target(ward), 1)

    await answer(office, ward, MENDED, revision=1)

    assert await state_of(office, ward) is State.SUBMITTED
    shown = await confirmations.open_one(office, who(ward, "manager"), target(ward))
    [change] = shown.changes
    assert (change.key, change.before, change.after) == (
        "issues",
        FIRST["issues"],
        MENDED["issues"],
    )


async def test_what_is_sent_back_is_asked_of_its_owner_again_and_of_nobody_else(
    office: Office, ward: Ward
) -> None:
    await answer(office, ward, FIRST)
    await answer(office, ward, FIRST, number=2)

    done = await confirmations.send_back(office, who(ward, "manager"), sent_back(ward))

    assert isinstance(done, Mending)
    assert await state_of(office, ward) is State.SENT_BACK
    assert await state_of(office, ward, 2) is State.SUBMITTED
    [decision] = await decisions(office, ward)
    assert (decision.comment, decision.due) == ("数字を書いてください。", MEND_BY)


async def test_what_was_sent_back_can_be_mended_after_the_round_has_closed_and_nothing_else(
    office: Office, ward: Ward, clock: SetClock
) -> None:
    await answer(office, ward, FIRST)
    await answer(office, ward, FIRST, number=2)
    clock.instant = datetime(2026, 10, 2, 1, 0, tzinfo=UTC)  # closed on the first
    again = sent_back(ward, due=date(2026, 10, 5))
    await confirmations.send_back(office, who(ward, "manager"), again)

    await answer(office, ward, MENDED, revision=1)
    with pytest.raises(EntryClosed):
        await answer(office, ward, MENDED, revision=1, number=2)

    assert await state_of(office, ward) is State.SUBMITTED


@EACH_KIND
async def test_the_owner_may_stand_by_what_was_sent_back(office: Office, ward: Ward) -> None:
    await answer(office, ward, FIRST)
    await confirmations.send_back(office, who(ward, "manager"), sent_back(ward))

    await answer(office, ward, FIRST, revision=1)

    assert await state_of(office, ward) is State.SUBMITTED
    shown = await confirmations.open_one(office, who(ward, "manager"), target(ward))
    assert (shown.revision, shown.changes) == (2, ())
    assert [each.sent_back for each in shown.earlier] == [True]


@pytest.mark.parametrize(
    ("changes", "faults"),
    [
        ({"comment": ""}, {"comment"}),
        ({"due": None}, {"mend-by"}),
        ({"due": date(2026, 9, 10)}, {"mend-by"}),  # today
        ({"due": date(2026, 9, 12)}, {"mend-by"}),  # a Saturday
        ({"due": date(2026, 10, 6)}, {"mend-by"}),  # after publication
        ({"comment": "", "due": None}, {"comment", "mend-by"}),
    ],
)
async def test_every_fault_of_sending_back_is_said_under_its_field_and_nothing_is_stored(
    office: Office, ward: Ward, changes: dict[str, Any], faults: set[str]
) -> None:
    await answer(office, ward, FIRST)

    with pytest.raises(InvalidAnswers) as refused:
        await confirmations.send_back(office, who(ward, "manager"), sent_back(ward, **changes))

    assert set(refused.value.faults) == faults
    assert await decisions(office, ward) == []


async def test_a_manager_who_answered_confirms_their_own_answer_and_it_is_marked(
    office: Office, database: Database, ward: Ward
) -> None:
    async with database.begin() as uow:
        [own] = await uow.people.ownerships([ward.initiatives[0]])
        own.person_id = ward.people["manager"]
        await uow.people.add(own)
        await uow.commit()
    await answer(office, ward, FIRST, part="manager")

    await confirmations.confirm(office, who(ward, "manager"), target(ward), 1)

    assert [each.own for each in await decisions(office, ward)] == [True]


async def test_several_are_confirmed_at_once_but_for_those_that_changed_meanwhile(
    office: Office, ward: Ward
) -> None:
    for number in (1, 2, 3):
        await answer(office, ward, FIRST, number=number)
    await answer(office, ward, MENDED, number=2, revision=1)
    manager = who(ward, "manager")
    _, waiting = await reviews.waiting(office, manager, ward.round_id)
    assert [each.revision for each in waiting] == [1, 2, 1]

    seen = Chosen(ward.round_id, dict.fromkeys(ward.initiatives, 1))
    done = await confirmations.confirm_many(office, manager, seen)

    assert (done.count, done.changed) == (2, ("2",))
    _, left = await reviews.waiting(office, manager, ward.round_id)
    assert [each.item.code for each in left] == ["2"]


async def test_confirming_nothing_is_refused_under_the_field(office: Office, ward: Ward) -> None:
    await answer(office, ward, FIRST)

    with pytest.raises(InvalidAnswers) as refused:
        await confirmations.confirm_many(
            office, who(ward, "manager"), Chosen(ward.round_id, revisions={})
        )

    assert refused.value.faults == {"group:0": "確認する項目を選んでください。"}


@pytest.mark.parametrize("part", ["owner", "deputy", "coordinator", "observer"])
async def test_nobody_but_a_manager_is_told_even_that_nothing_was_chosen(
    office: Office, ward: Ward, part: str
) -> None:
    with pytest.raises(AccessDenied):
        await confirmations.confirm_many(
            office, who(ward, part), Chosen(ward.round_id, revisions={})
        )


@pytest.mark.parametrize("part", ["owner", "deputy", "coordinator", "observer"])
async def test_nobody_but_a_manager_confirms_or_sends_back(
    office: Office, ward: Ward, part: str
) -> None:
    await answer(office, ward, FIRST)

    for act in (
        confirmations.open_one(office, who(ward, part), target(ward)),
        confirmations.confirm(office, who(ward, part), target(ward), 1),
        confirmations.send_back(office, who(ward, part), sent_back(ward)),
    ):
        with pytest.raises(AccessDenied):
            await act
    assert await decisions(office, ward) == []


async def test_an_export_says_who_confirmed_what_stands_and_when(
    database: Database, office: Office
) -> None:
    ward = await seeded(database, levels=2)
    await answer(office, ward, FIRST)
    await answer(office, ward, FIRST, number=2)
    await answer(office, ward, FIRST, number=3)
    for part in ("manager", "unit_manager"):
        await confirmations.confirm(office, who(ward, part), target(ward), 1)
    await confirmations.confirm(office, who(ward, "manager"), target(ward, 2), 1)
    back = SentBack(target(ward, 3), 1, "数字を書いてください。", MEND_BY)
    await confirmations.send_back(office, who(ward, "manager"), back)

    table = await export_plan(office, "あおぞら区", stage_key="mid-year")

    rows = [dict(zip(table.headers, row, strict=True)) for row in table.rows]
    names = ("状態", "修正期限", "確認者(課長)", "確認日時(課長)", "確認者(区長)", "確認日時(区長)")
    at = "2026-09-10 10:42"
    assert [[row[f"中間振り返り {name}"] for name in names] for row in rows] == [
        ["確認済", None, "鈴木", at, "高橋", at],
        ["入力済", None, "鈴木", at, None, None],
        ["差し戻し", "2026-09-15", None, None, None, None],
    ]


async def test_an_export_names_nobody_for_what_was_changed_since(
    office: Office, ward: Ward
) -> None:
    await answer(office, ward, FIRST)
    await confirmations.confirm(office, who(ward, "manager"), target(ward), 1)
    await answer(office, ward, MENDED, revision=1)

    record: Any = (await export_plan(office, "あおぞら区", stage_key="mid-year")).record

    history = record["initiatives"][0]["mid_year"]["history"]
    assert (history["state"], history["confirmed"]) == ("submitted", [])


async def test_two_managers_at_once_confirm_once(office: Office, ward: Ward) -> None:
    await answer(office, ward, FIRST)

    both = await asyncio.gather(
        *(
            confirmations.confirm(office, who(ward, part), target(ward), 1)
            for part in ("manager", "unit_manager")
        )
    )

    assert all(isinstance(each, Confirmed) for each in both)
    assert len(await decisions(office, ward)) == 1
    assert sorted(len(each.told) > 0 for each in both if isinstance(each, Confirmed)) == [
        False,
        True,
    ]


async def test_of_one_who_confirms_and_one_who_sends_back_at_once_each_is_kept_in_turn(
    office: Office, ward: Ward
) -> None:
    await answer(office, ward, FIRST)

    await asyncio.gather(
        confirmations.confirm(office, who(ward, "unit_manager"), target(ward), 1),
        confirmations.send_back(office, who(ward, "manager"), sent_back(ward)),
        return_exceptions=True,  # what is sent back first is nobody's to confirm any more
    )

    made = await decisions(office, ward)
    assert [each.number for each in made] == list(range(1, len(made) + 1))
    assert made[-1].kind == "sent-back"
    assert await state_of(office, ward) is State.SENT_BACK


async def test_what_is_edited_while_it_is_being_confirmed_is_never_confirmed_unseen(
    office: Office, ward: Ward
) -> None:
    await answer(office, ward, FIRST)

    done, _ = await asyncio.gather(
        confirmations.confirm(office, who(ward, "manager"), target(ward), 1),
        answer(office, ward, MENDED, revision=1),
    )

    assert await state_of(office, ward) is State.SUBMITTED
    made = await decisions(office, ward)
    assert [each.revision for each in made] == ([1] if isinstance(done, Confirmed) else [])


async def test_two_who_confirm_the_same_list_at_once_wait_for_each_other(
    office: Office, ward: Ward
) -> None:
    for number in (1, 2, 3):
        await answer(office, ward, FIRST, number=number)
    forth = dict.fromkeys(ward.initiatives, 1)
    back = dict(reversed(forth.items()))

    done = await asyncio.gather(
        confirmations.confirm_many(office, who(ward, "manager"), Chosen(ward.round_id, forth)),
        confirmations.confirm_many(office, who(ward, "unit_manager"), Chosen(ward.round_id, back)),
    )

    assert [(each.count, each.changed) for each in done] == [(3, ()), (3, ())]
    assert sorted(bool(each.told) for each in done) == [False, True]
    assert len(await decisions(office, ward)) == 1
    for number in (1, 2, 3):
        assert await state_of(office, ward, number) is State.CONFIRMED


async def test_sending_back_twice_writes_one_decision_and_one_letter(
    office: Office, ward: Ward
) -> None:
    await answer(office, ward, FIRST)

    both = await asyncio.gather(
        *(confirmations.send_back(office, who(ward, "manager"), sent_back(ward)) for _ in range(2))
    )

    assert all(isinstance(each, Mending) and each.due == MEND_BY for each in both)
    assert len(await decisions(office, ward)) == 1
    async with office.database.read() as uow:
        assert (await uow.outbox.counts())["pending"] == 1


async def test_what_another_manager_has_sent_back_is_not_sent_back_again(
    office: Office, ward: Ward
) -> None:
    await answer(office, ward, FIRST)
    await confirmations.send_back(office, who(ward, "manager"), sent_back(ward))

    with pytest.raises(EntryClosed, match="すでに修正をお願いしています"):
        await confirmations.send_back(office, who(ward, "unit_manager"), sent_back(ward))

    assert len(await decisions(office, ward)) == 1


async def test_a_round_that_asks_nobody_takes_no_decision(
    database: Database, office: Office
) -> None:
    ward = await seeded(database, levels=0)
    await answer(office, ward, FIRST)

    with pytest.raises(EntryClosed):
        await confirmations.confirm(office, who(ward, "manager"), target(ward), 1)
    with pytest.raises(EntryClosed):
        await confirmations.send_back(office, who(ward, "manager"), sent_back(ward))
