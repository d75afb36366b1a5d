"""What was changed behind the back of igate is found and named; what was not is left in peace.

The hand at the console is the owner of the database: he drops the triggers and the indexes, and
where a test says so he works every seal out again, as the format of the seals is no secret.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from datetime import date, timedelta
from hashlib import sha256
from threading import Event
from typing import TYPE_CHECKING, Any, TypeAlias

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import structs

from desks import CITED, CODE, Desk, catalogue, procedure
from igate.calendar import WorkCalendar
from igate.dossiers.dossier import Actor, Ask, Mandate
from igate.dossiers.record import Record
from igate.errors import IgateError, JournalError, StoreError
from igate.law.localtime import parse_local
from igate.office.anchor import Anchor
from igate.office.memory import MemoryStore
from igate.office.onestop import OneStop
from igate.office.sql.store import SqlStore
from igate.testing import SimulatedClock
from places import TESTS
from shared import PAID

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from igate.office.verification import Verification
    from servers import Server

    Hand: TypeAlias = str | Callable[[sqlite3.Connection], None]
    Found: TypeAlias = set[tuple[str, int, str]]

#: the three dossiers of the desk
A, B, C = (f"H15.10-260302-000{n}" for n in (1, 2, 3))
MINH = Actor("minh", roles={"officer"}, agency="H15.10")
#: 5 March 2026, 09:00 in Vietnam
LATER = 1_772_676_000


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a database of three dossiers, of which one is at the end."""
    path = tmp_path_factory.mktemp("whole") / "office.db"
    desk = Desk(url=f"sqlite:///{path}", key="request-a")
    desk.act("receive", "receptionist", "thu")
    desk.act("transfer", "receptionist", "thu", note="Đủ hồ sơ")
    desk.act("forward", "head_of_section", "hoa", key="request-b")
    desk.at("2026-03-03T09:00")
    desk.act("take", "officer", "minh")
    desk.act("ask_supplement", "officer", "minh", note="Thiếu bản sao")
    desk.at("2026-03-04T09:00")
    desk.act("supplement", "applicant", note="Đã bổ sung")
    desk.act("forward", "head_of_section", "hoa")
    for code in (B, C):
        name = "Ông Bình" if code == B else "Bà Chi"
        made = desk.office.submit(
            CODE, applicant=name, applicant_id=name[-3:], channel="online", agency="H15.10",
            at=parse_local("2026-03-02T10:00"),
        )  # fmt: skip
        assert made.code == code
    desk.code = B
    desk.to_step(4)
    desk.act("finish", "leader", "lan")
    desk.office.close()
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA journal_mode = DELETE").fetchone()
    return path


@pytest.fixture
def path(whole: Path, tmp_path: Path) -> Path:
    """Return a copy of it that a test may damage."""
    return shutil.copy(whole, tmp_path / "office.db")


def opened(path: Path, at: str = "2026-03-04T10:00") -> OneStop:
    return OneStop(
        SqlStore.open(f"sqlite:///{path}"),
        agency="H15",
        catalog=catalogue(procedure()),
        calendar=WorkCalendar.vietnam(provisional=True),
        clock=lambda: parse_local(at),
    )


def verify(path: Path, anchor: Anchor | None = None) -> Verification:
    with opened(path) as office:
        return office.verify(anchor)


def found(path: Path, anchor: Anchor | None = None) -> Found:
    return {(each.dossier, each.entry, each.kind) for each in verify(path, anchor).findings}


def change(path: Path, *hands: Hand) -> None:
    """Drop what refuses, and do what the hands do."""
    with closing(sqlite3.connect(path)) as db, db:
        for (name,) in db.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        ).fetchall():
            db.execute(f"DROP TRIGGER {name}")
        db.execute("DROP INDEX igate_entry_key")
        for hand in hands:
            if callable(hand):
                hand(db)
            else:
                db.executescript(hand)


def rows(db: sqlite3.Connection, code: str) -> list[dict[str, Any]]:
    cursor = db.execute("SELECT * FROM igate_entry WHERE dossier = ? ORDER BY seq", (code,))
    names = [each[0] for each in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def resealed(code: str) -> Callable[[sqlite3.Connection], None]:
    """Work the seals of a journal out again: SHA-256 over the seal before and the columns."""

    def hand(db: sqlite3.Connection) -> None:
        head = ""
        for row in rows(db, code):
            columns = [value for name, value in row.items() if name != "seal"]
            text = json.dumps(columns, ensure_ascii=False, separators=(",", ":"))
            head = sha256(f"{head}\n{text}".encode()).hexdigest()
            db.execute("UPDATE igate_entry SET seal = ? WHERE dossier = ? AND seq = ?",
                       (head, code, row["seq"]))  # fmt: skip
        db.execute("UPDATE igate_dossier SET head = ? WHERE code = ?", (head, code))

    return hand


def test_a_database_that_nobody_touched_has_no_finding(path: Path) -> None:
    """Three dossiers with 8, 6 and 1 entries; working the seals out changes none."""
    result = verify(path)
    assert (result.dossiers, result.entries, result.findings) == (3, 15, ())
    assert result.is_sound
    change(path, resealed(A), resealed(B))
    assert found(path) == set()


# an entry


@pytest.mark.parametrize(
    "column",
    [
        "action = 'forward'", "source = 'processing_4'", "target = 'processing_4'",
        f"happened_at = {LATER - 86_400}", f"recorded_at = {LATER}", "actor = 'mai'",
        "role = 'leader'", "agency = 'H15.20'", "note = 'Thiếu lệ phí'", "clock = NULL",
        "reason = 'payment'", f"due = {LATER}", """facts = '{"fee_paid": true}'""",
        """promise = '{"definition":"","limit":"1 working_day","rules":"decree"}'""",
        "key = 'other'", """more = '{"supersedes":3}'""",
        f"seal = '{'0' * 64}'",
    ],
)  # fmt: skip
def test_each_column_of_an_entry_is_sealed(path: Path, column: str) -> None:
    """Entry 6, by which a supplement was asked for, says something else: it is named as changed."""
    change(path, f"UPDATE igate_entry SET {column} WHERE dossier = '{A}' AND seq = 6")
    assert (A, 6, "changed") in (result := found(path))
    assert {(code, entry) for code, entry, _ in result} <= {(A, 6), (A, 0)}


def test_the_first_entry_is_sealed_too(path: Path) -> None:
    """What an applicant was promised, and whom the entry names by reference."""
    for old, new in (
        ("10 working_day", "20 working_day"),
        ('"applicant": "1"', '"applicant": "2"'),
    ):
        column = "promise" if "day" in old else "facts"
        change(
            other := shutil.copy(path, path.with_name(f"{column}.db")),
            f"UPDATE igate_entry SET {column} = replace({column}, '{old}', '{new}') "
            f"WHERE dossier = '{A}' AND seq = 1",
        )
        assert (A, 1, "changed") in found(other)


def test_an_entry_of_one_dossier_cannot_be_hung_on_another(path: Path) -> None:
    """It is missing there, and fits nowhere here."""
    change(path, f"UPDATE igate_entry SET dossier = '{C}' WHERE dossier = '{A}' AND seq = 2")
    assert {(A, 2, "removed"), (C, 2, "inserted")} <= found(path)


def swapped(first: int, second: int) -> str:
    return "".join(
        f"UPDATE igate_entry SET seq = {new} WHERE dossier = '{A}' AND seq = {old};"
        for old, new in ((first, 99), (second, first), (99, second))
    )


def test_entries_that_changed_places_are_named_with_the_place_they_had(path: Path) -> None:
    """Numbers swapped, and contents swapped under the seals that stayed."""
    change(path, swapped(5, 6))
    result = verify(path).findings
    named = {(each.entry, each.kind, each.about) for each in result}
    assert named == {(5, "reordered", "6"), (6, "reordered", "5")}


def test_contents_that_changed_places_under_their_seals_are_named(path: Path) -> None:
    """The seals stayed where they were."""

    def hand(db: sqlite3.Connection) -> None:
        seals = {row["seq"]: row["seal"] for row in rows(db, A)}
        db.executescript(swapped(5, 6))
        for number in (5, 6):
            db.execute("UPDATE igate_entry SET seal = ? WHERE dossier = ? AND seq = ?",
                       (seals[number], A, number))  # fmt: skip

    change(path, hand)
    assert found(path) == {(A, 5, "reordered"), (A, 6, "reordered")}


def without(number: int, *, renumber: bool) -> str:
    delete = f"DELETE FROM igate_entry WHERE dossier = '{A}' AND seq = {number};"
    moves = "".join(
        f"UPDATE igate_entry SET seq = {n - 1} WHERE dossier = '{A}' AND seq = {n};"
        for n in range(number + 1, 9)
    )
    last = f"UPDATE igate_dossier SET seq = 7 WHERE code = '{A}';"
    return delete + moves + last if renumber else delete


@pytest.mark.parametrize("number", [1, 4, 8])
@pytest.mark.parametrize("renumber", [False, True])
def test_an_entry_that_was_taken_out_is_missing(path: Path, number: int, *, renumber: bool) -> None:
    """First, middle, last; with a gap, or with the numbers of the others closed up.

    Of the last entry of eight, closed up, the journal itself shows nothing; the row of the dossier
    still has its seal.
    """
    change(path, without(number, renumber=renumber))
    result = found(path)
    if renumber and number == 8:
        assert (A, 0, "row_differs") in result
    else:
        assert (A, number, "removed") in result


def test_all_entries_that_were_taken_out_are_missing(path: Path) -> None:
    """The row alone is no dossier."""
    change(path, f"DELETE FROM igate_entry WHERE dossier = '{A}'")
    assert found(path) == {(A, 1, "removed")}


STOP = f"""INSERT INTO igate_entry SELECT dossier, {{seq}}, 'stop', '{{source}}', 'stopped',
{LATER}, {LATER}, '', '', '', '', 'stop', '', NULL, '{{{{}}}}', NULL, NULL, NULL, '{{seal}}'
FROM igate_entry WHERE dossier = '{A}' AND seq = 8;
UPDATE igate_dossier SET seq = 9, state = 'stopped', national_status = 8, outcome = 'stopped',
finished_at = {LATER}, recorded_at = {LATER}, image = '', due_at = NULL WHERE code = '{A}';
DELETE FROM igate_task WHERE dossier = '{A}'; DELETE FROM igate_timer WHERE dossier = '{A}';"""


def test_a_stop_by_nobody_is_not_believed(path: Path) -> None:
    """Sealed rightly, with a row that agrees; nobody in no role may stop a dossier."""
    change(path, STOP.format(seq=9, source="processing_3", seal=""), resealed(A))
    result = verify(path).findings
    assert (A, 9, "inserted") in {(each.dossier, each.entry, each.kind) for each in result}


def test_an_entry_behind_the_last_one_of_the_row_was_put_in(path: Path) -> None:
    """The row was forgotten: it ends with the seal of entry 8."""
    copy = STOP.partition("UPDATE")[0].format(seq=9, source="processing_3", seal="0" * 64)
    change(path, copy)
    assert (A, 9, "inserted") in found(path)


def test_an_entry_between_two_that_fit_together_was_put_in(path: Path) -> None:
    """Those behind it were moved on; the chain goes past it."""
    moves = "".join(
        f"UPDATE igate_entry SET seq = {n + 1} WHERE dossier = '{A}' AND seq = {n};"
        for n in range(8, 4, -1)
    )
    add = f"""INSERT INTO igate_entry SELECT dossier, 5, action, source, target, happened_at,
recorded_at, actor, role, agency, note, clock, reason, due, facts, promise, NULL, more, seal
FROM igate_entry WHERE dossier = '{A}' AND seq = 4;
UPDATE igate_dossier SET seq = 9 WHERE code = '{A}'"""
    change(path, moves, add)
    assert {(A, 6, "reordered"), (A, 9, "reordered")} <= found(path)


@pytest.mark.parametrize(
    ("column", "seq", "kind"),
    [
        ("role = 'applicant', actor = '1'", 2, "inserted"),
        ("role = 'officer'", 4, "inserted"),
        ("agency = 'H16'", 4, "inserted"),
        ("action = 'refuse'", 4, "changed"),
        ("target = 'processing_4'", 4, "changed"),
        ("clock = 'finish'", 4, "changed"),
        ("reason = 'payment'", 6, "changed"),
        ("actor = '1'", 5, "changed"),
        ("promise = replace(promise, '10 working_day', '99 working_day')", 2, "changed"),
        ("promise = replace(promise, '10 working_day', '99 working_day')", 1, "changed"),
        ("""facts = '{"fee_waived": true}'""", 4, "inserted"),
        ("facts = replace(facts, 'counter', 'pigeon')", 1, "dossier_inserted"),
        (f"happened_at = {LATER}, recorded_at = {LATER}", 4, "inserted"),
        (f"recorded_at = {LATER + 40 * 86_400}", 4, "right_unknown"),
        ("recorded_at = 0", 4, "inserted"),
        ("""more = '{"assignee":"mai"}'""", 5, "changed"),
        ("""more = '{"supersedes":3}'""", 4, "changed"),
        (f"due = {LATER}", 4, "inserted"),
    ],
)
def test_an_entry_that_no_action_writes_is_found_under_right_seals(
    path: Path, column: str, seq: int, kind: str
) -> None:
    """Every seal was worked out again: the engine is asked, and decides otherwise."""
    change(
        path, f"UPDATE igate_entry SET {column} WHERE dossier = '{A}' AND seq = {seq}", resealed(A)
    )
    named = {each.entry: each.kind for each in reversed(verify(path).findings) if each.entry}
    assert named[min(named)] == kind if seq not in named else named[seq] == kind


def test_a_middle_entry_taken_out_under_right_seals_is_found(path: Path) -> None:
    """What follows starts from a state in which the dossier was not."""
    change(path, without(4, renumber=True), resealed(A))
    assert (A, 4, "removed") in found(path)


# what stands beside the journal


@pytest.mark.parametrize(
    "column",
    [
        "procedure = '9.000002'", "revision = '2024-01-01'", "agency = 'H15.20'",
        "channel = 'post'", "\"case\" = 'x'", "area = 'island'", "applicant = '2'",
        "applicant_id = '1'", "representatives = '1'", "state = 'processing_4'",
        "national_status = 9", "seq = 7", f"submitted_at = {LATER}", f"received_at = {LATER}",
        f"due_at = {LATER + 86_400 * 90}", f"finished_at = {LATER}", f"returned_at = {LATER}",
        "outcome = 'granted'", f"parent = '{B}'", f"started_at = {LATER}",
        "reopened = 1", "assignee = 'mai'", f"recorded_at = {LATER}", "head = 'x'",
    ],
)  # fmt: skip
def test_each_column_of_a_row_is_compared_with_the_journal(path: Path, column: str) -> None:
    """The finding names the column."""
    change(path, f"UPDATE igate_dossier SET {column} WHERE code = '{A}'")
    findings = [each for each in verify(path).findings if each.kind == "row_differs"]
    assert [(each.dossier, each.entry) for each in findings] == [(A, 0)]
    assert column.partition(" ")[0].strip('"') in findings[0].about.split(", ")


def test_a_row_that_names_another_definition_is_found(path: Path) -> None:
    """It is compared with the journal, and there is no text under that hash."""
    change(path, f"UPDATE igate_dossier SET definition = 'ab12' WHERE code = '{A}'")
    assert found(path) == {(A, 0, "row_differs"), ("", 0, "definition_changed")}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"state":"processing_3"', '"state":"processing_4"'),
        ('"supplement_requests":1', '"supplement_requests":0'),
        ('"last_action":"forward"', '"last_action":"finish"'),
        ('"counting":"10 working_day"', '"counting":"99 working_day"'),
        ('"code":', '"cod":'),
        ("{", "["),
    ],
)
def test_what_an_action_decides_on_is_compared_with_the_journal(
    path: Path, old: str, new: str
) -> None:
    """State, facts, what can be recalled, the limit; a text that cannot be read at all."""
    change(
        path, f"UPDATE igate_dossier SET image = replace(image, '{old}', '{new}') "
        f"WHERE code = '{A}'",
    )  # fmt: skip
    (finding,) = verify(path).findings
    assert (finding.dossier, finding.kind, finding.about) == (A, "row_differs", "image")


@pytest.mark.parametrize(
    ("statement", "about"),
    [
        ("UPDATE igate_task SET agency = 'H15.20'", "task processing_3 officer"),
        ("UPDATE igate_task SET assignee = 'mai'", "task processing_3 officer"),
        ("UPDATE igate_task SET due_at = 0", "task processing_3 officer"),
        ("DELETE FROM igate_task", "task processing_3 officer"),
        ("UPDATE igate_timer SET due_at = due_at + 86400", "timer deadline"),
        ("DELETE FROM igate_timer", "timer deadline"),
        ("UPDATE igate_timer SET claimed_until = 1 << 62", "timer deadline"),
        ("INSERT INTO igate_timer VALUES ('{A}', 'act', 'finish', 1772676000, 0)",
         "timer act finish"),
        ("INSERT INTO igate_task VALUES ('{A}', 'processing_3', 'leader', 'H15', '', 0, NULL)",
         "task processing_3 leader"),
    ],
)  # fmt: skip
def test_tasks_and_timers_are_compared_with_the_journal(
    path: Path, statement: str, about: str
) -> None:
    """Work that was hidden, put off, given to others or made up."""
    where = "" if statement.startswith("INSERT") else f" WHERE dossier = '{A}'"
    change(path, statement.replace("{A}", A) + where)
    (finding,) = verify(path).findings
    assert (finding.dossier, finding.kind, finding.about) == (A, "row_differs", about)


def test_a_person_who_cannot_be_found_by_the_name_is_found(path: Path) -> None:
    """The words for the search are not those of the name."""
    change(path, f"UPDATE igate_person SET folded = 'x', turned = 'x' WHERE dossier = '{A}'"
                 " AND ref = '1'")  # fmt: skip
    (finding,) = verify(path).findings
    assert (finding.dossier, finding.kind, finding.about) == (A, "row_differs", "person 1")


def test_a_definition_that_was_changed_is_named(path: Path) -> None:
    """Two steps fewer for everybody: its hash is another one, and so is each dossier under it."""
    change(path, "UPDATE igate_definition SET text = replace(text, '10 working_day', '30 day')")
    result = verify(path).findings
    assert {each.kind for each in result} == {"definition_changed"}
    assert {each.dossier for each in result} == {A, B, C, ""}


def test_a_definition_that_is_gone_is_named(path: Path) -> None:
    """The files still say the same, so that the journals can be decided again."""
    change(path, "DELETE FROM igate_definition")
    assert found(path) == {("", 0, "definition_changed")}


def test_a_count_of_numbers_that_was_set_back_is_found(path: Path) -> None:
    """The next dossier would get a number that was given out."""
    change(path, "UPDATE igate_serial SET last = 2")
    assert found(path) == {(C, 0, "number_differs")}


def test_a_key_that_two_entries_have_is_found(path: Path) -> None:
    """The index was dropped, and the seals were worked out again."""
    change(path, f"UPDATE igate_entry SET key = 'request-a' WHERE dossier = '{C}'", resealed(C))
    assert found(path) == {(C, 1, "key_repeated")}


# whole dossiers


def deleted(code: str) -> str:
    parts = ("entry", "person", "task", "timer")
    return "".join(f"DELETE FROM igate_{each} WHERE dossier = '{code}';" for each in parts) + (
        f"DELETE FROM igate_dossier WHERE code = '{code}';"
    )


def test_a_dossier_deleted_whole_leaves_its_number(path: Path) -> None:
    """Numbers are given out without a gap: 1 and 3 are there, and the count says 3."""
    change(path, deleted(B))
    assert found(path) == {(B, 0, "dossier_removed")}


def test_a_row_that_was_deleted_leaves_its_journal(path: Path) -> None:
    """Said once, whatever is left over."""
    change(path, f"DELETE FROM igate_dossier WHERE code = '{B}'")
    assert found(path) == {(B, 0, "dossier_removed")}


def test_a_dossier_that_nobody_handed_in_is_found(path: Path) -> None:
    """A copy under a number that was not given out, with seals of its own."""
    new = "H15.10-260302-0004"

    def hand(db: sqlite3.Connection) -> None:
        for table in ("dossier", "entry", "person", "task", "timer"):
            names = [row[1] for row in db.execute(f"PRAGMA table_info(igate_{table})")]
            own = ", ".join(
                f"'{new}'" if name in {"code", "dossier"} else "NULL" if name == "key"
                else f"replace(image, '{C}', '{new}')" if name == "image" else f'"{name}"'
                for name in names
            )  # fmt: skip
            key = "code" if table == "dossier" else "dossier"
            db.execute(f"INSERT INTO igate_{table} SELECT {own} FROM igate_{table} "
                       f"WHERE {key} = '{C}'")  # fmt: skip

    change(path, hand, resealed(new))
    assert found(path) == {(new, 0, "number_differs")}


# what cannot be read


@pytest.mark.parametrize(
    ("statement", "entry"),
    [
        ("UPDATE igate_entry SET facts = '{' WHERE dossier = '{A}' AND seq = 4", 4),
        ("UPDATE igate_entry SET facts = '[]' WHERE dossier = '{A}' AND seq = 4", 4),
        ("UPDATE igate_entry SET facts = '{\"x\": 1.5}' WHERE dossier = '{A}' AND seq = 4", 4),
        ("UPDATE igate_entry SET more = '1' WHERE dossier = '{A}' AND seq = 5", 5),
        ("UPDATE igate_entry SET promise = '{}' WHERE dossier = '{A}' AND seq = 2", 2),
        ("UPDATE igate_entry SET happened_at = 'x' WHERE dossier = '{A}' AND seq = 4", 4),
        ("UPDATE igate_entry SET happened_at = 1 << 62 WHERE dossier = '{A}' AND seq = 4", 4),
        ("UPDATE igate_entry SET actor = x'00' WHERE dossier = '{A}' AND seq = 4", 4),
        ("UPDATE igate_entry SET clock = 'backwards' WHERE dossier = '{A}' AND seq = 4", 4),
        ("UPDATE igate_entry SET seq = 'acht' WHERE dossier = '{A}' AND seq = 8", 0),
        ("UPDATE igate_dossier SET submitted_at = 'x' WHERE code = '{A}'", 0),
        ("UPDATE igate_dossier SET submitted_at = 1e300 WHERE code = '{A}'", 0),
        ("UPDATE igate_dossier SET seq = x'00' WHERE code = '{A}'", 0),
        ("UPDATE igate_serial SET day = 'x'", -1),
    ],
)  # fmt: skip
def test_a_row_that_cannot_be_read_is_named_and_stops_nothing(
    path: Path, statement: str, entry: int
) -> None:
    """The other dossiers are verified all the same."""
    change(path, statement.replace("{A}", A))
    result = verify(path)
    kinds = {(each.dossier, each.entry): each.kind for each in reversed(result.findings)}
    assert kinds["" if entry < 0 else A, max(entry, 0)] == "unreadable"
    assert result.dossiers == 3
    assert {each.dossier for each in result.findings} <= {A, ""}


# the anchor


def anchored(path: Path, day: str = "2026-03-05") -> Anchor:
    with SqlStore.open(f"sqlite:///{path}") as store:
        return Anchor.of(store.evidence().heads(), day=date.fromisoformat(day))


def test_an_anchor_is_one_line_and_the_rows_that_its_hash_is_of(path: Path) -> None:
    """The hash is the SHA-256 of the other lines: code, number and seal, in the order of codes."""
    anchor = anchored(path)
    first, *body = anchor.text.splitlines(keepends=True)
    assert [line.split(" ")[:2] for line in body] == [[A, "8"], [B, "6"], [C, "1"]]
    digest = sha256("".join(body).encode()).hexdigest()
    assert first == f"igate-anchor 1 2026-03-05 dossiers=3 entries=15 sha256={digest}\n"
    assert anchored(path).text == anchor.text
    assert Anchor.read(anchor.text) == anchor
    assert found(path, anchor) == set()


@pytest.mark.parametrize(
    "wrong",
    [
        lambda text: text.replace(" 8 ", " 7 "),
        lambda text: text.replace(" 8 ", " eight "),
        lambda text: text.replace("2026-03-05", "2026-13-05"),
        lambda text: "".join(text.splitlines(keepends=True)[:-1]),
        lambda text: text + text,
        lambda text: text.replace("\n", "\r\n"),
        lambda _: "",
    ],
)
def test_a_file_that_is_not_the_anchor_is_refused(path: Path, wrong: Callable[[str], str]) -> None:
    """A line changed, taken out or added; another day; nothing at all."""
    with pytest.raises(JournalError, match="not a file of igate journal anchor, or it was changed"):
        Anchor.read(wrong(anchored(path).text))


def test_a_damaged_row_is_not_anchored(path: Path) -> None:
    """It would be proven by it."""
    change(path, f"UPDATE igate_dossier SET head = 'x' WHERE code = '{A}'")
    with pytest.raises(JournalError, match="cannot be anchored"):
        anchored(path)


def test_a_journal_written_anew_under_right_seals_is_found_by_the_anchor(path: Path) -> None:
    """Another name in entry 4, all seals worked out again: nothing shows it but the anchor."""
    anchor = anchored(path)
    change(path, f"UPDATE igate_entry SET actor = 'mai' WHERE dossier = '{A}' AND seq = 4",
           resealed(A))  # fmt: skip
    assert found(path) == set()
    assert found(path, anchor) == {(A, 8, "rewritten")}


def test_a_journal_that_was_cut_is_found_by_the_anchor(path: Path) -> None:
    """A copy from before the last action was put back, and lived on with another one."""
    older = shutil.copy(path, path.with_name("older.db"))
    with opened(path) as office:
        office.act(A, "forward", by=MINH)
    anchor = anchored(path)
    assert found(older) == set()
    assert found(older, anchor) == {(A, 9, "removed")}
    with opened(older) as office:
        office.act(A, "forward", by=MINH, note="Đủ")
    # the entry is of the day before the anchor and another one
    assert found(older, anchor) == {(A, 9, "rewritten")}


def test_the_last_dossier_deleted_whole_is_found_by_the_anchor(path: Path) -> None:
    """With the count set back nothing else shows that there ever was one."""
    anchor = anchored(path)
    change(path, deleted(C), "UPDATE igate_serial SET last = 2")
    assert found(path) == set()
    assert found(path, anchor) == {(C, 0, "dossier_removed")}
    (gone,) = verify(path, anchor).findings
    assert gone.text("vi") == f"{C}: Hồ sơ đã có và nay không còn (05/03/2026). [dossier_removed]"
    assert str(gone).endswith(" (2026-03-05). [dossier_removed]")


def test_what_came_after_the_anchor_is_no_finding(path: Path) -> None:
    """Entries and dossiers of later days; one that says it is older was put in."""
    anchor = anchored(path)
    with opened(path, at="2026-03-06T09:00") as office:
        office.act(A, "forward", by=MINH)
        office.submit(CODE, applicant="Bà Dung", channel="online", agency="H15.10")
    assert found(path, anchor) == set()
    with opened(path, at="2026-03-04T11:00") as office:
        made = office.submit(CODE, applicant="Bà Dung", channel="online", agency="H15.10")
    assert found(path, anchor) == {(made.code, 0, "dossier_inserted")}
    (put_in,) = verify(path, anchor).findings
    assert put_in.text("vi") == (
        f"{made.code}: Hồ sơ không phát sinh từ việc nộp hồ sơ: chưa có vào ngày 05/03/2026. "
        "[dossier_inserted]"
    )


# nobody touched it


def test_everything_that_puts_right_leaves_a_sound_journal(tmp_path: Path) -> None:
    """Recall, assignment, mandate, correction, recalled finish, erasure, another counter, restart.

    Of the people who were erased only references are left, which is what the seals are over.
    """
    url = f"sqlite:///{tmp_path / 'office.db'}"
    desk = Desk(procedure(more="    counters: [any]\n"), url=url)
    desk.act("receive", "receptionist", agency="H15.77")
    desk.act("arrive", "receptionist")
    desk.act("correct", "receptionist", note="Ghi sai", changes={"applicant": "Bà Ân"})
    desk.act("transfer", "receptionist")
    desk.act("forward", "head_of_section")
    desk.act("recall", "head_of_section", note="Chuyển nhầm")
    desk.act("forward", "head_of_section")
    desk.act("assign", "head_of_section", to="minh")
    leave = Mandate(principal="minh", capacity="substitute", roles={"officer"},
                    start=date(2026, 3, 2), end=date(2026, 3, 4))  # fmt: skip
    desk.office.act(
        desk.code, "forward", by=Actor("binh", roles={"clerk"}, agency="H15.10", mandates=[leave])
    )
    desk.act("finish", "leader")
    desk.act("recall", "leader", note="Sai số")
    desk.act("finish", "leader")
    desk.act("return_result", "receptionist")
    assert desk.office.verify().findings == ()
    desk.office.erase(desk.code, by=Actor("bao", roles={"archivist"}, agency="H15"), basis="1/ĐN")
    assert desk.office.verify().findings == ()
    desk.office.close()
    assert found(tmp_path / "office.db") == set()


def test_a_pseudonym_leaves_a_sound_journal(path: Path) -> None:
    """The same one for everybody, as long as a text may be: who acted is told by the reference."""
    with opened(path) as office:
        office.act(B, "return_result", by=Actor("thu", roles={"receptionist"}, agency="H15.10"))
        office.erase(B, by=Actor("bao", roles={"archivist"}, agency="H15"), basis="1/ĐN",
                     pseudonym=lambda _: "N")  # fmt: skip
        assert office.verify().findings == ()


def test_an_erasure_of_a_dossier_that_is_worked_on_is_not_believed(path: Path) -> None:
    """No desk writes such an entry; the seals are right."""
    change(
        path,
        f"""INSERT INTO igate_entry SELECT dossier, 9, 'erase_people', target, target, {LATER},
{LATER}, 'bao', '', '', '1/ĐN', NULL, '', NULL, '{{}}', NULL, NULL, NULL, ''
FROM igate_entry WHERE dossier = '{A}' AND seq = 8;
UPDATE igate_dossier SET seq = 9, image = '' WHERE code = '{A}'""",
        resealed(A),
    )
    assert (A, 9, "inserted") in found(path)


def test_days_off_that_were_announced_later_are_no_finding(path: Path) -> None:
    """The date was counted without the day off of 24 November, announced on 1 July 2026.

    Ten working days from Monday 16 November 2026 end on the 30th as it was known in June, and on
    1 December as it is known since Resolution 28/2026/QH16.
    """
    known = WorkCalendar.vietnam(provisional=True).known_on(date(2026, 6, 1))
    clock = SimulatedClock(parse_local("2026-06-01T09:00"))
    with OneStop(
        SqlStore.open(f"sqlite:///{path}"), agency="H15",
        catalog=catalogue(procedure(limits=f"[{{limit: 125 working_day, {CITED}}}]")),
        calendar=known, clock=clock,
    ) as office:  # fmt: skip
        code = office.submit(CODE, applicant="Bà Dung", channel="counter", agency="H15.10").code
        office.act(code, "receive", by=Actor("thu", roles={"receptionist"}, agency="H15.10"))
        then = office.get(code).deadline
    with opened(path, at="2026-06-02T09:00") as office:
        now = office.get(code).deadline
        assert then.due != now.due
        assert office.verify().findings == ()
    change(path, f"UPDATE igate_dossier SET due_at = due_at + 86400 WHERE code = '{code}'")
    assert found(path) == {(code, 0, "row_differs")}


@pytest.mark.parametrize("name", ["format-1", "format-2", "format-3", "format-4", "rules-renamed"])
def test_a_database_of_an_older_format_has_no_finding_but_notes(tmp_path: Path, name: str) -> None:
    """Upgraded, verified, worked on, verified again; what was not kept then is not missed."""
    path = tmp_path / "office.db"
    with closing(sqlite3.connect(path)) as db:
        db.executescript((TESTS / "office" / f"{name}.sql").read_text(encoding="utf-8"))
    with OneStop.open(
        f"sqlite:///{path}", agency="H15", calendar=WorkCalendar.vietnam(provisional=True),
        clock=lambda: parse_local("2026-03-20T09:00"),
    ) as office:  # fmt: skip
        assert office.verify().findings == ()
        for standing in office.dossiers():
            who = {each.action: sorted(each.roles) for each in office.actions(standing.code)}
            action = "forward" if "forward" in who else "transfer"
            actor = Actor("o", roles=set(who[action]) - {"system"}, agency=standing.agency)
            office.act(standing.code, action, by=actor)
        assert office.verify().findings == ()


def test_a_dossier_whose_procedure_is_nowhere_is_a_note(tmp_path: Path) -> None:
    """Of format 1, when definitions were not kept: the seals are held, nothing is decided."""
    path = tmp_path / "office.db"
    with closing(sqlite3.connect(path)) as db:
        db.executescript((TESTS / "office" / "format-1.sql").read_text(encoding="utf-8"))
    result = verify(path)
    assert [each.kind for each in result.findings] == ["not_kept"]
    assert result.is_sound


def test_a_store_without_rows_is_decided_again_too() -> None:
    """In memory there are no seals; a standing that another hand wrote is found."""
    desk = Desk()
    desk.to_step(3)
    memory = MemoryStore()
    entries = desk.office.journal(desk.code)
    (standing,) = desk.office.dossiers()
    definition = desk.office.store.definition(standing.definition)
    memory.keep_definition(standing.definition, definition)
    memory.load([(entries, Record(entries[-1], standing))])
    forged = structs.replace(standing, code="H15.10-260302-0002", outcome="granted")
    moved = tuple(structs.replace(each, dossier=forged.code) for each in entries)
    memory.load([(moved, Record(moved[-1], forged))])
    office = OneStop(memory, agency="H15", catalog=desk.office.catalog, clock=desk.clock)
    (finding,) = office.verify().findings
    assert (finding.dossier, finding.about) == (forged.code, "outcome")


class Walker:
    """Takes whatever can be taken, with whatever it asks for."""

    def __init__(self, office: OneStop, clock: SimulatedClock, data: st.DataObject) -> None:
        self.office, self.clock, self.data = office, clock, data

    def draw(self, *choices: object) -> Any:  # noqa: ANN401 - one of the choices
        return self.data.draw(st.sampled_from(choices))

    def step(self, code: str) -> None:
        self.clock.moment += timedelta(minutes=self.data.draw(st.integers(1, 3_000)))
        ways = self.office.actions(code)
        if not ways:
            return
        way = self.draw(*ways)
        manner = way.manner
        roles = {self.draw(*sorted(way.roles)), self.draw("receptionist", "officer", "leader")}
        known = self.office.get(code).submission
        actor = Actor(
            "an" if "applicant" in roles else self.draw("lan", "minh", "mai"),
            roles=roles,
            agency=way.agency or self.draw("H15.10", "H15.10.02", "H15.30"),
        )
        new = self.draw("Bà Ân", "Ông Bình")
        with suppress(IgateError):
            self.office.act(
                code,
                way.action,
                by=actor,
                at=self.clock.moment - timedelta(hours=self.draw(0, 0, 0, 20)),
                note=self.draw("x", "Lý do"),
                due=self.clock.moment + timedelta(days=30) if way.clock == "replace" else None,
                facts={name: PAID.get(name, True) for name in manner.needs},
                to="minh" if manner.assigns == "named" else "",
                changes={"applicant": new} if "applicant" in manner.changes
                and known.applicant != new else {},
                agencies=[Ask("H15.30", "5 working_day")] if manner.asks else [],
            )  # fmt: skip


def walked(url: str, template: str, data: st.DataObject) -> None:
    """Walk two dossiers at random through a template, and verify all of it."""
    clock = SimulatedClock(parse_local("2026-03-02T09:00"))
    with OneStop.open(
        url, create=True, agency="H15", catalog=TEMPLATES[template], clock=clock,
        calendar=WorkCalendar.vietnam(provisional=True),
    ) as office:  # fmt: skip
        walker = Walker(office, clock, data)
        for channel in ("online", "counter"):
            code = office.submit(
                CODE, applicant="Bà An", applicant_id="an", channel=channel, agency="H15.10"
            ).code
            for _ in range(data.draw(st.integers(0, 18))):
                walker.step(code)
        result = office.verify()
        assert [str(each) for each in result.findings if not each.is_note] == []


TEMPLATES = {
    name: catalogue(procedure(template=name))
    for name in ("ordinary", "two_level", "consultation", "same_day")
}


@settings(max_examples=20)
@given(data=st.data())
@pytest.mark.parametrize("template", sorted(TEMPLATES))
def test_whatever_is_done_by_actions_has_no_finding(template: str, data: st.DataObject) -> None:
    """Random actions of random actors at random moments, on every shipped template."""
    walked("sqlite://", template, data)


@settings(max_examples=2, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_so_it_is_on_postgresql(postgres: Server, data: st.DataObject) -> None:
    """By the same path."""
    walked(postgres.new(), "ordinary", data)


def test_a_change_on_postgresql_is_found(postgres: Server) -> None:
    """By the owner of the database, who turned the triggers off."""
    psycopg = pytest.importorskip("psycopg")
    desk = Desk(url=(url := postgres.new()))
    desk.to_step(3)
    assert desk.office.verify().findings == ()
    with closing(psycopg.connect(url, autocommit=True)) as db:
        db.execute("ALTER TABLE igate_entry DISABLE TRIGGER USER")
        db.execute("UPDATE igate_entry SET actor = 'mai' WHERE seq = 2")
    named = {(each.dossier, each.entry, each.kind) for each in desk.office.verify().findings}
    assert named == {(desk.code, 2, "changed")}
    desk.office.close()


# reading goes on


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE igate_entry SET facts = '{' WHERE dossier = '{A}' AND seq = 4",
        "UPDATE igate_entry SET happened_at = 'x' WHERE dossier = '{A}' AND seq = 4",
        "UPDATE igate_dossier SET submitted_at = 'x' WHERE code = '{A}'",
        "UPDATE igate_dossier SET due_at = 1 << 62 WHERE code = '{A}'",
    ],
)
def test_a_broken_row_hides_no_other(
    path: Path, statement: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Lists, pages and journals of the others are as before; the broken one is named in the log."""
    change(path, statement.replace("{A}", A))
    with OneStop.open(
        f"sqlite:///{path}", agency="H15", clock=lambda: parse_local("2026-03-04T10:00")
    ) as office:
        assert {B, C} <= {each.code for each in office.dossiers()}
        assert {B, C} <= {each.dossier for each in office.store.entries()}
        assert {B, C} <= {each.code for each in office.search().dossiers}
        assert C in {each.standing.code for each in office.worklist().items}
        page = office.search(limit=1)
        assert [each.code for each in office.search(limit=1, after=page.after).dossiers] == [B]
        with pytest.raises(StoreError, match=f"{A}: A row of this dossier cannot be read"):
            (office.store.standing(A), office.journal(A))
        office.act(B, "return_result", by=Actor("thu", roles={"receptionist"}, agency="H15.10"))
    assert any(message.startswith(A) for message in caplog.messages)


@pytest.mark.parametrize(
    ("place", "named"),
    [
        ("igate_dossier SET agency = CAST(x'48ff' AS TEXT) WHERE code", (A, 0, "row_differs")),
        (
            "igate_entry SET note = CAST(x'48ff' AS TEXT) WHERE seq = 4 AND dossier",
            (A, 4, "changed"),
        ),
    ],
)
def test_a_text_that_is_not_unicode_ends_no_list(
    path: Path, place: str, named: tuple[str, int, str]
) -> None:
    """It is shown with a mark in its place, and verifying names what was changed."""
    change(path, f"UPDATE {place} = '{A}'")
    with opened(path) as office:
        every = {each.code: each.agency for each in office.dossiers()}
        assert {A, B, C} <= every.keys()
        assert [each.code for each in office.search(limit=2).dossiers] == sorted(every)[:2]
        entries = list(office.store.entries())
        assert {A, B, C} <= {each.dossier for each in entries}
        notes = {(each.dossier, each.seq): each.note for each in entries}
        shown = notes[A, named[1]] if named[1] else every[A]
        assert shown == "H\N{REPLACEMENT CHARACTER}"
    assert named in {(each.dossier, each.entry, each.kind) for each in verify(path).findings}


def test_a_broken_image_is_left_aside(path: Path) -> None:
    """The journal is folded, and the next action writes the image anew."""
    change(path, f"UPDATE igate_dossier SET image = '{{' WHERE code = '{A}'")
    with opened(path) as office:
        office.act(A, "forward", by=MINH)
    assert found(path) == set()


def test_a_desk_that_goes_on_working_is_verified_without_a_finding(tmp_path: Path) -> None:
    """Another thread hands in and receives without a pause; each dossier is read at one moment."""
    url = f"sqlite:///{tmp_path / 'office.db'}"
    desk = Desk(url=url)
    over = Event()
    done = []

    def work() -> None:
        while not over.is_set():
            code = desk.office.submit(
                CODE, applicant="Bà Dung", channel="counter", agency="H15.10"
            ).code
            for action in ("receive", "transfer"):
                receptionist = Actor("thu", roles={"receptionist"}, agency="H15.10")
                desk.office.act(code, action, by=receptionist)
            done.append(code)

    with ThreadPoolExecutor(1) as pool:
        worker = pool.submit(work)
        path = tmp_path / "office.db"
        results = [verify(path, anchored(path, "2026-03-02")) for _ in range(6)]
        over.set()
        worker.result()
    desk.office.close()
    assert [str(each) for result in results for each in result.findings] == []
    assert results[-1].entries > results[0].entries
