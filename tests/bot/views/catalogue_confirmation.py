"""The screens of the manager's step, with sample values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, time

from bot.domain.calendar import at_tokyo
from bot.domain.checkins import Review, State
from bot.domain.confirmations import Change
from bot.domain.rounds import Step, StepKind
from bot.domain.status import ItemStatus, count
from bot.domain.youshiki3 import YOUSHIKI3
from bot.views import confirmation_list, confirmations
from bot.views.blocks import Json, Rendered
from bot.views.checkin_entry import Mending
from bot.views.checkin_form import build
from bot.views.confirmation_list import Waiting
from bot.views.confirmations import Answered, Earlier
from bot.views.letters import (
    CoordinatorReport,
    CoordinatorSection,
    Notice,
    SentBackLetter,
    ToConfirmLetter,
    render,
)
from bot.views.mine import render_mine
from bot.views.review_letters import ToConfirmSection
from bot.views.status import render_unit
from bot.views.targets import Filter, Target
from tests.bot.views.samples import (
    END,
    ISSUES,
    MID,
    MID_FIELDS,
    NINE_IN,
    OPENING,
    SAVED_AT,
    SEVEN,
    SEVEN_IN,
    entry,
    mine,
    moment,
    part,
    unit_status,
)

MEND_BY = date(2026, 9, 15)
COMMENT = "参加の人数も書いてください。"
SEVEN_BACK = replace(SEVEN_IN, state=State.SENT_BACK, review=Review(1, 0, MEND_BY))
ANSWERED = Answered(
    round=MID,
    target=Target(12, 7),
    code="7",
    title=SEVEN.title,
    fields=MID_FIELDS,
    answers=SEVEN_IN.answers,
    revision=2,
    level=1,
    levels=2,
    goal="見守り訪問の対象世帯 1,200世帯",
    saved_at=SAVED_AT,
    entered_by="山田",
)
_SENT_BACK_AT = at_tokyo(date(2026, 9, 10), time(14, 5))
_CONFIRMED_AT = at_tokyo(date(2026, 9, 9), time(16, 20))
_CHANGED = Change("issues", "参加が少ない。周知を増やす。", ISSUES)
BACK = SentBackLetter(
    letter_id=5,
    round=MID,
    item=SEVEN_BACK,
    scope="保健福祉課",
    comment=COMMENT,
    due=MEND_BY,
    entry_until=date(2026, 10, 1),
)

Named = Iterator[tuple[str, Rendered | Json | str]]


def confirmation_letters() -> Named:
    """What managers and owners are written around the step."""
    waiting = ToConfirmSection(MID, 5, 1)
    yield "確認のお願い", render(ToConfirmLetter(6, (waiting,)))
    two = (waiting, ToConfirmSection(END, 2, 0))
    yield "確認のお願い(2つの振り返り)", render(ToConfirmLetter(6, two))
    done = ToConfirmLetter(6, (replace(waiting, waiting=0, unfavourable=0),))
    yield "確認のお願いが済んだあと", render(done)
    yield "修正のお願い(担当者あて)", render(BACK)
    yield "修正のお願い(副担当あて)", render(replace(BACK, as_deputy=True))
    yield "修正したあと", render(replace(BACK, item=SEVEN_IN))
    mending = Step(StepKind.MEND, f"mend:{MEND_BY}", MEND_BY)
    asked = part(mending, SEVEN_BACK)
    yield "修正期限の日", render(Notice(8, MEND_BY, moment(MEND_BY), (asked,)))
    taken = part(Step(StepKind.TAKEN, f"taken:{MEND_BY}", MEND_BY), SEVEN_BACK)
    yield (
        "修正のお願い(引き継ぎや不在のあと)",
        render(Notice(8, MEND_BY, moment(MEND_BY), (taken,))),
    )
    late = date(2026, 10, 2)
    yield "修正期限のあと(入力の終了後)", render(Notice(8, late, moment(late), (asked,)))
    saved = part(OPENING, _waiting(1), replace(_waiting(2), code="9"))
    yield (
        "控え(このあと確認する方があるとき)",
        render(Notice(1, MEND_BY, moment(MEND_BY), (saved,))),
    )
    yield "公表の前のとりまとめ担当へのお知らせ", render(_report())


def confirmation_screens() -> Named:
    """What a manager opens."""
    yield "確認する画面", confirmations.build_one(ANSWERED)
    yield "修正されたあとの確認", confirmations.build_one(_mended())
    early = replace(ANSWERED, level=None, status=_waiting(1))
    yield "課長の確認を待つあいだの区長の画面", confirmations.build_one(early)
    sent_back = replace(ANSWERED, level=None, may_send_back=False, status=SEVEN_BACK)
    yield "修正を待つあいだ", confirmations.build_one(sent_back)
    again = replace(ANSWERED, note=confirmations.MOVED_ON)
    yield "画面を開いたあとに変わったとき", confirmations.build_one(again)
    yield "確認したあと(1段目)", confirmations.build_confirmed(ANSWERED, level=1)
    yield "確認したあと", confirmations.build_confirmed(ANSWERED, level=2)
    last = date(2026, 10, 5)
    yield "修正をお願いする画面", confirmations.build_send_back(ANSWERED, MEND_BY, last=last)
    yield "修正をお願いしたあと", confirmations.build_sent_back("7", MEND_BY)
    nobody = confirmations.build_sent_back("7", MEND_BY, reached=False)
    yield "修正をお願いしたあと(お知らせできる方がいないとき)", nobody
    listed = [Waiting(NINE_IN, 1, 1, False), Waiting(SEVEN_IN, 1, 1, True)]
    mending = Mending(COMMENT, MEND_BY)
    yield "修正する画面(担当者)", build(entry(mending=mending, correcting=True, position=None))
    yield "まとめて確認する画面", confirmation_list.build_many(MID, listed)
    yield "確認する項目がないとき", confirmation_list.build_many(MID, [])
    many = [
        Waiting(replace(NINE_IN, initiative_id=n, code=str(n)), 1, 1, False) for n in range(1, 61)
    ]
    yield "まとめて確認する画面(60件)", confirmation_list.build_many(MID, many)
    changed = confirmation_list.build_confirmed_many(MID, 3, ["9"], listed[1:])
    yield "まとめて確認したあと(まだあるとき)", changed
    head = [replace(each, level=2) for each in listed[:1]]
    ids = [each.item.initiative_id for each in head]
    both = confirmation_list.build_confirmed_many(MID, 1, [], head, chosen=ids)
    yield "まとめて確認したあと(課長と区長を兼ねるとき)", both
    yield "まとめて確認したあと", confirmation_list.build_confirmed_many(MID, 4, [], [])


def confirmation_standings() -> Named:
    """The states as the lists show them."""
    items = (replace(SEVEN_BACK, initiative_id=1), replace(_waiting(2), initiative_id=2, code="9"))
    status = unit_status(items, confirmable=frozenset({2}))
    yield "確認者が見る状況", render_unit(status)
    yield "確認者が見る状況(すべての項目)", render_unit(replace(status, filter=Filter.ALL))
    yield "担当者が見る一覧", render_mine(mine(SEVEN_BACK, _waiting(1)))


def confirmation_faults() -> Named:
    """What is wrong, or is no longer so."""
    yield "確認する項目を選んでいない", confirmation_list.NOTHING_CHOSEN
    yield "コメントがない", confirmations.COMMENT_MISSING
    yield "修正期限が選べない日", confirmations.mend_day_words(date(2026, 10, 5))
    yield "確認をお願いしていない振り返り", confirmations.NOT_ASKED
    yield "確認者でない", confirmations.MAY_NOT_CONFIRM
    yield "確認の番でない", confirmations.NOTHING_TO_CONFIRM
    yield "すでに修正をお願いしている", confirmations.SENT_BACK_ALREADY
    yield "公表のあと", confirmations.PUBLISHED


def _waiting(level: int) -> ItemStatus:
    return replace(SEVEN_IN, review=Review(2, level - 1))


def _report() -> CoordinatorReport:
    day = date(2026, 10, 2)
    items = (SEVEN_BACK, replace(_waiting(1), code="9"))
    numbers = count(items, YOUSHIKI3, overdue=True)
    section = CoordinatorSection(MID, numbers, unmended=items[:1], unconfirmed=items[1:])
    return CoordinatorReport(4, day, (section,))


def _mended() -> Answered:
    earlier = (
        Earlier("佐藤", _CONFIRMED_AT, sent_back=False, own=True),
        Earlier("佐藤", _SENT_BACK_AT, sent_back=True, comment=COMMENT),
    )
    return replace(ANSWERED, changes=(_CHANGED,), earlier=earlier, own=True)
