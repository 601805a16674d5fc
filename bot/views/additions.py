"""The modal in which an item joins a plan during the year, and what follows from it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from bot.domain.calendar import era_year
from bot.domain.form import ITEM as ITEM_WORD
from bot.domain.form import MAX_TEXT
from bot.views.actions import INPUT, ITEM, NOTICE_ONLY
from bot.views.blocks import (
    Json,
    date_picker,
    input_,
    line_input,
    modal,
    option,
    section,
    select,
    text_input,
    user_picker,
)
from bot.views.exemptions import Exemptable, rows_to_exempt
from bot.views.inputs import read_inputs
from bot.views.refusals import coordinators_only
from bot.views.targets import decode_number
from bot.views.text import escape_line, kept, line, storable
from bot.views.words import WIDE, item_title, name_words

CODE, NAME, INDICATORS = "code", "title", "indicators"
_TEXT = "text-"  # and the key of a text of the plan
ADDED_ON, OWNER, SECTION = "added_on", "owner", "section"

MAY_NOT = coordinators_only("項目を追加できる")
CODE_MISSING = "番号を入力してください。"
CODE_TAKEN = "この番号の項目は、すでに登録されています。別の番号を入力してください。"
NAME_MISSING = "項目の題名を入力してください。"
DAY_MISSING = "追加した日を選んでください。"
OWNER_UNKNOWN = "この方は kaikaku に登録されていません。先に登録するか、空欄にしてください。"
SECTION_GONE = "この課・担当は登録されていません。選び直してください。"

_TITLE = "項目の追加"
_CODE_LENGTH = 20
_NAME_LENGTH = 300


@dataclass(frozen=True)
class AdditionForm:
    """A plan to which an item is added; ``title`` is plain text, with the unit and the year.

    ``texts`` are the key and label of each text that its form has of an item.
    """

    plan_id: int
    title: str
    items: int
    code: str  # the next number
    today: date
    sections: Mapping[int, str] = field(default_factory=dict)
    rounds: tuple[Exemptable, ...] = ()
    item: str = ITEM_WORD
    texts: tuple[tuple[str, str], ...] = ()
    indicator: str = ""  # what its indicators are called; "" where the form has none


@dataclass(frozen=True)
class TypedItem:
    """What was typed; ``texts`` by the form's keys, ``owner`` a Slack user id or "".

    ``indicators`` are names and targets.
    """

    plan_id: int
    code: str
    title: str
    added_on: date | None
    texts: Mapping[str, str] = field(default_factory=dict)
    indicators: tuple[tuple[str, str], ...] = ()
    owner: str = ""
    section_id: int | None = None


@dataclass(frozen=True)
class Added:
    """An item that is stored."""

    code: str
    title: str
    plan_title: str
    owner: str
    asked: tuple[str, ...] = ()  # the reviews in which it is to be answered now
    rounds: tuple[Exemptable, ...] = ()


def build_form(form: AdditionForm) -> Json:
    """The new item's number and texts, and who answers for it."""
    return modal(
        _TITLE,
        _blocks(form),
        callback_id=ITEM,
        metadata={"p": str(form.plan_id)},
        submit="追加する",
    )


def read_form(view: Mapping[str, Any]) -> TypedItem:
    """What was typed; Refused when malformed."""
    inputs = read_inputs(view)
    texts = {
        block_id.removeprefix(_TEXT): storable(kept(inputs.text(block_id), MAX_TEXT))
        for block_id in inputs.states
        if block_id.startswith(_TEXT)
    }
    return TypedItem(
        plan_id=inputs.number("p"),
        code=storable(kept(line(inputs.text(CODE)), _CODE_LENGTH)),
        title=storable(kept(line(inputs.text(NAME)), _NAME_LENGTH)),
        added_on=inputs.day(ADDED_ON),
        texts={key: text for key, text in texts.items() if text},
        indicators=tuple(_indicators(storable(kept(inputs.text(INDICATORS), MAX_TEXT)))),
        owner=inputs.user(OWNER),
        section_id=decode_number(inputs.chosen(SECTION)) or None,
    )


def build_added(added: Added) -> Json:
    """「追加しました」, only ever shown after the commit."""
    lines = [f"{name_words(added.plan_title)}に追加しました。", item_title(added.code, added.title)]
    if added.owner and added.asked:
        rounds = "、".join(line(each) for each in added.asked)
        lines.append(f"{name_words(added.owner)}さんに、{rounds}の入力をお願いします。")
    elif added.owner:
        lines.append(f"担当は{name_words(added.owner)}さんです。いま入力の時期ではありません。")
    else:
        lines.append("担当が未設定です。決めるまで、この項目のお知らせは送りません。")
    blocks = [section("\n".join(lines)), *rows_to_exempt(added.rounds)]
    return modal(_TITLE, blocks, callback_id=NOTICE_ONLY)


def plan_title(unit_name: str, fiscal_year: int, form: str) -> str:
    """「あおぞら区　令和8年度 様式3」, plain text."""
    return f"{unit_name}{WIDE}{era_year(fiscal_year)} {form}"


def day_of_other_year(first_year: int, last_year: int) -> str:
    """Why an item can't have joined the plan on that day."""
    years = "から".join(era_year(year) for year in dict.fromkeys((first_year, last_year)))
    return f"この計画の年度({years})の日を選んでください。"


def _indicators(text: str) -> Iterator[tuple[str, str]]:
    """「参加者：年200人」, one a line, as name and target."""
    for said in text.splitlines():
        name, _, target = said.replace(":", "：").partition("：")
        if name.strip():
            yield name.strip(), target.strip()


def _blocks(form: AdditionForm) -> Iterator[Json]:
    yield section(
        f"*{escape_line(form.title, 200)}*\nいま{form.items}件の{name_words(form.item)}があります。"
    )
    yield from rows_to_exempt(form.rounds)
    code = line_input(f"{INPUT}:{CODE}", form.code, most=_CODE_LENGTH)
    yield input_(CODE, "番号", code, required=True)
    name = line_input(f"{INPUT}:{NAME}", "", most=_NAME_LENGTH)
    yield input_(NAME, f"{line(form.item)}の題名", name, required=True)
    for key, label in form.texts:
        block_id = f"{_TEXT}{key}"
        yield input_(block_id, label, text_input(f"{INPUT}:{block_id}", "", most=MAX_TEXT))
    if form.indicator:
        element = text_input(f"{INPUT}:{INDICATORS}", "", most=MAX_TEXT)
        hint = "1行に1つ、「名前：目標」のように書いてください。"
        yield input_(INDICATORS, line(form.indicator), element, hint=hint)
    picker = date_picker(f"{INPUT}:{ADDED_ON}", form.today.isoformat())
    yield input_(ADDED_ON, "追加した日", picker, required=True)
    yield input_(
        OWNER,
        "担当者",
        user_picker(f"{INPUT}:{OWNER}"),
        hint="いま入力をお願いしている振り返りがあれば、いつもの時刻にお知らせします。",
    )
    if form.sections:
        options = [option(name, str(key)) for key, name in form.sections.items()]
        element = select(f"{INPUT}:{SECTION}", options)
        yield input_(SECTION, "課・担当", element)
