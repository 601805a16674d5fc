"""What spans years once each, for the page of wording: marks lost on the way, and lineages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bot.domain.checkins import State
from bot.domain.fields import fields_of
from bot.domain.form import Stage
from bot.domain.lineages import ItemYear, YearReview
from bot.domain.youshiki3 import MID_YEAR, YEAR_END, YOUSHIKI3
from bot.views import lineages, unreadable
from bot.views.blocks import Json, Rendered
from bot.views.lineages import Earlier, LinkForm, LinkItem
from bot.views.targets import HistoryTarget, LinkTarget
from bot.views.unreadable import Confirmed, LostAnswer, LostList, LostMark, TypedMarks
from bot.views.years import SENT_NOTE, Years, build_years
from tests.bot.views.samples import END_FIELDS, ISSUES, NINE, SEVEN

Named = Iterator[tuple[str, Rendered | Json | str]]

_BY_KEY = {each.key: each for each in END_FIELDS}
RESULTS = {"results": "訪問 1,204世帯(目標1,200世帯)。"}
LOST_SEVEN = LostAnswer(
    check_in_id=70,
    year=2021,
    plan_name="市政改革プラン3.0",
    code="7",
    title=SEVEN.title,
    stage=YEAR_END,
    fields=END_FIELDS,
    answers=RESULTS,
    marks=(LostMark(_BY_KEY["attainment"]),),
)
LOST_NINE = replace(
    LOST_SEVEN,
    check_in_id=90,
    code="9",
    title=NINE.title,
    marks=(LostMark(_BY_KEY["attainment"]), LostMark(_BY_KEY["issues"])),
)
LOST = LostList(3, "あおぞら区", (LOST_SEVEN, LOST_NINE))
MANY = LostList(
    3, "あおぞら区", tuple(replace(LOST_SEVEN, check_in_id=n, code=str(n)) for n in range(1, 146))
)


def _review(stage: Stage, **answers: str) -> YearReview:
    return YearReview(stage, fields_of(stage), answers, State.SUBMITTED)


THIS = ItemYear(
    7,
    2026,
    "市政改革プラン3.0",
    YOUSHIKI3,
    "7",
    SEVEN.title,
    "訪問 1,300世帯",
    (_review(MID_YEAR, implementation="i", attainment="2", issues=ISSUES),),
)
PAST_ANSWERS = {**RESULTS, "attainment": "2", "issues": "民生委員との打合せを毎月行う。"}
LAST = replace(
    THIS,
    item_id=3,
    year=2025,
    plan_name="市政改革プラン2.0",
    code="3",
    title="見守り訪問",
    target="訪問 1,250世帯",
    reviews=(_review(YEAR_END, **PAST_ANSWERS),),
)
YEARS = Years(HistoryTarget(12, 7), "あおぞら区", (THIS, LAST, replace(LAST, year=2024)))


BEFORE = Earlier(3, 2025, "3", "見守り訪問")
LINKS = LinkForm(
    "あおぞら区　令和8年度 様式3",
    (
        LinkItem(7, "7", SEVEN.title, linked=BEFORE),
        LinkItem(9, "9", NINE.title, proposed=replace(BEFORE, code="12", title=NINE.title)),
        LinkItem(10, "10", "広報紙の見直し"),
        LinkItem(1, "1", "窓口の改善", namesake=replace(BEFORE, code="1", title="窓口の改善")),
    ),
    LinkTarget(5),
)


def year_screens() -> Named:
    yield "年度の比較", build_years(YEARS)
    yield "年度の比較(前の年度)", build_years(replace(YEARS, target=HistoryTarget(12, 7, 1)))
    lost = replace(LAST.reviews[0], answers=RESULTS, state=State.OUTSTANDING)
    bare = replace(LAST, target="", reviews=(lost,))
    yield "年度の比較(目標の記載がないとき)", build_years(replace(YEARS, years=(THIS, bare)))
    yield "年度の比較(1年度だけ)", build_years(replace(YEARS, years=(THIS,)))
    none = (replace(THIS, reviews=(), target=""), replace(LAST, reviews=(), target=""))
    yield "年度の比較(入力がないとき)", build_years(replace(YEARS, years=none))
    long = tuple(replace(LAST, year=2026 - n, target="") for n in range(14))
    yield "年度の比較(年度が多いとき)", build_years(replace(YEARS, years=long), note=SENT_NOTE)
    yield "判読できない印の確認", unreadable.build_list(LOST)
    yield "判読できない印の確認(145件)", unreadable.build_list(MANY, 8)
    nothing = LostList(3, "あおぞら区")
    yield "判読できない印の確認(なし)", unreadable.build_list(nothing)
    frozen = LostList(3, "あおぞら区", (replace(LOST_SEVEN, frozen=True),))
    yield "判読できない印の確認(公表済み)", unreadable.build_list(frozen)
    typed = TypedMarks(3, {(70, "attainment"): "1"}, start=0, shown=(70, 90))
    left = LostList(3, "あおぞら区", (LOST_NINE,))
    yield "判読できない印を保存したあと", unreadable.build_confirmed(Confirmed(left, 1, 1), typed)
    yield (
        "判読できない印をすべて保存したあと",
        unreadable.build_confirmed(Confirmed(nothing, 2), typed),
    )
    yield "判読できない印の一覧(kaikaku unreadable)", "\n".join(unreadable.plain_lines(LOST))

    yield "前の年度とのつながり", lineages.build_links(LINKS)
    many = tuple(replace(LINKS.items[n % 4], id=n, code=str(n)) for n in range(1, 61))
    every = replace(LINKS, target=LinkTarget(5, 1, every=True), items=many)
    yield "前の年度とのつながり(多いとき)", lineages.build_links(every)
    first = replace(LINKS, has_earlier=False)
    yield "前の年度とのつながり(前の年度がないとき)", lineages.build_links(first)
    yield "つなぎを保存したあと", lineages.build_linked(LINKS, 2)
    yield "つなぎを保存したあと(変わりなし)", lineages.build_linked(LINKS, 0)
    offered = lineages.options_of([BEFORE, replace(BEFORE, id=4, year=2024)], searched=False)
    yield "つなぐ項目の候補", "\n".join(each["text"]["text"] for each in offered)


def year_faults() -> Named:
    yield "つなぐことができる方ではない", lineages.MAY_NOT
    yield "前の年度にない項目", lineages.NOT_EARLIER
    yield "判読できない印を確認できる方ではない", unreadable.MAY_NOT
    yield "何も選んでいない", unreadable.NOTHING_CHOSEN
    yield "履歴に残る理由", unreadable.REVISION_REASON
