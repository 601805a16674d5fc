from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.views.targets import Target
from playground import Fault, Outcome, limits
from storage.models import Ownership
from tests import processor
from tests.databases import EACH_KIND, EITHER_KIND
from tests.handlers.filling import ATTAINMENT, IMPLEMENTATION, ISSUES, answered, fill, opened
from tests.scenarios.office import Story, telling
from tests.storage.processes import holding_all_writes

pytestmark = EITHER_KIND

WRITTEN = "参加が計画の6割にとどまる。10月から周知の方法を見直す。"


# --- from the button to the modal ----------------------------------------------------------------


async def test_the_button_in_the_letter_opens_its_item(story: Story) -> None:
    modal = await opened(story, nth=1)

    assert modal.title == "中間振り返り 取組項目2(1/3)"
    assert modal.labels() == [IMPLEMENTATION, ATTAINMENT, "課題と改善策(②の場合は必須)"]


async def test_a_deputy_may_answer(story: Story) -> None:
    await story.sweep("2026-09-01")
    await story.whispered("deputy", "自分")

    modal = await story.person("deputy").click(story.whispers("deputy")[-1], "入力する")
    await fill(modal)
    result = await modal.submit()

    [revision] = await story.revisions()
    assert result.outcome is Outcome.UPDATED
    assert (revision.entered_by, revision.entered_for) == (story.ward.people["deputy"], None)


async def test_the_coordinator_answers_for_the_owner_and_it_is_recorded_so(story: Story) -> None:
    said = await story.whispered("coordinator", "状況 あおぞら区")

    modal = await story.person("coordinator").click(said, "入力する")
    entered_for = modal.visible_text
    await fill(modal)
    await modal.submit()

    [revision] = await story.revisions()
    assert "代わりに入力します" in entered_for
    assert revision.entered_by == story.ward.people["coordinator"]
    assert revision.entered_for == story.ward.owner


@pytest.mark.parametrize("part", ["manager", "unit_manager", "observer"])
async def test_who_only_reads_gets_no_modal_to_answer_in(story: Story, part: str) -> None:
    value = Target(story.ward.round_id, story.ward.initiatives[0]).encode()

    modal = await _press_forged(story, part, value)

    assert "この項目を入力できるのは、担当者・副担当・とりまとめ担当です。" in modal
    assert await story.check_in() is None


@pytest.mark.parametrize("value", ["", "1", "1:2:3", "９:1", "999999:999999", "-1:1", "1:1; DROP"])
async def test_a_forged_target_is_not_found_and_changes_nothing(story: Story, value: str) -> None:
    said = await _press_forged(story, "owner", value)

    assert "見つかりませんでした" in said
    assert await story.check_in() is None


async def test_an_old_button_of_an_answered_item_says_that_it_is_in(story: Story) -> None:
    await story.sweep("2026-09-01")
    story.slack.faults.on("chat.update", Fault.error("fatal_error"))  # the letter stays as it is
    await _answer_elsewhere(story)

    modal = await story.person("owner").click(story.letter("owner"), "入力する")

    assert "この項目は9月1日(火)に入力済です。" in modal.visible_text
    await modal.press("内容を見る・直す")
    await modal.until(lambda screen: IMPLEMENTATION in screen.labels())
    assert modal.value_of(ATTAINMENT) == "① 達成見込み"
    assert modal.submit_text == "修正を完了する"


async def test_a_form_that_takes_long_to_read_is_waited_for_behind_a_loading_modal(
    postgres_url: str,
) -> None:
    # On SQLite nothing keeps a reader waiting.
    async with telling(postgres_url, way="http", patience=0.0) as story:
        await story.sweep("2026-09-01")
        with holding_all_writes(postgres_url):
            modal = await story.person("owner").click(story.letter("owner"), "入力する")
        await modal.until(lambda screen: screen.title.startswith("中間振り返り"))

        [first] = story.slack.calls("views.open")
        assert "読み込み中" in str(first.args["view"])
        assert IMPLEMENTATION in modal.labels()


async def test_a_trigger_that_has_died_is_answered_in_words(story: Story) -> None:
    await story.sweep("2026-09-01")
    story.slack.faults.on("views.open", Fault.error("trigger_expired"), times=1)

    await story.person("owner").press(story.letter("owner"), "入力する")
    await story.slack.wait_until(lambda: story.whispers("owner"))

    assert "もう一度ボタンを押してください" in str(story.whispers("owner")[-1].blocks)


# --- choices in the modal ------------------------------------------------------------------------


async def test_choosing_2_requires_the_text_at_once_and_loses_nothing_typed(story: Story) -> None:
    modal = await opened(story)
    await modal.choose(IMPLEMENTATION, "(ii)")
    await modal.fill(ISSUES, WRITTEN)

    await modal.choose(ATTAINMENT, "②")
    await modal.until(lambda screen: "課題と改善策(必須)" in screen.labels())
    await modal.choose(ATTAINMENT, "①")
    await modal.until(lambda screen: "課題と改善策(②の場合は必須)" in screen.labels())

    assert modal.value_of(ISSUES) == WRITTEN
    assert modal.value_of(IMPLEMENTATION) == "(ii) 実施できない見込み"


async def test_an_item_put_out_of_scope_asks_for_nothing_else_and_can_come_back(
    story: Story,
) -> None:
    modal = await opened(story)
    await modal.choose(ATTAINMENT, "①")
    await modal.fill(ISSUES, WRITTEN)

    await modal.choose(IMPLEMENTATION, "対象外")
    await modal.until(lambda screen: ATTAINMENT not in screen.labels())
    await modal.choose(IMPLEMENTATION, "(i)")
    await modal.until(lambda screen: ATTAINMENT in screen.labels())

    assert modal.value_of(ATTAINMENT) == "① 達成見込み"
    assert modal.value_of(ISSUES) == WRITTEN


async def test_the_newest_choice_is_shown_even_if_the_screen_changed_under_it(
    story: Story,
) -> None:
    modal = await opened(story)
    story.slack.faults.on("views.update", Fault.error("hash_conflict"), times=1)

    await modal.choose(ATTAINMENT, "②")
    await modal.until(lambda screen: "課題と改善策(必須)" in screen.labels())

    assert modal.value_of(ATTAINMENT) == "② 達成できない見込み"


# --- submission ----------------------------------------------------------------------------------


async def test_faults_stand_under_their_fields_and_nothing_is_stored(story: Story) -> None:
    modal = await opened(story)
    await modal.choose(ATTAINMENT, "②")
    await modal.until(lambda screen: "課題と改善策(必須)" in screen.labels())

    stopped = await modal.submit()
    assert stopped.outcome is Outcome.BLOCKED  # by Slack itself, which sends nothing
    assert modal.error_under(ISSUES)
    _let_everything_through(story)
    result = await modal.submit()

    assert result.outcome is Outcome.ERRORS
    assert modal.error_under(IMPLEMENTATION) == "いずれかを選んでください。"
    assert modal.error_under(ISSUES) == "②を選んだ場合は、課題と改善策を入力してください。"
    assert await story.check_in() is None


@EACH_KIND
async def test_saved_is_said_and_the_next_item_offered(story: Story) -> None:
    modal = await answered(story, attainment="②", issues=WRITTEN)

    stored = await story.check_in()
    assert stored is not None
    assert stored.answers == {"implementation": "i", "attainment": "2", "issues": WRITTEN}
    assert "取組項目1の入力を保存しました。" in modal.visible_text
    assert "残りは2件です。" in modal.visible_text
    await modal.submit()
    assert modal.title == "中間振り返り 取組項目2(2/3)"
    assert modal.value_of(ISSUES) in (None, "")


async def test_after_the_last_item_all_are_said_to_be_in(story: Story) -> None:
    modal = await answered(story)
    for _ in range(2):
        await modal.submit()
        await fill(modal)
        await modal.submit()

    assert "担当の3件はすべて入力済です。" in modal.visible_text
    assert modal.submit_text is None
    await story.slack.wait_until(lambda: "3件とも入力済です" in str(story.letter("owner").blocks))


async def test_the_letter_turns_into_a_receipt_and_no_new_message_comes(story: Story) -> None:
    await answered(story)

    await story.slack.wait_until(lambda: "保存しました" in str(story.letter("owner").blocks))

    assert len(story.messages("owner")) == 1
    assert story.whispers("owner") == []


async def test_where_the_letter_is_gone_the_receipt_is_for_the_owners_eyes_only(
    story: Story,
) -> None:
    modal = await opened(story)
    story.slack.workspace.remove(story.letter("owner"))
    await fill(modal)
    await modal.submit()

    await story.slack.wait_until(lambda: story.whispers("owner"))

    assert story.messages("owner") == []
    assert story.whispers("owner")[-1].text == "取組項目1 中間振り返りの入力を保存しました"


@EACH_KIND
async def test_three_deliveries_of_one_submission_are_one_answer(story: Story) -> None:
    modal = await opened(story)
    await fill(modal)
    story.slack.deliveries.copies_of_next = 3

    result = await modal.submit()

    assert result.outcome is Outcome.UPDATED
    assert len(await story.revisions()) == 1


@EACH_KIND
async def test_a_submission_pressed_twice_is_one_answer_and_twice_saved(story: Story) -> None:
    modal = await opened(story)
    await fill(modal)

    first, second = await asyncio.gather(modal.submit(), modal.submit())

    assert {first.outcome, second.outcome} == {Outcome.UPDATED}
    assert len(await story.revisions()) == 1


@EACH_KIND
async def test_two_people_editing_one_item_do_not_overwrite_each_other_unseen(
    story: Story,
) -> None:
    mine = await opened(story)
    said = await story.whispered("deputy", "自分")
    theirs = await story.person("deputy").click(said, "入力する")
    await fill(theirs, attainment="②", issues="副担当の見方。10月に見直す。")
    await theirs.submit()
    await fill(mine, attainment="②", issues=WRITTEN)

    await mine.submit()

    assert "佐藤さんがこの項目を更新しました" in mine.visible_text
    assert "副担当の見方。10月に見直す。" in mine.visible_text
    assert mine.value_of(ISSUES) == WRITTEN
    assert len(await story.revisions()) == 1
    _let_everything_through(story)
    unchosen = await mine.submit()
    assert unchosen.outcome is Outcome.ERRORS
    assert mine.error_under("残す内容") == "どちらの内容を残すか選んでください。"
    await mine.choose("残す内容", "自分の内容にする")
    await mine.submit()
    stored = await story.check_in()
    assert stored is not None
    assert stored.answers["issues"] == WRITTEN
    assert len(await story.revisions()) == 2


async def test_the_other_persons_answer_can_be_left_as_it_is(story: Story) -> None:
    mine = await opened(story)
    said = await story.whispered("deputy", "自分")
    theirs = await story.person("deputy").click(said, "入力する")
    await fill(theirs, attainment="②", issues="副担当の見方。")
    await theirs.submit()
    await fill(mine)
    await mine.submit()

    await mine.choose("残す内容", "佐藤さんの内容のままにする")
    await mine.submit()

    stored = await story.check_in()
    assert stored is not None
    assert stored.answers["issues"] == "副担当の見方。"
    assert len(await story.revisions()) == 1


async def test_a_round_that_closed_meanwhile_refuses_the_whole_and_keeps_the_text(
    story: Story,
) -> None:
    modal = await opened(story)
    await fill(modal, attainment="②", issues=WRITTEN)
    story.go_to("2026-10-02")

    result = await modal.submit()

    assert result.outcome is Outcome.ERRORS
    refusal = modal.error_under(ISSUES) or ""
    assert refusal.startswith("入力は10月1日(木)で終わりました。")
    assert modal.value_of(ISSUES) == WRITTEN
    assert await story.check_in() is None


async def test_who_is_no_longer_the_owner_is_told_so_when_submitting(story: Story) -> None:
    modal = await opened(story)
    await fill(modal)
    await _end_ownership(story)

    result = await modal.submit()

    assert result.outcome is Outcome.ERRORS
    assert "この項目の担当は" in (modal.error_under(ISSUES) or "")
    assert await story.check_in() is None


@EACH_KIND
async def test_a_locked_database_is_said_in_time_and_the_text_stays(story: Story) -> None:
    modal = await opened(story)
    await fill(modal, attainment="②", issues=WRITTEN)
    await story.bot.background.drain(5)  # what still reads would keep the lock from being had

    with holding_all_writes(story.database_url):
        started = processor.monotonic()
        result = await modal.submit()
        took = processor.monotonic() - started

    assert took < limits.ACK_SECONDS
    assert result.outcome is Outcome.ERRORS
    assert "もう一度「入力を完了する」を押してください" in (modal.error_under(ISSUES) or "")
    assert modal.value_of(ISSUES) == WRITTEN
    assert (await modal.submit()).outcome is Outcome.UPDATED


@EACH_KIND
async def test_an_answer_that_takes_too_long_is_said_in_time_and_stored_once(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    modal = await opened(story)
    await fill(modal, attainment="②", issues=WRITTEN)

    with monkeypatch.context() as patience:
        patience.setattr("handlers.errors._ANSWER_WITHIN", 0.0)
        result = await modal.submit()
    said = modal.error_under(ISSUES) or ""
    await story.bot.background.drain(5)

    assert result.outcome is Outcome.ERRORS
    assert said.startswith("保存に時間がかかっています。入力した文は画面に残っています。")
    assert (await modal.submit()).outcome is Outcome.UPDATED
    assert len(await story.revisions()) == 1


async def test_a_correction_replaces_the_answer_and_keeps_its_history(story: Story) -> None:
    await answered(story)
    await story.slack.wait_until(lambda: "保存しました" in str(story.letter("owner").blocks))

    modal = await story.person("owner").click(story.letter("owner"), "内容を見る・直す")
    await modal.choose(ATTAINMENT, "②")
    await modal.fill(ISSUES, WRITTEN)
    await modal.submit()

    first, second = await story.revisions()
    assert first.after["attainment"] == "1"
    assert (second.before["attainment"], second.after["issues"]) == ("1", WRITTEN)


async def test_forged_metadata_is_refused_and_changes_nothing(story: Story) -> None:
    modal = await opened(story)
    await fill(modal)
    view = story.slack.api.screens.top(story.user("owner").id)
    assert view is not None
    view.payload["private_metadata"] = '{"r":"x"}'

    result = await modal.submit()

    assert result.outcome is Outcome.ERRORS
    assert "読み取れませんでした" in (modal.error_under(ISSUES) or "")
    assert await story.check_in() is None


def _let_everything_through(story: Story) -> None:
    """A client that does not stop what is required: the bot must, in its own words."""
    view = story.slack.api.screens.top(story.user("owner").id)
    assert view is not None
    for block in view.payload["blocks"]:
        if block["type"] == "input":
            block["optional"] = True


async def _press_forged(story: Story, part: str, value: str) -> str:
    """What somebody is told who presses 「内容を見る・直す」 with a value of their own making."""
    said = await story.whispered(part, "ヘルプ")
    button = {
        "type": "button",
        "action_id": "answer:open",
        "value": value or " ",
        "text": {"type": "plain_text", "text": "内容を見る・直す"},
    }
    blocks = [{"type": "actions", "block_id": "forged", "elements": [button]}]
    story.slack.workspace.edit(said, text="forged", blocks=blocks)
    modal = await story.person(part).click(said, "内容を見る・直す")
    return modal.visible_text


async def _answer_elsewhere(story: Story) -> None:
    said = await story.whispered("deputy", "自分")
    modal = await story.person("deputy").click(said, "入力する")
    await fill(modal)
    await modal.submit()


async def _end_ownership(story: Story) -> None:
    async with story.office.database.begin() as uow:
        for own in await uow.people.ownerships([story.ward.initiatives[0]]):
            assert isinstance(own, Ownership)
            own.valid_to = story.office.today() - timedelta(days=1)
            await uow.people.add(own)
        await uow.commit()
