"""Answers to a form: what is asked given what is chosen, what is required, and what is at fault.

Answers are a flat mapping of field key to text: an option's key, what was typed, "yes" for a
ticked flag, or an ISO date. A key that is missing or empty is unanswered.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from bot.domain.fields import Field
from bot.domain.form import Kind, When
from bot.domain.grades import grades_text, read_grades

Answers = Mapping[str, str]

YES = "yes"

# What people write when they have nothing to write; none of it is 課題と改善策.
_HOLLOW = frozenset(
    [
        "なし",
        "無し",
        "無",
        "特になし",
        "特に無し",
        "とくになし",
        "ナシ",
        "特にありません",
        "ありません",
        "該当なし",
        "同上",
    ]
)


def holds(when: When | None, field: Field, answers: Answers) -> bool:
    """Whether a condition holds for a field, looking at the same indicator first."""
    if when is None:
        return False
    if not when.question:
        return True
    own = answers.get(f"{when.question}@{field.about}", "") if field.about else ""
    return (own or answers.get(when.question, "")) in when.options


def with_forced(fields: Iterable[Field], answers: Answers) -> dict[str, str]:
    """The answers with each flag set that a chosen option ticks and locks (未確定 → 暫定)."""
    return {**answers, **dict.fromkeys(_forced(fields, answers), YES)}


def unforced(fields: Sequence[Field], answers: Answers) -> dict[str, str]:
    """The answers without flags that a chosen option ticks: they go when that choice goes."""
    forced = _forced(fields, answers)
    return {key: text for key, text in answers.items() if key not in forced}


def unflagged(fields: Sequence[Field], answers: Answers) -> dict[str, str]:
    """The answers as somebody starts from who enters what is final: no box is ticked."""
    flags = {field.key for field in fields if field.question.kind is Kind.FLAG}
    return {key: text for key, text in answers.items() if key not in flags}


def is_exempt(fields: Iterable[Field], answers: Answers) -> bool:
    """Whether 対象外 was chosen, after which nothing else is asked."""
    for field in fields:
        option = field.question.option(answers.get(field.key))
        if option is not None and option.exempts:
            return True
    return False


def is_asked(field: Field, fields: Sequence[Field], answers: Answers) -> bool:
    """Whether a field is on the screen, given what has been chosen so far.

    A text stays on the screen under 対象外, so that nothing typed is taken away.
    """
    question = field.question
    if is_exempt(fields, answers) and question.kind is not Kind.TEXT:
        option = question.option(answers.get(field.key))
        return bool(option and option.exempts)
    return holds(question.asked, field, with_forced(fields, answers))


def is_required(field: Field, fields: Sequence[Field], answers: Answers) -> bool:
    """Whether a field must be filled in, given what has been chosen so far."""
    if not is_asked(field, fields, answers):
        return False
    if is_exempt(fields, answers):
        return field.question.kind is Kind.CHOICE
    return holds(field.question.required, field, answers)


def is_provisional(fields: Sequence[Field], answers: Answers) -> bool:
    """Whether the figures are 暫定: a flag ticked by hand or by 未確定."""
    settled = with_forced(fields, answers)
    return any(f.question.kind is Kind.FLAG and settled.get(f.key) == YES for f in fields)


def is_undetermined(fields: Iterable[Field], answers: Answers) -> bool:
    """Whether any mark is 未確定."""
    options = (field.question.option(answers.get(field.key)) for field in fields)
    return any(option is not None and option.pending for option in options)


def final_date(fields: Iterable[Field], answers: Answers) -> date | None:
    """The date on which pending figures will be known, where the person gave one."""
    given = [answers[f.key] for f in fields if f.question.kind is Kind.DATE and answers.get(f.key)]
    return max((date.fromisoformat(text) for text in given), default=None)


def settle(fields: Sequence[Field], draft: Answers) -> dict[str, str]:
    """The answers to store: what was asked and filled in, forced flags set, the rest left out."""
    forced = with_forced(fields, draft)
    asked = {each.key: forced.get(each.key, "") for each in fields if is_asked(each, fields, draft)}
    given = {
        each.key: _settled(each, asked[each.key].strip()) for each in fields if each.key in asked
    }
    return {key: text for key, text in given.items() if text}


def _settled(field: Field, text: str) -> str:
    """Grades are stored in one way, however they were typed."""
    if field.question.kind is not Kind.GRADES or not text:
        return text
    counts = read_grades(field.question, text)
    return grades_text(counts) if counts else text


def check(fields: Sequence[Field], draft: Answers) -> dict[str, str]:
    """Every fault of a draft as field key to the sentence shown under the field; {} when good."""
    faults = {field.key: _fault(field, fields, draft) for field in fields}
    return {key: message for key, message in faults.items() if message}


def repeats(fields: Sequence[Field], draft: Answers) -> dict[str, str]:
    """Soft warnings, to be shown once: a text that only repeats another one."""
    return {
        field.key: field.question.alike
        for field in fields
        if field.question.unlike
        and draft.get(field.key, "").strip()
        and draft.get(field.key, "").strip() == draft.get(field.question.unlike, "").strip()
    }


def prompts(field: Field, draft: Answers) -> tuple[str, ...]:
    """What is worth saying under a field, given what has been chosen; refuses nothing."""
    filled = bool(draft.get(field.key, "").strip())
    return tuple(
        prompt.text
        for prompt in field.question.prompts
        if holds(prompt.when, field, draft) and not (filled and prompt.unless_filled)
    )


def says_nothing(text: str) -> bool:
    """Whether a text is blank or only 「—」「なし」「特になし」 and the like."""
    bare = re.sub(r"[\W_ー]+", "", unicodedata.normalize("NFKC", text))
    return not bare or bare in _HOLLOW


def _forced(fields: Iterable[Field], answers: Answers) -> set[str]:
    return {
        field.key
        for field in fields
        if field.question.forced_by and holds(field.question.forced_by, field, answers)
    }


def _fault(field: Field, fields: Sequence[Field], draft: Answers) -> str:
    text = with_forced(fields, draft).get(field.key, "")
    if not is_asked(field, fields, draft):
        return ""
    if field.question.kind is Kind.TEXT:
        return _text_fault(field, text, required=is_required(field, fields, draft))
    if not text:
        return field.question.missing if is_required(field, fields, draft) else ""
    if field.question.kind is Kind.CHOICE and field.question.option(text) is None:
        return field.question.missing
    if field.question.kind is Kind.DATE and not _is_date(text):
        return field.question.missing
    if field.question.kind is Kind.FLAG and text != YES:
        return field.question.missing
    if field.question.kind is Kind.GRADES and read_grades(field.question, text) is None:
        return _grades_words(field)
    return ""


def _text_fault(field: Field, text: str, *, required: bool) -> str:
    question = field.question
    if len(text) > question.max_length:
        return f"{question.max_length:,}字以内にしてください(いま{len(text):,}字です)。"
    if not required:
        return ""
    if not text.strip():
        return question.missing
    return question.hollow if question.hollow and says_nothing(text) else ""


def _grades_words(field: Field) -> str:
    grades = "、".join(option.label for option in field.question.options)
    return f"人数を、{grades}の順に「、」で区切って書いてください(いない段階は0)。"


def _is_date(text: str) -> bool:
    """As 2026-09-18 and no other way that ISO 8601 knows: a date picker shows no other."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
