"""`python -m playground --port N`: the stand-in as a process, with the page at `/`."""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
from pathlib import Path

from playground.control import Control
from playground.page_api import PageApi
from playground.scene import Scene, read_scene
from playground.server import LOOPBACK
from playground.stand_in import SlackStandIn
from playground.travel import Travel


def main() -> int:
    """Serve until SIGINT or SIGTERM; 2 for wrong usage, 1 when the port is taken."""
    parser = _parser()
    options = parser.parse_args()
    try:
        slack = SlackStandIn(host=options.host, port=options.port)
        scene = read_scene(options.scene)
    except ValueError as refusal:
        parser.error(str(refusal))
    travel = Travel(
        slack.clock,
        slack.changes,
        file=options.clock_file,
        command=options.sweep,
        mornings=scene.mornings,
    )
    try:
        asyncio.run(serve(slack, scene, travel))
    except OSError as fault:
        print(fault.strerror, file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m playground", description=__doc__)
    parser.add_argument("--host", default=LOOPBACK, help="127.0.0.1, and no other")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--clock-file", type=Path, help="holds the clock's offset in seconds")
    parser.add_argument("--sweep", default="", help="run with --at INSTANT when time has moved")
    parser.add_argument("--scene", type=Path, help="who is who, and where the clock can go")
    return parser


async def serve(slack: SlackStandIn, scene: Scene, travel: Travel) -> None:
    """Serve until told to stop; prints one line with the address once it listens."""
    Control(slack).attach()
    PageApi(slack, scene=scene, travel=travel).attach()
    travel.resume()
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    # Also where SIGINT was inherited as ignored, as under a shell's background job.
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    async with slack:
        print(slack.base_url, flush=True)
        await stop.wait()
        await travel.close()
        slack.unknown_calls.clear()


if __name__ == "__main__":
    sys.exit(main())
