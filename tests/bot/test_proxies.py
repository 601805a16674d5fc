"""An office where the only way to Slack is a proxy with a password that may open TLS as well."""

from __future__ import annotations

import io
import logging
import os
import signal
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import pytest

from bot import log
from bot.app import running
from bot.cli import main
from bot.config import load
from bot.domain.errors import Refused
from bot.route import TAKEN_BY_THE_SDK, Route
from bot.sockets import CONNECTIONS
from playground import SlackStandIn
from tests.bot.proxies import PASSWORD, USER, Office, behind_a_proxy
from tests.bot.test_sockets import QUICK
from tests.scenarios.processes import environment_for, kaikaku, kaikaku_running

_LOGIN = f"{USER}:{quote(PASSWORD, safe='')}"


@pytest.fixture
async def slack() -> AsyncIterator[SlackStandIn]:
    async with SlackStandIn() as stand_in:
        yield stand_in


@pytest.fixture
async def office(slack: SlackStandIn, tmp_path: Path) -> AsyncIterator[Office]:
    async with behind_a_proxy(slack, tmp_path) as found:
        yield found


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    before, stream = list(root.handlers), io.StringIO()
    log.setup("DEBUG", stream)
    yield stream
    root.handlers[:] = before


def settled(
    slack: SlackStandIn, office: Office, url: str, *, login: str = _LOGIN
) -> dict[str, str]:
    """The environment of an office that has set everything: Slack is where it always is."""
    return {
        **environment_for(slack, url, way="socket"),
        "SLACK_API_URL": "",
        "HTTPS_PROXY": f"http://{login}@127.0.0.1:{office.proxy.port}",
        "SSL_CERT_FILE": str(office.certificates),
        "LOG_LEVEL": "DEBUG",
    }


def secrets_in(text: str) -> list[str]:
    return [
        word for word in (PASSWORD, quote(PASSWORD, safe=""), "ticket=0", "xapp-") if word in text
    ]


# --- through it ----------------------------------------------------------------------------------


async def test_every_way_to_slack_leads_through_the_proxy_and_the_log_keeps_its_password(
    slack: SlackStandIn, office: Office, sqlite_url: str
) -> None:
    asking = slack.as_user(slack.add_user("山田 花子"))
    async with kaikaku_running("run", env=settled(slack, office, sqlite_url)) as process:
        await process.until_it_says("bot.running")

        await asking.command("/kaikaku", "ヘルプ")
        await slack.wait_until(lambda: slack.workspace.ephemeral)

        assert await process.stop(signal.SIGTERM) == 0

    hosts = {"slack.com:443", "wss-primary.slack.com:443", "hooks.slack.com:443"}
    assert set(office.proxy.asked) == hosts
    assert secrets_in("".join(process.said)) == []


async def test_check_goes_the_same_way(
    slack: SlackStandIn, office: Office, sqlite_url: str
) -> None:
    ended = await kaikaku("check", env=settled(slack, office, sqlite_url))

    assert (ended.code, ended.err) == (0, "")
    assert "NG" not in ended.out
    assert set(office.proxy.asked) == {"slack.com:443"}


async def test_what_the_sdk_says_of_a_proxy_that_refuses_is_logged_without_the_password(
    slack: SlackStandIn, office: Office, sqlite_url: str, lines: io.StringIO
) -> None:
    settings = load(settled(slack, office, sqlite_url))
    async with running(replace(settings, port=0), timetable=(), pace=QUICK):
        office.proxy.password = "another"
        await office.proxy.cut()
        await office.proxy.has_refused(
            2 * CONNECTIONS + 1
        )  # so each has been told of at least once

    assert (
        "407, message='Proxy Authentication Required', url='http://…@127.0.0.1" in lines.getvalue()
    )
    assert secrets_in(lines.getvalue()) == []


# --- past it -------------------------------------------------------------------------------------


async def test_hosts_of_no_proxy_are_reached_directly_by_every_way(
    slack: SlackStandIn, office: Office, sqlite_url: str
) -> None:
    office.skip_the_proxy()
    asking = slack.as_user(slack.add_user("山田 花子"))
    env = {
        **settled(slack, office, sqlite_url),
        "SLACK_API_URL": f"https://{office.address}/api/",
        "NO_PROXY": "example.jp, 127.0.0.1",
    }
    async with kaikaku_running("run", env=env) as process:
        await process.until_it_says("bot.running")
        await asking.command("/kaikaku", "ヘルプ")
        await slack.wait_until(lambda: slack.workspace.ephemeral)
        assert len(slack.sockets.connections) == 2

    assert (office.proxy.asked, office.proxy.refused) == ([], 0)


@pytest.mark.parametrize(
    ("no_proxy", "url", "is_direct"),
    [
        ("", "https://slack.com/api/", False),
        ("slack.com", "https://slack.com/api/", True),
        ("slack.com", "wss://wss-primary.slack.com/link/?ticket=1", True),
        (".slack.com", "https://hooks.slack.com/commands/1", True),
        ("example.jp,slack.com:443", "https://slack.com:443/api/", True),
        ("wss-primary.slack.com", "https://slack.com/api/", False),
        ("lack.com", "https://slack.com/api/", False),
        ("*", "https://slack.com/api/", True),
        ("", "http://127.0.0.1:8080/api/", True),
    ],
)
def test_no_proxy_names_hosts_and_the_hosts_below_them(
    no_proxy: str, url: str, is_direct: bool
) -> None:
    found = Route("http://proxy.example.jp:8080", no_proxy).proxy_for(url)

    assert found == (None if is_direct else "http://proxy.example.jp:8080")


def test_the_sdk_finds_no_proxy_of_its_own_in_the_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in TAKEN_BY_THE_SDK:
        monkeypatch.setenv(name, "http://proxy.example.jp:8080")

    main(["units", "list"])

    assert not set(TAKEN_BY_THE_SDK) & set(os.environ)


# --- as settings ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("environment", "proxy", "no_proxy"),
    [
        ({"HTTPS_PROXY": "http://p:1"}, "http://p:1", ""),
        ({"https_proxy": "http://p:1", "no_proxy": "x"}, "http://p:1", "x"),
        ({"HTTPS_PROXY": "http://p:1", "https_proxy": "http://q:2"}, "http://p:1", ""),
        ({"HTTPS_PROXY": "p:1"}, "http://p:1", ""),
        ({"HTTP_PROXY": "http://p:1"}, "", ""),
        ({}, "", ""),
    ],
)
def test_the_route_is_read_as_other_programs_read_it(
    environment: Mapping[str, str], proxy: str, no_proxy: str
) -> None:
    route = load(environment).route

    assert (route.proxy, route.no_proxy) == (proxy, no_proxy)


@pytest.mark.parametrize("proxy", ["socks5://u:geheim@p:1", "http://", "http://u:geheim@p:nine"])
def test_a_proxy_that_can_not_be_one_is_refused_without_being_repeated(proxy: str) -> None:
    with pytest.raises(Refused) as refusal:
        load({"HTTPS_PROXY": proxy})

    (fault,) = refusal.value.faults
    assert fault.startswith("HTTPS_PROXY ")
    assert "geheim" not in fault


def test_the_password_is_not_in_the_settings_own_words() -> None:
    assert "geheim" not in repr(load({"HTTPS_PROXY": "http://u:geheim@p:1"}))


def test_a_file_of_certificates_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(Refused) as refusal:
        load({"SSL_CERT_FILE": str(tmp_path / "none.pem")})

    (fault,) = refusal.value.faults
    assert fault == f"SSL_CERT_FILE のファイルがありません：{tmp_path}/none.pem"


# --- what stands in the way is said --------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"SSL_CERT_FILE": ""}, "証明書を確かめられませんでした"),
        ({"HTTPS_PROXY": "http://127.0.0.1:9"}, "プロキシに接続できませんでした"),
        ({"HTTPS_PROXY": "http://kaikaku:wrong@{proxy}"}, "断りました(407)"),
        ({"SSL_CERT_FILE": __file__}, "証明書(PEM)として読めません"),
    ],
)
async def test_an_obstacle_on_the_way_ends_the_start_with_a_line_that_says_which(
    slack: SlackStandIn, office: Office, sqlite_url: str, changes: dict[str, str], named: str
) -> None:
    there = f"127.0.0.1:{office.proxy.port}"
    changes = {name: value.replace("{proxy}", there) for name, value in changes.items()}

    ended = await kaikaku("run", env={**settled(slack, office, sqlite_url), **changes})

    assert ended.code == 1
    assert named in ended.err
    assert len(ended.err.splitlines()) == 1
    assert "wrong" not in ended.err
