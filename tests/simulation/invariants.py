"""What must hold in every simulated year: the specification, one small function a promise.

Those that look at a screen are asked at the moment Slack takes a message or an update; those that
look at a world, at the end of each simulated day. Each yields what contradicts it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, time
from itertools import pairwise

from bot.domain.calendar import TOKYO, japanese_date
from bot.domain.letters import LetterKind, LetterState, scheduled_key, token_of
from bot.domain.people import Role
from bot.domain.reminders import falls_in_pause, newest
from bot.domain.rounds import StepKind, owner_steps
from bot.services.consultations import CONSULTED_STEP
from bot.services.nudges import NUDGE_STEP
from bot.services.review_contents import SENT_BACK_STEP
from bot.views.item_rows import ENTER, MEND
from tests.simulation.asking import (
    is_consulted,
    named_day,
    nothing_about_what_waits_for_an_answer,
    nothing_before_the_named_day,
    one_nudge_a_day,
)
from tests.simulation.deciding import (
    is_to_be_mended,
    nothing_is_confirmed_twice,
    what_is_confirmed_was_seen,
)
from tests.simulation.moving import (
    has_to_do_with,
    is_away,
    nothing_to_who_is_away,
    step_for,
    stood_in_for,
    tells_news,
)
from tests.simulation.slack import Message
from tests.simulation.town import Resident
from tests.simulation.truth import LetterNow, RoundNow
from tests.simulation.world import World

# What a letter says was true when its batch was composed: so many seconds before it is taken.
GRACE = 60.0

# Steps of letters that somebody caused.
_CAUSED = (CONSULTED_STEP, NUDGE_STEP, SENT_BACK_STEP)
# Steps named after an answer's revision: after a restore another one has that number.
_OF_REVISIONS = (StepKind.TO_CONFIRM, StepKind.MEND)

Found = Iterator[str]


# --- when Slack takes a message -------------------------------------------------------------------


def every_message_is_a_letter(world: World, message: Message, letter: LetterNow | None) -> Found:
    """What is sent is stored before, for that very account."""
    if letter is None:
        yield f"{message.user} got a message that no letter stands for"
    elif letter.user != message.user:
        yield f"letter {letter.id} went to {message.user}"


def one_message_per_key(world: World, message: Message, letter: LetterNow | None) -> Found:
    """Slack holds at most one message of each key."""
    listed = world.slack.messages(message.user)
    if sum(each.token == message.token for each in listed) > 1:
        yield f"{message.user} has letter {letter and letter.id} twice"


def one_notice_a_day(world: World, message: Message, letter: LetterNow | None) -> Found:
    """An owner gets at most one scheduled message a day; not counted where the clock is wrong."""
    if letter is None or letter.kind != LetterKind.NOTICE or message.day in world.clock.wrong_on:
        return
    listed = world.slack.messages(message.user)
    number = sum(each.day == message.day and _is_notice(world, each) for each in listed)
    if number > 1:
        yield f"{message.user} has {number} notices on {message.day}"


def only_while_an_office_is_open(world: World, message: Message, letter: LetterNow | None) -> Found:
    """Nothing is sent outside 9:30 to 17:30 on a business day of a unit that it is about."""
    rounds = _rounds(world, letter)
    if rounds and not any(_is_open(world, each, message) for each in rounds):
        yield f"{message.user} got letter {letter and letter.id} while the office was closed"


def nothing_during_a_pause(world: World, message: Message, letter: LetterNow | None) -> Found:
    """Nothing is sent about units all of which rest, but for what somebody did by hand: a question
    is answered, an answer sent back.
    """
    if letter and letter.kind in (LetterKind.CONSULTED, LetterKind.SENT_BACK):
        return
    today = japanese_date(message.at)
    rounds = [each for each in _rounds(world, letter) if not _is_fresh(world, each)]
    if rounds and all(falls_in_pause(today, each.paused_until) for each in rounds):
        yield f"{message.user} got letter {letter and letter.id} during a pause"


def every_notice_asks(world: World, message: Message, letter: LetterNow | None) -> Found:
    """A notice that has lost its reason is not sent."""
    if letter is None or letter.kind != LetterKind.NOTICE or tells_news(world, message, letter):
        return
    if not message.screen.asks:
        lines = {round_id for round_id, _ in world.truth.lines(letter.id)}
        tries = [at for (about, _), at in world.ledger.last_try.items() if about in lines]
        wards = [world.town.ward_of(each.unit_id) for each in _rounds(world, letter)]
        changed = [*tries, *(ward.edited_at for ward in wards)]
        if all(world.seconds() - at > GRACE for at in changed):
            yield f"{message.user} got letter {letter.id}, which asks for nothing"


def nothing_after_an_answer(world: World, message: Message, letter: LetterNow | None) -> Found:
    """No message asks for an item that has been answered."""
    for target, label in message.screen.asks.items():
        key = (target.round_id, target.initiative_id)
        if world.seconds() - world.ledger.last_try.get(key, -GRACE) < GRACE:
            continue
        round_ = world.truth.round(target.round_id).round
        item = world.truth.item(target.initiative_id, round_.stage.key)
        if is_to_be_mended(world, item.initiative_id, round_.stage.key):
            continue
        if item.revision and (label in (ENTER, MEND) or item.ask_again_on is None):
            yield f"{message.user} is asked for item {item.initiative_id}, answered long ago"


def nobody_known_to_have_left(world: World, message: Message, letter: LetterNow | None) -> Found:
    """Who is known to have left is not written to."""
    account = world.truth.account(letter.person_id) if letter else None
    if letter and account and not account[1] and not _was_edited(world, letter):
        yield f"{message.user} has left, and got letter {letter.id}"


MESSAGE_INVARIANTS = (
    every_message_is_a_letter,
    one_message_per_key,
    one_notice_a_day,
    only_while_an_office_is_open,
    nothing_during_a_pause,
    every_notice_asks,
    nothing_after_an_answer,
    nobody_known_to_have_left,
    nothing_about_what_waits_for_an_answer,
    nothing_before_the_named_day,
    one_nudge_a_day,
    nothing_to_who_is_away,
)


# --- when Slack takes a message or an update ------------------------------------------------------


def only_to_who_may_see(world: World, message: Message, letter: LetterNow | None) -> Found:
    """Items are named only to their owner, to managers and coordinators, and to the ward head.

    What a message has named by right, it may go on naming: its reader knows it.
    """
    if letter is None:
        return
    known = world.named.setdefault(message.token, set())
    for number in sorted(message.screen.titles):
        item = world.town.titles[number]
        if item in known or _may_see(world, letter.person_id, item, japanese_date(message.at)):
            known.add(item)
        else:
            yield f"{message.user} reads of item {item} in letter {letter.id}"


SCREEN_INVARIANTS = (only_to_who_may_see,)


# --- at the end of a day --------------------------------------------------------------------------


def nothing_is_told_twice(world: World) -> Found:
    """Each step of a round is told to a person in one message, whatever became of the database.

    A coordinator's report is of its day: after a restore it may say again what still holds. What
    somebody does after a restore is another act, though it may have the number of one that is gone.
    """
    seen: dict[tuple[int, int, str], str] = {}
    for token, lines in world.told.items():
        for line in lines:
            if line[2].startswith((StepKind.COORDINATOR, *_CAUSED)):
                continue
            if world.was_restored and line[2].startswith(_OF_REVISIONS):
                continue
            if seen.setdefault(line, token) != token:
                yield f"person, round and step {line} are in two messages"


def revisions_have_no_gap(world: World) -> Found:
    """Each answer is its newest revision, and each revision follows the one before."""
    for row in world.truth.rows(
        "SELECT c.id, c.revision, count(r.id), coalesce(max(r.number), 0), count(DISTINCT r.number)"
        " FROM check_in c LEFT JOIN revision r ON r.check_in_id = c.id GROUP BY c.id, c.revision"
    ):
        if len({*row[1:]}) != 1:
            yield f"check-in {row[0]}: revision {row[1]} over {row[2:]}"


def the_newest_revision_is_the_answer(world: World) -> Found:
    """What is shown is what the last revision says."""
    for (check_in,) in world.truth.rows(
        "SELECT c.id FROM check_in c JOIN revision r"
        " ON r.check_in_id = c.id AND r.number = c.revision"
        ' WHERE CAST(c.answers AS TEXT) <> CAST(r."after" AS TEXT)'
    ):
        yield f"check-in {check_in} is not its newest revision"


def no_answer_is_lost(world: World) -> Found:
    """What somebody was told is stored, is stored; once.

    It is stored again only where they chose it over another's answer that they had before them.
    """
    over: dict[int, list[int]] = {}  # marker -> the revisions it was stored after
    for line in world.truth.markers().values():
        for before, marker in enumerate(line):
            over.setdefault(marker, []).append(before)
    for submission in world.ledger.submissions.values():
        stored = over.get(submission.marker, [])
        if submission.acknowledged is not None and not stored:
            yield f"submission {submission.marker} was said to be stored, and is not"
        if len(stored) > 1 and not submission.seen.issuperset(stored):
            yield f"submission {submission.marker} is stored {len(stored)} times"


def answers_stay_in_order(world: World) -> Found:
    """What was acknowledged before another was sent off comes before it."""
    for line in world.truth.markers().values():
        known = [world.ledger.submissions[each] for each in line if each >= 0]
        for earlier, later in pairwise(known):
            if later.acknowledged is not None and later.acknowledged < earlier.started:
                yield f"submission {earlier.marker} is stored before {later.marker}"


def nobody_is_overwritten_unseen(world: World) -> Found:
    """Who replaces an answer has had it on the screen."""
    for line in world.truth.markers().values():
        for number, marker in enumerate(line, start=1):
            submission = world.ledger.submissions.get(marker)
            if submission and number - 1 not in submission.seen:
                yield f"submission {marker} replaced revision {number - 1} unseen"


def every_change_is_in_the_audit_trail(world: World) -> Found:
    """Each revision, and each act that somebody was told of, has its entry."""
    for (revision,) in world.truth.rows(
        "SELECT r.id FROM revision r WHERE NOT EXISTS (SELECT 1 FROM audit_entry a"
        " WHERE a.action = 'check-in.save' AND a.person_id = r.entered_by"
        " AND a.subject = 'check-in:' || r.check_in_id)"
    ):
        yield f"revision {revision} has no audit entry"
    noted = dict(world.truth.rows("SELECT action, count(*) FROM audit_entry GROUP BY action"))
    saved = world.truth.rows("SELECT count(*) FROM revision")[0][0]
    for action, times in {**world.ledger.acts, "check-in.save": saved}.items():
        if noted.get(action, 0) < times:
            yield f"{action}: done {times} times, noted {noted.get(action, 0)} times"


DAY_INVARIANTS: tuple[Callable[[World], Found], ...] = (
    nothing_is_told_twice,
    revisions_have_no_gap,
    the_newest_revision_is_the_answer,
    no_answer_is_lost,
    answers_stay_in_order,
    nobody_is_overwritten_unseen,
    what_is_confirmed_was_seen,
    nothing_is_confirmed_twice,
    every_change_is_in_the_audit_trail,
)


# --- at the end of a day on which the bot could work in peace -------------------------------------


def nobody_is_unreached(world: World) -> Found:
    """Who owns an open item has its newest notice by the end of the first quiet business day.

    Excepted are days off, pauses, who can't be written to, and what changed since the step's day.
    """
    today = world.clock.today()
    for round_ in world.truth.rounds_open_on(today):
        step = newest(owner_steps(round_.round, round_.calendar), today, ())
        if step is None or not round_.calendar.is_business_day(today):
            continue
        if falls_in_pause(step.day, round_.paused_until):
            continue
        for owner in _asked(world, round_, today):
            planned = named_day(world, round_, owner.person_id)
            if planned is not None and planned >= step.day:
                continue
            if not _has(world, owner, round_, step.key) and not _was_served(world, owner, today):
                yield f"{owner.user} has no {step.key} of round {round_.round.id}"
        yield from _unreached_deputies(world, round_, step.key, today)


def _unreached_deputies(world: World, round_: RoundNow, step: str, today: date) -> Found:
    for deputy_id, owner_id in stood_in_for(world, round_, today):
        deputy, key = world.town.residents.get(deputy_id), step_for(step, owner_id)
        if deputy is None or not _can_be_reached(world, deputy):
            continue
        if named_day(world, round_, deputy_id) or _has(world, deputy, round_, key):
            continue
        if not _was_served(world, deputy, today) and not _asks_anything(world, deputy_id):
            yield f"{deputy.user} has no {key} of round {round_.round.id}"


def sent_letters_exist(world: World) -> Found:
    """What is recorded as sent stands in the conversation."""
    for letter in world.truth.letters_in(LetterState.SENT):
        if world.slack.find(letter.channel, letter.ts) is None:
            yield f"letter {letter.id} is said to be sent, and is nowhere"


def nothing_is_left_waiting(world: World) -> Found:
    """A quiet day leaves no letter of an office that is open in a state between."""
    today = world.clock.today()
    for state in (LetterState.PENDING, LetterState.SENDING, LetterState.UNKNOWN):
        for letter in world.truth.letters_in(state):
            rounds = _rounds(world, letter)
            is_open = any(each.calendar.is_business_day(today) for each in rounds)
            if is_open and letter.day <= today:
                yield f"letter {letter.id} is still {state}"


def letters_stay_true(world: World) -> Found:
    """An owner's message no longer asks for what has been answered since."""
    today = world.clock.today()
    users = {each.user: each.person_id for each in world.town.residents.values()}
    for user, listed in world.slack.conversations.items():
        for message in listed[-3:]:
            for target, label in message.screen.asks.items():
                round_ = world.truth.round(target.round_id).round
                item = world.truth.item(target.initiative_id, round_.stage.key)
                owners = {owner for owner, _, _ in world.truth.owners(item.initiative_id, today)}
                if users[user] not in owners or world.was_restored:
                    continue
                if is_to_be_mended(world, item.initiative_id, round_.stage.key):
                    continue
                if item.revision and label in (ENTER, MEND):
                    key = message.token[:8]
                    yield f"{user} is still asked for item {item.initiative_id} in {key}"


QUIET_DAY_INVARIANTS: tuple[Callable[[World], Found], ...] = (
    nobody_is_unreached,
    sent_letters_exist,
    nothing_is_left_waiting,
    letters_stay_true,
)


# --- what they ask --------------------------------------------------------------------------------


def _rounds(world: World, letter: LetterNow | None) -> list[RoundNow]:
    if letter is None:
        return []
    ids = sorted({round_id for round_id, _ in world.truth.lines(letter.id)})
    return [world.truth.round(round_id) for round_id in ids]


def _is_notice(world: World, message: Message) -> bool:
    letter = world.truth.letter(message.token)
    return letter is not None and letter.kind == LetterKind.NOTICE


def _is_open(world: World, round_: RoundNow, message: Message) -> bool:
    """Counted by hand: the bot's own rule may be the one that is taken out."""
    local = message.at.astimezone(TOKYO)
    in_hours = time(9, 30) <= local.time() < time(17, 31)
    is_open = in_hours and round_.calendar.is_business_day(local.date())
    return is_open or _is_fresh(world, round_)


def _is_fresh(world: World, round_: RoundNow) -> bool:
    """Whether the unit was changed so lately that a letter may not have known."""
    return world.seconds() - world.town.ward_of(round_.unit_id).edited_at < GRACE


def _was_edited(world: World, letter: LetterNow) -> bool:
    return any(_is_fresh(world, each) for each in _rounds(world, letter))


def _may_see(world: World, person_id: int, item: int, day: date) -> bool:
    [(unit_id,)] = world.truth.rows(
        "SELECT p.unit_id FROM plan p JOIN initiative i ON i.plan_id = p.id WHERE i.id = ?", item
    )
    ward = world.town.ward_of(unit_id)
    if world.seconds() - ward.edited_at < GRACE or person_id == ward.staff["head"].person_id:
        return True
    owners = world.truth.owners(item, day)
    if person_id in {owner for owner, _, _ in owners}:
        return True
    if has_to_do_with(world, person_id, item, day):
        return True
    sections = {section for _, _, section in owners}
    grants = world.truth.grants(person_id, unit_id, day)
    return any(
        role == Role.COORDINATOR or (role == Role.MANAGER and section in {None, *sections})
        for role, section in grants
    )


def _asked(world: World, round_: RoundNow, today: date) -> list[Resident]:
    """Owners of open items who can be written to, and of whom nothing changed since the step."""
    residents, found = world.town.residents, {}
    for item in world.truth.initiatives(round_.round.plan_id):
        if world.truth.item(item, round_.round.stage.key).revision:
            continue
        for person_id, _, _ in world.truth.owners(item, today):
            if is_consulted(world, round_, item, person_id) or is_away(world, person_id, today):
                continue
            if _can_be_reached(world, residents[person_id]):
                found[person_id] = residents[person_id]
    return list(found.values())


def _can_be_reached(world: World, resident: Resident) -> bool:
    account = world.truth.account(resident.person_id)
    user = resident.user
    return bool(account and account[1] and world.slack.active[user]) and (
        user not in world.slack.refusing
    )


def _has(world: World, owner: Resident, round_: RoundNow, step: str) -> bool:
    """Whether the step is told; a letter that Slack refused, or that was no longer needed, is."""
    letters = world.truth.letters_of_line(owner.person_id, round_.round.id, step)
    ended = {LetterState.SENT, LetterState.UNDELIVERABLE}
    if _has_changed(world, round_):
        ended.add(LetterState.WITHDRAWN)
    return any(letter.state in ended for letter in letters)


def _asks_anything(world: World, person_id: int) -> bool:
    """Whether somebody waits for an answer of the coordinator's, which keeps notices away."""
    query = "SELECT id FROM consultation WHERE person_id = ? AND answered_at IS NULL"
    return bool(world.truth.rows(query, person_id))


def _has_changed(world: World, round_: RoundNow) -> bool:
    """Whether the unit was changed, or an old database came back, in the life of the round."""
    since = world.town.ward_of(round_.unit_id).edited_at
    return since > 0 or world.was_restored


def _was_served(world: World, owner: Resident, today: date) -> bool:
    """Whether today's notice has ended, sent, found or withdrawn: the next one is tomorrow's."""
    letter = world.truth.letter(token_of(scheduled_key(LetterKind.NOTICE, owner.person_id, today)))
    ended = (LetterState.SENT, LetterState.WITHDRAWN)
    listed = world.slack.messages(owner.user)
    return (letter is not None and letter.state in ended) or any(
        each.day == today and _is_notice(world, each) for each in listed
    )
