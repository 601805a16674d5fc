"""History, retention and pictures once each, for the page of wording."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time

from bot.domain.calendar import at_tokyo
from bot.domain.charts import Chart, Figure, Series, Tone
from bot.domain.checkins import Source
from bot.domain.consultations import ConsultationKind
from bot.domain.letters import LetterKind, LetterState
from bot.domain.retention import Rule
from bot.views import charts, histories, retention
from bot.views.blocks import Json, Rendered
from bot.views.charts import Charts
from bot.views.histories import History
from bot.views.history_events import (
    Announced,
    Consulted,
    Decided,
    Entered,
    Event,
    FieldChange,
    FoundBlank,
    Told,
)
from bot.views.retention import Disposed, Keeping, KeptPlan
from bot.views.targets import AllTarget, HistoryTarget
from bot.views.unreadable import REVISION_REASON
from tests.bot.views.samples import ISSUES, MID, SEVEN

Named = Iterator[tuple[str, Rendered | Json | str]]


def at(day: int, hour: int = 10, minute: int = 42) -> datetime:
    return at_tokyo(date(2026, 9, day), time(hour, minute))


def _entered(day: int, number: int, **changes: object) -> Entered:
    values = {
        "at": at(day),
        "stage": "中間振り返り",
        "name": "山田",
        "number": number,
        "source": Source.SLACK.value,
        "changes": (FieldChange("目標の達成見込み", "", "② 達成できない見込み"),),
    }
    return Entered(**{**values, **changes})  # type: ignore[arg-type]


def _decided(day: int, number: int, **changes: object) -> Decided:
    values = {"at": at(day, 15), "stage": "中間振り返り", "name": "鈴木", "number": number}
    return Decided(**{**values, "sent_back": False, "level": 1, **changes})  # type: ignore[arg-type]


def _told(day: int, *steps: str, **changes: object) -> Told:
    values = {
        "at": at(day, 9, 30),
        "stage": "中間振り返り",
        "name": "山田",
        "kind": LetterKind.NOTICE,
        "state": LetterState.SENT,
        "steps": steps,
    }
    return Told(**{**values, **changes})  # type: ignore[arg-type]


EVENTS: tuple[Event, ...] = (
    _entered(1, 1, source=Source.SHEET.value, name=""),
    _told(1),
    _told(1, "opening"),
    _told(15, "before-3"),
    _told(15, "mend:2026-09-15"),
    _told(15, "handover:2026-09-15", "taken:2026-09-15"),
    _told(15, "due", state=LetterState.UNDELIVERABLE),
    _told(15, "after-1", state=LetterState.UNKNOWN),
    _told(15, "planned:2026-09-15"),
    _told(15, "confirm:2027-06-01"),
    _entered(16, 2),
    _decided(16, 2, sent_back=True, comment="数字を書いてください。", due=date(2026, 9, 24)),
    _told(17, "sent-back:1", kind=LetterKind.SENT_BACK),
    _told(17, "consulted:1", kind=LetterKind.CONSULTED),
    _told(17, "managers:2026-09-17", kind=LetterKind.MANAGERS, name="鈴木"),
    _told(17, "to-confirm:2026-09-17", kind=LetterKind.TO_CONFIRM, name="鈴木"),
    _entered(17, 3, changes=(FieldChange("課題と改善策", "参加が少ない。", ISSUES),)),
    _entered(18, 4, changes=(), entered_for="山田", name="田中", reason="電話で確かめた。"),
    Consulted(at(18), "中間振り返り", "山田", ConsultationKind.DIFFERS),
    Consulted(at(18, 11), "中間振り返り", "田中", ConsultationKind.DIFFERS, answered=True),
    _entered(18, 4, source=Source.SHEET.value, name="田中", reason=REVISION_REASON),
    FoundBlank(at(18, 12), "中間振り返り", "田中", "取組内容の実施見込み"),
    _decided(18, 4, own=True),
    _decided(19, 4, level=2, name="高橋"),
    Announced(at(25), "中間振り返り", "田中", 4, "総務第123号", date(2026, 10, 5)),
    Announced(at(25), "中間振り返り", "", 0, "総務第123号", date(2026, 10, 5)),
    _entered(28, 5, name="田中", reason="集計の誤り。", corrects=True),
)
HISTORY = History(HistoryTarget(12, 7), "あおぞら区", 2026, "7", SEVEN.title, EVENTS)
MANY = replace(HISTORY, target=HistoryTarget(12, 7, 1), events=EVENTS * 12)

RULE = Rule(5, "公文書管理規程 別表第1")
DUE = KeptPlan(3, 2020, "様式3", "市政改革プラン3.0", date(2026, 3, 31), due=True)
PLANS = (
    DUE,
    replace(DUE, plan_id=4, fiscal_year=2019, until=date(2025, 3, 31), open=True),
    KeptPlan(5, 2026, "様式3", "市政改革プラン3.0", date(2032, 3, 31), due=False),
)
COUNTS = {"initiative": 23, "check_in": 46, "revision": 61, "decision": 40, "letter": 120}
DISPOSED = Disposed(2018, "様式3", at(3), "田中", COUNTS)
KEEPING = Keeping(1, "あおぞら区", RULE, PLANS, (DISPOSED,))

LABELS = ("保健福祉課", "課・担当が未設定", "その他")
MARKS = (
    Series("①", Tone.LIGHT, (9, 0, 1)),
    Series("②", Tone.STRONG, (3, 0, 0)),
    Series("対象外", Tone.MIDDLE, (1, 0, 0)),
    Series("差し戻し", Tone.STRIPED, (1, 0, 0)),
    Series("未入力", Tone.BLANK, (0, 2, 1)),
)
SECTIONS = Figure(Chart.SECTIONS, "あおぞら区", "目標の達成見込み　課ごとの件数", LABELS, MARKS)
PROGRESS = Figure(
    Chart.PROGRESS,
    "あおぞら区",
    "はじめて入力された日ごとの累計　9月28日(月) 10:42 現在",
    tuple(f"9月{day}日" for day in range(1, 29)),
    (
        Series("入力済", Tone.STRONG, tuple(range(28))),
        Series("確認済", Tone.MIDDLE, tuple(range(28))),
    ),
    total=30,
    marked=17,
    mark="入力期限 9月18日(金)",
)
YEARS = replace(
    SECTIONS,
    chart=Chart.YEARS,
    subtitle="目標の達成見込み　前の年度との比較(件数)",
    labels=("令和8年度", "令和7年度", "令和6年度"),
)
UNITS = Figure(
    Chart.UNITS,
    "全区の状況　令和8年度 中間振り返り",
    "入力と確認の件数(建制順)　9月28日(月) 10:42 現在",
    ("北区", "都島区"),
    (
        Series("確認済", Tone.STRONG, (8, None)),
        Series("入力済(対象外を含む)", Tone.LIGHT, (6, None)),
        Series("差し戻し", Tone.STRIPED, (1, None)),
        Series("未入力", Tone.BLANK, (2, None)),
    ),
)
NOW = at_tokyo(date(2026, 9, 28), time(10, 42))
CHARTS = Charts(MID.full_title, "12", (PROGRESS, SECTIONS, YEARS), NOW, MID.dates)
ALL = Charts(UNITS.title, AllTarget().encode(), (UNITS,), NOW)


def record_screens() -> Named:
    yield "履歴", histories.build_history(HISTORY)
    yield "履歴(2ページ目)", histories.build_history(MANY)
    fields = tuple(FieldChange(f"指標{n} 実績", "", "3件") for n in range(45))
    wide = replace(HISTORY, events=(_entered(16, 1, changes=fields),))
    yield "履歴(指標が多い)", histories.build_history(wide)
    yield "履歴(まだない)", histories.build_history(replace(HISTORY, events=()))
    yield "ファイルを送ったあと", histories.build_history(HISTORY, note=histories.SENT_NOTE)
    yield "保存期間と廃棄", retention.build_keeping(KEEPING)
    many = tuple(replace(DUE, plan_id=n) for n in range(100))
    yield "保存期間と廃棄(計画が多い)", retention.build_keeping(replace(KEEPING, plans=many))
    yield "保存期間と廃棄(計画がない)", retention.build_keeping(replace(KEEPING, plans=()))
    yield "保存期間を決めたあと", retention.build_saved("あおぞら区", RULE, 1)
    yield "保存期間を決めたあと(該当なし)", retention.build_saved("あおぞら区", RULE, 0)
    yield "廃棄の確認", retention.build_disposal(KEEPING, DUE, COUNTS)
    yield "廃棄したあと", retention.build_disposed("あおぞら区", DISPOSED)
    yield "図で見る", charts.build_charts(CHARTS)
    yield "図で見る(まだない)", charts.build_charts(replace(CHARTS, figures=()))
    yield "図を送ったあと", charts.build_charts(CHARTS, note=charts.SENT_NOTE)
    yield "図で見る(全区、ホームから)", charts.build_charts(ALL)
    yield "図で見る(全区)", charts.render_table(ALL)
    yield "図に添える文", charts.comment_of(UNITS, 2800)


def record_faults() -> Named:
    yield "履歴を見られない", histories.MAY_NOT_READ
    yield "廃棄できる方ではない", retention.MAY_NOT
    yield "すでに廃棄されている", retention.GONE
    yield "保存期間が終わっていない", retention.NOT_YET
    yield "振り返りが終わっていない", retention.STILL_OPEN
    yield "年数を選んでいない", retention.YEARS_MISSING
    yield "名前が違う", retention.wrong_name("あおぞら区")
