"""The strategy of each public value, by its name: what ``st.from_type`` gives."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Final

from hypothesis import strategies as st

from igate.checks.examples import announced
from igate.deadlines.deadline import Deadline, compute_deadline
from igate.deadlines.rulefile import shipped_rules
from igate.dossiers.dossier import Actor
from igate.errors import CalendarNotCovered
from igate.law.citation import Citation, Label
from igate.law.period import Period
from igate.testing.strategies.calendars import working_calendars
from igate.testing.strategies.clocks import marks, suspensions
from igate.testing.strategies.definitions import procedures
from igate.testing.strategies.journals import dossiers, journals
from igate.testing.strategies.limits import time_limits

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["strategy_of"]

_DAYS: Final = st.dates(date(2010, 1, 1), date(2029, 12, 31))
_CITATIONS: Final = (
    "Nghị định 118/2025/NĐ-CP, Điều 19 khoản 5", "Bộ luật Dân sự 2015, Điều 147",
    "Quyết định 1/QĐ-UBND (giả định)",
)  # fmt: skip
_ROLES: Final = ("receptionist", "officer", "head_of_section", "leader", "applicant")


def strategy_of(name: str) -> st.SearchStrategy[Any]:
    """Return the strategy of a public value by the name of its class."""
    return _STRATEGIES[name]()


def _citations() -> st.SearchStrategy[Citation]:
    return st.sampled_from(_CITATIONS).map(Citation.parse)


def _periods() -> st.SearchStrategy[Period]:
    ends = st.tuples(_DAYS, _DAYS).filter(lambda pair: pair[0] != pair[1]).map(sorted)
    return ends.map(lambda pair: Period(start=pair[0], end=pair[1])) | _DAYS.map(
        lambda day: Period(start=day)
    )


def _actors() -> st.SearchStrategy[Actor]:
    numbered = st.tuples(
        st.sampled_from(_ROLES), st.integers(1, 9), st.sampled_from(["H15", "H15.10", "H15.10.01"])
    )
    return numbered.map(
        lambda each: Actor(
            f"{each[0]}-{each[1]}",
            roles={each[0]},
            agency="" if each[0] == "applicant" else each[2],
        )
    )


@st.composite
def _deadlines(draw: st.DrawFn) -> Deadline:
    happened = draw(marks())
    rules = shipped_rules(on=happened[0].at.date())
    try:
        return compute_deadline(
            draw(time_limits()), marks=happened, calendar=announced(), rules=rules
        )
    except CalendarNotCovered:
        return draw(st.nothing())


_STRATEGIES: Final[Mapping[str, Callable[[], st.SearchStrategy[Any]]]] = {
    "Actor": _actors,
    "Citation": _citations,
    "ClockMark": lambda: marks().map(lambda found: found[-1]),
    "ClockRules": lambda: _DAYS.map(lambda day: shipped_rules(on=day)),
    "Deadline": _deadlines,
    "Dossier": lambda: procedures().flatmap(dossiers),
    "Entry": lambda: procedures().flatmap(journals).map(lambda found: found[-1]),
    "Label": lambda: st.sampled_from(["Hồ sơ", "Thời hạn"]).map(lambda text: Label(vi=text)),
    "Part": lambda: time_limits().map(lambda limit: limit.parts[0]),
    "Period": _periods,
    "Procedure": procedures,
    "Revision": lambda: procedures().map(lambda each: list(each.revisions)[-1][1]),
    "Suspension": lambda: suspensions().filter(bool).map(lambda found: found[0]),
    "TimeLimit": time_limits,
    "WorkCalendar": working_calendars,
}
