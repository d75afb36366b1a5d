"""Options that several commands of igate share, and the language in which a command speaks."""

from __future__ import annotations

import re
from contextvars import ContextVar
from enum import StrEnum
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, cast

import typer

from igate.words.language import Language, surroundings
from igate.words.sentence import say

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

__all__ = [
    "FilesOption",
    "ForceOption",
    "JsonOption",
    "Lang",
    "LangOption",
    "LayersOption",
    "StrictOption",
    "ask_for",
    "period_of",
    "spoken",
]


class Lang(StrEnum):
    """Language of what is printed or written."""

    VI = "vi"
    EN = "en"


#: What ``--lang`` asked for in the command that runs.
_ASKED: Final[ContextVar[Lang | None]] = ContextVar("igate_lang", default=None)


def spoken() -> Language:
    """Return the language of the running command: that of ``--lang``, else of the surroundings."""
    asked = _ASKED.get()
    return surroundings() if asked is None else asked.value


def period_of(start: datetime | None, end: datetime | None) -> tuple[date, date] | None:
    """Return the days of ``--from`` and ``--to``; nothing where neither is given.

    Raises:
        BadParameter: Only one of the two is given.
    """
    if (start is None) != (end is None):
        raise typer.BadParameter(
            say("Give both --from and --to.").text(spoken()), param_hint="--from"
        )
    return (start.date(), end.date()) if start and end else None


def ask_for(arguments: Iterable[str]) -> None:
    """Speak the language that the last ``--lang`` of the arguments asks for, or none by itself.

    The help of a command and the refusal of its arguments come before ``--lang`` is read.
    """
    own = takewhile(lambda each: each != "--", arguments)
    named = re.findall(r"^--lang[=\n](vi|en)$", "\n".join(own), re.MULTILINE)
    _ASKED.set(Lang(named[-1]) if named else None)


def _default() -> Lang:
    return Lang(surroundings())


def _asked(context: typer.Context, lang: Lang) -> Lang:
    """Take the language of this command, else that of the groups around it."""
    around: typer.Context | None = context
    while around is not None and not _is_given(around):
        around = _parent(around)
    if around is not None and around is not context:
        lang = around.params["lang"]
    if around is not None or not hasattr(context.command, "commands"):
        _ASKED.set(lang)  # a group that was not asked leaves it to the command
    return lang


def _is_given(context: typer.Context) -> bool:
    source = context.get_parameter_source("lang")
    return source is not None and source.name == "COMMANDLINE"


def _parent(context: typer.Context) -> typer.Context | None:
    return cast("typer.Context | None", context.parent)


FilesOption = Annotated[
    list[Path] | None,
    typer.Option("--files", help="Procedure file or folder instead of the shipped catalogue."),
]
LayersOption = Annotated[
    list[Path] | None,
    typer.Option("--layer", help="Layer file of the desk; may be repeated."),
]
ForceOption = Annotated[bool, typer.Option("--force", help="Replace files that are there already.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]
LangOption = Annotated[
    Lang,
    typer.Option(
        "--lang",
        default_factory=_default,
        callback=_asked,
        show_default=False,
        help="Language of the text; without it that of IGATE_LANG or the locale, else English.",
    ),
]
StrictOption = Annotated[
    bool, typer.Option("--strict", help="Refuse to count days that are not announced yet.")
]
