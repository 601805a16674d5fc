"""An office to measure in: wards with people, and a mid-year round that is open on 1 September."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection, update

from storage import models
from tests.bench.bulk import add, reset_sequences, text_of
from tests.bench.slack import TEAM
from tests.builders import FISCAL_YEAR, MID_YEAR_DATES, WARD

ANSWERS = {
    "implementation": "i",
    "attainment": "2",
    "issues": "参加が計画の6割にとどまっている。10月から周知の方法を見直し、1月までに2回開催する。",
}
TEXTS = {
    "title": "地域活動への参加の促進",
    "outline": "地域の活動を知る機会をつくり、担い手を広げる。",
    "target": "年12回開催し、参加者のうち60%以上から「役に立った」との評価を得る。",
    "activities": "毎月1回、身近な場所で講座を開き、広報紙とSNSで周知する。",
}
MOST_ITEMS = 40
_FIRST_UNIT = 101  # the migrations bring 24 wards
_AT = datetime(2026, 9, 1, 1, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Item:
    """An initiative whose answer is asked for, and the account of its owner."""

    round_id: int
    initiative_id: int
    place: int  # in its plan, from 1
    user_id: str


@dataclass(frozen=True)
class Ward:
    """``id`` is that of its unit, plan and round alike; the manager may read all of it."""

    id: int
    name: str
    items: tuple[Item, ...]
    manager: str

    @property
    def owners(self) -> tuple[str, ...]:
        """Their accounts."""
        return tuple(dict.fromkeys(item.user_id for item in self.items))


def wards(count: int, *, share: int = 6, even: bool = False) -> list[Ward]:
    """あおぞら区 with 40 initiatives, others with 23 to 40; an owner answers for ``share``.

    ``even``: no owner answers for fewer.
    """
    found: list[Ward] = []
    first = 1
    for number in range(count):
        size = MOST_ITEMS if number == 0 else 23 + number * 5 % 18
        size -= size % share if even else 0
        found.append(_ward(_FIRST_UNIT + number, number, range(first, first + size), share))
        first += size
    return found


def ward_of(size: int) -> Ward:
    """あおぞら区 with so many initiatives, six to an owner."""
    return _ward(_FIRST_UNIT, 0, range(1, size + 1), 6)


def wards_around(largest: Ward, count: int) -> list[Ward]:
    """That ward and others of 23 initiatives, so many in all."""
    first = len(largest.items) + 1
    others = [
        _ward(_FIRST_UNIT + n, n, range(first + 23 * (n - 1), first + 23 * n), 6)
        for n in range(1, count)
    ]
    return [largest, *others]


def add_observer(connection: Connection, user_id: str) -> None:
    """Somebody who looks on at every unit."""
    number = 1_000_000
    add(connection, models.Person, [person_row(number)])
    add(connection, models.Account, [account_row(number, user_id)])
    grant = {"id": number, "person_id": number, "role": "observer", "unit_id": None}
    add(connection, models.RoleGrant, [grant])


def add_coordinator(connection: Connection, ward: Ward, user_id: str) -> None:
    """Somebody who brings a ward's round together; its managers are to confirm, at one level."""
    number = 1_000_001
    add(connection, models.Person, [person_row(number)])
    add(connection, models.Account, [account_row(number, user_id)])
    grant = {"id": number, "person_id": number, "role": "coordinator", "unit_id": ward.id}
    add(connection, models.RoleGrant, [grant])
    connection.execute(update(models.ReviewRound).values(levels=1))


def _ward(ward_id: int, number: int, ids: range, share: int) -> Ward:
    items = tuple(
        Item(ward_id, each, place, f"UB{number:04d}O{(place - 1) // share:03d}")
        for place, each in enumerate(ids, start=1)
    )
    return Ward(ward_id, f"あおぞら第{number}区" if number else WARD, items, f"UB{number:04d}M")


def store(connection: Connection, city: Sequence[Ward], *, answered: int = 0) -> None:
    """Wards, their people, plans, items and rounds; あおぞら区 has ``answered`` answers."""
    accounts = [account for ward in city for account in (*ward.owners, ward.manager)]
    people = {account: number for number, account in enumerate(accounts, start=1)}
    add(connection, models.Unit, (unit_row(ward.id, ward.name) for ward in city))
    add(connection, models.Section, (_section(w.id, place) for w in city for place in range(3)))
    add(connection, models.Person, (person_row(number) for number in people.values()))
    add(connection, models.Account, (account_row(n, user) for user, n in people.items()))
    add(connection, models.RoleGrant, (_manager(people[ward.manager], ward.id) for ward in city))
    add(connection, models.Plan, (plan_row(ward.id, ward.id, FISCAL_YEAR) for ward in city))
    add(connection, models.Initiative, _initiatives(city))
    add(connection, models.Ownership, (_owned(i, people[i.user_id]) for w in city for i in w.items))
    add(connection, models.ReviewRound, (round_row(w.id, w.id, FISCAL_YEAR, 0) for w in city))
    first = [item.initiative_id for item in city[0].items[:answered]]
    rows = ({**check_in_row(n, city[0].id, n), "stage": "mid-year"} for n in first)
    add(connection, models.CheckIn, rows)
    add(connection, models.Revision, (revision_row(n, n, 1) for n in first))
    reset_sequences(connection, TABLES)


TABLES = (
    models.Unit,
    models.Section,
    models.Person,
    models.Account,
    models.RoleGrant,
    models.Plan,
    models.Initiative,
    models.Ownership,
    models.ReviewRound,
    models.CheckIn,
    models.Revision,
    models.AuditEntry,
    models.Letter,
    models.LetterLine,
)


def _initiatives(city: Sequence[Ward]) -> Iterator[dict[str, Any]]:
    for ward in city:
        for item in ward.items:
            number = {"position": item.place, "number": item.place, "code": str(item.place)}
            yield {"id": item.initiative_id, "plan_id": ward.id, **number, **TEXTS}


def _section(unit: int, place: int) -> dict[str, Any]:
    return {"id": unit * 3 + place, "unit_id": unit, "name": f"第{place + 1}課"}


def _manager(person: int, unit: int) -> dict[str, Any]:
    return {"id": person, "person_id": person, "role": "manager", "unit_id": unit}


def _owned(item: Item, person: int) -> dict[str, Any]:
    of_item = {"id": item.initiative_id, "initiative_id": item.initiative_id}
    return {**of_item, "section_id": item.round_id * 3 + item.place % 3, "person_id": person}


def unit_row(number: int, name: str) -> dict[str, Any]:
    """A unit that can be asked for."""
    contact = {"contact": "総務課(区政企画)", "extension": "1234"}
    return {"id": number, "code": f"unit-{number}", "name": name, "position": number, **contact}


def person_row(number: int) -> dict[str, Any]:
    """Somebody."""
    return {"id": number, "name": f"職員{number}"}


def account_row(person: int, user_id: str) -> dict[str, Any]:
    """Their account."""
    return {"id": person, "person_id": person, "team_id": TEAM, "slack_user_id": user_id}


def plan_row(number: int, unit: int, year: int) -> dict[str, Any]:
    """A unit's final plan of one fiscal year."""
    years = {"first_year": year, "last_year": year}
    of_form = {"form": "youshiki3", "name": "市政改革プラン", "state": "final"}
    return {"id": number, "unit_id": unit, **years, **of_form}


def round_row(number: int, plan: int, year: int, place: int) -> dict[str, Any]:
    """The mid-year (0) or year-end (1) round of a plan."""
    mid_year = {"opens": date(year, 9, 1), "due": date(year, 9, 18)}
    year_end = {"opens": date(year + 1, 4, 1), "due": date(year + 1, 4, 14)}
    closes = (MID_YEAR_DATES.closes.replace(year=year), date(year + 1, 5, 1))[place]
    dates = {**(mid_year, year_end)[place], "closes": closes, "publishes": closes}
    stage = ("mid-year", "year-end")[place]
    return {"id": number, "plan_id": plan, "stage": stage, "ladder": {}, **dates}


def check_in_row(number: Any, plan: Any, initiative: Any) -> dict[str, Any]:
    """An answer of its first revision; its stage is to be added."""
    about = {"id": number, "plan_id": plan, "initiative_id": initiative}
    said = {"answers": ANSWERS, "unreadable": [], "source": "slack", "at": _AT}
    return {**about, "revision": 1, **said}


def revision_row(number: Any, check_in: Any, nth: int) -> dict[str, Any]:
    """A change of a check-in."""
    content = {
        "before": {},
        "after": ANSWERS,
        "asked": {"title": TEXTS["title"]},
        "source": "slack",
        "at": _AT,
    }
    of = {"id": number, "check_in_id": check_in, "number": nth}
    return {**of, **content, "fingerprint": text_of(number)}
