"""A file that was put into the conversation: what it would change, its faults, and what was done.

The message is changed in place: read, applied, taken back.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.calendar import era_year
from bot.domain.plans import Fault
from bot.views.actions import (
    IMPORT_APPLY,
    IMPORT_PAGE,
    IMPORT_PLACE_OPEN,
    IMPORT_UNDO,
    UNREADABLE_OPEN,
)
from bot.views.blocks import (
    Json,
    Rendered,
    actions,
    button,
    context,
    section,
)
from bot.views.import_changes import ChangeKind, ChangeRow, FieldChange, change_words, field_words
from bot.views.refusals import coordinators_only
from bot.views.targets import Page
from bot.views.text import escape, escape_line, units
from bot.views.unreadable import BUTTON_LABEL as UNREADABLE_LABEL
from bot.views.words import DOT, WIDE, moment_words, name_words

MAY_NOT = coordinators_only("ファイルの取り込みができる")
NOT_YOURS = coordinators_only("この取り込みを扱える")
GONE = (
    "この取り込みの内容は残っていません。"
    "必要なときは、ファイルをもう一度 kaikaku との会話に置いてください。"
)
APPLIED = "このファイルは、すでに取り込まれています。"
UNDONE = "この取り込みは、すでに元に戻されています。"
NOT_APPLIED = "このファイルは、まだ取り込まれていません。"
_NO_WAY_BACK = (
    "元に戻すことはできません。直すところがあるときは、直したファイルをこの会話に置いてください。"
)
CHANGED_SINCE = "取り込みのあとに、同じところが変えられています。" + _NO_WAY_BACK
ROUND_SET = "取り込んだ計画に、振り返りの期間が設定されています。" + _NO_WAY_BACK
USED_SINCE = "取り込んだ内容が、ほかの登録で使われています。" + _NO_WAY_BACK
PUBLISHED_SINCE = "取り込んだ内容を含む振り返りが公表済みです。元に戻すことはできません。"
ANSWERED_SINCE = "取り込みのあとに、入力か確認がされた取組項目があります。" + _NO_WAY_BACK

_NOTHING_DONE = "まだ何も登録していません。"
_FILE_SHOWN = 80
_SECTION = 2_600  # of the 3,000 that Slack takes, in one block
# What is read without scrolling for long; Slack takes more.
_PAGE_TEXT, _PAGE_LINES = 4_000, 45
_UNCHANGED = 7


class ImportState(StrEnum):
    """How far a file has come."""

    FAULTY = "faulty"
    NOTHING_NEW = "nothing-new"
    READY = "ready"
    APPLIED = "applied"
    UNDONE = "undone"


@dataclass(frozen=True)
class PlanHeading:
    """A plan that the file holds."""

    unit_name: str
    year: int
    name: str
    draft: bool
    items: int
    item: str = "取組項目"


@dataclass(frozen=True)
class Reader:
    """Somebody of a roster who is not found in Slack."""

    row: int
    name: str


@dataclass(frozen=True)
class ImportReport:
    """What a file would change, or why it can't be taken in."""

    plans: tuple[PlanHeading, ...] = ()
    changes: tuple[ChangeRow, ...] = ()
    unchanged: int = 0
    warnings: tuple[str, ...] = ()
    unreachable: tuple[Reader, ...] = ()
    reason: str = ""
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True)
class ImportShown:
    """A file on the screen. ``name`` and ``at``: who read, applied or undid it last, and when.

    ``moved``: what it changes is not what was shown before. ``lost``: answers of the unit of which
    published files have lost marks.
    """

    batch_id: int
    file_name: str
    state: ImportState
    report: ImportReport
    name: str
    at: datetime
    takes_choices: bool = False
    moved: bool = False
    unit_id: int = 0
    lost: int = 0


def render_import(shown: ImportShown, page: int = 0) -> Rendered:
    """One page of it, as it stands."""
    pages = _pages(list(_lines(shown)))
    number = min(max(page, 0), len(pages) - 1)
    blocks = [section(_head(shown))]
    blocks += [section(text) for text in _joined(pages[number])]
    if buttons := list(_buttons(shown, number, len(pages))):
        blocks.append(actions(*buttons))
    blocks.append(context(_foot(shown, number, len(pages))))
    return Rendered(_NOTIFICATIONS[shown.state], blocks)


def _head(shown: ImportShown) -> str:
    name = escape_line(shown.file_name, _FILE_SHOWN) or "名前のないファイル"
    first = f"*{_TITLES[shown.state]}*{WIDE}{name}"
    lines = [first, *(_plan_line(each) for each in shown.report.plans[:_UNCHANGED])]
    if shown.moved:
        lines.append(
            "*読み取ったあとに登録が変わっています。変わるところを、もう一度確かめてください。*"
        )
    if shown.state is ImportState.FAULTY:
        lines.append(escape(shown.report.reason))
    else:
        lines.append(_counts(shown.report))
    if shown.lost:
        lines.append(
            f"公表資料のファイルから読み取れなかった印のある内容が{shown.lost}件あります。"
            "紙の資料で確認してください。"
        )
    return "\n".join(line for line in lines if line)


def _plan_line(plan: PlanHeading) -> str:
    state = "案" if plan.draft else "確定"
    said = f"{name_words(plan.unit_name)} {era_year(plan.year)} {name_words(plan.name)}({state})"
    return f"{said}{WIDE}{name_words(plan.item)}{plan.items}件"


def _counts(report: ImportReport) -> str:
    counted = {kind: sum(row.kind is kind for row in report.changes) for kind in ChangeKind}
    return DOT.join(
        [
            f"追加 {counted[ChangeKind.ADDED]}",
            f"変更 {counted[ChangeKind.CHANGED]}",
            f"終了 {counted[ChangeKind.ENDED]}",
            f"変更なし {report.unchanged}",
        ]
    )


def _lines(shown: ImportShown) -> Iterator[str]:
    """What is listed, a line or a few each: faults, or changes by kind and then warnings."""
    report = shown.report
    for fault in report.faults:
        if str(fault):
            yield f"• {escape(str(fault), _SECTION // 2)}"
    for kind in ChangeKind:
        rows = [row for row in report.changes if row.kind is kind]
        for index, row in enumerate(rows):
            heading = f"*{_KINDS[kind]}*\n" if index == 0 else ""
            yield from _whole(f"{heading}• {change_words(row)}", row.fields)
    if report.warnings:
        yield "*確かめてください*"
        yield from (f"• {escape(words, _SECTION // 2)}" for words in report.warnings)
    if report.unreachable:
        yield "*Slackで見つからない方* (お知らせは届きません。とりまとめ担当が代わりに入力します)"
        yield from (f"• {each.row}行目 {name_words(each.name)}" for each in report.unreachable)


def _whole(said: str, fields: Sequence[FieldChange]) -> Iterator[str]:
    """A change with its fields, in as few pieces as blocks take: they stay on one page."""
    for each in map(field_words, fields):
        if units(said) + 1 + units(each) > _SECTION:
            yield said
            said = each
        else:
            said = f"{said}\n{each}"
    yield said


def _buttons(shown: ImportShown, page: int, pages: int) -> Iterator[Json]:
    batch = str(shown.batch_id)
    if shown.state is ImportState.READY:
        yield button("取り込む", IMPORT_APPLY, batch, primary=True)
    if shown.takes_choices and shown.state in _OPEN:
        yield button("区・年度を決める", IMPORT_PLACE_OPEN, batch)
    if shown.state is ImportState.APPLIED:
        if shown.lost:
            yield button(UNREADABLE_LABEL, UNREADABLE_OPEN, str(shown.unit_id))
        yield button("元に戻す", IMPORT_UNDO, batch)
    if page > 0:
        value = Page(shown.batch_id, page - 1).encode()
        yield button("前のページ", f"{IMPORT_PAGE}:back", value)
    if page < pages - 1:
        value = Page(shown.batch_id, page + 1).encode()
        yield button("次のページ", f"{IMPORT_PAGE}:next", value)


def _foot(shown: ImportShown, page: int, pages: int) -> str:
    counted = f"{page + 1}／{pages}ページ" if pages > 1 else ""
    who = f"{name_words(shown.name)}さん" if shown.name else ""
    when = moment_words(shown.at)
    said = {
        ImportState.FAULTY: f"{_NOTHING_DONE}ファイルを直して、もう一度この会話に置いてください。",
        ImportState.NOTHING_NEW: "登録されている内容と同じです。取り込む必要はありません。",
        ImportState.READY: f"{_NOTHING_DONE}「取り込む」を押すと登録します。",
        ImportState.APPLIED: (
            f"{who}が{when}に取り込みました。取り込んだ内容に入力や変更があるまでは、元に戻せます。"
        ),
        ImportState.UNDONE: f"{who}が{when}に元に戻しました。",
    }
    return DOT.join(part for part in (counted, said[shown.state]) if part)


def _pages(lines: Sequence[str]) -> list[list[str]]:
    """Every line once, in order; at least one page."""
    pages: list[list[str]] = [[]]
    for each in lines:
        if pages[-1] and not _fits([*pages[-1], each]):
            pages.append([])
        pages[-1].append(each)
    return pages


def _fits(lines: Sequence[str]) -> bool:
    text = "\n".join(lines)
    return units(text) <= _PAGE_TEXT and text.count("\n") < _PAGE_LINES


def _joined(lines: Sequence[str]) -> Iterator[str]:
    """As few blocks as hold the lines."""
    text = ""
    for each in lines:
        if text and units(text) + 1 + units(each) > _SECTION:
            yield text
            text = ""
        text = f"{text}\n{each}" if text else each
    if text:
        yield text


_OPEN = (ImportState.FAULTY, ImportState.READY, ImportState.NOTHING_NEW)
_TITLES = {
    ImportState.FAULTY: "取り込めません",
    ImportState.NOTHING_NEW: "変わるところはありません",
    ImportState.READY: "取り込むと、次のように変わります",
    ImportState.APPLIED: "取り込みました",
    ImportState.UNDONE: "元に戻しました",
}
_NOTIFICATIONS = {
    ImportState.FAULTY: "ファイルを取り込めません。誤りか足りないものがあります",
    ImportState.NOTHING_NEW: "ファイルを読み取りました。変わるところはありません",
    ImportState.READY: "ファイルを読み取りました。変わるところを確かめてください",
    ImportState.APPLIED: "ファイルを取り込みました",
    ImportState.UNDONE: "取り込みを元に戻しました",
}
_KINDS = {ChangeKind.ADDED: "追加", ChangeKind.CHANGED: "変更", ChangeKind.ENDED: "終了"}
