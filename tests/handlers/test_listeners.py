"""What is asked of every listener: Bolt sends its acknowledgement when the listener has ended."""

from __future__ import annotations

import ast
from pathlib import Path

import handlers

_HOME = Path(handlers.__file__).parent


def _listeners() -> dict[str, ast.AsyncFunctionDef]:
    """Every coroutine function that is given the ``ack`` of a request, by module and name."""
    return {
        f"{path.stem}.{inner.name}": inner
        for path in sorted(_HOME.glob("*.py"))
        for inner in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(inner, ast.AsyncFunctionDef)
        if "ack" in {argument.arg for argument in inner.args.args}
    }


def _waits(listener: ast.AsyncFunctionDef) -> list[str]:
    awaited = [node.value for node in ast.walk(listener) if isinstance(node, ast.Await)]
    return [ast.unparse(value.func) for value in awaited if isinstance(value, ast.Call)]


def test_a_listener_waits_for_nothing_but_its_acknowledgement() -> None:
    """What follows is work in the background; what it answers with is had within 2.3 s."""
    found = {name: set(_waits(listener)) for name, listener in _listeners().items()}

    assert {"modals.opened", "presses.pressed", "submissions.submitted"} <= set(found)
    # What a search offers is its acknowledgement: there is nothing to show in its place.
    assert found.pop("lineages.offer") == {"ack", "_offered"}
    assert set().union(*found.values()) == {"ack", "errors.answer_to_submission"}
