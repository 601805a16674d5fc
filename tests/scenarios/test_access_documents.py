"""The access table of the official form as a file, and of publishing a round.

Item 2 of あおぞら区 is answered ②, and not confirmed. Whatever is not granted sends no file, shows
no text and stores nothing.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date

import pytest
import pytest_asyncio

from bot.domain.documents import FormFormat
from bot.domain.errors import KaikakuError
from bot.domain.publications import Announcement
from bot.services import document_requests, publications
from bot.services.viewers import Caller
from bot.views.actions import DOCUMENT_OPEN, PUBLICATION_OPEN
from bot.views.documents import Content, TypedDocument
from bot.views.targets import AllTarget, DocumentTarget
from tests.scenarios import test_access as access
from tests.scenarios.dumps import dump
from tests.scenarios.forged import opened
from tests.scenarios.office import Story

pytestmark = pytest.mark.asyncio(loop_scope="module")

WANTED = Announcement("総務第123号", date(2026, 10, 5))
FORM, MISSING = "ファイルで受け取ります", "公表の前に確かめてください"


@dataclass(frozen=True)
class May:
    """What one kind of person may do in あおぞら区."""

    take: bool = False  # the form as a file
    text: bool = False  # ... with item 2's text, which is not confirmed
    others: bool = True  # ... with the items of other sections
    all: bool = False  # the summary of all units that they may see
    publish: bool = False


TABLE = {
    "owner": May(take=True, text=True, all=True),
    "deputy": May(take=True, text=True, all=True),
    "manager": May(take=True, text=True, all=True),
    "unit_manager": May(take=True, text=True, all=True),
    "coordinator": May(take=True, text=True, all=True, publish=True),
    "observer": May(take=True, all=True),
    "former_owner": May(),
    "future_owner": May(),
    "neighbour_manager": May(take=True, others=False, all=True),
    "other_manager": May(all=True),
    "other_coordinator": May(all=True),
    "left": May(),
    "stranger": May(),
    "guest": May(),
}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def standing(module_url: str) -> AsyncIterator[Story]:
    async with access.answered(module_url) as told:
        yield told


@pytest_asyncio.fixture(loop_scope="module")
async def story(asked: Story) -> Story:
    return asked


def caller(story: Story, part: str) -> Caller:
    return Caller(story.slack.team_id, story.user(part).id)


def text_of(story: Story, part: str) -> str:
    """All that stands in the files of somebody's conversation, unpacked."""
    found = []
    for file in (file for each in story.messages(part) for file in each.files):
        content = story.slack.workspace.files[file["id"]].content
        assert content is not None
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            found += [parts.read(name).decode("utf-8", "replace") for name in parts.namelist()]
    return "\n".join(found)


@pytest.mark.parametrize("part", TABLE)
async def test_a_document_goes_to_who_asked_with_what_is_theirs_and_to_nobody_else(
    story: Story, part: str
) -> None:
    may = TABLE[part]

    modal = await opened(story, part, DOCUMENT_OPEN, str(story.ward.round_id))
    await modal.until(lambda each: each.title != "読み込み中", timeout=20)
    assert (FORM in modal.visible_text) is may.take
    assert ("あおぞら区" in modal.visible_text) is may.take
    if may.take:
        await modal.choose("形式", "Word")
        await modal.submit()
        await modal.until(lambda each: "会話に送りました" in each.visible_text, timeout=30)

    said = text_of(story, part)
    assert (access.SECRET in said) is may.text
    assert (f"{access.TITLE}2" in said) is (may.take and may.others)
    assert (">(確認前)<" in said) is (part == "observer")
    assert [other for other in TABLE if other != part and text_of(story, other)] == []
    if not may.take:
        assert story.slack.calls("files.getUploadURLExternal") == []


@pytest.mark.parametrize("part", TABLE)
async def test_neither_form_nor_act_of_their_own_making_gives_anybody_more(
    story: Story, part: str
) -> None:
    may, ward, office, who = TABLE[part], story.ward, story.office, caller(story, part)
    before = dump(story.database_url)

    modal = await opened(story, part, PUBLICATION_OPEN, str(ward.round_id))
    await modal.until(lambda each: each.title != "読み込み中", timeout=20)
    assert (MISSING in modal.visible_text) is may.publish
    assert ("あおぞら区" in modal.visible_text) is may.publish
    if not may.publish:
        with pytest.raises(KaikakuError):
            await publications.publish(office, who, ward.round_id, WANTED, anyway=True)
        with pytest.raises(KaikakuError):
            await publications.open_form(office, who, ward.round_id)
    if not may.take:
        target = DocumentTarget(ward.plan_id, "mid-year")
        for content in Content:
            typed = TypedDocument(FormFormat.DOCX, target, content=content)
            with pytest.raises(KaikakuError) as refused:
                await document_requests.prepare(office, who, typed)
            assert access.TITLE not in refused.value.message
    assert dump(story.database_url) == before


@pytest.mark.parametrize("part", TABLE)
async def test_the_summary_has_the_units_that_somebody_may_see_and_no_others(
    story: Story, part: str
) -> None:
    office, who = story.office, caller(story, part)
    typed = TypedDocument(FormFormat.DOCX, units=AllTarget(2026, "mid-year"))

    modal = await opened(story, part, DOCUMENT_OPEN, AllTarget(2026, "mid-year").encode())
    await modal.until(lambda each: each.title != "読み込み中", timeout=20)
    assert (FORM in modal.visible_text) is TABLE[part].all
    if not TABLE[part].all:
        with pytest.raises(KaikakuError):
            await document_requests.prepare(office, who, typed)
        return
    document = str((await document_requests.prepare(office, who, typed)).document)
    assert ("あおぞら区" in document) is TABLE[part].take
    assert ("ひかり区" in document) is (part in {"observer", "other_manager", "other_coordinator"})
    assert access.SECRET not in document
    assert access.TITLE not in document
