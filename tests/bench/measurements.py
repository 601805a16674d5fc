"""All measurements in the order of the table. A new row is a line here and a module in rows/."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
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
    """What is measured together: the rows it fills, and how."""

    rows: tuple[Row, ...]
    measure: Callable[[Bench], Awaitable[list[Measured]]]


MEASUREMENTS = (
    Measurement((interactions.OPEN,), interactions.measure_open),
    Measurement((interactions.COMMAND,), interactions.measure_command),
    Measurement((interactions.ANSWER,), interactions.measure_answer),
    Measurement((interactions.WITH_LETTER,), interactions.measure_answer_with_letter),
    Measurement(
        (acknowledgement.MEDIAN, acknowledgement.SLOWEST), acknowledgement.measure_acknowledgement
    ),
    Measurement((growth.STATUS,), growth.measure_status),
    Measurement((growth.SWEEP,), growth.measure_sweep),
    Measurement((delivery.LETTERS, delivery.LETTERS_CPU), delivery.measure_letters),
    Measurement((delivery.CALLS,), delivery.measure_calls),
    Measurement((resources.GROWN, resources.HELD), resources.measure_memory),
    Measurement((resources.START, resources.START_CPU), resources.measure_start),
    Measurement(screens.ROWS, screens.measure_screens),
    Measurement(tuple(chain(*documents.ROWS.values())), documents.measure_documents),
)
