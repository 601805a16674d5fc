"""users.*: who is in the workspace; e-mail addresses only with the scope for them."""

from __future__ import annotations

from playground.errors import SlackRefusal
from playground.people import User
from playground.rules import Json
from playground.webapi.arguments import Arguments
from playground.webapi.context import Api, page


async def info(api: Api, args: Arguments) -> Json:
    """users.info: deactivated accounts are still described."""
    user = api.workspace.users.get(args.needed("user"))
    if user is None:
        raise SlackRefusal("user_not_found")
    return {"user": _describe(api, user)}


async def list_all(api: Api, args: Arguments) -> Json:
    """users.list: everyone, bots and the deactivated too, by small pages."""
    everyone = list(api.workspace.users.values())
    some, metadata = page(everyone, args, most=api.workspace.page_size)
    members = [_describe(api, user) for user in some]
    return {"members": members, "cache_ts": 0, "response_metadata": metadata}


async def lookup_by_email(api: Api, args: Arguments) -> Json:
    """users.lookupByEmail: active accounts only (`users_not_found`)."""
    user = api.workspace.user_by_email(args.needed("email"))
    if user is None:
        raise SlackRefusal("users_not_found")
    return {"user": _describe(api, user)}


def _describe(api: Api, user: User) -> Json:
    with_email = "users:read.email" in api.workspace.scopes
    return user.describe(team_id=api.workspace.team_id, with_email=with_email)
