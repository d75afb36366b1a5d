"""The rows of a database as they are, read for somebody who does not believe them."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, get_args

from igate.deadlines.rules import ClockKind
from igate.dossiers.image import FORMAT
from igate.errors import JournalError, StoreError
from igate.law.text import folded
from igate.office.evidence import JournalFinding
from igate.office.lists import NO_DATE
from igate.office.sql.chain import broken_at
from igate.office.sql.reading import BROKEN
from igate.office.sql.rows import (
    entry_of,
    image_text,
    standing_row,
    task_rows,
    timer_rows,
)
from igate.office.sql.tables import TABLES
from igate.procedures.definition import Definition
from igate.words.sentence import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from igate.dossiers.dossier import Entry
    from igate.dossiers.record import Record
    from igate.office.evidence import FindingKind
    from igate.office.sql.driver import Driver
    from igate.office.sql.statements import Statements

__all__ = ["SqlEvidence"]

#: dossiers that are read at a time
_PAGE: Final = 200
#: so often a dossier is read again that somebody acts on meanwhile
_TRIES: Final = 20
#: the columns that hold references to people
_REFERRING: Final = ("applicant", "applicant_id", "representatives")
#: what belongs to a dossier, by the name of the column that says to which
_PARTS: Final = ("entry", "person", "task", "timer")
_BESIDE: Final = (*_PARTS, "reference", "attachment", "payment", "message")
_CODE: Final = re.compile(r"(?P<agency>[A-Z0-9.]+)-(?P<day>\d{6})-(?P<number>\d{4,18})")
_REFS: Final = re.compile(r"(?:[1-9]\d*(?:,[1-9]\d*)*)?")

_Row = dict[str, Any]


class SqlEvidence:
    """All that a database keeps."""

    def __init__(self, driver: Driver, sql: Statements) -> None:
        """Look at a database."""
        self._driver = driver
        self._sql = sql

    def exhibits(self) -> Iterator[SqlExhibit]:
        """Stream the dossiers, ordered by code; each as it was at one moment."""
        after = ""
        while codes := self._codes(after):
            yield from self._page(codes)
            after = codes[-1]

    def heads(self) -> Iterator[tuple[str, int, str]]:
        """Stream code, number of the last entry and its seal of each dossier, by code."""
        yield from self._driver.stream(
            self._sql.sql("SELECT code, seq, head FROM igate_dossier ORDER BY code"), {}
        )

    def findings(self) -> tuple[JournalFinding, ...]:
        """Say what is wrong beside the dossiers: numbers, keys, definitions, what is left over."""
        return (
            *self._left_over(),
            *self._numbers(),
            *self._keys(),
            *self._definitions(),
        )

    def _codes(self, after: str) -> list[str]:
        statement = "SELECT code FROM igate_dossier WHERE code > :after ORDER BY code LIMIT :limit"
        rows = self._rows(statement, {"after": after, "limit": _PAGE})
        return [code for (code,) in rows if isinstance(code, str)]

    def _page(self, codes: Sequence[str]) -> Iterator[SqlExhibit]:
        """Read dossiers together; one that changes meanwhile or cannot be read, on its own."""
        try:
            before = self._at(codes[0], codes[-1])
            exhibits = self._read(codes[0], codes[-1])
            after = self._at(codes[0], codes[-1])
        except StoreError:
            before, exhibits, after = {}, {}, dict.fromkeys(codes, (0, ""))
        for code in codes:
            exhibit = exhibits.get(code)
            if exhibit is None or before.get(code) != after.get(code):
                exhibit = self._alone(code)
            yield exhibit

    def _alone(self, code: str) -> SqlExhibit:
        try:
            for _ in range(_TRIES):
                before = self._at(code, code)
                exhibit = self._read(code, code)[code]
                if before == self._at(code, code):
                    break
        except (StoreError, LookupError) as error:
            what = error.what if isinstance(error, StoreError) else "it was taken out meanwhile."
            return SqlExhibit(code, unreadable=what)
        return exhibit

    def _at(self, first: str, last: str) -> dict[str, tuple[Any, ...]]:
        statement = (
            "SELECT code, seq, head FROM igate_dossier WHERE code >= :first AND code <= :last"
        )
        rows = self._rows(statement, {"first": first, "last": last})
        return {code: tuple(rest) for code, *rest in rows}

    def _read(self, first: str, last: str) -> dict[str, SqlExhibit]:
        span = {"first": first, "last": last}
        exhibits = {}
        for row in self._table("dossier", "code", span):
            exhibits[row["code"]] = SqlExhibit(row["code"], row)
        for name in _PARTS:
            for row in self._table(name, "dossier", span):
                if row["dossier"] in exhibits:
                    exhibits[row["dossier"]].parts[name].append(row)
        return exhibits

    def _table(self, name: str, key: str, span: Mapping[str, str]) -> Iterator[_Row]:
        columns = TABLES[name].c.keys()
        named = ", ".join(f'"{each}"' for each in columns)
        statement = (
            f"SELECT {named} FROM igate_{name} "  # noqa: S608 - names of ours
            f"WHERE {key} >= :first AND {key} <= :last ORDER BY 1, 2"
        )
        for row in self._rows(statement, span):
            yield dict(zip(columns, row, strict=True))

    def _rows(self, statement: str, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        return self._driver.rows(self._sql.sql(statement), values)

    def _left_over(self) -> Iterator[JournalFinding]:
        """Yield the dossiers of which there is no row, though something else of them is there."""
        for name in _BESIDE:
            statement = (
                f"SELECT DISTINCT dossier FROM igate_{name} t WHERE NOT EXISTS "  # noqa: S608 - a name of ours
                "(SELECT 1 FROM igate_dossier d WHERE d.code = t.dossier) ORDER BY dossier"
            )
            for (code,) in self._rows(statement, {}):
                yield JournalFinding(
                    dossier=str(code), kind="dossier_removed", about=f"igate_{name}"
                )

    def _numbers(self) -> Iterator[JournalFinding]:
        """Yield the numbers that were given out and are not there, and those that never were.

        The desk may be working: the counts of before say what must be there, those of afterwards
        what may be.
        """
        before, broken = self._counts()
        yield from broken
        given: dict[tuple[str, str], set[int]] = defaultdict(set)
        for (code,) in self._driver.stream(self._sql.codes, {}):
            match = _CODE.fullmatch(str(code))
            if match is not None:
                given[match["agency"], match["day"]].add(int(match["number"]))
            if not isinstance(code, str):
                yield JournalFinding(dossier=str(code), kind="unreadable", about="code")
        after, _ = self._counts()
        yield from _never_given(after, given)
        yield from _missing(before, given)
        uncounted = len(given.keys() - after.keys())
        if uncounted and not broken:
            yield JournalFinding(kind="count_missing", about=f"{uncounted}")

    def _counts(self) -> tuple[dict[tuple[str, str], int], list[JournalFinding]]:
        """Return the last numbers by agency and day, and the rows that cannot be read."""
        counts, broken = {}, []
        for agency, day, last in self._rows("SELECT agency, day, last FROM igate_serial", {}):
            try:
                counts[agency, f"{date.fromisoformat(day):%y%m%d}"] = int(last)
            except BROKEN:
                about = f"igate_serial {agency} {day}"
                broken.append(JournalFinding(kind="unreadable", about=about))
        return counts, broken

    def _keys(self) -> Iterator[JournalFinding]:
        """Yield the entries whose key another entry has too."""
        statement = """SELECT dossier, seq, "key" FROM igate_entry WHERE "key" IN (
SELECT "key" FROM igate_entry WHERE "key" IS NOT NULL GROUP BY "key" HAVING count(*) > 1)
ORDER BY "key", dossier, seq"""
        first: dict[str, str] = {}
        for code, seq, key in self._rows(statement, {}):
            if key in first:
                yield JournalFinding(dossier=code, entry=seq, kind="key_repeated", about=first[key])
            else:
                first[key] = f"{code}, {seq}"

    def _definitions(self) -> Iterator[JournalFinding]:
        """Yield the definitions whose text is not that of their hash, and those that are gone."""
        # a definition is kept before the first dossier under it is written
        statement = "SELECT DISTINCT definition FROM igate_dossier WHERE definition <> ''"
        named = {digest for (digest,) in self._rows(statement, {})}
        for digest, text in self._driver.stream(
            self._sql.sql("SELECT digest, text FROM igate_definition ORDER BY digest"), {}
        ):
            named.discard(digest)
            try:
                Definition.read(text, digest)
            except BROKEN:
                yield JournalFinding(kind="definition_changed", about=str(digest)[:12])
        for digest in sorted(map(str, named)):
            yield JournalFinding(kind="definition_changed", about=digest[:12])


class SqlExhibit:
    """One dossier as its rows are."""

    def __init__(self, code: str, row: _Row | None = None, *, unreadable: str = "") -> None:
        """Take the row of a dossier; its parts are added."""
        self.code = code
        self._row = row or {}
        self._unreadable = unreadable
        #: rows by the name of their table
        self.parts: dict[str, list[_Row]] = {name: [] for name in _PARTS}
        self._read: tuple[Entry, ...] | None = None
        self._faults: list[JournalFinding] = []

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The entries that can be read, in the order of their numbers."""
        if self._read is None:
            # of people that were erased, or have pseudonyms, the reference is the identity
            people = {row["ref"]: row["text"] for row in self.parts["person"] if row["folded"]}
            self._read = tuple(self._readable(json.dumps(people)))
        return self._read

    @property
    def seals(self) -> Mapping[int, str]:
        """Seals as they are kept, by the number of the entry."""
        rows = self.parts["entry"]
        return {row["seq"]: row["seal"] for row in rows if isinstance(row["seq"], int)}

    def findings(self) -> tuple[JournalFinding, ...]:
        """Say what is wrong with the rows themselves, without deciding anything."""
        if self._unreadable:
            return (self._finding(0, "unreadable", self._unreadable),)
        _ = self.entries  # reading them finds what cannot be read
        wrong = _wrong_column("dossier", self._row)
        if wrong:
            return (self._finding(0, "unreadable", wrong), *self._faults)
        found = [*self._faults, *self._people()]
        if not self.parts["entry"]:
            return (*found, self._finding(1, "removed", f"1–{self._row['seq']}"))
        found += self._chain()
        ended = self.parts["entry"][-1]["seal"] == self._row["head"]
        if not ended and not any(each.entry for each in found):
            found.append(self._finding(0, "row_differs", "head"))
        return tuple(found)

    def compared(self, record: Record, *, at: datetime) -> tuple[JournalFinding, ...]:
        """Compare the row, its image, tasks and timers with what follows from the journal."""
        about = [*self._columns(record), *self._image(record)]
        if self._row["image"] or self.parts["task"]:
            about += self._tasks(record)
        if self._row["image"] or self.parts["timer"]:
            about += self._timers(record, int(at.timestamp()))
        if not about:
            return ()
        return (self._finding(0, "row_differs", ", ".join(about)),)

    def _finding(self, entry: int, kind: FindingKind, about: str) -> JournalFinding:
        return JournalFinding(dossier=self.code, entry=entry, kind=kind, about=about)

    def _readable(self, people: str) -> Iterator[Entry]:
        for row in self.parts["entry"]:
            number = row["seq"] if isinstance(row["seq"], int) else 0
            try:
                wrong = _wrong_column("entry", row)
                if not wrong:
                    yield _checked(entry_of((*row.values(), people)))
            except BROKEN as error:
                wrong = str(error).partition("\n")[0] or type(error).__name__
            if wrong:
                self._faults.append(self._finding(number, "unreadable", wrong))

    def _chain(self) -> Iterator[JournalFinding]:
        rows = [row for row in self.parts["entry"] if not _wrong_column("entry", row)]
        rows.sort(key=lambda row: row["seq"])
        if len(rows) < len(self.parts["entry"]):
            return  # what cannot be read has no seal either
        unreadable = {each.entry for each in self._faults}
        for entry, kind, about in broken_at(rows, self._row["head"], self._row["seq"]):
            if entry not in unreadable:
                yield self._finding(entry, kind, about)

    def _people(self) -> Iterator[JournalFinding]:
        """Yield the people whose row does not fit; one that is gone was erased."""
        for row in self.parts["person"]:
            wrong = _wrong_column("person", row)
            plain = "" if wrong else folded(row["text"])
            searched = (plain, " ".join(reversed(plain.split())))
            if wrong or (row["folded"], row["turned"]) not in {searched, ("", "")}:
                yield self._finding(0, "row_differs", f"person {row['ref']}")

    def _columns(self, record: Record) -> Iterator[str]:
        expected = standing_row(record.standing) | self._references()
        for name, value in expected.items():
            if self._row[name] != value:
                yield name

    def _references(self) -> dict[str, str]:
        """Return whom the row names, as the journal says it."""
        found = dict.fromkeys(_REFERRING, "")
        for row in self.parts["entry"]:
            named = json.loads(row["facts"]) if row["seq"] == 1 else {}
            named |= json.loads(row["more"] or "{}").get("changes", {})
            found |= {name: named[name] for name in _REFERRING if name in named}
        return found

    def _image(self, record: Record) -> Iterator[str]:
        kept = self._row["image"]
        if not kept:
            return  # the journal is folded, which was done just now
        try:
            read = json.loads(kept)
            if read.get("format", FORMAT) != FORMAT:
                return  # it is left aside, and the journal folded
            if _sorted(read) != _sorted(json.loads(image_text(record))):
                yield "image"
        except BROKEN:
            yield "image"

    def _tasks(self, record: Record) -> Iterator[str]:
        expected = {(row["place"], row["role"]): row for row in task_rows(record)}
        kept = {(row["place"], row["role"]): row for row in self.parts["task"]}
        for key in sorted(expected.keys() | kept.keys()):
            if expected.get(key) != kept.get(key):
                yield f"task {key[0]} {key[1]}"

    def _timers(self, record: Record, now: int) -> Iterator[str]:
        """Yield the timers that differ, and those that were marked as run before their moment."""
        expected = {(row["kind"], row["about"]): row["due_at"] for row in timer_rows(record)}
        kept = {(row["kind"], row["about"]): row for row in self.parts["timer"]}
        for key in sorted(expected.keys() | kept.keys()):
            row = kept.get(key, {})
            hushed = row.get("claimed_until", 0) == NO_DATE and row["due_at"] > now
            if expected.get(key) != row.get("due_at") or hushed:
                yield f"timer {' '.join(key).strip()}"


def _kinds(name: str) -> Iterator[tuple[str, type, bool]]:
    """Yield the columns of a table, what they hold, and whether they may be empty."""
    for column in TABLES[name].c:
        yield column.name, column.type.python_type, bool(column.nullable)


_COLUMNS: Final[Mapping[str, tuple[tuple[str, type, bool], ...]]] = MappingProxyType(
    {name: tuple(_kinds(name)) for name in ("dossier", *_PARTS)}
)


def _wrong_column(name: str, row: Mapping[str, Any]) -> str:
    """Say which column of a row holds what it cannot; nothing where none does."""
    for column, kind, empty in _COLUMNS[name]:
        value = row.get(column)
        if type(value) is not kind and not (value is None and empty):
            return f"igate_{name}.{column}: {type(value).__name__}"
    return ""


def _checked(entry: Entry) -> Entry:
    """Return an entry whose facts and whose clock are of the kinds that an entry has.

    Raises:
        JournalError: They are not.
    """
    if entry.clock is not None and entry.clock not in get_args(ClockKind):
        raise JournalError(say("clock: {clock!r}", clock=entry.clock))
    for name, value in entry.facts.items():
        kind: object = type(value)
        if kind not in {bool, int, str}:
            raise JournalError(say("facts: {name}", name=name))
    return entry


def _sorted(value: object) -> str:
    """Write JSON so that equal values give equal texts, and true is not 1."""
    return json.dumps(value, sort_keys=True)


def _never_given(
    counts: Mapping[tuple[str, str], int], given: Mapping[tuple[str, str], set[int]]
) -> Iterator[JournalFinding]:
    """Yield the dossiers whose number is behind the last one that was given out."""
    for (agency, day), numbers in sorted(given.items()):
        last = counts.get((agency, day))
        for number in sorted(numbers):
            if last is not None and number > last:
                yield JournalFinding(
                    dossier=f"{agency}-{day}-{number:04d}", kind="number_differs", about=f"{last}"
                )


def _missing(
    counts: Mapping[tuple[str, str], int], given: Mapping[tuple[str, str], set[int]]
) -> Iterator[JournalFinding]:
    """Yield the dossiers whose number was given out and which are not there."""
    for (agency, day), last in sorted(counts.items()):
        expected = 1
        for number in (*sorted(given.get((agency, day), ())), last + 1):
            if number > expected:
                span = f"{expected:04d}" if number == expected + 1 else (
                    f"{expected:04d}–{number - 1:04d}"
                )  # fmt: skip
                yield JournalFinding(
                    dossier=f"{agency}-{day}-{expected:04d}",
                    kind="dossier_removed",
                    about=f"igate_serial: {span}",
                )
            expected = number + 1
