"""A ward's policy for one year (運営方針, 様式1): 経営課題 > 戦略 > 具体的取組 with their budgets.

The summary of 様式3 in it has titles and contents only; they are kept as a text of the plan.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.domain.form import Form, Scope, Stage
from bot.domain.forms.form_files import built_in
from bot.domain.plans import Fault, SheetAnswers, SheetInitiative, SheetPlan, SheetRefused
from bot.sheets.folding import fold_words
from bot.sheets.headings import read_heading
from bot.sheets.policy_tables import (
    Action,
    Issue,
    PolicyTable,
    is_issue_head,
    read_policy_table,
    read_summary,
)
from bot.sheets.rows import Row, rows_of

FORM = "policy"
_BULLET = re.compile(r"^-\s*(?=[・○●])")
_NAME = re.compile(r"\S*運営方針")
_HEAD_OF_UNIT = re.compile(r"^[(（]\s*(?:区長|局長|所属長)\s*[:：].*[)）]$")
_DRAFT = re.compile(r"素?案(?=[)）\s]|$)")
_YEAR = re.compile(r"^(?:令和|平成)?(?:\d{1,4}|元)年度")
_LONGEST_HEADING = 50
_NO_TEXT = re.compile(r"◆.*|重点的に取り?組む主な経営課題.*")


@dataclass(frozen=True)
class Policy:
    """A whole policy as it is laid out; ``texts`` are its passages by key."""

    title: str
    head: str | None
    texts: dict[str, str]
    table: PolicyTable
    summary: tuple[tuple[str, str], ...]  # titles and contents of 様式3
    summary_heading: str | None


def is_policy(rows: Sequence[Row], _form: Form) -> bool:
    """Whether a document is such a policy: by the head of its table and what it calls itself."""
    if not any(is_issue_head(row) for row in rows):
        return False
    return "運営方針" in fold_words("".join(row.text for row in rows if len(row.text) < 60))


def read_policy_text(text: str) -> SheetPlan:
    """Read a whole policy as text. Raises SheetRefused when it is none."""
    return read_policy(rows_of(text), built_in(FORM))


def read_policy(rows: Sequence[Row], form: Form) -> SheetPlan:
    """Read a whole policy, with every fault in it. Raises SheetRefused when it is none."""
    if not is_policy(rows, form):
        raise SheetRefused((), "運営方針(様式1)の表がありません。見出しの行を確かめてください。")
    return _plan(lay_out(rows, form), form)


def lay_out(rows: Sequence[Row], form: Form) -> Policy:
    """The passages and tables of a policy, in the order of the document."""
    title = next((row.text for row in rows if "運営方針" in row.text), "")
    head = next((row.text for row in rows if _HEAD_OF_UNIT.match(row.text)), None)
    summary = read_summary(rows)
    table = read_policy_table([row for row in rows if row not in summary.rows])
    taken = {row.number for row in (*summary.rows, *table.rows)}
    rest = [row for row in rows if row.number not in taken and row.text not in (title, head)]
    return Policy(
        title, head, dict(_passages(rest, _headings(form))), table, summary.items, summary.heading
    )


def _headings(form: Form) -> dict[str, str]:
    """The folded heading of each passage, and the key of its text."""
    headings = {
        **{field.key: field.headings for field in form.unit_fields},
        **{question.key: question.headings for question in _evaluation(form).questions},
    }
    return {fold_words(words): key for key, every in headings.items() for words in every}


def _evaluation(form: Form) -> Stage:
    """The stage at which the unit as a whole is asked: 自己評価."""
    return next(stage for stage in form.stages if Scope.UNIT in stage.scopes)


def _passages(rows: Sequence[Row], headings: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The texts below each known heading; what stands under none is left out."""
    texts: dict[str, list[str]] = {}
    key = ""
    for row in rows:
        opened = _opened(row, headings)
        if opened is not None:
            key = opened
        elif key:
            texts.setdefault(key, []).append(_BULLET.sub("", row.text))
    for each, lines in texts.items():
        yield each, "\n".join(lines)


def _opened(row: Row, headings: Mapping[str, str]) -> str | None:
    """The key of the heading that a line is; empty for one that holds no text of its own."""
    words = fold_words(row.text)
    if _NO_TEXT.fullmatch(words):
        return ""
    return headings.get(_YEAR.sub("", words)) if len(row.text) < _LONGEST_HEADING else None


def _plan(policy: Policy, form: Form) -> SheetPlan:
    heading = read_heading([Row(1, (policy.title,), after_blank=True)])
    name = _NAME.search(policy.title)
    stage = _evaluation(form)
    asked = [question.key for question in stage.questions]
    evaluated = {key: policy.texts[key] for key in asked if key in policy.texts}
    plan = SheetPlan(
        form=form.key,
        plan=name[0] if name else None,
        ward=heading.wards[0] if len(heading.wards) == 1 else None,
        fiscal_year=heading.fiscal_years[0] if len(heading.fiscal_years) == 1 else None,
        initiatives=tuple(_initiatives(policy.table)),
        faults=tuple(_faults(policy.table)),
        details=_details(policy, form),
        answers={stage.key: SheetAnswers(evaluated)},
    )
    return replace(plan, warnings=tuple(_warnings(policy)))


def _details(policy: Policy, form: Form) -> dict[str, str]:
    texts = {each.key: policy.texts.get(each.key) for each in form.unit_fields}
    found = {
        **texts,
        "heading": policy.title,
        "head": policy.head,
        "reform_heading": policy.summary_heading,
        "reform_items": "\n\n".join(f"【{title}】\n{text}" for title, text in policy.summary),
    }
    return {key: text for key, text in found.items() if text}


def _initiatives(table: PolicyTable) -> Iterator[SheetInitiative]:
    position = 0
    for issue in table.issues:
        for action in issue.actions:
            position += 1
            yield SheetInitiative(
                code=action.code,
                position=position,
                number=position,
                title=action.title,
                activities=action.text,
                details=_action_details(issue, action),
            )


def _action_details(issue: Issue, action: Action) -> dict[str, str]:
    strategy = issue.strategy_of(action)
    found = {
        "issue": f"経営課題{issue.number} {issue.title}",
        "issue_overview": issue.overview,
        "strategy": f"{strategy.code} {strategy.title}" if strategy else None,
        "strategy_text": strategy.text if strategy else None,
        "budget": str(action.budget) if action.budget is not None else None,
        "ward_cm_budget": str(action.ward_cm_budget) if action.ward_cm_budget else None,
    }
    return {key: text for key, text in found.items() if text}


def _faults(table: PolicyTable) -> Iterator[Fault]:
    seen: set[str] = set()
    for issue in table.issues:
        for action in issue.actions:
            if action.code in seen:
                said = f"番号{action.code}が2回あります。番号を確かめてください。"
                yield Fault(action.line, "主な具体的取組", said)
            seen.add(action.code)
            yield from _action_faults(issue, action)
    for row in table.unread:
        said = f"「{row.text[:30]}」を読めません。【番号 題名】で始めてください。"
        yield Fault(row.number, None, said)


def _action_faults(issue: Issue, action: Action) -> Iterator[Fault]:
    if not action.title:
        said = f"取組{action.code}の題名がありません。番号のあとに書いてください。"
        yield Fault(action.line, "主な具体的取組", said)
    if issue.strategy_of(action) is None:
        said = f"取組{action.code}の戦略が「主な戦略」の欄にありません。"
        yield Fault(action.line, "主な戦略", f"{said}番号を確かめてください。")
    if action.unread:
        said = f"取組{action.code}の予算額が読めません。"
        way = "「22,268千円」のように千円単位で書いてください(ない場合は「-」)。"
        yield Fault(action.line, "予算額", said + way)


def _warnings(policy: Policy) -> Iterator[str]:
    draft = _DRAFT.search(policy.title)
    if draft:
        yield f"題名に「{draft[0]}」とあります。確定前なら、案として取り込んでください。"
    for issue in policy.table.issues:
        pursued = {
            strategy.code for action in issue.actions if (strategy := issue.strategy_of(action))
        }
        for strategy in issue.strategies:
            if strategy.code not in pursued:
                yield (
                    f"戦略{strategy.code}「{strategy.title}」には具体的取組がないため、"
                    "この戦略は取り込みません。"
                )
    if policy.summary:
        yield (
            f"様式3の要約({len(policy.summary)}件)は、題名と内容だけを残します。"
            "番号・目標・自己評価はありません。"
        )
