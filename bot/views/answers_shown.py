"""An answer to be read rather than typed: each question with what was answered to it, in full."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from bot.domain.answers import YES, Answers
from bot.domain.confirmations import Change
from bot.domain.fields import Field
from bot.domain.form import Kind
from bot.domain.grades import grades_words
from bot.views.blocks import Json, section
from bot.views.text import escape, escape_line, pieces
from bot.views.words import WIDE, day_words, short_label

_LABEL_LIMIT = 300
_PIECE = 2900
_CHANGE_SHOWN = 1200


def answer_sections(fields: Iterable[Field], answers: Answers) -> Iterator[Json]:
    """One section a question that was answered; long texts in as many as they need."""
    for field in fields:
        answer = answers.get(field.key, "").strip()
        if answer:
            yield from _sections(field, answer)


def change_sections(fields: Iterable[Field], changes: Iterable[Change]) -> Iterator[Json]:
    """What each changed field said before, above what it says now."""
    named = {field.key: field for field in fields}
    for change in changes:
        field = named.get(change.key)
        if field is not None:
            yield section(f"{_label(field)}\n変更前：{_cut(field, change.before)}")
            yield section(f"変更後：{_cut(field, change.after)}")


def _cut(field: Field, answer: str) -> str:
    if not answer.strip():
        return "(なし)"
    return escape(answer_words(field, answer).strip(), _CHANGE_SHOWN)


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
        case Kind.GRADES:
            return grades_words(field.question, answer)
        case Kind.TEXT:
            return answer


def _label(field: Field) -> str:
    name = f"{field.name}　" if field.name else ""
    is_text = field.question.kind is Kind.TEXT
    asked = short_label(field.question) if is_text else field.question.label
    return f"*{escape_line(name + asked, _LABEL_LIMIT)}*"


def _sections(field: Field, answer: str) -> Iterator[Json]:
    label = _label(field)
    if field.question.kind is not Kind.TEXT:
        yield section(f"{label}{WIDE}{escape_line(answer_words(field, answer), _LABEL_LIMIT)}")
        return
    first, *rest = pieces(answer, _PIECE - _LABEL_LIMIT) or ["—"]
    yield section(f"{label}\n{first}")
    yield from (section(piece) for piece in rest)
