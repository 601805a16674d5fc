"""`kaikaku status`, `rounds` and `sweep` as scripts call them: numbers, refusals, exit codes."""

from __future__ import annotations

import pytest

from tests.bot.cli.command import Command
from tests.databases import EITHER_KIND

pytestmark = EITHER_KIND

REGISTER = "number,title,target\n1,見守り,年12回\n2,防災訓練,年2回\n"
LOOPBACK = "http://127.0.0.1:9/api/"
FAR = "http://192.0.2.1/api/"  # an address for documentation: never called


@pytest.fixture
def ward(kaikaku: Command) -> Command:
    """西区 with a plan of two initiatives for FY2026."""
    register = kaikaku.write("plan.csv", REGISTER)
    assert kaikaku("import", register, "--ward", "西区", "--year", "2026").code == 0
    return kaikaku


def test_without_a_round_a_plan_has_numbers_and_nothing_is_late(ward: Command) -> None:
    ended = ward("status", "西区", "--year", "2026", "--kind", "mid-year", "--json")

    assert (ended.code, ended.record["total"], ended.record["outstanding"]) == (0, 2, 2)
    assert (ended.record["overdue"], ended.record["due"]) == (0, None)
    assert ended.record["implementation"] == {"i": 0, "ii": 0, "na": 0}


def test_with_a_round_what_is_late_is_counted_as_of_the_time_given(ward: Command) -> None:
    named = ("--ward", "西区", "--year", "2026", "--kind", "mid-year")
    assert ward("rounds", "set", *named).code == 0

    on_time = ward("status", "西区", "--at", "2026-09-18T23:59", "--json").record
    late = ward("status", "西区", "--at", "2026-09-19", "--json").record

    assert (on_time["overdue"], late["overdue"], late["due"]) == (0, 2, "2026-09-18")
    [listed] = ward("rounds", "list", "--json").record["rounds"]
    assert listed["closes"] == "2026-10-01"
    assert ward("rounds", "preview", *named, "--json").record["unowned"] == ["1", "2"]


def test_a_new_round_asks_one_level_and_another_number_only_where_it_is_said(ward: Command) -> None:
    named = ("--ward", "西区", "--year", "2026", "--kind", "mid-year")

    def levels() -> list[int]:
        return [each["levels"] for each in ward("rounds", "list", "--json").record["rounds"]]

    assert "課長が確認" in ward("rounds", "set", *named).out
    assert levels() == [1]
    assert ward("rounds", "set", *named, "--levels", "2").code == 0
    assert ward("rounds", "set", *named, "--notice", "事務連絡").code == 0
    assert levels() == [2]
    assert ward("rounds", "set", *named, "--levels", "3").code == 2
    assert levels() == [2]


def test_the_preview_names_what_nobody_could_confirm(ward: Command) -> None:
    named = ("--ward", "西区", "--year", "2026", "--kind", "mid-year")
    assert ward("rounds", "set", *named).code == 0

    assert ward("rounds", "preview", *named, "--json").record["unconfirmable"] == ["1", "2"]
    assert "確認者がいない項目：1、2" in ward("rounds", "preview", *named).out


def test_dates_out_of_order_are_all_named_and_nothing_is_set(ward: Command) -> None:
    named = ("--ward", "西区", "--year", "2026", "--kind", "mid-year")

    ended = ward("rounds", "set", *named, "--opens", "2026-09-20", "--closes", "2026-09-01")

    assert ended.code == 1
    assert len(ended.errors) == 3
    assert ward("rounds", "list", "--json").record["rounds"] == []


@pytest.mark.parametrize("at", ["2020-09-01", "2199-09-02"])
def test_a_sweep_of_another_day_is_refused_unless_nothing_real_can_be_sent(
    ward: Command, at: str
) -> None:
    token = {"SLACK_BOT_TOKEN": "xoxb-nobody"}

    ended = ward("sweep", "--at", at, "--json", SLACK_API_URL=FAR, **token)
    assert (ended.code, ended.out, len(ended.errors)) == (1, "", 1)
    assert ward("sweep", "--at", at, "--dry-run", "--json", SLACK_API_URL=FAR, **token).code == 0
    assert ward("sweep", "--at", at, "--json", SLACK_API_URL=LOOPBACK, **token).code == 0


def test_until_before_at_is_refused(ward: Command) -> None:
    ended = ward("sweep", "--at", "2026-09-02", "--until", "2026-09-01", "--dry-run")
    assert ended.code == 1
    assert "--until" in ended.err


def test_a_sweep_needs_the_bot_token_and_says_so(ward: Command) -> None:
    ended = ward("sweep")
    assert ended.code == 1
    assert "SLACK_BOT_TOKEN" in ended.err
