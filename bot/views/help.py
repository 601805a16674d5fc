"""`/kaikaku ヘルプ`: what can be typed, and as what the reader is registered (wording.md 8)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.domain.people import Role
from bot.views.blocks import Rendered, context, section
from bot.views.commands import COMMANDS
from bot.views.words import SLASH, WIDE, name_words

ROLES = {
    Role.OWNER: "担当者",
    Role.MANAGER: "確認者",
    Role.COORDINATOR: "とりまとめ担当",
    Role.OBSERVER: "閲覧",
}

_HOW = "表示はあなただけに見えます。入力の依頼とお知らせは、開庁日の9時30分に、1日1通まで送ります。"
_MOST = 10


@dataclass(frozen=True)
class Registration:
    """One role of the reader. ``unit_name`` is empty for all units; ``items`` counts what an
    owner is asked for.
    """

    role: Role
    unit_name: str = ""
    section: str = ""
    items: int = 0
    deputy: bool = False


@dataclass(frozen=True)
class Help:
    """The reader's registrations, and whom to ask."""

    registrations: tuple[Registration, ...] = ()
    contact: str = ""
    extension: str = ""


def render_help(help_: Help) -> Rendered:
    """The commands, straight from their table."""
    lines = [f"`{typed}`{WIDE}{does}" for command in COMMANDS for typed, does in command.help]
    english = SLASH.join(command.name for command in COMMANDS)
    text = "\n".join(["*kaikaku の使い方*", *lines, f"英語でも使えます：{english}"])
    return Rendered("kaikaku の使い方", [section(text), context(_HOW, _registered(help_))])


def _registered(help_: Help) -> str:
    said = "、".join(_registrations(help_)) or "登録されていません"
    extension = f"内線{name_words(help_.extension)}" if help_.extension.strip() else ""
    asking = f"{name_words(help_.contact)}{extension}"
    return f"あなたの登録：{said}" + (f"{SLASH}問い合わせ：{asking}" if asking else "")


def _registrations(help_: Help) -> Iterator[str]:
    for each in help_.registrations[:_MOST]:
        where = " ".join(name_words(name) for name in (each.unit_name, each.section) if name)
        role = "副担当" if each.deputy else ROLES[each.role]
        count = f"({each.items}件)" if each.items else ""
        yield f"{where or '全区'}{WIDE}{role}{count}"
