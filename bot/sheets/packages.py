"""Office packages (.xlsx, .docx: XML in a ZIP) looked over before anything opens them.

Nothing in them is run, fetched or expanded beyond what an honest file holds: macros and live links
are refused, and the size is judged by the directory before a byte is unpacked.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator

from bot.domain.plans import SheetRefused

MAX_UNPACKED = 30 * 1024 * 1024
_MAX_PARTS = 1_000
_ENCRYPTED = 0x1  # ZIP specification 4.4.4, general purpose bit 0

# Programs: VBA, macro sheets of Excel 4.0, controls. Their names are fixed by Office.
_PROGRAM = re.compile(r"vbaproject|/macrosheets/|/activex/|/vbadata", re.IGNORECASE)
_MACRO_TYPE = b"macroenabled"
_PROPERTIES = "docProps/core.xml"
_KEYWORDS = re.compile(rb"<(?:\w+:)?keywords\b[^>]*>([^<]{1,200})<")
_TYPES = "[Content_Types].xml"
# Links through which a workbook has a program started or read: DDE and OLE.
_LIVE_LINK = re.compile(rb"<(?:\w+:)?(?:ddeLink|oleLink)\b")
_ENCODING = re.compile(rb"""<\?xml[^>]{0,100}encoding\s*=\s*["']([\w.-]{1,40})["']""")
_ENCODINGS = frozenset({b"utf-8", b"utf-16", b"us-ascii", b"ascii"})

_TOO_BIG = "展開すると大きすぎるファイルです。必要な表だけのファイルにして取り込んでください。"
_BROKEN = "ファイルが壊れているため読めません。ExcelやWordで開いて保存し直してください。"
_LOCKED = "パスワード付きのファイルです。パスワードを外して保存し直してください。"
_MACRO = (
    "マクロ付きのファイルは取り込めません。マクロなしの形式(.xlsx、.docx)で保存し直してください。"
)
_LINKED = (
    "ほかのプログラムのデータへのリンク(DDE・OLE)があるため、取り込めません。"
    "リンクを解除して保存し直してください。"
)


def part_names(data: bytes) -> frozenset[str]:
    """The names in a ZIP's directory; none when that is damaged."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            return frozenset(package.namelist())
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError):
        return frozenset()


def is_program(name: str) -> bool:
    """Whether a part of that name holds something to be run."""
    return _PROGRAM.search(f"/{name}") is not None


def check_package(data: bytes) -> None:
    """Look a package over. Raises SheetRefused, saying why it is not opened."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            _check_directory(package.infolist())
            for part in package.infolist():
                _check_part(part.filename, package.read(part))
    except SheetRefused:
        raise
    except Exception as error:  # a damaged package fails in any of a dozen ways
        raise SheetRefused((), _BROKEN) from error


def keywords_of(data: bytes) -> str:
    """The keywords of a package's properties, once it has been looked over; "" without any."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        if _PROPERTIES not in package.namelist():
            return ""
        found = _KEYWORDS.search(package.read(_PROPERTIES))
        return found[1].decode("utf-8", errors="replace") if found else ""


def _check_directory(parts: list[zipfile.ZipInfo]) -> None:
    reasons = _directory_faults(parts)
    for reason in reasons:
        raise SheetRefused((), reason)


def _directory_faults(parts: list[zipfile.ZipInfo]) -> Iterator[str]:
    if len(parts) > _MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        yield _TOO_BIG
    if any(part.flag_bits & _ENCRYPTED for part in parts):
        yield _LOCKED
    # zipfile bounds what it unpacks by the directory for these two methods only.
    if any(part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for part in parts):
        yield _BROKEN
    if any(is_program(part.filename) for part in parts):
        yield _MACRO


def _check_part(name: str, content: bytes) -> None:
    if not name.lower().endswith((".xml", ".rels", ".vml")):
        return  # pictures and fonts are never opened
    if name == _TYPES and _MACRO_TYPE in content.lower():
        raise SheetRefused((), _MACRO)
    if _LIVE_LINK.search(content):
        raise SheetRefused((), _LINKED)
    # Such a file has no document type; one is there to make a reader expand it. In UTF-16 each
    # letter has a NUL beside it, and other encodings could hide it.
    plain = content.replace(b"\0", b"")
    encoding = _ENCODING.search(plain[:200])
    if b"<!DOCTYPE" in plain or (encoding and encoding[1].lower() not in _ENCODINGS):
        raise SheetRefused((), _BROKEN)
