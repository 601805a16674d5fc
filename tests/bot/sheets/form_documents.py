"""The form of あおぞら区 filled in, for what is written of it: short, long, blank and odd."""

from __future__ import annotations

from typing import Any

from bot.domain.checkins import State
from bot.domain.documents import DocumentItem, FormDocument
from bot.domain.plans import SheetAnswers, SheetInitiative
from bot.domain.youshiki3 import YOUSHIKI3

DRAFT = "【未公表】令和8年10月1日 15:00現在の案"
FOOTER = "令和8年度 あおぞら区 令和8年10月5日公表"
ISSUES = "参加が計画の6割にとどまっている。10月から周知の方法を見直す。"


def an_item(number: int = 1, *, withheld: bool = False, **given: Any) -> DocumentItem:
    """A whole item: (i) with ② at mid-year, not answered at the year's end."""
    mid_year = {"implementation": "i", "attainment": "2", "issues": ISSUES}
    texts: dict[str, Any] = {
        "title": "雨の日の遊び場",
        "pillar": "改革の柱3-3(4)",
        "purpose": "雨の日でも子どもが遊べる場所をつくる。",
        "outline": "図書館の広間を毎週開放する。",
        "target": "参加者 年300人以上",
        "activities": "広間の開放：毎週土曜日",
        "activities_target": "今年度の参加者 300人",
        "answers": {"mid-year": SheetAnswers(mid_year)},
    }
    initiative = SheetInitiative(
        code=str(number), position=number, number=number, **(texts | given)
    )
    hidden = frozenset({"mid-year"} if withheld else ())
    return DocumentItem(initiative, {"mid-year": State.SUBMITTED}, hidden)


def a_document(*items: DocumentItem, **given: Any) -> FormDocument:
    """The draft of a mid-year round."""
    fields: dict[str, Any] = {"stage": "mid-year", "unpublished": DRAFT}
    return FormDocument(
        form=YOUSHIKI3,
        ward="あおぞら区",
        fiscal_year=2026,
        plan="あおぞら改革プラン5.0",
        items=items or (an_item(),),
        **(fields | given),
    )


def counted(sentences: int, sign: str = "A") -> str:
    """A text of sentences with a number each, so that it shows when one of them is missing."""
    return "".join(
        f"{sign}{n:04d}雨の日の遊び場を開きました。{chr(10) if n % 7 == 0 else ''}"
        for n in range(1, sentences + 1)
    )
