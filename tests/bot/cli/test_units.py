"""`kaikaku units` from the outside."""

from __future__ import annotations

from tests.bot.cli.command import Command


def test_the_wards_are_listed_in_their_official_order(kaikaku: Command) -> None:
    names = [line.split()[0] for line in kaikaku("units", "list").out.splitlines()]

    assert (len(names), names[0], names[5], names[-1]) == (24, "北区", "西区", "西成区")


def test_a_unit_is_added_once_and_set(kaikaku: Command) -> None:
    add = ("units", "add", "あおぞら区", "--code", "aozora", "--kana", "あおぞらく")
    first, again = kaikaku(*add), kaikaku(*add)
    set_ = kaikaku("units", "set", "アオゾラ", "--contact", "総務課", "--sections", "甲課; 乙課")

    last = kaikaku("units", "list").out.splitlines()[-1]
    assert [each.code for each in (first, again, set_)] == [0, 0, 0]
    assert "変更はありません" in again.out
    assert last == "あおぞら区  aozora  総務課  課・担当：甲課、乙課"


def test_an_ambiguous_name_is_refused_with_the_candidates(kaikaku_on_sqlite: Command) -> None:
    ended = kaikaku_on_sqlite("units", "set", "東", "--extension", "1234")

    assert ended.code == 1
    assert "東淀川区、東成区、東住吉区" in ended.err


def test_a_paused_ward_says_so_in_the_list_until_it_is_resumed(kaikaku_on_sqlite: Command) -> None:
    said = kaikaku_on_sqlite("pause", "西区", "--until", "2099-10-12")
    paused = kaikaku_on_sqlite("units", "list", "--json").record["units"][5]
    listed = kaikaku_on_sqlite("units", "list").out.splitlines()[5]
    resumed = kaikaku_on_sqlite("pause", "西区", "--resume", "--json")

    assert said.out == (
        "西区へのお知らせを10月12日(月)まで止めました。"
        "再開後に、たまった分をまとめて送ることはありません。\n"
    )
    assert (paused["name"], paused["paused_until"]) == ("西区", "2099-10-12")
    assert listed.endswith("お知らせを10月12日(月)まで止めています")
    assert resumed.record == {"ward": "西区", "paused_until": None}
    assert "止めています" not in kaikaku_on_sqlite("units", "list").out


def test_a_pause_needs_a_day_or_its_end(kaikaku_on_sqlite: Command) -> None:
    assert kaikaku_on_sqlite("pause", "西区").code == 2
    assert kaikaku_on_sqlite("pause", "西区", "--until", "2020-01-01").code == 1
