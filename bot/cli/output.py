"""What a command prints on stdout: lines for people, or one JSON object."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping


def print_json(record: Mapping[str, object]) -> None:
    """One JSON object and nothing else; Japanese stays readable."""
    print(json.dumps(record, ensure_ascii=False, indent=2))


def print_lines(lines: Iterable[str]) -> None:
    """One line each."""
    for line in lines:
        print(line)


def print_warnings(warnings: Iterable[str]) -> None:
    """Warnings for people, on stderr so that they stay out of what is piped on."""
    for warning in warnings:
        print(f"注意：{warning}", file=sys.stderr)
