"""What is exported comes back by import: the same items and answers, whatever the texts say."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.documents import DocumentItem, FormDocument, FormFormat
from bot.domain.plans import SheetAnswers, SheetInitiative, SheetPlan
from bot.domain.youshiki3 import MID_YEAR, YEAR_END, YOUSHIKI3
from bot.sheets.files import read
from bot.sheets.form_export import write_form
from bot.sheets.plan_text import read_plan_text
from tests.bot.sheets.test_published_sheets import SHARED, needs_sheets

# What a text could be taken for: formulas, labels, headings, legends, marks, page marks, escapes.
_ODD = (
    *("=1+1", "+81-6-0000", "-5%", "@SUM(A1)", "'=1", "_x000D_", "_x0041_", "&amp;<w:t>", "0012"),
    *("(目標)", "(目標) 3か所", "課題と改善策 ※左記が「②」の場合は必須", "目標の達成状況", "①"),
    *(
        "当年度の取組内容",
        "取組項目2",
        "取組項目2\n【題】",
        "【本の日】",
        "(続き)",
        "計画",
        "- 3 -",
    ),
    *(
        "①：目標達成 ②：目標未達成",
        "(i) 実施見込み",
        "<p>本</p>",
        "🌸👩‍👩‍👧‍👦🇯🇵",
        "ア゙⽅⾰⽬ⅰ",
        "a\tb\tc",
    ),
    *("一行目\n\n\n四行目", "　全角の空白　の間", "あ" * 3000, "長い文。\n" * 600, "2026/10/1"),
)
_LETTERS = st.characters(
    codec="utf-8", exclude_categories=("Cs", "Cc"), include_characters="\n\tあ=（）「」②🌸"
)
_NOT_TEXT = {"—", "-", "–", "―", "‐", "ー", "－", "判読不可", "(確認前)", "（確認前）"}


def _is_text(text: str) -> bool:
    return text == text.strip(" \t\r\n\f\v　") and bool(text) and text not in _NOT_TEXT


texts = st.one_of(
    st.sampled_from(_ODD).filter(_is_text),
    st.text(_LETTERS, max_size=60).map(lambda text: text.strip()).filter(_is_text),
)
titles = st.one_of(
    st.sampled_from(("=1+1", "🌸の会", "本の日(北館)", "「【特集】本の日」の開催", "あ" * 200)),
    st.text("あいう=(1)🌸-", min_size=1, max_size=20),
)
maybe = st.one_of(st.none(), texts)


@st.composite
def answers(draw: st.DrawFn, questions: dict[str, tuple[str, ...]], *keys: str) -> SheetAnswers:
    """Some of the marks, some of them lost, and some of the texts."""
    values: dict[str, str] = {}
    lost: set[str] = set()
    for key, options in questions.items():
        mark = draw(st.sampled_from(("", "?", *options)))
        if mark == "?":
            lost.add(key)
        elif mark:
            values[key] = mark
    for key in keys:
        text = draw(maybe)
        if text:
            values[key] = text
    return SheetAnswers(values, frozenset(lost))


@st.composite
def initiatives(draw: st.DrawFn, number: int = 1, position: int = 1) -> SheetInitiative:
    """An item of 様式3 as it may be stored, with what was answered at both stages."""
    purpose = draw(maybe)
    label = draw(st.sampled_from(("趣旨・目的", "戦略"))) if purpose else None
    mid = answers({"implementation": ("i", "ii", "na"), "attainment": ("1", "2")}, "issues")
    end = answers({"attainment": ("1", "2", "undetermined")}, "results", "issues")
    year_end = draw(end)
    if draw(st.booleans()):
        dated = {"provisional": "yes", "final_on": "2027-05-31"}
        year_end = replace(year_end, values={**year_end.values, **dated})
    pillar = draw(st.sampled_from((None, "改革の柱3-3(4)", "区政編 改革の柱1-Ⅰ-ア", "柱の1")))
    columns = ("outline", "target", "plan_unlabelled", "activities", "activities_target")
    said: dict[str, Any] = {column: draw(maybe) for column in columns}
    return SheetInitiative(
        code=str(number),
        position=position,
        number=number,
        title=draw(titles),
        subtitle=draw(st.sampled_from((None, "返却日を増やす(北館)", "=副題🌸"))),
        pillar=pillar,
        purpose=purpose,
        purpose_label=label,
        answers={MID_YEAR.key: draw(mid), YEAR_END.key: year_end},
        **said,
    )


@st.composite
def plans(draw: st.DrawFn) -> tuple[SheetInitiative, ...]:
    numbers = draw(st.lists(st.integers(1, 145), min_size=1, max_size=3, unique=True))
    return tuple(draw(initiatives(n, position)) for position, n in enumerate(numbers, start=1))


def a_document(items: tuple[SheetInitiative, ...], **given: Any) -> FormDocument:
    return FormDocument(
        form=YOUSHIKI3,
        ward="あおぞら区",
        fiscal_year=2026,
        plan="あおぞら改革プラン5.0",
        items=tuple(map(DocumentItem, items)),
        stage=YEAR_END.key,
        **given,
    )


def read_back(document: FormDocument, format_: FormFormat) -> SheetPlan:
    (plan,) = read(write_form(document, format_))
    return plan


@pytest.mark.parametrize("format_", [FormFormat.XLSX, FormFormat.DOCX])
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(items=plans())
def test_what_is_exported_is_imported_as_it_was(
    format_: FormFormat, items: tuple[SheetInitiative, ...]
) -> None:
    plan = read_back(a_document(items, unpublished="【未公表】令和8年10月1日現在の案"), format_)

    assert plan.initiatives == items
    assert (plan.ward, plan.fiscal_year, plan.plan) == ("あおぞら区", 2026, "あおぞら改革プラン5.0")
    assert plan.faults == ()


@pytest.mark.parametrize("format_", [FormFormat.XLSX, FormFormat.DOCX])
@pytest.mark.parametrize("text", _ODD)
def test_a_text_comes_back_whatever_it_looks_like(format_: FormFormat, text: str) -> None:
    text = text.strip()
    said = {"results": text, "attainment": "2", "issues": text}
    item = SheetInitiative(
        *("1", 1, 1, "本の日"),
        purpose=text,
        purpose_label="趣旨・目的",
        plan_unlabelled=text,
        activities=text,
        activities_target=text,
        answers={MID_YEAR.key: SheetAnswers({"issues": text}), YEAR_END.key: SheetAnswers(said)},
    )
    assert read_back(a_document((item,)), format_).initiatives == (item,)


def published(name: str) -> SheetPlan:
    return read_plan_text((SHARED / "plans" / f"{name}.txt").read_text(encoding="utf-8"))


@needs_sheets
@pytest.mark.parametrize("format_", [FormFormat.XLSX, FormFormat.DOCX])
@pytest.mark.parametrize(
    "name", ["r3-nishinari-plan3", "h29-taisho-plan2", "r1-unnamed-ward-plan2"]
)
def test_a_published_sheet_goes_out_and_comes_back(name: str, format_: FormFormat) -> None:
    sheet = published(name)
    plan = read_back(replace(a_document(sheet.initiatives), plan=sheet.plan), format_)

    assert plan.initiatives == sheet.initiatives
    assert plan.plan == sheet.plan
