"""The register (取組一覧): one row an initiative, as .csv or .xlsx, read.

Only number and title are needed. Headers may be Japanese or English, in any width; a file may
hold several wards and years, and answers in the words of an export. Faults are found all at once,
by row and column.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.domain.calendar import parse_fiscal_year
from bot.domain.form import Form
from bot.domain.forms.form_files import load_forms
from bot.domain.plans import Cell, Fault, SheetPlan, SheetRefused, target_warnings
from bot.domain.youshiki3 import YOUSHIKI3
from bot.sheets.folding import fold_words
from bot.sheets.headings import SheetHeading, read_heading
from bot.sheets.refusals import refused, titled_paper
from bot.sheets.register_columns import FORM, PLAN_NAME, Columns, columns_for
from bot.sheets.register_rows import (
    RegisterRow,
    answer_faults,
    is_whole_unit,
    read_initiative,
    read_unit,
)
from bot.sheets.rows import Row
from bot.sheets.tables import HeadedTable, TableRow

_HEADER_WITHIN = 20  # rows of headings above the header

Place = tuple[str | None, int | None]


@dataclass(frozen=True)
class _Register:
    """A table of initiatives, its columns, and what the rows above its header state."""

    heading: SheetHeading
    above: Sequence[Row]
    table: HeadedTable
    columns: Columns

    @property
    def form(self) -> Form:
        return self.columns.form

    def row(self, row: TableRow, position: int = 0) -> RegisterRow:
        return RegisterRow(self.columns, lambda key: self.table.text(row, key), position)


def read_register(
    tables: Sequence[Sequence[TableRow]],
    forms: Mapping[str, Form] | None = None,
    form: str | None = None,
) -> list[SheetPlan]:
    """The plans in the first table with a header, with every fault in them.

    The form is the one that was asked for or that a column 様式 names, else the one most of whose
    columns the table has. Raises SheetRefused when there is no such table, or nothing in it.
    """
    register = _found(tables, _candidates(forms, form))
    _refuse_other_papers(register)
    header_faults = tuple(_header_faults(register))
    if not register.table.rows:
        words = "取組一覧に取組がありません。見出しの下に1行ずつ書いてください。"
        raise SheetRefused(header_faults, words)
    faults = [*header_faults, *_faults(register)]
    places = dict.fromkeys(_place(register, row) for row in register.table.rows)
    return [_plan(register, place, faults) for place in places]


def has_header(
    tables: Sequence[Sequence[TableRow]], forms: Mapping[str, Form] | None = None
) -> bool:
    """Whether any of the tables looks like a register."""
    candidates = _candidates(forms, None)
    return any(_header_of(rows, each) is not None for rows in tables for each in candidates)


def is_register(
    tables: Sequence[Sequence[TableRow]], forms: Mapping[str, Form] | None = None
) -> bool:
    """Whether a table surely is a register: other papers have a number too, but no such title."""
    heads = (
        set(columns.in_row(row.cells).values())
        for columns in _candidates(forms, None)
        for rows in tables
        for row in rows[:_HEADER_WITHIN]
    )
    return any({"number", "title"} <= keys for keys in heads)


def _candidates(forms: Mapping[str, Form] | None, form: str | None) -> list[Columns]:
    known = load_forms() if forms is None else forms
    if form is not None and form in known:
        return [columns_for(known[form])]
    # 様式3 first: it is the form of a table that has number and title alone.
    ordered = sorted(known.values(), key=lambda each: each.key != YOUSHIKI3.key)
    return [columns_for(each) for each in ordered]


def _found(tables: Sequence[Sequence[TableRow]], candidates: Sequence[Columns]) -> _Register:
    for rows in tables:
        headed = [(each, at) for each in candidates if (at := _header_of(rows, each)) is not None]
        if headed:
            named = [pair for pair in headed if _names_form(rows, *pair)]
            columns, header = max(
                named or headed, key=lambda pair: _known(rows[pair[1]].cells, pair[0])
            )
            return _register(rows, header, columns)
    raise SheetRefused(
        (), "取組一覧の見出しがありません。1行目に「番号」と「題名」の列を作ってください。"
    )


def _known(headers: Sequence[str], columns: Columns) -> int:
    """How many headers are columns of the form; the first of several forms wins where they tie."""
    return len(set(columns.in_row(headers).values()))


def _names_form(rows: Sequence[TableRow], columns: Columns, header: int) -> bool:
    """Whether a column 様式 names this form below the header."""
    keys = {key: place for place, key in columns.in_row(rows[header].cells).items()}
    place = keys.get(FORM)
    below = rows[header + 1 : header + 2]
    said = [row.cells[place] for row in below if place is not None and place < len(row.cells)]
    form = columns.form
    names = map(fold_words, (form.key, form.name, form.printed.heading, *form.synonyms))
    return bool(said and said[0]) and fold_words(said[0]) in set(names)


def _header_of(rows: Sequence[TableRow], columns: Columns) -> int | None:
    for index, row in enumerate(rows[:_HEADER_WITHIN]):
        keys = set(columns.in_row(row.cells).values())
        if len(keys) > 1 and keys & {"number", "title"}:
            return index
    return None


def _register(rows: Sequence[TableRow], header: int, columns: Columns) -> _Register:
    places: dict[str, int] = {}
    for index, key in columns.in_row(rows[header].cells).items():
        places.setdefault(key, index)
    above = [Row(row.number, row.cells, after_blank=False) for row in rows[:header]]
    below = tuple(row for row in rows[header + 1 :] if any(row.cells))
    table = HeadedTable(rows[header], places, below, columns.titles)
    return _Register(read_heading(above), above, table, columns)


def _refuse_other_papers(register: _Register) -> None:
    """A table of another plan may have numbers and titles too: it says above them what it is."""
    if register.heading.wards or "ward" in register.table.columns:
        return
    header = register.table.header
    known = register.columns.in_row(header.cells)
    others = [cell for place, cell in enumerate(header.cells) if place not in known]
    paper = titled_paper(register.above, others)
    if paper is not None:
        raise SheetRefused((), refused(paper))


def _header_faults(register: _Register) -> Iterator[Fault]:
    table = register.table
    for key in ("number", "title"):
        if key not in table.columns:
            words = f"「{table.title(key)}」の列がありません。見出しを加えてください。"
            yield table.fault(table.header, key, words)
    for index, key in register.columns.in_row(table.header.cells).items():
        if table.columns[key] != index:
            words = f"「{table.title(key)}」と同じ意味の列です。どちらか1つにしてください。"
            yield Fault(table.header.number, table.header.cells[index], words)


def _faults(register: _Register) -> Iterator[Fault]:
    table = register.table
    seen: dict[tuple[Place, str], int] = {}
    for row in table.rows:
        read = register.row(row)
        yield from row.faults
        yield from _place_faults(table, row)
        for key, message in answer_faults(read):
            yield table.fault(row, key, message)
        if "title" in table.columns and not table.text(row, "title"):
            yield table.fault(row, "title", "題名がありません。書き入れてください。")
        if "number" not in table.columns or is_whole_unit(read):
            continue
        place = (_place(register, row), read.code)
        if not read.code:
            yield table.fault(row, "number", _number_fault(table.text(row, "number")))
        elif place in seen:
            words = f"番号{read.code}は{seen[place]}行目にもあります。番号を確かめてください。"
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


def _place(register: _Register, row: TableRow) -> Place:
    wards, years = register.heading.wards, register.heading.fiscal_years
    ward = register.table.text(row, "ward") or (wards[0] if len(wards) == 1 else None)
    year = parse_fiscal_year(register.table.text(row, "year"))
    return ward, year or (years[0] if len(years) == 1 else None)


def _plan(register: _Register, place: Place, faults: Sequence[Fault]) -> SheetPlan:
    """One plan of the file; ``faults`` are of the whole file, which stands or falls as one."""
    table = register.table
    rows = [row for row in table.rows if _place(register, row) == place]
    own = [row for row in rows if not is_whole_unit(register.row(row))]
    initiatives = tuple(
        read_initiative(register.row(row, position)) for position, row in enumerate(own, start=1)
    )
    whole = next((register.row(row) for row in rows if is_whole_unit(register.row(row))), None)
    details, answers = read_unit(whole) if whole else ({}, {})
    aims = initiatives if register.form.plan_field("target") else ()
    return SheetPlan(
        form=register.form.key,
        plan=register.heading.plan or _plan_name(table, rows),
        ward=place[0],
        fiscal_year=place[1],
        initiatives=initiatives,
        warnings=(*_unknown_columns(register), *target_warnings(aims, register.form.item)),
        faults=tuple(faults),
        ward_cells=_cells(table, rows, "ward"),
        year_cells=_cells(table, rows, "year"),
        details=details,
        answers=answers,
    )


def _plan_name(table: HeadedTable, rows: Sequence[TableRow]) -> str | None:
    """The plan that every row names; none where they differ."""
    names = {table.text(row, PLAN_NAME) for row in rows}
    return names.pop() or None if len(names) == 1 else None


def _cells(table: HeadedTable, rows: Sequence[TableRow], key: str) -> tuple[Cell, ...]:
    if key not in table.columns:
        return ()
    return tuple(Cell(row.number, table.title(key)) for row in rows)


def _unknown_columns(register: _Register) -> Iterator[str]:
    headers = register.table.header.cells
    known = register.columns.in_row(headers)
    names = [
        cell
        for n, cell in enumerate(headers)
        if cell and n not in known and not register.columns.is_exported_only(cell)
    ]
    if names:
        yield f"次の列は取り込みません：{'、'.join(names)}"
