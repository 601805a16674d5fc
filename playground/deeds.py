"""A person's deeds by name, as the control API takes them.

{do: "command", name, text} · {do: "say", text} · {do: "home"} · {do: "submit"} · {do: "close"}
{do: "drop", text, files: [{name, content: base64}]}
{do: "press", text, action_id, block_id, value, near, nth, ts?, on?}
{do: "choose", label, option, ts?} · {do: "fill", label, text} · {do: "check", label, options}
{do: "pick_date", label, date} · {do: "pick_user", label, user}
{do: "suggest", block_id, action_id, text}: the options of an external_select
{do: "enter", block_id, action_id, value, pressed?}: what the page does instead of these five

`ts` means a message (in the person's DM, or an ephemeral one); `on: "home"` the Home tab; else
the modal in front of them.
"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Awaitable, Callable
from typing import Final

from playground.errors import NotOnScreen
from playground.messages import Message
from playground.parts import Reply
from playground.people import User
from playground.person import Person
from playground.rules import Json
from playground.screen import Screen
from playground.stand_in import SlackStandIn

# Real seconds: how long Home may stay as it was, and how long it may stay empty.
_SOON, _LATE = 0.5, 5.0

WANTED = ("text", "action_id", "block_id", "value", "near", "nth")


async def perform(slack: SlackStandIn, user: User, body: Json) -> Json:
    """Do one deed; raises KeyError for an unknown one and NotOnScreen as people would."""
    person = slack.as_user(user)
    if body["do"] in IN_MESSAGES and "ts" in body:
        return await IN_MESSAGES[body["do"]](person, _message(slack, user, body["ts"]), body)
    if body["do"] in BY_PERSON:
        return await BY_PERSON[body["do"]](person, body)
    return await ON_SCREEN[body["do"]](_screen(person, body), body)


def _message(slack: SlackStandIn, user: User, ts: str) -> Message:
    for message in [*slack.messages(user), *slack.ephemerals(user)]:
        if message.ts == ts:
            return message
    raise NotOnScreen("the message is not there")


def _screen(person: Person, body: Json) -> Screen:
    screen = person.home if body.get("on") == "home" else person.modal
    if screen is None:
        raise NotOnScreen("nothing is open")
    return screen


def _wanted(body: Json) -> Json:
    return {key: body[key] for key in WANTED if body.get(key) is not None}


def _reply(reply: Reply | None) -> Json:
    return {"sent": reply is not None, "problem": reply.error if reply else None}


async def _command(person: Person, body: Json) -> Json:
    return _reply(await person.command(str(body["name"]), str(body.get("text", ""))))


async def _say(person: Person, body: Json) -> Json:
    return {"ts": (await person.say(str(body["text"]))).ts}


async def _drop(person: Person, body: Json) -> Json:
    put = [(str(each["name"]), b64decode(each["content"])) for each in body["files"]]
    return {"ts": (await person.drop(*put, text=str(body.get("text", "")))).ts}


async def _home(person: Person, _body: Json) -> Json:
    """What was published stands there until the app publishes anew, which it need not do."""
    known = person.home
    try:
        return {"home": (await person.open_home(timeout=_SOON if known else _LATE)).view}
    except TimeoutError:
        if known is None:
            raise
        return {"home": known.view}


async def _press_in_message(person: Person, message: Message, body: Json) -> Json:
    return _reply(await person.press(message, **_wanted(body)))


async def _choose_in_message(person: Person, message: Message, body: Json) -> Json:
    return _reply(await person.choose(message, str(body["label"]), str(body["option"])))


async def _press(screen: Screen, body: Json) -> Json:
    return _reply(await screen.press(**_wanted(body)))


async def _choose(screen: Screen, body: Json) -> Json:
    return _reply(await screen.choose(str(body["label"]), str(body["option"])))


async def _fill(screen: Screen, body: Json) -> Json:
    enter = bool(body.get("enter"))
    return _reply(await screen.fill(str(body["label"]), str(body["text"]), enter=enter))


async def _check(screen: Screen, body: Json) -> Json:
    return _reply(await screen.check(str(body["label"]), *map(str, body["options"])))


async def _uncheck(screen: Screen, body: Json) -> Json:
    return _reply(await screen.uncheck(str(body["label"]), *map(str, body["options"])))


async def _pick_date(screen: Screen, body: Json) -> Json:
    return _reply(await screen.pick_date(str(body["label"]), body["date"]))


async def _pick_user(screen: Screen, body: Json) -> Json:
    return _reply(await screen.pick_user(str(body["label"]), body["user"]))


async def _enter(screen: Screen, body: Json) -> Json:
    ids = (str(body["block_id"]), str(body["action_id"]))
    return _reply(await screen.enter(*ids, body["value"], pressed=bool(body.get("pressed"))))


async def _suggest(screen: Screen, body: Json) -> Json:
    ids = (str(body["block_id"]), str(body["action_id"]))
    return {"options": await screen.offered(*ids, str(body.get("text", "")))}


async def _submit(screen: Screen, _body: Json) -> Json:
    result = await screen.submit()
    return {"outcome": result.outcome, "errors": result.errors, "problem": result.error}


async def _close(screen: Screen, body: Json) -> Json:
    return _reply(await screen.close(all_views=bool(body.get("all"))))


BY_PERSON: Final[dict[str, Callable[[Person, Json], Awaitable[Json]]]] = {
    "command": _command,
    "say": _say,
    "drop": _drop,
    "home": _home,
}
IN_MESSAGES: Final[dict[str, Callable[[Person, Message, Json], Awaitable[Json]]]] = {
    "press": _press_in_message,
    "choose": _choose_in_message,
}
ON_SCREEN: Final[dict[str, Callable[[Screen, Json], Awaitable[Json]]]] = {
    "press": _press,
    "choose": _choose,
    "fill": _fill,
    "check": _check,
    "uncheck": _uncheck,
    "pick_date": _pick_date,
    "pick_user": _pick_user,
    "enter": _enter,
    "suggest": _suggest,
    "submit": _submit,
    "close": _close,
}
