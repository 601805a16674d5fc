"""Letters: their keys, and what follows each way in which a call to Slack can end."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.domain.letters import (
    CALL_TIMEOUT,
    LEASE,
    MAX_ATTEMPTS,
    Ambiguous,
    LetterKind,
    LetterState,
    NeverDeliverable,
    Next,
    NotTaken,
    RateLimited,
    Sent,
    after_call,
    scheduled_key,
)

NOW = datetime(2026, 9, 1, 0, 30, tzinfo=UTC)


def seconds_until_next(outcome: NotTaken | Ambiguous, attempts: int) -> float:
    following = after_call(outcome, attempts=attempts, now=NOW)
    assert following.next_try_at is not None
    return (following.next_try_at - NOW).total_seconds()


def test_a_scheduled_letter_has_one_key_for_a_person_and_a_day() -> None:
    day = date(2026, 9, 1)
    keys = {
        scheduled_key(LetterKind.NOTICE, 1, day),
        scheduled_key(LetterKind.NOTICE, 2, day),
        scheduled_key(LetterKind.NOTICE, 1, date(2026, 9, 2)),
        scheduled_key(LetterKind.MANAGERS, 1, day),
    }

    assert len(keys) == 4
    assert scheduled_key(LetterKind.NOTICE, 1, day) in keys


def test_a_letter_that_slack_took_has_ended() -> None:
    assert after_call(Sent("D1", "1.1"), attempts=1, now=NOW) == Next(LetterState.SENT)


def test_a_rate_limit_is_waited_out_as_slack_says_however_often() -> None:
    for attempts in (1, MAX_ATTEMPTS + 1):
        following = after_call(RateLimited(37), attempts=attempts, now=NOW)
        assert following.state is LetterState.PENDING
        assert following.next_try_at == NOW + timedelta(seconds=37)


def test_what_can_never_succeed_ends_with_slacks_reason() -> None:
    following = after_call(NeverDeliverable("account_inactive"), attempts=1, now=NOW)

    assert following == Next(LetterState.UNDELIVERABLE, None, "account_inactive")


@pytest.mark.parametrize("outcome", [NotTaken("no connection"), Ambiguous("timeout")])
def test_the_first_tries_again_come_after_1_5_and_30_seconds(
    outcome: NotTaken | Ambiguous,
) -> None:
    waits = [seconds_until_next(outcome, attempts) for attempts in (1, 2, 3)]

    assert waits == [1, 5, 30]


def test_the_waits_grow_and_then_stay() -> None:
    waits = [seconds_until_next(NotTaken("x"), attempts) for attempts in range(1, MAX_ATTEMPTS)]

    assert waits == sorted(waits)
    assert waits[-1] == waits[-2] <= 3600


def test_a_call_that_ended_without_a_word_leaves_the_letter_in_doubt() -> None:
    assert after_call(Ambiguous("timeout"), attempts=1, now=NOW).state is LetterState.UNKNOWN
    assert after_call(NotTaken("refused"), attempts=1, now=NOW).state is LetterState.PENDING


def test_a_letter_is_given_up_at_last_and_one_in_doubt_is_said_to_be_so() -> None:
    refused = after_call(NotTaken("no connection"), attempts=MAX_ATTEMPTS, now=NOW)
    doubtful = after_call(Ambiguous("timeout"), attempts=MAX_ATTEMPTS, now=NOW)

    assert refused == Next(LetterState.UNDELIVERABLE, None, "no connection")
    assert doubtful == Next(LetterState.UNKNOWN, None, "timeout")


def test_a_lease_is_longer_than_the_call_it_covers() -> None:
    assert timedelta(seconds=CALL_TIMEOUT) * 2 <= LEASE
