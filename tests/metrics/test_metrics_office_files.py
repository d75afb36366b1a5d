"""Tables as offices have them: workbooks, old encodings, Vietnamese words, dates in other forms."""

from __future__ import annotations

import io
import sys
import unicodedata
import zipfile
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import narwhals.stable.v2 as nw
import openpyxl
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from igate import metrics
from igate.errors import FrameError, IgateError
from igate.law.localtime import epoch_minute
from igate.metrics import sheets
from igate.metrics.cells import minute_of
from igate.metrics.headings import CHANNEL_WORDS, HEADINGS
from igate.metrics.spelling import Spelling, fold
from igate.metrics.states import STATES

if TYPE_CHECKING:
    from pathlib import Path

END = date(2026, 8, 31)
HEADINGS_VI = (
    "Mã hồ sơ", "Đơn vị xử lý", "Hình thức nộp", "Thời hạn giải quyết", "Ngày tiếp nhận",
    "Ngày kết thúc xử lý",
)  # fmt: skip
#: seven working days from Monday 3 August 2026 end on Wednesday the 12th; 1 August is a Saturday
ROWS = (
    ("H15-1", "Sở Y tế", "Trực tuyến", "7 ngày làm việc", "03/08/2026 09:00", "12/08/2026 16:30"),
    ("H15-2", "Sở Y tế", "Trực tiếp", "07 ngày làm việc", "3/8/2026 10:30", "13.8.2026"),
    ("H15-3", "Sở Nội vụ", "Internet", "Không quy định", "04-08-2026 3:15 CH", ""),
)
MAP = {
    "code": "Mã hồ sơ", "agency": "Đơn vị xử lý", "channel": "Hình thức nộp",
    "limit": "Thời hạn giải quyết", "received": "Ngày tiếp nhận",
    "finished": "Ngày kết thúc xử lý", "dates": "day_first",
    "values": {
        "channel": {"online": ["Trực tuyến", "Internet"], "counter": "Trực tiếp"},
        "limit": {"not_stated": "Không quy định"},
    },
}  # fmt: skip


def as_csv(rows: Any = ROWS, delimiter: str = ";") -> str:  # noqa: ANN401 - rows of texts
    """Write the table as a spreadsheet in Vietnam does."""
    return "".join(f"{delimiter.join(row)}\r\n" for row in (HEADINGS_VI, *rows))


def places(table: Any) -> dict[str, tuple[int, int, int, int]]:  # noqa: ANN401 - any frame
    """Return online, on time, late and within time of each agency."""
    frame = nw.from_native(table, eager_only=True)
    names = ("received_online", "solved_on_time", "solved_late", "in_process_within")
    return {row["agency"]: tuple(row[name] for name in names) for row in frame.rows(named=True)}  # type: ignore[misc]


#: by hand: the first on its due day, the second a day late, the third open without a limit
WANTED = {"Sở Nội vụ": (1, 0, 0, 1), "Sở Y tế": (1, 1, 1, 0)}


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [("utf-8", None), ("utf-8-sig", None), ("utf-16", None), ("utf-16-be", "utf-16-be")],
)
def test_a_table_of_an_office_is_read_as_it_is(
    encoding: str, declared: str | None, tmp_path: Path
) -> None:
    """Semicolons, Vietnamese headings and words, the day first, UTF-16 by its mark."""
    path = tmp_path / "ho-so.csv"
    path.write_bytes(as_csv().encode(encoding))
    frame = metrics.read_table(path, column_map=MAP, encoding=declared)
    assert places(metrics.settlement(frame, as_of=END)) == WANTED


def _cp1258(text: str) -> bytes:
    """Write a text in cp1258, which has the tone of a letter after the letter."""
    encoded = b""
    for letter in unicodedata.normalize("NFC", text):
        try:
            encoded += letter.encode("cp1258")
        except UnicodeEncodeError:
            base, tone = unicodedata.normalize("NFD", letter)[0], ""
            for mark in unicodedata.normalize("NFD", letter)[1:]:
                joined = unicodedata.normalize("NFC", base + mark)
                base, tone = (joined, tone) if _has(joined) else (base, tone + mark)
            encoded += (base + tone).encode("cp1258")
    return encoded


def _has(letter: str) -> bool:
    try:
        return len(letter.encode("cp1258")) == 1
    except UnicodeEncodeError:
        return False


def test_an_old_encoding_is_read_where_it_is_declared(tmp_path: Path) -> None:
    """Letters whose tone stands after them are equal to those of the map."""
    path = tmp_path / "cu.csv"
    path.write_bytes(_cp1258(as_csv()))
    assert unicodedata.normalize("NFC", path.read_bytes().decode("cp1258")) == as_csv()
    frame = metrics.read_table(path, column_map=MAP, encoding="cp1258")
    assert places(metrics.settlement(frame, as_of=END)) == WANTED
    with pytest.raises(FrameError, match="in which encoding it is: --encoding cp1258"):
        metrics.read_table(path, column_map=MAP)
    with pytest.raises(FrameError, match="no encoding 'tcvn'"):
        metrics.read_table(path, column_map=MAP, encoding="tcvn")


def test_headings_with_tones_apart_are_equal_to_those_together(tmp_path: Path) -> None:
    """A file of macOS has NFD; the map has NFC. The same holds of a frame in memory."""
    path = tmp_path / "nfd.csv"
    path.write_text(unicodedata.normalize("NFD", as_csv()), encoding="utf-8", newline="")
    frame = metrics.read_table(path, column_map=MAP)
    assert places(metrics.settlement(frame, as_of=END)) == WANTED
    apart = pl.DataFrame(
        {unicodedata.normalize("NFD", name): [row[place] or None for row in ROWS]
         for place, name in enumerate(HEADINGS_VI)}
    )  # fmt: skip
    names = {ours: theirs for ours, theirs in MAP.items() if isinstance(theirs, str)}
    names.pop("dates")
    found = metrics.settlement(
        apart,
        columns=names,
        dates="day_first",
        values=MAP["values"],
        as_of=END,  # type: ignore[arg-type]
    )
    assert places(found) == WANTED


# -- workbooks ------------------------------------------------------------------------------------


def workbook(rows: list[list[Any]], path: Path, **more: list[list[Any]]) -> Path:
    """Write a workbook with a sheet, and more sheets."""
    book = openpyxl.Workbook()
    book.active.title = "Hồ sơ"
    for row in rows:
        book.active.append(row)
    for name, others in more.items():
        sheet = book.create_sheet(name)
        for row in others:
            sheet.append(row)
    book.save(path)
    return path


TYPED: list[list[Any]] = [
    ["BẢNG THEO DÕI HỒ SƠ"],
    [],
    [*HEADINGS_VI],
    ["H15-1", "Sở Y tế", "Trực tuyến", "7 ngày làm việc", datetime(2026, 8, 3, 9), datetime(2026, 8, 12, 16, 30)],  # noqa: DTZ001, E501
    ["H15-2", "Sở Y tế", "Trực tiếp", "7 ngày làm việc", datetime(2026, 8, 3, 10, 30), date(2026, 8, 13)],  # noqa: DTZ001, E501
    ["H15-3", "Sở Nội vụ", "Internet", "Không quy định", "04/08/2026", None],
]  # fmt: skip


def test_a_workbook_is_read_straight(tmp_path: Path) -> None:
    """Titles above the headings, dates as dates and as text, an empty sheet beside."""
    path = workbook(TYPED, tmp_path / "ho-so.xlsx", Trống=[])
    frame = metrics.read_table(path, column_map=MAP)
    assert places(metrics.settlement(frame, as_of=END)) == WANTED
    whole = nw.from_native(frame, eager_only=True)
    assert whole["file_line"].to_list() == [4, 5, 6]
    assert whole["received"].to_list()[1] == datetime(2026, 8, 3, 10, 30)  # noqa: DTZ001


def test_a_workbook_of_two_tables_asks_for_the_sheet(tmp_path: Path) -> None:
    """Both are named; the one that is named is read, one that is not there is refused."""
    path = workbook(TYPED, tmp_path / "hai.xlsx", Khác=[["x", "y"], [1, 2]])
    with pytest.raises(FrameError, match=r"2 sheets that hold something \(Hồ sơ, Khác\)"):
        metrics.read_table(path, column_map=MAP)
    frame = metrics.read_table(path, column_map=MAP, sheet="Hồ sơ")
    assert places(metrics.settlement(frame, as_of=END)) == WANTED
    with pytest.raises(FrameError, match="no sheet 'Ho so'"):
        metrics.read_table(path, column_map=MAP, sheet="Ho so")


def test_numbers_of_a_workbook_are_codes_and_serial_dates(tmp_path: Path) -> None:
    """46237 is 3 August 2026 (day 46237 from 30 December 1899), 46237.375 is 09:00 of it."""
    rows: list[list[Any]] = [
        ["code", "channel", "limit", "received", "finished"],
        [1001, 2, "not_stated", 46237, 46237.375],
    ]
    path = workbook(rows, tmp_path / "so.xlsx")
    frame = nw.from_native(metrics.read_table(path, dates="excel"), eager_only=True)
    assert frame.drop("file_line").rows() == [
        ("1001", "2", "not_stated", datetime(2026, 8, 3), datetime(2026, 8, 3, 9))  # noqa: DTZ001
    ]
    with pytest.raises(FrameError, match="line 2: '46237' in 'received'"):
        metrics.read_table(path)


def test_a_workbook_that_is_none_or_too_large_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A ZIP archive of something else, a sheet without headings, and a bomb."""
    other = tmp_path / "x.xlsx"
    with zipfile.ZipFile(other, "w") as packed:
        packed.writestr("a.txt", "text")
    with pytest.raises(FrameError, match="cannot be read"):
        metrics.read_table(other)
    path = workbook(TYPED, tmp_path / "y.xlsx")
    with pytest.raises(FrameError, match="No row of the sheet names its columns"):
        metrics.read_table(path, column_map={"code": "Số hiệu"})
    monkeypatch.setattr(sheets, "_LARGEST", 10)
    with pytest.raises(FrameError, match="unpacks to"):
        metrics.read_table(path, column_map=MAP)


def test_without_openpyxl_the_extra_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The message is the command that installs it."""
    path = workbook(TYPED, tmp_path / "z.xlsx")
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(IgateError, match=r'pip install "igate\[import\]"'):
        metrics.read_table(path, column_map=MAP)


# -- several files, and the standard input --------------------------------------------------------


def test_several_files_are_one_table_and_rows_name_their_file(tmp_path: Path) -> None:
    """CSV and XLSX below each other; a code that is in both is named with both files."""
    one, two = tmp_path / "a.csv", workbook(TYPED[2:4], tmp_path / "b.xlsx")
    one.write_text(as_csv(ROWS[1:]), encoding="utf-8")
    frame = metrics.read_table([one, two], column_map=MAP)
    assert places(metrics.settlement(frame, as_of=END)) == WANTED
    one.write_text(as_csv(ROWS), encoding="utf-8")
    both = metrics.read_table([one, two], column_map=MAP)
    with pytest.raises(FrameError) as caught:
        metrics.settlement(both, as_of=END)
    assert f"{two}, line 2: H15-1 is already on {one}, line 2" in str(caught.value)
    counted, refused = metrics.set_aside(both, as_of=END)
    assert (len(counted), len(refused)) == (3, 1)
    assert refused["file_name"].to_list() == [str(two)]
    assert refused["row"].to_list() == [2]


def test_files_that_do_not_fit_are_refused(tmp_path: Path) -> None:
    """A column that is text here and a number there; and no file at all."""
    one, two = tmp_path / "a.parquet", tmp_path / "b.parquet"
    pl.DataFrame({"code": ["a"], "n": ["x"]}).write_parquet(one)
    pl.DataFrame({"code": ["b"], "n": [1]}).write_parquet(two)
    with pytest.raises(FrameError, match="cannot be put one below the other"):
        metrics.read_table([one, two])
    with pytest.raises(FrameError, match="No file is named"):
        metrics.read_table([])


def test_the_standard_input_is_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its name in messages is stdin."""
    data = io.TextIOWrapper(io.BytesIO(as_csv().encode()))
    monkeypatch.setattr(sys, "stdin", data)
    frame = metrics.read_table("-", column_map=MAP)
    assert places(metrics.settlement(frame, as_of=END)) == WANTED
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"")))
    with pytest.raises(FrameError, match="stdin: The file is empty"):
        metrics.read_table("-")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"PAR1 and more")))
    with pytest.raises(FrameError, match="not read from the standard input"):
        metrics.read_table("-")


# -- dates ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "form", "wanted"),
    [
        ("05/03/2026", "day_first", "2026-03-05"),
        ("5.3.2026 9:05", "day_first", "2026-03-05T09:05"),
        ("05-03-2026 09h05", "day_first", "2026-03-05T09:05"),
        ("09:05 05/03/2026", "day_first", "2026-03-05T09:05"),
        ("05/03/2026 3:15:59 CH", "day_first", "2026-03-05T15:15"),
        ("05/03/2026 12:15 SA", "day_first", "2026-03-05T00:15"),
        ("05/03/2026 12:15 ch", "day_first", "2026-03-05T12:15"),
        ("05/03/2026 8:00 sáng", "day_first", "2026-03-05T08:00"),
        ("05/03/26", "day_first_yy", "2026-03-05"),
        ("05/03/2026", "day_first_yy", "2026-03-05"),
        # 25569 is 1 January 1970, and 61 is 1 March 1900, the first day on which all agree
        ("25569", "excel", "1970-01-01"),
        ("25569,5", "excel", "1970-01-01T12:00"),
        ("61", "excel", "1900-03-01"),
        ("2026-03-05T09:05", "excel", "2026-03-05T09:05"),
    ],
)
def test_dates_are_read_in_the_form_that_is_declared(text: str, form: Any, wanted: str) -> None:  # noqa: ANN401 - a literal
    """As a person reads them who knows the form."""
    assert minute_of(text, form=form) == minute_of(wanted)


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("05/03-2026", "day_first"), ("5/3/26", "day_first"), ("05/03/2026 13:00 CH", "day_first"),
        ("05/03/2026 0:30 SA", "day_first"), ("31.02.2026", "day_first"), ("60", "excel"),
        ("9999999", "excel"), ("05/03/2026", "excel"), ("46000", "day_first"), ("46000", "iso"),
    ],
)  # fmt: skip
def test_what_is_not_of_the_form_is_no_date(text: str, form: Any) -> None:  # noqa: ANN401 - a literal
    """Nothing is turned round, and no form reads what another is for."""
    with pytest.raises(ValueError, match=r".*"):
        minute_of(text, form=form)


@given(moment=st.datetimes(datetime(1900, 3, 1), datetime(2199, 12, 31)))  # noqa: DTZ001
def test_each_form_reads_what_it_writes(moment: datetime) -> None:
    """Day first with an hour of 24 and of 12 hours, and as a serial number."""
    moment = moment.replace(second=0, microsecond=0)
    wanted = epoch_minute(moment)
    half, hour = ("SA", "CH")[moment.hour >= 12], (moment.hour - 1) % 12 + 1
    serial = (moment - datetime(1899, 12, 30)).total_seconds() / 86400  # noqa: DTZ001
    assert minute_of(f"{moment:%d/%m/%Y %H:%M}", form="day_first") == wanted
    assert minute_of(f"{moment:%d.%m.%Y} {hour}:{moment:%M} {half}", form="day_first") == wanted
    assert minute_of(repr(serial), form="excel") == wanted


@pytest.mark.parametrize("make", [pl.DataFrame, pd.DataFrame, pa.table])
def test_columns_of_one_table_are_written_each_in_its_form(make: Any) -> None:  # noqa: ANN401 - any maker
    """Declared in ``settlement``: the day first here, serial numbers there, ISO in the third."""
    frame = make(
        {
            "code": ["a"], "channel": ["2"], "received": ["03/08/2026"], "due": [46246.0],
            "finished": ["2026-08-12"],
        }
    )  # fmt: skip
    found = metrics.settlement(
        frame, by=(), as_of=END, dates={"received": "day_first", "due": "excel"}
    )
    # 46246 is nine days after 46237, 3 August: the 12th
    assert nw.from_native(found, eager_only=True)["solved_on_time"].to_list() == [1]
    with pytest.raises(FrameError, match=r"say so: dates=\{'due': 'excel'\}"):
        metrics.settlement(frame, by=(), as_of=END, dates="day_first")
    with pytest.raises(FrameError, match=r"dates=\{'received': 'day_first'\}"):
        metrics.settlement(frame, by=(), as_of=END, dates={"due": "excel"})


def test_a_zone_is_that_of_moments_without_one() -> None:
    """17:30 UTC on the 12th is the 13th in Vietnam; a day and a moment with a zone stay."""
    frame = pl.DataFrame(
        {
            "code": ["a", "b", "c", "d"],
            "channel": "online",
            "due": ["2026-08-12"] * 4,
            "received": ["2026-08-03T09:00"] * 4,
            "finished": [
                "2026-08-12T17:30", "2026-08-12", "2026-08-12T17:30+07:00", "2026-08-12T16:59",
            ],
        }
    )  # fmt: skip
    late = metrics.late_dossiers(frame, by=(), as_of=END, zone="UTC")
    assert late["code"].to_list() == ["a"]
    typed = frame.with_columns(pl.col("finished").str.slice(0, 16).str.to_datetime(strict=False))
    late = metrics.late_dossiers(typed[:1], by=(), as_of=END, zone="UTC")
    assert late["code"].to_list() == ["a"]
    assert metrics.late_dossiers(typed[:1], by=(), as_of=END)["code"].to_list() == []


@given(
    moment=st.datetimes(datetime(1980, 1, 1), datetime(2100, 1, 1)),  # noqa: DTZ001
    zone=st.sampled_from(["UTC", "Asia/Kathmandu", "Europe/Berlin", "Australia/Lord_Howe"]),
)
def test_a_column_is_moved_as_each_moment_is(moment: datetime, zone: str) -> None:
    """Summer time and quarters of an hour included."""
    import numpy as np  # noqa: PLC0415 - one use

    spelling = Spelling.of(zone=zone)
    assert spelling.zone is not None
    moment = moment.replace(second=0, microsecond=0)
    moved = spelling.to_vietnam(np.array([epoch_minute(moment)]))
    assert moved.tolist() == [minute_of(moment.replace(tzinfo=spelling.zone))]


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"dates": "mdy"}, "declared as 'mdy'"),
        ({"dates": {"recieved": "iso"}}, 'Did you mean "received"'),
        ({"zone": "Hà Nội"}, "no time zone 'Hà Nội'"),
        ({"values": {"code": {"a": "b"}}}, "declared for 'code'"),
        ({"values": {"channel": {"online": "x", "post": ["X "]}}}, "stands for 'online' and"),
    ],
)
def test_what_is_declared_wrongly_is_refused(said: dict[str, Any], words: str) -> None:
    """A form, a column or a zone that there is not; a word with two meanings."""
    with pytest.raises(FrameError, match=words):
        Spelling.of(**said)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (
            {"zone": 7},
            "no time zone 7. A zone is named as in the IANA database, as text. Write",
        ),
        ({"zone": b"UTC"}, "no time zone b'UTC'"),
        ({"encoding": 8}, "no encoding 8. An encoding is named as in Python, as text. Write utf-8"),
        ({"encoding": 0}, "no encoding 0"),
        ({"encoding": ["utf-8"]}, "no encoding ['utf-8']"),
        ({"dates": 5}, "declared as 5. It is of the type int. Write it like this: dates="),
        ({"dates": ["iso"]}, "declared as ['iso']. It is of the type list."),
        ({"values": 5}, "declared as 5. It is of the type int. Write it like this: values="),
        ({"values": {"channel": 5}}, "declared as 5."),
        ({"values": {"channel": {"online": 5}}}, "declared as 5."),
        ({"values": {"channel": {"online": ["x", 5]}}}, "declared as ['x', 5]."),
    ],
)
def test_what_is_declared_by_another_type_is_refused(
    said: dict[str, Any], words: str, tmp_path: Path
) -> None:
    """With what is wrong, why and what to write; a TypeError of Python says none of it."""
    path = tmp_path / "a.csv"
    path.write_text(as_csv(), encoding="utf-8")
    with pytest.raises(FrameError) as caught:
        metrics.read_table(path, **said)
    assert words in str(caught.value)


MAPS = {
    "dates: [iso]\n": "says of 'dates' cannot be read",
    "values: {channel: online}\n": "says of 'values' cannot be read",
    "zone: 7\n": "says of 'zone' cannot be read",
    "dates: {received: mdy}\n": "declared as 'mdy'",
    "# a proposal without a column\n# code: ?\n": "names no column. Write a line for each",
}


@pytest.mark.parametrize("text", MAPS)
def test_a_map_that_declares_wrongly_is_refused(text: str, tmp_path: Path) -> None:
    """The shape is shown."""
    chart = tmp_path / "map.yaml"
    chart.write_text(text, encoding="utf-8")
    path = tmp_path / "a.csv"
    path.write_text(as_csv(), encoding="utf-8")
    with pytest.raises(FrameError, match=MAPS[text]):
        metrics.read_table(path, column_map=chart)


def test_words_of_a_parquet_file_become_igates(tmp_path: Path) -> None:
    """States of the export are statuses; what is not declared stays."""
    path = tmp_path / "a.parquet"
    pl.DataFrame(
        {"code": ["a", "b", None], "state": ["Đã trả  kết quả", "khác", None]}
    ).write_parquet(path)
    frame = metrics.read_table(path, values={"state": {"10": "ĐÃ TRẢ KẾT QUẢ"}})
    assert nw.from_native(frame, eager_only=True)["state"].to_list() == ["10", "khác", None]


def test_a_limit_is_read_as_decisions_print_it() -> None:
    """Wrong Vietnamese is refused with the place, wrong English with the unit."""
    frame = pl.DataFrame(
        {
            "code": ["a", "b"], "channel": "online", "received": ["2026-08-03"] * 2,
            "finished": ["2026-08-12", "2026-08-13"], "limit": ["07 ngày làm việc", "10 ngày"],
        }
    )  # fmt: skip
    # the 12th is the seventh working day; 3 + 10 is the 13th
    assert metrics.settlement(frame, by=(), as_of=END)["solved_on_time"].to_list() == [2]
    wrong = frame.with_columns(limit=pl.Series(["7 ngày gì đó", "7 workin_day"]))
    with pytest.raises(FrameError, match=r"row 1: a: .*; row 2: b: .*workin_day"):
        metrics.settlement(wrong, by=(), as_of=END)


# -- proposals ------------------------------------------------------------------------------------


def test_the_proposal_saved_as_it_is_counts_the_table(tmp_path: Path) -> None:
    """Headings, words and date forms of the table above are all found."""
    path, chart = tmp_path / "a.csv", tmp_path / "map.yaml"
    path.write_text(as_csv(), encoding="utf-8")
    proposal = metrics.propose_map(metrics.headings_of(path))
    assert proposal.missing == ()
    assert proposal.names == {name: MAP[name] for name in proposal.names}
    assert dict(proposal.values) == {
        "channel": {"counter": ("Trực tiếp",), "online": ("Trực tuyến", "Internet")}
    }
    assert proposal.dates == {"received": "day_first", "finished": "day_first"}
    for lang in ("vi", "en"):
        text = proposal.text(lang)  # type: ignore[arg-type]
        chart.write_text(text, encoding="utf-8")
        frame = metrics.read_table(path, column_map=chart)
        assert places(metrics.settlement(frame, as_of=END)) == WANTED
    assert text.startswith("# A proposed map: check every line")


def test_what_cannot_be_proposed_is_said() -> None:
    """A column that is missing, a word and a date that are not understood, columns left over."""
    proposal = metrics.propose_map(
        {"SoHoSo": ["1"], "Ngày tiếp nhận": ["hôm qua"], "Hình thức": ["fax", "2"], "Ghi chú": [""]}
    )
    assert proposal.names == {
        "code": "SoHoSo", "received": "Ngày tiếp nhận", "channel": "Hình thức"
    }  # fmt: skip
    assert proposal.missing == ("finished", "limit")
    assert proposal.unknown == {"channel": ("fax",)}
    assert proposal.unread == ("received",)
    assert proposal.left == ("Ghi chú",)
    text = proposal.text("vi")
    assert yaml.safe_load(text) == dict(proposal.names)
    for words in ("finished: ?", "limit: ?", "(channel): fax", "ghi ngày: received", "Ghi chú"):
        assert words in text


def test_a_few_cells_that_are_no_dates_do_not_hide_how_the_others_are_written() -> None:
    """Up to one in ten; they are named below the map. Of two in ten nothing is proposed."""
    days = [f"{day:02d}/08/2026" for day in range(3, 12)]
    proposal = metrics.propose_map({"Ngày tiếp nhận": [*days, "N/A"], "Ngày hẹn trả": days})
    assert proposal.dates == {"received": "day_first", "due": "day_first"}
    assert proposal.odd == {"received": ("N/A",)}
    assert "# Not a date (received): N/A" in proposal.text("en")
    assert "# Không phải ngày (received): N/A" in proposal.text("vi")
    proposal = metrics.propose_map({"Ngày tiếp nhận": [*days[1:], "N/A", "-"]})
    assert (proposal.dates, proposal.unread, proposal.odd) == ({}, ("received",), {})


def test_a_proposal_reads_workbooks_and_parquet_as_well(tmp_path: Path) -> None:
    """Titles above the headings are passed over."""
    path = workbook(TYPED, tmp_path / "a.xlsx")
    assert tuple(metrics.headings_of(path)) == HEADINGS_VI
    other = tmp_path / "a.parquet"
    pl.DataFrame({"MaHoSo": ["x", None]}).write_parquet(other)
    assert metrics.headings_of(other) == {"MaHoSo": ["x", ""]}


@pytest.mark.parametrize(
    "words", [HEADINGS, CHANNEL_WORDS, {str(number): names for number, names in STATES.items()}]
)
def test_a_word_of_the_dictionaries_means_one_thing(words: dict[str, tuple[str, ...]]) -> None:
    """Nothing stands under two names, and all of it is folded already, in NFC."""
    flat = [word for own in words.values() for word in own]
    assert len(flat) == len(set(flat))
    assert [word for word in flat if fold(word) != word] == []


# -- what can hardly be true ----------------------------------------------------------------------


@pytest.mark.parametrize("make", [pl.DataFrame, pd.DataFrame, pa.table])
def test_what_can_hardly_be_true_is_named(make: Any) -> None:  # noqa: ANN401 - any maker
    """Each kind once; the first dossier is in order."""
    rows = [
        ("ok", "2026-08-12", "2026-08-03", "2026-08-12", "done"),
        ("before", "2026-08-01", "2026-08-03", "2026-08-12", "9"),
        ("old", "2026-08-12", "1900-01-01", None, "4"),
        ("never", "9999-12-31", "2026-08-03", None, None),
        ("later", "2026-10-12", "2026-09-01", None, None),
        ("handed", "2026-08-12", "2026-08-03", None, "Đã trả kết quả"),
        ("asked", "2026-08-12", "2026-08-03", None, "Yêu cầu bổ sung"),
        ("odd", "2026-08-12", "2026-08-03", None, "Lưu kho"),
    ]
    names = ("code", "due", "received", "finished", "state")
    columns = {name: [row[place] for row in rows] for place, name in enumerate(names)}
    found = metrics.implausible(make({**columns, "channel": ["2"] * len(rows)}), as_of=END)
    assert nw.from_native(found, eager_only=True).rows() == [
        (2, "before", "due_before_receipt", "2026-08-01 < 2026-08-03"),
        (3, "old", "far_date", "received 1900-01-01"),
        (4, "never", "far_date", "due 9999-12-31"),
        (5, "later", "received_after_as_of", "2026-09-01 > 2026-08-31"),
        (6, "handed", "ended_without_finish", "Đã trả kết quả (10?)"),
        (7, "asked", "unknown_state", "Yêu cầu bổ sung (5?)"),
        (8, "odd", "unknown_state", "Lưu kho"),
    ]
    said = {"5": "Yêu cầu bổ sung"}
    fewer = metrics.implausible(
        make({**columns, "channel": ["2"] * len(rows)}), as_of=END, values={"state": said}
    )
    assert len(nw.from_native(fewer, eager_only=True)) == 6
    assert {each for _, _, each, _ in nw.from_native(found, eager_only=True).rows()} == set(
        metrics.DOUBTS
    )
