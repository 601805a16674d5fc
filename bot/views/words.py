"""Dates, states, marks, counts and titles as every screen says them (wording.md 0)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime

from bot.domain.answers import YES, Answers
from bot.domain.calendar import TOKYO
from bot.domain.checkins import State
from bot.domain.form import Kind, Option, Question, Stage
from bot.domain.grades import grades_words
from bot.domain.plans import PlanState
from bot.domain.status import ItemStatus
from bot.views.text import bold, escape_line, line

SLASH = " ／ "
DOT = " ・ "
WIDE = "　"  # beside bold text: Slack wants a space outside the asterisks

STATES = {
    State.OUTSTANDING: "未入力",
    State.SUBMITTED: "入力済",
    State.NOT_APPLICABLE: "対象外",
    State.CONFIRMED: "確認済",
    State.SENT_BACK: "差し戻し",
}

# What state a plan is in.
PLAN_STATES = {PlanState.DRAFT.value: "案", PlanState.FINAL.value: "確定"}
# Who confirms at a level.
CONFIRMERS = {1: "課長", 2: "区長"}

_WEEKDAYS = "月火水木金土日"
_TITLE_LIMIT = 120
_NAME_LIMIT = 60


def day_words(day: date) -> str:
    """「9月18日(金)」; the year stands in the heading."""
    return f"{day.month}月{day.day}日({_WEEKDAYS[day.weekday()]})"


def clock_words(instant: datetime) -> str:
    """「10:42」, Japanese time."""
    return f"{instant.astimezone(TOKYO):%-H:%M}"


def moment_words(instant: datetime) -> str:
    """「9月10日(木) 10:42」, Japanese date and time."""
    return f"{day_words(instant.astimezone(TOKYO).date())} {clock_words(instant)}"


def item_name(code: str) -> str:
    """「取組項目7」, or the code alone where it is a name already (「経営課題1」)."""
    bare = line(code)
    return f"取組項目{bare}" if not bare or bare[0].isdigit() else bare


def item_names(items: Iterable[ItemStatus], most: int = 20) -> str:
    """「取組項目9、14」, escaped; the rest is counted."""
    return item_names_of([item.code for item in items], most)


def item_names_of(codes: Sequence[str], most: int = 20) -> str:
    """The same from the codes that are printed."""
    names = [escape_line(name, _NAME_LIMIT) for name in _short_names(codes[:most])]
    return "、".join(names) + (f" ほか{len(codes) - most}件" if len(codes) > most else "")


def plain_item_names(codes: Sequence[str]) -> str:
    """All of them, as plain text."""
    return "、".join(_short_names(codes))


def _short_names(codes: Sequence[str]) -> list[str]:
    """「取組項目9」「14」「経営課題1」: the word before the first number is not said again."""
    names = [item_name(code) for code in codes]
    word = re.sub(r"\d.*", "", names[0], flags=re.DOTALL) if names else ""
    return [*names[:1], *(name.removeprefix(word) or name for name in names[1:])]


def item_title(code: str, title: str, most: int = _TITLE_LIMIT) -> str:
    """「*取組項目7*　【…】」 in mrkdwn."""
    return f"{bold(escape_line(item_name(code), _NAME_LIMIT))}{WIDE}{bracketed(title, most)}"


def bracketed(title: str, most: int = _TITLE_LIMIT) -> str:
    """「【…】」 in mrkdwn, as titles are printed; nothing for no title."""
    bare = escape_line(line(title).removeprefix("【").removesuffix("】"), most)
    return f"【{bare}】" if bare else ""


def people(names: Iterable[str]) -> str:
    """Names in mrkdwn; 「未設定」 where there are none."""
    return "、".join(escape_line(name, _NAME_LIMIT) for name in names) or "未設定"


def away_words(deputies: Sequence[str]) -> str:
    """「不在(副担当：佐藤)」, in mrkdwn; 「不在(副担当なし)」 where nobody stands in."""
    return f"不在(副担当：{people(deputies[:5])})" if deputies else "不在(副担当なし)"


def name_words(text: str) -> str:
    """One name, section or number that somebody registered, in mrkdwn."""
    return escape_line(text, _NAME_LIMIT)


def contact_words(contact: str) -> str:
    """Who asks, in mrkdwn: 「総務課(区政企画)」."""
    return name_words(contact) or "とりまとめ担当"


def contact_with_extension(contact: str, extension: str) -> str:
    """「総務課(区政企画)(内線1234)」 in mrkdwn."""
    number = name_words(extension)
    return contact_words(contact) + (f"(内線{number})" if number else "")


def short_label(question: Question) -> str:
    """「実施見込み」「課題と改善策」: the label without its object or its condition."""
    if question.kind is Kind.CHOICE:
        return question.label.rpartition("の")[2]
    return question.label.partition("(")[0]


def option_words(option: Option) -> str:
    """「②」, or 「対象外」「未確定」 where the form prints no mark."""
    return option.mark or option.text.partition("(")[0]


def unfavourable_items(stage: Stage) -> str:
    """「②の項目」: the items whose mark is to be explained, by the marks of the stage."""
    marked = (o.mark for q in stage.questions for o in q.options if o.unfavourable)
    shown = "・".join(dict.fromkeys(mark for mark in marked if mark))
    return f"{shown}の項目" if shown else "課題のある項目"


def values_of(question: Question, answers: Answers) -> Iterator[str]:
    """What was answered to a question, once for each indicator where it is asked of indicators."""
    for key, text in answers.items():
        if key.partition("@")[0] == question.key and text.strip():
            yield text


def marks(stage: Stage, answers: Answers) -> str:
    """「実施見込み (i) ／ 達成見込み ②」: every choice made, in mrkdwn."""
    parts = (_mark_part(question, answers) for question in stage.questions)
    return SLASH.join(part for part in parts if part)


def summary(stage: Stage, answers: Answers) -> str:
    """The receipt's line: the marks, and how long each text is (wording.md 3)."""
    parts = (_part(question, answers) for question in stage.questions)
    return SLASH.join(part for part in parts if part)


def progress_bar(percent: int, width: int = 10) -> str:
    """「■■■■■■□□□□」; full only at 100."""
    filled = percent * width // 100
    return "■" * filled + "□" * (width - filled)


def days_to_due(days_left: int, days_late: int) -> str:
    """「(あと3開庁日)」「(本日)」「(3開庁日経過)」 behind a due date."""
    if days_late > 0:
        return f"({days_late}開庁日経過)"
    return f"(あと{days_left}開庁日)" if days_left > 0 else "(本日)"


def _mark_part(question: Question, answers: Answers) -> str:
    if question.kind is not Kind.CHOICE:
        return ""
    chosen = [
        option for value in values_of(question, answers) if (option := question.option(value))
    ]
    if any(option.exempts for option in chosen):
        return option_words(chosen[0])
    marked = "・".join(option_words(option) for option in chosen)
    return f"{short_label(question)} {marked}" if marked else ""


def _part(question: Question, answers: Answers) -> str:
    if question.kind is Kind.CHOICE:
        return _mark_part(question, answers)
    given = list(values_of(question, answers))
    if not given:
        return ""
    if question.kind is Kind.TEXT:
        return f"{short_label(question)} あり({sum(map(len, given)):,}字)"
    if question.kind is Kind.FLAG:
        return "暫定" if YES in given else ""
    if question.kind is Kind.GRADES:
        shown = (grades_words(question, answer).partition("(")[0] for answer in given)
        return f"{short_label(question)} {'・'.join(shown)}"
    return f"確定見込み {day_words(date.fromisoformat(given[0]))}"
