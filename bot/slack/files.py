"""Files that people put into the bot's conversation, fetched from Slack's own file host only.

The bot's token goes with the request: no other host, and no redirection, ever sees it.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.errors import Refused

log = logging.getLogger(__name__)

# What a document of ours can be at most; more is not read (bot/sheets/tables.py says the same).
MAX_BYTES = 10 * 1024 * 1024
_FILE_HOST = "files.slack.com"
_CALL_TIMEOUT = 10  # seconds
_DOWNLOAD_TIMEOUT = 30.0  # seconds
_CHUNK = 64 * 1024

TOO_BIG = (
    "ファイルが大きすぎます(10MBまで)。取り込む表だけのファイルにして、もう一度置いてください。"
)
NOT_HERE = (
    "Slackの外にあるファイルは読み取れません。"
    "ファイルそのものを、この会話に置いてください(リンクや共有では読み取れません)。"
)
LOST = "ファイルを受け取れませんでした。少し待って、もう一度置いてください。"


@dataclass(frozen=True)
class SlackFile:
    """A file as Slack delivered it; ``name`` is what its owner calls it, and proves nothing."""

    name: str
    data: bytes


class Files:
    """Fetches files by id with the bot's token."""

    def __init__(self, *, token: str, base_url: str, session: aiohttp.ClientSession) -> None:
        """``base_url`` is that of the Web API; one on this machine serves its files as well."""
        self._token, self._session = token, session
        self._host, self._scheme = _file_host(base_url)
        self._client = AsyncWebClient(
            token=token,
            base_url=base_url,
            session=session,
            retry_handlers=[],
            timeout=_CALL_TIMEOUT,
        )

    async def fetch(self, file_id: str, *, of: str = "") -> SlackFile:
        """The file of that id; ``of`` is whose it must be, where only their form names it.

        Raises Refused for one that is too big, elsewhere, somebody else's or gone.
        """
        info = await self._info(file_id)
        if of and info.get("user") != of:
            raise Refused(LOST)
        if info.get("is_external") or info.get("mode") not in (None, "hosted", "snippet"):
            raise Refused(NOT_HERE)
        if int(info.get("size") or 0) > MAX_BYTES:
            raise Refused(TOO_BIG)
        url = str(info.get("url_private_download") or info.get("url_private") or "")
        if not self._is_ours(url):
            log.warning("A file is not at Slack's file host.", extra={"action": "file.elsewhere"})
            raise Refused(NOT_HERE)
        return SlackFile(str(info.get("name") or ""), await self._download(url))

    def _is_ours(self, url: str) -> bool:
        """Whether the token may go there."""
        try:
            parts = urlsplit(url)
            has_user = parts.username is not None or parts.password is not None
        except ValueError:
            return False
        return (parts.scheme, parts.netloc) == (self._scheme, self._host) and not has_user

    async def _info(self, file_id: str) -> Mapping[str, Any]:
        try:
            answer = await self._client.files_info(file=file_id)
        except (SlackApiError, aiohttp.ClientError, TimeoutError, AttributeError) as error:
            # AttributeError: how the SDK meets a 200 in plain text, as proxies send.
            log.warning("Slack does not tell of a file.", extra={"action": "file.info"})
            raise Refused(LOST) from error
        found: Mapping[str, Any] = answer["file"]
        return found

    async def _download(self, url: str) -> bytes:
        asking = self._session.get(
            url,
            headers={"Authorization": f"Bearer {self._token}"},
            allow_redirects=False,
            timeout=aiohttp.ClientTimeout(total=_DOWNLOAD_TIMEOUT),
        )
        data = bytearray()
        try:
            async with asking as answer:
                # Whoever is not let in gets a page on which to sign in, and status 200.
                if answer.status != 200 or answer.content_type == "text/html":
                    raise Refused(LOST)
                async for chunk in answer.content.iter_chunked(_CHUNK):
                    data += chunk
                    if len(data) > MAX_BYTES:
                        raise Refused(TOO_BIG)
        except (aiohttp.ClientError, TimeoutError) as error:
            log.warning("A file did not come.", extra={"action": "file.download"})
            raise Refused(LOST) from error
        return bytes(data)


def _file_host(base_url: str) -> tuple[str, str]:
    """Host and scheme of the files that belong to a Web API: Slack's, or this machine's own."""
    parts = urlsplit(base_url)
    try:
        on_loopback = ip_address(parts.hostname or "").is_loopback
    except ValueError:
        on_loopback = parts.hostname == "localhost"
    return (parts.netloc, parts.scheme) if on_loopback else (_FILE_HOST, "https")
