"""A form put together from the entries of its file; what is missing is noted, never guessed."""

from __future__ import annotations

from collections.abc import Iterator

from bot.domain.form import (
    ALWAYS,
    MAX_TEXT,
    Form,
    Kind,
    Option,
    Prompt,
    Question,
    Required,
    Scope,
    Stage,
    Timing,
    When,
)
from bot.domain.forms.entries import Entries
from bot.domain.plan_fields import Half, PlanField, Printed, Shown

# What Slack shows: a title of 24 characters holds the stage and an item's number, a label of an
# option has 75 characters, a placeholder 150, a hint 2,000 (block-kit/composition-objects).
_TITLE = 14
_OPTION = 75
_LABEL = 150
_PLACEHOLDER = 150
_HINT = 2000
_SENTENCE = 300
_NAME = 60
_ITEM = 10

_UNUSUAL = Timing(opens=(0, 1), due=(0, 1), publishes=(0, 1))


def form_of(entries: Entries, *, source: str) -> Form:
    """The form of a whole file; ``source`` is its text."""
    form = Form(
        key=entries.text("key"),
        name=entries.text("name", most=_NAME),
        item=entries.text("item", default=Form.item, most=_ITEM),
        indicator=entries.text("indicator", default=Form.indicator, most=_NAME),
        synonyms=entries.texts("synonyms"),
        printed=_printed(entries.inner("printed")),
        plan_fields=tuple(_plan_field(each) for each in entries.each("plan_fields")),
        unit_fields=tuple(_plan_field(each) for each in entries.each("unit_fields")),
        shown=tuple(_shown(each) for each in entries.each("shown")),
        stages=tuple(_stage(each) for each in entries.each("stages")),
        source=source,
    )
    entries.done()
    return form


def _printed(entries: Entries | None) -> Printed:
    if entries is None:
        return Printed()
    printed = Printed(
        heading=entries.text("heading", default="", most=_NAME),
        title=entries.text("title", default=Printed.title, most=_LABEL),
        plan=entries.text("plan", default=Printed.plan, most=_NAME),
        left=entries.text("left", default=Printed.left, most=_NAME),
        right=entries.text("right", default=Printed.right, most=_NAME),
        unit=entries.text("unit", default=Printed.unit, most=_NAME),
        nothing=entries.text("nothing", default=Printed.nothing, most=_NAME),
    )
    entries.done()
    return printed


def _plan_field(entries: Entries) -> PlanField:
    field = PlanField(
        key=entries.text("key"),
        label=entries.text("label", most=_LABEL),
        synonyms=entries.texts("synonyms"),
        half=entries.kind("half", Half, default=Half.LEFT),
        printed=entries.text("printed", default="", most=_LABEL),
        labelled=entries.flag("labelled", default=True),
        money=entries.flag("money"),
        shown=entries.flag("shown"),
        rare=entries.flag("rare"),
    )
    entries.done()
    return field


def _shown(entries: Entries) -> Shown:
    shown = Shown(
        field=entries.text("field"),
        label=entries.text("label", default="", most=_LABEL),
        unless=entries.texts("unless"),
    )
    entries.done()
    return shown


def _stage(entries: Entries) -> Stage:
    stage = Stage(
        key=entries.text("key"),
        title=entries.text("title", most=_TITLE),
        printed=entries.text("printed", default="", most=_NAME),
        synonyms=entries.texts("synonyms"),
        request=entries.text("request", most=_SENTENCE),
        guide=entries.text("guide", default="", most=_SENTENCE),
        notes=entries.texts("notes"),
        published=entries.flag("published", default=True),
        final_after=entries.day("final_after", default=Stage.final_after),
        timing=_timing(entries),
        questions=tuple(_question(each) for each in entries.each("questions")),
    )
    entries.done()
    return stage


def _timing(entries: Entries) -> Timing:
    inner = entries.inner("timing")
    if inner is None:
        entries.fault(
            "timing", "開始日(opens)、入力期限(due)、公表予定(publishes)を書いてください。"
        )
        return _UNUSUAL
    timing = Timing(
        opens=inner.day("opens"),
        due=inner.day("due"),
        publishes=inner.day("publishes"),
        notice_business_day=inner.number("notice_business_day", default=1, least=1, most=20),
    )
    inner.done()
    return timing


def _question(entries: Entries) -> Question:
    question = Question(
        key=entries.text("key"),
        kind=entries.kind("kind", Kind, default=Kind.TEXT),
        label=entries.text("label", most=_LABEL),
        printed=entries.text("printed", default="", most=_LABEL),
        note=entries.text("note", default="", most=_LABEL),
        synonyms=entries.texts("synonyms"),
        missing=entries.text("missing", default=Question.missing, most=_SENTENCE),
        scope=entries.kind("scope", Scope, default=Scope.INITIATIVE),
        options=tuple(_option(each) for each in entries.each("options")),
        hint=entries.text("hint", default="", most=_HINT),
        placeholder=entries.text("placeholder", default="", most=_PLACEHOLDER),
        required=_condition(entries, "required", default=None),
        required_label=entries.text("required_label", default="", most=_LABEL),
        required_hint=entries.text("required_hint", default="", most=_HINT),
        hollow=entries.text("hollow", default="", most=_SENTENCE),
        asked=_condition(entries, "asked", default=ALWAYS),
        forced_by=_when(entries, "forced_by"),
        unlike=entries.text("unlike", default=""),
        alike=entries.text("alike", default="", most=_SENTENCE),
        prompts=tuple(_prompts(entries)),
        max_length=entries.number("max_length", default=MAX_TEXT, least=1, most=MAX_TEXT),
    )
    if "kind" not in entries.table:
        entries.fault("kind", f"{'、'.join(Kind)} のどれかを書いてください。")
    entries.done()
    return question


def _option(entries: Entries) -> Option:
    option = Option(
        key=entries.text("key"),
        mark=entries.text("mark", default="", most=_OPTION),
        text=entries.text("text", most=_OPTION),
        exempts=entries.flag("exempts"),
        pending=entries.flag("pending"),
        unfavourable=entries.flag("unfavourable"),
        points=entries.number("points", default=0, least=0, most=100),
        synonyms=entries.texts("synonyms"),
    )
    if len(option.label) > _OPTION:
        entries.fault("text", f"mark と合わせて{_OPTION}字以内にしてください。")
    entries.done()
    return option


def _prompts(entries: Entries) -> Iterator[Prompt]:
    for each in entries.each("prompts"):
        when = _when(each, "when")
        if when is None:
            each.fault("when", '{ 質問のkey = ["選択肢のkey"] } のように書いてください。')
        text = each.text("text", most=_SENTENCE)
        yield Prompt(when or ALWAYS, text, unless_filled=each.flag("unless_filled", default=True))
        each.done()


def _condition(entries: Entries, key: str, *, default: Required) -> Required:
    """Always, never, or depending on an answer."""
    found = entries.raw(key)
    if isinstance(found, bool):
        return ALWAYS if found else None
    return default if found is None else _when(entries, key)


def _when(entries: Entries, key: str) -> When | None:
    """``{ attainment = ["2"] }``: that question is answered with one of these options."""
    found = entries.raw(key)
    if found is None:
        return None
    if isinstance(found, dict) and len(found) == 1:
        ((question, options),) = found.items()
        if isinstance(options, list) and options and all(isinstance(o, str) for o in options):
            return When(question, frozenset(options))
    entries.fault(key, '{ 質問のkey = ["選択肢のkey"] } のように書いてください。')
    return None
