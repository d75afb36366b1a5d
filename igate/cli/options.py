"""Options that several commands of igate share, and the language in which a command speaks."""

from __future__ import annotations

from contextvars import ContextVar
from enum import StrEnum
from typing import Annotated, Final

import typer

from igate.words.language import Language, surroundings

__all__ = ["ForceOption", "JsonOption", "Lang", "LangOption", "StrictOption", "spoken"]


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


def _default() -> Lang:
    return Lang(surroundings())


def _asked(lang: Lang) -> Lang:
    _ASKED.set(lang)
    return lang


ForceOption = Annotated[bool, typer.Option("--force", help="Replace files that are there already.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]
LangOption = Annotated[
    Lang,
    typer.Option(
        "--lang",
        default_factory=_default,
        callback=_asked,
        help="Language of the text; without it that of IGATE_LANG or the locale, else English.",
    ),
]
StrictOption = Annotated[
    bool, typer.Option("--strict", help="Refuse to count days that are not announced yet.")
]
