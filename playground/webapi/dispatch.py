"""One Web API call from its bytes to its answer: token, scope, faults, method, record."""

from __future__ import annotations

import asyncio
from typing import Any

from aiohttp import web

from playground.calls import ApiCall
from playground.errors import SlackRefusal
from playground.faults import Fault, FaultKind, Faults
from playground.rules import Json
from playground.webapi.arguments import Arguments, read_call
from playground.webapi.context import Api
from playground.webapi.methods import METHODS, Entry


class Dispatcher:
    """Answers `/api/<method>` and keeps the record of all calls."""

    def __init__(self, api: Api, faults: Faults) -> None:
        self._api, self._faults = api, faults
        self.calls: list[ApiCall] = []
        self.unknown: list[str] = []
        self.stopping = asyncio.Event()

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Serve one call; whatever happens to it is recorded."""
        method = request.match_info["method"]
        try:
            token, args = await read_call(request)
        except SlackRefusal as refusal:
            return self._json(method, refusal.answer())
        call = ApiCall(method, args.values, self._api.workspace.clock.wall())
        self.calls.append(call)
        self._api.workspace.changes.notify()
        fault = self._faults.next_for(method, args.values)
        response = await self._run(request, call, token, args, fault)
        self._api.workspace.changes.notify()
        return response

    async def _run(
        self, request: web.Request, call: ApiCall, token: str, args: Arguments, fault: Fault | None
    ) -> web.StreamResponse:
        if fault and fault.kind not in (FaultKind.SLOW, FaultKind.DROP_AFTER):
            call.outcome = fault.code or fault.kind.value
            return await self._fail(request, call, fault)
        if fault and fault.kind is FaultKind.SLOW:
            await asyncio.sleep(fault.seconds)
        call.answer = await self._perform(call.method, token, args)
        call.outcome = "ok" if call.answer["ok"] else call.answer["error"]
        if fault and fault.kind is FaultKind.DROP_AFTER:
            call.outcome = fault.kind.value
            return _cut(request)
        return self._json(call.method, call.answer)

    async def _perform(self, method: str, token: str, args: Arguments) -> Json:
        entry = METHODS.get(method)
        if entry is None:
            self.unknown.append(method)
            return {"ok": False, "error": "unknown_method", "req_method": method}
        try:
            self._authorise(entry, token)
            return {"ok": True, **await entry.run(self._api, args)}
        except SlackRefusal as refusal:
            return refusal.answer()

    def _authorise(self, entry: Entry, token: str) -> None:
        workspace = self._api.workspace
        if not token:
            raise SlackRefusal("not_authed")
        if token not in (workspace.bot_token, workspace.app_token):
            raise SlackRefusal("invalid_auth")
        if (token == workspace.app_token) != entry.app_token:
            raise SlackRefusal("not_allowed_token_type")
        if entry.scope and entry.scope not in workspace.scopes:
            provided = ",".join(workspace.scopes)
            raise SlackRefusal("missing_scope", needed=entry.scope, provided=provided)

    async def _fail(self, request: web.Request, call: ApiCall, fault: Fault) -> web.StreamResponse:
        if fault.kind is FaultKind.HANG:
            await self.stopping.wait()
        if fault.kind in (FaultKind.HANG, FaultKind.DROP):
            return _cut(request)
        if fault.kind is FaultKind.STATUS:
            return web.Response(status=fault.status, text="upstream error")
        body = {"ok": False, "error": fault.code}
        response = self._json(call.method, body, status=fault.status)
        if fault.kind is FaultKind.RATE_LIMITED:
            response.headers["Retry-After"] = str(int(fault.seconds))
        return response

    def _json(self, method: str, body: dict[str, Any], *, status: int = 200) -> web.Response:
        response = web.json_response(body, status=status)
        response.headers["X-OAuth-Scopes"] = ",".join(self._api.workspace.scopes)
        entry = METHODS.get(method)
        if entry and entry.scope:
            response.headers["X-Accepted-OAuth-Scopes"] = entry.scope
        return response


def _cut(request: web.Request) -> web.Response:
    if request.transport:
        request.transport.abort()
    return web.Response()
