"""Other people's text made safe for Slack: nothing in it formats, mentions or links, and it is cut
between characters as people see them, never through an emoji.

Lengths are UTF-16 units, the most that any of Slack's counters can make of a text.
"""

from __future__ import annotations

import re
import unicodedata

TEXT_LIMIT = 3000  # text objects and sections (Slack, composition-objects/text)
ELLIPSIS = "…"

# Slack formats `*_~`` only beside a space or a line's end (wording.md 0, rule 10). A word joiner
# is neither, shows nothing and breaks no line.
_JOINER = "\N{WORD JOINER}"

# Control characters, lone surrogates and what turns the direction of the text after it.
_UNFIT = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufffe\uffff]"
)
_BREAK = re.compile(r"[ \t\n\u2028\u2029]+")
# An underscore inside a word (a file's name) formats nothing.
_LIVE = re.compile(r"[*~`]+|(?<![0-9A-Za-z])_+|_+(?![0-9A-Za-z])")
_QUOTE = re.compile(r"(?m)^([ \t\u3000]*)(?=>)")
_EMOJI_NAME = re.compile(r":(?=[a-z0-9_+'-]+:)")
_LOUD = re.compile(r"@(?=channel|here|everyone)")

_SPECIAL = re.compile("[@:>*~`_&<]")  # what any of these looks for

_FARTHEST_STEP_BACK = 40  # characters; a longer cluster is no character that people know


def clean(text: str) -> str:
    """The text without what cannot be shown or sent; all line ends become one kind."""
    if _UNFIT.search(text) is None:  # which is nearly always; a return is unfit too
        return text
    return _UNFIT.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def line(text: str) -> str:
    """The text on one line; full-width spaces stay, they belong to titles."""
    return _BREAK.sub(" ", clean(text)).strip()


def units(text: str) -> int:
    """The length in UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def cut(text: str, most: int) -> str:
    """The text if it fits, else as much as fits with 「…」, ending between two characters."""
    if _fits(text, most):
        return text
    head = text.encode("utf-16-le", "surrogatepass")[: 2 * max(most - 1, 0)]
    end = len(head.decode("utf-16-le", "ignore"))
    return text[: _boundary(text, end)].rstrip() + ELLIPSIS


def kept(text: str, most: int) -> str:
    """A text to go on writing: as it was typed, only what cannot be sent left out.

    ``most`` counts characters here, as the input does that took the text. What is longer came
    from a sheet and is cut.
    """
    sendable = text.encode("utf-8", "ignore").decode()
    return sendable if len(sendable) <= most else sendable[: _boundary(sendable, most)]


def storable(text: str) -> str:
    """A text as it was typed, without what databases do not take: NUL and lone surrogates."""
    return text.encode("utf-8", "ignore").decode().replace("\0", "")


def escape(text: str, most: int = TEXT_LIMIT) -> str:
    """Somebody's text for mrkdwn: shown as typed, and not longer than ``most`` once escaped."""
    cleaned = clean(text)
    escaped = _escape(cleaned)
    if _fits(escaped, most):
        return escaped
    longest = cut(cleaned, most)
    if units(escaped := _escape(longest)) <= most:
        return escaped
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        fits = units(_escape(cut(longest, middle))) <= most
        low, high = (middle, high) if fits else (low, middle - 1)
    return _escape(cut(longest, low))


def escape_line(text: str, most: int) -> str:
    """Somebody's text for mrkdwn, on one line."""
    return escape(line(text), most)


def quoted(text: str, most: int) -> str:
    """Somebody's text in mrkdwn, each line of it set off as a quotation."""
    return "\n".join(f">{each}" for each in escape(text, most).split("\n"))


def bold(text: str) -> str:
    """Bold mrkdwn: Slack wants no space inside the asterisks, and something between them."""
    bare = text.strip()
    return f"*{bare}*" if bare else ""


def pieces(text: str, most: int = TEXT_LIMIT) -> list[str]:
    """A long text as escaped pieces that fit ``most`` each, nothing left out."""
    rest, found = clean(text), list[str]()
    while rest:
        taken = _fitting(rest, most)
        found.append(_escape(rest[:taken]))
        rest = rest[taken:]
    return found


def _fitting(text: str, most: int) -> int:
    """How many characters of a text fit once escaped; at least one."""
    low, high = 1, min(len(text), most)
    if units(_escape(text[:high])) <= most:
        low = high
    while low < high:
        middle = (low + high + 1) // 2
        fits = units(_escape(text[:middle])) <= most
        low, high = (middle, high) if fits else (low, middle - 1)
    return low if low == len(text) else max(_boundary(text, low), 1)


def _fits(text: str, most: int) -> bool:
    """Whether a text has no more units than that; a character has two at most."""
    return 2 * len(text) <= most or units(text) <= most


def _escape(text: str) -> str:
    if _SPECIAL.search(text) is None:
        return text
    quiet = _LOUD.sub("@" + _JOINER, _EMOJI_NAME.sub(":" + _JOINER, text))
    quiet = _QUOTE.sub(rf"\1{_JOINER}", quiet)
    quiet = _LIVE.sub(lambda live: _JOINER + _JOINER.join(live[0]) + _JOINER, quiet)
    return quiet.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _boundary(text: str, end: int) -> int:
    """The last place at or before ``end`` where one visible character ends and another begins."""
    for at in range(end, max(end - _FARTHEST_STEP_BACK, 0), -1):
        if at >= len(text) or not _joined(text, at):
            return at
    return 0 if end < _FARTHEST_STEP_BACK else end


def _joined(text: str, at: int) -> bool:
    """Whether the characters before and after ``at`` belong together."""
    before, after = text[at - 1], text[at]
    if "\N{ZERO WIDTH JOINER}" in (before, after) or after in "\N{VARIATION SELECTOR-16}ﾞﾟ":
        return True
    if unicodedata.category(after) in ("Mn", "Mc", "Me") or _extends_emoji(after):
        return True
    return _is_flag_half(after) and _flag_halves_before(text, at) % 2 == 1


def _extends_emoji(character: str) -> bool:
    return "\U0001f3fb" <= character <= "\U0001f3ff" or "\U000e0020" <= character <= "\U000e007f"


def _is_flag_half(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"


def _flag_halves_before(text: str, at: int) -> int:
    count = 0
    while at - count > 0 and _is_flag_half(text[at - count - 1]):
        count += 1
    return count
