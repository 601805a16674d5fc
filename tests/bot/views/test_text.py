"""Other people's text: it is shown as typed, does nothing, and is never cut through a character."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.views.text import clean, cut, escape, escape_line, kept, line, pieces, storable, units

_JOINER = "\N{WORD JOINER}"
ANY = st.text(alphabet=st.characters(), max_size=400) | st.text(
    alphabet="a *_~`>&<!@:|【】\n\t　\u202e\u200d👨👩🏽🇯🇵が\u3099", max_size=200
)


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("A&B <b> 5>3", "A&amp;B &lt;b&gt; 5&gt;3"),
        ("<!channel> <@U1> <http://a|b>", "&lt;!channel&gt; &lt;@U1&gt; &lt;http://a|b&gt;"),
        ("普通の文です。", "普通の文です。"),
        ("&amp;", "&amp;amp;"),
        ("計画_r8_final.csv", "計画\u2060_\u2060r8_final.csv"),
    ],
)
def test_text_is_escaped_as_slack_asks(typed: str, sent: str) -> None:
    assert escape(typed) == sent


@pytest.mark.parametrize(
    "typed", ["*太字*", " _斜体_ ", "~消す~", "`符号`", "```囲み```", "a * b *c*"]
)
def test_marks_in_somebodys_text_format_nothing(typed: str) -> None:
    sent = escape(typed)
    assert sent.replace(_JOINER, "") == typed
    assert not re.search(r"(^|[^\u2060])[*_~`]|[*_~`]($|[^\u2060])", sent)


@pytest.mark.parametrize("typed", [">引用", "一行\n> 引用", "　>引用"])
def test_a_line_that_begins_with_a_sign_is_no_quotation(typed: str) -> None:
    assert not re.search(r"(?m)^[ 　]*&gt;", escape(typed))


def test_loud_words_and_emoji_names_stay_words() -> None:
    assert escape("@channel :warning: 10:30:45").replace(_JOINER, "|") == (
        "@|channel :|warning: 10:|30:45"
    )


@given(ANY)
def test_escaped_text_shows_what_was_typed(typed: str) -> None:
    sent = escape(typed, 100_000).replace(_JOINER, "")
    shown = sent.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    assert shown == clean(typed).replace(_JOINER, "")


@given(ANY, st.integers(2, 200))
def test_escaped_text_never_exceeds_its_limit(typed: str, most: int) -> None:
    sent = escape(typed, most)
    assert units(sent) <= most
    assert "<" not in sent
    assert ">" not in sent
    assert not re.search(r"&(?!amp;|lt;|gt;)", sent)


@given(ANY, st.integers(1, 200))
def test_pieces_hold_the_whole_text(typed: str, most: int) -> None:
    found = pieces(typed, most + 20)
    assert all(units(piece) <= most + 20 for piece in found)
    shown = "".join(found).replace(_JOINER, "")
    shown = shown.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    assert shown == clean(typed).replace(_JOINER, "")


@pytest.mark.parametrize(
    "character",
    ["👨‍👩‍👧‍👦", "👍🏽", "🇯🇵", "が", "1️⃣", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "葛󠄀", "ﾊﾞ"],
)
def test_no_visible_character_is_cut_in_two(character: str) -> None:
    text = character * 40
    for most in range(1, units(text)):
        head = cut(text, most).removesuffix("…")
        assert head == character * (len(head) // len(character)), most


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=200), st.integers(1, 50))
def test_a_cut_text_is_a_beginning_of_the_text(text: str, most: int) -> None:
    shown = cut(text, most)
    assert units(shown) <= most
    assert shown == text or text.startswith(shown.removesuffix("…"))


def test_control_characters_and_turned_direction_are_dropped() -> None:
    assert clean("a\x00b\u202ec\x1bd\r\ne\ud800") == "abcd\ne"


def test_a_line_is_one_line() -> None:
    assert line(" 二行の\n  題名　です ") == "二行の 題名　です"
    assert escape_line("a\nb", 10) == "a b"


@given(ANY)
def test_a_text_to_go_on_writing_is_given_back_as_it_was(text: str) -> None:
    sendable = "".join(c for c in text if unicodedata.category(c) != "Cs")
    assert kept(text, 3000) == sendable


def test_a_text_too_long_for_the_input_is_cut_between_characters() -> None:
    assert len(kept("👍🏽" * 2000, 3000)) == 3000
    assert kept("👍🏽" * 2000, 2999) == "👍🏽" * 1499
    assert kept("😀" * 3000, 3000) == "😀" * 3000


@given(ANY)
def test_what_is_stored_is_what_was_typed_without_what_no_database_takes(text: str) -> None:
    stored = storable(text)

    assert "\0" not in stored
    assert stored.encode("utf-8").decode("utf-8") == stored
    assert stored == "".join(c for c in text if c != "\0" and not "\ud800" <= c <= "\udfff")
