"""Reading layers of the calendar from YAML: strict, with file, line and column of each fault.

A file holds the records of one year of national announcements, or those of an agency or a
province. All faults of a file are reported together. Which keys there are, and what each may say,
is in ``docs/explanation/calendar.md``.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, get_args

from igate.calendar.days import KINDS
from igate.calendar.layers import Confidence, Layer, Record, merge
from igate.errors import CitationError, DefinitionError, Finding, Place
from igate.files import yaml as _yaml
from igate.files.findings import did_you_mean
from igate.files.sources import Source
from igate.law.citation import Citation
from igate.words.sentence import say, together

if TYPE_CHECKING:
    from collections.abc import Collection

    from igate.files.findings import FindingCode
    from igate.files.yaml import KeyPath, Value, YamlFile

__all__ = ["read_layer", "read_records", "shipped_layer"]

#: each key of a file, and whether it must be there
_FILE_KEYS: Final = {
    "format": True, "year": False, "checked_on": True, "records": True, "complete": False,
}  # fmt: skip
_RECORD_KEYS: Final = {
    "date": True, "effect": True, "scope": True, "citation": True, "source": True,
    "confidence": True, "announced_on": True, "kind": False, "pair": False, "status": False,
    "superseded_on": False, "checked_on": False, "overrides": False,
}  # fmt: skip
_EFFECTS: Final = ("off", "work", "half")
_SCOPES: Final = ("civil_service", "labour_code", "both")
_STANDINGS: Final = ("confirmed", "provisional", "superseded")


@lru_cache(maxsize=1)
def shipped_layer() -> Layer:
    """Read the national announcements that igate ships, one file a year."""
    folder = files("igate.calendar") / "vn"
    years = sorted(entry.name for entry in folder.iterdir() if entry.name[:4].isdigit())
    return merge(
        "vn",
        (
            read_records((folder / name).read_text(encoding="utf-8"), f"igate/calendar/vn/{name}")
            for name in years
        ),
    )


def read_layer(path: str | Path) -> Layer:
    """Read a layer of an agency or a province from a file.

    Raises:
        DefinitionError: The file has faults; each is named with line and column.
        CalendarConflict: A day appears twice, or half a swap is missing.
        IgateError: The file cannot be opened.
    """
    path = Path(path)
    reader = _Reader(Source(file=str(path), entry=str(path)).read("layer"))
    records, complete = reader.records(), reader.complete()
    if reader.findings:
        raise DefinitionError(reader.findings)
    return Layer(name=path.stem, records=records, complete=complete)


def read_records(text: str, file: str) -> tuple[Record, ...]:
    """Read the records of one layer file.

    Args:
        text: What the file says.
        file: Its name, for messages.

    Raises:
        DefinitionError: The file has faults; each is named with line and column.
    """
    reader = _Reader(_yaml.read(text, file=file, kind="layer"))
    records = reader.records()
    if reader.findings:
        raise DefinitionError(reader.findings)
    return records


class _Reader:
    """One file and the faults found in it so far."""

    def __init__(self, source: YamlFile) -> None:
        self.source = source
        self.findings: list[Finding] = [*source.findings]

    def fault(self, code: FindingCode, path: KeyPath, message: str, remedy: str) -> None:
        """Note a fault; reading goes on to find the others."""
        place = self.source.place(path, key=code == "unknown-key")
        self.findings.append(Finding(code=code, place=place, message=message, remedy=remedy))

    def records(self) -> tuple[Record, ...]:
        """Read the whole file; faults are noted."""
        top = self.mapping(self.source.data, (), _FILE_KEYS)
        if top.get("format", 1) != 1:
            self.fault(
                "bad-value", ("format",), say("Only format 1 of a layer is known."), say("Write 1.")
            )
        checked_on = self.day(top.get("checked_on"), ("checked_on",))
        year = top.get("year")
        items = top.get("records", [])
        if not isinstance(items, list):
            self.fault(
                "wrong-type", ("records",), say("This is not a list."), say("Begin it with a dash.")
            )
            items = []
        found = [self.record(item, ("records", index)) for index, item in enumerate(items)]
        if self.findings:
            return ()
        return tuple(
            Record(**({"checked_on": checked_on} | values))
            for values in found
            if self.is_of_year(values["place"], values["date"], year)
        )

    def complete(self) -> frozenset[int]:
        """Return the year that the file declares complete, if it does."""
        top = self.source.data if isinstance(self.source.data, dict) else {}
        year = top.get("year")
        if not self.flag(top.get("complete"), ("complete",)):
            return frozenset()
        if not isinstance(year, int):
            message = say("The file says complete: true of no year.")
            self.fault("missing-key", ("complete",), message, say("Add the year: year: 2027."))
            return frozenset()
        return frozenset([year])

    def record(self, item: Value, path: KeyPath) -> dict[str, Any]:
        """Read the fields of one record."""
        keys = self.mapping(item, path, _RECORD_KEYS)
        values: dict[str, Any] = {
            "kind": self.kind(keys, path),
            "source": self.text(keys.get("source"), (*path, "source")),
            "citation": self.citation(keys.get("citation"), (*path, "citation")),
            "overrides": self.flag(keys.get("overrides"), (*path, "overrides")),
            "status": "confirmed",
            "place": self.source.place(path),
            "announced_on": None,
        }
        closed: tuple[tuple[str, Collection[str]], ...] = (
            ("effect", _EFFECTS), ("scope", _SCOPES), ("status", _STANDINGS),
            ("confidence", get_args(Confidence)),
        )  # fmt: skip
        for name, words in closed:
            if name in keys:
                values[name] = self.choice(keys[name], (*path, name), words)
        for name in ("date", "announced_on", "pair", "superseded_on", "checked_on"):
            if name in keys and (name, keys[name]) != ("announced_on", "unknown"):
                values[name] = self.day(keys[name], (*path, name))
        return values

    def is_of_year(self, place: Place, day: date, year: Value) -> bool:
        """Refuse a day of another year than the file's."""
        if year is None or day.year == year:
            return True
        message = say("The day {day} is not in {year}, the year of this file.", day=day, year=year)
        remedy = say("Move it to the file of {year}.", year=day.year)
        self.findings.append(Finding(code="bad-date", place=place, message=message, remedy=remedy))
        return False

    def mapping(self, value: Value, path: KeyPath, keys: dict[str, bool]) -> dict[str, Value]:
        """Read a mapping whose keys are known; the table says which must be there."""
        if not isinstance(value, dict):
            remedy = say("Write the keys {keys}, each followed by a colon.", keys=", ".join(keys))
            self.fault(
                "wrong-type", path, say("Here a record with named values is expected."), remedy
            )
            return {}
        for name in value:
            if name not in keys:
                message = say('There is no key "{name}" here.', name=name)
                self.fault("unknown-key", (*path, name), message, did_you_mean(name, keys))
        for name, required in keys.items():
            if required and value.get(name) is None:
                self.fault(
                    "missing-key",
                    path,
                    say('The key "{name}" is missing.', name=name),
                    say("Add {name}.", name=name),
                )
        return {name: item for name, item in value.items() if name in keys and item is not None}

    def text(self, value: Value, path: KeyPath) -> str:
        """Read a text; empty where there is none."""
        if value is not None and not isinstance(value, str):
            self.fault(
                "wrong-type",
                path,
                say("{value!r} is not a text.", value=value),
                say("Put it in quotes."),
            )
            return ""
        return value or ""

    def flag(self, value: Value, path: KeyPath) -> bool:
        """Read true or false; false where there is none."""
        if value is not None and not isinstance(value, bool):
            self.fault(
                "wrong-type",
                path,
                say("{value!r} is neither true nor false.", value=value),
                say("Write true."),
            )
        return value is True

    def day(self, value: Value, path: KeyPath) -> date | None:
        """Read a date; ``None`` where there is none."""
        if value is None:
            return None
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            self.fault(
                "bad-date",
                path,
                say("{value!r} is not a day.", value=value),
                say('Write it as "2026-01-02".'),
            )
            return None

    def choice(self, value: Value, path: KeyPath, words: Collection[str]) -> str:
        """Read a word of a closed list."""
        word = self.text(value, path)
        if word not in words:
            remedy = together(
                did_you_mean(word, words), say("Known: {words}.", words=", ".join(words))
            )
            self.fault("bad-value", path, say("{word!r} is not known here.", word=word), remedy)
        return word

    def citation(self, value: Value, path: KeyPath) -> Citation | None:
        """Read a citation; ``None`` where there is none."""
        if value is None:
            return None
        try:
            return Citation.parse(self.text(value, path))
        except CitationError as error:
            self.fault("malformed-citation", path, error.what, error.fix or "")
            return None

    def kind(self, keys: dict[str, Value], path: KeyPath) -> str:
        """Return the kind of day: written, or given by the swap."""
        if "kind" in keys:
            return self.choice(keys["kind"], (*path, "kind"), KINDS)
        off = keys.get("effect") == "off"
        if "pair" in keys:
            return "swapped_off" if off else "make_up"
        if off:
            remedy = say("Name the holiday, or write pair: for a swap, or kind: local.")
            self.fault("missing-key", path, say("A day off needs a kind or a pair."), remedy)
        return "working"
