"""The manager's screens and letters: within Slack's limits, whatever is written and how many."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from bot.domain.checkins import Review, State
from bot.domain.confirmations import Change
from bot.domain.status import ItemStatus
from bot.views import confirmation_list, confirmations
from bot.views.blocks import Json, Rendered
from bot.views.checkin_entry import Mending
from bot.views.checkin_form import build
from bot.views.confirmation_list import Waiting
from bot.views.confirmations import Earlier
from bot.views.letters import ToConfirmLetter, render
from bot.views.mine import outline
from bot.views.review_letters import ToConfirmSection
from bot.views.status import render_unit
from tests.bot.views.catalogue_confirmation import ANSWERED, BACK, MEND_BY, SEVEN_BACK
from tests.bot.views.samples import (
    END_FIELDS,
    MID,
    SAVED_AT,
    SEVEN_IN,
    entry,
    many_items,
    mine,
    unit_status,
)
from tests.bot.views.slack import Screen, assert_message, assert_modal, buttons, said
from tests.bot.views.test_any_text import HOSTILE
from tests.bot.views.test_wording import assert_fits, mrkdwn

LONG = ("字" * 3000, "😀" * 1500, "&" * 3000, "a\n" * 1500, HOSTILE * 30)


def waiting(number: int, *, marked: bool = True) -> list[Waiting]:
    return [Waiting(item, 1, 1, marked) for item in many_items(number, submitted_from=1)]


def screens(text: str) -> list[Rendered | Json]:
    """Every screen of the step with the text wherever somebody's text can stand."""
    named = replace(MID, unit_name=text, contact=text, extension=text, notice=text)
    changes = tuple(Change(field.key, text, text) for field in ANSWERED.fields[-1:])
    earlier = (Earlier(text, SAVED_AT, sent_back=True, comment=text),) * 15
    answered = replace(
        ANSWERED,
        round=named,
        code=text,
        title=text,
        goal=text,
        answers={"implementation": "i", "attainment": "2", "issues": text},
        entered_by=text,
        changes=changes,
        earlier=earlier,
        own=True,
    )
    item = replace(SEVEN_BACK, code=text, title=text, sections=(text,), owners=(text,))
    back = replace(BACK, round=named, item=item, scope=text, comment=text)
    listed = [Waiting(replace(SEVEN_IN, code=text, title=text, sections=(text,)), 1, 1, True)]
    section = ToConfirmSection(named, 5, 1)
    return [
        confirmations.build_one(answered),
        confirmations.build_confirmed(answered, level=1),
        confirmations.build_send_back(answered, MEND_BY, last=MEND_BY),
        confirmations.build_sent_back(text, MEND_BY),
        confirmation_list.build_many(named, listed),
        confirmation_list.build_confirmed_many(named, 3, [text] * 145, listed),
        build(entry(round=named, mending=Mending(text, MEND_BY))),
        render(back),
        render(replace(back, item=replace(item, state=State.SUBMITTED, review=Review(1)))),
        render(ToConfirmLetter(1, (section, replace(section, waiting=0)))),
    ]


@pytest.mark.parametrize("text", [HOSTILE, "", "　", *LONG])
def test_any_text_stays_within_limits_and_does_nothing(text: str) -> None:
    for screen in screens(text):
        assert_fits(screen)
        for shown in mrkdwn(screen):
            quiet = re.sub(r"(?m)^>", "", shown)  # our own quotation of a comment
            assert "<" not in quiet
            assert ">" not in quiet
            assert not re.search(r"@(channel|here|everyone)|:[a-z0-9_+'-]+:", quiet)


def test_a_quoted_comment_is_quoted_to_its_last_line() -> None:
    blocks = render(replace(BACK, comment="一つ目\n\n二つ目\n> 三つ目")).blocks

    quoted = said(blocks).partition("次のコメントがあります。\n")[2].partition("\n*")[0]
    lines = quoted.split("修正期限")[0].rstrip("\n").split("\n")
    assert len(lines) == 4
    assert all(line.startswith(">") for line in lines)


def test_all_texts_of_a_year_end_answer_are_shown_in_full() -> None:
    results, issues = "実" * 3000, "改" * 3000
    answers = {"results": results, "attainment": "2", "issues": issues}
    view = confirmations.build_one(replace(ANSWERED, fields=END_FIELDS, answers=answers))

    assert_modal(view)
    shown = said(view["blocks"])
    assert shown.count("実") >= 3000
    assert shown.count("改") >= 3000


@pytest.mark.parametrize("number", [0, 1, 12, 50, 51, 145])
def test_any_number_of_answers_can_be_confirmed_fifty_at_a_time(number: int) -> None:
    view = confirmation_list.build_many(MID, waiting(number))

    assert_modal(view)
    options = [o for b in view["blocks"] for o in b.get("element", {}).get("options", [])]
    assert len(options) == len({each["value"] for each in options}) == min(number, 50)
    rest = f"ほか{number - 50}件は、このあとに表示します。"
    assert (rest in said(view["blocks"])) is (number > 50)
    assert ("submit" in view) is bool(number)


def test_what_is_to_be_explained_comes_first_and_can_be_looked_at() -> None:
    favourable, [marked] = waiting(3, marked=False)[:2], waiting(3)[2:]

    view = confirmation_list.build_many(MID, [*favourable, marked])

    options = [o for b in view["blocks"] for o in b.get("element", {}).get("options", [])]
    assert [each["value"] for each in options] == ["3:1:1", "1:1:1", "2:1:1"]
    assert [action for _, action, _ in buttons(view["blocks"])] == ["confirm:open"]
    assert looked_at(view) == ["12:1", "12:2"]


@pytest.mark.parametrize("number", [1, 12, 50, 145])
@pytest.mark.parametrize("marked", [True, False])
def test_every_answer_in_the_list_can_be_looked_at(number: int, marked: bool) -> None:
    view = confirmation_list.build_many(MID, waiting(number, marked=marked))

    pressed = [value for _, action, value in buttons(view["blocks"]) if action == "confirm:open"]
    assert len({*pressed, *looked_at(view)}) == min(number, 50)


def test_all_that_is_to_be_explained_is_counted_and_not_only_what_fits() -> None:
    view = confirmation_list.build_many(MID, waiting(145))

    assert "②の項目(145件)" in said(view["blocks"])


def looked_at(view: Json) -> list[str]:
    """What the list of other answers offers."""
    accessories = [block.get("accessory", {}) for block in view["blocks"]]
    return [option["value"] for each in accessories for option in each.get("options", [])]


def test_what_is_left_is_shown_below_what_was_confirmed() -> None:
    view = confirmation_list.build_confirmed_many(MID, 50, ["9"], waiting(95))

    assert_modal(view)
    shown = said(view["blocks"])
    assert shown.index("50件を確認しました。") < shown.index("項目が95件あります。")
    assert "取組項目9" in shown


def test_what_was_ticked_is_not_still_ticked_among_what_is_left() -> None:
    """Slack keeps what was ticked in a block of the same id, also where the boxes are others."""
    first = confirmation_list.build_many(MID, waiting(23))
    then = confirmation_list.build_confirmed_many(MID, 10, [], waiting(23)[10:])

    before, after = (
        {block["block_id"] for block in view["blocks"] if block["type"] == "input"}
        for view in (first, then)
    )
    assert len(before) == 3
    assert not before & after


def test_what_was_ticked_is_read_with_the_revision_that_was_shown() -> None:
    view = confirmation_list.build_many(MID, waiting(12))
    first = next(b for b in view["blocks"] if b["type"] == "input")["element"]["options"][0]
    state: dict[str, Any] = {
        "group:0": {"input:group-0": {"selected_options": [first]}},
        "group:1": {"input:group-1": {"selected_options": []}},
    }

    read = confirmation_list.read_many({**view, "state": {"values": state}})

    assert (read.round_id, dict(read.revisions)) == (12, {1: 1})


def test_a_letter_about_many_rounds_stays_within_a_message() -> None:
    section = ToConfirmSection(MID, 5, 1)
    message = render(ToConfirmLetter(1, tuple(replace(section, waiting=n) for n in range(24))))

    assert_message(message)
    ids = [action for _, action, _ in buttons(message.blocks)]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize(
    ("item", "label", "stands"),
    [
        (SEVEN_BACK, "修正する", "差し戻し(9月15日(火)まで)"),
        (replace(SEVEN_IN, review=Review(2, 1)), "内容を見る・直す", "入力済(課長は確認済)"),
        (replace(SEVEN_IN, state=State.CONFIRMED), "内容を見る・直す", "確認済"),
    ],
)
def test_a_row_says_how_the_answer_stands_and_what_its_owner_can_do(
    item: ItemStatus, label: str, stands: str
) -> None:
    shown = render_unit(unit_status((item,)))

    assert stands in said(shown.blocks)
    assert label in [each for each, action, _ in buttons(shown.blocks) if action == "answer:open"]


def test_only_what_waits_for_the_reader_has_a_button_to_confirm() -> None:
    items = many_items(3, submitted_from=1)
    shown = render_unit(unit_status(items, answerable=frozenset(), confirmable=frozenset({2})))

    assert [
        (label, value) for label, action, value in buttons(shown.blocks) if "confirm" in action
    ] == [("確認する", "12:2"), ("一覧から確認する(1件)", "12")]


def test_the_counts_of_the_states_add_up_to_the_total() -> None:
    waits = replace(SEVEN_IN, review=Review(1))
    items = (
        SEVEN_BACK,
        replace(waits, initiative_id=1),
        replace(SEVEN_IN, initiative_id=2, state=State.CONFIRMED),
        *many_items(4)[2:],
    )

    shown = said(render_unit(unit_status(items)).blocks)

    assert "入力済 2／5件" in shown
    assert "確認済 1 ・ 確認待ち 1 ・ 差し戻し 1 ・ 未入力 2(うち期限超過 2)" in shown


def test_an_owner_is_told_how_much_is_to_be_mended() -> None:
    assert outline(mine(SEVEN_BACK)) == "差し戻しが1件あります。"
    both = mine(SEVEN_BACK, *many_items(2))
    assert outline(both) == "未入力が2件、差し戻しが1件あります。"


def test_a_typed_send_back_is_read_as_it_stands() -> None:
    screen = Screen(confirmations.build_send_back(ANSWERED, MEND_BY, last=date(2026, 10, 5)))

    read = confirmations.read_send_back(screen.payload())

    assert (read.revision, read.comment, read.due) == (2, "", MEND_BY)
