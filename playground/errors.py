"""What the stand-in answers when it refuses: Slack's error codes, and faults of the test itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


class SlackRefusal(Exception):
    """A Web API answer with `ok: false`; `extra` is merged into the answer."""

    def __init__(self, code: str, *, messages: Sequence[str] = (), **extra: Any) -> None:
        super().__init__(code, *messages)
        self.code = code
        self.messages = tuple(messages)
        self.extra = extra

    def answer(self) -> dict[str, Any]:
        """The JSON body Slack sends for this refusal."""
        body: dict[str, Any] = {"ok": False, "error": self.code, **self.extra}
        if self.messages:
            body["errors"] = list(self.messages)
            body["response_metadata"] = {"messages": [f"[ERROR] {m}" for m in self.messages]}
        return body


class NotOnScreen(LookupError):
    """A person was told to use something that they do not see."""


class NothingOpened(LookupError):
    """A click was acknowledged or failed, and no modal came; `reply` says which."""

    def __init__(self, reply: object) -> None:
        super().__init__(f"no modal opened: {reply}")
        self.reply = reply


class UnknownMethodCalled(AssertionError):
    """Something called a Web API method that the stand-in does not have."""
