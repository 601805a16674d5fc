"""「庁内メール用の文面を出す」: what to write to those whom Slack does not reach."""

from __future__ import annotations

from slack_bolt.async_app import AsyncApp

from bot.domain.errors import NotFound
from bot.services import mails
from bot.views import entry_words
from bot.views.actions import LETTER_MAIL, family
from bot.views.blocks import Json
from bot.views.mails import build_mail
from bot.views.targets import Page, decode_number
from handlers import modals
from handlers.buttons import value_of
from handlers.callers import Body, caller_of
from handlers.deps import Deps


def register(app: AsyncApp, deps: Deps) -> None:
    """Listen for the button, and for those that turn to the next person."""
    app.action(family(LETTER_MAIL))(modals.opening(deps, _page, action="mail.open"))


async def _page(deps: Deps, body: Body) -> Json:
    caller, value = caller_of(body, deps.team_id), value_of(body)
    round_id = decode_number(value)
    page = Page(round_id) if round_id is not None else Page.decode(value)
    if page is None:
        raise NotFound(entry_words.ITEM_NOT_FOUND)
    return build_mail(await mails.open_page(deps.desk, caller, page))
