"""The words of the command line: every noun, and the types that several commands read."""

from __future__ import annotations

import argparse
import importlib
import re
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeAlias

from bot.domain.calendar import TOKYO, WINDOW_OPENS, at_tokyo, parse_day, parse_fiscal_year
from bot.domain.errors import Refused
from bot.domain.form import Form, stage_called
from bot.domain.forms.form_files import find_form
from bot.domain.headings import distinct

# In the order of the help; each module has register(subparsers).
_NOUNS = (
    "database",
    "units",
    "plans",
    "registers",
    "forms",
    "people",
    "rounds",
    "pause",
    "status",
    "sweep",
    "export",
    "publish",
    "history",
    "unreadable",
    "retention",
    "backup",
    "restore",
    "check",
    "run",
    "work",
    "demo",
)

# argparse has no public name for what add_subparsers() returns.
Subparsers: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"  # noqa: SLF001


def parser() -> argparse.ArgumentParser:
    """The whole command line. A noun's module is imported here, what it uses only when it runs."""
    found = argparse.ArgumentParser(
        prog="kaikaku", description="市政改革の取組の振り返りを、Slackで集めてとりまとめます。"
    )
    nouns = found.add_subparsers(title="コマンド", metavar="COMMAND", required=True)
    for name in _NOUNS:
        importlib.import_module(f"bot.cli.{name}").register(nouns)
    return found


def fiscal_year(text: str) -> int:
    """A fiscal year as the Gregorian year in which it begins: 2026, 令和8年度, R8."""
    year = parse_fiscal_year(text)
    if year is None:
        raise argparse.ArgumentTypeError(
            f"年度「{text}」が読めません。2026や令和8年度のように書いてください。"
        )
    return year


def count_of_years(text: str) -> int:
    """How many years, 1 to 99."""
    if not re.fullmatch(r"[1-9]\d?", text):
        raise argparse.ArgumentTypeError("年度の数は、1から99までの数で書いてください。")
    return int(text)


def day(text: str) -> date:
    """A Japanese date: 2026-09-18 or 2026/9/18."""
    found = parse_day(text)
    if found is None:
        raise argparse.ArgumentTypeError(
            f"日付「{text}」が読めません。2026-09-18のように書いてください。"
        )
    return found


def days(text: str) -> tuple[date, ...]:
    """Several dates, separated by semicolons; an empty text is none."""
    return tuple(day(part) for part in text.split(";") if part.strip())


def instant(text: str) -> datetime:
    """An aware instant; without an offset it is Japanese time: 2026-09-18T09:30.

    A date alone is 9:30 of that day, when the letters go out.
    """
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text.strip()):
            return at_tokyo(date.fromisoformat(text.strip()), WINDOW_OPENS)
        read = datetime.fromisoformat(text.strip())
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"日時「{text}」が読めません。2026-09-18T09:30のように書いてください。"
        ) from None
    return read if read.tzinfo else read.replace(tzinfo=TOKYO)


def add_kind(command: argparse.ArgumentParser, *, required: bool = False) -> None:
    """--kind and --form: which review, by any word that its form has for it."""
    command.add_argument(
        "--kind",
        required=required,
        metavar="KIND",
        help="振り返りの種類(mid-year、自己評価など。様式ごとの種類は forms list)",
    )
    command.add_argument(
        "--form", metavar="FORM", help="様式のkeyか名前(同じ年度にいくつかあるとき)"
    )


def stage_key(forms: Mapping[str, Form], arguments: argparse.Namespace) -> str | None:
    """The stage that --kind names in the form of --form, or in any. Refused when it names none."""
    if arguments.kind is None:
        return None
    form = form_key(forms, arguments)
    known = list(forms.values()) if form is None else [forms[form]]
    found = stage_called(arguments.kind, known)
    if found is None:
        kinds = distinct(f"{stage.key}({stage.title})" for each in known for stage in each.stages)
        words = f"「{arguments.kind}」という種類はありません。使えるもの：{'、'.join(kinds)}"
        raise Refused(words)
    return found


def form_key(forms: Mapping[str, Form], arguments: argparse.Namespace) -> str | None:
    """The form that --form names; None without it. Raises NotFound when there is none."""
    return find_form(forms, arguments.form).key if arguments.form else None


def round_meant(forms: Mapping[str, Form], arguments: argparse.Namespace) -> dict[str, Any]:
    """--year, --kind and --form as the services want to be told which round is meant."""
    return {
        "year": arguments.year,
        "stage_key": stage_key(forms, arguments),
        "form_key": form_key(forms, arguments),
    }


def add_output(command: argparse.ArgumentParser) -> None:
    """--output: the file that is written."""
    command.add_argument(
        "-o", "--output", type=Path, metavar="FILE", help="書き出す先(なければ標準出力)"
    )


def add_json(command: argparse.ArgumentParser) -> None:
    """--json: one JSON object on stdout and nothing else."""
    command.add_argument(
        "--json", action="store_true", help="結果を1つのJSONとして標準出力に書きます"
    )


def add_dry_run(command: argparse.ArgumentParser) -> None:
    """--dry-run: say what would change, change nothing."""
    command.add_argument(
        "--dry-run", action="store_true", help="登録せずに、何が変わるかだけを表示します"
    )
