"""The smaller screens: 自分, Home, help, saved, refusals, errors, mail, and what is typed."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest

from bot.domain.errors import Refused
from bot.domain.people import Refusal, Role
from bot.views.checkin_results import (
    Next,
    Reading,
    Saved,
    build_already_in,
    build_loading,
    build_read_only,
    build_refusal,
    build_saved,
    read_next,
)
from bot.views.commands import COMMANDS, Name, command_of
from bot.views.conversation import render_pointer
from bot.views.errors import already_in, not_saved, render_error
from bot.views.help import Help, Registration, render_help
from bot.views.mails import MailItem, mail_subject, mail_text
from bot.views.mine import Mine, MineSection, render_mine
from bot.views.refusals import RefusalFacts, refusal_words
from bot.views.targets import Target
from tests.bot.views.samples import (
    END,
    END_FIELDS,
    MID,
    MID_FIELDS,
    NINE_IN,
    SAVED_AT,
    SEVEN,
    SEVEN_IN,
    SEVEN_PROVISIONAL,
    many_items,
    mine,
    moment,
)
from tests.bot.views.slack import assert_message, assert_modal, buttons, said


def test_my_items_begin_with_the_late_ones() -> None:
    early = MineSection(END, (replace(SEVEN, initiative_id=8, code="8"),), 5, 0, date(2027, 6, 3))
    late = MineSection(MID, (NINE_IN, SEVEN), 0, 3, date(2026, 10, 1))
    message = render_mine(mine(sections=(early, late), owned=3))
    assert_message(message)
    assert [value for _, _, value in buttons(message.blocks)] == ["12:7", "13:8", "12:9", "self"]
    assert "未入力が2件あります。" in said(message.blocks)
    assert "入力期限 9月18日(金)(3開庁日経過)" in said(message.blocks)


@pytest.mark.parametrize(
    ("own", "words"),
    [
        (
            mine(sections=(), owned=0, contact="総務課"),
            "いま担当になっている取組項目はありません。",
        ),
        (mine(sections=(), owned=3), "いま入力をお願いしている項目はありません。"),
        (mine(SEVEN_IN), "いま入力をお願いしている項目はすべて入力済です。"),
    ],
)
def test_who_has_nothing_to_enter_is_told_why(own: Mine, words: str) -> None:
    message = render_mine(own)
    assert_message(message)
    assert words in said(message.blocks)


def test_145_items_of_mine_are_paged_and_each_shown_once() -> None:
    own, seen, page = mine(*many_items(145, submitted_from=100)), list[str](), 0
    while True:
        message = render_mine(replace(own, page=page))
        assert_message(message)
        pressed = buttons(message.blocks)
        seen += [value for _, action, value in pressed if action == "answer:open"]
        following = [value for _, action, value in pressed if action == "mine:page:next"]
        if not following:
            break
        page = int(following[0])
    assert sorted(seen) == sorted(f"12:{each}" for each in range(1, 146))


def test_after_entry_has_ended_my_items_have_no_button() -> None:
    message = render_mine(mine(SEVEN, SEVEN_IN, now=moment(date(2026, 10, 2))))
    assert [action for _, action, _ in buttons(message.blocks)] == ["absence:open"]


def test_the_help_shows_every_command_and_who_the_reader_is() -> None:
    registrations = (Registration(Role.OWNER, "あおぞら区", "保健福祉課", items=3),)
    message = render_help(Help(registrations, "総務課(区政企画)", "1234"))
    assert_message(message)
    shown = said(message.blocks)
    for command in COMMANDS:
        assert all(f"`{typed}`　{does}" in shown for typed, does in command.help)
    assert (
        "あなたの登録：あおぞら区 保健福祉課　担当者(3件) ／ 問い合わせ：総務課(区政企画)内線1234"
        in shown
    )


@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("状況", Name.STATUS),
        ("進捗", Name.STATUS),
        ("ｽﾃｰﾀｽ", Name.STATUS),
        ("STATUS", Name.STATUS),
        ("自分", Name.MINE),
        ("マイ", Name.MINE),
        ("", Name.HELP),
        ("？", Name.HELP),
        ("使い方", Name.HELP),
        ("ほげ", None),
    ],
)
def test_a_command_is_known_in_any_width(word: str, name: Name | None) -> None:
    assert command_of(word) == name


def test_what_is_typed_for_help_is_a_command() -> None:
    for command in COMMANDS:
        for typed, _ in command.help:
            assert command_of(typed.split()[1]) is command.name


def test_saved_offers_the_next_item_and_carries_it() -> None:
    view = build_saved(Saved(MID, "7", 1, 2, Target(12, 9), (1, 1)))
    assert_modal(view)
    assert said(view["blocks"]) == "*取組項目7の入力を保存しました。*　残りは1件です。"
    assert (view["submit"]["text"], view["close"]["text"]) == ("次の項目へ", "終わる")
    assert read_next(view) == Next(Target(12, 9), (1, 1))


def test_after_the_last_item_nothing_more_is_offered() -> None:
    view = build_saved(Saved(MID, "9", 0, 2))
    assert_modal(view)
    assert "担当の2件はすべて入力済です。ありがとうございました。" in said(view["blocks"])
    assert "submit" not in view


@pytest.mark.parametrize(
    "metadata",
    ["", "{}", "[]", json.dumps({"t": "x", "p": []}), json.dumps({"t": "1:2", "p": ["a"]})],
)
def test_a_forged_next_item_is_refused(metadata: str) -> None:
    with pytest.raises(Refused):
        read_next({"private_metadata": metadata})


def test_the_other_modals_fit() -> None:
    reading = Reading(MID, "7", "題", MID_FIELDS, {"issues": "&" * 3000}, SAVED_AT, "山田", "理由")
    assert_modal(build_read_only(reading))
    assert_modal(build_read_only(replace(reading, answers={}, fields=END_FIELDS)))
    assert_modal(build_loading())
    assert_modal(build_refusal("中間振り返り", refusal_words(Refusal.MAY_NOT_ANSWER)))
    old = build_already_in(MID, target=Target(12, 7), code="7", saved_at=SAVED_AT)
    assert_modal(old)
    assert "この項目は9月10日(木)に入力済です。" in said(old["blocks"])
    assert buttons(old["blocks"]) == [("内容を見る・直す", "answer:open", "12:7")]


def test_an_answer_is_read_in_the_forms_words() -> None:
    shown = said(
        build_read_only(Reading(END, "7", "題", END_FIELDS, SEVEN_PROVISIONAL.answers, SAVED_AT))[
            "blocks"
        ]
    )
    assert "*目標の達成状況*　未確定(数値の確定待ち)" in shown
    assert "*数値の確定*　暫定の数値です(確定後に入力し直します)" in shown
    assert "*確定する見込みの日*　5月31日(月)" in shown


@pytest.mark.parametrize("refusal", Refusal)
def test_every_refusal_has_words(refusal: Refusal) -> None:
    facts = RefusalFacts("ひなた区", "総務課(区政企画)", "1234", date(2027, 4, 1))
    assert refusal_words(refusal, facts).endswith("。")
    assert refusal_words(refusal).endswith("。")


def test_a_refusal_names_the_readers_own_contact() -> None:
    facts = RefusalFacts("ひなた区", "総務課(区政企画)", "1234")
    assert refusal_words(Refusal.OTHER_UNIT, facts) == (
        "ひなた区の状況は、その区の関係者だけが見られます。"
        "必要な場合は、所属の総務課(区政企画)(内線1234)へご相談ください。"
    )
    changed = refusal_words(Refusal.NO_LONGER_OWNER, RefusalFacts(since=date(2027, 4, 1)))
    assert changed.startswith("この項目の担当は4月1日に変わりました。入力はできません。")


def test_errors_name_the_button_that_is_there() -> None:
    assert "「入力を完了する」" in not_saved()
    assert "「修正を完了する」" in not_saved(correcting=True)
    assert already_in(SAVED_AT) == "この項目は9月10日(木)に入力済です。"
    assert_message(render_error(not_saved()))
    assert_message(render_pointer())


def test_the_mail_asks_what_the_form_asks() -> None:
    assert mail_subject(MID) == "令和8年度 中間振り返りの入力のお願い(9月18日(金)まで)"
    text = mail_text(MID, [MailItem("9", "地域防災訓練", MID_FIELDS)])
    assert "Slackをお使いでない場合は、このメールへの返信でお知らせください。" in text
    assert "取組項目9【地域防災訓練】" in text
    assert "(1) 取組内容の実施見込み：(i)／(ii)／対象外" in text
    assert "(2) 目標の達成見込み：①／②" in text
    assert "(3) 課題と改善策(②の場合は必須)：" in text
