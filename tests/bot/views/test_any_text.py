"""Whatever people write, every screen stays within Slack's limits and the text does nothing."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.domain.checkins import State
from bot.domain.people import Role
from bot.domain.rounds import StepKind
from bot.domain.status import ItemStatus, count
from bot.domain.youshiki3 import YOUSHIKI3
from bot.views.blocks import Json, Rendered
from bot.views.checkin_form import Previous, Rival, build
from bot.views.checkin_results import Reading, Saved, build_read_only, build_refusal, build_saved
from bot.views.errors import render_error
from bot.views.help import Help, Registration, render_help
from bot.views.letters import (
    CoordinatorReport,
    CoordinatorSection,
    ManagersList,
    ManagersSection,
    Notice,
    WardHeadSection,
    WardHeadSummary,
    render,
)
from bot.views.mine import MineSection, render_mine
from bot.views.status import (
    AllUnits,
    UnitChoice,
    UnitRow,
    UnitStatus,
    render_all,
    render_choose_unit,
    render_no_plan,
    render_unit,
    render_unknown_unit,
    render_unknown_word,
)
from bot.views.targets import Filter, Target, UnitTarget
from tests.bot.views.catalogue_home import owner_home
from tests.bot.views.samples import MID, MID_FIELDS, SAVED_AT, TOLD, entry, mine, part, step
from tests.bot.views.test_wording import assert_fits, mrkdwn

TODAY = TOLD.day
_OWNER = Role.OWNER
HOSTILE = (
    "<!channel> <@U1> <http://x|y> *a* _b_ ~c~ `d` ```e``` > f\n> g & @here :smile: "
    "\u202e\u200d\x00\ud800"
)
ANY = st.text(alphabet=st.characters(), max_size=60) | st.text(
    alphabet="*_~`<>&!@:|\n 　a字👨\u200d\u202e", max_size=60
)


def items_named(text: str) -> tuple[ItemStatus, ...]:
    answers = {"implementation": "i", "attainment": "2", "issues": text or "改"}
    item = ItemStatus(7, text, text, State.OUTSTANDING, (text,), (text, text))
    saved = replace(item, initiative_id=8, state=State.SUBMITTED, answers=answers)
    return (item, replace(saved, saved_at=SAVED_AT, entered_by=text))


def screens(text: str, *, copies: int = 1) -> list[Rendered | Json]:
    """Every screen with the text wherever somebody's text can stand."""
    own = items_named(text)
    items = tuple(
        replace(item, initiative_id=10 * number + item.initiative_id)
        for number in range(copies)
        for item in own
    )
    counts = count(items, YOUSHIKI3, overdue=True)
    named = replace(MID, unit_name=text, contact=text, extension=text, notice=text)
    late = part(TOLD, *items, round=named, days_late=3, managed_by=(text, text))
    opening = replace(late, step=step(StepKind.OPENING, TODAY))
    managed = ManagersSection(named, text, 3, 4, items, reader_coordinates=True)
    report = CoordinatorSection(named, counts, items, {text: 1}, items)
    ids = frozenset(item.initiative_id for item in items)
    status = UnitStatus(named, counts, items, SAVED_AT, 0, 3, ids, ids)
    section = MineSection(named, items, 0, 3, late.entry_until)
    rival = Rival(text, SAVED_AT, {"issues": text, "attainment": "1"}, 2)
    opened = entry(
        round=named,
        code=text,
        title=text,
        plan=((text, text), (text, text)),
        previous=(Previous(text, text),),
        entered_for=text,
        answers={"implementation": "na", "attainment": "2", "issues": text},
        rival=rival,
        reason_required=True,
    )
    return [
        render(Notice(1, TODAY, SAVED_AT, (late,))),
        render(Notice(1, TODAY, SAVED_AT, (late, opening))),
        render(ManagersList(1, TODAY, (managed, replace(managed, reader_coordinates=False)))),
        render(WardHeadSummary(1, TODAY, (WardHeadSection(named, counts, 1),))),
        render(CoordinatorReport(1, TODAY, (report,))),
        *(render_unit(replace(status, filter=filter_)) for filter_ in Filter),
        render_all(AllUnits((UnitRow(text, named, counts), UnitRow(text)), SAVED_AT)),
        render_choose_unit(text, [UnitChoice(text, UnitTarget(1))]),
        render_unknown_unit(text),
        render_unknown_word(text),
        render_no_plan(text, 2026),
        render_mine(mine(sections=(section,), contact=text)),
        render_mine(mine(sections=(), owned=0, contact=text)),
        owner_home(mine(sections=(section,))),
        render_help(Help((Registration(_OWNER, text, text, 1),), text, text)),
        render_error(text),
        build(opened),
        build_saved(Saved(named, text, 1, 2, Target(1, 2))),
        build_refusal(text, text),
        build_read_only(Reading(named, text, text, MID_FIELDS, own[1].answers, None, text, text)),
    ]


def assert_harmless(screen: Any) -> None:
    """No mention, link, entity or format but our own bold and code."""
    for text in mrkdwn(screen):
        assert "<" not in text
        assert ">" not in text
        assert not re.search(r"&(?!amp;|lt;|gt;)", text)
        assert not re.search(r"(?m)^[ 　\t]*&gt;", text)
        assert not re.search(r"@(channel|here|everyone)|:[a-z0-9_+'-]+:", text)
        ours = re.sub(r"\u2060(?:[*_~`]\u2060)+", "x", text)
        ours = re.sub(r"(?m)(^|(?<=[ 　]))([*`])[^*`\n]+\2(?=[ 　]|$)", "", ours)
        assert not re.search(r"[*~`]", ours), text
    encodable = str(screen)
    encodable.encode("utf-8")


@settings(max_examples=60, deadline=None)
@given(ANY)
@example(HOSTILE)
@example("")
@example("　")
def test_any_text_is_shown_within_limits_and_does_nothing(text: str) -> None:
    for screen in screens(text):
        assert_fits(screen)
        assert_harmless(screen)


def test_long_and_growing_texts_stay_within_limits() -> None:
    for text in ("😀" * 3000, "&" * 3000, "*" * 3000, HOSTILE * 30, "👨‍👩‍👧" * 500, "字" * 3000):
        for screen in screens(text, copies=12):
            assert_fits(screen)
            assert_harmless(screen)
