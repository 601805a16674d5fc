"""A PDF written by hand: texts at their places and ruled lines, in a font that is not embedded.

What an office prints to PDF has the same: letters with a box, and lines around the cells.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from bot.sheets.rows import rows_of

WIDTH, HEIGHT = 842, 595  # A4 landscape, in points
SIZE = 9.0
_PITCH = 12.0
_PAD = 3.0


@dataclass
class Page:
    """What stands on a page; places are counted from its top left."""

    marks: list[str] = field(default_factory=list)

    def write(self, x: float, y: float, text: str) -> None:
        """A line of text whose letters end below ``y``."""
        code = text.encode("utf-16-be").hex().upper()
        self.marks.append(f"BT /F1 {SIZE} Tf 1 0 0 1 {x:.1f} {HEIGHT - y:.1f} Tm <{code}> Tj ET")

    def rule(self, left: float, top: float, right: float, bottom: float) -> None:
        """A line."""
        y = (HEIGHT - top, HEIGHT - bottom)
        self.marks.append(f"{left:.1f} {y[0]:.1f} m {right:.1f} {y[1]:.1f} l S")

    def shade(self, left: float, top: float, right: float, bottom: float) -> None:
        """A grey background."""
        box = f"{left:.1f} {HEIGHT - bottom:.1f} {right - left:.1f} {bottom - top:.1f}"
        self.marks.append(f"0.9 g {box} re f 0 g")

    def table(self, top: float, widths: Sequence[float], rows: Sequence[Sequence[str]]) -> float:
        """A ruled table with wrapped texts; where it ends."""
        edges = [40.0]
        for width in widths:
            edges.append(edges[-1] + width)
        y = top
        for row in rows:
            lines = [list(wrapped(cell, width)) for cell, width in zip(row, widths, strict=True)]
            bottom = y + max(len(each) for each in lines) * _PITCH + 2 * _PAD
            self.rule(edges[0], y, edges[-1], y)
            for edge, written in zip(edges, lines, strict=False):
                for number, line in enumerate(written, start=1):
                    self.write(edge + _PAD, y + number * _PITCH, line)
            for edge in edges:
                self.rule(edge, y, edge, bottom)
            y = bottom
        self.rule(edges[0], y, edges[-1], y)
        return y


def wrapped(text: str, width: float) -> Iterator[str]:
    """A text as it is broken in a cell that wide."""
    most = int((width - 2 * _PAD) / SIZE)
    for paragraph in text.split("\n"):
        for start in range(0, max(len(paragraph), 1), most):
            yield paragraph[start : start + most]


def pdf(*pages: Page, keywords: str = "", extra: str = "") -> bytes:
    """The file; ``extra`` goes into its trailer."""
    count = len(pages)
    kids = " ".join(f"{5 + 2 * n} 0 R" for n in range(count))
    descendant = (
        "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /HeiseiKakuGo-W5 /DW 1000"
        " /CIDSystemInfo << /Registry (Adobe) /Ordering (Japan1) /Supplement 2 >>"
        " /FontDescriptor << /Type /FontDescriptor /FontName /HeiseiKakuGo-W5 /Flags 4"
        " /FontBBox [0 -200 1000 900] /ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 700"
        " /StemV 80 >> >>"
    )
    objects: list[bytes] = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {count} /Kids [{kids}] >>".encode(),
        (
            "<< /Type /Font /Subtype /Type0 /BaseFont /HeiseiKakuGo-W5 /Encoding /UniJIS-UTF16-H"
            f" /DescendantFonts [{descendant}] >>"
        ).encode(),
        f"<< /Keywords ({keywords}) >>".encode(),
    ]
    for number, page in enumerate(pages):
        objects.append(
            (
                f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {WIDTH} {HEIGHT}]"
                f" /Resources << /Font << /F1 3 0 R >> >> /Contents {6 + 2 * number} 0 R >>"
            ).encode()
        )
        objects.append(stream("\n".join(page.marks).encode()))
    return packed(objects, extra)


def stream(content: bytes) -> bytes:
    """A packed stream."""
    data = zlib.compress(content, 9)
    head = f"<< /Length {len(data)} /Filter /FlateDecode >>\nstream\n".encode()
    return head + data + b"\nendstream"


def packed(objects: Sequence[bytes], extra: str = "") -> bytes:
    """Objects, numbered from 1, as a file; 1 is the catalogue, 4 the properties."""
    out = b"%PDF-1.5\n"
    places = []
    for number, content in enumerate(objects, start=1):
        places.append(len(out))
        out += f"{number} 0 obj\n".encode() + content + b"\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    size = len(objects) + 1
    start = len(out)
    out += f"xref\n0 {size}\n0000000000 65535 f \n{table}".encode()
    out += f"trailer\n<< /Size {size} /Root 1 0 R /Info 4 0 R {extra} >>\n".encode()
    return out + f"startxref\n{start}\n%%EOF\n".encode()


def printed(text: str, *, heading: str = "", marks: bool = True) -> bytes:
    """A text sheet on paper: lines and ruled tables, page by page, with the page's number below.

    A row that does not fit goes on at the top of the next page, below the ``heading`` that each
    page has.
    """
    pages = _Pages(heading, marks=marks)
    for row in rows_of(text):
        if row.in_table:
            pages.row(row.cells)
        else:
            pages.line(row.text, gap=row.after_blank)
    return pdf(*pages.finished())


class _Pages:
    """Pages that are filled from the top."""

    def __init__(self, heading: str, *, marks: bool) -> None:
        self._heading, self._marks = heading, marks
        self._pages: list[Page] = []
        self._y = 0.0
        self._turn()

    def line(self, text: str, *, gap: bool) -> None:
        self._y += 2 * _PITCH if gap else 0
        for line in wrapped(text, WIDTH - 80):
            self._room(_PITCH)
            self._y += _PITCH
            self._pages[-1].write(40, self._y, line)
        self._y += _PAD

    def row(self, cells: Sequence[str]) -> None:
        widths = _widths(len(cells))
        lines = [list(wrapped(text, width)) for text, width in zip(cells, widths, strict=True)]
        while any(lines):
            self._room(3 * _PITCH)
            fits = int((HEIGHT - 60 - self._y - 2 * _PAD) / _PITCH)
            now = ["\n".join(each[:fits]) for each in lines]
            self._y = self._pages[-1].table(self._y, widths, [now])
            lines = [each[fits:] for each in lines]

    def finished(self) -> list[Page]:
        self._number()
        return self._pages

    def _room(self, height: float) -> None:
        if self._y + height > HEIGHT - 60:
            self._number()
            self._turn()

    def _turn(self) -> None:
        self._pages.append(Page())
        self._y = 40.0
        if self._heading:
            self._pages[-1].write(40, 30, self._heading)

    def _number(self) -> None:
        if self._marks:
            self._pages[-1].write(400, HEIGHT - 20, f"- {len(self._pages)} -")


def _widths(count: int) -> list[float]:
    """The form's columns: the first and the marks' are narrow."""
    shares = {2: (1, 1), 3: (1, 5, 5), 4: (1, 4, 3, 4), 5: (1, 3, 1, 3, 4)}.get(count, (1,) * count)
    return [(WIDTH - 80) * share / sum(shares) for share in shares]
