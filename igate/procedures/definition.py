"""What a dossier was received under, as one text that can be kept: a revision and its clock rules.

A promise is tied to content, not to a name: a file can be edited, a catalogue upgraded, a revision
removed. The text holds the whole resolved revision (its template applied, its steps expanded) and
the rules of the clock, as JSON in which every value names its kind. Read again it gives equal
values, whatever the files say meanwhile.

Two definitions with one hash decide alike. A field that has its default is left out, so a field
that a later version of the library adds changes no hash; the order of keys does not count.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from datetime import date, time
from functools import lru_cache
from hashlib import sha256
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, Self, cast

from msgspec import Struct

from igate.deadlines.limits import TimeLimit, limit_of
from igate.deadlines.rules import ClockRules, Cutoff, Extension, Interruption, Owed
from igate.errors import DamagedRecord, IgateError
from igate.law.citation import Citation, Label
from igate.law.period import Period
from igate.procedures.guard import Guard, names_in
from igate.procedures.procedure import (
    Condition,
    Fee,
    LimitRule,
    OnlineService,
    Requirement,
    Result,
    Revision,
)
from igate.procedures.workflow import (
    Action,
    Manner,
    Party,
    Stage,
    State,
    Step,
    Transition,
    Way,
    Workflow,
)
from igate.words.sentence import say, together

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Definition", "changes"]

#: Raised when the text is no longer read as it was.
_FORMAT: Final = 1
#: The key under which a value names its kind; no key of a mapping is spelled so.
_KIND: Final = "@"
_VALUES: Final[Mapping[str, type]] = MappingProxyType(
    {
        kind.__name__: kind
        for kind in (
            Action, Citation, ClockRules, Condition, Cutoff, Extension, Fee, Interruption, Label,
            LimitRule, Manner, OnlineService, Owed, Party, Period, Requirement, Result, Revision,
            Stage, State, Step, Transition, Way, Workflow,
        )
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """A revision with the clock rules that hold for a dossier, and both as a text with its hash."""

    revision: Revision
    rules: ClockRules
    #: JSON, readable by people and by :meth:`read`
    text: str
    #: SHA-256 of the content, 64 hexadecimal digits
    digest: str

    @classmethod
    def of(cls, revision: Revision, rules: ClockRules) -> Self:
        """Write a revision down with its rules, to which its own cut-off is applied."""
        rules = revision.rules(rules)
        content = {"format": _FORMAT, "revision": _plain(revision), "rules": _plain(rules)}
        text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
        return cls(revision=revision, rules=rules, text=text, digest=_hash(content))

    @classmethod
    def read(cls, text: str, digest: str) -> Self:
        """Return the definition that a text says.

        Args:
            text: What :meth:`of` has written.
            digest: Its hash, as the store keeps it.

        Raises:
            DamagedRecord: The text is not the one that was written, or is of a newer igate.
        """
        try:
            content = json.loads(text)
            if content["format"] == _FORMAT and _hash(content) == digest:
                revision, rules = _value(content["revision"]), _value(content["rules"])
                return cls(revision=revision, rules=rules, text=text, digest=digest)
        except (ValueError, LookupError, TypeError, IgateError) as error:
            raise _unreadable(digest) from error
        raise _unreadable(digest)


def changes(before: str, after: str) -> tuple[str, ...]:
    """Say where two texts of definitions differ, each with the value before and after.

    >>> changes('{"limit": "3 day", "level": "1"}', '{"limit": "8 day", "level": "1"}')
    ('limit: "3 day" → "8 day"',)
    """
    return tuple(_changes(json.loads(before), json.loads(after), ""))


def _changes(before: object, after: object, path: str) -> Iterator[str]:
    if isinstance(before, dict) and isinstance(after, dict):
        for key in dict.fromkeys([*before, *after]):
            inner = f"{path}.{key}" if path else str(key)
            yield from _changes(before.get(key), after.get(key), inner)
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for index, pair in enumerate(zip(before, after, strict=True)):
            yield from _changes(*pair, f"{path}[{index}]")
    elif before != after:
        yield together(f"{path}: ", _shown(before), " → ", _shown(after), between="")


def _shown(value: object) -> str:
    if isinstance(value, list):
        return say("{count} entries", count=len(value))
    if isinstance(value, dict):
        return str(value.get(_KIND, "…"))
    return json.dumps(value, ensure_ascii=False)


def _hash(content: object) -> str:
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return sha256(text.encode()).hexdigest()


def _plain(value: object) -> object:
    """Return a value as JSON can say it, with its kind where that is not JSON's own."""
    if value is None or isinstance(value, str | int):  # an enumeration of texts is a text
        return value
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if isinstance(value, Mapping):
        return {key: _plain(each) for key, each in value.items()}
    kind = type(value).__name__
    content: dict[str, object]
    if isinstance(value, TimeLimit | Guard):
        content = {"text": str(value)}
    elif isinstance(value, date | time):
        content = {"text": value.isoformat()}
    elif isinstance(value, frozenset):
        content = {"items": sorted(value)}
    elif _VALUES.get(kind) is type(value):
        content = _fields(value)
    else:
        raise TypeError(value)
    return {_KIND: kind, **content}


def _fields(value: Any) -> dict[str, object]:  # noqa: ANN401 - a value of any of the kinds
    """Return the fields of a value that are not as their default."""
    pairs = [
        (name, default, getattr(value, name))
        for name, default in _defaults(cast("Any", type(value)))
    ]
    return {name: _plain(found) for name, default, found in pairs if found != default}


@lru_cache(maxsize=64)
def _defaults(kind: Any) -> tuple[tuple[str, object], ...]:  # noqa: ANN401 - any of the kinds
    """Return the fields that are given when a value is made, each with its default, if any."""
    if issubclass(kind, Struct):
        names, given = kind.__struct_fields__, kind.__struct_defaults__
        known = dict(zip(names[len(names) - len(given) :], given, strict=True))
        return tuple((name, known.get(name, MISSING)) for name in names)
    return tuple(
        (each.name, each.default if each.default_factory is MISSING else each.default_factory())
        for each in fields(kind)
        if each.init
    )


def _value(plain: Any) -> Any:  # noqa: ANN401 - a value of any of the kinds
    """Return the value that :func:`_plain` has written."""
    if isinstance(plain, list):
        return tuple(_value(each) for each in plain)
    if not isinstance(plain, dict):
        return plain
    kind = plain.get(_KIND)
    if kind is None:
        return MappingProxyType({key: _value(each) for key, each in plain.items()})
    if kind in _READ:
        return _READ[kind](plain)
    content = {key: _value(each) for key, each in plain.items() if key != _KIND}
    return _VALUES[kind](**content)


_READ: Final[Mapping[str, Any]] = MappingProxyType(
    {
        "TimeLimit": lambda plain: limit_of(plain["text"]),
        "Guard": lambda plain: Guard.parse(plain["text"], names_in(plain["text"])),
        "date": lambda plain: date.fromisoformat(plain["text"]),
        "time": lambda plain: time.fromisoformat(plain["text"]),
        "frozenset": lambda plain: frozenset(plain["items"]),
    }
)


def _unreadable(digest: str) -> DamagedRecord:
    return DamagedRecord(
        say("The definition {digest} cannot be read.", digest=digest[:12]),
        why=say(
            "Its text is not what was written under this hash, or was written by a newer igate."
        ),
        fix=say("Restore the database from a copy, or install the newer igate."),
    )
