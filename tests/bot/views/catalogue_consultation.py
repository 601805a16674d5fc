"""The screens of asking the coordinator and of naming a day, with sample values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from bot.domain.consultations import ConsultationKind
from bot.views import consultations, mails, nudges
from bot.views.blocks import Json, Rendered
from bot.views.consultations import Asking, ConsultedLetter, Planning, Question
from bot.views.letters import render
from bot.views.mails import MailItem, MailPage
from bot.views.nudges import NudgeAll, Nudged, NudgeLetter, NudgeOne
from bot.views.targets import Target
from tests.bot.views.samples import MID, MID_FIELDS, NINE, NINE_IN, SAVED_AT, SEVEN, SEVEN_IN

QUESTION = Question(
    id=3,
    round=MID,
    code="7",
    title=SEVEN.title,
    kind=ConsultationKind.WRONG_OWNER,
    note="4月から高齢者支援担当の方が担当しています。",
    name="山田",
    at=SAVED_AT,
)

Named = Iterator[tuple[str, Rendered | Json | str]]


def consultation_screens() -> Named:
    """In the order in which they are met."""
    yield "相談する画面", consultations.build_ask(Asking(((MID, SEVEN),)))
    yield "相談する画面(2件)", consultations.build_ask(Asking(((MID, SEVEN), (MID, NINE))))
    yield "相談したあと", consultations.build_asked(MID)
    yield "入力予定日を決める画面", consultations.build_plan(Planning(MID, date(2026, 9, 15)))
    yield "入力予定日を決めたあと", consultations.build_planned(date(2026, 9, 15))
    yield "返事をする画面", consultations.build_reply(QUESTION)
    yield "返事をしたあと", consultations.build_replied()
    letter = ConsultedLetter(
        letter_id=7,
        round=MID,
        code="7",
        title="",
        kind=ConsultationKind.WRONG_OWNER,
        answer="確認しました。担当を変えます。",
    )
    yield "相談した方への返事(担当が変わったとき)", render(letter)
    stays = replace(letter, title=SEVEN.title, item=SEVEN, answer="このままお願いします。")
    yield "相談した方への返事", render(stays)
    yield from _nudges()
    yield from _mails()


def _nudges() -> Named:
    target = Target(MID.round_id, SEVEN.initiative_id)
    one = NudgeOne(MID, target, "7", SEVEN.title, ("山田",))
    yield "お知らせを送る画面(1件)", nudges.build_one(one)
    yield "お知らせを送る画面(本日すでに送っている)", nudges.build_one(replace(one, already=True))
    yield "未入力の方へお知らせを送る画面", nudges.build_all(NudgeAll(MID, 3, 1))
    yield "未入力の方へお知らせを送る画面(全員に送っている)", nudges.build_all(NudgeAll(MID, 0, 3))
    day = date(2026, 9, 28)
    yield "お知らせを送ったあと", nudges.build_sent(Nudged(3, day, now=True))
    yield "お知らせを送ったあと(開庁時間のあと)", nudges.build_sent(Nudged(3, day, now=False))
    sent = NudgeLetter(
        letter_id=8,
        today=day,
        round=MID,
        items=(SEVEN, NINE),
        days_late=3,
        entry_until=MID.dates.closes,
        note="金曜日の朝に集計します。入力をお願いします。",
    )
    yield "手動のお知らせ", render(sent)
    answered = replace(sent, items=(SEVEN_IN, replace(NINE_IN, code="9")))
    yield "手動のお知らせ(すべて入力済)", render(answered)
    yield "手動のお知らせ(入力が終わったあと)", render(replace(sent, today=date(2026, 10, 2)))


def _mails() -> Named:
    items = (MailItem("7", SEVEN.title, MID_FIELDS),)
    page = MailPage(MID, "高木", "takagi@example.jp", items, (SEVEN,), 0, 2)
    yield "庁内メール用の文面の画面", mails.build_mail(page)
    rows = tuple(replace(SEVEN, initiative_id=n, code=str(n)) for n in range(1, 34))
    many = replace(page, email="", statuses=rows, page=1)
    yield "庁内メール用の文面の画面(項目が多いとき)", mails.build_mail(many)


def consultation_faults() -> Named:
    """What is wrong, or is no longer so."""
    yield "項目を選んでいない", consultations.NO_ITEM
    yield "ご用件を選んでいない", consultations.NO_KIND
    yield "入力予定日が選べない日", consultations.day_fault(MID.dates.due)
    yield "入力期限のあと", consultations.PAST_DUE
    yield "入力をお願いしている項目がない", consultations.NOTHING_OPEN
    yield "返事がない", consultations.NO_ANSWER
    yield "すでに返事がある", consultations.ANSWERED
    yield "返事ができない方", consultations.NOT_YOURS
    yield "お知らせを送れる方ではない", nudges.MAY_NOT
    yield "まとめてお知らせを送れる方ではない", nudges.MAY_NOT_ALL
    yield "お知らせを送れる方がいない", nudges.NOBODY
    yield "本日はすでにお知らせを送っている", nudges.ALREADY
    yield "次の開庁日には入力が終わっている", nudges.CLOSED
    yield "この区のお知らせを止めている", nudges.paused(MID.dates.due)
    yield "添える一言が長い", nudges.note_too_long(312)
    yield "庁内メールが必要な方がいない", mails.EVERYBODY_REACHED
    yield "庁内メール用の文面を出せる方ではない", mails.NOT_YOURS
    yield "庁内メール用の文面は開始日から", mails.NOT_OPEN_YET
