"""Every error that igate raises, in one tree.

A message answers four questions: what is wrong, where, why it matters, and what to do.
The docstring of a class is its general sentence; an instance adds the particulars. The message is
English to Python (``str(error)``), and :meth:`IgateError.text` says it in Vietnamese too, with the
same names and numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from igate.words.sentence import Sentence, say, together

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from igate.words.language import Language

__all__ = [
    "ActionRefused",
    "BlobChanged",
    "BlobError",
    "BlobMissing",
    "BlobTooLarge",
    "CalendarConflict",
    "CalendarNotCovered",
    "CitationError",
    "DamagedRecord",
    "DefinitionError",
    "DestinationError",
    "ExchangeError",
    "FactRefused",
    "Finding",
    "FrameError",
    "GuardError",
    "GuardRefused",
    "IgateError",
    "JournalError",
    "MessageError",
    "MomentError",
    "NotPermitted",
    "OutputError",
    "PaymentRefused",
    "Place",
    "PortalError",
    "ProcedureNotFound",
    "StoreConflict",
    "StoreError",
    "StoreFull",
    "StoreLocked",
    "StoreReadOnly",
    "StoreTooNew",
    "StoreUnreachable",
    "TextError",
    "TimeLimitError",
    "TimelineError",
    "UnknownAction",
    "UnknownDossier",
    "WrongState",
    "finding_weight",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place in a text file; lines and columns are counted from 1, columns in characters.

    >>> str(Place(file="birth.yaml", line=41, column=7))
    'birth.yaml:41:7'
    """

    file: str
    line: int
    column: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One problem found in a definition: a stable code, a place, a sentence and its remedy."""

    #: stable identifier in kebab case, e.g. ``unknown-key``
    code: str
    place: Place
    message: str
    #: what to write instead
    remedy: str
    severity: Literal["error", "warning", "note"] = "error"

    def __str__(self) -> str:
        return f"{self.place}: {self.severity} [{self.code}] {self.message} {self.remedy}".rstrip()

    def text(self, lang: Language) -> str:
        """Return the line of the finding: place, severity, code, what is wrong and what to write.

        Args:
            lang: Language of the sentences; place and code are the same in both.
        """
        return self.sentence.text(lang)

    @property
    def sentence(self) -> Sentence:
        """The line of the finding, to be said in a language."""
        head = together(f"{self.place}:", finding_weight(self.severity), f"[{self.code}]")
        return together(head, self.message, self.remedy)


def finding_weight(severity: Literal["error", "warning", "note"]) -> Sentence:
    """Return the word for how grave a finding is, in both languages.

    Args:
        severity: As in ``Finding.severity``.

    >>> finding_weight("warning").text("vi")
    'cảnh báo'
    """
    if severity == "error":
        return say("error")
    return say("warning") if severity == "warning" else say("note")


class IgateError(Exception):
    """The library refused to go on."""

    def __init__(
        self,
        what: str | None = None,
        *,
        where: str | Place | None = None,
        why: str | None = None,
        fix: str | None = None,
    ) -> None:
        """Compose the message.

        Args:
            what: What is wrong, as a sentence; the class docstring when absent.
            where: File, line, column, dossier code or other place.
            why: The reason or rule, as a sentence.
            fix: What the reader can do, as a sentence.
        """
        self.what = what if what is not None else self._general()
        self.where = where
        self.why = why
        self.fix = fix
        head = f"{where}: {self.what}" if where is not None else str(self.what)
        super().__init__(" ".join(part for part in (head, why, fix) if part))

    @classmethod
    def _general(cls) -> str:
        doc = (cls.__doc__ or "").strip().splitlines()
        return Sentence(doc[0], {}) if doc else cls.__name__

    def text(self, lang: Language) -> str:
        """Return the message in a language, with the same names and numbers in both.

        >>> UnknownDossier(where="H15.10").text("vi")
        'H15.10: Nơi lưu không có hồ sơ nào mang mã này.'
        """
        return self.sentence.text(lang)

    @property
    def sentence(self) -> Sentence:
        """The whole message, to be said in a language or put into another sentence."""
        head = self.what
        if self.where is not None:
            where = self.where if isinstance(self.where, str) else str(self.where)
            head = together(where, head, between=": ")
        return together(head, self.why or "", self.fix or "")


class MomentError(IgateError, ValueError):
    """A moment has no time zone, or not the Vietnamese one, or lies out of order."""


class CitationError(IgateError, ValueError):
    """A text does not name a legal instrument in a form that can be cited."""


class TimelineError(IgateError, ValueError):
    """Two dated blocks overlap, are out of order or leave a gap."""


class TimeLimitError(IgateError, ValueError):
    """A time limit cannot be read or counted."""


class CalendarNotCovered(IgateError, LookupError):
    """The working calendar has not been announced for this day."""


class CalendarConflict(IgateError, ValueError):
    """Two layers of the working calendar contradict each other."""


class GuardError(IgateError, ValueError):
    """A guard is not an expression that igate accepts."""


class DefinitionError(IgateError, ValueError):
    """A definition file has problems."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        """Keep the findings; the message lists all of them, a line each."""
        self.findings: tuple[Finding, ...] = tuple(findings)
        if not self.findings:
            message = "A DefinitionError needs at least one finding."
            raise ValueError(message)
        super().__init__(together(*(each.sentence for each in self.findings), between="\n"))


class ProcedureNotFound(IgateError, LookupError):
    """No procedure with this code is in the catalogue, or none is in force on the day."""


class ActionRefused(IgateError):
    """The action cannot be taken on this dossier now."""


class UnknownAction(ActionRefused):
    """The workflow of this dossier declares no action of this name."""


class WrongState(ActionRefused):
    """The action does not start from the state in which the dossier is."""


class NotPermitted(ActionRefused):
    """The actor has not the role, or is not of the agency, that the action asks for."""


class GuardRefused(ActionRefused):
    """The condition of the action does not hold."""


class FactRefused(ActionRefused):
    """A fact passed with an action is not declared, of another kind, or not the caller's to set."""


class JournalError(IgateError, ValueError):
    """The entries of a journal do not follow one another."""


class TextError(JournalError):
    """A text cannot be kept: it is no text, too long, or holds what nobody can see."""


class UnknownDossier(IgateError, LookupError):
    """No dossier with this code is in the store."""


class StoreError(IgateError):
    """The database could not do what was asked; nothing was written."""


class StoreConflict(StoreError):
    """Somebody else acted on the dossier in the meantime; nothing was written."""


class StoreLocked(StoreError):
    """Another program holds the database; nothing was written."""


class StoreReadOnly(StoreError):
    """The database cannot be written to; nothing was written."""


class StoreFull(StoreError):
    """The disk or the database file is full; the last action was not written."""


class StoreUnreachable(StoreError):
    """The server of the database cannot be reached, or has gone in the middle of an action."""


class StoreTooNew(StoreError):
    """The database was written by a newer igate, or is not an igate database."""


class DamagedRecord(StoreError):
    """What is kept of a dossier, or of what it was received under, cannot be read; others can."""


class FrameError(IgateError, ValueError):
    """A table of dossiers lacks a column or holds a value that cannot be read."""

    def __init__(
        self,
        what: str | None = None,
        *,
        where: str | Place | None = None,
        why: str | None = None,
        fix: str | None = None,
        rows: Mapping[int, str] | None = None,
    ) -> None:
        """Compose the message.

        Args:
            what: As for every error of the library.
            where: As for every error of the library.
            why: As for every error of the library.
            fix: As for every error of the library.
            rows: What is the matter with each row, by its number in the table or its line in the
                file; none where the table as a whole is at fault.
        """
        super().__init__(what, where=where, why=why, fix=fix)
        self.rows: Mapping[int, str] = MappingProxyType(dict(rows or {}))


class OutputError(IgateError):
    """An output folder or file cannot be used."""


class ExchangeError(IgateError):
    """Something that goes to another system, or comes from one, cannot be handled."""


class MessageError(ExchangeError, ValueError):
    """A message to another system cannot be written, or one cannot be read."""


class DestinationError(ExchangeError, ValueError):
    """A destination is described in a way in which nothing can be sent to it."""


class BlobError(ExchangeError):
    """The store of files could not do what was asked."""


class BlobMissing(BlobError, LookupError):
    """No file with this digest is kept."""


class BlobChanged(BlobError):
    """What is kept under a digest is not what was put there."""


class BlobTooLarge(BlobError, ValueError):
    """A file is larger than the store takes; nothing was kept."""


class PaymentRefused(ExchangeError, ValueError):
    """A notice of a payment is not signed as agreed, is too old, or is not complete."""


class PortalError(ExchangeError, ValueError):
    """A record for the portal cannot be made: values are missing or not in the mapping."""

    def __init__(
        self,
        what: str | None = None,
        *,
        where: str | Place | None = None,
        why: str | None = None,
        fix: str | None = None,
        fields: Iterable[str] = (),
    ) -> None:
        """Compose the message.

        Args:
            what: As for every error of the library.
            where: As for every error of the library.
            why: As for every error of the library.
            fix: As for every error of the library.
            fields: The fields of the portal that have no value or a wrong one, all of them.
        """
        super().__init__(what, where=where, why=why, fix=fix)
        self.fields: tuple[str, ...] = tuple(fields)
