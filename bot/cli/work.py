"""`kaikaku work`: clock and delivery only, beside a `run` or several."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Mapping

from bot.cli.arguments import Subparsers
from bot.config import load


def register(nouns: Subparsers) -> None:
    """Add `work`."""
    command = nouns.add_parser("work", help="お知らせの作成と送信だけを行います")
    command.set_defaults(run=_work)


async def _work(_arguments: Namespace, environment: Mapping[str, str]) -> None:
    from bot.app import serve
    from bot.cli.database import make_ready
    from bot.log import setup

    settings = load(environment, needs=("SLACK_BOT_TOKEN",))
    setup(settings.log_level, form=settings.log_format)
    await make_ready(settings)
    await serve(settings, listens=False)
