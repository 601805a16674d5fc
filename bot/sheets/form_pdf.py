"""The official form as PDF: the pages of the workbook, as LibreOffice prints them."""

from __future__ import annotations

from bot.domain.documents import Document
from bot.sheets.form_xlsx import write_form_workbook
from bot.sheets.office_suite import pdf_of

# LibreOffice takes the first that is installed; a name that it does not know would bring it to
# set digits and letters in another font than the rest.
_FONTS = "Noto Sans CJK JP;IPAexGothic;IPAGothic;TakaoGothic;MS Gothic"


def write_form_pdf(document: Document, *, timeout_seconds: float) -> bytes:
    """The bytes of the PDF; equal documents have equal pages. Raises SuiteFailed."""
    return pdf_of(write_form_workbook(document, font=_FONTS), timeout_seconds=timeout_seconds)
