"""Ways to damage or forge a payload that Slack has really sent."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from hypothesis import strategies as st

from tests.fuzz.target import TYPED

Path = tuple[str | int, ...]

_DEEP: Any = "x"
for _ in range(300):
    _DEEP = [_DEEP]

TEXTS: tuple[str, ...] = (
    "",
    " ",
    "\x00",
    f"{TYPED}\x00",
    f"\ud800{TYPED}",
    f"{TYPED}\udfff",
    f"\u202e{TYPED}\u202c",
    f"{TYPED}\u0085\u2028\r\n\t\x1b[31m",
    f"{TYPED}" * 2000,
    "9" * 30,
    "-1",
    "0",
    "1.5",
    "nan",
    "inf",
    "2026-13-45",
    "20260918",
    "2026-W38-5",
    "null",
    "../../etc/passwd",
    "' OR 1=1 --",
    "{}",
    "[]",
    "%00",
    "mine",
    "theirs",
    "yes",
)
NUMBERS: tuple[float, ...] = (-1, 0, 1, 2**31, 2**53, 2**63, -(2**63) - 1, 10**30, 1.5, 1e308)
JUNK: tuple[Any, ...] = (None, True, False, [], {}, [None], {"": None}, {"id": []}, [[]], _DEEP)


def junk() -> st.SearchStrategy[Any]:
    """Anything in the place of anything."""
    texts = st.one_of(st.sampled_from(TEXTS), st.text(max_size=30))
    return st.one_of(texts, st.sampled_from(NUMBERS), st.sampled_from(JUNK))


@st.composite
def damaged(draw: st.DrawFn, payload: Mapping[str, Any], forged: Sequence[str]) -> Any:
    """The payload with one to three of its parts lost, changed or forged."""
    changed: Any = unpack(copy.deepcopy(dict(payload)))
    for _ in range(draw(st.integers(1, 3))):
        places = list(paths(changed))
        if not places:
            break
        place = draw(st.sampled_from(places))
        parent = _at(changed, place[:-1])
        match draw(st.sampled_from(("lose", "junk", "forge", "forge", "wrap", "copy"))):
            case "lose":
                del parent[place[-1]]
            case "junk":
                parent[place[-1]] = copy.deepcopy(draw(junk()))
            case "forge":
                leaves = [p for p in places if isinstance(_at(changed, p), str | int | None)]
                at = draw(st.sampled_from(leaves or places))
                _at(changed, at[:-1])[at[-1]] = draw(st.sampled_from(forged))
            case "wrap":
                parent[place[-1]] = draw(st.sampled_from((list, _object)))((parent[place[-1]],))
            case _:
                other = draw(st.sampled_from(places))
                parent[place[-1]] = copy.deepcopy(_at(changed, other))
    return pack(changed)


def paths(value: Any, here: Path = ()) -> Iterator[Path]:
    """Every place in a payload, in a fixed order."""
    entries: list[tuple[str | int, Any]] = []
    if isinstance(value, dict):
        entries = list(value.items())
    elif isinstance(value, list):
        entries = list(enumerate(value[:6]))
    for key, inner in entries:
        yield (*here, key)
        if len(here) < 8:
            yield from paths(inner, (*here, key))


def unpack(payload: Any) -> Any:
    """With the private metadata as the object that it is."""
    view = payload.get("view")
    if isinstance(view, dict) and str(view.get("private_metadata")).startswith("{"):
        view["private_metadata"] = json.loads(view["private_metadata"])
    return payload


def pack(payload: Any) -> Any:
    """With the private metadata as Slack carries it."""
    view = payload.get("view") if isinstance(payload, dict) else None
    if isinstance(view, dict) and isinstance(view.get("private_metadata"), dict):
        view["private_metadata"] = json.dumps(view["private_metadata"])
    return payload


def _at(value: Any, place: Path) -> Any:
    for key in place:
        value = value[key]
    return value


def _object(values: tuple[Any]) -> dict[str, Any]:
    return {"x": values[0]}
