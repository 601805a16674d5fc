"""Letters from the decision to the message: each person has each notice exactly once."""

from __future__ import annotations

import asyncio
from datetime import date, datetime, time, timedelta

import pytest

from bot.domain.calendar import at_tokyo
from bot.domain.letters import Sent
from bot.services import sweep
from bot.services.letters import deliver
from bot.services.office import Office
from bot.views.blocks import Rendered
from playground import Fault
from playground.people import User
from storage.database import Database
from storage.models import Account, CheckIn, Ownership
from tests.bot.services.conftest import Post
from tests.builders import add_initiative, add_ownership, add_person
from tests.databases import EITHER_KIND

pytestmark = EITHER_KIND

LADDER = ("2026-09-01", "2026-09-15", "2026-09-18", "2026-09-24", "2026-09-28", "2026-10-01")


async def test_a_round_speaks_to_a_silent_owner_six_times_and_never_again(post: Post) -> None:
    at = sweep.instants(_at("2026-08-31"), _at("2026-10-09"))
    for moment in at:
        await sweep.run(post.office, post.courier, at=moment, sleep=post.nap)

    texts = [message.text for message in post.messages("owner")]
    assert len(texts) == len(LADDER), texts
    assert texts[0] == "令和8年度 中間振り返りの入力のお願い(3件、9月18日(金)まで)"
    assert texts[-1] == "中間振り返り 未入力が3件あります(最後のお知らせ)"
    assert [len(post.messages(part)) for part in ("manager", "unit_manager")] == [1, 1]
    assert post.messages("deputy") == []


async def test_the_same_sweep_twice_writes_and_sends_once(post: Post) -> None:
    first = await post.sweep("2026-09-01")
    second = await post.sweep("2026-09-01", "09:31")

    assert first.counts() == {
        "planned": 1, "sent": 1, "deferred": 0, "undeliverable": 0, "unknown": 0
    }  # fmt: skip
    assert second.counts()["planned"] == 0
    assert len(post.messages("owner")) == 1


async def test_three_processes_at_once_send_each_letter_once(post: Post, database_url: str) -> None:
    async with post.office.database.begin() as uow:
        for number in range(20):
            person = await add_person(uow, f"担当{number}", account=f"UMANY{number}")
            item = await add_initiative(uow, post.ward.plan_id, 10 + number)
            await add_ownership(uow, item, person)
        await uow.commit()
    # Real processes share the machine's real clock: a lease must not end while a call runs.
    offices = [
        Office(Database(database_url), post.office.clock, post.office.forms) for _ in range(3)
    ]
    for number in range(20):
        post.slack.workspace.put_user(_user(f"UMANY{number}"))

    at = _at("2026-09-01")
    reports = await asyncio.gather(
        *(sweep.run(office, post.courier, at=at, sleep=asyncio.sleep) for office in offices)
    )

    assert sum(report.planned for report in reports) == 21
    assert sum(report.counts()["sent"] for report in reports) == 21
    posted = [call.args["channel"] for call in post.slack.calls("chat.postMessage")]
    assert len(posted) == len(set(posted)) == 21
    for office in offices:
        await office.database.dispose()


async def test_a_letter_taken_before_the_connection_broke_is_found_not_sent_again(
    post: Post,
) -> None:
    post.slack.faults.on("chat.postMessage", Fault.drop_after(), times=1)

    report = await post.sweep("2026-09-01")

    assert report.counts()["sent"] == 1
    assert len(post.messages("owner")) == 1
    assert len(post.slack.calls("chat.postMessage")) == 1


async def test_a_letter_that_was_never_taken_is_sent_after_looking_for_it(post: Post) -> None:
    post.slack.faults.on("chat.postMessage", Fault.server_error(500), times=2)

    report = await post.sweep("2026-09-01")

    assert report.counts()["sent"] == 1
    assert len(post.messages("owner")) == 1


async def test_a_process_killed_between_call_and_record_sends_nothing_twice(post: Post) -> None:
    await sweep.plan(post.office, at=_at("2026-09-01"))
    async with post.office.database.begin() as uow:
        claimed = await uow.outbox.claim(
            now=post.machine.now(), day=_at("2026-09-01").date(), limit=5
        )
        await uow.commit()
    letter = claimed[0].letter
    # What the killed process had done: Slack took the message, nobody recorded it.
    await _post_as_the_dead_process(post, letter.slack_user_id, letter.token)
    post.machine.advance(timedelta(seconds=21))

    report = await post.sweep("2026-09-01", "09:40")

    assert report.counts()["sent"] == 1
    assert len(post.messages("owner")) == 1


async def test_a_rate_limit_is_waited_out_and_then_all_are_reached(post: Post) -> None:
    post.slack.faults.on("chat.postMessage", Fault.rate_limited(retry_after=7), times=1)

    report = await post.sweep("2026-09-01")

    assert report.counts()["sent"] == 1
    assert len(post.messages("owner")) == 1


async def test_a_long_rate_limit_is_left_to_the_next_sweep(post: Post) -> None:
    post.slack.faults.on("chat.postMessage", Fault.rate_limited(retry_after=120), times=1)

    assert (await post.sweep("2026-09-01")).counts()["deferred"] == 1
    post.machine.advance(timedelta(seconds=121))
    assert (await post.sweep("2026-09-01", "09:35")).counts()["sent"] == 1


async def test_a_recipient_who_can_never_be_reached_is_reported_to_the_coordinator(
    post: Post,
) -> None:
    post.slack.faults.on(
        "chat.postMessage",
        Fault.error("user_not_found"),
        where=lambda args: args["channel"] == post.ward.accounts["owner"],
    )

    report = await post.sweep("2026-09-01")

    assert report.counts()["undeliverable"] == 1
    assert post.messages("owner") == []
    [letter] = post.messages("coordinator")
    assert "届いていない方" in letter.visible_text


@pytest.mark.parametrize(
    ("day", "hour"),
    [
        ("2026-09-05", "10:00"),  # Saturday
        ("2026-09-21", "10:00"),  # 敬老の日
        ("2027-01-01", "10:00"),
        ("2026-09-01", "09:29"),
        ("2026-09-01", "17:31"),
    ],
)
async def test_nothing_is_written_or_sent_outside_office_hours(
    post: Post, day: str, hour: str
) -> None:
    report = await post.sweep(day, hour)

    assert report.planned == 0
    assert post.slack.calls("chat.postMessage") == []


async def test_a_unit_that_is_closed_is_left_alone(post: Post) -> None:
    async with post.office.database.begin() as uow:
        await uow.units.set_closures(post.ward.unit_id, [_at("2026-09-01").date()])
        await uow.commit()

    assert (await post.sweep("2026-09-01")).planned == 0
    assert (await post.sweep("2026-09-02")).counts()["sent"] == 1


async def test_after_downtime_only_the_newest_step_is_sent(post: Post) -> None:
    report = await post.sweep("2026-09-25")

    assert report.counts()["sent"] >= 1
    [notice] = post.messages("owner")
    assert notice.text == "中間振り返り 入力期限を過ぎた項目が3件あります"


async def test_a_letter_that_lost_its_reason_before_it_was_sent_is_withdrawn(post: Post) -> None:
    await sweep.plan(post.office, at=_at("2026-09-01"))
    await _answer(post, post.ward.initiatives)

    taken = await deliver(post.office, post.courier, at=_at("2026-09-01"))

    assert taken == 1
    assert post.messages("owner") == []


async def test_who_has_answered_everything_hears_nothing_more(post: Post) -> None:
    await post.sweep("2026-09-01")
    await _answer(post, post.ward.initiatives)

    for day in LADDER[1:]:
        await post.sweep(day)

    assert len(post.messages("owner")) == 1


async def test_a_new_owner_during_the_round_gets_the_opening_notice(post: Post) -> None:
    await post.sweep("2026-09-01")
    async with post.office.database.begin() as uow:
        person = await add_person(uow, "後任", account="UNEXT")
        for own in await uow.people.ownerships(post.ward.initiatives):
            own.valid_to = _at("2026-09-06").date()
            await uow.people.add(own)
        new = Ownership(
            initiative_id=post.ward.initiatives[0],
            person_id=person,
            valid_from=_at("2026-09-07").date(),
        )
        await uow.people.add(new)
        await uow.commit()
    post.slack.workspace.put_user(_user("UNEXT"))

    await post.sweep("2026-09-07")

    [notice] = post.slack.messages(post.slack.workspace.users["UNEXT"])
    assert notice.text.startswith("令和8年度 中間振り返りの入力のお願い(1件")
    _, handed_over = post.messages("owner")
    assert "入力のお願い" not in handed_over.text


async def test_provisional_figures_are_asked_again_on_the_day_after_they_are_known(
    post: Post,
) -> None:
    await _turn_to_year_end(post, closes="2027-05-28")
    provisional = {"results": "12回", "attainment": "undetermined", "provisional": "yes"}
    await _answer(
        post,
        post.ward.initiatives,
        stage="year-end",
        answers={**provisional, "final_on": "2027-05-31"},
        ask_again="2027-06-01",
    )

    for moment in sweep.instants(_at("2027-04-01"), _at("2027-06-10")):
        await sweep.run(post.office, post.courier, at=moment, sleep=post.nap)

    [notice] = post.messages("owner")
    assert notice.text == "暫定で入力した項目の確認のお願い(3件、6月3日(木)まで)"


async def test_an_account_that_is_gone_is_not_written_to(post: Post) -> None:
    async with post.office.database.begin() as uow:
        account = await uow.people.account("T0001", post.ward.accounts["owner"])
        assert isinstance(account, Account)
        await uow.people.deactivate(account, post.machine.now())
        await uow.commit()

    await post.sweep("2026-09-01")

    assert post.messages("owner") == []
    assert len(post.messages("coordinator")) == 1


async def test_a_draft_plan_asks_nobody(post: Post) -> None:
    async with post.office.database.begin() as uow:
        plan = await uow.plans.get(post.ward.plan_id)
        assert plan is not None
        plan.state = "draft"
        await uow.plans.add(plan)
        await uow.commit()

    assert (await post.sweep("2026-09-01")).planned == 0


async def test_a_moved_due_date_is_announced_anew_and_nothing_is_repeated(post: Post) -> None:
    for day in ("2026-09-01", "2026-09-15"):
        await post.sweep(day)
    async with post.office.database.begin() as uow:
        row = await uow.rounds.get(post.ward.round_id)
        assert row is not None
        row.due = _at("2026-09-29").date()
        await uow.rounds.add(row)
        await uow.commit()

    for day in ("2026-09-16", "2026-09-18", "2026-09-24", "2026-09-25"):
        await post.sweep(day)

    texts = [message.text for message in post.messages("owner")]
    assert len(texts) == 3
    assert "9月29日(火)" in texts[-1]


async def test_letters_dated_later_are_left_to_their_day(post: Post) -> None:
    await sweep.plan(post.office, at=_at("2026-09-02"))

    assert await deliver(post.office, post.courier, at=_at("2026-09-01")) == 0
    assert await deliver(post.office, post.courier, at=_at("2026-09-02")) == 1


async def test_a_rehearsal_counts_and_keeps_nothing(post: Post) -> None:
    instants = sweep.instants(_at("2026-09-01"), _at("2026-10-01"))

    report = await sweep.rehearse(post.office, instants)

    assert report.planned >= len(LADDER)
    assert post.slack.calls("chat.postMessage") == []
    async with post.office.database.read() as uow:
        assert await uow.correspondence.told(post.ward.round_id) == {}


async def _answer(
    post: Post,
    initiatives: tuple[int, ...],
    *,
    stage: str = "mid-year",
    answers: dict[str, str] | None = None,
    ask_again: str | None = None,
) -> None:
    async with post.office.database.begin() as uow:
        for initiative in initiatives:
            await uow.check_ins.add(
                CheckIn(
                    plan_id=post.ward.plan_id,
                    initiative_id=initiative,
                    stage=stage,
                    revision=1,
                    answers=answers or {"implementation": "i", "attainment": "1"},
                    unreadable=[],
                    source="slack",
                    at=post.machine.now(),
                    ask_again_on=_at(ask_again).date() if ask_again else None,
                )
            )
        await uow.commit()


async def _turn_to_year_end(post: Post, *, closes: str) -> None:
    """The ward's round is the year-end one instead, published on 7 June 2027."""
    async with post.office.database.begin() as uow:
        row = await uow.rounds.get(post.ward.round_id)
        assert row is not None
        row.stage = "year-end"
        row.opens, row.due = _at("2027-04-01").date(), _at("2027-05-14").date()
        row.closes, row.publishes = _at(closes).date(), _at("2027-06-07").date()
        await uow.rounds.add(row)
        await uow.commit()


async def _post_as_the_dead_process(post: Post, user: str, token: str) -> None:
    outcome = await post.courier.post(user, Rendered("前の手紙", []), key=token)
    assert isinstance(outcome, Sent)


def _at(day: str) -> datetime:
    return at_tokyo(date.fromisoformat(day), time(9, 30))


def _user(account: str) -> User:
    return User(account, account, f"{account.lower()}@example.jp")


async def test_an_answer_that_comes_while_its_letter_is_sent_updates_the_letter(
    post: Post,
) -> None:
    await sweep.plan(post.office, at=_at("2026-09-01"))
    post.slack.faults.on("chat.postMessage", Fault.slow(0.5), times=1)

    sending = asyncio.create_task(deliver(post.office, post.courier, at=_at("2026-09-01")))
    await post.slack.wait_until(lambda: post.slack.calls("chat.postMessage"))
    await _answer(post, post.ward.initiatives)
    async with post.office.database.begin() as uow:
        await uow.letter_updates.ask([post.ward.owner], post.ward.round_id, post.machine.now())
        await uow.commit()
    await sending
    await post.sweep("2026-09-02")

    [letter] = post.messages("owner")
    assert "3件とも入力済です" in letter.visible_text


async def test_figures_that_nobody_in_slack_can_confirm_are_the_coordinators_after_closing(
    post: Post,
) -> None:
    async with post.office.database.begin() as uow:
        account = await uow.people.account("T0001", post.ward.accounts["owner"])
        assert account is not None
        await uow.people.deactivate(account, post.machine.now())
        await uow.commit()
    await _answer(post, post.ward.initiatives, ask_again="2026-10-07")

    await post.sweep("2026-10-06")
    assert post.messages("coordinator") == []
    for day in ("2026-10-07", "2026-10-08", "2026-10-09", "2026-10-13"):
        await post.sweep(day)

    assert len(post.messages("coordinator")) == 3


async def test_a_token_that_slack_refuses_costs_no_letter(post: Post) -> None:
    post.slack.faults.on("chat.postMessage", Fault.error("invalid_auth"), times=1)

    first = await post.sweep("2026-09-01")
    assert (first.counts()["deferred"], first.counts()["undeliverable"]) == (1, 0)
    post.machine.advance(timedelta(seconds=61))
    second = await post.sweep("2026-09-01", "09:35")

    assert second.counts()["sent"] == 1
    assert len(post.messages("owner")) == 1


async def test_letters_that_must_wait_are_counted_as_deferred_each_time(post: Post) -> None:
    async with post.office.database.begin() as uow:
        for number in range(30):
            person = await add_person(uow, f"担当{number}", account=f"UMANY{number}")
            item = await add_initiative(uow, post.ward.plan_id, 10 + number)
            await add_ownership(uow, item, person)
            post.slack.workspace.put_user(_user(f"UMANY{number}"))
        await uow.commit()
    post.slack.faults.on("chat.postMessage", Fault.rate_limited(retry_after=120))

    first = await post.sweep("2026-09-01")
    again = await post.sweep("2026-09-01", "09:31")

    assert (first.planned, first.counts()["deferred"]) == (31, 31)
    assert (again.planned, again.counts()["deferred"]) == (0, 31)


async def test_the_coordinator_hears_of_the_same_gap_once_and_of_what_is_late_daily(
    post: Post,
) -> None:
    async with post.office.database.begin() as uow:
        await add_initiative(uow, post.ward.plan_id, 9)  # nobody owns it
        await uow.commit()

    for day in ("2026-09-01", "2026-09-02", "2026-09-03"):
        await post.sweep(day)
    assert len(post.messages("coordinator")) == 1

    async with post.office.database.begin() as uow:
        await add_initiative(uow, post.ward.plan_id, 10)
        await uow.commit()
    for day in ("2026-09-04", "2026-09-07"):
        await post.sweep(day)
    assert len(post.messages("coordinator")) == 2

    for day in ("2026-09-24", "2026-09-25"):
        await post.sweep(day)
    assert len(post.messages("coordinator")) == 4


async def test_one_items_later_figures_promise_no_later_closing_to_the_others(post: Post) -> None:
    await _turn_to_year_end(post, closes="2027-06-03")
    await post.sweep("2027-04-07")
    await _answer(
        post,
        post.ward.initiatives[:1],
        stage="year-end",
        answers={"results": "未定", "attainment": "undetermined", "final_on": "2027-06-10"},
        ask_again="2027-06-11",
    )
    async with post.office.database.begin() as uow:
        await uow.letter_updates.ask([post.ward.owner], post.ward.round_id, post.machine.now())
        await uow.commit()
    await post.sweep("2027-04-08")

    [letter] = post.messages("owner")
    assert letter.edited
    assert "6月3日(木)まで" in letter.visible_text
    assert "6月15日" not in letter.visible_text


async def test_a_letter_found_by_its_key_after_the_answer_stops_asking(post: Post) -> None:
    post.slack.faults.on("chat.postMessage", Fault.drop_after(), times=1)
    post.slack.faults.on("conversations.history", Fault.server_error(500), times=20)
    await post.sweep("2026-09-01")
    await _answer(post, post.ward.initiatives)
    post.slack.faults.clear()
    post.machine.advance(timedelta(hours=1))

    report = await post.sweep("2026-09-01", "13:00")

    assert report.counts()["sent"] == 1
    [letter] = post.messages("owner")
    assert letter.edited
    assert "3件とも入力済です" in letter.text


@pytest.mark.parametrize("ask_again", [None, "2026-09-30"])
async def test_what_can_no_longer_be_answered_is_not_asked_for_late(
    post: Post, ask_again: str | None
) -> None:
    if ask_again:
        await _answer(post, post.ward.initiatives, ask_again=ask_again)
    await sweep.plan(post.office, at=_at("2026-10-01"))

    await post.sweep("2026-10-13")

    assert post.messages("owner") == []


@pytest.mark.parametrize("fault", [Fault.server_error(500), Fault.error("service_unavailable")])
async def test_what_was_not_sent_on_its_own_day_makes_no_second_letter_of_the_next(
    post: Post, fault: Fault
) -> None:
    post.slack.faults.on("chat.postMessage", fault)
    await post.sweep("2026-09-15")
    post.slack.faults.clear()
    post.machine.advance(timedelta(days=3))

    await deliver(post.office, post.courier, at=_at("2026-09-18"))  # a tick before today's planning
    assert post.messages("owner") == []
    await post.sweep("2026-09-18")

    [letter] = post.messages("owner")
    assert "本日が" in letter.text
