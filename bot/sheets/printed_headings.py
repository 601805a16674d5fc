"""The line at the top of a form as kaikaku prints it: years, ward and the plan's name."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from bot.domain.calendar import parse_fiscal_year
from bot.domain.form import Form

_YEARS = re.compile(r"(?P<first>\S+?年度)(?:～(?P<last>\S+?年度))?\s+(?P<rest>\S.*)", re.DOTALL)
_WARD = re.compile(r"\S{1,7}?[区局]")
_GAP = "　"  # between years, ward and title


@dataclass(frozen=True)
class PrintedHeading:
    """What the line states; ``last_year`` only of a plan for several years."""

    plan: str | None = None
    ward: str | None = None
    fiscal_year: int | None = None
    last_year: int | None = None


def read_printed_heading(form: Form, lines: Iterable[str]) -> PrintedHeading:
    """The first of the lines that is such a heading; nothing where none is."""
    for line in lines:
        found = _YEARS.fullmatch(_without_form(form, line))
        year = parse_fiscal_year(found["first"]) if found else None
        if found and year is not None:
            last = parse_fiscal_year(found["last"]) if found["last"] else None
            ward, title = _ward_and_title(found["rest"])
            return PrintedHeading(_plan(form, title), ward, year, last)
    return PrintedHeading()


def _without_form(form: Form, line: str) -> str:
    """The line without 「様式3」, which stands at its end."""
    line = line.strip()
    ending = form.printed.heading
    if not ending or not re.search(rf"\s{re.escape(ending)}$", line):
        return line
    return line.removesuffix(ending).strip()


def _ward_and_title(rest: str) -> tuple[str | None, str]:
    """A title that begins with the ward's name has it only there."""
    before, gap, after = rest.partition(_GAP)
    if gap:
        return before, after.strip()
    ward = _WARD.match(rest)
    return (ward[0] if ward else None), rest


def _plan(form: Form, title: str) -> str | None:
    """The plan's name in a title; None for one that only names the form."""
    before, _, after = form.printed.title.partition("{plan}")
    found = re.fullmatch(rf"{re.escape(before)}(.+){re.escape(after)}", title.strip(), re.DOTALL)
    name = found[1].strip() if found else ""
    return name if name and name != form.name else None
