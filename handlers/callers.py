"""Who is behind a payload."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.domain.errors import AccessDenied
from bot.domain.people import Refusal
from bot.services.viewers import Caller
from bot.views.refusals import refusal_words

Body = Mapping[str, Any]
Screen = Mapping[str, Any]  # a modal as it was submitted


def is_from(body: Body, team_id: str) -> bool:
    """Whether an event is of workspace ``team_id``: of others' people nothing is noted."""
    return body.get("team_id") in (None, team_id)


def caller_of(body: Body, team_id: str) -> Caller:
    """The account of a command, an action, or a submission in workspace ``team_id``.

    Raises AccessDenied for somebody of another organisation (a shared channel brings them).
    """
    user = body.get("user")
    if isinstance(user, Mapping):  # interactivity; a command has plain fields
        # In an organisation of several workspaces a colleague's home may be another of ours.
        home = None if body.get("enterprise") else user.get("team_id")
        teams = {home, (body.get("team") or {}).get("id")} - {None, ""}
        caller = Caller(team_id, str(user.get("id", "")))
    else:
        teams = {body.get("team_id")} - {None, ""}
        caller = Caller(team_id, str(body.get("user_id", "")))
    if teams - {team_id}:
        raise AccessDenied(refusal_words(Refusal.NOT_STAFF))
    return caller
