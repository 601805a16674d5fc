"""The form dropped into the conversation in the kinds of file that offices have it in."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.bot.sheets.aozora import HEADING, item, sheet
from tests.bot.sheets.paper import Page, pdf, printed
from tests.bot.sheets.test_uploads import repacked
from tests.bot.sheets.typed import typed_document, typed_workbook
from tests.scenarios.office import Story, telling
from tests.scenarios.test_imports import dropped, pressed

TEXT = sheet(*(item(number, f"【取組その{number}】") for number in (1, 2, 3, 4)), heading=HEADING)


@pytest.fixture
async def story(sqlite_url: str) -> AsyncIterator[Story]:
    async with telling(sqlite_url, way="http") as told:
        yield told


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("様式3.xlsx", typed_workbook(TEXT, sheet_per_item=True)),
        ("様式3.docx", typed_document(TEXT, merged=True)),
        ("様式3.pdf", printed(TEXT, heading=HEADING)),
    ],
)
async def test_the_form_is_shown_and_taken_in_from_every_kind_of_file(
    story: Story, name: str, data: bytes
) -> None:
    shown = await dropped(story, "coordinator", name, data)

    assert "あおぞら区 令和8年度" in shown.visible_text
    # Three items, and the name of the plan.
    assert "追加 1 ・ 変更 4 ・ 終了 0 ・ 変更なし 0" in shown.visible_text
    assert "取組項目4*　【取組その4】" in shown.visible_text
    done = await pressed(story, "coordinator", shown, "取り込む")
    assert "取り込みました" in done.visible_text


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("scan.pdf", pdf(Page()), "文字の入っていないPDF"),
        ("macro.xlsx", repacked(typed_workbook(TEXT), {"xl/vbaProject.bin": b"x"}), "マクロ付き"),
        ("broken.docx", typed_document(TEXT)[:2000], "ファイル"),
    ],
)
async def test_what_cannot_be_taken_in_is_answered_with_what_to_do(
    story: Story, name: str, data: bytes, words: str
) -> None:
    shown = await dropped(story, "coordinator", name, data)
    assert words in shown.visible_text
    assert "取り込む" not in shown.buttons
