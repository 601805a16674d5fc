"""Check-ins: the state of an answer, and what becomes of one that is submitted."""

from __future__ import annotations

from datetime import date

import pytest

from bot.domain.answers import YES, Answers
from bot.domain.checkins import (
    Current,
    Review,
    Source,
    State,
    Verdict,
    fingerprint,
    is_pending,
    is_submitted,
    judge,
    may_take_from_sheet,
    state_of,
)
from bot.domain.fields import fields_of
from bot.domain.youshiki3 import MID_YEAR, YEAR_END

MID = fields_of(MID_YEAR)
END = fields_of(YEAR_END)
MINE = {"implementation": "i", "attainment": "1"}
THEIRS = {"implementation": "ii", "attainment": "1"}


@pytest.mark.parametrize(
    ("answers", "state"),
    [
        (None, State.OUTSTANDING),
        ({}, State.OUTSTANDING),
        ({"attainment": "1"}, State.OUTSTANDING),  # from a sheet on which the other mark is lost
        ({"implementation": "i", "attainment": "2"}, State.OUTSTANDING),
        ({"implementation": "i", "attainment": "2", "issues": "—"}, State.OUTSTANDING),
        ({"implementation": "i", "attainment": "2", "issues": "周知する。"}, State.SUBMITTED),
        (MINE, State.SUBMITTED),
        ({"implementation": "na"}, State.NOT_APPLICABLE),
    ],
)
def test_an_answer_counts_only_when_it_is_complete(answers: Answers | None, state: State) -> None:
    assert state_of(MID, answers) is state


def test_not_applicable_is_an_answer_and_what_was_sent_back_is_not() -> None:
    submitted = {state for state in State if is_submitted(state)}

    assert submitted == {State.SUBMITTED, State.NOT_APPLICABLE, State.CONFIRMED}


def test_provisional_figures_are_submitted_and_still_to_be_asked_again() -> None:
    results = {"results": "12回", "attainment": "1"}

    assert not is_pending(END, None)
    assert not is_pending(END, results)
    assert is_pending(END, {**results, "provisional": YES})
    undetermined = {**results, "attainment": "undetermined", "final_on": "2027-05-31"}
    assert is_pending(END, undetermined)
    assert state_of(END, undetermined) is State.SUBMITTED


# --- what managers make of it ---------------------------------------------------------------------

SENT_BACK = Review(levels=1, sent_back_due=date(2026, 9, 25))


@pytest.mark.parametrize(
    ("review", "state", "next_level"),
    [
        (Review(), State.SUBMITTED, None),
        (Review(levels=0, confirmed_level=1), State.SUBMITTED, None),  # the round asks nobody
        (Review(levels=1), State.SUBMITTED, 1),
        (Review(levels=1, confirmed_level=1), State.CONFIRMED, None),
        (Review(levels=2, confirmed_level=1), State.SUBMITTED, 2),
        (Review(levels=2, confirmed_level=2), State.CONFIRMED, None),
        (Review(levels=1, confirmed_level=2), State.CONFIRMED, None),  # a level was taken away
        (SENT_BACK, State.SENT_BACK, None),
    ],
)
def test_an_answer_is_confirmed_when_every_level_has_confirmed_it(
    review: Review, state: State, next_level: int | None
) -> None:
    assert state_of(MID, MINE, review) is state
    assert review.next_level == next_level


def test_what_was_sent_back_is_asked_of_its_owner_again() -> None:
    assert not is_submitted(state_of(MID, MINE, SENT_BACK))


def test_not_applicable_needs_no_confirmation_and_can_be_sent_back() -> None:
    exempt = {"implementation": "na"}

    assert state_of(MID, exempt, Review(levels=1, confirmed_level=1)) is State.NOT_APPLICABLE
    assert state_of(MID, exempt, SENT_BACK) is State.SENT_BACK


def test_what_is_not_complete_is_outstanding_whatever_managers_made_of_it() -> None:
    assert state_of(MID, {}, Review(levels=1, confirmed_level=1)) is State.OUTSTANDING


# --- what becomes of a submission -----------------------------------------------------------------


def test_the_first_answer_is_saved() -> None:
    assert judge(Current(), MINE, base=0, known=False) is Verdict.SAVE


def test_an_answer_to_the_newest_revision_is_saved() -> None:
    assert judge(Current(3, THEIRS), MINE, base=3, known=False) is Verdict.SAVE


def test_an_answer_to_an_older_revision_is_a_conflict() -> None:
    assert judge(Current(3, THEIRS), MINE, base=2, known=False) is Verdict.CONFLICT
    assert judge(Current(1, THEIRS), MINE, base=0, known=False) is Verdict.CONFLICT


def test_the_same_answer_to_what_was_sent_back_is_an_answer() -> None:
    sent_back = Current(3, MINE, sent_back=True)

    assert judge(sent_back, MINE, base=3, known=False) is Verdict.SAVE
    assert judge(sent_back, MINE, base=3, known=True) is Verdict.ALREADY_SAVED
    assert judge(sent_back, MINE, base=2, known=False) is Verdict.ALREADY_SAVED


def test_who_has_seen_the_other_answer_may_replace_it() -> None:
    assert judge(Current(3, THEIRS), MINE, base=2, known=False, override=True) is Verdict.SAVE


def test_a_submission_that_is_stored_already_is_one_answer() -> None:
    assert judge(Current(4, THEIRS), MINE, base=2, known=True) is Verdict.ALREADY_SAVED


def test_an_answer_that_changes_nothing_is_no_revision() -> None:
    reordered = dict(reversed(MINE.items()))

    assert judge(Current(3, MINE), reordered, base=3, known=False) is Verdict.ALREADY_SAVED
    assert judge(Current(3, MINE), MINE, base=1, known=False) is Verdict.ALREADY_SAVED


@pytest.mark.parametrize(
    ("current", "may"),
    [
        (Current(), True),
        (Current(1, MINE, Source.SHEET), True),
        (Current(2, MINE, Source.SLACK), False),
    ],
)
def test_a_sheet_never_overwrites_an_answer_given_in_slack(current: Current, may: bool) -> None:
    assert may_take_from_sheet(current) is may


def test_a_submission_is_known_by_subject_revision_person_and_content() -> None:
    mine = fingerprint("7:mid-year", 1, 42, MINE)

    assert fingerprint("7:mid-year", 1, 42, dict(reversed(MINE.items()))) == mine
    others = {
        fingerprint("8:mid-year", 1, 42, MINE),
        fingerprint("7:mid-year", 2, 42, MINE),
        fingerprint("7:mid-year", 1, 43, MINE),
        fingerprint("7:mid-year", 1, 42, THEIRS),
        fingerprint("7:mid-year", 1, 42, {**MINE, "issues": "𠮷"}),
    }
    assert len(others | {mine}) == 6
