"""The screens of asking the coordinator and of naming a day, with sample values."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from bot.domain.consultations import ConsultationKind
from bot.views import consultation
from bot.views.blocks import Json, Rendered
from bot.views.consultation import Asking, ConsultedLetter, Planning, Question
from bot.views.letters import render
from tests.bot.views.samples import MID, NINE, SAVED_AT, SEVEN

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
    yield "相談する画面", consultation.build_ask(Asking(((MID, SEVEN),)))
    yield "相談する画面(2件)", consultation.build_ask(Asking(((MID, SEVEN), (MID, NINE))))
    yield "相談したあと", consultation.build_asked(MID)
    yield "入力予定日を決める画面", consultation.build_plan(Planning(MID, date(2026, 9, 15)))
    yield "入力予定日を決めたあと", consultation.build_planned(date(2026, 9, 15))
    yield "返事をする画面", consultation.build_reply(QUESTION)
    yield "返事をしたあと", consultation.build_replied()
    letter = ConsultedLetter(
        letter_id=7,
        round=MID,
        code="7",
        title=SEVEN.title,
        kind=ConsultationKind.WRONG_OWNER,
        answer="確認しました。担当を変えます。",
    )
    yield "相談した方への返事", render(letter)


def consultation_faults() -> Named:
    """What is wrong, or is no longer so."""
    yield "項目を選んでいない", consultation.NO_ITEM
    yield "ご用件を選んでいない", consultation.NO_KIND
    yield "入力予定日が選べない日", consultation.day_fault(MID.dates.due)
    yield "入力期限のあと", consultation.PAST_DUE
    yield "入力をお願いしている項目がない", consultation.NOTHING_OPEN
    yield "返事がない", consultation.NO_ANSWER
    yield "すでに返事がある", consultation.ANSWERED
    yield "返事ができない方", consultation.NOT_YOURS
