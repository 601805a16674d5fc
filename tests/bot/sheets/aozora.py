"""Sheets of あおぞら区, a ward that does not exist, put together in each printed layout."""

from __future__ import annotations

from bot.domain.plans import SheetAnswers, SheetInitiative, SheetPlan
from bot.sheets.plan_text import read_plan_text

HEADING = "令和8年度 あおぞら区 「あおぞら改革プラン5.0」に基づく取組等"

PURPOSE = "雨の日でも子どもが遊べる場所をつくる。"
OUTLINE = "図書館の広間を毎週開放する。"
TARGET = "開放日の参加者 年300人以上(前年度(実績)280人)"
ACTIVITIES = "①広間の開放:毎週土曜日 ②遊び場の案内を配る"
THIS_YEAR = "今年度の参加者 300人"

PLAN_TEXT = f"(趣旨・目的) {PURPOSE} (取組の概要) {OUTLINE} (目標) {TARGET}"
ACTIVITIES_TEXT = f"(取組の内容) {ACTIVITIES} (目標) {THIS_YEAR}"

LEFT, RIGHT = "取組の方針・目標内容", "当年度の取組内容"
L1 = f"計画\t{LEFT} {PLAN_TEXT}\t\t{RIGHT} {ACTIVITIES_TEXT}\t"
L2 = f"計画\t{LEFT}\t{RIGHT}\n\t{PLAN_TEXT}\t{ACTIVITIES_TEXT}"
L2_WIDE = f"計画\t{LEFT}\t\t{RIGHT}\n\t{PLAN_TEXT}\t\t{ACTIVITIES_TEXT}"
L3 = f"{LEFT}\t{RIGHT}\n{PLAN_TEXT}\t{ACTIVITIES_TEXT}"
L4 = f"{LEFT}\t\t{RIGHT}\n計画\t{PLAN_TEXT}\t{ACTIVITIES_TEXT}"
L4_ROWS = (
    f"{LEFT}\t\t{RIGHT}\n計画\t(趣旨・目的) {PURPOSE}\t{ACTIVITIES_TEXT}\n"
    f"\t(取組の概要) {OUTLINE}\t\n\t(目標) {TARGET}\t"
)
PARAGRAPHS = (
    f"計画\t{LEFT}\t{RIGHT}\n"
    f"\t<p>(趣旨・目的) {PURPOSE}</p> <p>(取組の概要) {OUTLINE}</p> <p>(目標) {TARGET}</p>"
    f"\t<p>(取組の内容) {ACTIVITIES}</p> <p>(目標) {THIS_YEAR}</p>"
)

IMPLEMENTATION = "(i)実施見込み (ii)実施できない見込み"
OUTLOOK = "①:達成見込み ②:達成できない見込み"
ATTAINED = "①:目標達成 ②:目標未達成"
ISSUES = "課題と改善策 ※左記が「②」の場合は必須"

BLANK_MID_YEAR = (
    f"中間振り返り\t取組内容の実施見込み\t{IMPLEMENTATION}\t{ISSUES}\n"
    f"\t目標の達成見込み\t{OUTLOOK}\t"
)
BLANK_YEAR_END = f"自己評価\t当年度の取組実績及び目標の達成状況\t{ISSUES}\n\t{ATTAINED}\t"


def item(
    number: int | str = 1,
    title: str = "【雨の日の遊び場】",
    *,
    plan: str = L2,
    mid_year: str = BLANK_MID_YEAR,
    year_end: str = BLANK_YEAR_END,
) -> str:
    return "\n\n".join((f"取組項目{number}", title, plan, mid_year, year_end))


def sheet(*items: str, heading: str = HEADING) -> str:
    return "\n\n".join(("", heading, *items))


def read_item(text: str) -> SheetInitiative:
    return read_plan_text(sheet(text)).initiatives[0]


def read_sheet(*items: str, heading: str = HEADING) -> SheetPlan:
    return read_plan_text(sheet(*items, heading=heading))


def mid_year_of(block: str) -> SheetAnswers:
    return read_item(item(mid_year=block)).answers["mid-year"]


def year_end_of(block: str) -> SheetAnswers:
    return read_item(item(year_end=block)).answers["year-end"]
