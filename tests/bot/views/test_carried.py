from __future__ import annotations

import json
from typing import Any

import pytest

from bot.domain.errors import Refused
from bot.views.carried import Carried, carry, read_carried
from bot.views.checkin_results import read_next

CARRIED = Carried(1, 2, "mid-year", revision=3, position=(1, 4), warned=frozenset({"issues"}))


def test_what_was_carried_comes_back() -> None:
    assert read_carried(json.dumps(carry(CARRIED))) == CARRIED


@pytest.mark.parametrize(
    "changes",
    [
        {"r": -1},
        {"r": 2**63},
        {"v": 10**30},
        {"v": 1.0},
        {"v": True},
        {"i": "2"},
        {"i": None},
        {"p": [1]},
        {"p": [1, 2**63]},
        {"p": 5},
        {"rr": 2**63},
        {"w": 5},
        {"w": [None]},
        {"h": "ab"},
        {"h": {"issues": 5}},
        {"h": {"issues": "長" * 3001}},
        {"s": ["mid-year"]},
    ],
)
def test_metadata_of_another_making_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        read_carried(json.dumps({**carry(CARRIED), **changes}))


@pytest.mark.parametrize("metadata", [None, "", "{", "[]", "5", "[" * 100_000, {"r": 1}])
def test_what_is_no_metadata_is_refused(metadata: object) -> None:
    with pytest.raises(Refused):
        read_carried(metadata)


def test_a_text_held_back_is_held_without_what_no_database_takes() -> None:
    held = {"issues": "周知を\0増やす\ud800。"}

    read = read_carried(json.dumps({**carry(CARRIED), "h": held}))

    assert read.held == {"issues": "周知を増やす。"}


@pytest.mark.parametrize(
    "metadata",
    [
        "",
        "[]",
        "{}",
        '{"t": "1:2", "p": 5}',
        '{"t": "1:2", "p": [Infinity]}',
        '{"t": "1:2", "p": ["x"]}',
        '{"t": 12, "p": []}',
        '{"t": "1:-2", "p": []}',
        "[" * 100_000,
    ],
)
def test_a_saved_screen_of_another_making_leads_nowhere(metadata: str) -> None:
    with pytest.raises(Refused):
        read_next({"private_metadata": metadata})
