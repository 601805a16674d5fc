"""An answer to be read rather than typed: each question with what was answered to it, in full."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from bot.domain.form import YES, Answers, Field, Kind
from bot.views.blocks import Json, section
from bot.views.text import escape_line, pieces
from bot.views.words import WIDE, day_words, short_label

_LABEL_LIMIT = 300
_PIECE = 2900


def answer_sections(fields: Iterable[Field], answers: Answers) -> Iterator[Json]:
    """One section a question that was answered; long texts in as many as they need."""
    for field in fields:
        answer = answers.get(field.key, "").strip()
        if answer:
            yield from _sections(field, answer)


def answer_words(field: Field, answer: str) -> str:
    """A choice, flag or date in the form's words, plain text."""
    match field.question.kind:
        case Kind.CHOICE:
            chosen = field.question.option(answer)
            return chosen.label if chosen else answer
        case Kind.FLAG:
            ticked = field.question.option(YES)
            return ticked.label if ticked else "はい"
        case Kind.DATE:
            return day_words(date.fromisoformat(answer))
        case Kind.TEXT:
            return answer


def _sections(field: Field, answer: str) -> Iterator[Json]:
    name = f"{field.name}　" if field.name else ""
    is_text = field.question.kind is Kind.TEXT
    asked = short_label(field.question) if is_text else field.question.label
    label = f"*{escape_line(name + asked, _LABEL_LIMIT)}*"
    if not is_text:
        yield section(f"{label}{WIDE}{escape_line(answer_words(field, answer), _LABEL_LIMIT)}")
        return
    first, *rest = pieces(answer, _PIECE - _LABEL_LIMIT) or ["—"]
    yield section(f"{label}\n{first}")
    yield from (section(piece) for piece in rest)
