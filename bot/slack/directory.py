"""The workspace's directory: which Slack account belongs to an e-mail address or an id."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.domain.errors import Refused

_CALL_TIMEOUT = 10  # seconds
# users.lookupByEmail is in tier 3 (about 50 a minute): a ward of hundreds waits more than once.
_LONGEST_WAIT = 60.0  # seconds that one Retry-After is honoured
_TRIES = 5
_PAGE = "200"  # what Slack recommends at most (users.list)

_GUEST = ("is_restricted", "is_ultra_restricted")
_NOT_FOUND = frozenset({"users_not_found", "user_not_found", "user_not_visible"})

_UNREACHABLE = "Slackに接続できませんでした。何も登録していません。少し待ってやり直してください。"
_BUSY = "Slackが混み合っています。何も登録していません。しばらく待ってやり直してください。"


@dataclass(frozen=True)
class Account:
    """An account as Slack describes it. ``is_staff``: no guest, bot or other organisation."""

    user_id: str
    name: str
    is_active: bool
    is_staff: bool


class Directory:
    """Looks people up in one workspace; a wait that Slack asks for is kept, within bounds."""

    def __init__(
        self,
        *,
        token: str,
        base_url: str,
        session: aiohttp.ClientSession,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        team_id: str = "",
    ) -> None:
        """The session is shared by all calls; the SDK's own retries are off."""
        self._client = AsyncWebClient(
            token=token,
            base_url=base_url,
            session=session,
            retry_handlers=[],
            timeout=_CALL_TIMEOUT,
        )
        self._sleep = sleep
        self._team_id = team_id

    async def team_id(self) -> str:
        """The workspace that the token belongs to; asked for once."""
        if not self._team_id:
            answer = await self._call("auth.test")
            self._team_id = str(answer["team_id"]) if answer else ""
        return self._team_id

    async def lookup(self, email: str) -> Account | None:
        """The active account with an e-mail address, or None. Raises Refused when Slack is down."""
        answer = await self._call("users.lookupByEmail", email=email)
        return await self._account(answer)

    async def info(self, user_id: str) -> Account | None:
        """The account of an id, or None. Raises Refused when Slack is down."""
        answer = await self._call("users.info", user=user_id)
        return await self._account(answer)

    async def activity(self) -> dict[str, bool]:
        """Every account of the workspace, by id: False where it is deactivated, or a guest's.

        Page by page, as Slack asks (users.list, tier 2). Raises Refused when Slack is down.
        """
        found: dict[str, bool] = {}
        cursor = ""
        while True:
            answer = await self._call("users.list", limit=_PAGE, cursor=cursor)
            if answer is None:
                return found
            found |= {str(user["id"]): is_active(user) for user in answer["members"]}
            cursor = str((answer.get("response_metadata") or {}).get("next_cursor") or "")
            if not cursor:
                return found

    async def _account(self, answer: AsyncSlackResponse | None) -> Account | None:
        if answer is None:
            return None
        user: Mapping[str, Any] = answer["user"]
        profile: Mapping[str, Any] = user.get("profile") or {}
        name = profile.get("real_name") or user.get("real_name") or profile.get("display_name")
        return Account(
            user_id=str(user["id"]),
            name=str(name or ""),
            is_active=not user.get("deleted"),
            is_staff=_is_staff(user, await self.team_id()),
        )

    async def _call(self, method: str, **arguments: str) -> AsyncSlackResponse | None:
        """One call, repeated while Slack says to wait; None when it knows no such person."""
        for _ in range(_TRIES):
            try:
                return await self._client.api_call(method, http_verb="GET", params=arguments)
            except SlackApiError as error:
                if _word(error) in _NOT_FOUND:
                    return None
                await self._sleep(_wait(error, method))
            except (aiohttp.ClientError, TimeoutError, AttributeError) as error:
                # AttributeError: how the SDK meets a 200 in plain text, as proxies send.
                raise Refused(_UNREACHABLE) from error
        raise Refused(_BUSY)


def is_active(user: Mapping[str, Any]) -> bool:
    """Whether an account takes part: not deactivated, and not made a guest's since."""
    return not (user.get("deleted") or any(user.get(key) for key in _GUEST))


def is_of(user: Mapping[str, Any], team_id: str) -> bool:
    """Whether an account is one of that workspace's own."""
    # In an organisation (Enterprise Grid) a person's home may be another workspace of ours.
    teams = (user.get("enterprise_user") or {}).get("teams") or [user.get("team_id", team_id)]
    return team_id in teams


def _is_staff(user: Mapping[str, Any], team_id: str) -> bool:
    outside = (*_GUEST, "is_stranger", "is_bot")
    return not any(user.get(key) for key in outside) and is_of(user, team_id)


def _wait(error: SlackApiError, method: str) -> float:
    """Seconds to wait before the next try. Raises Refused when another try will not help."""
    status = getattr(error.response, "status_code", getattr(error.response, "status", 0))
    word = _word(error)
    if status == 429 or word == "ratelimited":
        wait = _retry_after(error)
        if wait > _LONGEST_WAIT:
            raise Refused(_BUSY) from error
        return wait
    if int(status or 0) >= 500 or not word:
        return 1.0
    raise Refused(_explained(word, method)) from error


def _explained(word: str, method: str) -> str:
    if word == "missing_scope":
        return (
            f"Slackアプリの権限が足りないため、{method} を使えません(missing_scope)。"
            "manifest の権限を付けて、アプリを入れ直してください。"
        )
    if word in {"invalid_auth", "not_authed", "account_inactive", "token_revoked"}:
        return f"SLACK_BOT_TOKEN が使えません({word})。アプリのトークンを確かめてください。"
    return f"Slackが {method} を受け付けませんでした({word})。"


def _word(error: SlackApiError) -> str:
    answer = getattr(error.response, "data", error.response)
    return str(answer.get("error") or "") if isinstance(answer, dict) else ""


def _retry_after(error: SlackApiError) -> float:
    headers = getattr(error.response, "headers", None) or {}
    given = {str(key).lower(): value for key, value in headers.items()}.get("retry-after", "1")
    try:
        return max(float(given), 0.0)
    except ValueError:
        return 1.0
