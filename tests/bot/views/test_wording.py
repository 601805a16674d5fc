"""The voice (docs/wording.md): every sentence that the bot says keeps to it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.views import blocks
from bot.views.blocks import Json, Rendered
from tests.bot.views.catalogue import Shown, catalogue
from tests.bot.views.slack import assert_home, assert_message, assert_modal
from tests.bot.views.wording import PAGE, page

SHOWN = catalogue()
EVERY = pytest.mark.parametrize("shown", SHOWN, ids=lambda shown: f"{shown.chapter} {shown.name}")

# One word each: what is never said, whatever is meant by it.
FORBIDDEN = re.compile(
    "提出|回答|報告|締切|締め切り|督促|催促|リマインド|アラート|承認|決裁(?!番号)|却下|不備|代理|"
    "休職|休暇|病休|管理者|コーディネーター|タスク|案件|営業日|稼働日|TBD|公開|リリース|"
    "取込(?!み)|公表済(?!み)|翌開庁日|この回|手当て|"
    "至急|厳守|違反|怠|お疲れ様|させていただ|申し上げ|受け付けました|[!！⚠]|#[0-9]|"
    "[\U0001f300-\U0001faff]"
)


def texts(value: object) -> Iterator[str]:
    """Everything that can be read, wherever it stands."""
    if isinstance(value, Rendered):
        yield value.text
        yield from texts(value.blocks)
    elif isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for each in value:
            yield from texts(each)
    elif isinstance(value, dict):
        shown = (value[key] for key in value if key not in _NOT_READ)
        for each in shown:
            yield from texts(each)


_NOT_READ = {
    "type",
    "action_id",
    "block_id",
    "value",
    "callback_id",
    "private_metadata",
    "initial_date",  # the client shows it in words of its own
}


def mrkdwn(value: object) -> Iterator[str]:
    if isinstance(value, Rendered):
        yield from mrkdwn(value.blocks)
    elif isinstance(value, list):
        for each in value:
            yield from mrkdwn(each)
    elif isinstance(value, dict):
        if value.get("type") == "mrkdwn":
            yield value["text"]
        for each in value.values():
            yield from mrkdwn(each)


def assert_fits(screen: Rendered | Json | str) -> None:
    if isinstance(screen, Rendered):
        assert_message(screen)
    elif isinstance(screen, dict):
        {"home": assert_home, "modal": assert_modal}[screen["type"]](screen)


def test_the_page_of_wording_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "make wording"


# Typed words, parts of dates, and what is said only of more items than the page shows.
NOT_ON_THE_PAGE = {
    "ステータス",
    "年度評価",
    "月火水木金土日",
    "前のページ",
    "次のページ",
    "件を見る",
    "件は「状況を見る」で見られます。",
    "件は/kaikaku自分で見られます。",
    "(続きは省略しています)",
    "の状況を見る",
    "この区",
    "課題のある項目",
}


def sentences(path: Path) -> Iterator[str]:
    """The Japanese strings of a module, docstrings aside, without marks and spaces."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef)
    nodes = [node for node in ast.walk(tree) if isinstance(node, documented)]
    said = {id(node.body[0].value) for node in nodes if isinstance(node.body[0], ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said:
            yield from (bare(piece) for piece in re.split(r"[{}\n]", node.value))


def bare(text: str) -> str:
    return re.sub(r"[*>\s`]", "", text)


def test_every_sentence_in_the_code_stands_on_the_page() -> None:
    shown = bare(page())
    views = Path(blocks.__file__).parent
    found = {text for path in views.glob("*.py") for text in sentences(path)}
    japanese = {text for text in found if len(re.findall(r"[ぁ-んァ-ヶ一-龥]", text)) >= 3}
    assert {text for text in japanese if text not in shown} <= NOT_ON_THE_PAGE


@EVERY
def test_every_sample_is_taken_by_slack(shown: Shown) -> None:
    assert_fits(shown.screen)


@EVERY
def test_no_word_is_used_that_the_voice_avoids(shown: Shown) -> None:
    said = "\n".join(texts(shown.screen))
    assert FORBIDDEN.findall(said) == []


@EVERY
def test_bold_and_code_have_a_space_or_a_line_end_outside(shown: Shown) -> None:
    for text in mrkdwn(shown.screen):
        rest = re.sub(r"(?m)(^|(?<=[ 　]))([*`])[^*`\n]+\2(?=[ 　]|$)", "", text)
        assert "*" not in rest
        assert "`" not in rest


@EVERY
def test_dates_are_said_with_their_weekday_and_never_in_figures_alone(shown: Shown) -> None:
    said = "\n".join(texts(shown.screen))
    assert not re.search(r"\d{4}-\d\d-\d\d|\d{1,4}/\d{1,2}(?!\))", said)
    for inside in re.findall(r"\d月\d+日\(([^)]*)\)", said):
        assert inside in "月火水木金土日" or inside == "出納整理期間の終わり"
    assert "（" not in said


@EVERY
def test_a_notification_tells_neither_mark_nor_answer_nor_person(shown: Shown) -> None:
    if isinstance(shown.screen, Rendered):
        for private in ("①", "②", "(i)", "(ii)", "山田", "佐藤", "参加が計画"):
            assert private not in shown.screen.text


@EVERY
def test_the_official_words_are_not_shortened(shown: Shown) -> None:
    if shown.chapter == "ほかの様式の入力画面":  # another form has marks of its own
        return
    said = "\n".join(texts(shown.screen))
    assert not re.search(r"[○×](?=[、。 ]|達成|未達)", said)


def test_every_letter_ends_with_who_asks() -> None:
    letters = [each for each in SHOWN if "お知らせ" in each.chapter]
    assert letters
    for each in letters:
        assert isinstance(each.screen, Rendered)
        last = each.screen.blocks[-1]
        assert last["type"] == "context"
        assert "kaikaku が自動で送っています" in last["elements"][0]["text"]
