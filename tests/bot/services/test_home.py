"""Home for each role: what stands on it, to whom, and how many statements it takes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

import pytest

from bot.clock import SetClock
from bot.domain.consultations import ConsultationKind
from bot.domain.people import Role
from bot.domain.rounds import RoundDates
from bot.domain.youshiki3 import FORMS
from bot.services import home
from bot.services.office import Office
from bot.services.viewers import Caller
from bot.views.blocks import Json
from bot.views.home import Place, build_home, read_home
from bot.views.home_actions import HomeTab, HomeTarget
from storage.database import Database
from storage.models import Consultation, InitiativeLink
from storage.unit_of_work import UnitOfWork
from tests.bot.views.slack import assert_home, buttons, said
from tests.builders import (
    TEAM,
    Ward,
    add_grant,
    add_initiative,
    add_plan,
    add_round,
    add_unit,
    seed_ward,
)
from tests.databases import EITHER_KIND, noting_statements

pytestmark = EITHER_KIND

LATE = datetime(2026, 9, 28, 1, 42, tzinfo=UTC)
LAST_YEAR_END = RoundDates(date(2026, 4, 1), date(2026, 5, 14), date(2026, 6, 3), date(2026, 6, 8))
TWO = {"implementation": "i", "attainment": "2"}
ONE = {"implementation": "i", "attainment": "1"}


@dataclass
class Stage:
    """A ward and who looks at it."""

    office: Office
    ward: Ward
    last_year: tuple[int, ...] = ()
    asked: list[str] = field(default_factory=list)

    async def view(self, part: str, place: Place | None = None) -> Json:
        caller = Caller(TEAM, self.ward.accounts[part])
        view = build_home((await home.read(self.office, caller, place)).home)
        assert_home(view)
        return view

    async def words(self, part: str, place: Place | None = None) -> str:
        return text_of(await self.view(part, place))

    async def statements(self, part: str, place: Place | None = None) -> int:
        caller = Caller(TEAM, self.ward.accounts[part])
        before = len(self.asked)
        await home.read(self.office, caller, place)
        return len(self.asked) - before


def text_of(view: Json) -> str:
    """All words of a view, those beside each other included."""
    fields = [f["text"] for b in view["blocks"] for f in b.get("fields", [])]
    plain = [b for b in view["blocks"] if "fields" not in b]
    return "\n".join([said(plain), *fields])


async def answer(
    uow: UnitOfWork, plan_id: int, item: int, answers: dict[str, str], stage: str = "mid-year"
) -> None:
    """An answer as it is stored."""
    row = await uow.check_ins.locked(plan_id, item, stage, LATE)
    row.answers, row.revision, row.source = answers, 1, "slack"
    await uow.check_ins.add(row)


async def staged(database: Database, asked: list[str], *, initiatives: int) -> Stage:
    """The first of last year's items was ② at its end; this year's first is ② again."""
    async with database.begin() as uow:
        ward = await seed_ward(uow, initiatives=initiatives)
        before = await add_plan(uow, ward.unit_id, year=2025)
        last_year = [await add_initiative(uow, before, n) for n in range(1, initiatives + 1)]
        await add_round(uow, before, "year-end", dates=LAST_YEAR_END)
        for number, item in enumerate(last_year[:2]):
            said_then = {"results": "10回", "attainment": "2", "issues": f"昨年の策{number + 1}"}
            await answer(uow, before, item, said_then, "year-end")
        if initiatives:
            now = {**TWO, "issues": "今年の策"}
            await answer(uow, ward.plan_id, ward.initiatives[0], now)
        if initiatives > 1:
            await answer(uow, ward.plan_id, ward.initiatives[1], ONE)
        row = await uow.rounds.get(ward.round_id)
        assert row is not None
        row.levels = 1
        await uow.commit()
    clock = SetClock(LATE)
    return Stage(Office(database, clock, FORMS, clock), ward, tuple(last_year), asked)


@pytest.fixture(params=[2, 40])
async def stage(request: pytest.FixtureRequest, database: Database) -> AsyncIterator[Stage]:
    asked: list[str] = []
    with noting_statements(database, asked):
        yield await staged(database, asked, initiatives=request.param)


@pytest.fixture
async def three(database: Database) -> Stage:
    return await staged(database, [], initiatives=3)


def at(tab: HomeTab, ward: Ward, page: int = 0) -> HomeTarget:
    whole = tab in (HomeTab.OWNER, HomeTab.PAST, HomeTab.OBSERVER)
    return HomeTarget(tab, 0 if whole else ward.unit_id, page)


async def test_the_owner_sees_what_is_due_and_last_times_text_beside_this_times(
    three: Stage,
) -> None:
    shown = await three.words("owner")

    assert "未入力が1件あります。" in shown
    assert "*前回(令和7年度 自己評価)*\n達成状況 ②\n昨年の策1" in shown
    assert "*今回(中間振り返り)*\n実施見込み (i) ／ 達成見込み ②\n今年の策" in shown


async def test_the_manager_sees_each_unfavourable_item_and_what_became_of_last_times(
    three: Stage,
) -> None:
    shown = await three.words("manager")

    assert "*②の項目(1件)*" in shown
    assert "*前回②だった項目(1件)*" in shown
    assert "昨年の策2" in shown
    assert "*②のほかの確認待ち(1件)*" in shown
    assert "*未入力(期限超過 1件)*" in shown
    assert "担当：山田 ／ 期限から3開庁日" in shown


async def test_an_item_that_was_renamed_is_followed_where_it_is_linked(
    three: Stage, database: Database
) -> None:
    async with database.begin() as uow:
        third = await uow.plans.initiative(three.last_year[2])
        assert third is not None
        third.title = "別の名の取組"
        await uow.plans.add(third)
        plan = third.plan_id
        then = {"results": "1回", "attainment": "2", "issues": "昨年の策3"}
        await answer(uow, plan, three.last_year[2], then, "year-end")
        await uow.commit()
    assert "昨年の策3" not in await three.words("owner")

    async with database.begin() as uow:
        link = InitiativeLink(
            initiative_id=three.ward.initiatives[2], follows_id=three.last_year[2]
        )
        uow.plans._session.add(link)
        await uow.commit()

    assert "昨年の策3" in await three.words("owner")


async def test_the_coordinator_sees_who_asks_what_nobody_owns_and_who_cant_be_reached(
    three: Stage, database: Database
) -> None:
    async with database.begin() as uow:
        await add_initiative(uow, three.ward.plan_id, 9, title="だれも担当しない")
        account = await uow.people.account(TEAM, three.ward.accounts["owner"])
        assert account is not None
        account.deactivated_at = LATE
        await uow.people.add(account)
        uow.plans._session.add(
            Consultation(
                round_id=three.ward.round_id,
                initiative_id=three.ward.initiatives[2],
                person_id=three.ward.owner,
                kind="wrong-owner",
                note="隣の課の担当です。",
                at=LATE,
            )
        )
        await uow.commit()

    view = await three.view("coordinator")

    shown = text_of(view)
    assert "*返事を待っている相談(1件)*" in shown
    assert "隣の課の担当です。" in shown
    assert "*担当が未設定の項目(1件)*" in shown
    assert "だれも担当しない" in shown
    assert "*お知らせが届いていない方(1人)*\n• 山田：利用停止" in shown
    offered = {text for text, _, _ in buttons(view["blocks"])}
    assert {"返事をする", "担当者を決める", "ファイルを取り込む", "日程を直す"} <= offered


async def test_of_two_years_that_are_open_at_once_each_is_seen_and_the_one_due_first_leads(
    three: Stage, database: Database
) -> None:
    """From February to July two fiscal years are alive, and an office may have several forms."""
    async with database.begin() as uow:
        plan = await add_plan(uow, three.ward.unit_id, year=2027)
        item = await add_initiative(uow, plan, 1, title="来年度の取組")
        sooner = RoundDates(
            date(2026, 9, 1), date(2026, 9, 30), date(2026, 10, 9), date(2026, 11, 2)
        )
        round_id = await add_round(uow, plan, dates=sooner, levels=1)
        kind = ConsultationKind.OTHER.value
        row = Consultation(
            round_id=round_id,
            initiative_id=item,
            person_id=three.ward.owner,
            kind=kind,
            note="来年度の数え方は。",
            at=LATE,
        )
        await uow.consultations.add(row)
        await uow.commit()

    coordinated = await three.words("coordinator")
    managed = await three.words("manager")

    # The 18th has passed, and the 30th is still to come.
    assert coordinated.index("*令和8年度 中間振り返り*　*入力済 2／3件") < coordinated.index(
        "*令和9年度 中間振り返り*　*入力済 0／1件"
    )
    assert "*令和9年度 中間振り返り　返事を待っている相談(1件)*" in coordinated
    assert "来年度の数え方は。" in coordinated
    assert "*令和9年度 中間振り返り　担当が未設定の項目(1件)*" in coordinated
    assert "対応が必要なものはありません" not in coordinated
    assert managed.index("あおぞら区　令和8年度 中間振り返り") < managed.index(
        "*令和9年度 中間振り返り*　入力期限 9月30日(水)"
    )
    assert managed.index("令和9年度") < managed.index("*未入力(期限超過 1件)*")


async def test_the_observer_sees_every_ward_in_official_order(three: Stage) -> None:
    view = await three.view("observer")

    names = [line.partition("*")[2].partition("*")[0] for line in text_of(view).split("\n")]
    wards = [name for name in names if name.endswith("区")]
    assert wards[0] == "北区"
    assert wards[23:] == ["西成区", "あおぞら区"]
    assert "昨年の策1" not in text_of(view)
    assert "入力済 2／3件 ・ 未入力 1 ・ 差し戻し 0 ・ 確認済 0" in text_of(view)


@pytest.mark.parametrize(
    ("part", "tab", "most"),
    [
        ("owner", HomeTab.OWNER, 5),  # one of them for each open round
        ("owner", HomeTab.PAST, 4),
        ("manager", HomeTab.MANAGER, 8),
        ("coordinator", HomeTab.COORDINATOR, 14),
        ("observer", HomeTab.OBSERVER, 6),
    ],
)
async def test_a_screen_takes_so_many_statements_however_much_is_stored(
    stage: Stage, part: str, tab: HomeTab, most: int
) -> None:
    # Whether those who are late can be told in Slack is asked where anybody is.
    late = part == "manager" and len(stage.ward.initiatives) > 2

    assert await stage.statements(part, at(tab, stage.ward)) == most + late


async def test_many_wards_take_no_more_statements_than_one(
    stage: Stage, database: Database
) -> None:
    async with database.begin() as uow:
        for number in range(20):
            unit = await add_unit(
                uow, code=f"u{number}", name=f"ひなた{number}区", position=100 + number
            )
            plan = await add_plan(uow, unit)
            await add_initiative(uow, plan)
            await add_round(uow, plan)
        await uow.commit()

    assert await stage.statements("observer") == 6


STRANGE = [
    (part, tab)
    for part in ("owner", "deputy", "manager", "observer")
    for tab in (HomeTab.MANAGER, HomeTab.COORDINATOR, HomeTab.OBSERVER)
    if not (part == "manager" and tab is HomeTab.MANAGER)
    and not (part == "observer" and tab is HomeTab.OBSERVER)
]


@pytest.mark.parametrize(("part", "tab"), STRANGE)
async def test_a_forged_tab_is_the_readers_own_first_one(
    three: Stage, part: str, tab: HomeTab
) -> None:
    forged = await three.view(part, at(tab, three.ward))

    assert forged == await three.view(part)


async def test_a_manager_of_another_ward_reads_nothing_of_this_one(
    three: Stage, database: Database
) -> None:
    async with database.begin() as uow:
        other = await seed_ward(
            uow, unit={"code": "hinata", "name": "ひなた区"}, account_prefix="H"
        )
        await uow.commit()
    stranger = Stage(three.office, other)

    shown = await stranger.words("manager", HomeTarget(HomeTab.MANAGER, three.ward.unit_id))

    assert "今年の策" not in shown
    assert "ひなた区" in shown


async def test_who_has_several_roles_has_a_button_for_each(
    three: Stage, database: Database
) -> None:
    async with database.begin() as uow:
        await add_grant(uow, three.ward.owner, Role.COORDINATOR, three.ward.unit_id)
        await uow.commit()

    view = await three.view("owner")

    tabs = [(text, value) for text, id_, value in buttons(view["blocks"]) if "home:tab:" in id_]
    assert tabs[:2] == [
        ("担当", "owner:0:0"),
        ("とりまとめ", f"coordinator:{three.ward.unit_id}:0"),
    ]


async def test_home_is_known_again_by_what_it_says_not_by_the_minute(three: Stage) -> None:
    clock: Any = three.office.clock
    first = read_home(await three.view("manager"))
    clock.instant = datetime(2026, 9, 28, 3, 0, tzinfo=UTC)
    later = read_home(await three.view("manager"))
    clock.instant = datetime(2026, 9, 29, 1, 42, tzinfo=UTC)
    next_day = read_home(await three.view("manager"))

    assert first == later
    assert next_day[1] != first[1]
