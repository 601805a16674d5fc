"""The markup of Word's tables, paragraphs and runs, as text: python-docx takes seconds a table."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from bot.sheets.cells import printable

_NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_XMLNS = f'xmlns:w="{_NAMESPACE}"'
_FILL = "F2F2F2"
_BREAKS = re.compile(r"([\n\t])")
_BREAK = {"\n": "<w:br/>", "\t": "<w:tab/>"}
_SIDES = ("top", "left", "bottom", "right")


@dataclass(frozen=True)
class Cell:
    """The shape of a cell: width in twips, columns it spans, lines around it, merged downwards."""

    width: int
    columns: int = 1
    framed: bool = True
    filled: bool = False
    centred: bool = False
    merge: str = ""  # restart, or continue


def run(text: str, *, bold: bool = False, size: int = 9) -> str:
    """A text with its line breaks and tabs; size in points."""
    look = f'{"<w:b/>" if bold else ""}<w:sz w:val="{size * 2}"/><w:szCs w:val="{size * 2}"/>'
    return f"<w:r><w:rPr>{look}</w:rPr>{_text(text)}</w:r>"


def field_run(field: str) -> str:
    """A number that Word fills in: PAGE or NUMPAGES."""
    return f'<w:fldSimple w:instr="{field}"><w:r><w:t>1</w:t></w:r></w:fldSimple>'


def paragraph(
    content: str,
    *,
    new_page: bool = False,
    keep_next: bool = False,
    centred: bool = False,
    right_tab: int = 0,
    size: int = 0,
) -> str:
    """A paragraph of runs; ``right_tab`` is a tab stop in twips, ``size`` that of an empty one."""
    tabs = f'<w:tabs><w:tab w:val="right" w:pos="{right_tab}"/></w:tabs>' if right_tab else ""
    spacing = '<w:spacing w:before="0" w:after="0" w:line="240" w:lineRule="auto"/>'
    if size:
        spacing = f'<w:spacing w:before="0" w:after="0" w:line="{size * 20}" w:lineRule="exact"/>'
    properties = "".join(
        (
            "<w:keepNext/>" if keep_next else "",
            "<w:pageBreakBefore/>" if new_page else "",
            tabs,
            spacing,
            '<w:jc w:val="center"/>' if centred else "",
        )
    )
    return f"<w:p {_XMLNS}><w:pPr>{properties}</w:pPr>{content}</w:p>"


def cell(shape: Cell, content: str) -> str:
    """A cell of a table around its paragraph."""
    properties = "".join(
        (
            f'<w:tcW w:w="{shape.width}" w:type="dxa"/>',
            f'<w:gridSpan w:val="{shape.columns}"/>' if shape.columns > 1 else "",
            f'<w:vMerge w:val="{shape.merge}"/>' if shape.merge else "",
            "" if shape.framed else f"<w:tcBorders>{_borders('nil', _SIDES)}</w:tcBorders>",
            f'<w:shd w:val="clear" w:color="auto" w:fill="{_FILL}"/>' if shape.filled else "",
            '<w:vAlign w:val="center"/>' if shape.centred else "",
        )
    )
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{content}</w:tc>"


def row(cells: Sequence[str], *, repeats: bool = False, divisible: bool = False) -> str:
    """A row; it may repeat at the head of each page, and be divided between pages."""
    properties = ("" if divisible else "<w:cantSplit/>") + ("<w:tblHeader/>" if repeats else "")
    return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(cells)}</w:tr>"


def table(widths: Sequence[int], rows: Sequence[str]) -> str:
    """A table of fixed columns, in twips, with lines around every cell."""
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    lines = _borders("single", (*_SIDES, "insideH", "insideV"))
    room = {"top": 20, "left": 57, "bottom": 20, "right": 57}  # in the order of the schema
    margins = "".join(f'<w:{side} w:w="{w}" w:type="dxa"/>' for side, w in room.items())
    properties = (
        f'<w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/>'
        f'<w:tblBorders>{lines}</w:tblBorders><w:tblLayout w:type="fixed"/>'
        f"<w:tblCellMar>{margins}</w:tblCellMar>"
    )
    return (
        f"<w:tbl {_XMLNS}><w:tblPr>{properties}</w:tblPr><w:tblGrid>{grid}</w:tblGrid>"
        f"{''.join(rows)}</w:tbl>"
    )


def font_settings(font: str) -> str:
    """The fonts and the language of the whole document."""
    names = " ".join(f'w:{use}="{font}"' for use in ("ascii", "hAnsi", "eastAsia", "cs"))
    return (
        f"<w:rPrDefault {_XMLNS}><w:rPr><w:rFonts {names}/>"
        '<w:sz w:val="18"/><w:szCs w:val="18"/>'
        '<w:lang w:val="en-US" w:eastAsia="ja-JP" w:bidi="ar-SA"/></w:rPr></w:rPrDefault>'
    )


def _borders(kind: str, sides: Sequence[str]) -> str:
    size = "" if kind == "nil" else ' w:sz="4" w:space="0" w:color="404040"'
    return "".join(f'<w:{side} w:val="{kind}"{size}/>' for side in sides)


def _text(text: str) -> str:
    parts = _BREAKS.split(printable(text))
    return "".join(
        _BREAK.get(part) or f'<w:t xml:space="preserve">{escape(part)}</w:t>'
        for part in parts
        if part
    )
