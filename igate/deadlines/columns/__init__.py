"""Due dates of whole columns: what ``compute_deadline`` says of each row, worked out at once.

One definition has two evaluators. ``igate.deadlines.deadline`` reads the journal of one dossier
step by step and explains itself; this package takes receipts, limits and suspensions as columns
and gives the same due moments in a few passes over arrays: two for each suspension that the
dossier with the most of them has. A test holds the two equal.

A suspension takes out what lies inside it, suspensions that overlap are one, and one that begins
after the end revives nothing. Where its reason restarts the count, the whole limit begins anew when
it ends. While one is open there is no due date but a remainder. Sums of limits, apologies with a
new date, and extensions are not read here; a dossier with one goes through ``compute_deadline``.
"""

from __future__ import annotations

from igate.deadlines.columns.due import DueDates, due_dates
from igate.deadlines.columns.suspensions import Suspensions

__all__ = ["DueDates", "Suspensions", "due_dates"]
