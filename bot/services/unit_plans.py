"""What a unit's round would bring about with other settings: who is written to, anew or no more."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from bot.domain.calendar import OfficeCalendar
from bot.domain.plans import PlanState
from bot.services import round_previews
from bot.services.office import Office
from bot.services.round_places import Place
from bot.services.round_previews import PlannedNotice, RoundPreview
from bot.services.rounds import columns, dates_of
from bot.services.units import pause_on
from bot.views.round_previews import Confirming, Sending, UnitPlan
from storage.models import ReviewRound
from storage.unit_of_work import UnitOfWork


async def plan_of(uow: UnitOfWork, office: Office, place: Place, row: ReviewRound) -> UnitPlan:
    """What ``row``, which is not stored, would bring about in place of what is."""
    found = await round_previews.preview_of(uow, office, place.unit, row)
    today, draft = office.today(), place.plan.state != PlanState.FINAL
    coming = [] if draft else _coming(found, today, place.calendar)
    before: list[PlannedNotice] = []
    if place.row is not None and not draft:
        stored = await round_previews.preview_of(uow, office, place.unit, place.row)
        before = _coming(stored, today, place.calendar)
    known, kept = {_key(each) for each in before}, {_key(each) for each in coming}
    sendings = [
        *_sendings((each for each in coming if _key(each) not in known), anew=True),
        *_sendings((each for each in coming if _key(each) in known), anew=False),
    ]
    return UnitPlan(
        title=place.title,
        dates=dates_of(row),
        before=dates_of(place.row) if place.row else None,
        levels=row.levels,
        sendings=tuple(sorted(sendings, key=lambda each: each.day)),
        dropped=tuple(_sendings((each for each in before if _key(each) not in kept), anew=False)),
        confirming=tuple(
            Confirming(each.level, each.person, len(each.items)) for each in found.confirmers
        ),
        closed_days=tuple(
            key
            for key, day in columns(dates_of(row)).items()
            if not place.calendar.is_business_day(day)
        ),
        draft=draft,
        paused_until=pause_on(place.unit, today),
        unowned=found.unowned,
        unconfirmable=found.unconfirmable,
        unreachable=found.without_account,
        without_items=found.without_items,
    )


def _coming(found: RoundPreview, today: date, calendar: OfficeCalendar) -> list[PlannedNotice]:
    reached = [each for each in found.notices if each.reachable]
    return list(round_previews.upcoming(reached, today, calendar))


def _key(notice: PlannedNotice) -> tuple[int, str]:
    return notice.person_id, notice.step


def _sendings(notices: Iterable[PlannedNotice], *, anew: bool) -> list[Sending]:
    """One line for a step on a day, with everybody who gets it."""
    grouped: dict[tuple[date, str], list[PlannedNotice]] = {}
    for each in notices:
        grouped.setdefault((each.day, each.step), []).append(each)
    return [
        Sending(
            day,
            step,
            tuple(dict.fromkeys(each.person for each in together)),
            len({code for each in together for code in each.items}),
            anew,
        )
        for (day, step), together in sorted(grouped.items())
    ]
