"""Letters to managers, ward head and coordinator: what each is told, and nothing more."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from bot.domain.status import count
from bot.domain.youshiki3 import YOUSHIKI3
from bot.views.letters import (
    CoordinatorReport,
    CoordinatorSection,
    ManagersList,
    ManagersSection,
    WardHeadSection,
    WardHeadSummary,
    render,
)
from tests.bot.views.samples import END, MID, NINE, SEVEN, SEVEN_IN, many_items
from tests.bot.views.slack import assert_message, buttons, said

DAY = date(2026, 9, 28)
MANAGED = ManagersSection(MID, "保健福祉課", 3, 4, (SEVEN, NINE))


def managers(*sections: ManagersSection) -> ManagersList:
    return ManagersList(2, DAY, sections)


def coordinator(**changes: Any) -> CoordinatorReport:
    counts = count((SEVEN, NINE), YOUSHIKI3, overdue=True)
    return CoordinatorReport(3, DAY, (replace(CoordinatorSection(MID, counts), **changes),))


def test_a_manager_reads_what_is_late_and_how_often_the_owner_was_told() -> None:
    message = render(managers(MANAGED))
    assert_message(message)
    assert message.text == "中間振り返り 保健福祉課の未入力 2件(期限超過)"
    shown = said(message.blocks)
    assert shown.startswith(
        "*令和8年度 中間振り返り　保健福祉課で2件が未入力です*\n"
        "入力期限(9月18日(金))から3開庁日が過ぎています。担当者には4回お知らせしました。"
        "状況の確認をお願いします。\n"
        "*取組項目7*　【高齢者の見守り訪問の充実】　担当：山田\n"
    )
    assert "\n*取組項目9*　【地域防災訓練の参加者の拡大】　担当：未設定\n" in shown
    assert "保健福祉課の確認者の方だけに送っています。" in shown


def test_only_a_coordinator_is_offered_to_answer_for_others() -> None:
    labels = [label for label, _, _ in buttons(render(managers(MANAGED)).blocks)]
    assert labels.count("お知らせを送る") == 1  # nobody owns the other item
    assert "代わりに入力する" not in labels
    both = render(managers(replace(MANAGED, reader_coordinates=True)))
    assert_message(both)
    assert ("代わりに入力する", "answer:open", "12:7") in buttons(both.blocks)


def test_a_managers_list_empties_as_answers_come_in() -> None:
    one_left = render(managers(replace(MANAGED, items=(SEVEN_IN, NINE))))
    assert "保健福祉課で1件が未入力です" in said(one_left.blocks)
    done = render(managers(replace(MANAGED, items=(SEVEN_IN,))))
    assert_message(done)
    assert done.text == "未入力の取組項目はなくなりました"
    assert "保健福祉課はすべて入力済です" in said(done.blocks)


@pytest.mark.parametrize("coordinates", [True, False])
def test_a_manager_of_145_late_items_gets_one_message(coordinates: bool) -> None:
    section = replace(MANAGED, items=many_items(145), reader_coordinates=coordinates)
    several = tuple(replace(section, scope=f"第{each}課") for each in range(9))
    for message in (render(managers(section)), render(managers(*several))):
        assert_message(message)
        assert "ほか125件は「状況を見る」で見られます。" in said(message.blocks)


def test_the_ward_head_reads_numbers_and_no_names() -> None:
    counts = count((SEVEN_IN, NINE), YOUSHIKI3, overdue=True)
    message = render(WardHeadSummary(4, DAY, (WardHeadSection(MID, counts, 1),)))
    assert_message(message)
    shown = said(message.blocks)
    assert "入力済 1／2件、②は1件です。公表予定は10月5日(月)です。" in shown
    assert "山田" not in shown


def test_the_coordinator_reads_what_needs_a_hand() -> None:
    message = render(
        coordinator(
            unowned=(NINE,),
            unreachable={"no-account": 1, "deactivated": 1, "user_disabled": 1, "weird_word": 1},
            call=(SEVEN, NINE),
        )
    )
    assert_message(message)
    assert said(message.blocks).startswith(
        "*令和8年度 中間振り返り　とりまとめ状況　9月28日(月)*\n"
        "未入力 2件(期限超過 2件) ／ 担当未設定 1件 ／ お知らせが届いていない方 4人\n"
        "• 担当が未設定の項目：取組項目9\n"
        "• 届いていない方：Slackの利用登録なし 1人、利用停止 2人、送れない(weird_word) 1人\n"
    )
    assert "• 電話での確認をお勧めする項目：取組項目7、9" in said(message.blocks)
    assert "庁内メール用の文面を出す" in str(message.blocks)


def test_before_the_opening_only_the_gaps_are_told() -> None:
    message = render(coordinator(unowned=(NINE,), opens_in_future=True))
    assert "2件のうち1件は担当が未設定です。残りの1件だけ、9月1日(火)にお知らせします。" in said(
        message.blocks
    )
    assert "期限超過" not in said(message.blocks)


def test_a_coordinator_of_many_rounds_gets_one_message() -> None:
    counts = count(many_items(145), YOUSHIKI3, overdue=True)
    part = CoordinatorSection(END, counts, unowned=many_items(145), call=many_items(145))
    message = render(CoordinatorReport(3, DAY, (part,) * 24))
    assert_message(message)
    assert "ほか125件" in said(message.blocks)
