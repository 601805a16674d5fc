"""What an open question and a named day keep away, and what they don't."""

from __future__ import annotations

from datetime import date, time

from bot.domain.calendar import at_tokyo
from bot.domain.consultations import ConsultationKind
from bot.services import checkins, consultations, sweep
from bot.services.viewers import Caller
from bot.views.checkin_form import Typed
from bot.views.consultations import Asked
from bot.views.targets import Target
from playground.messages import Message
from tests.bot.services.conftest import Post
from tests.builders import TEAM
from tests.databases import EITHER_KIND

pytestmark = EITHER_KIND

ANSWERS = {"implementation": "i", "attainment": "1"}


def owner(post: Post) -> Caller:
    return Caller(TEAM, post.ward.accounts["owner"])


async def ask(post: Post, *numbers: int) -> None:
    ward = post.ward
    targets = tuple(Target(ward.round_id, ward.initiatives[number - 1]) for number in numbers)
    typed = Asked(targets, ConsultationKind.WRONG_OWNER, "")
    await consultations.ask(post.office, owner(post), typed)


async def reply(post: Post) -> None:
    async with post.office.database.read() as uow:
        [question, *_] = await uow.consultations.open_in([post.ward.round_id])
    coordinator = Caller(TEAM, post.ward.accounts["coordinator"])
    await consultations.reply(post.office, coordinator, question.id or 0, "担当はそのままです。")


async def plan(post: Post, day: str) -> None:
    named = date.fromisoformat(day)
    await consultations.plan(post.office, owner(post), post.ward.round_id, named)


async def submit(post: Post, *numbers: int) -> None:
    for number in numbers:
        item = post.ward.initiatives[number - 1]
        typed = Typed(post.ward.round_id, item, 0, ANSWERS, complete_state=True)
        await checkins.submit(post.office, owner(post), typed)


def notices(post: Post) -> list[Message]:
    return [each for each in post.messages("owner") if "相談への返事" not in each.visible_text]


async def test_what_is_asked_of_the_coordinator_is_left_out_of_notices(post: Post) -> None:
    await ask(post, 2)

    await post.sweep("2026-09-01")

    [letter] = notices(post)
    assert "取組項目1" in letter.visible_text
    assert "取組項目2" not in letter.visible_text
    assert "取組項目3" in letter.visible_text


async def test_who_asked_about_all_hears_nothing_until_the_answer(post: Post) -> None:
    await ask(post, 1, 2, 3)
    for day in ("2026-09-01", "2026-09-14", "2026-09-18"):
        await post.sweep(day)
        assert notices(post) == [], day

    await reply(post)
    await post.sweep("2026-09-24")

    [letter] = notices(post)
    assert "取組項目1" in letter.visible_text
    assert "取組項目2" not in letter.visible_text


async def test_a_question_asked_between_deciding_and_sending_keeps_the_notice_back(
    post: Post,
) -> None:
    at = at_tokyo(date(2026, 9, 1), time(9, 30))
    assert await sweep.plan(post.office, at=at) == 1
    await ask(post, 1, 2, 3)
    await post.sweep("2026-09-01")
    assert notices(post) == []

    await reply(post)
    await post.sweep("2026-09-02")

    [letter] = notices(post)
    assert "取組項目1" in letter.visible_text
    assert "取組項目2" not in letter.visible_text


async def test_a_named_day_keeps_the_rounds_notices_away_until_its_morning(post: Post) -> None:
    await post.sweep("2026-09-01")
    await plan(post, "2026-09-16")

    await post.sweep("2026-09-14")  # three business days before the due date is the 15th
    await post.sweep("2026-09-15")
    assert len(notices(post)) == 1
    await post.sweep("2026-09-16")

    [_, letter] = notices(post)
    assert "入力予定日は9月16日(水)です" in letter.visible_text
    await post.sweep("2026-09-17")
    assert len(notices(post)) == 2


async def test_on_a_named_day_nothing_comes_when_all_is_in(post: Post) -> None:
    await post.sweep("2026-09-01")
    await plan(post, "2026-09-16")
    await submit(post, 1, 2, 3)

    await post.sweep("2026-09-16")

    assert len(notices(post)) == 1


async def test_the_rounds_own_step_on_a_named_day_comes_once(post: Post) -> None:
    await post.sweep("2026-09-01")
    await plan(post, "2026-09-18")

    await post.sweep("2026-09-15")
    await post.sweep("2026-09-18")

    [_, letter] = notices(post)
    assert "本日、9月18日(金)が令和8年度 中間振り返りの入力期限です" in letter.visible_text
    assert "入力予定日" not in letter.visible_text.replace("入力予定日を決める", "")


async def test_a_morning_missed_is_caught_up_on_the_next(post: Post) -> None:
    await post.sweep("2026-09-01")
    await plan(post, "2026-09-16")

    await post.sweep("2026-09-17")

    [_, letter] = notices(post)
    assert "入力予定日は9月16日(水)です" in letter.visible_text


async def test_the_coordinator_reads_of_a_new_question_the_next_morning_and_once(
    post: Post,
) -> None:
    await post.sweep("2026-09-01")
    before = len(post.messages("coordinator"))
    await ask(post, 2)

    await post.sweep("2026-09-02")
    await post.sweep("2026-09-03")

    [report] = post.messages("coordinator")[before:]
    assert "相談 1件" in report.visible_text
    assert "相談：取組項目2　担当が違う" in report.visible_text
    assert "返事をする" in report.buttons
