"""What a calendar is made from: base days, layers, hours, and whose calendar it is.

Everything is a value, so that equal ingredients make equal calendars, and a calendar that is sent
to another program carries its own data with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final, Literal, get_args

from igate.calendar.days import Mark, Scope
from igate.calendar.hours import OFFICE_HOURS
from igate.calendar.layers import Layer
from igate.calendar.reading import read_layer, shipped_layer
from igate.calendar.statutory import statutory_days
from igate.errors import CalendarConflict, CalendarNotCovered
from igate.files.findings import did_you_mean
from igate.files.sources import listed
from igate.law.period import Period
from igate.words.sentence import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from igate.calendar.days import Effect
    from igate.calendar.hours import HoursByPeriod, OfficeHours, Pattern
    from igate.calendar.statutory import BaseDays
    from igate.law.period import Timeline

__all__ = ["SATURDAY_AND_SUNDAY", "Ingredients", "national", "plain", "plain_days"]

#: weekday numbers of the weekly rest, Monday being 0
SATURDAY_AND_SUNDAY: Final = frozenset({5, 6})

_FIRST: Final = date(2010, 1, 1)
#: the last year whose days off have been announced
_ANNOUNCED: Final = 2026
#: three years more are expected: a desk that is not upgraded at once still has two of them
_PROVISIONAL_LAST: Final = date(2029, 12, 31)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ingredients:
    """All that a calendar is made from: equal ingredients make equal calendars."""

    scope: Scope
    #: announcements after this day are unknown; ``None``: everything that is written is known
    as_of: date | None
    first: date
    last: date
    #: the first day that is only expected; ``None``: every day is announced
    provisional_from: date | None
    weekly_rest: frozenset[int]
    base: BaseDays
    layers: tuple[Layer, ...]
    hours: HoursByPeriod
    #: how long a make-up day is worked
    make_up: Literal["full", "morning"]

    def __post_init__(self) -> None:
        for word, words in (
            (self.scope, get_args(Scope)),
            (self.make_up, ("full", "morning")),
        ):
            if word not in words:
                raise CalendarConflict(
                    say("{word!r} is not known here.", word=word),
                    why=say(
                        "A misspelt word must not give another calendar: {words}.",
                        words=", ".join(words),
                    ),
                    fix=did_you_mean(word, words),
                )

    def pattern(self, mark: Mark | None, day: date) -> Pattern:
        """Return how much of a day is worked, by what the layers say of it."""
        if mark is None:
            return "off" if day.weekday() in self.weekly_rest else "full"
        if mark.effect == "off":
            return "off"
        short = mark.effect == "half" or (mark.kind == "make_up" and self.make_up == "morning")
        return "morning" if short else "full"


def national(
    *,
    scope: Scope,
    as_of: date | None,
    provisional: bool,
    layers: Sequence[Layer | str | Path],
    hours: Timeline[OfficeHours] | None,
    make_up: Literal["full", "morning"],
) -> Ingredients:
    """Put together what the calendar of Vietnam is made from; see ``WorkCalendar.vietnam``.

    Raises:
        CalendarConflict: A layer is at odds with itself.
        DefinitionError: A layer file has faults.
        CalendarNotCovered: Nothing is recorded of what was known on ``as_of``.
    """
    own = [layer if isinstance(layer, Layer) else read_layer(layer) for layer in listed(layers)]
    announced = _announced(own)
    last = max(_PROVISIONAL_LAST, announced) if provisional else announced
    if as_of is not None:
        # the days off of a year are announced by its beginning, never those of the one after
        # (assumed from the dates of the announcements that are known)
        last = min(last, date(as_of.year + 1, 12, 31))
        if last < _FIRST:
            raise CalendarNotCovered(
                say("What was known on {as_of} about working days is not recorded.", as_of=as_of),
                why=say("The calendar begins on {first}.", first=_FIRST),
                fix=say("Ask for a day from {year} on.", year=_FIRST.year - 1),
            )
    return Ingredients(
        scope=scope,
        as_of=as_of,
        first=_FIRST,
        last=last,
        provisional_from=announced + timedelta(days=1) if last > announced else None,
        weekly_rest=SATURDAY_AND_SUNDAY,
        base=statutory_days(_FIRST, last),
        layers=(shipped_layer(), *own),
        hours=_by_period(hours),
        make_up=make_up,
    )


def _announced(own: Iterable[Layer]) -> date:
    """Return the last day of the last year that is announced, or that a layer declares complete."""
    complete = frozenset[int]().union(*(layer.complete for layer in own))
    year = _ANNOUNCED
    while year + 1 in complete:
        year += 1
    return date(year, 12, 31)


def plain_days(given: Mapping[Effect, Iterable[date]]) -> BaseDays:
    """Mark plain days by their effect, in order of time.

    Raises:
        CalendarConflict: A day is given twice.
    """
    marks: dict[date, Mark] = {}
    for effect, days in given.items():
        for day in set(days):
            if day in marks:
                raise CalendarConflict(
                    say(
                        "{day} is given as {effect} and as {effect_2}.",
                        day=day,
                        effect=marks[day].effect,
                        effect_2=effect,
                    ),
                    fix=say("Give each day once."),
                )
            marks[day] = Mark(effect=effect, kind="local")
    return tuple(sorted(marks.items(), key=lambda item: item[0]))


def plain(
    first: date,
    last: date,
    days: BaseDays,
    *,
    weekly_rest: frozenset[int],
    hours: Timeline[OfficeHours] | None,
) -> Ingredients:
    """Put together what a calendar of plain days is made from; see ``WorkCalendar.from_days``."""
    return Ingredients(
        scope="civil_service",
        as_of=None,
        first=first,
        last=last,
        provisional_from=None,
        weekly_rest=weekly_rest,
        base=days,
        layers=(),
        hours=_by_period(hours),
        make_up="full",
    )


def _by_period(hours: Timeline[OfficeHours] | None) -> HoursByPeriod:
    return tuple(hours) if hours is not None else ((Period(start=None), OFFICE_HOURS),)
