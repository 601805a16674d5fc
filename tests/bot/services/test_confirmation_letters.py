"""Letters around the manager's step: who hears of what, on which morning, and who does not."""

from __future__ import annotations

import re
from datetime import date, time

import pytest

from bot.domain.calendar import at_tokyo
from bot.services import checkins, confirmations
from bot.services.checkins import Stored
from bot.services.confirmations import Confirmed, Mending
from bot.services.viewers import Caller
from bot.views.checkin_form import Typed
from bot.views.confirmations import SentBack
from bot.views.targets import Target
from storage.models import Absence
from tests.bot.services.conftest import Post
from tests.builders import TEAM
from tests.databases import EITHER_KIND

pytestmark = EITHER_KIND

ANSWER = {"implementation": "i", "attainment": "2", "issues": "参加が少ない。周知を増やす。"}


def caller(post: Post, part: str) -> Caller:
    return Caller(TEAM, post.ward.accounts[part])


def target(post: Post, number: int) -> Target:
    return Target(post.ward.round_id, post.ward.initiatives[number - 1])


def go_to(post: Post, day: str, hour: str = "10:00") -> None:
    post.machine.instant = at_tokyo(date.fromisoformat(day), time.fromisoformat(hour))


async def ask_of(post: Post, levels: int) -> None:
    async with post.office.database.begin() as uow:
        row = await uow.rounds.get(post.ward.round_id)
        assert row is not None
        row.levels = levels
        await uow.commit()


async def answer(post: Post, *numbers: int, revision: int = 0) -> None:
    for number in numbers:
        about = target(post, number)
        typed = Typed(
            about.round_id,
            about.initiative_id,
            revision=revision,
            answers={**ANSWER, "issues": f"{ANSWER['issues']}{revision}"},
            complete_state=True,
        )
        assert isinstance(await checkins.submit(post.office, caller(post, "owner"), typed), Stored)


async def send_back(post: Post, number: int, due: str) -> None:
    typed = SentBack(target(post, number), 1, "人数も書いてください。", date.fromisoformat(due))
    done = await confirmations.send_back(post.office, caller(post, "manager"), typed)
    assert isinstance(done, Mending)


@pytest.fixture
async def answered(post: Post) -> Post:
    """All three items are in on 7 September, one level is asked, and item 1 is sent back."""
    await ask_of(post, 1)
    go_to(post, "2026-09-07")
    await answer(post, 1, 2, 3)
    await send_back(post, 1, "2026-09-10")
    await post.sweep("2026-09-07", "10:30")
    assert [each.text for each in post.messages("owner")] == [
        "取組項目1の修正のお願い(9月10日(木)まで)"
    ]
    return post


async def test_the_owner_is_reminded_on_the_morning_of_the_day_and_never_else(
    answered: Post,
) -> None:
    for day in ("2026-09-08", "2026-09-09"):
        await answered.sweep(day)
    assert len(answered.messages("owner")) == 1

    await answered.sweep("2026-09-10")
    await answered.sweep("2026-09-10", "13:00")

    assert [each.text for each in answered.messages("owner")][1:] == [
        "本日が取組項目の修正期限です(1件)"
    ]
    assert "取組項目2" not in answered.messages("owner")[1].visible_text


@pytest.mark.parametrize("has_deputy", [True, False])
async def test_what_was_sent_back_while_its_owner_was_away_is_asked_of_them_when_they_are_back(
    post: Post, *, has_deputy: bool
) -> None:
    await ask_of(post, 1)
    go_to(post, "2026-09-02")
    await answer(post, 1, 2, 3)
    await _owner_is_away(post, has_deputy=has_deputy)
    go_to(post, "2026-09-08")
    about = SentBack(target(post, 1), 1, "人数も書いてください。", date(2026, 9, 16))
    done = await confirmations.send_back(post.office, caller(post, "manager"), about)

    assert isinstance(done, Mending)
    assert done.reached is has_deputy
    for day in ("2026-09-08", "2026-09-09", "2026-09-11"):
        await post.sweep(day, "11:00")
    assert post.messages("owner") == []
    # With nobody to tell, the coordinator is told.
    alone = [m for m in post.messages("coordinator") if "副担当がいない項目" in m.visible_text]
    assert len(alone) == (0 if has_deputy else 1)
    for day in ("2026-09-14", "2026-09-15"):
        await post.sweep(day)

    [back] = post.messages("owner")
    assert "次の1件の修正をお願いしています。" in back.visible_text
    assert "差し戻し(9月16日(水)まで)" in back.visible_text
    assert ("副担当の佐藤さんへ送りました" in back.visible_text) is has_deputy


async def _owner_is_away(post: Post, *, has_deputy: bool) -> None:
    """From the 3rd to the 11th."""
    async with post.office.database.begin() as uow:
        for own in await uow.people.ownerships(post.ward.initiatives):
            own.deputy_id = post.ward.people["deputy"] if has_deputy else None
            await uow.people.add(own)
        gone = Absence(
            person_id=post.ward.owner,
            first=date(2026, 9, 3),
            last=date(2026, 9, 11),
            at=post.office.now(),
        )
        await uow.absences.add(gone)
        await uow.commit()


async def test_what_two_requests_of_one_letter_name_stays_apart_when_it_is_updated(
    post: Post,
) -> None:
    await ask_of(post, 1)
    await post.sweep("2026-09-01")
    go_to(post, "2026-09-10")
    await answer(post, 1)
    await send_back(post, 1, "2026-09-18")
    await post.sweep("2026-09-18")
    assert _named_in_each(post) == (["2", "3"], ["1"])

    await answer(post, 2)
    await post.sweep("2026-09-18", "13:00")
    assert _named_in_each(post) == (["2", "3"], ["1"])

    await answer(post, 1, revision=1)
    await post.sweep("2026-09-18", "13:30")
    assert _named_in_each(post) == (["2", "3"], ["1"])
    assert "次の1件がまだ未入力です。" in post.messages("owner")[-1].visible_text


def _named_in_each(post: Post) -> tuple[list[str], list[str]]:
    """The items of the round's own notice, and of what is to be mended, in the newest letter."""
    text = post.messages("owner")[-1].visible_text
    own, mending = re.split(r"(?m)^(?=あおぞら区)", text)[-2:]
    return re.findall(r"\*取組項目(\d)\*", own), re.findall(r"\*取組項目(\d)\*", mending)


async def test_who_has_mended_it_is_not_reminded(answered: Post) -> None:
    go_to(answered, "2026-09-09")
    await answer(answered, 1, revision=1)

    await answered.sweep("2026-09-10")

    assert len(answered.messages("owner")) == 1


async def test_the_coordinator_hears_of_it_on_the_day_after_and_only_then(answered: Post) -> None:
    await answered.sweep("2026-09-10")
    assert answered.messages("coordinator") == []

    await answered.sweep("2026-09-11")

    [report] = answered.messages("coordinator")
    assert "差し戻し 1件" in report.visible_text
    assert "修正を待っている項目：取組項目1(修正期限 9月10日(木))" in report.visible_text
    assert "確認待ち" not in report.visible_text


async def test_what_was_sent_back_is_not_called_late_before_its_own_day(post: Post) -> None:
    await ask_of(post, 1)
    go_to(post, "2026-09-17")
    await answer(post, 1, 2, 3)
    await send_back(post, 1, "2026-09-28")

    for day in ("2026-09-18", "2026-09-24", "2026-09-25"):
        await post.sweep(day)

    assert [each.text for each in post.messages("owner")] == [
        "取組項目1の修正のお願い(9月28日(月)まで)"
    ]
    assert all("未入力" not in each.text for each in post.messages("manager"))
    assert post.messages("coordinator") == []


async def test_what_is_not_mended_by_its_day_joins_what_is_late(post: Post) -> None:
    await ask_of(post, 1)
    go_to(post, "2026-09-17")
    await answer(post, 1, 2, 3)
    await send_back(post, 1, "2026-09-24")

    await post.sweep("2026-09-28")  # three business days after the due day

    assert "差し戻し(9月24日(木)まで)" in post.messages("owner")[-1].visible_text
    assert "保健福祉課で1件が未入力です" in post.messages("manager")[0].visible_text


async def test_as_publication_nears_the_coordinator_hears_what_nobody_has_confirmed(
    post: Post,
) -> None:
    await ask_of(post, 1)
    go_to(post, "2026-09-07")
    await answer(post, 1, 2, 3)
    done = await confirmations.confirm(post.office, caller(post, "manager"), target(post, 1), 1)
    assert isinstance(done, Confirmed)
    await post.sweep("2026-09-30")
    assert post.messages("coordinator") == []

    for day in ("2026-10-01", "2026-10-02", "2026-10-05", "2026-10-06"):
        await post.sweep(day)

    reports = [each.visible_text for each in post.messages("coordinator")]
    assert len(reports) == 3  # until the day of publication
    assert all("確認待ち 2件" in each for each in reports)
    assert "公表予定(10月5日(月))までに確認を待っている項目：取組項目2、3" in reports[0]


async def test_while_the_owner_is_away_the_deputy_is_asked_to_mend_it_and_reminded(
    post: Post,
) -> None:
    await ask_of(post, 1)
    go_to(post, "2026-09-04")
    await answer(post, 1, 2, 3)
    async with post.office.database.begin() as uow:
        gone = Absence(
            person_id=post.ward.people["owner"], first=date(2026, 9, 7), at=post.machine.now()
        )
        await uow.absences.add(gone)
        await uow.commit()
    go_to(post, "2026-09-07")
    await send_back(post, 1, "2026-09-10")

    for day in ("2026-09-07", "2026-09-08", "2026-09-10"):
        await post.sweep(day, "10:30")

    assert post.messages("owner") == []
    request, reminder = post.messages("deputy")
    assert request.text == "取組項目1の修正のお願い(9月10日(木)まで)"
    assert "副担当の方にお知らせしています。" in request.visible_text
    assert reminder.text == "本日が取組項目の修正期限です(1件)"


async def test_what_one_manager_has_confirmed_stands_in_the_other_managers_letter_too(
    post: Post,
) -> None:
    await ask_of(post, 1)
    go_to(post, "2026-09-07")
    await answer(post, 1)
    await post.sweep("2026-09-08")
    [letter] = post.messages("unit_manager")
    assert letter.text == "中間振り返り 確認のお願い(1件)"

    await confirmations.confirm(post.office, caller(post, "manager"), target(post, 1), 1)
    await post.sweep("2026-09-08", "11:00")

    [letter] = post.messages("unit_manager")
    assert letter.text == "中間振り返り 確認はすべて済んでいます"


async def test_of_two_levels_the_ward_head_is_told_after_the_section_chief(post: Post) -> None:
    await ask_of(post, 2)
    go_to(post, "2026-09-07")
    await answer(post, 1)
    await post.sweep("2026-09-08")
    assert len(post.messages("manager")) == 1
    assert post.messages("unit_manager") == []

    await confirmations.confirm(post.office, caller(post, "manager"), target(post, 1), 1)
    await post.sweep("2026-09-09")

    assert [each.text for each in post.messages("unit_manager")] == [
        "中間振り返り 確認のお願い(1件)"
    ]


async def test_a_round_that_asks_nobody_reports_nothing_unconfirmed(post: Post) -> None:
    go_to(post, "2026-09-07")
    await answer(post, 1, 2, 3)

    for day in ("2026-10-01", "2026-10-05"):
        await post.sweep(day)

    assert post.messages("coordinator") == post.messages("manager") == []


async def test_a_unit_that_pauses_reminds_of_nothing_to_mend(answered: Post) -> None:
    async with answered.office.database.begin() as uow:
        unit = await uow.units.get(answered.ward.unit_id)
        assert unit is not None
        unit.paused_until = date(2026, 9, 15)
        await uow.commit()

    for day in ("2026-09-10", "2026-09-11", "2026-09-16"):
        await answered.sweep(day)

    assert len(answered.messages("owner")) == 1
