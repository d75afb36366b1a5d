"""What was promised holds: after an edited file, a removed one, a restart, an upgrade."""

from __future__ import annotations

import logging
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from igate.calendar import WorkCalendar
from igate.deadlines.rulefile import shipped_rules
from igate.dossiers.dossier import Actor
from igate.dossiers.record import Record
from igate.errors import JournalError, ProcedureNotFound, StoreError
from igate.law.citation import Citation
from igate.law.localtime import parse_local
from igate.office.memory import MemoryStore
from igate.office.onestop import OneStop
from igate.office.sql.store import SqlStore
from igate.procedures.catalog.catalog import Catalog
from igate.procedures.definition import Definition
from places import TESTS
from shared import shipped_catalogue

if TYPE_CHECKING:
    from pathlib import Path

    from igate.dossiers.dossier import Dossier

CODE = "9.000001"
NAME = "9.000001-card.yaml"
#: Tuesday
START = parse_local("2026-03-03T09:00")
ORDER = Citation.parse("Quyết định 7/QĐ-UBND ngày 04/3/2026 của UBND tỉnh Đắk Lắk (giả định)")
TEXT = """\
format: 1
code: "9.000001"
name: {vi: Cấp thẻ ví dụ}
field: {id: libraries, vi: Thư viện}
checked_on: "2026-03-01"
source: invented
revisions:
  - effective_from: "2026-01-01"
    citation: Quyết định 1/QĐ-UBND ngày 02/01/2026 của UBND tỉnh Đắk Lắk (giả định)
    template: ordinary
    limits: [{limit: 3 working_day, citation: "Quyết định 1/QĐ-UBND (giả định)"}]
    steps:
      - {number: 1, phase: reception, role: receptionist, vi: Tiếp nhận}
      - {number: 2, phase: processing, role: officer, vi: Thẩm định}
      - {number: 3, phase: processing, role: leader, vi: Ký duyệt}
      - {number: 4, phase: handover, role: receptionist, vi: Trả kết quả}
"""


def write(folder: Path, text: str = TEXT) -> Path:
    path = folder / NAME
    path.write_text(text, encoding="utf-8")
    return path


def desk(folder: Path, *, days: int = 0) -> OneStop:
    """Open the desk anew, as another process would, some days after the first."""
    return OneStop.open(
        f"sqlite:///{folder / 'office.db'}",
        create=True,
        agency="H15",
        catalog=Catalog.load(*folder.glob("*.yaml")),
        calendar=WorkCalendar.vietnam(provisional=True),
        clock=lambda: START + timedelta(days=days, hours=1),
    )


def received(office: OneStop) -> str:
    """Hand in a dossier and receive it; return its code."""
    code = office.submit(CODE, applicant="Nguyễn Thị Ánh", channel="counter", at=START).code
    office.act(code, "receive", by=Actor("r1", roles={"receptionist"}, agency="H15.10"), at=START)
    return code


def due(dossier: Dossier) -> str:
    assert dossier.deadline is not None
    assert dossier.deadline.due is not None
    return dossier.deadline.due.date().isoformat()


def work_to_the_end(office: OneStop, code: str) -> Dossier:
    for action, role in (
        ("transfer", "receptionist"), ("forward", "officer"), ("finish", "leader"),
        ("return_result", "receptionist"),
    ):  # fmt: skip
        dossier = office.act(code, action, by=Actor("x", roles={role}, agency="H15"))
    return dossier


def test_an_edited_limit_moves_no_date_that_was_printed(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Three working days from Tuesday 3 March end on Friday 6 March, whatever the file says."""
    path = write(tmp_path)
    with desk(tmp_path) as office:
        code = received(office)
        assert due(office.get(code)) == "2026-03-06"
        assert office.differences() == ()
    path.write_text(TEXT.replace("3 working_day", "8 working_day"), encoding="utf-8")
    with caplog.at_level(logging.WARNING, "igate.office"), desk(tmp_path, days=1) as office:
        dossier = office.get(code)
        (standing,) = office.dossiers()
        assert due(dossier) == "2026-03-06"
        assert standing.due_at == dossier.deadline.due
        (found,) = office.differences()
        # who is received from now on has what the file says: 8 working days from 4 March
        other = office.submit(CODE, applicant="B", channel="counter").code
        receptionist = Actor("r1", roles={"receptionist"}, agency="H15.10")
        assert due(office.act(other, "receive", by=receptionist)) == "2026-03-16"
    assert (found.kind, found.use.dossiers, found.use.first) == ("edited", 1, code)
    assert found.changes == ('revision.limits[0].limit.text: "3 working_day" → "8 working_day"',)
    (line,) = caplog.messages
    for words in (CODE, "2026-01-01", code, "3 working_day", "OneStop.migrate"):
        assert words in line


def test_the_journal_says_what_was_promised(tmp_path: Path) -> None:
    """Limit, clock rules with their period, and the digest of the whole definition."""
    write(tmp_path)
    with desk(tmp_path) as office:
        submitted, receipt = office.journal(received(office))
        text = office.store.definition(submitted.promise.definition)
    assert submitted.promise == receipt.promise
    assert submitted.promise.limit == "3 working_day"
    assert submitted.promise.rules == "decree [2025-07-01, 2026-08-05)"
    kept = Definition.read(text, submitted.promise.definition)
    assert kept.revision == Catalog.load(tmp_path / NAME).procedure(CODE).revision("2026-01-01")


def test_a_corrected_typo_is_listed_and_changes_nothing(tmp_path: Path) -> None:
    """The words of a step differ; the dossier keeps those that it was received under."""
    path = write(tmp_path, TEXT.replace("Thẩm định", "Thẩm địn"))
    with desk(tmp_path) as office:
        code = received(office)
    path.write_text(TEXT, encoding="utf-8")
    with desk(tmp_path, days=1) as office:
        (found,) = office.differences()
        assert found.kind == "edited"
        assert 'label.vi: "Thẩm địn" → "Thẩm định"' in found.text("vi")
        assert work_to_the_end(office, code).state == "returned"
        assert office.differences() == ()  # nothing is pending any more


@pytest.mark.parametrize("gone", ["file", "revision", "broken"])
def test_a_dossier_outlives_its_file(tmp_path: Path, gone: str) -> None:
    """A removed file, a removed revision and a file with errors leave it as it was promised."""
    path = write(tmp_path)
    with desk(tmp_path) as office:
        code = received(office)
    if gone == "file":
        path.rename(tmp_path / "away.txt")
    elif gone == "revision":
        path.write_text(TEXT.replace('"2026-01-01"', '"2026-02-01"'), encoding="utf-8")
    else:
        path.write_text(TEXT.replace("template: ordinary", "template: none"), encoding="utf-8")
    with desk(tmp_path, days=1) as office:
        assert due(office.get(code)) == "2026-03-06"
        (found,) = office.differences()
        assert found.kind == "gone"
        assert CODE in str(found)
        assert work_to_the_end(office, code).state == "returned"


def test_a_state_that_is_gone_from_the_file_is_still_a_state_of_the_dossier(
    tmp_path: Path,
) -> None:
    """A step less in the file: the dossier waits in step 3 of what it was received under."""
    path = write(tmp_path)
    with desk(tmp_path) as office:
        code = received(office)
        office.act(code, "transfer", by=Actor("r1", roles={"receptionist"}, agency="H15"))
        state = office.act(code, "forward", by=Actor("o", roles={"officer"}, agency="H15")).state
    assert state == "processing_3"
    short = TEXT.replace(
        "      - {number: 3, phase: processing, role: leader, vi: Ký duyệt}\n", ""
    ).replace("number: 4", "number: 3")
    path.write_text(short, encoding="utf-8")
    with desk(tmp_path, days=1) as office:
        assert office.get(code).state == "processing_3"
        office.act(code, "finish", by=Actor("l", roles={"leader"}, agency="H15"))
        assert office.get(code).national_status == 9


def test_another_process_reads_the_same_promise(tmp_path: Path) -> None:
    """A program of its own, with the edited file, prints the promised day."""
    path = write(tmp_path)
    with desk(tmp_path) as office:
        code = received(office)
    path.write_text(TEXT.replace("3 working_day", "8 working_day"), encoding="utf-8")
    program = (
        "import sys; from igate import Catalog, OneStop\n"
        "with OneStop.open(f'sqlite:///{sys.argv[1]}/office.db', agency='H15', "
        "catalog=Catalog.load(f'{sys.argv[1]}/9.000001-card.yaml')) as office:\n"
        "    print(office.get(sys.argv[2]).deadline.due.date())\n"
    )
    command = [sys.executable, "-c", program, str(tmp_path), code]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "2026-03-06"


def test_only_a_migration_moves_a_dossier_to_the_edited_text(tmp_path: Path) -> None:
    """Of one and the same revision too: rehearsed, journalled, and then promised anew."""
    path = write(tmp_path)
    with desk(tmp_path) as office:
        code = received(office)
    path.write_text(TEXT.replace("3 working_day", "8 working_day"), encoding="utf-8")
    who = Actor("head", roles={"leader"}, agency="H15")
    with desk(tmp_path, days=1) as office:
        order = {"by": who, "citation": ORDER}
        one, same = "2026-01-01", {"received": "received"}
        rehearsed = office.migrate(CODE, one, one, same, **order)
        assert [(move.code, move.deadline_moves) for move in rehearsed.moves] == [(code, True)]
        assert due(office.get(code)) == "2026-03-06"
        office.migrate(CODE, one, one, same, **order, dry_run=False)
        assert office.journal(code)[-1].promise.limit == "8 working_day"
        assert office.differences() == ()
    with desk(tmp_path, days=2) as office:
        # 8 working days from 3 March: 4-6 and 9-13 March
        assert due(office.get(code)) == "2026-03-13"
        assert office.migrate(CODE, one, one, {}, **order).moves == ()


def test_a_migration_from_a_revision_that_nobody_has_is_refused(tmp_path: Path) -> None:
    """A slip in the name of the revision is reported, not a move of nothing."""
    write(tmp_path)
    with desk(tmp_path) as office, pytest.raises(ProcedureNotFound, match="2025-01-01"):
        office.migrate(
            CODE, "2025-01-01", "2026-01-01", {}, by=Actor("h", roles={"leader"}), citation=ORDER
        )


def test_a_journal_whose_definition_is_nowhere_is_refused_by_name(tmp_path: Path) -> None:
    """Brought to another store without its definition, under an edited file."""
    path = write(tmp_path)
    with desk(tmp_path) as office:
        code = received(office)
        journal = office.journal(code)
        brought = journal, Record(journal[-1], office.store.standing(code))
        digest = office.get(code).submission.definition
        text = office.store.definition(digest)
    store = MemoryStore()
    store.load([brought])
    same = OneStop(store, agency="H15", catalog=Catalog.load(path))
    assert due(same.get(code)) == "2026-03-06"  # the file says the same, so nothing is missing
    path.write_text(TEXT.replace("3 working_day", "8 working_day"), encoding="utf-8")
    other = OneStop(store, agency="H15", catalog=Catalog.load(path))
    with pytest.raises(JournalError) as refused:
        other.get(code)
    for words in (code, CODE, "2026-01-01", digest[:12], "keep_definition"):
        assert words in str(refused.value)
    store.keep_definition(digest, text)
    assert due(other.get(code)) == "2026-03-06"


def test_a_damaged_definition_is_refused(tmp_path: Path) -> None:
    """A text that is not the one of its digest decides nothing."""
    write(tmp_path)
    with desk(tmp_path) as office:
        digest = office.get(received(office)).submission.definition
        text = office.store.definition(digest)
    for wrong in (text.replace("3 working_day", "8 working_day"), text[:-1], "{}", ""):
        with pytest.raises(StoreError, match="cannot be read"):
            Definition.read(wrong, digest)


def test_a_desk_with_a_damaged_definition_says_so_on_opening(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The log names it; its dossiers are listed and not worked on, and new ones are taken in."""
    path = write(tmp_path)
    with desk(tmp_path) as office:
        code = received(office)
    with closing(sqlite3.connect(tmp_path / "office.db")) as db, db:
        db.execute("DROP TRIGGER igate_definition_no_update")
        db.execute("UPDATE igate_definition SET text = 'x'")
    path.write_text(TEXT.replace("3 working_day", "8 working_day"), encoding="utf-8")
    with caplog.at_level(logging.WARNING, "igate.office"), desk(tmp_path, days=1) as office:
        assert [each.code for each in office.dossiers()] == [code]
        assert [each.kind for each in office.differences()] == ["damaged"]
        with pytest.raises(StoreError, match="cannot be read"):
            office.get(code)
        other = office.submit(CODE, applicant="B", channel="counter").code
        assert office.get(other).state == "submitted"
    assert "journal verify" in caplog.messages[0]


def test_a_damaged_definition_stops_no_work_on_the_others(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Moved dates and timers go on with the other dossiers; the timer waits for the repair."""
    path = write(tmp_path)
    with desk(tmp_path) as office:
        code = received(office)
        digest = office.get(code).submission.definition
        text = office.store.definition(digest)
    path.write_text(TEXT.replace("3 working_day", "8 working_day"), encoding="utf-8")
    with desk(tmp_path) as office:
        other = received(office)
    with closing(sqlite3.connect(tmp_path / "office.db")) as db, db:
        db.execute("DROP TRIGGER igate_definition_no_update")
        db.execute("UPDATE igate_definition SET text = 'x' WHERE digest = ?", (digest,))
        # as if it had been counted by another calendar
        db.execute("DROP TRIGGER igate_dossier_by_entry")
        db.execute("UPDATE igate_dossier SET due_at = due_at - 86400")
    with caplog.at_level(logging.WARNING, "igate.office"), desk(tmp_path, days=60) as office:
        assert [each.code for each in office.moved_dates()] == [other]
        fired = {each.dossier: each.refused for each in office.run_timers()}
        assert fired.keys() <= {code, other}
        assert other in fired
    assert any(message.startswith(f"{code}: ") for message in caplog.messages)
    assert text


def test_a_definition_in_the_database_is_neither_changed_nor_deleted(tmp_path: Path) -> None:
    """The database itself refuses, for other programs as well."""
    write(tmp_path)
    with desk(tmp_path) as office:
        received(office)
    with closing(sqlite3.connect(tmp_path / "office.db")) as db:
        for statement in (
            "UPDATE igate_definition SET text = ''", "DELETE FROM igate_definition",
        ):  # fmt: skip
            with pytest.raises(sqlite3.IntegrityError, match="what was promised is kept"):
                db.execute(statement)


def test_two_loads_of_one_file_are_equal(tmp_path: Path) -> None:
    """Values are compared by what they say."""
    path = write(tmp_path)
    one, two = (Catalog.load(path).procedure(CODE) for _ in range(2))
    assert one == two
    assert hash(one.code) == hash(two.code)
    path.write_text(TEXT.replace("3 working_day", "8 working_day"), encoding="utf-8")
    assert Catalog.load(path).procedure(CODE) != one


def test_every_shipped_definition_is_read_as_it_was_written() -> None:
    """Of all 1,569 procedures: equal values, and no two with one digest."""
    found = set()
    for procedure in shipped_catalogue().procedures():
        for _, revision in procedure.revisions:
            rules = shipped_rules(revision.clock_rules, on=START.date())
            made = Definition.of(revision, rules)
            assert Definition.read(made.text, made.digest) == made
            found.add(made.digest)
    assert len(found) == 1569


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """Return a database of format 1, as igate wrote it on 22 November 2026."""
    path = tmp_path / "office.db"
    with closing(sqlite3.connect(path)) as db:
        db.executescript((TESTS / "office" / "format-1.sql").read_text(encoding="utf-8"))
    return path


def test_a_database_of_format_1_is_opened_and_listed(old: Path) -> None:
    """Its dossier follows the files, as it did; 10 working days from 2 March end on the 16th."""
    with OneStop.open(
        f"sqlite:///{old}", agency="H15", calendar=WorkCalendar.vietnam(provisional=True)
    ) as office:
        (standing,) = office.dossiers()
        assert due(office.get(standing.code)) == "2026-03-16"
        assert [found.kind for found in office.differences()] == ["not_kept"]
        assert [entry.promise for entry in office.journal(standing.code)] == [None, None]
        assert office.store.get_meta("schema_version") == "5"
    with SqlStore.open(f"sqlite:///{old}", read_only=True) as store:
        assert store.count() == 1


def test_a_database_of_format_2_is_opened_and_keeps_its_promise(tmp_path: Path) -> None:
    """Written by igate on 27 November 2026; the templates have more actions since.

    The dossier follows what was kept: it goes on there, without the actions that came later.
    """
    path = tmp_path / "office.db"
    with closing(sqlite3.connect(path)) as db:
        db.executescript((TESTS / "office" / "format-2.sql").read_text(encoding="utf-8"))
    with OneStop.open(
        f"sqlite:///{path}",
        agency="H15",
        calendar=WorkCalendar.vietnam(provisional=True),
        clock=lambda: parse_local("2026-03-03T09:00"),
    ) as office:
        (standing,) = office.dossiers()
        assert (standing.started_at, standing.reopened, standing.assignee) == (
            standing.received_at, 0, "",
        )  # fmt: skip
        dossier = office.get(standing.code)
        assert due(dossier) == "2026-03-16"
        assert [found.kind for found in office.differences()] == ["edited"]
        assert "recall" not in {way.action for way in office.actions(standing.code)}
        officer = Actor("o", roles={"head_of_section"}, agency="H15")
        assert office.act(standing.code, "forward", by=officer).state == "processing_3"
        assert office.store.get_meta("schema_version") == "5"


def test_a_promise_under_rules_that_were_renamed_is_kept(tmp_path: Path) -> None:
    """Written by igate before it called the clock rules ``index766`` by their name ``subtracted``.

    Ten working days from Monday 2 March, the supplement asked for on the 4th and brought on the
    9th. Those rules let the clock stand still: two days are counted, eight are left from the 10th
    on: the 19th. The decree would begin anew: the 23rd.
    """
    path = tmp_path / "office.db"
    with closing(sqlite3.connect(path)) as db:
        db.executescript((TESTS / "office" / "rules-renamed.sql").read_text(encoding="utf-8"))
    with OneStop.open(
        f"sqlite:///{path}",
        agency="H15",
        calendar=WorkCalendar.vietnam(provisional=True),
        clock=lambda: parse_local("2026-03-10T09:00"),
    ) as office:
        (standing,) = office.dossiers()
        assert due(office.get(standing.code)) == "2026-03-19"
        officer = Actor("o", roles={"head_of_section"}, agency="H15.10")
        assert due(office.act(standing.code, "forward", by=officer)) == "2026-03-19"


def test_a_database_of_format_1_is_not_upgraded_while_only_read(old: Path) -> None:
    """The message says how to open it."""
    with pytest.raises(StoreError, match="has format 1, of an older igate"):
        SqlStore.open(f"sqlite:///{old}", read_only=True)
    with closing(sqlite3.connect(old)) as db:
        assert db.execute("SELECT value FROM meta WHERE key = 'schema_version'").fetchone() == (
            "1",
        )
