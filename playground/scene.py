"""What stands around the page: who the people are, where the clock can go, what can be typed.

All of it is data in a JSON file; without one the page shows the bare workspace.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from playground.people import User
from playground.rules import Json


@dataclass(frozen=True)
class Scene:
    """`people` by e-mail address; `stops` by label, each with instants in order."""

    title: str = "Playground"
    people: Mapping[str, Json] = field(default_factory=dict)
    stops: Mapping[str, tuple[datetime, ...]] = field(default_factory=dict)
    mornings: tuple[datetime, ...] = ()
    commands: tuple[Json, ...] = ()
    tour: tuple[Json, ...] = ()

    def describe_person(self, user: User) -> Json:
        """An account with the part that its owner plays."""
        part = self.people.get(user.email, {})
        shown = {key: str(part.get(key, "")) for key in ("role", "section", "note")}
        return {"id": user.id, "name": user.name, "deleted": user.deleted, **shown}

    def in_order(self, users: list[User]) -> list[User]:
        """People with a part first, in the order of the parts; bots are left out."""
        place = {email: number for number, email in enumerate(self.people)}
        live = [user for user in users if not user.is_bot]
        return sorted(live, key=lambda user: place.get(user.email, len(place)))

    def describe_stops(self, now: datetime, following: datetime | None) -> list[Json]:
        """Where the clock can go next, each once; those that lie behind have no instant."""
        first: list[Json] = [{"label": "次の開庁日へ", "at": _iso(following)}]
        return first + [
            {"label": label, "at": _iso(next((at for at in instants if at > now), None))}
            for label, instants in self.stops.items()
        ]


def read_scene(path: Path | None) -> Scene:
    """The scene in a file, an empty one without; ValueError when it is none."""
    if path is None:
        return Scene()
    data = json.loads(path.read_text(encoding="utf-8"))
    return Scene(
        title=str(data.get("title", "Playground")),
        people={str(each["email"]): each for each in data.get("people", [])},
        stops={label: _instants(texts) for label, texts in data.get("stops", {}).items()},
        mornings=_instants(data.get("mornings", [])),
        commands=tuple(data.get("commands", [])),
        tour=tuple(data.get("tour", [])),
    )


def _instants(texts: list[str]) -> tuple[datetime, ...]:
    return tuple(sorted(datetime.fromisoformat(text) for text in texts))


def _iso(instant: datetime | None) -> str | None:
    return instant.isoformat() if instant else None
