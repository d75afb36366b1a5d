"""Which of the two languages is spoken: what the surroundings of a program ask for."""

from __future__ import annotations

import os
import re
from typing import Final, Literal

__all__ = ["DEFAULT", "Language", "language_of", "surroundings"]

Language = Literal["vi", "en"]

#: The language where the surroundings ask for none.
DEFAULT: Final[Language] = "en"
#: Where the surroundings say which language they want, the first that speaks counts.
_ASKED: Final = ("LC_ALL", "LC_MESSAGES", "LANG")


def language_of(name: str) -> Language | None:
    """Return the language that a name of a locale asks for, where igate speaks it.

    >>> language_of("vi_VN.UTF-8"), language_of("en"), language_of("C"), language_of("fr_FR")
    ('vi', 'en', None, None)
    """
    spoken = re.split("[_.@-]", name.lower(), maxsplit=1)[0]
    return "vi" if spoken == "vi" else "en" if spoken == "en" else None


def surroundings() -> Language:
    """Return the language that the surroundings ask for.

    ``IGATE_LANG`` comes first, then the first of ``LC_ALL``, ``LC_MESSAGES`` and ``LANG`` that is
    set, as POSIX has it; :data:`DEFAULT` where none asks for a language that igate speaks.
    """
    own = language_of(os.environ.get("IGATE_LANG", ""))
    asked = next((value for name in _ASKED if (value := os.environ.get(name))), "")
    return own or language_of(asked) or DEFAULT
