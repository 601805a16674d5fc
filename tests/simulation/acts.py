"""What happens in an office besides answering: edits, transfers, pauses, absences, disasters."""

from __future__ import annotations

import gc
from collections.abc import Awaitable, Callable, Sequence
from datetime import date, timedelta

from bot.domain.errors import KaikakuError
from bot.domain.people import Period, Role
from bot.domain.roster import Roster, RosterRow
from bot.domain.youshiki3 import FORMS
from bot.services import account_changes, backups, sweep
from bot.services.office import Office
from bot.services.pauses import pause_unit, resume_unit
from bot.services.people import import_people
from bot.services.rounds import RoundSettings, set_round
from bot.services.units import UnitChange, find, set_unit
from bot.services.viewers import Caller
from schedules.jobs import Desk
from storage.database import Database
from tests.simulation.asking import (
    answer_a_question,
    ask_the_coordinator,
    name_a_day,
    nudge_who_is_late,
)
from tests.simulation.deciding import confirm_an_answer, send_an_answer_back
from tests.simulation.gate import Killed
from tests.simulation.moving import be_away, come_back, hand_over
from tests.simulation.process import Process
from tests.simulation.slack import TEAM
from tests.simulation.town import ROUNDS, Ward
from tests.simulation.world import Backup, World

Act = Callable[[World, Ward, Process], Awaitable[None]]

# Slack's words for somebody who takes no messages from us.
_REFUSALS = ("messages_tab_disabled", "user_not_found", "user_disabled", "cannot_dm_bot")


async def overtake_letters(world: World, ward: Ward) -> None:
    """Letters are written; before they are sent, something happens that takes their reason."""
    process = await world.process()
    await process.do(_write_letters)
    await do_something(world, ward, OVERTAKING)


async def _write_letters(desk: Desk) -> None:
    await sweep.plan(desk.office, at=desk.office.now())


async def do_something(world: World, ward: Ward, acts: Sequence[Act] | None = None) -> None:
    """One act of the office, picked at random; who is refused or killed meanwhile lets it be."""
    act = world.rng.choice(acts or ACTS)
    process = await world.process()
    world.touch(ward)
    try:
        await process.gate.while_alive(_run(act, world, ward, process))
        world.story.tell(f"{ward.name}: {act.__name__}")
    except (KaikakuError, Killed) as refusal:
        world.story.tell(f"{ward.name}: {act.__name__} fails: {type(refusal).__name__}")
    world.touch(ward)


async def _run(act: Act, world: World, ward: Ward, process: Process) -> None:
    await act(world, ward, process)


async def move_the_due_date(world: World, ward: Ward, process: Process) -> None:
    year, stage = world.rng.choice(ROUNDS)
    stored = world.truth.round(ward.rounds[year, stage]).round.dates
    due = stored.due + timedelta(days=world.rng.randint(-6, 6))
    async with process.database.read() as uow:
        unit = await find(uow, ward.name)
    settings = RoundSettings(due=due, closes=max(due, stored.closes))
    await set_round(process.office, unit, year=year, stage_key=stage, settings=settings)
    world.ledger.done("round.set")


async def transfer_an_item(world: World, ward: Ward, process: Process) -> None:
    """Somebody else answers for an item, from today or from some day next week."""
    year, _ = world.rng.choice(ROUNDS)
    code = str(world.rng.randint(1, len(ward.items[year])))
    there = [each for each in ward.owners if world.slack.active.get(each.user)]
    if not there:
        return
    owner = world.rng.choice(there)
    first = world.clock.today() + timedelta(days=world.rng.choice((0, 0, 1, 7)))
    row = RosterRow(
        number=2,
        role=Role.OWNER,
        ward=ward.name,
        slack_user_id=owner.user,
        initiatives=(code,),
        period=Period(valid_from=first),
        year=year,
    )
    await import_people(process.office, Roster((row,)), process.directory)


async def pause_the_letters(world: World, ward: Ward, process: Process) -> None:
    until = world.clock.today() + timedelta(days=world.rng.randint(0, 12))
    await pause_unit(process.office, ward.name, until=until)
    world.ledger.done("unit.pause")


async def resume_the_letters(world: World, ward: Ward, process: Process) -> None:
    _, was_paused = await resume_unit(process.office, ward.name)
    if was_paused:
        world.ledger.done("unit.resume")


async def close_the_office_today(world: World, ward: Ward, process: Process) -> None:
    await _close(world, ward, process, world.clock.today())


async def close_the_office_soon(world: World, ward: Ward, process: Process) -> None:
    later = timedelta(days=world.rng.choice((1, 2, 3)))
    await _close(world, ward, process, world.clock.today() + later)


async def _close(world: World, ward: Ward, process: Process, day: date) -> None:
    _, changed = await set_unit(process.office, ward.name, UnitChange(close=(day,)))
    if changed:
        world.ledger.done("unit.set")


async def open_the_office(world: World, ward: Ward, process: Process) -> None:
    change = UnitChange(reopen=tuple(world.clock.today() + timedelta(days=n) for n in range(9)))
    _, changed = await set_unit(process.office, ward.name, change)
    if changed:
        world.ledger.done("unit.set")


async def someone_leaves_or_returns(world: World, ward: Ward, process: Process) -> None:
    """Slack tells us of it, or forgets to."""
    user = world.rng.choice([each.user for each in ward.residents if each.user])
    world.slack.active[user] = is_active = not world.slack.active[user]
    if world.chance(0.5):
        account = Caller(TEAM, user)
        if await account_changes.note_account(process.office, account, is_active=is_active):
            world.ledger.done("account.reactivate" if is_active else "account.deactivate")


async def someone_takes_no_messages(world: World, ward: Ward, process: Process) -> None:
    user = world.rng.choice([each.user for each in ward.owners if each.user])
    if world.slack.refusing.pop(user, None) is None:
        world.slack.refusing[user] = world.rng.choice(_REFUSALS)


ACTS: tuple[Act, ...] = (
    move_the_due_date,
    transfer_an_item,
    transfer_an_item,
    pause_the_letters,
    resume_the_letters,
    close_the_office_today,
    close_the_office_soon,
    open_the_office,
    someone_leaves_or_returns,
    someone_takes_no_messages,
    ask_the_coordinator,
    ask_the_coordinator,
    answer_a_question,
    name_a_day,
    nudge_who_is_late,
    be_away,
    be_away,
    come_back,
    hand_over,
    confirm_an_answer,
    confirm_an_answer,
    confirm_an_answer,
    send_an_answer_back,
    send_an_answer_back,
)

OVERTAKING: tuple[Act, ...] = (
    move_the_due_date,
    transfer_an_item,
    pause_the_letters,
    close_the_office_today,
    someone_leaves_or_returns,
    ask_the_coordinator,
    name_a_day,
    be_away,
    hand_over,
    confirm_an_answer,
    send_an_answer_back,
)


def back_up(world: World) -> None:
    """Copy the database as it is, while the bot works."""
    file = world.folder / f"backup-{int(world.seconds())}.db"
    backups.back_up(world.url, file)
    world.backup = Backup(file, world.ledger.copy())
    world.story.tell("a backup is made")


async def restore(world: World) -> None:
    """The newest backup takes the database's place; what was said since then is lost, knowingly."""
    if world.backup is None:
        return
    await world.stop_all()
    world.truth.close()
    # SQLite holds a file open as long as any cursor of a killed task is about; what the first look
    # ends leaves more behind.
    for _ in range(3):
        gc.collect()
    database = Database(world.url)
    await backups.restore(
        Office(database, world.clock, FORMS, world.clock), world.url, world.backup.file
    )
    await database.dispose()
    world.truth.open()
    world.ledger = world.backup.ledger.copy()
    world.was_restored = True
    for ward in world.town.wards:
        world.touch(ward)
    world.story.tell("an old database is restored")


def shift_the_clock(world: World) -> None:
    """The machines' clock goes wrong: by minutes, hours or days, either way."""
    size = world.rng.choice((timedelta(minutes=7), timedelta(hours=5), timedelta(days=2)))
    world.clock.go_wrong(world.rng.choice((-1, 1)) * size)
    world.story.tell(f"the clock goes {world.clock.skew} wrong")
