"""A year in a town: which days are looked at, what happens on them, and when it is checked."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

from bot.domain.calendar import OfficeCalendar, at_tokyo, japanese_date
from bot.domain.letters import LetterState
from bot.domain.rounds import owner_steps
from schedules import jobs
from storage.database import Database
from tests.simulation import acts, people
from tests.simulation.clock import START, SkewedClock
from tests.simulation.invariants import (
    DAY_INVARIANTS,
    MESSAGE_INVARIANTS,
    QUIET_DAY_INVARIANTS,
    SCREEN_INVARIANTS,
)
from tests.simulation.loop import virtual_time
from tests.simulation.process import Engines, Process
from tests.simulation.slack import Message, Workspace
from tests.simulation.story import Story
from tests.simulation.town import settle
from tests.simulation.truth import Truth
from tests.simulation.weather import Weather
from tests.simulation.world import PROCESSES, World

_FIRST, _LAST = japanese_date(START), date(2027, 6, 15)
_LARGE_EVERY = 50  # one seed in so many has all twenty-four wards
_TICK = 2.0  # seconds between two looks at the outbox (schedules.timetable)
_CLOSING = time(17, 20)


@dataclass(frozen=True)
class Year:
    """What became of one seed."""

    seed: int
    story: Story

    @property
    def findings(self) -> dict[str, str]:
        """Invariants that do not hold, with what contradicts them."""
        return self.story.findings


def simulate(seed: int, url: str, folder: Path, engines: Engines) -> Year:
    """Live through the year of a seed on a fresh database; ``folder`` is for backups."""
    with virtual_time() as runner:
        clock = SkewedClock(runner.get_loop())
        story = Story(clock)
        runner.run(_live(seed, url, folder, engines, story))
    return Year(seed, story)


async def _live(seed: int, url: str, folder: Path, engines: Engines, story: Story) -> None:
    rng = random.Random(seed)
    slack = Workspace(story.clock)
    world = World(
        url=url,
        folder=folder,
        rng=rng,
        clock=story.clock,
        story=story,
        slack=slack,
        weather=Weather(rng),
        truth=Truth(url),
        engines=engines,
    )
    slack.on_screen = lambda message, is_new: _watch(world, message, is_new=is_new)
    await _found(world, is_large=seed % _LARGE_EVERY == 0)
    try:
        for day in _days(world):
            await _live_through(world, day)
            if story.findings:
                return
    finally:
        await world.stop_all()
        world.truth.close()


async def _found(world: World, *, is_large: bool) -> None:
    database = Database(world.url)
    async with database.begin() as uow:
        world.town = await settle(uow, world.rng, is_large=is_large)
        await uow.commit()
    await database.dispose()
    for resident in world.town.residents.values():
        if resident.user:
            world.slack.active[resident.user] = True


# --- days -----------------------------------------------------------------------------------------


def _days(world: World) -> Iterator[date]:
    """The days that are looked at: most of those on which something is due, few others."""
    day = _FIRST
    while day <= _LAST:
        day += timedelta(days=1)
        if world.chance(0.004):
            rest = timedelta(days=world.rng.randint(2, 31))
            world.story.tell(f"the bot is down for {rest.days} days")
            day += rest
        if world.chance(_interest(world, day)):
            yield day


def _interest(world: World, day: date) -> float:
    if not OfficeCalendar().is_business_day(day):
        return 0.03
    rounds = world.truth.rounds_open_on(day)
    steps = {step.day for each in rounds for step in owner_steps(each.round, each.calendar)}
    if day in steps:
        return 0.85
    return 0.12 if rounds else 0.02


async def _live_through(world: World, day: date) -> None:
    """A day: trouble in the morning, people and acts in between, mostly quiet by the afternoon."""
    world.turn_calm()
    world.clock.skew = timedelta()
    await world.clock.until(day, time(8, 5))
    await _prepare_disaster(world)
    if world.chance(0.55):
        _turn_bad(world)
        await _morning(world, day)
    world.clock.skew = timedelta()
    is_quiet = not world.chance(0.1)
    if is_quiet:
        world.turn_calm()
        await _afternoon(world, day)
    _check(world, is_quiet=is_quiet)


async def _prepare_disaster(world: World) -> None:
    if not world.url.startswith("sqlite"):
        return
    if world.backup is None and world.chance(0.03):
        acts.back_up(world)
    elif world.backup is not None and not world.was_restored and world.chance(0.3):
        await acts.restore(world)


def _turn_bad(world: World) -> None:
    world.weather.roughness = world.rng.choice((0.0, 0.1, 0.3, 0.6))
    world.weather.barred = world.chance(0.03)
    world.danger = world.rng.choice((0.0, 0.0, 0.01, 0.04))
    world.stubbornness = world.rng.choice((0.0, 0.0, 0.05))


async def _morning(world: World, day: date) -> None:
    if world.chance(0.06):
        acts.shift_the_clock(world)
    hour = world.rng.choice((time(9, 30), time(9, 30), time(9, 29), time(8, 45), time(11, 0)))
    await world.clock.until(day, hour)
    await asyncio.sleep(world.rng.uniform(0, 90))
    ward = world.rng.choice(world.town.wards)
    if world.chance(0.2):
        await acts.overtake_letters(world, ward)
        await asyncio.sleep(world.rng.choice((2.0, 100.0)))
    await _work(world, minutes=world.rng.choice((1, 5, 30)))
    if world.chance(0.4):
        await asyncio.gather(people.answer_together(world, ward), _work(world, minutes=2))
    if world.chance(0.3):
        await acts.do_something(world, ward)
        if world.chance(0.5):
            await _work(world, minutes=3)


async def _afternoon(world: World, day: date) -> None:
    """Nothing goes wrong; what is left over is done."""
    await world.clock.until(day, world.rng.choice((time(13, 0), time(15, 0), time(16, 0))))
    for ward in world.town.wards:
        if world.chance(0.5):
            await people.answer_together(world, ward)
    left = at_tokyo(day, _CLOSING) - world.clock.true()
    await _work(world, minutes=int(left.total_seconds() // 60), at_once=0.1)


# --- the timetable --------------------------------------------------------------------------------


async def _work(world: World, *, minutes: int, at_once: float = 0.4) -> None:
    """Let one process or both keep the timetable; ticks at which nothing could happen are left out.

    ``at_once`` is how likely both do.
    """
    names = PROCESSES if world.chance(at_once) else (world.rng.choice(PROCESSES),)
    until = world.clock.true() + timedelta(minutes=minutes)
    await asyncio.gather(*(_keep_timetable(world, name, until) for name in names))
    _remember_what_was_told(world)


async def _keep_timetable(world: World, name: str, until: datetime) -> None:
    withdrawn = -1
    while True:
        moment = world.truth.next_moment(world.clock.now(), world.clock.today())
        # What a withdrawn letter was to say is planned anew a minute later.
        if withdrawn != (withdrawn := len(world.truth.letters_in(LetterState.WITHDRAWN))):
            await _tick(await world.process(name), world, plans=True)
            continue
        if moment is None or world.story.findings:
            return
        wait = max((moment - world.clock.now()).total_seconds(), 0.0) + world.rng.uniform(0, _TICK)
        if world.clock.true() + timedelta(seconds=wait) > until:
            return
        await asyncio.sleep(wait)
        await _tick(await world.process(name), world, plans=world.chance(0.1))


async def _tick(process: Process, world: World, *, plans: bool) -> None:
    """The jobs of the timetable, in an order that nobody promises."""
    ticked = [jobs.deliver, jobs.refresh, *([jobs.plan] if plans else [])]
    world.rng.shuffle(ticked)
    if plans:
        ticked.append(jobs.deliver)
    for job in ticked:
        if process.gate.is_alive:
            await process.do(job)


# --- the checks -----------------------------------------------------------------------------------


def _watch(world: World, message: Message, *, is_new: bool) -> None:
    verb = "gets" if is_new else "sees anew"
    world.story.tell(f"{message.user} {verb} {message.token[:8]}: {message.screen.text}")
    letter = world.truth.letter(message.token)
    for screen_invariant in (*SCREEN_INVARIANTS, *(MESSAGE_INVARIANTS if is_new else ())):
        for what in screen_invariant(world, message, letter):
            world.story.find(screen_invariant.__name__, what)


def _remember_what_was_told(world: World) -> None:
    """Which steps each message has told, before a restored database may forget it."""
    for listed in world.slack.conversations.values():
        for message in listed:
            letter = world.truth.letter(message.token) if message.token not in world.told else None
            if letter is not None:
                lines = world.truth.lines(letter.id)
                world.told[message.token] = frozenset((letter.person_id, *line) for line in lines)


def _check(world: World, *, is_quiet: bool) -> None:
    is_settled = world.clock.true() >= world.clock.ahead - timedelta(minutes=1)
    quiet = QUIET_DAY_INVARIANTS if is_quiet and is_settled else ()
    if world.story.findings:
        return  # what follows from a first finding says nothing new
    for invariant in (*DAY_INVARIANTS, *quiet):
        for what in invariant(world):
            world.story.find(invariant.__name__, what)
