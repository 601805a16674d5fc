"""Whether this process is well: what /healthz answers, and the page that Prometheus reads."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.errors import NotSaved
from bot.metrics import Metrics
from bot.services.office import Office
from bot.services.vitals import Vitals, read_vitals
from bot.sockets import SocketConnections
from schedules.jobs import Pulse

# The sweep looks each minute; one that sends a ward's letters may take longer.
_LONGEST_LAG = 300.0  # seconds


@dataclass(frozen=True)
class Health:
    """``faults``: "database", "slack" (no connection answers) or "sweep" (it has stopped)."""

    faults: tuple[str, ...]
    lag: float
    vitals: Vitals | None
    connections: int | None

    def record(self) -> dict[str, object]:
        """As JSON. ``live``: the process answers; ``ready``: it can do its work."""
        return {
            "status": "failing" if self.faults else "ok",
            "faults": list(self.faults),
            "live": True,
            "ready": not self.faults,
            "sweep_lag_seconds": round(self.lag, 1),
            "letters_waiting": self.vitals.waiting if self.vitals else None,
            "oldest_letter_seconds": round(self.vitals.oldest_seconds) if self.vitals else None,
            "slack_connections": self.connections,
        }


@dataclass
class Monitor:
    """Looks at one process. ``socket`` is None where Slack is reached otherwise, or not at all."""

    office: Office
    pulse: Pulse
    metrics: Metrics
    socket: SocketConnections | None = None

    async def look(self) -> Health:
        """How it is now."""
        vitals = await self._vitals()
        connections = await self.socket.count_open() if self.socket else None
        lag = self.pulse.lag()
        faults = {
            "database": vitals is None,
            "slack": connections == 0,
            "sweep": lag > _LONGEST_LAG,
        }
        return Health(tuple(name for name, bad in faults.items() if bad), lag, vitals, connections)

    async def page(self) -> bytes:
        """The metrics; what the database would have said is left out while it is away."""
        found = await self.look()
        return self.metrics.page(found.vitals, lag=found.lag, connections=found.connections or 0)

    async def _vitals(self) -> Vitals | None:
        try:
            return await read_vitals(self.office)
        except NotSaved:
            return None
