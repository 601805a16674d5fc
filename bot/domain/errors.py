"""One family of errors; each carries the Japanese sentence that a person will read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


class KaikakuError(Exception):
    """Base of all our errors. ``message`` says in Japanese what is wrong and what to do next."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class NotFound(KaikakuError):
    """Something named by a person or a payload does not exist."""


class AccessDenied(KaikakuError):
    """The person may not see or do this; the message says nothing about the content."""


class NotRegistered(AccessDenied):
    """Nobody of ours is behind the account."""


class Refused(KaikakuError):
    """A request that cannot be carried out; ``faults`` are further lines, one a fault."""

    def __init__(self, message: str, faults: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.faults = tuple(faults)


class InvalidAnswers(KaikakuError):
    """Faults in a filled-in form, as field key to the sentence shown under that field."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        super().__init__("入力を確認してください。")
        self.faults = dict(faults)


class EntryClosed(KaikakuError):
    """The round takes no more answers."""


class NotSaved(KaikakuError):
    """The database did not take the write in time; nothing was stored."""
