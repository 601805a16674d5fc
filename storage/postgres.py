"""PostgreSQL for the event loop: a server that says nothing any more is left in time.

The server's own limits (lock_timeout, statement_timeout) do not run while it stands still, and a
driver that is cancelled then asks that very server to give up, and waits. So the socket is shut:
the statement under way fails at once, and the connection is thrown away.
"""

from __future__ import annotations

import asyncio
import os
import socket
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

_CUT = "kaikaku_cut"


def bound(engine: Engine, seconds: float) -> None:
    """No unit of work holds a connection for longer; one that was closed meanwhile is replaced."""

    @event.listens_for(engine, "checkout")
    def on_checkout(raw: Any, entry: ConnectionPoolEntry, _fairy: PoolProxiedConnection) -> None:
        loop = asyncio.get_running_loop()
        entry.info[_CUT] = loop.call_later(seconds, _shut, raw)
        until = loop.time() + seconds
        try:
            engine.dialect.do_ping(raw)
        except engine.dialect.loaded_dbapi.Error as error:
            entry.info.pop(_CUT).cancel()
            if loop.time() >= until:
                raise PoolTimeoutError("the database says nothing") from error
            raise DisconnectionError from error

    @event.listens_for(engine, "checkin")
    def on_checkin(_raw: Any, entry: ConnectionPoolEntry) -> None:
        if _CUT in entry.info:
            entry.info.pop(_CUT).cancel()


def _shut(raw: Any) -> None:
    if raw.driver_connection.closed:
        return
    with socket.socket(fileno=os.dup(raw.driver_connection.fileno())) as ours:
        ours.shutdown(socket.SHUT_RDWR)
