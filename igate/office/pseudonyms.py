"""What is left of people in entries and standings once they are erased.

For a store that keeps entries as they are and changes them; one that keeps people in a table of
their own deletes rows instead.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from msgspec import structs

from igate.dossiers.refusals import APPLICANT
from igate.dossiers.registration import ids, joined
from igate.office.hostdata import ERASED

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from igate.dossiers.dossier import Entry
    from igate.dossiers.standing import Standing

__all__ = ["Pseudonyms"]


class Pseudonyms:
    """Puts what is left of people in the place of their names, the same for the same one."""

    __slots__ = ("_pseudonym", "_seen")

    def __init__(self, pseudonym: Callable[[str], str] | None) -> None:
        """Begin with nobody.

        Args:
            pseudonym: Gives the text that stands for another one; ``None``: that it was erased.
        """
        self._pseudonym = pseudonym
        self._seen: dict[str, str] = {}

    def text(self, text: str) -> str:
        """Return what is left of a text."""
        if not text:
            return ""
        number = len(self._seen) + 1
        gone = f"{ERASED} {number}" if self._pseudonym is None else self._pseudonym(text)
        return self._seen.setdefault(text, gone)

    def entry(self, entry: Entry) -> Entry:
        """Return an entry without the people that it names."""
        if entry.seq == 1:
            entry = structs.replace(entry, facts=MappingProxyType(self._values(entry.facts)))
        if entry.changes:
            entry = structs.replace(entry, changes=MappingProxyType(self._values(entry.changes)))
        if entry.role == APPLICANT:
            entry = structs.replace(entry, actor=self.text(entry.actor), note=self.text(entry.note))
        return entry

    def standing(self, standing: Standing) -> Standing:
        """Return a standing without the applicant's name."""
        return structs.replace(standing, applicant=self.text(standing.applicant))

    def _values(self, values: Mapping[str, Any]) -> dict[str, Any]:
        found = dict(values)
        for name in ("applicant", "applicant_id"):
            if isinstance(found.get(name), str):
                found[name] = self.text(found[name])
        if isinstance(found.get("representatives"), str):
            texts = [self.text(each) for each in ids(found["representatives"])]
            found["representatives"] = joined(texts)
        return found
