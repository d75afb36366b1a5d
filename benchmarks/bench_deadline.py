"""Deadlines with suspensions: a whole column, one dossier, and a loop that walks the days.

Run ``python benchmarks/bench_deadline.py``. Dossiers are synthetic: received from 2011 to mid-2025
with 1 to 30 working days; seven of ten are never suspended, two once, one twice or three times.
The peers are what people write: a Python loop over days with sets of days off, and NumPy's
``busday_offset`` with the suspended days added to the limit. Beside each time stands how often its
answers were right, by the same rules: the day of suspension still counts, what begins after the end
revives nothing, and an end at which the clock stands still waits for it.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
from peers import Peers, all_days, how_right
from rows import Case, Row, measure, print_table

from igate.calendar import WorkCalendar
from igate.deadlines.columns import Suspensions, due_dates
from igate.deadlines.deadline import compute_deadline
from igate.deadlines.limits import TimeLimit, Unit
from igate.deadlines.rulefile import shipped_rules
from igate.deadlines.rules import ClockMark
from igate.law.localtime import VIETNAM

if TYPE_CHECKING:
    from collections.abc import Sequence

DOSSIERS = 751_295
SAMPLE = 1_000
ONE_DAY = timedelta(days=1)
CLOSING = time(17)
RULES = shipped_rules(on=date(2026, 9, 1))
#: what the shipped rules do with these two: the one goes on afterwards, the other begins anew
SUSPENDS, RESTARTS = "payment", "supplement"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Dossiers:
    """Synthetic dossiers as columns."""

    received: Any
    days: Any
    #: suspensions of row i lie from offsets[i] to offsets[i + 1]
    offsets: Any
    since: Any
    until: Any

    @classmethod
    def drawn(cls, size: int, shares: Sequence[float] = (0.7, 0.2, 0.07, 0.03)) -> Dossiers:
        """Draw dossiers; ``shares[k]`` of them have k suspensions, of up to ten days each."""
        draw = np.random.default_rng(20260822)
        day = np.datetime64("2011-01-01") + draw.integers(0, 5_290, size).astype("m8[D]")
        received = day.astype("M8[m]") + draw.integers(450, 1_020, size).astype("m8[m]")
        many = draw.choice(len(shares), size, p=shares)
        offsets = np.concatenate([[0], np.cumsum(many)])
        row = np.repeat(np.arange(size), many)
        # stretches of running and of standing still, one after the other
        run, stand = draw.integers(60, 14_400, (2, len(row)))
        passed = np.concatenate([[0], np.cumsum(run + stand)])
        begins = passed[:-1] - passed[offsets[row]] + run
        since = received[row] + begins.astype("m8[m]")
        return cls(
            received=received,
            days=draw.integers(1, 31, size),
            offsets=offsets,
            since=since,
            until=since + stand.astype("m8[m]"),
        )

    def suspensions(self, reason: str) -> Suspensions:
        """Return the suspensions, all for one reason."""
        return Suspensions.flat(self.offsets, self.since, self.until, reason=reason)

    def spans(self, row: int) -> list[tuple[datetime, datetime]]:
        """Return the suspensions of one dossier."""
        own = slice(self.offsets[row], self.offsets[row + 1])
        return list(zip(self.since[own].tolist(), self.until[own].tolist(), strict=True))


def at_once(
    calendar: WorkCalendar, dossiers: Dossiers, reason: str, unit: Unit = Unit.WORKING_DAY
) -> Any:  # noqa: ANN401 - a NumPy array
    """Compute a whole column."""
    own = dossiers.suspensions(reason)
    return due_dates(
        calendar, dossiers.received, dossiers.days, unit, rules=RULES, suspensions=own
    ).due


def one_by_one(calendar: WorkCalendar, dossiers: Dossiers, row: int, unit: Unit) -> datetime:
    """Compute one dossier with its proof at hand."""
    marks = [ClockMark(kind="start", at=_local(dossiers.received[row].item()))]
    for since, until in dossiers.spans(row):
        marks.append(ClockMark(kind="suspend", at=_local(since), reason=SUSPENDS))
        marks.append(ClockMark(kind="resume", at=_local(until), reason=SUSPENDS))
    limit = TimeLimit.of(int(dossiers.days[row]), unit)
    due = compute_deadline(limit, marks=marks, calendar=calendar, rules=RULES).due
    assert due is not None  # noqa: S101 - every suspension has ended
    return due.replace(tzinfo=None)


def _local(moment: datetime) -> datetime:
    return moment.replace(tzinfo=VIETNAM)


def walked(
    working: set[date], received: datetime, days: int, spans: list[tuple[datetime, datetime]]
) -> datetime:
    """Walk a day at a time, as most programs do; office hours end at 17:00 all year."""
    day, counted = received.date(), 0
    while counted < days:
        day += ONE_DAY
        if day in working and not any(a.date() < day <= b.date() for a, b in spans):
            counted += 1
    for since, until in spans:
        if since < datetime.combine(day, CLOSING) < until:
            day = until.date() + (ONE_DAY if until.time() >= CLOSING else timedelta(0))
            while day not in working:
                day += ONE_DAY
    return datetime.combine(day, CLOSING)


def walked_hours(
    shifts: dict[date, list[tuple[int, int]]],
    received: datetime,
    hours: int,
    spans: list[tuple[datetime, datetime]],
) -> datetime:
    """Walk the shifts of a day at a time, and take the suspensions out of each shift."""
    need, midnight = hours * 60, datetime.combine(received.date(), time(0))
    while True:
        for begin, end in shifts.get(midnight.date(), ()):
            at = max(midnight + timedelta(minutes=begin), received)
            stop = midnight + timedelta(minutes=end)
            for since, until in [*spans, (stop, stop)]:
                piece = max((min(since, stop) - at) // timedelta(minutes=1), 0)
                if need <= piece:
                    return at + timedelta(minutes=need)
                need -= piece
                at = max(at, min(until, stop))
        midnight += ONE_DAY


def numpy_sum(peers: Peers, dossiers: Dossiers) -> Any:  # noqa: ANN401 - a NumPy array
    """Add the working days of every suspension to the limit, whether they come before the end."""
    since, until = (at.astype("M8[D]") + 1 for at in (dossiers.since, dossiers.until))
    lost = np.busday_count(since, until, busdaycal=peers.busdays)
    total = np.concatenate([[0], np.cumsum(lost)])
    days = dossiers.days + np.diff(total[dossiers.offsets])
    start = dossiers.received.astype("M8[D]")
    return np.busday_offset(start, days, roll="backward", busdaycal=peers.busdays)


def working_days(calendar: WorkCalendar, peers: Peers, dossiers: Dossiers) -> list[Row]:
    """Compare limits in working days."""
    working = set(all_days(calendar)) - set(peers.off)
    right = at_once(calendar, dossiers, SUSPENDS)
    few, unit = range(SAMPLE), Unit.WORKING_DAY
    given = [
        (dossiers.received[row].item(), int(dossiers.days[row]), dossiers.spans(row)) for row in few
    ]
    exact = how_right((one_by_one(calendar, dossiers, row, unit) for row in few),
                      right[:SAMPLE].tolist())  # fmt: skip
    loop = how_right((walked(working, *own) for own in given), right[:SAMPLE].tolist())
    wrong = float((numpy_sum(peers, dossiers) != right.astype("M8[D]")).mean())
    found = measure({
        "ours": Case(run=lambda: at_once(calendar, dossiers, SUSPENDS), units=DOSSIERS),
        "restart": Case(run=lambda: at_once(calendar, dossiers, RESTARTS), units=DOSSIERS),
        "one": Case(run=lambda: [one_by_one(calendar, dossiers, row, unit) for row in few],
                    units=SAMPLE),
        "loop": Case(run=lambda: [walked(working, *own) for own in given], units=SAMPLE),
        "numpy": Case(run=lambda: numpy_sum(peers, dossiers), units=DOSSIERS),
    }, rounds=5)  # fmt: skip
    name = f"a deadline of {DOSSIERS:,}, working days with suspensions"
    sample = f"{SAMPLE:,} dossiers"
    return [
        Row(name=name, ours=found["ours"], peer="a Python loop over days", theirs=found["loop"],
            rule="at_least", budget=50, note=f"{loop}; {sample}"),
        Row(name=name, ours=found["ours"], peer="igate, one by one", theirs=found["one"],
            note=f"{exact}; {sample}"),
        Row(name=name, ours=found["ours"], peer="numpy.busday_offset, suspensions summed",
            theirs=found["numpy"], note=f"exact calendar; {wrong:.1%} of the answers wrong"),
        Row(name=f"{name} that restart", ours=found["restart"], peer="igate, without restart",
            theirs=found["ours"], note="at the end of each the limit begins anew"),
        Row(name="a deadline, working days with suspensions", ours=found["one"],
            peer="a Python loop over days", theirs=found["loop"],
            note="igate: with journal, readings and remainder"),
    ]  # fmt: skip


def working_hours(calendar: WorkCalendar, dossiers: Dossiers) -> list[Row]:
    """Compare limits in working hours."""
    unit = Unit.WORKING_HOUR
    right = at_once(calendar, dossiers, SUSPENDS, unit)[:SAMPLE].tolist()
    shifts = {
        day: [(shift.start, shift.end) for shift in calendar.shifts(day)]
        for day in all_days(calendar)
    }
    given = [
        (dossiers.received[row].item(), int(dossiers.days[row]), dossiers.spans(row))
        for row in range(SAMPLE)
    ]
    note = how_right((walked_hours(shifts, *own) for own in given), right)
    found = measure({
        "ours": Case(run=lambda: at_once(calendar, dossiers, SUSPENDS, unit), units=DOSSIERS),
        "loop": Case(run=lambda: [walked_hours(shifts, *own) for own in given], units=SAMPLE),
    }, rounds=5)  # fmt: skip
    return [
        Row(name=f"a deadline of {DOSSIERS:,}, working hours with suspensions",
            ours=found["ours"], peer="a Python loop over shifts", theirs=found["loop"],
            note=f"{note}; {SAMPLE:,} dossiers"),
    ]  # fmt: skip


def growth(calendar: WorkCalendar) -> list[Row]:
    """Show that the time of a dossier depends neither on how many there are nor on the limit."""
    cases: dict[str, Case] = {}
    for size in (100_000, 200_000, 400_000):
        some = Dossiers.drawn(size)
        cases[f"{size:,} dossiers"] = Case(
            run=lambda own=some: at_once(calendar, own, SUSPENDS), units=size
        )
    # 500 working days from these are still inside the calendar, and every suspension comes early
    few = Dossiers.drawn(100_000, [0, 1])
    start = few.received - np.timedelta64(2 * 365, "D")
    start = np.maximum(start, np.datetime64("2010-01-01T08:00"))
    own = Suspensions(row=np.arange(len(start)), since=start + 1_440, until=start + 4_320,
                      reason=SUSPENDS)  # fmt: skip
    for n in (5, 50, 500):
        cases[f"n = {n}"] = Case(
            run=lambda m=n: due_dates(
                calendar, start, m, Unit.WORKING_DAY, rules=RULES, suspensions=own
            ),
            units=100_000,
        )
    for many in (1, 2, 4):
        some = Dossiers.drawn(100_000, [float(k == many) for k in range(5)])
        cases[f"{many} suspensions each"] = Case(
            run=lambda own=some: at_once(calendar, own, SUSPENDS), units=100_000
        )
    found = measure(cases, rounds=7)
    kept = (
        ("200,000 dossiers", "100,000 dossiers", 1.5, "of one dossier: 1 is linear"),
        ("400,000 dossiers", "100,000 dossiers", 1.5, "of one dossier: 1 is linear"),
        ("n = 50", "n = 5", 1.5, "of one dossier: 1 is no cost of length"),
        ("n = 500", "n = 5", 1.5, "of one dossier: 1 is no cost of length"),
        ("2 suspensions each", "1 suspensions each", 4, "a pass for each"),
        ("4 suspensions each", "1 suspensions each", 8, "a pass for each"),
    )
    return [
        Row(name=f"deadlines with suspensions, {one}", ours=found[one], peer=f"the same, {other}",
            theirs=found[other], rule="at_most", budget=budget, note=note)
        for one, other, budget, note in kept
    ]  # fmt: skip


#: the limit whose proof is timed, from 2 March 2026 and with one suspension
_EXPLAINED = "30 working_day"


def of_one(calendar: WorkCalendar) -> list[Row]:
    """Show what a suspension costs one deadline, and what its proof costs beside its date."""
    begin = datetime(2026, 3, 2, 9, tzinfo=VIETNAM)
    limit = TimeLimit.parse("120 working_day")
    marks: dict[int, list[ClockMark]] = {}
    for many in (0, 1, 10, 40):
        marks[many] = [ClockMark(kind="start", at=begin)]
        for k in range(many):
            since = begin + timedelta(days=2 + 2 * k)
            marks[many] += [
                ClockMark(kind="suspend", at=since, reason=SUSPENDS),
                ClockMark(kind="resume", at=since + timedelta(hours=3), reason=SUSPENDS),
            ]
    short = TimeLimit.parse(_EXPLAINED)
    found = measure({
        **{f"{many}": Case(run=lambda own=own: compute_deadline(
            limit, marks=own, calendar=calendar, rules=RULES)) for many, own in marks.items()},
        "date": Case(run=lambda: compute_deadline(
            short, marks=marks[1], calendar=calendar, rules=RULES).due),
        "days": Case(run=lambda: compute_deadline(
            short, marks=marks[1], calendar=calendar, rules=RULES).days),
        "explain": Case(run=lambda: compute_deadline(
            short, marks=marks[1], calendar=calendar, rules=RULES).explain("vi")),
    }, rounds=7)  # fmt: skip
    return [
        *(Row(name=f"one deadline with {many} suspensions", ours=found[f"{many}"],
              peer="the same, none", theirs=found["0"], rule="at_most", budget=budget,
              note="linear: each adds the same")
          for many, budget in ((1, 3), (10, 6), (40, 15))),
        Row(name=f"the proof day by day, {_EXPLAINED}", ours=found["days"], peer="its date alone",
            theirs=found["date"], note="Deadline.days"),
        Row(name=f"the explanation, {_EXPLAINED}", ours=found["explain"], peer="its date alone",
            theirs=found["date"], note="Deadline.explain"),
    ]  # fmt: skip


def deadline_rows() -> list[Row]:
    """Return all rows of this benchmark."""
    calendar = WorkCalendar.vietnam()
    dossiers = Dossiers.drawn(DOSSIERS)
    return [
        *of_one(calendar),
        *working_days(calendar, Peers(calendar), dossiers),
        *working_hours(calendar, dossiers),
        *growth(calendar),
    ]


if __name__ == "__main__":
    sys.exit(0 if print_table(deadline_rows()) else 1)
