from __future__ import annotations

import pytest

from bot.domain.errors import Refused
from bot.domain.plans import (
    Fault,
    MarkReading,
    SheetAnswers,
    SheetInitiative,
    SheetRefused,
    positions,
    target_warnings,
)


def initiative(**texts: str) -> SheetInitiative:
    return SheetInitiative("3", 1, 3, "本の日", **texts)  # type: ignore[arg-type]


def test_an_answer_is_given_blank_or_unreadable() -> None:
    answers = SheetAnswers({"attainment": "1"}, frozenset({"implementation"}))
    assert answers.reading("attainment") is MarkReading.GIVEN
    assert answers.reading("implementation") is MarkReading.UNREADABLE
    assert answers.reading("issues") is MarkReading.BLANK
    assert not answers.is_blank
    assert SheetAnswers().is_blank


@pytest.mark.parametrize(
    "target",
    [
        "令和8年度運営方針で設定",
        "前年度以上(具体的な数値は令和8年度運営方針で設定)",
        "30・31年度の目標は、29年度の結果を踏まえて設定",
        "【令和9年度】 ・令和8年度に設定する。",
        "今後設定予定",
        "後日設定\n【令和9年度】 40%",
    ],
)
def test_a_target_still_to_be_set_is_warned_of(target: str) -> None:
    for texts in ({"target": target}, {"target": "3回", "activities_target": target}):
        (warning,) = target_warnings([initiative(**texts)])
        assert warning.startswith("取組項目3「本の日」：")
        assert "設定" in warning


@pytest.mark.parametrize("texts", [{}, {"purpose": "読書を広める。"}])
def test_a_missing_target_is_warned_of(texts: dict[str, str]) -> None:
    assert target_warnings([initiative(**texts)]) == (
        "取組項目3「本の日」：目標がありません。計画を確かめてください。",
    )


@pytest.mark.parametrize(
    "texts",
    [
        {"target": "年3回"},
        {"activities_target": "年3回"},
        {"target": "設定した目標の達成率 80%以上"},
        {"target": "各館で設定した目標を達成する"},
    ],
)
def test_a_target_that_is_set_needs_no_warning(texts: dict[str, str]) -> None:
    assert target_warnings([initiative(**texts)]) == ()


def test_faults_are_told_in_the_order_of_the_rows() -> None:
    refused = SheetRefused(
        [Fault(9, "題名", "あ。"), Fault(2, None, "い。"), Fault(0, None, "う。")], "だめ。"
    )
    assert refused.faults == ("う。", "2行目：い。", "9行目 題名：あ。")
    assert isinstance(refused, Refused)
    assert (refused.message, refused.reason) == ("だめ。", "だめ。")


@pytest.mark.parametrize(
    ("codes", "stored", "places"),
    [
        (("1", "2"), {}, {"1": 1, "2": 2}),
        (("1", "2", "3"), {"1": 1, "3": 2}, {"1": 1, "2": 2, "3": 3}),
        (("2-1", "2-2"), {"1-1": 1, "1-2": 2}, {"2-1": 3, "2-2": 4}),
        (("2", "3"), {"1": 1, "2": 2, "3": 3}, {"2": 2, "3": 3}),
        (("3", "2"), {"1": 1, "2": 2, "3": 3}, {"3": 1, "2": 2}),
    ],
    ids=["new", "one between", "others go below", "some in their order", "another order"],
)
def test_initiatives_stand_where_their_document_says_without_moving_others(
    codes: tuple[str, ...], stored: dict[str, int], places: dict[str, int]
) -> None:
    printed = [SheetInitiative(code, n, n, "取組") for n, code in enumerate(codes, start=1)]
    assert positions(printed, stored) == places
