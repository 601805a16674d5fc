"""views.*: modals opened, pushed and updated, and Home tabs published."""

from __future__ import annotations

from playground.errors import SlackRefusal
from playground.rules import Json
from playground.screens import View
from playground.surfaces import check_view
from playground.webapi.arguments import Arguments
from playground.webapi.context import Api


async def open_view(api: Api, args: Arguments) -> Json:
    """views.open: spends the trigger; what was open before is replaced."""
    trigger_id, payload = args.needed("trigger_id"), _modal(args)
    trigger = api.triggers.redeem(trigger_id)
    view = api.screens.open(trigger.user_id, payload)
    trigger.view_id = view.id
    return _answer(api, view)


async def push(api: Api, args: Arguments) -> Json:
    """views.push: three views in all."""
    trigger_id, payload = args.needed("trigger_id"), _modal(args)
    trigger = api.triggers.redeem(trigger_id)
    view = api.screens.push(trigger.user_id, payload)
    trigger.view_id = view.id
    return _answer(api, view)


async def update(api: Api, args: Arguments) -> Json:
    """views.update, by view_id or external_id; hidden views of a stack can be updated too."""
    if bool(args.text("view_id")) == bool(args.text("external_id")):
        raise SlackRefusal("invalid_arguments", messages=["either view_id or external_id"])
    payload = _modal(args)
    view = api.screens.find(view_id=args.text("view_id"), external_id=args.text("external_id"))
    return _answer(api, api.screens.update(view, payload, view_hash=args.text("hash")))


async def publish(api: Api, args: Arguments) -> Json:
    """views.publish: the Home tab of one person."""
    user = api.workspace.users.get(args.needed("user_id"))
    if user is None:
        raise SlackRefusal("user_not_found")
    payload = args.structure("view")
    check_view(payload, kind="home")
    return _answer(api, api.screens.publish(user.id, payload, view_hash=args.text("hash")))


def _modal(args: Arguments) -> Json:
    payload: Json = args.structure("view")
    check_view(payload, kind="modal")
    return payload


def _answer(api: Api, view: View) -> Json:
    return {"view": api.screens.describe(view)}
