"""One transaction and the stores that share it."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.absences import Absences
from storage.api_pauses import ApiPauses
from storage.audit import AuditTrail
from storage.briefs import Briefs
from storage.checkins import CheckIns
from storage.consultations import Consultations
from storage.decisions import Decisions
from storage.digests import Digests
from storage.drafts import Drafts
from storage.histories import Histories
from storage.imports import Imports
from storage.outbox import Outbox
from storage.people import People
from storage.plans import Plans
from storage.reader import Reader
from storage.readings import Readings
from storage.retention import Retentions
from storage.rounds import Rounds
from storage.units import Units


class UnitOfWork:
    """Nothing is kept unless ``commit()`` is called: safety is the default."""

    def __init__(self, connection: AsyncConnection) -> None:
        """Whoever opened the connection closes it."""
        self._connection = connection
        self._session = session = AsyncSession(connection, expire_on_commit=False)
        reader = Reader(connection, session)
        self.units = Units(session)
        self.plans = Plans(session)
        self.people = People(session)
        self.rounds = Rounds(session)
        self.check_ins = CheckIns(session, reader)
        self.decisions = Decisions(session)
        self.consultations = Consultations(session)
        self.drafts = Drafts(session, reader)
        self.absences = Absences(session)
        self.outbox = Outbox(session)
        self.briefs = Briefs(session)
        self.readings = Readings(reader)
        self.digests = Digests(session)
        self.api_pauses = ApiPauses(session)
        self.histories = Histories(session)
        self.retentions = Retentions(session)
        self.imports = Imports(session)
        self.audit = AuditTrail(session)

    async def commit(self) -> None:
        """Keep what was written. Nothing may be read or written afterwards."""
        await self._session.flush()
        await self._connection.commit()
