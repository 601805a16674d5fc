"""What kind of file some bytes are, by their first bytes and, for packages, by their parts."""

from __future__ import annotations

from bot.sheets.packages import is_program, part_names

_NEXT = (
    "計画は、様式のファイル(.xlsx・.docx・文字の入ったPDF・テキスト)か、"
    "取組一覧(.csv・.xlsx)で取り込めます。"
)

# What is refused, by kind: what it is, and what to do next.
REFUSALS = {
    "empty": "空のファイルです。取り込む計画のファイルを確かめてください。",
    "pptx": f"PowerPointのファイルは取り込めません。{_NEXT}",
    "ods": (
        "OpenDocumentの文書は取り込めません。"
        "Excel形式(.xlsx)かWord形式(.docx)で保存し直してください。"
    ),
    "macro": (
        "マクロ付きのファイルは取り込めません。"
        "マクロなしの形式(.xlsx、.docx)で保存し直してください。"
    ),
    "xlsb": "Excelバイナリ(.xlsb)は取り込めません。Excelブック(.xlsx)で保存し直してください。",
    "ole": (
        "古い形式のファイル(.xls、.doc)か、パスワード付きのファイルです。"
        "パスワードを外し、新しい形式(.xlsx、.docx)で保存し直してください。"
    ),
    "image": f"画像は取り込めません。{_NEXT}",
    "zip": "圧縮ファイル(ZIP)です。展開して、中の計画のファイルを指定してください。",
    "broken": "ファイルが壊れているため読めません。ExcelやWordで開いて保存し直してください。",
    "archive": "圧縮ファイルです。展開して、中の計画のファイルを指定してください。",
    "html": f"ウェブページ(HTML)は取り込めません。{_NEXT}",
    "rtf": f"リッチテキスト(RTF)は取り込めません。{_NEXT}",
    "database": f"データベースのファイルです。{_NEXT}",
}

_PDF = b"%PDF-"
_PDF_WITHIN = 1024  # a mail gateway's lines may stand before it (ISO 32000-1, annex H.3)

_SIGNATURES = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
    (b"\x89PNG", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF8", "image"),
    (b"II*\0", "image"),
    (b"MM\0*", "image"),
    (b"RIFF", "image"),
    (b"{\\rtf", "rtf"),
    (b"\x1f\x8b", "archive"),
    (b"7z\xbc\xaf\x27\x1c", "archive"),
    (b"Rar!", "archive"),
    (b"SQLite format 3\0", "database"),
)

_PARTS = (
    ("xl/workbook.xml", "xlsx"),
    ("xl/workbook.bin", "xlsb"),
    ("word/document.xml", "docx"),
    ("ppt/presentation.xml", "pptx"),
    ("content.xml", "ods"),
)


def kind_of(data: bytes) -> str:
    """One of xlsx, docx, pdf and text, or a key of REFUSALS. The file's name plays no part."""
    if not data:
        return "empty"
    if data.startswith(b"PK\x03\x04"):
        return _kind_of_package(data)
    if _PDF in data[:_PDF_WITHIN]:
        return "pdf"
    start = data[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype html", b"<html")):
        return "html"
    return next((kind for signature, kind in _SIGNATURES if data.startswith(signature)), "text")


def _kind_of_package(data: bytes) -> str:
    names = part_names(data)
    if not names:  # cut short on its way: the directory stands at the end
        return "broken"
    if any(map(is_program, names)):
        return "macro"
    return next((kind for part, kind in _PARTS if part in names), "zip")
