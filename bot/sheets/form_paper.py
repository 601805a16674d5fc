"""The official form on paper (.pdf with a text layer): lines and ruled tables of each page.

A table that goes on over a page is one table; what each page repeats is left out. A scan has no
text and is refused. pdfplumber is imported only when a file is handled.
"""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.domain.documents import form_of_mark
from bot.domain.plans import SheetRefused
from bot.sheets.grids import Grid
from bot.sheets.paper_checks import MAX_MARKS, MAX_PAGES, MAX_RULES, check_paper
from bot.sheets.paper_flow import Cells, Sheet, Table, grids_of
from bot.sheets.paper_lines import UNREADABLE, Letter, lines_of, text_of

if TYPE_CHECKING:
    from pdfplumber.page import Page
    from pdfplumber.pdf import PDF

_LINE_WIDTH = 3.0  # points, at most
_BROKEN = "PDFとして読めません。もとのファイル(.xlsx、.docx)があれば、それを取り込んでください。"
_LOCKED = "パスワード付きのPDFです。パスワードを外して保存し直してください。"
_TOO_LONG = f"ページが多すぎるPDFです({MAX_PAGES}ページまで)。区の様式のページだけにしてください。"
_TOO_FULL = "1ページの文字や線が多すぎるPDFです。もとのファイル(.xlsx、.docx)を取り込んでください。"
_MOST_UNREADABLE = 0.2  # of all letters
_NO_LETTERS = (
    "文字の情報が入っていないPDFのため、読めません。"
    "もとのファイル(.xlsx、.docx)か、様式のテキスト(.txt)を取り込んでください。"
)
_SCAN = (
    "文字の入っていないPDF(紙を読み取った画像)です。"
    "もとのファイル(.xlsx、.docx)か、様式のテキスト(.txt)を取り込んでください。"
)


@dataclass(frozen=True)
class Paper:
    """What was read of a PDF; ``keywords`` are those of its properties."""

    grids: list[Grid]
    keywords: str


def paper_grids(data: bytes) -> Paper:
    """Lines and tables in their order. Raises SheetRefused for a scan, or what is no such file."""
    check_paper(data)
    logging.getLogger("pdfminer").setLevel(logging.ERROR)  # it warns of fonts, page by page
    try:
        return _read(data)
    except SheetRefused:
        raise
    except Exception as error:  # a damaged file fails in any of a dozen ways
        raise SheetRefused((), _LOCKED if _asks_for_password(error) else _BROKEN) from error


def _read(data: bytes) -> Paper:
    import pdfplumber

    with pdfplumber.open(io.BytesIO(data)) as paper:
        sheets = [_sheet(page) for page in _pages(paper)]
        keywords = str(paper.metadata.get("Keywords") or "")
    if not any(sheet.lines or sheet.tables for sheet in sheets):
        raise SheetRefused((), _SCAN)
    if _share_unreadable(sheets) > _MOST_UNREADABLE:
        raise SheetRefused((), _NO_LETTERS)
    return Paper(grids_of(sheets, ours=form_of_mark(keywords) is not None), keywords)


def _share_unreadable(sheets: Sequence[Sheet]) -> float:
    """How much of the text is of letters whose font does not tell what they are."""
    cells = (t for sheet in sheets for each in sheet.tables for row in each.rows for _, t in row)
    text = "".join([line.text for sheet in sheets for line in sheet.lines] + list(cells))
    return text.count(UNREADABLE) / max(len(text), 1)


def _asks_for_password(error: BaseException | None) -> bool:
    while error is not None:
        if "Password" in type(error).__name__ or "Encryption" in type(error).__name__:
            return True
        error = error.args[0] if error.args and isinstance(error.args[0], Exception) else None
    return False


def _pages(paper: PDF) -> Iterator[Page]:
    if len(paper.pages) > MAX_PAGES:
        raise SheetRefused((), _TOO_LONG)
    for page in paper.pages:
        if len(page.chars) > MAX_MARKS or len(page.rects) + len(page.lines) > MAX_RULES:
            raise SheetRefused((), _TOO_FULL)
        yield page
        page.close()  # its objects would stay in memory otherwise


def _sheet(page: Page) -> Sheet:
    letters = [Letter.of(each) for each in page.chars]
    tables: list[Table] = []
    for table in page.filter(_is_no_background).find_tables():
        left, top, right, bottom = table.bbox
        inside = [each for each in letters if each.is_in((left, top, right, bottom))]
        letters = [each for each in letters if not each.is_in((left, top, right, bottom))]
        rows = tuple(_row(row.cells, inside) for row in table.rows)
        tables.append(Table(top, left, right, rows))
    return Sheet(tuple(lines_of(letters)), tuple(tables))


def _is_no_background(thing: Mapping[str, Any]) -> bool:
    """A filled box is no line, unless it is as thin as one: Excel draws its lines so."""
    if thing["object_type"] != "rect" or thing.get("stroke"):
        return True
    return min(float(thing["width"]), float(thing["height"])) < _LINE_WIDTH


def _row(
    cells: Sequence[tuple[float, float, float, float] | None], letters: Sequence[Letter]
) -> Cells:
    written = []
    for box in cells:
        if box is None:
            continue
        text = text_of([each for each in letters if each.is_in(box)], right=box[2])
        if text:
            written.append((box[0], text))
    return tuple(written)
