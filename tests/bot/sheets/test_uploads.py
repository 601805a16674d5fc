"""Files that mean harm, or are only broken: refused before they are opened, or read without it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

import pytest
from docx import Document
from openpyxl import Workbook, load_workbook

from bot.domain.plans import SheetRefused
from bot.sheets import packages
from bot.sheets.dropped import read_in_child
from bot.sheets.files import read
from tests.bot.sheets import aozora
from tests.bot.sheets.aozora import item, sheet
from tests.bot.sheets.paper import packed, printed, stream
from tests.bot.sheets.typed import typed_document, typed_workbook

SHEET = sheet(item(), item(2))
WORKBOOK, DOCUMENT = typed_workbook(SHEET), typed_document(SHEET)
BOTH = pytest.mark.parametrize("file", [WORKBOOK, DOCUMENT], ids=["xlsx", "docx"])
MAIN = {WORKBOOK: "xl/workbook.xml", DOCUMENT: "word/document.xml"}


def repacked(
    file: bytes, added: Mapping[str, bytes | str], method: int = zipfile.ZIP_DEFLATED
) -> bytes:
    """A package with parts added, or put in place of its own."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(file)) as source, zipfile.ZipFile(out, "w", method) as target:
        for name in source.namelist():
            if name not in added:
                target.writestr(name, source.read(name))
        for name, content in added.items():
            target.writestr(name, content)
    return out.getvalue()


def part(file: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(file)) as package:
        return package.read(name).decode()


def titles(file: bytes) -> list[str]:
    return [each.title for each in read(file)[0].initiatives]


def refusal(file: bytes, name: str = "") -> str:
    with pytest.raises(SheetRefused) as refused:
        read(file, name)
    assert refused.value.reason.endswith(("。", ")。"))
    return refused.value.reason


@BOTH
def test_the_files_that_the_others_are_made_of_are_read(file: bytes) -> None:
    assert titles(file) == ["雨の日の遊び場", "雨の日の遊び場"]


@BOTH
@pytest.mark.parametrize(
    "name",
    [
        *("xl/vbaProject.bin", "word/vbaProject.bin", "xl/VBAPROJECT.BIN", "word/vbaData.xml"),
        *("xl/macrosheets/sheet1.xml", "xl/activeX/activeX1.bin", "word/activeX/activeX1.xml"),
    ],
)
def test_a_file_with_a_program_in_it_is_refused(file: bytes, name: str) -> None:
    assert "マクロ付き" in refusal(repacked(file, {name: b"x"}), "plan.xlsx")


@BOTH
def test_a_file_that_says_it_may_hold_macros_is_refused(file: bytes) -> None:
    types = part(file, "[Content_Types].xml")
    macro = types.replace("sheet.main+xml", "sheet.macroEnabled.main+xml").replace(
        "wordprocessingml.document.main", "ms-word.document.macroEnabled.main"
    )
    assert macro != types
    assert "マクロ付き" in refusal(repacked(file, {"[Content_Types].xml": macro}))


@BOTH
def test_a_package_that_unpacks_too_large_is_refused_unopened(
    file: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packages, "MAX_UNPACKED", 2_000_000)
    bomb = repacked(file, {"xl/media/a.bin": b"\0" * 4_000_000})
    assert len(bomb) < 100_000
    assert "大きすぎる" in refusal(bomb)


@BOTH
def test_a_package_of_too_many_parts_is_refused(file: bytes) -> None:
    assert "大きすぎる" in refusal(repacked(file, {f"p/{n}.bin": b"" for n in range(1_001)}))


@BOTH
def test_a_package_in_a_package_is_never_unpacked(
    file: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    inner = repacked(file, {"a.bin": b"\0" * 5_000_000})
    monkeypatch.setattr(packages, "MAX_UNPACKED", 2_000_000)
    nested = {"xl/embeddings/inner.xlsx": inner, "word/embeddings/inner.docx": inner}
    assert len(titles(repacked(file, nested))) == 2
    outer = io.BytesIO()
    with zipfile.ZipFile(outer, "w") as target:
        target.writestr("plan.xlsx", file)
    assert "ZIP" in refusal(outer.getvalue())


@BOTH
def test_a_directory_that_lies_about_sizes_gains_nothing(file: bytes) -> None:
    bomb = bytearray(repacked(file, {"zz.xml": b"<a>" + b" " * 1_000_000 + b"</a>"}))
    entry = bomb.rindex(b"PK\x01\x02")
    bomb[entry + 24 : entry + 28] = (100).to_bytes(4, "little")  # what it unpacks to, it says
    assert "壊れている" in refusal(bytes(bomb))


@BOTH
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-be"])
def test_entities_are_never_expanded(file: bytes, encoding: str) -> None:
    levels = "".join(
        f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' if n else '<!ENTITY a0 "あ">' for n in range(9)
    )
    for doctype in (f"<!DOCTYPE a [{levels}]>", '<!DOCTYPE a SYSTEM "file:///etc/passwd">'):
        text = f'<?xml version="1.0" encoding="{encoding[:6].rstrip("-")}"?>{doctype}<a>&a8;</a>'
        bomb = repacked(file, {MAIN[file]: text.encode(encoding)})
        assert "壊れている" in refusal(bomb)


@BOTH
def test_an_encoding_that_could_hide_a_document_type_is_refused(file: bytes) -> None:
    hidden = b'<?xml version="1.0" encoding="UTF-7"?>+ADw-!DOCTYPE a+AD4-<a/>'
    assert "壊れている" in refusal(repacked(file, {MAIN[file]: hidden}))


@BOTH
def test_elements_nested_without_end_are_refused(file: bytes) -> None:
    deep = b"<a>" * 200_000 + b"</a>" * 200_000
    assert refusal(repacked(file, {MAIN[file]: deep}))


@BOTH
@pytest.mark.parametrize("keep", [0.1, 0.5, 0.95])
def test_a_file_cut_short_is_refused(file: bytes, keep: float) -> None:
    assert refusal(file[: int(len(file) * keep)])


@BOTH
def test_a_locked_file_is_refused_by_name(file: bytes) -> None:
    locked = bytearray(file)
    entry = locked.index(b"PK\x01\x02")
    locked[entry + 8] |= 1
    assert "パスワード" in refusal(bytes(locked))
    office = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600  # Office packs what it locks so
    assert "パスワード付き" in refusal(office)


def test_live_links_of_a_workbook_are_refused() -> None:
    link = "<externalLink xmlns='x'><{0} ddeService='cmd' ddeTopic='/c calc'/></externalLink>"
    for kind in ("ddeLink", "oleLink", "x:ddeLink"):
        added = {"xl/externalLinks/externalLink1.xml": link.format(kind)}
        assert "DDE" in refusal(repacked(WORKBOOK, added))


def test_of_a_formula_the_stored_value_is_read_and_nothing_is_fetched() -> None:
    book = Workbook()
    page = book.worksheets[0]
    page.append(("番号", "題名", "目標"))
    page.append((1, "本の日", '=WEBSERVICE("http://127.0.0.1:9/x")'))
    page.append((2, '=HYPERLINK("http://127.0.0.1:9/x","読む")', "3か所"))
    out = io.BytesIO()
    book.save(out)
    (plan,) = read(out.getvalue())
    assert plan.initiatives[0].target is None  # no program has worked it out yet
    assert [str(fault) for fault in plan.faults] == [
        "3行目 題名：題名がありません。書き入れてください。"
    ]


def test_a_form_with_a_cell_that_shows_an_error_is_refused_by_its_place() -> None:
    book = load_workbook(io.BytesIO(WORKBOOK))
    target = next(cell for row in book.worksheets[0].iter_rows() for cell in row if cell.value)
    target.value, target.data_type = "#REF!", "e"
    out = io.BytesIO()
    book.save(out)
    (plan,) = read(out.getvalue())
    assert [str(fault) for fault in plan.faults] == [
        f"{target.row}行目 B列：セルが「#REF!」になっています。値を入れ直してください。"
    ]


def test_links_in_a_document_are_not_followed_and_codes_of_fields_no_text() -> None:
    field = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>DDEAUTO c:\\\\cmd.exe'
        ' "/c calc"</w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        '<w:r><w:t>3か所</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
    included = '<w:fldSimple w:instr="INCLUDETEXT http://127.0.0.1:9/x"><w:r/></w:fldSimple>'
    text = typed_document(sheet(item(plan=aozora.L2.replace(aozora.TARGET, "KIT"))))
    xml = part(text, "word/document.xml").replace("KIT", f"</w:t></w:r>{field}{included}<w:r><w:t>")
    template = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
        'relationships/attachedTemplate" Target="http://127.0.0.1:9/x.dotm"'
        ' TargetMode="External"/></Relationships>'
    )
    added = {"word/document.xml": xml, "word/_rels/settings.xml.rels": template}
    assert read(repacked(text, added))[0].initiatives[0].target == "3か所"


def test_what_was_deleted_or_hidden_in_a_document_is_not_read() -> None:
    text = typed_document(sheet(item(plan=aozora.L2.replace(aozora.TARGET, "KIT"))))
    gone = (
        '<w:del w:id="1" w:author="x"><w:r><w:delText>古い目標</w:delText></w:r></w:del>'
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>内緒</w:t></w:r>"
        '<w:ins w:id="2" w:author="x"><w:r><w:t>3か所</w:t></w:r></w:ins>'
    )
    xml = part(text, "word/document.xml").replace("KIT", f"</w:t></w:r>{gone}<w:r><w:t>")
    plan = read(repacked(text, {"word/document.xml": xml}))[0]
    assert plan.initiatives[0].target == "3か所"


def test_a_document_of_content_controls_and_nested_tables_is_read_whole() -> None:
    document = Document()
    for line in ("取組項目1", "【雨の日の遊び場】"):
        document.add_paragraph(line)
    table = document.add_table(rows=2, cols=3, style="Table Grid")
    for cell, text in zip(table.rows[0].cells, ("計画", aozora.LEFT, aozora.RIGHT), strict=True):
        cell.text = text
    inner = table.cell(1, 1).add_table(rows=1, cols=2)
    inner.cell(0, 0).text, inner.cell(0, 1).text = "(目標)", "3か所"
    table.cell(1, 2).text = "(取組の内容) 開く。"
    out = io.BytesIO()
    document.save(out)
    xml = part(out.getvalue(), "word/document.xml").replace(
        "<w:tbl>", "<w:sdt><w:sdtContent><w:tbl>", 1
    )
    end = xml.rindex("</w:tbl>") + len("</w:tbl>")
    xml = f"{xml[:end]}</w:sdtContent></w:sdt>{xml[end:]}"
    (initiative,) = read(repacked(out.getvalue(), {"word/document.xml": xml}))[0].initiatives
    assert (initiative.target, initiative.activities) == ("3か所", "開く。")


@pytest.mark.parametrize("action", ["/JavaScript /JS (app.alert(1))", "/Launch /F (calc.exe)"])
def test_what_a_pdf_would_run_is_no_part_of_its_text(action: str) -> None:
    data = printed(SHEET).replace(
        b"<< /Type /Catalog", f"<< /OpenAction << /S {action} >> /Type /Catalog".encode(), 1
    )
    assert len(read(data)[0].initiatives) == 2


async def test_pages_that_keep_the_reader_busy_end_with_its_process() -> None:
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R >>"
    kids = b"<< /Type /Pages /Count 90 /Kids [" + b"3 0 R " * 90 + b"] >>"
    work = stream(b"q Q " * 2_000_000)
    data = packed([b"<< /Type /Catalog /Pages 2 0 R >>", kids, page, work])
    with pytest.raises(SheetRefused, match="大きすぎます"):
        await read_in_child(data, "plan.pdf", timeout_seconds=3)


async def test_a_file_over_which_the_reader_takes_too_long_is_refused() -> None:
    with pytest.raises(SheetRefused, match="大きすぎます"):
        await read_in_child(DOCUMENT, "plan.docx", timeout_seconds=0.01)


@pytest.mark.parametrize("data", [WORKBOOK, DOCUMENT, printed(SHEET), SHEET.encode()])
async def test_the_child_reads_what_is_read_here(data: bytes) -> None:
    found = await read_in_child(data, "plan")
    assert found.plans == tuple(read(data))
