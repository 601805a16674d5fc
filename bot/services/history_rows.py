"""How a history is laid out in a file: one row a change, and for programs one object an event."""

from __future__ import annotations

from collections.abc import Iterator

from bot.domain.calendar import TOKYO, era_year
from bot.domain.checkins import Source
from bot.sheets.export import ExportTable, Value
from bot.views.consultations import KINDS
from bot.views.histories import BLANK, History
from bot.views.history_events import (
    Announced,
    Consulted,
    Decided,
    Entered,
    Event,
    FoundBlank,
    Told,
    act_words,
    letter_words,
)

_HEADERS = (
    "区",
    "年度",
    "取組項目",
    "題名",
    "種類",
    "日時",
    "できごと",
    "版",
    "氏名",
    "代わりに入力した相手",
    "入力元",
    "欄",
    "変更前",
    "変更後",
    "理由・コメント",
    "修正期限",
    "お知らせの内容",
)
_SOURCES = {
    Source.SLACK.value: "Slack",
    Source.SHEET.value: "公表資料",
    Source.OFFICE.value: "コマンド",
}


def table_of(history: History) -> ExportTable:
    """The table for people and the record for programs, oldest first."""
    head = (history.unit_name, era_year(history.fiscal_year), history.code, history.title)
    return ExportTable(
        title=f"履歴 {history.code}",
        headers=_HEADERS,
        rows=tuple((*head, *row) for event in history.events for row in _rows(event)),
        record={
            "ward": history.unit_name,
            "fiscal_year": history.fiscal_year,
            "code": history.code,
            "title": history.title,
            "events": [_record(event) for event in history.events],
        },
    )


def _rows(event: Event) -> Iterator[tuple[Value, ...]]:
    start = (event.stage, f"{event.at.astimezone(TOKYO):%Y-%m-%d %H:%M}", act_words(event))
    match event:
        case Entered():
            who = (event.number, event.name, event.entered_for, _source(event))
            fields = [(each.label, each.before, each.after) for each in event.changes]
            for field in fields or [("", "", "")]:
                yield (*start, *who, *field, event.reason, None, None)
        case Decided():
            name = f"{event.name}(本人の項目)" if event.own else event.name
            due = event.due.isoformat() if event.due else None
            yield (*start, event.number, name, *[None] * 5, event.comment, due, None)
        case Announced():
            said = f"決裁番号：{event.decision_number}、公表日：{event.day.isoformat()}"
            yield (*start, event.number, event.name, *[None] * 5, said, None, None)
        case FoundBlank():
            what = (_SOURCES[Source.SHEET.value], event.label, None, BLANK)
            yield (*start, None, event.name, None, *what, *[None] * 3)
        case Consulted():
            yield (*start, None, event.name, *[None] * 5, KINDS[event.kind], None, None)
        case Told():
            yield (*start, None, event.name, *[None] * 7, letter_words(event))


def _source(event: Entered) -> str:
    return _SOURCES.get(event.source, event.source)


def _record(event: Event) -> dict[str, object]:
    common = {
        "at": event.at.astimezone(TOKYO).isoformat(timespec="seconds"),
        "stage": event.stage,
        "person": event.name or None,
    }
    match event:
        case Entered():
            return {
                **common,
                "event": "entered",
                "revision": event.number,
                "entered_for": event.entered_for or None,
                "source": event.source,
                "reason": event.reason or None,
                "corrects": event.corrects,
                "changes": [
                    {"field": each.label, "before": each.before, "after": each.after}
                    for each in event.changes
                ],
            }
        case Decided():
            return {
                **common,
                "event": "sent-back" if event.sent_back else "confirmed",
                "revision": event.number,
                "level": event.level,
                "comment": event.comment or None,
                "due": event.due.isoformat() if event.due else None,
                "own": event.own,
            }
        case FoundBlank():
            return {**common, "event": "found-blank", "field": event.label}
        case Consulted():
            word = "answered" if event.answered else "consulted"
            return {**common, "event": word, "subject": event.kind.value}
        case Announced():
            return {
                **common,
                "event": "published",
                "revision": event.number,
                "decision_number": event.decision_number,
                "published_on": event.day.isoformat(),
            }
        case Told():
            return {
                **common,
                "event": "told",
                "letter": event.kind.value,
                "steps": list(event.steps),
                "state": event.state.value,
            }
