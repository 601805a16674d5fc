"""Moving the clock: morning by morning, with a sweep at each, and never backwards."""

from __future__ import annotations

import asyncio
import json
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from playground import SlackStandIn
from playground.page_api import PageApi
from playground.scene import read_scene
from playground.travel import TOKYO, Travel, legs

DAYS = (1, 2, 3, 4, 7)
MORNINGS = [datetime(2026, 9, day, 9, 30, tzinfo=TOKYO) for day in DAYS]
START = datetime(2026, 9, 1, 9, tzinfo=TOKYO)


@pytest.fixture
def noting(tmp_path: Path) -> str:
    """A sweep that only notes what it was asked, and what the clock file held."""
    script = tmp_path / "sweep.py"
    script.write_text(
        "import json, pathlib, sys\n"
        f"folder = pathlib.Path({str(tmp_path)!r})\n"
        "line = [sys.argv[1:], (folder / 'clock').read_text()]\n"
        "(folder / 'notes').open('a').write(json.dumps(line) + '\\n')\n",
        encoding="utf-8",
    )
    return f"{sys.executable} {script}"


def notes(folder: Path) -> list[tuple[list[str], float]]:
    lines = (folder / "notes").read_text(encoding="utf-8").splitlines()
    return [(words, float(offset)) for words, offset in map(json.loads, lines)]


def begin(slack: SlackStandIn, folder: Path, command: str = "") -> Travel:
    slack.clock.offset = START.timestamp() - (slack.clock.wall() - slack.clock.offset)
    return Travel(slack.clock, slack.changes, folder / "clock", command, MORNINGS)


async def arrive(slack: SlackStandIn, travel: Travel, target: datetime) -> None:
    travel.start(target)
    await slack.wait_until(lambda: travel.target is None, timeout=30)


async def test_each_morning_on_the_way_is_swept_in_order_at_its_own_time(
    slack: SlackStandIn, tmp_path: Path, noting: str
) -> None:
    travel = begin(slack, tmp_path, noting)

    await arrive(slack, travel, MORNINGS[2])

    swept = notes(tmp_path)
    assert [words for words, _ in swept] == [["--at", m.isoformat()] for m in MORNINGS[:3]]
    offsets = [offset for _, offset in swept]
    assert offsets == sorted(offsets)
    assert offsets[1] - offsets[0] == pytest.approx(86400, abs=5)
    assert abs(travel.now() - MORNINGS[2]) < timedelta(seconds=10)


async def test_a_target_that_is_no_morning_is_swept_too(
    slack: SlackStandIn, tmp_path: Path, noting: str
) -> None:
    travel = begin(slack, tmp_path, noting)
    afternoon = datetime(2026, 9, 2, 15, tzinfo=TOKYO)

    await arrive(slack, travel, afternoon)

    asked = [words[1] for words, _ in notes(tmp_path)]
    assert asked == [MORNINGS[0].isoformat(), MORNINGS[1].isoformat(), afternoon.isoformat()]


async def test_the_clock_does_not_go_back(slack: SlackStandIn, tmp_path: Path) -> None:
    travel = begin(slack, tmp_path)
    before = slack.clock.offset

    with pytest.raises(ValueError, match="戻せません"):
        travel.start(START - timedelta(days=1))

    assert slack.clock.offset == before


async def test_a_sweep_that_fails_is_told_and_the_clock_goes_on(
    slack: SlackStandIn, tmp_path: Path
) -> None:
    failing = f"{sys.executable} -c 'import sys; sys.exit(\"データベースがありません\")'"
    travel = begin(slack, tmp_path, failing)

    await arrive(slack, travel, MORNINGS[1])

    assert travel.error is not None
    assert "データベースがありません" in travel.error
    assert abs(travel.now() - MORNINGS[1]) < timedelta(seconds=10)


async def test_a_journey_under_way_can_be_ended(slack: SlackStandIn, tmp_path: Path) -> None:
    lasting = f"{sys.executable} -c 'import sys; sys.stdin.read(); import time; time.sleep(60)'"
    travel = begin(slack, tmp_path, lasting)
    travel.start(MORNINGS[0])
    await asyncio.sleep(0)

    await asyncio.wait_for(travel.close(), 10)

    assert travel.target is None


async def test_a_restart_takes_over_the_time_that_the_file_holds(
    slack: SlackStandIn, tmp_path: Path
) -> None:
    (tmp_path / "clock").write_text("3600.5", encoding="ascii")
    travel = Travel(slack.clock, slack.changes, tmp_path / "clock")

    travel.resume()

    assert slack.clock.offset == 3600.5


@pytest.mark.parametrize(("count", "sizes"), [(3, [1, 1, 1]), (5, [2, 2, 1]), (0, [])])
def test_a_long_journey_takes_several_mornings_with_one_command(
    count: int, sizes: list[int]
) -> None:
    assert [len(leg) for leg in legs(MORNINGS[:count], 3)] == sizes


async def asked(slack: SlackStandIn, path: str, body: Any = None) -> tuple[int, Any]:
    url = f"{slack.base_url}_playground/{path}"
    async with aiohttp.ClientSession() as session:
        call = session.get(url) if body is None else session.post(url, json=body)
        async with call as answer:
            return answer.status, await answer.json()


async def test_the_page_is_told_where_the_clock_can_go(tmp_path: Path) -> None:
    scene = tmp_path / "scene.json"
    due = [m.isoformat() for m in (MORNINGS[0], MORNINGS[3])]
    stops = {"入力期限へ": due, "過去へ": ["2026-08-01T09:30:00+09:00"]}
    mornings = [m.isoformat() for m in MORNINGS]
    scene.write_text(json.dumps({"stops": stops, "mornings": mornings}), encoding="utf-8")
    slack = SlackStandIn()
    travel = begin(slack, tmp_path)
    travel.clock.advance(3600)
    PageApi(slack, scene=read_scene(scene), travel=travel).attach()

    async with slack:
        _, screen = await asked(slack, "screen/-")
        refused = await asked(slack, "clock", {"to": "2026-08-01"})
        unreadable = await asked(slack, "clock", {"to": "あした"})

    assert screen["clock"]["stops"] == [
        {"label": "次の開庁日へ", "at": MORNINGS[1].isoformat()},
        {"label": "入力期限へ", "at": MORNINGS[3].isoformat()},
        {"label": "過去へ", "at": None},
    ]
    assert (refused[0], "戻せません" in refused[1]["error"]) == (409, True)
    assert (unreadable[0], unreadable[1]["error"]) == (409, "日付が読めません。")
