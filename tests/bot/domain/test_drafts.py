"""Drafts: which state is the newest, when one is offered again, and when it lapses."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from bot.domain.drafts import Draft, is_newer, is_offered, is_settled, lapses_on, stamp_of

NOW = datetime(2026, 9, 8, 7, 20, tzinfo=UTC)
STORED = {"implementation": "i", "attainment": "2", "issues": "周知する。"}


def draft(**changes: Any) -> Draft:
    return Draft(
        **{"base": 0, "stamp": 100, "at": NOW, "answers": {"issues": "書きかけ"}, **changes}
    )


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ("1788220800.000199", "1788220800.000200"),
        ("1788220799.999999", "1788220800.000000"),
        ("999999999.999999", "1000000000.000000"),  # a digit more
    ],
)
def test_moments_of_slack_are_ordered_as_they_happened(earlier: str, later: str) -> None:
    first, second = stamp_of(earlier), stamp_of(later)

    assert first is not None
    assert second is not None
    assert first < second


@pytest.mark.parametrize(
    "forged", [None, 12.5, "", "12", "12.5", "1e9.000000", "-1.000000", "１.000000", "9" * 40, []]
)
def test_a_moment_that_slack_did_not_write_is_none(forged: object) -> None:
    assert stamp_of(forged) is None


@pytest.mark.parametrize(("stamp", "newer"), [(99, False), (100, False), (101, True)])
def test_only_what_was_typed_later_takes_a_drafts_place(stamp: int, newer: bool) -> None:
    assert is_newer(draft(stamp=stamp), draft()) is newer


def test_anything_is_newer_than_nothing() -> None:
    assert is_newer(draft(), None)


@pytest.mark.parametrize(
    ("answers", "reason", "offered"),
    [
        ({"issues": "書きかけ"}, "", True),
        ({**STORED, "issues": "周知する。次に"}, "", True),
        ({**STORED, "issues": ""}, "", True),  # taken out, and the rest is there
        (STORED, "", False),
        ({**STORED, "provisional": ""}, "", False),
        (STORED, "誤記のため", True),
        ({}, "", False),
        ({"issues": "  \n"}, " ", False),
    ],
)
def test_a_draft_is_offered_when_the_form_would_not_show_it_anyway(
    answers: dict[str, str], reason: str, offered: bool
) -> None:
    mine = draft(answers=answers, reason=reason)

    assert is_offered(mine, STORED, submitted_at=None) is offered


def test_what_another_person_saved_meanwhile_takes_no_draft_away() -> None:
    assert is_offered(draft(base=0), STORED, submitted_at=None)


@pytest.mark.parametrize(
    ("typed_after", "settled"),
    [(-60, True), (0, True), (3, True), (60, False)],
)
def test_a_submission_settles_what_its_writer_typed_before_and_not_what_comes_after(
    typed_after: int, settled: bool
) -> None:
    mine = draft(at=NOW + timedelta(seconds=typed_after))

    assert is_settled(mine, NOW) is settled
    assert is_offered(mine, STORED, submitted_at=NOW) is not settled


def test_a_draft_without_a_submission_is_not_settled() -> None:
    assert not is_settled(draft(), None)


def test_the_day_of_publishing_is_the_last_that_a_draft_sees() -> None:
    assert lapses_on(date(2026, 10, 5)) == datetime(2026, 10, 5, 15, tzinfo=UTC)
