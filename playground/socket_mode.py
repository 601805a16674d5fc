"""Socket Mode: several WebSocket connections of one app, each envelope to exactly one of them."""

from __future__ import annotations

import asyncio
import json
import secrets
from dataclasses import dataclass
from typing import Any

from aiohttp import WSMsgType, web

from playground import limits
from playground.changes import Changes
from playground.deliveries import Ack, Delivery, Kind
from playground.rules import Json

CLOSING = 1.0  # seconds that a peer has to take leave


@dataclass(eq=False)
class Connection:
    """One WebSocket; `retiring` gets no new envelopes, `dead` is open but does not answer."""

    socket: web.WebSocketResponse
    transport: asyncio.Transport | None
    retiring: bool = False
    dead: bool = False


class SocketMode:
    """The way to the app over its own WebSocket connections."""

    def __init__(self, *, app_id: str, changes: Changes) -> None:
        self._app_id, self._changes = app_id, changes
        self._tickets: set[str] = set()
        self._waiting: dict[str, asyncio.Future[Json]] = {}
        self._turn = 0
        self.connections: list[Connection] = []

    @property
    def is_open(self) -> bool:
        """Whether a connection can take an envelope."""
        return any(not c.retiring for c in self.connections)

    def ticket(self) -> str:
        """A ticket that opens one connection."""
        ticket = secrets.token_hex(16)
        self._tickets.add(ticket)
        return ticket

    async def accept(self, request: web.Request) -> web.StreamResponse:
        """Serve one connection for as long as it lasts."""
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            return web.Response(status=401)
        self._tickets.discard(ticket)
        socket = web.WebSocketResponse(autoping=False, timeout=CLOSING)
        await socket.prepare(request)
        if len(self.connections) >= limits.SOCKETS:
            await self._disconnect(socket, "too_many_websockets")
            await socket.close()
            return socket
        await self._serve(Connection(socket, request.transport))
        return socket

    async def send(self, delivery: Delivery, seconds: float) -> Ack:
        """Send an envelope to one connection, in turn, and wait for its acknowledgement."""
        envelope_id = secrets.token_hex(12)
        answer: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        self._waiting[envelope_id] = answer
        try:
            async with asyncio.timeout(seconds):
                await self._next().socket.send_json(_envelope(envelope_id, delivery))
                return Ack(body=await answer)
        except TimeoutError:
            return Ack("operation_timeout", retry_reason="timeout")
        except ConnectionError:
            return Ack("dispatch_failed", retry_reason="connection_failed")
        finally:
            del self._waiting[envelope_id]

    async def request_refresh(self, *, warning: bool = False, every: bool = False) -> None:
        """Ask the oldest connection to reconnect, as Slack does every few hours; or ``every`` one:
        what was opened together is asked together.
        """
        for connection in self.connections[: None if every else 1]:
            connection.retiring = not warning
            reason = "warning" if warning else "refresh_requested"
            await self._disconnect(connection.socket, reason)

    def go_dead(self) -> None:
        """Leave all connections open and answer nothing on them, pings neither."""
        for connection in self.connections:
            connection.dead = True

    async def cut(self) -> None:
        """Break all connections without a word."""
        for connection in list(self.connections):
            if connection.transport:
                connection.transport.abort()

    async def close(self) -> None:
        """Close all connections properly."""
        for connection in list(self.connections):
            await connection.socket.close()

    async def _serve(self, connection: Connection) -> None:
        self.connections.append(connection)
        await connection.socket.send_json(self._hello())
        self._changes.notify()
        try:
            async for message in connection.socket:
                await self._receive(connection, message.type, message.data)
        finally:
            self.connections.remove(connection)
            self._changes.notify()

    async def _receive(self, connection: Connection, kind: WSMsgType, data: Any) -> None:
        if connection.dead:
            return
        if kind is WSMsgType.PING:
            await connection.socket.pong(data)
        elif kind is WSMsgType.TEXT:
            self._take_ack(json.loads(data))

    def _take_ack(self, ack: Json) -> None:
        waiting = self._waiting.get(str(ack.get("envelope_id")))
        if waiting and not waiting.done():
            waiting.set_result(_payload(ack.get("payload")))

    def _next(self) -> Connection:
        live = [c for c in self.connections if not c.retiring]
        if not live:
            raise ConnectionError("the last connection has just gone")
        self._turn += 1
        return live[self._turn % len(live)]

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self.connections),
            "connection_info": {"app_id": self._app_id},
            "debug_info": {
                "host": "stand-in",
                "build_number": 1,
                "approximate_connection_time": 3600,
            },
        }

    async def _disconnect(self, socket: web.WebSocketResponse, reason: str) -> None:
        debug = {"host": "stand-in"}
        await socket.send_json({"type": "disconnect", "reason": reason, "debug_info": debug})


def _envelope(envelope_id: str, delivery: Delivery) -> Json:
    envelope: Json = {
        "envelope_id": envelope_id,
        "type": delivery.kind.value,
        "payload": delivery.payload,
        "accepts_response_payload": delivery.kind is not Kind.EVENT,
    }
    if delivery.kind is Kind.EVENT:
        envelope["retry_attempt"] = delivery.retry_num
        envelope["retry_reason"] = delivery.retry_reason
    return envelope


def _payload(payload: Any) -> Json:
    if isinstance(payload, dict):
        return payload
    return {"text": payload} if payload else {}
