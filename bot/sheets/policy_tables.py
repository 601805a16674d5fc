"""The table of a policy: 経営課題の概要 and 主な戦略 side by side, 主な具体的取組 below them.

Each of their texts begins with 【number title】; several strategies may share a cell. The summary
of 様式3 below it has a title and a text in each row.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bot.sheets.folding import fold, fold_words
from bot.sheets.rows import Row

_OVERVIEW_HEAD, _STRATEGY_HEAD = fold_words("経営課題の概要"), fold_words("主な戦略")
_LONGEST_HEAD = 40
_ACTIONS_HEAD = re.compile(r"主な具体的取組(?:\(.*予算額\))?")
_SUMMARY_HEAD = ("主な取組項目", "取組内容")
_SUMMARY_TITLE = re.compile(r".*プラン.*取組等.*様式3.*")

_ISSUE = re.compile(r"経営課題\s*(\d{1,2})\s*")
_CODE = re.compile(r"(\d{1,2}(?:-\d{1,2}){1,3})\s*")
# 「(29年度予算額 22,268千円)」「(29年度区CM予算額13,738千円)」
_BUDGET = re.compile(r"\(\s*[^()\d]*\d*\s*(?:年度)?\s*(区cm)?\s*予算額\s*([^()]*)\)")
_AMOUNT = re.compile(r"([\d,]+)\s*千円")
_NONE = re.compile(r"[-‐－—―–ー]+")


@dataclass(frozen=True)
class Strategy:
    """主な戦略: 「1-1」, its title and text."""

    code: str
    title: str
    text: str


@dataclass(frozen=True)
class Action:
    """主な具体的取組. Budgets in 千円, None for 「-」; ``unread`` when one can't be read."""

    line: int
    code: str
    title: str
    text: str
    budget: int | None
    ward_cm_budget: int | None
    unread: bool


@dataclass(frozen=True)
class Issue:
    """経営課題 with its strategies and what is done about it."""

    number: int
    title: str
    overview: str
    strategies: tuple[Strategy, ...] = ()
    actions: tuple[Action, ...] = ()

    def strategy_of(self, action: Action) -> Strategy | None:
        """The strategy an action belongs to, by its code: 1-1 of 1-1-1."""
        own = [each for each in self.strategies if action.code.startswith(f"{each.code}-")]
        return max(own, key=lambda each: len(each.code), default=None)


@dataclass(frozen=True)
class PolicyTable:
    """All issues of a policy, the rows they were read from, and those that could not be read."""

    issues: tuple[Issue, ...]
    rows: tuple[Row, ...]
    unread: tuple[Row, ...]


@dataclass(frozen=True)
class Summary:
    """What a policy says of 様式3: titles and texts."""

    heading: str | None = None
    items: tuple[tuple[str, str], ...] = ()
    rows: tuple[Row, ...] = ()


def is_issue_head(row: Row) -> bool:
    """Whether a row is the head 「経営課題の概要 | 主な戦略」."""
    short = [cell for cell in row.cells if cell and len(cell) <= _LONGEST_HEAD]
    return len(short) > 1 and {_OVERVIEW_HEAD, _STRATEGY_HEAD} <= set(map(fold_words, short))


def read_policy_table(rows: Sequence[Row]) -> PolicyTable:
    """The issues in the rows from the first head on, page breaks and repeated heads aside."""
    start = next((n for n, row in enumerate(rows) if is_issue_head(row)), len(rows))
    issues: list[Issue] = []
    taken: list[Row] = []
    unread: list[Row] = []
    for row in rows[start:]:
        if not row.in_table and not _opens_part(row):
            continue
        taken.append(row)
        if is_issue_head(row) or _ACTIONS_HEAD.fullmatch(fold_words(row.text)):
            continue
        if not _add(issues, row):
            unread.append(row)
    return PolicyTable(tuple(issues), tuple(taken), tuple(unread))


def read_summary(rows: Sequence[Row]) -> Summary:
    """The summary of 様式3, wherever it stands; empty where there is none."""
    heading: Row | None = None
    items: list[tuple[str, str]] = []
    taken: list[Row] = []
    below_head = False
    for row in rows:
        words = [fold_words(cell) for cell in row.cells if cell]
        if _SUMMARY_TITLE.fullmatch("".join(words)) and len(words) == 1:
            heading = row
            taken.append(row)
        elif words == list(_SUMMARY_HEAD):
            below_head = True
            taken.append(row)
        elif below_head and len(words) == 2 and row.in_table and not is_issue_head(row):
            items.append((row.cells[0], next(cell for cell in row.cells[1:] if cell)))
            taken.append(row)
        else:
            below_head = False
    return Summary(heading.text if heading else None, tuple(items), tuple(taken))


def _add(issues: list[Issue], row: Row) -> bool:
    """Put what a row says where it belongs; False when it can't be told."""
    cells = [cell for cell in row.cells if cell]
    parts = [part for cell in cells for part in _parts(cell)]
    if not parts or len(list(_parts(cells[0]))) == 0:
        return False
    issue = _issue(parts[0])
    if issue is not None:
        issues.append(replace(issue, strategies=tuple(_strategies(parts[1:]))))
        return True
    actions = [_action(row.number, part) for part in parts]
    if not issues or not all(actions):
        return False
    found = tuple(action for action in actions if action)
    issues[-1] = replace(issues[-1], actions=(*issues[-1].actions, *found))
    return True


def _opens_part(row: Row) -> bool:
    """Whether a line belongs to the table: in workbooks a merged row has one cell."""
    return bool(list(_parts(row.text))) or bool(_ACTIONS_HEAD.fullmatch(fold_words(row.text)))


def _parts(cell: str) -> Iterator[tuple[str, str]]:
    """Each 【…】 that opens a part of a cell, and the text up to the next one."""
    folded = fold(cell)
    opening = re.compile(rf"【\s*(?=(?:{_ISSUE.pattern}|{_CODE.pattern}))")
    starts = [match.start() for match in opening.finditer(folded.text)]
    if not starts or folded.text[: starts[0]].strip():
        return
    for start, end in zip(starts, [*starts[1:], len(folded.text)], strict=True):
        close = folded.text.find("】", start, end)
        if close > 0:
            yield folded.cut(start + 1, close), folded.cut(close + 1, end)


def _issue(part: tuple[str, str]) -> Issue | None:
    folded = fold(part[0])
    match = _ISSUE.match(folded.text)
    return Issue(int(match[1]), folded.cut(match.end()), part[1]) if match else None


def _strategies(parts: Sequence[tuple[str, str]]) -> Iterator[Strategy]:
    for title, text in parts:
        folded = fold(title)
        match = _CODE.match(folded.text)
        if match:
            yield Strategy(match[1], folded.cut(match.end()), text)


def _action(line: int, part: tuple[str, str]) -> Action | None:
    folded = fold(part[0])
    match = _CODE.match(folded.text)
    if match is None:
        return None
    text = part[1]
    written: dict[str, str] = {}
    while budget := _BUDGET.match((rest := fold(text)).text):
        written[budget[1] or ""] = rest.cut(budget.start(2), budget.end(2))
        text = rest.cut(budget.end())
    unread = not written or any(_is_unread(each) for each in written.values())
    amounts = (_amount(written.get("", "")), _amount(written.get("区cm", "")))
    return Action(line, match[1], folded.cut(match.end()), text, *amounts, unread)


def _is_unread(written: str) -> bool:
    return _amount(written) is None and not _NONE.fullmatch(written)


def _amount(written: str) -> int | None:
    match = _AMOUNT.fullmatch(fold(written).text)
    return int(match[1].replace(",", "")) if match else None
