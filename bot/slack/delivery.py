"""One letter, one call: posts, looks for, and updates messages, and says how each call ended."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from typing import Any, Protocol

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.domain.letters import (
    CALL_TIMEOUT,
    Ambiguous,
    Barred,
    NeverDeliverable,
    NotTaken,
    Outcome,
    RateLimited,
    Sent,
)
from bot.route import DIRECT, Route
from bot.slack.flow import Flow
from bot.slack.session import session_to
from bot.slack.workspace import refuse_bad_token

# Seen in the message's metadata by anyone in the workspace: an opaque key and nothing else.
_EVENT_TYPE = "kaikaku_letter"
_NEWEST_PAGE = 15  # what a restricted app may read at once (Slack, conversations.history)
# Some hundred messages, years of them, also where Slack gives us 15 at once. No date of our own
# clock is compared with Slack's.
_PAGE = 50
_MOST_PAGES = 20

# "Possible some aspect of the operation succeeded" (Slack, chat.postMessage errors).
_AMBIGUOUS = frozenset({"fatal_error", "internal_error"})

# Refusals that another try may pass: the workspace or Slack is busy, or we are being set up.
_PASSING = frozenset({"service_unavailable", "request_timeout", "team_added_to_org"})

# Said of our token or installation, whoever the recipient is (Slack, common errors).
_BARRED = frozenset(
    {
        "invalid_auth",
        "not_authed",
        "token_expired",
        "token_revoked",
        "missing_scope",
        "no_permission",
        "not_allowed_token_type",
        "org_login_required",
        "access_denied",
    }
)

_GONE = frozenset(
    {"message_not_found", "channel_not_found", "cant_update_message", "edit_window_closed"}
)


class Message(Protocol):
    """What is posted: the text stands alone in a notification."""

    @property
    def text(self) -> str: ...

    @property
    def blocks(self) -> list[dict[str, Any]]: ...


class Courier:
    """Speaks to one workspace. Each call is made once: the SDK's own retries are off."""

    def __init__(self, *, token: str, base_url: str, session: aiohttp.ClientSession) -> None:
        """The session is shared: a connection for each call costs more than the call."""
        self.flow = Flow()
        self._client = AsyncWebClient(
            token=token,
            base_url=base_url,
            session=session,
            retry_handlers=[],
            timeout=int(CALL_TIMEOUT),
        )

    async def post(self, user_id: str, letter: Message, *, key: str) -> Outcome:
        """Post to a person's conversation with the bot; ``key`` goes into the metadata."""
        return await self._ended(
            "chat.postMessage",
            channel=user_id,
            text=letter.text,
            blocks=letter.blocks,
            metadata={"event_type": _EVENT_TYPE, "event_payload": {"key": key}},
            unfurl_links=False,
            unfurl_media=False,
        )

    async def update(self, channel: str, ts: str, letter: Message) -> Outcome:
        """Replace a sent message; NeverDeliverable with reason "gone" when it is no more."""
        outcome = await self._ended(
            "chat.update", channel=channel, ts=ts, text=letter.text, blocks=letter.blocks
        )
        if isinstance(outcome, NeverDeliverable) and outcome.reason in _GONE:
            return NeverDeliverable("gone")
        return outcome

    async def whisper(self, channel: str, user_id: str, message: Message) -> Outcome:
        """Show a message to one person only (ephemeral), where the letter itself is gone."""
        return await self._ended(
            "chat.postEphemeral",
            channel=channel,
            user=user_id,
            text=message.text,
            blocks=message.blocks,
        )

    async def find(
        self, user_id: str, *, keys: Collection[str], far_back: bool = False
    ) -> Outcome | None:
        """Look for a letter by any of its keys: Sent, or None if it is not there.

        On the newest page, or ``far_back``: among some hundred messages. Any other outcome means
        that the look itself failed, and nothing is known.
        """
        opened = await self._call("conversations.open", json={"users": user_id})
        if not isinstance(opened, AsyncSlackResponse):
            return opened
        channel, cursor = str(opened["channel"]["id"]), ""
        for _ in range(_MOST_PAGES if far_back else 1):
            page = await self._page(channel, cursor, size=_PAGE if far_back else _NEWEST_PAGE)
            if not isinstance(page, AsyncSlackResponse):
                return page
            messages: list[dict[str, Any]] = page["messages"]
            found = [message for message in messages if _key_of(message) in keys]
            if found:
                return Sent(channel, str(found[0]["ts"]), _key_of(found[0]) or "")
            cursor = str((page.get("response_metadata") or {}).get("next_cursor") or "")
            if not cursor:
                break
        return None

    async def _page(self, channel: str, cursor: str, *, size: int) -> AsyncSlackResponse | Outcome:
        # A reading method takes its arguments in the query; JSON is for those that write.
        asked = {"channel": channel, "limit": size, "include_all_metadata": True}
        newest = {**asked, "cursor": cursor} if cursor else asked
        return await self._call("conversations.history", http_verb="GET", params=newest)

    async def _ended(self, method: str, **arguments: Any) -> Outcome:
        answer = await self._call(method, json=arguments)
        if not isinstance(answer, AsyncSlackResponse):
            return answer
        return Sent(str(answer.get("channel", "")), str(answer.get("ts", "")))

    async def _call(self, method: str, **how: Any) -> AsyncSlackResponse | Outcome:
        try:
            return await self._client.api_call(method, **how)
        except SlackApiError as error:
            return _refused(error)
        except aiohttp.ClientConnectorError:
            return NotTaken("no_connection")
        except (aiohttp.ClientError, TimeoutError, SlackClientError, AttributeError) as error:
            # AttributeError: the SDK's way of meeting a 200 in plain text, as proxies send.
            return Ambiguous(type(error).__name__)


def _refused(error: SlackApiError) -> Outcome:
    response = error.response
    if not isinstance(response, AsyncSlackResponse):
        return Ambiguous(f"http_{getattr(response, 'status', 'unreadable')}")
    status = response.status_code
    if status == 429:
        return RateLimited(_retry_after(response))
    if status >= 500:
        return Ambiguous(f"http_{status}")
    word = str(response.get("error", ""))
    if word == "ratelimited":
        return RateLimited(_retry_after(response))
    if word in _AMBIGUOUS or not word:
        return Ambiguous(word or "no_answer")
    if word in _BARRED:
        return Barred(word)
    return NotTaken(word) if word in _PASSING else NeverDeliverable(word)


def _retry_after(response: Any) -> float:
    headers = getattr(response, "headers", None) or {}
    given = {str(name).lower(): value for name, value in headers.items()}.get("retry-after", "1")
    return max(float(given), 0.0) if str(given).replace(".", "", 1).isdigit() else 1.0


def _key_of(message: dict[str, Any]) -> str:
    metadata = message.get("metadata") or {}
    if metadata.get("event_type") != _EVENT_TYPE:
        return ""
    return str((metadata.get("event_payload") or {}).get("key", ""))


@asynccontextmanager
async def connected(*, token: str, base_url: str, route: Route = DIRECT) -> AsyncIterator[Courier]:
    """A courier with a session of its own, for a command that ends soon.

    Raises Refused when Slack will not have the token.
    """
    async with session_to(base_url, route) as session:
        await refuse_bad_token(token=token, base_url=base_url, session=session)
        yield Courier(token=token, base_url=base_url, session=session)
