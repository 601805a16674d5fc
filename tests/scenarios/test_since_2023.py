"""A ward of today, whose form has indicators, texts about the whole ward, and no mid-year review.

Told over signed HTTP through the real commands: register in, round, modals, status, confirmation
by the numbers, export, and the export in again.
"""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from playground import Outcome, Screen
from tests.bot.cli.command import Command
from tests.scenarios.commanded import CommandedOffice, address, commanded, csv_file

pytestmark = pytest.mark.usefixtures("unspaced")

WARD = "あおぞら区"
PLAN = csv_file(
    "番号,題名,現状・課題,めざす状態,主な具体的取組,"
    "アウトカム指標1,アウトカム指標1の目標,アウトカム指標2,アウトカム指標2の目標",
    [
        [
            *("1", "暮らしの相談", "相談先を知らない人が多い。", "困ったときに相談できる。"),
            *(
                "相談会を月に2回開く。",
                "相談会の参加者",
                "年200人",
                "相談しやすいと思う区民",
                "70%",
            ),
        ],
        [
            *("2", "雨に強いまち", "避難先が知られていない。", "どこへ行くかを知っている。"),
            *("訓練を開く。", "訓練に参加した町会の数", "30町会以上", "", ""),
        ],
    ],
)
PEOPLE = csv_file(
    "email,name,role,ward,section,initiatives",
    [
        [address("sato"), "佐藤", "owner", WARD, "保健福祉課", "1"],
        [address("mori"), "森", "owner", WARD, "市民協働課", "2"],
        [address("head"), "渡辺", "manager", WARD, "", ""],
        [address("coordinator"), "小林", "coordinator", WARD, "", ""],
    ],
)
ROUND = ("--ward", WARD, "--year", "令和8年度", "--kind", "自己評価")
OVERALL = "自己評価(運営方針全体の定性評価)"


@pytest.fixture
async def office(
    sqlite_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> AsyncIterator[CommandedOffice]:
    """The office in April, its plan and people in, the round's dates left to the form."""
    command = Command(tmp_path, monkeypatch, capsys)
    async with commanded(command, sqlite_url, way="http", ward=WARD, day="2027-04-06") as told:
        told.join("sato", "mori", "head", "coordinator")
        await told.run("units", "add", WARD, "--code", "aozora", "--kana", "あおぞらく")
        plan = command.write("plan.csv", PLAN)
        read = await told.record("import", plan, "--ward", WARD, "--year", "2026")
        assert (read["form"], len(read["initiatives"])) == ("outcome", 2)
        assert len(read["initiatives"][0]["indicators"]) == 2
        await told.run("people", "import", command.write("people.csv", PEOPLE))
        await told.run("rounds", "set", *ROUND, "--levels", "0")
        yield told


async def test_a_ward_reports_its_indicators_and_what_it_makes_of_the_year(
    office: CommandedOffice,
) -> None:
    await _there_is_no_review_at_mid_year(office)
    await _owners_and_coordinator_are_asked(office)
    await _an_owner_gives_each_indicator_a_mark(office)
    await _the_coordinator_writes_for_the_whole_ward(office)
    await _status_names_items_and_marks_as_the_form_does(office)
    await _what_is_exported_comes_back(office)


async def _there_is_no_review_at_mid_year(office: CommandedOffice) -> None:
    asked = ("--ward", WARD, "--year", "2026", "--kind", "中間振り返り")
    refused = await office.kaikaku.beside("rounds", "set", *asked)

    assert refused.code == 1
    assert "この種類の振り返りはありません" in refused.err


async def _owners_and_coordinator_are_asked(office: CommandedOffice) -> None:
    # The fifth business day of April: until then people settle in.
    assert await office.told("2027-04-06") == set()
    assert await office.told("2027-04-07") == {"sato", "mori", "coordinator"}
    letter = office.letter("sato").visible_text
    assert "あおぞら区の経営課題のうち、担当されている1件です。" in letter
    assert "経営課題1" in letter
    assert "取組項目" not in letter


async def _an_owner_gives_each_indicator_a_mark(office: CommandedOffice) -> None:
    modal = await office.person("sato").click(office.letter("sato"), "入力する")
    assert modal.title == "自己評価 経営課題1"
    assert "困ったときに相談できる。" in modal.visible_text
    assert "目標：年200人" in modal.visible_text
    results, marks = _fields(modal, "result"), _fields(modal, "attainment")
    assert (len(results), len(marks)) == (2, 2)

    for field, text in zip(results, ("212人", "68%"), strict=True):
        await modal.fill(field, text)
    await modal.choose(marks[0], "A 達成")
    assert (await modal.submit()).outcome in (Outcome.ERRORS, Outcome.BLOCKED)
    await modal.choose(marks[1], "C あまり達成していない")
    assert (await modal.submit()).outcome is Outcome.UPDATED

    assert "経営課題1の入力を保存しました。" in modal.visible_text
    await office.slack.wait_until(lambda: "入力済です" in office.letter("sato").visible_text)


def _fields(modal: Screen, question: str) -> list[str]:
    """The block ids of what is asked of each indicator, in their order."""
    found = (str(block.get("block_id", "")) for block in modal.blocks)
    return [block_id for block_id in found if f":{question}@" in block_id]


async def _the_coordinator_writes_for_the_whole_ward(office: CommandedOffice) -> None:
    letter = office.letter("coordinator")
    modal = await office.person("coordinator").click(letter, "入力する")
    assert "運営方針全体" in modal.title
    await modal.fill(OVERALL, "相談は進んだ。満足度に課題が残った。")
    await modal.fill("今後の方針", "相談員の研修を増やす。")
    assert (await modal.submit()).outcome is Outcome.UPDATED


async def _status_names_items_and_marks_as_the_form_does(office: CommandedOffice) -> None:
    counts = await office.status("自己評価")
    assert (counts["total"], counts["submitted"]) == (3, 2)
    assert counts["attainment"]["A"] == counts["attainment"]["C"] == 1
    seen = (await office.whispered("coordinator", f"状況 {WARD} 自己評価")).visible_text
    assert "入力済 2／3件" in seen
    assert "経営課題2" in seen
    assert "達成状況" in seen
    assert "取組項目" not in seen


async def _what_is_exported_comes_back(office: CommandedOffice) -> None:
    text = (await office.run("export", WARD, "--year", "2026")).out.removeprefix("\ufeff")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [row["様式"] for row in rows] == ["運営方針"] * 3
    assert rows[0]["自己評価 アウトカム指標の達成状況(定量評価)"] == (
        "相談会の参加者：A\n相談しやすいと思う区民：C"
    )
    assert rows[2][f"自己評価 {OVERALL}"] == "相談は進んだ。満足度に課題が残った。"

    again = await office.record("import", office.kaikaku.write("out.csv", text), "--dry-run")
    assert again["changes"] == {"added": 0, "updated": 0, "unchanged": 2, "answers": 0}
    assert again["warnings"] == []
