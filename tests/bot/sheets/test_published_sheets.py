"""Real published sheets, kept outside the repository, read as known readings say."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from bot.domain.plans import SheetPlan, SheetRefused
from bot.sheets.plan_text import read_plan_text
from bot.sheets.records import initiative_record

SHARED = Path(__file__).resolve().parents[4] / "shared"

needs_sheets = pytest.mark.skipif(
    not (SHARED / "plans").is_dir(), reason="the published sheets are not beside this repository"
)
pytestmark = needs_sheets


def published(name: str) -> SheetPlan:
    return read_plan_text((SHARED / "plans" / f"{name}.txt").read_text(encoding="utf-8"))


def known_items(name: str) -> list[dict[str, Any]]:
    text = (SHARED / "golden" / f"{name}.json").read_text(encoding="utf-8")
    items: list[dict[str, Any]] = json.loads(text)["items"]
    return items


def known_lost(name: str) -> dict[int, list[str]]:
    text = (SHARED / "golden" / f"{name}.json").read_text(encoding="utf-8")
    mark = re.compile(r"(mid_year|year_end)\.[a-z]+")
    marks = [lost for lost in json.loads(text)["lost"] if mark.fullmatch(lost["field"])]
    return {int(lost["item"]): [lost["field"]] for lost in marks}


def squeezed(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: squeezed(v) for k, v in value.items() if not k.endswith("_as_written")}
    return re.sub(r"\s+", "", value) if isinstance(value, str) else value


@pytest.mark.parametrize("name", ["r3-nishinari-plan3", "r1-unnamed-ward-plan2"])
def test_a_published_sheet_gives_its_known_items(name: str) -> None:
    for initiative, known in zip(published(name).initiatives, known_items(name), strict=True):
        record = initiative_record(initiative)
        compared = {k for k in known if not re.search("^section_labels|_as_written$|_raw$", k)}
        assert {k: squeezed(record[k]) for k in compared} == {
            k: squeezed(known[k]) for k in compared
        }


@pytest.mark.parametrize("name", ["r3-nishinari-plan3", "r1-unnamed-ward-plan2"])
def test_only_the_marks_known_to_be_lost_are_unreadable(name: str) -> None:
    unreadable = {
        initiative.number: initiative_record(initiative)["unreadable"]
        for initiative in published(name).initiatives
    }
    assert {number: keys for number, keys in unreadable.items() if keys} == known_lost(name)


def test_a_sheet_whose_marks_were_lost_has_none_guessed() -> None:
    plan = published("h29-taisho-plan2")
    assert [initiative.number for initiative in plan.initiatives] == list(range(1, 24))
    for initiative in plan.initiatives:
        mid_year, year_end = initiative.answers["mid-year"], initiative.answers["year-end"]
        assert dict(mid_year.values) == {}
        assert "attainment" not in year_end.values
        assert "attainment" in year_end.unreadable
        assert year_end.values["results"]
        answered = initiative.number <= 5  # the others began during the year
        assert mid_year.unreadable == (
            {"implementation", "attainment"} if answered else frozenset()
        )


def test_a_damaged_sheet_keeps_titles_subtitles_and_pillars_apart() -> None:
    items = {each.number: each for each in published("h29-taisho-plan2").initiatives}
    assert items[19].pillar == "区政編 改革の柱2 -イ"
    assert items[19].title.endswith("効果的な推進")
    assert items[3].title.endswith("(広告収入の確保)")
    assert items[3].pillar is None
    with_subtitle = {number for number, each in items.items() if each.subtitle}
    assert with_subtitle == {7, 8, 9, 11, 12, 13, 14, 16, 17}
    assert {n for n, each in items.items() if each.purpose_label == "戦略"} == {20, 21, 23}
    assert {n for n, each in items.items() if "issues" in each.answers["year-end"].values} == {
        *(1, 5, 8, 9, 13, 14, 20)
    }
    for each in items.values():
        assert each.plan_unlabelled is None
        assert all((each.purpose, each.outline, each.target, each.activities))
        assert each.activities_target


def test_figures_only_hint_at_the_year_of_a_sheet_that_does_not_state_it() -> None:
    hints = {
        name: published(name).year_hint
        for name in ("r3-nishinari-plan3", "r1-unnamed-ward-plan2", "h29-taisho-plan2")
    }
    assert list(hints.values()) == [2021, 2019, 2017]
    assert published("r3-nishinari-plan3").fiscal_year is None
    assert published("r3-nishinari-plan3").ward is None


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("nishi-vision-2018-2022-review", "将来ビジョンの振り返り"),
        ("h29-nishi-policy-draft", "運営方針(様式1)"),
    ],
)
def test_another_document_is_refused_by_its_name(name: str, kind: str) -> None:
    with pytest.raises(SheetRefused) as refused:
        published(name)
    assert kind in refused.value.reason
