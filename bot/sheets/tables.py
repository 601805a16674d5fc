"""Tables as rows of plain text, read from .csv: the header, and the faults of a whole file."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.domain.plans import Fault, SheetRefused
from bot.sheets.cells import fitting, guarded, printable, unguarded
from bot.sheets.folding import fold_words

MAX_BYTES = 10 * 1024 * 1024
MAX_ROWS = 5_000

_DELIMITERS = (",", "\t", ";")
_BOM = "\ufeff"  # without it Japanese Excel opens UTF-8 as Shift_JIS


@dataclass(frozen=True)
class TableRow:
    """One row; ``number`` is the row that Excel shows beside it.

    ``faults`` are of the file itself: cells that hold an error in place of a value.
    """

    number: int
    cells: tuple[str, ...]
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True)
class HeadedTable:
    """A table whose header is known: which column holds what, and its rows below.

    ``usual`` is what a column is called where the file has none of its kind.
    """

    header: TableRow
    columns: Mapping[str, int]
    rows: tuple[TableRow, ...]
    usual: Mapping[str, str]

    def text(self, row: TableRow, key: str) -> str:
        """What stands in a column; empty where row or table end before it."""
        column = self.columns.get(key)
        return row.cells[column] if column is not None and column < len(row.cells) else ""

    def title(self, key: str) -> str:
        """The column's header as the file writes it."""
        return self.header.cells[self.columns[key]] if key in self.columns else self.usual[key]

    def fault(self, row: TableRow, key: str, message: str) -> Fault:
        """A fault in a cell of the table."""
        return Fault(row.number, self.title(key), message)


def columns_by_key(cells: Sequence[str], headers: Mapping[str, Iterable[str]]) -> dict[str, int]:
    """Where each known column stands, by key: the first one that bears any of its ``headers``."""
    columns: dict[str, int] = {}
    for index, header in enumerate(cells):
        folded = fold_words(header)
        for key, names in headers.items():
            if folded in map(fold_words, names):
                columns.setdefault(key, index)
    return columns


def csv_tables(text: str) -> list[list[TableRow]]:
    """The rows of a .csv file, read with each delimiter that it may have been saved with."""
    return [_rows(text, delimiter) for delimiter in _DELIMITERS if delimiter in text]


def write_csv(rows: Iterable[Sequence[str | int | None]]) -> bytes:
    """A .csv file that opens right in Japanese Excel and in which no cell starts a formula."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerows([_csv_cell(value) for value in row] for row in rows)
    return (_BOM + out.getvalue()).encode()


def _csv_cell(value: str | int | None) -> str | int | None:
    return guarded(fitting(printable(value))) if isinstance(value, str) else value


def _rows(text: str, delimiter: str) -> list[TableRow]:
    reader = csv.reader(io.StringIO(text.removeprefix(_BOM), newline=""), delimiter=delimiter)
    rows: list[TableRow] = []
    try:
        for number, cells in enumerate(reader, start=1):
            rows.append(TableRow(number, tuple(map(_cell, cells))))
            refuse_too_many(len(rows))
    except csv.Error as error:
        raise SheetRefused(
            (),
            f"CSVとして読めません({len(rows) + 1}行目)。"
            "Excelで開いて、「CSV UTF-8」で保存し直してください。",
        ) from error
    return rows


def _cell(text: str) -> str:
    return printable(unguarded(text)).strip()


def refuse_too_many(count: int) -> None:
    """Refuse a table with more rows than a register can sensibly have."""
    if count > MAX_ROWS + 1:  # and a header
        raise SheetRefused(
            (), f"行が多すぎます({MAX_ROWS:,}行まで)。ファイルを分けて取り込んでください。"
        )
