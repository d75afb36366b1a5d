"""From the base and the layers to one answer a day; contradictions are refused.

The order is: the weekly rest days, the statutory days off, then each layer in turn. Within a
layer, corrections come before swaps, so that a swap is judged by the corrected calendar: its day
off must be a working day until then, and its make-up day a day off. A later layer may repeat what
an earlier one says, but differ from it only where its record says ``overrides: true``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import TYPE_CHECKING

from igate.calendar.days import Mark
from igate.errors import CalendarConflict
from igate.words.sentence import say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from igate.calendar.ingredients import Ingredients
    from igate.calendar.layers import Record

__all__ = ["DayTable", "digest", "number_days", "resolve"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DayTable:
    """Working days as numbers: the whole of day arithmetic is look-ups in these three.

    Working days are numbered from 1. For n > 0 the n-th working day after ``day`` has the number
    ``upto[day] + n``; for n <= 0 it has the number ``reach[day] + n``.
    """

    #: working days from the first day covered to this day, both inclusive
    upto: Mapping[date, int]
    #: number of the first working day on or after this day
    reach: Mapping[date, int]
    #: the working day of each number; number 0 holds no working day
    numbered: list[date]


def number_days(ingredients: Ingredients, marks: Mapping[date, Mark]) -> DayTable:
    """Number the working days of the covered range."""
    upto: dict[date, int] = {}
    reach: dict[date, int] = {}
    numbered = [date.min]
    count = 0
    rest = ingredients.weekly_rest
    for ordinal in range(ingredients.first.toordinal(), ingredients.last.toordinal() + 1):
        day = date.fromordinal(ordinal)
        mark = marks.get(day)
        reach[day] = count + 1
        # ordinal 1 was a Monday
        if (ordinal - 1) % 7 not in rest if mark is None else mark.effect != "off":
            count += 1
            numbered.append(day)
        upto[day] = count
    return DayTable(upto=upto, reach=reach, numbered=numbered)


def resolve(ingredients: Ingredients) -> dict[date, Mark]:
    """Return what is known about every day that is not ordinary.

    Raises:
        CalendarConflict: Two layers contradict each other, or a swap moves a day that was off
            already or makes up on a day that was worked already.
    """
    marks = dict(ingredients.base)
    written: dict[date, Record] = {}
    for layer in ingredients.layers:
        earlier = dict(written)
        records = [
            record
            for record in layer.records
            if ingredients.first <= record.date <= ingredients.last
            and record.applies(
                ingredients.scope,
                ingredients.as_of,
                provisional=ingredients.provisional_from is not None,
            )
        ]
        for record in sorted(records, key=lambda item: (item.pair is not None, item.date)):
            if _agrees(record, earlier.get(record.date)):
                continue
            if record.pair is not None and not record.overrides:
                _check_swap(record, ingredients, marks)
            marks[record.date] = _mark(record)
            written[record.date] = record
    return marks


def _agrees(record: Record, earlier: Record | None) -> bool:
    """Return whether an earlier layer says the same; refuse a contradiction that is not meant."""
    if earlier is None or record.overrides:
        return False
    if earlier.effect == record.effect:
        return record.pair in {None, earlier.pair}
    raise CalendarConflict(
        say(
            "{date} is {word} here, but {word_2} by {citation} at {place}.",
            date=record.date,
            word=_word(record),
            word_2=_word(earlier),
            citation=earlier.citation,
            place=earlier.place,
        ),
        where=record.place,
        why=say("Two layers contradict each other."),
        fix=say("Correct one of them, or write overrides: true in the later layer if it is meant."),
    )


def _check_swap(record: Record, ingredients: Ingredients, marks: Mapping[date, Mark]) -> None:
    """Refuse a swap that moves nothing."""
    earlier = marks.get(record.date)
    worked = ingredients.pattern(earlier, record.date) != "off"
    if worked == (record.effect == "off"):
        return
    known = (
        say("an ordinary day")
        if earlier is None
        else say("{kind} ({citation})", kind=earlier.kind, citation=earlier.citation)
    )
    raise CalendarConflict(
        say(
            "The swap makes {date} {word}, which it is already: {known}.",
            date=record.date,
            word=_word(record),
            known=known,
        ),
        where=record.place,
        why=say("A swap gives a working day off and takes a day off in its place."),
        fix=say("Compare the record with the announcement."),
    )


def _word(record: Record) -> str:
    if record.effect == "half":
        return say("worked in the morning")
    return say("off") if record.effect == "off" else say("worked")


def _mark(record: Record) -> Mark:
    return Mark(
        effect=record.effect,
        kind=record.kind,
        pair=record.pair,
        citation=record.citation,
        source=record.source,
        announced_on=record.announced_on,
        status="provisional" if record.status == "provisional" else "confirmed",
        place=record.place,
    )


def digest(ingredients: Ingredients, marks: Mapping[date, Mark]) -> str:
    """Return a short digest of all that decides an answer: range, days, grounds and hours."""
    facts = [
        repr((ingredients.scope, ingredients.first, ingredients.last)),
        repr((ingredients.provisional_from, sorted(ingredients.weekly_rest), ingredients.make_up)),
        *(f"{period} {office!r}" for period, office in ingredients.hours),
        *(f"{period} {own}" for period, office in ingredients.hours for own in office.weekdays),
        *(
            f"{day} {mark.effect} {mark.kind} {mark.pair} {mark.citation} {mark.status}"
            for day, mark in sorted(marks.items())
        ),
    ]
    return sha256("\n".join(facts).encode()).hexdigest()[:16]
