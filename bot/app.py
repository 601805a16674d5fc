"""THE wiring: settings → databases, Slack, handlers and clock; start, stop and signals."""

from __future__ import annotations

import asyncio
import gc
import logging
import signal
from collections.abc import AsyncIterator, Coroutine, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.web.async_client import AsyncWebClient

from bot.background import QUIET, Background
from bot.clock import Clock, clock_of
from bot.config import Settings
from bot.domain.form import Form
from bot.domain.forms.form_files import load_forms
from bot.health import Monitor
from bot.log import bolt_logger
from bot.metrics import Metrics
from bot.services.office import Office
from bot.slack.delivery import Courier
from bot.slack.directory import Directory
from bot.slack.files import Files
from bot.slack.session import session_to
from bot.slack.workspace import Identity, check_app_token, identify
from bot.sockets import PACE, Pace, SocketConnections
from bot.web import WebServer
from handlers import register_handlers
from handlers.deps import PATIENCE, Deps
from handlers.notepad import PACE as WRITING
from handlers.notepad import Notepad
from schedules.jobs import Desk, Pulse
from schedules.timetable import TIMETABLE, Entry, start_scheduler
from storage.database import INTERACTIVE_WAIT, JOB_WAIT, Database

log = logging.getLogger(__name__)

# SIGTERM must end within 10 s: running work has the most of it.
_DRAIN_SECONDS = 7.0
_CONNECT_SECONDS = 5.0
_CALL_SECONDS = 10


@dataclass(frozen=True)
class Running:
    """A bot at work. The ports are where it listens, and for its metrics; 0 where it does not."""

    identity: Identity
    office: Office
    background: Background
    port: int = 0
    metrics_port: int = 0


async def serve(settings: Settings, *, listens: bool) -> None:
    """Run until SIGTERM or SIGINT, then end in order. Raises Refused when it can't start."""
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    stop = asyncio.Event()
    starting = True

    def on_signal() -> None:
        stop.set()
        if starting and task is not None:
            task.cancel()

    for each in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(each, on_signal)
    try:
        async with running(settings, listens=listens):
            starting = False
            settle()
            await stop.wait()
    except asyncio.CancelledError:
        if not stop.is_set():
            raise


def settle() -> None:
    """Of a process that has started: what it holds now it holds for good.

    The garbage collector walks over none of it again; each time it did cost what 100 letters do.
    """
    gc.freeze()


@asynccontextmanager
async def running(
    settings: Settings,
    *,
    listens: bool = True,
    clock: Clock | None = None,
    timetable: Sequence[Entry] = TIMETABLE,
    patience: float = PATIENCE,
    pace: Pace = PACE,
    quiet: float = QUIET,
    writing: float = WRITING,
) -> AsyncIterator[Running]:
    """Everything started, and on leaving stopped in order: claims, work, connections, engines.

    ``listens`` False: clock and delivery only; ``quiet``: seconds without work before connections
    are closed; ``writing``: seconds between two writes of what somebody types. Raises Refused when
    Slack does not take our tokens.
    """
    async with AsyncExitStack() as stack:
        forms = load_forms(settings.forms_dir)
        metrics, pulse = Metrics(), Pulse()
        session = await stack.enter_async_context(
            session_to(settings.api_url, settings.route, traces=[metrics.tracing()])
        )
        slack = {"token": settings.bot_token, "base_url": settings.api_url, "session": session}
        identity = await identify(**slack)  # type: ignore[arg-type]
        _warn_of_missing_scopes(identity)
        office = await _office(stack, settings, forms, clock, wait=INTERACTIVE_WAIT)
        desk = await _office(stack, settings, forms, clock, wait=JOB_WAIT)
        background = Background()
        courier, directory = Courier(**slack), Directory(**slack, team_id=identity.team_id)  # type: ignore[arg-type]
        monitor = Monitor(office, pulse, metrics)
        server = None
        if listens:
            team_id = identity.team_id
            files = Files(**slack)  # type: ignore[arg-type]
            # Not counted as calls of the Web API.
            answers = await stack.enter_async_context(session_to(settings.api_url, settings.route))
            deps = Deps(
                office,
                desk,
                courier,
                directory,
                files,
                background,
                team_id=team_id,
                answers=answers,
                patience=patience,
                notepad=Notepad(writing),
            )
            app = bolt_app(settings, identity, session)
            register_handlers(app, deps)
            server = await _listen(stack, settings, app, session, deps, monitor=monitor, pace=pace)
        watched = await _serve_metrics(stack, settings, monitor, background)
        # From here on leaving reads upwards: no more claims, no more requests, and what is
        # running comes to its end while connections are still open to answer on.
        stack.push_async_callback(background.drain, _DRAIN_SECONDS, quiet)
        if server:
            stack.push_async_callback(server.stop_accepting)
            stack.callback(deps.notepad.hurry)
        _start_clock(stack, Desk(desk, courier, directory, pulse=pulse), background, timetable)
        log.info("Running.", extra={"action": "bot.running", "mode": _mode(settings, listens)})
        yield Running(identity, office, background, server.port if server else 0, watched)
        log.info("Stopping.", extra={"action": "bot.stopping"})


def bolt_app(settings: Settings, identity: Identity, session: aiohttp.ClientSession) -> AsyncApp:
    """Bolt for our one workspace: who we are is known, so no request asks for it again."""
    client = AsyncWebClient(
        base_url=settings.api_url,
        session=session,
        retry_handlers=[],
        timeout=_CALL_SECONDS,
        # Answers to a response_url take the same way.
        proxy=settings.route.proxy_for(settings.api_url),
        ssl=settings.route.trusted,
    )
    known = AuthorizeResult(
        enterprise_id=None,
        team_id=identity.team_id,
        bot_user_id=identity.bot_user_id,
        bot_id=identity.bot_id,
        bot_token=settings.bot_token,
    )

    async def authorize() -> AuthorizeResult:
        return known

    return AsyncApp(
        name="kaikaku",
        logger=bolt_logger(),
        client=client,
        signing_secret=settings.signing_secret,
        authorize=authorize,
        # Our listeners end with their acknowledgement (a test holds it): it goes out at once. By
        # default Bolt looks every 10 ms whether there is one.
        process_before_response=True,
    )


async def _office(
    stack: AsyncExitStack,
    settings: Settings,
    forms: Mapping[str, Form],
    clock: Clock | None,
    *,
    wait: float,
) -> Office:
    database = Database(settings.database_url, wait=wait)
    stack.push_async_callback(database.dispose)
    return Office(database, clock or clock_of(settings.clock_file), forms)


async def _listen(
    stack: AsyncExitStack,
    settings: Settings,
    app: AsyncApp,
    session: aiohttp.ClientSession,
    deps: Deps,
    *,
    monitor: Monitor,
    pace: Pace,
) -> WebServer:
    """Open the ways in."""
    socket = None
    if settings.socket_mode:
        api = {"base_url": settings.api_url, "session": session}
        address = await check_app_token(token=settings.app_token, **api)  # type: ignore[arg-type]
        proxy = settings.route.proxy_for(address)
        client = AsyncWebClient(
            retry_handlers=[],
            timeout=_CALL_SECONDS,
            ssl=settings.route.trusted,  # its WebSockets have a session of their own
            **api,  # type: ignore[arg-type]
        )

        def make(ping: float) -> SocketModeClient:
            return SocketModeClient(
                settings.app_token, web_client=client, proxy=proxy, ping_interval=ping
            )

        socket = SocketConnections(
            app, make=make, background=deps.background, metrics=monitor.metrics, pace=pace
        )
        monitor.socket = socket
    server = WebServer(monitor=monitor, background=deps.background)
    stack.push_async_callback(server.close)
    if socket is None:
        server.receive(app, signing_secret=settings.signing_secret)
    else:
        stack.push_async_callback(socket.close)
    await server.start(settings.host, settings.port)
    if socket is not None:
        await socket.start(_CONNECT_SECONDS)
    return server


async def _serve_metrics(
    stack: AsyncExitStack, settings: Settings, monitor: Monitor, background: Background
) -> int:
    """Listen for Prometheus where that is wanted; on which port, else 0."""
    if settings.metrics_port is None:
        return 0
    server = WebServer(monitor=monitor, background=background)
    server.serve_metrics()
    stack.push_async_callback(server.close)
    await server.start(settings.host, settings.metrics_port, setting="METRICS_PORT")
    return server.port


def _start_clock(
    stack: AsyncExitStack, desk: Desk, background: Background, timetable: Sequence[Entry]
) -> None:
    """Tick; on leaving claim nothing more."""

    def start(work: Coroutine[Any, Any, None], action: str) -> asyncio.Task[None]:
        return background.start(work, action=action)

    scheduler = start_scheduler(desk, start, timetable)

    def stop() -> None:
        desk.stopping.asked = True
        scheduler.shutdown(wait=False)

    stack.callback(stop)


def _mode(settings: Settings, listens: bool) -> str:  # noqa: FBT001
    if not listens:
        return "work"
    return "socket" if settings.socket_mode else "http"


def _warn_of_missing_scopes(identity: Identity) -> None:
    if identity.missing_scopes:
        log.warning(
            "The Slack app lacks scopes: install it again from the manifest.",
            extra={"action": "scopes.missing", "reason": ",".join(identity.missing_scopes)},
        )
