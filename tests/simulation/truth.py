"""What is stored at this moment, by plain SQL: a second opinion beside the bot's own queries."""

from __future__ import annotations

import json
import re
import sqlite3
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

import psycopg
from sqlalchemy.engine import make_url

from bot.domain.calendar import WINDOW_OPENS, OfficeCalendar, at_tokyo
from bot.domain.rounds import Ladder, Round, RoundDates
from bot.domain.youshiki3 import FORMS
from tests.storage.processes import libpq_url

_VALID = "(valid_from IS NULL OR valid_from <= ?) AND (valid_to IS NULL OR valid_to >= ?)"
_MARKER = re.compile(r"〔(\d+)〕")


@dataclass(frozen=True)
class LetterNow:
    """A letter as it is stored."""

    id: int
    kind: str
    person_id: int
    day: date
    user: str
    state: str
    channel: str
    ts: str


@dataclass(frozen=True)
class RoundNow:
    """A round as it is stored, with its unit's calendar and pause."""

    round: Round
    unit_id: int
    calendar: OfficeCalendar
    paused_until: date | None
    ward_head_id: int | None


@dataclass(frozen=True)
class ItemNow:
    """What is known of an initiative's answer at one stage."""

    initiative_id: int
    revision: int
    ask_again_on: date | None


@dataclass
class Truth:
    """A connection of its own, which only reads what is committed."""

    url: str
    _connection: Any = field(init=False)

    def __post_init__(self) -> None:
        self.open()

    def open(self) -> None:
        """Connect, also anew after the file has been replaced."""
        if self.url.startswith("sqlite"):
            path = make_url(self.url).database or ""
            self._connection = sqlite3.connect(path, isolation_level=None)
        else:
            self._connection = psycopg.connect(libpq_url(self.url), autocommit=True)

    def close(self) -> None:
        """Let go of the database."""
        self._connection.close()

    def rows(self, sql: str, *arguments: Any) -> list[Any]:
        """The rows of a query with question marks, on either database."""
        if isinstance(self._connection, sqlite3.Connection):
            return self._connection.execute(sql, arguments).fetchall()
        return list(self._connection.execute(sql.replace("?", "%s"), arguments).fetchall())

    def letter(self, token: str) -> LetterNow | None:
        """The letter of that token."""
        found = self._letters("token = ?", token)
        return found[0] if found else None

    def letters_of_line(self, person_id: int, round_id: int, step: str) -> list[LetterNow]:
        """The letter in which somebody is told a step; none or one."""
        ours = "SELECT letter_id FROM letter_line WHERE person_id = ? AND round_id = ? AND step = ?"
        return self._letters(f"id IN ({ours})", person_id, round_id, step)

    def letters_in(self, state: str) -> list[LetterNow]:
        """The letters in one state."""
        return self._letters("state = ?", state)

    def lines(self, letter_id: int) -> list[tuple[int, str]]:
        """Round and step of each line of a letter."""
        return self.rows("SELECT round_id, step FROM letter_line WHERE letter_id = ?", letter_id)

    def round(self, round_id: int) -> RoundNow:
        """The round of that id."""
        [row] = self.rows(
            "SELECT r.plan_id, r.stage, r.opens, r.due, r.closes, r.publishes, r.ladder,"
            " p.form, p.last_year, p.unit_id, u.paused_until"
            " FROM review_round r JOIN plan p ON p.id = r.plan_id JOIN unit u ON u.id = p.unit_id"
            " WHERE r.id = ?",
            round_id,
        )
        plan_id, stage, *days, ladder, form, year, unit_id, paused = row
        dates = RoundDates(*(_day(day) for day in days))
        settled = Ladder(ward_head_id=_json(ladder).get("ward_head_id"))
        value = Round(round_id, plan_id, year, FORMS[form].stage(stage), dates, ladder=settled)
        pause = _day(paused) if paused else None
        return RoundNow(value, unit_id, self.calendar(unit_id), pause, settled.ward_head_id)

    def rounds_open_on(self, day: date) -> list[RoundNow]:
        """The rounds that take answers that day."""
        found = self.rows(
            "SELECT r.id FROM review_round r JOIN plan p ON p.id = r.plan_id"
            " WHERE p.state = 'final' AND r.opens <= ? AND r.closes >= ? ORDER BY r.id",
            day.isoformat(),
            day.isoformat(),
        )
        return [self.round(round_id) for (round_id,) in found]

    def calendar(self, unit_id: int) -> OfficeCalendar:
        """A unit's business days."""
        found = self.rows("SELECT day FROM unit_closure WHERE unit_id = ?", unit_id)
        return OfficeCalendar(frozenset(_day(day) for (day,) in found))

    def item(self, initiative_id: int, stage: str) -> ItemNow:
        """How an initiative's answer stands."""
        found = self.rows(
            "SELECT revision, ask_again_on FROM check_in WHERE initiative_id = ? AND stage = ?",
            initiative_id,
            stage,
        )
        revision, again = found[0] if found else (0, None)
        return ItemNow(initiative_id, revision, _day(again) if again else None)

    def initiatives(self, plan_id: int) -> list[int]:
        """A plan's initiatives in printed order."""
        found = self.rows("SELECT id FROM initiative WHERE plan_id = ? ORDER BY position", plan_id)
        return [row[0] for row in found]

    def owners(self, initiative_id: int, day: date) -> list[tuple[int, int | None, int | None]]:
        """Owner, deputy and section of each ownership of that day."""
        return self.rows(
            "SELECT person_id, deputy_id, section_id FROM ownership"
            f" WHERE initiative_id = ? AND {_VALID} ORDER BY id",
            initiative_id,
            day.isoformat(),
            day.isoformat(),
        )

    def grants(self, person_id: int, unit_id: int, day: date) -> list[tuple[str, int | None]]:
        """Role and section of what somebody is to a unit that day."""
        return self.rows(
            "SELECT role, section_id FROM role_grant"
            f" WHERE person_id = ? AND unit_id = ? AND {_VALID}",
            person_id,
            unit_id,
            day.isoformat(),
            day.isoformat(),
        )

    def account(self, person_id: int) -> tuple[str, bool] | None:
        """Somebody's Slack user id, and whether the bot takes it for active."""
        found = self.rows(
            "SELECT slack_user_id, deactivated_at FROM account WHERE person_id = ?", person_id
        )
        return (found[0][0], found[0][1] is None) if found else None

    def markers(self) -> dict[int, list[int]]:
        """The marker of each revision, in order, by check-in; -1 where a text has none."""
        found = self.rows('SELECT check_in_id, "after" FROM revision ORDER BY check_in_id, number')
        markers: dict[int, list[int]] = {}
        for check_in_id, after in found:
            markers.setdefault(check_in_id, []).append(marker_in(_json(after)))
        return markers

    def next_moment(self, now: datetime, day: date) -> datetime | None:
        """When, from now on, a letter or an update can next be tried; None: nothing waits.

        Letters leave in sending hours; an update is made at any hour.
        """
        letters = (
            "SELECT min(coalesce(next_try_at, lease_until)) FROM letter WHERE day <= ? AND ("
            " state IN ('pending', 'unknown') AND next_try_at IS NOT NULL OR state = 'sending')"
        )
        updates = "SELECT min(refresh_at) FROM letter WHERE state = 'sent'"
        [(letter,), (update,)] = self.rows(f"{letters} UNION ALL {updates}", day.isoformat())
        from_ = _letters_leave_from(now, day)
        moments = [_instant(update)] if update else []
        if letter and from_ is not None:
            moments.append(max(_instant(letter), from_))
        if not moments:
            return None
        rests = self.rows("SELECT until FROM api_pause WHERE method LIKE 'chat.%'")
        resting = [until for (text,) in rests if (until := _instant(text)) > now]
        return max(min(moments), min(resting, default=now))

    def _letters(self, where: str, *arguments: Any) -> list[LetterNow]:
        found = self.rows(
            "SELECT id, kind, person_id, day, slack_user_id, state, channel, ts FROM letter"
            f" WHERE {where} ORDER BY id",
            *arguments,
        )
        return [
            LetterNow(number, kind, person_id, _day(day), user, *rest)
            for number, kind, person_id, day, user, *rest in found
        ]


def _letters_leave_from(now: datetime, day: date) -> datetime | None:
    """From when on letters leave today; None where none does any more."""
    opens = at_tokyo(day, WINDOW_OPENS)
    if OfficeCalendar().in_sending_window(now):
        return now
    return opens if now < opens and OfficeCalendar().is_business_day(day) else None


def marker_in(answers: dict[str, str]) -> int:
    """The number that tells one submission from every other; -1 without one."""
    found = _MARKER.search(" ".join(answers.values()))
    return int(found[1]) if found else -1


def marked(text: str, marker: int) -> str:
    """A text with its number."""
    return f"{text}〔{marker}〕"


def _json(stored: Any) -> dict[str, Any]:
    return json.loads(stored) if isinstance(stored, str) else dict(stored)


def _day(stored: Any) -> date:
    return date.fromisoformat(stored) if isinstance(stored, str) else stored


def _instant(stored: Any) -> datetime:
    read = datetime.fromisoformat(stored) if isinstance(stored, str) else stored
    return read if read.tzinfo else read.replace(tzinfo=UTC)
