"""「様式を出力」: which year, review and format; the file itself goes to the one who asks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from bot.domain.documents import FormFormat
from bot.domain.errors import Refused
from bot.views.actions import DOCUMENT, INPUT, NOTICE_ONLY
from bot.views.blocks import Json, choice, context, input_, modal, option, section, select
from bot.views.carried import UNREADABLE
from bot.views.inputs import read_inputs
from bot.views.targets import AllTarget, DocumentTarget
from bot.views.text import escape, escape_line
from bot.views.words import name_words

OPEN_LABEL = "様式を出力"
NO_CORRECTIONS = "公表後の修正はありません。正誤表は作れません。"
NO_PLAN = "出力できる計画がありません。計画が登録されると、出力できます。"
NOT_SENT_TITLE = "様式を送れませんでした"
KIND, CONTENT, FORMAT = "kind", "content", "format"

_TITLE = "様式を出力"
_MOST_KINDS = 100  # options of a select
_FORMATS = (
    (FormFormat.XLSX, "Excel(様式の形)"),
    (FormFormat.DOCX, "Word"),
    (FormFormat.PDF, "PDF"),
)


class Content(StrEnum):
    """What of a review is taken."""

    FORM = "form"
    WITH_PAST = "with-past"  # with what was said of each item a year before
    CORRECTIONS = "corrections"


CONTENT_NAMES = {Content.CORRECTIONS: "正誤表", Content.WITH_PAST: "庁内用"}
_CONTENTS = {
    Content.FORM: "様式",
    Content.WITH_PAST: "様式に前の年度の内容を添えたもの(庁内用)",
    Content.CORRECTIONS: "公表後の修正一覧(正誤表)",
}


@dataclass(frozen=True)
class DocumentChoice:
    """One review of one year that can be taken: 「令和8年度 自己評価」."""

    target: DocumentTarget
    title: str
    published: bool = False


@dataclass(frozen=True)
class DocumentForm:
    """What somebody may take of a unit, newest first, or (``units``) of all that they may see.

    ``withholds``: texts that are not confirmed stay out; ``own_only``: only their items are in.
    """

    name: str
    choices: tuple[DocumentChoice, ...] = ()
    chosen: DocumentTarget | None = None
    units: AllTarget | None = None
    withholds: bool = False
    own_only: bool = False


@dataclass(frozen=True)
class TypedDocument:
    """What was chosen: of a unit's review, or the summary of all units."""

    format: FormFormat
    target: DocumentTarget | None = None
    units: AllTarget | None = None
    content: Content = Content.FORM


def build_form(form: DocumentForm) -> Json:
    """What is to be chosen, with what will not stand in the file."""
    metadata = {"a": form.units.encode()} if form.units else {}
    return modal(
        _TITLE, _blocks(form), callback_id=DOCUMENT, metadata=metadata, submit="ファイルを作る"
    )


def read_form(view: Mapping[str, Any]) -> TypedDocument:
    """What was chosen; Refused when malformed."""
    inputs = read_inputs(view)
    word = inputs.chosen(FORMAT)
    if word not in list(FormFormat):
        raise Refused(UNREADABLE)
    format_ = FormFormat(word)
    if "a" in inputs.metadata:
        units = AllTarget.decode(inputs.carried("a"))
        if units is None:
            raise Refused(UNREADABLE)
        return TypedDocument(format_, units=units)
    target = DocumentTarget.decode(inputs.chosen(KIND))
    if target is None:
        raise Refused(UNREADABLE)
    content = inputs.chosen(CONTENT)
    if content not in list(Content):
        raise Refused(UNREADABLE)
    return TypedDocument(format_, target, content=Content(content))


def build_making() -> Json:
    """While the file is made, which takes some seconds."""
    text = (
        "ファイルを作っています。できたら kaikaku との会話に送ります。"
        "この画面は閉じてもかまいません。"
    )
    return modal(_TITLE, [section(text)], callback_id=NOTICE_ONLY)


def build_sent(name: str) -> Json:
    """「送りました」, once Slack has taken the file."""
    text = f"*ファイルを kaikaku との会話に送りました。*\n{escape_line(name, 300)}"
    return modal(_TITLE, [section(text)], callback_id=NOTICE_ONLY)


def build_not_made(message: str) -> Json:
    """Why there is no file."""
    text = f"*ファイルを作れませんでした。*\n{escape(message, 1000)}"
    return modal(_TITLE, [section(text)], callback_id=NOTICE_ONLY)


def _blocks(form: DocumentForm) -> Iterator[Json]:
    what = "件数の一覧" if form.units else "様式"
    yield section(f"{name_words(form.name)}の{what}を、ファイルで受け取ります。")
    if form.units is None:
        yield from _kinds(form)
    formats = [option(words, each.value) for each, words in _FORMATS]
    yield input_(
        FORMAT,
        "形式",
        choice(f"{INPUT}:{FORMAT}", formats, FormFormat.XLSX.value),
        required=True,
    )
    yield context(*_small_print(form))


def _kinds(form: DocumentForm) -> Iterator[Json]:
    listed = form.choices[:_MOST_KINDS]
    options = [
        option(f"{each.title}{'(公表済み)' if each.published else ''}", each.target.encode())
        for each in listed
    ]
    chosen = form.chosen or listed[0].target
    kinds = select(f"{INPUT}:{KIND}", options, chosen.encode())
    yield input_(KIND, "年度と種類", kinds, required=True)
    published = any(each.published for each in listed)
    contents = [
        option(words, each.value)
        for each, words in _CONTENTS.items()
        if published or each is not Content.CORRECTIONS
    ]
    chosen_content = choice(f"{INPUT}:{CONTENT}", contents, Content.FORM.value)
    yield input_(CONTENT, "内容", chosen_content, required=True)


def _small_print(form: DocumentForm) -> Iterator[str]:
    yield "公表を記録するまでは、各ページに【未公表】と日時が入ります。"
    if form.withholds:
        yield "確認前の文は「(確認前)」と入ります。"
    if form.own_only:
        yield "担当の項目だけが入ります。"
    yield "ファイルは、あなたと kaikaku との会話だけに届きます。"
