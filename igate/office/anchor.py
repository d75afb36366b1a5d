"""The anchor of a store: what its journals were on a day, in one line that is published elsewhere.

Seals show a change in the middle of a journal. They do not show a journal that was cut, rewritten
from some entry on with new seals, or deleted whole: for that somebody else must hold what the last
seals were. An anchor is that: a line with one hash, and a file that lists what the hash is of.
"""

from __future__ import annotations

import re
from datetime import date
from hashlib import sha256
from typing import TYPE_CHECKING, Final, Self

from msgspec import Struct

from igate.errors import JournalError
from igate.office.sql.rows import Names, entry_row, seal
from igate.words.sentence import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from igate.dossiers.dossier import Entry

__all__ = ["Anchor", "Anchored", "head_of"]

_LINE: Final = re.compile(
    r"igate-anchor 1 (?P<day>\d{4}-\d{2}-\d{2}) dossiers=(?P<dossiers>\d+) "
    r"entries=(?P<entries>\d+) sha256=(?P<hash>[0-9a-f]{64})"
)
_ROW: Final = re.compile(r"(?P<code>\S+) (?P<seq>[1-9]\d*) (?P<head>[0-9a-f]{64})")


def head_of(journal: Iterable[Entry]) -> str:
    """Return the seal of the last entry of a journal, worked out from its entries.

    It is the seal that a database keeps with that entry, so that what is derived from journals,
    such as a report, can say which they were, in a store without seals as well.
    """
    names, head = Names(), ""
    for entry in journal:
        head = seal(head, entry_row(entry, names))
    return head


class Anchored(Struct, frozen=True):
    """A dossier as it was when it was anchored."""

    code: str
    #: number of its last entry, and the seal of that
    seq: int
    head: str


class Anchor(Struct, frozen=True, kw_only=True):
    """What the journals of a store were on a day.

    >>> anchor = Anchor.of([("H15-260302-0001", 2, "0" * 64)], day=date(2026, 3, 2))
    >>> anchor.line[:-60]
    'igate-anchor 1 2026-03-02 dossiers=1 entries=2 sha256=6577'
    >>> Anchor.read(anchor.text) == anchor
    True
    """

    day: date
    #: by code
    dossiers: Mapping[str, Anchored]

    @classmethod
    def of(cls, heads: Iterable[tuple[str, int, str]], *, day: date) -> Self:
        """Take the anchor of a store.

        Args:
            heads: Code of each dossier, number of its last entry, and the seal of that.
            day: The day that the anchor names.

        Raises:
            JournalError: A dossier has no seal, or its code is none.
        """
        rows = {}
        for code, seq, head in sorted(heads):
            if _ROW.fullmatch(f"{code} {seq} {head}") is None:
                raise JournalError(
                    say(
                        "The dossier {code!r} cannot be anchored: it ends at entry {seq!r} "
                        "with the seal {head!r}.",
                        code=code,
                        seq=seq,
                        head=head,
                    ),
                    why=say("An anchor of damaged rows would prove the damage."),
                    fix=say("Run igate journal verify, and restore the database from a copy."),
                )
            rows[code] = Anchored(code, seq, head)
        return cls(day=day, dossiers=rows)

    @property
    def body(self) -> str:
        """The lines that the hash is of: code, number and seal of each dossier, by code."""
        rows = [f"{each.code} {each.seq} {each.head}\n" for each in self.dossiers.values()]
        return "".join(rows)

    @property
    def entries(self) -> int:
        """Number of entries of all journals."""
        return sum(each.seq for each in self.dossiers.values())

    @property
    def line(self) -> str:
        """The line that is published: the same for the same journals and day."""
        digest = sha256(self.body.encode()).hexdigest()
        return (
            f"igate-anchor 1 {self.day} dossiers={len(self.dossiers)} entries={self.entries} "
            f"sha256={digest}"
        )

    @property
    def text(self) -> str:
        """The file that is kept: the line, then what its hash is of."""
        return f"{self.line}\n{self.body}"

    @classmethod
    def read(cls, text: str) -> Self:
        """Read what :attr:`text` gave.

        Raises:
            JournalError: It is no anchor, or its lines are not those that its first line is of.
        """
        first, _, body = text.partition("\n")
        head = _LINE.fullmatch(first)
        rows = [_ROW.fullmatch(line) for line in body.splitlines()]
        if head is None or None in rows:
            raise _damaged(say("It has a line that no anchor has."))
        found = [(row["code"], int(row["seq"]), row["head"]) for row in rows if row]
        try:
            anchor = cls.of(found, day=date.fromisoformat(head["day"]))
        except ValueError as error:
            raise _damaged(say("The day is none.")) from error
        if anchor.text != text:
            raise _damaged(say("Its first line is of other lines."))
        return anchor


def _damaged(why: str) -> JournalError:
    return JournalError(
        say("This is not a file of igate journal anchor, or it was changed."),
        why=why,
        fix=say(
            "Fetch the file again from where it was put, and compare its first line with "
            "the one that was published."
        ),
    )
