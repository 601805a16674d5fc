"""「公表を記録する」: what is missing is shown, and the coordinator publishes the round."""

from __future__ import annotations

from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.errors import InvalidAnswers
from bot.domain.publications import Announcement
from bot.services import publications
from bot.views import publications as views
from bot.views.actions import PUBLICATION, PUBLICATION_OPEN, family
from bot.views.blocks import Json
from handlers import modals
from handlers.afterwards import bring_up_to_date
from handlers.buttons import number_of
from handlers.callers import Body, Screen, caller_of
from handlers.deps import Deps
from handlers.submissions import submitting


def register(app: AsyncApp, deps: Deps) -> None:
    """Listen for the buttons, and for what is submitted."""
    app.action(family(PUBLICATION_OPEN))(
        modals.opening(deps, _form, action="publication.open", above=True)
    )
    app.view(PUBLICATION)(submitting(deps, _published, action="publication"))


async def _form(deps: Deps, body: Body) -> Json:
    caller = caller_of(body, deps.team_id)
    return views.build_form(await publications.open_form(deps.desk, caller, number_of(body)))


async def _published(deps: Deps, body: Body, view: Screen, client: AsyncWebClient) -> Json:
    caller, typed = caller_of(body, deps.team_id), views.read_form(view)
    if typed.day is None:
        raise InvalidAnswers({views.DAY: views.DAY_MISSING})
    wanted = Announcement(typed.decision_number, typed.day, typed.address)
    done = await publications.publish(
        deps.office, caller, typed.round_id, wanted, anyway=typed.anyway
    )
    bring_up_to_date(deps, client, caller.user_id, done.told)
    return modals.update(views.build_published(done.published))
