"""The official form as rows of cells on a grid of seven columns; workbook and Word draw the same.

A text stands whole in a cell of its own, beside its label or under its heading, so that what
somebody has edited is read back by the words that he sees.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import takewhile, zip_longest

from bot.domain.document_totals import item_fields, item_name
from bot.domain.documents import DocumentItem, FormDocument
from bot.domain.fields import fields_of
from bot.domain.form import Form, Scope, Stage
from bot.domain.plan_fields import Half, PlanField
from bot.domain.plans import SheetInitiative
from bot.sheets.form_answers import Part, Shown, answer_parts
from bot.sheets.headings import split_pillar

# Millimetres: section | label, text, mark, legend of the left half | label, text of the right.
COLUMN_WIDTHS = (10, 26, 51, 14, 42, 24, 95)
SECTION, LABEL, TEXT, MARK, LEGEND, RIGHT_LABEL, RIGHT_TEXT = range(7)
LAST_LEFT = LEGEND

PAST_SECTION = "前年度まで"  # beside the form: nothing of it is read back
TARGET = "目標"  # of an indicator


class Look(StrEnum):
    """What a cell looks like."""

    SECTION = "section"
    HEADING = "heading"
    LABEL = "label"
    TEXT = "text"
    MARK = "mark"
    LEGEND = "legend"
    BLANK = "blank"


@dataclass(frozen=True)
class Piece:
    """A cell, or several merged into one: from the first to the last column, both included.

    It may reach down over several ``rows``; those lines then have no piece of their own there.
    ``goes_on``: its text began in the row above.
    """

    look: Look
    text: str
    first: int
    last: int
    rows: int = 1
    goes_on: bool = False


@dataclass(frozen=True)
class Line:
    """One row of cells of one section; each text is whole, however long it is."""

    section: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class Block:
    """One item: its name (「取組項目7」), its title (「【…】」), the line below it, its rows."""

    name: str
    title: str
    subtitle: str
    lines: tuple[Line, ...]
    new_page: bool = True


def blocks(document: FormDocument) -> Iterator[Block]:
    """What is said of the whole unit, where the form asks for that; then item by item."""
    unit = _unit_block(document)
    if unit.lines:
        yield unit
    for item in document.items:
        yield _item_block(document, item)


def _unit_block(document: FormDocument) -> Block:
    form = document.form
    details = [
        Part.labelled(each.heading, document.details.get(each.key, "")) for each in form.unit_fields
    ]
    lines = [*_lines(form.printed.plan, details, ())]
    for stage in document.printed_stages:
        fields = fields_of(stage, Scope.UNIT)
        if fields:
            shown = Shown(
                form, fields, document.unit_answers(stage.key), stage.key in document.withheld
            )
            lines += _stage_lines(stage, shown)
    return Block(form.printed.unit, f"【{document.ward}】", "", tuple(lines))


def _item_block(document: FormDocument, item: DocumentItem) -> Block:
    form, initiative = document.form, item.initiative
    lines = [*_head_lines(form, initiative), *_plan_lines(form, initiative)]
    lines += _indicator_lines(form, initiative)
    for stage in document.printed_stages:
        fields = item_fields(stage, item)
        if fields:
            shown = Shown(form, fields, item.answers(stage.key), stage.key in item.withheld)
            lines += _stage_lines(stage, shown)
    past = [Part.labelled(each.occasion, f"{each.label}：{each.text}") for each in item.past]
    lines += _lines(PAST_SECTION, past, ())
    title = initiative.title
    if _pillar_in_title(initiative):
        title = f"{title}({initiative.pillar})"
    return Block(item_name(document, item), f"【{title}】", initiative.subtitle or "", tuple(lines))


def _pillar_in_title(initiative: SheetInitiative) -> bool:
    """Whether the pillar can stand behind the title in parentheses and be read back from there."""
    title, pillar = initiative.title, initiative.pillar
    return bool(pillar) and split_pillar(f"{title}({pillar})") == (title, pillar)


def _head_lines(form: Form, initiative: SheetInitiative) -> Iterator[Line]:
    """What belongs to the title and has a label: a pillar that the title can't hold, a 担当."""
    parts = []
    for each in form.plan_fields:
        text = plan_text(initiative, each)
        in_title = each.key == "subtitle" or (each.key == "pillar" and _pillar_in_title(initiative))
        if each.half is Half.HEAD and text and not in_title:
            parts.append(Part.labelled(each.heading, text))
    return _lines(form.printed.plan, parts, ())


def _indicator_lines(form: Form, initiative: SheetInitiative) -> Iterator[Line]:
    """Each indicator under its place from 1, its target in the row below."""
    parts = []
    for place, indicator in enumerate(initiative.indicators, start=1):
        parts.append(Part.labelled(f"{form.indicator}{place}", indicator.name))
        if indicator.target:
            parts.append(Part.labelled(f"{form.indicator}{place} {TARGET}", indicator.target))
    return _lines(form.printed.plan, parts, ())


def _plan_lines(form: Form, initiative: SheetInitiative) -> list[Line]:
    halves: dict[Half, list[Part]] = {Half.LEFT: [], Half.RIGHT: []}
    for each in sorted(form.plan_fields, key=lambda each: each.labelled):
        text = plan_text(initiative, each)
        if each.half in halves and text:
            halves[each.half].append(_plan_part(each, text, initiative))
    left, right = halves[Half.LEFT], halves[Half.RIGHT]
    has_right = any(each.half is Half.RIGHT for each in form.plan_fields)
    if not (left or right or has_right):
        return []
    while has_right and len(right) < len(left) and len(right) > 1:
        right.insert(len(right) - 1, Part.blank())  # this year's target beside the target
    heads = ([Part.heading(form.printed.left)], [Part.heading(form.printed.right)])
    if not has_right:
        return [*_lines(form.printed.plan, [*heads[0], *left], ())]
    blank = [] if left or right else [Part.text_only("")]
    return [*_lines(form.printed.plan, heads[0] + left + blank, heads[1] + right + blank)]


def _plan_part(field: PlanField, text: str, initiative: SheetInitiative) -> Part:
    if not field.labelled:
        return Part.text_only(text)
    heading = field.heading
    if field.key == "purpose" and initiative.purpose_label:
        heading = initiative.purpose_label
    return Part.labelled(f"({heading})", text)


def plan_text(initiative: SheetInitiative, field: PlanField) -> str:
    """What an initiative says under one of the form's keys, as it is printed; "" for nothing."""
    text = getattr(initiative, field.key, None) or initiative.details.get(field.key, "")
    if not isinstance(text, str):  # 担当: several names
        return "\n".join(map(str, text))
    return field.words(text)


def _stage_lines(stage: Stage, shown: Shown) -> list[Line]:
    left, right = answer_parts(stage, shown)
    return [*_lines(stage.heading, left, right)]


def _lines(section: str, left: Sequence[Part], right: Sequence[Part]) -> Iterator[Line]:
    """The parts of both halves side by side; the left ones take the page where right is empty.

    A text has the room below it as far as that is blank.
    """
    pairs = list(zip_longest(left, right, fillvalue=Part.blank()))
    for place, (one, other) in enumerate(pairs):
        pieces: tuple[Piece, ...] = ()
        if not one.is_blank:
            room = _room([pair[0] for pair in pairs[place:]])
            pieces += _left_pieces(one, LAST_LEFT if right else RIGHT_TEXT, room)
        if right and not other.is_blank:
            pieces += _right_pieces(other, _room([pair[1] for pair in pairs[place:]]))
        yield Line(section, pieces)


def _room(parts: Sequence[Part]) -> int:
    """The rows that the first part may take: its own, and those below that are blank."""
    taken = takewhile(lambda part: part.is_blank, parts[1:])
    return 1 + sum(1 for _ in taken)


def _left_pieces(part: Part, last: int, rows: int) -> tuple[Piece, ...]:
    if part.mark is not None:
        label = Piece(Look.LABEL, part.label, LABEL, TEXT, rows)
        if not part.legend:
            return (label, Piece(Look.MARK, part.mark, MARK, last, rows))
        mark = Piece(Look.MARK, part.mark, MARK, MARK, rows)
        return (label, mark, Piece(Look.LEGEND, part.legend, LEGEND, last, rows))
    if part.label:
        label = Piece(Look.LABEL, part.label, LABEL, LABEL, rows)
        return (label, Piece(Look.TEXT, part.text, TEXT, last, rows))
    return (Piece(_look(part), part.text, LABEL, last, rows),)


def _right_pieces(part: Part, rows: int) -> tuple[Piece, ...]:
    if part.label:
        label = Piece(Look.LABEL, part.label, RIGHT_LABEL, RIGHT_LABEL, rows)
        return (label, Piece(Look.TEXT, part.text, RIGHT_TEXT, RIGHT_TEXT, rows))
    return (Piece(_look(part), part.text, RIGHT_LABEL, RIGHT_TEXT, rows),)


def _look(part: Part) -> Look:
    return Look.HEADING if part.is_heading else Look.TEXT
