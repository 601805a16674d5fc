"""The ward of a demo: filled through commands and, as people would, through the bot itself."""

from __future__ import annotations

import json
import shlex
import sys
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from bot.cli.demo_page import Page
from bot.cli.demo_processes import LOOPBACK, Processes, choose_port
from bot.clock import SystemClock
from bot.domain.calendar import WINDOW_OPENS, OfficeCalendar, at_tokyo
from bot.domain.errors import Refused
from bot.views.commands import COMMANDS

WARD = "あおぞら区"
YEAR = 2026
OPENING = date(2026, 9, 1)
# The notices have gone out at 9:30, and the quick ones have answered.
BEFORE, AFTER = time(8, 45), time(10, 5)
LAST_DAY = date(2027, 7, 30)

# Year, kind, dates that are not the usual ones, and the notice it rests on.
_ROUNDS = (
    (
        *(str(YEAR), "mid-year", "令和8年8月25日付け事務連絡"),
        *("--opens", "2026-09-01", "--due", "2026-09-18", "--publishes", "2026-10-05"),
    ),
    (str(YEAR), "year-end", "令和9年3月26日付け事務連絡"),
    (str(YEAR - 1), "year-end", "令和8年3月27日付け事務連絡"),
)


def open_ward(processes: Processes, port: int) -> str:
    """Fill a fresh database, start the stand-in and the bot, and let some people answer.

    The result is the page's address. Raises Refused when any of it fails.
    """
    folder, sample = processes.folder, _sample()
    clock = folder / "clock"
    _set_clock(clock, at_tokyo(OPENING, BEFORE))
    processes.settings.update(
        {
            "DATABASE_URL": f"sqlite:///{folder / 'kaikaku.db'}",
            "KAIKAKU_CLOCK": str(clock),
            "SLACK_API_URL": f"http://{LOOPBACK}:{port}/api/",
            "HOST": LOOPBACK,
            "PORT": str(choose_port(0)),
        }
    )
    _register_plans(processes, sample)
    scene = _scene(sample, json.loads(processes.kaikaku("rounds", "list", "--json"))["rounds"])
    page = _open_page(processes, port, clock, scene)
    _bring_in_people(processes, page, scene["people"], sample / "people.csv")
    processes.start("kaikaku", "bot", "run")
    processes.wait_for_port("kaikaku", int(processes.settings["PORT"]))
    _live_through_the_morning(page, scene["answers"])
    return page.address


def _register_plans(processes: Processes, sample: Path) -> None:
    run = processes.kaikaku
    sections = "総務課;窓口サービス課;市民協働課;保健福祉課"
    run("units", "add", WARD, "--code", "aozora", "--kana", "あおぞらく")
    contact = ("--contact", "総務課(区政企画)", "--extension", "1234")
    run("units", "set", WARD, *contact, "--sections", sections)
    run("import", str(sample / "aozora-r7.txt"))
    run("import", str(sample / "aozora-r8.csv"), "--ward", WARD, "--year", str(YEAR))
    for year, kind, notice, *dates in _ROUNDS:
        named = ("--ward", WARD, "--year", year, "--kind", kind, "--notice", notice)
        run("rounds", "set", *named, *dates)


def _open_page(processes: Processes, port: int, clock: Path, scene: dict[str, Any]) -> Page:
    """Start the stand-in. Its tokens become settings of what is started after it."""
    processes.settings.update(
        {
            "SLACK_BOT_TOKEN": "xoxb-playground-bot",
            "SLACK_APP_TOKEN": "xapp-playground-app",
        }
    )
    path = processes.folder / "scene.json"
    path.write_text(json.dumps(scene, ensure_ascii=False), encoding="utf-8")
    words = ("--port", str(port), "--clock-file", str(clock), "--scene", str(path))
    sweep = shlex.join([sys.executable, "-m", "bot", "sweep"])
    processes.start("playground", "playground", *words, "--sweep", sweep)
    processes.wait_for_port("playground", port)
    return Page(port)


def _bring_in_people(
    processes: Processes, page: Page, people: list[dict[str, str]], roster: Path
) -> None:
    for person in people:
        page.add_person(person["name"], person["email"])
    processes.kaikaku("people", "import", str(roster))


def _live_through_the_morning(page: Page, answers: list[dict[str, str]]) -> None:
    page.go_to(at_tokyo(OPENING, WINDOW_OPENS))
    for answer in answers:
        page.answer(answer)
    page.go_to(at_tokyo(OPENING, AFTER))


def _scene(sample: Path, rounds: list[dict[str, Any]]) -> dict[str, Any]:
    """The sample's scene with the dates that the registered rounds have."""
    scene: dict[str, Any] = json.loads((sample / "scene.json").read_text(encoding="utf-8"))
    calendar = OfficeCalendar()
    dates = [{k: date.fromisoformat(each[k]) for k in ("opens", "due")} for each in rounds]
    stops = {
        "開始日へ": [each["opens"] for each in dates],
        "入力期限へ": [each["due"] for each in dates],
        "期限の3開庁日後へ": [calendar.after(each["due"], 3) for each in dates],
    }
    days = (OPENING + timedelta(days=n) for n in range((LAST_DAY - OPENING).days))
    return {
        **scene,
        "commands": [{"text": text, "help": words} for text, words in _commands()],
        "stops": {label: list(map(_morning, found)) for label, found in stops.items()},
        "mornings": [_morning(day) for day in days if calendar.is_business_day(day)],
        "tour": [_dated(step, stops) for step in scene["tour"]],
    }


def _dated(step: dict[str, Any], stops: dict[str, list[date]]) -> dict[str, Any]:
    """A step that moves the clock leads to this round's day, also when it is taken twice."""
    action = step.get("action", {})
    if "stop" not in action:
        return step
    to = min(day for day in stops[action["stop"]] if day > OPENING)
    return {**step, "action": {**action, "to": _morning(to)}}


def _commands() -> Iterator[tuple[str, str]]:
    """What the help lists, with our ward in place of the example."""
    for command in COMMANDS:
        for text, words in command.help:
            yield text.replace("西区", WARD), words


def _morning(day: date) -> str:
    return at_tokyo(day, WINDOW_OPENS).isoformat()


def _set_clock(path: Path, instant: datetime) -> None:
    offset = (instant - SystemClock().now()).total_seconds()
    path.write_text(f"{offset:.3f}", encoding="ascii")


def _sample() -> Path:
    """The folder of the sample ward: data of the playground, which is not imported here."""
    found = find_spec("playground")
    folder = Path(found.origin).parent / "sample" if found and found.origin else None
    if folder is None or not folder.is_dir():
        raise Refused("練習用の区のファイルが見つかりません。")
    return folder
