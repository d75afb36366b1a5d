"""The rows of a table that cannot be counted, set apart from the others with what is wrong.

A table is refused as a whole unless somebody asks otherwise, because a rate over some of its rows
is another rate. Set apart, every row is in one of two tables, and the second says why.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final, cast

import narwhals.stable.v2 as nw

from igate.errors import FrameError
from igate.law.text import check_language
from igate.metrics.asked import Options, keys_of, read
from igate.metrics.columns import FILE_LINE, Origin, hold
from igate.metrics.definitions import find_definitions
from igate.metrics.form import counts_of
from igate.words.sentence import said, say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from narwhals.stable.v2.typing import IntoFrameT

    from igate.calendar import WorkCalendar
    from igate.deadlines.rules import ClockRules
    from igate.law.citation import Language
    from igate.metrics.definitions import Definition
    from igate.metrics.spelling import DateForm
    from igate.procedures.catalog.catalog import Catalog

__all__ = ["set_aside"]

#: Columns in front of the rows that are set aside.
_SAID: Final = ("row", "fault")


def set_aside(
    frame: IntoFrameT,
    *,
    definition: str | Definition | Sequence[str | Definition] = "form_06a",
    by: str | Sequence[str] = (),
    period: tuple[date, date] | None = None,
    as_of: date,
    calendar: WorkCalendar | None = None,
    rules: ClockRules | str | None = None,
    columns: Mapping[str, str] | None = None,
    catalog: Catalog | None = None,
    source: str = "",
    dates: DateForm | Mapping[str, DateForm] = "iso",
    values: Mapping[str, Mapping[str, str | Sequence[str]]] | None = None,
    zone: str | None = None,
    lang: Language = "en",
) -> tuple[IntoFrameT, IntoFrameT]:
    """Part a table into the rows that ``settlement`` counts and those that it refuses.

    Args:
        frame: As for ``settlement``; a lazy frame, or one of an engine, is read.
        definition: As for ``settlement``; of several, what one of them refuses is set aside.
        by: As for ``settlement``; a row whose field is not known is set aside where it is asked.
        period: As for ``settlement``.
        as_of: As for ``settlement``.
        calendar: As for ``settlement``.
        rules: As for ``settlement``.
        columns: As for ``settlement``.
        catalog: As for ``settlement``.
        source: As for ``settlement``.
        dates: As for ``settlement``.
        values: As for ``settlement``.
        zone: As for ``settlement``.
        lang: The language that ``fault`` is written in.

    Returns:
        Two frames in memory, in the order of the table (of the kind of a frame in memory); each
        row is in one of them. The second has ``row`` (Int64, its number in the table from 1, or
        its line in the file) and ``fault`` (what is wrong with it; several faults are found one
        after the other, and the first is named) in front of the columns of the table.

    Raises:
        FrameError: The table as a whole cannot be read: a column is missing or of another type.
        IgateError: There is no such definition, or igate does not speak the language.
    """
    check_language(lang)
    options = Options.of(
        period=period,
        as_of=as_of,
        calendar=calendar,
        rules=rules,
        columns=columns,
        catalog=catalog,
        source=source,
        dates=dates,
        values=values,
        zone=zone,
    )
    chosen = find_definitions(definition)
    wrapped = hold(frame)
    whole = Origin.of(wrapped).collected(wrapped)
    _check_names(whole.columns)
    lines = FILE_LINE in whole.columns
    numbers = whole[FILE_LINE].to_list() if lines else list(range(1, len(whole) + 1))
    kept, faults = list(range(len(whole))), dict[int, str]()
    while True:
        rest = whole[kept]
        own = replace(options, positions=kept)
        try:
            reading = read(rest.to_native(), keys_of(by), own)
            for each in chosen:
                counts_of(reading, each)
        except FrameError as error:
            if not error.rows:
                raise
            faults |= error.rows
            kept = [row for row in kept if row not in faults]
        else:
            break
    out = sorted(faults)
    words = [str(said(faults[row], lang)) for row in out]
    backend = whole.implementation
    front = (
        nw.new_series("row", [numbers[row] for row in out], nw.Int64(), backend=backend),
        nw.new_series("fault", words, nw.String(), backend=backend),
    )
    refused = nw.maybe_reset_index(whole[out]).with_columns(*front)
    refused = refused.select(*_SAID, *(name for name in whole.columns if name != FILE_LINE))
    accepted = nw.maybe_reset_index(rest)
    return cast("IntoFrameT", accepted.to_native()), cast("IntoFrameT", refused.to_native())


def _check_names(present: Sequence[str]) -> None:
    for name in _SAID:
        if name in present:
            raise FrameError(
                say(
                    "The table has a column {name!r}, which is to say what is wrong with a row.",
                    name=name,
                ),
                fix=say("Rename the column."),
            )
