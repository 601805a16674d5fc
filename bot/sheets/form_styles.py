"""The faces of cells as styles of a workbook; each is made once a file."""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING, Any

from bot.sheets.form_drawing import Face

if TYPE_CHECKING:
    from openpyxl.styles import Border
    from openpyxl.worksheet.worksheet import Worksheet

# Since 2018 on every Windows of an office, and made for public documents.
FONT = "BIZ UDPゴシック"
GREY, INK = "F2F2F2", "404040"


class Styles:
    """The looks of one workbook: they are set as a whole, as setting one by one takes seconds."""

    def __init__(self, sheet: Worksheet) -> None:
        self._sheet = sheet
        self._made: dict[Face, Any] = {}

    def set(self, cell: Any, face: Face) -> None:
        """Give a cell a face."""
        if face not in self._made:
            self._made[face] = self._make(face)
        cell._style = copy(self._made[face])  # noqa: SLF001 - openpyxl has no other way in one step

    def _make(self, face: Face) -> Any:
        from openpyxl.cell.cell import Cell
        from openpyxl.styles import Alignment, Font, PatternFill

        pattern: Any = Cell(self._sheet, row=1, column=1)
        pattern.font = Font(name=FONT, size=face.size, bold=face.bold)
        across: Any = face.across if face.across != "left" else None
        down: Any = face.down
        pattern.alignment = Alignment(wrap_text=True, vertical=down, horizontal=across)
        pattern.border = _border(face.sides)
        if face.filled:
            pattern.fill = PatternFill("solid", fgColor=GREY)
        return pattern._style  # noqa: SLF001


def _border(sides: str) -> Border:
    from openpyxl.styles import Border, Side

    line = Side(style="thin", color=INK)
    names = {"l": "left", "r": "right", "t": "top", "b": "bottom"}
    drawn: Any = {names[side]: line for side in sides}
    return Border(**drawn)
