"""A ward of 23 items lives through both reviews in Slack: nobody types a command but `/kaikaku`."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from playground import Screen
from tests.databases import EACH_KIND, EITHER_KIND
from tests.handlers.filling import ISSUES, fill
from tests.scenarios import ward_of_23 as ward
from tests.scenarios.office import Story
from tests.scenarios.ward_of_23 import (
    CITIZENS,
    WELFARE,
    answer_all,
    confirm_all,
    from_home,
    from_mine,
    told,
)

pytestmark = EITHER_KIND

NOTE = "参加が計画の6割にとどまる。10月から周知の方法を見直す。"
MENDED = "参加が計画の6割(60人)にとどまる。10月から周知の方法を見直す。"
COMMENT = "人数も書いてください。"
SUCCESSOR = "この項目は佐藤さんへ引き継いでいます。"
REPLY = "担当を佐藤さんに変えました。"
RESULTS = "当年度の取組実績及び目標の達成状況"
ATTAINED = "目標の達成状況"
KNOWN_ON = "確定する見込みの日"


@pytest.fixture
async def story(database_url: str, unspaced: None) -> AsyncIterator[Story]:
    """The last Friday of August: a unit with a coordinator, over HTTP, on each kind of database."""
    async with ward.ward_of_23(database_url, way="http", day="2026-08-28") as told_:
        yield told_


@EACH_KIND
async def test_the_mid_year_round(story: Story) -> None:
    await _everything_comes_in(story)
    await _the_round_opens(story)
    await _a_wrong_owner_is_put_right(story)
    await _an_owner_goes_away(story)
    await _an_answer_is_sent_back_and_mended(story)
    await _the_deputy_is_asked_in_the_owners_place(story)
    await _only_who_is_late_hears_of_it(story)
    await _a_transfer_takes_place_on_its_day(story)
    await _the_round_is_reopened(story)
    await _two_levels_confirm(story)


async def test_the_year_end_round_after_the_transfers_of_april(story: Story) -> None:
    await _everything_comes_in(story)
    await _the_round_opens(story)
    assert await answer_all(story, "sato", {"2": NOTE}) == 6
    await _the_next_year_is_prepared(story)
    await _posts_change_on_the_first_of_april(story)
    await _successors_evaluate_what_others_began(story)
    await _two_years_are_asked_for_in_one_letter(story)


async def _everything_comes_in(story: Story) -> None:
    taken = await ward.take_in(story, "R8.csv", ward.register(), year="令和8年度")
    assert "取組項目23件" in taken.visible_text
    taken = await ward.take_in(story, "meibo.csv", ward.roster())
    assert "Slackで見つからない方" not in taken.visible_text
    dates = {
        "開始日": "2026-09-01",
        "入力期限": "2026-09-18",
        "入力できる最後の日": "2026-10-01",
        "公表予定日": "2026-10-09",
    }
    await ward.set_round(
        story, "日程を決める", "中間振り返り", dates=dates, levels="課長、区長の順に確認する"
    )


async def _the_round_opens(story: Story) -> None:
    assert await told(story, "2026-08-31") == set()
    assert await told(story, "2026-09-01") == {"sato", "mori", "ito", "kato"}
    assert "担当されている6件です" in story.letter("sato").visible_text


async def _a_wrong_owner_is_put_right(story: Story) -> None:
    """An owner says so on the notice; the coordinator answers, and gives the item to another."""
    asked = await story.person("ito").click(story.letter("ito"), "担当が違う・相談する")
    await asked.check("項目", "取組項目13")
    await asked.choose("ご用件", "担当が違う")
    await asked.fill("補足", SUCCESSOR)
    await asked.submit()
    assert "へ伝えました" in asked.visible_text

    assert await told(story, "2026-09-02") == {"coordinator"}
    done = await ward.hand_over(story, [13], "sato", section=WELFARE, day="2026-09-02")
    assert "これまでの担当者(伊藤)" in done
    reply = await from_home(story, "coordinator", "返事をする")
    assert SUCCESSOR in reply.visible_text
    await reply.fill("返事", REPLY)
    await reply.submit()
    assert "返事を送りました" in reply.visible_text

    await story.sweep("2026-09-02", "10:15")
    assert any(REPLY in each.visible_text for each in story.messages("ito"))
    assert "1件の担当になりました" in story.letter("sato").visible_text
    assert await told(story, "2026-09-03") == set()
    assert await answer_all(story, "sato", {"2": NOTE}) == 7
    assert await answer_all(story, "ito") == 5


async def _an_owner_goes_away(story: Story) -> None:
    """Entered by the owner, without a reason."""
    form = await from_home(story, "mori", "不在を登録する")
    await form.pick_date("最初の日", "2026-09-14")
    await form.pick_date("最後の日", "2026-09-30")
    await form.submit()
    assert "不在を登録しました。" in form.visible_text


async def _an_answer_is_sent_back_and_mended(story: Story) -> None:
    assert await told(story, "2026-09-04") == {"suzuki", "takahashi"}
    chief = story.person("suzuki")
    listed = await chief.click(story.letter("suzuki"), "一覧を見る")
    seen = await listed.click("内容を見る")
    assert seen.title == "確認 取組項目2"
    assert NOTE in seen.visible_text
    asked = await _turned(seen, "修正をお願いする", "修正のお願い")
    await asked.fill("担当者へのコメント", COMMENT)
    await asked.submit()
    assert "取組項目2の修正をお願いしました。" in asked.visible_text

    assert await told(story, "2026-09-04", "09:45") == {"sato"}
    mending = await story.person("sato").click(story.letter("sato"), "修正する")
    assert COMMENT in mending.visible_text
    await mending.fill(ISSUES, MENDED)
    await mending.submit()
    assert await told(story, "2026-09-07") == {"suzuki"}


async def _turned(modal: Screen, pressed: str, title: str) -> Screen:
    await modal.press(pressed)
    return await modal.until(lambda screen: screen.title.startswith(title))


async def _the_deputy_is_asked_in_the_owners_place(story: Story) -> None:
    assert await told(story, "2026-09-14") == {"kimura"}
    assert await told(story, "2026-09-15") == {"kimura", "kato"}
    assert await answer_all(story, "kimura") == 6
    assert await told(story, "2026-09-16") == {"suzuki"}


async def _only_who_is_late_hears_of_it(story: Story) -> None:
    assert await told(story, "2026-09-18") == {"kato"}
    assert await told(story, "2026-09-24") == {"kato", "coordinator"}
    nudge = await from_home(story, "coordinator", "未入力の方へお知らせを送る")
    await nudge.submit()
    assert "1人へのお知らせを用意しました" in nudge.visible_text
    assert await told(story, "2026-09-24", "10:00") == {"kato"}


async def _a_transfer_takes_place_on_its_day(story: Story) -> None:
    """Entered ahead; nobody hears of it before 1 October."""
    story.go_to("2026-09-25", "10:00")
    done = await ward.hand_over(story, range(19, 24), "nagai", section=CITIZENS, day="2026-10-01")
    assert "10月1日(木)から永井さんにしました" in done
    assert "nagai" not in await told(story, "2026-09-25", "10:15")
    assert "kato" in await told(story, "2026-09-28")
    for number in range(19, 23):
        modal = await from_mine(story, "kato", "入力する")
        assert f"取組項目{number}" in modal.title
        await fill(modal)
        await modal.submit()
    assert story.messages("nagai") == []

    on_the_day = await told(story, "2026-10-01")
    assert {"nagai", "kato", "mori"} <= on_the_day
    assert "5件の担当になりました" in story.letter("nagai").visible_text
    assert "担当されていた5件を後任へ引き継ぎました" in story.letter("kato").visible_text
    assert (
        "不在のあいだのお知らせは、副担当の木村さんへ送りました"
        in story.letter("mori").visible_text
    )
    mine = await story.whispered("kato", "自分")
    assert "取組項目23" not in mine.visible_text


async def _the_round_is_reopened(story: Story) -> None:
    story.go_to("2026-10-02", "10:00")
    closed = await story.person("nagai").click(story.letter("nagai"), "入力する")
    assert "入力は10月1日(木)で終わりました" in closed.visible_text
    form = await from_home(story, "coordinator", "日程を直す", near="中間振り返り")
    assert form.value_of("入力できる最後の日") == "2026-10-07"
    await form.fill("もう一度入力できるようにする理由", "10月1日付けの異動のため。")
    await form.submit()
    await form.submit()
    assert "日程を登録しました。" in form.visible_text
    assert await answer_all(story, "nagai") == 1


async def _two_levels_confirm(story: Story) -> None:
    await told(story, "2026-10-05")
    welfare = await confirm_all(story, "suzuki")
    citizens = await confirm_all(story, "takahashi")
    assert (welfare, citizens) == (13, 10)
    assert "head" in await told(story, "2026-10-06")
    assert await confirm_all(story, "head") == 23
    said = await story.whispered("coordinator", "状況 あおぞら区")
    assert "入力済 23／23件(100%)" in said.visible_text
    assert await told(story, "2026-10-09") == set()


# --- the year-end review, and the plan of the year after -----------------------------------------


async def _the_next_year_is_prepared(story: Story) -> None:
    """In March: a plan, its owners, a round and the transfers; nobody hears of any of it."""
    story.go_to("2027-03-25", "10:00")
    await ward.take_in(story, "R9.csv", ward.register(), year="令和9年度")
    await ward.take_in(story, "meibo9.csv", ward.next_roster())
    # Of the plans that have rounds to be set, the older one stands first.
    await ward.set_round(story, "日程を決める", "令和8年度　自己評価", dates={})
    for former, successor in (("sato", "ono"), ("ito", "nagai"), ("kato", "nagai")):
        done = await ward.hand_over_all(story, former, successor, day="2027-04-01")
        assert "4月1日(木)から" in done
    assert not await told(story, "2027-03-26") & {"sato", "ito", "kato", "ono", "nagai"}


async def _posts_change_on_the_first_of_april(story: Story) -> None:
    on_the_day = await told(story, "2027-04-01")
    assert {"sato", "ito", "kato", "ono", "nagai"} <= on_the_day
    assert "6件の担当になりました" in story.letter("ono").visible_text
    assert "担当されていた6件を後任へ引き継ぎました" in story.letter("sato").visible_text
    assert {"ono", "mori", "nagai"} == await told(story, "2027-04-07")
    mine = await story.whispered("sato", "自分")
    assert "いま担当になっている取組項目はありません" in mine.visible_text


async def _successors_evaluate_what_others_began(story: Story) -> None:
    modal = await from_mine(story, "ono", "入力する", near="取組項目2")
    assert NOTE in modal.visible_text  # what the predecessor wrote in September
    await modal.close()
    waiting = await _evaluate_all(story, "ono", undetermined="3")
    assert waiting + await _evaluate_all(story, "mori") + await _evaluate_all(story, "nagai") == 23

    await told(story, "2027-04-08")
    assert await confirm_all(story, "suzuki") == 12
    assert await confirm_all(story, "takahashi") == 11
    said = await story.whispered("coordinator", "状況 あおぞら区 令和8年度 自己評価")
    assert "入力済 23／23件(100%)" in said.visible_text


async def _evaluate_all(story: Story, who: str, *, undetermined: str = "") -> int:
    """All of somebody's items; the figures of one of them are known at the end of August."""
    modal, count = await from_mine(story, who, "入力する"), 0
    while True:
        await modal.fill(RESULTS, "12回開いた(目標12回)。")
        pending = bool(undetermined) and f"項目{undetermined}(" in modal.title
        await modal.choose(ATTAINED, "未確定" if pending else "①")
        if pending:
            await modal.until(lambda screen: KNOWN_ON in " ".join(screen.labels()))
            await modal.pick_date(KNOWN_ON, "2027-08-31")
        await modal.submit()
        assert "入力を保存しました" in modal.visible_text, (modal.visible_text, modal.errors)
        count += 1
        if modal.submit_text != "次の項目へ":
            return count
        await modal.submit()


async def _two_years_are_asked_for_in_one_letter(story: Story) -> None:
    """令和9年度's mid-year review opens on the day on which a figure of 令和8年度 is due."""
    story.go_to("2027-08-25", "10:00")
    await ward.set_round(story, "日程を決める", "令和9年度", dates={"開始日": "2027-09-01"})
    assert await told(story, "2027-09-01") == {"ono", "mori", "nagai"}
    letter = story.letter("ono").visible_text
    assert "令和8年度 自己評価" in letter
    assert "令和9年度 中間振り返り" in letter

    final = await story.person("ono").click(story.letter("ono"), "確定した内容を入力する")
    assert "取組項目3" in final.title
    await final.choose(ATTAINED, "①")
    await final.submit()
    assert "取組項目3の修正を保存しました" in final.visible_text, final.errors
    await final.close()
    await _stand(story, before="入力済 23／23件", now="入力済 0／23件")
    assert await answer_all(story, "ono") == 6
    await _stand(story, before="入力済 23／23件", now="入力済 6／23件")


async def _stand(story: Story, *, before: str, now: str) -> None:
    """What the coordinator reads of either year."""
    for review, counts in (("令和8年度 自己評価", before), ("令和9年度 中間振り返り", now)):
        said = await story.whispered("coordinator", f"状況 あおぞら区 {review}")
        assert counts in said.visible_text, said.visible_text
