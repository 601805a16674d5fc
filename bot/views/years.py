"""The years of one item beside each other, and what became of what each of them promised."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bot.domain.calendar import era_year
from bot.domain.checkins import State
from bot.domain.fields import Field
from bot.domain.lineages import ItemYear, Promise, YearReview, promises
from bot.views.actions import NOTICE_ONLY, YEARS_EXPORT, YEARS_OPEN
from bot.views.answers_shown import answer_words
from bot.views.blocks import Json, actions, button, context, divider, modal, section
from bot.views.home_pages import beside
from bot.views.targets import HistoryTarget
from bot.views.text import escape, escape_line
from bot.views.words import (
    SLASH,
    STATES,
    WIDE,
    bracketed,
    item_name,
    item_title,
    name_words,
    option_words,
    short_label,
)

BUTTON_LABEL = "年度を並べて見る"
SENT_NOTE = "ファイルを kaikaku との会話に送りました。"
FORMATS = (("xlsx", "Excel"), ("csv", "CSV"))

_NOTHING = "この項目には、まだ入力された内容がありません。"
_FIRST_YEAR = "前の年度の内容は登録されていません。"
_NOT_ASKED = "(入力なし)"
_FIELD_BUDGET = 1800  # of the 2,000 that one of two texts side by side may take
_LABEL = 120
_MOST_YEARS = 12


@dataclass(frozen=True)
class Years:
    """An item with all that it continues, the newest year first."""

    target: HistoryTarget
    unit_name: str
    years: tuple[ItemYear, ...]


def build_years(shown: Years, *, note: str = "") -> Json:
    """Two years side by side, older ones page by page; a page beyond the last shows the last."""
    pages = max(len(shown.years) - 1, 1)
    page = min(max(shown.target.page, 0), pages - 1)
    blocks = [section(escape(note))] if note else []
    blocks += _head(shown)
    if not any(each.reviews for each in shown.years):
        blocks.append(section(_NOTHING))
    elif len(shown.years) == 1:
        blocks += _alone(shown.years[0])
    else:
        blocks += _pair(shown.years[page], shown.years[page + 1])
    blocks += _buttons(shown, page, pages)
    blocks.append(context("あなただけに見えています。"))
    code = shown.years[0].code if shown.years else ""
    return modal(f"年度の比較 {item_name(code)}".strip(), blocks, callback_id=NOTICE_ONLY)


def marks_of(review: YearReview) -> str:
    """「実施見込み (i) ／ 達成見込み ②」 in mrkdwn; nothing where no mark was asked for."""
    said = []
    for field in review.choices:
        chosen = field.question.option(review.text(field))
        name = f"{escape_line(field.name, 40)} " if field.name else ""
        mark = option_words(chosen) if chosen else escape_line(review.text(field), 40)
        said.append(f"{name}{short_label(field.question)} {mark}")
    return SLASH.join(said)


def _head(shown: Years) -> Iterator[Json]:
    """The item, and every year with its marks."""
    if not shown.years:
        return
    newest = shown.years[0]
    yield section(item_title(newest.code, newest.title, 1000))
    lines = [_overview(each, newest) for each in shown.years[:_MOST_YEARS]]
    left = len(shown.years) - _MOST_YEARS
    if left > 0:
        lines.append(f"ほか{left}年度")
    yield context(f"{name_words(shown.unit_name)}{WIDE}{len(shown.years)}年度分")
    yield section("\n".join(lines))


def _overview(year: ItemYear, newest: ItemYear) -> str:
    """「• 令和7年度(取組項目3【…】)　自己評価　達成状況 ②」."""
    other = (year.code, year.title) != (newest.code, newest.title)
    name = escape_line(item_name(year.code), 60)
    called = f"({name}{WIDE}{bracketed(year.title, 60)})" if other else ""
    said = [f"{name_words(each.stage.title)} {_mark_words(each)}" for each in year.reviews]
    return f"• {era_year(year.year)}{called}{WIDE}{WIDE.join(said) or _NOT_ASKED}"


def _mark_words(review: YearReview) -> str:
    """The marks; where a published file has lost them nothing is said to be complete."""
    outstanding = review.state is State.OUTSTANDING
    return marks_of(review) or ("印なし" if outstanding else STATES[review.state])


def _alone(year: ItemYear) -> Iterator[Json]:
    yield divider()
    yield section(f"*{era_year(year.year)}*")
    for review in year.reviews:
        yield section(_said(review.stage.title, review, 2 * _FIELD_BUDGET - 900))
    yield context(_FIRST_YEAR)


def _pair(newer: ItemYear, older: ItemYear) -> Iterator[Json]:
    """What was promised beside what was done, then target and reviews, the older on the left."""
    for promise in promises((newer, older)):
        yield divider()
        yield from _promise(promise)
    yield divider()
    yield beside(_year_title(older), _year_title(newer))
    if older.target or newer.target:
        yield beside(_labelled("目標", older.target), _labelled("目標", newer.target))
    for stage_key, title in _stages(newer, older).items():
        left, right = older.review(stage_key), newer.review(stage_key)
        yield beside(_said(title, left), _said(title, right))


def _promise(promise: Promise) -> Iterator[Json]:
    before, after = promise.promised, promise.kept
    occasion = f"{era_year(before.year)} {name_words(promise.review.stage.title)}"
    left = [f"*{occasion}の改善策*", *_texts(promise.review, promise.review.promised)]
    right = [f"*{era_year(after.year)}の結果*"]
    for review in after.reviews:
        right += [f"{name_words(review.stage.title)}{WIDE}{marks_of(review)}".strip()]
    results = [(review, field) for review in after.reviews for field in review.results]
    right += [_text(review, field, len(results)) for review, field in results]
    yield section("*前の年度の改善策と、その後*")
    yield beside(
        "\n".join(left), "\n".join(right) if after.reviews else f"{right[0]}\n{_NOT_ASKED}"
    )


def _year_title(year: ItemYear) -> str:
    plan = f"\n{name_words(year.plan_name)}" if year.plan_name else ""
    return f"*{era_year(year.year)}*{WIDE}{escape_line(item_name(year.code), 60)}{plan}"


def _labelled(label: str, text: str) -> str:
    return f"*{label}*\n{escape(text.strip(), _FIELD_BUDGET) or '(記載なし)'}"


def _stages(newer: ItemYear, older: ItemYear) -> dict[str, str]:
    """Those that either year has answered, in the newer form's order."""
    titles = {each.stage.key: each.stage.title for each in (*older.reviews, *newer.reviews)}
    order = [stage.key for stage in newer.form.stages]
    return dict(
        sorted(
            titles.items(),
            key=lambda each: order.index(each[0]) if each[0] in order else len(order),
        )
    )


def _said(title: str, review: YearReview | None, budget: int = _FIELD_BUDGET) -> str:
    heading = f"*{name_words(title)}*"
    if review is None:
        return f"{heading}\n{_NOT_ASKED}"
    texts = [*review.results, *review.promised]
    said = [_text(review, field, len(texts), budget) for field in texts]
    return "\n".join(each for each in (heading, marks_of(review), *said) if each)


def _texts(review: YearReview, fields: Sequence[Field]) -> Iterator[str]:
    yield from (_text(review, field, len(fields)) for field in fields)


def _text(review: YearReview, field: Field, among: int, budget: int = _FIELD_BUDGET) -> str:
    """One of so many texts that share a field."""
    name = f"{field.name}{WIDE}" if field.name else ""
    label = escape_line(name + short_label(field.question), _LABEL)
    most = max((budget - 200) // max(among, 1) - _LABEL, 60)
    return f"{label}：{escape(answer_words(field, review.text(field)), most)}"


def _buttons(shown: Years, page: int, pages: int) -> Iterable[Json]:
    """To the other years, and a file of all of them in full."""
    target, turning = shown.target, []
    for words, name, to in (("新しい年度", "newer", page - 1), ("前の年度", "older", page + 1)):
        if 0 <= to < pages:
            turning.append(button(words, f"{YEARS_OPEN}:{name}", target.at(to).encode()))
    if turning:
        yield actions(*turning)
    if any(each.reviews for each in shown.years):
        yield actions(
            *(
                button(f"ファイルで受け取る({words})", f"{YEARS_EXPORT}:{key}", target.encode())
                for key, words in FORMATS
            )
        )
