"""auth.test and apps.connections.open: who is calling, and the way into Socket Mode."""

from __future__ import annotations

from playground.rules import Json
from playground.webapi.arguments import Arguments
from playground.webapi.context import Api


async def test(api: Api, _args: Arguments) -> Json:
    """auth.test; the granted scopes are in the X-OAuth-Scopes header of every answer."""
    workspace = api.workspace
    return {
        "url": api.base_url,
        "team": "あおぞら区",
        "user": "kaikaku",
        "team_id": workspace.team_id,
        "user_id": workspace.bot_user_id,
        "bot_id": workspace.bot_id,
        "is_enterprise_install": False,
    }


async def open_connection(api: Api, _args: Arguments) -> Json:
    """apps.connections.open: a WebSocket address that works once."""
    address = api.base_url.replace("http://", "ws://")
    return {"url": f"{address}link/?ticket={api.sockets.ticket()}&app_id={api.workspace.app_id}"}
