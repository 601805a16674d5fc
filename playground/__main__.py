"""`python -m playground --port N`: the stand-in as a process, driven under `/_playground/`."""

from __future__ import annotations

import argparse
import asyncio
import signal

from playground.control import Control
from playground.server import LOOPBACK
from playground.stand_in import SlackStandIn


def main() -> None:
    """Serve until SIGINT or SIGTERM."""
    parser = argparse.ArgumentParser(prog="python -m playground", description=__doc__)
    parser.add_argument("--host", default=LOOPBACK, help="127.0.0.1, and no other")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    options = parser.parse_args()
    try:
        slack = SlackStandIn(host=options.host, port=options.port)
    except ValueError as refusal:
        parser.error(str(refusal))
    asyncio.run(serve(slack))


async def serve(slack: SlackStandIn) -> None:
    """Serve until told to stop; prints one line with the address once it listens."""
    Control(slack).attach()
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    # Also where SIGINT was inherited as ignored, as under a shell's background job.
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    async with slack:
        print(slack.base_url, flush=True)
        await stop.wait()
        slack.unknown_calls.clear()


if __name__ == "__main__":
    main()
