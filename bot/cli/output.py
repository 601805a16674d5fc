"""What a command prints on stdout: lines for people, or one JSON object."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

from bot.views.words import day_words


def print_json(record: Mapping[str, object]) -> None:
    """One JSON object and nothing else; Japanese stays readable."""
    print(json.dumps(record, ensure_ascii=False, indent=2))


def print_lines(lines: Iterable[str]) -> None:
    """One line each."""
    for line in lines:
        print(line)


def write_out(content: bytes, output: Path | None) -> None:
    """A file: where --output says, else on stdout."""
    if output:
        output.write_bytes(content)
        return
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()


def pause_words(until: date, *, unit: str = "") -> str:
    """That letters rest until a Japanese date; about a unit, also what follows (wording 5)."""
    if not unit:
        return f"お知らせを{day_words(until)}まで止めています"
    return (
        f"{unit}へのお知らせを{day_words(until)}まで止めました。"
        "再開後に、たまった分をまとめて送ることはありません。"
    )


def print_warnings(warnings: Iterable[str]) -> None:
    """Warnings for people, on stderr so that they stay out of what is piped on."""
    for warning in warnings:
        print(f"注意：{warning}", file=sys.stderr)
