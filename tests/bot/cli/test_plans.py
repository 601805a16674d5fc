"""`kaikaku import` and `kaikaku register` from the outside, with the published sheets."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.bot.cli.command import Command
from tests.bot.sheets import aozora
from tests.bot.sheets.samples import sample
from tests.bot.sheets.test_papers import OTHERS
from tests.databases import EITHER_KIND

pytestmark = EITHER_KIND

_SHARED = Path(__file__).parents[4] / "shared"
_REGISTER = "番号,題名,目標\n1,取組その1,年12回\n2,取組その2,\n"
_PLACE = ("--ward", "西区", "--year", "令和8年度")
_ASKED = ("--ward", "--year", "題名")
# Kept in the golden files for the eye; an import may leave them out.
_LEFT_OUT = ("section_labels", "_as_written", "_raw")


def test_a_register_is_imported_and_again_changes_nothing(kaikaku: Command) -> None:
    sheet = kaikaku.write("a.csv", _REGISTER)

    first = kaikaku("import", sheet, *_PLACE, "--json")
    again = kaikaku("import", sheet, *_PLACE, "--json")

    assert (first.code, again.code, first.err) == (0, 0, "")
    assert first.record["changes"] == {"added": 2, "updated": 0, "unchanged": 0, "answers": 0}
    assert again.record["changes"] == {"added": 0, "updated": 0, "unchanged": 2, "answers": 0}
    assert (first.record["ward"], first.record["fiscal_year"]) == ("西区", 2026)
    assert [item["number"] for item in first.record["initiatives"]] == [1, 2]
    assert any("取組項目2" in warning for warning in first.record["warnings"])


def test_a_dry_run_leaves_nothing_behind(kaikaku: Command) -> None:
    sheet = kaikaku.write("a.csv", _REGISTER)

    dry = kaikaku("import", sheet, *_PLACE, "--dry-run", "--json")

    assert dry.record["dry_run"] is True
    assert dry.record["changes"]["added"] == 2
    assert kaikaku("import", sheet, *_PLACE, "--json").record["changes"]["added"] == 2


def test_a_shift_jis_register_with_its_own_wards_needs_no_option(kaikaku: Command) -> None:
    text = "区,年度,番号,題名\n西区,R8,1,取組\n港区,2025,1,取組\n"
    sheet = kaikaku.write("a.csv", text, encoding="cp932")

    plans = kaikaku("import", sheet, "--json").record["plans"]

    assert [(plan["ward"], plan["fiscal_year"]) for plan in plans] == [
        ("西区", 2026),
        ("港区", 2025),
    ]


def test_all_faults_are_told_by_row_and_nothing_is_imported(kaikaku_on_sqlite: Command) -> None:
    bad = kaikaku_on_sqlite.write("a.csv", "番号,題名\n1,\n1,二つめ\nx,三つめ\n")

    refused = kaikaku_on_sqlite("import", bad, *_PLACE)
    nothing = kaikaku_on_sqlite("export", "西区")

    assert refused.code == 1
    assert [line[:3] for line in refused.errors[1:]] == ["2行目", "3行目", "4行目"]
    assert "計画はまだ登録されていません" in nothing.err


def test_faults_of_places_and_of_contents_are_told_together(kaikaku_on_sqlite: Command) -> None:
    rows = ("1,A,ほげ区,R8", "2,,西区,R8", "2,B,西区,R8", "3,C,東,いつか", "4,D,,R7")
    bad = kaikaku_on_sqlite.write("a.csv", "\n".join(("number,title,ward,year", *rows)))

    refused = kaikaku_on_sqlite("import", bad, "--year", "R8")

    assert refused.code == 1
    assert refused.errors[0] == "誤りか足りないものが7件あるため、何も取り込んでいません。"
    assert [line.partition("：")[0] for line in refused.errors[1:]] == [
        "2行目 ward",  # unknown
        "3行目 title",
        "4行目 number",
        "5行目 ward",  # ambiguous
        "5行目 year",
        "6行目 year",  # contradicts --year
        "6行目 ward",
    ]


def test_a_sheet_with_faults_is_asked_for_its_ward_and_year_at_once(
    kaikaku_on_sqlite: Command,
) -> None:
    untitled = aozora.item(1, title="雨の日の遊び場")
    sheet = kaikaku_on_sqlite.write("a.txt", aozora.sheet(untitled, heading="計画"))

    refused = kaikaku_on_sqlite("import", sheet)

    assert refused.code == 1
    assert [part in line for part, line in zip(_ASKED, refused.errors[1:], strict=True)] == [
        True
    ] * 3


def test_people_read_a_line_and_warnings_stay_off_stdout(kaikaku_on_sqlite: Command) -> None:
    sheet = kaikaku_on_sqlite.write("a.csv", _REGISTER)

    ended = kaikaku_on_sqlite("import", sheet, *_PLACE, "--draft")

    assert ended.out == (
        "西区 令和8年度 様式3(案)：取組項目2件(追加2、更新0、変更なし0)、シートの記入0件\n"
        "  追加：取組項目1、2\n"
    )
    assert [line[:3] for line in ended.errors] == ["注意："]


def test_marks_that_a_file_has_lost_are_counted_with_where_they_are_listed(
    kaikaku_on_sqlite: Command,
) -> None:
    table = "番号,題名,目標,自己評価 目標の達成状況\n1,あ,年1回,判読不能\n2,い,年1回,①\n"
    sheet = kaikaku_on_sqlite.write("a.csv", table)

    ended = kaikaku_on_sqlite("import", sheet, *_PLACE)

    assert ended.out.splitlines()[2:] == ["  判読できない印：1件(一覧は kaikaku unreadable 西区)"]


@pytest.mark.parametrize("name", ["template.csv", "template.xlsx"])
def test_the_template_is_a_register_without_rows(kaikaku_on_sqlite: Command, name: str) -> None:
    written = kaikaku_on_sqlite("register", "template", name)
    ended = kaikaku_on_sqlite("import", name, *_PLACE)

    assert written.code == 0
    assert (ended.code, ended.err.startswith("取組一覧に取組がありません")) == (1, True)


def test_a_template_overwrites_nothing(kaikaku_on_sqlite: Command) -> None:
    kaikaku_on_sqlite.write("plan.csv", _REGISTER)

    refused = kaikaku_on_sqlite("register", "template", "plan.csv")

    assert (refused.code, refused.out, len(refused.errors)) == (1, "", 1)
    assert "plan.csv はすでにあります" in refused.err
    assert (kaikaku_on_sqlite.folder / "plan.csv").read_text(encoding="utf-8") == _REGISTER


# --- the published sheets, where they are at hand ------------------------------------------------


def _shared(name: str) -> Path:
    path = _SHARED / name
    if not path.exists():
        pytest.skip(f"{name} is not at hand")
    return path


def _golden(name: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = json.loads(_shared(name).read_text(encoding="utf-8"))["items"]
    return [_bare(item) for item in items]


def _bare(value: Any) -> Any:
    """Without white space, and without the keys that are there for the eye."""
    if isinstance(value, dict):
        return {key: _bare(each) for key, each in value.items() if not _is_left_out(key)}
    return "".join(value.split()) if isinstance(value, str) else value


def _is_left_out(key: str) -> bool:
    return key.startswith(_LEFT_OUT[0]) or key.endswith(_LEFT_OUT[1:])


@pytest.mark.parametrize(
    ("name", "ward", "year", "lost"),
    [
        ("r3-nishinari-plan3", "西成区", 2021, {}),
        (
            "r1-unnamed-ward-plan2",
            "西区",
            2019,
            {1: ["mid_year.implementation"], 2: ["mid_year.implementation"]},
        ),
    ],
)
def test_a_published_sheet_gives_its_golden_items(
    kaikaku: Command, name: str, ward: str, year: int, lost: dict[int, list[str]]
) -> None:
    path, expected = _shared(f"plans/{name}.txt"), _golden(f"golden/{name}.json")

    record = kaikaku("import", str(path), "--ward", ward, "--year", str(year), "--json").record

    given = [
        {key: value for key, value in _bare(item).items() if key != "unreadable"}
        for item in record["initiatives"]
    ]
    assert given == expected
    assert (record["ward"], record["fiscal_year"]) == (ward, year)
    assert {i["number"]: i["unreadable"] for i in record["initiatives"] if i["unreadable"]} == lost


def test_a_sheet_whose_marks_were_lost_is_stored_without_a_guess(kaikaku: Command) -> None:
    path = _shared("plans/h29-taisho-plan2.txt")

    record = kaikaku("import", str(path), "--ward", "大正", "--year", "H29", "--json").record
    exported = json.loads(kaikaku("export", "大正", "--format", "json").out)

    assert len(record["initiatives"]) == 23
    assert all("year_end.attainment" in item["unreadable"] for item in record["initiatives"])
    assert {item["year_end"]["attainment"] for item in exported["initiatives"]} == {None}
    assert {item["year_end"]["history"]["state"] for item in exported["initiatives"]} == {
        "outstanding"
    }

    listed = kaikaku("unreadable", "大正").out.splitlines()
    told = kaikaku("unreadable", "大正", "--json").record
    assert len(listed) == len(told["unreadable"]) >= 23
    assert "平成29年度 1 " in listed[0]
    assert {"fiscal_year": 2017, "stage": "year-end"}.items() <= told["unreadable"][-1].items()


@pytest.mark.parametrize(("name", "kind"), OTHERS.items())
def test_another_document_is_refused_by_its_name(
    kaikaku_on_sqlite: Command, name: str, kind: str
) -> None:
    paper = kaikaku_on_sqlite.write("paper.txt", sample(f"other/{name}"))

    ended = kaikaku_on_sqlite("import", paper, *_PLACE)

    assert (ended.code, ended.out) == (1, "")
    assert f"これは{kind}" in ended.err
