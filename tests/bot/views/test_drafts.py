"""Drafts: read from every event without losing a letter, and offered where nothing can be lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.domain.errors import Refused
from bot.views.blocks import Json
from bot.views.checkin_form import build
from bot.views.drafts import build_offer, read_chosen, read_closed, read_typing
from bot.views.targets import Target
from tests.bot.views.samples import END, END_FIELDS, OFFER, entry
from tests.bot.views.slack import Screen, assert_modal, buttons, said

NOW = datetime(2026, 9, 8, 7, 20, tzinfo=UTC)
ISSUES_LABEL = "課題と改善策"


def typing(screen: Screen, label: str, value: Any, **changes: Any) -> Json:
    """The event that Slack sends of a text field, in which this is now written."""
    block, element = screen.find(label)
    ids = {"block_id": block["block_id"], "action_id": element["action_id"]}
    action = {"type": element["type"], **ids, "value": value, "action_ts": "1788220800.000200"}
    return {"view": screen.payload(), "actions": [{**action, **changes}]}


def test_every_input_tells_of_each_change_and_a_text_of_each_letter() -> None:
    for shown in (entry(), entry(END_FIELDS, round=END), entry(reason_required=True)):
        inputs = [block for block in build(shown)["blocks"] if block["type"] == "input"]

        assert inputs
        for block in inputs:
            assert block["dispatch_action"] is True
            config = block["element"].get("dispatch_action_config")
            if block["element"]["type"] == "plain_text_input":
                assert config == {"trigger_actions_on": ["on_character_entered"]}


def test_only_what_steers_the_form_asks_for_another_screen_and_a_text_never_does() -> None:
    steering = {"implementation", "attainment", "provisional"}

    for opened in (entry(), entry(END_FIELDS, round=END), entry(reason_required=True)):
        for block in build(opened)["blocks"]:
            if block["type"] == "input":
                family, _, key = block["element"]["action_id"].partition(":")
                assert family == ("field" if key in steering else "noted"), key


def test_the_form_tells_when_it_is_closed() -> None:
    view = build(entry())

    assert view["notify_on_close"] is True
    assert read_closed(view) == Target(12, 7)


def test_what_is_being_typed_is_read_though_the_state_does_not_hold_it_yet() -> None:
    screen = Screen(build(entry(revision=3, answers={"attainment": "2", "issues": "前の文"})))

    target, draft = read_typing(typing(screen, ISSUES_LABEL, "前の文に続けて"), at=NOW)

    assert target == Target(12, 7)
    assert (draft.base, draft.stamp, draft.at) == (3, 1788220800000200, NOW)
    assert draft.answers == {"implementation": "", "attainment": "2", "issues": "前の文に続けて"}


def test_a_text_that_was_deleted_to_the_last_letter_is_read_as_cleared() -> None:
    screen = Screen(build(entry(answers={"attainment": "2", "issues": "前の文"})))

    _, draft = read_typing(typing(screen, ISSUES_LABEL, None), at=NOW)

    assert draft.answers["issues"] == ""


def test_the_other_fields_are_kept_with_the_one_that_is_typed_in() -> None:
    screen = Screen(build(entry(END_FIELDS, round=END)))
    screen.enter("当年度の取組実績", "12回開催")
    screen.enter("目標の達成状況", "② 目標未達成")

    _, draft = read_typing(typing(screen, ISSUES_LABEL, "周知"), at=NOW)

    kept = {key: text for key, text in draft.answers.items() if text}
    assert kept == {"results": "12回開催", "attainment": "2", "issues": "周知"}


def test_the_reason_of_a_late_correction_is_kept_too() -> None:
    screen = Screen(build(entry(reason_required=True)))

    _, draft = read_typing(typing(screen, "修正の理由", "誤記の訂正"), at=NOW)

    assert draft.reason == "誤記の訂正"


@pytest.mark.parametrize("forged", [{"action_ts": None}, {"action_ts": "x"}, {"action_ts": "1"}])
def test_an_event_without_slacks_moment_is_refused(forged: Json) -> None:
    body = typing(Screen(build(entry())), ISSUES_LABEL, "文", **forged)

    with pytest.raises(Refused):
        read_typing(body, at=NOW)


def test_an_event_of_a_view_that_is_not_ours_is_refused() -> None:
    body = typing(Screen(build(entry())), ISSUES_LABEL, "文")
    body["view"]["private_metadata"] = "{}"

    with pytest.raises(Refused):
        read_typing(body, at=NOW)
    with pytest.raises(Refused):
        read_closed(body["view"])


def test_a_revision_that_no_answer_has_is_refused() -> None:
    body = typing(Screen(build(entry(revision=10**12))), ISSUES_LABEL, "文")

    with pytest.raises(Refused):
        read_typing(body, at=NOW)


def test_an_offer_has_nothing_to_type_into() -> None:
    view = build_offer(OFFER)

    assert_modal(view)
    assert [block["type"] for block in view["blocks"]].count("input") == 0
    assert "submit" not in view
    assert view["title"]["text"] == "中間振り返り 取組項目7"
    assert "前に書きかけた内容(9月8日(火) 16:20)があります。" in said(view["blocks"])
    assert [text for text, _, _ in buttons(view["blocks"])] == ["続きから書く", "新しく書く"]


@pytest.mark.parametrize("final", [False, True])
def test_what_is_pressed_under_an_offer_comes_back(final: bool) -> None:
    found = []
    for _, action_id, value in buttons(build_offer(replace(OFFER, final=final))["blocks"]):
        action = {"action_id": action_id, "value": value, "action_ts": "1788220800.000200"}
        chosen = read_chosen({"actions": [action]})
        assert (chosen.target, chosen.stamp) == (Target(12, 7), 1788220800000200)
        found.append((chosen.keeps, chosen.final))

    assert found == [(True, False), (False, final)]


@pytest.mark.parametrize("forged", [{"value": "12"}, {"value": None}, {"action_ts": ""}])
def test_a_forged_choice_is_refused(forged: Json) -> None:
    action = {"action_id": "draft:continue", "value": "12:7", "action_ts": "1788220800.000200"}

    with pytest.raises(Refused):
        read_chosen({"actions": [{**action, **forged}]})


def test_what_is_typed_nowhere_is_refused() -> None:
    action = {"action_id": "noted:issues", "action_ts": "1.5", "value": "相談の経過"}

    for body in ({"actions": [action]}, {"actions": [action], "view": None}):
        with pytest.raises(Refused):
            read_typing(body, at=NOW)
