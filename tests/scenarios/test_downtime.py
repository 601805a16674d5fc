"""Time that was missed, or that a clock makes up: the catching up is bounded, and never a flood."""

from __future__ import annotations

from tests.scenarios.office import Story

EVERYBODY = ("owner", "deputy", "manager", "unit_manager", "coordinator", "observer")


def counts(story: Story) -> dict[str, int]:
    return {part: len(story.messages(part)) for part in EVERYBODY}


async def test_four_weeks_of_downtime_end_with_one_letter_a_person(story: Story) -> None:
    await story.sweep("2026-09-01")
    before = counts(story)

    for hour in ("09:30", "09:31", "17:29"):
        await story.sweep("2026-09-30", hour)

    more = {part: number - before[part] for part, number in counts(story).items()}
    assert before["owner"] == 1
    assert more["owner"] == 1
    assert set(more.values()) <= {0, 1}


async def test_a_round_that_was_slept_through_is_not_made_up_for(story: Story) -> None:
    for day in ("2026-10-02", "2026-10-05", "2026-10-06"):
        await story.sweep(day)

    assert {**counts(story), "coordinator": 0} == dict.fromkeys(EVERYBODY, 0)


async def test_a_clock_that_goes_back_sends_nothing_twice(story: Story) -> None:
    await story.sweep("2026-09-01")
    before = counts(story)

    for day in ("2026-08-31", "2026-08-03", "2026-09-01"):
        await story.sweep(day, "10:00")

    assert counts(story) == before


async def test_a_clock_that_ran_ahead_and_was_put_right_tells_no_step_twice(story: Story) -> None:
    told = []
    for day in ("2026-09-01", "2026-09-18", "2026-09-02", "2026-09-15", "2026-09-18"):
        await story.sweep(day, "11:00")
        told.append(len(story.messages("owner")))

    assert told == [1, 2, 2, 3, 3]
