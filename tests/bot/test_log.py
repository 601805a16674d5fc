from __future__ import annotations

import asyncio
import io
import json
import logging
from collections.abc import Iterator

import pytest
from aiohttp.http_exceptions import BadHttpMessage
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot import log


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    before, stream = list(root.handlers), io.StringIO()
    log.setup("DEBUG", stream)
    yield stream
    root.handlers[:] = before


def test_a_line_is_a_sentence_with_its_action_and_ids(written: io.StringIO) -> None:
    logging.getLogger("bot.services.letters").info(
        "Letter %s is sent.", 3, extra={"action": "letter.sent", "letter": 3, "kind": "notice"}
    )

    at, rest = written.getvalue().split(" ", 1)
    assert at.endswith("Z")
    assert rest == "INFO letter.sent Letter 3 is sent. letter=3 kind=notice\n"


@pytest.mark.parametrize("token", ["xoxb-12-ab", "xapp-1-A0-99-ff", "xoxe.xoxp-1-Mi0"])
def test_a_token_in_a_sentence_or_an_id_is_blotted_out(written: io.StringIO, token: str) -> None:
    logging.getLogger("bot").warning("Calling with %s.", token, extra={"reason": token})

    assert token not in written.getvalue()
    assert "-…" in written.getvalue()


def test_an_error_shows_its_type_and_place_but_not_its_words(written: io.StringIO) -> None:
    try:
        int("相談の経過")
    except ValueError:
        logging.getLogger("handlers").exception("It failed.", extra={"action": "answer.submit"})

    assert "ValueError" in written.getvalue()
    assert "test_log.py" in written.getvalue()
    assert "相談の経過" not in written.getvalue()


def test_what_is_attached_and_is_no_id_stays_out(written: io.StringIO) -> None:
    logging.getLogger("bot").warning("Said.", extra={"action": "said", "text": "相談の経過"})

    assert "相談の経過" not in written.getvalue()


@pytest.mark.parametrize(
    "name", ["slack_bolt.AsyncApp", "slack_sdk.web.async_client", "sqlalchemy.engine", "asyncio"]
)
def test_libraries_say_nothing_of_their_requests_however_talkative_we_are(
    written: io.StringIO, name: str
) -> None:
    logging.getLogger(name).info("body: 相談の経過")

    assert written.getvalue() == ""


def test_the_sdk_puts_nothing_together_that_nobody_may_read(written: io.StringIO) -> None:
    clients = AsyncWebClient()._logger, AsyncWebhookClient("https://hooks.slack.com/x").logger

    assert [logger.level for logger in clients] == [logging.WARNING, logging.WARNING]
    assert written.getvalue() == ""


def test_our_own_level_is_the_setting(written: io.StringIO) -> None:
    log.setup("ERROR", written)

    logging.getLogger("bot").warning("Not so bad.")

    assert written.getvalue() == ""


def test_as_json_each_line_is_one_object_with_ids_and_action(written: io.StringIO) -> None:
    log.setup("DEBUG", written, form="json")

    logging.getLogger("bot").info(
        "Letter %s is sent.",
        3,
        extra={"action": "letter.sent", "letter": 3, "reason": "xoxb-12-ab", "text": "相談の経過"},
    )

    (line,) = written.getvalue().splitlines()
    record = json.loads(line)
    assert record.pop("time").endswith("Z")
    assert record == {
        "level": "INFO",
        "action": "letter.sent",
        "message": "Letter 3 is sent.",
        "letter": 3,
        "reason": "xoxb-…",
    }


def test_as_json_an_error_stays_one_line_without_its_words(written: io.StringIO) -> None:
    log.setup("DEBUG", written, form="json")

    try:
        int("相談の\n経過")
    except ValueError:
        logging.getLogger("bot").exception("It failed.", extra={"action": "job.plan"})

    (line,) = written.getvalue().splitlines()
    record = json.loads(line)
    assert (record["exception"], record["action"]) == ("builtins.ValueError", "job.plan")
    assert "test_log.py" in record["trace"][0]
    assert "経過" not in line


@pytest.mark.parametrize(
    ("said", "written_down"),
    [
        ("http://kaikaku:ge%40heim@proxy:8080/", "http://…@proxy:8080/"),
        ('url="http://kaikaku:ge\'h"heim@proxy:8080"', "http://…@proxy:8080"),
        ("postgresql://kaikaku:geheim@db/kaikaku", "postgresql://…@db/kaikaku"),
        ("url='wss://x.slack.com/link/?ticket=ab-12&app_id=A1'", "ticket=…&app_id=A1'"),
        ("https://slack.com/api/auth.test", "https://slack.com/api/auth.test"),
    ],
)
def test_a_login_in_an_address_is_blotted_out(
    written: io.StringIO, said: str, written_down: str
) -> None:
    logging.getLogger("slack_sdk").error("Failed: %s", said)

    assert written_down in written.getvalue()
    assert "heim" not in written.getvalue()
    assert "ab-12" not in written.getvalue()


@pytest.mark.parametrize("name", ["slack_bolt", "slack_sdk", "aiohttp.access", "sqlalchemy.engine"])
def test_libraries_stay_silent_when_somebody_turns_them_up(written: io.StringIO, name: str) -> None:
    logger = logging.getLogger(name)
    before = logger.level
    logger.setLevel(logging.DEBUG)

    logger.debug("body: 相談の経過")

    logger.setLevel(before)
    assert written.getvalue() == ""


def test_a_library_tells_what_failed_without_the_errors_own_words(written: io.StringIO) -> None:
    try:
        int("相談の経過")
    except ValueError as error:
        logging.getLogger("slack_sdk").exception(f"Failed to run a listener: {error}")  # noqa: G004, TRY401

    assert "Failed to run a listener: ValueError" in written.getvalue()
    assert "相談の経過" not in written.getvalue()


def test_asyncio_tells_of_a_lost_task_without_what_it_held(written: io.StringIO) -> None:
    loop = asyncio.new_event_loop()
    future: asyncio.Future[None] = loop.create_future()
    future.set_exception(ValueError("相談の経過"))
    loop.call_exception_handler({"message": "It was never retrieved", "future": future})
    loop.close()

    assert "It was never retrieved" in written.getvalue()
    assert "相談の経過" not in written.getvalue()
    assert future.exception()


def test_what_is_no_http_is_not_worth_a_line(written: io.StringIO) -> None:
    error = BadHttpMessage("相談の経過")

    logging.getLogger("aiohttp.server").error("Error handling request", exc_info=error)

    assert written.getvalue() == ""
