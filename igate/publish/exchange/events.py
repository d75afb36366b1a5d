"""What an event log says of an entry of a journal, beside its action and its moments."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from igate.dossiers.dossier import Entry

__all__ = ["EVENT_ATTRIBUTES", "mark_of"]


def mark_of(entry: Entry) -> str:
    """Return what an entry did to the clock, as a word that a map of a log can name."""
    return f"{entry.clock or 'none'} {entry.reason}".strip()


def _actor(entry: Entry) -> str:
    """Return who acted for an agency; a citizen, who acts for none, is not named."""
    return entry.actor if entry.agency else ""


#: The attributes by name; an empty text is left out.
EVENT_ATTRIBUTES: Final[Mapping[str, Callable[[Entry], str]]] = MappingProxyType(
    {
        "actor": _actor,
        "role": lambda entry: entry.role,
        "agency": lambda entry: entry.agency,
        "source": lambda entry: entry.source or "",
        "target": lambda entry: entry.target,
        "mark": mark_of,
    }
)
