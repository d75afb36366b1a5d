"""Limits, clock rules and suspensions as tests draw them, at the hours that change something."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

from hypothesis import strategies as st

from igate.deadlines.rulefile import shipped_rules
from igate.deadlines.rules import ClockRules, Cutoff
from igate.law.citation import Citation

__all__ = ["LAW", "LIMITS", "PROCEDURES", "RULES", "TIMES", "moments", "suspensions"]

LAW = Citation.parse("Bộ luật Dân sự 2015, Điều 147")
TIMES = [
    time(0), time(7, 29), time(9), time(11, 30), time(15), time(15, 0, 30), time(17), time(17, 1),
    time(23, 59), time(23, 59, 30),
]  # fmt: skip
LIMITS = st.one_of(
    st.builds(
        "{} {}".format,
        st.sampled_from(["0", "1", "2", "3", "5"]),
        st.sampled_from(["working_day", "day", "working_hour", "hour", "month"]),
    ),
    st.builds(
        "{} {}".format,
        st.sampled_from(["1/2", "1/3", "3/2", "2.25"]),
        st.sampled_from(["working_day", "working_hour", "hour"]),
    ),
    st.sampled_from([
        "0 working_day until 11:30", "0 working_day until 15:00", "2 day + 1 working_day",
        "1 month + 2 working_hour", "0 working_day + 1 day", "not_stated",
    ]),
)  # fmt: skip
#: ten working days, fifteen, and none stated; all with a cut-off at 15:00
PROCEDURES = ["1.004096", "1.008675", "2.000535"]
REASONS = ["supplement", "payment", "opinion", "no_such_reason"]


def cutoffs() -> st.SearchStrategy[Cutoff | None]:
    made = st.builds(
        Cutoff,
        at=st.sampled_from([time(11, 30), time(15)]),
        moves=st.sampled_from(["transfer", "result", "start"]),
        citation=st.just(LAW),
    )
    return st.none() | made


def changed(name: str) -> st.SearchStrategy[ClockRules]:
    """Return rules of one name with other readings."""
    readings = st.fixed_dictionaries(
        {
            "cutoff": cutoffs(),
            "cutoff_on_start": st.booleans(),
            "cutoff_on_resumption": st.booleans(),
            "suspension_days": st.sampled_from(["first_counts", "last_counts", "neither_counts"]),
            "receipt_on_day_off": st.sampled_from(["as_it_is", "next_working_day"]),
            "end_on_day_off": st.sampled_from(["next_working_day", "stays"]),
            "end_of_day": st.sampled_from(["closing", "midnight"]),
        }
    )
    shipped = shipped_rules(name, on=date(2026, 9, 1))

    def read_so(chosen: dict[str, Any]) -> ClockRules:
        return replace(shipped, **chosen)

    return readings.map(read_so)


NAMES = ["decree", "subtracted", "land"]
RULES = st.none() | st.sampled_from(NAMES) | st.sampled_from(NAMES).flatmap(changed)


@st.composite
def moments(draw: st.DrawFn, day: date, reach: int) -> datetime:
    """Draw a moment from a day on; the hours are those at which something changes."""
    return datetime.combine(
        day + timedelta(days=draw(st.integers(0, reach))), draw(st.sampled_from(TIMES))
    )


@st.composite
def suspensions(draw: st.DrawFn, day: date) -> str | None:
    """Draw suspensions for several reasons; those for one reason may touch but not overlap."""
    spans = []
    for reason in draw(st.lists(st.sampled_from(REASONS), unique=True, max_size=3)):
        ends = sorted(draw(st.sets(moments(day, 8), min_size=1, max_size=5)))
        texts = [draw(st.just(_text(at)) | st.just(f"{at:%Y-%m-%dT%H:%M:%S}")) for at in ends]
        for since, until in zip(texts, [*texts[1:], ".."], strict=True):
            if draw(st.booleans()):
                spans.append(f"{reason}:{since}/{until}")
    return "|".join(draw(st.permutations(spans))) or None


def _text(at: datetime) -> str:
    """Write a moment, midnight as a date without an hour."""
    return at.date().isoformat() if at.time() == time(0) else at.isoformat()
