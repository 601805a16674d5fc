"""`kaikaku rounds`: the dates of a round, the list of rounds, and who will get what and when."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Mapping
from typing import TYPE_CHECKING

from bot.cli.arguments import Subparsers, add_json, add_kind, day, fiscal_year, round_meant
from bot.cli.output import pause_words, print_json, print_lines, print_warnings
from bot.config import load
from bot.domain.calendar import era_year
from bot.domain.rounds import LEVELS
from bot.views.words import CONFIRMERS, plain_item_names

if TYPE_CHECKING:
    from bot.services.round_previews import PlannedConfirmer, PlannedNotice, RoundPreview
    from bot.services.rounds import RoundListing

_DATES = (
    ("--opens", "開始日(既定：中間振り返りは9月1日、自己評価は4月1日)"),
    ("--due", "入力期限"),
    ("--closes", "入力終了"),
    ("--publishes", "公表予定日"),
)
_TEXTS = (
    ("--contact", "依頼する課・担当(既定は区の登録)"),
    ("--extension", "内線番号(既定は区の登録)"),
    ("--notice", "もとになる事務連絡(例：令和8年8月25日付け事務連絡)"),
)

_STEPS_AROUND_DUE = (
    ("--before", "期限の何開庁日前にもう一度お知らせするか(例：3。none で送らない)"),
    ("--after", "期限の何開庁日後にもう一度お知らせするか(例：1,3,6。none で送らない)"),
)


def register(nouns: Subparsers) -> None:
    """Add `rounds set`, `rounds list` and `rounds preview`."""
    verbs = nouns.add_parser("rounds", help="振り返りの回").add_subparsers(
        metavar="VERB", required=True
    )
    _register_set(verbs.add_parser("set", help="日程を決めます"))
    listing = verbs.add_parser("list", help="登録されている回を一覧にします")
    listing.add_argument("--ward", help="区・局の名前")
    listing.add_argument("--year", type=fiscal_year, help="年度")
    add_json(listing)
    listing.set_defaults(run=_list)
    preview = verbs.add_parser("preview", help="だれに、いつ、何を送るかを表示します")
    _name_round(preview)
    add_json(preview)
    preview.set_defaults(run=_preview)


def _register_set(command: ArgumentParser) -> None:
    _name_round(command)
    for option, text in _DATES:
        command.add_argument(option, type=day, help=text)
    for option, text in _TEXTS:
        command.add_argument(option, help=text)
    command.add_argument(
        "--ward-head",
        metavar="PERSON",
        help="件数だけのまとめを送る区長(メールアドレスかSlackのID。none で送らない)",
    )
    command.add_argument(
        "--levels",
        type=int,
        choices=LEVELS,
        help="確認の段数(0：確認なし、1：課長、2：課長、区長の順。新しい回の既定は1)",
    )
    for option, text in _STEPS_AROUND_DUE:
        command.add_argument(option, type=_counts, metavar="N,N", help=text)
    command.add_argument(
        "--managers-after",
        type=int,
        choices=range(1, 11),
        metavar="N",
        help="期限の何開庁日後に確認者へ未入力を知らせるか(1から10)",
    )
    command.add_argument(
        "--ward-head-after",
        type=int,
        choices=range(1, 11),
        metavar="N",
        help="期限の何開庁日後に区長へまとめを送るか(1から10)",
    )
    command.add_argument(
        "--reason", default="", help="終わった回をもう一度始めるときの理由(記録に残ります)"
    )
    command.set_defaults(run=_set)


def _ladder(arguments: Namespace) -> dict[str, object] | None:
    """The fields of the ladder that were given."""
    given = {
        "before": arguments.before,
        "after": arguments.after,
        "managers_after": arguments.managers_after,
        "ward_head_after": arguments.ward_head_after,
    }
    return {key: value for key, value in given.items() if value is not None} or None


def _counts(text: str) -> list[int]:
    """「1,3,6」, or 「none」; what is neither is refused with the words that Slack's form has."""
    from bot.views.round_settings import NO_NUMBERS
    from bot.views.typed_rounds import numbers

    if text == "none":
        return []
    found = numbers(text)
    if not found:
        raise ArgumentTypeError(NO_NUMBERS)
    return list(found)


def _name_round(command: ArgumentParser) -> None:
    command.add_argument("--ward", required=True, help="区・局の名前")
    command.add_argument("--year", type=fiscal_year, required=True, help="年度")
    add_kind(command, required=True)


async def _set(arguments: Namespace, environment: Mapping[str, str]) -> None:
    from bot.cli.database import opened
    from bot.services import rounds
    from bot.services.units import named

    settings = rounds.RoundSettings(
        opens=arguments.opens,
        due=arguments.due,
        closes=arguments.closes,
        publishes=arguments.publishes,
        contact=arguments.contact,
        extension=arguments.extension,
        notice=arguments.notice,
        ward_head=arguments.ward_head,
        levels=arguments.levels,
        ladder=_ladder(arguments),
        reason=arguments.reason,
    )
    async with opened(load(environment)) as office:
        unit = await named(office, arguments.ward)
        listing = await rounds.set_round(
            office,
            unit,
            **round_meant(office.forms, arguments),
            settings=settings,
        )
    print_lines(["登録しました。", _line(listing)])
    print_warnings(listing.warnings)


async def _list(arguments: Namespace, environment: Mapping[str, str]) -> None:
    from bot.cli.database import opened
    from bot.services import rounds
    from bot.services.units import named

    async with opened(load(environment)) as office:
        unit = await named(office, arguments.ward) if arguments.ward else None
        found = await rounds.list_rounds(office, unit=unit, year=arguments.year)
    if arguments.json:
        print_json({"rounds": [_record(listing) for listing in found]})
    else:
        print_lines(map(_line, found) if found else ["登録されている回はありません。"])


async def _preview(arguments: Namespace, environment: Mapping[str, str]) -> None:
    from bot.cli.database import opened
    from bot.services import round_previews
    from bot.services.units import named

    async with opened(load(environment)) as office:
        unit = await named(office, arguments.ward)
        found = await round_previews.preview(
            office,
            unit,
            **round_meant(office.forms, arguments),
        )
    if arguments.json:
        print_json(_preview_record(found))
    else:
        print_lines(_preview_lines(found))


def _line(listing: RoundListing) -> str:
    dates = listing.dates
    asked_by = f"{listing.contact}{f'(内線{listing.extension})' if listing.extension else ''}"
    return (
        f"{listing.unit_name}　{era_year(listing.fiscal_year)} {listing.stage.title}"
        f"　開始 {dates.opens}　期限 {dates.due}　終了 {dates.closes}　公表 {dates.publishes}"
        f"　{_LEVELS[listing.levels]}{f'　{asked_by}' if asked_by else ''}"
    )


def _record(listing: RoundListing) -> dict[str, object]:
    dates = listing.dates
    return {
        "ward": listing.unit_name,
        "fiscal_year": listing.fiscal_year,
        "kind": listing.stage.key,
        "opens": dates.opens.isoformat(),
        "due": dates.due.isoformat(),
        "closes": dates.closes.isoformat(),
        "publishes": dates.publishes.isoformat(),
        "contact": listing.contact,
        "extension": listing.extension,
        "notice": listing.notice,
        "levels": listing.levels,
    }


def _preview_record(found: RoundPreview) -> dict[str, object]:
    return {
        **_record(found.listing),
        "paused_until": found.listing.paused_until and found.listing.paused_until.isoformat(),
        "notices": [
            {
                "date": each.day.isoformat(),
                "step": each.step,
                "person": each.person,
                "initiatives": list(each.items),
                "reachable": each.reachable,
                "silent": each.silent,
            }
            for each in found.notices
        ],
        "confirmers": [
            {
                "level": each.level,
                "person": each.person,
                "initiatives": list(each.items),
                "reachable": each.reachable,
            }
            for each in found.confirmers
        ],
        "unconfirmable": list(found.unconfirmable),
        "unowned": list(found.unowned),
        "without_account": list(found.without_account),
        "without_items": list(found.without_items),
    }


def _preview_lines(found: RoundPreview) -> list[str]:
    lines = [_line(found.listing), *map(_notice_line, found.notices)]
    lines += map(_confirmer_line, found.confirmers)
    if found.listing.paused_until:
        lines.insert(1, pause_words(found.listing.paused_until))
    for label, names in (
        ("確認者がいない項目", found.unconfirmable),
        ("担当が未設定の項目", found.unowned),
        ("Slackで届かない担当者", found.without_account),
        ("担当する項目がない人", found.without_items),
    ):
        if names:
            lines.append(f"{label}：{'、'.join(names)}")
    return lines


def _notice_line(each: PlannedNotice) -> str:
    kind, _, rest = each.step.partition(":")[0].partition("-")
    label = _STEPS[kind].format(rest)
    reach = "" if each.reachable else "(届きません)"
    reach += "(一時停止のため送りません)" if each.silent else ""
    return f"{each.day}　{label}　{each.person}{reach}　{plain_item_names(each.items)}"


def _confirmer_line(each: PlannedConfirmer) -> str:
    reach = "" if each.reachable else "(届きません)"
    return f"確認　{CONFIRMERS[each.level]}　{each.person}{reach}　{plain_item_names(each.items)}"


_LEVELS = {0: "確認なし", 1: "課長が確認", 2: "課長、区長の順に確認"}
_STEPS = {
    "opening": "入力のお願い",
    "before": "期限の{}開庁日前",
    "due": "入力期限の日",
    "after": "期限の{}開庁日後",
    "managers": "確認者への一覧",
}
