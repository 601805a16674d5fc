"""What every test starts from: an environment with no trace of the machine's own settings."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator

import pytest
from aiohttp import web_app

pytest_plugins = ("tests.databases",)

_PREFIXES = ("SLACK_", "KAIKAKU_", "PG")
_NAMES = {"DATABASE_URL", "FORMS_DIR", "HOST", "PORT", "METRICS_PORT", "LOG_LEVEL", "LOG_FORMAT"}
# slack_sdk by itself sends even loopback calls through a proxy, whatever NO_PROXY says.
_PROXIES = {"HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "SSL_CERT_FILE"}
# With it, each of hundreds of children would compile the whole house anew: a third of its start.
_HABITS = {"PYTHONDONTWRITEBYTECODE"}


def pytest_collection_finish() -> None:
    """What is imported by now stays: the garbage collector walks over none of it again, and walks
    more seldom, for a story makes as much at once as it would otherwise count up to. Else a fifth
    of the suite's time is its own.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 10)


def pytest_runtest_teardown() -> None:
    """aiohttp remembers the last thousand handlers, and with them each test's whole workspace."""
    web_app._cached_build_middleware.cache_clear()


def _leaks(name: str) -> bool:
    return name.upper().startswith(_PREFIXES) or name.upper() in _NAMES | _PROXIES | _HABITS


@pytest.fixture(scope="session", autouse=True)
def clean_environment() -> Iterator[None]:
    """A developer's own token or database must never be what a test talks to."""
    with pytest.MonkeyPatch.context() as environment:
        for name in filter(_leaks, list(os.environ)):
            environment.delenv(name)
        yield
