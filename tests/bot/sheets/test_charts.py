"""Pictures: drawn in a child process, with a font that is there, whatever the names are."""

from __future__ import annotations

import struct
import subprocess
import sys
from base64 import b64decode

import pytest

from bot.domain.charts import Chart, Figure, Series, Tone
from bot.sheets.charts import NotDrawn, decode, draw_in_child, encode
from bot.sheets.child import Failed, run

BARS = Figure(
    Chart.SECTIONS,
    "あおぞら区　令和8年度 中間振り返り",
    "目標の達成見込み　課ごとの件数",
    ("保健福祉課", "市民協働課"),
    (
        Series("①", Tone.LIGHT, (3, 0)),
        Series("②", Tone.STRONG, (1, None)),
        Series("未入力", Tone.BLANK, (0, 2)),
    ),
)
LINES = Figure(
    Chart.PROGRESS,
    "あおぞら区",
    "累計",
    ("9/1", "9/2", "9/3"),
    (Series("入力済", Tone.STRONG, (0, 1, 3)), Series("確認済", Tone.MIDDLE, (0, 0, 1))),
    total=3,
    marked=1,
    mark="入力期限 9/2",
)


def size(png: bytes) -> tuple[int, int]:
    """Width and height, from the first chunk."""
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", png[16:24])
    return width, height


NAMES = ("$x^{2}$", "_下線", "課\n課", "😀課", "", "\\frac")
BESIDE_A_BAR = [
    Figure(Chart.SECTIONS, name, name, (name,), (Series(name, Tone.STRIPED, (1,)),))
    for name in NAMES
]
WARDS = tuple(f"{n}区" for n in range(24))
UNITS = Figure(Chart.UNITS, "全区", "件数", WARDS, (Series("未入力", Tone.BLANK, (1,) * 24),))
NOTHING = Figure(Chart.SECTIONS, "区", "", ("課",), (Series("①", Tone.LIGHT, (None,)),))

DRAW_ALL = """
import base64, json, sys
from bot.sheets.charts import decode, draw
for line in sys.stdin:
    print(base64.b64encode(draw(decode(line.encode()))).decode())
"""


@pytest.fixture(scope="module")
def pictures() -> dict[Figure, bytes]:
    """All of them, drawn by one process: what takes long is to load the library."""
    figures = [BARS, LINES, UNITS, NOTHING, *BESIDE_A_BAR]
    ended = subprocess.run(
        [sys.executable, "-c", DRAW_ALL],
        input=b"\n".join(map(encode, figures)),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        check=True,
    )
    return dict(zip(figures, map(b64decode, ended.stdout.split()), strict=True))


@pytest.mark.parametrize("figure", [BARS, LINES])
async def test_the_same_figure_is_the_same_picture(
    figure: Figure, pictures: dict[Figure, bytes]
) -> None:
    first, second = pictures[figure], await draw_in_child(figure)

    assert first == second
    assert size(first)[0] == 990


def test_a_picture_grows_with_its_rows(pictures: dict[Figure, bytes]) -> None:
    assert size(pictures[UNITS])[1] > 1000 > size(pictures[BARS])[1]


@pytest.mark.parametrize("odd", BESIDE_A_BAR, ids=NAMES)
def test_any_name_can_stand_beside_a_bar(odd: Figure, pictures: dict[Figure, bytes]) -> None:
    assert size(pictures[odd])[0] == 990


def test_a_picture_of_nothing_is_still_one(pictures: dict[Figure, bytes]) -> None:
    assert size(pictures[NOTHING])[0] == 990


def test_what_the_child_reads_is_what_was_sent() -> None:
    assert [decode(encode(each)) for each in (BARS, LINES)] == [BARS, LINES]


async def test_a_child_that_can_not_draw_is_said_in_a_sentence() -> None:
    with pytest.raises(Failed):
        await run("bot.sheets.chart_worker", b"{", 30)
    broken = Figure(Chart.UNITS, "区", "", ("課",), (Series("①", Tone.LIGHT, (1, 2, 3)),))
    with pytest.raises(NotDrawn) as refused:
        await draw_in_child(broken)
    assert "もう一度" in refused.value.message
