"""「保存期間と廃棄」: for how long answers are kept, what is due, and disposing of one plan."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from bot.domain.calendar import TOKYO, era_year
from bot.domain.retention import USUAL_YEARS, Rule
from bot.views.actions import DISPOSAL, INPUT, NOTICE_ONLY, RETENTION, RETENTION_DISPOSE
from bot.views.blocks import (
    Json,
    button,
    choice,
    context,
    divider,
    input_,
    line_input,
    modal,
    option,
    section,
)
from bot.views.inputs import read_inputs
from bot.views.refusals import coordinators_only
from bot.views.text import escape, escape_line, kept, storable
from bot.views.words import WIDE, day_words, name_words

MAY_NOT = coordinators_only("保存期間の設定と廃棄ができる")
GONE = "この計画は、すでに廃棄されています。"
NOT_YET = "保存期間が終わっていないため、廃棄できません。"
STILL_OPEN = "終わっていない振り返りがあるため、廃棄できません。"
YEARS_MISSING = "年数を選んでください。"
YEARS = "years"
BASIS = "basis"
NAME = "name"

_BASIS_LENGTH = 200
_NAME_LENGTH = 100
_PLANS_SHOWN = 60
_DISPOSALS_SHOWN = 10
_COUNTED = (
    ("initiative", "取組項目"),
    ("check_in", "入力"),
    ("revision", "変更の履歴"),
    ("decision", "確認と差し戻し"),
    ("consultation", "相談"),
    ("publication", "公表の記録"),
    ("letter", "お知らせ"),
)


@dataclass(frozen=True)
class KeptPlan:
    """A plan that is kept; ``due``: its time is over; ``open``: a round of it is not."""

    plan_id: int
    fiscal_year: int
    form: str
    name: str
    until: date
    due: bool
    open: bool = False


@dataclass(frozen=True)
class Disposed:
    """The record of a disposal."""

    fiscal_year: int
    form: str
    at: datetime
    name: str
    counts: Mapping[str, int]


@dataclass(frozen=True)
class Keeping:
    """A unit's rule, its plans from the oldest on, and what it has disposed of."""

    unit_id: int
    unit_name: str
    rule: Rule
    plans: tuple[KeptPlan, ...]
    disposals: tuple[Disposed, ...] = ()


@dataclass(frozen=True)
class TypedRule:
    """What was chosen; ``years`` None: nothing was."""

    unit_id: int
    years: int | None
    basis: str


def build_keeping(keeping: Keeping) -> Json:
    """The rule to set, every plan with its last day, and the records of disposal."""
    return modal(
        "保存期間と廃棄",
        _keeping(keeping),
        callback_id=RETENTION,
        metadata={"u": str(keeping.unit_id)},
        submit="保存する",
    )


def read_rule(view: Mapping[str, Any]) -> TypedRule:
    """What was chosen and typed; Refused when malformed."""
    inputs = read_inputs(view)
    chosen = inputs.chosen(YEARS)
    years = int(chosen) if chosen.isascii() and chosen.isdigit() and len(chosen) <= 3 else None
    return TypedRule(inputs.number("u"), years, storable(inputs.text(BASIS))[:_BASIS_LENGTH])


def build_saved(unit_name: str, rule: Rule, due: int) -> Json:
    """That the rule is stored, and how many plans are due by it."""
    text = (
        f"*{name_words(unit_name)}の保存期間を{rule.years}年にしました。*\n"
        "年度が終わった次の4月1日から数えます。"
    )
    waiting = (
        f"保存期間が終わった計画は{due}件です。" if due else "保存期間が終わった計画はありません。"
    )
    return modal("保存期間と廃棄", [section(text), section(waiting)], callback_id=NOTICE_ONLY)


def build_disposal(keeping: Keeping, plan: KeptPlan, counts: Mapping[str, int]) -> Json:
    """What goes for good, and the unit's name to be typed."""
    blocks = [
        section(f"*{_plan_title(plan)}* を廃棄します。"),
        section(f"消えるもの：{counts_words(counts)}、書きかけの内容、日程と担当の登録"),
        section(
            "*元に戻せません。* 必要なものは、先に「様式を出力」などで受け取ってください。"
            "だれが、いつ、何件を廃棄したかの記録は残ります。"
        ),
        context("バックアップの中の写しと、Slackに届いたお知らせは消えません。"),
        input_(
            NAME,
            "確認のため、区・局の名前を入力してください",
            line_input(f"{INPUT}:{NAME}", "", most=_NAME_LENGTH),
            hint=f"「{keeping.unit_name}」と入力します。",
            required=True,
        ),
    ]
    return modal(
        "廃棄の確認",
        blocks,
        callback_id=DISPOSAL,
        metadata={"p": str(plan.plan_id)},
        submit="廃棄する",
    )


def read_disposal(view: Mapping[str, Any]) -> tuple[int, str]:
    """Which plan, and the name that was typed; Refused when malformed."""
    inputs = read_inputs(view)
    return inputs.number("p"), inputs.text(NAME)


def wrong_name(unit_name: str) -> str:
    """The typed name is another one."""
    return f"名前が違います。「{unit_name}」と入力してください。"


def build_disposed(unit_name: str, done: Disposed) -> Json:
    """「廃棄しました」, only ever shown after the commit."""
    what = f"{name_words(unit_name)}の{_year_and_form(done.fiscal_year, done.form)}"
    text = f"*{what}を廃棄しました。*\n{counts_words(done.counts)}"
    return modal("保存期間と廃棄", [section(text)], callback_id=NOTICE_ONLY)


def counts_words(counts: Mapping[str, int]) -> str:
    """「取組項目 23件、回答 46件」."""
    return "、".join(f"{words} {counts.get(key, 0):,}件" for key, words in _COUNTED)


def full_day(day: date) -> str:
    """「2032年3月31日」: retention runs over years."""
    return f"{day.year}年{day.month}月{day.day}日"


def state_words(plan: KeptPlan) -> str:
    """Until when it is kept, or that it is due."""
    if not plan.due:
        return f"{full_day(plan.until)}まで保存します"
    ended = f"{full_day(plan.until)}で保存期間が終わりました"
    return f"{ended}(終わっていない振り返りがあるため、廃棄できません)" if plan.open else ended


def _keeping(keeping: Keeping) -> Iterator[Json]:
    yield section(
        f"*{name_words(keeping.unit_name)}*{WIDE}"
        "入力された内容と履歴を、年度が終わってから何年保存するかを決めます。"
    )
    years = sorted({*USUAL_YEARS, keeping.rule.years})
    options = [option(f"{each}年", str(each)) for each in years]
    chosen = choice(f"{INPUT}:{YEARS}", options, str(keeping.rule.years))
    hint = "年度が終わった次の4月1日から数えます。自動では消しません。"
    yield input_(YEARS, "保存期間", chosen, hint=hint, required=True)
    basis = kept(keeping.rule.basis, _BASIS_LENGTH)
    yield input_(
        BASIS,
        "保存期間の根拠",
        line_input(f"{INPUT}:{BASIS}", basis, most=_BASIS_LENGTH),
        hint="規程の名前など。例：公文書管理規程 別表第1",
    )
    yield divider()
    yield section(f"*計画ごとの保存期間({len(keeping.plans)}件)*")
    if not keeping.plans:
        yield section("登録されている計画はありません。")
    yield from (_plan(plan) for plan in keeping.plans[:_PLANS_SHOWN])
    left = len(keeping.plans) - _PLANS_SHOWN
    if left > 0:
        yield context(f"ほか{left}件は、保存期間の終わりが近い順にここに出ます。")
    yield from _records(keeping.disposals)


def _plan(plan: KeptPlan) -> Json:
    words = f"{_plan_title(plan)}\n{state_words(plan)}"
    if not plan.due or plan.open:
        return section(words)
    says = f"廃棄する　{_year_and_form(plan.fiscal_year, plan.form)}"
    return section(words, button("廃棄する", RETENTION_DISPOSE, str(plan.plan_id), says=says))


def _plan_title(plan: KeptPlan) -> str:
    name = f"{WIDE}{escape_line(plan.name, 120)}" if plan.name else ""
    return f"{_year_and_form(plan.fiscal_year, plan.form)}{name}"


def _year_and_form(fiscal_year: int, form: str) -> str:
    return f"{era_year(fiscal_year)} {escape(form, 60)}"


def _records(disposals: Iterable[Disposed]) -> Iterator[Json]:
    newest = list(disposals)[-_DISPOSALS_SHOWN:]
    if newest:
        yield divider()
        yield section("*廃棄の記録*")
        yield context(*(_record(each) for each in reversed(newest)))


def _record(done: Disposed) -> str:
    local = done.at.astimezone(TOKYO)
    when = f"{local.year}年{day_words(local.date())}"
    what = _year_and_form(done.fiscal_year, done.form)
    return f"{what}{WIDE}{when}{WIDE}{name_words(done.name)}{WIDE}{counts_words(done.counts)}"
