"""An item's history: everything that was recorded of it, for those whom it concerns, and a file."""

from __future__ import annotations

import csv
import io
import json
from datetime import date, datetime

import pytest

from bot.domain.calendar import TOKYO
from bot.domain.consultations import ConsultationKind
from bot.domain.errors import AccessDenied, NotFound
from bot.domain.people import Role
from bot.services import checkins, confirmations, consultations, histories
from bot.services.checkins import Stored
from bot.services.history_rows import table_of
from bot.services.viewers import Caller
from bot.sheets.export import ExportFormat, write
from bot.views.checkin_form import Typed
from bot.views.confirmations import SentBack
from bot.views.consultations import Asked
from bot.views.histories import History, build_history
from bot.views.history_events import Consulted, Decided, Entered, Told, act_words, letter_words
from bot.views.targets import HistoryTarget, Target
from storage.database import Database
from tests.bot.services.conftest import Post
from tests.builders import (
    TEAM,
    Ward,
    add_grant,
    add_initiative,
    add_ownership,
    add_person,
    add_plan,
    add_section,
    add_unit,
)
from tests.databases import EITHER_KIND

pytestmark = EITHER_KIND

FIRST = {"implementation": "i", "attainment": "2", "issues": "参加が少ない。周知を増やす。"}
MENDED = {**FIRST, "issues": "参加が4割。10月に2回開く。"}
READERS = ("owner", "deputy", "manager", "unit_manager", "coordinator")


def caller(ward: Ward, part: str) -> Caller:
    return Caller(TEAM, ward.accounts[part])


def target(ward: Ward, number: int = 1) -> HistoryTarget:
    return HistoryTarget(ward.round_id, ward.initiatives[number - 1])


async def answer(post: Post, answers: dict[str, str], revision: int, part: str = "owner") -> None:
    about = target(post.ward)
    typed = Typed(
        about.round_id,
        about.initiative_id,
        revision=revision,
        answers=answers,
        complete_state=True,
    )
    done = await checkins.submit(post.office, caller(post.ward, part), typed)
    assert isinstance(done, Stored)


@pytest.fixture
async def lived(post: Post) -> Post:
    """Told, answered, sent back, mended and confirmed, from the 1st to the 11th of September."""
    await _ask_one_level(post)
    go(post, "2026-09-01T09:30")
    await post.sweep("2026-09-01")
    go(post, "2026-09-10T10:42")
    await answer(post, FIRST, 0)
    go(post, "2026-09-10T11:00")
    about = Target(post.ward.round_id, post.ward.initiatives[0])
    wish = SentBack(about, 1, "数字を書いてください。", date(2026, 9, 15))
    await confirmations.send_back(post.office, caller(post.ward, "manager"), wish)
    go(post, "2026-09-11T09:30")
    await post.sweep("2026-09-11")
    go(post, "2026-09-11T13:00")
    await answer(post, MENDED, 1, "deputy")
    go(post, "2026-09-11T15:00")
    await confirmations.confirm(post.office, caller(post.ward, "manager"), about, 2)
    return post


def go(post: Post, at: str) -> None:
    post.machine.instant = datetime.fromisoformat(at).replace(tzinfo=TOKYO)


async def _ask_one_level(post: Post) -> None:
    async with post.office.database.begin() as uow:
        row = await uow.rounds.get(post.ward.round_id)
        assert row is not None
        row.levels = 1
        await uow.commit()


async def read(post: Post, part: str = "owner") -> History:
    return await histories.open_history(post.office, caller(post.ward, part), target(post.ward))


async def test_it_says_who_answered_sent_back_and_confirmed_in_the_order_of_time(
    lived: Post,
) -> None:
    history = await read(lived)

    acts = [(act_words(e), e.name) for e in history.events if not isinstance(e, Told)]
    assert acts == [
        ("入力", "山田"),
        ("差し戻し", "鈴木"),
        ("修正", "佐藤"),
        ("確認(課長)", "鈴木"),
    ]
    sent_back = next(e for e in history.events if isinstance(e, Decided))
    assert (sent_back.comment, sent_back.due) == ("数字を書いてください。", date(2026, 9, 15))


async def test_it_says_what_each_revision_changed_in_the_words_of_the_form(lived: Post) -> None:
    first, second = (e for e in (await read(lived)).events if isinstance(e, Entered))

    assert [(c.label, c.before, c.after) for c in first.changes[:2]] == [
        ("取組内容の実施見込み", "", "(i) 実施見込み"),
        ("目標の達成見込み", "", "② 達成できない見込み"),
    ]
    [changed] = second.changes
    assert (changed.before, changed.after) == (FIRST["issues"], MENDED["issues"])
    assert changed.label.startswith("課題と改善策")


async def test_it_says_who_was_told_what_and_when(lived: Post) -> None:
    told = [e for e in (await read(lived)).events if isinstance(e, Told)]

    assert [(letter_words(e), e.name, f"{e.at.astimezone(TOKYO):%m-%d}") for e in told] == [
        ("入力のお願い", "山田", "09-01"),
        ("修正のお願い", "山田", "09-11"),
    ]


async def test_a_letter_that_named_other_items_only_is_not_in_it(lived: Post) -> None:
    other = await histories.open_history(
        lived.office, caller(lived.ward, "owner"), target(lived.ward, 2)
    )

    assert [letter_words(e) for e in other.events if isinstance(e, Told)] == ["入力のお願い"]
    assert [e for e in other.events if not isinstance(e, Told)] == []


@pytest.mark.parametrize("part", READERS)
async def test_owner_deputy_managers_and_coordinator_read_it(lived: Post, part: str) -> None:
    assert len((await read(lived, part)).events) == 6


async def test_nobody_else_reads_it_not_even_an_observer_of_what_is_confirmed(
    lived: Post, database: Database
) -> None:
    async with database.begin() as uow:
        unit = await add_unit(uow, code="hikari", name="ひかり区", kana="ひかりく", position=26)
        neighbour = await add_person(uow, "隣", account="UNEXT")
        section = await add_section(uow, lived.ward.unit_id, "市民協働課")
        await add_grant(uow, neighbour, Role.MANAGER, lived.ward.unit_id, section_id=section)
        other = await add_person(uow, "別", account="UOTHER")
        await add_grant(uow, other, Role.COORDINATOR, unit)
        former = await add_person(uow, "前", account="UFORMER")
        await add_ownership(uow, lived.ward.initiatives[0], former, valid_to=date(2026, 9, 9))
        await uow.commit()

    for account in (lived.ward.accounts["observer"], "UNEXT", "UOTHER", "UFORMER", "UNOBODY"):
        with pytest.raises(AccessDenied):
            await histories.open_history(lived.office, Caller(TEAM, account), target(lived.ward))


async def test_a_new_owner_sees_what_was_before_their_time(lived: Post, database: Database) -> None:
    async with database.begin() as uow:
        new = await add_person(uow, "新任", account="UNEW")
        await add_ownership(uow, lived.ward.initiatives[0], new, valid_from=date(2026, 9, 11))
        await uow.commit()

    history = await histories.open_history(lived.office, Caller(TEAM, "UNEW"), target(lived.ward))
    assert len(history.events) == 6


async def test_an_item_of_another_plan_is_not_found_through_a_round_of_ones_own(
    lived: Post, database: Database
) -> None:
    async with database.begin() as uow:
        unit = await add_unit(uow, code="hikari", name="ひかり区", kana="ひかりく", position=26)
        item = await add_initiative(uow, await add_plan(uow, unit))
        await uow.commit()

    for forged in (HistoryTarget(lived.ward.round_id, item), HistoryTarget(999_999, item)):
        with pytest.raises(NotFound):
            await histories.open_history(lived.office, caller(lived.ward, "coordinator"), forged)
    with pytest.raises(AccessDenied):
        await histories.open_history(
            lived.office, caller(lived.ward, "coordinator"), HistoryTarget(0, item)
        )


async def test_what_is_asked_once_per_unit_has_a_history_of_its_own(lived: Post) -> None:
    whole = HistoryTarget(lived.ward.round_id, 0)

    for part in ("unit_manager", "coordinator"):
        history = await histories.open_history(lived.office, caller(lived.ward, part), whole)
        assert (history.code, history.events) == ("全体", ())
    for part in ("owner", "manager", "observer"):
        with pytest.raises(AccessDenied):
            await histories.open_history(lived.office, caller(lived.ward, part), whole)


async def test_the_file_holds_every_event_and_it_is_noted_who_took_it(lived: Post) -> None:
    _, file = await histories.export(
        lived.office, caller(lived.ward, "coordinator"), target(lived.ward), ExportFormat.JSON
    )

    assert file.name == "履歴_あおぞら区_令和8年度_1.json"
    record = json.loads(file.content)
    assert [each["event"] for each in record["events"]] == [
        "told",
        "entered",
        "sent-back",
        "told",
        "entered",
        "confirmed",
    ]
    async with lived.office.database.read() as uow:
        [entry] = await uow.audit.about(f"initiative:{lived.ward.initiatives[0]}")
    assert (entry.action, entry.person_id) == (
        "history.export",
        lived.ward.people["coordinator"],
    )


async def test_no_cell_of_the_file_starts_a_formula(lived: Post) -> None:
    await answer(lived, {**FIRST, "issues": '=HYPERLINK("http://example.com")'}, 2)

    table = await histories.of_item(lived.office, "あおぞら区", "1", year=2026)
    rows = list(csv.reader(io.StringIO(write(table, ExportFormat.CSV).decode("utf-8-sig"))))

    cells = [cell for row in rows for cell in row]
    assert any("HYPERLINK" in cell for cell in cells)
    assert not [cell for cell in cells if cell[:1] in "=+-@" and cell]
    assert {len(row) for row in rows} == {len(table.headers)}


async def test_the_command_names_the_item_by_its_printed_code(lived: Post) -> None:
    table = await histories.of_item(lived.office, "あおぞら区", "1", year=2026)

    assert len(table.record["events"]) == 6  # type: ignore[arg-type]
    for code, year in (("99", 2026), ("1", 2020)):
        with pytest.raises(NotFound):
            await histories.of_item(lived.office, "あおぞら区", code, year=year)


async def test_it_says_that_something_was_asked_and_answered_but_in_no_words(post: Post) -> None:
    go(post, "2026-09-10T10:00")
    about = Target(post.ward.round_id, post.ward.initiatives[0])
    asked = Asked((about,), ConsultationKind.DIFFERS, "家族のことで相談したい。")
    await consultations.ask(post.office, caller(post.ward, "owner"), asked)
    go(post, "2026-09-11T10:00")
    async with post.office.database.read() as uow:
        [row] = await uow.consultations.open_in([post.ward.round_id])
    who = caller(post.ward, "coordinator")
    await consultations.reply(post.office, who, row.id or 0, "電話します。")

    history = await read(post, "manager")

    found = [event for event in history.events if isinstance(event, Consulted)]
    assert [(act_words(event), event.name, event.kind) for event in found] == [
        ("相談", "山田", ConsultationKind.DIFFERS),
        ("相談への返事", "田中", ConsultationKind.DIFFERS),
    ]
    said = str(build_history(history)) + write(table_of(history), ExportFormat.JSON).decode()
    assert "目標や取組内容が実態と違う" in said
    assert "家族" not in said
    assert "電話します" not in said
