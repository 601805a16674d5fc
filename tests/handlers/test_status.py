from __future__ import annotations

import json
from typing import Any

import pytest

from bot.domain.youshiki3 import FORMS
from handlers.status import Words, read_words
from playground import Fault, Message
from tests import builders
from tests.databases import EACH_KIND, EITHER_KIND
from tests.handlers.filling import answered
from tests.scenarios.office import Story

pytestmark = EITHER_KIND


def said(message: Message) -> str:
    """All that is to be read in a message."""
    return json.dumps(message.blocks, ensure_ascii=False)


# --- words ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("西区", Words(rest=("西区",))),
        ("西区 令和7年度 自己評価", Words(2025, "year-end", ("西区",))),
        ("自己評価 西区 2025", Words(2025, "year-end", ("西区",))),
        ("west R7 MID-YEAR", Words(2025, "mid-year", ("west",))),
        ("西区 7年度 中間", Words(2025, "mid-year", ("西区",))),
        ("西区 昨年度 期末", Words(2025, "year-end", ("西区",))),
        ("今年度", Words(2026)),
        ("西区 年度末 中間", Words(None, "year-end", ("西区", "中間"))),
    ],
)
def test_year_and_stage_are_read_in_any_order_and_the_rest_names_a_unit(
    typed: str, read: Words
) -> None:
    assert read_words(typed.split(), 2026, FORMS.values()) == read


ANSWERS = {
    "": "kaikaku の使い方",
    "？": "kaikaku の使い方",
    "使い方": "kaikaku の使い方",
    "HELP": "kaikaku の使い方",
    "ＭＩＮＥ": "担当の取組項目",
    "担当": "担当の取組項目",
    "ﾏｲ": "担当の取組項目",
    "進捗　あおぞら": "あおぞら区　令和8年度 中間振り返り",
    "ｽﾃｰﾀｽ あおぞらく": "あおぞら区　令和8年度 中間振り返り",
    "status aozora-ku": "あおぞら区　令和8年度 中間振り返り",
    "status aozora ku": "あおぞら区　令和8年度 中間振り返り",
    "状況 あおぞら区 令和8年度 中間振り返り": "あおぞら区　令和8年度 中間振り返り",
    "状況": "全区の状況",
    "ほげ": "「ほげ」の意味が分かりませんでした",
    "状況 月面区": "「月面区」という区は見つかりませんでした",
    "状況 あおぞら区 ほげ": "「ほげ」の意味が分かりませんでした",
    "状況 ほげ あおぞら": "「ほげ」の意味が分かりませんでした",
    "自分 ほげ": "「ほげ」の意味が分かりませんでした",
    "状況 あおぞら区 令和3年度": "令和3年度の計画はまだ登録されていません",
}


async def test_the_command_takes_its_words_in_any_width_and_case(story: Story) -> None:
    answers = {text: said(await story.whispered("unit_manager", text)) for text in ANSWERS}

    assert {text: ANSWERS[text] for text in answers if ANSWERS[text] not in answers[text]} == {}


async def test_nothing_is_read_or_called_before_the_command_is_acknowledged(story: Story) -> None:
    story.slack.faults.on("*", Fault.server_error(500))

    reply = await story.person("owner").command("/kaikaku", "状況 あおぞら区")

    assert reply.ok
    assert reply.body == {}
    assert story.slack.calls("auth.test")[1:] == []


async def test_an_ambiguous_name_gets_buttons_and_a_button_its_unit(story: Story) -> None:
    async with story.office.database.begin() as uow:
        second = {"code": "aozorahigashi", "name": "あおぞら東区", "kana": "あおぞらひがしく"}
        await builders.add_unit(uow, **second, position=26)
        await uow.commit()
    message = await story.whispered("coordinator", "状況 あおぞ")

    await story.person("coordinator").press(message, "あおぞら区")
    [shown] = story.whispers("coordinator")
    await story.slack.wait_until(lambda: "中間振り返り" in said(story.whispers("coordinator")[0]))

    assert shown.ts == story.whispers("coordinator")[0].ts


# --- who sees what -------------------------------------------------------------------------------


@EACH_KIND
async def test_the_status_shows_counts_texts_and_what_is_outstanding(story: Story) -> None:
    await answered(story, attainment="②", issues="参加が少ない。周知を見直す。")
    story.go_to("2026-09-24")

    message = await story.whispered("unit_manager", "状況 あおぞら区")

    assert "入力済 1／3件(33%)" in said(message)
    assert "参加が少ない。周知を見直す。" in said(message)
    assert "期限から1開庁日" in said(message)
    assert "入力する" not in said(message)


async def test_who_may_answer_gets_a_button_beside_each_open_item(story: Story) -> None:
    message = await story.whispered("coordinator", "状況 あおぞら区")

    assert said(message).count('"入力する"') == 3


async def test_a_reader_of_another_ward_is_refused_without_a_word_of_its_content(
    story: Story,
) -> None:
    message = await story.whispered("owner", "状況 北区")

    assert "北区の状況は、その区の関係者だけが見られます。" in said(message)


@pytest.mark.parametrize("text", ["状況 あおぞら区", "状況", "自分", "状況 東"])
async def test_who_is_not_registered_is_told_so(story: Story, text: str) -> None:
    stranger = story.slack.add_user("通りすがり")

    await story.slack.as_user(stranger).command("/kaikaku", text)
    await story.slack.wait_until(lambda: story.slack.ephemerals(stranger))

    [message] = story.slack.ephemerals(stranger)
    assert "kaikaku の利用者として登録されていません。" in said(message)


@pytest.mark.parametrize("kind", [{"restricted": True}, {"external": True}])
async def test_guests_and_people_of_other_organisations_are_told_that_this_is_for_staff(
    story: Story, kind: dict[str, Any]
) -> None:
    guest = story.slack.add_user("客", **kind)

    await story.slack.as_user(guest).command("/kaikaku", "自分")
    await story.slack.wait_until(lambda: story.slack.ephemerals(guest))

    [message] = story.slack.ephemerals(guest)
    assert "この機能は職員だけが使えます。" in said(message)


async def test_a_workspace_that_is_not_ours_gets_nothing(story: Story) -> None:
    story.slack.workspace.team_id = "TOTHER"

    message = await story.whispered("owner", "自分")

    assert "この機能は職員だけが使えます。" in said(message)


# --- pages ---------------------------------------------------------------------------------------


async def test_lists_replace_what_only_the_reader_sees(story: Story) -> None:
    message = await story.whispered("coordinator", "状況 あおぞら区")

    await story.person("coordinator").press(message, "すべての項目")
    await story.slack.wait_until(lambda: "最初に戻る" in said(story.whispers("coordinator")[0]))

    assert len(story.whispers("coordinator")) == 1
    assert "すべての項目(3件)" in said(story.whispers("coordinator")[0])


async def test_a_button_in_a_letter_answers_beside_it_and_leaves_the_letter(story: Story) -> None:
    await story.sweep("2026-09-01")
    await story.sweep("2026-09-28")
    letter = story.letter("manager")
    before = said(letter)

    await story.person("manager").press(letter, "状況を見る")
    await story.slack.wait_until(lambda: story.whispers("manager"))

    assert "中間振り返り" in said(story.whispers("manager")[0])
    assert said(story.letter("manager")) == before


@pytest.mark.parametrize("value", [" ", "9999:first:0", "1:first"])
async def test_a_forged_page_is_refused(story: Story, value: str) -> None:
    message = await story.whispered("owner", "ヘルプ")
    button = {
        "type": "button",
        "action_id": "status:page:next",
        "value": value,
        "text": {"type": "plain_text", "text": "次のページ"},
    }
    blocks = [{"type": "actions", "block_id": "forged", "elements": [button]}]
    story.slack.workspace.edit(message, text="forged", blocks=blocks)

    await story.person("owner").press(message, "次のページ")
    await story.slack.wait_until(lambda: len(story.whispers("owner")) == 2)

    assert "入力済" not in said(story.whispers("owner")[-1])
