"""`kaikaku unreadable`: the marks that a unit's published files have lost, to be read on paper."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Mapping

from bot.cli.arguments import Subparsers, add_json
from bot.cli.output import print_json, print_lines
from bot.config import load


def register(nouns: Subparsers) -> None:
    """Add `unreadable`."""
    command = nouns.add_parser(
        "unreadable", help="公表資料で判読できない印の一覧(確認はSlackのホームから行います)"
    )
    command.add_argument("ward", metavar="WARD", help="区・局の名前")
    add_json(command)
    command.set_defaults(run=_list, parser=command)


async def _list(arguments: Namespace, environment: Mapping[str, str]) -> None:
    from bot.cli.database import opened
    from bot.services import unreadable
    from bot.views.unreadable import plain_lines

    async with opened(load(environment)) as office:
        lost = await unreadable.of_unit(office, arguments.ward)
    if arguments.json:
        print_json(unreadable.record_of(lost))
        return
    nothing = f"{lost.unit_name}に、確認が必要な判読できない印はありません。"
    print_lines(plain_lines(lost) if lost.answers else [nothing])
