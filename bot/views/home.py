"""The bot's Home tab: the reader's tabs, and below them the page that they have chosen."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.domain.calendar import japanese_date
from bot.views.actions import HOME_TAB
from bot.views.blocks import Json, actions, button, context, option, section, select
from bot.views.home_actions import HomeTab, HomeTarget
from bot.views.home_coordinator import CoordinatorHome, coordinator_blocks
from bot.views.home_manager import ManagerHome, manager_blocks
from bot.views.home_observer import ObserverHome, observer_blocks
from bot.views.home_owner import OwnerHome, PastHome, owner_blocks, past_blocks
from bot.views.status import UnitStatus, render_unit
from bot.views.targets import PageTarget
from bot.views.text import escape, line
from bot.views.words import SLASH, moment_words

Body = OwnerHome | PastHome | ManagerHome | CoordinatorHome | ObserverHome | UnitStatus
Place = HomeTarget | PageTarget  # a page of a tab, or of a unit's status

_LABELS = {
    HomeTab.OWNER: "担当",
    HomeTab.MANAGER: "確認",
    HomeTab.COORDINATOR: "とりまとめ",
    HomeTab.OBSERVER: "全区の状況",
}
# The same from a unit's status, where there is nothing else to choose.
_BACK = {
    HomeTab.OWNER: "担当の取組項目に戻る",
    HomeTab.MANAGER: "ホームに戻る",
    HomeTab.COORDINATOR: "ホームに戻る",
    HomeTab.OBSERVER: "全区の状況に戻る",
}


@dataclass(frozen=True)
class Tab:
    """Something that the reader may choose."""

    target: HomeTarget
    unit_name: str = ""


@dataclass(frozen=True)
class Home:
    """One person's Home at one place; ``tabs`` are theirs, in the order of the roles."""

    tabs: tuple[Tab, ...]
    place: Place
    body: Body
    now: datetime


def build_home(home: Home) -> Json:
    """The whole view. Its metadata hold the place, and a digest by which it is known again."""
    shown = [*_tabs(home), *_body(home)]
    metadata = {"p": home.place.encode(), "d": _digest(home, shown)}
    return {
        "type": "home",
        "private_metadata": json.dumps(metadata, separators=(",", ":")),
        "blocks": [*shown, *_small_print(home)],
    }


def build_home_refusal(message: str) -> Json:
    """Home for somebody who is not registered."""
    return {"type": "home", "blocks": [section(escape(message))]}


def read_home(view: Mapping[str, Any] | None) -> tuple[Place | None, str]:
    """Which place a Home shows, and its digest; nothing of one that is not ours."""
    try:
        stored = json.loads((view or {}).get("private_metadata") or "{}")
    except ValueError:
        return None, ""
    if not isinstance(stored, dict):
        return None, ""
    digest = stored.get("d")
    return decode_place(stored.get("p")), digest if isinstance(digest, str) else ""


def decode_place(value: object) -> Place | None:
    """A place from a button's value or the metadata, None when it is not one of ours."""
    return HomeTarget.decode(value) or PageTarget.decode(value)


def _digest(home: Home, shown: list[Json]) -> str:
    """What the reader sees but the minute: another day is told, another minute is not."""
    day = japanese_date(home.now).isoformat()
    said = json.dumps([shown, day], ensure_ascii=False).replace(moment_words(home.now), "")
    return hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()[:24]


def _tabs(home: Home) -> list[Json]:
    """A button for each role, and where one has several units a list to choose from."""
    here = _tab_of(home.place)
    groups: dict[HomeTab, list[Tab]] = {}
    for tab in home.tabs:
        groups.setdefault(tab.target.tab, []).append(tab)
    unit_name = home.body.round.unit_name if isinstance(home.body, UnitStatus) else ""
    labels = _LABELS if len(groups) > 1 else _BACK
    elements = [
        button(
            labels[kind],
            f"{HOME_TAB}:{kind}",
            _of_group(tabs, home.place, unit_name).encode(),
            primary=kind is here,
        )
        for kind, tabs in groups.items()
    ]
    blocks = [actions(*elements)] if len(elements) > 1 or isinstance(home.place, PageTarget) else []
    if here is not None and len(groups.get(here, [])) > 1:
        blocks.append(actions(_units(groups[here], home.place)))
    return blocks


def _small_print(home: Home) -> list[Json]:
    """When it was made; a unit's status says so itself."""
    if isinstance(home.body, UnitStatus):
        return []
    return [context(SLASH.join([f"{moment_words(home.now)} 更新", "あなただけに見えています"]))]


def _tab_of(place: Place) -> HomeTab | None:
    if isinstance(place, PageTarget):
        return None
    return HomeTab.OWNER if place.tab is HomeTab.PAST else place.tab


def _of_group(tabs: Sequence[Tab], place: Place, unit_name: str = "") -> HomeTarget:
    """The unit that is shown, or whose status is, if it is among them; else the first."""
    unit_id = place.unit_id if isinstance(place, HomeTarget) else 0
    shown = (t.target for t in tabs if t.target.unit_id == unit_id or t.unit_name == unit_name)
    return next(shown, tabs[0].target)


def _units(tabs: Sequence[Tab], place: Place) -> Json:
    options = [option(line(tab.unit_name), tab.target.encode()) for tab in tabs]
    return select(f"{HOME_TAB}:unit", options, _of_group(tabs, place).encode())


def _body(home: Home) -> list[Json]:
    place = home.place
    match home.body:
        case UnitStatus():
            return render_unit(home.body).blocks
        case OwnerHome() if isinstance(place, HomeTarget):
            return owner_blocks(home.body, place)
        case PastHome() if isinstance(place, HomeTarget):
            return past_blocks(home.body, place)
        case ManagerHome() if isinstance(place, HomeTarget):
            return manager_blocks(home.body, place)
        case CoordinatorHome() if isinstance(place, HomeTarget):
            return coordinator_blocks(home.body, place)
        case ObserverHome() if isinstance(place, HomeTarget):
            return observer_blocks(home.body, place)
        case _:
            raise TypeError(f"{type(home.body)} has no place at {place}")
