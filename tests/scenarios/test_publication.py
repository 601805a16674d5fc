"""A round is published from Slack, put right afterwards, and handed out: over the running bot."""

from __future__ import annotations

import io
import zipfile
from collections.abc import AsyncIterator

import pytest

from playground import Fault, Message, Screen
from tests.databases import EACH_KIND, EITHER_KIND
from tests.scenarios import test_access as access
from tests.scenarios.office import Story, telling

pytestmark = EITHER_KIND

SECRET = access.SECRET
ANSWER = {"implementation": "i", "attainment": "2", "issues": SECRET}
ADDRESS = "https://www.example.jp/aozora.html"


@pytest.fixture
async def story(way_and_url: tuple[str, str], unspaced: None) -> AsyncIterator[Story]:
    """あおぞら区 on the 2nd of October, a day after entry has ended; item 2 alone is in."""
    way, url = way_and_url
    async with telling(url, way=way) as told:
        await told.sweep("2026-09-01")
        told.go_to("2026-09-10")
        await access.submit(told, "owner", ANSWER, number=2)
        told.go_to("2026-10-02")
        yield told


async def publish(story: Story) -> Screen:
    """The coordinator's modal after it has been published, from Home."""
    home = await story.person("coordinator").open_home()
    modal = await home.click("公表を記録する")
    await modal.until(lambda each: each.title == "公表の記録")
    await modal.fill("決裁番号", "総務第123号")
    await modal.fill("掲載したページのアドレス", ADDRESS)
    refused = await modal.submit()
    assert "承知" in modal.visible_text
    assert refused.errors
    await modal.check("このまま公表する", "足りないものがあることを承知のうえで公表する")
    await modal.submit()
    return modal


def said(story: Story, part: str) -> str:
    """The newest file in somebody's conversation, unpacked."""
    [*_, file] = [file for each in story.messages(part) for file in each.files]
    content = story.slack.workspace.files[file["id"]].content
    assert content is not None
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        return "".join(parts.read(name).decode("utf-8", "replace") for name in parts.namelist())


@EACH_KIND
async def test_a_round_is_published_put_right_and_handed_out(story: Story) -> None:
    coordinator, owner = story.person("coordinator"), story.person("owner")
    done = await publish(story)
    assert "公表を記録しました" in done.visible_text

    # The owner's letter and an old button take nothing any more.
    await story.slack.wait_until(lambda: "入力する" not in story.letter("owner").visible_text)
    mine = (await story.whispered("owner", "自分")).visible_text
    assert "取組その1" not in mine
    forms = len(await story.revisions(1))
    assert not await access.submit(
        story, "owner", {"implementation": "i", "attainment": "1"}, number=1
    )
    assert len(await story.revisions(1)) == forms

    # Nobody is late, and nothing is asked of the coordinator either.
    home = coordinator.home
    assert home is not None
    await story.slack.wait_until(lambda: "公表済み" in home.visible_text)
    assert "期限超過" not in home.visible_text
    assert "いま対応が必要なものはありません" in home.visible_text

    # The coordinator puts it right, with a reason.
    story.go_to("2026-11-20")
    status = await story.whispered("coordinator", "状況 あおぞら区 令和8年度 中間")
    assert "公表の記録あり" in status.visible_text
    every = await _page(story, "すべての項目")
    form = await coordinator.click(every, "公表後に直す")
    await form.until(lambda each: "修正の理由" in each.labels())
    await form.choose("取組内容の実施見込み", "(i) 実施見込み")
    await form.choose("目標の達成見込み", "① 達成見込み")
    await form.submit()
    assert form.error_under("修正の理由")
    await form.fill("修正の理由", "入力漏れでした。")
    await form.submit()
    await form.until(lambda each: "保存しました" in each.visible_text)

    # The list of what was put right, for the one who asks.
    status = await story.whispered("coordinator", "状況 あおぞら区 令和8年度 中間")
    chooser = await coordinator.click(status, "様式を出力")
    await chooser.until(lambda each: "形式" in each.labels())
    await chooser.choose("内容", "公表後の修正一覧(正誤表)")
    await chooser.choose("形式", "Word")
    await chooser.submit()
    await chooser.until(lambda each: "会話に送りました" in each.visible_text, timeout=30)
    assert "入力漏れでした。" in said(story, "coordinator")
    assert "未公表" not in said(story, "coordinator")
    assert owner.modal is None


async def test_why_there_is_no_file_is_said_on_the_screen_or_where_the_file_would_be(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    status = await story.whispered("unit_manager", "状況 あおぞら区")

    chooser = await story.person("unit_manager").click(status, "様式を出力")
    await chooser.until(lambda each: "形式" in each.labels())
    await chooser.choose("形式", "PDF")
    await chooser.submit()
    await chooser.until(lambda each: "LibreOffice" in each.visible_text)

    assert "作れませんでした" in chooser.visible_text
    assert story.slack.calls("files.getUploadURLExternal") == []


async def test_whoever_has_closed_the_screen_hears_of_a_failure_in_the_conversation(
    story: Story,
) -> None:
    story.slack.faults.on("files.getUploadURLExternal", Fault.error("internal_error"), times=1)
    status = await story.whispered("unit_manager", "状況 あおぞら区")
    chooser = await story.person("unit_manager").click(status, "様式を出力")
    await chooser.until(lambda each: "形式" in each.labels())

    await chooser.submit()
    await chooser.close()
    await story.slack.wait_until(lambda: bool(story.messages("unit_manager")), timeout=30)

    [message] = story.messages("unit_manager")
    assert "様式を送れませんでした" in message.visible_text
    assert message.files == ()


async def _page(story: Story, words: str) -> Message:
    """Another list of the status, in place of the one before."""
    coordinator = story.person("coordinator")
    [*_, status] = story.whispers("coordinator")
    await coordinator.press(status, words)
    await story.slack.wait_until(
        lambda: "すべての項目(" in story.whispers("coordinator")[-1].visible_text
    )
    return story.whispers("coordinator")[-1]
