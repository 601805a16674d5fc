from __future__ import annotations

import io
import zipfile
from datetime import date

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from bot.domain.plans import SheetRefused
from bot.sheets import packages
from bot.sheets.files import read
from bot.sheets.workbooks import workbook_tables, write_workbook


def saved(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def filled(*rows: tuple[str | float | date | None, ...]) -> tuple[Workbook, Worksheet]:
    book = Workbook()
    sheet = book.worksheets[0]
    for row in rows:
        sheet.append(row)
    return book, sheet


def package(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def repacked(data: bytes, **changed: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    return package({**parts, **changed})


def test_values_are_read_as_the_cells_show_them() -> None:
    book, sheet = filled(
        ("番号", "題名", "目標", "概要", "目的"), (1.0, 2026, 0.4, date(2026, 4, 1), True)
    )
    sheet["C2"].number_format = "0%"
    initiative = read(saved(book))[0].initiatives[0]
    assert (initiative.number, initiative.title, initiative.target) == (1, "2026", "40%")
    assert (initiative.outline, initiative.purpose) == ("2026-04-01", "TRUE")


def test_the_first_visible_sheet_with_a_header_is_read() -> None:
    book, _ = filled(("お知らせ",))
    hidden = book.create_sheet("下書き")
    hidden.append(("番号", "題名"))
    hidden.append((9, "下書き"))
    hidden.sheet_state = "hidden"
    shown = book.create_sheet("一覧")
    shown.append(("番号", "題名"))
    shown.append((1, "本の日"))
    assert [each.title for each in read(saved(book))[0].initiatives] == ["本の日"]


def test_rows_are_numbered_as_excel_numbers_them() -> None:
    book, sheet = filled(("番号", "題名"))
    sheet["A7"], sheet["B7"] = "x", "本の日"
    (fault,) = read(saved(book))[0].faults
    assert str(fault).startswith("7行目 番号")


def test_an_error_in_a_formula_is_a_fault_of_its_cell() -> None:
    book, sheet = filled(("番号", "題名"), (1, "本の日"), (2, None))
    sheet["B2"].value = "#REF!"
    sheet["B2"].data_type = "e"
    assert list(map(str, read(saved(book))[0].faults)) == [
        "2行目 B列：セルが「#REF!」になっています。値を入れ直してください。",
        "3行目 題名：題名がありません。書き入れてください。",
    ]


def test_a_cell_far_below_does_not_keep_the_reader_busy() -> None:
    book, sheet = filled(("番号", "題名"), (1, "本の日"))
    sheet["A1048576"] = 2
    assert len(workbook_tables(saved(book))[0]) == 2


def test_a_package_that_unpacks_too_large_is_refused_unopened(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(packages, "MAX_UNPACKED", 1_000_000)
    bomb = repacked(saved(filled(("番号", "題名"))[0]), **{"xl/media/a.bin": b"\0" * 2_000_000})
    assert len(bomb) < 20_000
    with pytest.raises(SheetRefused, match="大きすぎる"):
        read(bomb)


def test_a_document_type_in_a_workbook_is_refused() -> None:
    entities = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'
    data = repacked(saved(filled(("番号", "題名"))[0]), **{"xl/sharedStrings.xml": entities})
    with pytest.raises(SheetRefused, match="読めません"):
        read(data)


@pytest.mark.parametrize("keep", [200, 2000])
def test_a_damaged_workbook_is_refused(keep: int) -> None:
    data = saved(filled(("番号", "題名"), (1, "本の日"))[0])
    with pytest.raises(SheetRefused):
        read(data[:keep])
    with pytest.raises(SheetRefused, match="読めません"):
        read(package({"xl/workbook.xml": b"<workbook"}))


def test_a_part_packed_in_an_unbounded_way_is_refused() -> None:
    out = io.BytesIO(saved(filled(("番号", "題名"), (1, "本の日"))[0]))
    with zipfile.ZipFile(out, "a", zipfile.ZIP_BZIP2) as archive:
        archive.writestr("xl/media/a.bin", b"\0" * 100_000)
    with pytest.raises(SheetRefused, match="読めません"):
        read(out.getvalue())


def test_a_workbook_is_written_as_texts_for_reading_and_printing() -> None:
    data = write_workbook(
        ("題名", "件数"), [("=1+1", 3), ("＝あ\x00\ud800", None)], title="状況/一覧"
    )
    sheet = load_workbook(io.BytesIO(data)).worksheets[0]
    assert sheet.title == "状況 一覧"
    assert [(cell.value, cell.data_type) for cell in sheet[2]] == [("=1+1", "s"), (3, "n")]
    assert sheet["A2"].quotePrefix
    assert sheet["A3"].value == "＝あ"
    assert sheet.freeze_panes == "A2"
    assert [cell.font.bold for cell in sheet[1]] == [True, True]
    assert sheet["A2"].alignment.wrap_text
    assert (sheet.page_setup.orientation, str(sheet.page_setup.paperSize)) == ("landscape", "9")
    assert 6 <= sheet.column_dimensions["A"].width <= 60


def test_a_text_longer_than_a_cell_is_cut_and_says_so() -> None:
    data = write_workbook(("題名",), [("🌸" * 20_000,)], title="一覧")
    value = load_workbook(io.BytesIO(data)).worksheets[0]["A2"].value
    assert isinstance(value, str)
    assert len(value.encode("utf-16-le")) // 2 <= 32_767
    assert value.endswith("…(以下略)")


def test_equal_content_is_equal_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    first = write_workbook(("題名",), [("本の日",)], title="一覧")
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert {part.date_time for part in archive.infolist()} == {(2000, 1, 1, 0, 0, 0)}
        core = archive.read("docProps/core.xml").decode()
    assert core.count("2000-01-01T00:00:00Z") == 2
    assert write_workbook(("題名",), [("本の日",)], title="一覧") == first
