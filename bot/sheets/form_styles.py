"""What the cells of the printed form look like in a workbook; each look is made once a file."""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING, Any

from bot.sheets.form_layout import Look
from bot.sheets.form_pages import FONT_SIZE

if TYPE_CHECKING:
    from openpyxl.styles import Alignment, Border
    from openpyxl.worksheet.worksheet import Worksheet

# Since 2018 on every Windows of an office, and made for public documents.
FONT = "BIZ UDPゴシック"

_GREY = "F2F2F2"
_SIZES = {"head": 11, "name": 11, "title": 12, "subtitle": 10, "mark": 12}
_BOLD = frozenset({"head", "heading", "name", "title", "section", "mark"})
_FILLED = frozenset({"section", Look.HEADING.value, "label"})
_CENTRED = frozenset({"section", "mark"})


class Styles:
    """The looks of one workbook: they are set as a whole, as setting one by one takes seconds."""

    def __init__(self, sheet: Worksheet, font: str = FONT) -> None:
        self._sheet = sheet
        self._font = font
        self._made: dict[tuple[str, str], Any] = {}

    def set(self, cell: Any, look: str, sides: str = "") -> None:
        """Give a cell a look, with lines at its ``sides``: some of 「lrtb」."""
        key = (look, sides)
        if key not in self._made:
            self._made[key] = self._make(look, sides)
        cell._style = copy(self._made[key])  # noqa: SLF001 - openpyxl has no other way in one step

    def _make(self, look: str, sides: str) -> Any:
        from openpyxl.cell.cell import Cell
        from openpyxl.styles import Font, PatternFill

        pattern: Any = Cell(self._sheet, row=1, column=1)
        size = _SIZES.get(look, FONT_SIZE)
        pattern.font = Font(name=self._font, size=size, bold=look in _BOLD)
        pattern.alignment = _alignment(look)
        pattern.border = _border(sides)
        if look in _FILLED:
            pattern.fill = PatternFill("solid", fgColor=_GREY)
        return pattern._style  # noqa: SLF001


def _alignment(look: str) -> Alignment:
    from openpyxl.styles import Alignment

    if look in _CENTRED:
        return Alignment(wrap_text=True, vertical="center", horizontal="center")
    if look == "form":
        return Alignment(vertical="center", horizontal="right")
    one_line = look in ("head", "name", "title", "more")
    return Alignment(wrap_text=True, vertical="center" if one_line else "top")


def _border(sides: str) -> Border:
    from openpyxl.styles import Border, Side

    line = Side(style="thin", color="404040")
    names = {"l": "left", "r": "right", "t": "top", "b": "bottom"}
    drawn: Any = {names[side]: line for side in sides}
    return Border(**drawn)
