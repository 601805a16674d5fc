"""`kaikaku pause`: a unit's letters rest, for an election or a disaster."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Mapping

from bot.cli.arguments import Subparsers, add_json, day
from bot.cli.output import pause_words, print_json, print_lines
from bot.config import load


def register(nouns: Subparsers) -> None:
    """Add `pause`."""
    command = nouns.add_parser("pause", help="区・局へのお知らせを一時停止します(選挙・災害など)")
    command.add_argument("unit", metavar="WARD", help="区・局の名前")
    wanted = command.add_mutually_exclusive_group(required=True)
    wanted.add_argument("--until", type=day, metavar="DATE", help="この日まで(この日を含む)")
    wanted.add_argument(
        "--resume", action="store_true", help="一時停止をやめて、今日から再開します"
    )
    add_json(command)
    command.set_defaults(run=_pause)


async def _pause(arguments: Namespace, environment: Mapping[str, str]) -> None:
    from bot.cli.database import opened
    from bot.services import pauses

    async with opened(load(environment)) as office:
        if arguments.resume:
            name, changed = await pauses.resume_unit(office, arguments.unit)
            said = "再開しました。" if changed else "止まっていません。変更はありません。"
            line = f"{name}へのお知らせ：{said}"
        else:
            name = await pauses.pause_unit(office, arguments.unit, until=arguments.until)
            line = pause_words(arguments.until, unit=name)
    if arguments.json:
        until = arguments.until.isoformat() if arguments.until else None
        print_json({"ward": name, "paused_until": until})
    else:
        print_lines([line])
