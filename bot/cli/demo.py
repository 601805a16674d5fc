"""`kaikaku demo`: the whole of kaikaku in a browser, with a ward that does not exist.

A stand-in for Slack and the real bot run as two processes on loopback, on a fresh database; a
signal ends both. The one line on stdout is the page's address.
"""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import webbrowser
from argparse import Namespace
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import FrameType

from bot.cli.arguments import Subparsers
from bot.domain.errors import Refused

PORT = 8065


def register(nouns: Subparsers) -> None:
    """Add `demo`."""
    command = nouns.add_parser("demo", help="Slackなしで、練習用の区をブラウザーで試します")
    command.add_argument(
        "--port", type=int, default=PORT, help=f"画面のポート番号(既定は{PORT}、0なら空き番号)"
    )
    command.add_argument("--no-browser", action="store_true", help="ブラウザーを開きません")
    command.set_defaults(run=_demo)


class _Ended(BaseException):
    """No error: a signal asks for the end, wherever we are."""


def _demo(arguments: Namespace, environment: Mapping[str, str]) -> None:
    with _ending_on_signals(), ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="kaikaku-demo-"))
        _serve(stack, Path(folder), arguments, environment)


def _serve(
    stack: ExitStack, folder: Path, arguments: Namespace, environment: Mapping[str, str]
) -> None:
    from bot.cli.demo_processes import Processes, choose_port
    from bot.cli.demo_ward import open_ward

    processes = stack.enter_context(Processes(folder, environment).running())
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


@contextmanager
def _ending_on_signals() -> Iterator[None]:
    """Let SIGINT, SIGTERM and SIGHUP end the block in order, also where they were ignored before.

    A job that a shell starts in the background inherits SIGINT ignored.
    """
    caught = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

    def end(_number: int, _frame: FrameType | None) -> None:
        for each in caught:
            signal.signal(each, signal.SIG_IGN)
        raise _Ended

    before = {each: signal.signal(each, end) for each in caught}
    try:
        yield
    except _Ended:
        pass
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


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
