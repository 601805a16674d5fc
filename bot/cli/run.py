"""`kaikaku run`: the whole bot, Slack, clock and delivery, in one process."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Mapping

from bot.cli.arguments import Subparsers
from bot.config import load


def register(nouns: Subparsers) -> None:
    """Add `run`."""
    command = nouns.add_parser("run", help="ボットを動かします(Slack、お知らせの作成と送信)")
    command.set_defaults(run=_run)


async def _run(_arguments: Namespace, environment: Mapping[str, str]) -> None:
    from bot.app import serve
    from bot.cli.database import make_ready
    from bot.log import setup

    needs = ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN|SLACK_SIGNING_SECRET")
    settings = load(environment, needs=needs)
    setup(settings.log_level, form=settings.log_format)
    await make_ready(settings)
    await serve(settings, listens=True)
