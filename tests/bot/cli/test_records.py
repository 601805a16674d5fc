"""`kaikaku history` and `kaikaku retention` from the outside."""

from __future__ import annotations

import json

import pytest

from tests.bot.cli.command import Command, Prepared


@pytest.fixture
def office(prepared: Prepared) -> Command:
    return prepared(with_a_plan)


def with_a_plan(kaikaku: Command) -> None:
    sheet = kaikaku.write("plan.csv", "番号,題名\n1,取組その1\n2,=1+1\n")
    kaikaku("import", sheet, "--ward", "西区", "--year", "2020")


def test_a_history_is_written_to_a_file_in_the_format_of_its_name(office: Command) -> None:
    for name in ("a.xlsx", "a.csv", "a.json"):
        assert office("history", "西区", "1", "--year", "R2", "-o", name).code == 0

    assert (office.folder / "a.xlsx").read_bytes()[:2] == b"PK"
    assert (office.folder / "a.csv").read_bytes()[:3] == b"\xef\xbb\xbf"
    record = json.loads((office.folder / "a.json").read_text(encoding="utf-8"))
    assert (record["ward"], record["fiscal_year"], record["events"]) == ("西区", 2020, [])


def test_an_item_that_the_plan_does_not_have_is_refused(office: Command) -> None:
    ended = office("history", "西区", "9", "--year", "2020")

    assert (ended.code, ended.out) == (1, "")
    assert "番号9の項目はありません" in ended.err


def test_what_is_due_is_listed_with_the_rule_and_where_it_comes_from(office: Command) -> None:
    assert "2026年3月31日" in office("retention", "list", "--ward", "西区").out

    ended = office(
        "retention", "set", "--ward", "西区", "--years", "30", "--basis", "公文書管理規程"
    )
    listed = office("retention", "list", "--json").record["units"]

    assert ended.code == 0
    [unit] = listed
    assert (unit["ward"], unit["years"], unit["basis"]) == ("西区", 30, "公文書管理規程")
    [plan] = unit["plans"]
    assert (plan["fiscal_year"], plan["kept_until"], plan["due"]) == (2020, "2051-03-31", False)
    assert "該当する計画はありません" in office("retention", "list", "--due").out


@pytest.mark.parametrize("years", ["0", "101", "五", "-1"])
def test_a_number_of_years_that_is_none_is_refused(office: Command, years: str) -> None:
    assert office("retention", "set", "--ward", "西区", f"--years={years}").code in (1, 2)

    assert office("retention", "list", "--json").record["units"][0]["years"] == 5


def test_where_nothing_was_lost_the_list_says_so(office: Command) -> None:
    ended = office("unreadable", "西区")

    assert (ended.code, ended.out) == (0, "西区に、確認が必要な判読できない印はありません。\n")
    assert office("unreadable", "西区", "--json").record == {"ward": "西区", "unreadable": []}
    assert office("unreadable", "ない区").code == 1
