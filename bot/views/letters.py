"""Every letter that the bot sends, by what is stored at the moment of rendering."""

from __future__ import annotations

from bot.views.blocks import Rendered
from bot.views.consultations import ConsultedLetter, render_consulted
from bot.views.coordinator_report import CoordinatorReport, CoordinatorSection, render_coordinator
from bot.views.digests import DigestMessage, render_digest
from bot.views.managers_list import (
    ManagersList,
    ManagersSection,
    WardHeadSection,
    WardHeadSummary,
    render_managers,
    render_ward_head,
)
from bot.views.news import HandedOver, News, Returned
from bot.views.notice_words import NoticeSection
from bot.views.notices import Notice, render_notice
from bot.views.nudges import NudgeLetter, render_nudge
from bot.views.review_letters import (
    SentBackLetter,
    ToConfirmLetter,
    render_sent_back,
    render_to_confirm,
)

__all__ = [
    "ConsultedLetter",
    "CoordinatorReport",
    "CoordinatorSection",
    "DigestMessage",
    "HandedOver",
    "Letter",
    "ManagersList",
    "ManagersSection",
    "News",
    "Notice",
    "NoticeSection",
    "NudgeLetter",
    "Returned",
    "SentBackLetter",
    "ToConfirmLetter",
    "WardHeadSection",
    "WardHeadSummary",
    "render",
    "render_coordinator",
    "render_managers",
    "render_notice",
    "render_ward_head",
]

Letter = (
    Notice
    | ManagersList
    | WardHeadSummary
    | CoordinatorReport
    | SentBackLetter
    | ToConfirmLetter
    | ConsultedLetter
    | NudgeLetter
    | DigestMessage
)


def render(letter: Letter) -> Rendered:
    """Whatever letter it is, as text and blocks."""
    match letter:
        case Notice():
            return render_notice(letter)
        case ManagersList():
            return render_managers(letter)
        case WardHeadSummary():
            return render_ward_head(letter)
        case CoordinatorReport():
            return render_coordinator(letter)
        case SentBackLetter():
            return render_sent_back(letter)
        case ToConfirmLetter():
            return render_to_confirm(letter)
        case ConsultedLetter():
            return render_consulted(letter)
        case NudgeLetter():
            return render_nudge(letter)
        case DigestMessage():
            return render_digest(letter)
