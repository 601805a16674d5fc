"""Pictures as PNG, made in a child process: the plotting library costs 40 MB for good.

Only shades of one blue, stripes and dots, so that a picture says the same on a grey printout and
to people who see colours otherwise; numbers stand in the bars.
"""

from __future__ import annotations

import io
import json
from dataclasses import asdict
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from bot.domain.charts import Chart, Figure, Series, Tone
from bot.domain.errors import KaikakuError
from bot.sheets.child import Failed, run

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Sheet
    from matplotlib.font_manager import FontProperties
    from matplotlib.ticker import MaxNLocator

_CHILD_TIMEOUT = 60.0  # seconds; a picture takes two
_WIDTH, _DPI = 9.0, 110  # inches, dots per inch: 990 dots are what a conversation shows
_LINES_HEIGHT = 4.8
_ROW_HEIGHT, _FRAME_HEIGHT = 0.42, 1.9
_INK, _FAINT = "#16324f", "#c9d3dc"
_LEAST_SHARE = 0.028  # a part narrower than this has no room for its number
_TICKS = 8

# Face, hatch and ink of each tone: their greys are far apart, and neighbours differ by pattern.
_LOOKS = {
    Tone.STRONG: ("#16324f", "", "#ffffff"),
    Tone.MIDDLE: ("#4f7fa6", "", "#ffffff"),
    Tone.LIGHT: ("#b9d3e6", "", "#16324f"),
    Tone.STRIPED: ("#e8eef3", "////", "#16324f"),
    Tone.DOTTED: ("#d5e2ec", "...", "#16324f"),
    Tone.BLANK: ("#ffffff", "", "#16324f"),
}
_LINE_STYLES = ("-", "--", ":")


class NotDrawn(KaikakuError):
    """The child process did not make the picture."""


async def draw_in_child(figure: Figure) -> bytes:
    """A PNG of the figure. Raises NotDrawn."""
    try:
        return await run("bot.sheets.chart_worker", encode(figure), _CHILD_TIMEOUT)
    except Failed:
        words = "図を作れませんでした。少し待って、もう一度お試しください。"
        raise NotDrawn(words) from None


def encode(figure: Figure) -> bytes:
    """The figure as the child reads it."""
    return json.dumps(asdict(figure)).encode()


def decode(request: bytes) -> Figure:
    """The figure that a request carries."""
    fields: dict[str, Any] = json.loads(request)
    series = tuple(
        Series(each["name"], Tone(each["tone"]), tuple(each["values"]))
        for each in fields.pop("series")
    )
    chart, labels = Chart(fields.pop("chart")), tuple(fields.pop("labels"))
    return Figure(chart=chart, labels=labels, series=series, **fields)


def draw(figure: Figure) -> bytes:
    """The bytes of the PNG; imports the plotting library for good."""
    from matplotlib import rc_context
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure as Sheet

    with rc_context({"text.parse_math": False}):  # 「$」 in a name is a character
        sheet = _sheet(figure, Sheet)
        out = io.BytesIO()
        FigureCanvasAgg(sheet)
        sheet.savefig(out, format="png", metadata={"Software": None})
    return out.getvalue()


def _sheet(figure: Figure, blank: type[Sheet]) -> Sheet:
    height = _LINES_HEIGHT if figure.has_lines else _FRAME_HEIGHT + _ROW_HEIGHT * len(figure.labels)
    sheet = blank(figsize=(_WIDTH, height), dpi=_DPI, facecolor="white", layout="constrained")
    axes = sheet.add_subplot()
    _frame(axes)
    _lines(axes, figure) if figure.has_lines else _bars(axes, figure)
    sheet.suptitle(figure.title, x=0.01, ha="left", fontproperties=_font(15), color=_INK)
    axes.set_title(figure.subtitle, loc="left", fontproperties=_font(10), color=_INK)
    return sheet


def _frame(axes: Axes) -> None:
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        axes.spines[side].set_color(_FAINT)
    axes.tick_params(colors=_INK, length=0)
    axes.set_axisbelow(True)


def _bars(axes: Axes, figure: Figure) -> None:
    """One bar a label, the first on top, its parts one after the other with their numbers."""
    places = range(len(figure.labels))
    sums = [sum(each.values[row] or 0 for each in figure.series) for row in places]
    longest = max([*sums, 1])
    starts = [0] * len(figure.labels)
    for series in figure.series:
        face, hatch, ink = _LOOKS[series.tone]
        values = [value or 0 for value in series.values]
        axes.barh(
            places,
            values,
            left=starts,
            height=0.72,
            label=series.name,
            facecolor=face,
            hatch=hatch,
            edgecolor=_INK,
            linewidth=0.6,
        )
        for row, value in enumerate(values):
            if value and value / longest >= _LEAST_SHARE:
                _number(axes, starts[row] + value / 2, row, value, ink, boxed=bool(hatch))
        starts = [start + value for start, value in zip(starts, values, strict=True)]
    for row in places:
        nothing = all(each.values[row] is None for each in figure.series)
        words = " 振り返りなし" if nothing else f" 計{sums[row]}"
        axes.text(sums[row], row, words, va="center", fontproperties=_font(9), color=_INK)
    axes.set_yticks(places, figure.labels, fontproperties=_font(10))
    axes.set_xlim(0, longest * 1.1)
    axes.set_ylim(len(figure.labels) - 0.4, -0.6)
    axes.xaxis.set_major_locator(_whole_numbers())
    _tick_font(axes)
    _legend(axes, figure)


def _number(axes: Axes, x: float, row: int, value: int, ink: str, *, boxed: bool) -> None:
    box = {"boxstyle": "square,pad=0.12", "fc": "white", "ec": "none"} if boxed else None
    axes.text(
        x,
        row,
        str(value),
        ha="center",
        va="center",
        fontproperties=_font(9),
        color=ink,
        bbox=box,
    )


def _lines(axes: Axes, figure: Figure) -> None:
    """A step a day; the whole as a thin line above, the due date as one across."""
    places = range(len(figure.labels))
    for series, style in zip(figure.series, _LINE_STYLES, strict=False):
        face = _LOOKS[series.tone][0]
        values = [value or 0 for value in series.values]
        axes.plot(
            places,
            values,
            linestyle=style,
            color=face,
            linewidth=2.4,
            label=series.name,
            drawstyle="steps-post",
        )
        axes.text(
            len(values) - 1, values[-1], f" {values[-1]}", fontproperties=_font(11), color=face
        )
    top = max([figure.total or 0, *(v or 0 for s in figure.series for v in s.values), 1])
    if figure.total:
        axes.axhline(figure.total, color=_FAINT, linewidth=1.2)
        axes.text(0, figure.total, f"全{figure.total}件", va="bottom", fontproperties=_font(9))
    if figure.marked is not None:
        axes.axvline(figure.marked, color=_INK, linewidth=1, linestyle=(0, (1, 2)))
        box = {"fc": "white", "ec": "none", "pad": 1.5}
        place = (figure.marked, top * 1.08)
        axes.text(*place, figure.mark, ha="center", fontproperties=_font(9), bbox=box)
    every = max(1, len(figure.labels) // _TICKS)
    shown = list(places)[::every]
    axes.set_xticks(shown, [figure.labels[n] for n in shown], fontproperties=_font(9))
    axes.set_xlim(-0.2, max(len(figure.labels) - 1, 1) * 1.04)
    axes.set_ylim(0, top * 1.18)
    axes.yaxis.set_major_locator(_whole_numbers())
    axes.grid(axis="y", color=_FAINT, linewidth=0.5)
    _tick_font(axes)
    _legend(axes, figure)


def _legend(axes: Axes, figure: Figure) -> None:
    axes.legend(
        loc="upper center",
        bbox_to_anchor=(0.5, -0.08 if figure.has_lines else -0.35 / max(len(figure.labels), 1)),
        ncols=len(figure.series),
        frameon=False,
        prop=_font(10),
        labelcolor=_INK,
    )


def _tick_font(axes: Axes) -> None:
    for label in (*axes.get_xticklabels(), *axes.get_yticklabels()):
        label.set_fontproperties(_font(float(label.get_fontsize())))


def _whole_numbers() -> MaxNLocator:
    from matplotlib.ticker import MaxNLocator

    return MaxNLocator(integer=True)


@cache
def _font(size: float) -> FontProperties:
    """IPAex Gothic, which a package brings: servers have no Japanese font."""
    from matplotlib.font_manager import FontProperties

    path = resources.files("matplotlib_fontja") / "fonts" / "ipaexg.ttf"
    return FontProperties(fname=str(path), size=size)
