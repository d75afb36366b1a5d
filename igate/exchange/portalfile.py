"""Reading the mapping file of a portal: which field gets which value, and how it is written.

Portals and systems between differ in values, codes and even in what a person is, so none of it is a
constant: a file for each destination says it.
"""

from __future__ import annotations

from importlib import resources
from typing import TYPE_CHECKING, ClassVar, Final, Literal

from pydantic import Field

from igate.errors import DefinitionError
from igate.files.fault import Fault
from igate.files.fields import FileModel, FullLabelModel, Name, Text, Word
from igate.files.findings import did_you_mean
from igate.files.kinds import PAGES
from igate.files.shape import check_shape
from igate.files.sources import Source, found_in
from igate.words.sentence import say, together

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from os import PathLike

    from igate.files.yaml import KeyPath

__all__ = [
    "DOSSIER_SOURCES",
    "STEP_SOURCES",
    "SUPPLEMENTS",
    "SUPPLEMENT_SOURCES",
    "AnswerModel",
    "EnvelopeModel",
    "FieldModel",
    "PlainFieldModel",
    "PortalFile",
    "RecordModel",
    "read_portal_file",
    "shipped_portal_file",
]

#: What a record of a dossier can say by itself.
DOSSIER_SOURCES: Final = (
    "code",
    "procedure",
    "agency",
    "channel",
    "applicant",
    "national_status",
    "outcome",
    "submitted_at",
    "received_at",
    "due_at",
    "rejected_at",
    "finished_at",
    "ended_at",
    "returned_at",
    "supplements",
)
#: The source that is a list; its rows have sources of their own.
SUPPLEMENTS: Final = "supplements"
SUPPLEMENT_SOURCES: Final = (
    "number",
    "asked_at",
    "asked_by",
    "asked_for",
    "answered",
    "answered_at",
    "answered_by",
    "answer",
)
#: What a record of one step can say by itself.
STEP_SOURCES: Final = (
    "code",
    "seq",
    "action",
    "actor",
    "role",
    "agency",
    "note",
    "national_status",
    "happened_at",
    "recorded_at",
)


class PlainFieldModel(FileModel):
    """Where the value of a field comes from: the dossier, the host, or the file itself."""

    source: Word | None = Field(default=None, alias="from")
    host: Word | None = None
    value: Text | None = None
    map: Name | None = None
    required: bool = False


class FieldModel(PlainFieldModel):
    """A field of a record, which may be a list of rows."""

    rows: dict[str, PlainFieldModel] | None = None


class RecordModel(FileModel):
    """One kind of record: the service that takes it, and its fields."""

    service: Text
    #: the field by which an answer names the record
    key: Text
    fields: dict[str, FieldModel]


class EnvelopeModel(FileModel):
    """What the keys around the records are called."""

    session: Text
    agency: Text | None = None
    service: Text
    updating: Text
    records: Text


class AnswerModel(FileModel):
    """How an answer is read."""

    code: Text
    message: Text
    #: key of a list with an answer for each record; absent: there is one for the whole batch
    records: Text | None = None
    accepted: list[Text]
    #: codes of a record that is there already
    duplicate: list[Text] = Field(default_factory=list)
    session_expired: list[Text] = Field(default_factory=list)


class PortalFile(FileModel):
    """The mapping for one destination."""

    page: ClassVar[str] = PAGES["portal"]

    format: Literal[1]
    portal: Name
    label: FullLabelModel
    #: whether somebody has held it against the portal's own description
    confirmed: bool
    source: Text
    absent: Literal["omit", "empty"]
    envelope: EnvelopeModel
    answer: AnswerModel
    maps: dict[Name, dict[str, Text]] = Field(default_factory=dict)
    dossier: RecordModel
    step: RecordModel


def read_portal_file(path: str | PathLike[str]) -> PortalFile:
    """Read a mapping file.

    Raises:
        DefinitionError: With everything that is wrong in it.
        IgateError: There is no such file, or it cannot be read.
    """
    [source] = found_in(path)
    return _read(source)


def shipped_portal_file(name: str) -> PortalFile:
    """Read a mapping file that comes with the library.

    Raises:
        IgateError: There is none of this name.
    """
    entry = resources.files("igate.exchange") / "vn" / f"{name}.yaml"
    return _read(Source(file=f"igate/exchange/vn/{name}.yaml", entry=entry))


def _read(source: Source) -> PortalFile:
    read = source.read("portal")
    model, findings = check_shape(PortalFile, read)
    if model is not None:
        findings += [fault.placed(read) for fault in _faults(model)]
    if findings or model is None:
        raise DefinitionError(findings)
    return model


def _faults(file: PortalFile) -> Iterator[Fault]:
    """Return what is wrong with the meaning of a file."""
    for kind, record, sources in (
        ("dossier", file.dossier, DOSSIER_SOURCES),
        ("step", file.step, STEP_SOURCES),
    ):
        if record.key not in record.fields:
            message = say("There is no field {key!r} in the record.", key=record.key)
            yield Fault(
                "bad-value", (kind, "key"), message, say("Name a field that is listed below.")
            )
        for name, field in record.fields.items():
            path = (kind, "fields", name)
            yield from _faults_of_field(field, path, sources, file.maps)
            yield from _faults_of_rows(field, path, file.maps)


def _faults_of_rows(
    field: FieldModel, path: KeyPath, maps: Mapping[str, object]
) -> Iterator[Fault]:
    own = field.source == SUPPLEMENTS
    if field.rows is None:
        if own:
            message = say("{supplements} is a list.", supplements=SUPPLEMENTS)
            yield Fault("bad-value", path, message, say("Write rows: with the fields of each row."))
        return
    if not own and field.host is None:
        message = say("Only supplements and what the host passes can have rows.")
        yield Fault("bad-value", (*path, "rows"), message, say("Write host: with a name."))
    for name, inner in field.rows.items():
        sources = SUPPLEMENT_SOURCES if own else ()
        yield from _faults_of_field(inner, (*path, "rows", name), sources, maps)


def _faults_of_field(
    field: PlainFieldModel, path: KeyPath, sources: tuple[str, ...], maps: Mapping[str, object]
) -> Iterator[Fault]:
    given = [each for each in (field.source, field.host, field.value) if each is not None]
    if len(given) != 1:
        message = say("The field {path} has {count} origins.", path=path[-1], count=len(given))
        yield Fault("bad-value", path, message, say("Write one of from:, host: and value:."))
    if field.source is not None and field.source not in sources:
        near = did_you_mean(field.source, sources)
        remedy = together(
            near,
            say(
                "Known here: {sources}.", sources=", ".join(sources) or say("none, so write host:")
            ),
        )
        message = say("The record has no {source!r} by itself.", source=field.source)
        yield Fault("bad-value", (*path, "from"), message, remedy)
    if field.map is not None and field.map not in maps:
        near = did_you_mean(field.map, maps)
        message = say("There is no map {map!r}.", map=field.map)
        yield Fault("bad-value", (*path, "map"), message, near or say("Write it under maps:."))
