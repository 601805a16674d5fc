"""The modals for items added during the year, and for 対象外 of several at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from bot.domain.calendar import era_year
from bot.domain.errors import Refused
from bot.domain.form import MAX_TEXT
from bot.views.actions import EXEMPT, EXEMPT_OPEN, INPUT, ITEM, NOTICE_ONLY
from bot.views.blocks import (
    Json,
    actions,
    button,
    checkboxes,
    context,
    date_picker,
    divider,
    input_,
    line_input,
    modal,
    option,
    section,
    select,
    text_input,
    user_picker,
)
from bot.views.carried import UNREADABLE
from bot.views.inputs import read_inputs
from bot.views.targets import Page, decode_number
from bot.views.text import escape_line, kept, line, storable
from bot.views.words import WIDE, day_words, item_name, item_title, name_words

CODE, NAME, OUTLINE, TARGET = "code", "title", "outline", "target"
ACTIVITIES, YEARS_TARGET = "activities", "activities_target"
ADDED_ON, OWNER, SECTION = "added_on", "owner", "section"
REASON = "why"
GROUP = "group"

MAY_NOT = "取組項目を追加できるのは、その区のとりまとめ担当だけです。"
CODE_MISSING = "番号を入力してください。"
CODE_TAKEN = "この番号の取組項目は、すでに登録されています。"
NAME_MISSING = "取組項目の名前を入力してください。"
DAY_MISSING = "追加した日を選んでください。"
OWNER_UNKNOWN = "この方は kaikaku に登録されていません。先に登録するか、空欄にしてください。"
SECTION_GONE = "この課・担当は登録されていません。選び直してください。"
NOTHING_CHOSEN = "対象外にする項目を選んでください。"
REASON_MISSING = "入力期間のあとに設定する理由を入力してください。"
NO_EXEMPTION = "この振り返りには「対象外」がありません。"
NOT_TAKEN = "この振り返りは、いま入力を受け付けていません。"

_TITLE = "取組項目の追加"
_EXEMPT_TITLE = "対象外の設定"
_CODE_LENGTH = 20
_NAME_LENGTH = 300
_REASON_LENGTH = 300
_OPTIONS = 10
_GROUPS = 5
_PAGE = _OPTIONS * _GROUPS
_NAMED = 30


@dataclass(frozen=True)
class Exemptable:
    """A round in which items can be set to 対象外, and how many have no answer; plain text."""

    round_id: int
    title: str
    left: int


@dataclass(frozen=True)
class AdditionForm:
    """A plan to which an item is added; ``title`` is plain text, with the unit and the year."""

    plan_id: int
    title: str
    items: int
    code: str  # the next number
    today: date
    sections: Mapping[int, str] = field(default_factory=dict)
    rounds: tuple[Exemptable, ...] = ()


@dataclass(frozen=True)
class TypedItem:
    """What was typed; ``texts`` by column of the initiative, ``owner`` a Slack user id or ""."""

    plan_id: int
    code: str
    title: str
    added_on: date | None
    texts: Mapping[str, str] = field(default_factory=dict)
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


@dataclass(frozen=True)
class ExemptItem:
    """An item without an answer; ``added``: it joined during the year."""

    id: int
    code: str
    title: str
    added: date | None = None


@dataclass(frozen=True)
class ExemptForm:
    """The items of a round that have no answer; ``late``: entry is over, a reason is wanted."""

    round_id: int
    title: str
    items: tuple[ExemptItem, ...]
    late: bool = False
    page: int = 0  # counts from 0


@dataclass(frozen=True)
class TypedExempt:
    """What was ticked."""

    round_id: int
    ids: tuple[int, ...]
    reason: str = ""


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
    texts = {key: storable(kept(inputs.text(key), MAX_TEXT)) for key, *_ in _TEXTS}
    return TypedItem(
        plan_id=inputs.number("p"),
        code=storable(kept(line(inputs.text(CODE)), _CODE_LENGTH)),
        title=storable(kept(line(inputs.text(NAME)), _NAME_LENGTH)),
        added_on=inputs.day(ADDED_ON),
        texts={key: text for key, text in texts.items() if text},
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
    blocks = [section("\n".join(lines)), *_to_exempt(added.rounds)]
    return modal(_TITLE, blocks, callback_id=NOTICE_ONLY)


def build_exempt(form: ExemptForm) -> Json:
    """Items to be ticked, those added during the year first and ticked; fifty on a page."""
    ordered = sorted(form.items, key=lambda each: each.added is None)
    pages = max(-(-len(ordered) // _PAGE), 1)
    page = min(form.page, pages - 1)
    shown = ordered[page * _PAGE : (page + 1) * _PAGE]
    return modal(
        _EXEMPT_TITLE,
        _exempt(form, shown, page, pages),
        callback_id=EXEMPT if shown else NOTICE_ONLY,
        metadata={"r": str(form.round_id)},
        submit="対象外にする" if shown else "",
    )


def read_exempt(view: Mapping[str, Any]) -> TypedExempt:
    """What was ticked; Refused when malformed."""
    inputs = read_inputs(view)
    groups = [block_id for block_id in inputs.states if block_id.startswith(f"{GROUP}:")]
    ticked = [value for block_id in groups[:_GROUPS] for value in inputs.ticked(block_id)]
    ids = [decode_number(value) for value in ticked]
    if not all(ids):
        raise Refused(UNREADABLE)
    reason = storable(kept(inputs.text(REASON), _REASON_LENGTH))
    return TypedExempt(inputs.number("r"), tuple(dict.fromkeys(i for i in ids if i)), reason)


def build_exempted(codes: Sequence[str], skipped: Sequence[str]) -> Json:
    """Which items are 対象外 now, and which were left since they have an answer."""
    blocks = [section(f"*{len(codes)}件を対象外にしました。*\n{_codes(codes)}".strip())]
    if skipped:
        blocks.append(
            section(f"次の項目はすでに入力されているため、変えていません。\n{_codes(skipped)}")
        )
    return modal(_EXEMPT_TITLE, blocks, callback_id=NOTICE_ONLY)


def plan_title(unit_name: str, fiscal_year: int, form: str) -> str:
    """「あおぞら区　令和8年度 様式3」, plain text."""
    return f"{unit_name}{WIDE}{era_year(fiscal_year)} {form}"


def day_of_other_year(first_year: int, last_year: int) -> str:
    """Why an item can't have joined the plan on that day."""
    years = "から".join(era_year(year) for year in dict.fromkeys((first_year, last_year)))
    return f"この計画の年度({years})の日を選んでください。"


_TEXTS = (
    (OUTLINE, "取組の概要"),
    (TARGET, "目標"),
    (ACTIVITIES, "当年度の取組内容"),
    (YEARS_TARGET, "当年度の目標"),
)


def _blocks(form: AdditionForm) -> Iterator[Json]:
    yield section(f"*{escape_line(form.title, 200)}*\nいま{form.items}件の取組項目があります。")
    yield from _to_exempt(form.rounds)
    code = line_input(f"{INPUT}:{CODE}", form.code, most=_CODE_LENGTH)
    yield input_(CODE, "番号", code, required=True)
    name = line_input(f"{INPUT}:{NAME}", "", most=_NAME_LENGTH)
    yield input_(NAME, "取組項目の名前", name, required=True)
    for key, label in _TEXTS:
        yield input_(key, label, text_input(f"{INPUT}:{key}", "", most=MAX_TEXT))
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


def _to_exempt(rounds: Sequence[Exemptable]) -> Iterator[Json]:
    for each in rounds[:5]:
        words = f"{line(each.title)}　未入力{each.left}件"
        says = f"{line(each.title)} 対象外をまとめて設定"
        pressed = button("対象外をまとめて設定", EXEMPT_OPEN, str(each.round_id), says=says)
        yield section(escape_line(words, 200), pressed)
    if rounds:
        yield divider()


def _exempt(form: ExemptForm, shown: Sequence[ExemptItem], page: int, pages: int) -> Iterator[Json]:
    yield section(
        f"*{escape_line(form.title, 200)}*\n"
        "年度の途中から始めた項目などを、対象外にします。とりまとめ担当が入力したものとして残ります。"
    )
    if not shown:
        yield section("未入力の項目はありません。")
        return
    for start in range(0, len(shown), _OPTIONS):
        number = start // _OPTIONS  # of the page: a fault stands under the first
        some = shown[start : start + _OPTIONS]
        options = [_option(each) for each in some]
        ticked = [str(each.id) for each in some if each.added]
        element = checkboxes(f"{INPUT}:{GROUP}-{page}-{number}", options, ticked)
        yield input_(f"{GROUP}:{number}", "未入力の項目" if number == 0 else "(続き)", element)
    if pages > 1:
        yield context(
            f"全{len(form.items)}件のうち、{page + 1}／{pages}ページです。"
            "ページを移ると、選んだものは外れます。ページごとに設定してください。"
        )
        yield actions(*_turns(form.round_id, page, pages))
    if form.late:
        reason = text_input(f"{INPUT}:{REASON}", "", most=_REASON_LENGTH)
        yield input_(REASON, "入力期間のあとに設定する理由", reason, required=True)


def _turns(round_id: int, page: int, pages: int) -> Iterator[Json]:
    if page > 0:
        value = Page(round_id, page - 1).encode()
        yield button("前のページ", f"{EXEMPT_OPEN}:previous", value)
    if page < pages - 1:
        value = Page(round_id, page + 1).encode()
        yield button("次のページ", f"{EXEMPT_OPEN}:next", value)


def _option(item: ExemptItem) -> Json:
    added = f"{day_words(item.added)}に追加" if item.added else ""
    words = f"{item_name(item.code)}{WIDE}{line(item.title)}"
    return option(words, str(item.id), description=added)


def _codes(codes: Sequence[str]) -> str:
    shown = "、".join(escape_line(item_name(code), 60) for code in codes[:_NAMED])
    return shown + (f" ほか{len(codes) - _NAMED}件" if len(codes) > _NAMED else "")
