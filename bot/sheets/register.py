"""The register (取組一覧): one row an initiative, as .csv or .xlsx, read and written.

Only number and title are needed. Headers may be Japanese or English, in any width; a file may
hold several wards and years. Faults are found all at once, by row and column.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.calendar import era_year, parse_fiscal_year
from bot.domain.plans import (
    Cell,
    Fault,
    SheetInitiative,
    SheetPlan,
    SheetRefused,
    target_warnings,
)
from bot.domain.youshiki3 import YOUSHIKI3
from bot.sheets.cells import MAX_CELL, cell_length, printable
from bot.sheets.folding import fold_words
from bot.sheets.headings import SheetHeading, read_heading
from bot.sheets.register_columns import COLUMNS, EXTRA_COLUMNS, PLACE_COLUMNS, Column, columns_of
from bot.sheets.rows import Row
from bot.sheets.tables import HeadedTable, TableRow, write_csv

_HEADER_WITHIN = 20  # rows of headings above the header
_NUMBER = re.compile(r"(?:取組項目|no\.?|№|第)?\s*(\d{1,4})(?:\.0+)?")
_SHEET_NAME = "取組一覧"

Place = tuple[str | None, int | None]


class RegisterKind(StrEnum):
    """The kinds of file a register comes in."""

    CSV = "csv"
    XLSX = "xlsx"


@dataclass(frozen=True)
class _Register:
    """A table of initiatives, and what the rows above its header state."""

    heading: SheetHeading
    table: HeadedTable


def read_register(tables: Sequence[Sequence[TableRow]]) -> list[SheetPlan]:
    """The plans in the first table with a header, with every fault in them.

    Raises SheetRefused when there is no such table, or nothing in it.
    """
    register = _found(tables)
    header_faults = tuple(_header_faults(register.table))
    if not register.table.rows:
        words = "取組一覧に取組がありません。見出しの下に1行ずつ書いてください。"
        raise SheetRefused(header_faults, words)
    faults = [*header_faults, *_faults(register)]
    places = dict.fromkeys(_place(register, row) for row in register.table.rows)
    return [_plan(register, place, faults) for place in places]


def has_header(tables: Sequence[Sequence[TableRow]]) -> bool:
    """Whether any of the tables looks like a register."""
    return any(_header_of(rows) is not None for rows in tables)


def is_register(tables: Sequence[Sequence[TableRow]]) -> bool:
    """Whether a table surely is a register: other papers have a number too, but no such title."""
    heads = (
        set(columns_of(row.cells).values()) for rows in tables for row in rows[:_HEADER_WITHIN]
    )
    return any({"number", "title"} <= keys for keys in heads)


def write_register(plans: Sequence[SheetPlan], kind: RegisterKind) -> bytes:
    """A register that ``read_register`` reads back to the same initiatives (answers aside)."""
    columns = _used_columns(plans)
    rows = [
        [_value(plan, initiative, column.key) for column in columns]
        for plan in plans
        for initiative in plan.initiatives
    ]
    return _written([column.title for column in columns], rows, kind)


def write_template(kind: RegisterKind) -> bytes:
    """An empty register: the header row only."""
    return _written([column.title for column in COLUMNS.values() if column.in_template], [], kind)


def _written(headers: list[str], rows: list[list[str | int | None]], kind: RegisterKind) -> bytes:
    for number, row in enumerate(rows, start=2):
        for header, value in zip(headers, row, strict=True):
            if isinstance(value, str) and cell_length(value) > MAX_CELL:
                fault = Fault(number, header, f"{MAX_CELL:,}字を超えています。短くしてください。")
                raise SheetRefused([fault], "表に入らない長さの文があります。")
    if kind is RegisterKind.CSV:
        return write_csv([headers, *rows])
    from bot.sheets.workbooks import write_workbook

    return write_workbook(headers, rows, title=_SHEET_NAME)


def _used_columns(plans: Sequence[SheetPlan]) -> list[Column]:
    used = {
        key
        for key in EXTRA_COLUMNS
        if any(getattr(each, key) for plan in plans for each in plan.initiatives)
    }
    if len({(plan.ward, plan.fiscal_year) for plan in plans}) > 1:
        used |= set(PLACE_COLUMNS)
    return [column for key, column in COLUMNS.items() if column.in_template or key in used]


def _value(plan: SheetPlan, initiative: SheetInitiative, key: str) -> str | int | None:
    if key == "ward":
        return plan.ward
    if key == "year":
        return era_year(plan.fiscal_year) if plan.fiscal_year else None
    value: str | int | None = getattr(initiative, key)
    return printable(value) if isinstance(value, str) else value


def _found(tables: Sequence[Sequence[TableRow]]) -> _Register:
    for rows in tables:
        found = _header_of(rows)
        if found is not None:
            return _register(rows, found)
    raise SheetRefused(
        (), "取組一覧の見出しがありません。1行目に「番号」と「題名」の列を作ってください。"
    )


def _header_of(rows: Sequence[TableRow]) -> int | None:
    for index, row in enumerate(rows[:_HEADER_WITHIN]):
        keys = set(columns_of(row.cells).values())
        if len(keys) > 1 and keys & {"number", "title"}:
            return index
    return None


def _register(rows: Sequence[TableRow], header: int) -> _Register:
    columns: dict[str, int] = {}
    for index, key in columns_of(rows[header].cells).items():
        columns.setdefault(key, index)
    above = [Row(row.number, row.cells, after_blank=False) for row in rows[:header]]
    below = tuple(row for row in rows[header + 1 :] if any(row.cells))
    usual = {key: column.title for key, column in COLUMNS.items()}
    return _Register(read_heading(above), HeadedTable(rows[header], columns, below, usual))


def _header_faults(table: HeadedTable) -> Iterator[Fault]:
    for key in ("number", "title"):
        if key not in table.columns:
            words = f"「{table.title(key)}」の列がありません。見出しを加えてください。"
            yield table.fault(table.header, key, words)
    for index, key in columns_of(table.header.cells).items():
        if table.columns[key] != index:
            words = f"「{table.title(key)}」と同じ意味の列です。どちらか1つにしてください。"
            yield Fault(table.header.number, table.header.cells[index], words)


def _faults(register: _Register) -> Iterator[Fault]:
    table = register.table
    seen: dict[tuple[Place, int], int] = {}
    for row in table.rows:
        yield from row.faults
        yield from _place_faults(table, row)
        if "title" in table.columns and not table.text(row, "title"):
            yield table.fault(row, "title", "題名がありません。書き入れてください。")
        if "number" not in table.columns:
            continue
        number = _number(table.text(row, "number"))
        place = (_place(register, row), number or 0)
        if number is None:
            yield table.fault(row, "number", _number_fault(table.text(row, "number")))
        elif place in seen:
            words = f"番号{number}は{seen[place]}行目にもあります。番号を確かめてください。"
            yield table.fault(row, "number", words)
        else:
            seen[place] = row.number


def _number_fault(written: str) -> str:
    if not written:
        return "番号がありません。書き入れてください。"
    return f"番号「{written[:20]}」が読めません。1、2、3のような数字にしてください。"


def _place_faults(table: HeadedTable, row: TableRow) -> Iterator[Fault]:
    written = table.text(row, "year")
    if "year" in table.columns and parse_fiscal_year(written) is None:
        said = f"年度「{written[:20]}」が読めません。" if written else "年度がありません。"
        yield table.fault(row, "year", f"{said}令和8年度や2026のように書いてください。")
    if "ward" in table.columns and not table.text(row, "ward"):
        yield table.fault(row, "ward", "区の名前がありません。書き入れてください。")


def _number(written: str) -> int | None:
    match = _NUMBER.fullmatch(fold_words(written))
    return int(match[1]) if match and int(match[1]) > 0 else None


def _place(register: _Register, row: TableRow) -> Place:
    wards, years = register.heading.wards, register.heading.fiscal_years
    ward = register.table.text(row, "ward") or (wards[0] if len(wards) == 1 else None)
    year = parse_fiscal_year(register.table.text(row, "year"))
    return ward, year or (years[0] if len(years) == 1 else None)


def _plan(register: _Register, place: Place, faults: Sequence[Fault]) -> SheetPlan:
    """One plan of the file; ``faults`` are of the whole file, which stands or falls as one."""
    table = register.table
    rows = [row for row in table.rows if _place(register, row) == place]
    initiatives = tuple(
        _initiative(table, row, position) for position, row in enumerate(rows, start=1)
    )
    return SheetPlan(
        form=YOUSHIKI3.key,
        plan=register.heading.plan,
        ward=place[0],
        fiscal_year=place[1],
        initiatives=initiatives,
        warnings=(*_unknown_columns(table), *target_warnings(initiatives)),
        faults=tuple(faults),
        ward_cells=_cells(table, rows, "ward"),
        year_cells=_cells(table, rows, "year"),
    )


def _cells(table: HeadedTable, rows: Sequence[TableRow], key: str) -> tuple[Cell, ...]:
    if key not in table.columns:
        return ()
    return tuple(Cell(row.number, table.title(key)) for row in rows)


def _initiative(table: HeadedTable, row: TableRow, position: int) -> SheetInitiative:
    def text(key: str) -> str | None:
        return table.text(row, key) or None

    number = _number(table.text(row, "number")) or 0
    return SheetInitiative(
        code=str(number),
        position=position,
        number=number,
        title=table.text(row, "title"),
        subtitle=text("subtitle"),
        pillar=text("pillar"),
        purpose=text("purpose"),
        purpose_label=text("purpose_label"),
        outline=text("outline"),
        target=text("target"),
        plan_unlabelled=text("plan_unlabelled"),
        activities=text("activities"),
        activities_target=text("activities_target"),
    )


def _unknown_columns(table: HeadedTable) -> Iterator[str]:
    known = columns_of(table.header.cells)
    names = [cell for n, cell in enumerate(table.header.cells) if cell and n not in known]
    if names:
        yield f"次の列は取り込みません：{'、'.join(names)}"
