"""What is known of units as a file: .csv or .xlsx, headers in Japanese or English, in any order."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from bot.domain.calendar import parse_day
from bot.domain.plans import Fault, SheetRefused
from bot.domain.unit_table import UnitRow, UnitTable
from bot.sheets.decoding import decode
from bot.sheets.file_kinds import kind_of
from bot.sheets.tables import MAX_BYTES, HeadedTable, TableRow, columns_by_key, csv_tables

_HEADERS: Mapping[str, tuple[str, ...]] = {
    "ward": ("区", "ward", "unit", "区名", "所属", "局"),
    "contact": ("問い合わせ先", "contact", "問合せ先", "お問い合わせ先", "依頼する課・担当"),
    "extension": ("内線", "extension", "内線番号"),
    "sections": ("課・担当", "sections", "section", "課", "課担当"),
    "closures": ("閉庁日", "closures", "closure", "独自の閉庁日"),
}
# Beside the unit one of these makes the table one of units: rosters and registers have none.
_OWN = frozenset({"contact", "extension", "closures"})
_SEPARATORS = re.compile(r"[;；、\n]+")


def is_unit_table(data: bytes) -> bool:
    """Whether a file has the header of such a table."""
    try:
        return _headed(data) is not None
    except SheetRefused:
        return False


def read_unit_table(data: bytes) -> UnitTable:
    """The rows of a file with the faults in them. Raises SheetRefused when it is no such table."""
    table = _headed(data)
    if table is None or not table.rows:
        words = "区が1つも書かれていません。見出しの下に1行ずつ書いてください。"
        raise SheetRefused((), words)
    return UnitTable(
        rows=tuple(_row(table, row) for row in table.rows),
        faults=tuple(fault for row in table.rows for fault in _faults(table, row)),
        titles={key: table.title(key) for key in _HEADERS},
    )


def _headed(data: bytes) -> HeadedTable | None:
    """The first table whose first written row is the header."""
    for rows in _tables(data):
        header = next((row for row in rows if any(row.cells)), None)
        columns = columns_by_key(header.cells, _HEADERS) if header else {}
        if header is None or "ward" not in columns or not columns.keys() & _OWN:
            continue
        below = tuple(row for row in rows if row.number > header.number and any(row.cells))
        usual = {key: titles[0] for key, titles in _HEADERS.items()}
        return HeadedTable(header, columns, below, usual)
    return None


def _tables(data: bytes) -> Sequence[Sequence[TableRow]]:
    if len(data) > MAX_BYTES:
        return ()
    if kind_of(data) == "xlsx":
        from bot.sheets.workbooks import workbook_tables

        return workbook_tables(data)
    text = decode(data)
    return () if text is None or "\0" in text else csv_tables(text)


def _row(table: HeadedTable, row: TableRow) -> UnitRow:
    days = map(parse_day, _parts(table.text(row, "closures")))
    return UnitRow(
        number=row.number,
        ward=table.text(row, "ward"),
        contact=table.text(row, "contact") or None,
        extension=table.text(row, "extension") or None,
        sections=_parts(table.text(row, "sections")),
        closures=tuple(day for day in days if day),
    )


def _faults(table: HeadedTable, row: TableRow) -> Iterator[Fault]:
    yield from row.faults
    if not table.text(row, "ward"):
        yield table.fault(row, "ward", "区がありません。書き入れてください。")
    for text in _parts(table.text(row, "closures")):
        if parse_day(text) is None:
            words = f"日付「{text[:20]}」が読めません。2026-11-04のように書いてください。"
            yield table.fault(row, "closures", words)


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in _SEPARATORS.split(text) if part.strip())
