"""How people answer: from the buttons in their letters, promptly or never, not always neatly."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

from bot.domain.answers import YES
from bot.domain.errors import InvalidAnswers, KaikakuError, NotSaved
from bot.services import checkins, letter_updates
from bot.services.checkins import AskAgain, Stored
from bot.services.viewers import Caller
from bot.views.checkin_form import Entry, Keep, Typed
from bot.views.targets import Target
from schedules.jobs import Desk
from tests.simulation.gate import Killed
from tests.simulation.ledger import Submission
from tests.simulation.slack import TEAM
from tests.simulation.town import Resident, Ward
from tests.simulation.truth import marked, marker_in
from tests.simulation.world import World

_PATIENCE = 8  # how often somebody sends the same form again before giving up
_NEWEST = 3  # messages that people look at


async def go_through_letters(world: World, resident: Resident) -> None:
    """Look at one's newest letters, and answer some of what they ask for."""
    asked = [
        target
        for message in world.slack.messages(resident.user)[-_NEWEST:]
        for target in message.screen.asks
    ]
    for target in dict.fromkeys(asked):
        if world.chance(resident.temper.willing):
            await answer(world, resident, target)


async def answer_together(world: World, ward: Ward) -> None:
    """Everybody at once: owners from their letters, the coordinator for those without Slack."""
    owners = [owner for owner in ward.owners if owner.user]
    await asyncio.gather(
        *(go_through_letters(world, owner) for owner in owners), _answer_for_others(world, ward)
    )


async def _answer_for_others(world: World, ward: Ward) -> None:
    """What somebody without Slack has said on the telephone; sometimes also what another writes."""
    coordinator, today = ward.staff["coordinator"], world.clock.today()
    for round_ in world.truth.rounds_open_on(today):
        if round_.unit_id != ward.unit_id:
            continue
        for item in world.truth.initiatives(round_.round.plan_id):
            owners = [owner for owner, _, _ in world.truth.owners(item, today)]
            has_slack = any(world.truth.account(owner) for owner in owners)
            if world.chance(0.02 if has_slack else 0.2):
                await answer(world, coordinator, Target(round_.round.id, item))


async def answer(world: World, resident: Resident, target: Target) -> None:
    """Open an item, fill it in, send it off; some have it open on two screens, or press twice."""
    entry = await _opened(world, resident, target)
    if entry is None:
        return
    temper = resident.temper
    sent = [_filled_in(world, resident, entry)]
    if world.chance(temper.hasty):
        sent.append(_filled_in(world, resident, entry))
    await asyncio.sleep(world.rng.choice((0.1, 5.0, 40.0)))
    clicks = [each for each in sent for _ in range(2 if world.chance(temper.hasty) else 1)]
    await asyncio.gather(*(_send_off(world, resident, *each) for each in clicks))
    if world.chance(temper.hasty):  # Slack delivers it once more, later
        await _send_off(world, resident, *sent[0])


async def _opened(world: World, resident: Resident, target: Target) -> Entry | None:
    process = await world.process()
    caller = Caller(TEAM, resident.user)
    reading = checkins.open_entry(process.office, caller, target)
    try:
        return await process.gate.while_alive(reading)
    except (KaikakuError, Killed) as refusal:
        world.story.tell(f"{resident.user} can't open {target.encode()}: {type(refusal).__name__}")
        return None


def _filled_in(world: World, resident: Resident, entry: Entry) -> tuple[Typed, Submission]:
    """What somebody types, with a number in it that no other form has."""
    marker = len(world.ledger.submissions) + 1 + world.rng.randrange(10**9) * 10**4
    target = (entry.round.round_id, entry.initiative_id)
    fill = _mid_year if entry.round.stage.key == "mid-year" else _year_end
    typed = Typed(
        *target,
        revision=entry.revision,
        answers=fill(world, resident, marker),
        complete_state=True,
        position=entry.position,
        correcting=entry.correcting,
        reason="数値を訂正" if entry.reason_required else "",
    )
    submission = world.ledger.enter(
        marker, target, resident.person_id, seen=entry.revision, at=world.seconds()
    )
    return typed, submission


def _mid_year(world: World, resident: Resident, marker: int) -> dict[str, str]:
    return {
        "implementation": world.rng.choice(("i", "i", "ii")),
        "attainment": world.rng.choice(("1", "2")),
        "issues": marked("10月から周知の方法を見直す。", marker),
    }


def _year_end(world: World, resident: Resident, marker: int) -> dict[str, str]:
    answers = {
        "results": marked("研修を12回開催した。", marker),
        "attainment": world.rng.choice(("1", "2")),
        "issues": "参加者が少なかった。来年度は回数を増やす。",
    }
    if world.chance(resident.temper.unsure):
        known = world.clock.today() + timedelta(days=world.rng.randint(5, 50))
        answers |= {"attainment": "undetermined", "provisional": YES, "final_on": known.isoformat()}
    return answers


async def _send_off(world: World, resident: Resident, typed: Typed, submission: Submission) -> None:
    """Send a form until it is said to be stored, or to be refused."""
    for _ in range(_PATIENCE):
        outcome = await _outcome(world, resident, typed, submission)
        world.ledger.last_try[submission.target] = world.seconds()
        if isinstance(outcome, AskAgain):
            typed = _looked_again(world, typed, submission, outcome.entry)
        elif outcome is not None:
            return
        else:
            await asyncio.sleep(world.rng.uniform(20, 60))


async def _outcome(
    world: World, resident: Resident, typed: Typed, submission: Submission
) -> Stored | AskAgain | KaikakuError | None:
    """How a submission ended; None when the person can't know."""
    process = await world.process()
    world.ledger.last_try[submission.target] = world.seconds()
    work = checkins.submit(process.office, Caller(TEAM, resident.user), typed)
    try:
        outcome = await process.gate.while_alive(work)
    except (NotSaved, Killed):
        return None
    except InvalidAnswers as refusal:
        world.story.find("a_complete_form_is_taken", f"{refusal.faults}")
        return refusal
    except KaikakuError as refusal:
        world.story.tell(f"{resident.user} is refused: {type(refusal).__name__}")
        return refusal
    if isinstance(outcome, Stored) and typed.keep is not Keep.THEIRS:
        submission.acknowledged = submission.acknowledged or world.seconds()
        world.story.tell(f"{resident.user} is told that {submission.marker} is stored")
        await _refresh(world, outcome.told)
    return outcome


def _looked_again(world: World, typed: Typed, submission: Submission, entry: Entry) -> Typed:
    """The person looks at what another has saved meanwhile, and decides."""
    if entry.rival is None:
        return replace(typed, warned=entry.warned)
    if marker_in(dict(entry.rival.answers)) == submission.marker:
        world.story.find(
            "a_submission_is_known_again", f"{submission.marker} meets itself as a rival"
        )
    keep = world.rng.choice((Keep.MINE, Keep.MINE, Keep.THEIRS))
    if keep is Keep.MINE:
        submission.seen.add(entry.rival.revision)
    return replace(typed, keep=keep, rival_revision=entry.rival.revision)


async def _refresh(world: World, told: frozenset[int]) -> None:
    """What the handler does in the background, unless its process is too busy dying."""

    async def refresh(desk: Desk) -> None:
        now = desk.office.now()
        await letter_updates.refresh(desk.office, desk.courier, at=now, person_ids=told)

    if world.chance(0.6):
        await (await world.process()).do(refresh)
