"""The line at the top of a form as kaikaku prints it: years, ward and the plan's name."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from bot.domain.calendar import parse_fiscal_year
from bot.domain.form import Form

_LINE = re.compile(
    r"(?P<first>\S+?年度)(?:～(?P<last>\S+?年度))?\s+(?P<ward>\S+)\s+(?P<title>\S.*)", re.DOTALL
)


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
        found = _LINE.fullmatch(line.strip())
        year = parse_fiscal_year(found["first"]) if found else None
        if found and year is not None:
            last = parse_fiscal_year(found["last"]) if found["last"] else None
            return PrintedHeading(_plan(form, found["title"]), found["ward"], year, last)
    return PrintedHeading()


def _plan(form: Form, title: str) -> str | None:
    """The plan's name in a title; None for one that only names the form."""
    before, _, after = form.printed.title.partition("{plan}")
    ending = rf"(?:\s*{re.escape(form.printed.heading)})?" if form.printed.heading else ""
    pattern = rf"{re.escape(before)}(.+?){re.escape(after)}{ending}"
    found = re.fullmatch(pattern, title.strip(), re.DOTALL)
    name = found[1].strip() if found else ""
    return name if name and name != form.name else None
