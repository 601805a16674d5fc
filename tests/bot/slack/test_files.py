"""Files from Slack: fetched with the token from Slack's own file host, and from nowhere else."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from bot.domain.errors import Refused
from bot.slack import files
from bot.slack.files import Files
from playground import Fault, SlackStandIn

TOKEN = "xoxb-secret"


@dataclass
class Host:
    """An API of our own making that describes a file as a test wants it, and hosts on loopback."""

    described: dict[str, Any] = field(default_factory=dict)
    location: str = ""
    body: bytes = b"a,b\n"
    kind: str = "text/csv"
    tokens_seen: list[str] = field(default_factory=list)
    url: str = ""
    downloads: int = 0

    async def info(self, _request: web.Request) -> web.Response:
        return web.json_response({"ok": True, "file": self.described})

    async def download(self, request: web.Request) -> web.Response:
        self.downloads += 1
        self.tokens_seen.append(request.headers.get("Authorization", ""))
        if self.location:
            raise web.HTTPFound(self.location)
        return web.Response(body=self.body, content_type=self.kind)


async def serve(host: Host) -> web.AppRunner:
    app = web.Application()
    app.router.add_route("*", "/api/files.info", host.info)
    app.router.add_get("/files-pri/x", host.download)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host.url = f"http://127.0.0.1:{runner.addresses[0][1]}/"
    host.described = {
        "id": "F1",
        "name": "計画.csv",
        "size": 4,
        "mode": "hosted",
        "url_private_download": f"{host.url}files-pri/x",
    }
    return runner


@pytest.fixture
async def host() -> AsyncIterator[Host]:
    made = Host()
    runner = await serve(made)
    yield made
    await runner.cleanup()


@pytest.fixture
async def elsewhere() -> AsyncIterator[Host]:
    """Another host, which is not Slack's."""
    made = Host()
    runner = await serve(made)
    yield made
    await runner.cleanup()


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as opened:
        yield opened


def files_of(host: Host, session: aiohttp.ClientSession) -> Files:
    return Files(token=TOKEN, base_url=f"{host.url}api/", session=session)


async def test_a_file_comes_with_the_token(host: Host, session: aiohttp.ClientSession) -> None:
    found = await files_of(host, session).fetch("F1")

    assert (found.name, found.data) == ("計画.csv", b"a,b\n")
    assert host.tokens_seen == [f"Bearer {TOKEN}"]


async def test_the_token_goes_to_no_other_host(
    host: Host, elsewhere: Host, session: aiohttp.ClientSession
) -> None:
    own = host.url.removeprefix("http://").rstrip("/")
    for url in (
        f"{elsewhere.url}files-pri/x",
        f"https://{own}/files-pri/x",
        f"http://{own}@{elsewhere.url.removeprefix('http://')}files-pri/x",
        f"http://files.slack.com.example.jp/{own}",
        "http://[",
        "file:///etc/passwd",
        "",
    ):
        host.described["url_private_download"] = url
        with pytest.raises(Refused, match="Slackの外にある"):
            await files_of(host, session).fetch("F1")

    assert (host.downloads, elsewhere.downloads) == (0, 0)


async def test_a_file_that_a_form_names_must_be_its_senders(
    host: Host, session: aiohttp.ClientSession
) -> None:
    host.described["user"] = "UOTHER"

    with pytest.raises(Refused, match="受け取れませんでした"):
        await files_of(host, session).fetch("F1", of="UME")

    assert host.downloads == 0
    host.described["user"] = "UME"
    assert (await files_of(host, session).fetch("F1", of="UME")).data == b"a,b\n"


async def test_a_redirection_is_not_followed(
    host: Host, elsewhere: Host, session: aiohttp.ClientSession
) -> None:
    host.location = f"{elsewhere.url}files-pri/x"

    with pytest.raises(Refused, match="受け取れませんでした"):
        await files_of(host, session).fetch("F1")

    assert elsewhere.downloads == 0


async def test_slacks_own_files_are_at_slacks_file_host_only(
    session: aiohttp.ClientSession,
) -> None:
    slack = Files(token=TOKEN, base_url="https://slack.com/api/", session=session)

    assert slack._is_ours("https://files.slack.com/files-pri/T1-F1/download/a.csv")
    for url in (
        "http://files.slack.com/files-pri/T1-F1/a.csv",
        "https://files.slack.com:8443/files-pri/T1-F1/a.csv",
        "https://files.slack.com@example.jp/a.csv",
        "https://slack.com/a.csv",
        "https://xfiles.slack.com/a.csv",
    ):
        assert not slack._is_ours(url), url


async def test_what_says_that_it_is_too_big_is_not_asked_for(
    host: Host, session: aiohttp.ClientSession
) -> None:
    host.described["size"] = files.MAX_BYTES + 1

    with pytest.raises(Refused, match="大きすぎます"):
        await files_of(host, session).fetch("F1")

    assert host.downloads == 0


async def test_what_turns_out_too_big_is_not_read_to_its_end(
    host: Host, session: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "MAX_BYTES", 1000)
    host.body = b"x" * 1001

    with pytest.raises(Refused, match="大きすぎます"):
        await files_of(host, session).fetch("F1")


async def test_a_file_that_is_kept_elsewhere_is_not_fetched(
    host: Host, session: aiohttp.ClientSession
) -> None:
    for change in ({"is_external": True}, {"mode": "external"}, {"mode": "hidden_by_limit"}):
        host.described |= {"is_external": False, "mode": "hosted", **change}
        with pytest.raises(Refused, match="Slackの外にある"):
            await files_of(host, session).fetch("F1")


async def test_the_page_to_sign_in_is_no_file(host: Host, session: aiohttp.ClientSession) -> None:
    host.body, host.kind = b"<html>sign in</html>", "text/html"

    with pytest.raises(Refused, match="受け取れませんでした"):
        await files_of(host, session).fetch("F1")


async def test_a_file_that_slack_does_not_tell_of_is_said_to_be_lost(
    session: aiohttp.ClientSession,
) -> None:
    async with SlackStandIn() as slack:
        held = Files(token=slack.bot_token, base_url=slack.api_url, session=session)
        with pytest.raises(Refused, match="受け取れませんでした"):
            await held.fetch("F0000")
        slack.faults.on("files.info", Fault.server_error(503))
        with pytest.raises(Refused, match="受け取れませんでした"):
            await held.fetch("F0000")
