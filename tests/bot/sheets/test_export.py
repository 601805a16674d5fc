from __future__ import annotations

import csv
import io
import json
import subprocess
import sys

import pytest
from openpyxl import load_workbook

from bot.sheets.export import ExportFormat, ExportTable, NotRendered, render_in_child, write

TABLE = ExportTable(
    title="あおぞら区 令和8年度",
    headers=("題名", "課題と改善策", "件数"),
    rows=(
        ("本の日", "=cmd|'/C calc'!A0\n雨の日", 3),
        ("＠本の月🌸", None, -1),
        ("", "あ" * 40_000, 0),
    ),
    record={"ward": "あおぞら区", "total": 2, "initiatives": [{"title": "=本の日"}]},
)


def csv_rows(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def test_a_csv_opens_right_in_japanese_excel() -> None:
    data = write(TABLE, ExportFormat.CSV)
    assert data.startswith(b"\xef\xbb\xbf")
    assert data.count(b"\r\n") == 4
    assert csv_rows(data)[0] == ["題名", "課題と改善策", "件数"]
    assert csv_rows(data)[1] == ["本の日", "'=cmd|'/C calc'!A0\n雨の日", "3"]


def test_no_text_of_a_csv_starts_a_formula() -> None:
    texts = [row[column] for row in csv_rows(write(TABLE, ExportFormat.CSV)) for column in (0, 1)]
    assert not [text for text in texts if text.startswith(tuple("=+-@＝＋－＠\t\r"))]
    assert texts[4] == "'＠本の月🌸"


def test_a_text_fits_the_cells_of_excel_in_each_format() -> None:
    assert len(csv_rows(write(TABLE, ExportFormat.CSV))[3][1]) == 32_767
    sheet = load_workbook(io.BytesIO(write(TABLE, ExportFormat.XLSX))).worksheets[0]
    assert len(str(sheet["B4"].value)) == 32_767


def test_no_cell_of_a_workbook_is_a_formula() -> None:
    sheet = load_workbook(io.BytesIO(write(TABLE, ExportFormat.XLSX))).worksheets[0]
    assert "f" not in {cell.data_type for row in sheet.iter_rows() for cell in row}
    assert sheet["B2"].value == "=cmd|'/C calc'!A0\n雨の日"


def test_json_is_the_record_and_nothing_else() -> None:
    assert json.loads(write(TABLE, ExportFormat.JSON)) == TABLE.record


@pytest.mark.parametrize("format_", list(ExportFormat))
async def test_a_child_process_makes_the_same_file(format_: ExportFormat) -> None:
    assert await render_in_child(TABLE, format_) == write(TABLE, format_)


async def test_a_child_that_takes_too_long_is_ended_and_said_so() -> None:
    with pytest.raises(NotRendered, match="もう一度"):
        await render_in_child(TABLE, ExportFormat.XLSX, timeout_seconds=0.001)


async def test_a_child_that_fails_is_said_so() -> None:
    broken = ExportTable("あ", ("題名",), ((),))
    with pytest.raises(NotRendered):
        await render_in_child(broken, ExportFormat.XLSX)


def test_the_workbook_library_is_loaded_only_for_a_workbook() -> None:
    code = (
        "import sys; import bot.sheets.files, bot.sheets.export, bot.sheets.register;"
        "sys.exit('openpyxl' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
