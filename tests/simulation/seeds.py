"""Many years one after the other, in as many processes as there are cores."""

from __future__ import annotations

import gc
import logging
import shutil
import tempfile
import warnings
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path
from time import process_time

from storage.schema import upgrade
from tests.simulation.process import Engines
from tests.simulation.safeguards import without
from tests.simulation.year import Year, simulate

_MEMORY = Path("/dev/shm")  # a file there never waits for a disk


@dataclass(frozen=True)
class Outcome:
    """How one seed's year ended."""

    seed: int
    findings: dict[str, str]
    seconds: float  # of processor time


@dataclass
class Ground:
    """A folder with a database as the migrations leave it, copied anew for each year."""

    folder: Path
    engines: Engines = field(default_factory=dict)

    @property
    def url(self) -> str:
        """The database of the year that is lived through."""
        return f"sqlite:///{self.folder / 'year.db'}"

    def live(self, seed: int) -> Year:
        """The year of a seed."""
        self._clear()
        return simulate(seed, self.url, self.folder, self.engines)

    def _clear(self) -> None:
        template = self.folder / "template.db"
        if not template.exists():
            upgrade(f"sqlite:///{template}")
        for left in (*self.folder.glob("year.db*"), *self.folder.glob("backup-*")):
            left.unlink()
        shutil.copyfile(template, self.folder / "year.db")


@contextmanager
def ground() -> Iterator[Ground]:
    """A place to live in, in memory where the machine has a file system there."""
    where = _MEMORY if _MEMORY.is_dir() else None
    folder = Path(tempfile.mkdtemp(prefix="kaikaku-", dir=where))
    try:
        yield Ground(folder)
    finally:
        shutil.rmtree(folder)


def outcomes(seeds: Iterable[int], *, safeguard: str = "", jobs: int = 2) -> Iterator[Outcome]:
    """Live through these years, with a safeguard taken out or none; each as soon as it ends."""
    workers = get_context("spawn")
    with ground() as common, workers.Pool(jobs, _begin, (safeguard, str(common.folder))) as pool:
        yield from pool.imap_unordered(_live, seeds)


# What a worker process keeps from one seed to the next; a patch lasts as long as its context.
_here: list[Ground] = []
_taken_out = ExitStack()


def _begin(safeguard: str, folder: str) -> None:
    """A worker's start. Collecting garbage once a year costs less than in the middle of it."""
    logging.disable()
    gc.disable()
    # A task that is killed lets go of its connection as a dead process does: without a word.
    warnings.filterwarnings("ignore", "The garbage collector is trying to clean up non-checked-in")
    _here.append(Ground(Path(tempfile.mkdtemp(dir=folder))))
    _taken_out.enter_context(without(safeguard))


def _live(seed: int) -> Outcome:
    began = process_time()
    year = _here[0].live(seed)
    gc.collect()
    return Outcome(seed, year.findings, process_time() - began)
