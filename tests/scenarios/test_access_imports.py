"""The access table of files, owners, registrations and a unit's facts, for each kind of person.

Only the unit's coordinator does any of it; ids of that unit, forged by anybody else into a button
or a form, change nothing and show nothing.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
import pytest_asyncio

from bot.domain.errors import KaikakuError
from bot.domain.people import Role
from bot.services import import_undo, imports, owners, registrations
from bot.services.viewers import Caller
from bot.sheets.dropped import read_dropped
from bot.slack.directory import Directory
from bot.slack.session import session_to
from bot.views.actions import (
    IMPORT_APPLY,
    IMPORT_OPEN,
    IMPORT_PAGE,
    IMPORT_PLACE_OPEN,
    IMPORT_UNDO,
    OWNERS_OPEN,
    OWNERS_PAGE,
    PEOPLE_OPEN,
    PEOPLE_PAGE,
    PERSON_OPEN,
    UNIT_OPEN,
)
from bot.views.import_forms import Choices
from bot.views.imports import ImportState
from bot.views.owners import TypedOwners
from bot.views.registrations import TypedRegistration
from bot.views.targets import RegistrationTarget
from bot.views.unit_facts import TypedUnit
from playground import Message, User
from tests.builders import add_grant, add_ownership, add_person, add_unit
from tests.scenarios.dumps import dump
from tests.scenarios.forged import forge_in_conversation, opened
from tests.scenarios.office import Story, telling

pytestmark = pytest.mark.asyncio(loop_scope="module")

HEADER = "role,ward,name,email,section,initiatives\n"
ROSTER = HEADER + "確認者,あおぞら区,小林,kobayashi@example.jp,課,\n"
SECRETS = ("小林", "取組その", "田中", "名簿.csv", "1234")

# Everybody but the unit's coordinator.
OTHERS = (
    "owner",
    "deputy",
    "manager",
    "unit_manager",
    "observer",
    "former_owner",
    "future_owner",
    "former_coordinator",
    "future_coordinator",
    "other_coordinator",
    "stranger",
)


@asynccontextmanager
async def settled(database_url: str) -> AsyncIterator[Story]:
    """あおぞら区 and ひかり区; あおぞら区's coordinator has dropped a roster."""
    async with telling(database_url, way="socket") as told:
        await settle_the_rest(told)
        yield told


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def standing(module_url: str) -> AsyncIterator[Story]:
    async with settled(module_url) as told:
        yield told


@pytest_asyncio.fixture(loop_scope="module")
async def story(sqlite_url: str) -> AsyncIterator[Story]:
    async with settled(sqlite_url) as told:
        yield told


@asynccontextmanager
async def directory_of(story: Story) -> AsyncIterator[Directory]:
    url = story.slack.api_url
    async with session_to(url) as session:
        yield Directory(token=story.slack.bot_token, base_url=url, session=session)


@pytest_asyncio.fixture(loop_scope="module")
async def directory(story: Story) -> AsyncIterator[Directory]:
    async with directory_of(story) as found:
        yield found


@pytest_asyncio.fixture(loop_scope="module")
async def asked_directory(asked: Story) -> AsyncIterator[Directory]:
    async with directory_of(asked) as found:
        yield found


async def settle_the_rest(story: Story) -> None:
    ward, team = story.ward, story.slack.team_id
    parts = [part for part in OTHERS if part not in ward.people and part != "stranger"]
    accounts = {part: f"U{part.upper().replace('_', '')}" for part in (*parts, "stranger")}
    async with story.office.database.begin() as uow:
        other = await add_unit(uow, code="hikari", name="ひかり区", kana="ひかりく", position=26)
        ids = {
            each: await add_person(uow, each, account=accounts[each], team=team) for each in parts
        }
        first = ward.initiatives[0]
        await add_ownership(uow, first, ids["former_owner"], valid_to=date(2026, 8, 31))
        await add_ownership(uow, first, ids["future_owner"], valid_from=date(2026, 9, 2))
        ours = (Role.COORDINATOR, ward.unit_id)
        await add_grant(uow, ids["former_coordinator"], *ours, valid_to=date(2026, 8, 31))
        await add_grant(uow, ids["future_coordinator"], *ours, valid_from=date(2026, 9, 2))
        await add_grant(uow, ids["other_coordinator"], Role.COORDINATOR, other)
        await uow.commit()
    for part, account in accounts.items():
        story.slack.workspace.put_user(User(account, part, f"{part}@example.jp"))
    story.ward = replace(ward, accounts={**ward.accounts, **accounts})


def caller(story: Story, part: str) -> Caller:
    return Caller(story.slack.team_id, story.user(part).id)


async def batch_of(story: Story, directory: Directory, part: str = "coordinator") -> int:
    read = read_dropped(ROSTER.encode(), "名簿.csv")
    shown = await imports.take_in(
        story.office, caller(story, part), directory, name="名簿.csv", digest="0" * 64, read=read
    )
    return shown.batch_id


async def applied_batch(story: Story, directory: Directory) -> int:
    batch = await batch_of(story, directory)
    await imports.apply(story.office, caller(story, "coordinator"), directory, batch)
    return batch


def buttons(story: Story, batch: int) -> dict[str, str]:
    ward = story.ward
    return {
        IMPORT_PLACE_OPEN: str(batch),
        IMPORT_OPEN: "",
        OWNERS_OPEN: str(ward.plan_id),
        f"{OWNERS_PAGE}:next": f"{ward.plan_id}:0",
        PEOPLE_OPEN: str(ward.unit_id),
        f"{PEOPLE_PAGE}:next": f"{ward.unit_id}:0",
        PERSON_OPEN: f"{ward.unit_id}:1",
        f"{PERSON_OPEN}:new": f"{ward.unit_id}:0",
        UNIT_OPEN: str(ward.unit_id),
    }


@pytest.mark.parametrize("part", OTHERS)
async def test_no_button_opens_a_form_of_another_unit(
    asked: Story, asked_directory: Directory, part: str
) -> None:
    batch = await batch_of(asked, asked_directory)
    before = dump(asked.database_url)

    for action_id, value in buttons(asked, batch).items():
        if action_id == IMPORT_OPEN and part == "other_coordinator":
            continue  # a file of their own is theirs to read
        modal = await opened(asked, part, action_id, value or "0")
        shown = "\n".join([modal.visible_text, *map(str, modal.blocks)])
        assert modal.submit_text is None, action_id
        assert [secret for secret in SECRETS if secret in shown] == [], action_id
        await modal.close()

    assert dump(asked.database_url) == before


async def answered(story: Story, part: str, message: Message) -> str:
    """What only this person is told after they have pressed its button."""
    count = len(story.whispers(part))
    await story.person(part).press(message, "押す")
    await story.slack.wait_until(lambda: len(story.whispers(part)) > count)
    return story.whispers(part)[-1].visible_text


@pytest.mark.parametrize("part", OTHERS)
async def test_nobody_else_applies_turns_or_takes_back(
    story: Story, directory: Directory, part: str
) -> None:
    for batch in (await batch_of(story, directory), await applied_batch(story, directory)):
        before = dump(story.database_url)
        for action_id, value in (
            (IMPORT_APPLY, str(batch)),
            (IMPORT_UNDO, str(batch)),
            (f"{IMPORT_PAGE}:next", f"{batch}:0"),
        ):
            message = await forge_in_conversation(story, part, action_id, value)
            shown = await answered(story, part, message)
            assert story.letter(part).edited is None
            assert [secret for secret in SECRETS if secret in shown] == [], action_id
        assert dump(story.database_url) == before


@pytest.mark.parametrize("part", OTHERS)
async def test_no_form_of_their_own_making_stores_anything(
    asked: Story, asked_directory: Directory, part: str
) -> None:
    batch, who, office = await batch_of(asked, asked_directory), caller(asked, part), asked.office
    ward = asked.ward
    target = RegistrationTarget(ward.unit_id)
    typed = TypedRegistration(target, name="小林", role=Role.COORDINATOR)
    owning = TypedOwners(ward.plan_id, ward.initiatives, name="小林", first=date(2026, 9, 1))
    facts = TypedUnit(ward.unit_id, "総務課", "9", (), ())
    held = replace(typed, target=RegistrationTarget(ward.unit_id, 1))
    deeds: list[Coroutine[Any, Any, object]] = [
        imports.choose(office, who, batch, Choices(draft=True)),
        imports.apply(office, who, asked_directory, batch),
        imports.show(office, who, batch),
        import_undo.undo(office, who, batch),
        owners.assign(office, who, asked_directory, owning),
        registrations.enter(office, who, asked_directory, typed),
        registrations.change(office, who, held),
        registrations.set_unit(office, who, facts),
    ]
    before = dump(asked.database_url)

    for deed in deeds:
        with pytest.raises(KaikakuError):
            await deed

    assert dump(asked.database_url) == before


@pytest.mark.parametrize("part", [part for part in OTHERS if part != "other_coordinator"])
async def test_nobody_elses_file_is_fetched(asked: Story, part: str) -> None:
    count = len(asked.messages(part))
    before = dump(asked.database_url, "import_batch")
    await asked.person(part).drop(("名簿.csv", ROSTER.encode()))
    await asked.slack.wait_until(lambda: len(asked.messages(part)) > count + 1)

    assert asked.slack.calls("files.info") == []
    assert dump(asked.database_url, "import_batch") == before


async def test_a_coordinators_file_about_another_unit_is_a_fault_of_its_row(
    story: Story, directory: Directory
) -> None:
    rows = ROSTER + "閲覧者,*,小林,kobayashi@example.jp,,\n"
    read = read_dropped(rows.encode(), "名簿.csv")

    shown = await imports.take_in(
        story.office,
        caller(story, "other_coordinator"),
        directory,
        name="名簿.csv",
        digest="",
        read=read,
    )

    assert [(fault.row, fault.column) for fault in shown.report.faults] == [
        (2, "ward"),
        (3, "ward"),
    ]


async def test_nobody_of_another_unit_is_renamed_or_given_an_account(
    story: Story, directory: Directory
) -> None:
    """Else whoever coordinates one ward could act as anybody of the city."""
    async with story.office.database.begin() as uow:
        victim = await uow.people.get(story.ward.people["manager"])
        assert victim is not None
        victim.email = "suzuki@example.jp"
        await uow.people.add(victim)
        await uow.commit()
    attacker = story.slack.add_user("攻撃者", email="attacker@example.jp")
    header = "role,ward,name,email,slack_user_id\n"
    before = dump(story.database_url, "person", "account", "role_grant")

    for row in (
        f"確認者,ひかり区,鈴木,suzuki@example.jp,{attacker.id}\n",
        "確認者,ひかり区,別の名前,suzuki@example.jp,\n",
    ):
        read = read_dropped((header + row).encode(), "名簿.csv")
        shown = await imports.take_in(
            story.office,
            caller(story, "other_coordinator"),
            directory,
            name="名簿.csv",
            digest="",
            read=read,
        )
        assert [fault.row for fault in shown.report.faults] == [2]
        who = caller(story, "other_coordinator")
        again = await imports.apply(story.office, who, directory, shown.batch_id)
        assert again.state is ImportState.FAULTY
    assert dump(story.database_url, "person", "account", "role_grant") == before
