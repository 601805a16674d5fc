"""Sending a file to one person: in three steps, into their own conversation with the bot."""

from __future__ import annotations

import json
from dataclasses import dataclass
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.errors import KaikakuError

_ALT_LIMIT = 1000  # files.getUploadURLExternal, alt_txt
_COMMENT_LIMIT = 3000
_SLACKS_OWN = (".slack.com", ".slack-gov.com")
_LOOPBACK = frozenset({"127.0.0.1", "localhost"})

_NOT_SENT = "ファイルを送れませんでした。少し待って、もう一度お試しください。"
_NO_SCOPE = (
    "ファイルを送る権限(files:write)がSlackのアプリにありません。とりまとめ担当へご連絡ください。"
)


class NotUploaded(KaikakuError):
    """Slack did not take the file; the person has nothing of it."""


@dataclass(frozen=True)
class Upload:
    """A file and what stands beside it; ``alt`` says in words what a picture shows."""

    name: str
    content: bytes
    title: str
    comment: str = ""
    alt: str = ""


async def send_file(client: AsyncWebClient, user_id: str, upload: Upload) -> None:
    """Put a file into a person's own conversation with the bot; scopes files:write and im:write.

    files.getUploadURLExternal, the bytes, files.completeUploadExternal. Nothing is tried again:
    the person presses again. Raises NotUploaded.
    """
    try:
        opened = await client.conversations_open(users=user_id)
        file_id = await _upload(client, upload)
        await _complete(client, file_id, upload, channel=str(opened["channel"]["id"]))
    except SlackApiError as error:
        raise NotUploaded(_NO_SCOPE if _word_of(error) == "missing_scope" else _NOT_SENT) from None
    except (aiohttp.ClientError, TimeoutError, SlackClientError, AttributeError):
        raise NotUploaded(_NOT_SENT) from None


async def _upload(client: AsyncWebClient, upload: Upload) -> str:
    asked: dict[str, str | int] = {"filename": upload.name, "length": len(upload.content)}
    if upload.alt:
        asked["alt_txt"] = upload.alt[:_ALT_LIMIT]
    # In the body: the SDK's own methods put it into an address, which has no room for Japanese.
    place = await client.api_call("files.getUploadURLExternal", data=asked)
    address = str(place["upload_url"])
    if not _is_slacks(address, client.base_url) or client.session is None:
        raise NotUploaded(_NOT_SENT)
    # The address is the permission: no token goes with it.
    async with client.session.post(address, data=upload.content) as answer:
        if answer.status != 200:
            raise NotUploaded(_NOT_SENT)
    return str(place["file_id"])


async def _complete(client: AsyncWebClient, file_id: str, upload: Upload, *, channel: str) -> None:
    files = json.dumps([{"id": file_id, "title": upload.title}])
    said = {"files": files, "channel_id": channel}
    if upload.comment:
        said["initial_comment"] = upload.comment[:_COMMENT_LIMIT]
    await client.api_call("files.completeUploadExternal", data=said)


def _word_of(error: SlackApiError) -> str:
    """Slack's word for what went wrong; what is between may answer in no words of Slack's."""
    said = getattr(error.response, "data", error.response)
    return str(said.get("error", "")) if isinstance(said, dict) else ""


def _is_slacks(address: str, api: str) -> bool:
    """Whether what people wrote may be sent there: Slack's own host, encrypted, or this machine's.

    A proxy or a broken answer could name any other.
    """
    wanted, host = urlsplit(address), urlsplit(api).hostname or ""
    if host in _LOOPBACK:
        return (wanted.hostname or "") in _LOOPBACK
    return wanted.scheme == "https" and f".{wanted.hostname}".endswith(_SLACKS_OWN)
