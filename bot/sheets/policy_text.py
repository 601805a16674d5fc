"""A ward's policy for one year (運営方針, 様式1): 経営課題 > 戦略 > 具体的取組 with their budgets.

The summary of 様式3 in it has titles and contents only; they are kept as a text of the plan.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

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
STAGE = "year-end"
RESULTS_AND_NEXT = "results_and_next"
ISSUES_AND_IMPROVEMENTS = "issues_and_improvements"

_BULLET = re.compile(r"^-\s*(?=[・○●])")
_NAME = re.compile(r"\S*運営方針")
_HEAD_OF_UNIT = re.compile(r"^[(（]\s*(?:区長|局長|所属長)\s*[:：].*[)）]$")
# The headings above the tables and below them, and the keys of their texts.
_PASSAGES = (
    ("goal", re.compile(r"区の目標|局の目標")),
    ("mission", re.compile(r"区の使命|局の使命")),
    ("policy", re.compile(r".*運営の基本的な考え方")),
)
_EVALUATIONS = (
    (RESULTS_AND_NEXT, re.compile(r"1年間の取組成果と今後取り?組みたいこと")),
    (ISSUES_AND_IMPROVEMENTS, re.compile(r"解決すべき課題と今後の改善方向")),
)
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


def is_policy(rows: Sequence[Row]) -> bool:
    """Whether a document is such a policy: by the head of its table and what it calls itself."""
    text = fold_words("".join(row.text for row in rows if len(row.text) < 60))
    return "運営方針" in text and any(is_issue_head(row) for row in rows)


def read_policy_text(text: str) -> SheetPlan:
    """Read a whole policy as text. Raises SheetRefused when it is none."""
    return read_policy(rows_of(text))


def read_policy(rows: Sequence[Row]) -> SheetPlan:
    """Read a whole policy, with every fault in it. Raises SheetRefused when it is none."""
    if not is_policy(rows):
        raise SheetRefused((), "運営方針(様式1)の表がありません。見出しの行を確かめてください。")
    return _plan(lay_out(rows))


def lay_out(rows: Sequence[Row]) -> Policy:
    """The passages and tables of a policy, in the order of the document."""
    title = next((row.text for row in rows if "運営方針" in row.text), "")
    head = next((row.text for row in rows if _HEAD_OF_UNIT.match(row.text)), None)
    summary = read_summary(rows)
    table = read_policy_table([row for row in rows if row not in summary.rows])
    taken = {row.number for row in (*summary.rows, *table.rows)}
    rest = [row for row in rows if row.number not in taken and row.text not in (title, head)]
    return Policy(title, head, dict(_passages(rest)), table, summary.items, summary.heading)


def _passages(rows: Sequence[Row]) -> Iterator[tuple[str, str]]:
    """The texts below each known heading; what stands under none is left out."""
    texts: dict[str, list[str]] = {}
    key = ""
    for row in rows:
        opened = _opened(row)
        if opened is not None:
            key = opened
        elif key:
            texts.setdefault(key, []).append(_BULLET.sub("", row.text))
    for each, lines in texts.items():
        yield each, "\n".join(lines)


def _opened(row: Row) -> str | None:
    """The key of the heading that a line is; empty for one that holds no text of its own."""
    words = fold_words(row.text)
    for key, heading in (*_PASSAGES, *_EVALUATIONS):
        if heading.match(words) and len(row.text) < 50:
            return key
    return "" if _NO_TEXT.fullmatch(words) else None


def _plan(policy: Policy) -> SheetPlan:
    heading = read_heading([Row(1, (policy.title,), after_blank=True)])
    name = _NAME.search(policy.title)
    evaluated = {key: policy.texts[key] for key, _ in _EVALUATIONS if key in policy.texts}
    plan = SheetPlan(
        form=FORM,
        plan=name[0] if name else None,
        ward=heading.wards[0] if len(heading.wards) == 1 else None,
        fiscal_year=heading.fiscal_years[0] if len(heading.fiscal_years) == 1 else None,
        initiatives=tuple(_initiatives(policy.table)),
        faults=tuple(_faults(policy.table)),
        details=_details(policy),
        answers={STAGE: SheetAnswers(evaluated)},
    )
    return replace(plan, warnings=tuple(_warnings(policy)))


def _details(policy: Policy) -> dict[str, str]:
    texts = {key: policy.texts.get(key) for key, _ in _PASSAGES}
    found = {
        "heading": policy.title,
        "head": policy.head,
        **texts,
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
        "budget": action.budget,
        "ward_cm_budget": action.ward_cm_budget,
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
            if issue.strategy_of(action) is None:
                said = f"取組{action.code}の戦略が「主な戦略」の欄にありません。"
                yield Fault(action.line, "主な戦略", f"{said}番号を確かめてください。")
            if action.budget is None:
                said = f"取組{action.code}の予算額が読めません。"
                way = "「22,268千円」のように千円単位で書いてください(ない場合は「-」)。"
                yield Fault(action.line, "予算額", said + way)
    for row in table.unread:
        said = f"「{row.text[:30]}」を読めません。【番号 題名】で始めてください。"
        yield Fault(row.number, None, said)


def _warnings(policy: Policy) -> Iterator[str]:
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
