"""`kaikaku people import` from the outside, with a Slack to look people up in."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from playground import SlackStandIn
from tests.bot.cli.command import Command


@pytest.fixture
async def slack(kaikaku_on_sqlite: Command) -> AsyncIterator[SlackStandIn]:
    async with SlackStandIn() as stand_in:
        kaikaku_on_sqlite.settings |= {
            "SLACK_BOT_TOKEN": stand_in.bot_token,
            "SLACK_API_URL": stand_in.api_url,
        }
        sheet = kaikaku_on_sqlite.write("plan.csv", "番号,題名\n1,取組その1\n2,取組その2\n")
        await kaikaku_on_sqlite.beside("import", sheet, "--ward", "西区", "--year", "2026")
        yield stand_in


async def test_a_roster_of_the_office_is_taken_as_it_is(
    kaikaku_on_sqlite: Command, slack: SlackStandIn
) -> None:
    slack.add_user("山田 花子", email="yamada@example.jp")
    lines = (
        "役割,区,メールアドレス,氏名,課・担当,取組項目",
        "担当者,西区,yamada@example.jp,,総務課,1、2",
        "課長,西,nobody@example.jp,田中,総務課,",
    )
    roster = kaikaku_on_sqlite.write("people.csv", "\n".join(lines), encoding="cp932")

    dry = await kaikaku_on_sqlite.beside("people", "import", roster, "--dry-run", "--json")
    first = await kaikaku_on_sqlite.beside("people", "import", roster, "--json")
    again = await kaikaku_on_sqlite.beside("people", "import", roster, "--json")

    assert (dry.record["added"], dry.record["dry_run"]) == (5, True)
    assert {key: first.record[key] for key in ("people", "roles", "ownerships", "added")} == {
        "people": 2,
        "roles": 1,
        "ownerships": 2,
        "added": 5,
    }
    assert [(each["row"], each["name"]) for each in first.record["unresolved"]] == [(3, "田中")]
    assert (again.record["added"], again.record["updated"], again.record["unchanged"]) == (0, 0, 5)


async def test_faults_are_lines_and_stdout_stays_empty(
    kaikaku_on_sqlite: Command, slack: SlackStandIn
) -> None:
    roster = kaikaku_on_sqlite.write("p.csv", "role,ward,name,initiatives\nowner,西区,山田,9\n")

    ended = await kaikaku_on_sqlite.beside("people", "import", roster, "--json")

    assert (ended.code, ended.out) == (1, "")
    assert ended.errors[1].startswith("2行目 initiatives：")


async def test_who_is_not_found_is_told_to_the_operator_and_to_no_log(
    kaikaku_on_sqlite: Command, slack: SlackStandIn, caplog: pytest.LogCaptureFixture
) -> None:
    roster = kaikaku_on_sqlite.write(
        "p.csv", "role,ward,name,email,initiatives\nowner,西区,山田,nobody@example.jp,1\n"
    )

    ended = await kaikaku_on_sqlite.beside("people", "import", roster)

    assert "2行目 山田" in ended.out
    assert "nobody@example.jp" not in caplog.text + ended.err


def test_without_a_token_it_says_which_setting_is_missing(kaikaku_on_sqlite: Command) -> None:
    roster = kaikaku_on_sqlite.write("p.csv", "role,ward,name\nmanager,西区,山田\n")

    ended = kaikaku_on_sqlite("people", "import", roster)

    assert ended.code == 1
    assert "SLACK_BOT_TOKEN" in ended.err
