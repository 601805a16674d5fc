"""Texts that would ring, link, format, break lines or compute: shown and handed out as they were
typed, and doing nothing, from the plan's file to the exports.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from openpyxl import load_workbook

from playground import Outcome
from tests.bot.cli.command import Command
from tests.bot.views.test_any_text import assert_harmless
from tests.databases import EACH_KIND, EITHER_KIND
from tests.handlers.filling import ISSUES, fill
from tests.scenarios.commanded import CommandedOffice, address, commanded, csv_file

pytestmark = EITHER_KIND

LOUD = "<!channel> <@U0001> <https://x.example|ここ> @here :smile: *太い* _斜め_ ~消す~ `字` &amp;"
FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466"
RIGHT_TO_LEFT = "\u05e9\u05dc\u05d5\u05dd\u200f \u202eetatset\u202c"
LINES = "> 一行目\n\n```三行目```\n• 四行目"
LONG = (f"{LOUD}{FAMILY}字" * 60)[:2990] + "終わりの字。"

TEXTS = (LOUD, "=1+1", f"{FAMILY} {RIGHT_TO_LEFT}", LINES, LONG, "+SUM(A1:A9) は計算しません。")
CSV_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")

NAME = "山田<!channel> *太郎* & <@U1>"
SECTION = "保健<!here>*福祉*課"
CONTACT = "総務<!channel>*課*(&)"
KIND = ("--year", "2026", "--kind", "mid-year")


def _plan() -> str:
    rows = [
        [str(number), " ".join(text.split())[:300], text, text, text, text]
        for number, text in enumerate(TEXTS, start=1)
    ]
    return csv_file("number,title,purpose,outline,target,activities", rows)


def _roster(ward: str) -> str:
    rows = [
        [address("owner"), NAME, "owner", ward, SECTION, "*", address("deputy")],
        [address("deputy"), "=副", "observer", ward, "", "", ""],
        [address("manager"), "_鈴木_", "manager", ward, SECTION, "", ""],
        [address("head"), "`区長`", "manager", ward, "", "", ""],
        [address("coordinator"), "田中 > 小林", "coordinator", ward, "", "", ""],
    ]
    header = "email,name,role,ward,section,initiatives,deputy"
    return csv_file(header, rows)


@pytest.fixture
async def office(
    way_and_url: tuple[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    unspaced: None,
) -> AsyncIterator[CommandedOffice]:
    """A ward in which every text is hostile, on the day before its round opens."""
    way, url = way_and_url
    ward = "あおぞら区"
    command = Command(tmp_path, monkeypatch, capsys)
    async with commanded(command, url, way=way, ward=ward, day="2026-08-31") as told:
        told.join("owner", "deputy", "manager", "head", "coordinator")
        await told.run("units", "add", ward, "--code", "aozora", "--kana", "あおぞらく")
        await told.run("units", "set", ward, "--contact", CONTACT, "--extension", "<1234>")
        plan = command.write("plan.csv", _plan())
        await told.run("import", plan, "--ward", ward, "--year", "2026")
        await told.run("people", "import", command.write("people.csv", _roster(ward)))
        await told.run("rounds", "set", "--ward", ward, *KIND, "--notice", f"{LOUD}に基づく")
        yield told


async def test_no_text_does_harm_in_any_letter_list_or_screen(office: CommandedOffice) -> None:
    assert await office.told("2026-09-01") == {"owner"}
    await _all_is_answered_but_the_last(office)
    for day in ("2026-09-15", "2026-09-18", "2026-09-24", "2026-09-28", "2026-10-01"):
        assert "owner" in await office.told(day)

    for name in office.users:
        await office.whispered(name, "自分")
        await office.whispered(name, f"状況 {office.ward}")
        await office.whispered(name, f"状況 {LOUD}")
        await office.whispered(name, "ヘルプ")
        assert_harmless((await office.person(name).open_home()).blocks)
    office.go_to("2026-10-02")
    await _the_coordinator_corrects_with_a_reason(office)

    for name in ("manager", "head"):
        assert any("太郎" in each.visible_text for each in office.messages(name))
    assert "総務" in office.letter("coordinator").visible_text
    _nothing_rings(office)


@EACH_KIND
async def test_what_was_typed_comes_back_unchanged_from_modal_and_files(
    office: CommandedOffice,
) -> None:
    await office.told("2026-09-01")
    await _all_is_answered_but_the_last(office)
    for number, text in enumerate(TEXTS[:-1], start=1):
        said = await office.whispered("owner", "自分")
        modal = await office.person("owner").click(
            said, "内容を見る・直す", near=f"取組項目{number}"
        )
        assert modal.value_of(ISSUES) == text
        assert (await modal.submit()).outcome is Outcome.UPDATED

    await _the_files_hold_it(office)
    status = await office.run("status", office.ward, "--at", "2026-09-02T10:00", *KIND)
    assert "入力済 5／6件(83%)" in status.out
    assert "\u202e" not in status.out


async def _all_is_answered_but_the_last(office: CommandedOffice) -> None:
    modal = await office.person("owner").click(office.letter("owner"), "入力する")
    for text in TEXTS[:-1]:
        assert_harmless(modal.blocks)
        await fill(modal, attainment="②", issues=text)
        assert (await modal.submit()).outcome is Outcome.UPDATED, modal.trouble
        await modal.submit()
    await modal.close()
    await office.slack.wait_until(
        lambda: office.letter("owner").visible_text.count("保存しました") == len(TEXTS) - 1
    )


async def _the_coordinator_corrects_with_a_reason(office: CommandedOffice) -> None:
    said = await office.whispered("coordinator", f"状況 {office.ward}")
    assert {"消す", "四行目"} <= set(re.findall("消す|四行目", said.visible_text))
    modal = await office.person("coordinator").click(said, "内容を見る・直す")
    assert_harmless(modal.blocks)
    await modal.fill(ISSUES, LINES)
    await modal.fill("修正の理由", LOUD)
    assert (await modal.submit()).outcome is Outcome.UPDATED, modal.trouble


def _nothing_rings(office: CommandedOffice) -> None:
    workspace = office.slack.workspace
    shown = [message for name in office.users for message in office.messages(name)]
    for message in [*shown, *workspace.ephemeral]:
        assert message.live_mentions == []
        assert_harmless(list(message.blocks))
    # A form that is redrawn after it was submitted conflicts with what stands there by then.
    assert {call.outcome for call in office.slack.calls()} <= {"ok", "hash_conflict"}


async def _the_files_hold_it(office: CommandedOffice) -> None:
    folder = office.kaikaku.folder
    for format_ in ("json", "csv", "xlsx"):
        export = ("export", office.ward, "--year", "2026", "-o", str(folder / f"a.{format_}"))
        await office.run(*export)
    items = json.loads((folder / "a.json").read_text(encoding="utf-8"))["initiatives"]
    assert [each["mid_year"]["issues"] for each in items] == [*TEXTS[:-1], None]
    assert {each["mid_year"]["history"]["revisions"] for each in items} == {0, 1}
    assert {tuple(each["owners"]) for each in items} == {(NAME,)}
    assert not [cell for cell in _csv_cells(folder) if cell.startswith(CSV_STARTS_A_FORMULA)]
    [sheet] = load_workbook(folder / "a.xlsx").worksheets
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n", "inlineStr"}
    assert {LINES, LONG, "=1+1"} <= {cell.value for cell in cells}


def _csv_cells(folder: Path) -> Iterator[str]:
    text = (folder / "a.csv").read_bytes().decode("utf-8-sig")
    for row in csv.reader(io.StringIO(text, newline="")):
        yield from row
