"""The table of Web API methods, with the scope each needs and the token it takes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from playground.webapi import auth, chat, conversations, files, users, views_api
from playground.webapi.context import Method


@dataclass(frozen=True)
class Entry:
    """One method; an empty scope means that none is needed."""

    run: Method
    scope: str = ""
    app_token: bool = False


METHODS: Final[dict[str, Entry]] = {
    "auth.test": Entry(auth.test),
    "apps.connections.open": Entry(auth.open_connection, app_token=True),
    "chat.postMessage": Entry(chat.post_message, "chat:write"),
    "chat.postEphemeral": Entry(chat.post_ephemeral, "chat:write"),
    "chat.update": Entry(chat.update, "chat:write"),
    "chat.delete": Entry(chat.delete, "chat:write"),
    "chat.getPermalink": Entry(chat.get_permalink),
    "conversations.open": Entry(conversations.open_direct, "im:write"),
    "conversations.info": Entry(conversations.info, "im:read"),
    "conversations.members": Entry(conversations.members, "im:read"),
    "conversations.history": Entry(conversations.history, "im:history"),
    "views.open": Entry(views_api.open_view),
    "views.push": Entry(views_api.push),
    "views.update": Entry(views_api.update),
    "views.publish": Entry(views_api.publish),
    "users.info": Entry(users.info, "users:read"),
    "users.list": Entry(users.list_all, "users:read"),
    "users.lookupByEmail": Entry(users.lookup_by_email, "users:read.email"),
    "files.getUploadURLExternal": Entry(files.get_upload_url, "files:write"),
    "files.completeUploadExternal": Entry(files.complete_upload, "files:write"),
    "files.info": Entry(files.info, "files:read"),
}
