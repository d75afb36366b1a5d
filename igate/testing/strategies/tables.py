"""Tables of dossiers, as an analyst has them."""

from __future__ import annotations

from dataclasses import dataclass
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
    from collections.abc import Sequence
    from datetime import datetime

    from igate.deadlines.limits import TimeLimit

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
#: national statuses that a dossier in process or finished may have; ``None``: none is given
_OPEN: Final = st.sampled_from([None, "4", "2", "3", "5"])
_DONE: Final = st.sampled_from([None, "9", "10"])


@st.composite
def frames(
    draw: st.DrawFn,
    *,
    library: Library = "polars",
    first: date = date(2026, 1, 1),
    last: date = date(2026, 6, 30),
    most: int = 12,
    due: bool = False,
    state: bool = False,
    agencies: Sequence[str | None] = ("H15.10", "H15.11"),
    limits: st.SearchStrategy[TimeLimit] | None = None,
    reasons: Sequence[str] = ("supplement", "payment"),
    open_end: bool = False,
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
        state: Also a column ``state``, the national status as a text, empty of some rows: 2, 3
            (refused), 4 or 5 of a dossier in process, 9 or 10 of a finished one.
        agencies: Of which each dossier has one; ``None``: the cell is empty.
        limits: The time limits, such as those of your own procedures; when absent any but those
            of months, so short that every date of return lies in the announced calendar.
        reasons: Of which each suspension has one.
        open_end: Whether a suspension may last on.

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
    given = _Given(
        agencies=st.sampled_from(list(agencies)),
        limits=_LIMITS if limits is None else limits,
        reasons=st.sampled_from(list(reasons)),
        open_end=open_end,
    )
    rows = [given.row(draw, number, draw(starts), due=due, state=state) for number in range(count)]
    further = {"due": nw.Datetime("us")} if due else {}
    schema = {**_SCHEMA, **further, **({"state": nw.String} if state else {})}
    data = {name: [row[name] for row in rows] for name in schema}
    return nw.from_dict(data, schema=schema, backend=library).to_native()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Given:
    """Of what the cells of a row are drawn."""

    agencies: st.SearchStrategy[str | None]
    limits: st.SearchStrategy[TimeLimit]
    reasons: st.SearchStrategy[str]
    open_end: bool

    def row(
        self, draw: st.DrawFn, number: int, received: datetime, *, due: bool, state: bool
    ) -> dict[str, Any]:
        at = received.replace(tzinfo=None)
        taken = draw(st.none() | _TAKEN)
        row = {
            "code": f"H15.10-{number + 1:04d}",
            "agency": draw(self.agencies),
            "channel": draw(st.sampled_from(["counter", "online", "post"])),
            "limit": str(draw(self.limits)),
            "received": at,
            "finished": None if taken is None else at + timedelta(minutes=taken),
            "suspensions": self._suspended(draw, at) if draw(st.booleans()) else None,
        }
        if due:
            row["due"] = at + timedelta(days=draw(st.integers(0, 30)))
        if state:
            row["state"] = draw(_OPEN if taken is None else _DONE)
        return row

    def _suspended(self, draw: st.DrawFn, received: datetime) -> str:
        since = received + timedelta(minutes=draw(st.integers(0, 10 * 1440)))
        until = since + timedelta(minutes=draw(st.integers(1, 10 * 1440)))
        reason = draw(self.reasons)
        end = until.isoformat(timespec="minutes")
        if self.open_end and draw(st.booleans()):
            end = ".."
        return f"{reason}:{since.isoformat(timespec='minutes')}/{end}"
