"""The published plan sheet as text (様式3): every layout and every mark it is known to come in.

What is no such sheet is refused by name; faults are found all at once and named by their line.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bot.domain.calendar import era_year
from bot.domain.plans import (
    Fault,
    SheetInitiative,
    SheetPlan,
    SheetRefused,
    target_warnings,
)
from bot.domain.youshiki3 import MID_YEAR, YEAR_END, YOUSHIKI3
from bot.sheets.blocks import ItemBlocks, split_blocks
from bot.sheets.folding import fold, fold_words
from bot.sheets.headings import ItemTitle, SheetHeading, read_heading, read_title
from bot.sheets.item_lines import is_item_line, item_rows, without_running_heads
from bot.sheets.labels import ITEM
from bot.sheets.page_marks import without_page_marks
from bot.sheets.plan_block import read_plan_block
from bot.sheets.refusals import refusal
from bot.sheets.review_blocks import read_mid_year, read_year_end
from bot.sheets.rows import Row, rows_of
from bot.sheets.year_hints import hint_of

_TITLE = "題名"
_NUMBER = "番号"
_QUOTED = 30  # characters of a line that is warned of


@dataclass(frozen=True)
class _Item:
    """The rows of one item, below its line 「取組項目3」."""

    row: Row
    number: int | None
    title: ItemTitle | None
    blocks: ItemBlocks


def read_plan_text(text: str) -> SheetPlan:
    """Read a whole sheet, with every fault in it. Raises SheetRefused when it is none."""
    return read_plan_rows(rows_of(text))


def read_plan_rows(rows: Sequence[Row]) -> SheetPlan:
    """Read the rows of a sheet, whatever file they came in. Raises SheetRefused when it is none."""
    rows = item_rows(without_page_marks(rows))
    starts = [n for n, row in enumerate(rows) if is_item_line(row)]
    if not any(ITEM.fullmatch(fold(rows[n].text).text) for n in starts):
        raise SheetRefused((), refusal(rows))
    heading = rows[: starts[0]]
    rows = [*heading, *without_running_heads(rows[starts[0] :], heading)]
    starts = [n for n, row in enumerate(rows) if is_item_line(row)]
    ends = [*starts[1:], len(rows)]
    items = [_item(rows[start:end]) for start, end in zip(starts, ends, strict=True)]
    return _plan(read_heading(heading), items)


def has_item_rows(rows: Sequence[Row]) -> bool:
    """Whether rows have a line 「取組項目1」, and so are meant to be a plan sheet."""
    return any(ITEM.fullmatch(fold(row.text).text) for row in item_rows(rows) if is_item_line(row))


def _item(rows: Sequence[Row]) -> _Item:
    match = ITEM.fullmatch(fold(rows[0].text).text)
    body = rows[1:]
    title = read_title(body)
    blocks = split_blocks(body[title.length if title else 0 :])
    return _Item(rows[0], int(fold_words(match[1])) if match else None, title, blocks)


def _faults(items: Sequence[_Item]) -> Iterator[Fault]:
    first_rows: dict[int, int] = {}
    for item in items:
        row = item.row.number
        if item.number is None:
            yield Fault(row, _NUMBER, "取組項目の番号が読めません。番号を書き入れてください。")
        elif item.number in first_rows:
            said = (
                f"取組項目{item.number}が2回あります({first_rows[item.number]}行目にもあります)。"
            )
            yield Fault(row, _NUMBER, f"{said}番号を確かめてください。")
        else:
            first_rows[item.number] = row
        yield from _body_faults(item)


def _body_faults(item: _Item) -> Iterator[Fault]:
    row = item.row.number
    name = item.row.text
    if item.title is None or not item.title.title:
        said = f"{name}の題名がありません。「取組項目」の次の行に【題名】を書いてください。"
        yield Fault(row, _TITLE, said)
    if not item.blocks.plan:
        said = f"{name}に「取組の方針・目標内容」の表がありません。"
        yield Fault(row, "計画", f"{said}表が崩れていないか確かめてください。")
    if item.blocks.misplaced:
        said = f"{name}に同じ表が2つあります。"
        words = f"{said}間に「取組項目」の行が抜けていないか確かめてください。"
        yield Fault(item.blocks.misplaced, None, words)


def _plan(heading: SheetHeading, items: Sequence[_Item]) -> SheetPlan:
    initiatives = tuple(
        _initiative(item.blocks, item.number, item.title, position)
        for position, item in enumerate(items, start=1)
        if item.number is not None and item.title is not None and not any(_body_faults(item))
    )
    year = heading.fiscal_years[0] if len(heading.fiscal_years) == 1 else None
    hint = hint_of(initiatives) if year is None else None
    plan = SheetPlan(
        form=YOUSHIKI3.key,
        plan=heading.plan,
        ward=heading.wards[0] if len(heading.wards) == 1 else None,
        fiscal_year=year,
        initiatives=initiatives,
        year_hint=hint.fiscal_year if hint else None,
        year_evidence=hint.evidence if hint else None,
        faults=tuple(_faults(items)),
    )
    return replace(plan, warnings=tuple(_warnings(heading, plan, items)))


def _initiative(
    blocks: ItemBlocks, number: int, title: ItemTitle, position: int
) -> SheetInitiative:
    block = read_plan_block(blocks.plan)
    return SheetInitiative(
        code=str(number),
        position=position,
        number=number,
        title=title.title,
        subtitle=title.subtitle,
        pillar=title.pillar,
        purpose=block.purpose,
        purpose_label=block.purpose_label,
        outline=block.outline,
        target=block.target,
        plan_unlabelled=block.unlabelled,
        activities=block.activities,
        activities_target=block.activities_target,
        answers={
            MID_YEAR.key: read_mid_year(blocks.mid_year),
            YEAR_END.key: read_year_end(blocks.year_end),
        },
    )


def _warnings(heading: SheetHeading, plan: SheetPlan, items: Sequence[_Item]) -> Iterator[str]:
    if len(heading.wards) > 1:
        yield f"見出しに区の名前が複数あり({'、'.join(heading.wards)})、どれか決められません。"
    if len(heading.fiscal_years) > 1:
        years = "、".join(map(era_year, heading.fiscal_years))
        yield f"見出しに年度が複数あり({years})、どれか決められません。"
    if plan.year_hint is not None:
        yield (
            f"見出しに年度がありません。本文の「{plan.year_evidence}」からは"
            f"{era_year(plan.year_hint)}のように見えますが、この推測は使いません。"
        )
    yield from target_warnings(plan.initiatives)
    for item in items:
        for row in item.blocks.stray:
            quoted = row.text if len(row.text) <= _QUOTED else f"{row.text[:_QUOTED]}…"
            said = f"「{quoted}」はどの欄の文か分からないため、取り込みません"
            yield f"{row.number}行目：{said}({item.row.text})。"
