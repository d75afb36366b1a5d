"""The settlement of a file of dossiers, as the command ``igate metrics`` shows it."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import narwhals.stable.v2 as nw
from rich.box import SIMPLE
from rich.table import Table

from igate.calendar import WorkCalendar
from igate.errors import FrameError, OutputError
from igate.files.writing import write_atomically
from igate.law.citation import Label
from igate.law.localtime import VIETNAM
from igate.metrics import FURTHER_COUNTS, Definition, read_table, set_aside, settlement
from igate.metrics import definition as find_definition
from igate.publish.words import percent

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from igate.law.citation import Language
    from igate.metrics.spelling import DateForm

__all__ = ["HEADINGS", "Settlement", "settle_file"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """A settlement table with the definition and the days that it rests on."""

    definition: Definition
    keys: tuple[str, ...]
    #: first and last day, both inclusive; ``None``: all that the file holds
    period: tuple[date, date] | None
    as_of: date
    rows: tuple[dict[str, Any], ...]
    #: how many rows of the file were not counted, because something is wrong with them
    set_aside: int = 0

    def record(self) -> dict[str, object]:
        """Return the table as plain data."""
        return {
            "definition": self.definition.name,
            "citation": str(self.definition.citation),
            "numerator": list(self.definition.numerator),
            "denominator": list(self.definition.denominator),
            "period": None if self.period is None else [day.isoformat() for day in self.period],
            "as_of": self.as_of.isoformat(),
            "set_aside": self.set_aside,
            "rows": list(self.rows),
        }

    def table(self, lang: Language) -> Table:
        """Return the table for a terminal."""
        shown = Table(title=self.definition.label.text(lang), title_justify="left", box=SIMPLE)
        for key in self.keys:
            shown.add_column(key, no_wrap=key in {"month", "procedure"}, overflow="fold")
        for title in (*HEADINGS[lang], "%"):
            shown.add_column(title, justify="right", min_width=max(map(len, title.split())))
        for row in self.rows:
            rate = row["on_time_rate"]
            shown.add_row(
                *(str(row[key] if row[key] is not None else "–") for key in self.keys),
                *(str(row[name]) for name in _SHOWN),
                "–" if rate is None else percent(rate, lang),
            )
        return shown

    def legend(self, lang: Language) -> str:
        """Say what was divided by what, and where that is written."""
        chosen = self.definition
        above, below = chosen.numerator_label.text(lang), chosen.denominator_label.text(lang)
        said = f"{chosen.name}: {above} / {below} ({chosen.citation.text(lang)})"
        resting = sum(row.get("due_provisional", 0) for row in self.rows)
        if resting:
            label = FURTHER_COUNTS["due_provisional"].text(lang)
            said = f"{said}\n{label}: {resting}"
        if self.set_aside:
            said = f"{said}\n{_SET_ASIDE.text(lang)}: {self.set_aside}"
        return said


_SET_ASIDE = Label(
    vi="Số dòng để riêng, không tính (có lỗi)", en="Rows set aside and not counted (with a fault)"
)
#: The counts that a table on a terminal shows, and their headings.
_SHOWN = (
    "received_total",
    "solved_early",
    "solved_on_time",
    "solved_late",
    "in_process_within",
    "in_process_overdue",
)
HEADINGS: Mapping[Language, tuple[str, ...]] = MappingProxyType(
    {
        "vi": ("Tiếp nhận", "Trước hạn", "Đúng hạn", "Quá hạn", "Trong hạn", "Đang quá hạn"),
        "en": ("Received", "Early", "On time", "Late", "Within time", "Overdue"),
    }
)


def settle_file(
    path: Path,
    *,
    definition: str,
    by: tuple[str, ...],
    period: tuple[date | None, date | None] = (None, None),
    as_of: date | None = None,
    map_file: Path | None = None,
    dates: DateForm = "iso",
    strict: bool = False,
    rejects: Path | None = None,
) -> Settlement:
    """Read a file of dossiers and settle it.

    Args:
        path: CSV or Parquet.
        definition: Name of the definition of on time.
        by: Columns to split by.
        period: First and last day, both inclusive; both or neither.
        as_of: Day on which open dossiers are looked at; the last day of the period when absent,
            today where there is none.
        map_file: YAML file, igate's column names to those of the file.
        dates: How dates are written in a CSV file.
        strict: Refuse to count days that are not announced yet.
        rejects: Where the rows at fault are written to (CSV); ``None``: one refuses the file.

    Raises:
        FrameError: The file, the map or the period cannot be used.
        OutputError: The file for the rows at fault is there already.
    """
    if rejects is not None and rejects.exists():
        raise OutputError(
            f"The file {rejects} is there already.", fix="Name another one for the rows at fault."
        )
    start, end = period
    if (start is None) != (end is None):
        raise FrameError(
            "A period needs its first and its last day.", fix="Give both --from and --to."
        )
    whole = None if start is None or end is None else (start, end)
    day = as_of or end or datetime.now(tz=VIETNAM).date()
    frame = read_table(path, column_map=map_file, dates=dates)
    chosen = find_definition(definition)
    calendar = WorkCalendar.vietnam(provisional=not strict)
    refused: Any = None
    if rejects is not None:
        frame, refused = set_aside(
            frame, definition=chosen, by=by, period=whole, as_of=day, source=str(path),
            calendar=calendar,
        )  # fmt: skip
    result = nw.from_native(
        settlement(
            frame,
            definition=chosen,
            by=by,
            period=whole,
            as_of=day,
            source=str(path),
            calendar=calendar,
        ),
        eager_only=True,
    )
    if rejects is not None:
        write_atomically(rejects, _csv(nw.from_native(refused, eager_only=True)))
    rows = result.sort(*by, nulls_last=True).rows(named=True) if by else result.rows(named=True)
    return Settlement(
        definition=chosen,
        keys=by,
        period=whole,
        as_of=day,
        rows=tuple(rows),
        set_aside=0 if refused is None else len(refused),
    )


def _csv(table: nw.DataFrame[Any]) -> bytes:
    """Write a table as CSV that a spreadsheet opens as UTF-8."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(table.columns)
    writer.writerows(table.rows())
    return text.getvalue().encode("utf-8-sig")
