"""Where a document belongs: its ward, fiscal year and form, stated in it or given as options."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.calendar import era_year
from bot.domain.errors import Refused
from bot.domain.form import Form
from bot.domain.plans import SheetPlan
from bot.domain.units import UnitName, match
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
    faults: tuple[str, ...]


async def settle_places(
    uow: UnitOfWork, sheets: Sequence[SheetPlan], options: ImportOptions, office: Office
) -> list[Place]:
    """The place of each plan. Raises Refused with every fault of all of them."""
    units = {unit.id or 0: unit for unit in await uow.units.all()}
    known = [unit_name(unit) for unit in units.values()]
    found = [_findings(sheet, options, known, office) for sheet in sheets]
    faults = list(dict.fromkeys(fault for each in found for fault in each.faults))
    faults += _twice(found)
    if faults:
        raise Refused("区・年度・様式が決まらないため、取り込めません。", faults)
    return [
        Place(sheet, units[each.unit.id], each.year, each.form)
        for sheet, each in zip(sheets, found, strict=True)
        if each.unit and each.year and each.form  # or it was refused above
    ]


def _findings(
    sheet: SheetPlan, options: ImportOptions, known: Sequence[UnitName], office: Office
) -> _Findings:
    unit, ward_fault = _unit(sheet, options, known)
    year, year_fault = _year(sheet, options)
    key = options.form or sheet.form
    form = office.forms.get(key)
    form_fault = "" if form else f"様式「{key}」はありません。使えるもの：{'、'.join(office.forms)}"
    faults = (fault for fault in (ward_fault, year_fault, form_fault) if fault)
    return _Findings(unit, year, form, tuple(faults))


def _unit(
    sheet: SheetPlan, options: ImportOptions, known: Sequence[UnitName]
) -> tuple[UnitName | None, str]:
    """The unit, or why there is none."""
    texts = [text for text in (sheet.ward, options.ward) if text]
    if not texts:
        return None, "区が書かれていません。--ward で指定してください(例：--ward 西区)。"
    found = [match(text, known) for text in texts]
    for text, each in zip(texts, found, strict=True):
        if each.unit is None:
            return None, mismatch(text, each)
    if len({each.unit for each in found}) > 1:
        stated, given = (each.unit.name if each.unit else "" for each in found)
        return None, (
            f"ファイルには{stated}とありますが、--ward は{given}です。"
            "どちらが正しいか確かめてください。"
        )
    return found[0].unit, ""


def _year(sheet: SheetPlan, options: ImportOptions) -> tuple[int | None, str]:
    """The fiscal year, or why there is none. Figures in the text only hint, and never decide."""
    stated, given = sheet.fiscal_year, options.year
    if stated is not None and given is not None and stated != given:
        return None, (
            f"ファイルには{era_year(stated)}とありますが、--year は{era_year(given)}です。"
            "どちらが正しいか確かめてください。"
        )
    if stated is not None or given is not None:
        return (given if stated is None else stated), ""
    fault = "年度が書かれていません。--year で指定してください(例：--year 令和8年度)。"
    if sheet.year_hint is not None:
        fault += (
            f"本文の「{sheet.year_evidence}」からは{era_year(sheet.year_hint)}のようです。"
            f"それでよければ --year {sheet.year_hint} としてください。"
        )
    return None, fault


def _twice(found: Sequence[_Findings]) -> list[str]:
    seen: set[tuple[int, int]] = set()
    faults: list[str] = []
    for each in found:
        if each.unit is None or each.year is None:
            continue
        if (each.unit.id, each.year) in seen:
            faults.append(
                f"{each.unit.name} {era_year(each.year)}の取組が、別の書き方の区で分かれています。"
                "区の書き方をそろえてください。"
            )
        seen.add((each.unit.id, each.year))
    return faults
