"""Memory after ten thousand interactions, and the time from the start until it is ready."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import aiohttp
from sqlalchemy import Connection

from tests.bench.bench import Bench
from tests.bench.city import store, wards
from tests.bench.load import perform
from tests.bench.processes import Child, start
from tests.bench.rows.interactions import WRITERS, CityAtWork, city_at_work
from tests.bench.table import Measured, Row
from tests.scenarios.processes import free_port

GROWN = Row("memory", "resident memory after 10,000 interactions", "just started", "MB", 1.15)
HELD = Row("memory-libs", "resident memory after 10,000 interactions", "import", "MB", 1.5)
START = Row("start", "start to ready, schema current", "import", "s", 2.5, 1.5)
START_CPU = Row("start-cpu", "CPU of the same", "import", "s")

_AT_ONCE = 10
_GLANCE = 0.003
_MB = 1_000_000
_PATIENCE = 60
# The same libraries and nothing of ours; those that a Python without us can't import are left out.
_IMPORT = """
import importlib, json, sys
from pathlib import Path
for name in json.loads(Path(sys.argv[1]).read_text()):
    try:
        importlib.import_module(name)
    except ImportError:
        pass
print("imported", flush=True)
sys.stdin.read()
"""


async def measure_memory(bench: Bench) -> list[Measured]:
    """A third of what people do is opening, a third answering, a third asking."""
    async with city_at_work(bench) as at:
        at_start = at.child.resident() / _MB
        grown = await _live_on(at, bench.size.interactions)
        after = at.child.resident() / _MB
        libraries = await _libraries(bench, at.child)
    bare = await _import(bench, libraries)
    return [
        Measured(GROWN, (at_start,), (after,), note=_curve(grown)),
        Measured(HELD, (bare[2] / _MB,), (after,)),
    ]


def _curve(grown: Mapping[int, float]) -> str:
    """A quarter of the way: what is only warming up has grown by then, a leak goes on."""
    counts = sorted(grown)
    chosen = dict.fromkeys([counts[0], counts[len(counts) // 4], counts[len(counts) // 2]])
    return ", ".join(f"{grown[count]:.0f} MB after {count}" for count in chosen)


async def _live_on(at: CityAtWork, count: int) -> dict[int, float]:
    """The memory after so many interactions, each time round."""
    child, people, items = at.child, at.people, at.items
    done, grown = 0, dict[int, float]()
    while done < count:
        await perform(child, [people.opens(item) for item in items], at_once=_AT_ONCE)
        await perform(child, [people.submits(item) for item in items], at_once=WRITERS)
        asking = [people.asks(item.user_id, "自分") for item in items]
        await perform(child, asking, at_once=_AT_ONCE)
        done += 3 * len(items)
        grown[done] = child.resident() / _MB
    return grown


async def measure_start(bench: Bench) -> list[Measured]:
    """`kaikaku run` from its spawn until /healthz says it is ready; a bare import beside it."""
    async with city_at_work(bench) as at:
        libraries = await _libraries(bench, at.child)
    city = wards(bench.size.wards)

    def fill(connection: Connection) -> None:
        store(connection, city)

    url = bench.databases.copy("city", fill)
    taken = [
        (await _import(bench, libraries), await _start(bench, url))
        for _ in range(bench.size.starts + 1)
    ][1:]
    return [
        Measured(START, tuple(bare[0] for bare, _ in taken), tuple(ours[0] for _, ours in taken)),
        Measured(START_CPU, tuple(b[1] for b, _ in taken), tuple(ours[1] for _, ours in taken)),
    ]


async def _libraries(bench: Bench, child: Child) -> Path:
    """A file with the names of all modules, not ours, that the bot has loaded."""
    told = await child.ask("modules")
    path = bench.folder / "modules.json"
    path.write_text(json.dumps(told["names"]), encoding="utf-8")
    return path


async def _import(bench: Bench, libraries: Path) -> tuple[float, float, int]:
    """Seconds, CPU seconds and bytes of a Python that imports these and does nothing."""
    command = [sys.executable, "-c", _IMPORT, str(libraries)]
    began = time.perf_counter()
    process = await start(command, core=bench.core, env={}, log=bench.folder / "import.log")
    assert process.stdin
    assert process.stdout
    await process.stdout.readline()
    child = Child(process, bench.folder / "import.log", {})
    took = time.perf_counter() - began, child.cpu(), child.resident()
    process.stdin.close()
    await process.wait()
    return took


async def _start(bench: Bench, url: str) -> tuple[float, float]:
    """Seconds and CPU seconds of `kaikaku run` until it is ready."""
    port, log = free_port(), bench.folder / "start.log"
    env = {**bench.slack.settings(url), "PORT": str(port)}
    began = time.perf_counter()
    command = [sys.executable, "-m", "bot", "run"]
    process = await start(command, core=bench.core, env=env, log=log)
    try:
        await _ready(f"http://127.0.0.1:{port}/healthz")
        return time.perf_counter() - began, Child(process, log, {}).cpu()
    finally:
        process.terminate()
        await process.wait()


async def _ready(address: str) -> None:
    async with aiohttp.ClientSession() as session, asyncio.timeout(_PATIENCE):
        while True:
            try:
                async with session.get(address) as answer:
                    if answer.status == 200 and (await answer.json())["ready"]:
                        return
            except aiohttp.ClientConnectionError:
                await asyncio.sleep(_GLANCE)
