"""What is brought up to date once something is stored: the letters sent about it, and Home."""

from __future__ import annotations

from slack_sdk.web.async_client import AsyncWebClient

from bot.services import letter_updates
from handlers import home
from handlers.deps import Deps


def bring_up_to_date(
    deps: Deps, client: AsyncWebClient, user_id: str, told: frozenset[int]
) -> None:
    """Change the letters of the people who were ``told``, and the Home of who did it.

    The receipt stands in a letter seconds later; what fails here, the clock does again.
    """
    if told:
        deps.background.start(_refresh(deps, told), action="letters.refresh")
    home.bring_up_to_date(deps, client, user_id)


async def _refresh(deps: Deps, told: frozenset[int]) -> None:
    await letter_updates.refresh_soon(deps.desk, deps.courier, told)
