"""An office that stands for a whole file of questions: what shows or refuses changes nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tests.scenarios.dumps import dump
from tests.scenarios.office import Story

# What people have entered; what the bot notes of its own screens and letters may change.
_ENTERED = ("check_in", "initiative", "ownership", "person", "plan", "revision", "role_grant")


@asynccontextmanager
async def for_one_question(office: Story) -> AsyncIterator[Story]:
    """Afterwards it is the same time as before, nobody has a modal open, and what was said and
    called is gone: each question starts with an empty screen. Home stays as it is.
    """
    at, before = office.clock.instant, dump(office.database_url, *_ENTERED)
    yield office
    await office.bot.background.drain(5, 0)
    assert dump(office.database_url, *_ENTERED) == before
    office.clock.instant = at
    slack = office.slack
    slack.workspace.ephemeral.clear()
    for channel in slack.workspace.channels.values():
        channel.messages.clear()
    slack.screens.stacks.clear()
    slack.server._dispatcher.calls.clear()
