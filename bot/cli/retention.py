"""`kaikaku retention`: for how long each unit keeps what was answered, and what is due."""

from __future__ import annotations

from argparse import ArgumentTypeError, Namespace
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from bot.cli.arguments import Subparsers, add_json
from bot.cli.output import print_json, print_lines
from bot.config import load
from bot.domain.calendar import era_year, japanese_date

if TYPE_CHECKING:
    from bot.views.retention import Keeping


def register(nouns: Subparsers) -> None:
    """Add `retention list` and `retention set`."""
    verbs = nouns.add_parser("retention", help="保存期間").add_subparsers(
        metavar="VERB", required=True
    )
    listing = verbs.add_parser("list", help="計画ごとの保存期間と、廃棄の記録を一覧にします")
    listing.add_argument("--ward", help="区・局の名前")
    listing.add_argument("--due", action="store_true", help="保存期間が終わったものだけ")
    add_json(listing)
    listing.set_defaults(run=_list)
    setting = verbs.add_parser("set", help="保存期間を決めます(廃棄はSlackで行います)")
    setting.add_argument("--ward", required=True, help="区・局の名前")
    setting.add_argument("--years", required=True, type=_years, help="年数(既定は5)")
    setting.add_argument("--basis", help="根拠(例：公文書管理規程 別表第1)")
    setting.set_defaults(run=_set)


def _years(text: str) -> int:
    if not text.isascii() or not text.isdigit():
        raise ArgumentTypeError(f"年数「{text}」が読めません。5のように数字で書いてください。")
    return int(text)


async def _list(arguments: Namespace, environment: Mapping[str, str]) -> None:
    from bot.cli.database import opened
    from bot.services import retention

    async with opened(load(environment)) as office:
        found = await retention.listing(office, arguments.ward)
    if arguments.json:
        print_json({"units": [_record(each, due=arguments.due) for each in found]})
        return
    lines = [line for each in found for line in _lines(each, due=arguments.due)]
    print_lines(lines or ["該当する計画はありません。"])


async def _set(arguments: Namespace, environment: Mapping[str, str]) -> None:
    from bot.cli.database import opened
    from bot.services import retention

    async with opened(load(environment)) as office:
        keeping = await retention.set_rule(
            office, arguments.ward, years=arguments.years, basis=arguments.basis
        )
    print_lines(["登録しました。", *_lines(keeping, due=False)])


def _lines(keeping: Keeping, *, due: bool) -> Iterator[str]:
    from bot.views.retention import counts_words, full_day, state_words

    rule = f"保存期間 {keeping.rule.years}年"
    basis = f"(根拠：{keeping.rule.basis})" if keeping.rule.basis else ""
    plans = [plan for plan in keeping.plans if plan.due or not due]
    if plans or not due:
        yield f"{keeping.unit_name}　{rule}{basis}"
    for plan in plans:
        yield f"　{era_year(plan.fiscal_year)} {plan.form} {plan.name}　{state_words(plan)}"
    for done in () if due else keeping.disposals:
        year, day = era_year(done.fiscal_year), full_day(japanese_date(done.at))
        yield f"　{year} {done.form}　{day}に廃棄({done.name})　{counts_words(done.counts)}"


def _record(keeping: Keeping, *, due: bool) -> dict[str, object]:
    return {
        "ward": keeping.unit_name,
        "years": keeping.rule.years,
        "basis": keeping.rule.basis,
        "plans": [
            {
                "fiscal_year": plan.fiscal_year,
                "form": plan.form,
                "name": plan.name,
                "kept_until": plan.until.isoformat(),
                "due": plan.due,
                "open": plan.open,
            }
            for plan in keeping.plans
            if plan.due or not due
        ],
        "disposals": [
            {
                "fiscal_year": done.fiscal_year,
                "form": done.form,
                "at": done.at.isoformat(),
                "person": done.name,
                "counts": dict(done.counts),
            }
            for done in keeping.disposals
        ],
    }
