"""Who does a thing, as the audit trail has it: the command line, or somebody in Slack."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.people import Viewer


@dataclass(frozen=True)
class Actor:
    """``kind`` is cli or slack; ``person_id`` is known of those in Slack.

    ``units`` are the units for which somebody in Slack may act; None is all of them, as for whoever
    has the command line.
    """

    kind: str
    person_id: int | None = None
    units: frozenset[int] | None = None

    @classmethod
    def of(cls, viewer: Viewer, units: frozenset[int] | None = None) -> Actor:
        """Somebody who acts in Slack, for these units."""
        return cls("slack", viewer.person_id, units)

    @property
    def in_slack(self) -> bool:
        """Whether what is said is read in Slack, where there are no options of a command."""
        return self.kind == "slack"

    def may_act_for(self, unit_id: int | None) -> bool:
        """Whether a unit (None: every unit at once) is theirs to change."""
        return self.units is None or unit_id in self.units


COMMAND_LINE = Actor("cli")
