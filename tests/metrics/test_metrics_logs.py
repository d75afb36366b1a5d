"""Event logs are folded to dossiers; what cannot follow is named by its line."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import narwhals.stable.v2 as nw
import pandas as pd
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from commands import run_command
from igate import metrics
from igate.errors import DefinitionError, FrameError

if TYPE_CHECKING:
    from pathlib import Path

#: The five dossiers of docs/how-to/map-your-csv.md, as events. Seven working days: received on
#: Monday 3 August 2026 due on Wednesday 12; on Tuesday 4, due on 13; with the payment awaited from
#: the 5th to the 14th, seven working days later, due on Monday 24; on the 5th, due on 14.
EVENTS = (
    ("H15-1", "Tiếp nhận", "2026-08-03T09:00", "An", "H15.10", "Trực tuyến"),
    ("H15-2", "Tiếp nhận", "2026-08-03T10:30", "An", "H15.10", "Trực tiếp"),
    ("H15-3", "Tiếp nhận", "2026-08-04T08:00", "Bình", "H15.11", "Trực tuyến"),
    ("H15-4", "Tiếp nhận", "2026-08-04T14:00", "Bình", "H15.11", "Trực tuyến"),
    ("H15-1", "Phân công", "2026-08-04T08:00", "Chi", "", ""),
    ("H15-4", "Yêu cầu nộp phí", "2026-08-05T08:00", "Bình", "", ""),
    ("H15-5", "Tiếp nhận", "2026-08-05T09:00", "Bình", "H15.11", "Bưu chính"),
    ("H15-1", "Có kết quả", "2026-08-11T15:00", "Chi", "", ""),
    ("H15-2", "Có kết quả", "2026-08-12T16:30", "Chi", "", ""),
    ("H15-4", "Đã nộp phí", "2026-08-14T08:00", "Bình", "", ""),
    ("H15-3", "Có kết quả", "2026-08-20T09:00", "Dũng", "", ""),
    ("H15-4", "Có kết quả", "2026-08-20T09:00", "Dũng", "", ""),
)
HEAD = ("MaHoSo", "SuKien", "ThoiDiem", "CanBo", "DonVi", "HinhThuc")
MARKS = {
    "start": "Tiếp nhận",
    "suspend": {"payment": "Yêu cầu nộp phí", "supplement": "Yêu cầu bổ sung"},
    "resume": {"payment": "Đã nộp phí", "supplement": "Nhận bổ sung"},
    "finish": ["Có kết quả"],
    "stop": "Rút hồ sơ",
    "reject": "Từ chối tiếp nhận",
    "reopen": "Mở lại",
    "none": "Phân công",
}
MAP: dict[str, Any] = {
    "case": "MaHoSo",
    "activity": "SuKien",
    "moment": "ThoiDiem",
    "resource": "CanBo",
    "marks": MARKS,
    "columns": {"agency": "DonVi", "channel": "HinhThuc"},
    "constants": {"limit": "7 working_day"},
    "values": {
        "channel": {"online": "Trực tuyến", "counter": "Trực tiếp", "post": "Bưu chính"},
    },
}
AS_OF = date(2026, 8, 31)
#: agency: received, early, on time, late, in process and overdue
BY_HAND = {"H15.10": (2, 1, 1, 0, 0), "H15.11": (3, 1, 0, 1, 1)}


def csv_of(events: tuple[tuple[str, ...], ...]) -> str:
    return "\n".join(",".join(row) for row in (HEAD, *events)) + "\n"


def write(folder: Path, text: str | bytes, name: str = "log.csv") -> Path:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def counted(dossiers: Any) -> dict[str, tuple[int, ...]]:  # noqa: ANN401 - any frame
    table = metrics.settlement(dossiers, by=("agency",), as_of=AS_OF)
    names = (
        "received_total", "solved_early", "solved_on_time", "solved_late", "in_process_overdue",
    )  # fmt: skip
    rows = nw.from_native(table, eager_only=True).rows(named=True)
    return {row["agency"]: tuple(row[name] for name in names) for row in rows}


def folded(*events: tuple[str, str, str]) -> dict[str, Any]:
    """Fold the events of one dossier."""
    frame = pl.DataFrame([(*each, "", "", "") for each in events], schema=HEAD, orient="row")
    (row,) = metrics.fold_log(frame, MAP).to_dicts()
    found: dict[str, Any] = row
    return found


def refused(*events: tuple[str, str, str]) -> FrameError:
    frame = pl.DataFrame([(*each, "", "", "") for each in events], schema=HEAD, orient="row")
    with pytest.raises(FrameError) as caught:
        metrics.fold_log(frame, MAP)
    return caught.value


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def test_a_log_in_csv_is_counted_as_its_dossiers(tmp_path: Path) -> None:
    """Each event in its line; the table is that of the same dossiers, worked out by hand."""
    dossiers = metrics.read_log(write(tmp_path, csv_of(EVENTS)), MAP)
    assert counted(dossiers) == BY_HAND
    rows = {row["code"]: row for row in nw.from_native(dossiers, eager_only=True).rows(named=True)}
    assert rows["H15-4"]["suspensions"] == "payment:2026-08-05T08:00/2026-08-14T08:00"
    assert rows["H15-4"]["received"] == at("2026-08-04T14:00")
    assert rows["H15-4"]["finished"] == at("2026-08-20T09:00")
    assert (rows["H15-5"]["finished"], rows["H15-5"]["file_line"]) == (None, 8)
    assert [rows[code]["resource"] for code in sorted(rows)] == [
        "Chi", "Chi", "Dũng", "Dũng", "Bình",
    ]  # fmt: skip


@pytest.mark.parametrize("kind", ["polars", "lazy", "pandas", "pyarrow"])
def test_a_frame_of_events_gives_a_frame_of_its_kind(kind: str) -> None:
    """What comes from one library goes back into it, and a lazy frame stays lazy."""
    frame = pl.DataFrame(EVENTS, schema=HEAD, orient="row")
    given: Any = {
        "polars": frame, "lazy": frame.lazy(), "pandas": frame.to_pandas(),
        "pyarrow": frame.to_arrow(),
    }[kind]  # fmt: skip
    dossiers = metrics.fold_log(given, MAP)
    assert type(dossiers) is type(given)
    assert counted(dossiers.collect() if kind == "lazy" else dossiers) == BY_HAND


def test_a_log_in_parquet_keeps_its_types(tmp_path: Path) -> None:
    """Moments that are datetimes are read as such."""
    path = tmp_path / "log.parquet"
    frame = pl.DataFrame(EVENTS, schema=HEAD, orient="row")
    frame.with_columns(pl.col("ThoiDiem").str.to_datetime("%Y-%m-%dT%H:%M")).write_parquet(path)
    assert counted(metrics.read_log(path, MAP)) == BY_HAND


def test_a_log_in_xes_is_read_with_its_traces_and_globals(tmp_path: Path) -> None:
    """Attributes of the trace go by ``case:``; what is global fills in; UTC is converted."""
    traces = []
    for code in sorted({row[0] for row in EVENTS}):
        own = [row for row in EVENTS if row[0] == code]
        utc = [at(row[2]) - timedelta(hours=7) for row in own]
        events = "".join(
            f'<event><string key="concept:name" value="{row[1]}"/>'
            f'<date key="time:timestamp" value="{moment:%Y-%m-%dT%H:%M:%S}Z"/></event>\n'
            for row, moment in zip(own, utc, strict=True)
        )
        channel = (
            f'<string key="channel" value="{own[0][5]}"/>' if own[0][5] != "Trực tuyến" else ""
        )
        traces.append(
            f'<trace><string key="concept:name" value="{code}"/>'
            f'<string key="DonVi" value="{own[0][4]}"/>{channel}\n{events}</trace>\n'
        )
    text = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<log xes.version="1849.2016" xmlns="http://www.xes-standard.org/">\n'
        '<global scope="trace"><string key="channel" value="Trực tuyến"/></global>\n'
        + "".join(traces)
        + "</log>"
    )
    said = {
        "marks": MARKS, "constants": MAP["constants"], "values": MAP["values"],
        "columns": {"agency": "case:DonVi", "channel": "case:channel"},
    }  # fmt: skip
    assert counted(metrics.read_log(write(tmp_path, text, "log.xes"), said)) == BY_HAND
    wrong = text.replace("Phân công", "Không rõ")
    with pytest.raises(FrameError, match=r"line 6: 'Không rõ'"):
        metrics.read_log(write(tmp_path, wrong, "wrong.xes"), said)


def ocel() -> dict[str, Any]:
    codes = sorted({row[0] for row in EVENTS})
    first = {code: next(row for row in EVENTS if row[0] == code) for code in codes}
    return {
        "eventTypes": [],
        "objectTypes": [],
        "objects": [
            {
                "id": code,
                "type": "hồ sơ",
                "attributes": [
                    {"name": "DonVi", "value": "H15.99", "time": "2026-01-01T00:00:00Z"},
                    {"name": "DonVi", "value": first[code][4], "time": "2026-08-01T00:00:00Z"},
                    {"name": "HinhThuc", "value": first[code][5], "time": "2026-08-01T00:00:00Z"},
                ],
            }
            for code in codes
        ]
        + [{"id": "An", "type": "cán bộ"}],
        "events": [
            {
                "id": f"e{number}",
                "type": row[1],
                "time": f"{row[2]}:00+07:00",
                "relationships": [
                    {"objectId": "An", "qualifier": "by"},
                    {"objectId": row[0], "qualifier": "of"},
                ],
            }
            for number, row in enumerate(EVENTS)
        ],
    }


OCEL_MAP = {
    **{name: MAP[name] for name in ("marks", "constants", "values")},
    "object_type": "hồ sơ",
    "resource": "object:cán bộ",
    "columns": {"agency": "case:DonVi", "channel": "case:HinhThuc"},
}


def test_a_log_in_ocel_is_read_by_the_objects_that_are_dossiers(tmp_path: Path) -> None:
    """Of an attribute with two values the latest counts; other objects can be the resource."""
    path = write(tmp_path, json.dumps(ocel()), "log.json")
    dossiers = metrics.read_log(path, OCEL_MAP)
    assert counted(dossiers) == BY_HAND
    assert set(nw.from_native(dossiers, eager_only=True)["resource"]) == {"An"}


def test_a_log_in_ocel_xml_is_read(tmp_path: Path) -> None:
    """The format of the specification, section 7: attributes are texts, links have object ids."""
    log = ocel()

    def member(kind: str, each: dict[str, Any]) -> str:
        own = " ".join(f'{name}="{each[name]}"' for name in ("id", "type", "time") if name in each)
        told = "".join(
            f'<attribute name="{said["name"]}" time="{said["time"]}">{said["value"]}</attribute>'
            for said in each.get("attributes", [])
        )
        links = "".join(
            f'<relationship object-id="{link["objectId"]}" qualifier="of"/>'
            for link in each.get("relationships", [])
        )
        return f"<{kind} {own}><attributes>{told}</attributes><objects>{links}</objects></{kind}>"

    types = '<object-types><object-type name="hồ sơ"><attributes><attribute name="DonVi" '
    types += 'type="string"/></attributes></object-type></object-types>'
    objects = "".join(member("object", each) for each in log["objects"])
    events = "".join(member("event", each) for each in log["events"])
    text = f"<log>{types}<objects>{objects}</objects><events>{events}</events></log>"
    assert counted(metrics.read_log(write(tmp_path, text, "log.xml"), OCEL_MAP)) == BY_HAND
    with pytest.raises(FrameError, match=r"bad\.xml:1: The file is not XML"):
        metrics.read_log(write(tmp_path, text[:-3], "bad.xml"), OCEL_MAP)
    with pytest.raises(FrameError, match="declares a document type"):
        metrics.read_log(write(tmp_path, f"<!DOCTYPE log>{text}", "bad.xml"), OCEL_MAP)
    bad = write(tmp_path, "<log><objects><object/></objects></log>", "bad.xml")
    with pytest.raises(FrameError, match="number 1 of 'objects'"):
        metrics.read_log(bad, OCEL_MAP)


def test_a_log_in_ocel_sqlite_is_read(tmp_path: Path) -> None:
    """The relational format: a table a type; a change tells one attribute."""
    log, kinds = ocel(), {"hồ sơ": "dossier", "cán bộ": "officer"}
    path = tmp_path / "log.sqlite"
    with closing(sqlite3.connect(path)) as database:
        database.executescript(
            "CREATE TABLE event (ocel_id, ocel_type); CREATE TABLE object (ocel_id, ocel_type);"
            "CREATE TABLE event_map_type (ocel_type, ocel_type_map);"
            "CREATE TABLE object_map_type (ocel_type, ocel_type_map);"
            "CREATE TABLE event_object (ocel_event_id, ocel_object_id, ocel_qualifier);"
            "CREATE TABLE object_dossier (ocel_id, ocel_time, ocel_changed_field, DonVi, HinhThuc);"
            "CREATE TABLE object_officer (ocel_id); INSERT INTO object_officer VALUES ('An');"
        )
        database.executemany("INSERT INTO object_map_type VALUES (?, ?)", kinds.items())
        for number, kind in enumerate(sorted({row[1] for row in EVENTS})):
            database.execute("INSERT INTO event_map_type VALUES (?, ?)", (kind, f"e{number}"))
            database.execute(f"CREATE TABLE event_e{number} (ocel_id, ocel_time)")
            rows = [(each["id"], each["time"]) for each in log["events"] if each["type"] == kind]
            database.executemany(f"INSERT INTO event_e{number} VALUES (?, ?)", rows)  # noqa: S608
        for each in log["events"]:
            database.execute("INSERT INTO event VALUES (?, ?)", (each["id"], each["type"]))
            for link in each["relationships"]:
                row = (each["id"], link["objectId"], link["qualifier"])
                database.execute("INSERT INTO event_object VALUES (?, ?, ?)", row)
        for each in log["objects"]:
            database.execute("INSERT INTO object VALUES (?, ?)", (each["id"], each["type"]))
            if each["type"] == "hồ sơ":
                old, new, way = (said["value"] for said in each["attributes"])
                first = (each["id"], "2026-01-01T00:00:00Z", None, old, way)
                change = (each["id"], "2026-08-01T00:00:00Z", "DonVi", new, "wrong")
                rows = [first, change]
                database.executemany("INSERT INTO object_dossier VALUES (?, ?, ?, ?, ?)", rows)
        database.commit()
    assert counted(metrics.read_log(path, OCEL_MAP)) == BY_HAND
    with closing(sqlite3.connect(path)) as database:
        database.execute("DROP TABLE event_object")
    with pytest.raises(FrameError, match="no log in OCEL"):
        metrics.read_log(path, OCEL_MAP)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", r"log\.json:1: The file is not JSON"),
        ('{"events": []}', "list 'objects' is missing"),
        ('{"objects": [{"id": "a"}], "events": []}', "number 1 of 'objects'"),
        (
            (
                '{"objects": [{"id": "a", "type": "b"}], "events": [{"id": "e", "type": "t",\n'
                '"time": "2026-01-01T00:00:00Z", "relationships": [3]}]}'
            ),
            "number 1 of 'events'",
        ),
        ('{"objects": [{"id": "a", "type": "b"}], "events": []}', "no object of the type 'hồ sơ'"),
        ("{" + '"a":[' * 100_000, "not JSON|nested too deeply"),
    ],
)
def test_a_file_that_is_no_log_in_ocel_is_refused(tmp_path: Path, text: str, message: str) -> None:
    """The message says what is missing, or on which line the text ends."""
    with pytest.raises(FrameError, match=message):
        metrics.read_log(write(tmp_path, text, "log.json"), OCEL_MAP)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("<log><trace>\n<event></trace></log>", r"log\.xes:2: The file is not XML"),
        ("<html/>", "'html' and no log in XES"),
        (
            '<!DOCTYPE log [<!ENTITY a "aaaa">]>\n<log><trace/></log>',
            r"log\.xes:1: The file declares a document type",
        ),
    ],
)
def test_a_file_that_is_no_log_in_xes_is_refused(tmp_path: Path, text: str, message: str) -> None:
    """No entity is ever expanded."""
    with pytest.raises(FrameError, match=message):
        metrics.read_log(write(tmp_path, text, "log.xes"), {"marks": {"start": "a"}})


def test_a_missing_file_and_an_empty_log_are_refused(tmp_path: Path) -> None:
    """There is nothing to count in either."""
    with pytest.raises(FrameError, match="cannot be opened"):
        metrics.read_log(tmp_path / "none.csv", MAP)
    with pytest.raises(FrameError, match="has no event"):
        metrics.read_log(write(tmp_path, ",".join(HEAD)), MAP)


START = ("A", "Tiếp nhận", "2026-08-03T09:00")
END = ("A", "Có kết quả", "2026-08-07T09:00")


def test_a_second_start_moves_the_count_and_keeps_the_receipt() -> None:
    """As of a dossier that was received elsewhere: it is counted from the later start."""
    row = folded(START, ("A", "Tiếp nhận", "2026-08-05T08:00"))
    assert (row["received"], row["started"]) == (at("2026-08-03T09:00"), at("2026-08-05T08:00"))


def test_reopening_takes_the_finish_back_and_is_counted() -> None:
    """The last finish counts."""
    again = (("A", "Mở lại", "2026-08-10T09:00"), ("A", "Có kết quả", "2026-08-12T09:00"))
    row = folded(START, END, *again)
    assert (row["finished"], row["reopened"]) == (at("2026-08-12T09:00"), 1)
    assert folded(START, END, again[0])["finished"] is None


def test_a_withdrawal_ends_and_a_refused_receipt_stands_outside() -> None:
    """Both end a dossier; only the first was ever received."""
    assert folded(START, ("A", "Rút hồ sơ", END[2]))["finished"] == at(END[2])
    row = folded(("A", "Từ chối tiếp nhận", END[2]))
    assert (row["received"], row["finished"], row["state"]) == (None, None, "3")


def test_waits_for_two_reasons_overlap_and_an_open_one_lasts() -> None:
    """Each reason has its own beginning and end."""
    row = folded(
        START,
        ("A", "Yêu cầu bổ sung", "2026-08-04T08:00"),
        ("A", "Yêu cầu nộp phí", "2026-08-05T08:00"),
        ("A", "Nhận bổ sung", "2026-08-06T08:00"),
    )
    assert row["suspensions"] == (
        "supplement:2026-08-04T08:00/2026-08-06T08:00|payment:2026-08-05T08:00/.."
    )


def test_a_wait_within_a_minute_is_kept_as_a_minute() -> None:
    """The column of suspensions has no empty stretch, and a count may begin anew by it."""
    row = folded(
        START,
        ("A", "Yêu cầu bổ sung", "2026-08-04T08:00:10"),
        ("A", "Nhận bổ sung", "2026-08-04T08:00:50"),
    )
    assert row["suspensions"] == "supplement:2026-08-04T08:00/2026-08-04T08:01"


def test_events_may_stand_in_any_order_but_keep_it_within_a_minute() -> None:
    """A log sorted by activity gives the same; two events of a minute follow the file."""
    assert folded(END, START) == folded(START, END)
    same = ("A", "Có kết quả", START[2])
    assert folded(START, same)["finished"] == at(START[2])
    assert "happens before the start" in str(refused(same, START))


@pytest.mark.parametrize(
    ("events", "message", "row"),
    [
        ((END,), "happens before the start", 1),
        ((("A", "Phân công", START[2]),), "nothing starts it", 1),
        ((START, ("A", "Nhận bổ sung", END[2])), "resumes without a wait for supplement", 2),
        (
            (START, ("A", "Yêu cầu bổ sung", END[2]), ("A", "Yêu cầu bổ sung", END[2])),
            "suspends for supplement a second time",
            3,
        ),
        ((START, END, ("A", "Rút hồ sơ", "2026-08-08")), "happens after the end", 3),
        ((START, ("A", "Mở lại", END[2])), "reopens what has not ended", 2),
        ((START, ("A", "Từ chối tiếp nhận", END[2])), "refuses a receipt after the start", 2),
        ((("A", "Từ chối tiếp nhận", START[2]), END), "after its receipt was refused", 2),
        ((START, ("", "Có kết quả", END[2])), "no case", 2),
        ((START, ("A", "", END[2])), "no activity", 2),
        ((START, ("A", "Có kết quả", "")), "no moment", 2),
        ((START, ("A", "Lạ", END[2])), "'Lạ'", 2),
        ((START, ("A", "Có kết quả", "05/03/2026")), "05/03/2026", 2),
    ],
)
def test_an_event_that_cannot_follow_is_named(
    events: tuple[tuple[str, str, str], ...], message: str, row: int
) -> None:
    """With its row, what it is and why; nothing is folded."""
    error = refused(*events)
    assert message in str(error)
    assert list(error.rows) == [row]


@pytest.mark.parametrize(
    ("events", "said"),
    [
        ((START, ("A", "Nhận bổ sung", END[2])), "tiếp tục mà trước đó không chờ vì supplement"),
        ((("", "", START[2]),), "không có mã hồ sơ và không có hoạt động"),
    ],
)
def test_what_is_wrong_with_an_event_is_said_in_vietnamese(
    events: tuple[tuple[str, str, str], ...], said: str
) -> None:
    """Also the part of the message that is about one event."""
    assert said in refused(*events).text("vi")


@pytest.mark.parametrize("kind", ["csv", "xes"])
def test_the_due_date_of_a_case_is_read_with_its_zone(kind: str, tmp_path: Path) -> None:
    """It is an attribute of the case, as in logs of municipalities: 13:41 at +01:00 is 19:41 here.

    The table has the nameless column in which pandas writes its index.
    """
    head = ",case:concept:name,case:deadline,concept:name,time:timestamp\n"
    text = head + (
        "7,A,2026-12-06 13:41:31.788000+01:00,Tiếp nhận,2026-10-11 13:45:40.276000+02:00\n"
        "3,A,2026-12-06 13:41:31.788000+01:00,Có kết quả,2026-10-12 08:26:25+02:00\n"
    )
    if kind == "xes":
        events = "".join(
            f'<event><string key="concept:name" value="{name}"/>'
            f'<date key="time:timestamp" value="{moment}"/></event>'
            for name, moment in (
                ("Tiếp nhận", "2026-10-11T13:45:40.276+02:00"),
                ("Có kết quả", "2026-10-12T08:26:25+02:00"),
            )
        )
        text = (
            '<log><global scope="trace"><date key="deadline" value="1970-01-01T00:00:00Z"/>'
            '</global><trace><string key="concept:name" value="A"/>'
            f'<date key="deadline" value="2026-12-06T13:41:31.788+01:00"/>{events}</trace></log>'
        )
    said = {"marks": MARKS, "columns": {"due": "case:deadline"}}
    found = metrics.read_log(write(tmp_path, text, f"log.{kind}"), said)
    row = next(nw.from_native(found, eager_only=True).iter_rows(named=True))
    assert (row["due"], row["received"]) == (at("2026-12-06T19:41"), at("2026-10-11T18:45"))


def test_events_left_out_keep_the_numbers_of_the_others() -> None:
    """``only`` reads some of the events, such as those of a life cycle that are complete."""
    frame = pl.DataFrame(
        {
            "MaHoSo": ["A", "A", "A"],
            "SuKien": ["Tiếp nhận", "Tiếp nhận", "Lạ"],
            "ThoiDiem": ["2026-08-03", "2026-08-04", "2026-08-05"],
            "lifecycle:transition": ["start", "complete", "complete"],
        }
    )
    said = {
        "case": "MaHoSo", "activity": "SuKien", "moment": "ThoiDiem",
        "marks": {"start": "TIẾP NHẬN"}, "only": {"lifecycle:transition": "complete"},
    }  # fmt: skip
    with pytest.raises(FrameError, match="row 3: 'Lạ'"):
        metrics.fold_log(frame, said)
    (row,) = metrics.fold_log(frame, {**said, "others": "ignore"}).to_dicts()
    assert row["received"] == at("2026-08-04")


def test_the_map_declares_dates_and_a_zone() -> None:
    """Day first, in UTC: 23:30 of the second is 06:30 of the third in Vietnam."""
    frame = pd.DataFrame([["A", "Tiếp nhận", "02/08/2026 23:30", "", "", ""]], columns=list(HEAD))
    said = {**MAP, "dates": "day_first", "zone": "UTC"}
    assert metrics.fold_log(frame, said)["received"][0] == pd.Timestamp("2026-08-03T06:30")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"mark": {}}, "something of 'mark'"),
        ({"marks": {"begin": "Tiếp nhận"}}, "no mark 'begin'"),
        ({"marks": {"finish": "Xong"}}, "no activity that starts"),
        ({"marks": {"start": ["a"], "finish": "A"}}, "'A' has two marks"),
        ({"marks": {"start": "a", "suspend": "b"}}, "suspend"),
        ({"marks": {"start": [3]}}, "start"),
        ({"marks": ["start"]}, "marks"),
        ({"columns": {"received": "x"}}, "the column 'received'"),
        ({"columns": {"agency": ""}}, "columns"),
        ({"constants": {"due": "2026-08-12"}}, "the column 'due' below 'constants'"),
        ({"others": "guess"}, "others"),
        ({"case": 3}, "case"),
        ({"values": {"channel": "x"}}, "values"),
        ({"dates": "american"}, "american"),
        ({"case": "Không có"}, "no column 'Không có'"),
    ],
)
def test_a_map_that_cannot_be_used_is_refused(change: dict[str, Any], message: str) -> None:
    """Each with what can be written instead."""
    frame = pl.DataFrame(EVENTS, schema=HEAD, orient="row")
    with pytest.raises(FrameError, match=message):
        metrics.fold_log(frame, {**MAP, **change})


def test_a_map_file_that_is_no_mapping_or_no_yaml_is_refused(tmp_path: Path) -> None:
    """As every other YAML file of the library."""
    with pytest.raises(FrameError, match="is not a mapping"):
        metrics.read_log("x", write(tmp_path, "- a", "map.yaml"))
    with pytest.raises(DefinitionError):
        metrics.read_log("x", write(tmp_path, "a: [", "map.yaml"))


@given(
    st.lists(
        st.tuples(st.sampled_from(["Yêu cầu bổ sung", "Nhận bổ sung", "Phân công"])), max_size=12
    )
)
def test_what_folds_is_a_sequence_of_waits_one_after_the_other(steps: list[tuple[str]]) -> None:
    """A log folds exactly where requests and answers alternate, beginning with a request."""
    events = [
        ("A", step, (at("2026-08-04T08:00") + timedelta(hours=n)).isoformat())
        for n, (step,) in enumerate(steps)
    ]
    waits = [step for (step,) in steps if step != "Phân công"]
    expected = [("Yêu cầu bổ sung", "Nhận bổ sung")[n % 2] for n in range(len(waits))]
    if waits != expected:
        assert len(refused(START, *events).rows) > 0
        return
    text = folded(START, *events)["suspensions"] or ""
    assert text.count("supplement:") == (len(waits) + 1) // 2
    assert text.endswith("/..") is (len(waits) % 2 == 1)


def test_the_command_counts_a_log(tmp_path: Path) -> None:
    """``igate metrics LOG --log MAP`` prints what is counted of its dossiers."""
    write(tmp_path, csv_of(EVENTS))
    write(
        tmp_path,
        json.dumps(MAP, ensure_ascii=False),  # JSON is YAML
        "map.yaml",
    )
    asked = ["metrics", "log.csv", "--log", "map.yaml", "--as-of", "2026-08-31", "--json"]
    rows = json.loads(run_command(asked, tmp_path).stdout)["rows"]
    assert {row["agency"]: row["solved_early"] for row in rows} == {"H15.10": 1, "H15.11": 1}
    both = run_command([*asked, "--map", "map.yaml"], tmp_path)
    assert (both.returncode, "--log" in both.stderr) == (1, True)


def test_no_count_is_cut_short_on_a_narrow_terminal(tmp_path: Path) -> None:
    """Of eighty columns the heads and names take what is left; a share is read whole."""
    events = [(*row[:4], row[4] and "Văn phòng đăng ký đất đai", row[5]) for row in EVENTS]
    write(tmp_path, csv_of(tuple(events)))
    write(tmp_path, json.dumps(MAP, ensure_ascii=False), "map.yaml")
    asked = ["metrics", "log.csv", "--log", "map.yaml", "--as-of", "2026-08-31", "--lang", "vi"]
    told = run_command(asked, tmp_path).stdout
    # BY_HAND together: three of the four that were finished were in time
    assert "75,00%" in told
    assert "…" not in told
