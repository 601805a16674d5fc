"""The access table of histories, files of them, retention, disposal and pictures.

Item 2 of あおぞら区 is answered ②; whatever is not granted shows no text, sends no file and stores
nothing.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Coroutine
from dataclasses import dataclass
from typing import Any

import pytest
import pytest_asyncio

from bot.domain.errors import KaikakuError
from bot.services import histories, retention
from bot.services.viewers import Caller
from bot.sheets.export import ExportFormat
from bot.views.actions import (
    CHART_OPEN,
    CHART_SEND,
    HISTORY_EXPORT,
    HISTORY_OPEN,
    RETENTION_DISPOSE,
    RETENTION_OPEN,
)
from bot.views.retention import TypedRule
from bot.views.targets import AllTarget, HistoryTarget
from tests.scenarios import test_access as access
from tests.scenarios.dumps import dump
from tests.scenarios.forged import forge, opened
from tests.scenarios.office import Story

pytestmark = pytest.mark.asyncio(loop_scope="module")

DUE_DAY = "2032-04-01"  # five years after FY2026


@dataclass(frozen=True)
class May:
    """What one kind of person may do in あおぞら区."""

    history: bool = False  # item 2's, on the screen and as a file
    keep: bool = False  # the rule of retention, and disposing
    counts: bool = False  # pictures of the round
    sections: bool = False  # ... with the marks of the section


TABLE = {
    "owner": May(history=True, counts=True, sections=True),
    "deputy": May(history=True, counts=True, sections=True),
    "manager": May(history=True, counts=True, sections=True),
    "unit_manager": May(history=True, counts=True, sections=True),
    "coordinator": May(history=True, keep=True, counts=True, sections=True),
    "observer": May(counts=True),
    "former_owner": May(),
    "future_owner": May(),
    "neighbour_manager": May(counts=True),
    "other_manager": May(),
    "other_coordinator": May(),
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


def item(story: Story) -> str:
    return f"{story.ward.round_id}:{story.ward.initiatives[1]}"


async def shown_by(story: Story, part: str, action_id: str, value: str) -> str:
    """All that the modal holds, seen or not, once it has been read."""
    modal = await opened(story, part, action_id, value)
    await modal.until(lambda each: each.title != "読み込み中", timeout=20)
    said = "\n".join([modal.visible_text, *map(str, modal.blocks)])
    await modal.close()
    return said


def files(story: Story, part: str) -> list[str]:
    return [file["name"] for each in story.messages(part) for file in each.files]


@pytest.mark.parametrize("part", TABLE)
async def test_a_history_opens_for_those_whom_it_concerns(story: Story, part: str) -> None:
    may = TABLE[part]

    for value in (item(story), f"{item(story)}:0", str(story.ward.initiatives[1])):
        shown = await shown_by(story, part, HISTORY_OPEN, value)
        assert (access.SECRET in shown) is may.history, value
        assert (f"{access.TITLE}2" in shown) is may.history, value


@pytest.mark.parametrize("part", TABLE)
async def test_a_file_goes_to_those_whom_it_concerns_and_to_nobody_else(
    story: Story, part: str
) -> None:
    may = TABLE[part]

    shown = await shown_by(story, part, f"{HISTORY_EXPORT}:csv", item(story))

    assert (access.SECRET in shown) is may.history
    assert files(story, part) == (["履歴_あおぞら区_令和8年度_2.csv"] if may.history else [])
    assert [other for other in TABLE if other != part and files(story, other)] == []
    if not may.history:
        assert story.slack.calls("files.getUploadURLExternal") == []


@pytest.mark.parametrize("part", TABLE)
async def test_only_the_coordinator_keeps_and_disposes(story: Story, part: str) -> None:
    may, ward = TABLE[part], story.ward
    story.go_to(DUE_DAY)

    keeping = await shown_by(story, part, RETENTION_OPEN, str(ward.unit_id))
    asked = await shown_by(story, part, RETENTION_DISPOSE, str(ward.plan_id))

    assert ("計画ごとの保存期間" in keeping) is may.keep
    assert ("元に戻せません" in asked) is may.keep
    assert ("あおぞら区" in keeping + asked) is may.keep


@pytest.mark.parametrize("part", [part for part, may in TABLE.items() if not may.keep])
async def test_no_form_of_their_own_making_keeps_disposes_or_exports_anything(
    story: Story, part: str
) -> None:
    ward, office, who = story.ward, story.office, caller(story, part)
    story.go_to(DUE_DAY)
    before = dump(story.database_url)
    deeds: list[Coroutine[Any, Any, object]] = [
        retention.keep(office, who, TypedRule(ward.unit_id, 1, "")),
        retention.open_disposal(office, who, ward.plan_id),
        retention.dispose(office, who, ward.plan_id, "あおぞら区"),
    ]
    if not TABLE[part].history:
        target = HistoryTarget(ward.round_id, ward.initiatives[1])
        deeds.append(histories.export(office, who, target, ExportFormat.CSV))

    for deed in deeds:
        with pytest.raises(KaikakuError):
            await deed

    assert dump(story.database_url) == before


@pytest.mark.parametrize("part", TABLE)
async def test_a_picture_shows_each_person_the_counts_that_are_theirs(
    story: Story, part: str
) -> None:
    may = TABLE[part]

    shown = await shown_by(story, part, CHART_OPEN, str(story.ward.round_id))

    assert ("日ごとの入力" in shown) is may.counts
    assert ("保健福祉課" in shown) is may.sections
    assert access.SECRET not in shown
    assert access.TITLE not in shown


@pytest.mark.parametrize("part", TABLE)
async def test_a_picture_of_all_units_holds_those_that_are_theirs(story: Story, part: str) -> None:
    message = await forge(story, part, CHART_OPEN, AllTarget().encode())
    before = len(story.whispers(part))
    await story.person(part).press(message, "押す")
    await story.slack.wait_until(lambda: len(story.whispers(part)) > before)

    shown = "\n".join(map(str, story.whispers(part)[-1].blocks))
    assert ("あおぞら区" in shown) is TABLE[part].counts
    assert ("北区" in shown) is (part == "observer")


@pytest.mark.parametrize("part", ["stranger", "other_coordinator", "observer", "coordinator"])
async def test_a_picture_goes_to_who_asked_and_may_see_it(story: Story, part: str) -> None:
    action_id = f"{CHART_SEND}:sections"

    shown = await shown_by(story, part, action_id, str(story.ward.round_id))

    assert ("kaikaku との会話に送りました" in shown) is TABLE[part].counts
    assert len(files(story, part)) == int(TABLE[part].counts)
    assert [other for other in TABLE if other != part and files(story, other)] == []


async def test_what_is_no_value_of_ours_opens_nothing(story: Story) -> None:
    for action_id in (HISTORY_OPEN, HISTORY_EXPORT, RETENTION_OPEN, RETENTION_DISPOSE, CHART_OPEN):
        for value in ("x", "1:2:3:4", "-1", "all", "1;DROP TABLE plan"):
            shown = await shown_by(story, "coordinator", action_id, value)
            assert access.SECRET not in shown
            assert "あおぞら区" not in shown, (action_id, value)
