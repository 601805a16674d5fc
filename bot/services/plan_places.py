"""Where a document belongs: its ward, fiscal year and form, stated in it or given as options."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.domain.calendar import era_year
from bot.domain.errors import NotFound
from bot.domain.form import Form
from bot.domain.forms.form_files import built_in_names, find_form
from bot.domain.plans import Cell, Fault, SheetPlan, SheetRefused
from bot.domain.units import UnitName, match
from bot.services.actors import COMMAND_LINE, Actor
from bot.services.office import Office
from bot.services.units import mismatch, unit_name
from storage.models import Unit
from storage.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class ImportOptions:
    """What is said beside a document; ``year`` is the Gregorian year in which it begins."""

    ward: str | None = None
    year: int | None = None
    form: str | None = None
    draft: bool = False
    dry_run: bool = False
    by: Actor = COMMAND_LINE


@dataclass(frozen=True)
class Place:
    """A plan of a document with the unit, year and form it is stored under."""

    sheet: SheetPlan
    unit: Unit
    fiscal_year: int
    form: Form


@dataclass(frozen=True)
class _Findings:
    """One plan's place as far as it could be found, and what is wrong with it."""

    unit: UnitName | None
    year: int | None
    form: Form | None
    faults: tuple[Fault, ...]


async def settle_places(
    uow: UnitOfWork, sheets: Sequence[SheetPlan], options: ImportOptions, office: Office
) -> list[Place]:
    """The place of each plan.

    Raises SheetRefused with every fault of all of them: those of their places, and those that
    were found when the document was read.
    """
    units = {unit.id or 0: unit for unit in await uow.units.all()}
    known = [unit_name(unit) for unit in units.values()]
    found = [_findings(sheet, options, known, office) for sheet in sheets]
    of_places = [*(fault for each in found for fault in each.faults), *_twice(sheets, found)]
    of_contents = [fault for sheet in sheets for fault in sheet.faults]
    if of_places or of_contents:
        raise _refusal(of_places, of_contents)
    return [
        Place(sheet, units[each.unit.id], each.year, each.form)
        for sheet, each in zip(sheets, found, strict=True)
        if each.unit and each.year and each.form  # or it was refused above
    ]


def _refusal(of_places: Sequence[Fault], of_contents: Sequence[Fault]) -> SheetRefused:
    faults = dict.fromkeys([*of_places, *of_contents])
    if not of_contents:
        return SheetRefused(faults, "区・年度・様式が決まらないため、取り込めません。")
    words = f"誤りか足りないものが{len(faults)}件あるため、何も取り込んでいません。"
    return SheetRefused(faults, words)


def _findings(
    sheet: SheetPlan, options: ImportOptions, known: Sequence[UnitName], office: Office
) -> _Findings:
    unit, ward_faults = _unit(sheet, options, known)
    year, year_faults = _year(sheet, options)
    try:
        form = find_form(office.forms, options.form or sheet.form)
    except NotFound as missing:
        fault = Fault(0, None, missing.message)
        return _Findings(unit, year, None, (*ward_faults, *year_faults, fault))
    form_faults = (*_form_faults(sheet, form, office), *_crowded(sheet, form))
    return _Findings(unit, year, form, (*ward_faults, *year_faults, *form_faults))


def _crowded(sheet: SheetPlan, form: Form) -> Iterator[Fault]:
    """A fault for each item with more indicators than can be asked about on one screen."""
    most = form.most_indicators
    for each in sheet.initiatives:
        if len(each.indicators) > most:
            words = f"{form.indicator}は、1つの{form.item}に{most}個までにしてください。"
            yield Fault(0, form.item_name(each.code), words)


def _form_faults(sheet: SheetPlan, form: Form, office: Office) -> list[Fault]:
    """A paper is of the form that it was read as; an office's own form may be like one of ours."""
    if form.key == sheet.form or form.key not in built_in_names():
        return []
    printed = office.forms.get(sheet.form)
    words = (
        f"ファイルは{printed.name if printed else sheet.form}ですが、"
        f"指定された様式は{form.name}です。どちらが正しいか確かめてください。"
    )
    return [Fault(0, None, words)]


def _unit(
    sheet: SheetPlan, options: ImportOptions, known: Sequence[UnitName]
) -> tuple[UnitName | None, list[Fault]]:
    """The unit, or why there is none; an empty cell for it is a fault already."""
    stated, stated_faults = _named(sheet.ward, known, sheet.ward_cells)
    given, given_faults = _named(options.ward, known, ())
    if stated_faults or given_faults or (sheet.ward_cells and not sheet.ward):
        return None, [*stated_faults, *given_faults]
    if stated is None and given is None:
        return None, [Fault(0, None, _ward_missing(options))]
    if stated and given and stated != given:
        words = (
            f"ファイルには{stated.name}とありますが、"
            f"{_said('--ward', options)}は{given.name}です。"
            "どちらが正しいか確かめてください。"
        )
        return None, _faults_at(sheet.ward_cells, words)
    unit = stated or given
    if unit and not options.by.may_act_for(unit.id):
        return None, _faults_at(sheet.ward_cells, not_yours(unit.name))
    return unit, []


def not_yours(unit_name: str) -> str:
    """Why somebody may not bring in what is of another unit."""
    return f"{unit_name}のとりまとめ担当ではないため、取り込めません。"


def _ward_missing(options: ImportOptions) -> str:
    if options.by.in_slack:
        return "区が書かれていません。「区・年度を決める」から選んでください。"
    return "区が書かれていません。--ward で指定してください(例：--ward 西区)。"


def _said(option: str, options: ImportOptions) -> str:
    """What a choice made beside the document is called where it was made."""
    return "選んだ内容" if options.by.in_slack else f" {option} "


def _named(
    text: str | None, known: Sequence[UnitName], cells: Sequence[Cell]
) -> tuple[UnitName | None, list[Fault]]:
    if not text:
        return None, []
    found = match(text, known)
    return found.unit, [] if found.unit else _faults_at(cells, mismatch(text, found))


def _year(sheet: SheetPlan, options: ImportOptions) -> tuple[int | None, list[Fault]]:
    """The fiscal year, or why there is none; a cell that can't be read is a fault already.

    Figures in the text only hint, and never decide.
    """
    stated, given = sheet.fiscal_year, options.year
    if stated is not None and given is not None and stated != given:
        words = (
            f"ファイルには{era_year(stated)}とありますが、"
            f"{_said('--year', options)}は{era_year(given)}です。"
            "どちらが正しいか確かめてください。"
        )
        return None, _faults_at(sheet.year_cells, words)
    if stated is None and sheet.year_cells:
        return None, []
    if stated is None and given is None:
        return None, [Fault(0, None, _year_missing(sheet, options))]
    return (given if stated is None else stated), []


def _year_missing(sheet: SheetPlan, options: ImportOptions) -> str:
    if options.by.in_slack:
        return _year_to_choose(sheet)
    words = "年度が書かれていません。--year で指定してください(例：--year 令和8年度)。"
    if sheet.year_hint is None:
        return words
    return (
        f"{words}本文の「{sheet.year_evidence}」からは{era_year(sheet.year_hint)}のようです。"
        f"それでよければ --year {sheet.year_hint} としてください。"
    )


def _year_to_choose(sheet: SheetPlan) -> str:
    words = "年度が書かれていません。「区・年度を決める」から選んでください。"
    if sheet.year_hint is None:
        return words
    return f"{words}本文の「{sheet.year_evidence}」からは{era_year(sheet.year_hint)}のようです。"


def _twice(sheets: Sequence[SheetPlan], found: Sequence[_Findings]) -> Iterator[Fault]:
    seen: set[tuple[int, int]] = set()
    for sheet, each in zip(sheets, found, strict=True):
        if each.unit is None or each.year is None:
            continue
        if (each.unit.id, each.year) in seen:
            yield from _faults_at(
                sheet.ward_cells,
                f"{each.unit.name} {era_year(each.year)}の取組が、別の書き方の区で分かれています。"
                "区の書き方をそろえてください。",
            )
        seen.add((each.unit.id, each.year))


def _faults_at(cells: Sequence[Cell], words: str) -> list[Fault]:
    """A fault at each of the cells that state it, else one of the whole file."""
    return [Fault(cell.row, cell.column, words) for cell in cells] or [Fault(0, None, words)]
