"""The desk inside a transaction of Django."""

from datetime import datetime
from functools import cache

from igate import VIETNAM, Catalog, OneStop, WorkCalendar

AGENCY = "H15"
#: registration of a birth
PROCEDURE = "1.001193"


@cache
def _catalog() -> Catalog:
    return Catalog.shipped()


@cache
def _calendar() -> WorkCalendar:
    return WorkCalendar.vietnam(provisional=True)


def now() -> datetime:
    """Return the present moment."""
    return datetime.now(tz=VIETNAM)


def office_in(connection: object, *, create: bool = False) -> OneStop:
    """Open a desk for as long as the transaction of the connection lasts.

    The catalogue and the calendar are read once a process; the desk itself costs little.
    """
    return OneStop.using(
        connection, agency=AGENCY, catalog=_catalog(), calendar=_calendar(), create=create,
        clock=now, messages=f"urn:igate:{AGENCY}",
    )  # fmt: skip
