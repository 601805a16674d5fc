"""`kaikaku export` from the outside: formats, files and stdout."""

from __future__ import annotations

import io
import json
import zipfile

import pytest

from tests.bot.cli.command import Command, Prepared


@pytest.fixture
def kaikaku_with_plan(prepared: Prepared) -> Command:
    return prepared(with_a_plan)


def with_a_plan(kaikaku: Command) -> None:
    sheet = kaikaku.write("plan.csv", "番号,題名\n1,取組その1\n")
    kaikaku("import", sheet, "--ward", "西区", "--year", "2026")


def test_csv_goes_to_stdout_with_a_bom_for_excel(kaikaku_with_plan: Command) -> None:
    ended = kaikaku_with_plan("export", "西区", "--year", "2026", "--format", "csv")

    header, row = ended.out.splitlines()
    assert ended.code == 0
    assert header.startswith("\ufeff区,年度,")
    assert row.startswith("西区,令和8年度,")


def test_json_is_one_object(kaikaku_with_plan: Command) -> None:
    ended = kaikaku_with_plan("export", "nishi", "--format", "json")

    assert json.loads(ended.out)["initiatives"][0]["title"] == "取組その1"


def test_the_name_of_the_file_says_the_format(kaikaku_with_plan: Command) -> None:
    for name in ("a.xlsx", "a.csv", "a.json"):
        assert kaikaku_with_plan("export", "西区", "-o", name).code == 0

    starts = [(kaikaku_with_plan.folder / f"a.{end}").read_bytes()[:3] for end in ("xlsx", "csv")]
    assert starts == [b"PK\x03", b"\xef\xbb\xbf"]
    assert json.loads((kaikaku_with_plan.folder / "a.json").read_text(encoding="utf-8"))


def test_a_year_without_a_plan_is_refused(kaikaku_with_plan: Command) -> None:
    ended = kaikaku_with_plan("export", "西区", "--year", "R7", "--format", "csv")

    assert (ended.code, ended.out) == (1, "")
    assert "令和7年度" in ended.err


@pytest.mark.parametrize(
    ("arguments", "starts"),
    [
        (("--format", "xlsx-form", "-o", "a.xlsx"), b"PK"),
        (("-o", "a.docx"), b"PK"),
        (("--format", "docx", "-o", "a"), b"PK"),
    ],
)
def test_the_official_form_is_written_in_the_format_that_is_asked_for(
    kaikaku_with_plan: Command, arguments: tuple[str, ...], starts: bytes
) -> None:
    ended = kaikaku_with_plan("export", "西区", "--year", "2026", "--kind", "year-end", *arguments)

    assert (ended.code, ended.err) == (0, "")
    assert (kaikaku_with_plan.folder / arguments[-1]).read_bytes().startswith(starts)


def test_until_it_is_published_the_form_says_that_it_is_a_draft(kaikaku_with_plan: Command) -> None:
    with zipfile.ZipFile(io.BytesIO(_form(kaikaku_with_plan))) as parts:
        said = "".join(parts.read(name).decode() for name in parts.namelist() if "xml" in name)

    assert "【未公表】" in said
    assert "取組その1" in said


def test_all_units_stand_in_one_summary_in_official_order(kaikaku_with_plan: Command) -> None:
    ended = kaikaku_with_plan("export", "全区", "--year", "2026", "-o", "all.docx")
    refused = kaikaku_with_plan("export", "全区", "--year", "2026", "-o", "all.csv")

    with zipfile.ZipFile(kaikaku_with_plan.folder / "all.docx") as parts:
        said = parts.read("word/document.xml").decode()
    assert (ended.code, refused.code) == (0, 2)
    assert said.index("北区") < said.index("西区") < said.index("西成区")


def test_before_anything_was_corrected_there_is_no_list_of_it(kaikaku_with_plan: Command) -> None:
    about = ("--year", "2026", "--kind", "mid-year", "--corrections")

    assert kaikaku_with_plan("export", "西区", *about).code == 2
    ended = kaikaku_with_plan("export", "西区", *about, "-o", "a.docx")

    assert (ended.code, "公表後の修正はありません" in ended.err) == (1, True)


def _form(kaikaku: Command) -> bytes:
    kaikaku("export", "西区", "--year", "2026", "--kind", "mid-year", "-o", "form.docx")
    return (kaikaku.folder / "form.docx").read_bytes()


def test_the_years_of_each_item_come_as_one_table(kaikaku_with_plan: Command) -> None:
    sheet = kaikaku_with_plan.write("r7.csv", "番号,題名\n1,取組その1\n")
    kaikaku_with_plan("import", sheet, "--ward", "西区", "--year", "R7")

    both = kaikaku_with_plan("export", "西区", "--year", "2026", "--years", "2")
    newest = kaikaku_with_plan("export", "西区", "--year", "2026", "--years", "1")

    assert (both.code, newest.code) == (0, 0)
    assert both.out.count("令和7年度") == 1
    assert "令和7年度" not in newest.out
    assert kaikaku_with_plan("export", "西区", "--years", "0").code == 2
    assert kaikaku_with_plan("export", "西区", "--years", "2", "-o", "a.docx").code == 2
