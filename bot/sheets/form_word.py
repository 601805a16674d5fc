"""The official form as a Word document (.docx): its paragraphs and tables in their order.

Read from the document's own XML, without styles, pictures or fields: what is printed as text is
read, what was deleted, hidden or would be fetched is not.
"""

from __future__ import annotations

import io
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Iterable, Iterator

from bot.domain.plans import SheetRefused
from bot.sheets.grids import Grid, GridRow, grid_row
from bot.sheets.packages import check_package

DOCUMENT = "word/document.xml"
_BROKEN = "Wordの文書として読めません。Wordで開いて保存し直してください。"
_TOO_LONG = "文書が長すぎます。様式のページだけの文書にして取り込んでください。"

_MAX_ROWS = 20_000
_MAX_DEPTH = 60  # of elements in each other; Word's own documents stay under 30
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STRICT = "{http://purl.oclc.org/ooxml/wordprocessingml/main}"
# What holds no text of the page: deleted text, properties, fields' codes, pictures, notes.
_PASSED_OVER = frozenset(
    f"{_W}{name}"
    for name in (
        *("del", "moveFrom", "pPr", "rPr", "tblPr", "trPr", "tcPr", "rt", "drawing", "pict"),
    )
)
_CHARACTERS = {
    f"{_W}tab": "\t",
    f"{_W}br": "\n",
    f"{_W}cr": "\n",
    f"{_W}noBreakHyphen": "-",
    f"{_W}softHyphen": "",
}


def document_grids(data: bytes) -> list[Grid]:
    """Paragraphs and tables in their order. Raises SheetRefused for what is unsafe or broken."""
    check_package(data)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            return list(_grids(_parsed(package.read(DOCUMENT))))
    except SheetRefused:
        raise
    except Exception as error:  # a damaged document fails in any of a dozen ways
        raise SheetRefused((), _BROKEN) from error


def _parsed(xml: bytes) -> ET.Element:
    """The document, its elements in the usual name space. Raises SheetRefused if nested deep."""
    depth = 0
    root: ET.Element | None = None
    # check_package has seen that there is no document type, and so nothing to expand or fetch.
    events = ET.iterparse(io.BytesIO(xml), events=("start", "end"))  # noqa: S314
    for event, element in events:
        if event == "start":
            root = element if root is None else root
            depth += 1
            if depth > _MAX_DEPTH:
                raise SheetRefused((), _BROKEN)
            element.tag = element.tag.replace(_STRICT, _W)
            element.attrib = {
                name.replace(_STRICT, _W): value for name, value in element.attrib.items()
            }
        else:
            depth -= 1
    if root is None:
        raise SheetRefused((), _BROKEN)
    return root


def _grids(document: ET.Element) -> Iterator[Grid]:
    number, after_blank = 0, True
    for block in _blocks(document):
        rows = _table(block) if block.tag == f"{_W}tbl" else [[(0, _paragraph(block))]]
        found: list[GridRow] = []
        for cells in rows:
            number += 1
            if number > _MAX_ROWS:
                raise SheetRefused((), _TOO_LONG)
            row = grid_row(number, cells, after_blank=after_blank)
            after_blank = row is None
            found += [row] if row else []
        if found:
            yield Grid(tuple(found), is_table=block.tag == f"{_W}tbl")


def _blocks(parent: ET.Element) -> Iterator[ET.Element]:
    """Paragraphs and tables, also those within content controls and the like."""
    for child in parent:
        if child.tag in (f"{_W}p", f"{_W}tbl"):
            yield child
        elif child.tag not in _PASSED_OVER:
            yield from _blocks(child)


def _table(table: ET.Element) -> Iterator[list[tuple[int, str]]]:
    for row in _inner(table, f"{_W}tr"):
        column = _number(row.find(f"{_W}trPr/{_W}gridBefore"))
        cells: list[tuple[int, str]] = []
        for cell in _inner(row, f"{_W}tc"):
            merge = cell.find(f"{_W}tcPr/{_W}vMerge")
            goes_on = merge is not None and merge.get(f"{_W}val", "continue") == "continue"
            cells.append((column, "" if goes_on else _cell(cell)))
            column += _number(cell.find(f"{_W}tcPr/{_W}gridSpan")) or 1
        yield cells


def _inner(parent: ET.Element, tag: str) -> Iterator[ET.Element]:
    """The nearest elements of that name below: content controls may stand between."""
    for child in parent:
        if child.tag == tag:
            yield child
        elif child.tag not in _PASSED_OVER and child.tag not in (f"{_W}tbl", f"{_W}p"):
            yield from _inner(child, tag)


def _cell(cell: ET.Element) -> str:
    """The paragraphs of a cell, line by line; a table within it cell by cell."""
    return "\n".join(_lines(cell))


def _lines(cell: ET.Element) -> Iterable[str]:
    for block in _blocks(cell):
        if block.tag == f"{_W}tbl":
            for inner in block.iter(f"{_W}p"):
                yield _paragraph(inner)
        else:
            yield _paragraph(block)


def _paragraph(paragraph: ET.Element) -> str:
    return "".join(_texts(paragraph))


def _texts(element: ET.Element) -> Iterator[str]:
    for child in element:
        if child.tag == f"{_W}t":
            yield child.text or ""
        elif child.tag in _CHARACTERS:
            yield _CHARACTERS[child.tag]
        elif child.tag == f"{_W}r" and child.find(f"{_W}rPr/{_W}vanish") is not None:
            continue
        elif child.tag not in _PASSED_OVER:
            yield from _texts(child)


def _number(element: ET.Element | None) -> int:
    value = (element.get(f"{_W}val") or "") if element is not None else ""
    return min(int(value), 1_000) if value.isdecimal() else 0
