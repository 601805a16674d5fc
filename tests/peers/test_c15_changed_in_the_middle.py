"""C15: a set-up that is changed while a round runs: nothing comes twice, nothing is lost."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from playground import Outcome
from tests.bot.cli.command import Command
from tests.databases import EACH_KIND, EITHER_KIND
from tests.handlers.filling import ISSUES, fill
from tests.scenarios.commanded import CommandedOffice, commanded
from tests.scenarios.year import STAFF, roster, set_up, synthetic_sheet

pytestmark = EITHER_KIND

WARD = "あおぞら区"
WRITTEN = "参加が計画の6割にとどまる。10月から周知の方法を見直す。"
OLD_TARGET, NEW_TARGET = "今年度の参加者 300人", "今年度の参加者 360人"
OWNERS = {"sato", "tanaka", "mori"}


@pytest.fixture
async def office(
    way_and_url: tuple[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    unspaced: None,
) -> AsyncIterator[CommandedOffice]:
    """The round is open and announced, and the first of eight items answered."""
    way, url = way_and_url
    command = Command(tmp_path, monkeypatch, capsys)
    async with commanded(command, url, way=way, ward=WARD, day="2026-08-31") as told:
        told.join(*STAFF)
        await set_up(told, synthetic_sheet())
        assert await told.told("2026-09-01") == OWNERS | {"coordinator"}
        modal = await told.person("sato").click(told.letter("sato"), "入力する")
        await fill(modal, attainment="②", issues=WRITTEN)
        assert (await modal.submit()).outcome is Outcome.UPDATED
        yield told


@EACH_KIND
async def test_a_due_date_that_moves_is_announced_once_at_its_new_steps(
    office: CommandedOffice,
) -> None:
    assert await _owners_told(office, "2026-09-15") == OWNERS  # three days before the old date
    await _due_on(office, "2026-09-29")

    assert await _owners_told(office, "2026-09-18") == set()  # the old date itself
    assert await _owners_told(office, "2026-09-24") == OWNERS
    assert "9月29日(火)" in office.letter("sato").visible_text
    await _due_on(office, "2026-09-29")  # the same once more
    assert await _owners_told(office, "2026-09-25") == set()
    assert (await office.status("mid-year"))["submitted"] == 1


async def test_an_item_that_changes_hands_is_asked_of_the_new_owner_alone(
    office: CommandedOffice,
) -> None:
    office.go_to("2026-09-10")
    people = roster(WARD).replace('"1;2;3"', '"1;3"').replace('"4;5"', '"2;4;5"')
    await office.run("people", "import", office.kaikaku.write("people.csv", people))

    assert await _owners_told(office, "2026-09-15") == {"sato", "tanaka", "mori"}

    assert "取組項目2" in office.letter("tanaka").visible_text
    assert "取組項目2" not in office.letter("sato").visible_text
    said = await office.whispered("tanaka", "自分")
    modal = await office.person("tanaka").click(said, "入力する")
    assert "取組項目2" in modal.title
    await fill(modal)
    assert (await modal.submit()).outcome is Outcome.UPDATED
    found = await office.status("mid-year")
    assert (found["total"], found["submitted"]) == (8, 2)


async def test_a_target_that_is_edited_loses_no_answer_and_rewrites_none(
    office: CommandedOffice,
) -> None:
    office.go_to("2026-09-10")
    edited = synthetic_sheet().replace(OLD_TARGET, NEW_TARGET)
    assert edited != synthetic_sheet()
    file = office.kaikaku.write("plan.txt", edited)
    await office.run("import", file, "--ward", WARD, "--year", "2026")

    found = await office.status("mid-year")
    assert (found["total"], found["submitted"]) == (8, 1)
    said = await office.whispered("sato", "自分")
    modal = await office.person("sato").click(said, "内容を見る・直す")
    assert modal.value_of(ISSUES) == WRITTEN
    modal = await office.person("sato").click(said, "入力する")
    assert NEW_TARGET in modal.visible_text
    assert await _owners_told(office, "2026-09-11") == set()
    assert await _owners_told(office, "2026-09-15") == OWNERS


async def _owners_told(office: CommandedOffice, day: str) -> set[str]:
    """Which owners get a message that day, one each; managers hear of what they are to confirm."""
    return await office.told(day) & OWNERS


async def _due_on(office: CommandedOffice, day: str) -> None:
    dates = ("--opens", "2026-09-01", "--due", day, "--closes", "2026-10-01")
    round_ = ("--ward", WARD, "--year", "2026", "--kind", "mid-year", *dates)
    await office.run("rounds", "set", *round_, "--publishes", "2026-10-05")
