"""`kaikaku sweep`: decide what is due at an instant, and send it."""

from __future__ import annotations

import asyncio
from argparse import Namespace
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bot.cli.arguments import Subparsers, add_dry_run, add_json, instant
from bot.cli.output import print_json
from bot.config import Settings, load
from bot.domain.calendar import TOKYO
from bot.domain.errors import Refused

if TYPE_CHECKING:
    from bot.services.office import Office
    from bot.services.sweep import Report

# Further away, letters would go out on another day than their own: only into a stand-in for Slack.
_NEAR = timedelta(days=1)

_LABELS = {
    "planned": "作成",
    "sent": "送信",
    "deferred": "あとで再送",
    "undeliverable": "届かない",
    "unknown": "不明",
}


def register(nouns: Subparsers) -> None:
    """Add `sweep`."""
    command = nouns.add_parser("sweep", help="いま送るべきお知らせを作り、送ります")
    command.add_argument(
        "--at", type=instant, help="いつの時点で判断するか(既定は現在。日付だけなら9時30分)"
    )
    command.add_argument(
        "--until", type=instant, help="この日時まで、開庁日ごとの9時30分に行います"
    )
    add_dry_run(command)
    add_json(command)
    command.set_defaults(run=_sweep)


async def _sweep(arguments: Namespace, environment: Mapping[str, str]) -> None:
    from bot.cli.database import opened
    from bot.services import sweep

    settings = load(environment, needs=() if arguments.dry_run else ("SLACK_BOT_TOKEN",))
    async with opened(settings) as office:
        now = office.now()
        at = arguments.at or now
        _refuse_far_away(arguments, settings, now, at)
        moments = sweep.instants(at, arguments.until)
        if arguments.dry_run:
            report = await sweep.rehearse(office, moments)
        else:
            report = await _run(settings, office, moments)
    counts = report.counts()
    if arguments.json:
        print_json({"at": at.astimezone(TOKYO).isoformat(), "dry_run": arguments.dry_run, **counts})
    else:
        print("、".join(f"{_LABELS[name]} {number}" for name, number in counts.items()))


async def _run(settings: Settings, office: Office, moments: list[datetime]) -> Report:
    from bot.services import sweep
    from bot.slack.delivery import connected

    report = sweep.Report()
    async with connected(
        token=settings.bot_token, base_url=settings.api_url, route=settings.route
    ) as courier:
        for at in moments:
            await sweep.run(office, courier, at=at, sleep=asyncio.sleep, report=report)
    return report


def _refuse_far_away(arguments: Namespace, settings: Settings, now: datetime, at: datetime) -> None:
    until = arguments.until or at
    if until < at:
        raise Refused("--until が --at より前です。--at 以後の日時にしてください。")
    is_far = max(abs(at - now), abs(until - now)) > _NEAR
    if is_far and not (arguments.dry_run or settings.on_loopback):
        raise Refused(
            "いまから1日より離れた日時では送れません。"
            "--dry-run を付けると、何が送られるかを見られます。"
        )
