from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from bot.domain.plans import SheetInitiative, SheetPlan, SheetRefused
from bot.sheets.files import read
from bot.sheets.register_files import RegisterKind, write_register
from tests.bot.sheets.aozora import L3, item, sheet

REGISTER = SheetPlan("youshiki3", None, None, None, (SheetInitiative("1", 1, 1, "本の日"),))


def package(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return out.getvalue()


@pytest.mark.parametrize("name", ["plan.txt", "plan.csv", "plan.xlsx", ""])
def test_a_file_is_what_its_content_says_whatever_its_name(name: str) -> None:
    assert read(sheet(item(), item(2)).encode(), name)[0].ward == "あおぞら区"
    for kind in RegisterKind:
        plans = read(write_register([REGISTER], kind), name)
        assert [each.title for each in plans[0].initiatives] == ["本の日"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp932"])
def test_a_sheet_is_read_in_the_encodings_of_offices(encoding: str) -> None:
    text = sheet(item(plan=L3)).replace("🌸", "")
    assert read(text.encode(encoding))[0] == read(text.encode())[0]


def test_a_path_is_read(tmp_path: Path) -> None:
    path = tmp_path / "plan.txt"
    path.write_text(sheet(item()), encoding="utf-8")
    assert len(read(path)[0].initiatives) == 1


def test_a_register_may_quote_the_line_of_an_item() -> None:
    text = '番号,題名,趣旨・目的\n1,本の日,"次を含む。\n取組項目8\n以上"\n'
    assert (
        read(text.encode(), "register.csv")[0].initiatives[0].purpose
        == "次を含む。\n取組項目8\n以上"
    )


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "空のファイル"),
        ("\ufeff \r\n".encode(), "空のファイル"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, ".xls"),
        (b"\x89PNG\r\n\x1a\n", "画像"),
        (b"\xff\xd8\xff\xe0JFIF", "画像"),
        (b"{\\rtf1 abc}", "RTF"),
        (b"<!DOCTYPE html><html></html>", "HTML"),
        (b"\x1f\x8b\x08", "圧縮"),
        (b"SQLite format 3\0abc", "データベース"),
        (package("word/document.xml"), "Word"),
        (package("ppt/presentation.xml"), "PowerPoint"),
        (package("xl/workbook.bin"), ".xlsb"),
        (package("mimetype", "content.xml"), "OpenDocument"),
        (package("plan.txt"), "ZIP"),
        (b"PK\x03\x04broken", "壊れている"),
        (b"\x80\x81\xff\xfe\x00\x01", "文字コード"),
        (b"abc\0def", "文字コード"),
        (b"a" * (10 * 1024 * 1024 + 1), "10MB"),
    ],
)
def test_another_file_is_refused_by_name_with_what_to_do(data: bytes, words: str) -> None:
    with pytest.raises(SheetRefused) as refused:
        read(data, "plan.txt")
    assert words in refused.value.message
    assert refused.value.message.endswith(("。", ")。"))
