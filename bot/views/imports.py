"""A file that was put into the conversation: what it would change, its faults, and what was done.

The message is changed in place: read, applied, taken back.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from bot.domain.calendar import era_year, fiscal_year_of
from bot.domain.people import Role
from bot.domain.plans import Fault
from bot.views.actions import (
    IMPORT_APPLY,
    IMPORT_FILE,
    IMPORT_PAGE,
    IMPORT_PLACE,
    IMPORT_PLACE_OPEN,
    IMPORT_UNDO,
    INPUT,
    NOTICE_ONLY,
    MessageAt,
    Page,
)
from bot.views.blocks import (
    Json,
    Rendered,
    actions,
    button,
    choice,
    context,
    file_input,
    input_,
    modal,
    option,
    section,
)
from bot.views.help import ROLES
from bot.views.inputs import read_inputs
from bot.views.text import escape, escape_line, units
from bot.views.words import DOT, WIDE, day_words, item_title, moment_words, name_words, people

FILE = "file"
WARD = "ward"
YEAR = "year"
STATE = "state"

MAY_NOT = "ファイルの取り込みができるのは、とりまとめ担当だけです。"
NOT_YOURS = "この取り込みを扱えるのは、その区のとりまとめ担当だけです。"
GONE = (
    "この取り込みの内容は残っていません。"
    "必要なときは、ファイルをもう一度 kaikaku との会話に置いてください。"
)
APPLIED = "このファイルは、すでに取り込まれています。"
UNDONE = "この取り込みは、すでに元に戻されています。"
NOT_APPLIED = "このファイルは、まだ取り込まれていません。"
CHANGED_SINCE = "取り込みのあとに、同じところが変えられています。元に戻すことはできません。"
ROUND_SET = "取り込んだ計画に、振り返りの期間が設定されています。元に戻すことはできません。"
USED_SINCE = "取り込んだ内容が、ほかの登録で使われています。元に戻すことはできません。"
ANSWERED_SINCE = (
    "取り込みのあとに、入力か確認がされた取組項目があります。元に戻すことはできません。"
)
NO_FILE = "ファイルを選んでください。"

_NOTHING_DONE = "まだ何も登録していません。"
_FILE_SHOWN = 80
_TITLE_SHOWN = 80
_FIELD_SHOWN = 160
_SECTION = 2_600  # of the 3,000 that Slack takes, in one block
# What is read without scrolling for long; Slack takes more.
_PAGE_TEXT, _PAGE_LINES = 4_000, 45
_YEARS_BACK, _YEARS_AHEAD = 3, 1
_FINAL, _DRAFT = "final", "draft"
_UNCHANGED = 7
_FILES = 5


class ChangeKind(StrEnum):
    """What becomes of one thing."""

    ADDED = "added"
    CHANGED = "changed"
    ENDED = "ended"


class Subject(StrEnum):
    """What a change is about."""

    PLAN = "plan"
    INITIATIVE = "initiative"
    ANSWER = "answer"
    PERSON = "person"
    ACCOUNT = "account"
    ROLE = "role"
    OWNERSHIP = "ownership"
    SECTION = "section"
    UNIT = "unit"
    CLOSURE = "closure"


class ImportState(StrEnum):
    """How far a file has come."""

    FAULTY = "faulty"
    NOTHING_NEW = "nothing-new"
    READY = "ready"
    APPLIED = "applied"
    UNDONE = "undone"


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


@dataclass(frozen=True)
class PlanHeading:
    """A plan that the file holds."""

    unit_name: str
    year: int
    name: str
    draft: bool
    items: int


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
class Choices:
    """What is said beside a plan's file; ``ward`` is a unit's code, "" as the file says."""

    ward: str = ""
    year: int | None = None
    draft: bool = False


@dataclass(frozen=True)
class ImportShown:
    """A file on the screen. ``name`` and ``at``: who read, applied or undid it last, and when.

    ``moved``: what it changes is not what was shown before.
    """

    batch_id: int
    file_name: str
    state: ImportState
    report: ImportReport
    name: str
    at: datetime
    takes_choices: bool = False
    moved: bool = False


@dataclass(frozen=True)
class PlaceForm:
    """What may be chosen beside a plan: units by code, years around today."""

    batch_id: int
    units: tuple[tuple[str, str], ...]
    today: date
    chosen: Choices = field(default_factory=Choices)
    year_hint: int | None = None


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


def build_file_form() -> Json:
    """The modal in which a file is chosen, for those who do not drop it."""
    words = (
        "様式3のテキスト、取組一覧(.csv、.xlsx)、名簿(.csv、.xlsx)、"
        "区の問い合わせ先と閉庁日の表(.csv、.xlsx)を読み取ります。"
        "kaikaku との会話にファイルを置いても、同じように読み取ります。\n"
        "読み取った内容と変わるところをお見せしてから、取り込みます。"
    )
    return modal(
        "ファイルの取り込み",
        [
            section(words),
            input_(FILE, "ファイル", file_input(f"{INPUT}:{FILE}", most=_FILES), required=True),
        ],
        callback_id=IMPORT_FILE,
        metadata={},
        submit="読み取る",
    )


def read_file_form(view: Mapping[str, Any]) -> tuple[str, ...]:
    """The ids of the files that were chosen."""
    return read_inputs(view).files(FILE)


def build_reading() -> Json:
    """That the files are being read."""
    text = "読み取っています。結果は、kaikaku との会話に届きます。"
    return modal("ファイルの取り込み", [section(text)], callback_id=NOTICE_ONLY)


def build_place_form(form: PlaceForm, at: MessageAt) -> Json:
    """Ward, year and state of a plan; ``at`` is the message that then shows them."""
    chosen = form.chosen
    year = chosen.year or form.year_hint
    return modal(
        "区・年度を決める",
        [
            section("ファイルに書かれているときは、その区と年度で取り込みます。"),
            input_(WARD, "区", choice(f"{INPUT}:{WARD}", _unit_options(form), chosen.ward)),
            input_(YEAR, "年度", choice(f"{INPUT}:{YEAR}", _year_options(form), str(year))),
            input_(
                STATE,
                "計画の状態",
                choice(f"{INPUT}:{STATE}", _state_options(), _DRAFT if chosen.draft else _FINAL),
                required=True,
            ),
        ],
        callback_id=IMPORT_PLACE,
        metadata={"b": str(form.batch_id), "m": at.encode()},
        submit="この内容で読み直す",
    )


def read_place_form(view: Mapping[str, Any]) -> tuple[int, Choices, MessageAt]:
    """What was chosen; Refused when malformed."""
    inputs = read_inputs(view)
    year = inputs.chosen(YEAR)
    choices = Choices(
        ward=inputs.chosen(WARD),
        year=int(year) if year.isdecimal() and len(year) == 4 else None,
        draft=inputs.chosen(STATE) == _DRAFT,
    )
    return inputs.number("b"), choices, inputs.message("m")


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
    return "\n".join(line for line in lines if line)


def _plan_line(plan: PlanHeading) -> str:
    state = "案" if plan.draft else "確定"
    said = f"{name_words(plan.unit_name)} {era_year(plan.year)} {name_words(plan.name)}({state})"
    return f"{said}{WIDE}取組項目{plan.items}件"


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
            yield from _whole(f"{heading}• {_SUBJECTS[row.subject](row)}", row.fields)
    if report.warnings:
        yield "*確かめてください*"
        yield from (f"• {escape(words, _SECTION // 2)}" for words in report.warnings)
    if report.unreachable:
        yield "*Slackで見つからない方* (お知らせは届きません。とりまとめ担当が代わりに入力します)"
        yield from (f"• {each.row}行目 {name_words(each.name)}" for each in report.unreachable)


def _whole(said: str, fields: Sequence[FieldChange]) -> Iterator[str]:
    """A change with its fields, in as few pieces as blocks take: they stay on one page."""
    for each in map(_field, fields):
        if units(said) + 1 + units(each) > _SECTION:
            yield said
            said = each
        else:
            said = f"{said}\n{each}"
    yield said


def _field(change: FieldChange) -> str:
    label = escape_line(_LABELS.get(change.label, change.label), _TITLE_SHOWN)
    return f"{WIDE}{WIDE}{label}：{_value(change.before)} → {_value(change.after)}"


def _value(text: str) -> str:
    shown = _STATE_WORDS.get(text, text)
    return f"「{escape_line(_day(shown), _FIELD_SHOWN)}」" if shown else "(なし)"


def _plan(row: ChangeRow) -> str:
    return f"計画{WIDE}{name_words(row.name)} {era_year(row.year)} {name_words(row.title)}"


def _initiative(row: ChangeRow) -> str:
    return item_title(row.name, row.title, _TITLE_SHOWN)


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


def _buttons(shown: ImportShown, page: int, pages: int) -> Iterator[Json]:
    batch = str(shown.batch_id)
    if shown.state is ImportState.READY:
        yield button("取り込む", IMPORT_APPLY, batch, primary=True)
    if shown.takes_choices and shown.state in _OPEN:
        yield button("区・年度を決める", IMPORT_PLACE_OPEN, batch)
    if shown.state is ImportState.APPLIED:
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


def _unit_options(form: PlaceForm) -> list[Json]:
    return [option(name, code) for code, name in form.units[:100]]


def _year_options(form: PlaceForm) -> list[Json]:
    now = fiscal_year_of(form.today)
    years = {*range(now - _YEARS_BACK, now + _YEARS_AHEAD + 1)}
    years |= {year for year in (form.year_hint, form.chosen.year) if year}
    return [option(era_year(year), str(year)) for year in sorted(years, reverse=True)]


def _state_options() -> list[Json]:
    return [option("確定", _FINAL), option("案", _DRAFT)]


_OPEN = (ImportState.FAULTY, ImportState.READY, ImportState.NOTHING_NEW)
_STATE_WORDS = {_FINAL: "確定", _DRAFT: "案"}
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
_LABELS = {
    "name": "名前",
    "email": "メールアドレス",
    "contact": "問い合わせ先",
    "extension": "内線",
    "state": "状態",
    "position": "順番",
    "valid_from": "始まりの日",
    "valid_to": "終わりの日",
}
_SUBJECTS = {
    Subject.PLAN: _plan,
    Subject.INITIATIVE: _initiative,
    Subject.ANSWER: _answer,
    Subject.PERSON: _person,
    Subject.ACCOUNT: _account,
    Subject.ROLE: _role,
    Subject.OWNERSHIP: _ownership,
    Subject.SECTION: _section,
    Subject.UNIT: _unit,
    Subject.CLOSURE: _closure,
}
