"""A few simulated years of those that ``make simulate`` lives through, and that they can fail."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.simulation.safeguards import without
from tests.simulation.seeds import Ground, ground


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
