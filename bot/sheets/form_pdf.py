"""The official form as PDF: the pages of its sheets, as LibreOffice prints them."""

from __future__ import annotations

from bot.domain.documents import Document
from bot.sheets.form_ods import write_form_ods
from bot.sheets.office_suite import pdf_of


def write_form_pdf(document: Document, *, timeout_seconds: float) -> bytes:
    """The bytes of the PDF; equal documents have equal pages. Raises SuiteFailed."""
    return pdf_of(write_form_ods(document), timeout_seconds=timeout_seconds)
