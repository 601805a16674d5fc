"""The official form out of a child process; as PDF where LibreOffice is, and what is said else."""

from __future__ import annotations

import asyncio
import io
import os
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import pdfplumber
import pytest

from bot.domain.document_totals import summary
from bot.domain.documents import Document, FormFormat
from bot.domain.plans import SheetAnswers
from bot.sheets import office_suite
from bot.sheets.export import NotRendered
from bot.sheets.form_export import decode, encode, form_in_child, write_form
from tests.bot.sheets.form_documents import DRAFT, a_document, an_item, counted

needs_suite = pytest.mark.skipif(
    office_suite.program() is None, reason="LibreOffice is not installed"
)


def documents() -> list[Document]:
    form = a_document(an_item(1), an_item(2, withheld=True))
    return [form, summary([("北区", form), ("西区", None)], title="全区の状況")]


@pytest.mark.parametrize("document", documents())
def test_what_the_child_reads_is_what_was_sent(document: Document) -> None:
    assert decode(encode(document, FormFormat.DOCX)) == (document, FormFormat.DOCX)


@pytest.mark.parametrize("format_", [FormFormat.XLSX, FormFormat.DOCX])
async def test_a_child_makes_the_same_file(format_: FormFormat) -> None:
    document = documents()[0]

    assert await form_in_child(document, format_) == write_form(document, format_)


async def test_a_child_that_takes_too_long_is_ended_and_said_so() -> None:
    with pytest.raises(NotRendered, match="もう一度"):
        await form_in_child(a_document(), FormFormat.XLSX, timeout_seconds=0.001)


def test_the_bot_itself_loads_none_of_the_libraries() -> None:
    heavy = ("openpyxl", "docx", "pdfplumber", "matplotlib", "numpy")
    code = (
        "import sys; import bot.app, bot.sheets.form_export, bot.sheets.charts;"
        f"sys.exit(any(name in sys.modules for name in {heavy}))"
    )

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


async def test_where_there_is_no_suite_another_format_is_offered(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(NotRendered, match=r"LibreOffice が必要です.*Word"):
        await form_in_child(a_document(), FormFormat.PDF)


def a_suite(folder: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program called soffice that does something else."""
    program = folder / "soffice"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")


@pytest.mark.parametrize("script", ["exit 1", "kill -9 $$", "exit 0"])
async def test_a_suite_that_ends_without_a_file_is_said_so(
    script: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    a_suite(tmp_path, script, monkeypatch)

    with pytest.raises(NotRendered, match="LibreOffice が途中で止まったか"):
        await form_in_child(a_document(), FormFormat.PDF)


async def test_a_suite_that_hangs_ends_with_the_child_and_all_it_started(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    told = tmp_path / "told"
    os.mkfifo(told)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    a_suite(tmp_path, f"sleep 600 & echo $! > {told}; wait", monkeypatch)
    making = asyncio.create_task(form_in_child(a_document(), FormFormat.PDF))
    started = int(await asyncio.to_thread(told.read_text))

    making.cancel()
    with pytest.raises(asyncio.CancelledError):
        await making
    await asyncio.wait_for(asyncio.to_thread(_until_dead, started), 10)
    assert _names(tmp_path) == ["soffice", "told"]  # no file is left


def _names(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir())


def _until_dead(pid: int) -> None:
    """Signals are delivered when the system gets to it; a zombie is dead, and waits for init."""
    while True:
        try:
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return
        except OSError:
            return


@dataclass(frozen=True)
class Paper:
    """What is printed, page by page: the text, and width and height in points."""

    pages: list[str]
    sizes: list[tuple[int, int]]


def on_paper(pdf: bytes) -> Paper:
    with pdfplumber.open(io.BytesIO(pdf)) as paper:
        sizes = [(round(page.width), round(page.height)) for page in paper.pages]
        return Paper([page.extract_text() for page in paper.pages], sizes)


def printed_document() -> Document:
    """Long texts in both halves, and one item that is short."""
    answers = {
        "mid-year": SheetAnswers(
            {"implementation": "i", "attainment": "2", "issues": counted(170, "M")}
        ),
        "year-end": SheetAnswers(
            {"results": counted(170, "R"), "attainment": "2", "issues": counted(60, "Y")}
        ),
    }
    long = an_item(1, outline=counted(40, "O"), activities=counted(110, "A"), answers=answers)
    return a_document(long, an_item(2), stage="year-end")


@pytest.fixture(scope="module")
def printed() -> list[Paper]:
    """The same document twice, on paper."""
    return [
        on_paper(asyncio.run(form_in_child(printed_document(), FormFormat.PDF))) for _ in range(2)
    ]


@needs_suite
def test_nothing_of_a_long_text_is_cut_off_on_paper(printed: list[Paper]) -> None:
    found = set(re.findall(r"[AMORY]\d{4}", "\n".join(printed[0].pages)))

    expected = {"A": 110, "M": 170, "O": 40, "R": 170, "Y": 60}
    assert found == {
        f"{sign}{n:04d}" for sign, last in expected.items() for n in range(1, last + 1)
    }


@needs_suite
def test_each_page_says_that_it_is_unpublished_and_repeats_the_heading(
    printed: list[Paper],
) -> None:
    for page in printed[0].pages:
        assert DRAFT.replace(" ", "") in page.replace(" ", "")
        assert "「あおぞら改革プラン5.0」に基づく取組等" in page


@needs_suite
def test_pages_are_a4_landscape_and_no_column_is_on_a_page_of_its_own(
    printed: list[Paper],
) -> None:
    name = re.compile(r"^取組項目\d+(?:\(続き\))?$", re.MULTILINE)
    cover, *items = (len(name.findall(page)) for page in printed[0].pages)

    assert set(printed[0].sizes) == {(842, 595)}
    assert cover == 0
    assert items == [1] * len(items)


@needs_suite
def test_equal_documents_have_equal_pages(printed: list[Paper]) -> None:
    assert printed[0] == printed[1]
