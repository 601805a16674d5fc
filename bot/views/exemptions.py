"""The modal in which several items at once are set to 対象外, page by page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.domain.errors import Refused
from bot.views.actions import EXEMPT, EXEMPT_OPEN, INPUT, NOTICE_ONLY
from bot.views.blocks import (
    Json,
    actions,
    button,
    checkboxes,
    context,
    divider,
    input_,
    modal,
    option,
    section,
    text_input,
)
from bot.views.carried import UNREADABLE
from bot.views.inputs import read_inputs
from bot.views.targets import Page, decode_number
from bot.views.text import escape_line, kept, line, storable
from bot.views.words import WIDE, day_words, item_name

GROUP = "group"
REASON = "why"

NOTHING_CHOSEN = "対象外にする項目を選んでください。"
REASON_MISSING = "入力期間のあとに設定する理由を入力してください。"
NO_EXEMPTION = "この振り返りには「対象外」がありません。項目ごとに入力してください。"
NOT_TAKEN = "この振り返りは、いま入力を受け付けていません。日程を確かめてください。"

_TITLE = "対象外の設定"
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


def build_exempt(form: ExemptForm) -> Json:
    """Items to be ticked, those added during the year first and ticked; fifty on a page."""
    ordered = sorted(form.items, key=lambda each: each.added is None)
    pages = max(-(-len(ordered) // _PAGE), 1)
    page = min(form.page, pages - 1)
    shown = ordered[page * _PAGE : (page + 1) * _PAGE]
    return modal(
        _TITLE,
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
    return modal(_TITLE, blocks, callback_id=NOTICE_ONLY)


def rows_to_exempt(rounds: Sequence[Exemptable]) -> Iterator[Json]:
    """A row for each round, with the button that opens the modal."""
    for each in rounds[:5]:
        words = f"{line(each.title)}　未入力{each.left}件"
        says = f"{line(each.title)} 対象外をまとめて設定する"
        pressed = button("対象外をまとめて設定する", EXEMPT_OPEN, str(each.round_id), says=says)
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
