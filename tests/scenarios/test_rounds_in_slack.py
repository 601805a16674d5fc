"""The coordinator sets a round in Slack: enters, moves, ends and reopens it, and lets it rest."""

from __future__ import annotations

from datetime import date

from bot.views.actions import PAUSE_OPEN, ROUND_OPEN
from playground import Screen
from storage.models import ReviewRound
from tests.builders import MID_YEAR_DATES
from tests.databases import EACH_KIND, EITHER_KIND
from tests.scenarios.forged import opened
from tests.scenarios.office import Story

pytestmark = EITHER_KIND

DUE, CLOSES, PUBLISHES = "入力期限", "入力できる最後の日", "公表予定日"


async def _round(story: Story, stage: str = "mid-year") -> ReviewRound | None:
    async with story.office.database.read() as uow:
        return await uow.rounds.find(story.ward.plan_id, stage)


async def _opened(story: Story, value: str = "") -> Screen:
    return await opened(story, "coordinator", ROUND_OPEN, value or str(story.ward.round_id))


async def test_a_round_is_entered_with_its_usual_dates_once_they_have_been_looked_at(
    story: Story,
) -> None:
    form = await _opened(story, f"new:{story.ward.plan_id}")
    assert "令和8年度 自己評価" in form.visible_text
    assert form.value_of(DUE) == "2027-05-14"

    await form.submit()

    assert "まだ登録していません。" in form.visible_text
    assert "4月7日(水)　入力のお願い　山田(3件)" in form.visible_text
    assert await _round(story, "year-end") is None

    await form.submit()

    assert "*日程を登録しました。*\n• あおぞら区　令和8年度 自己評価" in form.visible_text
    stored = await _round(story, "year-end")
    assert stored is not None
    assert (stored.due, stored.levels) == (date(2027, 5, 14), 1)


@EACH_KIND
async def test_a_moved_due_date_is_announced_anew_and_said_so_beforehand(story: Story) -> None:
    await story.sweep("2026-09-24")
    before = len(story.messages("owner"))
    form = await _opened(story)
    assert "未入力が3件あります。" in form.visible_text
    await form.pick_date(DUE, "2026-09-28")
    await form.submit()

    shown = form.visible_text
    assert "入力期限：9月28日(月)　変更前は9月18日(金)" in shown
    assert "新しくお知らせするもの" in shown
    assert "9月28日(月)　期限の日のお知らせ　山田(3件)" in shown
    await form.submit()
    await story.sweep("2026-09-28")

    assert len(story.messages("owner")) == before + 1
    assert (
        "本日、9月28日(月)が令和8年度 中間振り返りの入力期限です"
        in story.letter("owner").visible_text
    )


async def test_going_back_from_the_preview_keeps_what_was_typed(story: Story) -> None:
    form = await _opened(story)
    await form.pick_date(DUE, "2026-09-25")
    await form.fill("期限の何開庁日後に、もう一度お知らせするか", "2、4")
    await form.submit()
    await form.press("戻って直す")
    await form.until(lambda screen: DUE in screen.labels())

    assert form.value_of(DUE) == "2026-09-25"
    assert form.value_of("期限の何開庁日後に、もう一度お知らせするか") == "2、4"


async def test_dates_out_of_order_stand_under_the_field(story: Story) -> None:
    form = await _opened(story)
    await form.pick_date(CLOSES, "2026-09-10")
    await form.fill("期限の何開庁日前に、もう一度お知らせするか", "三日")

    await form.submit()

    assert form.error_under(CLOSES) == "入力期限(9月18日(金))以降の日を選んでください。"
    assert form.error_under("期限の何開庁日前に、もう一度お知らせするか")


async def test_entry_ends_today_and_can_be_reopened_with_a_reason_for_the_record(
    story: Story,
) -> None:
    story.go_to("2026-09-10")
    form = await _opened(story)
    await form.press("今日で終わりにする")
    await form.until(lambda screen: "まだ登録していません" in screen.visible_text)
    await form.submit()
    stored = await _round(story)
    assert stored is not None
    assert stored.closes == stored.due == date(2026, 9, 10)

    story.go_to("2026-09-11")
    again = await _opened(story)
    assert "入力は9月10日(木)で終わりました。" in again.visible_text
    await again.fill("もう一度入力できるようにする理由", "項目7の数値が変わったため。")
    await again.submit()
    await again.submit()

    stored = await _round(story)
    assert stored is not None
    assert stored.closes == date(2026, 9, 16)
    async with story.office.database.read() as uow:
        [*_, entry] = await uow.audit.about(f"round:{story.ward.round_id}")
    assert (entry.action, entry.person_id) == ("round.reopen", story.ward.people["coordinator"])
    assert entry.detail["reason"] == "項目7の数値が変わったため。"
    assert entry.detail["before"]["closes"] == "2026-09-10"


@EACH_KIND
async def test_a_round_that_changed_meanwhile_is_not_overwritten(story: Story) -> None:
    form = await _opened(story)
    await form.pick_date(PUBLISHES, "2026-10-08")
    await form.submit()
    async with story.office.database.begin() as uow:
        row = await uow.rounds.get(story.ward.round_id)
        assert row is not None
        row.closes = date(2026, 10, 2)
        await uow.commit()

    await form.submit()

    assert "この振り返りの日程が変わりました。" in form.visible_text
    stored = await _round(story)
    assert stored is not None
    assert stored.publishes == MID_YEAR_DATES.publishes


async def test_a_pause_is_set_and_ended_in_slack(story: Story) -> None:
    unit = str(story.ward.unit_id)
    form = await opened(story, "coordinator", PAUSE_OPEN, unit)
    await form.pick_date("いつまで止めるか(この日を含みます)", "2026-09-04")
    await form.submit()
    assert "あおぞら区へのお知らせを9月4日(金)まで止めました。" in form.visible_text
    await story.sweep("2026-09-02")
    assert story.messages("owner") == []

    again = await opened(story, "coordinator", PAUSE_OPEN, unit)
    await again.press("今日から再開する")
    await again.until(lambda screen: "今日から再開しました" in screen.visible_text)

    async with story.office.database.read() as uow:
        stored = await uow.units.get(story.ward.unit_id)
    assert stored is not None
    assert stored.paused_until == date(2026, 9, 1)


async def test_home_leads_a_coordinator_to_each_of_these_forms(story: Story) -> None:
    home = await story.person("coordinator").open_home()
    for pressed, title in (
        ("日程を直す", "振り返りの日程"),
        ("お知らせを一時停止する", "お知らせの一時停止"),
        ("取組項目を追加する", "項目の追加"),
        ("毎週の集計", "毎週の集計"),
    ):
        modal = await home.click(pressed)
        assert (modal.title, bool(modal.submit_text)) == (title, True)
        await modal.close()
