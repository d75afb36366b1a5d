"""A strict reader of YAML: what is written is what is read.

YAML 1.1 turns a procedure code ``1.001190`` into the number 1.00119, ``13:30`` into 810, ``no``
into false and ``010`` into 8, keeps the last of two equal keys, and lets a small file unfold into
a huge one through aliases. Here a scalar without quotes is a text, unless it is ``true``,
``false``, empty, ``null`` or ``~``, or a decimal whole number without a leading zero; what another
reader would take for a fraction or a time is refused with the quoted form to write instead.
Duplicate keys, anchors, aliases, merge keys, tags and a second document are refused.

The file is read from the parser's events without recursion. Places (line and column) are not
kept: they are worked out again, once, for the file about which something has to be said. Of many
problems of one kind the first are named and the others counted, so that no file takes longer to
complain about than to read.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Any, Final, Generic, NoReturn, TypeAlias, TypeVar, Union

import yaml

from igate.errors import DefinitionError, Finding, Place
from igate.files.kinds import PAGES, kind_of_text
from igate.files.syntax import LOADER, slip
from igate.words.sentence import say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from igate.files.findings import FindingCode
    from igate.files.kinds import Kind

__all__ = ["KeyPath", "Value", "YamlFile", "parse", "read"]

Value: TypeAlias = Union[bool, int, str, list["Value"], dict[str, "Value"], None]  # noqa: UP007 - names itself
T = TypeVar("T")
#: Keys and list positions from the top of a document.
KeyPath: TypeAlias = tuple[str | int, ...]

#: Characters; the longest procedure file known has some 20,000.
_LONGEST = 1_000_000
_DEEPEST = 20
#: Lines that begin with a percent sign; the parser compares each with all before it.
_MOST_DIRECTIVES = 100
#: Problems of one kind that are named one by one.
_NAMED = 20
#: Characters of a key or text that a message repeats.
_LONGEST_QUOTE = 80
_WORDS: Final[dict[str, bool | None]] = {
    "": None, "~": None, "null": None, "true": True, "false": False,
}  # fmt: skip
_NUMBER_STARTS: Final[frozenset[str]] = frozenset("+-.0123456789")
_WHOLE = re.compile(r"-?(?:0|[1-9][0-9]{0,17})")
#: An amount as people write it, ``500.000``; codes have six digits behind the dot.
_THOUSANDS = re.compile(r"[1-9][0-9]{0,2}\.[0-9]{3}")
# what YAML 1.1 reads as a fraction and as a number to base 60
_FRACTION = re.compile(
    r"[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?"
    r"|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?"
    r"|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*"
    r"|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)"
)
_SIXTIES = re.compile(r"[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+")


class YamlFile:
    """A YAML file as plain values, and the places of those values."""

    __slots__ = ("_places", "_text", "data", "file", "findings")

    def __init__(self, text: str, *, file: str, kind: Kind | None = None) -> None:
        """Read the text; problems are kept in ``findings``.

        Args:
            text: The contents of the file.
            file: Its name, for messages.
            kind: What it is read as, to name the page of its kind; ``None``: what its keys say.

        Raises:
            DefinitionError: The text is not YAML, or too long or too deep to be a definition.
        """
        self._text = text
        self._places: dict[KeyPath, tuple[Place, Place]] | None = None
        self.file = file
        builder = _Builder(file, kind=kind)
        builder.run(text)
        self.data: Value = builder.data
        #: problems of the text itself; the values are read as well as they can be
        self.findings: tuple[Finding, ...] = (
            *builder.findings,
            *self._duplicates(builder.duplicates),
            *self._not_nfc(),
        )

    def place(self, path: KeyPath, *, key: bool = False) -> Place:
        """Return the place of a value, or of the nearest value around it that the file has.

        Args:
            path: Keys and list positions from the top.
            key: Give the place of the key instead of that of its value.

        >>> str(read("a: {b: [x, y]}", file="f.yaml").place(("a", "b", 1)))
        'f.yaml:1:12'
        """
        if self._places is None:
            builder = _Builder(self.file, recording=True)
            builder.run(self._text)
            self._places = builder.places
        exact = path in self._places
        while path and path not in self._places:
            path = path[:-1]
        of_key, of_value = self._places.get(path, (Place(file=self.file, line=1),) * 2)
        return of_key if key or not exact else of_value

    def _duplicates(self, duplicates: _Several[KeyPath]) -> Iterator[Finding]:
        if not duplicates.first:
            return
        # the first keys are above their doubles: the rest of the file is not gone through again
        before = _Builder(self.file, recording=True, until=duplicates.first[-1][1].line)
        before.run(self._text)
        for path, place in duplicates.first:
            line = before.places[path][0].line
            yield _finding(
                "duplicate-key",
                place,
                say(
                    'The key "{short}" is here a second time; the first is in line {line}.',
                    short=_short(str(path[-1])),
                    line=line,
                ),
                say("Keep one of the two, or give the second another name."),
            )
        yield from duplicates.others("duplicate-key")

    def _not_nfc(self) -> Iterator[Finding]:
        if unicodedata.is_normalized("NFC", self._text) and "\\" not in self._text:
            return  # an escape in a quoted text can name a combining character
        found: _Several[str] = _Several()
        for path, text in _texts(self.data):
            if unicodedata.is_normalized("NFC", text):
                continue
            if found.next is None:
                found.add(text, self.place(path))
            else:
                found.count += 1
        for text, place in found.first:
            shown, composed = _short(text), unicodedata.normalize("NFC", _short(text))
            yield _finding(
                "not-nfc",
                place,
                say(
                    "The text {shown!r} writes its diacritics as separate characters (not NFC).",
                    shown=shown,
                ),
                say('Write it composed: "{composed}".', composed=composed),
            )
        yield from found.others("not-nfc")


def parse(text: str, *, file: str, kind: Kind | None = None) -> YamlFile:
    """Read a text and keep its problems in ``YamlFile.findings``.

    Args:
        text: The text of a YAML file.
        file: What the file is called in findings; nothing is opened.
        kind: What it is read as, to name the page of its kind; ``None``: what its keys say.

    Raises:
        DefinitionError: The text is not YAML at all, or too long or too deep.
    """
    return YamlFile(text, file=file, kind=kind)


def read(text: str, *, file: str, kind: Kind | None = None) -> YamlFile:
    """Read a text; any problem is an error.

    Args:
        text: The text of a YAML file.
        file: What the file is called in findings; nothing is opened.
        kind: As for :func:`parse`.

    Raises:
        DefinitionError: With all problems of the text, each with line and column.

    >>> read('{code: "1.001190", on: 3, day: 2026-01-02}', file="f.yaml").data
    {'code': '1.001190', 'on': 3, 'day': '2026-01-02'}
    """
    document = YamlFile(text, file=file, kind=kind)
    if document.findings:
        raise DefinitionError(document.findings)
    return document


def _finding(code: FindingCode, place: Place, message: str, remedy: str) -> Finding:
    return Finding(code=code, place=place, message=message, remedy=remedy)


class _Several(Generic[T]):
    """Problems of one kind: the first of them, the place of the next, and how many there are."""

    __slots__ = ("count", "first", "next")

    def __init__(self) -> None:
        self.first: list[tuple[T, Place]] = []
        self.next: Place | None = None
        self.count = 0

    def add(self, value: T, place: Place) -> None:
        """Keep a problem, or count it."""
        self.count += 1
        if self.count <= _NAMED:
            self.first.append((value, place))
        elif self.next is None:
            self.next = place

    def others(self, code: FindingCode) -> Iterator[Finding]:
        """Say how many there are that were not named, and where they begin."""
        if self.next is not None:
            yield _finding(
                code,
                self.next,
                say(
                    "From here on there are {count:,} more problems of this kind.",
                    count=self.count - _NAMED,
                ),
                say("Put right those named above; they may have one cause."),
            )


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_QUOTE else f"{text[:_LONGEST_QUOTE]}…"


def _texts(data: Value) -> Iterator[tuple[KeyPath, str]]:
    """Return every text of a document with its path; a key counts as the path to its value."""
    todo: list[tuple[KeyPath, Value]] = [((), data)]
    while todo:
        path, value = todo.pop()
        if isinstance(value, str):
            yield path, value
        elif isinstance(value, list):
            todo.extend(((*path, index), item) for index, item in enumerate(value))
        elif isinstance(value, dict):
            todo.extend(((*path, key), item) for key, item in value.items())
            for key in value:
                yield (*path, key), key


class _Frame:
    """A mapping or list that is being filled."""

    __slots__ = ("key", "key_place", "mapping", "path", "sequence")

    def __init__(self, path: KeyPath, *, mapping: bool) -> None:
        self.mapping: dict[str, Value] | None = {} if mapping else None
        self.sequence: list[Value] = []
        #: key that waits for its value; the place of that key
        self.key: str | None = None
        self.key_place: Place | None = None
        self.path = path


class _Builder:
    """Make values from the events of the parser, without recursion."""

    __slots__ = (
        "_file",
        "_handlers",
        "_kind",
        "_problems",
        "_recording",
        "_stack",
        "_text",
        "_until",
        "data",
        "duplicates",
        "places",
    )

    def __init__(
        self,
        file: str,
        *,
        kind: Kind | None = None,
        recording: bool = False,
        until: int | None = None,
    ) -> None:
        self._file = file
        self._kind = kind
        self._text = ""
        self._recording = recording
        self._until = until
        self._stack: list[_Frame] = []
        self._problems: dict[FindingCode, _Several[Finding]] = {}
        self.data: Value = None
        self.duplicates: _Several[KeyPath] = _Several()
        self.places: dict[KeyPath, tuple[Place, Place]] = {}
        # each handler gets the kind of event that it is listed under
        self._handlers: dict[type[yaml.Event], Callable[[Any], None]] = {
            yaml.ScalarEvent: self._scalar,
            yaml.AliasEvent: self._alias,
            yaml.MappingStartEvent: self._open,
            yaml.SequenceStartEvent: self._open,
            yaml.MappingEndEvent: self._close,
            yaml.SequenceEndEvent: self._close,
        }

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The problems of the text but for its duplicate keys, in the order of their places."""
        found = [
            each
            for code, several in self._problems.items()
            for each in (*(first for first, _ in several.first), *several.others(code))
        ]
        return tuple(sorted(found, key=lambda each: (each.place.line, each.place.column)))

    def run(self, text: str) -> None:
        """Fill ``data`` and the lists next to it from a text."""
        self._text = text
        start = Place(file=self._file, line=1)
        if len(text) > _LONGEST:
            self._give_up(
                start, say("The file has more than {longest} characters.", longest=_LONGEST)
            )
        if text.count("\n%") > _MOST_DIRECTIVES:
            self._give_up(
                start,
                say(
                    "More than {most_directives} lines begin with %.",
                    most_directives=_MOST_DIRECTIVES,
                ),
            )
        try:
            documents = self._read_events(text)
        except (yaml.YAMLError, UnicodeEncodeError) as error:
            line, column, message, remedy = slip(text, error)
            place = Place(file=self._file, line=line + 1, column=column + 1)
            self._give_up(place, message, remedy)
        else:
            if documents == 0:
                self._give_up(start, say("The file is empty."))

    def _read_events(self, text: str) -> int:
        documents = 0
        for event in yaml.parse(text, Loader=LOADER):
            handler = self._handlers.get(type(event))
            if handler is not None:
                handler(event)
            elif type(event) is yaml.DocumentStartEvent:
                documents += 1
                if documents > 1:
                    self._forbid(event, say("a second document"))
                    break
            if self._until is not None and self._at(event).line > self._until:
                break
        return documents

    def _give_up(self, place: Place, message: str, remedy: str = "") -> NoReturn:
        if not remedy:
            page = PAGES[self._kind or kind_of_text(self._text)]
            remedy = say("Compare with {page}.", page=page)
        raise DefinitionError([*self.findings, _finding("malformed-yaml", place, message, remedy)])

    def _at(self, event: yaml.Event) -> Place:
        mark = event.start_mark
        if mark is None:  # pragma: no cover - both parsers mark every event
            return Place(file=self._file, line=1)
        return Place(file=self._file, line=mark.line + 1, column=mark.column + 1)

    def _report(self, code: FindingCode, event: yaml.Event, message: str, remedy: str) -> None:
        problems = self._problems.setdefault(code, _Several())
        if problems.next is None:
            place = self._at(event)
            problems.add(_finding(code, place, message, remedy), place)
        else:
            problems.count += 1

    def _forbid(self, event: yaml.Event, what: str) -> None:
        message = say(
            "igate's files do not use {what}: a file should say what it means in one place.",
            what=what,
        )
        self._report("forbidden-yaml", event, message, say("Write the value out."))

    def _alias(self, event: yaml.Event) -> None:
        self._forbid(event, say("aliases (*name)"))
        self._put(None, event)

    def _check_node(self, event: yaml.NodeEvent) -> None:
        if event.anchor is not None:
            self._forbid(event, say("anchors (&name)"))
        if getattr(event, "tag", None) is not None:
            self._forbid(event, say("tags (!name)"))

    def _scalar(self, event: yaml.ScalarEvent) -> None:
        if event.anchor is not None or event.tag is not None:
            self._check_node(event)
        frame = self._stack[-1] if self._stack else None
        if frame is not None and frame.mapping is not None and frame.key is None:
            self._take_key(frame, event)
        elif event.implicit[0]:
            self._put(self._plain(event), event)
        else:
            self._put(event.value, event)

    def _take_key(self, frame: _Frame, event: yaml.ScalarEvent) -> None:
        key: str = event.value
        if event.implicit[0] and key == "<<":
            self._forbid(event, say("merge keys (<<)"))
        assert frame.mapping is not None  # noqa: S101 - the caller has looked
        if key in frame.mapping:
            if self.duplicates.next is None:
                self.duplicates.add((*frame.path, key), self._at(event))
            else:
                self.duplicates.count += 1
        frame.key = key
        if self._recording:
            frame.key_place = self._at(event)

    def _plain(self, event: yaml.ScalarEvent) -> Value:
        text: str = event.value
        if text[:1] in _NUMBER_STARTS:
            if _WHOLE.fullmatch(text):
                return int(text)
            if _SIXTIES.fullmatch(text):
                self._unquoted("unquoted-time", event, say("a number to base 60"))
            elif _FRACTION.fullmatch(text):
                self._unquoted(
                    "unquoted-code", event, say("a fraction, so a zero at its end is lost")
                )
            return text
        return _WORDS.get(text, text)

    def _unquoted(self, code: FindingCode, event: yaml.ScalarEvent, what: str) -> None:
        value = _short(event.value)
        message = say("{value} is without quotes; YAML reads it as {what}.", value=value, what=what)
        remedy = say('Put it in quotes: "{value}".', value=value)
        if _THOUSANDS.fullmatch(value):
            remedy = say(
                'Write a number of đồng without separators: {whole}; a code in quotes: "{value}".',
                whole=value.replace(".", ""),
                value=value,
            )
        self._report(code, event, message, remedy)

    def _open(self, event: yaml.CollectionStartEvent) -> None:
        if event.anchor is not None or event.tag is not None:
            self._check_node(event)
        if len(self._stack) == _DEEPEST:
            self._give_up(
                self._at(event),
                say("Values are nested more than {deepest} deep.", deepest=_DEEPEST),
            )
        frame = self._stack[-1] if self._stack else None
        if frame is not None and frame.mapping is not None and frame.key is None:
            self._give_up(self._at(event), say("A key must be a word, not a value."))
        inner = _Frame(self._path_of_next(), mapping=isinstance(event, yaml.MappingStartEvent))
        self._put(inner.sequence if inner.mapping is None else inner.mapping, event)
        self._stack.append(inner)

    def _close(self, _event: yaml.Event) -> None:
        self._stack.pop()

    def _path_of_next(self) -> KeyPath:
        if not self._stack:
            return ()
        frame = self._stack[-1]
        if frame.mapping is None:
            return (*frame.path, len(frame.sequence))
        return (*frame.path, frame.key or "")

    def _put(self, value: Value, event: yaml.Event) -> None:
        if self._recording:
            frame = self._stack[-1] if self._stack else None
            here = self._at(event)
            key_place = frame.key_place if frame is not None else None
            self.places.setdefault(self._path_of_next(), (key_place or here, here))
        if not self._stack:
            self.data = value
            return
        frame = self._stack[-1]
        if frame.mapping is None:
            frame.sequence.append(value)
        elif frame.key is None:
            self._give_up(self._at(event), say("A key must be a word, not a value."))
        else:
            frame.mapping.setdefault(frame.key, value)
            frame.key = frame.key_place = None
