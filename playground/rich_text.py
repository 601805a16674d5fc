"""Rich text and tables: the blocks whose text is structure instead of markup."""

from __future__ import annotations

from playground import limits
from playground.rules import (
    Anything,
    Bool,
    Faults,
    Int,
    Json,
    ListOf,
    OneOf,
    Rule,
    Shape,
    Str,
    Typed,
)

_STYLE: dict[str, Rule] = {"style": Anything()}
_PARTS: dict[str, Rule] = {
    "text": Shape({"text": Str()}, _STYLE),
    "link": Shape({"url": Str(limits.URL)}, {**_STYLE, "text": Str(), "unsafe": Bool()}),
    "emoji": Shape({"name": Str(100)}, {"unicode": Str(100), **_STYLE}),
    "user": Shape({"user_id": Str(100)}, _STYLE),
    "usergroup": Shape({"usergroup_id": Str(100)}, _STYLE),
    "channel": Shape({"channel_id": Str(100)}, _STYLE),
    "broadcast": Shape({"range": OneOf(("here", "channel", "everyone"))}, _STYLE),
    "date": Shape(
        {"timestamp": Int(0, 9_999_999_999), "format": Str()}, {"fallback": Str(), "url": Str()}
    ),
    "color": Shape({"value": Str(20)}),
}
_SECTION = Shape({"elements": ListOf(Typed(_PARTS), least=0)})
_BOXED = Shape({"elements": ListOf(Typed(_PARTS))}, {"border": Int(0, 1)})

RICH_TEXT_PARTS: dict[str, Rule] = {
    "rich_text_section": _SECTION,
    "rich_text_quote": _BOXED,
    "rich_text_preformatted": _BOXED,
    "rich_text_list": Shape(
        {
            "style": OneOf(("bullet", "ordered")),
            "elements": ListOf(Typed({"rich_text_section": _SECTION})),
        },
        {"indent": Int(0, 8), "border": Int(0, 1), "offset": Int(0, 10_000)},
    ),
}
RICH_TEXT: dict[str, Rule] = {"elements": ListOf(Typed(RICH_TEXT_PARTS))}

_CELL = Typed(
    {
        "raw_text": Shape({"text": Str(limits.TABLE_TEXT_TOTAL)}),
        "raw_number": Shape({"value": Anything()}, {"text": Str()}),
        "rich_text": Shape(RICH_TEXT, {"block_id": Str(limits.BLOCK_ID)}),
    }
)
TABLE: dict[str, Rule] = {"rows": ListOf(ListOf(_CELL, limits.TABLE_COLUMNS), limits.TABLE_ROWS)}


def check_cells_together(block: Json, at: str, faults: Faults) -> None:
    """All cells of a table together have a limit of their own."""
    rows = block.get("rows")
    whole = [row for row in rows if isinstance(row, list)] if isinstance(rows, list) else []
    cells = [cell for row in whole for cell in row]
    total = sum(len(str(c.get("text", ""))) for c in cells if isinstance(c, dict))
    if total > limits.TABLE_TEXT_TOTAL:
        faults.add(f"{at}/rows", f"no more than {limits.TABLE_TEXT_TOTAL} characters in all cells")
