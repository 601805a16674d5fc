"""Any form that kaikaku knows is printed from its data: every field and every answer of it."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree as ET

import pytest

from bot.domain.documents import DocumentItem, FormDocument, FormFormat
from bot.domain.fields import Indicator, fields_of
from bot.domain.form import Form, Kind, Question, Scope
from bot.domain.forms.form_files import load_forms
from bot.domain.plans import SheetAnswers, SheetIndicator, SheetInitiative
from bot.sheets.form_export import decode, encode
from bot.sheets.form_layout import blocks
from bot.sheets.form_ods import write_form_ods
from tests.bot.sheets.form_documents import DRAFT, a_document, an_item

FORMS = load_forms()
COLUMNS = {"subtitle", "pillar", "purpose", "outline", "target", "plan_unlabelled"}
COLUMNS |= {"activities", "activities_target"}
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"


def an_answer(question: Question, about: str = "") -> str:
    """A telling one of its kind."""
    if question.kind is Kind.CHOICE:
        return question.options[0].key
    if question.kind is Kind.GRADES:
        return ";".join("2" for _ in question.options)
    return {Kind.FLAG: "yes", Kind.DATE: "2027-05-31"}.get(
        question.kind, f"答えの文 {question.key}{about}"
    )


def filled(form: Form) -> FormDocument:
    """Every field and every answer that the form has, each with a text of its own."""
    texts = {field.key: f"計画の文 {field.key}" for field in form.plan_fields}
    columns: dict[str, Any] = {key: text for key, text in texts.items() if key in COLUMNS}
    details = {key: text for key, text in texts.items() if key not in COLUMNS}
    two = (Indicator("1", "参加率"), Indicator("2", "満足度"))
    answers, about = {}, {}
    for stage in form.stages:
        own = fields_of(stage, Scope.INITIATIVE, two)
        answers[stage.key] = SheetAnswers({f.key: an_answer(f.question, f.about) for f in own})
        whole = fields_of(stage, Scope.UNIT)
        about[stage.key] = SheetAnswers({f.key: an_answer(f.question) for f in whole})
    initiative = SheetInitiative(
        code="1-1-1",
        position=1,
        number=1,
        title="雨の日の遊び場",
        answers=answers,
        indicators=tuple(SheetIndicator(each.name, "40%以上") for each in two),
        details=details,
        **columns,
    )
    return FormDocument(
        form=form,
        ward="あおぞら区",
        fiscal_year=2026,
        plan=None,
        items=(DocumentItem(initiative),),
        stage=form.stages[-1].key,
        details={field.key: f"全体の文 {field.key}" for field in form.unit_fields},
        answers=about,
        unpublished=DRAFT,
    )


def printed(document: FormDocument) -> list[str]:
    found = []
    for block in blocks(document):
        found += [block.name, block.title, block.subtitle]
        found += [piece.text for line in block.lines for piece in line.pieces]
    return found


@pytest.mark.parametrize("key", sorted(FORMS))
def test_every_field_and_every_answer_of_a_form_is_printed(key: str) -> None:
    form = FORMS[key]
    cells = printed(filled(form))

    expected = [f"計画の文 {field.key}" for field in form.plan_fields if field.key != "pillar"]
    expected += [f"全体の文 {field.key}" for field in form.unit_fields]
    for stage in form.stages:
        fields = (*fields_of(stage, Scope.INITIATIVE), *fields_of(stage, Scope.UNIT))
        expected += [an_answer(f.question) for f in fields if f.question.kind is Kind.TEXT]
    assert [text for text in expected if text not in cells] == []
    assert f"{form.item}1-1-1" in cells


@pytest.mark.parametrize("key", sorted(FORMS))
def test_the_child_is_given_the_whole_form(key: str) -> None:
    document = filled(FORMS[key])

    assert decode(encode(document, FormFormat.PDF))[0] == document


@pytest.mark.parametrize("key", sorted(FORMS))
def test_the_cells_of_a_row_fill_the_width_of_the_page(key: str) -> None:
    for block in blocks(filled(FORMS[key])):
        reaching: dict[int, int] = {}
        for line in block.lines:
            taken = [n for n, left in reaching.items() if left]
            reaching = {n: left - 1 for n, left in reaching.items() if left}
            for piece in line.pieces:
                columns = range(piece.first, piece.last + 1)
                taken += columns
                reaching |= {n: piece.rows - 1 for n in columns if piece.rows > 1}
            assert sorted(taken) == [1, 2, 3, 4, 5, 6]


def test_a_form_without_a_right_half_takes_the_whole_page() -> None:
    outcome = FORMS["outcome"]
    lines = [line for block in blocks(filled(outcome)) for line in block.lines]

    results = next(line for line in lines if line.pieces[0].text == "答えの文 result1")
    assert (results.pieces[0].first, results.pieces[0].last) == (1, 6)


def test_what_goes_to_print_keeps_spaces_tabs_and_lines() -> None:
    odd = " 一  二\t三<&>\n四"
    root = ET.fromstring(write_form_ods(a_document(an_item(outline=odd))))

    paragraphs = [p for p in root.iter(f"{TEXT}p") if "三<&>" in "".join(p.itertext())]
    tags = [child.tag.removeprefix(TEXT) for child in paragraphs[0]]
    assert tags == ["s", "s", "tab"]
    assert "四" in {"".join(p.itertext()) for p in root.iter(f"{TEXT}p")}
