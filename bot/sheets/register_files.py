"""Registers written, to be filled in or read back: .csv or .xlsx, columns from the form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum

from bot.domain.calendar import era_year
from bot.domain.form import Form
from bot.domain.plans import Fault, SheetInitiative, SheetPlan, SheetRefused
from bot.domain.youshiki3 import YOUSHIKI3
from bot.sheets.cells import MAX_CELL, cell_length, printable
from bot.sheets.register_columns import PLACE_COLUMNS, Column, columns_for, indicator_columns
from bot.sheets.register_rows import register_value
from bot.sheets.tables import write_csv

_SHEET_NAME = "取組一覧"


class RegisterKind(StrEnum):
    """The kinds of file a register comes in."""

    CSV = "csv"
    XLSX = "xlsx"


def write_register(
    plans: Sequence[SheetPlan], kind: RegisterKind, forms: Mapping[str, Form] | None = None
) -> bytes:
    """A register that ``read_register`` reads back to the same initiatives (answers aside)."""
    form = (forms or {}).get(plans[0].form if plans else "", YOUSHIKI3)
    columns = _used_columns(form, plans)
    rows = [
        [_value(plan, initiative, column.key) for column in columns]
        for plan in plans
        for initiative in plan.initiatives
    ]
    return _written([column.title for column in columns], rows, kind)


def write_template(kind: RegisterKind, form: Form = YOUSHIKI3) -> bytes:
    """An empty register: the header row only."""
    columns = columns_for(form).all
    return _written([column.title for column in columns if column.in_template], [], kind)


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


def _used_columns(form: Form, plans: Sequence[SheetPlan]) -> list[Column]:
    items = [each for plan in plans for each in plan.initiatives]
    used = {
        column.key
        for column in columns_for(form).all
        if any(register_value(each, column.key) for each in items)
    }
    if len({(plan.ward, plan.fiscal_year) for plan in plans}) > 1:
        used |= set(PLACE_COLUMNS)
    kept = [each for each in columns_for(form).all if each.in_template or each.key in used]
    most = max((len(each.indicators) for each in items), default=0)
    return [*kept, *(each for each in indicator_columns(form, most) if each not in kept)]


def _value(plan: SheetPlan, initiative: SheetInitiative, key: str) -> str | int | None:
    if key == "ward":
        return plan.ward
    if key == "year":
        return era_year(plan.fiscal_year) if plan.fiscal_year else None
    value = register_value(initiative, key)
    return printable(value) if isinstance(value, str) else value
