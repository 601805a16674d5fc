"""The command `kaikaku`, one module a noun; here is its outermost edge.

Errors become a readable line on stderr and an exit code: 0 done, 1 refused, 2 wrong usage.
"""

from __future__ import annotations

import asyncio
import inspect
import os
import sys
from argparse import Namespace
from collections.abc import Mapping, Sequence
from pathlib import Path

from dotenv import dotenv_values

from bot.cli.arguments import parser
from bot.cli.failures import report
from bot.domain.errors import KaikakuError
from bot.route import TAKEN_BY_THE_SDK

DONE, REFUSED, INTERRUPTED = 0, 1, 130


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; the result is the exit code. Wrong usage ends the process with code 2.

    Settings come from the environment and, where it has none, from .env in the working directory.
    """
    arguments = parser().parse_args(argv)
    try:
        return _run(arguments, _environment())
    except KaikakuError as error:
        report(error)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output has had enough (| head); Python would complain when it flushes.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        if not error.filename:
            raise
        print(f"ファイルを読み書きできません：{error.filename}({error.strerror})", file=sys.stderr)
    return REFUSED


def _environment() -> Mapping[str, str]:
    file = {name: text or "" for name, text in dotenv_values(Path.cwd() / ".env").items()}
    found = {**file, **os.environ}
    for name in TAKEN_BY_THE_SDK:
        os.environ.pop(name, None)
    return found


def _run(arguments: Namespace, environment: Mapping[str, str]) -> int:
    """Each noun sets ``run``: called with the arguments and the environment; it may be awaited."""
    result = arguments.run(arguments, environment)
    if inspect.iscoroutine(result):
        result = asyncio.run(result)
    return result or DONE
