"""Files that people hand in: what each is, by its content, and the plans in it.

A text sheet, a .csv, an .xlsx, a .docx or a .pdf with text is read; anything else is refused by
the name of what it is.
"""

from __future__ import annotations

from pathlib import Path

from bot.domain.plans import SheetPlan, SheetRefused
from bot.sheets.decoding import decode
from bot.sheets.file_kinds import REFUSALS, kind_of
from bot.sheets.form_grids import is_form, read_form_grids, read_form_sheets
from bot.sheets.plan_text import has_items, read_plan_text
from bot.sheets.register import has_header, read_register
from bot.sheets.tables import MAX_BYTES, csv_tables

_EMPTY = "空のファイルです。取り込む計画のファイルを確かめてください。"
_TOO_BIG = "ファイルが大きすぎます(10MBまで)。取組の表だけのファイルにして取り込んでください。"
_NO_TEXT = (
    "文字コードが読めません。UTF-8かShift_JISで保存し直してください"
    "(Excelなら「CSV UTF-8」か.xlsx)。"
)


def read(source: Path | bytes, name: str = "") -> list[SheetPlan]:
    """The plans in a file; several only where a register holds several wards or years.

    ``name`` is the file's name as the person knows it. What is wrong in them is in their
    ``faults``; raises SheetRefused when no plan can be read, and OSError when a path can't be.
    """
    data = _bytes_of(source)
    name = name or (source.name if isinstance(source, Path) else "")
    if len(data) > MAX_BYTES:
        raise SheetRefused((), _TOO_BIG)
    kind = kind_of(data)
    if kind in REFUSALS:
        raise SheetRefused((), REFUSALS[kind])
    if kind != "text":
        return _read_document(kind, data)
    text = decode(data)
    if text is None or "\0" in text:
        raise SheetRefused((), _NO_TEXT)
    return _read_text(text, name)


def _read_document(kind: str, data: bytes) -> list[SheetPlan]:
    if kind == "xlsx":
        from bot.sheets.form_workbook import workbook_grids
        from bot.sheets.workbooks import workbook_tables

        grids = workbook_grids(data)
        return [read_form_sheets(grids)] if is_form(grids) else read_register(workbook_tables(data))
    if kind == "docx":
        from bot.sheets.form_word import document_grids

        return [read_form_grids(document_grids(data))]
    from bot.sheets.form_paper import paper_grids

    return [read_form_grids(paper_grids(data).grids)]


def _bytes_of(source: Path | bytes) -> bytes:
    if isinstance(source, bytes):
        return source
    with source.open("rb") as file:
        return file.read(MAX_BYTES + 1)


def _read_text(text: str, name: str) -> list[SheetPlan]:
    if not text.strip("\ufeff \t\r\n　"):
        raise SheetRefused((), _EMPTY)
    looks_tabular = name.lower().endswith((".csv", ".tsv"))
    if has_items(text) and not looks_tabular:
        return [read_plan_text(text)]
    tables = csv_tables(text)
    if has_header(tables) or (looks_tabular and not has_items(text)):
        return read_register(tables)
    return [read_plan_text(text)]  # which refuses by name what is no plan sheet
