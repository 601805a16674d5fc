"""The record of all Web API calls, in order, without tokens."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass
class ApiCall:
    """One call: its merged arguments, when it came (Unix seconds), and how it ended.

    `outcome` is `ok`, an error code, or what a fault did, such as `drop_after`.
    """

    method: str
    args: dict[str, Any]
    at: float
    outcome: str = "pending"
    answer: dict[str, Any] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """Whether the caller was told that it worked."""
        return self.outcome == "ok"
