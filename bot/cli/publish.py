"""`kaikaku publish` and `kaikaku correct`: a round is published, and later put right."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from bot.cli.arguments import Subparsers, add_json, add_kind, day, fiscal_year, round_meant
from bot.cli.output import print_json, print_lines
from bot.config import load
from bot.domain.calendar import era_day
from bot.domain.errors import InvalidAnswers
from bot.domain.publications import Announcement

if TYPE_CHECKING:
    from bot.services.corrections import Corrected
    from bot.views.publications import Published, Readiness


def register(nouns: Subparsers) -> None:
    """Add `publish` and `correct`."""
    _register_publish(nouns)
    _register_correct(nouns)


def _register_publish(nouns: Subparsers) -> None:
    command = nouns.add_parser(
        "publish",
        help="公表を記録し、内容を固定します(決裁番号を付けなければ、足りないものを表示します)",
    )
    _add_round(command)
    command.add_argument("--number", metavar="決裁番号", help="文書管理システムの決裁番号")
    command.add_argument("--published-on", type=day, metavar="DATE", help="公表日")
    command.add_argument("--address", default="", metavar="URL", help="掲載したページ(任意)")
    command.add_argument("--anyway", action="store_true", help="足りないものがあるまま公表します")
    add_json(command)
    command.set_defaults(run=_publish, parser=command)


def _register_correct(nouns: Subparsers) -> None:
    command = nouns.add_parser("correct", help="公表後の内容を、理由を付けて直します")
    command.add_argument("ward", metavar="WARD", help="区・局の名前")
    command.add_argument("code", metavar="CODE", help="取組項目の番号(例：7、全体は 0)")
    _add_round(command, ward=False)
    command.add_argument(
        "--set",
        action="append",
        required=True,
        metavar="欄=内容",
        help="直す欄(例：attainment=②、issues=@FILE)。くり返せます",
    )
    command.add_argument("--reason", required=True, help="修正の理由(正誤表に載ります)")
    add_json(command)
    command.set_defaults(run=_correct, parser=command)


def _add_round(command: ArgumentParser, *, ward: bool = True) -> None:
    if ward:
        command.add_argument("ward", metavar="WARD", help="区・局の名前")
    command.add_argument("--year", type=fiscal_year, required=True, metavar="YEAR", help="年度")
    add_kind(command, required=True)


async def _publish(arguments: Namespace, environment: Mapping[str, str]) -> None:
    from bot.cli.database import opened
    from bot.services import publications

    wanted = _announcement(arguments)
    async with opened(load(environment)) as office:
        about = round_meant(office.forms, arguments)
        if wanted is None:
            _show_readiness(
                await publications.look(office, arguments.ward, **about), as_json=arguments.json
            )
            return
        try:
            done = await publications.publish_ward(
                office, arguments.ward, **about, wanted=wanted, anyway=arguments.anyway
            )
        except InvalidAnswers as error:
            raise InvalidAnswers(_in_options(error.faults)) from None
    _show_published(done.published, as_json=arguments.json)


def _in_options(faults: Mapping[str, str]) -> dict[str, str]:
    """What to do in the words of the command line, which has no box to tick."""
    from bot.views.publications import ANYWAY

    if ANYWAY not in faults:
        return dict(faults)
    words = "足りないものがあるまま公表するときは、--anyway を付けてください。"
    return {**faults, ANYWAY: words}


def _announcement(arguments: Namespace) -> Announcement | None:
    if arguments.number is None and arguments.published_on is None:
        return None
    if arguments.number is None or arguments.published_on is None:
        arguments.parser.error("--number と --published-on は、両方とも必要です。")
    return Announcement(arguments.number.strip(), arguments.published_on, arguments.address)


def _show_readiness(found: Readiness, *, as_json: bool) -> None:
    from bot.views.publications import gap_lines

    if as_json:
        print_json({**_record(found), "published": found.recorded is not None})
        return
    recorded = found.recorded
    if recorded is not None:
        day_ = era_day(recorded.published_on)
        print_lines([f"{found.round.full_title}：{day_}公表(決裁番号：{recorded.decision_number})"])
        print_lines([f"公表後の修正：{found.corrections}か所"])
        return
    lines = list(gap_lines(found.gaps)) or ["足りないものはありません。"]
    print_lines([f"{found.round.full_title}　全{found.gaps.total}件", *lines])


def _show_published(done: Published, *, as_json: bool) -> None:
    if as_json:
        print_json({**_record(done), "published": True})
        return
    day_ = era_day(done.announcement.published_on)
    print_lines([f"{done.round.full_title}の公表を記録しました({day_}公表)。"])


def _record(found: Readiness | Published) -> dict[str, object]:
    round_ = found.round
    return {
        "ward": round_.unit_name,
        "fiscal_year": round_.fiscal_year,
        "kind": round_.stage.key,
        "missing": found.gaps.as_record(),
        "corrections": found.corrections,
    }


async def _correct(arguments: Namespace, environment: Mapping[str, str]) -> None:
    from bot.cli.database import opened
    from bot.services.corrections import correct

    changes = _changes(arguments)
    async with opened(load(environment)) as office:
        done = await correct(
            office,
            arguments.ward,
            arguments.code,
            **round_meant(office.forms, arguments),
            changes=changes,
            reason=arguments.reason,
        )
    _show_corrected(done, as_json=arguments.json)


def _changes(arguments: Namespace) -> dict[str, str]:
    changes = {}
    for each in arguments.set:
        key, equals, text = each.partition("=")
        if not equals:
            arguments.parser.error(f"「{each}」は「欄=内容」の形で書いてください。")
        if text.startswith("@"):
            text = Path(text[1:]).read_text(encoding="utf-8-sig").rstrip("\n")
        changes[key.strip()] = text
    return changes


def _show_corrected(done: Corrected, *, as_json: bool) -> None:
    from bot.views.words import item_name

    if as_json:
        fields = [
            {"field": each.label, "before": each.before, "after": each.after}
            for each in done.corrections
        ]
        print_json({"corrections": fields})
        return
    if not done.corrections:
        print_lines(["内容は同じです。変更はありません。"])
        return
    print_lines([f"{done.title}を直しました。"])
    for each in done.corrections:
        lines = (f"{item_name(each.code)}　{each.label}", f"　修正前：{each.before or '(なし)'}")
        print_lines([*lines, f"　修正後：{each.after or '(なし)'}"])
