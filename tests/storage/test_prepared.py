"""A statement that was put together once answers as SQLAlchemy would have it answer."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import Date, bindparam
from sqlmodel import col, select

from storage import sqlite
from storage.database import Database
from storage.models import Plan, Unit, UnitClosure
from storage.prepared import Prepared
from tests.builders import add_plan, add_unit

_IDS: Any = bindparam("ids", expanding=True)
_UNITS: Any = select(col(Unit.id)).where(col(Unit.id).in_(_IDS)).order_by(col(Unit.id))
_OTHERS: Any = select(col(Unit.id)).where(col(Unit.id).not_in(_IDS)).order_by(col(Unit.id))
_DETAILS: Any = select(col(Plan.details)).where(col(Plan.id) == bindparam("plan"))
_DAY = col(UnitClosure.day)
_DAYS: Any = select(col(UnitClosure.day)).where(_DAY.in_(bindparam("days", expanding=True)))


@pytest.mark.parametrize("ids", [[], [3], [1, 3], [1, 2, 3], list(range(1, 25)), [7, 900]])
async def test_a_list_finds_what_is_in_it_however_long_it_is(
    database: Database, ids: list[int]
) -> None:
    async with database.read() as uow:
        rows = await uow._reader.rows(_UNITS, {"ids": ids})
        others = await uow._reader.rows(_OTHERS, {"ids": ids})

    stored = list(range(1, 25))
    assert [row.id for row in rows] == [each for each in stored if each in ids]
    assert [row.id for row in others] == [each for each in stored if each not in ids]


def test_lists_of_many_lengths_are_few_texts() -> None:
    prepared = _prepared(_UNITS)

    texts = {prepared.filled({"ids": list(range(size))})[0] for size in range(101)}

    assert len(texts) == 9  # none, 1, 2, 4 … 128


def test_what_is_in_a_list_is_stored_as_its_column_stores_it() -> None:
    prepared = _prepared(_DAYS)

    _, values = prepared.filled({"days": [date(2026, 9, 1), date(2026, 10, 1)]})

    assert values == ["2026-09-01", "2026-10-01"]


def test_values_stand_where_the_text_has_their_places() -> None:
    since, until = (bindparam(name, type_=Date) for name in ("since", "until"))
    prepared = _prepared(_DAYS.where(_DAY.between(since, until)))

    text, values = prepared.filled(
        {"days": [date(2026, 9, 1)], "since": date(2026, 4, 1), "until": date(2027, 4, 1)}
    )

    assert text.count("?") == 3
    assert values == ["2026-09-01", "2026-04-01", "2027-04-01"]


@pytest.mark.parametrize("details", [{}, {"aim": "区民の声を聞く。"}])
async def test_json_comes_out_as_it_went_in(database: Database, details: dict[str, str]) -> None:
    async with database.begin() as uow:
        plan_id = await add_plan(uow, await add_unit(uow), details=details)
        await uow.commit()

    async with database.read() as uow:
        found = [await uow._reader.rows(_DETAILS, {"plan": plan_id}) for _ in range(2)]

    first, second = (rows[0].details for rows in found)
    assert first == second == details
    assert first is not second


def _prepared(statement: Any) -> Prepared:
    return Prepared(statement, sqlite.InlineDialect(paramstyle="qmark"))
