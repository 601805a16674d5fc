"""The text for people without Slack, to be pasted into 庁内メール (wording.md 9)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.domain.fields import Field
from bot.domain.form import Kind, Question
from bot.domain.status import ItemStatus
from bot.views.actions import LETTER_MAIL, NOTICE_ONLY
from bot.views.blocks import Json, actions, button, context, modal, paragraph, section
from bot.views.item_rows import ENTER_FOR, open_button
from bot.views.refusals import coordinators_only
from bot.views.round_info import RoundInfo
from bot.views.targets import Page
from bot.views.text import TEXT_LIMIT, escape_line, line, units
from bot.views.words import WIDE, day_words, item_name, item_title, name_words, option_words

EVERYBODY_REACHED = (
    "庁内メールが必要な方はいません。未入力の方には、Slackでお知らせが届いています。"
)
NOT_YOURS = coordinators_only("庁内メール用の文面を出せる")
NOT_OPEN_YET = "入力の開始日になると、庁内メール用の文面を出せます。"

_MOST_ROWS = 30

_HOW = (
    "Slackをお使いでない場合は、このメールへの返信でお知らせください。"
    "とりまとめ担当が代わりに入力します。"
)


@dataclass(frozen=True)
class MailItem:
    """One item to be asked for, with the fields of its check-in."""

    code: str
    title: str
    fields: tuple[Field, ...]


@dataclass(frozen=True)
class MailPage:
    """One person's text; ``page`` of ``pages``, from 0. ``statuses`` are those of its items."""

    round: RoundInfo
    name: str
    email: str
    items: tuple[MailItem, ...]
    statuses: tuple[ItemStatus, ...] = ()
    page: int = 0
    pages: int = 1


def build_mail(mail: MailPage) -> Json:
    """A person's text to be copied, with a button to enter each item in their place."""
    return modal("庁内メール用の文面", _mail_blocks(mail), callback_id=NOTICE_ONLY)


def mail_subject(round_: RoundInfo) -> str:
    """The subject line."""
    return f"{round_.title}の入力のお願い({day_words(round_.dates.due)}まで)"


def mail_text(round_: RoundInfo, items: Sequence[MailItem]) -> str:
    """The body, plain text: what is asked, by when, and a form to fill in for each item."""
    return "\n".join([*_opening(round_), *(text for item in items for text in _form(item))]) + "\n"


def _opening(round_: RoundInfo) -> Iterator[str]:
    yield f"{round_.title}について、次の{round_.form.item}の入力をお願いします。{_HOW}"
    yield f"入力期限：{day_words(round_.dates.due)}"
    extension = f"内線{line(round_.extension)}" if round_.extension.strip() else ""
    if round_.contact.strip() or extension:
        yield f"問い合わせ：{line(round_.contact)}{extension}"


def _form(item: MailItem) -> Iterator[str]:
    title = f"【{line(item.title)}】" if item.title else ""
    yield f"\n{item_name(item.code)}{title}"
    asked = [field for field in item.fields if field.question.kind is not Kind.FLAG]
    for number, field in enumerate(asked, start=1):
        about = f"{line(field.name)}　" if field.name else ""
        yield f"({number}) {about}{field.question.label}：{_options(field.question)}"


def _options(question: Question) -> str:
    return "／".join(option_words(option) for option in question.options)


def _mail_blocks(mail: MailPage) -> Iterator[Json]:
    place = f"{WIDE}({mail.page + 1}/{mail.pages})" if mail.pages > 1 else ""
    address = f"\n{escape_line(mail.email, 200)}" if mail.email else ""
    yield section(f"*宛先*{WIDE}{name_words(mail.name)}{place}{address}")
    yield section("*件名*")
    yield paragraph(mail_subject(mail.round))
    yield section("*本文*")
    for part in _parts(mail_text(mail.round, mail.items)):
        yield paragraph(part)
    yield context(
        "選んでコピーし、庁内メールに貼り付けてください。返信が届いたら、下から入力できます。"
    )
    for item in mail.statuses[:_MOST_ROWS]:
        yield section(item_title(item.code, item.title), open_button(mail.round, item, ENTER_FOR))
    if len(mail.statuses) > _MOST_ROWS:
        rest = len(mail.statuses) - _MOST_ROWS
        yield context(f"ほか{rest}件は、/kaikaku 状況 の一覧から入力できます。")
    if mail.pages > 1:
        yield actions(*_turns(mail))


def _turns(mail: MailPage) -> Iterator[Json]:
    for words, name, to in (
        ("前の方", "previous", mail.page - 1),
        ("次の方", "next", mail.page + 1),
    ):
        if 0 <= to < mail.pages:
            value = Page(mail.round.round_id, to).encode()
            yield button(words, f"{LETTER_MAIL}:{name}", value)


def _parts(text: str) -> Iterator[str]:
    """The text in pieces that a block takes, broken between lines."""
    part = ""
    for each in text.splitlines(keepends=True):
        if part and units(part + each) > TEXT_LIMIT:
            yield part
            part = ""
        part += each
    yield part
