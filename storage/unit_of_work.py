"""One transaction and the stores that share it."""

from __future__ import annotations

from functools import cached_property

from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.absences import Absences
from storage.api_pauses import ApiPauses
from storage.audit import AuditTrail
from storage.briefs import Briefs
from storage.checkins import CheckIns
from storage.consultations import Consultations
from storage.correspondence import Correspondence
from storage.decisions import Decisions
from storage.digests import Digests
from storage.drafts import Drafts
from storage.histories import Histories
from storage.imports import Imports
from storage.letter_updates import LetterUpdates
from storage.lineages import Lineages
from storage.outbox import Outbox
from storage.overviews import Overviews
from storage.people import People
from storage.plans import Plans
from storage.postponed import Postponed
from storage.publications import Publications
from storage.reader import Known, Reader
from storage.readings import Readings
from storage.retention import Retentions
from storage.rounds import Rounds
from storage.units import Units
from storage.unreadable import Unreadables


class UnitOfWork:
    """Nothing is kept unless ``commit()`` is called: safety is the default.

    Each store is made when it is first used; the session costs as much as a few statements.
    """

    def __init__(self, connection: AsyncConnection, known: Known) -> None:
        """Whoever opened the connection closes it; ``known`` statements are its database's."""
        self._connection = connection
        self._begun: AsyncSession | None = None
        self._reader = Reader(connection, lambda: self._begun, known)

    @cached_property
    def units(self) -> Units:
        """Units and sections."""
        return Units(lambda: self._session, self._reader)

    @cached_property
    def plans(self) -> Plans:
        """Plans and what is in them."""
        return Plans(self._session)

    @cached_property
    def people(self) -> People:
        """People, accounts, roles and ownerships."""
        return People(lambda: self._session, self._reader)

    @cached_property
    def rounds(self) -> Rounds:
        """Review rounds."""
        return Rounds(lambda: self._session, self._reader)

    @cached_property
    def check_ins(self) -> CheckIns:
        """Answers and their revisions."""
        return CheckIns(lambda: self._session, self._reader)

    @cached_property
    def decisions(self) -> Decisions:
        """Confirmations and what was sent back."""
        return Decisions(self._session)

    @cached_property
    def consultations(self) -> Consultations:
        """What owners ask of their coordinator."""
        return Consultations(lambda: self._session, self._reader)

    @cached_property
    def drafts(self) -> Drafts:
        """What is typed and not submitted."""
        return Drafts(lambda: self._session, self._reader)

    @cached_property
    def absences(self) -> Absences:
        """Who is away, and who stands in."""
        return Absences(lambda: self._session, self._reader)

    @cached_property
    def outbox(self) -> Outbox:
        """Letters."""
        return Outbox(lambda: self._session, self._reader)

    @cached_property
    def letter_updates(self) -> LetterUpdates:
        """What sent letters are to say now."""
        return LetterUpdates(lambda: self._session, self._reader)

    @cached_property
    def correspondence(self) -> Correspondence:
        """What people have been written."""
        return Correspondence(lambda: self._session, self._reader)

    @cached_property
    def briefs(self) -> Briefs:
        """What letters say, of many rounds at once."""
        return Briefs(self._reader)

    @cached_property
    def readings(self) -> Readings:
        """What screens show."""
        return Readings(self._reader)

    @cached_property
    def digests(self) -> Digests:
        """Which unit's numbers go to which channel."""
        return Digests(self._session)

    @cached_property
    def overviews(self) -> Overviews:
        """What Home shows at a glance."""
        return Overviews(self._session, self._reader)

    @cached_property
    def api_pauses(self) -> ApiPauses:
        """How long Slack wants to be left alone."""
        return ApiPauses(self._session)

    @cached_property
    def postponed(self) -> Postponed:
        """What is put off for longer than it can be."""
        return Postponed(self._session)

    @cached_property
    def histories(self) -> Histories:
        """What happened to an item."""
        return Histories(self._session)

    @cached_property
    def retentions(self) -> Retentions:
        """What is due to be disposed of."""
        return Retentions(self._session)

    @cached_property
    def lineages(self) -> Lineages:
        """Which item continues which."""
        return Lineages(self._session, self._reader)

    @cached_property
    def unreadable(self) -> Unreadables:
        """Marks that a published file lost."""
        return Unreadables(self._session)

    @cached_property
    def publications(self) -> Publications:
        """What was published."""
        return Publications(self._session)

    @cached_property
    def imports(self) -> Imports:
        """Documents that were taken in."""
        return Imports(self._session)

    @cached_property
    def audit(self) -> AuditTrail:
        """Who did what."""
        return AuditTrail(self._session)

    async def commit(self) -> None:
        """Keep what was written. Nothing may be read or written afterwards."""
        if self._begun is not None:
            await self._begun.flush()
        await self._connection.commit()

    @property
    def _session(self) -> AsyncSession:
        if self._begun is None:
            self._begun = AsyncSession(self._connection, expire_on_commit=False)
        return self._begun
