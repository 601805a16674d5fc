"""The forms beside a file: choosing it, and saying of which ward and fiscal year a plan is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from bot.domain.calendar import era_year, fiscal_year_of
from bot.views.actions import IMPORT_FILE, IMPORT_PLACE, INPUT, NOTICE_ONLY
from bot.views.blocks import Json, choice, file_input, input_, modal, option, section
from bot.views.inputs import read_inputs
from bot.views.targets import MessageAt

FILE = "file"
WARD = "ward"
YEAR = "year"
STATE = "state"

NO_FILE = "ファイルを選んでください。"

_YEARS_BACK, _YEARS_AHEAD = 3, 1
_FINAL, _DRAFT = "final", "draft"
_FILES = 5


@dataclass(frozen=True)
class Choices:
    """What is said beside a plan's file; ``ward`` is a unit's code, "" as the file says."""

    ward: str = ""
    year: int | None = None
    draft: bool = False


@dataclass(frozen=True)
class PlaceForm:
    """What may be chosen beside a plan: units by code, years around today."""

    batch_id: int
    units: tuple[tuple[str, str], ...]
    today: date
    chosen: Choices = field(default_factory=Choices)
    year_hint: int | None = None


def build_file_form() -> Json:
    """The modal in which a file is chosen, for those who do not drop it."""
    words = (
        "様式3などの様式(.xlsx、.docx、文字の入った.pdf、テキスト)、"
        "取組一覧(.csv、.xlsx)、名簿(.csv、.xlsx)、"
        "区の問い合わせ先と閉庁日の表(.csv、.xlsx)を読み取ります。"
        "kaikaku との会話にファイルを置いても、同じように読み取ります。\n"
        "読み取った内容と変わるところをお見せしてから、取り込みます。"
    )
    return modal(
        "ファイルの取り込み",
        [
            section(words),
            input_(FILE, "ファイル", file_input(f"{INPUT}:{FILE}", most=_FILES), required=True),
        ],
        callback_id=IMPORT_FILE,
        metadata={},
        submit="読み取る",
    )


def read_file_form(view: Mapping[str, Any]) -> tuple[str, ...]:
    """The ids of the files that were chosen."""
    return read_inputs(view).files(FILE)


def build_reading() -> Json:
    """That the files are being read."""
    text = "読み取っています。結果は、kaikaku との会話に届きます。"
    return modal("ファイルの取り込み", [section(text)], callback_id=NOTICE_ONLY)


def build_place_form(form: PlaceForm, at: MessageAt) -> Json:
    """Ward, year and state of a plan; ``at`` is the message that then shows them."""
    chosen = form.chosen
    year = chosen.year or form.year_hint
    return modal(
        "区・年度を決める",
        [
            section("ファイルに書かれているときは、その区と年度で取り込みます。"),
            input_(WARD, "区", choice(f"{INPUT}:{WARD}", _unit_options(form), chosen.ward)),
            input_(YEAR, "年度", choice(f"{INPUT}:{YEAR}", _year_options(form), str(year))),
            input_(
                STATE,
                "計画の状態",
                choice(f"{INPUT}:{STATE}", _state_options(), _DRAFT if chosen.draft else _FINAL),
                required=True,
            ),
        ],
        callback_id=IMPORT_PLACE,
        metadata={"b": str(form.batch_id), "m": at.encode()},
        submit="この内容で読み直す",
    )


def read_place_form(view: Mapping[str, Any]) -> tuple[int, Choices, MessageAt]:
    """What was chosen; Refused when malformed."""
    inputs = read_inputs(view)
    year = inputs.chosen(YEAR)
    choices = Choices(
        ward=inputs.chosen(WARD),
        year=int(year) if year.isdecimal() and len(year) == 4 else None,
        draft=inputs.chosen(STATE) == _DRAFT,
    )
    return inputs.number("b"), choices, inputs.message("m")


def _unit_options(form: PlaceForm) -> list[Json]:
    return [option(name, code) for code, name in form.units[:100]]


def _year_options(form: PlaceForm) -> list[Json]:
    now = fiscal_year_of(form.today)
    years = {*range(now - _YEARS_BACK, now + _YEARS_AHEAD + 1)}
    years |= {year for year in (form.year_hint, form.chosen.year) if year}
    return [option(era_year(year), str(year)) for year in sorted(years, reverse=True)]


def _state_options() -> list[Json]:
    return [option("確定", _FINAL), option("案", _DRAFT)]
