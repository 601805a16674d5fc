"""The screens of asking, nudging and mailing hold 145 items, and show what people wrote as text."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from bot.domain.consultations import ConsultationKind
from bot.domain.status import count
from bot.domain.youshiki3 import YOUSHIKI3
from bot.views import consultations, mails, nudges
from bot.views.consultations import Asking
from bot.views.coordinator_report import OpenQuestion
from bot.views.letters import CoordinatorReport, CoordinatorSection, render
from bot.views.mails import MailItem, MailPage
from bot.views.nudges import NudgeAll, NudgeLetter
from tests.bot.views.samples import END, MID, MID_FIELDS, SEVEN, many_items
from tests.bot.views.slack import assert_message, assert_modal, buttons, said

DAY = date(2026, 9, 28)
ITEMS = many_items(145)
LETTER = NudgeLetter(8, DAY, MID, ITEMS, 3, MID.dates.closes, "<!channel>\n*至急* >" * 18)


def test_somebody_with_145_open_items_may_ask_about_each() -> None:
    view = consultations.build_ask(Asking(tuple((MID, item) for item in ITEMS)))

    assert_modal(view)
    ticked = [
        option["value"]
        for block in view["blocks"]
        for option in block.get("element", {}).get("options", ())
        if block["block_id"].startswith(consultations.ABOUT)
    ]
    assert len(set(ticked)) == 145


def test_a_nudge_about_145_items_fits_and_its_sentence_does_nothing() -> None:
    message = render(LETTER)

    assert_message(message)
    assert "<!channel>" not in said(message.blocks)
    assert ("ほか125件を見る", "letter:more", "8") in buttons(message.blocks)


def test_a_nudge_says_once_all_is_in_that_it_is() -> None:
    item = replace(SEVEN, state=many_items(1)[0].state)
    message = render(replace(LETTER, items=(item,), today=date(2026, 10, 2)))

    assert_message(message)
    assert "入力は10月1日(木)で終わりました" in said(message.blocks)
    assert "担当が違う・相談する" not in said(message.blocks)


def test_the_note_to_all_says_whom_it_leaves_out() -> None:
    view = nudges.build_all(NudgeAll(MID, 3, 1))

    assert_modal(view)
    assert "本日すでに送った1人を除きます。" in said(view["blocks"])
    assert "submit" not in nudges.build_all(NudgeAll(MID, 0, 3))


def test_the_mail_text_of_145_items_is_whole() -> None:
    items = tuple(MailItem(item.code, item.title, MID_FIELDS) for item in ITEMS)
    view = mails.build_mail(MailPage(MID, "高木", "", items, ITEMS, 0, 24))

    assert_modal(view)
    shown = said(view["blocks"])
    assert all(f"取組項目{item.code}【" in shown for item in ITEMS)
    assert ("次の方", "letter:mail:next", f"{MID.round_id}:1") in buttons(view["blocks"])


def test_a_report_of_ten_rounds_with_many_questions_fits() -> None:
    counts = count(ITEMS, YOUSHIKI3, overdue=True)
    asked = tuple(OpenQuestion(n, str(n), ConsultationKind.OTHER) for n in range(1, 41))
    part = CoordinatorSection(END, counts, unowned=ITEMS, consultations=asked)

    message = render(CoordinatorReport(3, DAY, (part,) * 24))

    assert_message(message)
    answering = [label for label, _, _ in buttons(message.blocks) if label == "返事をする"]
    assert len(answering) == 15
    assert "ほか25件の相談は、次のとりまとめ状況でお知らせします。" in said(message.blocks)
