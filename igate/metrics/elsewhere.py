"""A table that lies elsewhere: its columns as an engine compares them, and what is asked of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import narwhals.stable.v2 as nw

from igate.law.localtime import VIETNAM
from igate.metrics.columns import Columns, Origin
from igate.metrics.grouping import NAMES_OF_TIMES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from igate.metrics.placing import Window
    from igate.metrics.spelling import Spelling

__all__ = ["COMPARED", "DUE_DAY", "DUE_MINUTE", "TERMS", "Elsewhere"]

#: Zones of an engine's session in which a moment is written as in Vietnam, and without an offset.
_VIETNAM: Final = frozenset({str(VIETNAM), "Asia/Saigon", "Asia/Bangkok", "Etc/GMT-7"})
_UTC: Final = frozenset({"UTC", "Etc/UTC"})
#: A space at the beginning or the end of a text.
_PADDED: Final = r"^[\s\x0b]|[\s\x0b]$"
#: Where due dates that were worked out stand beside the table.
DUE_DAY, DUE_MINUTE = "igate_due_day", "igate_due_minute"
#: The texts from which a due date is worked out.
TERMS: Final = ("limit", "procedure", "case", "area")
_GIVEN: Final = ("received", "finished", "due")
_COUNTED: Final = ("received", "finished", "started")
#: The columns that are compared, by igate's names.
COMPARED: Final = ("code", "channel", "received", "finished", "started", "due", *TERMS, "state")


@dataclass(frozen=True, slots=True, kw_only=True)
class Elsewhere:
    """A table that lies elsewhere, and what is asked of it."""

    frame: nw.LazyFrame[Any]
    columns: Columns
    #: of the columns that are compared, by igate's names
    kinds: Mapping[str, Any]
    keys: tuple[str, ...]
    days: Window
    #: what definitions compare: days, half-days or moments
    compared: frozenset[str]

    @property
    def times(self) -> tuple[str, ...]:
        """The keys that are made from the day of receipt."""
        return tuple(
            key for key in self.keys if key in NAMES_OF_TIMES and key not in self.columns.present
        )

    @property
    def given(self) -> bool:
        """Whether the table says when a dossier is due."""
        return "due" in self.columns

    def comparable(self, spelling: Spelling) -> bool:
        """Return whether all that decides can be said in comparisons."""
        looked_up = any(key not in self.columns.present and key not in self.columns
                        for key in self.keys if key not in self.times)  # fmt: skip
        code = self.kinds["code"]
        return (
            "recorded" not in self.columns
            and not looked_up
            and spelling.zone is None
            and all(self._is_moment(self.kinds[ours]) for ours in self._moments)
            and (isinstance(code, nw.String) or code.is_integer())
            and (self.given or all(isinstance(self.kinds[ours], nw.String) for ours in self.terms))
        )

    @property
    def _moments(self) -> Iterator[str]:
        return (ours for ours in (_GIVEN if self.given else _COUNTED) if ours in self.columns)

    @property
    def terms(self) -> tuple[str, ...]:
        """The texts that decide a due date; a channel and a case are those of a procedure."""
        if "procedure" not in self.columns:
            return ("limit",)
        return (*(ours for ours in TERMS if ours in self.columns), "channel")

    def _is_moment(self, kind: Any) -> bool:  # noqa: ANN401 - a kind of narwhals
        """Return whether a column can be compared by its date and hour in Vietnamese time."""
        if _is_day(kind):
            return True
        if not isinstance(kind, nw.Datetime):
            return False
        # the zone that Ibis names is that of the column, and the engine counts in its session's
        session = self.frame.implementation is not nw.Implementation.IBIS
        return kind.time_zone is None or (session and self._zone(kind) in _VIETNAM | _UTC)

    def _zone(self, kind: Any) -> str | None:  # noqa: ANN401 - a kind of narwhals
        """Return the zone in which the engine writes moments of a kind."""
        session = Origin.of(self.frame).session
        if kind.time_zone is None or session is None:
            zone: str | None = kind.time_zone
        else:
            # narwhals remembers the zone that a session of Spark had first
            zone = session.conf.get("spark.sql.session.timeZone")
        return zone

    def has_own_codes(self) -> bool:
        """Return whether every row has a code of its own.

        To strip texts costs an engine as much as to number them; where no code has spaces around
        it, which one search tells, they are numbered as they are.
        """
        code = nw.col(self.columns.of("code"))
        if not isinstance(self.kinds["code"], nw.String):
            return self._own(code, code.is_null()) is True
        found = self._own(code, code.is_null() | (code == ""), code.str.contains(_PADDED))
        if found is None:
            stripped = code.str.strip_chars()
            found = self._own(stripped, stripped.is_null() | (stripped == ""))
        return found is True

    def _own(self, code: nw.Expr, empty: nw.Expr, padded: nw.Expr | None = None) -> bool | None:
        """Return whether codes differ and none is empty; ``None``: some have spaces around them."""
        flags = {"empty": empty.fill_null(value=True)}
        if padded is not None:
            flags["padded"] = padded.fill_null(value=False)
        found = self.collected(
            self.frame.select(
                nw.len().alias("rows"),
                code.n_unique().alias("codes"),
                *(flag.cast(nw.Int64()).sum().alias(name) for name, flag in flags.items()),
            )
        )
        number = {name: int(found[name][0] or 0) for name in ("rows", "codes", *flags)}
        if number.get("padded"):
            return None
        return number["rows"] == 0 or (number["codes"] == number["rows"] and not number["empty"])

    def collected(self, frame: nw.LazyFrame[Any]) -> nw.DataFrame[Any]:
        """Bring counts into memory; Polars works in batches, so that it does not hold the table."""
        if frame.implementation is nw.Implementation.POLARS:
            return frame.collect(engine="streaming")
        return Origin.of(self.frame).collected(frame)

    def brought(self, table: nw.DataFrame[Any]) -> nw.LazyFrame[Any] | None:
        """Bring a small table to where this one lies; ``None``: the engine takes none."""
        engine = self.frame.implementation
        if engine is nw.Implementation.DUCKDB:
            return _on_the_connection(self.frame.to_native(), table.to_arrow())
        backend: Any = engine
        if engine is nw.Implementation.PYSPARK:
            return table.lazy(backend=backend, session=Origin.of(self.frame).session)
        return table.lazy(backend=backend)

    def missing(self, ours: str) -> nw.Expr:
        """Return whether there is nothing in a column."""
        if ours == "due" and not self.given:
            return nw.col(DUE_DAY).is_null()
        return nw.col(self.columns.of(ours)).is_null()

    def day(self, ours: str) -> nw.Expr:
        """Return the day of a moment in Vietnamese time."""
        if ours == "due" and not self.given:
            return nw.col(DUE_DAY)
        kind = self.kinds[ours]
        return nw.col(self.columns.of(ours)) if _is_day(kind) else self._local(ours).dt.date()

    def minute(self, ours: str) -> nw.Expr:
        """Return the minute of the day of a moment; of a date without an hour it is 0."""
        if ours == "due" and not self.given:
            return nw.col(DUE_MINUTE)
        if _is_day(self.kinds[ours]):
            return nw.lit(0)
        moment = self._local(ours).dt
        return moment.hour().cast(nw.Int64()) * 60 + moment.minute().cast(nw.Int64())

    def _local(self, ours: str) -> nw.Expr:
        column, zone = nw.col(self.columns.of(ours)), self._zone(self.kinds[ours])
        return column.dt.offset_by("7h") if zone in _UTC else column


def _on_the_connection(relation: Any, igate_brought: Any) -> nw.LazyFrame[Any] | None:  # noqa: ANN401, ARG001 - DuckDB finds the table by its name
    """Return an Arrow table as a relation on the connection of another; others cannot be joined."""
    import duckdb  # noqa: PLC0415 - an extra, of which there is a relation

    try:
        found: nw.LazyFrame[Any] = nw.from_native(
            relation.query("igate_table", "from igate_brought")
        )
    except duckdb.Error:
        # the connection looks up nothing in Python (python_enable_replacements)
        return None
    return found


def _is_day(kind: Any) -> bool:  # noqa: ANN401 - a kind of narwhals
    return isinstance(kind, nw.Date)
