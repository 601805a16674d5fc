"""`kaikaku demo` without its morning: the real stand-in and the real bot, and a ward of nobody."""

from __future__ import annotations

import sys

from bot import cli
from bot.cli import demo_ward
from bot.cli.demo_processes import LOOPBACK, Processes, choose_port


def open_ward(processes: Processes, port: int) -> str:
    """Start the two; nobody answers anything."""
    bots = choose_port(0)
    processes.settings.update(
        {
            "DATABASE_URL": f"sqlite:///{processes.folder / 'kaikaku.db'}",
            "SLACK_API_URL": f"http://{LOOPBACK}:{port}/api/",
            "SLACK_BOT_TOKEN": "xoxb-playground-bot",
            "SLACK_APP_TOKEN": "xapp-playground-app",
            "HOST": LOOPBACK,
            "PORT": str(bots),
        }
    )
    processes.start("playground", "playground", "--port", str(port))
    processes.wait_for_port("playground", port)
    processes.start("kaikaku", "bot", "run")
    processes.wait_for_port("kaikaku", bots)
    return f"http://{LOOPBACK}:{port}/"


if __name__ == "__main__":
    demo_ward.open_ward = open_ward
    sys.exit(cli.main())
