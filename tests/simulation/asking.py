"""People who ask instead of answering, name a day, answer questions and nudge; and what then holds.

Who waits for the coordinator's answer about an item is not told of it, and who has named a day
hears nothing of the round until then; a nudge by hand comes once a day.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from bot.domain.calendar import japanese_date
from bot.domain.consultations import ConsultationKind, is_silent_until, speaks_again_on
from bot.domain.letters import LetterKind
from bot.services import consultations, nudges
from bot.services.viewers import Caller
from bot.views.consultations import Asked
from bot.views.targets import Target
from tests.simulation.process import Process
from tests.simulation.slack import TEAM, Message
from tests.simulation.town import Resident, Ward
from tests.simulation.truth import LetterNow, RoundNow
from tests.simulation.world import World

Found = Iterator[str]


# --- what people do -------------------------------------------------------------------------------


async def ask_the_coordinator(world: World, ward: Ward, process: Process) -> None:
    """About some of what is asked of them."""
    caller = Caller(TEAM, _somebody(world, ward).user)
    asking = await consultations.open_ask(process.office, caller)
    chosen = [
        Target(round_.round_id, item.initiative_id)
        for round_, item in asking.items
        if world.chance(0.5)
    ]
    if chosen:
        typed = Asked(tuple(chosen), world.rng.choice(tuple(ConsultationKind)), "")
        await consultations.ask(process.office, caller, typed)
        world.ledger.done("consultation.ask")


async def answer_a_question(world: World, ward: Ward, process: Process) -> None:
    """The coordinator answers the oldest that waits."""
    waiting = world.truth.rows(
        "SELECT c.id FROM consultation c JOIN review_round r ON r.id = c.round_id"
        " JOIN plan p ON p.id = r.plan_id WHERE p.unit_id = ? AND c.answered_at IS NULL"
        " ORDER BY c.id",
        ward.unit_id,
    )
    if waiting:
        caller = Caller(TEAM, ward.staff["coordinator"].user)
        await consultations.reply(process.office, caller, waiting[0][0], "そのままお願いします。")
        world.ledger.done("consultation.answer")


async def name_a_day(world: World, ward: Ward, process: Process) -> None:
    """On which they mean to answer; some name one that can't be named, and are refused."""
    caller = Caller(TEAM, _somebody(world, ward).user)
    planning = await consultations.open_plan(process.office, caller)
    day = world.clock.today() + timedelta(days=world.rng.randint(1, 9))
    named = min(day, planning.suggested)
    await consultations.plan(process.office, caller, planning.round.round_id, named)
    world.ledger.done("planned-date.set")


async def nudge_who_is_late(world: World, ward: Ward, process: Process) -> None:
    """The coordinator writes to all who are late, with a sentence or without one."""
    caller = Caller(TEAM, ward.staff["coordinator"].user)
    for round_ in world.truth.rounds_open_on(world.clock.today()):
        if round_.unit_id == ward.unit_id:
            note = world.rng.choice(("", "金曜日の朝に集計します。"))
            await nudges.send_all(process.office, caller, round_.round.id, note)
            world.ledger.done("nudge.send")


def _somebody(world: World, ward: Ward) -> Resident:
    return world.rng.choice([each for each in ward.owners if each.user])


# --- what holds -----------------------------------------------------------------------------------


def nothing_about_what_waits_for_an_answer(
    world: World, message: Message, letter: LetterNow | None
) -> Found:
    """No scheduled notice asks for what its reader has asked the coordinator about."""
    if letter is None or letter.kind != LetterKind.NOTICE:
        return
    for target in message.screen.asks:
        round_ = world.truth.round(target.round_id)
        if is_consulted(world, round_, target.initiative_id, letter.person_id) and not _is_fresh(
            world, round_
        ):
            yield f"{message.user} is asked for item {target.initiative_id}, and has a question"


def nothing_before_the_named_day(world: World, message: Message, letter: LetterNow | None) -> Found:
    """No scheduled notice about a round comes before the morning that its reader has named."""
    if letter is None or letter.kind != LetterKind.NOTICE:
        return
    for round_id in {target.round_id for target in message.screen.asks}:
        round_ = world.truth.round(round_id)
        planned = named_day(world, round_, letter.person_id)
        if is_silent_until(planned, japanese_date(message.at)) and not _is_fresh(world, round_):
            yield f"{message.user} is told of round {round_id} before {planned}"


def one_nudge_a_day(world: World, message: Message, letter: LetterNow | None) -> Found:
    """A person is nudged by hand once a day at most; not counted where the clock is wrong."""
    if letter is None or letter.kind != LetterKind.NUDGE or message.day in world.clock.wrong_on:
        return
    found = [
        each
        for each in world.slack.messages(message.user)
        if each.day == message.day and _is_nudge(world, each)
    ]
    if len(found) > 1:
        yield f"{message.user} is nudged {len(found)} times on {message.day}"


def is_consulted(world: World, round_: RoundNow, item: int, person_id: int) -> bool:
    """Whether somebody waits for the coordinator's answer about an item."""
    found = world.truth.rows(
        "SELECT count(*) FROM consultation WHERE round_id = ? AND initiative_id = ?"
        " AND person_id = ? AND answered_at IS NULL",
        round_.round.id,
        item,
        person_id,
    )
    return bool(found[0][0])


def named_day(world: World, round_: RoundNow, person_id: int) -> date | None:
    """The day on whose morning somebody wants to hear of a round again."""
    found = world.truth.rows(
        "SELECT day FROM planned_date WHERE round_id = ? AND person_id = ?",
        round_.round.id,
        person_id,
    )
    if not found:
        return None
    day = found[0][0]
    planned = date.fromisoformat(day) if isinstance(day, str) else day
    return speaks_again_on(planned, due=round_.round.dates.due, calendar=round_.calendar)


def _is_nudge(world: World, message: Message) -> bool:
    letter = world.truth.letter(message.token)
    return letter is not None and letter.kind == LetterKind.NUDGE


def _is_fresh(world: World, round_: RoundNow) -> bool:
    """Whether the unit was changed within the last minute: a letter may not have known."""
    return world.seconds() - world.town.ward_of(round_.unit_id).edited_at < 60.0
