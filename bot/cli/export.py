"""`kaikaku export`: a plan with its answers as a table, or as the official form filled in."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from bot.cli.arguments import (
    Subparsers,
    add_kind,
    add_output,
    count_of_years,
    fiscal_year,
    form_key,
    round_meant,
)
from bot.cli.output import write_out
from bot.config import load
from bot.domain.documents import FormFormat
from bot.sheets.export import ExportFormat, ExportTable

if TYPE_CHECKING:
    from bot.services.office import Office
    from bot.views.documents import Content

_ALL_UNITS = "全区"
_FORM_FORMATS = tuple(each.value for each in FormFormat)


def register(nouns: Subparsers) -> None:
    """Add `export`."""
    command = nouns.add_parser("export", help="計画と入力内容を書き出します")
    command.add_argument("ward", metavar="WARD", help="区・局の名前、または全区(件数の一覧)")
    command.add_argument(
        "--year", type=fiscal_year, metavar="YEAR", help="年度(なければ最新の計画)"
    )
    add_kind(command)
    command.add_argument(
        "--years",
        type=count_of_years,
        metavar="N",
        help="経年の表にします：取組項目ごとに、新しいものからN年度分(番号や題名が変わった分も含む)",
    )
    command.add_argument(
        "--with-past", action="store_true", help="様式に、前の年度の内容を添えます(庁内用)"
    )
    command.add_argument(
        "--corrections", action="store_true", help="公表後の修正一覧(正誤表)を書き出します"
    )
    command.add_argument(
        "--format",
        choices=[*(each.value for each in ExportFormat), *_FORM_FORMATS],
        help="表にするなら csv、xlsx、json。様式の形にするなら xlsx-form、docx、pdf",
    )
    add_output(command)
    command.set_defaults(run=_export, parser=command)


async def _export(arguments: Namespace, environment: Mapping[str, str]) -> None:
    from bot.cli.database import opened

    form_format = _form_format_of(arguments)
    async with opened(load(environment)) as office:
        if form_format is not None:
            rendered = await _form(office, arguments, form_format)
        else:
            rendered = await _rendered(office, arguments)
    write_out(rendered, arguments.output)


async def _form(office: Office, arguments: Namespace, format_: FormFormat) -> bytes:
    """The official form, the summary of all units or the 正誤表, made in a child process."""
    from bot.services.document_requests import of_ward
    from bot.sheets.form_export import form_in_child

    document = await of_ward(
        office,
        arguments.ward,
        **round_meant(office.forms, arguments),
        content=_content(arguments),
    )
    return await form_in_child(document, format_)


def _content(arguments: Namespace) -> Content:
    from bot.views.documents import Content

    if arguments.corrections:
        return Content.CORRECTIONS
    return Content.WITH_PAST if arguments.with_past else Content.FORM


async def _rendered(office: Office, arguments: Namespace) -> bytes:
    from bot.sheets.export import write

    return write(await _table(office, arguments), format_of(arguments))


async def _table(office: Office, arguments: Namespace) -> ExportTable:
    """The plan with its answers, or the years of its items."""
    from bot.services import lineages
    from bot.services.export import export_plan

    if arguments.years is None:
        return await export_plan(office, arguments.ward, **round_meant(office.forms, arguments))
    key = form_key(office.forms, arguments)
    return await lineages.of_plan(
        office, arguments.ward, year=arguments.year, form_key=key, years=arguments.years
    )


def _form_format_of(arguments: Namespace) -> FormFormat | None:
    """One of the forms' formats, by its name or the file's; None for a table."""
    wanted = arguments.format or _suffix(arguments)
    if wanted not in _FORM_FORMATS:
        if arguments.corrections or arguments.ward == _ALL_UNITS:
            arguments.parser.error(
                "正誤表と全区の一覧は、--format xlsx-form、docx、pdf のどれかを指定してください。"
            )
        return None
    if arguments.years is not None:
        arguments.parser.error("--years は、csv、xlsx、json のどれかと一緒に指定してください。")
    _refuse_screen(arguments, wanted)
    return FormFormat(wanted)


def format_of(arguments: Namespace) -> ExportFormat:
    """The format asked for, else the one that the file's name ends in, else .csv."""
    suffix = _suffix(arguments)
    wanted = arguments.format or (suffix if suffix in list(ExportFormat) else ExportFormat.CSV)
    format_ = ExportFormat(wanted)
    if format_ is ExportFormat.XLSX:
        _refuse_screen(arguments, format_)
    return format_


def _suffix(arguments: Namespace) -> str:
    output: Path | None = arguments.output
    return output.suffix.lower().removeprefix(".") if output else ""


def _refuse_screen(arguments: Namespace, format_: str) -> None:
    if not arguments.output and sys.stdout.isatty():
        words = "は画面に表示できません。-o FILE で書き出す先を指定してください。"
        arguments.parser.error(f"{format_} {words}")
