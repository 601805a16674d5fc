from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from playground import SlackStandIn
from tests.bot.cli.command import Command
from tests.scenarios.processes import environment_for, kaikaku


@pytest.fixture
async def slack() -> AsyncIterator[SlackStandIn]:
    async with SlackStandIn() as stand_in:
        yield stand_in


async def test_every_line_is_ok_when_all_is_in_order(slack: SlackStandIn, sqlite_url: str) -> None:
    ended = await kaikaku("check", env=environment_for(slack, sqlite_url, way="socket"))

    assert ended.code == 0
    assert [line.split()[0] for line in ended.out.splitlines()] == ["OK"] * 7


async def test_without_a_socket_as_many_lines_are_ok(
    slack: SlackStandIn, sqlite_url: str, bare_kaikaku: Command
) -> None:
    settings = environment_for(slack, sqlite_url, way="http")

    ended = await bare_kaikaku.beside("check", **settings)

    assert ended.code == 0
    assert [line.split()[0] for line in ended.out.splitlines()] == ["OK"] * 7


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"SLACK_BOT_TOKEN": "xoxb-wrong"}, "NG  ボットのトークン：SLACK_BOT_TOKEN が使えません"),
        ({"SLACK_BOT_TOKEN": ""}, "NG  設定：SLACK_BOT_TOKEN を設定してください"),
        ({"SLACK_APP_TOKEN": "xapp-wrong"}, "NG  Slackからの入口：SLACK_APP_TOKEN が使えません"),
        ({"PORT": "many"}, "NG  設定：PORT は"),
        ({"DATABASE_URL": "postgresql://127.0.0.1:9/none"}, "NG  データベース："),
    ],
)
async def test_what_is_not_in_order_is_named_and_fails(
    slack: SlackStandIn,
    sqlite_url: str,
    bare_kaikaku: Command,
    changes: dict[str, str],
    line: str,
) -> None:
    settings = {**environment_for(slack, sqlite_url, way="socket"), **changes}

    ended = await bare_kaikaku.beside("check", **settings)

    assert ended.code == 1
    assert line in ended.out
    assert ended.err == ""


async def test_missing_scopes_fail_and_are_named(
    slack: SlackStandIn, sqlite_url: str, bare_kaikaku: Command
) -> None:
    slack.workspace.scopes = tuple(s for s in slack.workspace.scopes if s != "files:read")
    settings = environment_for(slack, sqlite_url, way="http")

    ended = await bare_kaikaku.beside("check", **settings)

    assert ended.code == 1
    assert "NG  権限：files:read がありません。" in ended.out


async def test_an_empty_postgresql_database_is_told_how_to_get_its_schema(
    slack: SlackStandIn, empty_postgres_url: str, bare_kaikaku: Command
) -> None:
    settings = environment_for(slack, empty_postgres_url, way="http")

    ended = await bare_kaikaku.beside("check", **settings)

    assert ended.code == 1
    assert "kaikaku db upgrade" in ended.out


async def test_an_sqlite_file_is_brought_up(
    slack: SlackStandIn, tmp_path: Path, bare_kaikaku: Command
) -> None:
    settings = environment_for(slack, f"sqlite:///{tmp_path}/new.db", way="http")

    ended = await bare_kaikaku.beside("check", **settings)

    assert ended.code == 0
    assert (tmp_path / "new.db").exists()


def test_the_way_to_slack_may_be_set_in_the_file_as_well(bare_kaikaku: Command) -> None:
    bare_kaikaku.write(".env", "HTTPS_PROXY=socks5://kaikaku:geheim@proxy.example.jp\n")

    ended = bare_kaikaku("check")

    assert "NG  設定：HTTPS_PROXY は" in ended.out
    assert "geheim" not in ended.out + ended.err


def test_each_fault_of_the_offices_forms_is_a_line(kaikaku_on_sqlite: Command) -> None:
    (kaikaku_on_sqlite.folder / "forms").mkdir()
    kaikaku_on_sqlite.write("forms/ours.toml", 'key = "ours"')

    ended = kaikaku_on_sqlite("check", FORMS_DIR="forms")

    assert ended.code == 1
    assert "NG  様式：ours.toml name：書いてください。" in ended.out
