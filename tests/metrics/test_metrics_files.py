"""Reading CSV and Parquet: text stays text, dates are read, faults are named by line."""

from __future__ import annotations

import importlib.util
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import narwhals.stable.v2 as nw
import polars as pl
import pytest

from igate import metrics
from igate.errors import DefinitionError, FrameError, IgateError
from igate.metrics import files

if TYPE_CHECKING:
    from pathlib import Path

END = date(2026, 3, 31)
HEAD = "code,agency,channel,limit,received,finished"
GOOD = (
    f"{HEAD}\n001,010,online,5 working_day,2026-03-02T09:00,2026-03-05\n002,,2,7 day,2026-03-03,\n"
)


def write(folder: Path, text: str | bytes, name: str = "dossiers.csv") -> Path:
    """Write a file."""
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def refused(path: Path, **options: Any) -> str:  # noqa: ANN401 - any option
    """Return the message with which a file is refused."""
    with pytest.raises(FrameError) as caught:
        metrics.read_table(path, **options)
    return str(caught.value)


def test_text_stays_text_and_dates_are_read(tmp_path: Path) -> None:
    """Agency 010 is not the number 10; an empty cell is null; dates are Vietnamese wall time."""
    frame = nw.from_native(metrics.read_table(write(tmp_path, GOOD)), eager_only=True)
    assert frame["code"].to_list() == ["001", "002"]
    assert frame["agency"].to_list() == ["010", None]
    assert frame["received"].to_list()[0] == datetime(2026, 3, 2, 9)  # noqa: DTZ001 - wall time
    assert frame["finished"].to_list()[1] is None
    assert frame["file_line"].to_list() == [2, 3]


@pytest.mark.parametrize("library", ["polars", "pandas", "pyarrow"])
def test_any_one_library_is_enough(
    library: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With only one of the three installed, CSV is read into it and can be counted."""
    find = importlib.util.find_spec

    def only(name: str) -> object:
        return find(name) if name == library else None

    monkeypatch.setattr(files, "find_spec", only)
    frame = metrics.read_table(write(tmp_path, GOOD))
    assert type(frame).__module__.split(".")[0] == library
    table = nw.from_native(metrics.settlement(frame, by=(), as_of=END), eager_only=True)
    assert table["received_online"].to_list() == [2]
    assert len(nw.from_native(metrics.read_table(write(tmp_path, HEAD)), eager_only=True)) == 0


def test_without_any_library_the_extra_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The message is the command that installs what is missing."""
    monkeypatch.setattr(files, "find_spec", lambda _: None)
    with pytest.raises(IgateError, match=r'pip install "igate\[frames\]"'):
        metrics.read_table(write(tmp_path, GOOD))


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_other_delimiters_and_a_byte_order_mark_are_read(delimiter: str, tmp_path: Path) -> None:
    """What Vietnamese spreadsheets write: semicolons or tabs, a mark, Windows line ends."""
    text = "\ufeff" + GOOD.replace(",", delimiter).replace("\n", "\r\n")
    frame = nw.from_native(metrics.read_table(write(tmp_path, text)), eager_only=True)
    assert frame.columns == ["file_line", *HEAD.split(",")]


def test_lines_are_those_of_the_file(tmp_path: Path) -> None:
    """A quoted cell of two lines and a blank line do not shift the numbers."""
    text = (
        f"{HEAD},note\n"
        'a,x,online,5 day,2026-03-02,,"two\nlines"\n'
        "\n"
        "b,x,online,5 day,2026-03-02,,\n"
        "b,x,online,5 day,2026-03-02,,\n"
    )
    path = write(tmp_path, text)
    frame = metrics.read_table(path)
    with pytest.raises(FrameError, match="line 6: b is already on line 5"):
        metrics.settlement(frame, as_of=END, source=str(path))


def test_an_unreadable_date_is_named_by_its_line(tmp_path: Path) -> None:
    """Both bad dates are named, with file, line and column."""
    message = refused(write(tmp_path, GOOD.replace("2026-03-03", "03/03/2026")))
    assert "dossiers.csv: Dates cannot be read (1): line 3: '03/03/2026' in 'received'" in message


@pytest.mark.parametrize(
    ("cell", "read"),
    [
        ("05/03/2026", (2026, 3, 5)),
        ("5/3/2026 9:05", (2026, 3, 5, 9, 5)),
        ("05/03/2026 17:30:59", (2026, 3, 5, 17, 30)),
        # nobody can take this for another day, so it is read as well
        ("2026-03-05T08:00", (2026, 3, 5, 8)),
    ],
)
def test_a_date_with_the_day_first_is_read_where_that_is_said(
    cell: str, read: tuple[int, ...], tmp_path: Path
) -> None:
    """05/03/2026 is the fifth of March, as every system in Vietnam prints it."""
    path = write(tmp_path, GOOD.replace("2026-03-03", cell))
    frame = nw.from_native(metrics.read_table(path, dates="day_first"), eager_only=True)
    assert frame["received"].to_list()[1] == datetime(*read)  # noqa: DTZ001 - wall time


@pytest.mark.parametrize("cell", ["03/13/2026", "31/02/2026", "5/3/26", "05/03/2026 25:00"])
def test_a_day_that_there_is_not_is_refused_with_the_day_first(cell: str, tmp_path: Path) -> None:
    """A month 13 is an export with the month first: nothing is turned round."""
    message = refused(write(tmp_path, GOOD.replace("2026-03-03", cell)), dates="day_first")
    assert f"line 3: '{cell}' in 'received'" in message


WRONG: dict[str, tuple[str | bytes, list[str]]] = {
    "nothing": ("", ["is empty", "Export it again"]),
    "blanks": ("\n \n", ["is empty"]),
    "Excel": (b"PK\x03\x04rest", ["an Excel workbook", "Save the sheet as CSV UTF-8"]),
    "a web page called CSV": ("\n<html><table>", ["a web page or XML"]),
    "half of UTF-16": ("code,x\n".encode("utf-16")[:-1], ["not text in UTF-16"]),
    "TCVN or Latin letters": (b"code,agency\n1,Qu\xe1\xba\n", ["not text in UTF-8", "on line 2"]),
    "zero bytes": (b"code,agency\n1,\0\n", ["neither CSV nor Parquet", "line 2"]),
    "a broken Parquet file": (b"PAR1 and nothing more", ["Parquet file cannot be read"]),
    "a short line": ("code,agency\n1,2\n3\n", [":3", "1 cells", "2 columns"]),
    "an open quote": ('code,agency\n1,"2\n', [":2", "is not CSV"]),
    "a name twice": ("code,code\n1,2\n", [":1", "'code'", "twice"]),
    "no name": ("code,,x\n1,2,3\n", ["Column 2 has no name", "would be lost"]),
    "a title above the names": ("SỔ THEO DÕI,\ncode,channel\n", ["title, delete the lines above"]),
    "no name before text": (",x\nA,3\n", ["Column 1 has no name"]),
    "the name of the line": ("code,file_line\n1,2\n", ["as igate calls the line number"]),
}


@pytest.mark.parametrize("text", [",code,\n5,A,\n2,B,\n", "code,,\nA,,\nB, ,\n", ",code\n,A\n,B\n"])
def test_a_nameless_column_that_says_nothing_is_left_out(text: str, tmp_path: Path) -> None:
    """The index of pandas in front of the table, and the empty columns behind those of Excel."""
    frame = nw.from_native(metrics.read_table(write(tmp_path, text)), eager_only=True)
    assert frame.columns == ["file_line", "code"]
    assert frame["code"].to_list() == ["A", "B"]


@pytest.mark.parametrize("name", WRONG)
def test_a_file_that_is_no_table_is_refused(name: str, tmp_path: Path) -> None:
    """What the file is and what to do is said for every kind of wrong file."""
    data, wanted = WRONG[name]
    message = refused(write(tmp_path, data))
    for words in wanted:
        assert words in message


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    """The path is in the message."""
    assert "none.csv: The file cannot be opened" in refused(tmp_path / "none.csv")


def test_parquet_is_read_and_renamed(tmp_path: Path) -> None:
    """Types of a Parquet file stay; mapped columns get igate's names."""
    path = tmp_path / "dossiers.data"
    pl.DataFrame({"MaHoSo": ["a"], "received": [date(2026, 3, 2)]}).write_parquet(path)
    frame = nw.from_native(metrics.read_table(path, column_map={"code": "MaHoSo"}))
    assert dict(frame.collect_schema()) == {"code": nw.String, "received": nw.Date}


def test_a_map_in_yaml_renames_columns(tmp_path: Path) -> None:
    """The map goes from igate's names to those of the file."""
    path = write(tmp_path, GOOD.replace("code", "MaHoSo").replace("received", "NgayNhan"))
    chart = write(tmp_path, "code: MaHoSo\nreceived: NgayNhan\n", "map.yaml")
    frame = nw.from_native(metrics.read_table(path, column_map=chart), eager_only=True)
    assert frame.columns == ["file_line", *HEAD.split(",")]
    assert frame["received"].to_list()[0] == datetime(2026, 3, 2, 9)  # noqa: DTZ001 - wall time


MAPS = {
    "recieved: NgayNhan\n": ["map.yaml:1:1", 'Did you mean "received"?'],
    "code: MaHoSo\n": ["'code' is called 'MaHoSo'", "The columns of the file are"],
    "case: code\ncode: code\n": ["for both"],
    "agency: code\n": ["'agency', which is there too"],
    "code: 5\n": ["map.yaml:1:1", "does not say what 'code' is called"],
    "- code\n": ["does not map names to names"],
}


@pytest.mark.parametrize("text", MAPS)
def test_a_wrong_map_is_refused_with_its_place(text: str, tmp_path: Path) -> None:
    """Names unknown to igate, to the file, or used twice, and maps that are none."""
    chart = write(tmp_path, text, "map.yaml")
    message = refused(write(tmp_path, GOOD), column_map=chart)
    for words in MAPS[text]:
        assert words in message


def test_a_map_that_is_no_yaml_is_refused(tmp_path: Path) -> None:
    """A fault of the YAML text itself is a finding with line and column."""
    chart = write(tmp_path, "code: [a\n", "map.yaml")
    with pytest.raises(DefinitionError, match=r"map\.yaml:"):
        metrics.read_table(write(tmp_path, GOOD), column_map=chart)
