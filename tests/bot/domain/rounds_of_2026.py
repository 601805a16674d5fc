"""Rounds for tests of the ladder: a mid-year review of FY2026 unless told."""

from __future__ import annotations

from datetime import date
from typing import Any

from bot.domain.form import Stage
from bot.domain.rounds import Round, RoundDates
from bot.domain.youshiki3 import MID_YEAR


def a_round(
    opens: date = date(2026, 9, 1),
    due: date = date(2026, 9, 18),
    closes: date = date(2026, 10, 1),
    *,
    publishes: date | None = None,
    stage: Stage = MID_YEAR,
    **changes: Any,
) -> Round:
    """A round with the default dates of FY2026; it publishes on the day it closes unless told."""
    dates = RoundDates(opens, due, closes, publishes or closes)
    values = {"id": 1, "plan_id": 1, "fiscal_year": 2026}
    return Round(**{**values, **changes}, stage=stage, dates=dates)
