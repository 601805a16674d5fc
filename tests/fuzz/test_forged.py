"""Who is not meant: each payload that is really sent, from somebody who may not send it."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from playground import User
from playground.deliveries import Kind
from storage.database import Database
from tests.fuzz.attack import Attack
from tests.fuzz.target import NEIGHBOUR, SECRET, Target, assert_shows_nothing

OUTSIDERS = ("guest", "stranger", "other workspace", "other enterprise", "left", "bot", "nobody")
ITEM_ACTIONS = ("answer:open", "answer:not-yet", "draft:continue", "confirm:open", "send-back:open")
# What any registered person, and what any person at all, may cost: reads, and the closing word.
MOST_TRANSACTIONS = 4


@pytest.mark.parametrize("outsider", OUTSIDERS)
def test_nothing_comes_of_what_an_outsider_sends(attack: Attack, outsider: str) -> None:
    target = attack.target
    user, changes = _outsider(target, outsider)
    for key, (kind, recorded) in target.recorded.items():
        payload = _sent_by(target.fresh(recorded), user, changes)
        before = target.stored()

        answer = attack.send(kind, payload)

        assert answer.status in (200, 400, 401, 404), key
        assert target.stored() == before, key
        assert_shows_nothing(answer)
        assert "灯りその" not in answer.shown, key
    attack.come_to_rest()
    assert target.stored() == before
    target.assert_quiet()


def test_no_id_of_another_ward_opens_shows_or_changes_anything(attack: Attack) -> None:
    target = attack.target
    ward = target.story.ward
    before = target.stored_of_ours()
    values = [
        *(f"{ward.round_id}:{item}" for item in ward.initiatives),
        *(f"{target.round_id}:{item}" for item in ward.initiatives),
        f"{ward.round_id}:{target.items[0]}",
        f"{ward.round_id}:0",
        *(f"{ward.round_id}:{name}:0" for name in ("first", "outstanding", "unfavourable", "all")),
        f"{ward.unit_id}::",
        f"{ward.unit_id}:2026:mid-year",
        str(ward.round_id),
        "-1",
        str(2**63),
        f"{2**63}:{2**63}",
        "99999999999999999:99999999999999999",
    ]
    for kind, recorded in target.recorded.values():
        [action] = recorded.get("actions") or [{}]
        for value in values if "value" in action else ():
            forged = {**target.fresh(recorded), "actions": [{**action, "value": value}]}
            assert_shows_nothing(attack.send(kind, forged))
    attack.come_to_rest()

    assert target.stored_of_ours() == before
    target.assert_quiet()


def test_no_metadata_of_another_ward_stores_or_shows_anything(attack: Attack) -> None:
    target = attack.target
    ward = target.story.ward
    before = target.stored_of_ours()
    for key, (kind, recorded) in target.recorded.items():
        if "private_metadata" not in recorded.get("view", {}):
            continue
        for item in ward.initiatives:
            payload = copy.deepcopy(target.fresh(recorded))
            text = payload["view"]["private_metadata"]
            theirs = f"{target.round_id}:{target.items[0]}"
            text = text.replace(theirs, f"{ward.round_id}:{item}")
            text = text.replace(f'"r": {target.round_id}', f'"r": {ward.round_id}')
            for own in target.items:
                text = text.replace(f'"i": {own},', f'"i": {item},')
            payload["view"]["private_metadata"] = text
            answer = attack.send(kind, payload)
            assert answer.status == 200, key
            assert_shows_nothing(answer)
    attack.come_to_rest()

    assert target.stored_of_ours() == before
    target.assert_quiet()


def test_no_logger_quotes_anything_however_much_it_may_say(attack: Attack) -> None:
    target = attack.target
    with target.turned_up():
        for kind, recorded in target.recorded.values():
            attack.send(kind, target.fresh(recorded))
            attack.send(kind, {**target.fresh(recorded), "user": 5, "user_id": 5, "event": 5})
        attack.post(SECRET.encode(), {})
        attack.come_to_rest()

        target.assert_quiet()


def test_what_cannot_be_meant_is_refused_before_the_database(attack: Attack) -> None:
    target = attack.target
    kind, pressed = target.recorded["answer:open in message"]
    [action] = pressed["actions"]
    _, typed = target.recorded["command 状況"]
    body = b"payload=%7B%7D"
    with counted() as transactions:
        attack.post(body, {})
        attack.post(body, target.signed(body, ago=400))
        attack.post(body, target.signed(body))
        attack.send(Kind.COMMAND, {**target.fresh(typed), "team_id": "TOTHER"})
        attack.send(Kind.COMMAND, {**target.fresh(typed), "command": "/other"})
        attack.send(kind, {**target.fresh(pressed), "team": {"id": "TOTHER"}})
        attack.send(kind, {**target.fresh(pressed), "trigger_id": None})
        for value in ("", "1", "1:2:3", "-1:2", f"{2**63}:1", None):
            attack.send(kind, {**target.fresh(pressed), "actions": [{**action, "value": value}]})

    assert transactions == []


@pytest.mark.parametrize(
    "words", ["あおぞら " * 2000, "区" * 100_000, "令和8年度 " * 500, "﷽" * 5000]
)
def test_a_long_command_costs_no_more_than_a_short_one(attack: Attack, words: str) -> None:
    target = attack.target
    _, typed = target.recorded["command 状況"]
    with counted() as transactions:
        answer = attack.send(Kind.COMMAND, {**target.fresh(typed), "text": f"状況 {words}"})

    assert answer.status == 200
    assert len(transactions) <= MOST_TRANSACTIONS
    target.assert_quiet()


def test_no_forged_payload_costs_more_than_a_few_transactions(attack: Attack) -> None:
    target = attack.target
    ward = target.story.ward
    user, changes = _outsider(target, "stranger")
    attack.come_to_rest()
    for key, (kind, recorded) in target.recorded.items():
        with counted() as transactions:
            attack.send(kind, _sent_by(target.fresh(recorded), user, changes))
        assert len(transactions) <= 2, (key, transactions)
    for action_id in ITEM_ACTIONS:
        kind, recorded = target.recorded[f"{action_id} in message"]
        [action] = recorded["actions"]
        forged = {**action, "value": f"{ward.round_id}:{ward.initiatives[1]}"}
        with counted() as transactions:
            attack.send(kind, {**target.fresh(recorded), "actions": [forged]})
        assert len(transactions) <= MOST_TRANSACTIONS, action_id


@contextmanager
def counted() -> Iterator[list[str]]:
    """The transactions that were begun meanwhile."""
    begun: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        for name in ("begin", "read"):
            patch.setattr(Database, name, _counting(getattr(Database, name), name, begun))
        yield begun


def _counting(original: Any, name: str, begun: list[str]) -> Any:
    def count(database: Database) -> Any:
        begun.append(name)
        return original(database)

    return count


def _outsider(target: Target, kind: str) -> tuple[str, dict[str, Any]]:
    """An account that may do nothing, and what else its payloads say."""
    slack = target.story.slack
    user_id = f"U{kind.upper().replace(' ', '')}"
    account = User(user_id, kind, f"{kind.replace(' ', '')}@example.com")
    slack.workspace.put_user(
        {
            "guest": User(user_id, kind, account.email, restricted=True),
            "left": User(user_id, kind, account.email, deleted=True),
            "bot": User(user_id, kind, account.email, is_bot=True),
            "other workspace": User(user_id, kind, account.email, external=True),
            "other enterprise": User(user_id, kind, account.email, external=True),
        }.get(kind, account)
    )
    if kind == "other workspace":  # with the very id of somebody of ours
        return NEIGHBOUR, {"team": "TOTHER"}
    if kind == "other enterprise":
        return user_id, {"team": "TOTHER", "enterprise": "EOTHER"}
    return ("U404" if kind == "nobody" else user_id), {}


def _sent_by(payload: dict[str, Any], user_id: str, changes: dict[str, Any]) -> dict[str, Any]:
    sent = copy.deepcopy(payload)
    team = changes.get("team")
    if "command" in sent:
        sent["user_id"] = user_id
        sent |= {"team_id": team} if team else {}
    elif "user" in sent:
        sent["user"]["id"] = user_id
        if team:
            sent["user"]["team_id"] = team
            sent["team"] = {"id": team, "domain": "elsewhere"}
        if "enterprise" in changes:
            sent["enterprise"] = {"id": changes["enterprise"], "name": "elsewhere"}
    else:
        event = sent["event"]
        event["user"] = (
            {**event["user"], "id": user_id} if event["type"] == "user_change" else (user_id)
        )
        sent |= {"team_id": team} if team else {}
    return sent
