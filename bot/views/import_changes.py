"""One change that a file makes, in words: what it is about, and each field before and after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.domain.calendar import era_year
from bot.domain.people import Role
from bot.views.help import ROLES
from bot.views.text import escape_line
from bot.views.words import PLAN_STATES, WIDE, day_words, item_title, name_words, people

_TITLE_SHOWN = 80
_FIELD_SHOWN = 160


class ChangeKind(StrEnum):
    """What becomes of one thing."""

    ADDED = "added"
    CHANGED = "changed"
    ENDED = "ended"


class Subject(StrEnum):
    """What a change is about."""

    PLAN = "plan"
    INITIATIVE = "initiative"
    INDICATOR = "indicator"
    ANSWER = "answer"
    PERSON = "person"
    ACCOUNT = "account"
    ROLE = "role"
    OWNERSHIP = "ownership"
    SECTION = "section"
    UNIT = "unit"
    CLOSURE = "closure"


@dataclass(frozen=True)
class FieldChange:
    """One field before and after."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class ChangeRow:
    """One change. ``name`` is an item's code, a person, a unit or a section, by its subject;
    ``title`` an item's title, a plan's name, a stage, an owner's name or a day. Days are
    YYYY-MM-DD, "" for open.
    """

    kind: ChangeKind
    subject: Subject
    name: str
    title: str = ""
    year: int = 0
    role: Role | None = None
    section: str = ""
    deputy: str = ""
    span: tuple[str, ...] = ("", "")
    fields: tuple[FieldChange, ...] = ()


def field_words(change: FieldChange) -> str:
    """One field before and after, on a line of its own."""
    label = escape_line(_LABELS.get(change.label, change.label), _TITLE_SHOWN)
    return f"{WIDE}{WIDE}{label}：{_value(change.before)} → {_value(change.after)}"


def _value(text: str) -> str:
    shown = PLAN_STATES.get(text, text)
    return f"「{escape_line(_day(shown), _FIELD_SHOWN)}」" if shown else "(なし)"


def _plan(row: ChangeRow) -> str:
    return f"計画{WIDE}{name_words(row.name)} {era_year(row.year)} {name_words(row.title)}"


def _initiative(row: ChangeRow) -> str:
    return item_title(row.name, row.title, _TITLE_SHOWN)


def _indicator(row: ChangeRow) -> str:
    return f"{name_words(row.name)}{WIDE}{escape_line(row.title, _TITLE_SHOWN)}"


def _answer(row: ChangeRow) -> str:
    return f"{item_title(row.name, '')}{name_words(row.title)}の記入"


def _person(row: ChangeRow) -> str:
    return f"利用者{WIDE}{people([row.name])}"


def _account(row: ChangeRow) -> str:
    return f"Slackのアカウント{WIDE}{people([row.name])}"


def _role(row: ChangeRow) -> str:
    parts = [ROLES[row.role] if row.role else "", name_words(row.section) if row.section else ""]
    return f"{people([row.name])}{WIDE}{WIDE.join(p for p in parts if p)}{_span(row.span)}"


def _ownership(row: ChangeRow) -> str:
    deputy = f"(副担当：{name_words(row.deputy)})" if row.deputy else ""
    where = f"{WIDE}{name_words(row.section)}" if row.section else ""
    return f"{item_title(row.name, '')}担当：{people([row.title])}{deputy}{where}{_span(row.span)}"


def _section(row: ChangeRow) -> str:
    return f"課・担当{WIDE}{name_words(row.name)}"


def _unit(row: ChangeRow) -> str:
    return name_words(row.name)


def _closure(row: ChangeRow) -> str:
    return f"閉庁日{WIDE}{name_words(row.name)} {_day(row.title)}"


def _span(span: Sequence[str]) -> str:
    first, last = span
    words = (f"{_day(first)}から" if first else "") + (f"{_day(last)}まで" if last else "")
    return f"{WIDE}{words}" if words else ""


def _day(text: str) -> str:
    """A day in words, with its year; any other text as it is."""
    try:
        day = date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return text
    return f"{day.year}年{day_words(day)}" if day else text


_LABELS = {
    "name": "名前",
    "email": "メールアドレス",
    "contact": "問い合わせ先",
    "extension": "内線",
    "state": "状態",
    "position": "順番",
    "target": "目標",
    "valid_from": "始まりの日",
    "valid_to": "終わりの日",
}
_SUBJECTS = {
    Subject.PLAN: _plan,
    Subject.INITIATIVE: _initiative,
    Subject.INDICATOR: _indicator,
    Subject.ANSWER: _answer,
    Subject.PERSON: _person,
    Subject.ACCOUNT: _account,
    Subject.ROLE: _role,
    Subject.OWNERSHIP: _ownership,
    Subject.SECTION: _section,
    Subject.UNIT: _unit,
    Subject.CLOSURE: _closure,
}


def change_words(row: ChangeRow) -> str:
    """What changes, in mrkdwn, on one line."""
    return _SUBJECTS[row.subject](row)
