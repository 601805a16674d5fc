"""One HTTP session for all calls to one address: a connection for each costs more than the call."""

from __future__ import annotations

from collections.abc import Sequence

import aiohttp

from bot.domain.letters import CALL_TIMEOUT
from bot.route import DIRECT, Route


def session_to(
    base_url: str, route: Route = DIRECT, *, traces: Sequence[aiohttp.TraceConfig] = ()
) -> aiohttp.ClientSession:
    """A session that takes the route there. Raises Refused when its certificates can't be read.

    The SDK sets its own time limit only on sessions that it has made itself: without this one a
    call that nobody answers would outlive the lease of its letter, and go out twice.
    """
    trusted = route.trusted
    return aiohttp.ClientSession(
        cookie_jar=aiohttp.DummyCookieJar(),  # a token says who we are: nothing is to be kept
        connector=aiohttp.TCPConnector(ssl=True if trusted is None else trusted),
        proxy=route.proxy_for(base_url),
        timeout=aiohttp.ClientTimeout(total=CALL_TIMEOUT),
        trace_configs=list(traces),
    )
