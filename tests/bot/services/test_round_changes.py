"""What a coordinator's settings bring about; they are stored once, and as they were seen."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from bot.clock import SetClock
from bot.domain.calendar import at_tokyo
from bot.domain.errors import EntryClosed, InvalidAnswers
from bot.domain.people import Role
from bot.domain.rounds import Ladder
from bot.domain.youshiki3 import FORMS
from bot.services import round_changes
from bot.services.office import Office
from bot.services.round_state import to_ladder
from bot.services.viewers import Caller
from bot.views import round_settings as views
from bot.views.round_settings import RoundForm
from bot.views.targets import RoundTarget
from bot.views.typed_rounds import REASON, TypedRound
from storage.database import Database
from storage.models import Absence, ReviewRound
from tests.bot.services.conftest import Post
from tests.builders import TEAM, Ward, add_grant, seed_ward
from tests.databases import EACH_KIND, EITHER_KIND

pytestmark = EITHER_KIND


@pytest.fixture
def clock() -> SetClock:
    return SetClock(datetime(2026, 9, 10, 1, 0, tzinfo=UTC))


@pytest.fixture
def office(database: Database, clock: SetClock) -> Office:
    return Office(database, clock, FORMS, clock)


@pytest.fixture
async def wards(database: Database) -> tuple[Ward, Ward]:
    """あおぞら区 and ひかり区; the coordinator of the one coordinates the other too."""
    async with database.begin() as uow:
        first = await seed_ward(uow)
        names = {"code": "hikari", "name": "ひかり区", "kana": "ひかりく", "position": 26}
        second = await seed_ward(uow, unit=names, account_prefix="UH")
        await add_grant(uow, first.people["coordinator"], Role.COORDINATOR, second.unit_id)
        await uow.commit()
    return first, second


@pytest.fixture
def who(wards: tuple[Ward, Ward]) -> Caller:
    return Caller(TEAM, wards[0].accounts["coordinator"])


async def _form(office: Office, who: Caller, ward: Ward) -> RoundForm:
    return await round_changes.open_form(office, who, RoundTarget(ward.round_id))


async def _typed(office: Office, who: Caller, ward: Ward) -> TypedRound:
    return (await _form(office, who, ward)).values


async def _stored(office: Office, ward: Ward) -> ReviewRound:
    async with office.database.read() as uow:
        row = await uow.rounds.get(ward.round_id)
    assert row is not None
    return row


async def _audited(office: Office, ward: Ward) -> int:
    async with office.database.read() as uow:
        return len(await uow.audit.about(f"round:{ward.round_id}"))


async def test_what_is_shown_and_sent_back_unchanged_changes_nothing(
    office: Office, who: Caller, wards: tuple[Ward, Ward]
) -> None:
    before = (await _stored(office, wards[0])).model_dump()

    await round_changes.change(office, who, await _typed(office, who, wards[0]))

    assert (await _stored(office, wards[0])).model_dump() == before
    assert await _audited(office, wards[0]) == 0


@EACH_KIND
async def test_several_units_get_the_dates_and_keep_who_asks(
    office: Office, who: Caller, wards: tuple[Ward, Ward]
) -> None:
    first, second = wards
    form = await _form(office, who, first)
    assert form.others == {second.unit_id: "ひかり区"}
    due = date(2026, 9, 25)
    typed = replace(
        form.values,
        due=due,
        after=(2, 4),
        levels=2,
        extension="9999",
        others=(second.unit_id,),
    )

    titles = await round_changes.change(office, who, typed)

    assert [title.partition("　")[0] for title in titles] == ["あおぞら区", "ひかり区"]
    ours, theirs = await _stored(office, first), await _stored(office, second)
    assert (ours.due, theirs.due, theirs.levels) == (due, due, 2)
    assert (ours.extension, theirs.extension) == ("9999", "1234")
    assert to_ladder(theirs.ladder) == Ladder(after=(2, 4))


async def test_the_same_submission_twice_is_one_change(
    office: Office, who: Caller, wards: tuple[Ward, Ward]
) -> None:
    typed = replace(await _typed(office, who, wards[0]), due=date(2026, 9, 25))

    for _ in range(2):
        await round_changes.change(office, who, typed)

    assert await _audited(office, wards[0]) == 1


async def test_a_form_opened_before_another_change_is_refused(
    office: Office, who: Caller, wards: tuple[Ward, Ward]
) -> None:
    stale = replace(await _typed(office, who, wards[0]), due=date(2026, 9, 25))
    await round_changes.change(office, who, replace(stale, due=date(2026, 9, 24)))

    with pytest.raises(EntryClosed) as refusal:
        await round_changes.change(office, who, stale)

    assert refusal.value.message == views.MOVED_ON
    assert (await _stored(office, wards[0])).due == date(2026, 9, 24)


async def test_a_moved_due_date_names_what_comes_anew_and_what_no_longer_does(
    office: Office, who: Caller, wards: tuple[Ward, Ward]
) -> None:
    typed = replace(await _typed(office, who, wards[0]), due=date(2026, 9, 25))

    [plan] = await round_changes.look(office, who, typed)

    anew = [(each.day.day, each.step) for each in plan.sendings if each.anew]
    assert (25, "due:2026-09-25") in anew
    assert (18, "due:2026-09-18") in [(each.day.day, each.step) for each in plan.dropped]
    [opening] = [each for each in plan.sendings if each.step == "opening"]
    assert (opening.day, opening.anew) == (date(2026, 9, 10), False)  # nobody has been told so far
    assert (await _stored(office, wards[0])).due == date(2026, 9, 18)


async def test_reopening_wants_a_reason_and_offers_days_ahead(
    office: Office, clock: SetClock, who: Caller, wards: tuple[Ward, Ward]
) -> None:
    clock.instant = datetime(2026, 10, 8, 1, 0, tzinfo=UTC)
    form = await _form(office, who, wards[0])
    assert form.standing is views.Standing.CLOSED
    assert (form.values.due, form.values.publishes) == (date(2026, 10, 14), date(2026, 10, 16))

    with pytest.raises(InvalidAnswers) as refusal:
        await round_changes.look(office, who, form.values)

    assert refusal.value.faults == {REASON: views.REASON_MISSING}


async def test_entry_is_ended_only_where_it_runs(
    office: Office, clock: SetClock, who: Caller, wards: tuple[Ward, Ward]
) -> None:
    for day, words in ((date(2026, 8, 31), views.NOT_OPEN), (date(2026, 10, 2), views.IS_CLOSED)):
        clock.instant = datetime(day.year, day.month, day.day, 1, 0, tzinfo=UTC)
        with pytest.raises(EntryClosed) as refusal:
            await round_changes.open_closing(office, who, wards[0].round_id)
        assert refusal.value.message == words


async def test_a_ward_head_is_named_by_account_and_one_of_elsewhere_stays(
    office: Office, who: Caller, wards: tuple[Ward, Ward]
) -> None:
    ward = wards[0]
    head = replace(await _typed(office, who, ward), head=ward.accounts["unit_manager"])
    await round_changes.change(office, who, head)
    stored = to_ladder((await _stored(office, ward)).ladder)
    assert stored.ward_head_id == ward.people["unit_manager"]
    assert (await _typed(office, who, ward)).head == ward.accounts["unit_manager"]

    unknown = replace(await _typed(office, who, ward), head="UNOBODY")
    with pytest.raises(InvalidAnswers):
        await round_changes.change(office, who, unknown)

    none = replace(await _typed(office, who, ward), head="")
    await round_changes.change(office, who, none)
    assert to_ladder((await _stored(office, ward)).ladder).ward_head_id is None


async def test_when_the_ward_head_is_told_is_a_setting(
    office: Office, who: Caller, wards: tuple[Ward, Ward]
) -> None:
    assert (await _typed(office, who, wards[0])).ward_head_after == 6

    wanted = replace(await _typed(office, who, wards[0]), ward_head_after=8)
    await round_changes.change(office, who, wanted)

    assert to_ladder((await _stored(office, wards[0])).ladder).ward_head_after == 8
    assert (await _typed(office, who, wards[0])).ward_head_after == 8


async def test_what_was_promised_is_what_is_sent(post: Post) -> None:
    """Day by day until entry closes: the due date moves, and the owner is away for some days."""
    await _away(post, date(2026, 9, 24), date(2026, 9, 25))
    who = Caller(TEAM, post.ward.accounts["coordinator"])
    await post.sweep("2026-09-01")
    await post.sweep("2026-09-15")
    post.machine.instant = at_tokyo(date(2026, 9, 16), time(9, 0))
    typed = replace(await _typed(post.office, who, post.ward), due=date(2026, 9, 24))
    [plan] = await round_changes.look(post.office, who, typed)
    await round_changes.change(post.office, who, typed)
    parts = {"山田": "owner", "佐藤": "deputy", "鈴木": "manager"}
    promised = {
        (each.day, parts[name]) for each in plan.sendings for name in each.names if name in parts
    }
    assert (date(2026, 9, 24), "deputy") in promised
    before = {part: len(post.messages(part)) for part in parts.values()}

    sent = set()
    for day in (date(2026, 9, 16) + timedelta(days=n) for n in range(16)):
        await post.sweep(day.isoformat())
        for part, count in before.items():
            if len(post.messages(part)) > count:
                sent.add((day, part))
        before = {part: len(post.messages(part)) for part in before}

    assert {each for each in sent if each != RETURNED} == promised


RETURNED = (date(2026, 9, 28), "owner")  # the letter to who is back, which no ladder holds


async def _away(post: Post, first: date, last: date) -> None:
    async with post.office.database.begin() as uow:
        absence = Absence(
            person_id=post.ward.owner,
            first=first,
            last=last,
            entered_by=post.ward.owner,
            at=post.machine.now(),
        )
        await uow.absences.add(absence)
        await uow.commit()
