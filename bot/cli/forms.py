"""`kaikaku forms`: the forms that there are, one as its file, and whether a file is in order."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator, Mapping
from pathlib import Path

from bot.cli.arguments import Subparsers, add_json
from bot.cli.output import print_json, print_lines
from bot.config import load
from bot.domain.form import Form, Scope, Stage
from bot.domain.forms.form_files import find_form, load_forms, read_form_file

_OF_US, _OF_THE_OFFICE = "内蔵", "FORMS_DIR"
_SCOPES = {Scope.INITIATIVE: "取組ごと", Scope.INDICATOR: "指標ごと", Scope.UNIT: "区全体で1つ"}


def register(nouns: Subparsers) -> None:
    """Add `forms list`, `forms show` and `forms check`."""
    verbs = nouns.add_parser("forms", help="様式(何を、いつ、何について尋ねるか)").add_subparsers(
        metavar="VERB", required=True
    )
    listing = verbs.add_parser("list", help="使える様式を表示します")
    add_json(listing)
    listing.set_defaults(run=_list)
    show = verbs.add_parser("show", help="様式をファイルの形で表示します(写して直せます)")
    show.add_argument("key", metavar="KEY", help="様式のkey(forms list で見られます)")
    show.set_defaults(run=_show)
    check = verbs.add_parser("check", help="様式のファイルに誤りがないか確かめます")
    check.add_argument("file", metavar="FILE", type=Path, help="様式のファイル(.toml)")
    check.set_defaults(run=_check)


def _list(arguments: Namespace, environment: Mapping[str, str]) -> None:
    own = load_forms(load(environment).forms_dir)
    ours = load_forms()
    if arguments.json:
        print_json({"forms": [_record(form, ours) for form in own.values()]})
        return
    for form in own.values():
        print_lines([f"{form.key}　{form.name}　({_origin(form, ours)})", *_stage_lines(form)])


def _show(arguments: Namespace, environment: Mapping[str, str]) -> None:
    form = find_form(load_forms(load(environment).forms_dir), arguments.key)
    print(form.source.removeprefix("\ufeff"), end="")


def _check(arguments: Namespace, _environment: Mapping[str, str]) -> None:
    form = read_form_file(arguments.file)
    place = "内蔵の様式の代わりに使えます" if form.key in load_forms() else "新しい様式です"
    print_lines(
        [
            f"誤りはありません：{form.key}　{form.name}({place})",
            *_field_lines(form),
            *_stage_lines(form),
        ]
    )


def _origin(form: Form, ours: Mapping[str, Form]) -> str:
    return _OF_US if ours.get(form.key) == form else _OF_THE_OFFICE


def _field_lines(form: Form) -> Iterator[str]:
    for words, fields in ((form.item, form.plan_fields), ("計画全体", form.unit_fields)):
        if fields:
            yield f"  {words}の欄：{'、'.join(field.label for field in fields)}"


def _stage_lines(form: Form) -> Iterator[str]:
    for stage in form.stages:
        yield f"  {stage.key}　{stage.title}　{_timing_words(stage)}"
        for scope, words in _SCOPES.items():
            asked = [each.label for each in stage.questions if each.scope is scope]
            if asked:
                yield f"    {words}：{'、'.join(asked)}"


def _timing_words(stage: Stage) -> str:
    timing = stage.timing
    named = (("開始", timing.opens), ("期限", timing.due), ("公表", timing.publishes))
    return "、".join(f"{name}{_day_words(*day)}" for name, day in named)


def _day_words(months: int, day: int) -> str:
    """「9月1日」「翌年度4月1日」, from months after April."""
    return f"{'翌年度' if months >= 12 else ''}{(months + 3) % 12 + 1}月{day}日"


def _record(form: Form, ours: Mapping[str, Form]) -> dict[str, object]:
    return {
        "key": form.key,
        "name": form.name,
        "built_in": _origin(form, ours) == _OF_US,
        "item": form.item,
        "stages": [
            {
                "key": stage.key,
                "title": stage.title,
                "questions": [
                    {"key": each.key, "label": each.label, "scope": each.scope.value}
                    for each in stage.questions
                ],
            }
            for stage in form.stages
        ],
    }
