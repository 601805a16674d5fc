"""The official form as a flat OpenDocument sheet, for LibreOffice to print: what no file of Excel
can tell it is that the text is Japanese, and that no line begins with 「。」.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from xml.sax.saxutils import escape, quoteattr

from bot.domain.documents import Document
from bot.sheets.cells import printable
from bot.sheets.form_drawing import Box, DrawnRow, Face, drawn_rows
from bot.sheets.form_pages import FONT_SIZE
from bot.sheets.form_sheets import Sheet, sheets_of
from bot.sheets.form_styles import GREY, INK

# The first that is installed is taken.
_FONTS = "'Noto Sans CJK JP', IPAexGothic, IPAGothic, TakaoGothic, 'MS Gothic'"
_NAMES = {"l": "left", "r": "right", "t": "top", "b": "bottom"}
_DOWN = {"top": "top", "center": "middle"}
_ACROSS = {"left": "start", "center": "center", "right": "end"}
_NAMESPACES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in (
        ("office", "office"),
        ("style", "style"),
        ("text", "text"),
        ("table", "table"),
        ("fo", "xsl-fo-compatible"),
        ("svg", "svg-compatible"),
        ("meta", "meta"),
    )
)
_DC = 'xmlns:dc="http://purl.org/dc/elements/1.1/"'
_SPACES = re.compile(r"^ | {2,}|\t")  # what the format would make one space of

_BESIDE = 'fo:margin-left="0mm" fo:margin-right="0mm"'
_PAGE = (
    '<style:page-layout style:name="pl"><style:page-layout-properties fo:page-width="297mm"'
    ' fo:page-height="210mm" style:print-orientation="landscape" fo:margin-top="8mm"'
    ' fo:margin-bottom="7mm" fo:margin-left="10mm" fo:margin-right="10mm"'
    ' style:table-centering="horizontal" style:print-page-order="ttb" style:scale-to="100%"'
    ' style:first-page-number="continue"/>'
    f'<style:header-style><style:header-footer-properties fo:min-height="8mm" {_BESIDE}'
    ' fo:margin-bottom="2mm"/></style:header-style>'
    f'<style:footer-style><style:header-footer-properties fo:min-height="7mm" {_BESIDE}'
    ' fo:margin-top="2mm"/></style:footer-style></style:page-layout>'
)


def write_form_ods(document: Document) -> bytes:
    """The bytes of the .fods."""
    sheets = [(each, drawn_rows(each)) for each in sheets_of(document)]
    markup = (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f'<office:document {_NAMESPACES} {_DC} office:version="1.3"'
        ' office:mimetype="application/vnd.oasis.opendocument.spreadsheet">'
        f"<office:meta><dc:title>{_escaped(document.heading)}</dc:title>"
        f"<meta:keyword>{document.mark}</meta:keyword></office:meta>"
        "<office:font-face-decls>"
        f'<style:font-face style:name="F" svg:font-family="{_FONTS}"/></office:font-face-decls>'
        f'<office:styles><style:default-style style:family="table-cell">{_text_look(FONT_SIZE)}'
        "</style:default-style></office:styles>"  # of head and foot as well
        f"<office:automatic-styles>{''.join(_styles(sheets))}{_PAGE}</office:automatic-styles>"
        f"<office:master-styles>{''.join(_masters(document, sheets))}</office:master-styles>"
        f"<office:body><office:spreadsheet>{''.join(_tables(sheets))}"
        "</office:spreadsheet></office:body></office:document>"
    )
    return markup.encode()


Drawn = Sequence[tuple[Sheet, list[DrawnRow]]]


def _styles(sheets: Drawn) -> Iterator[str]:
    """A style for each width, height and face that there is."""
    for number, (sheet, _) in enumerate(sheets):
        yield (
            f'<style:style style:name="t{number}" style:family="table"'
            f' style:master-page-name="m{number}"/>'
        )
        for width in sorted(set(sheet.widths)):
            yield (
                f'<style:style style:name="c{number}-{width}" style:family="table-column">'
                f'<style:table-column-properties style:column-width="{width}mm"/></style:style>'
            )
    rows = [row for _, drawn in sheets for row in drawn]
    for height, breaks in sorted({(_height(row), row.breaks) for row in rows}):
        page = ' fo:break-before="page"' if breaks else ""
        yield (
            f'<style:style style:name="{_row_style(height, breaks=breaks)}"'
            f' style:family="table-row"><style:table-row-properties style:row-height="{height}pt"'
            f' style:use-optimal-row-height="false"{page}/></style:style>'
        )
    faces = {face for row in rows for box in row.boxes for face in _faces(box)}
    yield from map(_face_style, sorted(faces, key=_face_name))


def _faces(box: Box) -> Iterator[Face]:
    for row in range(box.rows):
        for column in range(box.first, box.last + 1):
            yield box.face(row, column)


def _face_name(face: Face) -> str:
    return f"f{face.size:g}{face.sides}{face.bold:d}{face.filled:d}{face.across}{face.down}"


def _face_style(face: Face) -> str:
    lines = "".join(f' fo:border-{_NAMES[side]}="0.5pt solid #{INK}"' for side in face.sides)
    fill = f' fo:background-color="#{GREY}"' if face.filled else ""
    weight = ' fo:font-weight="bold" style:font-weight-asian="bold"' if face.bold else ""
    return (
        f'<style:style style:name="{_face_name(face)}" style:family="table-cell">'
        f'<style:table-cell-properties fo:wrap-option="wrap" fo:padding="0.7mm"{lines}{fill}'
        f' style:text-align-source="fix" style:vertical-align="{_DOWN[face.down]}"/>'
        f'<style:paragraph-properties fo:text-align="{_ACROSS[face.across]}"'
        ' style:line-break="strict"/>'
        f"{_text_look(face.size, weight)}</style:style>"
    )


def _text_look(size: float, weight: str = "") -> str:
    return (
        '<style:text-properties style:font-name="F" style:font-name-asian="F"'
        f' fo:font-size="{size:g}pt" style:font-size-asian="{size:g}pt"{weight}'
        ' fo:language="en" fo:country="US"'
        ' style:language-asian="ja" style:country-asian="JP"/>'
    )


def _masters(document: Document, sheets: Drawn) -> Iterator[str]:
    """The head and the foot of each sheet's pages."""
    for number, (sheet, _) in enumerate(sheets):
        pages = "<text:page-number>1</text:page-number>／<text:page-count>1</text:page-count>"
        foot = _region("left", _escaped(document.footer))
        foot += _region("right", f"{_escaped(sheet.name)}　{pages}")
        head = _region("right", _escaped(document.unpublished or ""))
        yield (
            f'<style:master-page style:name="m{number}" style:page-layout-name="pl">'
            f"<style:header>{head}</style:header><style:footer>{foot}</style:footer>"
            "</style:master-page>"
        )


def _region(side: str, content: str) -> str:
    return f"<style:region-{side}><text:p>{content}</text:p></style:region-{side}>"


def _tables(sheets: Drawn) -> Iterator[str]:
    for number, (sheet, rows) in enumerate(sheets):
        yield f'<table:table table:name={quoteattr(sheet.name)} table:style-name="t{number}">'
        for width in sheet.widths:
            yield f'<table:table-column table:style-name="c{number}-{width}"/>'
        repeated = sum(row.repeated for row in rows)
        lines = list(_rows(rows, len(sheet.widths)))
        yield f"<table:table-header-rows>{''.join(lines[:repeated])}</table:table-header-rows>"
        yield from lines[repeated:]
        yield "</table:table>"


def _rows(rows: Sequence[DrawnRow], columns: int) -> Iterator[str]:
    """Each row with all its cells; those under a merged one are covered, and drawn all the same."""
    covered: dict[tuple[int, int], Face] = {}
    for number, row in enumerate(rows):
        cells: dict[int, str] = {}
        for box in row.boxes:
            cells[box.first] = _cell(box)
            for below in range(box.rows):
                for column in range(box.first, box.last + 1):
                    if (below, column) != (0, box.first):
                        covered[number + below, column] = box.face(below, column)
        for column in range(columns):
            face = covered.pop((number, column), None)
            if face is not None:
                cells[column] = f'<table:covered-table-cell table:style-name="{_face_name(face)}"/>'
        style = _row_style(_height(row), breaks=row.breaks)
        content = "".join(cells.get(n, "<table:table-cell/>") for n in range(columns))
        yield f'<table:table-row table:style-name="{style}">{content}</table:table-row>'


def _cell(box: Box) -> str:
    spans = ""
    if (box.rows, box.first) != (1, box.last):
        spans = (
            f' table:number-columns-spanned="{box.last - box.first + 1}"'
            f' table:number-rows-spanned="{box.rows}"'
        )
    lines = printable(box.text).split("\n") if box.text else []
    content = "".join(f"<text:p>{_spaced(line)}</text:p>" for line in lines)
    kind = ' office:value-type="string"' if lines else ""
    name = _face_name(box.face())
    return f'<table:table-cell table:style-name="{name}"{kind}{spans}>{content}</table:table-cell>'


def _spaced(line: str) -> str:
    return _SPACES.sub(_space, escape(line))


def _space(found: re.Match[str]) -> str:
    return "<text:tab/>" if found[0] == "\t" else f'<text:s text:c="{len(found[0])}"/>'


def _escaped(text: str) -> str:
    return escape(printable(text))


def _height(row: DrawnRow) -> float:
    return round(row.height, 1)


def _row_style(height: float, *, breaks: bool) -> str:
    return f"r{height:g}{'b' if breaks else ''}"
