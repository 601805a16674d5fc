"""What can be typed after `/kaikaku`, as one table: the command reads it and the help shows it."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from enum import StrEnum


class Name(StrEnum):
    """The commands; the value is their English word."""

    STATUS = "status"
    MINE = "mine"
    AWAY = "away"
    HELP = "help"


@dataclass(frozen=True)
class Command:
    """One command: the words that call it, and what the help says of it."""

    name: Name
    words: frozenset[str]
    help: tuple[tuple[str, str], ...]  # (what to type, what it does)


COMMANDS = (
    Command(
        Name.MINE,
        frozenset({"mine", "自分", "担当", "マイ"}),
        (("/kaikaku 自分", "担当の取組項目を見る・入力する"),),
    ),
    Command(
        Name.STATUS,
        frozenset({"status", "状況", "進捗", "ステータス"}),
        (
            ("/kaikaku 状況 西区", "区の入力状況を見る"),
            ("/kaikaku 状況 西区 令和7年度 自己評価", "年度と種類を選ぶ"),
        ),
    ),
    Command(
        Name.AWAY,
        frozenset({"away", "不在"}),
        (("/kaikaku 不在", "不在を登録する(お知らせは副担当へ)"),),
    ),
    Command(
        Name.HELP,
        frozenset({"help", "ヘルプ", "使い方", "?", ""}),
        (("/kaikaku ヘルプ", "この説明"),),
    ),
)


def command_of(word: str) -> Name | None:
    """The command that a typed word calls, in any width or case; None when it calls none."""
    folded = _fold(word)
    return next((command.name for command in COMMANDS if folded in command.words), None)


def _fold(word: str) -> str:
    return unicodedata.normalize("NFKC", word).strip().casefold()
