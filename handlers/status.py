"""`/kaikaku` with its words, and the buttons in its answers."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.calendar import fiscal_year_of, parse_fiscal_year
from bot.domain.errors import NotFound
from bot.domain.form import Form, stage_called
from bot.domain.units import Match
from bot.services import status
from bot.services.help import help_for
from bot.services.mine import open_mine
from bot.services.status import NoPlan, NoRound, UnitAnswer
from bot.services.viewers import Caller
from bot.views import entry_words
from bot.views import status as views
from bot.views.actions import MINE_PAGE, STATUS_PAGE, STATUS_UNIT, family
from bot.views.blocks import Rendered
from bot.views.commands import Name, command_of
from bot.views.help import render_help
from bot.views.mine import render_mine
from bot.views.status import UnitChoice
from bot.views.targets import PageTarget, UnitTarget, decode_number
from handlers import home, modals, replies
from handlers.absences import absence_form
from handlers.callers import Body, caller_of
from handlers.deps import Deps

COMMAND = "/kaikaku"

# Years as people say them, counted from this fiscal year.
_YEAR_WORDS = {"今年度": 0, "本年度": 0, "昨年度": -1, "去年度": -1, "前年度": -1, "来年度": 1}

# Each word may be the one that is astray, and is tried: no unit's name has more than a few.
_LONGEST = 300
_MOST_WORDS = 6

_NAME_ENDS = frozenset({"区", "く", "ku", "区役所"})


@dataclass(frozen=True)
class Words:
    """What stood after `status`: a year, a stage, and the rest, which names a unit."""

    year: int | None = None
    stage: str | None = None
    rest: tuple[str, ...] = ()


def register(app: AsyncApp, deps: Deps) -> None:
    """Listen for the command, and for pages and units chosen in its answers."""

    async def command(
        ack: AsyncAck, body: Body, client: AsyncWebClient, respond: AsyncRespond
    ) -> None:
        await ack()
        if command_of(str(body.get("text") or "")[:_LONGEST]) is Name.AWAY:
            work = absence_form(deps, body)
            modals.answer(deps, body, client, respond, work, action="absence.open")
            return
        replies.answer(deps, body, respond, _command(deps, body), action="command")

    async def turn(
        ack: AsyncAck, body: Body, client: AsyncWebClient, respond: AsyncRespond
    ) -> None:
        await ack()
        if home.is_home(body):  # where there is no answer but another page of it
            home.go(deps, client, body)
            return
        replies.answer(deps, body, respond, _page(deps, body), action="status.page")

    async def choose_unit(ack: AsyncAck, body: Body, respond: AsyncRespond) -> None:
        await ack()
        replies.answer(deps, body, respond, _chosen_unit(deps, body), action="status.unit")

    async def turn_mine(ack: AsyncAck, body: Body, respond: AsyncRespond) -> None:
        await ack()
        replies.answer(deps, body, respond, _mine_page(deps, body), action="mine.page")

    app.command(COMMAND)(command)
    app.action(family(STATUS_PAGE))(turn)
    app.action(family(STATUS_UNIT))(choose_unit)
    app.action(family(MINE_PAGE))(turn_mine)


def read_words(words: Sequence[str], this_year: int, forms: Collection[Form]) -> Words:
    """Sort what was typed into year, stage and the rest; the first of each kind counts."""
    year: int | None = None
    stage: str | None = None
    rest: list[str] = []
    for word in words:
        read_year, read_stage = _year_of(word, this_year), stage_called(word, forms)
        if year is None and read_year is not None:
            year = read_year
        elif stage is None and read_stage is not None:
            stage = read_stage
        else:
            rest.append(word)
    return Words(year, stage, tuple(rest))


def _year_of(word: str, this_year: int) -> int | None:
    if word in _YEAR_WORDS:
        return this_year + _YEAR_WORDS[word]
    return parse_fiscal_year(word, near=this_year)


async def _command(deps: Deps, body: Body) -> Rendered:
    caller = caller_of(body, deps.team_id)
    typed = unicodedata.normalize("NFKC", str(body.get("text") or "")[:_LONGEST]).split()
    first, words = (typed[0], typed[1:]) if typed else ("", [])
    match command_of(first):
        case Name.STATUS:
            return await _status(deps, caller, words)
        case Name.MINE if not words:
            return render_mine(await open_mine(deps.desk, caller))
        case Name.HELP if not words:
            return render_help(await help_for(deps.desk, caller))
        case None:
            return views.render_unknown_word(first)
        case _:
            return views.render_unknown_word(words[0])


async def _status(deps: Deps, caller: Caller, typed: Sequence[str]) -> Rendered:
    words = read_words(typed, fiscal_year_of(deps.desk.today()), deps.desk.forms.values())
    if words.rest:
        return await _named_unit(deps, caller, words)
    return views.render_all(
        await status.of_all(deps.desk, caller, year=words.year, stage_key=words.stage)
    )


async def _named_unit(deps: Deps, caller: Caller, words: Words) -> Rendered:
    text = " ".join(words.rest)
    if len(words.rest) > _MOST_WORDS:
        return views.render_unknown_unit(text)
    found = await status.meant(deps.desk, caller, text)
    stray = await _stray_word(deps, caller, words.rest, found)
    if stray:
        return views.render_unknown_word(stray)
    if found.unit is not None:
        target = UnitTarget(found.unit.id, words.year, words.stage)
        return await _of_unit(deps, caller, target)
    if found.candidates:
        choices = [
            UnitChoice(unit.name, UnitTarget(unit.id, words.year, words.stage))
            for unit in found.candidates
        ]
        return views.render_choose_unit(text, choices)
    return views.render_unknown_unit(text)


async def _stray_word(deps: Deps, caller: Caller, rest: Sequence[str], found: Match) -> str:
    """A word that the unit's name does without: it was meant for something, and not understood."""
    for at, word in enumerate(rest if len(rest) > 1 else ()):
        without = " ".join([*rest[:at], *rest[at + 1 :]])
        meant = await status.meant(deps.desk, caller, without)
        if meant.unit is not None and found.unit in (meant.unit, None) and word not in _NAME_ENDS:
            return word
    return ""


async def _of_unit(deps: Deps, caller: Caller, target: UnitTarget) -> Rendered:
    answer = await status.of_unit(
        deps.desk,
        caller,
        target.unit_id,
        year=target.fiscal_year,
        stage_key=target.stage,
    )
    return _render(answer)


def _render(answer: UnitAnswer) -> Rendered:
    match answer:
        case NoPlan(unit_name, fiscal_year):
            return views.render_no_plan(unit_name, fiscal_year)
        case NoRound(unit_name, last):
            return views.render_no_round(unit_name, last)
        case _:
            return views.render_unit(answer)


async def _page(deps: Deps, body: Body) -> Rendered:
    caller, target = caller_of(body, deps.team_id), PageTarget.decode(_value(body))
    if target is None:
        raise NotFound(entry_words.ITEM_NOT_FOUND)
    return views.render_unit(await status.of_page(deps.desk, caller, target))


async def _chosen_unit(deps: Deps, body: Body) -> Rendered:
    caller, target = caller_of(body, deps.team_id), UnitTarget.decode(_value(body))
    if target is None:
        raise NotFound(entry_words.ITEM_NOT_FOUND)
    return await _of_unit(deps, caller, target)


async def _mine_page(deps: Deps, body: Body) -> Rendered:
    caller = caller_of(body, deps.team_id)
    page = decode_number(_value(body)) or 0
    return render_mine(await open_mine(deps.desk, caller, page=page))


def _value(body: Body) -> object:
    return body["actions"][0].get("value")
