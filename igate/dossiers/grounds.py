"""What decides dossiers by the definition files as they are, compiled once each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from igate.deadlines.rulefile import shipped_rules
from igate.dossiers.engine import Ground
from igate.procedures.definition import Definition

if TYPE_CHECKING:
    from datetime import date

    from igate.calendar import WorkCalendar
    from igate.procedures.procedure import Revision

__all__ = ["FiledGrounds"]


class FiledGrounds:
    """What decides the dossiers that are handed in under revisions, with the hash of each."""

    def __init__(self, calendar: WorkCalendar) -> None:
        """Count by a calendar."""
        self._calendar = calendar
        #: by procedure, revision and the period of the clock rules
        self._known: dict[tuple[str, str, str], Ground] = {}

    def on(self, revision: Revision, day: date) -> Ground:
        """Return what decides a dossier handed in under a revision on a day.

        Raises:
            IgateError: The clock rules of the revision are not in force on the day.
        """
        rules = shipped_rules(revision.clock_rules, on=day)
        key = (revision.procedure, revision.id, str(rules.period))
        ground = self._known.get(key)
        if ground is None:
            digest = Definition.of(revision, rules).digest
            ground = Ground.of(revision, rules, self._calendar, definition=digest)
            self._known[key] = ground
        return ground
