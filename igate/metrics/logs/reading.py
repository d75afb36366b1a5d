"""Reading a log from a file: CSV, XLSX, Parquet, XES or OCEL 2.0, by its first bytes."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import narwhals.stable.v2 as nw

from igate.errors import FrameError
from igate.metrics.columns import FILE_LINE
from igate.metrics.files import library_for_text, read_table
from igate.metrics.logs.folding import fold_events
from igate.metrics.logs.mapping import read_log_map
from igate.metrics.logs.ocel import parsed_ocel_json, records_of_ocel
from igate.metrics.logs.ocelsqlite import parsed_ocel_sqlite
from igate.metrics.logs.ocelxml import parsed_ocel_xml
from igate.metrics.logs.xes import records_of_xes
from igate.words.sentence import say

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping, Sequence

    from narwhals.stable.v2.typing import IntoDataFrame

    from igate.metrics.logs.mapping import LogMap
    from igate.metrics.logs.xes import Record

__all__ = ["read_events", "read_log"]

_MARK = b"\xef\xbb\xbf"
#: What a log in OCEL begins with, and one in XES does not.
_OCEL_XML = re.compile(rb"<(?:[\w.-]+:)?(?:object-types|event-types|objects|events)\b")
_SQLITE = b"SQLite format 3\0"


def read_log(
    path: str | os.PathLike[str],
    log_map: str | os.PathLike[str] | Mapping[str, Any],
    *,
    encoding: str | None = None,
    sheet: str | None = None,
) -> IntoDataFrame:
    """Read an event log and fold it to the table of dossiers that ``settlement`` reads.

    Args:
        path: A log with a line an event (CSV, XLSX, Parquet), in XES, or in OCEL 2.0
            (JSON, XML, SQLite).
        log_map: Which column is which and what the events mean, as a mapping or a YAML file.
        encoding: As for ``read_table``.
        sheet: As for ``read_table``.

    Returns:
        As ``fold_log``; ``file_line`` is the line of the first event of a dossier, where the file
        has lines; events of a log in OCEL are numbered from 1.

    Raises:
        FrameError: The file or the map cannot be read, or events do not fold; lines are named.
        IgateError: No library that holds a table is installed.
        DefinitionError: The map is not YAML.
    """
    chosen = read_log_map(log_map)
    frame = read_events(path, chosen, encoding=encoding, sheet=sheet)
    native: IntoDataFrame = fold_events(frame, chosen, source=str(path)).to_native()
    return native


def read_events(
    path: str | os.PathLike[str],
    chosen: LogMap,
    *,
    encoding: str | None = None,
    sheet: str | None = None,
) -> nw.DataFrame[Any]:
    """Read an event log as a frame with a row an event; see :func:`read_log`."""
    where = str(path)
    head = _head(path)
    start = head.removeprefix(_MARK).lstrip()[:1]
    if start == b"{" or head.startswith(_SQLITE) or (start == b"<" and _OCEL_XML.search(head)):
        records = records_of_ocel(_ocel(path, where, head), where, chosen.object_type)
        return _framed(records, chosen).drop(FILE_LINE)
    if start == b"<":
        return _framed(records_of_xes(Path(path).read_bytes(), where), chosen)
    read = read_table(path, encoding=encoding, sheet=sheet)
    return nw.from_native(read, eager_only=True)


def _ocel(path: str | os.PathLike[str], where: str, head: bytes) -> object:
    """Read a log in OCEL 2.0, in whichever of its three formats."""
    if head.startswith(_SQLITE):
        return parsed_ocel_sqlite(path, where)
    data = Path(path).read_bytes()
    if head.removeprefix(_MARK).lstrip().startswith(b"<"):
        return parsed_ocel_xml(data, where)
    return parsed_ocel_json(data, where)


def _head(path: str | os.PathLike[str]) -> bytes:
    if str(path) == "-":
        return b""
    try:
        with Path(path).open("rb") as stream:
            return stream.read(4096)
    except OSError as error:
        raise FrameError(
            say("The file cannot be opened."),
            where=str(path),
            why=say("{strerror}.", strerror=error.strerror or error),
            fix=say("Check the path and the rights to read it."),
        ) from error


def _framed(records: Sequence[Record], log_map: LogMap) -> nw.DataFrame[Any]:
    """Make a table of the wanted attributes; one that no event has is left out."""
    backend = library_for_text()
    there = {key for _, record in records for key in record}
    lines = nw.new_series(FILE_LINE, [line for line, _ in records], nw.Int64(), backend=backend)
    made = [
        nw.new_series(
            name,
            [record.get(name, "").strip() or None for _, record in records],
            nw.String(),
            backend=backend,
        )
        for name in log_map.wanted
        if name in there
    ]
    return lines.to_frame().with_columns(*made)
