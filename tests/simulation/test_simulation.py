"""A few simulated years of those that ``make simulate`` lives through, and that they can fail."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterator

import pytest

from schedules.jobs import Desk
from tests.simulation.clock import SkewedClock
from tests.simulation.loop import virtual_time
from tests.simulation.process import start_process
from tests.simulation.safeguards import without
from tests.simulation.seeds import Ground, ground
from tests.simulation.slack import Workspace
from tests.simulation.story import Story
from tests.simulation.weather import Weather


@pytest.fixture(scope="module")
def place() -> Iterator[Ground]:
    with ground() as found:
        yield found


@pytest.mark.parametrize("seed", [4])
def test_a_simulated_year_keeps_every_promise(place: Ground, seed: int) -> None:
    year = place.live(seed)

    assert year.findings == {}
    assert len(year.story.lines) > 50


def test_a_seed_replays_exactly(place: Ground) -> None:
    first, second = place.live(5), place.live(5)

    assert first.story.lines == second.story.lines
    assert len(first.story.lines) > 50


def test_a_letter_sent_again_without_looking_for_it_is_found(place: Ground) -> None:
    with without("look-up"):
        found = {name for seed in range(1, 4) for name in place.live(seed).findings}

    assert found & {"one_message_per_key", "letters_stay_true"}


def test_a_job_that_never_ends_is_found(place: Ground) -> None:
    async def looks_again_and_again(desk: Desk) -> None:
        while True:
            async with desk.office.database.read():
                await asyncio.sleep(20)

    with virtual_time() as runner:
        clock = SkewedClock(runner.get_loop())
        story = Story(clock)
        weather = Weather(random.Random(1))
        slack = Workspace(clock)
        process = start_process(
            "run-1", place.url, slack=slack, weather=weather, story=story, engines={}
        )
        runner.run(process.do(looks_again_and_again))
        runner.run(process.bury())

    assert list(story.findings) == ["a_job_comes_to_its_end"]
