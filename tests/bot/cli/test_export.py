"""`kaikaku export` from the outside: formats, files and stdout."""

from __future__ import annotations

import json

import pytest

from tests.bot.cli.command import Command


@pytest.fixture
def kaikaku_with_plan(kaikaku_on_sqlite: Command) -> Command:
    sheet = kaikaku_on_sqlite.write("plan.csv", "番号,題名\n1,取組その1\n")
    kaikaku_on_sqlite("import", sheet, "--ward", "西区", "--year", "2026")
    return kaikaku_on_sqlite


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
