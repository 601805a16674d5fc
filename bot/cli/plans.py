"""`kaikaku import`: a published plan sheet or a register becomes a plan."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from bot.cli.arguments import Subparsers, add_dry_run, add_json, fiscal_year
from bot.cli.output import print_json, print_lines, print_warnings
from bot.config import load
from bot.domain.calendar import era_year
from bot.domain.forms.form_files import find_form, load_forms
from bot.views.words import PLAN_STATES

if TYPE_CHECKING:
    from bot.services.plans import ImportedPlan


def register(nouns: Subparsers) -> None:
    """Add `import`."""
    command = nouns.add_parser("import", help="計画のシートや取組一覧を取り込みます")
    command.add_argument(
        "file",
        metavar="FILE",
        type=Path,
        help="様式のファイル(.xlsx、.docx、.pdf、.txt)か取組一覧(.csv、.xlsx)",
    )
    command.add_argument("--ward", metavar="WARD", help="区(シートに書かれていないとき)")
    command.add_argument(
        "--year", type=fiscal_year, metavar="YEAR", help="年度(2026、令和8年度など)"
    )
    command.add_argument("--draft", action="store_true", help="案として取り込みます")
    command.add_argument(
        "--form", metavar="FORM", help="様式のkeyか名前(なければファイルの書き方から決めます)"
    )
    add_dry_run(command)
    add_json(command)
    command.set_defaults(run=_import)


async def _import(arguments: Namespace, environment: Mapping[str, str]) -> None:
    from bot.cli.database import opened
    from bot.services.plan_places import ImportOptions
    from bot.services.plans import import_plans
    from bot.sheets.dropped import read_plans_in_child
    from bot.sheets.files import bytes_of

    settings = load(environment)
    forms = load_forms(settings.forms_dir)
    form = find_form(forms, arguments.form).key if arguments.form else None
    sheets = await read_plans_in_child(bytes_of(arguments.file), arguments.file.name, forms, form)
    options = ImportOptions(
        ward=arguments.ward,
        year=arguments.year,
        form=form,
        draft=arguments.draft,
        dry_run=arguments.dry_run,
    )
    async with opened(settings) as office:
        imported = await import_plans(office, sheets, options)
    if arguments.json:
        print_json(_record(imported, dry_run=arguments.dry_run))
        return
    if arguments.dry_run:
        print_lines(["確認だけです。何も登録していません。"])
    for plan in imported:
        print_lines([_line(plan), *(f"  {detail}" for detail in (*plan.details, *_lost(plan)))])
        print_warnings(plan.warnings)


def _line(plan: ImportedPlan) -> str:
    changes = plan.changes
    heading = f"{plan.unit_name} {era_year(plan.fiscal_year)} {plan.name or plan.form.name}"
    counts = f"追加{changes.added}、更新{changes.updated}、変更なし{changes.unchanged}"
    total = len(plan.sheet.initiatives)
    return (
        f"{heading}({PLAN_STATES[plan.state]})：{plan.form.item}{total}件({counts})、"
        f"シートの記入{changes.answers}件"
    )


def _lost(plan: ImportedPlan) -> Iterator[str]:
    """How many marks the file has lost, and where they are listed."""
    subjects = (plan.sheet.answers, *(each.answers for each in plan.sheet.initiatives))
    count = sum(len(each.unreadable) for answers in subjects for each in answers.values())
    if count:
        yield f"判読できない印：{count}件(一覧は kaikaku unreadable {plan.unit_name})"


def _record(imported: Sequence[ImportedPlan], *, dry_run: bool) -> dict[str, object]:
    """One plan as an object; several, from a register of many wards or years, below ``plans``."""
    plans = [_plan_record(plan) for plan in imported]
    if len(plans) == 1:
        return {**plans[0], "dry_run": dry_run}
    return {"plans": plans, "dry_run": dry_run}


def _plan_record(plan: ImportedPlan) -> dict[str, object]:
    from bot.services.plans import printed_record

    return {
        "ward": plan.unit_name,
        "fiscal_year": plan.fiscal_year,
        "plan": plan.name or None,
        "form": plan.form.key,
        "state": plan.state,
        "warnings": list(plan.warnings),
        "changes": asdict(plan.changes),
        "details": list(plan.details),
        "initiatives": [printed_record(each, plan.form) for each in plan.sheet.initiatives],
    }
