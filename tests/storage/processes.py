"""Rivals for storage tests: other processes, and other connections that hold a lock."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from sqlalchemy.engine import make_url

from storage.database import sync_url


def in_processes(code: str, *arguments: list[str]) -> list[str]:
    """What several Pythons print that run ``code`` at once, each with its own arguments."""
    running = [
        subprocess.Popen(
            [sys.executable, "-c", code, *each],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for each in arguments
    ]
    ended = [(process, *process.communicate(timeout=120)) for process in running]
    for process, _, complaint in ended:
        assert process.returncode == 0, complaint
    return [printed.strip() for _, printed, _ in ended]


@contextmanager
def holding_all_writes(url: str) -> Iterator[None]:
    """Somebody else is in the middle of a write for as long as the ``with`` lasts."""
    if url.startswith("sqlite"):
        other = sqlite3.connect(make_url(url).database or "", isolation_level=None)
        try:
            other.execute("BEGIN IMMEDIATE")
            other.execute("UPDATE unit SET contact = 'unfinished'")
            yield
        finally:
            other.close()
        return
    with psycopg.connect(libpq_url(url)) as connection:
        connection.execute("LOCK TABLE unit IN ACCESS EXCLUSIVE MODE")
        yield
        connection.rollback()


def libpq_url(url: str) -> str:
    """The address as libpq knows it, without a driver's name."""
    return sync_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
