"""What must hold between the parts of a form: keys that are one each, conditions that can be met.

A fault here would come up as a question that nobody can answer, so it is told before the form is
used at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from bot.domain.answers import YES
from bot.domain.form import Form, Kind, Question, Scope, Stage, When
from bot.domain.forms.entries import FormFault
from bot.domain.plan_fields import PlanField

_KEY = re.compile(r"[a-z][a-z0-9_-]{0,39}")
_OPTION_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")
_KEY_WORDS = "英小文字で始め、英小文字・数字・-・_ だけで40字までにしてください。"
_OPTION_KEY_WORDS = "英数字・-・_ だけで40字までにしてください。"

# Slack: a select holds 100 options; a modal has 100 blocks, of which head and warnings take some.
_MOST_OPTIONS = 100
_MOST_GRADES = 10
_MOST_QUESTIONS = 20
_MOST_FIELDS = 30


def check_form(form: Form) -> Iterator[FormFault]:
    """Every fault of a form whose entries are all there."""
    yield from _key_faults("key", form.key)
    yield from _field_faults("plan_fields", form.plan_fields)
    yield from _field_faults("unit_fields", form.unit_fields)
    yield from _shown_faults(form)
    if not form.stages:
        yield FormFault("stages", "振り返りの時期を、[[stages]] で1つ以上書いてください。")
    yield from _repeated("stages", "key", [stage.key for stage in form.stages])
    yield from _repeated("stages", "title", [stage.title for stage in form.stages])
    for number, stage in enumerate(form.stages, start=1):
        yield from _stage_faults(f"stages[{number}]", stage)


def _field_faults(place: str, fields: Sequence[PlanField]) -> Iterator[FormFault]:
    if len(fields) > _MOST_FIELDS:
        yield FormFault(place, f"{_MOST_FIELDS}個までにしてください。")
    yield from _repeated(place, "key", [field.key for field in fields])
    yield from _repeated(place, "label", [field.label for field in fields])
    for number, field in enumerate(fields, start=1):
        yield from _key_faults(f"{place}[{number}].key", field.key)


def _shown_faults(form: Form) -> Iterator[FormFault]:
    known = {field.key for field in form.plan_fields}
    for number, each in enumerate(form.shown, start=1):
        for name, keys in (("field", (each.field,)), ("unless", each.unless)):
            for key in (key for key in keys if key not in known):
                words = f"「{key}」という欄が plan_fields にありません。"
                yield FormFault(f"shown[{number}].{name}", words)


def _stage_faults(place: str, stage: Stage) -> Iterator[FormFault]:
    yield from _key_faults(f"{place}.key", stage.key)
    timing = stage.timing
    if not timing.opens <= timing.due <= timing.publishes:
        words = "開始日(opens)、入力期限(due)、公表予定(publishes)の順の日にしてください。"
        yield FormFault(f"{place}.timing", words)
    if not 1 <= len(stage.questions) <= _MOST_QUESTIONS:
        words = f"質問を、[[stages.questions]] で1つから{_MOST_QUESTIONS}個まで書いてください。"
        yield FormFault(f"{place}.questions", words)
    yield from _repeated(f"{place}.questions", "key", [each.key for each in stage.questions])
    yield from _of_its_kind(place, stage, Kind.FLAG, "暫定のしるし(flag)")
    yield from _of_its_kind(place, stage, Kind.DATE, "確定する見込みの日(date)")
    for number, question in enumerate(stage.questions, start=1):
        yield from _question_faults(f"{place}.questions[{number}]", question, stage)


def _of_its_kind(place: str, stage: Stage, kind: Kind, words: str) -> Iterator[FormFault]:
    """A flag means 暫定 and a date when figures are known: one of each for a thing asked about."""
    for scope in Scope:
        found = [q for q in stage.questions if q.kind is kind and q.scope is scope]
        if len(found) > 1:
            yield FormFault(f"{place}.questions", f"{words}は、1つだけにしてください。")


def _question_faults(place: str, question: Question, stage: Stage) -> Iterator[FormFault]:
    yield from _key_faults(f"{place}.key", question.key)
    yield from _option_faults(place, question)
    for key, when in (
        ("required", question.required),
        ("asked", question.asked),
        ("forced_by", question.forced_by),
        *((f"prompts[{n}].when", each.when) for n, each in enumerate(question.prompts, start=1)),
    ):
        yield from _condition_faults(f"{place}.{key}", when, question, stage)
    if question.unlike and question.unlike not in _texts(stage, question.scope):
        words = f"「{question.unlike}」という文章の質問が、同じ時期にありません。"
        yield FormFault(f"{place}.unlike", words)
    if question.unlike and not question.alike:
        yield FormFault(f"{place}.alike", "unlike を使うときは、知らせる文を書いてください。")


def _texts(stage: Stage, scope: Scope) -> set[str]:
    return {q.key for q in stage.questions if q.kind is Kind.TEXT and q.scope is scope}


def _option_faults(place: str, question: Question) -> Iterator[FormFault]:
    options = f"{place}.options"
    keys = [option.key for option in question.options]
    if question.kind is Kind.CHOICE and not 2 <= len(keys) <= _MOST_OPTIONS:
        yield FormFault(options, f"選択肢を、2個から{_MOST_OPTIONS}個まで書いてください。")
    if question.kind is Kind.GRADES and not 2 <= len(keys) <= _MOST_GRADES:
        yield FormFault(options, f"段階を、2個から{_MOST_GRADES}個まで書いてください。")
    if question.kind is Kind.GRADES and len({each.points for each in question.options}) < len(keys):
        yield FormFault(options, "段階ごとに違う points(点数)を書いてください。")
    if question.kind in (Kind.TEXT, Kind.DATE) and keys:
        yield FormFault(options, f"{question.kind} の質問に、選択肢は書けません。")
    if question.kind is Kind.FLAG and keys != [YES]:
        words = f'key が "{YES}" の選択肢を、1つだけ書いてください。'
        yield FormFault(options, words)
    yield from _repeated(options, "key", keys)
    yield from _repeated(options, "mark", [o.mark for o in question.options if o.mark])
    for number, key in enumerate(keys, start=1):
        if not _OPTION_KEY.fullmatch(key):
            yield FormFault(f"{options}[{number}].key", _OPTION_KEY_WORDS)


def _condition_faults(
    place: str, when: When | None, question: Question, stage: Stage
) -> Iterator[FormFault]:
    """A condition names a choice or flag that is asked about the same thing, and its options."""
    if when is None or not when.question:
        return
    other = next((each for each in stage.questions if each.key == when.question), None)
    if other is None or other.kind not in (Kind.CHOICE, Kind.FLAG):
        words = f"「{when.question}」という選択の質問が、同じ時期にありません。"
        yield FormFault(place, words)
        return
    if Scope.UNIT in (other.scope, question.scope) and other.scope is not question.scope:
        words = f"「{when.question}」は、別のもの({other.scope})について尋ねる質問です。"
        yield FormFault(place, words)
    if other.scope is Scope.INDICATOR and question.scope is Scope.INITIATIVE:
        words = f"「{when.question}」は、指標ごとの質問です。取組の質問の条件にはできません。"
        yield FormFault(place, words)
    for key in sorted(when.options - {option.key for option in other.options}):
        yield FormFault(place, f"「{when.question}」に「{key}」という選択肢はありません。")


def _key_faults(place: str, key: str) -> Iterator[FormFault]:
    if not _KEY.fullmatch(key):
        yield FormFault(place, _KEY_WORDS)


def _repeated(place: str, name: str, words: Iterable[str]) -> Iterator[FormFault]:
    seen: set[str] = set()
    for number, word in enumerate(words, start=1):
        if word in seen:
            yield FormFault(f"{place}[{number}].{name}", f"「{word}」が2つあります。")
        seen.add(word)
