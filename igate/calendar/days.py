"""What a day of the working calendar is: its kind, its label, and where that is known from.

A day is worked, off, or worked for the morning only. A half day counts as one working day; only
its hours are fewer (assumed: no text says otherwise).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal

from igate.law.citation import Citation, Label

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from igate.errors import Place

__all__ = [
    "KINDS",
    "CalendarDay",
    "Change",
    "Effect",
    "Kind",
    "Mark",
    "Scope",
    "Standing",
    "describe",
    "label_of",
]

Scope = Literal["civil_service", "labour_code"]
Effect = Literal["off", "work", "half"]
Standing = Literal["confirmed", "provisional"]
Kind = Literal[
    "working",
    "weekend",
    "new_year",
    "tet",
    "hung_kings",
    "victory",
    "labour",
    "national",
    "culture",
    "compensatory",
    "swapped_off",
    "make_up",
    "local",
]

#: what each kind of day is called
KINDS: Final[Mapping[Kind, Label]] = {
    "working": Label(vi="Ngày làm việc", en="Working day"),
    "weekend": Label(vi="Ngày nghỉ hằng tuần", en="Weekly rest day"),
    "new_year": Label(vi="Tết Dương lịch", en="New Year's Day"),
    "tet": Label(vi="Tết Nguyên đán", en="Lunar New Year"),
    "hung_kings": Label(vi="Giỗ Tổ Hùng Vương", en="Hùng Kings' Commemoration Day"),
    "victory": Label(vi="Ngày Chiến thắng", en="Reunification Day"),
    "labour": Label(vi="Ngày Quốc tế Lao động", en="International Labour Day"),
    "national": Label(vi="Quốc khánh", en="National Day"),
    "culture": Label(vi="Ngày Văn hóa Việt Nam", en="Vietnam Culture Day"),
    "compensatory": Label(vi="Nghỉ bù", en="Compensatory day off"),
    "swapped_off": Label(vi="Nghỉ hoán đổi", en="Day off by swap"),
    "make_up": Label(vi="Làm bù", en="Make-up working day"),
    "local": Label(vi="Theo lịch riêng của cơ quan", en="The agency's own calendar"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What the layers say about one day, and where they say it."""

    effect: Effect
    kind: Kind
    #: the other day of a swap, or the holiday that a compensatory day stands for
    pair: dt.date | None = None
    citation: Citation | None = None
    source: str = ""
    #: ``None``: not known
    announced_on: dt.date | None = None
    status: Standing = "confirmed"
    #: where it is written; two marks that differ only in that are equal
    place: Place | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarDay:
    """One day of a calendar, with the reason why it is worked or not."""

    date: dt.date
    working: bool
    #: the whole day, the morning only, or none of it
    effect: Effect
    kind: Kind
    #: the text that belongs to the kind, with the paired day where there is one
    label: Label
    #: ``None`` for an ordinary working day
    citation: Citation | None
    #: ``provisional``: past what has been announced
    status: Standing
    #: the other day of a swap, or the holiday that a compensatory day stands for
    pair: dt.date | None
    #: ``None``: not known; taken as known before the year began (assumed)
    announced_on: dt.date | None
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A day that an announcement moved."""

    day: dt.date
    before: CalendarDay
    after: CalendarDay

    @property
    def citation(self) -> Citation | None:
        """The ground of what holds now."""
        return self.after.citation


def label_of(kind: Kind, pair: dt.date | None) -> Label:
    """Return the text for a kind of day, naming the day it is paired with.

    >>> from datetime import date
    >>> label_of("make_up", date(2026, 1, 2)).text("en")
    'Make-up working day for 2026-01-02'
    """
    plain = KINDS[kind]
    if pair is None:
        return plain
    vi, en = {
        "swapped_off": ("làm bù ngày", "made up on"),
        "make_up": ("cho ngày", "for"),
        "compensatory": ("cho ngày", "for"),
    }.get(kind, ("cùng với ngày", "together with"))
    comma = "," if kind == "swapped_off" else ""
    return Label(
        vi=f"{plain.vi}{comma} {vi} {pair:%d/%m/%Y}",
        en=f"{plain.en}{comma} {en} {pair.isoformat()}",
    )


def describe(day: dt.date, mark: Mark, *, provisional: bool) -> CalendarDay:
    """Return what a mark says about a day.

    Args:
        day: The day.
        mark: What is known about it.
        provisional: The day lies past what has been announced, whatever the mark says.
    """
    return CalendarDay(
        date=day,
        working=mark.effect != "off",
        effect=mark.effect,
        kind=mark.kind,
        label=label_of(mark.kind, mark.pair),
        citation=mark.citation,
        status="provisional" if provisional else mark.status,
        pair=mark.pair,
        announced_on=mark.announced_on,
        source=mark.source,
    )
