from __future__ import annotations

import pytest

from bot.domain.plans import SheetPlan, SheetRefused
from bot.sheets.policy_text import read_policy_text
from tests.bot.sheets.samples import sample


def policy(*changes: tuple[str, str]) -> SheetPlan:
    text = sample("policy")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return read_policy_text(text)


def test_a_policy_belongs_to_the_ward_and_year_of_its_title() -> None:
    plan = policy()

    assert (plan.form, plan.ward, plan.fiscal_year) == ("policy", "あおぞら区", 2020)
    assert plan.plan == "あおぞら区運営方針"
    assert not plan.faults


def test_each_action_knows_its_issue_strategy_and_budget() -> None:
    actions = {each.code: each for each in policy().initiatives}

    assert list(actions) == ["1-1-1", "1-3-2", "2-2-1"]
    assert actions["1-3-2"].title == "倉庫の点検"
    assert actions["1-3-2"].activities == "品目ごとに不足を数え、買い足す。"
    assert dict(actions["1-3-2"].details) == {
        "issue": "経営課題1 備えのあるまち",
        "issue_overview": "水が来る前に、だれがどこへ行くかが決まっている状態をめざす。",
        "strategy": "1-3 倉庫を満たす",
        "strategy_text": "足りない物を年内にそろえる。",
        "budget": "380",
        "ward_cm_budget": "4100",
    }
    assert actions["1-1-1"].details["budget"] == "1250"
    assert "budget" not in actions["2-2-1"].details  # 「－」


def test_a_row_that_is_one_merged_cell_is_read_like_any_other() -> None:
    rows = sample("policy").replace("\t\n", "\n")
    assert read_policy_text(rows).initiatives == policy().initiatives


def test_brackets_within_a_text_open_no_action() -> None:
    assert policy().initiatives[0].activities == "「【雨の日】」を想定し、町会ごとに年2回歩く。"


@pytest.mark.parametrize("written", ["（２年度予算額　1，250千円）", "(2年度予算額1,250千円)"])
def test_a_budget_is_read_in_any_width(written: str) -> None:
    plan = policy(("(2年度予算額 1,250千円)", written.replace("，", ",")))
    assert plan.initiatives[0].details["budget"] == "1250"
    assert not plan.faults


def test_what_is_said_of_the_whole_ward_is_kept_with_the_plan() -> None:
    plan = policy()

    assert plan.details["goal"] == "雨の日も晴れの日も、顔の見える区"
    assert plan.details["mission"].splitlines() == [
        "・近所どうしが助け合うきっかけをつくる",
        "・災害の前に備えを終える",
    ]
    assert len(plan.details["policy"].splitlines()) == 2
    assert plan.details["reform_items"] == (
        "【電気の使い方】\n昼休みの明かりを消す。\n\n【会議の紙】\n画面で見る。"
    )
    assert any("様式3の要約(2件)は、題名と内容だけ" in words for words in plan.warnings)


def test_a_blank_self_evaluation_is_blank_and_a_written_one_is_of_the_whole_unit() -> None:
    heading = "1年間の取組成果と今後取り組みたいこと"
    written = policy((heading, f"{heading}\n\n訓練を続ける。\n\n倉庫は満ちた。"))

    assert policy().answers["year-end"].is_blank
    assert dict(written.answers["year-end"].values) == {
        "results_and_next": "訓練を続ける。\n倉庫は満ちた。"
    }


def test_a_budget_that_is_no_amount_is_a_fault() -> None:
    plan = policy(("2年度予算額 1,250千円", "2年度予算額 12百万円"))
    assert "取組1-1-1の予算額が読めません" in str(plan.faults[0])


def test_an_action_without_any_budget_is_a_fault() -> None:
    plan = policy(("(2年度予算額 1,250千円)", ""))
    assert "取組1-1-1の予算額が読めません" in str(plan.faults[0])


def test_an_action_whose_strategy_is_missing_is_a_fault_and_the_strategy_is_told() -> None:
    plan = policy(("【1-1-1 ", "【1-2-1 "))

    assert "取組1-2-1の戦略が「主な戦略」の欄にありません" in str(plan.faults[0])
    assert any(words.startswith("戦略1-1「逃げる道を決める」には") for words in plan.warnings)


def test_two_actions_of_one_number_are_a_fault() -> None:
    plan = policy(("【1-3-2 ", "【1-1-1 "))
    assert any("番号1-1-1が2回" in str(fault) for fault in plan.faults)


def test_an_action_without_a_title_is_a_fault() -> None:
    plan = policy(("【2-2-1 混雑の予報】", "【2-2-1】"))
    assert "取組2-2-1の題名がありません" in str(plan.faults[0])


def test_a_draft_is_told_by_its_title() -> None:
    final = policy(("令和2年度 あおぞら区運営方針(案)", "令和2年度 あおぞら区運営方針"))

    assert policy().warnings[0].startswith("題名に「案」とあります")
    assert not any("題名に" in words for words in final.warnings)


def test_a_row_without_its_number_is_a_fault_of_its_line() -> None:
    plan = policy(("【2-2-1 混雑の予報】", "混雑の予報"))
    assert [fault.row for fault in plan.faults] == [34]


def test_a_table_without_its_heads_is_no_policy() -> None:
    with pytest.raises(SheetRefused, match="運営方針"):
        policy(("経営課題の概要\t主な戦略", "概要\t戦略"))
