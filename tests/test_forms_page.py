"""docs/forms.md is followed step by step: files are written, commands run, the new form asked."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.clock import SetClock
from bot.domain import form, plan_fields
from bot.domain.errors import InvalidAnswers
from bot.domain.forms.form_files import built_in_names, load_forms
from bot.domain.people import Role
from bot.services import checkins, status
from bot.services.checkins import Stored
from bot.services.office import Office
from bot.services.viewers import Caller
from bot.views import checkin_form
from bot.views.status import UnitStatus
from bot.views.targets import Target
from storage.database import Database
from tests.bot.cli.command import Command, Ended
from tests.bot.cli.conftest import bare_kaikaku
from tests.bot.views.slack import assert_modal, said
from tests.builders import TEAM, add_grant, add_ownership, add_person
from tests.scenarios.test_other_forms import fill

__all__ = ["bare_kaikaku"]

PAGE = (Path(__file__).parents[1] / "docs" / "forms.md").read_text(encoding="utf-8")

_FILE = re.compile(r"`([^`]+)` に書きます。")


@dataclass(frozen=True)
class Step:
    """One block of the page: a file to be written, or commands to be run."""

    kind: str
    file: str
    text: str


def steps(page: str) -> Iterator[Step]:
    place = 0
    for match in re.finditer(r"```(\w+)\n(.*?)```", page, re.DOTALL):
        files = _FILE.findall(page[place : match.start()])
        place = match.end()
        yield Step(match[1], files[-1] if files else "", match[2])


def follow(kaikaku: Command, page: str) -> list[Ended]:
    """Do what the page says, in its order."""
    ended = []
    for step in steps(page):
        if step.kind == "sh":
            ended += [run(kaikaku, line) for line in step.text.splitlines()]
        else:
            path = kaikaku.folder / step.file
            path.parent.mkdir(exist_ok=True)
            path.write_text(step.text, encoding="utf-8")
    return ended


def run(kaikaku: Command, line: str) -> Ended:
    command, _, into = line.partition(" > ")
    name, *arguments = shlex.split(command)
    assert name == "kaikaku"
    ended = kaikaku(*arguments)
    if into:
        (kaikaku.folder / into).write_text(ended.out, encoding="utf-8")
    return ended


@pytest.fixture
def followed(bare_kaikaku: Command) -> tuple[Command, list[Ended]]:
    return bare_kaikaku, follow(bare_kaikaku, PAGE)


def test_every_step_of_the_page_does_what_it_says(followed: tuple[Command, list[Ended]]) -> None:
    kaikaku, ended = followed
    check, listed, imported, set_, shown, exported, own = ended

    assert [each.code for each in ended] == [0] * 7, [each.err for each in ended]
    assert check.out.startswith("誤りはありません：events　地域の行事の振り返り(新しい様式です)")
    assert "events　地域の行事の振り返り　(FORMS_DIR)" in listed.out
    assert "行事2件(追加2、更新0、変更なし0)" in imported.out
    assert "期限 2026-10-16" in set_.out
    assert "西区　令和8年度 秋の振り返り" in shown.out
    assert "行事1" in shown.out
    answers = (kaikaku.folder / "events-answers.csv").read_text(encoding="utf-8-sig")
    header, first = answers.splitlines()[:2]
    assert "ねらい" in header
    assert "秋の振り返り できばえ" in header
    assert "通りを花で飾る。" in first
    assert exported.out == ""
    assert 'label = "趣旨・目的"' in own.out
    again = kaikaku("import", "events-answers.csv", "--dry-run")
    assert "行事2件(追加0、更新0、変更なし2)" in again.out


async def test_the_new_form_is_asked_in_a_modal_counted_and_exported(
    bare_kaikaku: Command,
) -> None:
    ended = [await bare_kaikaku.beside(*each) for each in _commands(bare_kaikaku)]
    assert {each.code for each in ended} == {0}
    office = office_on(bare_kaikaku)
    owner, target, unit_id = await owned(office)

    entry = await checkins.open_entry(office, owner, target)
    view = checkin_form.build(entry)

    assert_modal(view)
    shown = said(view["blocks"])
    assert view["title"]["text"] == "秋の振り返り 行事1"
    assert "*ねらい*　通りを花で飾る。" in shown
    assert "◎ ねらいどおり" in str(view["blocks"])
    with pytest.raises(InvalidAnswers) as refused:
        await submit(office, owner, view, {"went": "partly", "people": "40人", "why": ""})
    assert list(refused.value.faults.values()) == [
        "△を選んだ場合は、次に向けて直すことを入力してください。"
    ]
    done = {"went": "partly", "people": "40人", "why": "水やりの当番を決める。"}
    assert isinstance(await submit(office, owner, view, done), Stored)
    seen = await status.of_unit(office, owner, unit_id)
    await office.database.dispose()
    assert isinstance(seen, UnitStatus)
    assert seen.counts.marks == {"went": {"well": 0, "partly": 1, "cancelled": 0}}
    out = await bare_kaikaku.beside("export", "西区", "--kind", "秋の振り返り")
    assert "水やりの当番を決める。" in out.out


def _commands(kaikaku: Command) -> Iterator[list[str]]:
    """The page's commands, its files written when their turn comes."""
    for step in steps(PAGE.partition("## 付いている様式を直す")[0]):
        if step.kind == "sh":
            yield from (shlex.split(line)[1:] for line in step.text.splitlines())
        else:
            path = kaikaku.folder / step.file
            path.parent.mkdir(exist_ok=True)
            path.write_text(step.text, encoding="utf-8")


def office_on(kaikaku: Command) -> Office:
    database = Database(f"sqlite:///{kaikaku.folder}/kaikaku.db")
    clock = SetClock(datetime(2026, 10, 5, 1, tzinfo=UTC))
    return Office(database, clock, load_forms(kaikaku.folder / "forms"), clock)


async def owned(office: Office) -> tuple[Caller, Target, int]:
    """An owner of the first item in the round that the page has set, and the ward."""
    async with office.database.begin() as uow:
        (unit,) = [unit for unit in await uow.units.all() if unit.name == "西区"]
        (plan,) = await uow.plans.of_unit(unit.id or 0)
        first, _ = await uow.plans.initiatives(plan.id or 0)
        (round_,) = await uow.rounds.of_plans([plan.id or 0])
        person = await add_person(uow, "山田", account="UOWNER")
        await add_grant(uow, person, Role.OWNER, unit.id or 0)
        await add_ownership(uow, first.id or 0, person)
        await uow.commit()
    return Caller(TEAM, "UOWNER"), Target(round_.id or 0, first.id or 0), unit.id or 0


async def submit(office: Office, owner: Caller, view: dict[str, Any], typed: dict[str, str]) -> Any:
    return await checkins.submit(office, owner, checkin_form.read(fill(view, typed)))


def test_the_page_names_every_form_and_every_entry_of_a_file() -> None:
    words = set(re.findall(r"`([a-z0-9_]+)`", PAGE))
    values = (
        plan_fields.PlanField,
        plan_fields.Shown,
        form.Stage,
        form.Timing,
        form.Question,
        form.Option,
    )
    known = {each.name for value in values for each in fields(value)}
    known |= {
        each.name
        for value in (form.Form, plan_fields.Printed, form.Prompt)
        for each in fields(value)
    }
    lists = {"source", "plan_fields", "unit_fields", "stages", "questions", "options", "prompts"}

    assert set(built_in_names()) <= words
    assert known - lists - {"printed", "shown", "timing"} <= words
    assert {*form.Kind, *form.Scope, *plan_fields.Half} <= words
