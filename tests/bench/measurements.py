"""All measurements in the order of the table. A new row is a line here and a module in rows/."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from itertools import chain

from tests.bench.bench import Bench
from tests.bench.rows import (
    acknowledgement,
    delivery,
    documents,
    growth,
    interactions,
    resources,
    screens,
)
from tests.bench.table import Measured, Row


@dataclass(frozen=True)
class Measurement:
    """What is measured together: the rows it fills, and how.

    ``spread``: a part of its pairs at the beginning, in the middle and at the end of a run. A
    neighbour on the same hardware, who stays for half a minute, then disturbs a part of them.
    """

    rows: tuple[Row, ...]
    measure: Callable[[Bench], Awaitable[list[Measured]]]
    spread: bool = False


MEASUREMENTS = (
    Measurement((interactions.OPEN,), interactions.measure_open, spread=True),
    Measurement((interactions.COMMAND,), interactions.measure_command, spread=True),
    Measurement((interactions.ANSWER,), interactions.measure_answer, spread=True),
    Measurement((interactions.WITH_LETTER,), interactions.measure_answer_with_letter, spread=True),
    Measurement(
        (acknowledgement.MEDIAN, acknowledgement.SLOWEST), acknowledgement.measure_acknowledgement
    ),
    Measurement((growth.STATUS,), growth.measure_status),
    Measurement((growth.SWEEP,), growth.measure_sweep),
    Measurement((delivery.LETTERS, delivery.LETTERS_CPU), delivery.measure_letters),
    Measurement((delivery.CALLS,), delivery.measure_calls),
    Measurement((resources.GROWN, resources.HELD), resources.measure_memory),
    Measurement((resources.START, resources.START_CPU), resources.measure_start),
    Measurement(screens.ROWS, screens.measure_screens, spread=True),
    Measurement(tuple(chain(*documents.ROWS.values())), documents.measure_documents),
)


def in_turn(chosen: Sequence[Measurement]) -> list[Measurement]:
    """What is spread three times, and between these times the others once each."""
    spread = [each for each in chosen if each.spread]
    once = [each for each in chosen if not each.spread]
    middle = len(once) // 2
    return [*spread, *once[:middle], *spread, *once[middle:], *spread]
