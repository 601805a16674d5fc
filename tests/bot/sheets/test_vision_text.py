from __future__ import annotations

import pytest

from bot.domain.plans import SheetInitiative, SheetPlan, SheetRefused
from bot.sheets.vision_text import read_vision_text
from tests.bot.sheets.samples import sample

TABLE = "<めざす状態>\t<取組の方向性>\t<達成できたこと>\t<残された課題・対策>"


def vision(text: str | None = None) -> SheetPlan:
    return read_vision_text(sample("vision") if text is None else text)


def row_of(code: str, plan: SheetPlan | None = None) -> SheetInitiative:
    return next(each for each in (plan or vision()).initiatives if each.code == code)


def test_a_review_belongs_to_the_ward_and_the_years_of_its_title() -> None:
    plan = vision()

    assert (plan.form, plan.ward) == ("vision", "あおぞら区")
    assert (plan.fiscal_year, plan.last_year) == (2019, 2023)
    assert plan.plan == "あおぞら区将来ビジョン（2019年～2023年版）の振り返り（区役所自己評価）"
    assert not plan.faults


@pytest.mark.parametrize(
    ("title", "years"),
    [
        ("あおぞら区将来ビジョン（令和5年度～令和9年度）の振り返り", (2023, 2027)),
        ("あおぞら区将来ビジョン(平成30年度から令和4年度)の振り返り", (2018, 2022)),
        ("あおぞら区将来ビジョン（H30～R4年度）振り返り", (2018, 2022)),
        ("あおぞら区将来ビジョンの振り返り", (None, None)),
        ("あおぞら区将来ビジョン（2023年～2019年版）の振り返り", (None, None)),
    ],
)
def test_the_years_are_read_as_titles_write_them(
    title: str, years: tuple[int | None, int | None]
) -> None:
    text = sample("vision").replace(
        "資料2 あおぞら区将来ビジョン（2019年～2023年版）の振り返り（区役所自己評価）", title
    )
    assert (vision(text).fiscal_year, vision(text).last_year) == years


def test_each_row_is_an_undertaking_of_its_theme_with_all_columns() -> None:
    first = row_of("1-1-1-1")

    assert (first.title, first.position) == ("公園を育てる", 1)
    assert first.sections == ("まちづくり", "総務")
    assert dict(first.details) == {
        "policy": "基本方針1 歩いて楽しいまち",
        "section": "（1）緑と水辺",
        "theme": "①公園を育てる",
        "aim": "どの家からも歩いて10分のところに木陰がある状態",
        "direction": "・空き地に木を植える。",
        "in_charge": "まちづくり\n総務",
        "group": "緑・水辺\n全体",
    }
    assert dict(first.answers["review"].values) == {
        "achieved": "○苗木を120本植えた。\n○水やり当番を決めた。",
        "remaining": "○夏の水やりの人手が足りない。 ・学校と相談する。",
    }


def test_a_merged_cell_is_inherited_also_after_a_page_break() -> None:
    plan = vision()

    assert row_of("1-1-1-2", plan).details["aim"] == row_of("1-1-1-1", plan).details["aim"]
    assert row_of("2-2-1-2", plan).details["aim"] == "仕事のあとでも本を借りられる状態"
    assert row_of("2-2-1-2", plan).title == "夜間の図書室"


def test_a_section_that_slipped_to_the_right_is_put_back_and_the_group_left_empty() -> None:
    slipped = row_of("1-1-2-2")

    assert slipped.sections == ("広報",)
    assert "group" not in slipped.details
    assert "remaining" not in slipped.answers["review"].values


def test_lost_numbers_are_counted_on_and_every_doubt_is_told_by_line() -> None:
    warnings = "\n".join(vision().warnings)

    assert row_of("3-1-1-1").details["policy"] == "たよりになる区役所"
    assert "34行目：見出し「たよりになる区役所」の番号が読めません。順番から3" in warnings
    assert "36行目：見出し「窓口とことば」の番号が読めません。順番から1" in warnings
    assert "24行目：見出し「(2) 夜の学びの場」の前に、1番がありません" in warnings
    assert "13、19、20、32行目：めざす状態は、結合された" in warnings
    assert "19行目：担当が右の列にずれていた" in warnings
    assert "20行目：担当がありません" in warnings
    assert "19行目：「○」が英字の「O」になっている" in warnings
    assert len(vision().warnings) == 7


def test_a_row_that_cannot_be_placed_is_a_fault_of_its_line() -> None:
    sheet = f"あおぞら区将来ビジョンの振り返り\n①緑\n{TABLE}\n\t方向\tした\t残る\nA\tB\tC\tD\tE\tF"
    told = [str(fault) for fault in vision(sheet).faults]

    assert any(words.startswith("4行目 めざす状態：") for words in told)
    assert any(words.startswith("5行目：どの欄の文か分かりません(E、F)") for words in told)


def test_two_themes_of_one_number_are_refused_not_merged() -> None:
    table = f"{TABLE}\nA\tB\tC\tD"
    sheet = f"あおぞら区将来ビジョンの振り返り\n①緑\n{table}\n①水\n{table}"

    assert "「①水」と同じ番号" in str(vision(sheet).faults[0])


def test_a_heading_without_words_is_a_fault_of_its_line() -> None:
    plan = vision(sample("vision").replace("①公園を育てる", "①"))
    assert str(plan.faults[0]).startswith("9行目：見出し「①」に題名がありません")


def test_a_table_without_a_heading_is_a_fault() -> None:
    sheet = f"あおぞら区将来ビジョンの振り返り\n{TABLE}\nA\tB\tC\tD"
    assert "見出しを書いてください" in str(vision(sheet).faults[0])


def test_running_text_is_told_and_not_taken() -> None:
    text = sample("vision").replace("②", "この表は途中です。\n\n②", 1)
    assert any("取り込みません(この表は途中です。)" in words for words in vision(text).warnings)


def test_what_has_no_such_table_is_no_review() -> None:
    with pytest.raises(SheetRefused, match="将来ビジョンの振り返りの表がありません"):
        vision("あおぞら区将来ビジョンの振り返り")
