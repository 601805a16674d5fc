"""Papers of the other forms in the files that offices keep them in: .xlsx, .docx, text and .csv."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pytest

from bot.domain.forms.form_files import built_in, read_form
from bot.domain.plans import SheetPlan, SheetRefused
from bot.sheets.dropped import read_in_child
from bot.sheets.files import read
from tests.bot.sheets.samples import sample
from tests.bot.sheets.test_papers import OTHERS
from tests.bot.sheets.typed import typed_document, typed_workbook

FORMS = ("vision", "policy", "outcome", "committee")
Typed = Callable[[str], bytes]


def as_table(text: str) -> bytes:
    """The same cells with commas, as a .csv has them."""
    lines = (line.split("\t") for line in text.splitlines() if line)
    return "\n".join(",".join(f'"{cell}"' for cell in line) for line in lines).encode()


TYPED: dict[str, Typed] = {
    "text": str.encode,
    "sjis": lambda text: text.replace("－", "-").encode("cp932"),
    "xlsx": typed_workbook,
    "squared": partial(typed_workbook, squared=True),
    "docx": typed_document,
    "merged": partial(typed_document, merged=True),
}


def content(plan: SheetPlan) -> SheetPlan:
    """What is stored of a plan: without the lines that faults and warnings name."""
    return replace(plan, warnings=(), ward_cells=(), year_cells=())


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("kind", TYPED)
def test_a_paper_is_read_alike_from_every_kind_of_file(form: str, kind: str) -> None:
    text = sample(form).replace("<p>", "").replace("</p> ", "</p>").replace("</p>", " ")
    (plan,) = read(TYPED[kind](text))
    (known,) = read(text.replace("－", "-").encode() if kind == "sjis" else text.encode())

    assert plan.form == form
    assert content(plan) == content(known)
    assert len(plan.warnings) == len(known.warnings)


@pytest.mark.parametrize("name", OTHERS)
@pytest.mark.parametrize("kind", ["text", "xlsx", "docx", "csv"])
def test_a_paper_of_another_kind_is_refused_by_name_in_every_file(name: str, kind: str) -> None:
    make = TYPED.get(kind, as_table)
    with pytest.raises(SheetRefused) as refused:
        read(make(sample(f"other/{name}")), "plan.csv" if kind == "csv" else "")
    assert refused.value.reason.startswith(f"これは{OTHERS[name]}")


def test_opinions_may_come_as_a_table_alone() -> None:
    (plan,) = read('"意見","反映の有無","理由"\n"道を直して","有",""'.encode(), "iken.csv")
    assert (plan.form, plan.initiatives[0].title) == ("committee", "道を直して")


def test_a_register_is_one_whatever_its_further_columns_are_called() -> None:
    table = "番号,題名,妥当性,有効性,効率性,KPI\n1,草刈りの日,A,B,C,D\n"
    (plan,) = read(table.encode(), "plan.csv")
    assert [each.title for each in plan.initiatives] == ["草刈りの日"]


def test_an_office_that_calls_a_column_otherwise_has_its_papers_read() -> None:
    vision = built_in("vision")
    aim = replace(vision.plan_fields[3], label="ありたい姿", printed="", synonyms=())
    fields = (*vision.plan_fields[:3], aim, *vision.plan_fields[4:])
    forms = {"vision": replace(vision, plan_fields=fields)}
    text = sample("vision").replace("めざす状態", "ありたい姿")
    (plan,) = read(text.encode(), forms=forms)

    assert not plan.faults
    assert plan.initiatives[0].details["aim"].startswith("どの家からも")
    assert read(text.encode())[0].faults


def test_a_form_that_the_office_does_not_use_is_not_read() -> None:
    with pytest.raises(SheetRefused):
        read(sample("vision").encode(), forms={"committee": built_in("committee")})


async def test_an_offices_own_words_are_known_in_the_child_process_too() -> None:
    own = built_in("vision").source.replace('label = "達成できたこと"', 'label = "できたこと"')
    text = sample("vision").replace("達成できたこと", "できたこと").encode()

    dropped = await read_in_child(text, "vision.txt", {"vision": read_form(own)})

    assert (dropped.plans[0].form, dropped.plans[0].faults) == ("vision", ())
    with pytest.raises(SheetRefused):
        await read_in_child(text, "vision.txt")
