"""The tables: what kaikaku remembers. States and kinds are stored as plain strings."""

from __future__ import annotations

from storage.models.audit import AuditEntry
from storage.models.base import Table
from storage.models.checkins import CheckIn, Revision
from storage.models.outbox import ApiPause, Letter, LetterLine
from storage.models.people import Account, Ownership, Person, RoleGrant
from storage.models.plans import IndicatorRow, Initiative, Plan
from storage.models.rounds import ReviewRound
from storage.models.units import Section, Unit, UnitClosure

__all__ = [
    "Account",
    "ApiPause",
    "AuditEntry",
    "CheckIn",
    "IndicatorRow",
    "Initiative",
    "Letter",
    "LetterLine",
    "Ownership",
    "Person",
    "Plan",
    "ReviewRound",
    "Revision",
    "RoleGrant",
    "Section",
    "Table",
    "Unit",
    "UnitClosure",
]
