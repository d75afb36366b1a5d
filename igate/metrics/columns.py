"""Which column of a table is which: igate's names for the columns, and a map to other names.

A table may call its columns as it likes; the map says so, ours to theirs: ``{"code": "MaHoSo"}``.
A column that is needed and not there is refused with the columns that are there. Rows are only
read, never changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import narwhals.stable.v2 as nw

from igate.errors import FrameError
from igate.law.citation import Label
from igate.metrics.definitions import COUNTS, FURTHER_COUNTS, RATE
from igate.metrics.refusal import suggest
from igate.metrics.spelling import plain_name
from igate.words.sentence import say, together

if TYPE_CHECKING:
    from collections.abc import Container, Sequence

    from narwhals.stable.v2.typing import IntoFrame

    from igate.words.sentence import Sentence

__all__ = [
    "FILE_LINE", "FILE_NAME", "INPUT", "REQUIRED", "Columns", "MapKeyword", "Origin", "hold",
    "missing_of", "take", "unknown_column",
]  # fmt: skip

#: Under which name a caller gives the map of a table: ``reconcile`` takes two tables, and the
#: command line takes files.
MapKeyword: TypeAlias = Literal["columns", "other_columns", "--map", "--log"]
#: The columns that are read, by igate's names for them.
INPUT: Mapping[str, Label] = MappingProxyType(
    {
        "code": Label(vi="Mã hồ sơ", en="Code of the dossier"),
        "procedure": Label(vi="Mã thủ tục hành chính", en="Code of the procedure"),
        "limit": Label(vi="Thời hạn giải quyết", en="Time limit"),
        "case": Label(vi="Trường hợp", en="Case of the procedure"),
        "area": Label(vi="Địa bàn", en="Area"),
        "field": Label(vi="Lĩnh vực", en="Field"),
        "agency": Label(vi="Cơ quan giải quyết", en="Agency"),
        "channel": Label(vi="Kênh tiếp nhận", en="Channel"),
        "received": Label(vi="Ngày tiếp nhận", en="Received"),
        "started": Label(
            vi="Ngày bắt đầu tính thời hạn, nếu sau ngày tiếp nhận",
            en="Time counted from, where later than the receipt",
        ),
        "finished": Label(vi="Ngày kết thúc xử lý", en="Processing finished"),
        "recorded": Label(vi="Ngày ghi nhận kết thúc", en="Finish recorded"),
        "reopened": Label(vi="Số lần mở lại", en="Times reopened"),
        "due": Label(vi="Ngày hẹn trả", en="Due date"),
        "first_due": Label(vi="Ngày hẹn trả ban đầu", en="Due date as first promised"),
        "suspensions": Label(vi="Các lần tạm dừng tính thời hạn", en="Suspensions of the clock"),
        "state": Label(vi="Trạng thái", en="State or national status"),
        "online_level": Label(vi="Mức độ dịch vụ công trực tuyến", en="Level of online service"),
    }
)
#: Columns without which nothing can be counted.
REQUIRED = ("code", "channel", "received", "finished")
#: Of these, one must be there: they say when a dossier is due.
_DUE_FROM = ("due", "limit", "procedure")
#: Column with the line of a text file, which ``read_table`` adds for messages.
FILE_LINE = "file_line"
#: Column with the name of the file, where a table was read from several.
FILE_NAME = "file_name"
#: What a table can be split by without having it: from the day of receipt, from the procedure.
_TIMES = frozenset({"month", "quarter", "year", "week"})
_LOOKED_UP = frozenset({"field", "online_level"})
_OUTPUT = (*COUNTS, *FURTHER_COUNTS, *RATE, "definition", "is_total")


#: Libraries that hold a table in memory.
_EAGER = (nw.Implementation.PANDAS, nw.Implementation.POLARS, nw.Implementation.PYARROW)
#: Engines whose table is read into memory, the needed columns only.
_ENGINES = (nw.Implementation.DUCKDB, nw.Implementation.IBIS, nw.Implementation.PYSPARK)


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """The kind of frame that a table came as, and into which results go back."""

    implementation: nw.Implementation
    lazy: bool
    #: the Spark session of a PySpark frame
    session: Any = None

    @classmethod
    def of(cls, wrapped: nw.DataFrame[Any] | nw.LazyFrame[Any]) -> Origin:
        """Note the kind of a frame."""
        spark = wrapped.implementation is nw.Implementation.PYSPARK
        return cls(
            implementation=wrapped.implementation,
            lazy=isinstance(wrapped, nw.LazyFrame),
            session=wrapped.to_native().sparkSession if spark else None,
        )

    def collected(self, wrapped: nw.DataFrame[Any] | nw.LazyFrame[Any]) -> nw.DataFrame[Any]:
        """Bring a frame of this kind into memory."""
        if isinstance(wrapped, nw.DataFrame):
            return wrapped
        if self.implementation in _ENGINES:
            return wrapped.collect(backend="pyarrow" if find_spec("polars") is None else "polars")
        return wrapped.collect()

    def give(self, table: nw.DataFrame[Any]) -> Any:  # noqa: ANN401 - the caller's kind of frame
        """Return a result in the library of the caller's frame, lazy where that was."""
        plain = nw.maybe_reset_index(table)
        if not self.lazy:
            return plain.to_native()
        if self.session is not None:
            return plain.lazy(backend="pyspark", session=self.session).to_native()
        backend: Any = self.implementation
        return plain.lazy(backend=backend).to_native()


def missing_of(names: Container[str]) -> tuple[str, ...]:
    """Return the columns, by igate's names, without which a table that has these is not counted.

    >>> missing_of({"code", "channel", "received"}), missing_of({*REQUIRED, "due"})
    (('finished', 'limit'), ())
    """
    missing = tuple(name for name in REQUIRED if name not in names)
    return missing if any(name in names for name in _DUE_FROM) else (*missing, "limit")


class Columns:
    """The columns of one table under igate's names."""

    def __init__(
        self,
        present: Sequence[str],
        given: Mapping[str, str] | None,
        keyword: MapKeyword = "columns",
    ) -> None:
        """Check the map against the table.

        Args:
            present: Names of the columns of the table.
            given: The map, igate's names to those of the table; names that agree may be left out.
            keyword: Under which name the caller gives the map, for messages.

        Raises:
            FrameError: The map names a column that igate does not read or the table does not have,
                or two columns of the table have one name.
        """
        if given is not None and not isinstance(given, Mapping):
            raise FrameError(
                say("The column map is a {kind}, no mapping.", kind=type(given).__name__),
                fix=say(
                    'Write {keyword}={{"code": "MaHoSo"}}; a file is read by '
                    'read_table(path, column_map="map.yaml").',
                    keyword=keyword,
                ),
            )
        self.keyword = keyword
        self.present = tuple(present)
        _refuse_doubles(self.present)
        spelled = {plain_name(name): name for name in self.present}
        mapped = {
            ours: spelled.get(plain_name(theirs), theirs) for ours, theirs in (given or {}).items()
        }
        for ours, theirs in mapped.items():
            if ours not in INPUT:
                raise unknown_column(ours)
            if theirs not in self.present:
                raise FrameError(
                    say(
                        "The column map says that {ours!r} is called {theirs!r}, but the table "
                        "has no such column.",
                        ours=ours,
                        theirs=theirs,
                    ),
                    fix=suggest(theirs, self._of_the_file(), say("Its columns are")),
                )
        #: igate's name -> name in the table
        self.names = {ours: mapped.get(ours, ours) for ours in (*INPUT, FILE_LINE, FILE_NAME)}
        taken = set(mapped.values())
        self.names = {
            ours: theirs
            for ours, theirs in self.names.items()
            if theirs in self.present and (ours in mapped or theirs not in taken)
        }

    def __contains__(self, ours: object) -> bool:
        return ours in self.names

    def require(self, keys: Sequence[str]) -> None:
        """Check that the table has what the form is counted from.

        Raises:
            FrameError: A column is missing; the columns that are there are listed.
        """
        missing = missing_of(self)
        if missing:
            name = missing[0]
            others = say(" ({names} too)", names=", ".join(missing[1:])) if missing[1:] else ""
            why = say("Without due, limit or procedure it is unknown when a dossier is due.")
            raise FrameError(
                say("The table has no column {name!r}{others}.", name=name, others=others),
                why=why if name == "limit" else None,
                fix=together(
                    suggest(name, self._of_the_file(), say("Its columns are")),
                    self._naming(name),
                ),
            )
        self._require_keys(keys)

    def _naming(self, name: str) -> Sentence:
        """Say where to write what a column is called, as the caller gives the map."""
        if self.keyword == "--log":
            return say(
                "Write below columns in the file of --log in which column of the log it is, like "
                '"{name}: ...", or below constants what all dossiers have.',
                name=name,
            )
        if self.keyword == "--map":
            return say(
                'If it goes by another name, write that name behind "{name}:" in the file of '
                '--map; "igate metrics FILE --propose-map" writes one.',
                name=name,
            )
        return say(
            "If it goes by another name, say so in the map: "
            '{keyword}={{"{name}": "..."}}; "igate metrics FILE --propose-map" writes '
            "one.",
            keyword=self.keyword,
            name=name,
        )

    def _of_the_file(self) -> tuple[str, ...]:
        """Return the columns that a reader of the file knows."""
        return tuple(name for name in self.present if name not in {FILE_LINE, FILE_NAME})

    def _require_keys(self, keys: Sequence[str]) -> None:
        for key in keys:
            made = key in _TIMES or (key in _LOOKED_UP and "procedure" in self)
            if not made and key not in self and key not in self.present:
                raise FrameError(
                    say("The table cannot be split by {key!r}: it has no such column.", key=key),
                    fix=together(
                        suggest(key, self._of_the_file(), say("Its columns are")),
                        say(
                            "It can also be split by the time of receipt: month, quarter, year, "
                            "week."
                        ),
                    ),
                )
            if key in _OUTPUT or keys.count(key) > 1:
                raise FrameError(
                    say(
                        "The table cannot be split by {key!r}: the result would have two columns "
                        "of that name.",
                        key=key,
                    ),
                    fix=say("Rename the column, or name it once."),
                )

    def of(self, key: str) -> str:
        """Return the name in the table of one of igate's columns or of any other column."""
        return self.names.get(key, key)


def unknown_column(name: object, where: str | None = None) -> FrameError:
    """Return the error that a column map names a column that igate does not read."""
    return FrameError(
        say("The column map names {name!r}, which is none of igate's columns.", name=name),
        where=where,
        why=say("The map goes from igate's names to those of the table."),
        fix=suggest(name, INPUT, say("Igate's columns are")),
    )


def _refuse_doubles(present: Sequence[str]) -> None:
    doubles = sorted({name for name in present if present.count(name) > 1})
    if doubles:
        raise FrameError(
            say("The table has more than one column named {doubles!r}.", doubles=doubles[0]),
            why=say("It would be unclear which of them is meant."),
            fix=say("Rename or drop one of them."),
        )


def hold(frame: object) -> nw.DataFrame[Any] | nw.LazyFrame[Any]:
    """Take hold of a frame without changing or reading it.

    Args:
        frame: A pandas or Polars frame (eager or lazy), a PyArrow table, a DuckDB relation, an
            Ibis table, a PySpark frame, or anything else that gives an Arrow stream, which is
            read into a PyArrow table.

    Raises:
        FrameError: It is none of these kinds.
    """
    try:
        wrapped: nw.DataFrame[Any] | nw.LazyFrame[Any] = nw.from_native(frame)
    except TypeError as error:
        if not hasattr(frame, "__arrow_c_stream__"):
            raise _wrong_kind(frame) from error
        wrapped = _from_stream(frame)
    except ValueError as error:
        raise FrameError(
            say("The columns of the table cannot be distinguished."),
            why=str(error),
            fix=say("Give every column a name of its own."),
        ) from error
    if wrapped.implementation not in _EAGER + _ENGINES:
        raise _wrong_kind(frame)
    return wrapped


def _from_stream(frame: Any) -> nw.DataFrame[Any]:  # noqa: ANN401 - whatever gives a stream
    try:
        return nw.from_arrow(frame, backend="polars" if find_spec("pyarrow") is None else "pyarrow")
    except Exception as error:  # each library has errors of its own for a stream of no table
        raise _wrong_kind(frame) from error


def take(
    frame: IntoFrame,
    given: Mapping[str, str] | None,
    keys: Sequence[str],
    keyword: MapKeyword = "columns",
) -> tuple[nw.DataFrame[Any], Columns, Origin]:
    """Bring the needed columns of a frame into memory.

    Args:
        frame: As for ``hold``.
        given: The column map.
        keys: What the result is split by.
        keyword: Under which name the caller gives the map, for messages.

    Returns:
        The needed columns, which column is which, and the kind of frame that it was.

    Raises:
        FrameError: It is none of these kinds, or a column is missing.
    """
    wrapped = hold(frame)
    origin = Origin.of(wrapped)
    columns = Columns(list(wrapped.collect_schema().names()), given, keyword)
    columns.require(keys)
    wanted = dict.fromkeys([*columns.names.values(), *(columns.of(key) for key in keys)])
    narrow = wrapped.select([name for name in wanted if name in columns.present])
    return origin.collected(narrow), columns, origin


def _wrong_kind(frame: object) -> FrameError:
    return FrameError(
        say(
            "A {module}.{qualname} is not a table that igate reads.",
            module=type(frame).__module__,
            qualname=type(frame).__qualname__,
        ),
        why=say(
            "The form is counted on a pandas or Polars frame or a PyArrow table, and on what "
            "DuckDB, Ibis, PySpark or an Arrow stream gives."
        ),
        fix=say(
            "Convert it, for example with .df(), .pl() or .to_arrow_table(), or use read_table()."
        ),
    )
