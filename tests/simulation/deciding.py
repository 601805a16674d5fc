"""Managers who confirm answers and send some back; and what then holds.

What is confirmed or sent back is the revision that the manager had on the screen.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import date

from bot.domain.confirmations import DecisionKind
from bot.services import confirmations
from bot.services.confirmations import LookAgain
from bot.services.viewers import Caller
from bot.views.confirmations import SentBack
from bot.views.targets import Target
from tests.simulation.process import Process
from tests.simulation.slack import TEAM
from tests.simulation.town import Ward
from tests.simulation.world import World

Found = Iterator[str]


# --- what managers do -----------------------------------------------------------------------------


async def confirm_an_answer(world: World, ward: Ward, process: Process) -> None:
    """After having looked at it for a while, in which its owner may change it."""
    found = _an_answer(world, ward)
    if found is None:
        return
    caller, target, revision = found
    await confirmations.open_one(process.office, caller, target)
    await asyncio.sleep(world.rng.choice((1.0, 40.0)))
    done = await confirmations.confirm(process.office, caller, target, revision)
    if not isinstance(done, LookAgain) and done.told:
        world.ledger.done(f"check-in.{DecisionKind.CONFIRMED}")


async def send_an_answer_back(world: World, ward: Ward, process: Process) -> None:
    """With a sentence, to be mended by the usual day."""
    found = _an_answer(world, ward)
    if found is None:
        return
    caller, target, revision = found
    _, due, _ = await confirmations.open_send_back(process.office, caller, target)
    await asyncio.sleep(world.rng.choice((1.0, 40.0)))
    typed = SentBack(target, revision, "参加者数を書き足してください。", due)
    done = await confirmations.send_back(process.office, caller, typed)
    if not isinstance(done, LookAgain) and done.told:
        world.ledger.done(f"check-in.{DecisionKind.SENT_BACK}")


def _an_answer(world: World, ward: Ward) -> tuple[Caller, Target, int] | None:
    """One of the ward's that could be decided on today, and who looks at it."""
    today = world.clock.today().isoformat()
    found = world.truth.rows(
        "SELECT r.id, c.initiative_id, c.revision FROM check_in c JOIN review_round r"
        " ON r.plan_id = c.plan_id AND r.stage = c.stage JOIN plan p ON p.id = r.plan_id"
        " WHERE p.unit_id = ? AND c.revision > 0 AND r.opens <= ? AND r.publishes >= ?"
        " AND c.initiative_id IS NOT NULL ORDER BY c.id",
        ward.unit_id,
        today,
        today,
    )
    if not found:
        return None
    round_id, item, revision = world.rng.choice(found)
    manager = ward.staff[world.rng.choice(("manager", "unit_manager", "unit_manager"))]
    return Caller(TEAM, manager.user), Target(round_id, item), revision


# --- what holds -----------------------------------------------------------------------------------


def what_is_confirmed_was_seen(world: World) -> Found:
    """An answer counts as confirmed, or as sent back, by a decision on that very revision."""
    for check_in, revision in world.truth.rows(
        "SELECT c.id, c.revision FROM check_in c WHERE (c.confirmed_level > 0"
        " OR c.sent_back_due IS NOT NULL) AND NOT EXISTS (SELECT 1 FROM decision d"
        " WHERE d.check_in_id = c.id AND d.revision = c.revision)"
    ):
        yield f"check-in {check_in}: nobody has decided on revision {revision}"


def nothing_is_confirmed_twice(world: World) -> Found:
    """Each level confirms a revision once; not counted where it was sent back meanwhile."""
    for check_in, revision in world.truth.rows(
        "SELECT d.check_in_id, d.revision FROM decision d WHERE NOT EXISTS (SELECT 1 FROM"
        " decision s WHERE s.check_in_id = d.check_in_id AND s.revision = d.revision"
        " AND s.kind <> 'confirmed') GROUP BY d.check_in_id, d.revision, d.level"
        " HAVING count(*) > 1"
    ):
        yield f"check-in {check_in}: revision {revision} is confirmed twice at one level"


def is_to_be_mended(world: World, item: int, stage: str) -> date | None:
    """By when an answer that was sent back is to be mended; None where it was not."""
    found = world.truth.rows(
        "SELECT sent_back_due FROM check_in WHERE initiative_id = ? AND stage = ?", item, stage
    )
    due = found[0][0] if found else None
    return date.fromisoformat(due) if isinstance(due, str) else due
