"""The settings of a round as a coordinator chose and typed them, carried from form to preview."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from bot.domain.errors import Refused
from bot.domain.rounds import LEVELS
from bot.views.blocks import Json
from bot.views.carried import UNREADABLE
from bot.views.text import storable

OPENS, DUE, CLOSES, PUBLISHES = "opens", "due", "closes", "publishes"
DATES = {OPENS: "開始日", DUE: "入力期限", CLOSES: "入力できる最後の日", PUBLISHES: "公表予定日"}
LEVEL, BEFORE, AFTER, TELLS, OPTIONS = "levels", "before", "after", "managers", "options"
CONTACT, EXTENSION, BASIS = "contact", "extension", "notice"
HEAD, HEAD_AFTER = "head", "head_after"
REASON, OTHERS = "why", "others"
STEPS = 5  # so many further notices before the due date, and after it
_FARTHEST = 30
_WORDS = ("stage", "seen", CONTACT, EXTENSION, BASIS, HEAD, "reason")


@dataclass(frozen=True)
class TypedRound:
    """What was chosen and typed; ``before`` and ``after`` are None where they are no numbers.

    ``seen`` is what was stored when the modal was opened, in short; ``head`` a Slack user id;
    ``others`` are further units that are to have the same dates and ladder.
    """

    plan_id: int
    stage: str
    seen: str = ""
    opens: date | None = None
    due: date | None = None
    closes: date | None = None
    publishes: date | None = None
    levels: int | None = None
    before: tuple[int, ...] | None = ()
    after: tuple[int, ...] | None = ()
    managers_after: int = 3
    ward_head_after: int = 6
    on_due: bool = True
    on_mondays: bool = True
    contact: str = ""
    extension: str = ""
    notice: str = ""
    head: str = ""
    reason: str = ""
    others: tuple[int, ...] = ()


def carry(typed: TypedRound) -> Json:
    """What was typed, to be carried by the preview: small enough for Slack."""
    values = asdict(typed)
    return {"t": {**values, **{key: values[key].isoformat() for key in DATES if values[key]}}}


def read_carried(metadata: Mapping[str, Any]) -> TypedRound:
    """The same back from a preview; Refused when it is not ours."""
    try:
        raw = metadata["t"]
        day = {key: date.fromisoformat(raw[key]) for key in DATES}
        numbers = {key: tuple(map(_small, raw[key])) for key in (BEFORE, AFTER, OTHERS)}
        word = {key: storable(raw[key]) for key in _WORDS}
        return TypedRound(
            plan_id=_small(raw["plan_id"]),
            stage=word["stage"],
            seen=word["seen"],
            opens=day[OPENS],
            due=day[DUE],
            closes=day[CLOSES],
            publishes=day[PUBLISHES],
            levels=raw["levels"] if raw["levels"] in LEVELS else None,
            before=numbers[BEFORE],
            after=numbers[AFTER],
            managers_after=_small(raw["managers_after"]),
            ward_head_after=_small(raw["ward_head_after"]),
            on_due=raw["on_due"] is True,
            on_mondays=raw["on_mondays"] is True,
            contact=word[CONTACT],
            extension=word[EXTENSION],
            notice=word[BASIS],
            head=word[HEAD],
            reason=word["reason"],
            others=numbers[OTHERS],
        )
    except (ValueError, LookupError, TypeError, AttributeError):
        raise Refused(UNREADABLE) from None


def numbers(text: str) -> tuple[int, ...] | None:
    """Business days around the due date, as 「1、3、6」 in any width; None for anything else."""
    words = [word for word in re.split(r"[、,，.・\s]+", text) if word]
    if not all(re.fullmatch(r"\d{1,2}", word) for word in words):
        return None
    found = sorted({int(word) for word in words})
    fits = len(found) <= STEPS and all(1 <= each <= _FARTHEST for each in found)
    return tuple(found) if fits else None


def _small(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 10**17:
        raise TypeError
    return value
