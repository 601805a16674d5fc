"""What is known of a unit: the form for its coordinator, and what was entered."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.domain.calendar import parse_day
from bot.views.actions import INPUT, NOTICE_ONLY, UNIT
from bot.views.blocks import Json, context, input_, line_input, modal, section, text_input
from bot.views.inputs import read_inputs
from bot.views.registrations import whole_day_words
from bot.views.text import escape_line
from bot.views.words import name_words

CONTACT = "contact"
EXTENSION = "extension"
SECTIONS = "sections"
CLOSURES = "closures"
_WEEKDAY = re.compile(r"[(（].{1,3}[)）]$")
_CONTACT_LENGTH = 60
_EXTENSION_LENGTH = 30
_LIST_LENGTH = 2_000
_NAME_LENGTH = 60
_SECTIONS_SHOWN = 99


@dataclass(frozen=True)
class UnitForm:
    """What is known of a unit."""

    unit_id: int
    name: str
    contact: str
    extension: str
    sections: tuple[str, ...]
    closures: tuple[date, ...]


@dataclass(frozen=True)
class TypedUnit:
    """What was entered; ``unread`` are lines of the closures that are no days."""

    unit_id: int
    contact: str
    extension: str
    sections: tuple[str, ...]
    closures: tuple[date, ...]
    unread: tuple[str, ...] = ()


def build_unit(form: UnitForm) -> Json:
    """Contact, extension, sections and closures."""
    named = "、".join(escape_line(name, _NAME_LENGTH) for name in form.sections[:_SECTIONS_SHOWN])
    return modal(
        "問い合わせ先と閉庁日",
        [
            section(f"*{name_words(form.name)}*"),
            input_(
                CONTACT,
                "問い合わせ先の課・担当",
                line_input(f"{INPUT}:{CONTACT}", form.contact, most=_CONTACT_LENGTH),
                hint="お知らせの末尾に書かれます。",
            ),
            input_(
                EXTENSION,
                "内線",
                line_input(f"{INPUT}:{EXTENSION}", form.extension, most=_EXTENSION_LENGTH),
            ),
            context(f"登録済の課・担当：{named or 'なし'}"),
            input_(
                SECTIONS,
                "加える課・担当",
                text_input(f"{INPUT}:{SECTIONS}", "", most=_LIST_LENGTH),
                hint="1行に1つずつ書いてください。",
            ),
            input_(
                CLOSURES,
                "独自の閉庁日",
                text_input(
                    f"{INPUT}:{CLOSURES}",
                    "\n".join(map(whole_day_words, form.closures)),
                    most=_LIST_LENGTH,
                ),
                hint=(
                    "土日祝日と年末年始のほかに閉まる日を、1行に1日ずつ、"
                    "2026年11月4日のように書いてください。"
                ),
            ),
        ],
        callback_id=UNIT,
        metadata={"u": str(form.unit_id)},
        submit="登録する",
    )


def read_unit(view: Mapping[str, Any]) -> TypedUnit:
    """What was entered; Refused when malformed."""
    inputs = read_inputs(view)
    lines = inputs.text(CLOSURES).split("\n")
    days = {text: parse_day(_WEEKDAY.sub("", text)) for text in map(str.strip, lines) if text}
    return TypedUnit(
        unit_id=inputs.number("u"),
        contact=inputs.text(CONTACT),
        extension=inputs.text(EXTENSION),
        sections=tuple(
            name for line in inputs.text(SECTIONS).split("\n") if (name := line.strip())
        ),
        closures=tuple(sorted({day for day in days.values() if day})),
        unread=tuple(text for text, day in days.items() if day is None),
    )


def unread_days(lines: Sequence[str]) -> str:
    """Which lines are no days."""
    named = "、".join(f"「{each[:20]}」" for each in lines[:5])
    return f"日付が読めません：{named}。2026年11月4日のように書いてください。"


def build_unit_set(name: str, changed: Sequence[str]) -> Json:
    """What has changed; only ever shown after the commit."""
    said = "、".join(_FIELDS[key] for key in changed if key in _FIELDS)
    text = f"*{name_words(name)}*\n" + (f"{said}を変えました。" if said else "変更はありません。")
    return modal("問い合わせ先と閉庁日", [section(text)], callback_id=NOTICE_ONLY)


_FIELDS = {
    "contact": "問い合わせ先",
    "extension": "内線",
    "sections": "課・担当",
    "closures": "閉庁日",
}
