"""Answers out: one table as .csv, .xlsx or .json; the running bot has it made in a child process.

No cell can start a formula, and the same table always gives the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum

from bot.domain.errors import KaikakuError
from bot.sheets.child import Failed, run
from bot.sheets.tables import write_csv

Value = str | int | None

_CHILD_TIMEOUT = 60.0  # seconds; a ward of 145 initiatives takes two


class ExportFormat(StrEnum):
    """The formats of an export."""

    CSV = "csv"
    XLSX = "xlsx"
    JSON = "json"


@dataclass(frozen=True)
class ExportTable:
    """What is exported: headers and rows for people, ``record`` (one JSON object) for programs."""

    title: str
    headers: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]
    record: Mapping[str, object] = field(default_factory=dict)


class NotRendered(KaikakuError):
    """The child process did not make the file."""


def write(table: ExportTable, format: ExportFormat) -> bytes:  # noqa: A002 - the option's name
    """The bytes of the file. For .xlsx this imports openpyxl: see ``render_in_child``."""
    if format is ExportFormat.JSON:
        return (json.dumps(table.record, ensure_ascii=False, indent=2) + "\n").encode()
    if format is ExportFormat.CSV:
        return write_csv([table.headers, *table.rows])
    from bot.sheets.workbooks import write_workbook

    return write_workbook(table.headers, table.rows, title=table.title)


async def render_in_child(
    table: ExportTable,
    format: ExportFormat,  # noqa: A002
    *,
    timeout_seconds: float = _CHILD_TIMEOUT,
) -> bytes:
    """The same as ``write``, made in a short-lived process whose memory goes when it ends.

    Raises NotRendered when the child fails or takes longer than the time given.
    """
    request = json.dumps({"format": format.value, "table": asdict(table)}).encode()
    try:
        return await run("bot.sheets.worker", request, timeout_seconds)
    except Failed:
        words = "ファイルを作れませんでした。少し待って、もう一度お試しください。"
        raise NotRendered(words) from None
