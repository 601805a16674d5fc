"""The parts of the stand-in that a person's deeds go through."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from playground.changes import Changes
from playground.deliveries import Ack, Deliveries, Delivery, Kind
from playground.errors import NotOnScreen
from playground.rules import Json
from playground.webapi.context import Api


@dataclass(frozen=True)
class Reply:
    """How an app answered a person's deed; `error` is what Slack shows the person."""

    error: str | None = None
    body: Json = field(default_factory=dict)
    trigger_id: str = ""

    @property
    def ok(self) -> bool:
        """Whether the app acknowledged in time, and well."""
        return self.error is None


@dataclass(frozen=True)
class Parts:
    """State and ways, together."""

    api: Api
    deliveries: Deliveries
    changes: Changes

    async def interact(self, user_id: str, kind: str, **content: Any) -> Reply:
        """Send one interactivity payload with a fresh trigger."""
        trigger_id = self.api.triggers.issue(user_id)
        payload = {**self.base(user_id), "type": kind, "trigger_id": trigger_id, **content}
        ack = await self.deliveries.send(Delivery(Kind.INTERACTIVE, payload))
        return reply_to(ack, trigger_id)

    def base(self, user_id: str) -> Json:
        """What every interactivity payload carries; NotOnScreen for those who have left."""
        workspace = self.api.workspace
        if workspace.users[user_id].deleted:
            raise NotOnScreen(f"{user_id} is deactivated")
        name = workspace.users[user_id].email.partition("@")[0] or user_id.lower()
        team = {"id": workspace.team_id, "domain": "aozora"}
        return {
            "user": {
                "id": user_id,
                "username": name,
                "name": name,
                "team_id": workspace.team_id,
            },
            "team": team,
            "api_app_id": workspace.app_id,
            "token": "stand-in",
            "enterprise": None,
            "is_enterprise_install": False,
        }

    def response_url(self, key: str) -> str:
        """The address of a response URL."""
        return f"{self.api.base_url}response/{key}"


def reply_to(ack: Ack, trigger_id: str) -> Reply:
    """The reply that an acknowledgement amounts to."""
    return Reply(ack.error, ack.body, trigger_id)
