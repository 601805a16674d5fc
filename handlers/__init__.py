"""How people reach the bot in Slack: one module a feature, each with ``register(app, deps)``."""

from __future__ import annotations

from typing import Any

from slack_bolt.async_app import AsyncApp

from handlers import (
    absences,
    additions,
    charts,
    checkins,
    confirmations,
    consultations,
    conversation,
    digests,
    documents,
    drafts,
    errors,
    exemptions,
    files,
    handovers,
    histories,
    home,
    letters,
    lineages,
    mails,
    nudges,
    owners,
    people,
    publications,
    registrations,
    retention,
    rounds,
    status,
    unknown,
    unreadable,
)
from handlers.deps import Deps
from handlers.routes import Routes


def register_handlers(app: AsyncApp, deps: Deps) -> None:
    """Register every listener, the busiest first: one is asked after the other."""
    # It has the part of Bolt's surface that features use.
    routes: Any = Routes(app, deps.answers)
    features = (
        checkins,
        drafts,
        status,
        confirmations,
        consultations,
        nudges,
        mails,
        absences,
        handovers,
        histories,
        charts,
        retention,
        documents,
        publications,
        rounds,
        additions,
        exemptions,
        digests,
        letters,
        home,
        files,
        owners,
        registrations,
        lineages,
        unreadable,
        conversation,
        people,
        unknown,
        errors,
    )
    for feature in features:
        feature.register(routes, deps)
    routes.listen()
