"""Papers of the other forms on paper: a row for each item, over pages with and without a head."""

from __future__ import annotations

import pytest

from bot.sheets.files import read
from tests.bot.sheets.paper import Page, pdf

WIDTHS = (40, 260, 120, 320)
HEAD = ("番号", "意見", "反映の有無", "反映しない理由")
TITLE = "令和8年度 第1回 あおぞら区区政会議 委員からの意見"


@pytest.mark.parametrize("head", [[HEAD], []], ids=["head repeated", "no head"])
def test_an_item_at_the_top_of_a_page_is_no_rest_of_the_one_before(
    head: list[tuple[str, ...]],
) -> None:
    first, second = Page(), Page()
    first.write(40, 30, TITLE)
    first.table(60, WIDTHS, [HEAD, ("1", "道が暗い", "反映しない", "予算が足りないため")])
    second.table(30, WIDTHS, [*head, ("2", "橋が遠い", "反映しない", "川が広いため")])

    (plan,) = read(pdf(first, second))

    assert [(each.code, each.title) for each in plan.initiatives] == [
        ("1-1", "道が暗い"),
        ("1-2", "橋が遠い"),
    ]
    assert plan.initiatives[1].answers["response"].values["reason"] == "川が広いため"


def test_half_a_row_at_the_top_of_a_page_is_a_fault_and_not_taken_for_an_item() -> None:
    first, second = Page(), Page()
    first.write(40, 30, TITLE)
    first.table(60, WIDTHS, [HEAD, ("1", "道が暗い", "反映しない", "予算が足りないため")])
    second.table(30, WIDTHS, [("", "", "", "来年また考える。")])

    (plan,) = read(pdf(first, second))

    assert plan.faults
