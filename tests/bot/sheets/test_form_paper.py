"""The form on paper: tables over pages, what pages repeat, and what is no page of text."""

from __future__ import annotations

import json
import re

import pytest

from bot.domain.plans import SheetPlan, SheetRefused
from bot.sheets import form_paper, paper_checks
from bot.sheets.files import read
from bot.sheets.plan_text import read_plan_text
from bot.sheets.records import initiative_record
from tests.bot.sheets import aozora
from tests.bot.sheets.aozora import item, sheet
from tests.bot.sheets.paper import HEIGHT, Page, packed, pdf, printed, stream
from tests.bot.sheets.test_damaged_sheets import ANSWERED
from tests.bot.sheets.test_published_sheets import SHARED, needs_sheets

LONG = "広間を毎週土曜日に開放し、遊び場の案内を配る。" * 100


def on_paper(data: bytes) -> SheetPlan:
    (plan,) = read(data)
    return plan


def squeezed(plan: SheetPlan) -> str:
    """The items without white space; a font that is not embedded has but one kind of 「～」."""
    records = [initiative_record(each) for each in plan.initiatives]
    text = json.dumps(records, ensure_ascii=False)
    return re.sub(r"\s+|\\n", "", text).replace("〜", "～")


@pytest.mark.parametrize(
    "plan",
    [aozora.L1, aozora.L2, aozora.L2_WIDE, aozora.L3, aozora.L4, aozora.L4_ROWS],
    ids=["L1", "L2", "L2-wide", "L3", "L4", "L4-rows"],
)
def test_a_form_on_paper_gives_what_its_text_gives(plan: str) -> None:
    text = sheet(ANSWERED.replace(aozora.L2, plan), item(2))
    paper = on_paper(printed(text))
    assert squeezed(paper) == squeezed(read_plan_text(text))
    assert (paper.ward, paper.fiscal_year) == ("あおぞら区", 2026)
    assert (paper.faults, paper.warnings) == ((), ())


def test_a_table_goes_on_over_pages_whatever_they_repeat() -> None:
    text = sheet(ANSWERED.replace(aozora.ACTIVITIES, LONG), item(2))
    data = printed(text, heading=aozora.HEADING)
    assert data.count(b"/Type /Page ") > 2
    paper = on_paper(data)
    assert squeezed(paper) == squeezed(read_plan_text(text))
    assert paper.warnings == ()


def test_the_lines_of_a_cell_are_one_text_again() -> None:
    activities = f"{'長い文を書く。' * 20}\n二つ目の段落"
    page = Page()
    page.write(40, 40, "取組項目1")
    page.write(40, 56, "【雨の日の遊び場】")
    row = ("", "(目標) 3か所", f"(取組の内容) {activities}")
    page.table(70, (60, 300, 360), [("計画", aozora.LEFT, aozora.RIGHT), row])
    assert on_paper(pdf(page)).initiatives[0].activities == activities


def test_lines_that_differ_in_a_number_are_a_repeated_foot_and_no_repeated_head() -> None:
    pages = []
    for number in (1, 2, 3):
        page = Page()
        page.write(40, 30, aozora.HEADING)
        page.write(40, 50, f"取組その{number}のページ")
        page.write(40, 70, f"取組項目{number}")
        page.write(40, 86, "【本の日】")
        page.table(100, (60, 340, 340), [("計画", aozora.LEFT, aozora.RIGHT), ("", "(目標) 3", "")])
        page.write(700, 580, f"様式3　{number}／3")
        pages.append(page)
    plan = on_paper(pdf(*pages))
    assert [each.code for each in plan.initiatives] == ["1", "2", "3"]
    assert [warning.partition("は")[0] for warning in plan.warnings] == [
        "「取組その2のページ」",
        "「取組その3のページ」",
    ]


def test_the_head_of_a_table_that_each_page_repeats_is_read_once() -> None:
    widths = (60, 340, 340)
    head = ("計画", aozora.LEFT, aozora.RIGHT)
    pages = Page(), Page()
    pages[0].write(40, 40, "取組項目1")
    pages[0].write(40, 56, "【雨の日の遊び場】")
    pages[0].table(70, widths, [head, ("", "(趣旨・目的) 雨の日も", "(取組の内容) 開く。")])
    pages[1].table(40, widths, [head, ("", "遊べる。 (目標) 3か所", "毎週配る。")])
    plan = on_paper(pdf(*pages))
    assert plan.faults == ()
    (initiative,) = plan.initiatives
    assert (initiative.purpose, initiative.target) == ("雨の日も遊べる。", "3か所")
    assert initiative.activities == "開く。\n毎週配る。"


def test_a_grey_background_is_no_line_of_the_table() -> None:
    page = Page()
    page.write(40, 40, "取組項目1")
    page.write(40, 56, "【雨の日の遊び場】")
    page.shade(40, 70, 100, 82)  # the upper half of the row of labels
    page.table(70, (60, 340, 340), [("計画", aozora.LEFT, aozora.RIGHT), ("", "(目標) 3", "開く")])
    assert on_paper(pdf(page)).initiatives[0].target == "3"


@needs_sheets
@pytest.mark.parametrize(
    "name", ["r3-nishinari-plan3", "h29-taisho-plan2", "r1-unnamed-ward-plan2"]
)
def test_a_published_sheet_on_paper_gives_what_its_text_gives(name: str) -> None:
    text = (SHARED / "plans" / f"{name}.txt").read_text(encoding="utf-8")
    sheet_ = read_plan_text(text)
    paper = on_paper(printed(text, heading=text.strip().split("\n")[0]))
    assert squeezed(paper) == squeezed(sheet_)
    assert len(paper.warnings) == len(sheet_.warnings)


def test_a_scan_is_refused_with_advice() -> None:
    page = Page()
    page.shade(40, 40, 800, 500)
    with pytest.raises(SheetRefused, match=r"画像.*もとのファイル\(\.xlsx、\.docx\)"):
        read(pdf(page))


def test_letters_that_their_font_does_not_tell_are_refused_or_warned_of() -> None:
    known = printed(sheet(item()))
    unknown = known.replace(b"/UniJIS-UTF16-H", b"/Identity-H    ").replace(
        b"/Ordering (Japan1) /", b"/Ordering(Identity)/"
    )
    with pytest.raises(SheetRefused, match="文字の情報が入っていない"):
        read(unknown)
    some = on_paper(printed(sheet(item(plan=aozora.L2.replace("子ども", "〓ども")))))
    assert some.initiatives[0].purpose == aozora.PURPOSE.replace("子ども", "〓ども")
    assert "「〓」にしました" in some.warnings[0]


def test_pages_of_text_without_a_form_are_refused() -> None:
    page = Page()
    page.write(40, 40, "図書館は月曜日に休みます。")
    with pytest.raises(SheetRefused, match="計画のシートではありません"):
        read(pdf(page))


def test_a_form_whose_cells_have_no_lines_is_refused_with_advice() -> None:
    page = Page()
    for number, line in enumerate(("取組項目1", "【本の日】", aozora.LEFT, "(目標) 3か所")):
        page.write(40, 40 + 20 * number, line)
    with pytest.raises(SheetRefused, match="罫線の表がない"):
        read(pdf(page))


def test_a_pdf_with_a_password_is_refused_by_name() -> None:
    locked = (
        f"/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <{'11' * 32}> /U <{'22' * 32}> >>"
        f" /ID [<{'33' * 16}> <{'33' * 16}>]"
    )
    with pytest.raises(SheetRefused, match="パスワード付きのPDF"):
        read(pdf(Page(), extra=locked))


@pytest.mark.parametrize("keep", [20, 300, 900])
def test_a_damaged_pdf_is_refused(keep: int) -> None:
    data = printed(sheet(item()))
    with pytest.raises(SheetRefused):
        read(data[:keep])


def test_a_pdf_of_too_many_pages_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(form_paper, "MAX_PAGES", 2)
    with pytest.raises(SheetRefused, match="ページが多すぎる"):
        read(pdf(Page(), Page(), Page()))


def test_a_page_of_too_many_letters_or_lines_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(form_paper, "MAX_RULES", 20)
    lines = Page()
    for number in range(21):
        lines.rule(0, number, 100, number)
    with pytest.raises(SheetRefused, match="文字や線が多すぎる"):
        read(pdf(lines))
    monkeypatch.setattr(form_paper, "MAX_MARKS", 20)
    letters = Page()
    letters.write(40, HEIGHT / 2, "あ" * 21)
    with pytest.raises(SheetRefused, match="文字や線が多すぎる"):
        read(pdf(letters))


def test_a_stream_that_unpacks_too_large_is_refused_before_it_is_parsed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(paper_checks, "MAX_UNPACKED", 1_000_000)
    bomb = packed([b"<< /Type /Catalog >>", stream(b"\0" * 3_000_000)])
    assert len(bomb) < 10_000
    with pytest.raises(SheetRefused, match="展開すると大きすぎる"):
        read(bomb)


def test_pages_that_name_themselves_as_their_parent_do_not_keep_the_reader_busy() -> None:
    loop = packed(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Count 9999 /Kids [2 0 R 2 0 R] >>",
        ]
    )
    with pytest.raises(SheetRefused):
        read(loop)
