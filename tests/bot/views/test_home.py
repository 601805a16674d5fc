"""Home within Slack's limits however much there is, its places, and what can be pressed on it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.people import Refusal
from bot.domain.status import count
from bot.domain.youshiki3 import YOUSHIKI3
from bot.views.blocks import Json, characters
from bot.views.home import Tab, build_home_refusal, decode_place, read_home
from bot.views.home_actions import HomeTab, HomeTarget
from bot.views.home_manager import ManagerHome
from bot.views.home_owner import OwnerHome, PastItem
from bot.views.refusals import refusal_words
from bot.views.targets import PageTarget
from tests.bot.views.catalogue_home import (
    BEFORE,
    COORDINATOR,
    MANAGER,
    OBSERVER,
    PAST,
    coordinator,
    home,
    home_screens,
    manager,
    owner_home,
    past_home,
    wards,
)
from tests.bot.views.samples import many_items, mine, unit_status
from tests.bot.views.slack import assert_home, buttons, said

NUMBERS = [0, 1, 12, 145]
LONG = "見直す。" * 700
_MOST_BYTES = 250_000


def pages(build: Any) -> list[Json]:
    """Every page of a Home, each within Slack's limits."""
    seen: list[Json] = []
    for page in range(400):
        view = build(page)
        assert_home(view)
        assert len(str(view).encode()) < _MOST_BYTES
        assert characters(view["blocks"]) <= 30_000
        seen.append(view)
        if not any(text == "次のページ" for text, _, _ in buttons(view["blocks"])):
            return seen
    raise AssertionError("the pages do not end")


def values(views: list[Json], action: str) -> list[str]:
    """What the buttons of an action carry on all pages."""
    return [v for view in views for _, id_, v in buttons(view["blocks"]) if id_.startswith(action)]


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("text", ["見直す。", LONG])
def test_an_owner_reaches_every_item_once(number: int, text: str) -> None:
    items = many_items(number, text=text, submitted_from=number // 2 + 1)
    own = mine(*items) if number else mine(sections=())

    seen = pages(lambda page: owner_home(own, page=page))

    assert sorted(values(seen, "answer:open")) == sorted(f"12:{n}" for n in range(1, number + 1))


def unit_of(number: int, text: str) -> ManagerHome:
    """Half of the items are in with ②, the other half were ② last time."""
    items = many_items(number, text=text, submitted_from=number // 2 + 1)
    status = unit_status(items, counts=count(items, YOUSHIKI3, overdue=True))
    long = replace(BEFORE, answers={**BEFORE.answers, "issues": text})
    before = {item.initiative_id: long for item in items}
    waiting = frozenset(item.initiative_id for item in items if not item.outstanding)
    return manager(status=replace(status, confirmable=waiting), before=before)


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("text", ["見直す。", LONG])
def test_a_manager_has_a_glance_on_one_screen_and_every_text_on_its_pages(
    number: int, text: str
) -> None:
    body = unit_of(number, text)
    assert_home(home(body, MANAGER))

    seen = pages(lambda page: home(body, MANAGER.at(page + 1)))

    shown = {v.split(":")[1] for v in values(seen, "history:open") + values(seen, "confirm:open")}
    assert len(shown) == number


@pytest.mark.parametrize("number", NUMBERS)
def test_a_coordinator_reaches_everything_that_needs_a_hand(number: int) -> None:
    base = coordinator()
    body = coordinator(
        unowned=many_items(number),
        unattended=many_items(number),
        unreached=base.unreached * number,
        asked=tuple(replace(base.asked[0], id=each, note=LONG) for each in range(number)),
    )

    seen = pages(lambda page: home(body, COORDINATOR.at(page)))

    answered = values(seen, "consult:answer")
    assert sorted(map(int, answered)) == list(range(number))


@pytest.mark.parametrize("number", [0, 1, 24, 145])
def test_an_observer_reaches_every_unit_in_the_order_given(number: int) -> None:
    seen = pages(lambda page: home(wards(number), OBSERVER.at(page)))

    looked = [value.partition(":")[0] for value in values(seen, "status:page")]
    assert looked == [str(each) for each in range(number)]


def test_no_button_of_a_coordinator_stands_there_twice() -> None:
    view = home(coordinator(), COORDINATOR)

    does = [(text, id_) for text, id_, _ in buttons(view["blocks"]) if ":do-" in id_]
    assert len(does) == len({text for text, _ in does})


def test_from_a_wards_status_the_way_back_leads_to_that_ward() -> None:
    tabs = (Tab(HomeTarget(HomeTab.COORDINATOR, 1), "うみべ区"), Tab(COORDINATOR, "あおぞら区"))

    view = home(unit_status(many_items(3)), PageTarget(12), *tabs)

    assert ("ホームに戻る", "home:tab:coordinator", COORDINATOR.encode()) in buttons(view["blocks"])


def test_a_page_of_status_says_once_of_when_it_is() -> None:
    view = home(unit_status(many_items(3)), PageTarget(12), Tab(MANAGER, "あおぞら区"))

    assert said(view["blocks"]).count("あなただけに見えています") == 1


def test_a_round_of_a_plan_without_items_is_not_called_in_order() -> None:
    nothing = {"asked": (), "unowned": (), "unattended": (), "unreached": ()}
    text = said(home(coordinator(status=unit_status(()), **nothing), COORDINATOR)["blocks"])

    assert "取組項目はまだ登録されていません" in text
    assert "対応が必要なものはありません" not in text
    assert "0／0件" not in text


def test_what_is_in_stands_in_a_list_without_a_receipt_each() -> None:
    text = said(home(OwnerHome(mine()), HomeTarget(HomeTab.OWNER))["blocks"])

    assert "まで直せます" in text
    assert "入力を保存しました" not in text


def test_what_was_answered_before_is_paged_too() -> None:
    items = tuple(replace(PAST, year=2025 - each // 30, code=str(each)) for each in range(145))

    assert_home(past_home(*items))
    assert_home(past_home(*(replace(each, answers=()) for each in items[:3])))


def test_the_history_of_what_is_not_the_readers_has_no_button() -> None:
    other: PastItem = replace(PAST, readable_id=0)

    assert values([past_home(other)], "history:open") == []
    assert values([past_home(PAST)], "history:open") == ["7"]


def test_every_home_can_be_shown() -> None:
    for _, view in home_screens():
        assert_home(view)
    assert_home(build_home_refusal(refusal_words(Refusal.NOT_REGISTERED)))


@given(st.sampled_from(HomeTab), st.integers(0, 10**17), st.integers(0, 9999))
def test_a_place_is_found_again(tab: HomeTab, unit: int, page: int) -> None:
    target = HomeTarget(tab, unit, page)

    assert decode_place(target.encode()) == target


def test_a_place_may_be_a_page_of_a_units_status() -> None:
    assert decode_place(PageTarget(12).encode()) == PageTarget(12)


@pytest.mark.parametrize(
    "forged", ["", "owner", "owner:0", "owner:-1:0", "root:0:0", "owner:0:0:0", "owner:01:0", None]
)
def test_what_is_not_ours_is_no_place(forged: object) -> None:
    assert decode_place(forged) is None


@pytest.mark.parametrize("stored", ["", "{", "[]", "1", '{"p":1,"d":2}', '{"p":"root:0:0"}'])
def test_metadata_that_are_not_ours_say_nothing(stored: str) -> None:
    assert read_home({"private_metadata": stored}) == (None, "")
    assert read_home(None) == (None, "")
