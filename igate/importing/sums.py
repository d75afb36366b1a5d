"""The printed total of a process against the sum of its steps.

A total may be printed below the steps, in the heading of the time column and in the title. All of
them count; if they differ, or differ from the sum, the process is refused with the numbers.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from igate.importing.faults import ImportFault
from igate.importing.headings import heading_unit
from igate.importing.times import (
    hours_of,
    hours_text,
    is_bare_number,
    totals_in,
    totals_of_title,
    with_unit_stated,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from fractions import Fraction

    from igate.errors import Place
    from igate.importing.faults import FaultCode
    from igate.importing.headings import Segment
    from igate.importing.steps import RowStep
    from igate.importing.tables import Row
    from igate.importing.times import PrintedTotal
    from igate.law.citation import Label

__all__ = ["Sums", "compared", "printed_totals", "unit_assumed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """What came of the comparison."""

    #: the one total that is printed
    total: PrintedTotal | None
    total_hours: Fraction | None
    faults: tuple[ImportFault, ...]


def printed_totals(segment: Segment, steps: Sequence[RowStep]) -> tuple[PrintedTotal, ...]:
    """Return the totals that a process prints, each length once.

    A plain "ngày" or "giờ" is working time where the same table or its title says so.
    """
    place = segment.table.place(segment.heading)
    found = [
        *(each for row in segment.totals for each in _of_row(segment, row)),
        *totals_of_title(segment.heading.cell(segment.columns.time).line, place),
        *totals_of_title(segment.title, place),
    ]
    days, hours = _stated(segment, steps, found)
    unique: dict[str, PrintedTotal] = {}
    for each in found:
        if each.limit is not None:
            limit = with_unit_stated(each.limit, days=days, hours=hours)
            unique.setdefault(_key(limit), replace(each, limit=limit))
        else:
            unique.setdefault(each.text, each)
    return tuple(unique.values())


def compared(
    totals: Sequence[PrintedTotal], hours: Fraction | None, place: Place, *, readable: bool
) -> Sums:
    """Compare the totals with the sum of the steps.

    Args:
        totals: As printed, each length once.
        hours: The steps together; ``None`` where they cannot be added up.
        place: Of the heading.
        readable: Whether every step has a time that could be read.
    """
    if len(totals) > 1 or any(total.limit is None for total in totals):
        texts = "; ".join(f'"{total.text}"' for total in totals)
        known = hours if readable else None
        fault = _fault("several-totals", totals[0].place, texts, known)
        return Sums(total=None, total_hours=None, faults=(fault,))
    if not totals:
        faults = (_fault("missing-total", place, "", hours),) if readable else ()
        return Sums(total=None, total_hours=None, faults=faults)
    (total,) = totals
    limit = total.limit
    wanted = hours_of([limit]) if limit and limit.stated and _has_length(total) else None
    if limit is not None and not limit.stated:
        return Sums(total=total, total_hours=None, faults=())
    if not readable or (wanted is not None and wanted == hours):
        return Sums(total=total, total_hours=wanted, faults=())
    code: FaultCode = "not-compared" if wanted is None or hours is None else "sum-differs"
    fault = _fault(code, total.place, total.text, hours)
    return Sums(total=total, total_hours=wanted, faults=(fault,))


def unit_assumed(
    segment: Segment, steps: Sequence[RowStep], totals: Sequence[PrintedTotal]
) -> bool:
    """Return whether a step prints a plain "ngày" or "giờ" and nothing says that it is worked."""
    days, hours = _stated(segment, steps, totals)
    texts = [step.time.lower() for step in steps if step.limit is not None and step.limit.stated]
    plain = [text for text in texts if "làm việc" not in text]
    bare = heading_unit(segment.heading.cell(segment.columns.time).line)
    return any(
        ("giờ" in (text + bare) and not hours) or ("giờ" not in (text + bare) and not days)
        for text in plain
    )


def _of_row(segment: Segment, row: Row) -> tuple[PrintedTotal, ...]:
    """Return the totals of a row; a number alone has the unit of its column."""
    column = segment.columns.time
    unit = heading_unit(segment.heading.cell(column).line)
    time = row.cell(column).line
    text = " ".join(dict.fromkeys(row.texts))
    if unit and is_bare_number(time):
        text = f"{time} {unit}"
    return totals_in(text, segment.table.place(row))


def _stated(
    segment: Segment, steps: Sequence[RowStep], totals: Sequence[PrintedTotal]
) -> tuple[bool, bool]:
    """Return whether the table says of its days, and of its hours, that they are worked ones."""
    heading = segment.heading.cell(segment.columns.time).line.lower()
    printed = [total.text.lower() for total in totals]
    days = heading_unit(heading) == "ngày làm việc" or any("ngày làm việc" in t for t in printed)
    times = (step.time.lower() for step in steps)
    hours = "giờ làm việc" in heading or any("giờ làm việc" in t for t in (*printed, *times))
    return days, hours


def _key(limit: object) -> str:
    return str(limit)


def _has_length(total: PrintedTotal) -> bool:
    return total.limit is not None and any(part.length for part in total.limit.parts)


def _fault(code: FaultCode, place: Place, total: str, hours: Fraction | None) -> ImportFault:
    words: dict[str, str | Label] = {"totals": total, "total": f'"{total}"'}
    return ImportFault(code=code, place=place, values=words | {"sum": hours_text(hours)})
