"""Sample values for every screen: あおぞら区, which does not exist, in FY2026, on real dates."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time
from typing import Any

from bot.domain.calendar import at_tokyo
from bot.domain.checkins import State
from bot.domain.fields import Field, fields_of
from bot.domain.rounds import RoundDates, Step, StepKind
from bot.domain.status import ItemStatus, count
from bot.domain.youshiki3 import MID_YEAR, YEAR_END, YOUSHIKI3
from bot.views.checkin_form import Entry, Previous
from bot.views.drafts import Offer
from bot.views.letters import NoticeSection
from bot.views.mine import Mine, MineSection
from bot.views.round_info import RoundInfo
from bot.views.status import UnitStatus
from bot.views.targets import Target

MID = RoundInfo(
    round_id=12,
    unit_name="あおぞら区",
    fiscal_year=2026,
    form=YOUSHIKI3,
    stage=MID_YEAR,
    dates=RoundDates(date(2026, 9, 1), date(2026, 9, 18), date(2026, 10, 1), date(2026, 10, 5)),
    contact="総務課(区政企画)",
    extension="1234",
    notice="令和8年8月25日付け事務連絡",
)
END = replace(
    MID,
    round_id=13,
    stage=YEAR_END,
    dates=RoundDates(date(2027, 4, 1), date(2027, 5, 14), date(2027, 6, 3), date(2027, 6, 7)),
    notice="令和9年4月7日付け事務連絡",
)
MID_FIELDS = fields_of(MID_YEAR)
END_FIELDS = fields_of(YEAR_END)

SAVED_AT = at_tokyo(date(2026, 9, 10), time(10, 42))
ISSUES = "参加が計画の6割にとどまっている。10月から周知の方法を見直し、1月までに2回開催する。"

SEVEN = ItemStatus(
    7, "7", "高齢者の見守り訪問の充実", State.OUTSTANDING, ("保健福祉課",), ("山田",)
)
NINE = ItemStatus(9, "9", "地域防災訓練の参加者の拡大", State.OUTSTANDING, ("保健福祉課",))
SEVEN_IN = replace(
    SEVEN,
    state=State.SUBMITTED,
    answers={"implementation": "i", "attainment": "2", "issues": ISSUES},
    saved_at=SAVED_AT,
    entered_by="山田",
)
NINE_IN = replace(
    NINE,
    state=State.NOT_APPLICABLE,
    answers={"implementation": "na"},
    saved_at=SAVED_AT,
)
OFFER = Offer(MID, Target(12, 7), "7", SEVEN.title, at_tokyo(date(2026, 9, 8), time(16, 20)))
SEVEN_PROVISIONAL = replace(
    SEVEN,
    state=State.SUBMITTED,
    answers={
        "results": "訪問 1,204世帯(目標1,200世帯)。",
        "attainment": "undetermined",
        "provisional": "yes",
        "final_on": "2027-05-31",
    },
    provisional=True,
    undetermined=True,
    saved_at=at_tokyo(date(2027, 4, 20), time(15, 5)),
)


def many_items(
    number: int, *, text: str = ISSUES, submitted_from: int = 10**9, title: str = "取組"
) -> tuple[ItemStatus, ...]:
    """Items 1 to ``number``; from ``submitted_from`` on they are in, with ② and a text."""
    return tuple(
        ItemStatus(
            each,
            str(each),
            f"{title}{each}",
            State.SUBMITTED if each >= submitted_from else State.OUTSTANDING,
            ("保健福祉課",),
            ("山田",),
            {"implementation": "i", "attainment": "2", "issues": text}
            if each >= submitted_from
            else {},
            saved_at=SAVED_AT if each >= submitted_from else None,
        )
        for each in range(1, number + 1)
    )


def step(kind: StepKind, day: date, *, last: bool = False, managers: bool = False) -> Step:
    return Step(kind, kind.value, day, last=last, tells_managers=managers)


OPENING = step(StepKind.OPENING, date(2026, 9, 1))
BEFORE = step(StepKind.BEFORE, date(2026, 9, 15))
DUE = step(StepKind.DUE, date(2026, 9, 18))
FIRST = step(StepKind.AFTER, date(2026, 9, 24))
TOLD = step(StepKind.AFTER, date(2026, 9, 28), managers=True)
LAST = step(StepKind.AFTER, date(2026, 10, 1), last=True)
CONFIRM = step(StepKind.CONFIRM, date(2027, 6, 1))


def part(step_: Step = OPENING, *items: ItemStatus, **changes: Any) -> NoticeSection:
    """A section of a notice about items 7 and 9, or those given."""
    section = NoticeSection(
        round=MID,
        step=step_,
        items=items or (SEVEN, NINE),
        days_left=0,
        days_late=0,
        entry_until=date(2026, 10, 1),
        managed_by=("保健福祉課",),
    )
    return replace(section, **changes)


def entry(fields: tuple[Field, ...] = MID_FIELDS, **changes: Any) -> Entry:
    """Item 7, opened for its mid-year review."""
    opened = Entry(
        round=MID,
        initiative_id=7,
        code="7",
        title="高齢者の見守り訪問の充実",
        fields=fields,
        plan=(
            ("今年度の目標", "見守り訪問の対象世帯 1,200世帯(前年度 1,050世帯)"),
            ("今年度の取組内容", "民生委員と協力し、75歳以上の単身世帯を年2回訪問する。"),
        ),
        position=(1, 2),
        previous=(Previous("昨年度 自己評価", "② ／ 改善策：訪問の時間帯を見直す。"),),
    )
    return replace(opened, **changes)


def unit_status(items: tuple[ItemStatus, ...], **changes: Any) -> UnitStatus:
    """The unit on 28 September, read by its coordinator."""
    ids = frozenset(item.initiative_id for item in items)
    status = UnitStatus(
        round=MID,
        counts=count(items, YOUSHIKI3, overdue=True),
        items=items,
        now=at_tokyo(date(2026, 9, 28), time(10, 42)),
        days_late=3,
        answerable=ids,
        readable=ids,
    )
    return replace(status, **changes)


def mine(*items: ItemStatus, **changes: Any) -> Mine:
    """What the owner of items 7 and 9 sees on 28 September."""
    section = MineSection(MID, items or (SEVEN, NINE_IN), 0, 3, date(2026, 10, 1))
    own = Mine((section,), at_tokyo(date(2026, 9, 28), time(10, 42)), owned=2)
    return replace(own, **changes)


def moment(day: date) -> datetime:
    """Half past nine on a day."""
    return at_tokyo(day, time(9, 30))
