"""Log lines: a sentence, a stable ``action`` key and ids; never answers, names or addresses."""

from __future__ import annotations

import logging
import re
import sys
import traceback
from datetime import UTC, datetime
from types import TracebackType
from typing import TextIO

_OURS = ("bot", "handlers", "schedules", "storage")

# What libraries say of their work below these levels holds request bodies, tokens or SQL
# parameters: Bolt logs the whole body of a wrongly signed request at INFO.
_THEIRS = {
    "slack_bolt": logging.CRITICAL,
    "slack_sdk": logging.WARNING,
    "apscheduler": logging.ERROR,
    "sqlalchemy": logging.WARNING,
    "aiosqlite": logging.WARNING,
    "aiohttp": logging.WARNING,
    "asyncio": logging.WARNING,
}

# The ids that a line may carry; anything else attached to a record stays out.
_IDS = ("action", "letter", "kind", "reason", "attempts", "job", "round", "item", "error", "mode")

_TOKEN = re.compile(r"\b(xox[a-z]*|xapp|xoxe\.xox[a-z])-[A-Za-z0-9-]+")


def setup(level: str, stream: TextIO | None = None) -> None:
    """Send lines to stderr (or ``stream``): ours from ``level``, libraries' when it matters."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(PlainLines())
    handler.addFilter(mask)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    for name in _OURS:
        logging.getLogger(name).setLevel(level)
    for name, lowest in _THEIRS.items():
        logging.getLogger(name).setLevel(lowest)


def bolt_logger() -> logging.Logger:
    """What Bolt makes its loggers from: it copies the level of this one and not of its parents."""
    logger = logging.getLogger("slack_bolt")
    logger.setLevel(_THEIRS["slack_bolt"])
    return logger


def mask(record: logging.LogRecord) -> bool:
    """The last line of defence: a token in a sentence is blotted out."""
    text = record.getMessage()
    if _TOKEN.search(text):
        record.msg, record.args = _TOKEN.sub(r"\1-…", text), ()
    return True


class PlainLines(logging.Formatter):
    """``2026-09-10T01:42:00Z INFO letter.sent Letter 3 is sent. letter=3``."""

    def format(self, record: logging.LogRecord) -> str:
        """One line, and under it where an error came from."""
        at = datetime.fromtimestamp(record.created, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        values = {name: getattr(record, name, None) for name in _IDS}
        action = values.pop("action") or record.name
        ids = " ".join(f"{name}={_bare(value)}" for name, value in values.items() if value)
        parts = (at, record.levelname, str(action), record.getMessage(), ids)
        line = " ".join(part for part in parts if part)
        if record.exc_info and record.exc_info[0]:
            line += "\n" + _where(record.exc_info[0], record.exc_info[2])
        return line


def _where(kind: type[BaseException], trace: TracebackType | None) -> str:
    """An error's type and place. Its own words may quote what a person wrote, and stay out."""
    frames = traceback.extract_tb(trace)
    places = [f"  {frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
    return "\n".join([f"  {kind.__module__}.{kind.__qualname__}", *places])


def _bare(value: object) -> str:
    return re.sub(r"\s+", "_", _TOKEN.sub(r"\1-…", str(value)))
