"""The official form for Word: a table for each item, whose name every page repeats.

Word breaks long rows over pages by itself, so each text is whole in its cell.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

from bot.domain.documents import Document
from bot.sheets.cells import printable
from bot.sheets.form_drawing import is_word
from bot.sheets.form_layout import SECTION, Block, Line, Look, Piece
from bot.sheets.form_sheets import Sheet, sheets_of
from bot.sheets.form_styles import FONT
from bot.sheets.word_markup import (
    Cell,
    cell,
    field_run,
    font_settings,
    paragraph,
    row,
    run,
    table,
)
from bot.sheets.workbooks import settled

if TYPE_CHECKING:
    from docx.document import Document as WordDocument

_TWIPS_A_MILLIMETRE = 1440 / 25.4
_WIDTH, _HEIGHT = 16838, 11906  # A4 landscape, in twips
_SIDE, _TOP, _BOTTOM, _EDGE = 850, 1000, 800, 450
_TITLE_LENGTH = 255  # of a document's properties
_SHORT = 400  # characters of a row that is not divided between pages


def write_form_word(document: Document) -> bytes:
    """The bytes of the .docx; equal documents are equal bytes. Imports python-docx for good."""
    import docx

    word = docx.Document()
    word.core_properties.keywords = document.mark
    word.core_properties.title = printable(document.heading)[:_TITLE_LENGTH]
    word.core_properties.author = "kaikaku"
    word.core_properties.comments = ""
    body: Any = word.element.body
    for part in list(body)[:-1]:
        body.remove(part)
    _set_fonts(word)
    _set_page(word, document)
    for number, sheet in enumerate(sheets_of(document)):
        for markup in _sheet(sheet, first=number == 0):
            body.insert(len(body) - 1, _parsed(markup))
    packed = io.BytesIO()
    word.save(packed)
    return settled(packed.getvalue())


def _parsed(markup: str) -> Any:
    from docx.oxml import parse_xml

    return parse_xml(markup)


def _sheet(sheet: Sheet, *, first: bool) -> Iterator[str]:
    """The tables of one sheet; the first page of all has the heading in large letters above."""
    if first:
        text = run(sheet.heading, bold=True, size=11) + run(f"\t{sheet.form}")
        yield paragraph(text, right_tab=sum(_twips(sheet.widths)))
    else:
        yield paragraph("", new_page=True, size=1)
    for place, block in enumerate(sheet.blocks):
        if place:  # two tables with nothing between them would be one
            yield paragraph("", new_page=block.new_page, size=1)
        yield _table(sheet, block)
    yield paragraph("", size=1)


def _table(sheet: Sheet, block: Block) -> str:
    widths = _twips(sheet.widths)
    rows = [*_heads(block, widths), *_titles(sheet, widths)]
    for _, lines in groupby(block.lines, key=lambda line: line.section):
        rows += _section(list(lines), widths)
    return table(widths, rows)


def _heads(block: Block, widths: Sequence[int]) -> Iterator[str]:
    """Name and title, repeated on each page that the table takes."""
    for text, size, bold in ((block.name, 11, True), (block.title, 12, True)):
        if text:
            content = paragraph(run(text, size=size, bold=bold), keep_next=True)
            yield row([cell(Cell(sum(widths), len(widths), framed=False), content)], repeats=True)
    if block.subtitle:
        content = paragraph(run(block.subtitle, size=10), keep_next=True)
        yield row([cell(Cell(sum(widths), len(widths), framed=False), content)])


def _titles(sheet: Sheet, widths: Sequence[int]) -> Iterator[str]:
    if sheet.titles:
        cells = [
            cell(Cell(width, filled=True), paragraph(run(title, bold=True)))
            for title, width in zip(sheet.titles, widths, strict=True)
        ]
        yield row(cells, repeats=True)


def _section(lines: Sequence[Line], widths: Sequence[int]) -> Iterator[str]:
    """The rows of one section; its label and what reaches down are cells merged downwards."""
    labelled = bool(lines[0].section)
    reaching: dict[int, tuple[Piece, int]] = {}  # by first column: the piece, its rows to come
    for number, line in enumerate(lines):
        cells: dict[int, str] = {}
        if labelled:
            label = Piece(Look.SECTION, line.section, SECTION, SECTION, len(lines))
            cells[SECTION] = _cell(label, widths, continues=number > 0)
        for first, (piece, left) in list(reaching.items()):
            cells[first] = _cell(piece, widths, continues=True)
            reaching[first] = (piece, left - 1)
            if left == 1:
                del reaching[first]
        for piece in line.pieces:
            cells[piece.first] = _cell(piece, widths, continues=False)
            if piece.rows > 1:
                reaching[piece.first] = (piece, piece.rows - 1)
        yield row([cells[first] for first in sorted(cells)], divisible=_is_long(line))


def _is_long(line: Line) -> bool:
    return any(len(piece.text) > _SHORT or piece.text.count("\n") > 12 for piece in line.pieces)


def _cell(piece: Piece, widths: Sequence[int], *, continues: bool) -> str:
    shape = Cell(
        width=sum(widths[piece.first : piece.last + 1]),
        columns=piece.last - piece.first + 1,
        filled=piece.look in (Look.SECTION, Look.HEADING, Look.LABEL),
        centred=piece.look in (Look.SECTION, Look.MARK),
        merge="" if piece.rows == 1 else ("continue" if continues else "restart"),
    )
    if continues:
        return cell(shape, paragraph(""))
    bold = piece.look in (Look.SECTION, Look.HEADING, Look.MARK)
    size = 12 if piece.look is Look.MARK and not is_word(piece.text) else 9
    keep = piece.look is Look.HEADING
    content = run(piece.text, bold=bold, size=size)
    return cell(shape, paragraph(content, centred=shape.centred, keep_next=keep))


def _twips(widths: Iterable[int]) -> list[int]:
    return [round(width * _TWIPS_A_MILLIMETRE) for width in widths]


def _set_fonts(word: WordDocument) -> None:
    defaults: Any = word.styles.element
    for settings in defaults.xpath("w:docDefaults/w:rPrDefault"):
        settings.getparent().replace(settings, _parsed(font_settings(FONT)))


def _set_page(word: WordDocument, document: Document) -> None:
    """A4 landscape; the mark of what is unpublished and the heading at the head of each page."""
    from docx.enum.section import WD_ORIENT
    from docx.shared import Twips

    section = word.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Twips(_WIDTH), Twips(_HEIGHT)
    section.left_margin = section.right_margin = Twips(_SIDE)
    section.top_margin, section.bottom_margin = Twips(_TOP), Twips(_BOTTOM)
    section.header_distance = section.footer_distance = Twips(_EDGE)
    room = _WIDTH - 2 * _SIDE
    section.different_first_page_header_footer = True
    first = sheets_of(document)[0]
    mark = run(f"\t{document.unpublished or ''}")
    head = run(f"{first.form}　{first.heading}".strip()) + mark
    foot = run(f"{document.footer}\t") + field_run("PAGE") + run("／") + field_run("NUMPAGES")
    places = (
        (section.first_page_header, mark),
        (section.header, head),
        (section.first_page_footer, foot),
        (section.footer, foot),
    )
    for place, content in places:
        holder: Any = place._element  # noqa: SLF001 - a paragraph with a tab stop, in one step
        for old in list(holder):
            holder.remove(old)
        holder.append(_parsed(paragraph(content, right_tab=room)))
