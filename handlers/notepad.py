"""What has just been typed and is not written down yet: one page for a person and an item."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date

from bot.domain.drafts import Draft, is_newer
from bot.services.viewers import Caller
from bot.views.targets import Target

# A page is written down at once, and then at most once in so many seconds: with the way to us
# and the write itself, what is typed is kept at most 2 s behind.
PACE = 1.0

_REMEMBERED = 2000


@dataclass(frozen=True)
class Page:
    """Whose draft, about what."""

    caller: Caller
    target: Target


@dataclass
class _Open:
    newest: Draft | None = None
    woken: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass
class Notepad:
    """The pages of one process; each that is open has one task that writes it down.

    ``pace`` is in seconds. Nothing is held of a page that is not open but who may write on it.
    """

    pace: float = PACE
    _pages: dict[Page, _Open] = field(default_factory=dict)
    _hurried: bool = False
    _admitted: OrderedDict[tuple[Page, date], int] = field(default_factory=OrderedDict)

    def note(self, page: Page, draft: Draft) -> bool:
        """Remember a draft unless a newer one is known; True when a task must be started for it.

        That task asks ``take`` until there is nothing more, with ``rest`` in between.
        """
        begins = page not in self._pages
        open_ = self._pages.setdefault(page, _Open())
        if is_newer(draft, open_.newest):
            open_.newest = draft
        return begins

    def take(self, page: Page) -> Draft | None:
        """What is to be written down now; None closes the page."""
        open_ = self._pages.get(page)
        if open_ is None or open_.newest is None:
            self.close(page)
            return None
        taken, open_.newest = open_.newest, None
        return taken

    async def rest(self, page: Page) -> None:
        """Wait until the page may be written again, or has to be."""
        open_ = self._pages.get(page)
        if open_ is None or self._hurried:
            return
        with suppress(TimeoutError):
            async with asyncio.timeout(self.pace):
                await open_.woken.wait()
        open_.woken.clear()

    def wake(self, page: Page) -> None:
        """Write it down now: its form was closed."""
        if page in self._pages:
            self._pages[page].woken.set()

    def hurry(self) -> None:
        """Write everything down now, and from now on at once: the process is about to end."""
        self._hurried = True
        for open_ in self._pages.values():
            open_.woken.set()

    def forget(self, page: Page) -> None:
        """What is not written yet need not be: it was submitted, or given up."""
        if page in self._pages:
            self._pages[page].newest = None

    def close(self, page: Page) -> None:
        """Nobody writes this page down any more."""
        self._pages.pop(page, None)

    def admit(self, page: Page, day: date, person_id: int) -> None:
        """Remember who may write on a page on a Japanese date."""
        self._admitted[page, day] = person_id
        if len(self._admitted) > _REMEMBERED:
            self._admitted.popitem(last=False)

    def admitted(self, page: Page, day: date) -> int | None:
        """The id of the person who may, None when nobody has asked yet."""
        return self._admitted.get((page, day))
