"""A unit whose letters rest: nothing goes out, nothing is made up for, answers are still taken."""

from __future__ import annotations

from datetime import date

import pytest

from bot.domain.calendar import WINDOW_OPENS, at_tokyo
from bot.domain.errors import Refused
from bot.services import round_previews, sweep
from bot.services.pauses import pause_unit, resume_unit
from bot.services.units import find
from storage.models import CheckIn
from tests.bot.services.conftest import Post
from tests.builders import WARD
from tests.databases import EITHER_KIND

pytestmark = EITHER_KIND

RESTS = date(2026, 9, 24)


@pytest.fixture(autouse=True)
def today(post: Post) -> None:
    post.machine.instant = post.machine.instant.replace(year=2026, month=9, day=14, hour=1)


async def test_nothing_is_sent_during_a_pause_nor_made_up_for_after_it(post: Post) -> None:
    await post.sweep("2026-09-01")
    await pause_unit(post.office, WARD, until=RESTS)

    planned = [(await post.sweep(day)).planned for day in ("2026-09-15", "2026-09-18")]
    last = await post.sweep("2026-09-24", "17:00")
    after = await post.sweep("2026-09-25")

    assert [*planned, last.planned] == [0, 0, 0]
    assert (after.planned, after.counts()["sent"]) == (1, 1)  # the coordinator's daily report
    assert [len(post.messages(part)) for part in ("owner", "coordinator")] == [1, 1]


async def test_after_a_pause_the_ladder_goes_on_from_the_next_step(post: Post) -> None:
    await post.sweep("2026-09-01")
    await pause_unit(post.office, WARD, until=RESTS)

    await post.sweep("2026-09-25")
    await post.sweep("2026-09-28")

    texts = [message.text for message in post.messages("owner")]
    assert texts[1:] == ["中間振り返り 未入力が3件あります(期限から3開庁日)"]
    assert len(post.messages("manager")) == 1


async def test_a_letter_written_before_the_pause_is_withdrawn_not_kept_for_later(
    post: Post,
) -> None:
    at = at_tokyo(date(2026, 9, 15), WINDOW_OPENS)
    assert await sweep.plan(post.office, at=at) == 1
    await pause_unit(post.office, WARD, until=date(2026, 9, 17))

    for day in ("2026-09-15", "2026-09-16", "2026-09-24"):
        await post.sweep(day, "10:00")

    assert [m.text for m in post.messages("owner")] == [
        "中間振り返り 入力期限を過ぎた項目が3件あります"
    ]


async def test_another_unit_goes_on_speaking(post: Post) -> None:
    await pause_unit(post.office, "西区", until=RESTS)

    await post.sweep("2026-09-15")

    assert len(post.messages("owner")) == 1


async def test_resumed_before_time_what_is_due_that_day_is_sent(post: Post) -> None:
    await post.sweep("2026-09-01")
    await pause_unit(post.office, WARD, until=RESTS)
    post.machine.instant = post.machine.instant.replace(day=18)

    resumed = [await resume_unit(post.office, WARD) for _ in range(2)]
    await post.sweep("2026-09-18")

    assert resumed == [(WARD, True), (WARD, False)]
    assert [m.text for m in post.messages("owner")][1:] == [
        "本日が中間振り返りの入力期限です(未入力3件)"
    ]


async def test_a_pause_is_in_the_audit_trail_and_in_the_preview(post: Post) -> None:
    await post.sweep("2026-09-01")
    await pause_unit(post.office, WARD, until=RESTS)

    async with post.office.database.read() as uow:
        entries = await uow.audit.about(f"unit:{post.ward.unit_id}")
        unit = await find(uow, WARD)
    preview = await round_previews.preview(post.office, unit, year=2026, stage_key="mid-year")

    assert [(each.action, each.detail) for each in entries] == [
        ("unit.pause", {"until": "2026-09-24"})
    ]
    assert preview.listing.paused_until == RESTS
    silent = {each.step.partition(":")[0] for each in preview.notices if each.silent}
    assert silent == {"before-3", "due", "after-1"}


async def test_a_day_that_has_passed_is_refused(post: Post) -> None:
    with pytest.raises(Refused, match="過ぎています"):
        await pause_unit(post.office, WARD, until=date(2026, 9, 1))


async def test_figures_that_a_pause_kept_back_are_asked_for_once_on_the_first_day_after_it(
    post: Post,
) -> None:
    await provisional_until(post, "2026-09-22")  # asked for in the middle of the pause
    await pause_unit(post.office, WARD, until=RESTS)

    during = [(await post.sweep(day)).planned for day in ("2026-09-18", "2026-09-24")]
    after = [(await post.sweep(day)).planned for day in ("2026-09-25", "2026-09-28")]

    assert (during, after) == ([0, 0], [1, 0])
    assert [message.text for message in post.messages("owner")] == [
        "暫定で入力した項目の確認のお願い(3件、9月29日(火)まで)"
    ]


async def test_a_request_that_a_pause_caught_unsent_is_made_after_it(post: Post) -> None:
    await provisional_until(post, "2026-09-15")
    assert await sweep.plan(post.office, at=at_tokyo(date(2026, 9, 15), WINDOW_OPENS)) == 1
    await pause_unit(post.office, WARD, until=RESTS)

    await post.sweep("2026-09-15")
    assert post.messages("owner") == []
    await post.sweep("2026-09-25")

    assert [message.text for message in post.messages("owner")] == [
        "暫定で入力した項目の確認のお願い(3件、9月29日(火)まで)"
    ]


async def test_figures_settled_during_a_pause_are_asked_for_by_nobody_after_it(post: Post) -> None:
    await provisional_until(post, "2026-09-22")
    await pause_unit(post.office, WARD, until=RESTS)
    async with post.office.database.begin() as uow:
        for check_in in await uow.check_ins.of_plan(post.ward.plan_id, "year-end"):
            check_in.ask_again_on = None
            await uow.check_ins.add(check_in)
        await uow.commit()

    assert (await post.sweep("2026-09-25")).planned == 0


async def provisional_until(post: Post, day: str) -> None:
    """The owner has answered everything, with figures that are asked for again on a day."""
    figures = {"results": "12回", "attainment": "undetermined", "provisional": "yes"}
    answers = {**figures, "final_on": "2026-09-14"}
    async with post.office.database.begin() as uow:
        row = await uow.rounds.get(post.ward.round_id)
        assert row is not None
        row.stage = "year-end"
        await uow.rounds.add(row)
        for initiative in post.ward.initiatives:
            await uow.check_ins.add(
                CheckIn(
                    plan_id=post.ward.plan_id,
                    initiative_id=initiative,
                    stage="year-end",
                    revision=1,
                    answers=answers,
                    unreadable=[],
                    source="slack",
                    at=post.machine.now(),
                    ask_again_on=date.fromisoformat(day),
                )
            )
        await uow.commit()
