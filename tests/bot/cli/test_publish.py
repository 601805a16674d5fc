"""`kaikaku publish` and `kaikaku correct` from the outside."""

from __future__ import annotations

import pytest

from tests.bot.cli.command import Command, Ended, Prepared

ABOUT = ("--year", "2020", "--kind", "mid-year")
RECORD = ("--number", "総務第123号", "--published-on", "2020-10-05")
PLAN = """令和2年度 西区 「改革プラン」に基づく取組等

"""
ITEM = (
    "取組項目{code}\n\n【取組その{code}】\n\n"
    "計画\t取組の方針・目標内容\t当年度の取組内容\n"
    "\t(目標) 年12回開催する。\t(取組の内容) 毎月1回、講座を開く。\n\n"
    "中間振り返り\t取組内容の実施見込み\t{first}\t(i)実施見込み (ii)実施できない見込み\t"
    "課題と改善策 ※左記が「②」の場合は必須 \n"
    "\t目標の達成見込み\t{second}\t①:達成見込み ②:達成できない見込み\t{issues}\n\n"
)


def plan(*items: tuple[str, str, str]) -> str:
    """A sheet with these marks and texts of items 1, 2, …"""
    blocks = [
        ITEM.format(code=code, first=first, second=second, issues=issues)
        for code, (first, second, issues) in enumerate(items, start=1)
    ]
    return PLAN + "".join(blocks)


@pytest.fixture
def kaikaku_with_round(prepared: Prepared) -> Command:
    """西区 years later: item 1 is in from a sheet, item 2 is not; nobody confirms."""
    return prepared(with_round)


def with_round(kaikaku: Command) -> None:
    sheet = kaikaku.write("plan.txt", plan(("(i)", "①", "—"), ("", "", "")))
    ended = kaikaku("import", sheet, "--ward", "西区", "--year", "2020")
    assert ended.code == 0, ended.err
    kaikaku("rounds", "set", "--ward", "西区", *ABOUT, "--levels", "0")


def publish(kaikaku: Command, *more: str) -> Ended:
    return kaikaku("publish", "西区", *ABOUT, *more)


def test_without_a_number_it_says_what_is_missing_and_stores_nothing(
    kaikaku_with_round: Command,
) -> None:
    shown = publish(kaikaku_with_round)
    again = publish(kaikaku_with_round, "--json")

    assert (shown.code, shown.err) == (0, "")
    assert "未入力 1件：取組項目2" in shown.out
    assert again.record["missing"] == {"unanswered": ["2"]}
    assert again.record["published"] is False


def test_what_is_missing_is_published_only_anyway(kaikaku_with_round: Command) -> None:
    refused = publish(kaikaku_with_round, *RECORD)
    assert refused.code == 1
    assert "--anyway" in refused.err
    assert publish(kaikaku_with_round, "--json").record["published"] is False

    done = publish(kaikaku_with_round, *RECORD, "--anyway")

    assert (done.code, done.err) == (0, "")
    assert "令和2年10月5日公表" in done.out
    assert publish(kaikaku_with_round, "--json").record["published"] is True


def test_a_number_without_a_day_is_wrong_usage(kaikaku_with_round: Command) -> None:
    assert publish(kaikaku_with_round, "--number", "1").code == 2


def test_a_file_no_longer_overwrites_what_is_published(kaikaku_with_round: Command) -> None:
    publish(kaikaku_with_round, *RECORD, "--anyway")
    changed = plan(("(i)", "②", "周知を増やす。"), ("(i)", "①", "—"))
    sheet = kaikaku_with_round.write("again.txt", changed)

    ended = kaikaku_with_round("import", sheet, "--ward", "西区", "--year", "2020")

    assert ended.code == 0
    assert "取組項目1の中間振り返りは、公表済みです" in ended.err + ended.out
    assert "取組項目2の中間振り返りは、公表済みです" in ended.err + ended.out
    export = kaikaku_with_round("export", "西区", "--year", "2020", "--format", "json").out
    assert '"attainment": "1"' in export
    assert '"attainment": "2"' not in export


def test_a_correction_needs_a_published_round_a_reason_and_a_field_of_the_form(
    kaikaku_with_round: Command,
) -> None:
    def correct(*more: str) -> Ended:
        return kaikaku_with_round("correct", "西区", "1", *ABOUT, *more)

    early = correct("--set", "attainment=②", "--reason", "誤り")
    assert (early.code, "まだ公表されていません" in early.err) == (1, True)
    publish(kaikaku_with_round, *RECORD, "--anyway")

    assert correct("--set", "attainment=②").code == 2
    assert correct("--set", "attainment=②", "--reason", " ").code == 1
    assert "attainment" in correct("--set", "mark=②", "--reason", "誤り").err
    unexplained = correct("--set", "attainment=②", "--reason", "誤り")
    assert (unexplained.code, "課題と改善策" in unexplained.err) == (1, True)
    text = kaikaku_with_round.write("issues.txt", "周知を増やす。\n")
    done = correct("--set", "attainment=②", "--set", f"issues=@{text}", "--reason", "集計の誤り")
    assert (done.code, done.err) == (0, "")
    assert "修正後：② 達成できない見込み" in done.out
    assert publish(kaikaku_with_round, "--json").record["corrections"] == 2
    same = correct("--set", "attainment=2", "--reason", "集計の誤り")
    assert "変更はありません" in same.out


def test_an_item_or_a_round_that_there_is_not_is_named(kaikaku_with_round: Command) -> None:
    publish(kaikaku_with_round, *RECORD, "--anyway")

    nobody = kaikaku_with_round(
        "correct", "西区", "99", *ABOUT, "--set", "issues=あ", "--reason", "誤り"
    )
    year_end = kaikaku_with_round("publish", "西区", "--year", "2020", "--kind", "year-end")

    assert (nobody.code, "99" in nobody.err) == (1, True)
    assert (year_end.code, "日程" in year_end.err) == (1, True)
