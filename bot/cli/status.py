"""`kaikaku status`: how a unit stands, for an operator."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING

from bot.cli.arguments import (
    Subparsers,
    add_json,
    add_kind,
    fiscal_year,
    instant,
    round_meant,
)
from bot.cli.output import print_json, print_warnings
from bot.config import load
from bot.domain.calendar import era_year, japanese_date
from bot.domain.errors import NotFound

if TYPE_CHECKING:
    from bot.services.round_state import RoundState


def register(nouns: Subparsers) -> None:
    """Add `status`."""
    command = nouns.add_parser("status", help="区の入力状況を表示します")
    command.add_argument("ward", metavar="WARD", help="区・局の名前")
    command.add_argument("--year", type=fiscal_year, help="年度(例：2026、令和8年度)")
    add_kind(command)
    command.add_argument("--at", type=instant, help="いつの時点で見るか(既定は現在)")
    add_json(command)
    command.set_defaults(run=_status)


async def _status(arguments: Namespace, environment: Mapping[str, str]) -> None:
    from bot.cli.database import opened
    from bot.services import operator_status
    from bot.services.round_state import RoundState
    from bot.services.units import named
    from bot.views.status import as_text

    async with opened(load(environment)) as office:
        now = arguments.at or office.now()
        unit = await named(office, arguments.ward)
        state = await operator_status.for_command_line(
            office,
            unit,
            **round_meant(office.forms, arguments),
            today=japanese_date(now),
        )
    if not isinstance(state, RoundState):
        raise NotFound(_nothing(state))
    if arguments.json:
        print_json(_record(state))
    else:
        if not state.is_scheduled:
            print_warnings(["日程が登録されていません。入力期限はふだんの日付です。"])
        print(as_text(operator_status.unrestricted(state, now)), end="")


def _nothing(answer: object) -> str:
    from bot.services.status import NoPlan, NoRound

    if isinstance(answer, NoPlan):
        return f"{answer.unit_name}の{era_year(answer.fiscal_year)}の計画はまだ登録されていません。"
    if isinstance(answer, NoRound):
        return (
            f"{answer.unit_name}では、まだ振り返りの日程が登録されていません。"
            "kaikaku rounds set で登録してください。"
        )
    raise TypeError(type(answer).__name__)


def _record(state: RoundState) -> dict[str, object]:
    counts = state.counts()
    dates = asdict(state.round.dates)
    return {
        "ward": state.unit.name,
        "fiscal_year": state.round.fiscal_year,
        "kind": state.round.stage.key,
        **{name: day.isoformat() if state.is_scheduled else None for name, day in dates.items()},
        "total": counts.total,
        "submitted": counts.submitted,
        "outstanding": counts.outstanding,
        "overdue": counts.overdue,
        "provisional": counts.provisional,
        "undetermined": counts.undetermined,
        "confirmed": counts.confirmed,
        "waiting": counts.waiting,
        "sent_back": counts.sent_back,
        **{key: dict(row) for key, row in counts.marks.items()},
    }
