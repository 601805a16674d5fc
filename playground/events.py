"""The Events API: what the app hears of unasked, sent again when it does not answer."""

from __future__ import annotations

import asyncio
import secrets

from playground.deliveries import Ack, Deliveries, Delivery, Kind
from playground.messages import Channel, Message
from playground.rules import Json
from playground.workspace import Workspace

SUBSCRIPTIONS = frozenset({"app_home_opened", "message.im", "user_change"})


class Events:
    """Sends events in the background.

    `retry_delays` are the real seconds before each redelivery. Slack waits 0, 60 and 300; tests
    need not.
    """

    def __init__(self, workspace: Workspace, deliveries: Deliveries) -> None:
        self._workspace, self._deliveries = workspace, deliveries
        self._tasks: set[asyncio.Task[Ack]] = set()
        self.subscriptions = set(SUBSCRIPTIONS)
        self.retry_delays: tuple[float, ...] = (0.0, 0.05, 0.1)

    def emit(self, subscription: str, event: Json) -> asyncio.Task[Ack] | None:
        """Send an event if the app has subscribed to it; the task ends with the last answer."""
        if subscription not in self.subscriptions:
            return None
        task = asyncio.get_running_loop().create_task(self._deliver(self._wrap(event)))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def emit_message(
        self, channel: Channel, message: Message, *, subtype: str | None = None
    ) -> asyncio.Task[Ack] | None:
        """Tell of a message, the bot's own included; `subtype` of an edit or a removal."""
        described = message.describe(app_id=self._workspace.app_id)
        if message.files and not subtype:
            described |= {"subtype": "file_share", "upload": False}
        if subtype:
            ts = self._workspace.next_ts()
            changed = {"type": "message", "subtype": subtype, "hidden": True, "ts": ts}
            key = "message" if subtype == "message_changed" else "previous_message"
            described = {**changed, key: described}
        described |= {"channel": channel.id, "channel_type": channel.kind}
        described["event_ts"] = described["ts"]
        return self.emit(f"message.{channel.kind}", described)

    async def close(self) -> None:
        """Give up what has not been delivered."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _deliver(self, envelope: Json) -> Ack:
        ack = await self._deliveries.send(Delivery(Kind.EVENT, envelope))
        for number, delay in enumerate(self.retry_delays, start=1):
            if ack.ok or ack.no_retry:
                break
            await asyncio.sleep(delay)
            again = Delivery(Kind.EVENT, envelope, number, ack.retry_reason)
            ack = await self._deliveries.send(again)
        return ack

    def _wrap(self, event: Json) -> Json:
        workspace = self._workspace
        authorization = {
            "enterprise_id": None,
            "team_id": workspace.team_id,
            "user_id": workspace.bot_user_id,
            "is_bot": True,
            "is_enterprise_install": False,
        }
        return {
            "token": "stand-in",
            "type": "event_callback",
            "team_id": workspace.team_id,
            "context_team_id": workspace.team_id,
            "api_app_id": workspace.app_id,
            "event": event,
            "event_id": f"Ev{secrets.token_hex(6).upper()}",
            "event_time": int(workspace.clock.wall()),
            "authorizations": [authorization],
            "is_ext_shared_channel": False,
        }
