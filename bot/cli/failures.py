"""What is said on stderr when a command is refused: a readable line, then one line a fault."""

from __future__ import annotations

import sys

from bot.domain.errors import InvalidAnswers, KaikakuError, NotSaved, Refused

# The words of NotSaved itself are for a person before a modal.
_NOT_SAVED = (
    "データベースを使えませんでした。何も登録していません。"
    "動いているか、ほかの処理が終わっているかを確かめて、もう一度実行してください。"
)


def report(error: KaikakuError) -> None:
    """Write the refusal; nothing goes to stdout."""
    for line in _lines(error):
        print(line, file=sys.stderr)


def _lines(error: KaikakuError) -> list[str]:
    if isinstance(error, NotSaved):
        return [_NOT_SAVED]
    if isinstance(error, Refused):
        return [error.message, *(_one_line(fault) for fault in error.faults)]
    if isinstance(error, InvalidAnswers):
        return [error.message, *(_one_line(fault) for fault in error.faults.values())]
    return [error.message]


def _one_line(text: str) -> str:
    return " ".join(text.split("\n"))
