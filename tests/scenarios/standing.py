"""An office that stands for a whole file of questions: what shows or refuses changes nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from storage.models import Table
from tests.scenarios.dumps import dump
from tests.scenarios.office import Story

# What the bot notes of its own letters and of those who ask; all else is what people have entered.
_NOTED = {"audit_entry", "draft", "import_batch", "letter", "letter_line"}


def entered(office: Story) -> dict[str, Any]:
    """All that people have entered, table by table."""
    return dump(office.database_url, *sorted(set(Table.metadata.tables) - _NOTED))


@asynccontextmanager
async def for_one_question(office: Story, known: dict[str, Any]) -> AsyncIterator[Story]:
    """Afterwards it is the same time as before, nobody has a modal open, and what was said and
    called is gone: each question starts with an empty screen. Home stays as it is.

    Raises AssertionError when what has been entered is not what was known of it.
    """
    at = office.clock.instant
    yield office
    await office.bot.background.drain(5, 0)
    assert entered(office) == known
    office.clock.instant = at
    slack = office.slack
    slack.workspace.ephemeral.clear()
    for channel in slack.workspace.channels.values():
        channel.messages.clear()
    slack.screens.stacks.clear()
    slack.server._dispatcher.calls.clear()
