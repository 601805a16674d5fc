"""Damaged and forged payloads, signed as Slack signs: refused or harmless, whatever they hold."""

from __future__ import annotations

import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.answers import check
from bot.domain.fields import fields_of
from bot.domain.youshiki3 import YOUSHIKI3
from bot.views.text import storable
from tests.fuzz.attack import Attack, examples
from tests.fuzz.mutations import TEXTS, damaged
from tests.fuzz.target import assert_shows_nothing

KEYS = (
    "command ヘルプ",
    "command 状況",
    "command 自分",
    "status:page:outstanding in message",
    "status:unit:1 in message",
    "mine:page:next in message",
    "letter:more in message",
    "answer:not-yet in message",
    "answer:open in message",
    "answer:open in view",
    "draft:continue in message",
    "confirm:open in message",
    "confirm:list in message",
    "send-back:open in message",
    "field:implementation in view",
    "field:attainment in view",
    "noted:issues in view",
    "view_submission checkin",
    "view_submission checkin:next",
    "view_submission confirm",
    "view_submission confirm:many",
    "view_submission send-back",
    "view_closed checkin",
    "app_home_opened",
    "message",
    "user_change",  # last: it may deactivate the attacker
)


def test_the_tour_has_met_every_sort_of_payload(attack: Attack) -> None:
    assert set(attack.target.recorded) == set(KEYS)


@pytest.mark.parametrize("key", KEYS)
def test_no_damaged_payload_reaches_what_is_anothers(attack: Attack, key: str) -> None:
    target = attack.target
    kind, recorded = target.recorded[key]
    ours, theirs = target.story.ward, target.items
    forged = [
        f"{ours.round_id}:{ours.initiatives[0]}",
        f"{ours.round_id}:{theirs[0]}",
        f"{target.round_id}:{ours.initiatives[1]}",
        f"{target.round_id}:{10**17}",
        f"{ours.round_id}:all:0",
        f"{ours.round_id}:first:9999",
        f"{ours.unit_id}:2026:mid-year",
        f"{ours.unit_id}:0001:",
        str(ours.initiatives[1]),
        "UGUEST",
        "TOTHER",
        "状況 あおぞら区",
        "状況 令和99年度",
    ]

    @examples(15)
    @given(st.data())
    def attempt(data: st.DataObject) -> None:
        payload = data.draw(damaged(target.fresh(recorded), forged))
        before = target.stored_of_ours()

        answer = attack.send(kind, payload)

        assert answer.status in (200, 400, 401, 404), answer.status
        assert target.stored_of_ours() == before
        assert_shows_nothing(answer)
        assert_sound(target.answers())
        target.assert_quiet()

    attempt()
    attack.come_to_rest()
    target.assert_quiet()


@pytest.mark.parametrize("text", TEXTS)
def test_whatever_is_typed_is_stored_sound_or_refused(attack: Attack, text: str) -> None:
    target = attack.target
    for key in ("issues", "provisional", "attainment"):
        kind, recorded = target.recorded["view_submission checkin"]
        payload = copy.deepcopy(target.fresh(recorded))
        values = payload["view"]["state"]["values"]
        [block_id] = [each for each in values if each.endswith(":issues")]
        typed = {"type": "plain_text_input", "value": text}
        values[block_id.replace("issues", key)] = {f"noted:{key}": typed}

        answer = attack.send(kind, payload)

        assert answer.status == 200
        assert_sound(target.answers())
    status, command = target.recorded["command 状況"]
    assert (
        "灯りその1" in attack.send(status, {**target.fresh(command), "text": "状況 ひかり区"}).shown
    )
    target.assert_quiet()


def assert_sound(answers: list[dict[str, str]]) -> None:
    """Whatever was stored, a form could have asked for it, and a screen can show it."""
    fields = fields_of(YOUSHIKI3.stage("mid-year"))
    for stored in answers:
        assert set(stored) <= {field.key for field in fields}
        assert check(fields, stored) == {}
        assert all(text == storable(text) for text in stored.values())
