"""「前の年度の項目とつなぐ」: which item of an earlier year each item of a plan continues."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.domain.calendar import era_year
from bot.domain.errors import Refused
from bot.views.actions import LINEAGE, LINEAGE_OPEN, LINEAGE_SEARCH, NOTICE_ONLY
from bot.views.blocks import (
    SELECT_OPTIONS,
    Json,
    actions,
    button,
    context,
    external_select,
    input_,
    modal,
    option,
    section,
)
from bot.views.carried import UNREADABLE
from bot.views.inputs import read_inputs
from bot.views.refusals import coordinators_only
from bot.views.targets import LinkTarget, decode_number
from bot.views.text import line
from bot.views.words import WIDE, item_name, name_words

MAY_NOT = coordinators_only("前の年度の項目とつなぐことができる")
NOT_EARLIER = "前の年度の計画にない項目です。選び直してください。"
BUTTON_LABEL = "前の年度の項目とつなぐ"

_TITLE = "前の年度とのつながり"
_NONE = "0"  # no initiative has this id
_NONE_WORDS = "つながない"
_PAGE = 20
_SAME_TITLE = "同じ題名の項目を候補にしています。保存するとつながります。"
_BY_NAME = "番号と題名が同じため、自動でつながっています。選ぶと、そちらを優先します。"


@dataclass(frozen=True)
class Earlier:
    """An item of an earlier year."""

    id: int
    year: int
    code: str
    title: str


@dataclass(frozen=True)
class LinkItem:
    """An item and what it continues: as a coordinator has said (``linked``), or by its name.

    ``proposed`` is of the same title, where it continues nothing yet.
    """

    id: int
    code: str
    title: str
    linked: Earlier | None = None
    namesake: Earlier | None = None
    proposed: Earlier | None = None


@dataclass(frozen=True)
class LinkForm:
    """A plan's items in printed order; ``has_earlier``: the unit has plans of earlier years."""

    plan_title: str
    items: tuple[LinkItem, ...]
    target: LinkTarget
    has_earlier: bool = True

    @property
    def listed(self) -> tuple[LinkItem, ...]:
        """Those of which a hand is needed, or all."""
        if self.target.every:
            return self.items
        return tuple(each for each in self.items if each.linked or not each.namesake)


@dataclass(frozen=True)
class TypedLinks:
    """What was chosen on a page, 0 for nothing; ``shown`` is what was stored when it was opened."""

    target: LinkTarget
    chosen: Mapping[int, int] = field(default_factory=dict)
    shown: Mapping[int, int] = field(default_factory=dict)

    @property
    def changes(self) -> dict[int, int]:
        """What is to be stored: what nobody has touched stays, whatever others do meanwhile."""
        return {
            item: follows
            for item, follows in self.chosen.items()
            if follows != self.shown.get(item, 0)
        }


def build_links(form: LinkForm, *, note: str = "") -> Json:
    """One page of the items, each with a search; a page beyond the last shows the last."""
    listed = form.listed if form.has_earlier else ()
    pages = max(-(-len(listed) // _PAGE), 1)
    page = min(max(form.target.page, 0), pages - 1)
    shown = listed[page * _PAGE : (page + 1) * _PAGE]
    target = LinkTarget(form.target.plan_id, page, form.target.every)
    known = {str(each.id): each.linked.id if each.linked else 0 for each in shown}
    return modal(
        _TITLE,
        [*([section(note)] if note else []), *_blocks(form, shown, target, pages)],
        callback_id=LINEAGE if shown else NOTICE_ONLY,
        metadata={"t": target.encode(), "k": known},
        submit="保存する" if shown else "",
    )


def build_linked(form: LinkForm, saved: int) -> Json:
    """What was stored, only ever said after the commit, and the next page if there is one."""
    said = f"*{saved}件を保存しました。*" if saved else "変わったところはありません。"
    pages = -(-len(form.listed) // _PAGE)
    after = LinkTarget(form.target.plan_id, form.target.page + 1, form.target.every)
    if after.page < pages:
        return build_links(LinkForm(form.plan_title, form.items, after), note=said)
    return modal(
        _TITLE,
        [section(f"{said}\n{_counts(form)}"), *_turning(form.target, 1)],
        callback_id=NOTICE_ONLY,
    )


def read_links(view: Mapping[str, Any]) -> TypedLinks:
    """What was chosen; Refused when malformed."""
    inputs = read_inputs(view)
    target, known = LinkTarget.decode(inputs.metadata.get("t")), inputs.metadata.get("k")
    if target is None or not isinstance(known, dict):
        raise Refused(UNREADABLE)
    chosen = {
        item: decode_number(inputs.chosen(block_id)) or 0
        for block_id in inputs.states
        if (item := decode_number(block_id)) is not None
    }
    shown = {
        item: follows
        for key, follows in known.items()
        if (item := decode_number(key)) is not None and isinstance(follows, int)
    }
    return TypedLinks(target, chosen, shown)


def read_search(body: Mapping[str, Any]) -> tuple[LinkTarget, str]:
    """Which plan's modal asks for options, and what was typed; Refused when malformed."""
    target = LinkTarget.decode(read_inputs(body.get("view") or {}).metadata.get("t"))
    if target is None:
        raise Refused(UNREADABLE)
    return target, str(body.get("value") or "")


def options_of(found: Sequence[Earlier], *, searched: bool) -> list[Json]:
    """What is offered; 「つながない」 first, unless something is looked for."""
    none = [] if searched else [option(_NONE_WORDS, _NONE)]
    return [*none, *map(_option, found)][:SELECT_OPTIONS]


def _option(earlier: Earlier) -> Json:
    return option(earlier_words(earlier), str(earlier.id))


def earlier_words(earlier: Earlier) -> str:
    """「令和7年度 取組項目3　見守り訪問」."""
    name = line(f"{item_name(earlier.code)}{WIDE}{earlier.title}")
    return f"{era_year(earlier.year)} {name}"


def _blocks(
    form: LinkForm, shown: Sequence[LinkItem], target: LinkTarget, pages: int
) -> Iterator[Json]:
    yield section(_head(form))
    if not form.has_earlier:
        return
    for item in shown:
        yield _item(item)
    if pages > 1:
        yield context(
            f"{target.page + 1}／{pages}ページ。保存すると次のページへ進みます。"
            "保存せずにページを移ると、選んだものは残りません。"
        )
    yield from _turning(target, pages)


def _head(form: LinkForm) -> str:
    head = f"*{name_words(form.plan_title)}*"
    if not form.has_earlier:
        return f"{head}\n前の年度の計画が登録されていないため、つなぐ項目がありません。"
    return (
        f"{head}\n{_counts(form)}\n"
        "番号や題名が変わった項目を、前の年度の項目とつなぎます。つなぐと、前の年度の内容を"
        "入力画面や「年度を並べて見る」で読めます。"
    )


def _counts(form: LinkForm) -> str:
    linked = sum(each.linked is not None for each in form.items)
    by_name = sum(each.linked is None and each.namesake is not None for each in form.items)
    left = len(form.items) - linked - by_name
    return (
        f"全{len(form.items)}件：番号と題名が同じもの{by_name}件、つないだもの{linked}件、"
        f"つながりのないもの{left}件"
    )


def _item(item: LinkItem) -> Json:
    chosen = item.linked or item.proposed
    element = external_select(
        f"{LINEAGE_SEARCH}:item",
        _option(chosen) if chosen else None,
        placeholder="番号や題名で探す",
    )
    label = line(f"{item_name(item.code)}{WIDE}{item.title}")
    return input_(str(item.id), label, element, hint=_hint(item))


def _hint(item: LinkItem) -> str:
    if item.linked:
        return ""
    if item.namesake:
        return f"{earlier_words(item.namesake)}{WIDE}{_BY_NAME}"
    return _SAME_TITLE if item.proposed else ""


def _turning(target: LinkTarget, pages: int) -> Iterator[Json]:
    buttons = []
    for words, name, to in (
        ("前のページ", "previous", target.page - 1),
        ("次のページ", "next", target.page + 1),
    ):
        if 0 <= to < pages:
            value = LinkTarget(target.plan_id, to, target.every).encode()
            buttons.append(button(words, f"{LINEAGE_OPEN}:{name}", value))
    other = LinkTarget(target.plan_id, 0, not target.every).encode()
    words = "つながりのない項目だけ見る" if target.every else "すべての項目を見る"
    yield actions(*buttons, button(words, f"{LINEAGE_OPEN}:other", other))
