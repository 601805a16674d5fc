"""`kaikaku demo`: the whole of kaikaku in a browser, with a ward that does not exist.

A stand-in for Slack and the real bot run as two processes on loopback, on a fresh database; a
signal ends both. The one line on stdout is the page's address.
"""

from __future__ import annotations

import os
import sys
import tempfile
import webbrowser
from argparse import Namespace
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from bot.cli.arguments import Subparsers
from bot.domain.errors import Refused

if TYPE_CHECKING:
    from bot.cli.demo_signals import Signals

PORT = 8065


def register(nouns: Subparsers) -> None:
    """Add `demo`."""
    command = nouns.add_parser("demo", help="Slackなしで、練習用の区をブラウザーで試します")
    command.add_argument(
        "--port", type=int, default=PORT, help=f"画面のポート番号(既定は{PORT}、0なら空き番号)"
    )
    command.add_argument("--no-browser", action="store_true", help="ブラウザーを開きません")
    command.set_defaults(run=_demo)


def _demo(arguments: Namespace, environment: Mapping[str, str]) -> None:
    from bot.cli.demo_signals import Signals

    signals = Signals()
    with signals.ending(), ExitStack() as stack:
        with signals.held():
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="kaikaku-demo-"))
        _serve(stack, signals, Path(folder), arguments, environment)


def _serve(
    stack: ExitStack,
    signals: Signals,
    folder: Path,
    arguments: Namespace,
    environment: Mapping[str, str],
) -> None:
    from bot.cli.demo_processes import Processes, choose_port
    from bot.cli.demo_ward import open_ward

    processes = stack.enter_context(Processes(folder, environment, signals.held).running())
    port = choose_port(arguments.port)
    if arguments.port not in (0, port):
        _say(f"{arguments.port}番ポートは使われているので、{port}番で開きます。")
    _say(f"練習用の区を準備しています(記録は {folder})。1分ほどかかることがあります。")
    page = open_ward(processes, port)
    print(page, flush=True)
    _say("上のアドレスをブラウザーで開いてください。終わるときは Ctrl-C を押します。")
    if not arguments.no_browser and _has_display(environment):
        webbrowser.open(page)
    ended = processes.wait()
    raise Refused(f"{ended} が途中で終わったので、練習を終わります。")


def _has_display(environment: Mapping[str, str]) -> bool:
    if sys.platform != "linux":
        return True
    return bool(environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY"))


def _say(words: str) -> None:
    """On stderr: stdout holds the address alone. A closed stderr is no reason to stop."""
    try:
        print(words, file=sys.stderr, flush=True)
    except OSError:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115
