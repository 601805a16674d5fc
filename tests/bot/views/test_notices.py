"""Notices: each step says what is true that day, and a row turns into its receipt."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from bot.domain.rounds import RoundDates, planned_step
from bot.views.letters import Notice, NoticeSection, render_notice
from bot.views.receipts import receipt_of
from tests.bot.views.samples import (
    BEFORE,
    CONFIRM,
    DUE,
    END,
    FIRST,
    LAST,
    MID,
    NINE,
    NINE_IN,
    OPENING,
    SEVEN,
    SEVEN_IN,
    SEVEN_PROVISIONAL,
    TOLD,
    many_items,
    moment,
    part,
)
from tests.bot.views.slack import assert_message, buttons, said


def notice(today: date, *sections: NoticeSection, **changes: Any) -> Notice:
    return replace(Notice(1, today, moment(today), sections), **changes)


def rendered(today: date, *sections: NoticeSection, **changes: Any) -> tuple[str, str]:
    """The notification, and all that is said."""
    message = render_notice(notice(today, *sections, **changes))
    assert_message(message)
    return message.text, said(message.blocks)


@pytest.mark.parametrize(
    ("section", "text", "sentence"),
    [
        (
            part(),
            "令和8年度 中間振り返りの入力のお願い(2件、9月18日(金)まで)",
            (
                "あおぞら区の取組項目のうち、担当されている2件です。"
                "8月31日時点の見込みを入力してください。\n入力期限： *9月18日(金)*"
            ),
        ),
        (
            part(BEFORE, days_left=3),
            "中間振り返り 未入力が2件あります(9月18日(金)まで)",
            (
                "*令和8年度 中間振り返りの入力期限まで、あと3開庁日です*\n"
                "次の2件がまだ未入力です。入力済の項目のお知らせは送りません。"
            ),
        ),
        (
            part(DUE, SEVEN),
            "本日が中間振り返りの入力期限です(未入力1件)",
            "*本日、9月18日(金)が令和8年度 中間振り返りの入力期限です*\n次の1件がまだ未入力です。",
        ),
        (
            part(FIRST, days_late=1),
            "中間振り返り 入力期限を過ぎた項目が2件あります",
            (
                "入力期限は9月18日(金)でした。10月5日(月)の公表に向けてとりまとめていますので、"
                "入力をお願いします。"
            ),
        ),
        (
            part(TOLD, days_late=3),
            "中間振り返り 未入力が2件あります(期限から3開庁日)",
            "次の2件がまだ未入力です。本日、保健福祉課の課長にも未入力の件数と項目をお知らせします。",
        ),
        (
            part(LAST, days_late=6),
            "中間振り返り 未入力が2件あります(最後のお知らせ)",
            (
                "入力できるのは本日、10月1日(木)までです*\n次の2件がまだ未入力です。"
                "自動のお知らせは今回が最後です。このあとは総務課(区政企画)からご連絡します。"
            ),
        ),
    ],
)
def test_each_step_of_the_ladder_has_its_words(
    section: NoticeSection, text: str, sentence: str
) -> None:
    shown_text, shown = rendered(section.step.day, section)
    assert shown_text == text
    assert sentence in shown


def test_a_late_catch_up_says_the_true_number_of_days_and_no_today() -> None:
    _, shown = rendered(date(2026, 9, 29), part(TOLD, days_late=4))
    assert "入力期限から4開庁日が過ぎています" in shown
    assert "本日" not in shown
    _, shown = rendered(date(2026, 9, 25), part(FIRST, days_late=2))
    assert "入力期限は9月18日(金)でした(2開庁日経過)。" in shown


def test_the_last_day_of_entry_is_today_only_when_it_is() -> None:
    later = part(LAST, days_late=6, entry_until=date(2026, 10, 8))
    _, shown = rendered(date(2026, 10, 1), later)
    assert "入力できるのは10月8日(木)までです" in shown
    assert "本日" not in shown


def test_a_due_date_on_a_day_off_is_not_called_today() -> None:
    dates = RoundDates(date(2026, 9, 1), date(2026, 9, 20), date(2026, 10, 1), date(2026, 10, 5))
    text, shown = rendered(date(2026, 9, 18), part(DUE, round=replace(MID, dates=dates)))
    assert text == "中間振り返りの入力期限は9月20日(日)です(未入力2件)"
    assert "本日" not in shown


def test_managers_without_a_section_are_still_announced() -> None:
    _, shown = rendered(date(2026, 9, 28), part(TOLD, days_late=3, managed_by=()))
    assert "本日、課長にも未入力の件数と項目をお知らせします。" in shown


@pytest.mark.parametrize("late", [FIRST, TOLD, LAST])
def test_a_late_notice_offers_a_way_out(late: Any) -> None:
    _, shown = rendered(late.day, part(late, days_late=1))
    assert "入力が難しいときは「担当が違う・相談する」か、内線1234でお知らせください。" in shown


def test_a_notice_offers_to_ask_the_coordinator_and_until_the_due_day_to_name_a_day() -> None:
    before = render_notice(notice(OPENING.day, part()))
    late = render_notice(notice(FIRST.day, part(FIRST, days_late=1)))
    all_in = render_notice(notice(OPENING.day, part(OPENING, SEVEN_IN)))

    assert [label for label, _, _ in buttons(before.blocks)][-2:] == [
        "担当が違う・相談する",
        "入力予定日を決める",
    ]
    assert [label for label, _, _ in buttons(late.blocks)][-1] == "担当が違う・相談する"
    assert [label for label, _, _ in buttons(all_in.blocks)] == ["内容を見る・直す"]


def test_on_the_day_that_somebody_named_the_notice_says_that_it_has_come() -> None:
    planned = planned_step(date(2026, 9, 11))
    text, shown = rendered(planned.day, part(planned))

    assert text == "中間振り返りの入力予定日は9月11日(金)です(未入力2件、9月18日(金)まで)"
    assert "決めていただいた日になりました。次の2件がまだ未入力です。" in shown


def test_each_item_is_a_section_with_its_title_and_a_button_beside_it() -> None:
    blocks = render_notice(notice(OPENING.day, part())).blocks
    rows = [block for block in blocks if "accessory" in block]
    assert [row["text"]["text"] for row in rows] == [
        "*取組項目7*　【高齢者の見守り訪問の充実】",
        "*取組項目9*　【地域防災訓練の参加者の拡大】",
    ]
    assert buttons(blocks)[:2] == [
        ("入力する", "answer:open", "12:7"),
        ("入力する", "answer:open", "12:9"),
    ]


def test_an_answered_row_is_its_receipt() -> None:
    message = render_notice(notice(OPENING.day, part(OPENING, SEVEN_IN, NINE)))
    shown = said(message.blocks)
    assert "実施見込み (i) ／ 達成見込み ② ／ 課題と改善策 あり(" in shown
    assert "9月10日(木) 10:42 保存 ／ 10月1日(木)まで直せます" in shown
    assert [label for label, _, _ in buttons(message.blocks)][:2] == [
        "内容を見る・直す",
        "入力する",
    ]


def test_the_notification_holds_no_mark_no_text_and_no_name() -> None:
    message = render_notice(notice(FIRST.day, part(FIRST, SEVEN_IN, NINE, days_late=1)))
    assert not {"②", "(i)", "山田", "参加が"} & {
        word for word in ("②", "(i)", "山田", "参加が") if word in message.text
    }


def test_when_all_is_in_the_letter_asks_for_nothing() -> None:
    text, shown = rendered(FIRST.day, part(FIRST, SEVEN_IN, NINE_IN, days_late=1))
    assert text == "令和8年度 中間振り返り　2件とも入力済です"
    assert "2件とも入力済です。ありがとうございました。" in shown
    assert "10月1日(木)までは内容を直せます。" in shown
    assert "入力期限" not in shown


def test_after_the_end_of_entry_there_is_no_button() -> None:
    message = render_notice(notice(date(2026, 10, 2), part(LAST, SEVEN_IN, NINE, days_late=7)))
    assert_message(message)
    assert buttons(message.blocks) == []
    assert "入力は10月1日(木)で終わりました" in said(message.blocks)
    assert "直せます" not in said(message.blocks)


def test_the_deputy_is_told_why() -> None:
    _, shown = rendered(OPENING.day, part(OPENING, SEVEN, as_deputy=True))
    assert "*令和8年度 中間振り返りの入力をお願いします(副担当)*" in shown
    assert "担当者が不在のため、副担当の方にお知らせしています。次の1件です。" in shown


def test_provisional_figures_are_asked_again_with_a_choice() -> None:
    section = part(
        CONFIRM,
        SEVEN_PROVISIONAL,
        round=END,
        entry_until=date(2027, 6, 3),
        confirm_by=date(2027, 6, 3),
        days_late=12,
    )
    message = render_notice(notice(CONFIRM.day, section))
    assert_message(message)
    assert message.text == "暫定で入力した項目の確認のお願い(1件、6月3日(木)まで)"
    assert [label for label, _, _ in buttons(message.blocks)] == [
        "確定した内容を入力する",
        "まだ確定しない",
        "担当が違う・相談する",
    ]
    final = replace(SEVEN_PROVISIONAL, provisional=False, undetermined=False)
    settled = render_notice(notice(CONFIRM.day, replace(section, items=(final,))))
    assert [label for label, _, _ in buttons(settled.blocks)] == ["内容を見る・直す"]


def test_who_asks_stands_last() -> None:
    block = render_notice(notice(OPENING.day, part())).blocks[-1]
    assert block["type"] == "context"
    assert block["elements"][0]["text"] == (
        "令和8年8月25日付け事務連絡に基づくお願いです。"
        "総務課(区政企画)の依頼により kaikaku が自動で送っています。問い合わせ：内線1234"
    )


def test_a_receipt_of_its_own_names_the_newest_answer_and_no_mark_in_its_text() -> None:
    later = replace(NINE_IN, saved_at=moment(date(2026, 9, 11)))
    both = notice(DUE.day, part(DUE, SEVEN_IN, later))
    message = receipt_of(both, since=moment(date(2026, 9, 1)))
    assert message is not None
    assert_message(message)
    assert message.text == "取組項目9 中間振り返りの入力を保存しました"
    assert receipt_of(both, since=moment(date(2026, 9, 12))) is None


def test_two_rounds_in_one_letter_have_a_heading_each_with_unit_and_year() -> None:
    other = replace(END, fiscal_year=2025, unit_name="ひなた区", extension="5678")
    sections = (part(FIRST, days_late=1), part(OPENING, NINE, round=other))
    message = render_notice(notice(FIRST.day, *sections))
    assert_message(message)
    headings = [block["text"]["text"] for block in message.blocks if block["type"] == "header"]
    assert headings == ["あおぞら区　令和8年度 中間振り返り", "ひなた区　令和7年度 自己評価"]
    assert message.text == "取組項目の入力のお願い(3件、うち期限超過2件)"
    assert len(message.blocks[-1]["elements"]) == 2


def test_the_twenty_most_urgent_are_shown_and_the_rest_is_behind_a_button() -> None:
    message = render_notice(notice(OPENING.day, part(OPENING, *many_items(145))))
    assert_message(message)
    opening = [value for label, _, value in buttons(message.blocks) if label == "入力する"]
    assert opening == [f"12:{number}" for number in range(1, 21)]
    assert ("ほか125件を見る", "letter:more", "1") in buttons(message.blocks)
    assert message.text.startswith("令和8年度 中間振り返りの入力のお願い(145件")


def test_a_person_with_many_rounds_still_gets_one_message() -> None:
    sections = tuple(
        part(FIRST, *many_items(9), round=replace(MID, unit_name=f"{number}区"), days_late=1)
        for number in range(24)
    )
    message = render_notice(notice(FIRST.day, *sections))
    assert_message(message)
    assert ("ほか196件を見る", "letter:more", "1") in buttons(message.blocks)
