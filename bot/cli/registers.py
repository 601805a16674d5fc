"""`kaikaku register template`: an empty register for a ward to fill in."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Mapping
from pathlib import Path

from bot.cli.arguments import Subparsers
from bot.cli.output import print_lines
from bot.config import load
from bot.domain.errors import Refused
from bot.domain.forms.form_files import find_form, load_forms

_THERE = (
    "{} はすでにあります。書きかけの一覧を消さないよう、上書きしません。"
    "別の名前にするか、そのファイルを移してください。"
)


def register(nouns: Subparsers) -> None:
    """Add `register template`."""
    noun = nouns.add_parser("register", help="取組一覧(1行に1つの取組)")
    verbs = noun.add_subparsers(metavar="VERB", required=True)
    command = verbs.add_parser("template", help="空の取組一覧を書き出します")
    command.add_argument("file", metavar="FILE", type=Path, help="書き出す先(.csvか.xlsx)")
    command.add_argument("--form", metavar="FORM", default="youshiki3", help="様式(なければ様式3)")
    command.set_defaults(run=_template, parser=command)


def _template(arguments: Namespace, environment: Mapping[str, str]) -> None:
    from bot.sheets.register_files import RegisterKind, write_template

    kind = arguments.file.suffix.lower().removeprefix(".")
    if kind not in list(RegisterKind):
        arguments.parser.error("FILE の名前の終わりを .csv か .xlsx にしてください。")
    form = find_form(load_forms(load(environment).forms_dir), arguments.form)
    try:
        with arguments.file.open("xb") as file:
            file.write(write_template(RegisterKind(kind), form))
    except FileExistsError as error:
        raise Refused(_THERE.format(arguments.file)) from error
    print_lines([f"空の取組一覧を書き出しました：{arguments.file}"])
