r"""How every command prints data, and how it ends where it cannot go on.

Names, texts and paths come from files of others, and a terminal obeys what is in them: an escape
sequence can clear the screen, name the window or lay a false line over a true one, and a change of
the writing direction shows a name backwards. So while a command runs, everything that is written to
standard output and standard error goes through one place, where such characters are written out as
``\x1b`` or ``\u202e``. Only :class:`Screen` may send a terminal its own colours, because it looks
at each text before it colours it.
"""

from __future__ import annotations

import json
import re
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, NoReturn, TextIO, cast

from rich.console import Console
from rich.segment import Segment

from igate.cli.options import spoken
from igate.errors import IgateError
from igate.words.sentence import said, say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from rich.console import ConsoleOptions, RenderableType
    from rich.text import Text

__all__ = [
    "Screen",
    "as_json_text",
    "fail",
    "guarded",
    "harmless",
    "must_exist",
    "put",
    "read_word",
]

#: Controls but for the line feed and the tab (C0, DEL, C1), what changes the writing direction, and
#: halves of characters, which cannot be written at all.
_HARMFUL: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)


def harmless(text: str) -> str:
    r"""Write out the characters that a terminal would obey.

    >>> harmless("\x1b[31mred") == r"\x1b[31mred", harmless("Sở Y tế\n") == "Sở Y tế\n"
    (True, True)
    """
    return _HARMFUL.sub(_written_out, text)


def _written_out(match: re.Match[str]) -> str:
    number = ord(match[0])
    return f"\\x{number:02x}" if number <= 0xFF else f"\\u{number:04x}"  # noqa: PLR2004 - a byte


def as_json_text(value: object) -> str:
    r"""Return plain data as indented JSON; Vietnamese letters stay as they are.

    What a terminal would obey is escaped as JSON does it, so that a program reads it unchanged.

    >>> as_json_text("\x9b\u202eđ")
    '"\\u009b\\u202eđ"'
    """
    text = json.dumps(value, ensure_ascii=False, indent=2, default=str)
    return _HARMFUL.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


class _Guard:
    """A stream that writes out what a terminal would obey; all else is that of the stream below."""

    def __init__(self, below: TextIO) -> None:
        self.below = below

    def write(self, text: str) -> int:
        """Write a text."""
        self.below.write(harmless(text))
        return len(text)

    def writelines(self, lines: Iterable[str]) -> None:
        """Write several texts."""
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever a stream has
        return getattr(self.below, name)


@contextmanager
def guarded() -> Iterator[None]:
    """Let nothing through to a terminal but what can be read, until the block ends."""
    before = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = (cast("TextIO", _Guard(stream)) for stream in before)
    try:
        yield
    finally:
        sys.stdout, sys.stderr = before


def _below(stream: TextIO) -> TextIO:
    return stream.below if isinstance(stream, _Guard) else stream


class Screen(Console):
    """Prints tables and coloured text; data are no markup, and are made harmless before that."""

    def __init__(self, *, stderr: bool = False) -> None:
        """Print to standard output, or to standard error."""
        stream = _below(sys.stderr if stderr else sys.stdout)
        super().__init__(file=stream, stderr=stderr, markup=False, emoji=False)

    def render_str(self, text: str, **options: Any) -> Text:  # noqa: ANN401 - passed on
        """Make a text of a string, before its width is counted."""
        return super().render_str(harmless(text), **options)

    def render(
        self, renderable: RenderableType, options: ConsoleOptions | None = None
    ) -> Iterable[Segment]:
        """Return the pieces to print; what Rich itself says to the terminal is left as it is."""
        for each in super().render(renderable, options):
            yield each if each.control else Segment(harmless(each.text), each.style)


def put(text: str) -> None:
    """Write a document to standard output, in UTF-8 whatever the terminal has."""
    stream = _below(sys.stdout)
    stream.flush()
    stream.buffer.write(harmless(text).encode())
    stream.buffer.flush()


def fail(message: str, code: int) -> NoReturn:
    """Print a message to the standard error and end with an exit code.

    A sentence is said in the language of the command.

    Raises:
        SystemExit: Always.
    """
    Screen(stderr=True).print(said(message, spoken()), style="bold red", soft_wrap=True)
    raise SystemExit(code)


def read_word(read: Callable[[str], Any], text: str) -> Any:  # noqa: ANN401 - whatever is read
    """Read an argument; a text that cannot be read is a wrong use of the command."""
    try:
        return read(text)
    except IgateError as error:
        fail(error.sentence, 2)


def must_exist(*paths: Path) -> None:
    """End the command as a wrong use of it where a path is not there.

    Raises:
        SystemExit: At least one is missing; the message names all that are.
    """
    missing = [str(path) for path in paths if not path.exists()]
    if missing:
        fail(say("There is no file or folder {missing}.", missing=", ".join(missing)), 2)
