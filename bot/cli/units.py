"""`kaikaku units`: the wards and bureaus, their contacts, sections and closures."""

from __future__ import annotations

import argparse
import re
from argparse import ArgumentParser, Namespace
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

from bot.cli.arguments import Subparsers, add_json, day, days
from bot.cli.output import pause_words, print_json, print_lines
from bot.config import load
from bot.domain.units import UnitKind

if TYPE_CHECKING:
    from bot.services.units import UnitFacts

_LABELS = {
    "name": "名前",
    "kana": "読み",
    "contact": "問い合わせ先",
    "extension": "内線",
    "sections": "課・担当",
    "closures": "閉庁日",
}


def register(nouns: Subparsers) -> None:
    """Add `units list`, `units add` and `units set`."""
    verbs = nouns.add_parser("units", help="区・局").add_subparsers(metavar="VERB", required=True)
    listing = verbs.add_parser("list", help="区・局を一覧にします")
    add_json(listing)
    listing.set_defaults(run=_list)
    _register_add(verbs.add_parser("add", help="区・局を加えます"))
    _register_set(verbs.add_parser("set", help="問い合わせ先、課・担当、閉庁日を決めます"))


def _register_add(command: ArgumentParser) -> None:
    command.add_argument("name", metavar="NAME", help="名前(例：あおぞら区)")
    command.add_argument("--code", type=_code, required=True, help="ローマ字(例：aozora)")
    command.add_argument("--kana", default="", help="読み(例：あおぞらく)")
    command.add_argument(
        "--kind",
        type=UnitKind,
        choices=list(UnitKind),
        default=UnitKind.WARD,
        metavar="{ward,bureau}",
        help="区(ward)か局(bureau)",
    )
    command.set_defaults(run=_add)


def _register_set(command: ArgumentParser) -> None:
    command.add_argument("unit", metavar="NAME", help="区・局の名前")
    command.add_argument("--name", metavar="NEW", help="新しい名前")
    command.add_argument("--kana", help="読み")
    command.add_argument("--contact", help="依頼する課・担当(例：総務課(区政企画))")
    command.add_argument("--extension", help="内線番号")
    command.add_argument("--sections", type=_names, default=(), help='加える課・担当("甲課;乙課")')
    command.add_argument(
        "--closures", type=days, help='閉庁日をすべて決め直します("2026-11-04;2026-12-28")'
    )
    command.add_argument(
        "--close", type=day, action="append", default=[], help="閉庁日を1日加えます"
    )
    command.add_argument(
        "--reopen", type=day, action="append", default=[], help="閉庁日を1日取り消します"
    )
    command.set_defaults(run=_set)


async def _list(arguments: Namespace, environment: Mapping[str, str]) -> None:
    from bot.cli.database import opened
    from bot.services.units import list_units

    async with opened(load(environment)) as office:
        found = await list_units(office)
    if arguments.json:
        print_json({"units": [_record(unit) for unit in found]})
    else:
        print_lines(map(_line, found))


async def _add(arguments: Namespace, environment: Mapping[str, str]) -> None:
    from bot.cli.database import opened
    from bot.services.units import add_unit

    async with opened(load(environment)) as office:
        added = await add_unit(
            office,
            name=arguments.name.strip(),
            code=arguments.code,
            kana=arguments.kana.strip(),
            kind=arguments.kind,
        )
    said = "加えました。" if added else "すでにあります。変更はありません。"
    print_lines([f"{arguments.name.strip()}：{said}"])


async def _set(arguments: Namespace, environment: Mapping[str, str]) -> None:
    from bot.cli.database import opened
    from bot.services.units import UnitChange, set_unit

    change = UnitChange(
        name=_stripped(arguments.name) or None,
        kana=_stripped(arguments.kana),
        contact=_stripped(arguments.contact),
        extension=_stripped(arguments.extension),
        sections=arguments.sections,
        closures=arguments.closures,
        close=tuple(arguments.close),
        reopen=tuple(arguments.reopen),
    )
    async with opened(load(environment)) as office:
        name, changed = await set_unit(office, arguments.unit, change)
    labels = "、".join(_LABELS[key] for key in changed)
    print_lines([f"{name}：{labels}を変えました。" if changed else f"{name}：変更はありません。"])


def _line(unit: UnitFacts) -> str:
    parts = [
        unit.name.name,
        unit.name.code,
        unit.contact,
        unit.extension and f"内線{unit.extension}",
    ]
    if unit.sections:
        parts.append(f"課・担当：{'、'.join(unit.sections)}")
    if unit.closures:
        parts.append(f"閉庁日：{'、'.join(map(date.isoformat, unit.closures))}")
    if unit.paused_until:
        parts.append(pause_words(unit.paused_until))
    return "  ".join(part for part in parts if part)


def _record(unit: UnitFacts) -> dict[str, object]:
    return {
        "name": unit.name.name,
        "code": unit.name.code,
        "kana": unit.name.kana,
        "kind": unit.kind,
        "contact": unit.contact,
        "extension": unit.extension,
        "sections": list(unit.sections),
        "closures": [each.isoformat() for each in unit.closures],
        "paused_until": unit.paused_until.isoformat() if unit.paused_until else None,
    }


def _code(text: str) -> str:
    if not re.fullmatch(r"[a-z][a-z0-9-]*", text):
        raise argparse.ArgumentTypeError(
            f"コード「{text}」は使えません。ローマ字の小文字で書いてください(例：aozora)。"
        )
    return text


def _names(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(";") if part.strip())


def _stripped(text: str | None) -> str | None:
    return None if text is None else text.strip()
