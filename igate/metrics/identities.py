"""The sums that form II.06a must satisfy, and published counts that are held to them.

What was received is what was solved and what is still in process, and each of the three is the sum
of its parts. Published tables often have some of the counts only; every sum of which all counts are
there is checked, those too in which a total is written out by its parts.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, SupportsInt

from igate.errors import FrameError
from igate.metrics.definitions import COUNTS
from igate.metrics.refusal import suggest
from igate.words.sentence import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["IDENTITIES", "Sum", "identity"]

#: Each total of the form and the counts that make it up.
IDENTITIES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("received_total", ("solved_total", "in_process_total")),
    ("received_total", ("received_online", "received_counter_post", "carried_over")),
    ("solved_total", ("solved_early", "solved_on_time", "solved_late")),
    ("in_process_total", ("in_process_within", "in_process_overdue")),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    """One total beside the sum of its parts."""

    total: str
    parts: tuple[str, ...]
    #: what the table says
    stated: int
    #: what its parts add up to
    added: int

    @property
    def difference(self) -> int:
        """How much more the parts add up to than the total says; negative: less."""
        return self.added - self.stated

    @property
    def holds(self) -> bool:
        """Whether the total is the sum of its parts."""
        return self.difference == 0

    def __str__(self) -> str:
        sign = "=" if self.holds else "≠"
        said = f"{self.total} {self.stated:,} {sign} {' + '.join(self.parts)} {self.added:,}"
        return said if self.holds else f"{said} ({self.difference:+,})"


def identity(counts: Mapping[str, object]) -> tuple[Sum, ...]:
    """Hold published counts to the sums of form II.06a (Thông tư 01/2020/TT-VPCP).

    Args:
        counts: Counts by igate's names; other names are left aside, and so are counts that are
            ``None``.

    Returns:
        Every sum of which all counts are there, in the order of the form.

    Raises:
        FrameError: A count is no whole number, or no sum can be checked.

    >>> published = {"received_total": 120, "solved_total": 100, "in_process_total": 8}
    >>> [str(each) for each in identity(published)]
    ['received_total 120 ≠ solved_total + in_process_total 108 (-12)']
    """
    known = {name: _whole(name, counts[name]) for name in COUNTS if counts.get(name) is not None}
    found = dict.fromkeys(
        (total, parts)
        for total, written in _written_out()
        for parts in written
        if total in known and all(part in known for part in parts)
    )
    if not found:
        raise FrameError(
            say(
                "Nothing can be added up from {counts}.",
                counts=", ".join(map(str, counts)) or say("no counts"),
            ),
            why=say("A sum is checked where its total and all of its parts are there."),
            fix=suggest("received_total", COUNTS, say("The counts are")),
        )
    return tuple(
        Sum(
            total=total,
            parts=parts,
            stated=known[total],
            added=sum(known[part] for part in parts),
        )
        for total, parts in found
    )


def _written_out() -> Iterator[tuple[str, list[tuple[str, ...]]]]:
    """Return each identity with its parts as they are, and written out by their own parts."""
    inner = {total: parts for total, parts in IDENTITIES if total != "received_total"}
    for total, parts in IDENTITIES:
        ways = [((part,), inner[part]) if part in inner else ((part,),) for part in parts]
        yield total, [tuple(name for way in each for name in way) for each in product(*ways)]


def _whole(name: str, value: object) -> int:
    number = None
    if isinstance(value, SupportsInt) and not isinstance(value, bool | str):
        # not a number, and infinity, are no whole numbers
        with suppress(ValueError, OverflowError):
            number = int(value)
    if number is None or number != value or number < 0:
        raise FrameError(
            say("The count {name!r} is {value!r}.", name=name, value=value),
            why=say("Dossiers are counted in whole numbers from 0."),
            fix=say("Write the number without separators."),
        )
    return number
