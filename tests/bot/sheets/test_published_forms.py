"""Real published documents of other forms, kept outside the repository, read as is known."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from bot.domain.forms.form_files import built_in
from bot.domain.plans import SheetInitiative
from bot.sheets.policy_text import read_policy_text
from bot.sheets.rows import rows_of
from bot.sheets.vision_headings import Level
from bot.sheets.vision_text import Theme, lay_out, read_vision_text
from tests.bot.sheets.test_published_sheets import SHARED, needs_sheets, squeezed

pytestmark = needs_sheets

VISION = "nishi-vision-2018-2022-review"
POLICY = "h29-nishi-policy-draft"


def published(name: str) -> str:
    return (SHARED / "plans" / f"{name}.txt").read_text(encoding="utf-8")


def known(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((SHARED / "golden" / f"{name}.json").read_text("utf-8"))
    return found


def known_themes() -> Iterator[tuple[list[dict[str, Any]], list[dict[str, Any]]]]:
    """The headings of each theme, outermost first, and its rows, those after a page break too."""
    for policy in known(VISION)["policies"]:
        for section in policy["sections"]:
            for theme in section["subsections"]:
                more = theme.get("continuation", {}).get("rows", [])
                yield [policy, section, theme], [*theme["rows"], *more]


def known_rows() -> list[tuple[list[dict[str, Any]], dict[str, Any]]]:
    return [(headings, row) for headings, rows in known_themes() for row in rows]


def headings_of(theme: Theme) -> list[tuple[str, str, bool]]:
    found = (theme.heading(level) for level in Level)
    return [(h.title, h.as_written, h.number is None) for h in found if h]


def test_the_vision_has_the_headings_that_are_known_and_says_which_numbers_were_lost() -> None:
    for theme, (headings, rows) in zip(
        lay_out(rows_of(published(VISION)), built_in("vision")).themes, known_themes(), strict=True
    ):
        assert headings_of(theme) == [
            (h["title"], h["heading_as_written"], h["number"] is None) for h in headings
        ]
        assert len(theme.rows) == len(rows)


def test_every_cell_of_the_vision_stands_where_it_is_known_to() -> None:
    themes = lay_out(rows_of(published(VISION)), built_in("vision")).themes
    rows = [row for theme in themes for row in theme.rows]
    for row, (_, golden) in zip(rows, known_rows(), strict=True):
        assert (row.line, row.cells) == (golden["line"], golden["cells_in_row"])
        assert row.aim_inherited == golden["aim_inherited"]
        assert row.shifted == golden.get("shifted", False)


def test_the_vision_is_taken_as_it_is_known() -> None:
    plan = read_vision_text(published(VISION))

    assert (plan.ward, plan.fiscal_year, plan.last_year) == ("西区", 2018, 2022)
    assert plan.plan == known(VISION)["title"].removeprefix("資料6 ")
    assert not plan.faults
    for initiative, (_, golden) in zip(plan.initiatives, known_rows(), strict=True):
        texts = {**initiative.details, **initiative.answers["review"].values}
        for key in ("aim", "direction", "achieved", "remaining", "group"):
            assert squeezed(texts.get(key)) == squeezed(golden[key])
        assert list(initiative.sections) == (golden["section_in_charge"] or "").splitlines()


def test_what_the_vision_lost_is_told_by_its_lines() -> None:
    warnings = read_vision_text(published(VISION)).warnings
    lines = [words.partition("行目")[0] for words in warnings]
    assert lines == [
        *("65", "67", "50"),
        "13、14、20、38、39、45、46、56、57、58",
        "38、39、56、57",
        "58",
        "55、80",
    ]


def action_record(each: SheetInitiative) -> dict[str, Any]:
    """An action with its budgets in 千円, as known; how they were printed is not kept."""
    budgets = {key: each.details.get(key) for key in ("budget", "ward_cm_budget")}
    return {
        "code": each.code,
        "title": each.title,
        **{f"{key}_thousand_yen": int(text) if text else None for key, text in budgets.items()},
        "text": each.activities,
    }


def known_action(golden: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in golden.items() if not key.endswith("_as_written")}


def test_the_policy_is_taken_as_it_is_known() -> None:
    plan, golden = read_policy_text(published(POLICY)), known(POLICY)["plan"]

    assert (plan.ward, plan.fiscal_year) == ("西区", 2017)
    assert not plan.faults
    assert plan.details["goal"] == golden["goal"]
    assert plan.details["policy"].splitlines() == golden["policy"]
    assert [line[1:] for line in plan.details["mission"].splitlines()] == golden["mission"]
    actions = [(issue, action) for issue in golden["issues"] for action in issue["actions"]]
    for initiative, (issue, action) in zip(plan.initiatives, actions, strict=True):
        assert action_record(initiative) == known_action(action)
        assert initiative.details["issue"] == f"経営課題{issue['number']} {issue['title']}"
        assert initiative.details["issue_overview"] == issue["overview"]
        strategy = next(s for s in issue["strategies"] if action["code"].startswith(s["code"]))
        assert initiative.details["strategy"] == f"{strategy['code']} {strategy['title']}"
        assert initiative.details["strategy_text"] == strategy["text"]


def test_the_policys_summary_and_blank_evaluation_are_taken_as_they_are_known() -> None:
    plan, golden = read_policy_text(published(POLICY)), known(POLICY)
    items = golden["youshiki3"]["items"]

    assert plan.details["reform_items"] == "\n\n".join(
        f"【{each['title']}】\n{each['content']}" for each in items
    )
    assert plan.details["heading"] == golden["title"]
    assert plan.details["head"] == golden["ward_head_as_written"]
    assert plan.answers["year-end"].is_blank
