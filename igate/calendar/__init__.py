"""The working calendar of Vietnam: days off, swaps, office hours, and arithmetic on them.

``WorkCalendar.vietnam()`` knows every day from 2010-01-01 to 2026-12-31 for civil servants, who
are bound by swaps of days, or for everybody else under the Labour Code. For columns of dates see
``igate.calendar.arrays``.
"""

from __future__ import annotations

from igate.calendar.calendar import WorkCalendar
from igate.calendar.days import CalendarDay, Change, Kind, Scope
from igate.calendar.hours import OfficeHours, Shift
from igate.calendar.layers import Layer, Record
from igate.calendar.lunar import hung_kings, tet
from igate.calendar.reading import read_layer

__all__ = [
    "CalendarDay",
    "Change",
    "Kind",
    "Layer",
    "OfficeHours",
    "Record",
    "Scope",
    "Shift",
    "WorkCalendar",
    "hung_kings",
    "read_layer",
    "tet",
]
