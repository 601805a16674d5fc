"""The child process that draws: a figure in JSON on stdin, the PNG's bytes on stdout."""

from __future__ import annotations

import sys

from bot.sheets.charts import decode, draw


def main() -> None:
    """Answer one request and end."""
    sys.stdout.buffer.write(draw(decode(sys.stdin.buffer.read())))


if __name__ == "__main__":
    main()
