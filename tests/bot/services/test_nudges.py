"""A nudge by hand: to whom it goes, how often, and what it says."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest

from bot.domain.calendar import at_tokyo
from bot.domain.consultations import ConsultationKind
from bot.domain.errors import AccessDenied, EntryClosed, InvalidAnswers
from bot.services import checkins, consultations, home, nudges, status
from bot.services.pauses import pause_unit
from bot.services.viewers import Caller
from bot.views.checkin_form import Typed
from bot.views.consultations import Asked
from bot.views.home_actions import HomeTab, HomeTarget
from bot.views.home_coordinator import CoordinatorHome
from bot.views.home_manager import ManagerHome
from bot.views.targets import Target
from bot.views.unit_status import UnitStatus
from playground.messages import Message
from tests.bot.services.conftest import Post
from tests.builders import TEAM
from tests.databases import EACH_KIND, EITHER_KIND

pytestmark = EITHER_KIND

ANSWERS = {"implementation": "i", "attainment": "1"}
NOTE = "金曜日の朝に <集計> します。"


def go_to(post: Post, day: str, hour: str = "10:00") -> None:
    at = at_tokyo(date.fromisoformat(day), time.fromisoformat(hour))
    post.machine.advance(at - post.machine.now())


def who(post: Post, part: str) -> Caller:
    return Caller(TEAM, post.ward.accounts[part])


def item(post: Post, number: int) -> Target:
    return Target(post.ward.round_id, post.ward.initiatives[number - 1])


async def submit(post: Post, *numbers: int) -> None:
    for number in numbers:
        target = item(post, number)
        typed = Typed(target.round_id, target.initiative_id, 0, ANSWERS, complete_state=True)
        await checkins.submit(post.office, who(post, "owner"), typed)


def nudged(post: Post) -> list[Message]:
    return [each for each in post.messages("owner") if "まで入力できます。" in each.visible_text]


@EACH_KIND
async def test_a_manager_nudges_about_a_late_item_and_the_owner_reads_all_that_is_late(
    post: Post,
) -> None:
    await submit(post, 1)
    go_to(post, "2026-09-25")

    shown = await nudges.open_one(post.office, who(post, "manager"), item(post, 2))
    sent = await nudges.send_one(post.office, who(post, "manager"), item(post, 2))
    await post.sweep("2026-09-25", "10:00")

    assert (shown.code, shown.names) == ("2", ("山田",))
    assert (sent.count, sent.now) == (1, True)
    letter = nudged(post)[-1]
    assert "2件の入力をお願いします" in letter.visible_text
    assert "取組項目1" not in letter.visible_text
    assert "取組項目3" in letter.visible_text


async def test_a_person_is_nudged_once_a_day_whoever_does_it_about_whatever(post: Post) -> None:
    go_to(post, "2026-09-25")
    await nudges.send_one(post.office, who(post, "manager"), item(post, 1))

    for part, number in (("manager", 1), ("manager", 2), ("coordinator", 3)):
        with pytest.raises(EntryClosed):
            await nudges.send_one(post.office, who(post, part), item(post, number))
    with pytest.raises(EntryClosed):
        await nudges.send_all(post.office, who(post, "coordinator"), post.ward.round_id, NOTE)
    shown = await nudges.open_all(post.office, who(post, "coordinator"), post.ward.round_id)
    assert (shown.count, shown.already) == (0, 1)

    go_to(post, "2026-09-28")
    again = await nudges.send_one(post.office, who(post, "manager"), item(post, 1))
    assert again.count == 1


async def test_the_coordinators_sentence_stands_above_the_list_as_it_was_typed(post: Post) -> None:
    go_to(post, "2026-09-25")

    await nudges.send_all(post.office, who(post, "coordinator"), post.ward.round_id, NOTE)
    await post.sweep("2026-09-25", "10:00")

    letter = nudged(post)[-1]
    assert "&gt;" not in letter.text
    shown = [str(block) for block in letter.blocks]
    assert any(">金曜日の朝に &lt;集計&gt; します。" in text for text in shown)
    assert letter.visible_text.index("金曜日の朝に") < letter.visible_text.index("取組項目1")


async def test_a_sentence_that_is_too_long_is_refused(post: Post) -> None:
    go_to(post, "2026-09-25")

    with pytest.raises(InvalidAnswers):
        await nudges.send_all(post.office, who(post, "coordinator"), post.ward.round_id, "あ" * 301)


async def test_nobody_is_nudged_during_a_pause(post: Post) -> None:
    go_to(post, "2026-09-25")
    await pause_unit(post.office, "あおぞら区", until=date(2026, 9, 28))

    with pytest.raises(EntryClosed, match="9月28日"):
        await nudges.open_all(post.office, who(post, "coordinator"), post.ward.round_id)
    with pytest.raises(EntryClosed, match="9月28日"):
        await nudges.send_one(post.office, who(post, "manager"), item(post, 1))


async def test_a_nudge_that_a_pause_overtakes_is_sent_neither_now_nor_afterwards(
    post: Post,
) -> None:
    go_to(post, "2026-09-25")
    await nudges.send_all(post.office, who(post, "coordinator"), post.ward.round_id, NOTE)
    await pause_unit(post.office, "あおぞら区", until=date(2026, 9, 28))

    await post.sweep("2026-09-25", "10:00")
    await post.sweep("2026-09-29")

    assert not nudged(post)


@pytest.mark.parametrize("part", ["owner", "deputy", "observer"])
async def test_nobody_else_nudges(post: Post, part: str) -> None:
    go_to(post, "2026-09-25")

    with pytest.raises(AccessDenied):
        await nudges.send_one(post.office, who(post, part), item(post, 1))
    for everybody_but in ("owner", "manager", "unit_manager", "observer"):
        with pytest.raises(AccessDenied):
            await nudges.send_all(post.office, who(post, everybody_but), post.ward.round_id, "")


async def test_nobody_is_nudged_before_the_due_date_or_about_what_is_in(post: Post) -> None:
    go_to(post, "2026-09-18")
    with pytest.raises(EntryClosed):
        await nudges.send_one(post.office, who(post, "manager"), item(post, 1))

    await submit(post, 1)
    go_to(post, "2026-09-25")
    with pytest.raises(EntryClosed):
        await nudges.send_one(post.office, who(post, "manager"), item(post, 1))


@pytest.mark.parametrize("part", ["manager", "unit_manager", "coordinator"])
async def test_a_nudge_is_offered_only_where_somebody_who_is_asked_is_in_slack(
    post: Post, part: str
) -> None:
    go_to(post, "2026-09-25")
    places = {"manager": HomeTab.MANAGER, "unit_manager": HomeTab.MANAGER}
    at = HomeTarget(places.get(part, HomeTab.COORDINATOR), post.ward.unit_id)

    async def offered() -> tuple[frozenset[int], bool]:
        shown = await status.of_unit(post.office, who(post, part), post.ward.unit_id)
        assert isinstance(shown, UnitStatus)
        body = (await home.read(post.office, who(post, part), at)).home.body
        assert isinstance(body, (ManagerHome, CoordinatorHome))
        assert body.status is not None
        return shown.nudgeable, body.status.nudgeable == shown.nudgeable

    assert await offered() == (frozenset(post.ward.initiatives), True)

    async with post.office.database.begin() as uow:
        account = await uow.people.account(TEAM, post.ward.accounts["owner"])
        assert account is not None
        await uow.people.deactivate(account, post.machine.now())
        await uow.commit()

    assert await offered() == (frozenset(), True)


async def test_who_waits_for_the_coordinator_is_not_nudged(post: Post) -> None:
    typed = Asked((item(post, 1),), ConsultationKind.WRONG_OWNER, "")
    await consultations.ask(post.office, who(post, "owner"), typed)
    go_to(post, "2026-09-25")

    with pytest.raises(EntryClosed):
        await nudges.send_one(post.office, who(post, "manager"), item(post, 1))


async def test_after_hours_it_goes_out_on_the_next_business_morning_and_counts_for_it(
    post: Post,
) -> None:
    go_to(post, "2026-09-25", "18:00")  # a Friday
    sent = await nudges.send_one(post.office, who(post, "manager"), item(post, 1))
    assert (sent.day, sent.now) == (date(2026, 9, 28), False)

    before = len(post.messages("owner"))
    await post.sweep("2026-09-26", "10:00")
    assert len(post.messages("owner")) == before
    go_to(post, "2026-09-28", "09:40")
    with pytest.raises(EntryClosed):
        await nudges.send_one(post.office, who(post, "coordinator"), item(post, 2))


async def test_what_is_answered_before_it_goes_out_is_not_asked_for(post: Post) -> None:
    go_to(post, "2026-09-25")
    await nudges.send_one(post.office, who(post, "manager"), item(post, 1))
    await submit(post, 1, 2, 3)

    await post.sweep("2026-09-25", "10:00")

    assert nudged(post) == []


async def test_its_rows_turn_into_receipts(post: Post) -> None:
    go_to(post, "2026-09-25")
    await nudges.send_one(post.office, who(post, "manager"), item(post, 1))
    await post.sweep("2026-09-25", "10:00")
    await submit(post, 1, 2, 3)
    post.machine.advance(timedelta(minutes=1))
    post.slack.clock.advance(60)

    await post.sweep("2026-09-25", "10:05")

    texts = [each.visible_text for each in post.messages("owner")]
    assert any("入力済です。ありがとうございました。" in text for text in texts)
    assert not any("入力をお願いします*" in text for text in texts)
