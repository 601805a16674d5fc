"""A file dropped into the conversation: looked over, applied, taken back; and who may not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.services import checkins
from bot.services.viewers import Caller
from bot.views.checkin_form import Typed
from playground import Message
from tests.databases import EACH_KIND, EITHER_KIND
from tests.scenarios.dumps import dump
from tests.scenarios.office import Story

pytestmark = EITHER_KIND

REGISTER = "番号,題名,目標,当年度の取組内容\n"
TAKEN_OVER = (
    REGISTER + "1,取組その1,年12回開催する。,毎月1回、講座を開く。\n"
    "2,取組その2を広げる,年24回開催する。,毎月2回、講座を開く。\n"
    "4,新しい窓口,待ち時間を10分にする。,番号札を置く。\n"
)
ROSTER = (
    "role,ward,name,email,section,initiatives,valid_from\n"
    "担当者,あおぞら区,中村,nakamura@example.jp,市民協働課,2;3,2026-09-15\n"
    "確認者,あおぞら区,小林,kobayashi@example.jp,市民協働課,,\n"
)


async def dropped(story: Story, part: str, name: str, text: str | bytes) -> Message:
    """The bot's answer to a file."""
    before = len(story.messages(part))
    content = text if isinstance(text, bytes) else text.encode()
    await story.person(part).drop((name, content))
    await story.slack.wait_until(lambda: len(story.messages(part)) > before + 1, 20)
    return story.letter(part)


async def pressed(story: Story, part: str, message: Message, text: str) -> Message:
    """The message as it stands after one of its buttons was pressed and answered."""
    await story.person(part).press(message, text)
    await story.slack.wait_until(
        lambda: story.letter(part).edited != message.edited or story.whispers(part), 20
    )
    return story.letter(part)


async def chosen(story: Story, message: Message, year: str) -> Message:
    modal = await story.person("coordinator").click(message, "区・年度を決める")
    await modal.choose("年度", year)
    await modal.submit()
    await story.slack.wait_until(lambda: story.letter("coordinator").edited)
    return story.letter("coordinator")


def without_trail(tables: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: rows for name, rows in tables.items() if name not in ("audit_entry", "import_batch")
    }


@EACH_KIND
async def test_a_plan_is_shown_applied_and_taken_back_to_the_letter(story: Story) -> None:
    before = dump(story.database_url)

    first = await dropped(story, "coordinator", "R8.csv", TAKEN_OVER)
    assert "年度が書かれていません" in first.visible_text
    assert dump(story.database_url, "plan", "initiative") == {
        name: before[name] for name in ("plan", "initiative")
    }

    shown = await chosen(story, first, "令和8年度")
    text = shown.visible_text
    assert "あおぞら区 令和8年度" in text
    assert "追加 1 ・ 変更 1 ・ 終了 0 ・ 変更なし 1" in text
    assert "取組項目4*　【新しい窓口】" in text
    assert "題名：「取組その2」 → 「取組その2を広げる」" in text
    assert "取組項目3「取組その3」は、このファイルにありません" in text
    assert "まだ何も登録していません" in text
    assert without_trail(dump(story.database_url)) == without_trail(before)

    done = await pressed(story, "coordinator", shown, "取り込む")
    assert "取り込みました" in done.visible_text
    after = dump(story.database_url, "initiative")
    assert [row["title"] for row in after["initiative"]] == [
        "取組その1",
        "取組その2を広げる",
        "取組その3",
        "新しい窓口",
    ]

    back = await pressed(story, "coordinator", done, "元に戻す")
    assert "元に戻しました" in back.visible_text
    final = dump(story.database_url)
    assert without_trail(final) == without_trail(before)
    steps = [row["action"] for row in final["audit_entry"] if row["action"].startswith("import.")]
    assert steps == ["import.apply", "import.undo"]


async def test_a_roster_is_shown_applied_and_taken_back_to_the_letter(story: Story) -> None:
    story.slack.add_user("中村 一", email="nakamura@example.jp")
    before = dump(story.database_url)

    shown = await dropped(story, "coordinator", "meibo.csv", ROSTER)
    text = shown.visible_text
    assert "利用者　中村" in text
    assert "取組項目2*　担当：中村　市民協働課　2026年9月15日(火)から" in text
    assert "担当：山田(副担当：佐藤)　保健福祉課　2026年9月14日(月)まで" in text
    assert "小林　確認者　市民協働課" in text
    assert "Slackで見つからない方" in text
    assert "3行目 小林" in text
    assert without_trail(dump(story.database_url)) == without_trail(before)

    done = await pressed(story, "coordinator", shown, "取り込む")
    people = (dump(story.database_url, "person"))["person"]
    assert {"中村", "小林"} < {row["name"] for row in people}

    await pressed(story, "coordinator", done, "元に戻す")
    assert without_trail(dump(story.database_url)) == without_trail(before)


async def test_a_file_with_thirty_faults_lists_all_thirty_by_row_and_column(story: Story) -> None:
    rows = "".join(
        f"社長,あおぞら区,中村,nakamura{n}@example.jp,,,{'いつか' if n % 3 else ''}\n"
        for n in range(18)
    )
    header = "role,ward,name,email,section,initiatives,valid_from\n"

    shown = await dropped(story, "coordinator", "meibo.csv", header + rows)

    lines = [line for line in shown.visible_text.split("\n") if line.startswith("• ")]
    assert len(lines) == 30
    assert [line.split()[1] for line in lines][:3] == ["2行目", "3行目", "3行目"]
    assert sum("role：" in line for line in lines) == 18
    assert sum("valid_from：" in line for line in lines) == 12
    assert "取り込む" not in shown.buttons
    assert "何も登録していません" in shown.visible_text


@EACH_KIND
async def test_what_has_changed_meanwhile_is_shown_again_before_it_is_applied(
    story: Story,
) -> None:
    shown = await chosen(
        story, await dropped(story, "coordinator", "R8.csv", TAKEN_OVER), "令和8年度"
    )
    async with story.office.database.begin() as uow:
        row = await uow.plans.initiative(story.ward.initiatives[1])
        assert row is not None
        row.title = "取組その2を見直す"
        await uow.plans.add(row)
        await uow.commit()

    again = await pressed(story, "coordinator", shown, "取り込む")

    assert "登録が変わっています" in again.visible_text
    assert "「取組その2を見直す」 → 「取組その2を広げる」" in again.visible_text
    titles = (dump(story.database_url, "initiative"))["initiative"]
    assert [row["title"] for row in titles] == ["取組その1", "取組その2を見直す", "取組その3"]
    done = await pressed(story, "coordinator", again, "取り込む")
    assert "取り込みました" in done.visible_text


async def test_an_import_stays_once_an_answer_rests_on_it(story: Story) -> None:
    shown = await chosen(
        story, await dropped(story, "coordinator", "R8.csv", TAKEN_OVER), "令和8年度"
    )
    done = await pressed(story, "coordinator", shown, "取り込む")
    await answer(story, 2)

    before = dump(story.database_url)
    await pressed(story, "coordinator", done, "元に戻す")

    assert "入力か確認がされた" in story.whispers("coordinator")[-1].visible_text
    assert dump(story.database_url) == before


async def answer(story: Story, number: int) -> None:
    typed = Typed(
        round_id=story.ward.round_id,
        initiative_id=story.ward.initiatives[number - 1],
        revision=0,
        answers={"implementation": "i", "attainment": "1"},
        complete_state=True,
    )
    caller = Caller(story.slack.team_id, story.user("owner").id)
    await checkins.submit(story.office, caller, typed)


@EACH_KIND
async def test_the_same_press_twice_imports_once(story: Story) -> None:
    shown = await chosen(
        story, await dropped(story, "coordinator", "R8.csv", TAKEN_OVER), "令和8年度"
    )
    await story.person("coordinator").press(shown, "取り込む")
    await story.person("coordinator").press(shown, "取り込む")
    await story.slack.wait_until(lambda: story.whispers("coordinator"), 20)

    assert "すでに取り込まれています" in story.whispers("coordinator")[-1].visible_text
    trail = (dump(story.database_url, "audit_entry"))["audit_entry"]
    assert [row["action"] for row in trail].count("import.apply") == 1


async def test_nobody_elses_file_is_fetched(story: Story) -> None:
    for part in ("owner", "manager", "observer"):
        said = await dropped(story, part, "R8.csv", TAKEN_OVER)
        assert "とりまとめ担当だけ" in said.visible_text
    assert story.slack.calls("files.info") == []
    assert (dump(story.database_url, "import_batch"))["import_batch"] == []


async def test_what_is_no_plan_is_refused_by_what_it_is(story: Story) -> None:
    said = await dropped(story, "coordinator", "R8.csv", b"%PDF-1.7\n...")

    assert "PDFとして読めません" in said.visible_text
    assert said.buttons == []


async def test_a_file_chosen_in_a_modal_is_read_as_well(story: Story) -> None:
    coordinator = story.person("coordinator")
    message = await dropped(story, "coordinator", "R8.csv", b"%PDF-1.7\n...")
    forged = story.slack.workspace.edit(
        message,
        text="x",
        blocks=[
            {
                "type": "actions",
                "elements": [
                    {
                        "type": "button",
                        "action_id": "import:open",
                        "value": "0",
                        "text": {"type": "plain_text", "text": "押す"},
                    }
                ],
            }
        ],
    )
    modal = await coordinator.click(forged, "押す")
    await modal.attach("ファイル", "meibo.csv", ROSTER.encode())
    count = len(story.messages("coordinator"))
    await modal.submit()
    await story.slack.wait_until(lambda: len(story.messages("coordinator")) > count, 20)

    assert "利用者　中村" in story.letter("coordinator").visible_text
