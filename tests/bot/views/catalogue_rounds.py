"""The coordinator's screens for rounds, pauses, items added and the digest, with sample values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from bot.domain.rounds import RoundDates
from bot.domain.status import Counts
from bot.views import additions, digests, exemptions, pauses, round_settings
from bot.views.additions import Added, AdditionForm
from bot.views.blocks import Json, Rendered
from bot.views.digests import DigestForm, DigestMessage, DigestRound, DigestRow
from bot.views.exemptions import Exemptable, ExemptForm, ExemptItem
from bot.views.letters import render
from bot.views.pauses import PauseForm
from bot.views.round_previews import Confirming, Sending, UnitPlan, build_preview, build_stored
from bot.views.round_settings import RoundForm, Standing
from bot.views.typed_rounds import TypedRound
from tests.bot.views.samples import MID, SEVEN, moment

Named = Iterator[tuple[str, Rendered | Json | str]]

WARD = "あおぞら区　令和8年度 中間振り返り"
OTHER = "ひかり区　令和8年度 中間振り返り"
THIRD = "みどり区　令和8年度 中間振り返り"
DATES = RoundDates(date(2026, 9, 1), date(2026, 9, 18), date(2026, 10, 1), date(2026, 10, 5))
MOVED = replace(DATES, due=date(2026, 9, 23))
TYPED = TypedRound(
    plan_id=1,
    stage="mid-year",
    seen="0123456789abcdef",
    opens=DATES.opens,
    due=DATES.due,
    closes=DATES.closes,
    publishes=DATES.publishes,
    levels=1,
    before=(3,),
    after=(1, 3, 6),
    contact="総務課(区政企画)",
    extension="1234",
    notice="令和8年8月25日付け事務連絡",
)
FORM = RoundForm(
    title=WARD,
    round_id=3,
    standing=Standing.OPEN,
    values=TYPED,
    others={2: "ひかり区", 3: "みどり区"},
    stages={"year-end": "自己評価"},
    due=DATES.due,
    closed_on=DATES.closes,
)
LADDER = (
    Sending(date(2026, 9, 1), "opening", ("山田", "佐藤"), 3),
    Sending(date(2026, 9, 15), "before-3:2026-09-18", ("山田", "佐藤"), 3),
    Sending(date(2026, 9, 18), "due:2026-09-18", ("山田", "佐藤"), 3),
    Sending(date(2026, 9, 24), "after-1:2026-09-18", ("山田", "佐藤"), 3),
    Sending(date(2026, 9, 28), "managers:2026-09-28", ("鈴木",), 3),
    Sending(date(2026, 9, 28), "ward-head:2026-09-28", ("高橋",), 3),
)
PLAN = UnitPlan(
    title=WARD,
    dates=DATES,
    before=None,
    levels=2,
    sendings=LADDER,
    confirming=(Confirming(1, "鈴木", 3), Confirming(2, "高橋", 3)),
)
MOVING = UnitPlan(
    title=WARD,
    dates=MOVED,
    before=DATES,
    levels=1,
    sendings=(
        Sending(date(2026, 9, 18), "due:2026-09-23", ("山田",), 2, anew=True),
        Sending(date(2026, 9, 28), "managers:2026-09-28", ("鈴木",), 2),
    ),
    dropped=(Sending(date(2026, 9, 24), "after-1:2026-09-18", ("山田",), 2),),
    closed_days=("due",),
    paused_until=date(2026, 9, 16),
    unowned=("4", "12"),
    unconfirmable=("4",),
    unreachable=("田村",),
    without_items=("西",),
)
ROUNDS = (Exemptable(3, "令和8年度 中間振り返り", 9),)
ADDITION = AdditionForm(
    plan_id=1,
    title=additions.plan_title("あおぞら区", 2026, "様式3"),
    items=23,
    code="24",
    today=date(2026, 9, 10),
    sections={1: "保健福祉課", 2: "市民協働課"},
    rounds=ROUNDS,
    texts=(("outline", "取組の概要"), ("target", "目標")),
    indicator="アウトカム指標",
)
ADDED = Added("24", "窓口の待ち時間の短縮", ADDITION.title, "山田", ("中間振り返り",), ROUNDS)
EXEMPT = ExemptForm(
    round_id=3,
    title=WARD,
    items=(
        ExemptItem(24, "24", "窓口の待ち時間の短縮", date(2026, 9, 10)),
        ExemptItem(7, "7", SEVEN.title),
    ),
    late=True,
)
DIGEST = DigestForm(1, "あおぞら区", active=True, channel="C0KUSEI01", weekday=0)


def round_screens() -> Named:
    """In the order in which they are met."""
    yield "日程を直す画面", round_settings.build_form(FORM)
    new = replace(FORM, standing=Standing.NEW, round_id=0, stages={}, others={})
    yield "日程を決める画面", round_settings.build_form(new)
    for name, standing in (
        ("まだ始まっていない回", Standing.WAITING),
        ("期限を過ぎた回", Standing.OVERDUE),
        ("終わった回をもう一度始める画面", Standing.CLOSED),
    ):
        yield name, round_settings.build_form(replace(FORM, standing=standing, overdue=4))
    yield "登録する前の確かめ", build_preview(TYPED, [PLAN])
    yield "日程を動かすときの確かめ", build_preview(TYPED, [MOVING])
    other = replace(PLAN, title=OTHER)
    draft = replace(other, title=THIRD, sendings=(), draft=True)
    yield "いくつかの区の確かめ", build_preview(TYPED, [PLAN, other, draft])
    yield "送るものがない回の確かめ", build_preview(TYPED, [replace(PLAN, sendings=())])
    yield "登録したあと", build_stored([WARD, OTHER])
    pausing = PauseForm(
        1,
        "あおぞら区",
        coming=(("令和8年度 中間振り返りの入力期限", DATES.due),),
        others={2: "ひかり区"},
    )
    yield "一時停止の画面", pauses.build_form(pausing)
    paused = replace(pausing, paused_until=date(2026, 10, 12))
    yield "一時停止しているときの画面", pauses.build_form(paused)
    yield "止めたあと", pauses.build_paused(["あおぞら区", "ひかり区"], date(2026, 10, 12))
    yield "再開したあと", pauses.build_resumed("あおぞら区", rested=True)
    yield "止まっていないとき", pauses.build_resumed("あおぞら区", rested=False)


def round_faults() -> Named:
    """What is wrong, or is no longer so."""
    yield "日付がない", round_settings.DAY_MISSING
    yield "日付の順序", round_settings.order_faults(replace(DATES, due=date(2026, 8, 1)))["due"]
    yield "確認を選んでいない", round_settings.LEVEL_MISSING
    yield "数でない", round_settings.NO_NUMBERS
    yield "理由がない", round_settings.REASON_MISSING
    yield "登録のない区長", round_settings.HEAD_UNKNOWN
    yield "ほかの方が日程を変えた", round_settings.MOVED_ON
    yield "終わっている", round_settings.IS_CLOSED
    yield "始まっていない", round_settings.NOT_OPEN
    yield "日程を決められない方", round_settings.MAY_NOT
    yield "一時停止の日がない", pauses.DAY_MISSING
    yield "一時停止の日が過ぎている", pauses.DAY_PAST
    yield "一時停止の日が遠い", pauses.DAY_FAR
    yield "一時停止できない方", pauses.MAY_NOT


def addition_screens() -> Named:
    """Items added, and 対象外 for several."""
    yield "追加する画面", additions.build_form(ADDITION)
    yield "追加したあと", additions.build_added(ADDED)
    yield "入力の時期でないとき", additions.build_added(replace(ADDED, asked=()))
    yield "担当が未設定のとき", additions.build_added(replace(ADDED, owner="", rounds=()))
    yield "対象外をまとめて設定する画面", exemptions.build_exempt(EXEMPT)
    many = tuple(ExemptItem(n, str(n), f"取組その{n}") for n in range(1, 52))
    second = exemptions.build_exempt(replace(EXEMPT, items=many, late=False, page=1))
    yield "対象外をまとめて設定する画面(2ページ目)", second
    yield "未入力の項目がないとき", exemptions.build_exempt(replace(EXEMPT, items=()))
    yield "対象外にしたあと", exemptions.build_exempted(["24"], ["7"])


def addition_faults() -> Named:
    """What is wrong, or is no longer so."""
    yield "番号がない", additions.CODE_MISSING
    yield "番号が登録済み", additions.CODE_TAKEN
    yield "題名がない", additions.NAME_MISSING
    yield "日がない", additions.DAY_MISSING
    yield "ほかの年度の日", additions.day_of_other_year(2026, 2026)
    yield "登録のない担当者", additions.OWNER_UNKNOWN
    yield "課・担当がない", additions.SECTION_GONE
    yield "対象外にする項目がない", exemptions.NOTHING_CHOSEN
    yield "期間のあとの理由がない", exemptions.REASON_MISSING
    yield "対象外のない振り返り", exemptions.NO_EXEMPTION
    yield "入力の時期でない", exemptions.NOT_TAKEN
    yield "追加できない方", additions.MAY_NOT


def digest_screens() -> Named:
    """The modal and the message."""
    yield "設定する画面", digests.build_form(DIGEST)
    failed = replace(DIGEST, failed="not_in_channel", failed_on=date(2026, 9, 14))
    yield "送れなかったあとの画面", digests.build_form(failed)
    yield "保存したあと", digests.build_saved(DIGEST)
    yield "止めたあと", digests.build_saved(replace(DIGEST, active=False))
    yield "チャンネルの確かめ", digests.render_trial("あおぞら区", 0)
    yield "集計", render(digest())


def digest(*, sections: int = 2) -> DigestMessage:
    """A Monday after the due date."""
    rows = [_row("保健福祉課", 5, 7), DigestRow(digests.NO_SECTION, _counts(0, 1), 0)]
    rows += [_row(f"{number}課", 3, 4) for number in range(3, sections + 1)]
    one = DigestRound(MID, _row("", 14, 23), tuple(rows), days_left=0, days_late=3)
    return DigestMessage(9, "あおぞら区", 0, moment(date(2026, 9, 28)), (one,))


def _row(name: str, submitted: int, total: int) -> DigestRow:
    return DigestRow(name, _counts(submitted, total), 1)


def _counts(submitted: int, total: int) -> Counts:
    left = total - submitted
    return Counts(
        total=total,
        submitted=submitted,
        outstanding=left,
        overdue=left - 1,
        provisional=0,
        undetermined=0,
        confirmed=0,
        sent_back=1,
        marks={},
    )


def digest_faults() -> Named:
    """What is wrong."""
    yield "チャンネルがない", digests.CHANNEL_MISSING
    yield "kaikaku が参加していないチャンネル", digests.NOT_IN_CHANNEL
    yield "ご自分が参加していないチャンネル", digests.YOU_NOT_IN_CHANNEL
    yield "使われなくなったチャンネル", digests.ARCHIVED
    yield "送れないチャンネル", digests.NOT_TAKEN
    yield "Slackに確かめられない", digests.NOT_KNOWN
    yield "曜日がない", digests.WEEKDAY_MISSING
    yield "まとめ方がない", digests.SCOPE_MISSING
    yield "設定できない方", digests.MAY_NOT
