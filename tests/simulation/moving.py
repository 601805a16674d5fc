"""People who are away, come back, and hand over what they answer for; and what then holds.

Who is away is asked for nothing, and who stands in for them is.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from bot.domain.absences import stand_in_key
from bot.domain.calendar import japanese_date
from bot.domain.handovers import REMEMBERED
from bot.domain.letters import LetterKind
from bot.domain.rounds import StepKind
from bot.services import absences, handovers
from bot.services.viewers import Caller
from bot.views.absences import TypedAbsence
from bot.views.handovers import TypedHandover
from tests.simulation.process import Process
from tests.simulation.slack import TEAM, Message
from tests.simulation.town import Resident, Ward
from tests.simulation.truth import LetterNow, RoundNow
from tests.simulation.world import World

Found = Iterator[str]

_DURING = "cancelled_at IS NULL AND first <= ? AND (last IS NULL OR last >= ?)"


# --- what people do -------------------------------------------------------------------------------


async def be_away(world: World, ward: Ward, process: Process) -> None:
    """From today or soon, for some days or for nobody knows how long, with a deputy or without."""
    person, deputy = _somebody(world, ward), _somebody(world, ward)
    first = world.clock.today() + timedelta(days=world.rng.choice((0, 0, 1, 3)))
    last = first + timedelta(days=world.rng.randint(0, 12)) if world.chance(0.8) else None
    named = deputy.user if deputy is not person and world.chance(0.6) else ""
    typed = TypedAbsence(person.person_id, first, last, named)
    await absences.enter(process.office, Caller(TEAM, person.user), typed)


async def come_back(world: World, ward: Ward, process: Process) -> None:
    """Before the time, or without having been away."""
    today = world.clock.today().isoformat()
    for each in [each for each in ward.owners if each.user]:
        rows = world.truth.rows(
            "SELECT id FROM absence WHERE person_id = ? AND cancelled_at IS NULL"
            " AND (last IS NULL OR last >= ?) ORDER BY id",
            each.person_id,
            today,
        )
        if rows:
            await absences.end(process.office, Caller(TEAM, each.user), rows[0][0])
            return


async def hand_over(world: World, ward: Ward, process: Process) -> None:
    """Everything that one person answers for passes to another, today or some day soon."""
    former, owner = _somebody(world, ward), _somebody(world, ward)
    first = world.clock.today() + timedelta(days=world.rng.choice((0, 1, 7)))
    typed = TypedHandover(ward.unit_id, former.user, owner.user, first=first)
    caller = Caller(TEAM, ward.staff["coordinator"].user)
    await handovers.enter(process.office, caller, typed)


def _somebody(world: World, ward: Ward) -> Resident:
    return world.rng.choice([each for each in ward.owners if each.user])


# --- what holds -----------------------------------------------------------------------------------


def nothing_to_who_is_away(world: World, message: Message, letter: LetterNow | None) -> Found:
    """Who is away gets no scheduled notice."""
    if letter is None or letter.kind != LetterKind.NOTICE:
        return
    day = japanese_date(message.at)
    if is_away(world, letter.person_id, day) and not _was_edited(world):
        yield f"{message.user} is away on {day}, and got letter {letter.id}"


def tells_news(world: World, message: Message, letter: LetterNow) -> bool:
    """Whether a notice says something though it asks for nothing: of an absence or a transfer."""
    lines = world.truth.lines(letter.id)
    return "引き継" in str(message.screen.blocks) or (
        not lines
        or any(step.startswith(f"{StepKind.RETURN}:") for _, step in lines)
        or "担当になりました" in str(message.screen.blocks)
    )


def is_away(world: World, person_id: int, day: date) -> bool:
    """Whether somebody is away on a day."""
    query = f"SELECT id FROM absence WHERE person_id = ? AND {_DURING}"
    return bool(world.truth.rows(query, person_id, day.isoformat(), day.isoformat()))


def has_to_do_with(world: World, person_id: int, item: int, day: date) -> bool:
    """Whether somebody stands in for an owner of an item, or has handed it over not long ago."""
    owners = world.truth.owners(item, day)
    for owner, deputy, _ in owners:
        if is_away(world, owner, day) and person_id in {deputy, _named(world, owner, day)}:
            return True
    since, until = day - REMEMBERED - timedelta(days=1), day - timedelta(days=1)
    return bool(
        world.truth.rows(
            "SELECT id FROM ownership WHERE initiative_id = ? AND person_id = ?"
            " AND valid_to BETWEEN ? AND ?",
            item,
            person_id,
            since.isoformat(),
            until.isoformat(),
        )
    )


def stood_in_for(world: World, round_: RoundNow, today: date) -> Iterator[tuple[int, int]]:
    """Deputies and the owners in whose place they are asked for an open item since yesterday."""
    for item in world.truth.initiatives(round_.round.plan_id):
        if world.truth.item(item, round_.round.stage.key).revision:
            continue
        owners = world.truth.owners(item, today)
        for owner, deputy, _ in owners:
            if not is_away(world, owner, today) or _entered_lately(world, owner, today):
                continue
            named = (_named(world, owner, today), deputy)
            found = next((p for p in named if p and not is_away(world, p, today)), None)
            if found and found not in {each for each, _, _ in owners}:
                yield found, owner


def step_for(step: str, owner: int) -> str:
    """The key under which a deputy is told a step."""
    return stand_in_key(step, owner)


def _named(world: World, owner: int, day: date) -> int | None:
    query = f"SELECT deputy_id FROM absence WHERE person_id = ? AND {_DURING} ORDER BY first, id"
    rows = world.truth.rows(query, owner, day.isoformat(), day.isoformat())
    return rows[-1][0] if rows else None


def _entered_lately(world: World, owner: int, today: date) -> bool:
    """Whether an absence of theirs, or its end, is of these days: deputies hear in the morning."""
    rows = world.truth.rows("SELECT max(at) FROM absence WHERE person_id = ?", owner)
    return str(rows[0][0])[:10] >= (today - timedelta(days=1)).isoformat()


def _was_edited(world: World) -> bool:
    return any(world.seconds() - ward.edited_at < 60 for ward in world.town.wards)
