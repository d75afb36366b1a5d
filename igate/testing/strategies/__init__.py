"""Hypothesis strategies for time limits, calendars, clocks, procedures, dossiers and tables.

What they draw is synthetic, but for the calendars of Vietnam and the procedures of the catalogue.
They go where deadlines go wrong: Tết and other long rests, make-up Saturdays, month ends, the
cut-off at 15:00, the end of the announced calendar, and clocks that start anew. With the extra
``testing`` installed, ``st.from_type(TimeLimit)`` and those of the other public values find them.
"""

from igate.testing.strategies.calendars import moments, working_calendars
from igate.testing.strategies.clocks import marks, suspensions
from igate.testing.strategies.definitions import procedures
from igate.testing.strategies.journals import dossiers, journals
from igate.testing.strategies.limits import time_limits
from igate.testing.strategies.tables import frames

__all__ = [
    "dossiers",
    "frames",
    "journals",
    "marks",
    "moments",
    "procedures",
    "suspensions",
    "time_limits",
    "working_calendars",
]
