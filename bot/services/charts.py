"""The numbers behind the pictures, for one reader: counts that they may see, and nobody's text."""

from __future__ import annotations

from datetime import date

from bot.domain import people
from bot.domain.calendar import era_year, japanese_date
from bot.domain.charts import (
    Chart,
    Figure,
    Series,
    Tone,
    days_of,
    mark_series,
    marking_question,
    running_total,
    state_series,
)
from bot.domain.checkins import State, state_of
from bot.domain.confirmations import DecisionKind
from bot.domain.errors import AccessDenied, NotFound
from bot.domain.people import Refusal, Viewer
from bot.domain.status import ItemStatus
from bot.services import round_state, status, viewers
from bot.services.office import Office
from bot.services.round_state import RoundState
from bot.services.viewers import Caller
from bot.sheets.charts import draw_in_child
from bot.slack.uploads import Upload
from bot.views import charts as views
from bot.views import entry_words
from bot.views.charts import NAMES, NO_SECTION, REST, Charts, label_of
from bot.views.refusals import RefusalFacts, refusal_words
from bot.views.targets import AllTarget
from bot.views.words import day_words, moment_words
from storage.models import ReviewRound
from storage.unit_of_work import UnitOfWork

_COMMENT_LENGTH = 2800


async def of_round(office: Office, caller: Caller, round_id: int) -> Charts:
    """A round's pictures as this person may see them. Raises AccessDenied or NotFound."""
    today = office.today()
    async with office.database.read() as uow:
        viewer = await viewers.registered(uow, caller, today)
        state = await round_state.load_by_id(uow, round_id, today=today, forms=office.forms)
        if state is None:
            raise NotFound(entry_words.ITEM_NOT_FOUND)
        if not people.may_see_counts(viewer, state.unit_id):
            facts = RefusalFacts(state.unit.name, state.round.contact, state.round.extension)
            raise AccessDenied(refusal_words(Refusal.OTHER_UNIT, facts))
        found = [
            await _progress(uow, office, state),
            _sections(state, viewer),
            await _years(uow, office, state),
        ]
    figures = tuple(each for each in found if each is not None)
    title = state.info.full_title
    return Charts(title, str(round_id), figures, office.now(), state.round.dates)


async def of_units(office: Office, caller: Caller, target: AllTarget) -> Charts:
    """Every unit that this person may see, in official order. Raises AccessDenied."""
    found = await status.of_all(office, caller, year=target.fiscal_year, stage_key=target.stage)
    titles = {row.round.title for row in found.rows if row.round}
    common = titles.pop() if len(titles) == 1 else ""
    title = f"全区の状況　{common}".strip()
    figure = Figure(
        chart=Chart.UNITS,
        title=title,
        subtitle=f"入力と確認の件数(建制順)　{moment_words(office.now())} 現在",
        labels=tuple(label_of(row.unit_name) for row in found.rows),
        series=state_series([row.counts for row in found.rows]),
    )
    return Charts(title, target.encode(), (figure,) if found.rows else (), office.now())


async def picture(charts: Charts, chart: Chart) -> Upload:
    """One of the pictures as a file, the same in words beside it. Raises NotFound, NotDrawn."""
    figure = next((each for each in charts.figures if each.chart is chart), None)
    if figure is None or figure.is_empty:
        raise NotFound(entry_words.ITEM_NOT_FOUND)
    name = f"{charts.title.replace('　', '_').replace(' ', '_')}_{NAMES[chart]}.png"
    return Upload(
        name=name.replace("/", "_"),
        content=await draw_in_child(figure),
        title=f"{charts.title}　{NAMES[chart]}",
        comment=views.comment_of(figure, _COMMENT_LENGTH),
        alt=views.alternative(figure),
    )


async def _progress(uow: UnitOfWork, office: Office, state: RoundState) -> Figure | None:
    """Until the newest day, or until publication: when each item was first in, and confirmed."""
    dates = state.round.dates
    if state.today <= dates.opens:
        return None  # one day is no progress
    days = days_of(dates.opens, min(state.today, dates.publishes))
    first_in, confirmed = await _reached(uow, state)
    series = [Series("入力済", Tone.STRONG, running_total(days, first_in))]
    if state.round.levels:
        series.append(Series("確認済", Tone.MIDDLE, running_total(days, confirmed)))
    marked = days.index(dates.due) if dates.due in days else None
    return Figure(
        chart=Chart.PROGRESS,
        title=state.info.full_title,
        subtitle=f"はじめて入力された日ごとの累計　{moment_words(office.now())} 現在",
        labels=tuple(_day(day) for day in days),
        series=tuple(series),
        total=len(state.items),
        marked=marked,
        mark="" if marked is None else f"入力期限 {day_words(dates.due)}",
    )


async def _reached(uow: UnitOfWork, state: RoundState) -> tuple[list[date], list[date]]:
    """The days on which items were first complete, and on which they were first confirmed."""
    fields = {item.check_in.id: item.fields for item in state.items if item.check_in is not None}
    known = [check_in_id or 0 for check_in_id in fields]
    first_in: dict[int, date] = {}
    for row in await uow.check_ins.revisions(known):
        if state_of(fields[row.check_in_id], row.after) is not State.OUTSTANDING:
            first_in.setdefault(row.check_in_id, japanese_date(row.at))
    confirmed: dict[int, date] = {}
    for decision in await uow.decisions.of(known):
        last = decision.level >= state.round.levels
        if decision.kind == DecisionKind.CONFIRMED and last:
            confirmed.setdefault(decision.check_in_id, japanese_date(decision.at))
    return list(first_in.values()), list(confirmed.values())


def _sections(state: RoundState, viewer: Viewer) -> Figure | None:
    """A row for each section that the viewer reads in full; the others are one row together.

    Marks of a section with one item are that item's: they are not shown to who may not read it.
    """
    question = marking_question(state.round.stage)
    if question is None or not state.items:
        return None
    groups: dict[str, list[ItemStatus]] = {}
    hidden: set[str] = set()
    for item in state.items:
        name = label_of(item.status.sections[0]) if item.status.sections else NO_SECTION
        groups.setdefault(name, []).append(item.status)
        if not people.may_read(viewer, item.access(state.unit_id)):
            hidden.add(name)
    shown = {name: items for name, items in groups.items() if name not in hidden}
    rest = [item for name in groups if name in hidden for item in groups[name]]
    if rest:
        shown[REST if shown else label_of(state.unit.name)] = rest
    return Figure(
        chart=Chart.SECTIONS,
        title=state.info.full_title,
        subtitle=f"{question.label}　課ごとの件数",
        labels=tuple(shown),
        series=mark_series(shown, question),
    )


async def _years(uow: UnitOfWork, office: Office, state: RoundState) -> Figure | None:
    """The same stage of the unit's plan of the year before beside this one's."""
    question = marking_question(state.round.stage)
    before = await _year_before(uow, office, state)
    if question is None or before is None:
        return None
    groups = {
        era_year(state.round.fiscal_year): state.statuses,
        era_year(before.round.fiscal_year): before.statuses,
    }
    return Figure(
        chart=Chart.YEARS,
        title=f"{state.unit.name}　{state.round.stage.title}",
        subtitle=f"{question.label}　前の年度との比較(件数)",
        labels=tuple(groups),
        series=mark_series(groups, question),
    )


async def _year_before(uow: UnitOfWork, office: Office, state: RoundState) -> RoundState | None:
    """Also where answers came from a sheet and there was no round; None where nothing was in."""
    plan = await uow.plans.find(state.unit_id, state.form.key, state.plan.first_year - 1)
    if plan is None:
        return None
    stage = state.round.stage.key
    row = await uow.rounds.find(plan.id or 0, stage) or _round_like(state, plan.id or 0)
    found = await round_state.load(uow, row, today=state.today, forms=office.forms)
    return found if any(not item.outstanding for item in found.statuses) else None


def _round_like(state: RoundState, plan_id: int) -> ReviewRound:
    dates = state.round.dates
    return ReviewRound(
        plan_id=plan_id,
        stage=state.round.stage.key,
        opens=dates.opens,
        due=dates.due,
        closes=dates.closes,
        publishes=dates.publishes,
        ladder={},
    )


def _day(day: date) -> str:
    return f"{day.month}月{day.day}日"
