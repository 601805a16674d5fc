"""The bot's Home tab: for now what `/kaikaku 自分` shows, on one screen."""

from __future__ import annotations

from bot.views.blocks import Json
from bot.views.mine import Mine


def build_home(mine: Mine) -> Json:
    """The whole view; late items first."""
    raise NotImplementedError


def build_home_refusal(message: str) -> Json:
    """Home for somebody who is not registered."""
    raise NotImplementedError
