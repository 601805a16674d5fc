"""The modal in which a coordinator says who answers for which items, many at once.

Items are ticked page by page; what is ticked on other pages is carried along.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.domain.calendar import era_year
from bot.domain.errors import Refused
from bot.views.actions import INPUT, NOTICE_ONLY, OWNERS, OWNERS_PAGE
from bot.views.blocks import (
    Json,
    actions,
    button,
    checkboxes,
    choice,
    context,
    date_picker,
    input_,
    line_input,
    modal,
    option,
    section,
    user_picker,
)
from bot.views.carried import UNREADABLE
from bot.views.inputs import Inputs, read_inputs
from bot.views.refusals import coordinators_only
from bot.views.targets import Page
from bot.views.text import escape_line, line
from bot.views.words import day_words, item_name, name_words, people

ITEMS = "items"
OWNER = "owner"
NAME = "name"
DEPUTY = "deputy"
SECTION = "section"
FIRST = "first"

MAY_NOT = coordinators_only("担当者を決められる")
NO_PLAN = "この計画は見つかりません。画面を閉じて、もう一度開いてください。"
NO_ITEMS = "この計画には、項目がまだありません。計画を取り込んでください。"
NONE_CHOSEN = "項目を選んでください。"
NOT_IN_PLAN = "この計画にない項目が選ばれています。画面を閉じて、もう一度開いてください。"
NOBODY = "担当者を選ぶか、Slackを使わない方の氏名を書いてください。"
TWO_PEOPLE = "担当者を選んだときは、氏名は空欄にしてください。"
NOT_STAFF = "職員のアカウントではないか、停止されています。別の方を選んでください。"
DEPUTY_SELF = "担当者とは別の方を選んでください。"
FIRST_MISSING = "いつからかを選んでください。"
FIRST_PAST = "今日以降の日を選んでください。"

_NO_SECTION = "0"
_MORE = "more"  # further groups of the same page
_PER_GROUP = 10  # checkboxes of one element
_GROUPS = 3
PER_PAGE = _PER_GROUP * _GROUPS
_MOST_CARRIED = 300  # ids in the metadata's 3,000 characters
_NAME_LENGTH = 60
_NAMED = 20
_SECTIONS = 99


@dataclass(frozen=True)
class OwnedItem:
    """An item with who answers for it on the day."""

    id: int
    code: str
    title: str
    owners: tuple[str, ...] = ()


@dataclass(frozen=True)
class OwnersForm:
    """A plan's items, those without an owner first; ``sections`` are the unit's, by id."""

    plan_id: int
    unit_name: str
    year: int
    plan_name: str
    items: tuple[OwnedItem, ...]
    sections: tuple[tuple[int, str], ...]
    today: date
    item: str = "取組項目"


@dataclass(frozen=True)
class TypedOwners:
    """What was chosen; ``owner`` and ``deputy`` are Slack user ids, ``name`` is of who has none."""

    plan_id: int
    items: tuple[int, ...]
    owner: str = ""
    name: str = ""
    deputy: str = ""
    section: int | None = None
    first: date | None = None


@dataclass(frozen=True)
class Assigned:
    """Who answers for what from when on, and who did until then."""

    name: str
    codes: tuple[str, ...]
    first: date
    replaced: tuple[str, ...] = ()
    reachable: bool = True


def build_owners(form: OwnersForm, page: int = 0, typed: TypedOwners | None = None) -> Json:
    """One page of the items; ``typed`` is what was chosen on the others, and below."""
    chosen = typed or TypedOwners(form.plan_id, (), first=form.today)
    pages = max(-(-len(form.items) // PER_PAGE), 1)
    number = min(max(page, 0), pages - 1)
    shown = form.items[number * PER_PAGE : (number + 1) * PER_PAGE]
    here = {item.id for item in shown}
    elsewhere = [each for each in chosen.items if each not in here]
    return modal(
        "担当者を決める",
        [
            section(_head(form, elsewhere)),
            *_groups(number, shown, chosen, form.item),
            *_turning(form, number, pages),
            *_inputs(form, chosen),
        ],
        callback_id=OWNERS,
        metadata={"l": str(form.plan_id), "o": elsewhere[:_MOST_CARRIED]},
        submit="決める",
    )


def read_owners(view: Mapping[str, Any]) -> TypedOwners:
    """What was chosen on all pages; Refused when malformed."""
    inputs = read_inputs(view)
    section_id = inputs.chosen(SECTION)
    return TypedOwners(
        plan_id=inputs.number("l"),
        items=tuple(dict.fromkeys([*_carried(inputs), *_ticked(inputs)])),
        owner=inputs.user(OWNER),
        name=inputs.text(NAME),
        deputy=inputs.user(DEPUTY),
        section=int(section_id) if section_id.isdecimal() else None,
        first=inputs.day(FIRST),
    )


def build_assigned(assigned: Assigned) -> Json:
    """Who answers for what now; only ever shown after the commit."""
    names = "、".join(
        escape_line(item_name(code), _NAME_LENGTH) for code in assigned.codes[:_NAMED]
    )
    more = len(assigned.codes) - _NAMED
    text = (
        f"*{len(assigned.codes)}件の担当者を、{day_words(assigned.first)}から"
        f"{name_words(assigned.name)}さんにしました。*\n{names}"
        + (f" ほか{more}件" if more > 0 else "")
    )
    notes = []
    if assigned.replaced:
        notes.append(f"これまでの担当者({people(assigned.replaced)})は、前の日までになりました。")
    if not assigned.reachable:
        notes.append("Slackを使わない方です。入力は、とりまとめ担当が代わりに行います。")
    blocks = [section(text), *([context(*notes)] if notes else [])]
    return modal("担当者を決める", blocks, callback_id=NOTICE_ONLY)


def _head(form: OwnersForm, elsewhere: Sequence[int]) -> str:
    unowned = sum(not item.owners for item in form.items)
    lines = [
        f"*{name_words(form.unit_name)} {era_year(form.year)} {name_words(form.plan_name)}*",
        f"{name_words(form.item)}{len(form.items)}件のうち、担当者が未設定のものは{unowned}件です。",
    ]
    if elsewhere:
        lines.append(f"ほかのページで{len(elsewhere)}件を選んでいます。")
    return "\n".join(lines)


def _groups(
    page: int, shown: Sequence[OwnedItem], chosen: TypedOwners, item_word: str
) -> Iterator[Json]:
    ticked = [str(each) for each in chosen.items]
    for index in range(0, len(shown), _PER_GROUP):
        group = index // _PER_GROUP
        options = [_option(item) for item in shown[index : index + _PER_GROUP]]
        # Another page's boxes are other inputs: what was ticked here does not run into them.
        block_id = f"{page}:{group}:{_MORE if group else ITEMS}"
        element = checkboxes(f"{INPUT}:{ITEMS}-{group}", options, ticked)
        yield input_(block_id, line(item_word) if not group else "(続き)", element)


def _option(item: OwnedItem) -> Json:
    owners = "、".join(line(name) for name in item.owners) or "未設定"
    text = f"{item_name(item.code)}　{line(item.title)}"
    return option(text, str(item.id), description=f"担当：{owners}")


def _turning(form: OwnersForm, page: int, pages: int) -> Iterator[Json]:
    if pages == 1:
        return
    buttons = []
    if page > 0:
        value = Page(form.plan_id, page - 1).encode()
        buttons.append(button("前のページ", f"{OWNERS_PAGE}:back", value))
    if page < pages - 1:
        value = Page(form.plan_id, page + 1).encode()
        buttons.append(button("次のページ", f"{OWNERS_PAGE}:next", value))
    yield actions(*buttons)
    yield context(f"{page + 1}／{pages}ページ。選んだ項目は、ページを移っても残ります。")


def _inputs(form: OwnersForm, chosen: TypedOwners) -> Iterator[Json]:
    yield input_(OWNER, "担当者", user_picker(f"{INPUT}:{OWNER}", chosen.owner))
    yield input_(
        NAME,
        "Slackを使わない方の氏名",
        line_input(f"{INPUT}:{NAME}", chosen.name, most=_NAME_LENGTH),
        hint="お知らせは届きません。とりまとめ担当が代わりに入力します。",
    )
    yield input_(DEPUTY, "副担当", user_picker(f"{INPUT}:{DEPUTY}", chosen.deputy))
    if form.sections:
        options = [option(name, str(number)) for number, name in form.sections[:_SECTIONS]]
        none = option("決めない", _NO_SECTION)
        section_id = str(chosen.section or _NO_SECTION)
        element = choice(f"{INPUT}:{SECTION}", [none, *options], section_id)
        yield input_(SECTION, "課・担当", element, required=True)
    first = chosen.first.isoformat() if chosen.first else None
    yield input_(
        FIRST,
        "いつから",
        date_picker(f"{INPUT}:{FIRST}", first),
        hint="選んだ項目のいまの担当者は、その前の日までになります。",
        required=True,
    )


def _ticked(inputs: Inputs) -> Iterator[int]:
    for block_id in inputs.states:
        if block_id.rpartition(":")[2] in (ITEMS, _MORE):
            yield from map(_number, inputs.ticked(block_id))


def _carried(inputs: Inputs) -> Iterator[int]:
    found = inputs.metadata.get("o")
    if not isinstance(found, list) or not all(isinstance(each, int) for each in found):
        raise Refused(UNREADABLE)
    yield from (int(each) for each in found)


def _number(value: str) -> int:
    if not (value.isascii() and value.isdecimal() and len(value) < 18):
        raise Refused(UNREADABLE)
    return int(value)
