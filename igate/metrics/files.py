"""Reading a table of dossiers from a CSV or Parquet file.

What a file is, its first bytes say, not its name. In CSV every cell stays the text it is: an
agency ``001`` is not the number 1. Only the columns of dates are read, so that a date that is
none is refused with the line that it is on. The lines of the file are kept in a column
``file_line``, from which later messages take them.
"""

from __future__ import annotations

import csv
import io
import os
from collections import Counter
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import narwhals.stable.v2 as nw
import numpy as np

from igate.errors import FrameError, IgateError
from igate.files.yaml import read as read_yaml
from igate.metrics.cells import minute_of, unreadable_dates
from igate.metrics.columns import FILE_LINE, INPUT, unknown_column
from igate.metrics.refusal import Rows, suggest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from narwhals.stable.v2.typing import IntoDataFrame
    from numpy.typing import NDArray

__all__ = ["DateForm", "read_column_map", "read_table"]

#: How dates are written in a file: ISO 8601 alone, or day/month/year as well.
DateForm = Literal["iso", "day_first"]

_DATES = ("received", "finished", "due")
_DELIMITERS = ",;\t"
_Library = Literal["polars", "pandas", "pyarrow"]
#: Libraries that can hold a table, the one that reads fastest first.
_FOR_CSV: tuple[_Library, ...] = ("polars", "pandas", "pyarrow")
_FOR_PARQUET: tuple[_Library, ...] = ("polars", "pyarrow", "pandas")
#: Byte order mark of UTF-8.
_MARK = b"\xef\xbb\xbf"
_SIGNATURES = {
    b"PK\x03\x04": ("an Excel workbook or another ZIP archive", "Save the sheet as CSV UTF-8."),
    b"\xd0\xcf\x11\xe0": ("an old Excel workbook", "Save the sheet as CSV UTF-8."),
    b"\x1f\x8b": ("packed with gzip", "Unpack it first."),
    b"\xff\xfe": ("text in UTF-16", "Save it as CSV UTF-8."),
    b"\xfe\xff": ("text in UTF-16", "Save it as CSV UTF-8."),
    b"<": ("a web page or XML, whatever its name", "Open it and save the sheet as CSV UTF-8."),
    b"%PDF": ("a PDF", "Export the table as CSV UTF-8."),
}


def read_table(
    path: str | os.PathLike[str],
    *,
    column_map: str | os.PathLike[str] | Mapping[str, str] | None = None,
    dates: DateForm = "iso",
) -> IntoDataFrame:
    """Read a table of dossiers.

    Args:
        path: A CSV file in UTF-8 (comma, semicolon or tab, taken from the first line) or a Parquet
            file.
        column_map: igate's names for columns to those of the file, as a mapping or as the path of
            a YAML file.
        dates: Of a CSV file: ``iso`` reads 2026-03-05 and 2026-03-05T09:00 alone; ``day_first``
            says that 05/03/2026 is the fifth of March, in every column.

    Returns:
        A Polars or pandas frame or a PyArrow table, whichever library is installed, in this order
        of preference. Mapped columns have igate's names. From CSV, ``received``, ``finished`` and
        ``due`` are datetimes without a zone, in Vietnamese time, all other columns are text
        (empty cells null), and ``file_line`` is the line on which a row begins, from 1.

    Raises:
        FrameError: The file is not there, is neither CSV nor Parquet, is empty, or a line cannot
            be read; the message names the line.
        IgateError: None of the three libraries is installed.
        DefinitionError: The map is not YAML.
    """
    file = Path(path)
    names = read_column_map(column_map)
    head = _head(file)
    if head.startswith(b"PAR1"):
        return _read_parquet(file, names)
    for signature, (kind, remedy) in _SIGNATURES.items():
        if head.removeprefix(_MARK).lstrip(b" \r\n").startswith(signature):
            raise FrameError(
                f"The file is {kind}, not CSV or Parquet.", where=str(file), fix=remedy
            )
    return _read_csv(file, names, day_first=dates == "day_first")


def read_column_map(
    column_map: str | os.PathLike[str] | Mapping[str, str] | None,
) -> dict[str, str]:
    """Read a column map, igate's names to those of the table.

    Raises:
        FrameError: It does not map names to names, or names a column that igate does not read.
        DefinitionError: The file is not YAML.
    """
    if column_map is None:
        return {}
    where, data = "column map", column_map
    document = None
    if isinstance(column_map, str | os.PathLike):
        where = str(column_map)
        document = read_yaml(_text(Path(column_map)), file=where)
        data = document.data  # type: ignore[assignment]  # checked next
    if not hasattr(data, "items"):
        raise FrameError(
            "The column map does not map names to names.",
            where=where,
            fix="Write a line for each column, such as: code: MaHoSo",
        )
    names: dict[str, str] = {}
    for ours, theirs in data.items():
        place = where if document is None else str(document.place((ours,), key=True))
        if ours not in INPUT:
            raise unknown_column(ours, place)
        if not isinstance(theirs, str) or not theirs:
            raise FrameError(
                f"The column map does not say what {ours!r} is called in the table.",
                where=place,
                fix=f"Write the name of one column as text, such as {ours}: MaHoSo",
            )
        names[ours] = theirs
    return names


def _head(file: Path) -> bytes:
    try:
        with file.open("rb") as stream:
            head = stream.read(4096)
    except OSError as error:
        raise FrameError(
            "The file cannot be opened.",
            where=str(file),
            why=f"{error.strerror or error}.",
            fix="Check the path and the rights to read it.",
        ) from error
    if not head.strip():
        raise _empty(file)
    return head


def _empty(file: Path) -> FrameError:
    return FrameError(
        "The file is empty.",
        where=str(file),
        why="A table has at least a line with the names of its columns.",
        fix="Export it again.",
    )


def _text(file: Path) -> str:
    """Read a text file in UTF-8, with or without a byte order mark."""
    _head(file)
    data = file.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise FrameError(
            f"The file is not text in UTF-8: byte {data[error.start]:#04x} on line {line}.",
            where=str(file),
            why="Vietnamese letters in another encoding cannot be distinguished safely.",
            fix="Save it as CSV UTF-8.",
        ) from error
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise FrameError(
            f"The file is neither CSV nor Parquet: there is a zero byte on line {line}.",
            where=str(file),
            fix="Export the table as CSV UTF-8 or as Parquet.",
        )
    return text


def _backend(candidates: Sequence[_Library]) -> _Library:
    for candidate in candidates:
        if find_spec(candidate) is not None:
            return candidate
    raise IgateError(
        "No library that can hold a table is installed.",
        why="igate reads tables into Polars, pandas or PyArrow.",
        fix='Run: pip install "igate[frames]"',
    )


def _read_parquet(file: Path, names: Mapping[str, str]) -> IntoDataFrame:
    backend = _backend(_FOR_PARQUET)
    try:
        frame = _parquet(file, backend)
    except BaseException as error:  # each library has errors of its own
        # the panic of Polars is no Exception
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise
        raise FrameError(
            "The Parquet file cannot be read.",
            where=str(file),
            why=str(error).splitlines()[0] if str(error) else None,
            fix="Export it again.",
        ) from error
    mapping = _renaming(frame.columns, names, str(file))
    native: IntoDataFrame = frame.rename(mapping).to_native()
    return native


def _parquet(file: Path, backend: _Library) -> nw.DataFrame[Any]:
    if backend != "polars" or find_spec("pyarrow") is None:
        return nw.read_parquet(str(file), backend=backend)
    # Polars asks for as much memory as a damaged file says, and the process ends with it
    arrow = nw.read_parquet(str(file), backend="pyarrow")
    arrow.to_native().validate(full=True)
    return nw.from_arrow(arrow, backend=backend)


def _read_csv(file: Path, names: Mapping[str, str], *, day_first: bool) -> IntoDataFrame:
    text = _text(file)
    backend = _backend(_FOR_CSV)
    records = _records(text, str(file))
    first = next(records, None)
    if first is None:
        raise _empty(file)
    header = _header(*first, str(file))
    lines: list[int] = []
    cells: list[list[str]] = []
    for line, record in records:
        if len(record) != len(header):
            raise FrameError(
                f"The line has {len(record)} cells, the first line names {len(header)} columns.",
                where=f"{file}:{line}",
                why="It would be unclear which cell belongs to which column.",
                fix="Put cells that hold the delimiter into quotes, or export the table again.",
            )
        lines.append(line)
        cells.append(record)
    mapping = _renaming(header, names, str(file))
    rows = Rows(source=str(file), numbers=lines, word="line")
    columns = zip(*cells, strict=True) if cells else ((),) * len(header)
    series = [nw.new_series(FILE_LINE, lines, nw.Int64(), backend=backend)]
    for theirs, values in zip(header, columns, strict=True):
        ours = mapping.get(theirs, theirs)
        texts = [value.strip() or None for value in values]
        if ours in _DATES:
            moments = _moments(texts, theirs, rows, day_first=day_first)
            series.append(nw.new_series(ours, moments, nw.Datetime("us"), backend=backend))
        else:
            series.append(nw.new_series(ours, texts, nw.String(), backend=backend))
    native: IntoDataFrame = series[0].to_frame().with_columns(*series[1:]).to_native()
    return native


def _records(text: str, where: str) -> Iterator[tuple[int, list[str]]]:
    """Return the records of a CSV text with the line on which each begins, blank ones left out."""
    first = text.lstrip("\r\n").split("\n", 1)[0]
    delimiter = max(_DELIMITERS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    try:
        for record in reader:
            if any(record) and (len(record) > 1 or record[0].strip()):
                yield line, record
            line = reader.line_num + 1
    except csv.Error as error:
        raise FrameError(
            "The line is not CSV.",
            where=f"{where}:{line}",
            why=f"{str(error).capitalize()}.",
            fix='Close every quote, and write a quote inside a cell as "".',
        ) from error


def _header(line: int, header: Sequence[str], where: str) -> list[str]:
    names = [name.strip() for name in header]
    times = Counter(names)
    for position, name in enumerate(names, start=1):
        if not name or times[name] > 1 or name == FILE_LINE:
            problem = f"The name {name!r} of column {position} appears twice."
            if not name:
                problem = f"Column {position} has no name."
            elif name == FILE_LINE:
                problem = f"Column {position} is called {name!r}, as igate calls the line number."
            raise FrameError(
                problem,
                where=f"{where}:{line}",
                why="The first line names the columns, each once.",
                fix="Give the column a name of its own.",
            )
    return names


def _renaming(present: Sequence[str], names: Mapping[str, str], where: str) -> dict[str, str]:
    """Turn a column map round: names of the file to igate's."""
    turned: dict[str, str] = {}
    for ours, theirs in names.items():
        problem = None
        if theirs not in present:
            problem = f"The column map says that {ours!r} is called {theirs!r}; no column is."
        elif theirs in turned:
            problem = f"The column map uses {theirs!r} for both {turned[theirs]!r} and {ours!r}."
        elif ours in present and ours not in names.values() and ours != theirs:
            problem = f"The column map gives {theirs!r} for {ours!r}, which is there too."
        if problem:
            raise FrameError(
                problem, where=where, fix=suggest(theirs, present, "The columns of the file are")
            )
        turned[theirs] = ours
    return turned


def _moments(
    values: Sequence[str | None], name: str, rows: Rows, *, day_first: bool
) -> NDArray[np.datetime64]:
    """Read a column of dates as datetime64[us], NaT where a cell is empty."""
    known: dict[str | None, int | None] = {None: None}
    wrong: set[str | None] = set()
    for value in set(values) - {None}:
        try:
            known[value] = minute_of(value, day_first=day_first)
        except (ValueError, OverflowError):
            wrong.add(value)
    if wrong:
        cells = {row: value for row, value in enumerate(values) if value in wrong}
        raise unreadable_dates(cells, name, rows)
    absent = int(np.datetime64("NaT").astype(np.int64))
    numbers = {text: absent if minute is None else minute for text, minute in known.items()}
    minutes = np.array([numbers[value] for value in values], dtype=np.int64)
    return minutes.astype("datetime64[m]").astype("datetime64[us]")
