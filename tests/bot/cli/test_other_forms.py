"""Papers of the other forms through `kaikaku`: in, out again as known, and in once more."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.bot.cli.command import Command
from tests.bot.sheets.samples import sample
from tests.bot.sheets.test_published_sheets import SHARED, needs_sheets, squeezed

Record = dict[str, Any]

WARD = ("units", "add", "あおぞら区", "--code", "aozora")
FORMS = {"vision": 2019, "policy": 2020, "outcome": 2024, "committee": 2026}
VISION = "nishi-vision-2018-2022-review"
POLICY = "h29-nishi-policy-draft"


def imported(kaikaku: Command, form: str) -> Record:
    kaikaku(*WARD)
    return kaikaku("import", kaikaku.write("paper.txt", sample(form)), "--json").record


def exported(kaikaku: Command, ward: str, year: int, form: str) -> Record:
    options = ("--year", str(year), "--form", form, "--format", "json")
    return kaikaku("export", ward, *options).record


@pytest.mark.parametrize("form", FORMS)
def test_a_paper_needs_no_option_and_again_changes_nothing_nor_does_its_register(
    kaikaku_on_sqlite: Command, form: str
) -> None:
    first = imported(kaikaku_on_sqlite, form)
    again = imported(kaikaku_on_sqlite, form)
    table = str(kaikaku_on_sqlite.folder / "register.csv")
    options = ("--year", str(FORMS[form]), "--form", form, "--format", "csv", "-o", table)
    kaikaku_on_sqlite("export", "あおぞら区", *options)
    register = kaikaku_on_sqlite("import", table, "--json").record

    assert (first["form"], first["fiscal_year"]) == (form, FORMS[form])
    assert first["changes"]["added"] == len(first["initiatives"])
    assert register["form"] == form
    for changes in (again["changes"], register["changes"]):
        assert (changes["added"], changes["updated"], changes["answers"]) == (0, 0, 0)


def golden(name: str) -> Record:
    found: Record = json.loads((SHARED / "golden" / f"{name}.json").read_text("utf-8"))
    return found


def published(name: str) -> str:
    return str(Path(SHARED) / "plans" / f"{name}.txt")


def known_rows() -> Iterator[Record]:
    for policy in golden(VISION)["policies"]:
        for section in policy["sections"]:
            for theme in section["subsections"]:
                more = theme.get("continuation", {}).get("rows", [])
                for row in (*theme["rows"], *more):
                    yield {
                        "policy": policy["heading_as_written"],
                        "section": section["heading_as_written"],
                        "theme": theme["heading_as_written"],
                        "title": theme["title"],
                        **row,
                    }


@needs_sheets
def test_a_published_vision_comes_out_as_it_is_known(kaikaku_on_sqlite: Command) -> None:
    kaikaku_on_sqlite("import", published(VISION))

    record = exported(kaikaku_on_sqlite, "西区", 2022, "vision")

    assert (record["ward"], record["fiscal_year"]) == ("西区", 2018)
    for given, known in zip(record["initiatives"], known_rows(), strict=True):
        texts = {**given, **given["review"], "section_in_charge": given["in_charge"]}
        for key in (
            *("policy", "section", "theme", "title", "aim", "direction"),
            *("achieved", "remaining", "section_in_charge", "group"),
        ):
            assert squeezed(texts[key]) == squeezed(known[key])


def action_of(given: Record) -> Record:
    budgets = {key: given[key] for key in ("budget", "ward_cm_budget")}
    return {
        "code": given["code"],
        "title": given["title"],
        **{f"{key}_thousand_yen": int(text) if text else None for key, text in budgets.items()},
        "text": given["activities"],
    }


@needs_sheets
def test_a_published_policy_comes_out_as_it_is_known(kaikaku_on_sqlite: Command) -> None:
    kaikaku_on_sqlite("import", published(POLICY), "--draft")

    record, known = exported(kaikaku_on_sqlite, "西区", 2017, "policy"), golden(POLICY)

    issues = known["plan"]["issues"]
    assert [action_of(each) for each in record["initiatives"]] == [
        {key: value for key, value in action.items() if not key.endswith("_as_written")}
        for issue in issues
        for action in issue["actions"]
    ]
    overviews = dict.fromkeys((i["issue"], i["issue_overview"]) for i in record["initiatives"])
    assert list(overviews) == [
        (f"経営課題{issue['number']} {issue['title']}", issue["overview"]) for issue in issues
    ]
    texts = record["unit"]["details"]
    assert texts["goal"] == known["plan"]["goal"]
    assert texts["policy"].splitlines() == known["plan"]["policy"]
    assert [line[1:] for line in texts["mission"].splitlines()] == known["plan"]["mission"]
    assert record["unit"]["year_end"]["results_and_next"] is None
    assert record["unit"]["year_end"]["issues_and_improvements"] is None
    assert record["state"] == "draft"


def test_the_opinions_of_a_second_meeting_go_below_those_of_the_first(
    kaikaku_on_sqlite: Command,
) -> None:
    imported(kaikaku_on_sqlite, "committee")
    second = sample("committee").replace("第1回", "第2回").replace("公園の明かり", "駅の階段")
    paper = kaikaku_on_sqlite.write("second.txt", second)

    added = kaikaku_on_sqlite("import", paper, "--json").record["changes"]
    again = kaikaku_on_sqlite("import", paper, "--json").record["changes"]
    record = exported(kaikaku_on_sqlite, "あおぞら区", 2026, "committee")

    assert (added["added"], again["added"], again["updated"]) == (5, 0, 0)
    codes = [each["code"] for each in record["initiatives"]]
    assert codes == [f"{meeting}-{number}" for meeting in (1, 2) for number in range(1, 6)]
    assert record["initiatives"][5]["title"] == "駅の階段が暗い"
    assert record["initiatives"][0]["title"] == "公園の明かりが暗い"


@pytest.mark.parametrize(("form", "asked"), [("vision", "policy"), ("committee", "様式3")])
def test_a_paper_is_not_stored_as_another_form_than_it_is_of(
    kaikaku_on_sqlite: Command, form: str, asked: str
) -> None:
    kaikaku_on_sqlite(*WARD)
    paper = kaikaku_on_sqlite.write("paper.txt", sample(form))

    refused = kaikaku_on_sqlite("import", paper, "--form", asked)

    assert (refused.code, refused.out) == (1, "")
    assert "どちらが正しいか確かめてください。" in refused.err


@needs_sheets
@pytest.mark.parametrize("format_", ["xlsx-form", "docx"])
@pytest.mark.parametrize(
    ("name", "form", "year"), [(VISION, "vision", 2018), (POLICY, "policy", 2017)]
)
def test_a_published_paper_comes_back_from_the_documents_made_of_it(
    kaikaku_on_sqlite: Command, name: str, form: str, year: int, format_: str
) -> None:
    kaikaku_on_sqlite("import", published(name))
    file = str(kaikaku_on_sqlite.folder / f"form.{format_.removesuffix('-form')}")
    place = ("--year", str(year), "--form", form)
    kaikaku_on_sqlite("export", "西区", *place, "--format", format_, "-o", file)

    again = kaikaku_on_sqlite("import", file, "--json").record

    assert again["form"] == form
    assert {key: again["changes"][key] for key in ("added", "updated", "answers")} == {
        "added": 0,
        "updated": 0,
        "answers": 0,
    }
