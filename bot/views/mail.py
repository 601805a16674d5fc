"""The text for people without Slack, to be pasted into 庁内メール (wording.md 9)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.domain.form import Field, Kind, Question
from bot.views.round_info import RoundInfo
from bot.views.text import line
from bot.views.words import day_words, item_name, option_words

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


def mail_subject(round_: RoundInfo) -> str:
    """The subject line."""
    return f"{round_.title}の入力のお願い({day_words(round_.dates.due)}まで)"


def mail_text(round_: RoundInfo, items: Sequence[MailItem]) -> str:
    """The body, plain text: what is asked, by when, and a form to fill in for each item."""
    return "\n".join([*_opening(round_), *(text for item in items for text in _form(item))]) + "\n"


def _opening(round_: RoundInfo) -> Iterator[str]:
    yield f"{round_.title}について、次の取組項目の入力をお願いします。{_HOW}"
    yield f"入力期限：{day_words(round_.dates.due)}"
    extension = f"内線{line(round_.extension)}" if round_.extension.strip() else ""
    if round_.contact.strip() or extension:
        yield f"問い合わせ：{line(round_.contact)}{extension}"


def _form(item: MailItem) -> Iterator[str]:
    yield f"\n{item_name(item.code)}【{line(item.title)}】"
    asked = [field for field in item.fields if field.question.kind is not Kind.FLAG]
    for number, field in enumerate(asked, start=1):
        about = f"{line(field.name)}　" if field.name else ""
        yield f"({number}) {about}{field.question.label}：{_options(field.question)}"


def _options(question: Question) -> str:
    return "／".join(option_words(option) for option in question.options)
