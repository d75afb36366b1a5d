"""The records by which the national portal learns of dossiers and their steps.

**Practice before 2026, not confirmed for 2026.** What the portal wants since Thông tư
04/2025/TT-VPCP was not seen. So the names of fields, the values and the codes of answers are in a
file for each destination (:mod:`igate.exchange.portalfile`), and nothing of them is in the code.

A record holds personal data: it goes to the portal alone, and into no message or log.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, Self, TypeAlias

from igate.dossiers.standing import check_journal
from igate.errors import PortalError
from igate.exchange.portalfile import SUPPLEMENTS, read_portal_file, shipped_portal_file
from igate.files.findings import did_you_mean
from igate.law.localtime import local
from igate.words.sentence import say, together

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from os import PathLike

    from igate.dossiers.dossier import Entry
    from igate.dossiers.standing import Standing
    from igate.exchange.portalfile import (
        AnswerModel,
        EnvelopeModel,
        FieldModel,
        PlainFieldModel,
        PortalFile,
        RecordModel,
    )

__all__ = ["PortalProfile", "Record"]

#: The values of a record by the names of its fields: texts, and lists of rows of texts.
Record: TypeAlias = "dict[str, str | list[dict[str, str]]]"

_MOMENT: Final = "%Y%m%d%H%M%S"
_REJECTED: Final = 3
_STOPPED: Final = 8


class PortalProfile:
    """How dossiers and steps are written for one destination."""

    __slots__ = ("_file",)

    def __init__(self, file: PortalFile) -> None:
        """Use a mapping that was read."""
        self._file = file

    @classmethod
    def read(cls, path: str | PathLike[str]) -> Self:
        """Read a mapping file.

        Raises:
            DefinitionError: With everything that is wrong in it.
            IgateError: There is no such file, or it cannot be read.
        """
        return cls(read_portal_file(path))

    @classmethod
    def shipped(cls, name: str = "portal-2025") -> Self:
        """Return a mapping that comes with the library; not confirmed for 2026.

        Raises:
            IgateError: There is none of this name.
        """
        return cls(shipped_portal_file(name))

    def __repr__(self) -> str:
        """Name the mapping, and say whether it is confirmed."""
        state = "" if self.confirmed else say(", not confirmed")
        return f"PortalProfile({self._file.portal!r}{state})"

    @property
    def name(self) -> str:
        """Name of the mapping."""
        return self._file.portal

    @property
    def confirmed(self) -> bool:
        """Whether somebody has held the file against the portal's own description."""
        return self._file.confirmed

    @property
    def envelope(self) -> EnvelopeModel:
        """What the keys around the records are called."""
        return self._file.envelope

    @property
    def answer(self) -> AnswerModel:
        """How an answer is read."""
        return self._file.answer

    @property
    def dossiers(self) -> RecordModel:
        """Service and fields of the record of a dossier."""
        return self._file.dossier

    @property
    def steps(self) -> RecordModel:
        """Service and fields of the record of a step."""
        return self._file.step

    def dossier(self, standing: Standing, journal: Sequence[Entry], /, **host: object) -> Record:
        """Write the record of a dossier.

        Args:
            standing: How the dossier stands.
            journal: Its entries up to there, in order.
            host: What the journal does not say, by the names after ``host:`` in the file: texts,
                numbers, bools, aware moments; for a list of rows a list of dicts.

        Returns:
            Texts; moments as ``yyyyMMddHHmmss`` in Vietnamese time; lists of rows.

        Raises:
            PortalError: Required values are missing, or one is not in its map; the message and
                ``fields`` name all of them. Or the host passes something that the file does not
                know.
            JournalError: The journal is not the one that leads to the standing.
            MomentError: A moment has no zone.
        """
        check_journal(journal, standing)
        ended = _moved_at(journal)
        own: dict[str, object] = {
            "code": standing.code,
            "procedure": standing.procedure,
            "agency": standing.agency,
            "channel": standing.channel,
            "applicant": standing.applicant,
            "national_status": standing.national_status,
            "outcome": standing.outcome,
            "submitted_at": standing.submitted_at,
            "received_at": standing.received_at,
            "due_at": standing.due_at,
            "rejected_at": ended if standing.national_status == _REJECTED else None,
            "finished_at": standing.finished_at,
            "ended_at": standing.finished_at
            or (ended if standing.national_status == _STOPPED else None),
            "returned_at": standing.returned_at,
            SUPPLEMENTS: list(_supplements(journal)),
        }
        return self._record(self._file.dossier, own, host, where=standing.code)

    def step(self, entry: Entry, /, *, national_status: int, **host: object) -> Record:
        """Write the record of one step.

        Args:
            entry: The entry of the journal.
            national_status: Of the state after the entry, 1 to 10.
            host: As for :meth:`dossier`.

        Raises:
            PortalError: As for :meth:`dossier`.
            MomentError: A moment has no zone.
        """
        own: dict[str, object] = {
            "code": entry.dossier,
            "seq": entry.seq,
            "action": entry.action,
            "actor": entry.actor,
            "role": entry.role,
            "agency": entry.agency,
            "note": entry.note,
            "national_status": national_status,
            "happened_at": entry.happened_at,
            "recorded_at": entry.recorded_at,
        }
        where = say("{dossier}, entry {seq}", dossier=entry.dossier, seq=entry.seq)
        return self._record(self._file.step, own, host, where=where)

    def _record(
        self, model: RecordModel, own: Mapping[str, object], host: Mapping[str, object], where: str
    ) -> Record:
        asked = {field.host for field in model.fields.values() if field.host is not None}
        writer = _Writer(self._file.maps, empty=self._file.absent == "empty")
        writer.refuse_unknown(host, asked, "")
        record: Record = {}
        for name, field in model.fields.items():
            value = writer.origin(field, own, host)
            if field.rows is None:
                writer.put(record, name, field, value)
            else:
                writer.put_rows(record, name, field, value)
        if writer.problems:
            raise PortalError(
                say(
                    "The record cannot be made: {problems}.",
                    problems=together(*writer.problems.values(), between="; "),
                ),
                where=where,
                why=say("The mapping {name} asks for it.", name=self.name),
                fix=say("Pass the values by their names, or write them into the mapping file."),
                fields=writer.problems,
            )
        return record


class _Writer:
    """Writes values as texts, and keeps what is wrong with all of them."""

    def __init__(self, maps: Mapping[str, Mapping[str, str]], *, empty: bool) -> None:
        self._maps = maps
        self._empty = empty
        #: sentences by the names of fields
        self.problems: dict[str, str] = {}

    @staticmethod
    def origin(
        field: PlainFieldModel, own: Mapping[str, object], host: Mapping[str, object]
    ) -> object:
        """Return the value that a field is made of; ``None`` where there is none."""
        if field.value is not None:
            return field.value
        if field.host is not None:
            return host.get(field.host)
        return own.get(field.source or "")

    def refuse_unknown(self, given: Mapping[str, object], asked: set[str], prefix: str) -> None:
        """Keep what was passed and has no field: it would be lost without a sign."""
        for name in [each for each in given if each not in asked]:
            near = did_you_mean(name, sorted(asked))
            self.problems[prefix + name] = together(
                say("nothing is made of {prefix}{name}.", prefix=prefix, name=name), near
            )

    def put(
        self,
        record: dict[str, Any],
        name: str,
        field: PlainFieldModel,
        value: object,
        shown: str = "",
    ) -> None:
        """Write one value into a record."""
        shown = shown or name
        text = self._text(value, shown)
        if text is None or not text.strip():
            if field.required:
                self.problems.setdefault(
                    shown,
                    say(
                        "{shown} has no value{origin_of}", shown=shown, origin_of=_origin_of(field)
                    ),
                )
            elif self._empty:
                record[name] = ""
            return
        if field.map is not None:
            known = self._maps[field.map]
            if text not in known:
                self.problems[shown] = say(
                    "{shown}: {text!r} is not in the map {map} ({known})",
                    shown=shown,
                    text=text[:40],
                    map=field.map,
                    known=", ".join(known),
                )
                return
            text = known[text]
        record[name] = text

    def put_rows(self, record: dict[str, Any], name: str, field: FieldModel, value: object) -> None:
        """Write a list of rows into a record."""
        if value is None:
            if field.required:
                self.problems[name] = say(
                    "{name} has no value{origin_of}", name=name, origin_of=_origin_of(field)
                )
            return
        rows = field.rows or {}
        if not isinstance(value, list | tuple) or not all(isinstance(row, dict) for row in value):
            self.problems[name] = say("{name} is no list of dicts", name=name)
            return
        own = field.source is not None
        asked = {inner.host for inner in rows.values() if inner.host is not None}
        record[name] = []
        for number, row in enumerate(value, 1):
            prefix = f"{name}[{number}]."
            if not own:
                self.refuse_unknown(row, asked, prefix)
            written: dict[str, str] = {}
            for key, inner in rows.items():
                self.put(written, key, inner, self.origin(inner, row, row), prefix + key)
            record[name].append(written)

    def _text(self, value: object, shown: str) -> str | None:
        """Return a value as a text; one of another kind is kept as a problem."""
        if value is None or isinstance(value, str):
            return value
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, int):
            return str(value)
        if isinstance(value, datetime):
            return local(value).strftime(_MOMENT)
        self.problems[shown] = say(
            "{shown} is a {name}, no text, number or moment", shown=shown, name=type(value).__name__
        )
        return None


def _origin_of(field: PlainFieldModel) -> str:
    return say(" (pass {host}=…)", host=field.host) if field.host is not None else ""


def _moved_at(journal: Sequence[Entry]) -> datetime:
    """Return when a dossier came into the state in which it is."""
    return [entry.happened_at for entry in journal if entry.source != entry.target][-1]


def _supplements(journal: Sequence[Entry]) -> Iterator[dict[str, object]]:
    """Return each request for a supplement with what became of it."""
    asked: dict[str, object] | None = None
    number = 0
    undone = {entry.supersedes for entry in journal}
    for entry in [each for each in journal if each.seq not in undone]:
        if entry.clock == "suspend" and entry.reason == "supplement":
            number += 1
            asked = {
                "number": number,
                "asked_at": entry.happened_at,
                "asked_by": entry.actor,
                "asked_for": entry.note,
                "answered": False,
            }
        elif entry.clock == "resume" and asked is not None:
            answer = {
                "answered": True,
                "answered_at": entry.happened_at,
                "answered_by": entry.actor,
                "answer": entry.note,
            }
            yield asked | answer
            asked = None
    if asked is not None:
        yield asked
