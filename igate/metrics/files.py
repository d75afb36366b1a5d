"""Reading tables of dossiers from CSV, XLSX and Parquet files.

What a file is, its first bytes say, not its name. In CSV and XLSX every cell stays the text it is:
an agency ``001`` is not the number 1. Only the columns of dates are read, so that a date that is
none is refused with the line that it is on. The lines of the file are kept in a column
``file_line``, and the names of several files in ``file_name``, from which later messages take them.
"""

from __future__ import annotations

import csv
import io
import os
import sys
from collections import Counter
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import narwhals.stable.v2 as nw

from igate.errors import FrameError, IgateError
from igate.metrics.cells import legible, read_moments
from igate.metrics.columns import FILE_LINE, FILE_NAME
from igate.metrics.mapping import read_map
from igate.metrics.numbering import read_text
from igate.metrics.refusal import Rows, suggest
from igate.metrics.sheets import records_of_workbook
from igate.metrics.spelling import DATES, WORDS, plain_name
from igate.metrics.text import text_of
from igate.metrics.titles import below_titles, delimiter_of
from igate.words.sentence import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from narwhals.stable.v2.typing import IntoDataFrame

    from igate.metrics.mapping import TableMap
    from igate.metrics.spelling import DateForm, Spelling

__all__ = ["STDIN", "headings_of", "library_for_text", "read_table"]

#: What stands for the standard input.
STDIN = "-"
_Library = Literal["polars", "pandas", "pyarrow"]
#: Libraries that can hold a table, the one that reads fastest first.
_FOR_CSV: tuple[_Library, ...] = ("polars", "pandas", "pyarrow")
_FOR_PARQUET: tuple[_Library, ...] = ("polars", "pyarrow", "pandas")
#: Byte order mark of UTF-8.
_MARK = b"\xef\xbb\xbf"
_WORKBOOK = b"PK\x03\x04"
_PARQUET = b"PAR1"
_SIGNATURES = {
    b"\xd0\xcf\x11\xe0": (say("an old Excel workbook"), say("Save it as XLSX or as CSV UTF-8.")),
    b"\x1f\x8b": (say("packed with gzip"), say("Unpack it first.")),
    b"<": (
        say("a web page or XML, whatever its name"),
        say("Open it and save the sheet as CSV UTF-8."),
    ),
    b"%PDF": (say("a PDF"), say("Export the table as CSV UTF-8.")),
}
_NAME_IT = say(
    "Give the column a name of its own. Where this line is a title, delete the lines above the "
    "names of the columns."
)
_Path = str | os.PathLike[str]


def read_table(
    path: _Path | Sequence[_Path],
    *,
    column_map: _Path | Mapping[str, Any] | None = None,
    dates: DateForm | Mapping[str, DateForm] | None = None,
    values: Mapping[str, Mapping[str, str | Sequence[str]]] | None = None,
    zone: str | None = None,
    encoding: str | None = None,
    sheet: str | None = None,
    unread: Literal["refuse", "keep"] = "refuse",
) -> IntoDataFrame:
    """Read a table of dossiers.

    Args:
        path: A CSV file (comma, semicolon or tab, as its lines have it), an XLSX workbook or a
            Parquet file; ``-`` for the standard input; or several, one below the other. In CSV and
            XLSX there may be titles above the names of the columns.
        column_map: igate's names for columns to those of the file, as a mapping or as the path of
            a YAML file; it may also say ``dates``, ``values`` and ``zone``. Names are compared in
            NFC.
        dates: How dates are written, as for ``settlement``; ``None``: as the map says, else ISO.
        values: What the words of the table mean, as for ``settlement``.
        zone: Zone of moments that are written without one, as for ``settlement``.
        encoding: Python's name of the encoding of a CSV file; ``None``: UTF-8, or UTF-16 where
            its mark is there. ``cp1258`` is that of old Vietnamese exports.
        sheet: Name of the sheet of a workbook; ``None``: the only one that holds something.
        unread: What becomes of cells of a column of text that are no dates: the file is refused, or
            they stay as they are and the column text, its dates in ISO 8601, so that ``set_aside``
            can part them from the others.

    Returns:
        A Polars or pandas frame or a PyArrow table, whichever library is installed, in this order
        of preference. Mapped columns have igate's names, mapped words are igate's. From CSV and
        XLSX, dates are datetimes without a zone, in Vietnamese time, all other columns are text in
        NFC (empty cells null), and ``file_line`` is the line on which a row begins, from 1. Of
        several files ``file_name`` says from which a row is.

    Raises:
        FrameError: A file is not there, is no table, is empty, or a line cannot be read; the
            message names the line.
        IgateError: None of the three libraries is installed, or openpyxl is not for a workbook.
        DefinitionError: The map is not YAML.
    """
    paths = [path] if isinstance(path, str | os.PathLike) else list(path)
    table_map = read_map(column_map)
    spelling = table_map.spelling(dates=dates, values=values, zone=zone)
    keep = unread == "keep"
    tables = [
        _read(each, table_map, spelling, encoding=encoding, sheet=sheet, keep=keep)
        for each in paths
    ]
    native: IntoDataFrame = _one_below_the_other(tables, paths).to_native()
    return native


def headings_of(
    path: _Path, *, encoding: str | None = None, sheet: str | None = None, rows: int = 1000
) -> dict[str, list[str]]:
    """Return what the columns of a file are called, and their first cells as text.

    Args:
        path: As for ``read_table``, one file.
        encoding: As for ``read_table``.
        sheet: As for ``read_table``.
        rows: How many cells of each column.

    Raises:
        FrameError: As ``read_table``.
    """
    data, where = _bytes(path)
    if data == _PARQUET:
        frame = _parquet(path, where).head(rows)
        return {
            name: [texts[row] or "" for row in range(len(frame))]
            for name, texts in ((name, read_text(frame[name])) for name in frame.columns)
        }
    records = _records_of(data, where, encoding=encoding, sheet=sheet, names=())
    header = _header(*_first(records, where), where)
    cells = [record for _, (_, record) in zip(range(rows), records, strict=False)]
    return {name: [record[place] for record in cells if place < len(record)]
            for place, name in enumerate(header) if name}  # fmt: skip


def _read(
    path: _Path,
    table_map: TableMap,
    spelling: Spelling,
    *,
    encoding: str | None,
    sheet: str | None,
    keep: bool,
) -> nw.DataFrame[Any]:
    data, where = _bytes(path)
    if data == _PARQUET:
        frame, rows = _parquet(path, where), Rows(source=where)
    else:
        names = [*table_map.names.values()]
        records = _records_of(data, where, encoding=encoding, sheet=sheet, names=names)
        frame = _texts(records, where)
        rows = Rows(source=where, numbers=frame[FILE_LINE].to_numpy(), word="line")
    mapping = _renaming(frame.columns, table_map.names, where)
    theirs = {mapping.get(name, name): name for name in frame.columns}
    return _as_igate_writes(frame.rename(mapping), theirs, spelling, rows, keep=keep)


def _as_igate_writes(
    frame: nw.DataFrame[Any],
    theirs: Mapping[str, str],
    spelling: Spelling,
    rows: Rows,
    *,
    keep: bool,
) -> nw.DataFrame[Any]:
    """Read the dates of columns of text, and put igate's words for those of the table."""
    backend = frame.implementation
    made = [
        _dates(frame[ours], theirs[ours], spelling, rows, keep=keep)
        for ours in DATES
        if ours in frame.columns
        and (isinstance(frame.schema[ours], nw.String) or ours in spelling.dates or spelling.zone)
    ]
    for ours in WORDS:
        if ours in frame.columns and ours in spelling.words:
            texts = read_text(frame[ours])
            words = [None if each is None else spelling.word(ours, each) for each in texts.values]
            cells = [words[place] for place in texts.of.tolist()]
            made.append(nw.new_series(ours, cells, nw.String(), backend=backend))
    return frame.with_columns(*made) if made else frame


def _dates(
    series: nw.Series[Any], theirs: str, spelling: Spelling, rows: Rows, *, keep: bool
) -> nw.Series[Any]:
    """Read a column of dates; one of text stays text where that is asked, in every file alike."""
    ours, backend = series.name, series.implementation
    if keep and isinstance(series.dtype, nw.String):
        texts = read_text(series)
        cells = legible([texts[row] for row in range(len(series))], ours, spelling)
        return nw.new_series(ours, cells, nw.String(), backend=backend)
    moments = read_moments(series, theirs, rows, spelling, ours).stamps
    return nw.new_series(ours, moments, nw.Datetime("us"), backend=backend)


def _one_below_the_other(
    tables: Sequence[nw.DataFrame[Any]], paths: Sequence[_Path]
) -> nw.DataFrame[Any]:
    if len(tables) == 1:
        return tables[0]
    if not tables:
        raise FrameError(say("No file is named."), fix=say("Name at least one file."))
    named = [
        table.with_columns(nw.lit(str(path)).alias(FILE_NAME))
        for table, path in zip(tables, paths, strict=True)
    ]
    try:
        return nw.concat(named, how="diagonal")
    except Exception as error:  # each library has errors of its own
        raise FrameError(
            say("The files cannot be put one below the other."),
            where=", ".join(map(str, paths)),
            why=str(error).splitlines()[0] if str(error) else None,
            fix=say("A column has one type in all files: export them alike."),
        ) from error


def _bytes(path: _Path) -> tuple[bytes, str]:
    """Read a file or the standard input; return its bytes and what it is called.

    Of a Parquet file only the mark at its beginning is read: its library reads the rest.
    """
    where = "stdin" if str(path) == STDIN else str(path)
    try:
        data = sys.stdin.buffer.read() if str(path) == STDIN else _content(Path(path))
    except OSError as error:
        raise FrameError(
            say("The file cannot be opened."),
            where=where,
            why=say("{strerror}.", strerror=error.strerror or error),
            fix=say("Check the path and the rights to read it."),
        ) from error
    if where == "stdin" and data.startswith(_PARQUET):
        raise FrameError(
            say("A Parquet file is not read from the standard input."),
            where=where,
            why=say("Its description stands at its end."),
            fix=say("Name the file."),
        )
    if not data.strip():
        raise _empty(where)
    return data, where


def _empty(where: str) -> FrameError:
    return FrameError(
        say("The file is empty."),
        where=where,
        why=say("A table has at least a line with the names of its columns."),
        fix=say("Export it again."),
    )


def _content(file: Path) -> bytes:
    with file.open("rb") as stream:
        mark = stream.read(len(_PARQUET))
        return mark if mark == _PARQUET else mark + stream.read()


def _records_of(
    data: bytes, where: str, *, encoding: str | None, sheet: str | None, names: Sequence[str]
) -> Iterator[tuple[int, list[str]]]:
    """Return the records of a workbook or a text with the line on which each begins."""
    if data.startswith(_WORKBOOK):
        return records_of_workbook(data, where, sheet=sheet, names=names)
    for signature, (kind, remedy) in _SIGNATURES.items():
        if data[:4096].removeprefix(_MARK).lstrip(b" \r\n").startswith(signature):
            raise FrameError(
                say("The file is {kind}, not CSV, XLSX or Parquet.", kind=kind),
                where=where,
                fix=remedy,
            )
    return below_titles(_records(text_of(data, where, encoding), where), names)


def library_for_text() -> _Library:
    """Return the library that tables of text are read into.

    Raises:
        IgateError: None of them is installed.
    """
    return _backend(_FOR_CSV)


def _backend(candidates: Sequence[_Library]) -> _Library:
    for candidate in candidates:
        if find_spec(candidate) is not None:
            return candidate
    raise IgateError(
        say("No library that can hold a table is installed."),
        why=say("igate reads tables into Polars, pandas or PyArrow."),
        fix=say('Run: pip install "igate[frames]"'),
    )


def _whole_parquet(path: _Path, backend: _Library) -> nw.DataFrame[Any]:
    if backend != "polars" or find_spec("pyarrow") is None:
        return nw.read_parquet(str(path), backend=backend)
    # Polars asks for as much memory as a damaged file says, and the process ends with it
    arrow = nw.read_parquet(str(path), backend="pyarrow")
    arrow.to_native().validate(full=True)
    return nw.from_arrow(arrow, backend=backend)


def _parquet(path: _Path, where: str) -> nw.DataFrame[Any]:
    backend = _backend(_FOR_PARQUET)
    try:
        return _whole_parquet(path, backend)
    except BaseException as error:  # each library has errors of its own
        # the panic of Polars is no Exception
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise
        raise FrameError(
            say("The Parquet file cannot be read."),
            where=where,
            why=str(error).splitlines()[0] if str(error) else None,
            fix=say("Export it again."),
        ) from error


def _texts(records: Iterator[tuple[int, list[str]]], where: str) -> nw.DataFrame[Any]:
    """Make a table of text, with the lines of the file."""
    backend = library_for_text()
    top, names = _first(records, where)
    header = _header(top, names, where)
    lines: list[int] = []
    cells: list[list[str]] = []
    for line, record in records:
        if len(record) != len(header):
            raise FrameError(
                say(
                    "The line has {count} cells, line {top} names {count_2} columns.",
                    count=len(record),
                    top=top,
                    count_2=len(header),
                ),
                where=f"{where}:{line}",
                why=say("It would be unclear which cell belongs to which column."),
                fix=say(
                    "Put cells that hold the delimiter into quotes, or export the table again."
                ),
            )
        lines.append(line)
        cells.append(record)
    columns = zip(*cells, strict=True) if cells else ((),) * len(header)
    series = [nw.new_series(FILE_LINE, lines, nw.Int64(), backend=backend)]
    for position, (name, values) in enumerate(zip(header, columns, strict=True), start=1):
        texts = [value.strip() or None for value in values]
        if name:
            series.append(nw.new_series(name, texts, nw.String(), backend=backend))
        elif any(texts) and not (position == 1 and _are_row_numbers(texts)):
            raise _unnamed(position, f"{where}:{top}")
    return series[0].to_frame().with_columns(*series[1:])


def _are_row_numbers(texts: Sequence[str | None]) -> bool:
    """Return whether cells number the rows, as pandas writes its index in front of a table."""
    return len({*texts}) == len(texts) and all(text and text.isdecimal() for text in texts)


def _unnamed(position: int, where: str) -> FrameError:
    return FrameError(
        say("Column {position} has no name.", position=position),
        where=where,
        why=say("It holds more than the numbers of the rows: it would be lost."),
        fix=_NAME_IT,
    )


def _records(text: str, where: str) -> Iterator[tuple[int, list[str]]]:
    """Return the records of a CSV text with the line on which each begins, blank ones left out."""
    lines = io.StringIO(text, newline="")
    reader = csv.reader(lines, delimiter=delimiter_of(text), strict=True)
    line = 1
    try:
        for record in reader:
            if any(record) and (len(record) > 1 or record[0].strip()):
                yield line, record
            line = reader.line_num + 1
    except csv.Error as error:
        raise FrameError(
            say("The line is not CSV."),
            where=f"{where}:{line}",
            why=say("{capitalize}.", capitalize=str(error).capitalize()),
            fix=say('Close every quote, and write a quote inside a cell as "".'),
        ) from error


def _first(records: Iterator[tuple[int, list[str]]], where: str) -> tuple[int, list[str]]:
    first = next(records, None)
    if first is None:
        raise _empty(where)
    return first


def _header(line: int, header: Sequence[str], where: str) -> list[str]:
    """Return the names of the columns; empty where there is none."""
    names = [name.strip() for name in header]
    times = Counter(names)
    for position, name in enumerate(names, start=1):
        if name and (times[name] > 1 or name in {FILE_LINE, FILE_NAME}):
            problem = say(
                "The name {name!r} of column {position} appears twice.",
                name=name,
                position=position,
            )
            if name in {FILE_LINE, FILE_NAME}:
                problem = say(
                    "Column {position} is called {name!r}, as igate calls the line number.",
                    position=position,
                    name=name,
                )
            raise FrameError(
                problem,
                where=f"{where}:{line}",
                why=say("This line names the columns, each once."),
                fix=_NAME_IT,
            )
    return names


def _renaming(present: Sequence[str], names: Mapping[str, str], where: str) -> dict[str, str]:
    """Turn a column map round: names of the file to igate's."""
    turned: dict[str, str] = {}
    spelled = {plain_name(name): name for name in present}
    for ours, written in names.items():
        theirs, problem = spelled.get(plain_name(written), written), None
        if theirs not in present:
            problem = say(
                "The column map says that {ours!r} is called {theirs!r}; no column is.",
                ours=ours,
                theirs=theirs,
            )
        elif theirs in turned:
            problem = say(
                "The column map uses {theirs!r} for both {turned!r} and {ours!r}.",
                theirs=theirs,
                turned=turned[theirs],
                ours=ours,
            )
        elif ours in present and ours not in names.values() and ours != theirs:
            problem = say(
                "The column map gives {theirs!r} for {ours!r}, which is there too.",
                theirs=theirs,
                ours=ours,
            )
        if problem:
            raise FrameError(
                problem,
                where=where,
                fix=suggest(
                    theirs,
                    [name for name in present if name != FILE_LINE],
                    say("The columns of the file are"),
                ),
            )
        turned[theirs] = ours
    return turned
