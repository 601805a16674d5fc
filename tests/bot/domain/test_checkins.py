"""Check-ins: the state of an answer, and what becomes of one that is submitted."""

from __future__ import annotations

import pytest

from bot.domain.checkins import (
    Current,
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
from bot.domain.form import YES, Answers, fields_of
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


# --- what becomes of a submission -----------------------------------------------------------------


def test_the_first_answer_is_saved() -> None:
    assert judge(Current(), MINE, base=0, known=False) is Verdict.SAVE


def test_an_answer_to_the_newest_revision_is_saved() -> None:
    assert judge(Current(3, THEIRS), MINE, base=3, known=False) is Verdict.SAVE


def test_an_answer_to_an_older_revision_is_a_conflict() -> None:
    assert judge(Current(3, THEIRS), MINE, base=2, known=False) is Verdict.CONFLICT
    assert judge(Current(1, THEIRS), MINE, base=0, known=False) is Verdict.CONFLICT


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
