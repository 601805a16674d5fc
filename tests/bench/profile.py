"""Where the time of a row goes: calls and seconds for each deed, by library and by function.

The profiler slows small Python functions down more than large ones: read shares, and count calls.
"""

from __future__ import annotations

import pstats
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from tests.bench.bench import Bench
from tests.bench.load import Deed, perform
from tests.bench.processes import Child
from tests.bench.rows.delivery import MORNING, deliver, letters_due
from tests.bench.rows.growth import on_both
from tests.bench.rows.interactions import AT_ONCE, WRITERS, city_at_work

PROFILES = ("open", "command", "answer", "status", "sweep", "letters")

_MOST = 25
_OURS = ("bot", "handlers", "schedules", "storage")
_HOUSE = Path(__file__).parents[2]
_INSTALLED = "site-packages"
# What cProfile tells of a function: (file, line, name) -> (…, calls, own, cumulative, callers)
Place = tuple[str, int, str]
Stats = dict[Place, tuple[int, int, float, float, Any]]


async def profile(bench: Bench, row: str) -> str:
    """A report on one of ``PROFILES``."""
    match row:
        case "letters":
            return await _of_letters(bench)
        case "status" | "sweep":
            return await _of_growth(bench, row)
        case _:
            return await _of_deeds(bench, row)


async def _of_deeds(bench: Bench, row: str) -> str:
    async with city_at_work(bench) as at:
        child, people, items = at.child, at.people, at.items

        def deeds() -> list[Deed]:
            match row:
                case "open":
                    return [people.opens(item) for item in items]
                case "answer":
                    return [people.submits(item) for item in items]
                case _:
                    return [people.asks(item.user_id, "自分") for item in items]

        for _ in range(2):  # the second time everything is warm; a form is in front of everyone
            await perform(child, [people.opens(item) for item in items], at_once=AT_ONCE)
        if row == "answer":
            await perform(child, deeds(), at_once=WRITERS)
            await perform(child, [people.opens(item) for item in items], at_once=AT_ONCE)
        at_once = WRITERS if row == "answer" else AT_ONCE
        async with _profiled(bench, child) as stats:
            await perform(child, deeds(), at_once=at_once)
        return report(stats, len(items))


async def _of_growth(bench: Bench, row: str) -> str:
    async with on_both(bench) as (_, (child, people), ward):
        times = 10
        for _ in range(2):
            async with _profiled(bench, child) as stats:
                if row == "sweep":
                    await child.ask("sweep", times=times)
                else:
                    asked = [people.asks(ward.manager, f"状況 {ward.name}") for _ in range(times)]
                    await perform(child, asked, at_once=1)
        return report(stats, times)


async def _of_letters(bench: Bench) -> str:
    url = await letters_due(bench)
    async with bench.bot(url, at=MORNING) as (child, _):
        await deliver(url, child)
        before = bench.slack.calls["chat.postMessage"]
        async with _profiled(bench, child) as stats:
            await deliver(url, child)
        return report(stats, bench.slack.calls["chat.postMessage"] - before)


@asynccontextmanager
async def _profiled(bench: Bench, child: Child) -> AsyncIterator[Stats]:
    """What is done in here, as the profiler of the child has seen it; filled at the end."""
    stats: Stats = {}
    await child.ask("profile")
    yield stats
    path = str(bench.folder / "profile.stats")
    await child.ask("profiled", path=path)
    stats.update(pstats.Stats(path).stats)  # type: ignore[attr-defined]  # it is, undeclared


def report(stats: Stats, deeds: int) -> str:
    """The profile of so many deeds, each figure for one of them."""
    total = sum(own for _, _, own, _, _ in stats.values())
    return "\n".join(
        [
            f"{deeds} deeds, {total / deeds * 1000:.2f} ms each under the profiler",
            *("", "own time by library"),
            *_by_library(stats, deeds, total),
            *("", "own time by function"),
            *_functions(sorted(stats.items(), key=lambda each: -each[1][2])[:_MOST], deeds),
            *("", "ours, with what they call"),
            *_functions(_ours(stats)[:_MOST], deeds),
        ]
    )


def _by_library(stats: Stats, deeds: int, total: float) -> list[str]:
    seconds: Counter[str] = Counter()
    calls: Counter[str] = Counter()
    for place, (_, called, own, _, _) in stats.items():
        seconds[_library(place)] += own  # type: ignore[assignment]  # Counter adds floats as well
        calls[_library(place)] += called
    return [
        f"{own / deeds * 1000:8.3f} ms {own / total:4.0%} {calls[name] / deeds:9.1f} calls  {name}"
        for name, own in seconds.most_common(_MOST)
    ]


def _functions(
    found: Sequence[tuple[Place, tuple[int, int, float, float, Any]]], deeds: int
) -> list[str]:
    return [
        f"{own / deeds * 1000:8.3f} ms own {whole / deeds * 1000:8.3f} ms whole"
        f" {called / deeds:8.1f} calls  {_named(place)}"
        for place, (_, called, own, whole, _) in found
    ]


def _ours(stats: Stats) -> list[tuple[Place, tuple[int, int, float, float, Any]]]:
    mine = [(place, figures) for place, figures in stats.items() if _library(place) in _OURS]
    return sorted(mine, key=lambda each: -each[1][3])


def _library(place: Place) -> str:
    file = Path(place[0])
    if file.is_relative_to(_HOUSE) and _INSTALLED not in file.parts:
        return file.relative_to(_HOUSE).parts[0]
    if _INSTALLED in file.parts:
        return file.parts[file.parts.index(_INSTALLED) + 1].removesuffix(".py")
    return "python, in C" if place[0] == "~" else "python"


def _named(place: Place) -> str:
    file, line, name = place
    return name if file == "~" else f"{'/'.join(Path(file).parts[-3:])}:{line} {name}"
