"""How long a person's Slack waits for an acknowledgement while ten people click at once."""

from __future__ import annotations

from tests.bench.bench import Bench
from tests.bench.load import Batch, perform
from tests.bench.rows.interactions import city_at_work, slash
from tests.bench.table import Measured, Row

AT_ONCE = 10

MEDIAN = Row("ack-p50", "acknowledgement, ten at once, p50", "bare Bolt, default", "ms", 1.1)
SLOWEST = Row("ack-p99", "acknowledgement, ten at once, p99", "bare Bolt, default", "ms", 1.5)


async def measure_acknowledgement(bench: Bench) -> list[Measured]:
    """Ten people click, see their forms, and click again; bare Bolt has only to acknowledge."""
    async with (
        city_at_work(bench) as at,
        bench.floor(first=False) as (bare, callers),
    ):
        floors: list[Batch] = []
        mine: list[Batch] = []
        for _ in range(bench.size.runs + 1):
            deeds = [callers.sends(slash(item)) for item in at.items]
            floors.append(await perform(bare, deeds, at_once=AT_ONCE))
            deeds = [at.people.opens(item) for item in at.items]
            mine.append(await perform(at.child, deeds, at_once=AT_ONCE))
    return [_at(MEDIAN, 0.5, floors[1:], mine[1:]), _at(SLOWEST, 0.99, floors[1:], mine[1:])]


def _at(row: Row, share: float, floors: list[Batch], mine: list[Batch]) -> Measured:
    def waits(batches: list[Batch]) -> tuple[float, ...]:
        return tuple(batch.quantile(share) * 1000 for batch in batches)

    return Measured(row, waits(floors), waits(mine))
