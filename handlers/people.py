"""Accounts that are deactivated or come back, as Slack tells of them."""

from __future__ import annotations

from typing import Any

from slack_bolt.async_app import AsyncApp

from bot.services.account_changes import note_account
from bot.services.viewers import Caller
from bot.slack.directory import is_active, is_of
from handlers.callers import Body, is_from
from handlers.deps import Deps


def register(app: AsyncApp, deps: Deps) -> None:
    """Listen for changed accounts; every profile of the workspace sends one."""

    async def changed(body: Body, event: dict[str, Any]) -> None:
        if is_from(body, deps.team_id) and is_of(event["user"], deps.team_id):
            deps.background.start(_note(deps, event["user"]), action="account.changed")

    app.event("user_change")(changed)


async def _note(deps: Deps, user: dict[str, Any]) -> None:
    account_of = Caller(deps.team_id, str(user["id"]))
    await note_account(deps.desk, account_of, is_active=is_active(user))
