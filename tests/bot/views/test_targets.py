"""Values of buttons carry ids only, and what is not ours is nobody's target."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.views.actions import ANSWER_OPEN, FIELD, STATUS_PAGE, family
from bot.views.targets import Filter, PageTarget, RoundTarget, Target, UnitTarget, decode_number

IDS = st.integers(0, 10**17)


@given(IDS, IDS)
def test_an_item_is_found_again(round_id: int, initiative_id: int) -> None:
    target = Target(round_id, initiative_id)
    assert Target.decode(target.encode()) == target


@given(IDS, st.sampled_from(Filter), st.integers(0, 9999))
def test_a_page_is_found_again(round_id: int, filter_: Filter, page: int) -> None:
    target = PageTarget(round_id, filter_, page)
    assert PageTarget.decode(target.encode()) == target


@pytest.mark.parametrize(
    "target",
    [
        UnitTarget(3),
        UnitTarget(3, 2026),
        UnitTarget(3, 2026, "mid-year"),
        UnitTarget(3, None, "year-end"),
    ],
)
def test_a_unit_is_found_again_with_what_was_asked(target: UnitTarget) -> None:
    assert UnitTarget.decode(target.encode()) == target


@pytest.mark.parametrize(
    "target", [RoundTarget(12), RoundTarget(0, 3), RoundTarget(0, 3, "year-end")]
)
def test_a_round_is_found_again_stored_or_to_be(target: RoundTarget) -> None:
    assert RoundTarget.decode(target.encode()) == target


@pytest.mark.parametrize("forged", ["", "0", "new", "new:", "new:x", "new:1:", "new:1:A", None, 12])
def test_a_forged_round_is_none(forged: object) -> None:
    assert RoundTarget.decode(forged) is None


@pytest.mark.parametrize(
    "forged",
    [
        "",
        "12",
        "12:",
        ":34",
        "12:34:56",
        "-1:2",
        "1 :2",
        "01:2",
        "１:２",
        "a:b",
        "1:2\n",
        None,
        12,
        {},
        "9" * 40,
    ],
)
def test_a_forged_value_is_no_target(forged: object) -> None:
    assert Target.decode(forged) is None
    assert PageTarget.decode(forged) is None
    assert UnitTarget.decode(forged) is None


@given(st.text(alphabet="0123456789:-x", max_size=12))
def test_a_value_that_is_taken_is_one_that_we_would_write(value: str) -> None:
    target, number = Target.decode(value), decode_number(value)
    assert target is None or target.encode() == value
    assert number is None or str(number) == value


def test_one_pattern_takes_a_family_of_buttons_and_no_other() -> None:
    assert family(STATUS_PAGE).match("status:page")
    assert family(STATUS_PAGE).match("status:page:next")
    assert family(FIELD).match("field:attainment@12")
    assert not family(STATUS_PAGE).match("status:pages")
    assert not family(ANSWER_OPEN).match("x:answer:open")
