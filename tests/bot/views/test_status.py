"""A unit's status: counts, each ② with its text, what is outstanding, on pages that fit."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from itertools import count as from_zero
from typing import Any

import pytest

from bot.domain.checkins import State
from bot.domain.status import ItemStatus, count
from bot.domain.youshiki3 import YOUSHIKI3
from bot.views.blocks import Json
from bot.views.status import (
    AllUnits,
    UnitChoice,
    UnitRow,
    UnitStatus,
    as_text,
    render_all,
    render_choose_unit,
    render_no_plan,
    render_no_round,
    render_unit,
    render_unknown_unit,
    render_unknown_word,
)
from bot.views.targets import AllTarget, Filter, PageTarget, UnitTarget
from tests.bot.views.samples import (
    ISSUES,
    MID,
    NINE_IN,
    SEVEN,
    SEVEN_IN,
    many_items,
    moment,
    unit_status,
)
from tests.bot.views.slack import assert_message, buttons, said
from tests.sample_forms import THREE_VALUED

ITEMS = (SEVEN_IN, NINE_IN, replace(SEVEN, initiative_id=14, code="14"))


def all_pages(status: UnitStatus) -> list[list[Json]]:
    """Every page, each within limits, following 「次のページ」."""
    pages = []
    for page in from_zero():
        message = render_unit(replace(status, page=page))
        assert_message(message)
        pages.append(message.blocks)
        if not any(label == "次のページ" for label, _, _ in buttons(message.blocks)):
            return pages
    raise AssertionError


def opened(pages: list[list[Json]]) -> list[str]:
    return [
        value for blocks in pages for _, action, value in buttons(blocks) if action == "answer:open"
    ]


def test_the_first_page_has_counts_then_each_two_with_its_text_then_what_is_outstanding() -> None:
    message = render_unit(unit_status(ITEMS))
    assert_message(message)
    shown = said(message.blocks)
    assert shown.startswith(
        "あおぞら区　令和8年度 中間振り返り\n"
        "*入力済 2／3件(66%)*　■■■■■■□□□□　入力期限 9月18日(金)(3開庁日経過)\n"
        "実施見込み　(i) 1 ・ (ii) 0 ・ 対象外 1\n"
        "達成見込み　① 0 ・ ② 1\n"
        "未入力 1(うち期限超過 1)\n"
        "*②の項目(1件)*\n"
        "*取組項目7*　【高齢者の見守り訪問の充実】　保健福祉課　"
        "入力済 ／ 実施見込み (i) ／ 達成見込み ②\n"
        f"*課題と改善策*　{ISSUES}\n"
        "*未入力(期限超過 1件)*\n"
        "*取組項目14*　【高齢者の見守り訪問の充実】　保健福祉課　期限から3開庁日\n"
    )
    assert "9月28日(月) 10:42 現在 ／ あなただけに見えています ／ 公表前の内容です" in shown


@pytest.mark.parametrize(
    ("left", "late", "words"),
    [(3, 0, "(あと3開庁日)"), (0, 0, "(本日)"), (0, 3, "(3開庁日経過)")],
)
def test_the_due_date_says_how_near_it_is(left: int, late: int, words: str) -> None:
    shown = said(render_unit(unit_status(ITEMS, days_left=left, days_late=late)).blocks)
    assert f"入力期限 9月18日(金){words}" in shown


def test_a_button_stands_only_where_the_reader_may_answer() -> None:
    message = render_unit(unit_status(ITEMS, answerable=frozenset({14})))
    assert opened([message.blocks]) == ["12:14"]


def test_texts_and_marks_are_shown_only_to_who_may_read_them() -> None:
    hidden = unit_status(ITEMS, readable=frozenset(), filter=Filter.ALL)
    for filter_ in Filter:
        message = render_unit(replace(hidden, filter=filter_))
        shown = said(message.blocks[2:])
        assert ISSUES not in shown
        assert "②" not in shown.replace("②の項目", "")
    assert ISSUES not in as_text(hidden)


def test_an_owner_is_told_that_there_is_more_than_the_own_items() -> None:
    shown = said(render_unit(unit_status(ITEMS, reader_owns_only=True)).blocks)
    assert "ご自分の担当項目と区全体の件数を見られます。" in shown


@pytest.mark.parametrize("filter_", Filter)
@pytest.mark.parametrize("submitted_from", [1, 73, 146])
def test_pages_of_145_items_fit_and_hold_each_item_once(
    filter_: Filter, submitted_from: int
) -> None:
    items = many_items(145, text="改" * 2000, submitted_from=submitted_from)
    pages = all_pages(unit_status(items, filter=filter_))
    listed = {
        Filter.FIRST: items,
        Filter.ALL: items,
        Filter.OUTSTANDING: items[: submitted_from - 1],
        Filter.UNFAVOURABLE: items[submitted_from - 1 :],
    }[filter_]
    assert Counter(opened(pages)) == Counter(f"12:{item.initiative_id}" for item in listed)


@pytest.mark.parametrize("text", ["&" * 3000, "*" * 3000, "😀" * 3000, "<!channel>" * 300])
@pytest.mark.parametrize("filter_", Filter)
def test_texts_that_grow_when_escaped_still_fit(text: str, filter_: Filter) -> None:
    items = many_items(24, text=text, title=text, submitted_from=12)
    pages = all_pages(unit_status(items, filter=filter_))
    assert max(Counter(opened(pages)).values()) == 1


def test_a_text_is_whole_in_the_list_of_twos() -> None:
    text = "改善" * 1500
    items = many_items(3, text=text, submitted_from=1)
    pages = all_pages(unit_status(items, filter=Filter.UNFAVOURABLE))
    shown = "".join(said(blocks) for blocks in pages).replace("\n", "")
    assert shown.count(text) == 3


def test_a_few_long_texts_are_shortened_to_stand_on_the_first_page_together() -> None:
    items = many_items(12, text="改善" * 1000, submitted_from=7)
    [blocks] = all_pages(unit_status(items))
    assert len(opened([blocks])) == 12
    assert "…" in said(blocks)


def test_a_page_that_is_not_there_shows_the_last() -> None:
    status = unit_status(many_items(145))
    last = all_pages(status)[-1]
    assert render_unit(replace(status, page=9999)).blocks == last
    assert render_unit(replace(status, page=-1)).blocks == render_unit(status).blocks


def test_a_unit_without_items_still_has_its_status() -> None:
    message = render_unit(unit_status(()))
    assert_message(message)
    assert "取組項目はまだ登録されていません" in said(message.blocks)
    assert "(0%)" not in said(message.blocks)


def test_a_hundred_percent_is_shown_only_when_all_are_in() -> None:
    items = many_items(300, submitted_from=2)
    assert "(99%)　■■■■■■■■■□" in said(render_unit(unit_status(items)).blocks).replace("*", "")


def test_an_item_sent_back_says_so() -> None:
    shown = said(render_unit(unit_status((replace(SEVEN, state=State.SENT_BACK),))).blocks)
    assert "差し戻し" in shown


def test_after_publication_nothing_is_called_unpublished() -> None:
    status = unit_status(ITEMS, now=moment(date(2026, 10, 5)))
    assert "公表前" not in said(render_unit(status).blocks)
    assert "公表前" not in as_text(status)


def test_the_command_line_shows_the_same_as_plain_text() -> None:
    text = as_text(unit_status(ITEMS))
    assert "入力済 2／3件(66%)　■■■■■■□□□□　入力期限 9月18日(金)(3開庁日経過)" in text
    assert f"    課題と改善策　{ISSUES}" in text
    assert "  取組項目14　【高齢者の見守り訪問の充実】　保健福祉課　期限から3開庁日" in text
    assert "*" not in text


def test_what_has_no_title_stands_there_without_brackets() -> None:
    text = as_text(unit_status((replace(SEVEN, initiative_id=0, code="全体", title=""),)))
    assert "  全体　期限から3開庁日" in text.replace("　保健福祉課", "")


def row(name: str, items: tuple[ItemStatus, ...] = ITEMS, **changes: Any) -> UnitRow:
    counts = count(items, YOUSHIKI3, overdue=True)
    return replace(UnitRow(name, replace(MID, unit_name=name), counts), **changes)


@pytest.mark.parametrize("number", [0, 1, 24, 90])
def test_units_stand_in_the_order_given_whatever_their_numbers(number: int) -> None:
    rows = tuple(
        row(f"第{each}区", many_items(each + 1, submitted_from=each))
        for each in range(1, number + 1)
    )
    message = render_all(AllUnits(rows, moment(date(2026, 9, 28))))
    assert_message(message)
    shown = said(message.blocks)
    places = [shown.index(f"*第{each}区*") for each in range(1, number + 1)]
    assert places == sorted(places)


def test_a_unit_without_a_round_is_listed_without_a_button() -> None:
    rows = (row("あおぞら区"), UnitRow("ひなた区"))
    message = render_all(AllUnits(rows, moment(date(2026, 9, 28))))
    assert "全区の状況　令和8年度 中間振り返り" in said(message.blocks)
    assert "*ひなた区*　入力をお願いしている振り返りはありません" in said(message.blocks)
    values = [value for _, _, value in buttons(message.blocks)]
    assert values == [PageTarget(12).encode(), AllTarget().encode(), AllTarget().encode()]


def test_without_a_round_the_latest_is_offered() -> None:
    message = render_no_round("あおぞら区", MID)
    assert_message(message)
    assert said(message.blocks) == (
        "あおぞら区では、いま入力をお願いしている振り返りはありません。"
        "直近は令和8年度 中間振り返り(10月5日(月)公表)です。"
    )
    assert buttons(message.blocks) == [("直近を見る", "status:page", "12:first:0")]


def test_an_ambiguous_name_gets_a_button_for_each_unit() -> None:
    names = ("東淀川区", "東成区", "東住吉区")
    choices = [UnitChoice(name, UnitTarget(each, 2025)) for each, name in enumerate(names)]
    message = render_choose_unit("東", choices)
    assert_message(message)
    assert "「東」に当てはまる区が3つあります。選んでください。" in said(message.blocks)
    assert [label for label, _, _ in buttons(message.blocks)] == list(names)
    assert len({action for _, action, _ in buttons(message.blocks)}) == 3


@pytest.mark.parametrize(
    ("message", "words"),
    [
        (render_no_plan("あおぞら区", 2026), "令和8年度の計画はまだ登録されていません。"),
        (render_unknown_unit("<!here>"), "「&lt;!here&gt;」という区は見つかりませんでした。"),
        (render_unknown_word("ほげ"), "「ほげ」の意味が分かりませんでした。"),
        (render_no_round("あおぞら区"), "いま入力をお願いしている振り返りはありません。"),
    ],
)
def test_other_answers_say_what_to_do(message: Any, words: str) -> None:
    assert_message(message)
    assert words in said(message.blocks)


def test_a_scale_of_three_is_listed_by_its_own_marks() -> None:
    stage = THREE_VALUED.stage("mid-year")
    answers = {"implementation": "part", "issues": "別の理由"}
    items = (replace(SEVEN_IN, answers=answers),)
    counts = count(items, THREE_VALUED, overdue=False)
    other = replace(MID, form=THREE_VALUED, stage=stage)
    shown = said(render_unit(unit_status(items, round=other, counts=counts)).blocks)
    assert "実施見込み　1 0 ・ 2 1 ・ 3 0" in shown
    assert "*2・3の項目(1件)*" in shown
    assert "*課題と改善策*　別の理由" in shown
