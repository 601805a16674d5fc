"""A city's years before: closed rounds with answers, revisions, letters and an audit trail."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection, String, case, literal

from storage import models
from tests.bench.bulk import Number, add, reset_sequences, spread, text_of
from tests.bench.city import (
    TABLES,
    TEXTS,
    account_row,
    check_in_row,
    person_row,
    plan_row,
    revision_row,
    round_row,
)
from tests.bench.slack import TEAM
from tests.builders import FISCAL_YEAR

OWNERS, STAGES = 8, 2  # of a unit; of a plan
_SENT = datetime(2025, 9, 1, 0, 30, tzinfo=UTC)


@dataclass(frozen=True)
class Past:
    """Closed fiscal years of some units, each with as many plans a year as there are ``forms``.

    ``first`` keeps the ids of two pasts apart.
    """

    units: tuple[int, ...]
    years: int
    first: int
    forms: tuple[str, ...] = ("youshiki3",)
    items: int = 40  # of a plan

    @property
    def plans_of_unit(self) -> int:
        """How many plans each unit has."""
        return self.years * len(self.forms)

    @property
    def plans(self) -> int:
        """How many plans there are."""
        return len(self.units) * self.plans_of_unit

    @property
    def check_ins(self) -> int:
        """How many check-ins there are."""
        return self.plans * self.items * STAGES


def store_past(connection: Connection, past: Past) -> None:
    """Store all of it; the units are there."""
    add(connection, models.Plan, _plans(past))
    add(connection, models.ReviewRound, _rounds(past))
    people = range(past.first, past.first + len(past.units) * OWNERS)
    add(connection, models.Person, (person_row(n) for n in people))
    add(connection, models.Account, (account_row(n, f"UP{n}") for n in people))
    _store_items(connection, past)
    _store_answers(connection, past)
    _store_letters(connection, past)
    reset_sequences(connection, TABLES)


def _plans(past: Past) -> Iterator[dict[str, Any]]:
    for at in range(past.plans):
        row = plan_row(past.first + at, past.units[at // past.plans_of_unit], _year(past, at))
        yield {**row, "form": past.forms[at % len(past.forms)]}


def _rounds(past: Past) -> Iterator[dict[str, Any]]:
    for at in range(past.plans * STAGES):
        plan = at // STAGES
        yield round_row(past.first + at, past.first + plan, _year(past, plan), at % STAGES)


def _year(past: Past, plan: int) -> int:
    return FISCAL_YEAR - 1 - plan // len(past.forms) % past.years


def _owner(past: Past, item: Number) -> Number:
    return past.first + item // (past.items * past.plans_of_unit) * OWNERS + item % OWNERS


def _store_items(connection: Connection, past: Past) -> None:
    first, count = past.first, past.plans * past.items

    def initiative(n: Number) -> Mapping[str, Any]:
        place = n % past.items + 1
        at = {"position": place, "number": place, "code": text_of(place)}
        return {"id": first + n, "plan_id": first + n // past.items, **at, **TEXTS}

    def ownership(n: Number) -> Mapping[str, Any]:
        of_item = {"id": first + n, "initiative_id": first + n, "person_id": _owner(past, n)}
        return {**of_item, "valid_to": date(FISCAL_YEAR, 3, 31)}

    spread(connection, models.Initiative, count, initiative)
    spread(connection, models.Ownership, count, ownership)


def _store_answers(connection: Connection, past: Past) -> None:
    """Each item is answered twice a year; every third answer was changed once."""
    first, count = past.first, past.check_ins

    def check_in(n: Number) -> Mapping[str, Any]:
        item = n // STAGES
        row = check_in_row(first + n, first + item // past.items, first + item)
        return {**row, "stage": _stage(n), "entered_by": _owner(past, item)}

    def change(n: Number) -> Mapping[str, Any]:
        return revision_row(first + count + n, first + n * 3, 2)

    spread(connection, models.CheckIn, count, check_in)
    spread(connection, models.Revision, count, lambda n: revision_row(first + n, first + n, 1))
    spread(connection, models.Revision, count // 3, change)
    spread(connection, models.AuditEntry, count, lambda n: _audit_entry(first + n))


def _stage(n: Number) -> Any:
    return case((n % STAGES == 0, literal("mid-year", String)), else_=literal("year-end", String))


def _audit_entry(number: Number) -> Mapping[str, Any]:
    done = {"action": "check-in.save", "actor": "slack", "at": _SENT, "detail": {"revision": 1}}
    return {"id": number, "subject": "check-in:" + text_of(number), **done}


def _store_letters(connection: Connection, past: Past) -> None:
    """Each owner was written to once a round."""
    first, count = past.first, past.plans * STAGES * OWNERS

    def letter(n: Number) -> Mapping[str, Any]:
        unit = n // (OWNERS * STAGES * past.plans_of_unit)
        person = first + unit * OWNERS + n % OWNERS
        names = {"key": "past:" + text_of(first + n), "token": text_of(first + n)}
        to = {"person_id": person, "team_id": TEAM, "slack_user_id": "UP" + text_of(person)}
        sent = {"state": "sent", "sent_at": _SENT, "day": _SENT.date(), "item_ids": []}
        return {"id": first + n, "kind": "notice", "attempts": 1, **names, **to, **sent}

    def line(n: Number) -> Mapping[str, Any]:
        unit = n // (OWNERS * STAGES * past.plans_of_unit)
        about = {"round_id": first + n // OWNERS, "step": "open"}
        ids = {"id": first + n, "letter_id": first + n}
        return {**ids, "person_id": first + unit * OWNERS + n % OWNERS, **about}

    spread(connection, models.Letter, count, letter)
    spread(connection, models.LetterLine, count, line)
