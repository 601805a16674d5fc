"""An office that calls things otherwise has its papers read all the same."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.forms.form_files import read_form
from bot.domain.plans import SheetAnswers
from bot.domain.youshiki3 import YOUSHIKI3
from bot.sheets.files import read
from bot.sheets.own_words import in_our_words
from bot.sheets.rows import Row
from tests.bot.sheets import aozora

OWN_WORDS = {
    "趣旨・目的": "ねらい",
    "取組の概要": "あらまし",
    "取組の方針・目標内容": "方針とねらい",
    "取組内容の実施見込み": "取組の見通し",
    "達成できない見込み": "届かない見込み",
    "目標未達成": "届かなかった",
}


def in_own_words(text: str) -> str:
    for ours, own in OWN_WORDS.items():
        text = text.replace(ours, own)
    return text


OWN = read_form(in_own_words(YOUSHIKI3.source))
MID_YEAR = (
    "中間振り返り\t取組内容の実施見込み\t(i)\t(i)実施見込み (ii)実施できない見込み\t"
    "課題と改善策 ※左記が「②」の場合は必須 ねらい(ねらい)と目標未達成の話。\n"
    "\t目標の達成見込み\t②\t①:達成見込み ②:達成できない見込み\t"
)
PAPER = aozora.sheet(aozora.item(mid_year=MID_YEAR))


def test_a_paper_in_the_offices_own_words_says_the_same() -> None:
    (ours,) = read(PAPER.encode())
    own = {"youshiki3": OWN}
    (read_back,) = read(in_own_words(PAPER).encode(), forms=own)

    assert ours.initiatives[0].answers["mid-year"].values["attainment"] == "2"
    issues = ours.initiatives[0].answers["mid-year"].values["issues"]
    again = replace(
        read_back.initiatives[0],
        answers={
            "mid-year": SheetAnswers(
                {**read_back.initiatives[0].answers["mid-year"].values, "issues": issues}
            ),
            **{k: v for k, v in read_back.initiatives[0].answers.items() if k != "mid-year"},
        },
    )
    assert again == ours.initiatives[0]


def test_a_text_that_uses_the_words_stays_as_it_is_written() -> None:
    text = "参加者のねらい(ねらい)は、届かなかった人の話を聞くこと。取組の見通しは明るい。"

    assert in_our_words([Row(1, (text,), after_blank=False)], OWN)[0].cells == (text,)


def test_without_words_of_its_own_nothing_is_touched() -> None:
    rows = [Row(1, ("(趣旨・目的) 遊べる場所",), after_blank=False)]

    assert in_our_words(rows, YOUSHIKI3) is rows
    assert in_our_words(rows, None) is rows
