"""The buttons of letters that are about the letter and not about one item."""

from __future__ import annotations

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond

from bot.services.mine import open_mine
from bot.views.actions import LETTER_MORE, family
from bot.views.blocks import Rendered
from bot.views.mine import render_mine
from handlers import replies
from handlers.callers import Body, caller_of
from handlers.deps import Deps


def register(app: AsyncApp, deps: Deps) -> None:
    """Listen for 「ほかN件を見る」."""

    async def more(ack: AsyncAck, body: Body, respond: AsyncRespond) -> None:
        await ack()
        replies.answer(deps, body, respond, _all_of_mine(deps, body), action="letter.more")

    app.action(family(LETTER_MORE))(more)


async def _all_of_mine(deps: Deps, body: Body) -> Rendered:
    return render_mine(await open_mine(deps.desk, caller_of(body, deps.team_id)))
