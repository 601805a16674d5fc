"""What is exported comes back by import: the same items and answers, whatever the texts say.

``make round-trips`` tries more plans, and takes the longest of the published sheets over paper too.
"""

from __future__ import annotations

import io
import os
import unicodedata
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from bot.domain.documents import DocumentItem, FormDocument, FormFormat
from bot.domain.forms.form_files import built_in, read_form
from bot.domain.plans import TEXT_COLUMNS, SheetAnswers, SheetInitiative, SheetPlan
from bot.domain.youshiki3 import MID_YEAR, YEAR_END, YOUSHIKI3
from bot.sheets import office_suite
from bot.sheets.files import read
from bot.sheets.form_export import write_form
from bot.sheets.plan_text import read_plan_text
from tests.bot.sheets.samples import sample
from tests.bot.sheets.test_published_sheets import SHARED, needs_sheets

_EXAMPLES = int(os.environ.get("ROUND_TRIPS", "0"))
_PUBLISHED = ("r3-nishinari-plan3", "r1-unnamed-ward-plan2", "h29-taisho-plan2")
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
@settings(max_examples=_EXAMPLES or 8, deadline=None, suppress_health_check=list(HealthCheck))
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


@pytest.mark.parametrize("format_", [FormFormat.XLSX, FormFormat.DOCX])
@pytest.mark.parametrize("form", ["outcome", "policy", "vision", "committee"])
def test_the_other_forms_go_out_and_come_back_as_well(form: str, format_: FormFormat) -> None:
    (sheet,) = read(sample(form).encode())
    plan = read_back(document_of(sheet), format_)

    assert plan.form == form
    assert [answered(each) for each in plan.initiatives] == [
        answered(each) for each in sheet.initiatives
    ]
    assert plan.details == sheet.details
    assert given_of(plan.answers) == given_of(sheet.answers)
    same = ("ward", "fiscal_year", "last_year", "plan", "faults")
    assert [getattr(plan, key) for key in same] == [getattr(sheet, key) for key in same]


def document_of(sheet: SheetPlan) -> FormDocument:
    """The form that a paper is of, filled in with what it says."""
    form = built_in(sheet.form)
    return FormDocument(
        form=form,
        ward=sheet.ward or "",
        fiscal_year=sheet.fiscal_year or 0,
        plan=sheet.plan,
        items=tuple(map(DocumentItem, sheet.initiatives)),
        stage=form.stages[-1].key,
        last_year=sheet.last_year,
        details=sheet.details,
        answers=sheet.answers,
    )


def answered(initiative: SheetInitiative) -> SheetInitiative:
    """The item without stages that were not answered: some papers have no place for them."""
    return replace(initiative, answers=given_of(initiative.answers))


def given_of(stages: Mapping[str, SheetAnswers]) -> dict[str, SheetAnswers]:
    return {key: each for key, each in stages.items() if not each.is_blank}


@pytest.mark.parametrize("format_", [FormFormat.XLSX, FormFormat.DOCX])
def test_an_offices_own_labels_are_read_back_by_those_labels(format_: FormFormat) -> None:
    words = {"取組の概要": "取組のあらまし", "課題と改善策": "課題とこれから", "取組項目": "取組"}
    source = YOUSHIKI3.source
    for was, now in words.items():
        source = source.replace(f'"{was}', f'"{now}')
    own = read_form(source)
    assert own.plan_field("outline") != YOUSHIKI3.plan_field("outline")
    said = SheetAnswers({"implementation": "i", "attainment": "2", "issues": "早く配る。"})
    item = SheetInitiative(
        *("1", 1, 1, "本の日"), outline="広間を開く。", answers={MID_YEAR.key: said}
    )
    data = write_form(replace(a_document((item,)), form=own), format_)

    (plan,) = read(data, forms={own.key: own})

    assert plan.initiatives[0].outline == item.outline
    assert plan.initiatives[0].answers[MID_YEAR.key] == said


def test_what_somebody_writes_into_the_file_is_what_is_read() -> None:
    said = SheetAnswers({"implementation": "i", "attainment": "2", "issues": "早く配る。"})
    item = SheetInitiative(*("1", 1, 1, "本の日"), target="3か所", answers={MID_YEAR.key: said})
    book = load_workbook(io.BytesIO(write_form(a_document((item,)), FormFormat.XLSX)))
    written = {
        "②": "① 達成見込み",
        "早く配る。": "なし\nほか",
        "3か所": "5か所",
        "【本の日】": "【本の週】",
    }
    for row in book.worksheets[1].iter_rows():
        for cell in row:
            if cell.value in written:
                cell.value = written[str(cell.value)]
            elif cell.value == "(目標)":
                cell.value = "(あて)"
    out = io.BytesIO()
    book.save(out)

    (plan,) = read(out.getvalue())

    (initiative,) = plan.initiatives
    assert (initiative.title, initiative.target) == ("本の週", None)
    assert dict(initiative.answers[MID_YEAR.key].values) == {
        "implementation": "i",
        "attainment": "1",
        "issues": "なし\nほか",
    }
    assert "取組項目1：「(あて)」は様式にない見出しのため、取り込みません。" in plan.warnings


def on_paper(text: str | None) -> str:
    """A text as far as paper keeps it: without white space, emoji, and kinds of one letter."""
    plain = unicodedata.normalize("NFKC", text or "")
    lost = ("So", "Sk", "Cf", "Mn", "Zs", "Cc")
    return "".join(letter for letter in plain if unicodedata.category(letter) not in lost)


def odd_items() -> tuple[SheetInitiative, ...]:
    """Items whose cells hold every odd text, each once."""
    texts_ = iter([text.strip() for text in _ODD] + ["広間を開く。"] * 4)
    return tuple(
        SheetInitiative(
            *("1", 1, 1, f"本の日{number}(北館)"),
            pillar="改革の柱3-3(4)",
            purpose=next(texts_),
            purpose_label="戦略",
            plan_unlabelled=next(texts_),
            activities=next(texts_),
            answers={
                MID_YEAR.key: SheetAnswers({"attainment": "2", "issues": next(texts_)}),
                YEAR_END.key: SheetAnswers({"attainment": "1", "results": next(texts_)}),
            },
        )
        for number in range(len(_ODD) // 5 + 1)
    )


@pytest.mark.skipif(office_suite.program() is None, reason="LibreOffice is not installed")
def test_codes_titles_and_marks_come_back_from_paper_and_texts_but_for_white_space() -> None:
    items = odd_items()
    if (SHARED / "plans").is_dir():
        sheets = _PUBLISHED if _EXAMPLES else _PUBLISHED[:2]
        items += tuple(each for name in sheets for each in published(name).initiatives)
    items = tuple(
        replace(each, code=str(n), number=n, position=n) for n, each in enumerate(items, start=1)
    )

    plan = read_back(a_document(items, unpublished="【未公表】現在の案"), FormFormat.PDF)

    assert (plan.ward, plan.fiscal_year, plan.faults) == ("あおぞら区", 2026, ())
    for was, found in zip(items, plan.initiatives, strict=True):
        assert (found.code, found.title, found.pillar) == (was.code, was.title, was.pillar)
        for column in TEXT_COLUMNS:
            assert on_paper(getattr(found, column)) == on_paper(getattr(was, column)), was.code
        for stage, answers_ in was.answers.items():
            back = found.answers[stage]
            assert back.unreadable == answers_.unreadable
            assert marks_of(back) == marks_of(answers_)
            for key in ("results", "issues"):
                assert on_paper(back.values.get(key)) == on_paper(answers_.values.get(key))


@pytest.mark.skipif(not _EXAMPLES, reason="takes a minute: make round-trips")
@pytest.mark.parametrize("form", ["outcome", "policy", "vision", "committee"])
def test_the_other_forms_come_back_from_paper_but_for_white_space(form: str) -> None:
    (sheet,) = read(sample(form).encode())
    plan = read_back(document_of(sheet), FormFormat.PDF)

    same = ("form", "ward", "fiscal_year", "last_year", "plan", "details")
    assert [plain(getattr(plan, key)) for key in same] == [
        plain(getattr(sheet, key)) for key in same
    ]
    assert plain(given_of(plan.answers)) == plain(given_of(sheet.answers))
    assert plain(tuple(map(answered, plan.initiatives))) == plain(
        tuple(map(answered, sheet.initiatives))
    )


def plain(value: Any) -> Any:
    """A value with all its texts as far as paper keeps them."""
    if is_dataclass(value) and not isinstance(value, type):
        return {each.name: plain(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, Mapping):
        return {key: plain(each) for key, each in value.items()}
    if isinstance(value, tuple):
        return [plain(each) for each in value]
    return on_paper(value) if isinstance(value, str) else value


def marks_of(answers_: SheetAnswers) -> dict[str, str]:
    """The answers that are no texts."""
    return {k: v for k, v in answers_.values.items() if k not in ("results", "issues")}
