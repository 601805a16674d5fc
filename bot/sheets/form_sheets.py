"""A document as sheets: the cover and the form, or a list; each a grid with blocks of rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.domain.document_totals import Remark, Tally, remarks, tallies
from bot.domain.documents import Document, FormDocument, Listing
from bot.sheets.form_layout import COLUMN_WIDTHS, Block, Line, Look, Piece, blocks

COVER = "表紙"
PAGE_WIDTH = sum(COLUMN_WIDTHS)

_COVER_WIDTHS = (85, 147, 30)


@dataclass(frozen=True)
class Sheet:
    """A sheet of the workbook, a part of the document: what each page repeats, and its blocks.

    ``heading`` stands at the head of each page with ``form`` (「様式3」) on the right; ``titles``
    are headers of columns, repeated as well. ``widths`` are millimetres.
    """

    name: str
    heading: str
    form: str
    widths: tuple[int, ...]
    blocks: tuple[Block, ...]
    titles: tuple[str, ...] = ()


def sheets_of(document: Document) -> tuple[Sheet, ...]:
    """The sheets of a document in their order."""
    if isinstance(document, Listing):
        return (_listing(document),)
    return (_cover(document), _form(document))


def _form(document: FormDocument) -> Sheet:
    form = document.form
    return Sheet(
        name=form.printed.heading or form.name,
        heading=document.heading,
        form=form.printed.heading,
        widths=COLUMN_WIDTHS,
        blocks=tuple(blocks(document)),
    )


def _cover(document: FormDocument) -> Sheet:
    form = document.form
    stage = form.stage(document.stage).title if form.has_stage(document.stage) else ""
    lines = (f"{form.item}：{len(document.items)}件", *document.notes)
    totals = Block(
        f"{stage or form.name}　集計",
        "",
        "\n".join(lines),
        tuple(_tally_lines(tallies(document))),
    )
    found = remarks(document) if document.unpublished else ()
    return Sheet(
        name=COVER,
        heading=document.heading,
        form=form.printed.heading,
        widths=_COVER_WIDTHS,
        blocks=(totals, _open_points(form.item, found)) if found else (totals,),
    )


def _tally_lines(found: Sequence[Tally]) -> Iterator[Line]:
    yield _cells(("区分", "内訳", "件数"), Look.HEADING)
    for tally in found:
        for place, (name, count) in enumerate(tally.counts):
            label = tally.label if place == 0 else ""
            yield _cells((label, name, str(count)))


def _open_points(item: str, found: Sequence[Remark]) -> Block:
    by_item: dict[str, list[str]] = {}
    for remark in found:
        by_item.setdefault(remark.item, []).append(remark.words)
    rows = [_cells((name, "、".join(words), " ")) for name, words in by_item.items()]
    head = _cells((item, "内容", "確認欄"), Look.HEADING)
    return Block(f"公表前に確かめること({len(by_item)}件)", "", "", (head, *rows), new_page=False)


def _listing(listing: Listing) -> Sheet:
    shares = sum(listing.widths)
    widths = tuple(PAGE_WIDTH * share // shares for share in listing.widths)
    subtitle = "\n".join(listing.lines)
    rows = tuple(_cells(row) for row in listing.rows) or (_cells(("ありません。",)),)
    block = Block("", "", subtitle, rows, new_page=False)
    return Sheet(listing.title, listing.title, "", widths, (block,), listing.headers)


def _cells(texts: Sequence[str], look: Look = Look.TEXT) -> Line:
    """A row of a table; a cell with nothing in it goes on from the one above."""
    return Line(
        "",
        tuple(Piece(look if text else Look.BLANK, text, n, n) for n, text in enumerate(texts)),
    )
