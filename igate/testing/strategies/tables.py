"""Tables of dossiers, as an analyst has them."""

from __future__ import annotations

from datetime import date, timedelta
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Final, Literal

import narwhals as nw
from hypothesis import strategies as st

from igate.checks.examples import announced
from igate.deadlines.limits import Unit
from igate.errors import IgateError
from igate.testing.strategies.calendars import moments
from igate.testing.strategies.limits import time_limits
from igate.words.sentence import say

if TYPE_CHECKING:
    from datetime import datetime

__all__ = ["Library", "frames"]

Library = Literal["pandas", "polars", "pyarrow"]

_SCHEMA: Final[dict[str, Any]] = {
    "code": nw.String,
    "agency": nw.String,
    "channel": nw.String,
    "limit": nw.String,
    "received": nw.Datetime("us"),
    "finished": nw.Datetime("us"),
    "suspensions": nw.String,
}
#: so long that every due date lies in the announced calendar
_LIMITS: Final = time_limits(units=set(Unit) - {Unit.MONTH}, not_stated=True)
#: minutes until a dossier is finished: some days, or a quarter of a year
_TAKEN: Final = st.integers(0, 30 * 1440) | st.integers(0, 90 * 1440)


@st.composite
def frames(
    draw: st.DrawFn,
    *,
    library: Library = "polars",
    first: date = date(2026, 1, 1),
    last: date = date(2026, 6, 30),
    most: int = 12,
    due: bool = False,
) -> Any:  # noqa: ANN401 - a frame of the library
    """Draw a table that ``igate.metrics.settlement`` counts: a row a dossier.

    Columns: ``code``, ``agency``, ``channel``, ``limit`` and ``suspensions`` are texts;
    ``received`` and ``finished`` are moments in Vietnamese time without a zone, ``finished`` empty
    of a dossier in process. They shrink to a table without rows.

    Args:
        draw: Given by Hypothesis.
        library: Whose frame it is; it must be installed.
        first: First day of receipt, inclusive.
        last: Last day of receipt, inclusive.
        most: Rows at most.
        due: Also a column ``due``, the date of return: up to 30 days after the receipt.

    Raises:
        IgateError: The library is not installed.
    """
    if find_spec(library) is None:
        raise IgateError(
            say("Tables of {library} cannot be drawn: it is not installed.", library=library),
            fix=say('Run: pip install "igate[frames]", or name another library.'),
        )
    calendar = announced()
    starts = moments(calendar, first=first, last=last)
    count = draw(st.integers(0, most))
    rows = [_row(draw, number, draw(starts), due=due) for number in range(count)]
    schema = {**_SCHEMA, "due": nw.Datetime("us")} if due else _SCHEMA
    data = {name: [row[name] for row in rows] for name in schema}
    return nw.from_dict(data, schema=schema, backend=library).to_native()


def _row(draw: st.DrawFn, number: int, received: datetime, *, due: bool) -> dict[str, Any]:
    at = received.replace(tzinfo=None)
    taken = draw(st.none() | _TAKEN)
    row = {
        "code": f"H15.10-{number + 1:04d}",
        "agency": draw(st.sampled_from(["H15.10", "H15.11"])),
        "channel": draw(st.sampled_from(["counter", "online", "post"])),
        "limit": str(draw(_LIMITS)),
        "received": at,
        "finished": None if taken is None else at + timedelta(minutes=taken),
        "suspensions": draw(st.none() | _suspended(at)),
    }
    return {**row, "due": at + timedelta(days=draw(st.integers(0, 30)))} if due else row


@st.composite
def _suspended(draw: st.DrawFn, received: datetime) -> str:
    since = received + timedelta(minutes=draw(st.integers(0, 10 * 1440)))
    until = since + timedelta(minutes=draw(st.integers(1, 10 * 1440)))
    reason = draw(st.sampled_from(["supplement", "payment"]))
    return f"{reason}:{since.isoformat(timespec='minutes')}/{until.isoformat(timespec='minutes')}"
