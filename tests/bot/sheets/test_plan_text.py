from __future__ import annotations

import pytest

from bot.domain.plans import SheetAnswers, SheetRefused
from bot.sheets.plan_text import read_plan_text
from tests.bot.sheets import aozora
from tests.bot.sheets.aozora import item, read_item, read_sheet, sheet


@pytest.mark.parametrize(
    "plan",
    [
        aozora.L1,
        aozora.L2,
        aozora.L2_WIDE,
        aozora.L3,
        aozora.L4,
        aozora.L4_ROWS,
        aozora.PARAGRAPHS,
        aozora.PARAGRAPHS.replace("(", "（").replace(")", "）"),
        aozora.L2.replace("目標", "⽬標").replace("取組の概要", "取組の 概要"),
        aozora.L2.replace("(取組の内容)", "(取組内容)"),
        aozora.L2.replace("計画", "計 画") + "\n----\t--\t---",
    ],
    ids=["L1", "L2", "L2-wide", "L3", "L4", "L4-rows", "tags", "wide", "kangxi", "short", "ruled"],
)
def test_every_layout_of_the_plan_block_gives_the_same_fields(plan: str) -> None:
    def plain(text: str | None) -> str:
        return (text or "").replace("（", "(").replace("）", ")").replace("⽬", "目")

    initiative = read_item(item(plan=plan))
    assert initiative.purpose == aozora.PURPOSE
    assert initiative.purpose_label == "趣旨・目的"
    assert initiative.outline == aozora.OUTLINE
    assert plain(initiative.target) == aozora.TARGET
    assert initiative.activities == aozora.ACTIVITIES
    assert initiative.activities_target == aozora.THIS_YEAR
    assert initiative.plan_unlabelled is None


def test_a_target_quoted_within_a_sentence_is_no_label() -> None:
    plan = aozora.L2.replace(aozora.TARGET, "8年度(実績)70% 9年度(目標)75%")
    assert read_item(item(plan=plan)).target == "8年度(実績)70% 9年度(目標)75%"


def test_a_label_said_twice_in_a_cell_is_text_the_second_time() -> None:
    plan = aozora.L2.replace(aozora.TARGET, "年間 (目標) 300人")
    assert read_item(item(plan=plan)).target == "年間 (目標) 300人"


def test_plan_text_without_labels_is_kept_apart() -> None:
    plan = f"計画\t{aozora.LEFT} 遊び場を増やす。 (目標) 3か所\t{aozora.RIGHT} 場所を探す。"
    initiative = read_item(item(plan=plan))
    assert initiative.plan_unlabelled == "遊び場を増やす。"
    assert (initiative.purpose, initiative.outline, initiative.target) == (None, None, "3か所")
    assert (initiative.activities, initiative.activities_target) == ("場所を探す。", None)


def test_a_strategy_is_a_purpose_under_its_own_label() -> None:
    initiative = read_item(item(plan=aozora.L3.replace("趣旨・目的", "戦略")))
    assert (initiative.purpose, initiative.purpose_label) == (aozora.PURPOSE, "戦略")


def test_stored_text_stays_as_written() -> None:
    plan = aozora.L2.replace(aozora.PURPOSE, "① 40％～50％ <めざす状態> ｶﾅ ㈱")
    assert read_item(item(plan=plan)).purpose == "① 40％～50％ <めざす状態> ｶﾅ ㈱"


@pytest.mark.parametrize(
    ("printed", "title", "pillar"),
    [
        ("【図書の返却(本館)(改革の柱3-3(4))】", "図書の返却(本館)", "改革の柱3-3(4)"),
        ("【図書の返却（本館）（改革の柱５－１）】", "図書の返却（本館）", "改革の柱５－１"),
        ("【図書の返却(本館)】", "図書の返却(本館)", None),
        ("【図書の返却\n(区政編 改革の柱2 -イ)】", "図書の返却", "区政編 改革の柱2 -イ"),
        ("【改革の柱の周知】", "改革の柱の周知", None),
        ("【「【特集】本の日」の開催】", "「【特集】本の日」の開催", None),
    ],
)
def test_the_last_parenthesis_of_a_title_is_the_pillar_only_if_it_says_so(
    printed: str, title: str, pillar: str | None
) -> None:
    initiative = read_item(item(title=printed))
    assert (initiative.title, initiative.pillar) == (title, pillar)


def test_a_line_below_the_title_is_the_subtitle() -> None:
    initiative = read_item(item(title="【本の日(改革の柱1-1)】\n 返却日を増やす(北館)"))
    assert initiative.subtitle == "返却日を増やす(北館)"
    assert read_item(item(title="【本の日】")).subtitle is None


@pytest.mark.parametrize("printed", ["取組項目 12", "取組項目１２", "取組 項目12", "取組項⽬12"])
def test_an_item_line_is_known_in_any_width(printed: str) -> None:
    plan = read_sheet(item().replace("取組項目1", printed))
    assert [(each.number, each.code) for each in plan.initiatives] == [(12, "12")]


def test_an_item_named_within_a_cell_opens_no_item() -> None:
    text = f"(取組項目8の再掲) {aozora.ACTIVITIES}"
    plan = read_sheet(item(plan=aozora.L2.replace(aozora.ACTIVITIES, text)), item(2))
    assert [each.number for each in plan.initiatives] == [1, 2]
    assert [each.position for each in plan.initiatives] == [1, 2]


def test_byte_order_mark_and_windows_line_ends_change_nothing() -> None:
    text = sheet(item(), item(2))
    assert read_plan_text("\ufeff" + text.replace("\n", "\r\n")) == read_plan_text(text)


def test_ward_and_year_are_taken_from_a_heading() -> None:
    plan = read_sheet(item())
    assert (plan.ward, plan.fiscal_year, plan.plan) == ("あおぞら区", 2026, "あおぞら改革プラン5.0")
    assert (plan.form, plan.year_hint, plan.warnings) == ("youshiki3", None, ())


@pytest.mark.parametrize(
    ("heading", "ward", "year"),
    [
        ("平成31年度・令和元年度東あおぞら区「改革プラン2.0」に基づく取組等", "東あおぞら区", 2019),
        ("２０２６年度 大空市あおぞら区役所", "あおぞら区", 2026),
        ("R8年度 みどり局 取組一覧", "みどり局", 2026),
        ("「改革プラン2.0」に基づく取組等(各区の取組、当区の取組)", None, None),
        ("令和7年度・令和8年度 あおぞら区・みなも区", None, None),
    ],
)
def test_a_heading_states_ward_and_year_only_when_it_states_one(
    heading: str, ward: str | None, year: int | None
) -> None:
    plan = read_sheet(item(), heading=heading)
    assert (plan.ward, plan.fiscal_year) == (ward, year)


def test_sentences_and_figures_above_the_items_state_nothing() -> None:
    above = (
        f"{aozora.HEADING}\n\n令和6年度はみなも区と合同で開催した。\n\n"
        f"令和5年度 みなも区での参加者数は、{'延べ' * 30}900人"
    )
    plan = read_sheet(item(), heading=above)
    assert (plan.ward, plan.fiscal_year) == ("あおぞら区", 2026)


@pytest.mark.parametrize(
    "heading",
    [
        "「市政改革プラン3.0」に基づく取組等",
        "市政改革プラン3.0に基づく取組等",
        "令和8年度市政改革プラン3.0",
    ],
)
def test_the_plan_is_named_with_or_without_brackets(heading: str) -> None:
    assert read_sheet(item(), heading=heading).plan == "市政改革プラン3.0"


def test_two_wards_or_years_in_a_heading_are_warned_of() -> None:
    warnings = read_sheet(item(), heading="令和7年度・令和8年度 あおぞら区・みなも区").warnings
    assert any("あおぞら区、みなも区" in warning for warning in warnings)
    assert any("令和7年度、令和8年度" in warning for warning in warnings)


def test_figures_hint_at_the_year_and_decide_nothing() -> None:
    quoted = aozora.L2.replace("前年度(実績)", "令和7年度実績")
    plan = read_sheet(item(plan=quoted), heading="取組等")
    assert (plan.fiscal_year, plan.year_hint, plan.year_evidence) == (None, 2026, "令和7年度実績")
    assert "令和8年度" in plan.warnings[0]


def test_results_hint_at_the_year_they_report() -> None:
    year_end = aozora.BLANK_YEAR_END.replace(
        aozora.ATTAINED, f"令和6年度 285人、令和7年度 310人 {aozora.ATTAINED}"
    )
    plan = read_sheet(item(year_end=year_end), heading="取組等")
    assert (plan.year_hint, plan.year_evidence) == (2025, "令和7年度")


def test_labels_left_over_below_the_tables_are_nothing() -> None:
    plan = read_sheet(item() + "\n\n計画\n\n中間 振り返り\n\n自己評価")
    assert plan.warnings == ()
    assert plan.initiatives[0].answers["year-end"] == SheetAnswers()


def test_a_line_that_belongs_to_no_table_is_warned_of() -> None:
    plan = read_sheet(item() + "\n\n来年度から別の様式で公表します。")
    assert len(plan.warnings) == 1
    assert "取組項目1" in plan.warnings[0]
    assert plan.initiatives[0].answers["year-end"] == SheetAnswers()


def test_a_target_still_to_be_set_is_warned_of_by_name() -> None:
    later = aozora.L2.replace(aozora.TARGET, "【令和9年度】 ・令和8年度運営方針で設定")
    plan = read_sheet(item(plan=later), item(2))
    assert len(plan.warnings) == 1
    assert plan.warnings[0].startswith("取組項目1「雨の日の遊び場」")


def test_all_faults_are_found_at_once_and_named_by_their_row() -> None:
    text = sheet(
        item(1), item(1), item(2, title="雨の日の遊び場"), item("", plan="計画"), item(3, plan="")
    )
    faults = read_plan_text(text).faults
    lines = text.split("\n")
    assert [(lines[fault.row - 1], fault.column) for fault in faults] == [
        ("取組項目1", "番号"),
        ("取組項目2", "題名"),
        ("取組項目", "番号"),
        ("取組項目", "計画"),
        ("取組項目3", "計画"),
    ]
    assert all(fault.message.endswith("。") for fault in faults)


def test_a_second_table_of_a_kind_means_an_item_line_was_lost() -> None:
    lost = item(2).replace("取組項目2\n\n【雨の日の遊び場】\n\n", "")
    (fault,) = read_sheet(item(), lost).faults
    assert "「取組項目」の行が抜けていないか" in fault.message


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (
            "あおぞら区将来ビジョン(2024年～2028年版)の振り返り\n\n基本方針1",
            "将来ビジョンの振り返り",
        ),
        (
            "令和8年度 あおぞら区運営方針(案)\n\n重点的に取り組む主な経営課題(様式2)",
            "運営方針(様式1)",
        ),
        ("お知らせ\n\n図書館は月曜日に休みます。", "計画のシートではありません"),
    ],
)
def test_what_is_no_plan_sheet_is_refused_by_its_name(text: str, kind: str) -> None:
    with pytest.raises(SheetRefused) as refused:
        read_plan_text(text)
    assert kind in refused.value.reason
    assert refused.value.by_row == ()


def test_long_texts_and_signs_come_through_whole() -> None:
    text = "<!channel> *あ* & 🌸 <b@example.jp>" + "あ" * 3000
    initiative = read_item(item(plan=aozora.L2.replace(aozora.PURPOSE, text)))
    assert initiative.purpose == text


@pytest.mark.parametrize("filling", [" ", "\u3000", "()", "①:", "(目標)", "<p>", "</p> "])
def test_a_long_run_of_anything_does_not_keep_the_reader_busy(filling: str) -> None:
    run = filling * 3000
    mid_year = aozora.BLANK_MID_YEAR.replace("見込み", f"見込み{run}")
    initiative = read_item(item(mid_year=mid_year, plan=f"{aozora.L2}{run}{aozora.PLAN_TEXT}"))
    assert initiative.purpose == aozora.PURPOSE
