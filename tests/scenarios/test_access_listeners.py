"""The access table is whole: each listener, command word and way for a file has a row somewhere.

``ROWS`` says where; a listener that is registered without one fails here. What no other table
asks stands below: forms that were open when their owner changed, and pages.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

import handlers
from bot.domain.errors import KaikakuError
from bot.services import imports
from bot.services.viewers import Caller
from bot.views import actions
from bot.views.actions import (
    ANSWER_NOT_YET,
    FIELD,
    HOME_TAB,
    MINE_PAGE,
    NOTED,
    family,
)
from bot.views.commands import COMMANDS, Name
from bot.views.targets import Target
from tests.handlers.filling import ATTAINMENT, fill
from tests.scenarios import test_access as access
from tests.scenarios.dumps import dump
from tests.scenarios.forged import forge, opened
from tests.scenarios.office import Story, telling

HERE = Path(__file__).parent

# Kind and id of what is registered: the table's file, and what in it asks for this. A modal's row
# makes the form by hand, whether or not it would open: that is the call named here.
ROWS: dict[tuple[str, str], tuple[str, str]] = {
    ("action", actions.ANSWER_OPEN): ("test_access", "ANSWER_OPEN"),
    ("action", actions.ANSWER_NOT_YET): ("test_access_listeners", "ANSWER_NOT_YET"),
    ("action", actions.FIELD): ("test_access_listeners", "FIELD"),
    ("action", actions.NOTED): ("test_access_listeners", "NOTED"),
    ("action", actions.DRAFT): ("test_access", "DRAFT"),
    ("view", actions.CHECKIN): ("test_access", "checkins.submit("),
    ("view", actions.CHECKIN_NEXT): ("test_access_listeners", "次の項目へ"),
    ("view_closed", actions.CHECKIN): ("test_access_listeners", "modal.close("),
    ("view", actions.NOTICE_ONLY): ("test_access_listeners", "form.close("),
    ("action", actions.LETTER_MORE): ("test_access", "LETTER_MORE"),
    ("action", actions.STATUS_PAGE): ("test_access", "STATUS_PAGE"),
    ("action", actions.STATUS_UNIT): ("test_access", "STATUS_UNIT"),
    ("action", actions.MINE_PAGE): ("test_access_listeners", "MINE_PAGE"),
    ("action", actions.HOME_TAB): ("test_access_listeners", "HOME_TAB"),
    ("event", "app_home_opened"): ("test_access", "open_home("),
    ("event", "message"): ("test_access_imports", "test_nobody_elses_file_is_fetched"),
    ("action", actions.CONFIRM_OPEN): ("test_access_confirmation", "CONFIRM_OPEN"),
    ("action", actions.CONFIRM_LIST): ("test_access_confirmation", "CONFIRM_LIST"),
    ("action", actions.SEND_BACK_OPEN): ("test_access_confirmation", "SEND_BACK_OPEN"),
    ("view", actions.CONFIRM): ("test_access_confirmation", "confirmations.confirm("),
    ("view", actions.CONFIRM_MANY): ("test_access_confirmation", "confirmations.confirm_many("),
    ("view", actions.SEND_BACK): ("test_access_confirmation", "confirmations.send_back("),
    ("action", actions.LETTER_CONSULT): ("test_access_asking", "LETTER_CONSULT"),
    ("action", actions.CONSULT_OPEN): ("test_access_asking", "CONSULT_OPEN"),
    ("action", actions.CONSULT_ANSWER): ("test_access_asking", "CONSULT_ANSWER"),
    ("action", actions.LETTER_PLAN_DATE): ("test_access_asking", "LETTER_PLAN_DATE"),
    ("action", actions.PLAN_DATE_OPEN): ("test_access_asking", "PLAN_DATE_OPEN"),
    ("action", actions.NUDGE): ("test_access_asking", "NUDGE"),
    ("action", actions.LETTER_MAIL): ("test_access_asking", "LETTER_MAIL"),
    ("view", actions.CONSULT): ("test_access_asking", "consultations.ask("),
    ("view", actions.CONSULT_REPLY): ("test_access_asking", "consultations.reply("),
    ("view", actions.PLAN_DATE): ("test_access_asking", "consultations.plan("),
    ("view", actions.NUDGE_ONE): ("test_access_asking", "nudges.send_one("),
    ("view", actions.NUDGE_ALL): ("test_access_asking", "nudges.send_all("),
    ("action", actions.ABSENCE_OPEN): ("test_access_people_move", "ABSENCE_OPEN"),
    ("action", actions.ABSENCE_END): ("test_access_people_move", "ABSENCE_END"),
    ("view", actions.ABSENCE): ("test_access_people_move", "absences.enter("),
    ("action", actions.HANDOVER_OPEN): ("test_access_people_move", "HANDOVER_OPEN"),
    ("action", actions.HANDOVER_END): ("test_access_people_move", "HANDOVER_END"),
    ("view", actions.HANDOVER): ("test_access_people_move", "handovers.enter("),
    ("action", actions.ACCOUNT_OPEN): ("test_access_people_move", "ACCOUNT_OPEN"),
    ("view", actions.ACCOUNT): ("test_access_people_move", "account_links.link("),
    ("action", actions.HISTORY_OPEN): ("test_access_records", "HISTORY_OPEN"),
    ("action", actions.HISTORY_EXPORT): ("test_access_records", "HISTORY_EXPORT"),
    ("action", actions.CHART_OPEN): ("test_access_records", "CHART_OPEN"),
    ("action", actions.CHART_SEND): ("test_access_records", "CHART_SEND"),
    ("action", actions.RETENTION_OPEN): ("test_access_records", "RETENTION_OPEN"),
    ("action", actions.RETENTION_DISPOSE): ("test_access_records", "RETENTION_DISPOSE"),
    ("view", actions.RETENTION): ("test_access_records", "retention.keep("),
    ("view", actions.DISPOSAL): ("test_access_records", "retention.dispose("),
    ("action", actions.DOCUMENT_OPEN): ("test_access_documents", "DOCUMENT_OPEN"),
    ("view", actions.DOCUMENT): ("test_access_documents", "document_requests.prepare("),
    ("action", actions.PUBLICATION_OPEN): ("test_access_documents", "PUBLICATION_OPEN"),
    ("view", actions.PUBLICATION): ("test_access_documents", "publications.publish("),
    ("action", actions.LINEAGE_OPEN): ("test_access_lineages", "LINEAGE_OPEN"),
    ("options", actions.LINEAGE_SEARCH): ("test_access_lineages", "suggested("),
    ("view", actions.LINEAGE): ("test_access_lineages", "lineage_links.save("),
    ("action", actions.YEARS_OPEN): ("test_access_lineages", "YEARS_OPEN"),
    ("action", actions.YEARS_EXPORT): ("test_access_lineages", "YEARS_EXPORT"),
    ("action", actions.UNREADABLE_OPEN): ("test_access_unreadable", "UNREADABLE_OPEN"),
    ("view", actions.UNREADABLE): ("test_access_unreadable", "unreadable.confirm("),
    ("action", actions.IMPORT_OPEN): ("test_access_imports", "IMPORT_OPEN"),
    ("action", actions.IMPORT_APPLY): ("test_access_imports", "IMPORT_APPLY"),
    ("action", actions.IMPORT_UNDO): ("test_access_imports", "IMPORT_UNDO"),
    ("action", actions.IMPORT_PAGE): ("test_access_imports", "IMPORT_PAGE"),
    ("action", actions.IMPORT_PLACE_OPEN): ("test_access_imports", "IMPORT_PLACE_OPEN"),
    ("view", actions.IMPORT_PLACE): ("test_access_imports", "imports.choose("),
    ("view", actions.IMPORT_FILE): ("test_access_listeners", "imports.refuse_outsiders("),
    ("action", actions.OWNERS_OPEN): ("test_access_imports", "OWNERS_OPEN"),
    ("action", actions.OWNERS_PAGE): ("test_access_imports", "OWNERS_PAGE"),
    ("view", actions.OWNERS): ("test_access_imports", "owners.assign("),
    ("action", actions.PEOPLE_OPEN): ("test_access_imports", "PEOPLE_OPEN"),
    ("action", actions.PEOPLE_PAGE): ("test_access_imports", "PEOPLE_PAGE"),
    ("action", actions.PERSON_OPEN): ("test_access_imports", "PERSON_OPEN"),
    ("view", actions.PERSON): ("test_access_imports", "registrations.enter("),
    ("action", actions.UNIT_OPEN): ("test_access_imports", "UNIT_OPEN"),
    ("view", actions.UNIT): ("test_access_imports", "registrations.set_unit("),
    ("action", actions.ROUND_OPEN): ("test_access_rounds", "ROUND_OPEN"),
    ("action", actions.ROUND_CLOSE): ("test_access_rounds", "ROUND_CLOSE"),
    ("action", actions.ROUND_BACK): ("test_access_rounds", "ROUND_BACK"),
    ("view", actions.ROUND): ("test_access_rounds", "round_changes.look("),
    ("view", actions.ROUND_PREVIEW): ("test_access_rounds", "round_changes.change("),
    ("action", actions.PAUSE_OPEN): ("test_access_rounds", "PAUSE_OPEN"),
    ("action", actions.PAUSE_END): ("test_access_rounds", "PAUSE_END"),
    ("view", actions.PAUSE): ("test_access_rounds", "pauses.pause("),
    ("action", actions.DIGEST_OPEN): ("test_access_rounds", "DIGEST_OPEN"),
    ("view", actions.DIGEST): ("test_access_rounds", "digests.settle("),
    ("action", actions.ITEMS_OPEN): ("test_access_rounds", "ITEMS_OPEN"),
    ("action", actions.EXEMPT_OPEN): ("test_access_rounds", "EXEMPT_OPEN"),
    ("view", actions.ITEM): ("test_access_rounds", "additions.add("),
    ("view", actions.EXEMPT): ("test_access_rounds", "exemptions.exempt("),
}
WORDS = {
    Name.STATUS: ("test_access", '"状況 あおぞら区"'),
    Name.MINE: ("test_access", '"自分"'),
    Name.HELP: ("test_access", '"ヘルプ"'),
    Name.AWAY: ("test_access_listeners", '"不在"'),
}
# The command's own row are its words; what Slack says of accounts is nobody's act.
WITHOUT = {("command", "/kaikaku"), ("event", "user_change")}


@dataclass
class Registered:
    """Takes what features register, in the place of what would listen."""

    found: list[tuple[str, str | re.Pattern[str]]] = field(default_factory=list)

    def __getattr__(self, kind: str) -> Callable[..., Callable[..., None]]:
        def wanted(what: Any = "") -> Callable[..., None]:
            return lambda _listener: self.found.append((kind, what))

        return wanted


def listeners() -> set[tuple[str, str]]:
    """Kind and id of every listener, but of those that take what nobody else does."""
    registered = Registered()
    for each in pkgutil.iter_modules(handlers.__path__):
        module = importlib.import_module(f"handlers.{each.name}")
        if hasattr(module, "register") and each.name not in ("unknown", "errors"):
            module.register(registered, None)
    ids = {family(id_): id_ for id_ in _words_of(actions)}
    return {
        (kind, wanted if isinstance(wanted, str) else ids[wanted])
        for kind, wanted in registered.found
    }


def _words_of(module: Any) -> list[str]:
    return [
        value for name, value in vars(module).items() if name.isupper() and isinstance(value, str)
    ]


def test_every_listener_has_a_row_in_an_access_table() -> None:
    found = listeners()

    assert len(found) > 80
    assert sorted(found - set(ROWS) - WITHOUT) == []
    assert sorted(set(ROWS) - found) == []


def test_every_command_word_has_a_row() -> None:
    assert {command.name for command in COMMANDS} == set(WORDS)


@pytest.mark.parametrize("row", sorted({*ROWS.values(), *WORDS.values()}))
def test_a_row_stands_where_it_is_said_to_stand(row: tuple[str, str]) -> None:
    module, asked = row
    source = (HERE / f"{module}.py").read_text(encoding="utf-8")
    text = source[source.index("async def story(") :]  # imports and the table above are no rows
    assert asked in text


# --- what no other table asks --------------------------------------------------------------------


@pytest.fixture
async def story(sqlite_url: str) -> AsyncIterator[Story]:
    """あおぞら区 and ひかり区 in the middle of a round; nothing is answered."""
    async with telling(sqlite_url, way="socket") as told:
        await access.settle_the_rest(told)
        told.go_to("2026-09-10")
        yield told


async def test_pages_tabs_and_inputs_of_their_own_making_give_nobody_more(story: Story) -> None:
    before = dump(story.database_url)

    for part, may in access.TABLE.items():
        modal = await opened(story, part, ANSWER_NOT_YET, _first(story))
        assert ("年12回開催する。" in modal.visible_text) is may.answer, part
        await modal.close()
        for action_id, value in (
            (f"{MINE_PAGE}:next", "0"),
            (f"{HOME_TAB}:0", f"coordinator:{story.ward.unit_id}:0"),
            (f"{FIELD}:attainment", _first(story)),
            (f"{NOTED}:issues", _first(story)),
        ):
            shown = await _pressed(story, part, action_id, value)
            assert (access.TITLE in shown) <= may.text, (part, action_id)

    assert dump(story.database_url) == before


def _first(story: Story) -> str:
    return Target(story.ward.round_id, story.ward.initiatives[0]).encode()


async def _pressed(story: Story, part: str, action_id: str, value: str) -> str:
    """What only they are shown of it, and what Home then shows."""
    message = await forge(story, part, action_id, value)
    seen = list(story.whispers(part))
    await story.person(part).press(message, "押す")
    await story.bot.background.drain(5, 0)
    texts = [each.visible_text for each in story.whispers(part) if each not in seen]
    home = story.person(part).home
    return "\n".join([*texts, home.visible_text if home else ""])


async def test_the_absence_that_a_word_opens_shows_no_item(story: Story) -> None:
    for part in access.TABLE:
        await story.person(part).command("/kaikaku", "不在")
        form = await story.person(part).wait_for_modal()

        registered = part not in ("left", "stranger", "guest")
        assert (form.submit_text is not None) is registered, part
        assert access.TITLE not in form.visible_text
        await form.close()


async def test_a_file_handed_in_is_read_for_coordinators_alone(story: Story) -> None:
    for part in access.TABLE:
        caller = Caller(story.slack.team_id, story.user(part).id)
        if part in ("coordinator", "other_coordinator"):
            await imports.refuse_outsiders(story.office, caller)
            continue
        with pytest.raises(KaikakuError):
            await imports.refuse_outsiders(story.office, caller)


async def test_whose_item_passes_on_while_their_form_is_open_stores_and_reads_no_more(
    story: Story,
) -> None:
    form = await story.person("owner").click(await story.whispered("owner", "自分"), "入力する")
    await fill(form)
    mine = await story.whispered("deputy", "自分")
    saved = await story.person("deputy").click(mine, "入力する", near="取組項目2")
    await fill(saved)
    await saved.submit()
    assert saved.submit_text == "次の項目へ"
    await _pass_on(story)

    await saved.submit()
    assert access.TITLE not in saved.visible_text
    assert len(await story.revisions(2)) == 1

    await form.choose(ATTAINMENT, "②")
    await form.submit()
    await form.close()
    assert await story.revisions(1) == []


async def _pass_on(story: Story) -> None:
    yesterday = date(2026, 9, 10) - timedelta(days=1)
    async with story.office.database.begin() as uow:
        for row in await uow.people.ownerships(story.ward.initiatives):
            row.valid_to = yesterday
            await uow.people.add(row)
        await uow.commit()
