"""Text sheets as converters leave them: in another order, cut by spaces, in radicals, by pages."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable
from itertools import permutations

import pytest

from bot.domain.plans import SheetInitiative, SheetPlan
from bot.sheets.plan_text import read_plan_text
from bot.sheets.records import initiative_record
from tests.bot.sheets import aozora
from tests.bot.sheets.aozora import item, read_item, read_sheet, sheet
from tests.bot.sheets.test_published_sheets import SHARED, needs_sheets

MID_YEAR = (
    f"中間振り返り\t取組内容の実施見込み\t(ii)\t{aozora.IMPLEMENTATION}\t{aozora.ISSUES}\n"
    f"\t目標の達成見込み\t②\t{aozora.OUTLOOK}\t会場を探している。"
)
YEAR_END = (
    f"自己評価\t当年度の取組実績及び目標の達成状況\t\t{aozora.ISSUES}\n"
    f"\t12回開いた。\t②\t案内を早く配る。\n\t\t{aozora.ATTAINED}\t"
)
ANSWERED = item(mid_year=MID_YEAR, year_end=YEAR_END)

LABELS = (
    *("取組項目", "改革の柱", "計画", aozora.LEFT, aozora.RIGHT, "(趣旨・目的)", "(取組の概要)"),
    *("(取組の内容)", "中間振り返り", "取組内容の実施見込み", "目標の達成見込み", "課題と改善策"),
    *("自己評価", "当年度の取組実績及び目標の達成状況", "左記が", "の場合は必須"),
    *("実施できない見込み", "達成できない見込み", "目標未達成"),
)
RADICALS = {unicodedata.normalize("NFKC", chr(code)): chr(code) for code in range(0x2F00, 0x2FD6)}


def cut_by_spaces(text: str) -> str:
    for label in LABELS:
        text = text.replace(label, " ".join(label))
    return text


def in_radicals(text: str) -> str:
    for label in LABELS:
        text = text.replace(label, "".join(RADICALS.get(letter, letter) for letter in label))
    return text


def in_roman_numerals(text: str) -> str:
    return text.replace("(ii)", "(ⅱ)").replace("(i)", "（Ⅰ）")


def by_pages(text: str) -> str:
    """A page mark below every table row but one that a tag goes on over."""
    pages = iter(range(1, 10_000))
    return re.sub(r"\t\n", lambda match: f"\t\n\n- {next(pages)} -\n\n", text)


@pytest.fixture(scope="module")
def answered() -> SheetInitiative:
    initiative = read_item(ANSWERED)
    assert dict(initiative.answers["mid-year"].values) == {
        "implementation": "ii",
        "attainment": "2",
        "issues": "会場を探している。",
    }
    assert dict(initiative.answers["year-end"].values) == {
        "results": "12回開いた。",
        "attainment": "2",
        "issues": "案内を早く配る。",
    }
    return initiative


@pytest.mark.parametrize("order", list(permutations((aozora.L2, MID_YEAR, YEAR_END))))
def test_the_blocks_of_an_item_may_stand_in_any_order(
    order: tuple[str, ...], answered: SheetInitiative
) -> None:
    text = "\n\n".join(("取組項目1", "【雨の日の遊び場】", *order))
    assert read_item(text) == answered
    assert read_item(text + "\n\n" + item(2)) == answered


def test_items_may_stand_in_any_order() -> None:
    plan = read_sheet(item(3), item(1), item(2))
    assert [each.number for each in plan.initiatives] == [3, 1, 2]
    assert plan.faults == ()


def test_the_second_mark_of_mid_year_may_be_printed_first(answered: SheetInitiative) -> None:
    swapped = (
        f"中間振り返り\t目標の達成見込み\t②\t{aozora.OUTLOOK}\t{aozora.ISSUES}\n"
        f"\t取組内容の実施見込み\t(ii)\t{aozora.IMPLEMENTATION}\t会場を探している。"
    )
    assert read_item(item(mid_year=swapped, year_end=YEAR_END)) == answered


@pytest.mark.parametrize(
    "plan",
    [
        f"計画\t{aozora.RIGHT}\t{aozora.LEFT}\n\t{aozora.ACTIVITIES_TEXT}\t{aozora.PLAN_TEXT}",
        f"計画\t{aozora.LEFT}\t{aozora.PLAN_TEXT}\n\t{aozora.RIGHT}\t{aozora.ACTIVITIES_TEXT}",
        f"計画\t{aozora.LEFT}\n\t{aozora.PLAN_TEXT}\n\t{aozora.RIGHT}\n\t{aozora.ACTIVITIES_TEXT}",
        f"計画\t{aozora.RIGHT}\n\t{aozora.ACTIVITIES_TEXT}\n\t{aozora.LEFT}\n\t{aozora.PLAN_TEXT}",
        (
            f"計画\t{aozora.LEFT}\t\t{aozora.RIGHT}\t\n"
            f"\t(趣旨・目的)\t{aozora.PURPOSE}\t(取組の内容)\t{aozora.ACTIVITIES}\n"
            f"\t取組の概要\t{aozora.OUTLINE}\t目標\t{aozora.THIS_YEAR}\n"
            f"\t（目 標）\t{aozora.TARGET}\t\t"
        ),
        (
            f"計画\t{aozora.LEFT}\t{aozora.RIGHT}\n\t趣旨・目的\t取組の内容\n"
            f"\t{aozora.PURPOSE}\t{aozora.ACTIVITIES}\n\t取組の概要\t目標\n"
            f"\t{aozora.OUTLINE}\t{aozora.THIS_YEAR}\n\t目標\t\n\t{aozora.TARGET}\t"
        ),
    ],
    ids=["swapped", "below", "headed", "headed-swapped", "labels-beside", "labels-above"],
)
def test_columns_and_labels_may_stand_anywhere_in_the_plan(
    plan: str, answered: SheetInitiative
) -> None:
    assert read_item(item(plan=plan, mid_year=MID_YEAR, year_end=YEAR_END)) == answered


def test_a_label_with_a_cell_of_its_own_is_text_elsewhere() -> None:
    plan = (
        f"計画\t{aozora.LEFT}\t\t{aozora.RIGHT}\t\n"
        f"\t趣旨・目的\t庭をつくる。 (目標) とは別の話。\t取組の内容\t{aozora.ACTIVITIES}\n"
        "\t目標\t3か所\t\t"
    )
    initiative = read_item(item(plan=plan))
    assert initiative.purpose == "庭をつくる。 (目標) とは別の話。"
    assert initiative.target == "3か所"


def test_answers_may_stand_beside_their_labels(answered: SheetInitiative) -> None:
    mid_year = (
        f"中間振り返り\t取組内容の実施見込み\t(ii)\t{aozora.IMPLEMENTATION}\n"
        f"\t目標の達成見込み\t②\t{aozora.OUTLOOK}\n\t{aozora.ISSUES}\t会場を探している。\t"
    )
    year_end = (
        "自己評価\t当年度の取組実績及び目標の達成状況\t12回開いた。\t\n"
        f"\t目標の達成状況\t②\t{aozora.ATTAINED}\n\t{aozora.ISSUES}\t案内を早く配る。\t"
    )
    assert read_item(item(mid_year=mid_year, year_end=year_end)) == answered


@pytest.mark.parametrize(
    "opening",
    [
        "取組項目1 【雨の日の遊び場】",
        "取組項目1【雨の日の遊び場】",
        "取組項目1\t【雨の日の遊び場】\t",
        "取組項目\t1\t【雨の日の遊び場】",
        "取組項目\t1\n【雨の日の遊び場】",
        "取 組 項 目 0 1\n\n【雨の日の遊び場】",
    ],
)
def test_number_and_title_may_share_a_line(opening: str, answered: SheetInitiative) -> None:
    text = ANSWERED.replace("取組項目1\n\n【雨の日の遊び場】", opening)
    assert read_item(text) == answered


@pytest.mark.parametrize("damage", [cut_by_spaces, in_radicals, in_roman_numerals, by_pages])
def test_damage_to_the_printed_words_changes_nothing(
    damage: Callable[[str], str], answered: SheetInitiative
) -> None:
    damaged = damage(sheet(ANSWERED, item(2)))
    assert damaged != sheet(ANSWERED, item(2))
    plan = read_plan_text(damaged)
    assert plan.initiatives == read_sheet(ANSWERED, item(2)).initiatives
    assert (plan.warnings, plan.faults) == ((), ())


@needs_sheets
@pytest.mark.parametrize("damage", [cut_by_spaces, in_radicals, in_roman_numerals, by_pages])
@pytest.mark.parametrize(
    "name", ["r3-nishinari-plan3", "r1-unnamed-ward-plan2", "h29-taisho-plan2"]
)
def test_damage_to_a_published_sheet_changes_no_item(
    name: str, damage: Callable[[str], str]
) -> None:
    text = (SHARED / "plans" / f"{name}.txt").read_text(encoding="utf-8")
    assert _items(read_plan_text(damage(text))) == _items(read_plan_text(text))


def _items(plan: SheetPlan) -> str:
    """The items with no white space, no radical and no numeral of another kind in their texts."""
    records = json.dumps([*map(initiative_record, plan.initiatives)], ensure_ascii=False)
    return re.sub(r"\s+|\\n", "", unicodedata.normalize("NFKC", records)).lower()


@pytest.mark.parametrize(
    "mark",
    *[
        [
            "- 3 -",
            "― 3 ―",
            "－３－",
            "3/12ページ",
            "3ページ/12ページ",
            "p. 3",
            "Page 3 of 12",
            "3頁",
        ]
    ],
)
def test_a_page_mark_on_its_own_line_is_no_text(mark: str, answered: SheetInitiative) -> None:
    text = ANSWERED.replace("\n\t\t①", f"\n{mark}\n\t\t①").replace(
        "\n\t(趣", f"\n\n{mark}\n\n\t(趣"
    )
    assert text.count(mark) == 2
    plan = read_sheet(text)
    assert (plan.initiatives, plan.warnings) == ((answered,), ())


@pytest.mark.parametrize("number", ["3", "3/12", "(3)"])
def test_a_bare_number_is_a_page_mark_only_where_it_stands_alone(
    number: str, answered: SheetInitiative
) -> None:
    plan = read_sheet(f"{ANSWERED}\n\n{number}\n\n{item(2)}")
    assert (plan.initiatives[0], plan.warnings) == (answered, ())
    below = f"{aozora.BLANK_YEAR_END.split(chr(10))[0]}\n{number}"
    assert read_item(item(year_end=below)).answers["year-end"].values["results"] == number


def test_marks_within_texts_are_taken_out_where_they_count_up_page_by_page() -> None:
    first = aozora.L2.replace("遊べる場所", "遊べる - 1 - 場所").replace(
        "毎週開放", "毎週 - 2 - 開放"
    )
    second = aozora.L2.replace("年300人", "年 - 3 - 300人")
    plan = read_sheet(item(1, plan=first), item(2, plan=second))
    assert plan.initiatives[0].purpose == aozora.PURPOSE.replace("遊べる", "遊べる ")
    assert plan.initiatives[0].outline == aozora.OUTLINE.replace("毎週", "毎週 ")
    assert (plan.initiatives[1].target or "").startswith("開放日の参加者 年 300人以上")


def test_what_only_looks_like_a_page_mark_within_a_text_stays() -> None:
    texts = ("冊子の 3ページ を見直す。", "4 - 6 - 8 の順に開く。", "手引き p.3 p.9 のとおり。")
    for text in texts:
        plan = read_sheet(item(plan=aozora.L2.replace(aozora.PURPOSE, text)), item(2))
        assert plan.initiatives[0].purpose == text


def test_what_each_page_repeats_of_the_heading_is_no_text(answered: SheetInitiative) -> None:
    again = f"{aozora.HEADING}\n\n取組項目1(続き)\n\n"
    text = ANSWERED.replace("自己評価\t", f"- 1 -\n\n{again}自己評価\t")
    plan = read_sheet(text)
    assert (plan.initiatives, plan.warnings) == ((answered,), ())


@pytest.mark.parametrize(
    ("heading", "ward", "year"),
    [
        ("令 和 8 年 度 あ お ぞ ら 区", "あおぞら区", 2026),
        ("令和8年度　空　区 「あおぞら改革プラン」", "空区", 2026),
        ("令和８年度 ⻄あおぞら区", "西あおぞら区", 2026),
        ("令和8年度 ⻑⻘区", "長青区", 2026),
    ],
)
def test_a_heading_set_wide_apart_or_in_radicals_is_read(
    heading: str, ward: str, year: int
) -> None:
    plan = read_sheet(item(), heading=heading)
    assert (plan.ward, plan.fiscal_year) == (ward, year)


def test_stored_text_keeps_the_letters_that_labels_are_read_through() -> None:
    text = "⽅針を⾒直す。(ⅰ)から始める。⻄側"
    assert read_item(item(plan=aozora.L2.replace(aozora.PURPOSE, text))).purpose == text
