"""The workspace that our tokens belong to: asked once at the start, so that no request has to."""

from __future__ import annotations

from dataclasses import dataclass

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.domain.errors import Refused

# What the manifests under manifest/ ask for (a test compares).
SCOPES = frozenset(
    {
        "chat:write",
        "commands",
        "files:read",
        "files:write",
        "im:history",
        "im:write",
        "users:read",
        "users:read.email",
    }
)

# Slack's words for a token that is no good (auth.test errors).
BAD_TOKEN = frozenset(
    {
        "account_inactive",
        "invalid_auth",
        "not_allowed_token_type",
        "not_authed",
        "token_expired",
        "token_revoked",
    }
)

_CALL_TIMEOUT = 8  # seconds; a start that hangs is worse than one that fails
_UNREACHABLE = (
    "Slackに接続できませんでした。"
    "ネットワークと SLACK_API_URL を確かめて、もう一度実行してください。"
)
_NO_PROXY_THERE = (
    "プロキシに接続できませんでした。HTTPS_PROXY を確かめて、もう一度実行してください。"
)
_PROXY_REFUSED = (
    "プロキシが Slack への接続を断りました({status})。"
    "HTTPS_PROXY の利用者名とパスワード、プロキシの許可先を確かめてください。"
)
_NOT_TRUSTED = (
    "Slackの証明書を確かめられませんでした。通信を検査するプロキシがあるときは、"
    "その認証局の証明書のファイルを SSL_CERT_FILE に指定してください。"
)


@dataclass(frozen=True)
class Identity:
    """Who we are in Slack, and what we may do there."""

    team_id: str
    bot_user_id: str
    bot_id: str
    scopes: frozenset[str]

    @property
    def missing_scopes(self) -> tuple[str, ...]:
        """What the manifest asks for and this installation does not have."""
        return tuple(sorted(SCOPES - self.scopes))


async def identify(*, token: str, base_url: str, session: aiohttp.ClientSession) -> Identity:
    """Who the bot token belongs to. Raises Refused when it is no good or Slack can't be had."""
    answer = await _call("auth.test", "SLACK_BOT_TOKEN", token, base_url, session)
    headers = {str(name).lower(): value for name, value in answer.headers.items()}
    granted = str(headers.get("x-oauth-scopes", "")).split(",")
    return Identity(
        team_id=str(answer["team_id"]),
        bot_user_id=str(answer.get("user_id") or ""),
        bot_id=str(answer.get("bot_id") or ""),
        scopes=frozenset(scope.strip() for scope in granted if scope.strip()),
    )


async def refuse_bad_token(*, token: str, base_url: str, session: aiohttp.ClientSession) -> None:
    """Raise Refused when Slack will not have the bot token; no answer is no refusal."""
    client = _client(token, base_url, session)
    try:
        await client.api_call("auth.test")
    except SlackApiError as error:
        word = _word(error)
        if word in BAD_TOKEN:
            raise Refused(_bad_token("SLACK_BOT_TOKEN", word)) from None
    except (aiohttp.ClientError, TimeoutError, SlackClientError, AttributeError):
        return


async def check_app_token(*, token: str, base_url: str, session: aiohttp.ClientSession) -> str:
    """Where Socket Mode would connect. Raises Refused unless it may be opened with this token.

    The SDK itself retries a wrong one for ever, without a word.
    """
    answer = await _call("apps.connections.open", "SLACK_APP_TOKEN", token, base_url, session)
    return str(answer.get("url") or "")


async def _call(
    method: str, name: str, token: str, base_url: str, session: aiohttp.ClientSession
) -> AsyncSlackResponse:
    client = _client(token, base_url, session)
    try:
        return await client.api_call(method)
    except SlackApiError as error:
        raise Refused(_bad_token(name, _word(error))) from None
    except (aiohttp.ClientError, TimeoutError, SlackClientError, AttributeError) as error:
        raise Refused(_obstacle(error)) from None


def _obstacle(error: Exception) -> str:
    """What stands between us and Slack, and what to look at."""
    if isinstance(error, aiohttp.ClientProxyConnectionError):
        return _NO_PROXY_THERE
    if isinstance(error, aiohttp.ClientHttpProxyError):
        return _PROXY_REFUSED.format(status=error.status)
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        return _NOT_TRUSTED
    return _UNREACHABLE


def _client(token: str, base_url: str, session: aiohttp.ClientSession) -> AsyncWebClient:
    return AsyncWebClient(
        token=token, base_url=base_url, session=session, retry_handlers=[], timeout=_CALL_TIMEOUT
    )


def _word(error: SlackApiError) -> str:
    response = error.response
    known = isinstance(response, AsyncSlackResponse | dict)
    return str(response.get("error") or "") if known else ""


def _bad_token(name: str, word: str) -> str:
    return f"{name} が使えません({word or 'http'})。Slackアプリの設定画面で確かめてください。"
