"""The child process that makes a file: a request in JSON on stdin, the file's bytes on stdout."""

from __future__ import annotations

import json
import sys
from typing import Any

from bot.sheets.export import ExportFormat, ExportTable, write


def main() -> None:
    """Answer one request and end."""
    request = json.load(sys.stdin)
    sys.stdout.buffer.write(write(table_of(request["table"]), ExportFormat(request["format"])))


def table_of(fields: dict[str, Any]) -> ExportTable:
    """The table that a request carries."""
    return ExportTable(
        title=fields["title"],
        headers=tuple(fields["headers"]),
        rows=tuple(tuple(row) for row in fields["rows"]),
        record=fields["record"],
    )


if __name__ == "__main__":
    main()
