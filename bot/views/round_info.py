"""What every screen says of a round: whose, of which year and stage, its dates, and who asks."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.calendar import era_year
from bot.domain.form import Form, Stage
from bot.domain.rounds import RoundDates


@dataclass(frozen=True)
class RoundInfo:
    """One round as people see it. ``notice`` is the 事務連絡 it rests on; texts may be empty."""

    round_id: int
    unit_name: str
    fiscal_year: int
    form: Form
    stage: Stage
    dates: RoundDates
    contact: str = ""  # 総務課(区政企画)
    extension: str = ""  # 1234
    notice: str = ""  # 令和8年8月25日付け事務連絡

    @property
    def title(self) -> str:
        """「令和8年度 中間振り返り」: two fiscal years are alive from February to July."""
        return f"{era_year(self.fiscal_year)} {self.stage.title}"
