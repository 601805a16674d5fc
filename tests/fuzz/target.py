"""A bot at work that is attacked: what is sent to it, and what may not come of that.

Two offices share it. Whoever attacks belongs to ひかり区, and nothing of あおぞら区 may reach them.
"""

from __future__ import annotations

import asyncio
import io
import itertools
import json
import logging
import sqlite3
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import aiohttp

from bot import log
from bot.clock import SystemClock
from bot.domain.people import Role
from bot.services import checkins
from bot.services.viewers import Caller
from bot.views.checkin_form import Typed
from playground import User
from playground.deliveries import Delivery, Kind
from playground.errors import NotOnScreen
from playground.http_delivery import sign
from tests.builders import (
    add_grant,
    add_initiative,
    add_ownership,
    add_person,
    add_plan,
    add_round,
    add_unit,
)
from tests.scenarios.office import Story, telling

# What the owner of あおぞら区 has written, and what is typed in an attack: neither may be quoted.
SECRET = "参加が少ないので、周知を増やす。"
TYPED = "相談の経過"
NEIGHBOUR = "UNEIGHBOUR"

_GLANCE = 0.3  # seconds: what takes longer is seen when the next attack is looked at
_FORM = "application/x-www-form-urlencoded"
_OURS = ("取組その", "年12回開催する。", "毎月1回、講座を開く。", SECRET)
_PERSONAL = ("山田", "佐藤", "鈴木", "高橋", "田中", "伊藤", "隣人", "@example.jp", "example.jp")


class Records(logging.Handler):
    """Keeps what was logged with an error."""

    def __init__(self) -> None:
        super().__init__()
        self.addFilter(log.is_fit)
        self.failures: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.exc_info or record.levelno >= logging.ERROR:
            self.failures.append(record)


@dataclass
class Answer:
    """What came back, and what was shown to anybody since."""

    status: int
    shown: str


@dataclass
class Target:
    """One bot, one database, and what is known of both before the next attack."""

    story: Story
    session: aiohttp.ClientSession
    path: str
    lines: io.StringIO
    records: Records
    items: tuple[int, ...] = ()  # of ひかり区
    round_id: int = 0
    unit_id: int = 0
    neighbour: int = 0
    numbers: Iterator[int] = field(default_factory=itertools.count)
    recorded: dict[str, tuple[Kind, dict[str, Any]]] = field(default_factory=dict)

    # sending

    async def post(self, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Any bytes with any headers; returns when all that came of it has come to its end."""
        calls, whispers = len(self.story.slack.calls()), len(self.story.slack.workspace.ephemeral)
        url = f"http://127.0.0.1:{self.story.bot.port}/slack/events"
        async with self.session.post(url, data=io.BytesIO(body), headers=headers) as response:
            said = await response.text(errors="replace")
        await self.settle()
        made = self.story.slack.calls()[calls:]
        told = self.story.slack.workspace.ephemeral[whispers:]
        texts = [said, *(str(call.args) for call in made), *(str(each.blocks) for each in told)]
        return Answer(response.status, "\n".join(texts))

    async def send(self, kind: Kind, payload: Any) -> Answer:
        """A payload as Slack would send and sign it."""
        body, content_type = encode(kind, payload)
        return await self.post(body, {"Content-Type": content_type, **self.signed(body)})

    def signed(self, body: bytes, *, ago: int = 0) -> dict[str, str]:
        """The headers of a signature that is right, and so many seconds old."""
        at = int(SystemClock().now().timestamp()) - ago
        return sign(body, secret=self.story.slack.signing_secret, timestamp=at)

    async def settle(self) -> None:
        """Wait for what a request has left behind."""
        tasks = self.story.bot.background._tasks
        if tasks:
            await asyncio.wait(set(tasks), timeout=_GLANCE)

    def fresh(self, payload: dict[str, Any]) -> dict[str, Any]:
        """The payload as if it had been sent just now: nothing in it is used up."""
        api, fresh = self.story.slack.api, dict(payload)
        if payload.get("trigger_id"):
            fresh["trigger_id"] = api.triggers.issue(NEIGHBOUR)
        if payload.get("response_url"):
            channel = self.story.slack.workspace.direct_channel(NEIGHBOUR)
            key = api.response_urls.issue(NEIGHBOUR, channel, None)
            fresh["response_url"] = f"{api.base_url}response/{key}"
        if payload.get("event_id"):
            fresh["event_id"] = f"Ev{next(self.numbers)}"
        if '"v": ' in str((payload.get("view") or {}).get("private_metadata")):
            fresh["view"] = self._opened_just_now(payload["view"])
        return fresh

    def _opened_just_now(self, view: dict[str, Any]) -> dict[str, Any]:
        """A form opened on what is stored by now: else only the first would store anything."""
        metadata = json.loads(view["private_metadata"])
        with _opened(self.path) as database:
            query = "SELECT revision FROM check_in WHERE initiative_id = ?"
            [revision] = database.execute(query, [metadata.get("i")]).fetchone() or [0]
        if isinstance(metadata["v"], int):
            metadata["v"] = revision
        return {**view, "private_metadata": json.dumps(metadata)}

    # looking

    def stored(self) -> dict[str, list[str]]:
        """Every row of every table, as text."""
        with _opened(self.path) as database:
            return {name: _rows(database, name) for name in _tables(database)}

    def stored_of_ours(self) -> dict[str, list[str]]:
        """The same without the neighbour's own, and the answers about ひかり区's items."""
        plan = self.story.ward.plan_id
        ours = f"SELECT id FROM check_in WHERE plan_id = {plan}"
        with _opened(self.path) as database:
            kept = {
                name: _rows(database, f"{name} WHERE person_id IS NOT {self.neighbour}")
                if "person_id" in columns
                else _rows(database, name)
                for name, columns in _tables(database).items()
            }
            kept["check_in"] = _rows(database, f"check_in WHERE plan_id = {plan}")
            kept["revision"] = _rows(database, f"revision WHERE check_in_id IN ({ours})")
        return kept

    def answers(self) -> list[dict[str, str]]:
        """What is stored about ひかり区's items."""
        with _opened(self.path) as database:
            query = f"SELECT answers FROM check_in WHERE plan_id <> {self.story.ward.plan_id}"
            return [json.loads(text) for (text,) in database.execute(query)]

    def logged(self) -> str:
        """What was logged since it was last asked."""
        text = self.lines.getvalue()
        self.lines.seek(0)
        self.lines.truncate()
        return text

    @contextmanager
    def turned_up(self) -> Iterator[None]:
        """Every logger says all that it can."""
        loggers = [logging.getLogger(name) for name in logging.root.manager.loggerDict]
        before = [logger.level for logger in loggers]
        for logger in loggers:
            logger.setLevel(logging.DEBUG)
        yield
        for logger, level in zip(loggers, before, strict=True):
            logger.setLevel(level)

    def assert_quiet(self) -> None:
        """Nothing that was logged quotes anything, and nothing went wrong that nobody expected."""
        text = self.logged()
        slack = self.story.slack
        secrets = (slack.signing_secret, slack.bot_token, slack.app_token, TYPED)
        for secret in (*secrets, *_OURS, *_PERSONAL):
            assert secret not in text, (secret, text)
        failures = [log.PlainLines().format(record) for record in self.records.failures]
        self.records.failures.clear()
        assert failures == [], failures


def assert_shows_nothing(answer: Answer) -> None:
    """Nothing of あおぞら区's plan and answers stands in what was said, opened or posted."""
    for text in _OURS:
        assert text not in answer.shown, (text, answer.shown)


def key_of(payload: Mapping[str, Any]) -> str:
    """What a payload is about: the command's first word, the button, the screen or the event."""
    if "command" in payload:
        return f"command {str(payload.get('text')).partition(' ')[0]}"
    if payload.get("actions"):
        where = "view" if "view" in payload else "message"
        return f"{payload['actions'][0]['action_id']} in {where}"
    if "view" in payload:
        return f"{payload['type']} {payload['view']['callback_id']}"
    return str(payload["event"]["type"])


def encode(kind: Kind, payload: Any) -> tuple[bytes, str]:
    """The body as Slack sends it, and of which type it is."""
    if kind is Kind.COMMAND and isinstance(payload, dict):
        fields = {key: _sendable(value) for key, value in payload.items()}
        return urlencode(fields).encode(), _FORM
    if kind is Kind.EVENT:
        return json.dumps(payload).encode(), "application/json"
    return urlencode({"payload": json.dumps(payload)}).encode(), _FORM


def _sendable(value: object) -> bytes:
    text = value if isinstance(value, str) else json.dumps(value)
    return text.encode("utf-8", "surrogatepass")


@asynccontextmanager
async def attacked(database_url: str, *, way: str = "http") -> AsyncIterator[Target]:
    """A bot in the middle of two wards' rounds, and what its neighbours really send."""
    with _all_that_is_logged() as (lines, records):
        async with (
            telling(database_url, way=way, metrics_port=0) as story,
            aiohttp.ClientSession() as session,
        ):
            path = database_url.removeprefix("sqlite:///")
            target = Target(story, session, path, lines, records)
            await _settle_neighbours(target)
            story.go_to("2026-09-10")
            await _answer_ours(story)
            await _tour(target)
            target.logged()
            records.failures.clear()
            yield target


@contextmanager
def _all_that_is_logged() -> Iterator[tuple[io.StringIO, Records]]:
    """As in an office that asked for DEBUG."""
    root, lines, records = logging.getLogger(), io.StringIO(), Records()
    names = [*logging.root.manager.loggerDict, ""]
    before = {name: logging.getLogger(name).level for name in names}
    handlers = list(root.handlers)
    log.setup("DEBUG", lines)
    root.addHandler(records)
    try:
        yield lines, records
    finally:
        root.handlers[:] = handlers
        for name in logging.root.manager.loggerDict:
            logging.getLogger(name).setLevel(before.get(name, logging.NOTSET))
        root.setLevel(before[""])


async def _settle_neighbours(target: Target) -> None:
    """ひかり区 with a plan of two items, both owned by the one who also coordinates there."""
    story = target.story
    async with story.office.database.begin() as uow:
        unit = await add_unit(uow, code="hikari", name="ひかり区", kana="ひかりく", position=26)
        plan = await add_plan(uow, unit)
        values = {"target": "灯す。", "activities": "点ける。"}
        items = [
            await add_initiative(uow, plan, n, title=f"灯りその{n}", **values) for n in range(1, 6)
        ]
        team = story.slack.team_id
        person = await add_person(uow, "隣人", account=NEIGHBOUR, team=team)
        for item in items:
            await add_ownership(uow, item, person)
        for role in (Role.COORDINATOR, Role.MANAGER):
            await add_grant(uow, person, role, unit)
        target.round_id, target.unit_id = await add_round(uow, plan), unit
        target.items, target.neighbour = tuple(items), person
        await uow.commit()
    story.slack.workspace.put_user(User(NEIGHBOUR, "隣人", "neighbour@example.jp"))


async def _answer_ours(story: Story) -> None:
    answers = {"implementation": "i", "attainment": "2", "issues": SECRET}
    item = story.ward.initiatives[1]
    typed = Typed(story.ward.round_id, item, 0, answers, complete_state=True)
    await checkins.submit(story.office, Caller(story.slack.team_id, story.user("owner").id), typed)


async def _tour(target: Target) -> None:
    """What the neighbours really send, one payload of each sort at least."""
    await _type_and_answer(target)
    await _press_what_is_on_no_screen(target)
    slack = target.story.slack
    person = slack.as_user(slack.workspace.users[NEIGHBOUR])
    home = await person.open_home()
    modal = await home.click("入力する")
    await modal.close()
    await person.say(TYPED)
    slack.change(slack.workspace.users[NEIGHBOUR], name="隣人")
    await target.story.bot.background.drain(5)
    for delivery in slack.deliveries.record:
        target.recorded.setdefault(key_of(delivery.payload), (delivery.kind, delivery.payload))
    for callback_id in ("confirm", "confirm:many", "send-back"):
        payload = _decided(target, callback_id)
        target.recorded.setdefault(key_of(payload), (Kind.INTERACTIVE, payload))


async def _type_and_answer(target: Target) -> None:
    slack = target.story.slack
    user = slack.workspace.users[NEIGHBOUR]
    person = slack.as_user(user)
    for text in ("ヘルプ", "状況", "状況 ひかり区", "自分"):
        await person.command("/kaikaku", text)
        await target.settle()
        said = slack.ephemerals(user)[-1]
        if text == "状況 ひかり区":
            await person.press(said, "未入力の項目")
            await target.settle()
    modal = await person.click(said, "入力する")
    await modal.choose("取組内容の実施見込み", "(i)")
    await modal.choose("目標の達成見込み", "②")
    await target.settle()
    await modal.fill("課題と改善策", f"{TYPED}を書く。10月に直す。")
    await modal.submit()
    await modal.submit()
    await modal.close()
    await target.settle()


async def _press_what_is_on_no_screen(target: Target) -> None:
    """Buttons of letters and of other days, made from one that has been pressed."""
    slack, item = target.story.slack, f"{target.round_id}:{target.items[0]}"
    person = slack.as_user(slack.workspace.users[NEIGHBOUR])
    pressed = next(d for d in slack.deliveries.record if d.payload.get("actions"))
    [action] = pressed.payload["actions"]
    for action_id, value in (
        ("status:unit:1", f"{target.unit_id}:2026:mid-year"),
        ("mine:page:next", "1"),
        ("letter:more", "1"),
        ("answer:not-yet", item),
        ("draft:continue", item),
        ("confirm:open", item),
        ("confirm:list", str(target.round_id)),
        ("send-back:open", item),
    ):
        button = {**action, "action_id": action_id, "value": value}
        payload = target.fresh({**pressed.payload, "actions": [button]})
        await slack.deliveries.send(Delivery(pressed.kind, payload))
        await target.settle()
        if (modal := person.modal) is not None:
            with suppress(NotOnScreen):
                for label in modal.labels():
                    await modal.fill(label, f"{TYPED}を書いてください。")
            with suppress(NotOnScreen):
                await modal.submit()
        while person.modal is not None:
            await person.modal.close()
        await target.settle()


def _decided(target: Target, callback_id: str) -> dict[str, Any]:
    """What a manager submits, made from a form that has been submitted."""
    _, submitted = target.recorded["view_submission checkin:next"]
    item = f"{target.round_id}:{target.items[0]}"
    chosen = {"text": {"type": "plain_text", "text": "1"}, "value": f"{target.items[0]}:1"}
    values = {
        "comment": {"input:comment": {"type": "plain_text_input", "value": TYPED}},
        "mend-by": {"input:mend-by": {"type": "datepicker", "selected_date": "2026-09-20"}},
        "group:0": {"input:group:0": {"type": "checkboxes", "selected_options": [chosen]}},
    }
    metadata = json.dumps({"t": item, "v": "1", "r": str(target.round_id)})
    changed = {"callback_id": callback_id, "private_metadata": metadata}
    return {**submitted, "view": {**submitted["view"], **changed, "state": {"values": values}}}


@contextmanager
def _opened(path: str) -> Iterator[sqlite3.Connection]:
    database = sqlite3.connect(path)
    try:
        yield database
    finally:
        database.close()


def _tables(database: sqlite3.Connection) -> dict[str, set[str]]:
    """Every table with its columns."""
    query = "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
    names = [name for (name,) in database.execute(query)]
    info = {name: database.execute(f"PRAGMA table_info({name})") for name in names}
    return {name: {column[1] for column in columns} for name, columns in info.items()}


def _rows(database: sqlite3.Connection, source: str) -> list[str]:
    return sorted(str(row) for row in database.execute(f"SELECT * FROM {source}"))
