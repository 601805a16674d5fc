"""The tables of a vision's review: which column is which, and what each row says.

A cell printed over several rows stands in the first of them only, and a cell that slipped to the
right is put back where its column is; both are told to whoever brings the file in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.domain.form import Form
from bot.sheets.folding import fold_words
from bot.sheets.rows import Row

AIM, DIRECTION = "aim", "direction"
ACHIEVED, REMAINING = "achieved", "remaining"
IN_CHARGE, GROUP = "in_charge", "group"

_NEEDED = frozenset({DIRECTION, ACHIEVED, REMAINING})

Heads = Mapping[str, str]  # folded words: the key of the column below them
_LONGEST_HEAD = 40


def heads_of(form: Form) -> Heads:
    """The words at the head of each column: the form's fields and what it asks."""
    questions = (question for stage in form.stages for question in stage.questions)
    named = {
        **{field.key: field.headings for field in form.plan_fields},
        **{question.key: question.headings for question in questions},
    }
    heads: dict[str, str] = {}
    for key, names in named.items():
        for name in names:
            heads.setdefault(fold_words(name), key)
    return heads


@dataclass(frozen=True)
class VisionRow:
    """One row as the table has it; texts as written, None where a cell is empty.

    ``aim_inherited`` is set where the cell is one with the row above, ``shifted`` where 担当 was
    found to the right of its column. ``unplaced`` are texts that belong to no column.
    """

    line: int
    cells: int
    texts: Mapping[str, str | None]
    aim_inherited: bool = False
    shifted: bool = False
    unplaced: tuple[str, ...] = ()

    def text(self, key: str) -> str | None:
        """What stands in a column."""
        return self.texts.get(key)


def columns_of(row: Row, heads: Heads) -> dict[str, int]:
    """Where each column stands, if a row is the head of such a table; else nothing."""
    if sum(map(bool, row.cells)) < len(_NEEDED):
        return {}
    found: dict[str, int] = {}
    for place, cell in enumerate(row.cells):
        if cell and len(cell) <= _LONGEST_HEAD:
            key = heads.get(fold_words(cell).strip("<>〈〉《》【】[]"))
            found.setdefault(key or "", place)
    found.pop("", None)
    return found if found.keys() >= _NEEDED else {}


def read_row(row: Row, columns: Mapping[str, int], above: VisionRow | None) -> VisionRow:
    """One row of a table; ``above`` is the row before it, of the same theme."""
    texts = {key: _cell(row, place) for key, place in columns.items()}
    beyond = [cell for cell in row.cells[max(columns.values()) + 1 :] if cell]
    shifted = len(beyond) == 1 and not texts.get(IN_CHARGE) and not texts.get(GROUP)
    if shifted:
        texts[IN_CHARGE] = beyond.pop()
    inherited = not texts.get(AIM) and above is not None
    if inherited and above is not None:
        texts[AIM] = above.text(AIM)
    return VisionRow(
        line=row.number,
        cells=len(row.cells),
        texts=texts,
        aim_inherited=inherited,
        shifted=shifted,
        unplaced=tuple(beyond),
    )


def _cell(row: Row, place: int) -> str | None:
    return (row.cells[place] or None) if place < len(row.cells) else None


def rows_by_line(rows: Sequence[VisionRow]) -> str:
    """「12、14行目」: the lines of some rows, for what is told of them."""
    return "、".join(str(row.line) for row in rows) + "行目"
