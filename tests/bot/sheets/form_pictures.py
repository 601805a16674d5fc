"""`make screenshots`: pages of the official form of あおぞら区, as LibreOffice prints them."""

from __future__ import annotations

import io
from pathlib import Path

import pdfplumber

from bot.domain.checkins import State
from bot.domain.documents import DocumentItem, FormDocument, FormFormat
from bot.domain.plans import SheetPlan
from bot.domain.youshiki3 import YOUSHIKI3
from bot.sheets.form_export import write_form
from bot.sheets.plan_text import read_plan_text

ROOT = Path(__file__).parents[3]
SAMPLE = ROOT / "playground" / "sample" / "aozora-r7.txt"
FOLDER = ROOT / "docs" / "images"
DOTS_AN_INCH = 96
SHADES = 16  # of grey: a page is ink on paper
PAGES = {"form-cover": 0, "form-item": 2}


def main() -> None:
    """Take the pictures anew."""
    pages = write_form(document(), FormFormat.PDF)
    with pdfplumber.open(io.BytesIO(pages)) as paper:
        for name, number in PAGES.items():
            picture = paper.pages[number].to_image(resolution=DOTS_AN_INCH).original
            picture.convert("L").quantize(SHADES).save(FOLDER / f"{name}.png", optimize=True)


def document() -> FormDocument:
    """The sample's last year, published."""
    plan = read_plan_text(SAMPLE.read_text(encoding="utf-8"))
    return FormDocument(
        form=YOUSHIKI3,
        ward="あおぞら区",
        fiscal_year=2025,
        plan=plan.plan,
        items=tuple(_items(plan)),
        stage="year-end",
        footer="令和7年度 あおぞら区 令和8年6月5日公表",
        notes=("決裁番号：あ総第123号",),
    )


def _items(plan: SheetPlan) -> list[DocumentItem]:
    """Those that were evaluated."""
    confirmed = {stage.key: State.CONFIRMED for stage in YOUSHIKI3.stages}
    evaluated = [each for each in plan.initiatives if each.answers["year-end"].values]
    return [DocumentItem(each, confirmed) for each in evaluated]


if __name__ == "__main__":
    main()
