"""What can be pressed on Home: its tabs and pages, and the buttons of every other feature."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from bot.views.actions import HOME_TAB
from bot.views.blocks import Json, actions, button

_NUMBER = r"(0|[1-9]\d{0,17})"


class HomeTab(StrEnum):
    """Which part of a person's work Home shows."""

    OWNER = "owner"  # 担当
    PAST = "past"  # what was answered, by year
    MANAGER = "manager"  # 確認
    COORDINATOR = "coordinator"  # とりまとめ
    OBSERVER = "observer"  # 全区


@dataclass(frozen=True)
class HomeTarget:
    """One page of a tab, counted from 0; ``unit_id`` is 0 where it is about no single unit."""

    tab: HomeTab
    unit_id: int = 0
    page: int = 0

    def encode(self) -> str:
        """「manager:3:0」."""
        return f"{self.tab}:{self.unit_id}:{self.page}"

    @classmethod
    def decode(cls, value: object) -> HomeTarget | None:
        """The page, or None when the value is not one of ours."""
        if not isinstance(value, str):
            return None
        pattern = rf"({'|'.join(HomeTab)}):{_NUMBER}:(\d{{1,4}})"
        found = re.fullmatch(pattern, value, re.ASCII)
        return cls(HomeTab(found[1]), int(found[2]), int(found[3])) if found else None

    def at(self, page: int) -> HomeTarget:
        """Another page of the same."""
        return HomeTarget(self.tab, self.unit_id, page)


@dataclass(frozen=True)
class Offer:
    """A button of a row; ``action_id`` without a suffix."""

    text: str
    action_id: str
    value: str
    primary: bool = False


def offers(listed: Iterable[Offer | None], *, suffix: str = "") -> list[Json]:
    """A row of buttons, or nothing; ids that stand twice in one row get a suffix each."""
    shown = [each for each in listed if each is not None]
    made = [
        button(
            each.text,
            f"{each.action_id}:{suffix}{index}",
            each.value,
            primary=each.primary,
        )
        for index, each in enumerate(shown)
    ]
    return [actions(*made)] if made else []


def steps(target: HomeTarget, pages: int) -> list[Offer]:
    """前のページ and 次のページ of a tab, where there are any."""
    around = (("前のページ", target.page - 1), ("次のページ", target.page + 1))
    return [
        Offer(words, HOME_TAB, target.at(to).encode()) for words, to in around if 0 <= to < pages
    ]
