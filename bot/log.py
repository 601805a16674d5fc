"""Log lines: a sentence, a stable ``action`` key and ids; never answers, names or addresses."""

from __future__ import annotations

import json
import logging
import re
import sys
import traceback
from datetime import UTC, datetime
from types import TracebackType
from typing import TextIO

_NO_HTTP = "aiohttp.http_exceptions"
_OURS = ("bot", "handlers", "schedules", "storage")

# What libraries say of their work below these levels holds request bodies, tokens or SQL
# parameters: Bolt logs the whole body of a wrongly signed request at INFO.
_THEIRS = {
    "slack_bolt": logging.CRITICAL,
    "slack_sdk": logging.WARNING,
    # These ask for their own level and not their parents', and for want of one they put together
    # what they would say of each call, its whole body included: a third of what a call costs.
    "slack_sdk.web.async_base_client": logging.WARNING,
    "slack_sdk.webhook.async_client": logging.WARNING,
    "apscheduler": logging.ERROR,
    "sqlalchemy": logging.WARNING,
    "aiohttp": logging.WARNING,
    "asyncio": logging.WARNING,
}

# The ids that a line may carry; anything else attached to a record stays out.
_IDS = ("action", "letter", "kind", "reason", "attempts", "job", "round", "item", "error", "mode")

_TOKEN = re.compile(r"\b(xox[a-z]*|xapp|xoxe\.xox[a-z])-[A-Za-z0-9-]+")
# In an address: who logs in to a proxy or a database, and what opens a WebSocket at Slack.
_LOGIN = re.compile(r"(?<=://)[^/\s]*@")
_TICKET = re.compile(r"\b(ticket=)[^&\s'\"]+")


def setup(level: str, stream: TextIO | None = None, *, form: str = "text") -> None:
    """Send lines to stderr (or ``stream``): ours from ``level``, libraries' when it matters.

    ``form`` is "text", or "json" for one JSON object a line.
    """
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonLines() if form == "json" else PlainLines())
    handler.addFilter(is_fit)
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


def is_fit(record: logging.LogRecord) -> bool:
    """Whether a line may be written, however low somebody has set the level of its logger."""
    name = record.name.partition(".")[0]
    # Anybody may send what is no HTTP, as often as they like: the server has refused it.
    if record.exc_info and type(record.exc_info[1]).__module__ == _NO_HTTP:
        return False
    return name in _OURS or record.levelno >= _THEIRS.get(name, logging.WARNING)


def mask(record: logging.LogRecord) -> bool:
    """The last line of defence: a token or a login in a sentence is blotted out."""
    text = record.getMessage()
    if (bare := _without_secrets(_without_error(record, text))) != text:
        record.msg, record.args = bare, ()
    return True


def _without_error(record: logging.LogRecord, text: str) -> str:
    """A library's sentence without an error's own words, which may quote what a person wrote.

    asyncio tells them below its first line, slack_sdk within it.
    """
    if record.name.partition(".")[0] in _OURS:
        return text
    error = record.exc_info[1] if record.exc_info else None
    told = text.replace(str(error), type(error).__name__) if error and str(error) else text
    return told.partition("\n")[0]


def _without_secrets(text: str) -> str:
    return _TICKET.sub(r"\1…", _LOGIN.sub("…@", _TOKEN.sub(r"\1-…", text)))


class PlainLines(logging.Formatter):
    """``2026-09-10T01:42:00Z INFO letter.sent Letter 3 is sent. letter=3``."""

    def format(self, record: logging.LogRecord) -> str:
        """One line, and under it where an error came from."""
        ids = " ".join(f"{name}={value}" for name, value in _ids(record).items())
        parts = (_at(record), record.levelname, _action(record), record.getMessage(), ids)
        line = " ".join(part for part in parts if part)
        if record.exc_info and record.exc_info[0]:
            line += "\n" + _where(record.exc_info[0], record.exc_info[2])
        return line


class JsonLines(logging.Formatter):
    """The same as one JSON object a line: time, level, action, message, the ids, and the error."""

    def format(self, record: logging.LogRecord) -> str:
        """One line, whatever happened."""
        values: dict[str, object] = {
            "time": _at(record),
            "level": record.levelname,
            "action": _action(record),
            "message": record.getMessage(),
            **_ids(record),
        }
        if record.exc_info and record.exc_info[0]:
            first, *places = _where(record.exc_info[0], record.exc_info[2]).splitlines()
            values["exception"] = first.strip()
            values["trace"] = [place.strip() for place in places]
        return json.dumps(values, ensure_ascii=False)


def _at(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _action(record: logging.LogRecord) -> str:
    return str(getattr(record, "action", None) or record.name)


def _ids(record: logging.LogRecord) -> dict[str, str | int]:
    found = {name: getattr(record, name, None) for name in _IDS if name != "action"}
    return {
        name: value if isinstance(value, int) else _bare(value)
        for name, value in found.items()
        if value
    }


def _where(kind: type[BaseException], trace: TracebackType | None) -> str:
    """An error's type and place. Its own words may quote what a person wrote, and stay out."""
    frames = traceback.extract_tb(trace)
    places = [f"  {frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
    return "\n".join([f"  {kind.__module__}.{kind.__qualname__}", *places])


def _bare(value: object) -> str:
    return re.sub(r"\s+", "_", _without_secrets(str(value)))
