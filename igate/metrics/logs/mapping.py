"""What the events of a log mean, as a mapping or a YAML file.

::

    case: MaHoSo
    activity: SuKien
    moment: ThoiDiem
    resource: CanBo
    zone: Asia/Ho_Chi_Minh
    marks:
      start: Tiếp nhận
      suspend: {supplement: Yêu cầu bổ sung}
      resume: {supplement: Nhận bổ sung}
      finish: [Có kết quả, Từ chối giải quyết]
      none: Phân công
    columns: {agency: DonVi, channel: HinhThuc}
    constants: {limit: 7 working_day}
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, Literal, cast, get_args

from igate.errors import FrameError
from igate.files.sources import Source
from igate.files.yaml import read as read_yaml
from igate.metrics.refusal import suggest
from igate.metrics.spelling import Spelling, fold, plain_name
from igate.metrics.text import text_of
from igate.words.sentence import say

if TYPE_CHECKING:
    import os

__all__ = ["COPIED", "DATED", "LogMap", "Mark", "read_log_map"]

#: What an event does to a dossier. ``reject``: its receipt is refused, it is outside the table;
#: ``reopen``: it is in process again; ``none``: nothing that is counted.
MarkKind = Literal["start", "suspend", "resume", "finish", "stop", "reject", "reopen", "none"]
_KINDS: Final[tuple[MarkKind, ...]] = get_args(MarkKind)
#: Marks that have a reason.
_REASONED: Final = ("suspend", "resume")
#: Columns of the table of dossiers that are copied from events, or are the same for all.
COPIED: Final = (
    "procedure", "limit", "case", "area", "field", "agency", "channel", "online_level",
    "due", "first_due",
)  # fmt: skip
#: Of these, what is a date.
DATED: Final = ("due", "first_due")
#: Where XES keeps these; logs in OCEL are read under the same names.
_STANDARD: Final = {
    "case": "case:concept:name", "activity": "concept:name", "moment": "time:timestamp",
}  # fmt: skip
_TEXTS: Final = (*_STANDARD, "resource", "object_type", "zone", "dates", "others")
_KEYS: Final = (*_TEXTS, "marks", "actions", "columns", "constants", "values", "only")
#: Columns that a journal needs and a table of dossiers does not have.
_OF_JOURNALS: Final = ("applicant",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What an event does to a dossier."""

    kind: MarkKind
    #: why, of ``suspend`` and ``resume``
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogMap:
    """Which column of a log is which, and what its events mean."""

    case: str
    activity: str
    moment: str
    #: who did it; empty: the log does not say
    resource: str = ""
    #: type of the objects that are dossiers, in a log in OCEL
    object_type: str = ""
    #: folded names of activities
    marks: Mapping[str, Mark]
    #: folded names of activities to the actions of the workflow that they stand for, in order
    actions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    #: whether an activity that is not named does nothing; otherwise it is a fault
    others: bool = False
    #: igate's columns to those of the log
    columns: Mapping[str, str] = field(default_factory=dict)
    #: igate's columns to a text that all dossiers have
    constants: Mapping[str, str] = field(default_factory=dict)
    #: columns of the log and the folded texts of the events that are read
    only: Mapping[str, frozenset[str]] = field(default_factory=dict)
    #: how the log writes moments and words
    spelling: Spelling = field(default_factory=Spelling)

    @property
    def wanted(self) -> tuple[str, ...]:
        """The columns of the log that are read, each once."""
        names = (self.case, self.activity, self.moment, self.resource)
        return tuple(dict.fromkeys([*filter(None, names), *self.columns.values(), *self.only]))


def read_log_map(log_map: str | os.PathLike[str] | Mapping[str, Any] | LogMap) -> LogMap:
    """Read a map of a log.

    Args:
        log_map: A mapping, or the path of a YAML file; a map that was read already is given back.

    Raises:
        FrameError: A key, a mark, a column or a date form is not known, an activity has two marks,
            or no activity starts a dossier.
        DefinitionError: The file is not YAML.
        IgateError: The file cannot be opened.
    """
    if isinstance(log_map, LogMap):
        return log_map
    if isinstance(log_map, Mapping):
        return _map_of(log_map, "log map")
    where = str(log_map)
    text = text_of(Source(file=where, entry=where).content(), where)
    document = read_yaml(text, file=where, kind="log_map")
    if not isinstance(document.data, Mapping):
        raise FrameError(
            say("The map of the log is not a mapping."),
            where=where,
            fix=say("Begin with: case: MaHoSo"),
        )
    return _map_of(document.data, where)


def _map_of(data: Mapping[str, Any], where: str) -> LogMap:
    _check_keys(data, where)
    said = {**_STANDARD, **{name: data[name] for name in _TEXTS if data.get(name) is not None}}
    marks = _marks(_mapping(data, "marks", where), where)
    actions = {
        fold(word): tuple(_words(own, "actions", where))
        for word, own in _mapping(data, "actions", where).items()
    }
    if not actions and not any(mark.kind == "start" for mark in marks.values()):
        raise FrameError(
            say("The map of the log names no activity that starts a dossier."),
            where=where,
            why=say("A time limit runs from the receipt."),
            fix=say('Write it below marks, such as "start: Tiếp nhận".'),
        )
    columns = _columns(data, "columns", where)
    return LogMap(
        case=plain_name(said["case"]),
        activity=plain_name(said["activity"]),
        moment=plain_name(said["moment"]),
        resource=plain_name(said.get("resource", "")),
        object_type=plain_name(said.get("object_type", "")),
        marks=marks,
        actions=actions,
        others=_others(said, where),
        columns={ours: plain_name(theirs) for ours, theirs in columns.items()},
        constants=_columns(data, "constants", where),
        only={
            plain_name(name): frozenset(map(fold, _words(words, name, where)))
            for name, words in _mapping(data, "only", where).items()
        },
        spelling=Spelling.of(
            dates=cast("Any", said.get("dates", "iso")),
            values=_values(data, where),
            zone=said.get("zone"),
        ),
    )


def _check_keys(data: Mapping[str, Any], where: str) -> None:
    for name in data:
        if name not in _KEYS:
            raise FrameError(
                say("The map of the log says something of {name!r}, which it cannot.", name=name),
                where=where,
                fix=suggest(name, _KEYS, say("It can say")),
            )
    for name in _TEXTS:
        if not isinstance(data.get(name, ""), str | None):
            raise _shape(name, where, say("{name}: one text", name=name))


def _others(said: Mapping[str, str], where: str) -> bool:
    if said.get("others", "refuse") not in {"refuse", "ignore"}:
        raise _shape("others", where, say("others: ignore"))
    return said.get("others") == "ignore"


def _values(data: Mapping[str, Any], where: str) -> Mapping[str, Mapping[str, Any]]:
    values = _mapping(data, "values", where)
    if not all(isinstance(own, Mapping) for own in values.values()):
        raise _shape("values", where, say("values: {{channel: {{online: [Trực tuyến]}}}}"))
    return values


def _columns(data: Mapping[str, Any], name: str, where: str) -> Mapping[str, str]:
    found = _mapping(data, name, where)
    known = [each for each in COPIED if name == "columns" or each not in DATED]
    for ours, theirs in found.items():
        if ours not in (*known, *_OF_JOURNALS):
            raise FrameError(
                say(
                    "The map of the log names the column {ours!r} below {name!r}.",
                    ours=ours,
                    name=name,
                ),
                where=where,
                why=say("What happens to a dossier comes from its events."),
                fix=suggest(ours, known, say("Columns that can be named are")),
            )
        if not isinstance(theirs, str) or not theirs:
            raise _shape(name, where, say("{name}: {{{ours}: one text}}", name=name, ours=ours))
    return found


def _marks(data: Mapping[str, Any], where: str) -> Mapping[str, Mark]:
    found: dict[str, Mark] = {}
    for kind, said in data.items():
        if kind not in _KINDS:
            raise FrameError(
                say("There is no mark {kind!r}.", kind=kind),
                where=where,
                fix=suggest(kind, _KINDS, say("Marks are")),
            )
        for mark, word in _words_of(kind, said, where):
            if found.setdefault(fold(word), mark) != mark:
                raise FrameError(
                    say("The activity {word!r} has two marks.", word=word),
                    where=where,
                    why=say("It would be unclear what it does to the clock."),
                    fix=say("Name it once."),
                )
    return MappingProxyType(found)


def _words_of(kind: MarkKind, said: object, where: str) -> list[tuple[Mark, str]]:
    if kind not in _REASONED:
        return [(Mark(kind=kind), word) for word in _words(said, kind, where)]
    if not isinstance(said, Mapping):
        raise _shape(kind, where, say("{kind}: {{supplement: Yêu cầu bổ sung}}", kind=kind))
    return [
        (Mark(kind=kind, reason=reason), word)
        for reason, own in said.items()
        for word in _words(own, kind, where)
    ]


def _words(said: object, name: str, where: str) -> Sequence[str]:
    words = [said] if isinstance(said, str) else said
    if not isinstance(words, list | tuple) or not all(isinstance(w, str) and w for w in words):
        raise _shape(name, where, say("{name}: [one text, another text]", name=name))
    return cast("Sequence[str]", words)


def _mapping(data: Mapping[str, Any], name: str, where: str) -> Mapping[str, Any]:
    found = data.get(name) or {}
    if not isinstance(found, Mapping):
        raise _shape(name, where, f"{name}: {{...: ...}}")
    return found


def _shape(name: str, where: str, example: str) -> FrameError:
    return FrameError(
        say("What the map of the log says of {name!r} cannot be read.", name=name),
        where=where,
        fix=say("Write it like this: {example}", example=example),
    )
