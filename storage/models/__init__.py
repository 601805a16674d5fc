"""The tables: what kaikaku remembers. States and kinds are stored as plain strings."""

from __future__ import annotations

from storage.models.audit import AuditEntry
from storage.models.base import Table
from storage.models.checkins import CheckIn, Decision, Revision
from storage.models.drafts import DraftRow
from storage.models.imports import ImportBatch
from storage.models.outbox import ApiPause, Letter, LetterLine
from storage.models.people import Absence, Account, Ownership, Person, RoleGrant
from storage.models.plans import IndicatorRow, Initiative, InitiativeLink, Plan
from storage.models.publications import Publication
from storage.models.retention import Disposal, Retention
from storage.models.rounds import Consultation, Nudge, PlannedDate, ReviewRound
from storage.models.units import Digest, Section, Unit, UnitClosure
from storage.models.unreadable import PaperMark

__all__ = [
    "Absence",
    "Account",
    "ApiPause",
    "AuditEntry",
    "CheckIn",
    "Consultation",
    "Decision",
    "Digest",
    "Disposal",
    "DraftRow",
    "ImportBatch",
    "IndicatorRow",
    "Initiative",
    "InitiativeLink",
    "Letter",
    "LetterLine",
    "Nudge",
    "Ownership",
    "PaperMark",
    "Person",
    "Plan",
    "PlannedDate",
    "Publication",
    "Retention",
    "ReviewRound",
    "Revision",
    "RoleGrant",
    "Section",
    "Table",
    "Unit",
    "UnitClosure",
]
