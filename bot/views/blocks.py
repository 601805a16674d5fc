"""The few Block Kit constructors that all screens are made of; each fits its text to Slack's limits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True)
class Rendered:
    """A message: ``text`` stands alone in a notification (60 characters at most), with blocks."""

    text: str
    blocks: list[Json]
