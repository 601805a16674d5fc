"""The stand-in as a process of its own, driven over JSON."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from tests.playground.bolt import Address
from tests.playground.samples import actions, button
from tests.playground.story import with_desk

ROOT = Path(__file__).resolve().parents[2]


class Driver:
    """The JSON API of a stand-in in another process."""

    def __init__(self, session: aiohttp.ClientSession, base_url: str) -> None:
        self._session, self.base_url = session, base_url

    async def get(self, path: str, **headers: str) -> Any:
        url = f"{self.base_url}_playground/{path}"
        async with self._session.get(url, headers=headers) as response:
            return await response.json() if response.status != 403 else "forbidden"

    async def post(self, path: str, **body: Any) -> Any:
        async with self._session.post(f"{self.base_url}_playground/{path}", json=body) as response:
            return await response.json()

    async def address(self) -> Address:
        known = await self.get("identity")
        names = ("api_url", "bot_token", "app_token", "signing_secret")
        return Address(*(known[name] for name in names))

    async def until_there_is(self, path: str, name: str) -> Any:
        version = -1
        while not (found := (await self.get(path))[name]):
            version = (await self.get(f"changes?since={version}"))["version"]
        return found


@pytest.fixture
async def process() -> AsyncIterator[asyncio.subprocess.Process]:
    command = [sys.executable, "-m", "playground"]
    started = await asyncio.create_subprocess_exec(
        *command, cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    yield started
    if started.returncode is None:
        started.kill()
        await started.wait()


@pytest.fixture
async def driver(process: asyncio.subprocess.Process) -> AsyncIterator[Driver]:
    assert process.stdout is not None
    line = await asyncio.wait_for(process.stdout.readline(), 20)
    async with aiohttp.ClientSession() as session:
        yield Driver(session, line.decode().strip())


@asynccontextmanager
async def listening(app: AsyncApp, address: Address) -> AsyncIterator[None]:
    handler = AsyncSocketModeHandler(app, address.app_token)
    await handler.connect_async()  # type: ignore[no-untyped-call]
    try:
        yield
    finally:
        await handler.close_async()  # type: ignore[no-untyped-call]


async def test_a_check_in_can_be_driven_from_another_process(
    process: asyncio.subprocess.Process, driver: Driver
) -> None:
    address = await driver.address()
    user = (await driver.post("users", name="山田 花子"))["user"]["id"]
    act = f"users/{user}/act"
    app, desk = with_desk(address)
    client = AsyncWebClient(token=address.bot_token, base_url=address.api_url)

    async with listening(app, address):
        await client.chat_postMessage(channel=user, text="通知", blocks=[actions(button())])
        (letter,) = (await driver.get(f"users/{user}/messages"))["messages"]
        await driver.post(act, do="press", ts=letter["ts"], text="入力する")
        await driver.until_there_is(f"users/{user}/modal", "modal")
        blocked = await driver.post(act, do="submit")
        await driver.post(act, do="fill", label="課題と改善策", text="人を増やす")
        sent = await driver.post(act, do="submit")
        delivered = (await driver.get("deliveries"))["deliveries"]
        nowhere = await driver.post(act, do="submit")

    assert (blocked["outcome"], list(blocked["modal"]["errors"])) == ("blocked", ["issues"])
    assert (sent["outcome"], sent["modal"]) == ("closed", None)
    assert nowhere["ok"] is False
    assert delivered[-1]["payload"]["type"] == "view_submission"
    assert delivered[-1]["ack"]["error"] is None
    assert desk.last_values["issues"]["text"]["value"] == "人を増やす"
    process.send_signal(signal.SIGINT)
    assert await asyncio.wait_for(process.wait(), 10) == 0


async def test_faults_and_the_clock_are_set_from_another_process(driver: Driver) -> None:
    address = await driver.address()
    client = AsyncWebClient(token=address.bot_token, base_url=address.api_url)

    await driver.post("faults", method="auth.test", kind="rate_limited", seconds=9, times=1)
    with pytest.raises(Exception, match="ratelimited"):
        await client.auth_test()
    await client.auth_test()
    before = (await driver.post("clock", advance=0))["now"]
    after = (await driver.post("clock", advance=3600))["now"]

    outcomes = [call["outcome"] for call in (await driver.get("calls"))["calls"]]
    assert outcomes == ["ratelimited", "ok"]
    assert after - before >= 3600


async def test_a_foreign_page_learns_no_token(driver: Driver) -> None:
    assert await driver.get("identity", Origin="https://aozora.example.jp") == "forbidden"
    assert await driver.get("identity", Host="aozora.example.jp") == "forbidden"


async def test_another_address_is_refused_on_the_command_line() -> None:
    command = [sys.executable, "-m", "playground", "--host", "0.0.0.0"]
    process = await asyncio.create_subprocess_exec(
        *command, cwd=ROOT, stderr=asyncio.subprocess.PIPE
    )
    try:
        _, complaint = await asyncio.wait_for(process.communicate(), 20)
    finally:
        if process.returncode is None:
            process.kill()

    assert process.returncode == 2
    assert b"127.0.0.1 only" in complaint
