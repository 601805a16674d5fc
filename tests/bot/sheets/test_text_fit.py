"""Lines of a text in a cell: nothing is lost where it is cut, and no row is too low."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.sheets.text_fit import cut, lines_of


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", 1),
        ("あ" * 19, 1),
        ("あ" * 20, 2),
        ("あ\n\nあ", 3),
        ("あ" * 190, 10),
        ("abcdefghijklmnopqrstuvwxyz" + " " + "abcdefghijklmnop", 2),  # a word is not divided
        ("x" * 100, 4),  # but an address is
        ("👪" * 28, 2),
    ],
)
def test_lines_are_counted_as_they_are_wrapped(text: str, lines: int) -> None:
    assert lines_of(text, 20.0) == lines


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300), st.integers(1, 12), st.sampled_from([12.5, 34.6]))
def test_what_is_cut_is_the_text_again_when_it_is_joined(
    text: str, lines: int, width: float
) -> None:
    beginning, rest = cut(text, width, lines)

    assert beginning + rest == text
    assert beginning or not text


@settings(max_examples=60, deadline=None)
@given(st.text("あ漢、。aB1 -(\n", max_size=400), st.integers(1, 12))
def test_the_beginning_fits_the_lines_that_there_are(text: str, lines: int) -> None:
    beginning, _ = cut(text, 20.0, lines)

    assert lines_of(beginning.removesuffix("\n"), 20.0) <= lines
