"""What only the coordinator of its unit may open."""

from __future__ import annotations

from bot.domain import people
from bot.domain.errors import AccessDenied
from bot.domain.people import Viewer
from bot.services import viewers
from bot.services.office import Office
from bot.services.viewers import Caller
from storage.models import Plan
from storage.unit_of_work import UnitOfWork


async def plan_for(
    office: Office, uow: UnitOfWork, caller: Caller, plan_id: int, *, refusal: str
) -> tuple[Viewer, Plan]:
    """A plan, and its unit's coordinator who opens it. Raises AccessDenied with these words."""
    viewer = await viewers.registered(uow, caller, office.today())
    plan = await uow.plans.get(plan_id)
    # The same words for a plan that is not theirs as for none: ids tell nobody what there is.
    if plan is None or not people.is_coordinator(viewer, plan.unit_id):
        raise AccessDenied(refusal)
    return viewer, plan
