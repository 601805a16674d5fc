"""「図で見る」: what each picture shows, in words, beside the button that sends the picture."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.calendar import japanese_date
from bot.domain.charts import Chart, Figure
from bot.domain.rounds import RoundDates
from bot.views.actions import CHART_SEND, NOTICE_ONLY
from bot.views.blocks import (
    NOTIFICATION_LIMIT,
    Json,
    Rendered,
    actions,
    button,
    context,
    header,
    modal,
    section,
)
from bot.views.text import cut, escape, escape_line, line, pieces
from bot.views.words import DOT, SLASH, WIDE, moment_words

SENT_NOTE = "図を kaikaku との会話に送りました。"
NAMES = {
    Chart.PROGRESS: "日ごとの入力",
    Chart.SECTIONS: "課ごと",
    Chart.YEARS: "前の年度との比較",
    Chart.UNITS: "区ごと",
}
NO_SECTION = "課・担当が未設定"
REST = "その他"

_NOTHING = "まだ数がありません。"
_SEND = "図を受け取る"
_PIECE = 2900
_LABEL = 16  # characters
_NO_ROUND = "振り返りなし"
_POINTS = 8  # days that are told in words; the picture shows them all


@dataclass(frozen=True)
class Charts:
    """The pictures of a round or of all units. ``value`` is what their buttons carry."""

    title: str
    value: str
    figures: tuple[Figure, ...]
    now: datetime
    publishes: RoundDates | None = None


def build_charts(charts: Charts, *, note: str = "") -> Json:
    """Every picture in words, each with its button."""
    blocks = [section(escape(note))] if note else []
    blocks.append(header(charts.title))
    for figure in charts.figures:
        blocks += _figure(charts, figure)
    if not charts.figures:
        blocks.append(section(_NOTHING))
    blocks.append(context(_small_print(charts)))
    return modal("図で見る", blocks, callback_id=NOTICE_ONLY)


def render_table(charts: Charts) -> Rendered:
    """All units as a table, in official order, in a message that one person sees."""
    blocks = [header(charts.title)]
    for figure in charts.figures:
        blocks.append(_table(figure))
        blocks.append(actions(_button(charts, figure)))
    if not charts.figures:
        blocks.append(section(_NOTHING))
    blocks.append(context(_small_print(charts), "図は、あなたと kaikaku との会話に届きます。"))
    return Rendered(escape_line(charts.title, NOTIFICATION_LIMIT), blocks)


def figure_text(figure: Figure) -> str:
    """The same as the picture, in plain words: one line a label, or a line of days."""
    if figure.is_empty:
        return _NOTHING
    lines = _over_days(figure) if figure.has_lines else _by_label(figure)
    return "\n".join(lines)


def alternative(figure: Figure) -> str:
    """What a screen reader says in place of the picture."""
    return f"{figure.title} {figure.subtitle}\n{figure_text(figure)}"


def label_of(name: str) -> str:
    """A section or unit beside its bar: on one line, and not too long for the picture."""
    return cut(line(name), _LABEL)


def comment_of(figure: Figure, most: int) -> str:
    """The same as mrkdwn, for the message in which the picture stands."""
    return escape(alternative(figure), most)


def _figure(charts: Charts, figure: Figure) -> Iterator[Json]:
    first, *rest = pieces(figure_text(figure), _PIECE)
    head = f"*{NAMES[figure.chart]}*{WIDE}{escape_line(figure.subtitle, 200)}"
    yield section(head, None if figure.is_empty else _button(charts, figure))
    yield section(first)
    yield from (section(piece) for piece in rest)


def _button(charts: Charts, figure: Figure) -> Json:
    says = f"{NAMES[figure.chart]}の{_SEND}"
    return button(_SEND, f"{CHART_SEND}:{figure.chart}", charts.value, says=says)


def _by_label(figure: Figure) -> Iterator[str]:
    for row, label in enumerate(figure.labels):
        values = [(each.name, each.values[row]) for each in figure.series]
        if all(value is None for _, value in values):
            yield f"{label}：{_NO_ROUND}"
        else:
            counted = DOT.join(f"{name} {value or 0}" for name, value in values)
            yield f"{label}：{counted}(計{sum(value or 0 for _, value in values)})"


def _over_days(figure: Figure) -> Iterator[str]:
    """Some days, the due date and the newest among them, evenly spread."""
    last = len(figure.labels) - 1
    step = max(1, -(-last // (_POINTS - 1)))
    due = [] if figure.marked is None else [figure.marked]
    shown = sorted({*range(0, last, step), *due, last})
    whole = f"(全{figure.total}件)" if figure.total else ""
    for series in figure.series:
        told = [f"{figure.labels[n]} {series.values[n]}件" for n in shown]
        yield f"{series.name}{whole}：{'、'.join(told)}"
    if figure.mark:
        yield figure.mark


def _table(figure: Figure) -> Json:
    names = ["区", *(each.name for each in figure.series), "計"]
    rows = [[_cell(name) for name in names]]
    for row, label in enumerate(figure.labels):
        values = [each.values[row] for each in figure.series]
        nothing = all(value is None for value in values)
        cells = ["—" if value is None else str(value) for value in values]
        whole = "—" if nothing else str(sum(value or 0 for value in values))
        rows.append([_cell(text) for text in (label, *cells, whole)])
    aligned: Sequence[Json] = [{"align": "right"} for _ in names[1:]]
    return {"type": "table", "rows": rows, "column_settings": [{"align": "left"}, *aligned]}


def _cell(text: str) -> Json:
    return {"type": "raw_text", "text": text}


def _small_print(charts: Charts) -> str:
    dates = charts.publishes
    unpublished = dates is not None and japanese_date(charts.now) < dates.publishes
    said = [f"{moment_words(charts.now)} 現在", "あなただけに見えています"]
    return SLASH.join([*said, *(["公表前の内容です"] if unpublished else [])])
