"""Home for each role, with sample values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from bot.domain.checkins import Review, State
from bot.domain.consultations import ConsultationKind
from bot.domain.people import UNIT_ITEM
from bot.domain.status import count
from bot.domain.youshiki3 import YEAR_END, YOUSHIKI3
from bot.views.blocks import Json
from bot.views.home import Body, Home, Place, Tab, build_home
from bot.views.home_actions import HomeTab, HomeTarget
from bot.views.home_before import Before
from bot.views.home_coordinator import Asked, CoordinatorHome, PlanLine, Unreached
from bot.views.home_manager import ManagerHome
from bot.views.home_observer import ObserverHome, UnitAtHome
from bot.views.home_owner import OwnerHome, PastHome, PastItem
from bot.views.mine import Mine
from bot.views.targets import PageTarget
from tests.bot.views.samples import (
    END,
    MID,
    NINE,
    NINE_IN,
    SEVEN,
    SEVEN_IN,
    many_items,
    mine,
    unit_status,
)

TODAY = date(2026, 9, 28)
BEFORE = Before(
    2025,
    YEAR_END,
    {"results": "訪問 1,050世帯", "attainment": "2", "issues": "訪問の時間帯を見直す。"},
)
FOURTEEN = replace(
    SEVEN_IN, initiative_id=14, code="14", title="健診の受診率の向上", review=Review(1)
)
FIFTEEN = replace(
    FOURTEEN, initiative_id=15, code="15", answers={"implementation": "i", "attainment": "1"}
)
SENT_BACK = replace(
    SEVEN, state=State.SENT_BACK, review=Review(1, 0, date(2026, 9, 30)), owners=("山田",)
)


def home(body: Body, place: Place, *tabs: Tab) -> Json:
    """A Home of those tabs; of its own alone where none are given."""
    own = tabs or ((Tab(place),) if isinstance(place, HomeTarget) else ())
    return build_home(Home(own, place, body, unit_status(()).now))


def owner_home(mine_: Mine, *, page: int = 0) -> Json:
    """Home of an owner who has been asked before."""
    items = [item for part in mine_.sections for item in part.items]
    before = {item.initiative_id: BEFORE for item in items}
    body = OwnerHome(mine_, before, has_past=bool(items))
    return home(body, HomeTarget(HomeTab.OWNER, page=page))


def past_home(*items: PastItem) -> Json:
    """What was answered before."""
    return home(PastHome(items), HomeTarget(HomeTab.PAST), Tab(HomeTarget(HomeTab.OWNER)))


PAST = PastItem(2025, "あおぞら区", "7", SEVEN.title, (BEFORE,), 7)


def manager(**changes: object) -> ManagerHome:
    """What the manager of a section sees of items 7, 9 and 14."""
    listed = (SENT_BACK, NINE, FOURTEEN, FIFTEEN)
    status = unit_status(
        listed, counts=count(listed, YOUSHIKI3, overdue=True), confirmable=frozenset({14, 15})
    )
    body = ManagerHome("あおぞら区", "保健福祉課", status, {14: BEFORE, 9: BEFORE}, others=(END,))
    return replace(body, **changes)  # type: ignore[arg-type]


def coordinator(**changes: object) -> CoordinatorHome:
    """What the coordinator sees when there is something of everything."""
    listed = (SEVEN_IN, NINE, FOURTEEN)
    body = CoordinatorHome(
        unit_id=3,
        unit_name="あおぞら区",
        today=TODAY,
        rounds=(MID,),
        plans=(PlanLine(5, "令和8年度 市政改革プラン", unset=((YEAR_END.key, YEAR_END.title),)),),
        status=unit_status(listed),
        plan_id=5,
        unowned=(NINE,),
        unattended=(SEVEN,),
        unreached=(Unreached("山田", "deactivated"), Unreached("佐藤", "no-account")),
        asked=(
            Asked(
                1, "9", NINE.title, ConsultationKind.OTHER, "目標の数え方を教えてください。", "山田"
            ),
        ),
        lost=23,
    )
    return replace(body, **changes)  # type: ignore[arg-type]


def wards(number: int = 24) -> ObserverHome:
    """Wards that do not exist, each further than the one before."""
    counts = count((SEVEN_IN, NINE, NINE_IN), YOUSHIKI3, overdue=False)
    rounds = [replace(MID, round_id=each, unit_name=f"ひなた{each}区") for each in range(number)]
    return ObserverHome(tuple(UnitAtHome(each.unit_name, each, counts) for each in rounds))


MANAGER = HomeTarget(HomeTab.MANAGER, 3)
COORDINATOR = HomeTarget(HomeTab.COORDINATOR, 3)
OBSERVER = HomeTarget(HomeTab.OBSERVER)
TABS = (Tab(HomeTarget(HomeTab.OWNER)), Tab(COORDINATOR, "あおぞら区"), Tab(MANAGER, "あおぞら区"))


def home_screens() -> Iterator[tuple[str, Json]]:
    """Every Home once."""
    yield "担当者", owner_home(mine())
    yield "担当者(担当なし)", owner_home(mine(sections=(), owned=0, contact=MID.contact))
    yield "これまでの内容", past_home(PAST)
    yield "これまでの内容(なし)", past_home()
    yield "確認者", home(manager(), MANAGER)
    yield "確認者(②と前回の改善策)", home(manager(), MANAGER.at(1))
    yield "確認者(入力の期間でないとき)", home(manager(status=None, last=MID), MANAGER)
    away = replace(NINE, owners=("山田",), away=True, deputies=("佐藤",))
    many = unit_status(many_items(9))
    yield "確認者(多いとき)", home(manager(status=many, before={}), MANAGER)
    yield "確認者(項目がないとき)", home(manager(status=unit_status(()), before={}), MANAGER)
    one = unit_status((away,), counts=count((away,), YOUSHIKI3, overdue=True))
    yield "確認者(担当者の不在)", home(manager(status=one, before={}), MANAGER)
    page = PageTarget(MID.round_id)
    yield "確認者(区の一覧)", home(many, page, Tab(MANAGER, "あおぞら区"))
    yield "とりまとめ担当", home(coordinator(), COORDINATOR, *TABS)
    both = (Tab(COORDINATOR, "あおぞら区"), Tab(HomeTarget(HomeTab.COORDINATOR, 4), "うみべ区"))
    yield (
        "とりまとめ担当(複数の区)",
        home(CoordinatorHome(3, "あおぞら区", TODAY), COORDINATOR, *both),
    )
    paused = coordinator(
        paused_until=date(2026, 10, 12), asked=(), unowned=(), unattended=(), unreached=(), lost=0
    )
    next_year = coordinator(status=unit_status((NINE,), round=END), asked=(), unattended=())
    two = coordinator(others=(next_year,), asked=())
    yield "とりまとめ担当(2つの振り返り)", home(two, COORDINATOR)
    yield "とりまとめ担当(一時停止中)", home(paused, COORDINATOR)
    past = replace(MID.dates, closes=date(2026, 9, 24), publishes=date(2026, 9, 25))
    published = replace(MID, dates=past)
    whole = replace(NINE, initiative_id=UNIT_ITEM, code="運営方針全体", title="")
    own = coordinator(
        rounds=(published,),
        status=unit_status((whole,)),
        asked=(),
        unowned=(),
        unattended=(),
        unreached=(),
    )
    yield "とりまとめ担当(区全体の入力)", home(own, COORDINATOR)
    empty = coordinator(status=unit_status(()), asked=(), unowned=(), unattended=(), unreached=())
    yield "とりまとめ担当(項目がないとき)", home(empty, COORDINATOR)
    nothing = CoordinatorHome(3, "あおぞら区", TODAY)
    yield "とりまとめ担当(計画の登録前)", home(nothing, COORDINATOR)
    yield "全区", home(ObserverHome((*wards(2).units, UnitAtHome("うみべ区"))), OBSERVER)
    yield "全区(1つの区)", home(unit_status(()), page, Tab(OBSERVER))
    yield "全区(見られる区がないとき)", home(ObserverHome(()), OBSERVER)
