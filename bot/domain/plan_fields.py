"""What a form knows of the plan itself: its texts, which of them are read above the questions,
and the fixed words of the paper around them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.headings import distinct


class Half(StrEnum):
    """Where a text of the plan is printed."""

    HEAD = "head"  # in the line of the title
    LEFT = "left"  # 取組の方針・目標内容
    RIGHT = "right"  # 当年度の取組内容


@dataclass(frozen=True)
class PlanField:
    """A text of the plan. ``key`` is a column of an initiative, or a key of its ``details``."""

    key: str
    label: str  # on screens, and the header in a register
    synonyms: tuple[str, ...] = ()
    half: Half = Half.LEFT
    printed: str = ""  # the label on paper, where it is another one
    labelled: bool = True  # False: printed without a label
    money: bool = False  # a number in 千円
    shown: bool = False  # read above the questions
    rare: bool = False  # no column of an empty register

    def words(self, text: str) -> str:
        """A text as people read it: 「22,268千円」 of a budget that is stored as 22268."""
        return f"{int(text):,}千円" if self.money and text.isdecimal() else text

    @property
    def heading(self) -> str:
        """The label on the printed form."""
        return self.printed or self.label

    @property
    def headings(self) -> tuple[str, ...]:
        """Every word by which a file may call the field, the printed one first."""
        return distinct((self.heading, self.label, *self.synonyms))


@dataclass(frozen=True)
class Shown:
    """A text of the plan above the questions, unless one of those before it is there."""

    field: str
    label: str = ""  # the field's own when there is none
    unless: tuple[str, ...] = ()


@dataclass(frozen=True)
class Printed:
    """The fixed words of the printed form; ``{plan}`` in the title is the plan's name."""

    heading: str = ""  # 「様式3」
    title: str = "{plan}"
    plan: str = "計画"  # the label of the plan's section
    left: str = "取組の方針・目標内容"
    right: str = "当年度の取組内容"
    unit: str = "全体"  # the section of what is said of the whole unit
    nothing: str = "—"  # where no text is needed

    def title_of(self, plan: str) -> str:
        """The line under the heading: 「「市政改革プラン3.0」に基づく取組等」."""
        return self.title.replace("{plan}", plan)
