"""Layers: dated announcements that move days of the calendar.

A record says of one day that it is off, worked, or worked for the morning only, for whom, on
which ground, and when that was announced. A swap is two records that name each other: the day
off and the day worked in its place, which may lie in another year or fall on a Sunday. Swaps bind
civil servants and public employees of bodies that rest on Saturday and Sunday; they do not apply
to enterprises and the population in general (Tờ trình 89/TTr-LĐTBXH of 2014).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, get_args

from igate.calendar.days import Effect, Kind, Scope
from igate.errors import CalendarConflict
from igate.files.findings import did_you_mean
from igate.words.sentence import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from igate.errors import Place
    from igate.law.citation import Citation

__all__ = ["Confidence", "Layer", "Record", "merge"]

#: how well a record is known: a law or an official text was read, a newspaper of the day, another
#: compilation, or it was written down from memory
Confidence = Literal["law", "official", "press", "secondary", "memory"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What an announcement says about one day."""

    date: dt.date
    effect: Effect
    kind: Kind
    #: ``both``: civil servants and everybody under the Labour Code
    scope: Scope | Literal["both"]
    citation: Citation
    #: where the fact was read: press, an official letter, another compilation
    source: str
    confidence: Confidence
    #: ``None``: not known; then taken as known before the year of the pair begins (assumed)
    announced_on: dt.date | None
    #: the other day of a swap
    pair: dt.date | None = None
    status: Literal["confirmed", "provisional", "superseded"] = "confirmed"
    #: the day from which a superseded record no longer holds
    superseded_on: dt.date | None = None
    #: when somebody last compared the record with its source
    checked_on: dt.date | None = None
    #: the record means to differ from an earlier layer
    overrides: bool = False
    #: where it is written; two records that differ only in that are equal
    place: Place | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        for word, words in (
            (self.effect, get_args(Effect)),
            (self.kind, get_args(Kind)),
            (self.scope, (*get_args(Scope), "both")),
        ):
            if word not in words:
                raise CalendarConflict(
                    say("A record of {date} says {word!r}.", date=self.date, word=word),
                    where=self.place,
                    why=say("Known here: {words}.", words=", ".join(words)),
                    fix=did_you_mean(word, words),
                )
        if (self.status == "superseded") != (self.superseded_on is not None):
            raise CalendarConflict(
                say(
                    "The record of {date} is superseded without a day, or has a day "
                    "without being superseded.",
                    date=self.date,
                ),
                where=self.place,
                fix=say("Give status superseded together with superseded_on, or neither."),
            )

    @property
    def known_from(self) -> dt.date:
        """The first day on which the record was known.

        An unknown day of announcement is taken as the last day of the year before the earlier
        day of the pair (assumed).
        """
        if self.announced_on is not None:
            return self.announced_on
        years = [self.date.year] if self.pair is None else [self.date.year, self.pair.year]
        return dt.date(min(years) - 1, 12, 31)

    def applies(self, scope: Scope, as_of: dt.date | None, *, provisional: bool) -> bool:
        """Return whether the record holds for a scope, by what was known on a day.

        Args:
            scope: Whose calendar it is.
            as_of: The day of knowledge; ``None``: everything that is written.
            provisional: Whether records that are only expected count.
        """
        if self.scope not in {scope, "both"} or (self.status == "provisional" and not provisional):
            return False
        if as_of is None:
            return self.superseded_on is None
        return self.known_from <= as_of and (
            self.superseded_on is None or as_of < self.superseded_on
        )

    def rivals(self, other: Record) -> bool:
        """Return whether both records speak about the same day to the same people at one time.

        A correction of the statutory day and a swap of the corrected day are no rivals.
        """
        if self.date != other.date or "superseded" in {self.status, other.status}:
            return False
        if (self.pair is None) != (other.pair is None):
            return False
        return self.scope == other.scope or "both" in {self.scope, other.scope}


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """Records from one hand: the national announcements, or those of an agency or province.

    Raises:
        CalendarConflict: A day appears twice, or half a swap is missing; file, line and column
            are named where the layer was read from a file.
    """

    name: str
    records: tuple[Record, ...]
    #: years of which everything has been announced, so that none of their days is provisional
    complete: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        _refuse_twins(self.records)
        for record in self.records:
            if record.pair is not None:
                _check_pair(record, self.records)


def merge(name: str, layers: Iterable[Sequence[Record]]) -> Layer:
    """Join the records of several files into one layer, so that a swap may span two years."""
    return Layer(name=name, records=tuple(record for records in layers for record in records))


def _refuse_twins(records: Sequence[Record]) -> None:
    seen: dict[dt.date, list[Record]] = {}
    for record in records:
        for other in seen.setdefault(record.date, []):
            if record.rivals(other):
                raise CalendarConflict(
                    say(
                        "The day {date} appears twice; first at {place}.",
                        date=record.date,
                        place=other.place,
                    ),
                    where=record.place,
                    why=say("It would be unclear which of the two holds."),
                    fix=say("Remove one, or close it with status superseded and superseded_on."),
                )
        seen[record.date].append(record)


def _check_pair(record: Record, records: Sequence[Record]) -> None:
    """Refuse half a swap: its other day must be there, point back and have the other effect."""
    for other in records:
        if other.date == record.pair and other.pair == record.date:
            if (other.effect == "off") == (record.effect == "off"):
                raise CalendarConflict(
                    say(
                        "Both days of the swap {date} and {date_2} are {word}; see {place}.",
                        date=record.date,
                        date_2=other.date,
                        word=say("off") if record.effect == "off" else say("worked"),
                        place=other.place,
                    ),
                    where=record.place,
                    fix=say("One day of a swap is off and the other is worked."),
                )
            if (other.announced_on, other.scope, other.status) == (
                record.announced_on, record.scope, record.status
            ):  # fmt: skip
                return
    raise CalendarConflict(
        say(
            "The swap of {date} lacks its other day, {pair}.",
            date=record.date,
            pair=record.pair,
        ),
        where=record.place,
        why=say("A swap moves one day of work: what is given on one day is taken on the other."),
        fix=(
            say(
                "Add a record for {pair!s} with pair: {date!s} and the same announced_on, "
                "scope and status.",
                pair=record.pair,
                date=record.date,
            )
        ),
    )
