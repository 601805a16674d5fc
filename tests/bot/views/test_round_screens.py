"""The coordinator's screens stay within Slack's limits and say nobody's text as markup."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.domain.errors import Refused
from bot.views import additions, digests, exemptions, pauses, round_settings, typed_rounds
from bot.views.blocks import Json
from bot.views.exemptions import ExemptItem
from bot.views.letters import render
from bot.views.pauses import PauseForm
from bot.views.round_previews import Confirming, Sending, build_preview, build_stored, read_preview
from bot.views.round_settings import Standing
from tests.bot.views.catalogue_rounds import (
    ADDED,
    ADDITION,
    DIGEST,
    EXEMPT,
    FORM,
    MOVING,
    PLAN,
    TYPED,
    digest,
)
from tests.bot.views.slack import Screen, assert_message, assert_modal

HOSTILE = "<!channel> *太字* <https://example.jp|文> &amp; `x` 🏳️‍🌈\n二行目"
LONG = "長い名前" * 100
MANY = tuple(str(number) for number in range(1, 146))
NAMES = tuple(f"{LONG}{number}" for number in range(145))


def _crowded() -> list[Json]:
    """Everything at once: 24 units of 145 items each, with names that are too long."""
    day = date(2026, 9, 1)
    sendings = tuple(
        Sending(day, f"after-{n}:{day}", NAMES, 145, anew=n % 2 == 0) for n in MANY_DAYS
    )
    plan = replace(
        MOVING,
        title=LONG,
        sendings=sendings,
        dropped=sendings,
        confirming=tuple(Confirming(1, name, 145) for name in NAMES),
        closed_days=("opens", "due", "closes", "publishes"),
        unowned=MANY,
        unconfirmable=MANY,
        unreachable=NAMES,
        without_items=NAMES,
    )
    longest = replace(
        TYPED,
        contact="課" * 60,
        extension="9" * 20,
        notice='"\\' * 60,
        reason='"\n' * 150,
        others=tuple(range(10**6, 10**6 + 100)),
    )
    items = tuple(ExemptItem(10**9 + int(n), n, LONG, day) for n in MANY)
    units = {number: f"{LONG}{number}" for number in range(2, 200)}
    return [
        build_preview(longest, [plan] * 24),
        build_preview(longest, [plan] * 100),
        build_stored(NAMES),
        round_settings.build_form(
            replace(FORM, values=longest, title=LONG, others=units, standing=Standing.CLOSED)
        ),
        pauses.build_form(PauseForm(1, LONG, day, ((LONG, day),) * 50, units)),
        pauses.build_paused(NAMES, day),
        additions.build_form(replace(ADDITION, title=LONG, sections=units)),
        additions.build_added(replace(ADDED, title=LONG * 2, owner=LONG)),
        *(exemptions.build_exempt(replace(EXEMPT, items=items, page=page)) for page in range(4)),
        exemptions.build_exempted(MANY, MANY),
        digests.build_form(replace(DIGEST, unit_name=LONG)),
    ]


MANY_DAYS = range(1, 61)


def test_every_screen_fits_with_everything_at_its_longest() -> None:
    for view in _crowded():
        assert_modal(view)


@pytest.mark.parametrize("sections", [0, 1, 12, 145])
def test_a_digest_fits_in_one_message(sections: int) -> None:
    assert_message(render(digest(sections=sections)))


def test_what_people_have_typed_is_no_markup() -> None:
    views = [
        build_preview(TYPED, [replace(PLAN, title=HOSTILE, unreachable=(HOSTILE,))]),
        build_stored([HOSTILE]),
        pauses.build_paused([HOSTILE], date(2026, 9, 1)),
        additions.build_added(replace(ADDED, title=HOSTILE, owner=HOSTILE)),
        exemptions.build_exempted([HOSTILE], []),
        digests.build_form(replace(DIGEST, unit_name=HOSTILE)),
    ]
    for view in views:
        assert_modal(view)
        assert "<!channel>" not in str(view["blocks"])
        assert "<https" not in str(view["blocks"])


def test_a_preview_gives_back_what_was_typed() -> None:
    typed = replace(TYPED, others=(2, 3), reason="項目7の数値が変わったため。")

    assert read_preview(build_preview(typed, [PLAN])) == typed


@pytest.mark.parametrize(
    "metadata",
    ["", "[]", '{"t":1}', '{"t":{}}', '{"t":{"plan_id":"1"}}', '{"t":{"opens":"2026-99-01"}}'],
)
def test_a_preview_that_is_not_ours_is_refused(metadata: str) -> None:
    with pytest.raises(Refused):
        read_preview({"private_metadata": metadata})


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("1、3、6", (1, 3, 6)),
        ("６，３", (3, 6)),
        ("", ()),
        (" 3 ", (3,)),
        ("3,3", (3,)),
        ("0", None),
        ("31", None),
        ("1,2,3,4,5,6", None),
        ("三", None),
        ("1.5", (1, 5)),
    ],
)
def test_days_of_the_ladder_are_read_in_any_width(
    text: str, numbers: tuple[int, ...] | None
) -> None:
    assert typed_rounds.numbers(text) == numbers


def test_what_is_chosen_for_managers_and_ward_head_comes_back() -> None:
    screen = Screen(round_settings.build_form(FORM))
    screen.enter("確認者に未入力を知らせる日", "4開庁日後")
    screen.enter("区長にまとめを送る日", "9開庁日後")

    typed = round_settings.read_form({**screen.view, "state": {"values": screen.form.snapshot()}})

    assert (typed.managers_after, typed.ward_head_after) == (4, 9)
