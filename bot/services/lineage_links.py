"""What items of a plan continue, as the unit's coordinator says where number or title changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bot.domain.errors import InvalidAnswers
from bot.domain.form import Form
from bot.domain.people import Viewer
from bot.domain.units import fold_name
from bot.services import coordinators
from bot.services.actors import Actor
from bot.services.office import Office
from bot.services.trails import Trail
from bot.services.viewers import Caller
from bot.views import lineages as views
from bot.views.additions import plan_title
from bot.views.lineages import Earlier, LinkForm, LinkItem, TypedLinks
from bot.views.targets import LinkTarget
from storage.models import Initiative, InitiativeLink, Plan
from storage.unit_of_work import UnitOfWork


async def open_form(office: Office, caller: Caller, target: LinkTarget) -> LinkForm:
    """A plan's items with what they continue. AccessDenied to all but the unit's coordinator."""
    async with office.database.read() as uow:
        _, plan = await coordinators.plan_for(
            office, uow, caller, target.plan_id, refusal=views.MAY_NOT
        )
        return await _form(office, uow, plan, target)


async def search(office: Office, caller: Caller, plan_id: int, text: str) -> list[Earlier]:
    """The items of the unit's earlier plans that a text may mean, the nearest year first.

    By number, else by any part of the title; all of them for no text. Raises AccessDenied.
    """
    wanted = fold_name(text)
    async with office.database.read() as uow:
        _, plan = await coordinators.plan_for(office, uow, caller, plan_id, refusal=views.MAY_NOT)
        listed = await uow.lineages.earlier(plan)
    earlier = {item.id: _earlier(office, item, of) for item, of in listed}
    exact = [item.id for item, _ in listed if wanted and fold_name(item.code) == wanted]
    others = [
        key
        for key, each in earlier.items()
        if key not in exact and wanted in fold_name(views.earlier_words(each))
    ]
    return [earlier[key] for key in (*exact, *others)]


async def save(office: Office, caller: Caller, typed: TypedLinks) -> tuple[LinkForm, int]:
    """Store what was chosen, once however often it comes; how many links that changed.

    Raises InvalidAnswers for what is no item of an earlier plan of the unit, AccessDenied.
    """
    async with office.database.begin() as uow:
        await uow.units.hold()
        viewer, plan = await coordinators.plan_for(
            office, uow, caller, typed.target.plan_id, refusal=views.MAY_NOT
        )
        await _refuse_strange(uow, plan, typed.changes)
        saved = 0
        for item_id, follows_id in typed.changes.items():
            saved += await _save_one(office, uow, viewer, item_id, follows_id)
        form = await _form(office, uow, plan, typed.target)
        if saved:
            await uow.commit()
    return form, saved


async def _form(office: Office, uow: UnitOfWork, plan: Plan, target: LinkTarget) -> LinkForm:
    unit = await uow.units.get(plan.unit_id)
    items = await uow.plans.initiatives(plan.id or 0)
    ties = await uow.lineages.ties(plan.id or 0)
    listed = await uow.lineages.earlier(plan)
    earlier = {item.id or 0: _earlier(office, item, of) for item, of in listed}
    titles = _by_title(earlier.values(), taken={follows for follows, _ in ties.values()})
    form = office.forms[plan.form]
    return LinkForm(
        plan_title=plan_title(unit.name if unit else "", plan.last_year, form.name),
        items=tuple(_item(form, each, ties, earlier, titles) for each in items),
        target=target,
        has_earlier=bool(earlier),
    )


def _item(
    form: Form,
    item: Initiative,
    ties: Mapping[int, tuple[int, bool]],
    earlier: Mapping[int, Earlier],
    titles: Mapping[str, Earlier],
) -> LinkItem:
    follows, is_link = ties.get(item.id or 0, (0, False))
    tied = earlier.get(follows)
    return LinkItem(
        id=item.id or 0,
        code=form.shown_code(item.code),
        title=item.title,
        linked=tied if is_link else None,
        namesake=None if is_link else tied,
        proposed=None if tied else titles.get(fold_name(item.title)),
    )


def _by_title(listed: Iterable[Earlier], *, taken: set[int]) -> dict[str, Earlier]:
    """What a title alone would mean: of the nearest year, and continued by nothing yet."""
    found: dict[str, Earlier] = {}
    for each in listed:
        if each.id not in taken and each.title:
            found.setdefault(fold_name(each.title), each)
    return found


def _earlier(office: Office, item: Initiative, plan: Plan) -> Earlier:
    form = office.forms.get(plan.form)
    code = form.shown_code(item.code) if form else item.code
    return Earlier(item.id or 0, plan.last_year, code, item.title)


async def _refuse_strange(uow: UnitOfWork, plan: Plan, changes: Mapping[int, int]) -> None:
    known = {item.id for item, _ in await uow.lineages.earlier(plan)}
    ours = {item.id for item in await uow.plans.initiatives(plan.id or 0)}
    faults = {
        str(item): views.NOT_EARLIER
        for item, follows in changes.items()
        if item not in ours or (follows and follows not in known)
    }
    if faults:
        raise InvalidAnswers(faults)


async def _save_one(
    office: Office, uow: UnitOfWork, viewer: Viewer, item_id: int, follows_id: int
) -> bool:
    """Whether anything has changed by it."""
    stored = await uow.lineages.link(item_id)
    before = stored.follows_id if stored else 0
    if before == follows_id:
        return False
    if stored is not None and follows_id:
        stored.follows_id = follows_id
        await uow.lineages.add(stored)
    elif follows_id:
        await uow.lineages.add(InitiativeLink(initiative_id=item_id, follows_id=follows_id))
    else:
        await uow.lineages.remove(item_id)
    Trail(uow, office.now(), Actor.of(viewer)).note(
        "lineage.link" if follows_id else "lineage.unlink",
        f"initiative:{item_id}",
        {"before": before or None, "follows": follows_id or None},
    )
    return True
