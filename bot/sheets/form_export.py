"""The official form out: .xlsx, .docx or .pdf; the bot has it made in a child process.

The libraries and LibreOffice cost memory that goes when the child ends.
"""

from __future__ import annotations

import asyncio
import json
from typing import Any

from bot.domain.documents import Document, FormDocument, FormFormat, Listing
from bot.sheets import office_suite
from bot.sheets.child import Failed, run
from bot.sheets.export import NotRendered
from bot.sheets.packing import pack, unpack

_CHILD_TIMEOUT = 120.0  # seconds; a ward of 145 initiatives takes six as PDF
_SUITE_TIMEOUT = 600.0  # of LibreOffice alone; the child's is shorter

_NOT_INSTALLED = (
    "PDFを作るには LibreOffice が必要ですが、このサーバーには入っていません。"
    "Excel(xlsx-form)かWord(docx)で出力してください。"
)
_NO_PDF = (
    "PDFを作れませんでした(LibreOffice が途中で止まったか、時間がかかりすぎました)。"
    "もう一度お試しください。続くときは、Excel(xlsx-form)かWord(docx)で出力してください。"
)
_NO_FILE = "ファイルを作れませんでした。少し待って、もう一度お試しください。"


def write_form(document: Document, format_: FormFormat) -> bytes:
    """The bytes of the file. For the child process: it imports the libraries for good."""
    if format_ is FormFormat.DOCX:
        from bot.sheets.form_docx import write_form_word

        return write_form_word(document)
    if format_ is FormFormat.PDF:
        from bot.sheets.form_pdf import write_form_pdf

        return write_form_pdf(document, timeout_seconds=_SUITE_TIMEOUT)
    from bot.sheets.form_xlsx import write_form_workbook

    return write_form_workbook(document)


async def form_in_child(
    document: Document, format_: FormFormat, *, timeout_seconds: float = _CHILD_TIMEOUT
) -> bytes:
    """The same as ``write_form``, made in a short-lived process. Raises NotRendered.

    Where LibreOffice is not installed, or ends without a file, its message says what to do.
    """
    if format_ is FormFormat.PDF and office_suite.program() is None:
        raise NotRendered(_NOT_INSTALLED)
    request = await asyncio.to_thread(encode, document, format_)  # megabytes for a large ward
    try:
        return await run("bot.sheets.form_worker", request, timeout_seconds)
    except Failed:
        raise NotRendered(_NO_PDF if format_ is FormFormat.PDF else _NO_FILE) from None


def encode(document: Document, format_: FormFormat) -> bytes:
    """The request as the child reads it."""
    kind = "form" if isinstance(document, FormDocument) else "listing"
    return json.dumps({"format": format_, "kind": kind, "document": pack(document)}).encode()


def decode(request: bytes) -> tuple[Document, FormFormat]:
    """The document that a request carries, and what to make of it."""
    fields: dict[str, Any] = json.loads(request)
    kind = FormDocument if fields["kind"] == "form" else Listing
    return unpack(kind, fields["document"]), FormFormat(fields["format"])
