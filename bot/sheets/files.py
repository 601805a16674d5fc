"""Files that people hand in: what each is, by its content, and the plans in it.

A text sheet, a .csv, an .xlsx, a .docx or a .pdf with text is read; anything else is refused by
the name of what it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from bot.domain.form import Form
from bot.domain.plans import SheetPlan, SheetRefused
from bot.sheets.decoding import decode
from bot.sheets.file_kinds import REFUSALS, kind_of
from bot.sheets.form_grids import has_items, is_form, read_form_grids, read_form_sheets, with_faults
from bot.sheets.grids import Grid
from bot.sheets.packages import keywords_of
from bot.sheets.paper_lines import UNREADABLE
from bot.sheets.papers import is_paper, read_paper
from bot.sheets.plan_text import has_item_rows
from bot.sheets.printed_grids import read_own
from bot.sheets.register import has_header, is_register, read_register
from bot.sheets.rows import Row, rows_of
from bot.sheets.tables import MAX_BYTES, TableRow, csv_tables

_Forms = Mapping[str, Form] | None

_EMPTY = "空のファイルです。取り込む計画のファイルを確かめてください。"
_TOO_BIG = "ファイルが大きすぎます(10MBまで)。取組の表だけのファイルにして取り込んでください。"
_NO_TABLES = (
    "罫線の表がないPDFのため、どの文がどの欄のものか分かりません。"
    "もとのファイル(.xlsx、.docx)を取り込んでください。"
)
_UNREADABLE = (
    f"PDFの文字の一部が読めないため、「{UNREADABLE}」にしました。"
    "もとの資料と見比べて、直してください。"
)
_NO_TEXT = (
    "文字コードが読めません。UTF-8かShift_JISで保存し直してください"
    "(Excelなら「CSV UTF-8」か.xlsx)。"
)


def read(
    source: Path | bytes,
    name: str = "",
    forms: Mapping[str, Form] | None = None,
    form: str | None = None,
) -> list[SheetPlan]:
    """The plans in a file; several only where a register holds several wards or years.

    ``name`` is the file's name as the person knows it, ``forms`` are the office's (without them
    the built-in ones), ``form`` the key of that which a register is of, where somebody said so.
    What is wrong in the plans is in their ``faults``; raises SheetRefused when no plan can be
    read, and OSError when a path can't be.
    """
    data = bytes_of(source)
    of_registers = {form: forms[form]} if forms and form else forms
    name = name or (source.name if isinstance(source, Path) else "")
    if len(data) > MAX_BYTES:
        raise SheetRefused((), _TOO_BIG)
    kind = kind_of(data)
    if kind in REFUSALS:
        raise SheetRefused((), REFUSALS[kind])
    if kind != "text":
        return _read_document(kind, data, forms, of_registers)
    text = decode(data)
    if text is None or "\0" in text:
        raise SheetRefused((), _NO_TEXT)
    return _read_text(text, name, forms, of_registers)


def _read_document(kind: str, data: bytes, forms: _Forms, of_registers: _Forms) -> list[SheetPlan]:
    if kind == "xlsx":
        return _read_workbook(data, forms, of_registers)
    if kind == "docx":
        from bot.sheets.form_word import document_grids

        grids = document_grids(data)
        return [read_own(grids, keywords_of(data), forms) or read_form_grids(grids, forms)]
    from bot.sheets.form_paper import paper_grids

    paper = paper_grids(data)
    if has_items(paper.grids) and not any(grid.is_table for grid in paper.grids):
        raise SheetRefused((), _NO_TABLES)
    own = read_own(paper.grids, paper.keywords, forms, on_paper=True)
    return [_with_unreadable(own or read_form_grids(paper.grids, forms), paper.grids)]


def _with_unreadable(plan: SheetPlan, grids: Sequence[Grid]) -> SheetPlan:
    """The plan with a warning where letters could not be made out on paper."""
    texts = (cell.text for grid in grids for row in grid.rows for cell in row.cells)
    if not any(UNREADABLE in text for text in texts):
        return plan
    return replace(plan, warnings=(_UNREADABLE, *plan.warnings))


def _read_workbook(data: bytes, forms: _Forms, of_registers: _Forms) -> list[SheetPlan]:
    from bot.sheets.form_workbook import workbook_grids
    from bot.sheets.workbooks import workbook_tables

    grids = workbook_grids(data)
    own = read_own(grids, keywords_of(data), forms)
    if own is not None:
        return [with_faults(own, grids)]
    if has_items(grids):
        return [read_form_sheets(grids, forms)]
    tables = workbook_tables(data)
    if not is_register(tables, of_registers) and is_form(grids, forms):
        return [read_form_sheets(grids, forms)]
    return read_register(tables, of_registers)


def bytes_of(source: Path | bytes) -> bytes:
    """The content of a file, as far as it can be one of ours and one byte more."""
    if isinstance(source, bytes):
        return source
    with source.open("rb") as file:
        return file.read(MAX_BYTES + 1)


def _read_text(text: str, name: str, forms: _Forms, of_registers: _Forms) -> list[SheetPlan]:
    if not text.strip("\ufeff \t\r\n　"):
        raise SheetRefused((), _EMPTY)
    rows, tables = rows_of(text), csv_tables(text)
    looks_tabular = name.lower().endswith((".csv", ".tsv"))
    with_items = has_item_rows(rows)
    if with_items and not looks_tabular:
        return [read_paper(rows, forms)]
    papers = [rows, *map(_rows, tables)] if not is_register(tables, of_registers) else []
    for paper in papers:
        if is_paper(paper, forms) and not with_items:
            return [read_paper(paper, forms)]
    if has_header(tables, of_registers) or (looks_tabular and not with_items):
        return read_register(tables, of_registers)
    return [read_paper(rows, forms)]  # which refuses by name what is no plan


def _rows(table: Sequence[TableRow]) -> list[Row]:
    return [Row(row.number, row.cells, after_blank=False) for row in table if any(row.cells)]
