"""The official form of a ward of 145 items as a file: processor time and memory of its makers."""

from __future__ import annotations

import asyncio
import os
import resource
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bot.domain.documents import FormDocument, FormFormat
from bot.domain.plans import SheetAnswers
from bot.sheets.form_export import form_in_child
from tests.bench.bench import Bench
from tests.bench.table import Measured, Row
from tests.bot.sheets.form_documents import a_document, an_item, counted

# What the office waits for, and what a small server has to spare: limits, not floors.
_SECONDS, _MEGABYTES = 20.0, 300.0

ROWS = {
    each: (
        Row(f"form-{each.extension}", "CPU of 145 items, 2,000 characters each", "20 s", "s", 1.0),
        Row(f"form-{each.extension}-memory", "memory of the same", "300 MB", "MB", 1.0),
    )
    for each in FormFormat
}

_GLANCE = 0.1
_MB = 1_000_000


async def measure_documents(bench: Bench) -> list[Measured]:
    """Each format once; the child and LibreOffice together, as they share memory."""
    document = _ward()
    measured = []
    for each, (time, memory) in ROWS.items():
        before = _cpu()
        making = asyncio.create_task(form_in_child(document, each, timeout_seconds=600))
        most = await _most_memory(making)
        size = f"{len(making.result()) / _MB:.1f} MB"
        measured.append(Measured(time, (_SECONDS,), (_cpu() - before,), note=size))
        measured.append(Measured(memory, (_MEGABYTES,), (most / _MB,)))
    return measured


def _ward() -> FormDocument:
    mid_year = {"implementation": "i", "attainment": "2", "issues": counted(20, "M")}
    year_end = {"results": counted(50, "R"), "attainment": "1"}
    answers = {"mid-year": SheetAnswers(mid_year), "year-end": SheetAnswers(year_end)}
    texts: dict[str, Any] = {"outline": counted(10), "activities": counted(30), "answers": answers}
    return a_document(*(an_item(n, **texts) for n in range(1, 146)), stage="year-end")


def _cpu() -> float:
    """Processor seconds of all processes that this one has started and that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


async def _most_memory(making: asyncio.Task[bytes]) -> int:
    most = 0
    while not making.done():
        most = max(most, sum(map(_held, _descendants(os.getpid()))))
        await asyncio.wait([making], timeout=_GLANCE)
    return most


def _descendants(pid: int) -> Iterator[int]:
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in _read(children).split():
            yield int(child)
            yield from _descendants(int(child))


def _held(pid: int) -> int:
    """Bytes of memory that a process holds; what several share counts in parts (Pss)."""
    for line in _read(Path(f"/proc/{pid}/smaps_rollup")).splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    return 0


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii")
    except OSError:  # it has ended meanwhile
        return ""
