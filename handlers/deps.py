"""What every handler is given."""

from __future__ import annotations

import asyncio
import math
from collections import OrderedDict
from dataclasses import dataclass, field

import aiohttp

from bot.background import Background
from bot.services.office import Office
from bot.slack.delivery import Courier
from bot.slack.directory import Directory
from bot.slack.files import Files
from handlers.home_readers import HomeReaders
from handlers.notepad import Notepad

# A trigger lives 3 s, of which the way to us and Slack's own answer have taken some.
PATIENCE = 0.8
_REMEMBERED = 2000
# Documents that are made at once: each takes a process, and of PDFs some hundred megabytes.
_MADE_AT_ONCE = 2


@dataclass
class Seen:
    """Ids that have come already: of events, which Slack sends again when our answer was late."""

    _ids: OrderedDict[str, None] = field(default_factory=OrderedDict)

    def knows(self, event_id: str) -> bool:
        """Whether it has come."""
        return event_id in self._ids

    def is_new(self, event_id: str) -> bool:
        """True the first time; the newest two thousand ids are remembered."""
        if event_id in self._ids:
            return False
        self._ids[event_id] = None
        if len(self._ids) > _REMEMBERED:
            self._ids.popitem(last=False)
        return True


@dataclass
class Newest:
    """The newest choice made on each screen, by its action_ts, and what we made of the screen.

    Redraws of one screen take turns: each then knows the hash that the one before has left.
    """

    _latest: OrderedDict[str, float] = field(default_factory=OrderedDict)
    _turns: OrderedDict[str, asyncio.Lock] = field(default_factory=OrderedDict)
    _hashes: OrderedDict[str, str] = field(default_factory=OrderedDict)  # before -> after

    def note(self, view_id: str, at: float) -> None:
        """Remember a choice unless a newer one is known."""
        self._latest[view_id] = max(at, self._latest.pop(view_id, at))
        if len(self._latest) > _REMEMBERED:
            self._latest.popitem(last=False)

    def turn(self, view_id: str) -> asyncio.Lock:
        """Held by the one redraw of a screen that is under way."""
        lock = self._turns.setdefault(view_id, asyncio.Lock())
        if len(self._turns) > _REMEMBERED:
            self._turns.popitem(last=False)
        return lock

    def redrawn(self, before: str, after: str) -> None:
        """Remember that we have replaced the screen of one hash by that of another."""
        self._hashes[before] = after
        if len(self._hashes) > _REMEMBERED:
            self._hashes.popitem(last=False)

    def hash_now(self, seen: str) -> str:
        """The hash that our own redraws have led to from the one that a person's screen had."""
        while seen in self._hashes:
            seen = self._hashes[seen]
        return seen

    def outdate(self, view_id: str) -> None:
        """The screen shows something else from now on: no choice made so far is the newest."""
        self._latest[view_id] = math.nextafter(self._latest.get(view_id, 0.0), math.inf)

    def is_newest(self, view_id: str, at: float) -> bool:
        """Whether nothing newer has come in."""
        return at >= self._latest.get(view_id, at)


@dataclass(frozen=True)
class Deps:
    """``office`` gives up in time for an acknowledgement; ``desk``, for what follows one, waits.

    ``team_id`` is the one workspace that the bot belongs to; ``patience`` is how many seconds a
    modal is read before 「読み込み中」 is shown in its place. ``answers`` is the session by which
    what is asked with a response_url is answered.
    """

    office: Office
    desk: Office
    courier: Courier
    directory: Directory
    files: Files
    background: Background
    team_id: str
    answers: aiohttp.ClientSession
    patience: float = PATIENCE
    seen: Seen = field(default_factory=Seen)
    at_home: HomeReaders = field(default_factory=HomeReaders)
    newest: Newest = field(default_factory=Newest)
    notepad: Notepad = field(default_factory=Notepad)
    making: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_MADE_AT_ONCE))
