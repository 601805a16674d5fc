"""The floors: bare Bolt with empty listeners, and bare slack_sdk with one shared session.

Run as `python -m tests.bench.floor_child first|default`: whether Bolt acknowledges after the
listener has ended (process_before_response) or by its default.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient

from tests.bench.processes import orders, say

AT_ONCE = 50


async def _main() -> None:
    runner = web.AppRunner(_web(_bare_bolt(first=sys.argv[1] == "first")), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    say(port=runner.addresses[0][1])
    async for order in orders():
        say(**await _post(_read(Path(order["messages"]))))
    await runner.cleanup()


def _bare_bolt(*, first: bool) -> AsyncApp:
    known = AuthorizeResult(
        enterprise_id=None, team_id="T0BENCH", bot_user_id="UBOT", bot_id="BBOT", bot_token="xoxb-"
    )

    async def authorize() -> AuthorizeResult:
        return known

    secret = os.environ["SLACK_SIGNING_SECRET"]
    app = AsyncApp(signing_secret=secret, authorize=authorize, process_before_response=first)

    async def nothing(ack: AsyncAck) -> None:
        await ack()

    app.command("/kaikaku")(nothing)
    app.view("checkin")(nothing)
    return app


def _web(app: AsyncApp) -> web.Application:
    async def events(request: web.Request) -> web.Response:
        answer = await app.async_dispatch(await to_bolt_request(request))
        return await to_aiohttp_response(answer)

    found = web.Application()
    found.router.add_post("/slack/events", events)
    return found


def _read(messages: Path) -> list[Any]:
    """The messages of a file, one JSON object a line."""
    return [json.loads(line) for line in messages.read_text(encoding="utf-8").splitlines()]


async def _post(waiting: list[Any]) -> dict[str, Any]:
    """Post messages, fifty at once, and do nothing else."""
    async with aiohttp.ClientSession() as session:
        client = AsyncWebClient(
            token="xoxb-", base_url=os.environ["SLACK_API_URL"], session=session, retry_handlers=[]
        )

        async def work() -> None:
            while waiting:
                await client.api_call("chat.postMessage", json=waiting.pop())

        cpu, wall = time.process_time(), time.perf_counter()
        await asyncio.gather(*(work() for _ in range(AT_ONCE)))
        return {"cpu": time.process_time() - cpu, "wall": time.perf_counter() - wall}


if __name__ == "__main__":
    asyncio.run(_main())
