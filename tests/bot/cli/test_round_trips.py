"""What `kaikaku export` writes, `kaikaku import` takes in again without a change."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.bot.cli.command import Command
from tests.bot.sheets.aozora import sheet
from tests.bot.sheets.test_damaged_sheets import ANSWERED
from tests.bot.sheets.test_published_sheets import SHARED, needs_sheets

_PLACE = ("--ward", "西区", "--year", "令和8年度")


@pytest.mark.parametrize("format_", ["xlsx-form", "docx", "csv"])
def test_an_export_is_imported_without_a_change(kaikaku_on_sqlite: Command, format_: str) -> None:
    plan = kaikaku_on_sqlite.write("plan.txt", sheet(ANSWERED, heading="取組等"))
    assert_comes_back(kaikaku_on_sqlite, plan, format_)


@needs_sheets
@pytest.mark.parametrize(
    "name", ["r3-nishinari-plan3", "r1-unnamed-ward-plan2", "h29-taisho-plan2"]
)
def test_the_table_of_a_published_sheet_is_imported_without_a_change(
    kaikaku_on_sqlite: Command, name: str
) -> None:
    assert_comes_back(kaikaku_on_sqlite, str(SHARED / "plans" / f"{name}.txt"), "csv")


def assert_comes_back(kaikaku: Command, plan: str, format_: str) -> None:
    first = kaikaku("import", plan, *_PLACE, "--json")
    for kind in ("mid-year", "year-end"):
        file = kaikaku.folder / f"{kind}.{format_}"
        out = kaikaku("export", "西区", "--kind", kind, "--format", format_, "-o", str(file))
        assert (out.code, out.err) == (0, "")
        again = kaikaku("import", str(file), *_PLACE, "--json")

        assert again.code == 0, again.err
        count = len(first.record["initiatives"])
        assert again.record["changes"] == {
            "added": 0,
            "updated": 0,
            "unchanged": count,
            "answers": 0,
        }
        assert items(again.record, kind) == items(first.record, kind)


def items(record: dict[str, Any], kind: str) -> str:
    """The plan's texts and one stage's answers, item by item."""
    other = {"mid-year": "year_end", "year-end": "mid_year"}[kind]
    kept = [
        {
            key: [each for each in value if not each.startswith(other)]
            if key == "unreadable"
            else value
            for key, value in item.items()
            if key != other
        }
        for item in record["initiatives"]
    ]
    return json.dumps(kept, ensure_ascii=False, indent=1, sort_keys=True)
