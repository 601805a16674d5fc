"""files.*: the three steps of an upload, and what is known of a file."""

from __future__ import annotations

import dataclasses

from playground import limits
from playground.errors import SlackRefusal
from playground.files import File
from playground.rules import Json
from playground.webapi.arguments import Arguments
from playground.webapi.context import Api


async def get_upload_url(api: Api, args: Arguments) -> Json:
    """files.getUploadURLExternal: the first step; `length` is in bytes."""
    workspace = api.workspace
    length = args.number("length", 0)
    if length <= 0:
        raise SlackRefusal("invalid_arguments", messages=["missing required field: length"])
    alt = args.text("alt_txt")
    if len(alt) > limits.FILE_ALT_TEXT:
        raise SlackRefusal("alt_txt_too_large")
    file_id = workspace.next_id("F")
    name = args.needed("filename")
    workspace.files[file_id] = File(file_id, name, length, workspace.bot_user_id, alt=alt)
    return {"upload_url": f"{api.base_url}upload/v1/{file_id}", "file_id": file_id}


def receive_upload(api: Api, file_id: str, content: bytes) -> bool:
    """The second step: the bytes arrive; false for an unknown file or a wrong length."""
    file = api.workspace.files.get(file_id)
    if file is None or file.content is not None or len(content) != file.length:
        return False
    api.workspace.files[file_id] = dataclasses.replace(file, content=content)
    return True


async def complete_upload(api: Api, args: Arguments) -> Json:
    """files.completeUploadExternal: the last step, once; shares the files if told where."""
    listed = args.structure("files") or []
    if not listed:
        raise SlackRefusal("invalid_arguments", messages=["missing required field: files"])
    channel_id = args.text("channel_id") or args.text("channels")
    shared = (channel_id,) if channel_id else ()
    files = [_complete(api, item, shared) for item in listed]
    described = [file.describe(api.base_url) for file in files]
    if channel_id:
        _share(api, channel_id, described, args)
    return {"files": described}


async def info(api: Api, args: Arguments) -> Json:
    """files.info: files whose upload is complete."""
    file = api.workspace.files.get(args.needed("file"))
    if file is None or not file.complete:
        raise SlackRefusal("file_not_found")
    return {"file": file.describe(api.base_url)}


def _complete(api: Api, item: Json, shared: tuple[str, ...]) -> File:
    file = api.workspace.files.get(str(item.get("id")))
    if file is None or file.content is None or file.complete:
        raise SlackRefusal("file_not_found")
    title = str(item.get("title") or file.name)
    done = dataclasses.replace(file, title=title, complete=True, channels=shared)
    api.workspace.files[file.id] = done
    return done


def _share(api: Api, channel_id: str, described: list[Json], args: Arguments) -> None:
    workspace = api.workspace
    is_user = channel_id in workspace.users
    # `channel_id` wants a conversation; `channels` takes users' ids as well.
    if is_user and args.text("channel_id"):
        raise SlackRefusal("channel_not_found")
    find = workspace.direct_channel if is_user else workspace.channel
    channel = find(channel_id)
    content = {"text": args.text("initial_comment"), "files": tuple(described)}
    message = workspace.post(channel, user=workspace.bot_user_id, **content)
    api.events.emit_message(channel, message)
