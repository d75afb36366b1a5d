"""What is wrong with a text that is not YAML, and what to write instead.

A parser says which token it was waiting for, and where it stopped: often a line or more after the
slip. Here the text is looked at again around that place, and the slip is named as its writer sees
it: a tab, a semicolon, a bracket without its fellow, a line that begins too far to the right.
"""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING, Final, NamedTuple

import yaml

from igate.words.sentence import say, together

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["LOADER", "Slip", "slip"]

#: The C parser where PyYAML was built with it; both give the same events.
LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

#: Characters of the text that a remedy repeats.
_LONGEST_QUOTE: Final = 60
_BREAKS = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
#: What no YAML file may hold.
_UNREADABLE = re.compile("[^\t\n\r -~\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_TABBED = re.compile(r" *\t[ \t]*")
_KEY = re.compile(r":(?:\s|$)")
_LEADING = re.compile(r"(?:- +)*")
_FELLOWS: Final[Mapping[str, str]] = {"{": "}", "[": "]"}
_SEPARATED = re.compile(r";[^,;{}\[\]]*$")


class Slip(NamedTuple):
    """A slip of the pen, and its place; line and column are counted from 0."""

    line: int
    column: int
    message: str
    #: empty where nothing is known but that it is not YAML
    remedy: str


class _Spot(NamedTuple):
    """A place in a text; line and column are counted from 0."""

    line: int
    column: int


class _Stop(NamedTuple):
    """Where a parser stopped, and what it says to it."""

    text: str
    lines: list[str]
    problem: str
    context: str
    at: _Spot
    #: where the value began that it was reading; ``at`` where it does not say
    begun: _Spot

    @property
    def line(self) -> str:
        """The line on which it stopped."""
        return self.lines[self.at.line]

    @property
    def char(self) -> str:
        """The character at which it stopped; empty at the end of a line."""
        return self.line[self.at.column : self.at.column + 1]


def slip(text: str, error: Exception) -> Slip:
    r"""Name what is wrong with a text that a parser has refused.

    Args:
        text: The whole text.
        error: What the parser raised.

    >>> found = slip("a:\n\tb: 1\n", yaml.scanner.ScannerError())
    >>> found.message
    'This is not YAML.'
    >>> try:
    ...     _ = list(yaml.parse("a:\n\tb: 1\n"))
    ... except yaml.YAMLError as error:
    ...     slip("a:\n\tb: 1\n", error).message
    'The line is indented with a tab.'
    """
    lines = _BREAKS.split(text)
    for number, line in enumerate(lines):
        unreadable = _UNREADABLE.search(line)
        if unreadable is not None:
            return Slip(
                number,
                unreadable.start(),
                say("The character U+{ord:04X} cannot stand in a file.", ord=ord(unreadable[0])),
                say("Remove it; most editors show it as a blank or a box, or not at all."),
            )
    mark = _mark(error, "problem_mark") or _mark(error, "context_mark")
    if not isinstance(error, yaml.MarkedYAMLError) or mark is None:
        return _unnamed(_Spot(0, 0), str(error))
    stop = _Stop(
        text=text,
        lines=[*lines, ""],  # the end of the text counts as a line of its own
        problem=error.problem or "",
        context=error.context or "",
        at=mark,
        begun=_mark(error, "context_mark") or mark,
    )
    found = (look(stop) for look in _LOOKS)
    return next((each for each in found if each is not None), _unnamed(stop.at, stop.problem))


def _mark(holder: object, name: str) -> _Spot | None:
    mark = getattr(holder, name, None)
    return None if mark is None else _Spot(mark.line, mark.column)


def _unnamed(at: _Spot, said: str) -> Slip:
    said = said.partition("\n")[0]
    message = (
        say('This is not YAML; the parser says "{said}".', said=said)
        if said
        else say("This is not YAML.")
    )
    return Slip(*at, message, "")


def _tab(stop: _Stop) -> Slip | None:
    indent = _TABBED.match(stop.line)
    if indent is None or stop.at.column > indent.end():
        return None
    column = stop.line.index("\t")
    message = say("The line is indented with a tab.")
    return Slip(stop.at.line, column, message, say("Write blanks instead, two for each level."))


def _quotes(stop: _Stop) -> Slip | None:
    if "quoted scalar" not in stop.context:
        return None
    if "escape" in stop.problem or "hex" in stop.problem:
        # libyaml stops at the backslash, the other parser behind it
        column = stop.line.rfind("\\", 0, stop.at.column + 1)
        return Slip(
            stop.at.line,
            column,
            say("A backslash in a text in double quotes begins an escape, and this is none."),
            say("Write the text in single quotes, or each backslash twice."),
        )
    quote = stop.lines[stop.begun.line][stop.begun.column : stop.begun.column + 1]
    message = say("The text that begins here with {quote} does not end with one.", quote=quote)
    return Slip(
        *stop.begun, message, say("Write {quote} at its end, on the same line.", quote=quote)
    )


def _late_quote(stop: _Stop) -> Slip | None:
    """Find a quote that was forgotten: the next one ended the text, lines below."""
    quoted = _read_so_far(stop).quoted
    if quoted is None:
        return None
    begun, ended = quoted
    if not begun.line < ended.line == stop.at.line:
        return None
    quote = stop.lines[begun.line][begun.column]
    message = say(
        "The text that begins here with {quote} ends with the next one, in line {line}.",
        quote=quote,
        line=ended.line + 1,
    )
    return Slip(
        *begun,
        message,
        say("Write {quote} where it should end.", quote=quote),
    )


def _brackets(stop: _Stop) -> Slip | None:
    wanted = re.search(r"',' or '([}\]])'", stop.problem)
    if wanted is None:
        return None
    closing = wanted[1]
    opening = {fellow: each for each, fellow in _FELLOWS.items()}[closing]
    where = say("line {line}", line=stop.begun.line + 1)
    if stop.char and stop.char in "}]":
        message = say(
            'The "{opening}" of {where} is closed with "{char}".',
            opening=opening,
            where=where,
            char=stop.char,
        )
        return Slip(
            *stop.at,
            message,
            say('Write "{closing}", or a "{char}" less.', closing=closing, char=stop.char),
        )
    if not _is_closed(stop.text, _offset(stop, stop.begun)):
        message = say('The "{opening}" that is opened here is not closed.', opening=opening)
        return Slip(*stop.begun, message, say('Write "{closing}" where it ends.', closing=closing))
    return _in_brackets(stop, closing)


def _in_brackets(stop: _Stop, closing: str) -> Slip:
    """Name what is wrong between two brackets, both of which are there."""
    if stop.char != ":":
        message = say('After a value there must be a comma or "{closing}".', closing=closing)
        remedy = say("Write a comma between two entries, and a text that holds quotes in others.")
        return Slip(*stop.at, message, remedy)
    semicolon = _SEPARATED.search(stop.line[: stop.at.column])
    if semicolon is not None:
        return Slip(
            stop.at.line,
            semicolon.start(),
            say("A semicolon does not separate two keys."),
            say("Write a comma; a text that holds a comma then needs quotes."),
        )
    key = re.split(r"[\s,{\[]", stop.line[: stop.at.column])[-1]
    return Slip(
        *stop.at,
        say(
            'A comma is missing before the key "{key}", or a text with a colon has no quotes.',
            key=key,
        ),
        say('Write ", {key}: …" for a key, and quotes around a text: "… {key}: …".', key=key),
    )


def _second_colon(stop: _Stop) -> Slip | None:
    if "mapping values" not in stop.problem:
        return None
    before = stop.line[: stop.at.column]
    first = _KEY.search(before)
    if first is not None:
        key, value = before[: first.start()].strip(), stop.line[first.end() :].strip()
        message = say("A text with a colon has no quotes.")
        return Slip(
            *stop.at,
            message,
            say("Put it in quotes: {key}: {quoted}.", key=key, quoted=_quoted(value)),
        )
    above = _above(stop)
    if above is None or _KEY.search(stop.lines[above]) is None:
        return _no_key(_Spot(above or 0, _column(stop.lines[above or 0])))
    column, other = _column(stop.line), _column(stop.lines[above])
    return Slip(
        stop.at.line,
        column,
        say(
            "The line is indented by {column}, the one above it, which has its value "
            "already, by {other}.",
            column=column,
            other=other,
        ),
        say(
            "Indent it by {other}; a text that goes on in the next line needs quotes.", other=other
        ),
    )


def _lone_text(stop: _Stop) -> Slip | None:
    return _no_key(stop.begun) if "expected ':'" in stop.problem else None


def _no_key(at: _Spot) -> Slip:
    return Slip(
        *at,
        say("The line is neither a key with its value nor an entry of a list."),
        say(
            'Write "key: value" with a blank after the colon, or "- value"; put a text of '
            "several lines in quotes."
        ),
    )


def _indentation(stop: _Stop) -> Slip | None:
    wanted = ("expected key", "expected '-'", "<block end>")
    if not any(each in stop.problem for each in wanted):
        return None
    if stop.line[: stop.at.column].strip(" -"):
        return Slip(
            *stop.at,
            say("Something follows a value that is finished."),
            say('Put the whole text in quotes: "…"; one that holds such quotes in single ones.'),
        )
    blanks = len(stop.line) - len(stop.line.lstrip(" "))
    entry = stop.line[blanks:].startswith("- ")
    blocks = _read_so_far(stop).blocks
    if not entry and (blanks, True) in blocks:
        return Slip(
            stop.at.line,
            blanks,
            say('The line begins where each entry of a list has its "-", and has none.'),
            say(
                'Indent it by {blanks} if it belongs to the entry above, or write "- ".',
                blanks=blanks + 2,
            ),
        )
    fellows = sorted(column for column, of_entries in blocks if of_entries is entry)
    near = [*[each for each in fellows if each < blanks][-1:]]
    near += [each for each in fellows if each > blanks][:1]
    places = together(*map(str, near or [0]), between=say(" or "))
    return Slip(
        stop.at.line,
        blanks,
        say(
            "The line is indented by {blanks}, like nothing above that it could belong with.",
            blanks=blanks,
        ),
        say("Indent it by {places}, like its fellow above.", places=places),
    )


def _bad_beginning(stop: _Stop) -> Slip | None:
    beginnings = (
        "start any token", "alphabetic or numeric", "block scalar", "mapping keys", "ing a tag",
    )  # fmt: skip
    said = f"{stop.problem} {stop.context}"
    if not any(each in said for each in beginnings):
        return None
    rest = stop.lines[stop.begun.line][stop.begun.column :].strip()
    message = say('A text without quotes cannot begin with "{rest}".', rest=rest[:1])
    return Slip(*stop.begun, message, say("Put it in quotes: {quoted}.", quoted=_quoted(rest)))


def _directive(stop: _Stop) -> Slip | None:
    number = stop.begun.line
    if "directive" not in stop.context:
        number = next((at for at, line in enumerate(stop.lines) if line.strip()), 0)
        if "document start" not in stop.problem or not stop.lines[number].startswith("%"):
            return None
    message = say('A line that begins with "%" is an order to the reader, and there is none here.')
    return Slip(number, 0, message, say("Remove the line, or put the text in quotes."))


def _inline_list(stop: _Stop) -> Slip | None:
    if "sequence entries" not in stop.problem:
        return None
    return Slip(
        *stop.at,
        say("A list with dashes does not begin on the line of its key."),
        say('Write each "- " on a line below, or the list in brackets: [a, b].'),
    )


def _no_value(stop: _Stop) -> Slip | None:
    if "node content" not in stop.problem:
        return None
    message = (
        say('Before "{char}" a value is missing.', char=stop.char)
        if stop.char
        else say("A value is missing.")
    )
    return Slip(*stop.at, message, say("Write it, or put a text that begins so in quotes."))


def _after_the_end(stop: _Stop) -> Slip | None:
    if "document start" not in stop.problem:
        return None
    message = say('The file goes on after "...", which ends it.')
    return Slip(*stop.at, message, say("Remove the three dots, or what is below them."))


#: In this order: a tab or an open quote makes the parser say many other things.
_LOOKS: Final[tuple[Callable[[_Stop], Slip | None], ...]] = (
    _directive,
    _tab,
    _quotes,
    _late_quote,
    _brackets,
    _second_colon,
    _lone_text,
    _indentation,
    _bad_beginning,
    _inline_list,
    _no_value,
    _after_the_end,
)


def _quoted(text: str) -> str:
    """Write a text in the quotes that it does not hold itself."""
    short = text if len(text) <= _LONGEST_QUOTE else f"{text[:_LONGEST_QUOTE]}…"
    if '"' not in short and "\\" not in short:
        return f'"{short}"'
    within = short.replace("'", "''")
    return f"'{within}'"


def _above(stop: _Stop) -> int | None:
    """Return the line above the stop that is neither empty nor a remark."""
    for number in range(stop.at.line - 1, -1, -1):
        if stop.lines[number].strip() and not stop.lines[number].lstrip().startswith("#"):
            return number
    return None


def _column(line: str) -> int:
    """Return where the first key or value of a line begins, behind the dash of an entry."""
    blanks = len(line) - len(line.lstrip(" "))
    dashes = _LEADING.match(line, blanks)
    return dashes.end() if dashes is not None else blanks


def _offset(stop: _Stop, at: _Spot) -> int:
    ends = [each.end() for each in _BREAKS.finditer(stop.text)]
    return ([0, *ends])[at.line] + at.column


def _is_closed(text: str, start: int) -> bool:
    """Return whether a bracket has its fellow, whatever is between them."""
    depth = 0
    for each in re.finditer(r"\"(?:[^\"\\]|\\.)*\"|'[^']*'|[{\[}\]]", text[start:], re.DOTALL):
        depth += (each[0] in _FELLOWS) - (each[0] in _FELLOWS.values())
        if depth == 0 and each[0] in _FELLOWS.values():
            return True
    return False


class _Read(NamedTuple):
    """What a parser made of the text above its stop."""

    #: column of each block that is open there, or that the line itself closes because it begins to
    #: the left of it; and whether it is one of entries, not of keys
    blocks: list[tuple[int, bool]]
    #: where the last text in quotes begins and ends
    quoted: tuple[_Spot, _Spot] | None


def _read_so_far(stop: _Stop) -> _Read:
    begun: list[tuple[int, bool]] = []
    closed: list[tuple[int, bool]] = []
    quoted = None
    with suppress(yaml.YAMLError):  # it is that of the stop
        for event in yaml.parse(stop.text, Loader=LOADER):
            start = _mark(event, "start_mark") or _Spot(0, 0)
            if isinstance(event, yaml.CollectionStartEvent):
                begun.append((start.column, isinstance(event, yaml.SequenceStartEvent)))
            elif isinstance(event, yaml.CollectionEndEvent):
                closed.append(begun.pop())
                if start.line != stop.at.line:
                    closed.pop()
            elif isinstance(event, yaml.ScalarEvent) and event.style in {"'", '"'}:
                quoted = start, _mark(event, "end_mark") or start
    return _Read([*closed, *begun], quoted)
