"""Periods of validity and values by period.

A period is ``[start, end)``: the start is inside, the end is not. ``end=None`` means still in
force; ``start=None`` means that the start is not known, never that there is none.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Generic, TypeVar

from igate.errors import TimelineError
from igate.law.localtime import not_a_day
from igate.words.sentence import beside, say, together

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from igate.words.sentence import Sentence

__all__ = ["Period", "Timeline"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """Days on which something is in force: ``start`` inclusive, ``end`` exclusive.

    >>> from datetime import date
    >>> date(2026, 8, 5) in Period(start=date(2026, 8, 5), end=None)
    True
    """

    #: first day inside; ``None``: not known, counted as earlier than any day asked for
    start: date | None
    #: first day outside; ``None``: still in force
    end: date | None = None

    def __post_init__(self) -> None:
        if self.start is not None and self.end is not None and self.start >= self.end:
            raise TimelineError(
                say("The period {period} is empty.", period=self.sentence),
                why=say("Its end is exclusive and must come after its start."),
            )

    def __contains__(self, day: date) -> bool:
        return (self.start is None or self.start <= day) and (self.end is None or day < self.end)

    def __str__(self) -> str:
        return f"[{self.start or 'unknown'}, {self.end or 'open'})"

    @property
    def sentence(self) -> Sentence:
        """The period as messages write it, in Vietnamese as a decree does: the end is outside.

        >>> from datetime import date
        >>> Period(start=date(2025, 11, 27), end=date(2027, 1, 1)).sentence.text("vi")
        'từ 27/11/2025 đến trước ngày 01/01/2027'
        """
        since = "" if self.start is None else f"từ {self.start:%d/%m/%Y}"
        until = "" if self.end is None else f" đến trước ngày {self.end:%d/%m/%Y}"
        return beside(en=str(self), vi=f"{since or 'chưa rõ từ ngày nào'}{until}")

    def overlaps(self, other: Period) -> bool:
        """Return whether some day lies in both periods; the end of a period is outside it.

        Args:
            other: Another period.

        >>> from datetime import date
        >>> first = Period(start=date(2025, 1, 1), end=date(2026, 1, 1))
        >>> first.overlaps(Period(start=date(2026, 1, 1)))
        False
        """
        ends_first = self.end is not None and other.start is not None and self.end <= other.start
        starts_after = other.end is not None and self.start is not None and other.end <= self.start
        return not (ends_first or starts_after)


class Timeline(Generic[T]):
    """Values by period, in order of time, without overlap.

    >>> from datetime import date
    >>> Timeline([(Period(start=date(2025, 7, 1)), "118/2025")]).on(date(2026, 1, 1))
    '118/2025'
    """

    __slots__ = ("_blocks",)

    def __init__(self, blocks: Sequence[tuple[Period, T]]) -> None:
        """Check that the blocks are in order and do not overlap.

        Raises:
            TimelineError: Two blocks overlap or are in the wrong order; both are named.
        """
        for (earlier, first), (later, second) in pairwise(blocks):
            if earlier.overlaps(later):
                raise TimelineError(
                    say(
                        "{first} {earlier} and {second} {later} overlap.",
                        first=first,
                        earlier=earlier.sentence,
                        second=second,
                        later=later.sentence,
                    ),
                    why=say("On a day inside both, it would be unclear which one is in force."),
                    fix=say(
                        "Close the earlier one with an end on or before the later one's start."
                    ),
                )
            if later.start is None or (earlier.start is not None and later.start < earlier.start):
                raise TimelineError(
                    say(
                        "{second} {later} comes after {first} {earlier}.",
                        second=second,
                        later=later.sentence,
                        first=first,
                        earlier=earlier.sentence,
                    ),
                    fix=say("Put the blocks in order of time."),
                )
        self._blocks: tuple[tuple[Period, T], ...] = tuple(blocks)

    def on(self, day: date) -> T | None:
        """Return the value in force on a day, or ``None`` where no block covers it.

        Args:
            day: A calendar day. The first day of a block is inside it, its last one (``end``) is
                not.

        Raises:
            MomentError: It is no day, such as a text or a moment.
        """
        try:
            for period, value in reversed(self._blocks):
                if day in period:
                    return value
        except TypeError as error:
            raise not_a_day(day) from error
        return None

    @property
    def periods(self) -> Sentence:
        """All periods, as messages write them."""
        return together(*(period.sentence for period, _ in self._blocks), between=", ")

    def __iter__(self) -> Iterator[tuple[Period, T]]:
        return iter(self._blocks)

    def __len__(self) -> int:
        return len(self._blocks)

    def __eq__(self, other: object) -> bool:
        return self._blocks == other._blocks if isinstance(other, Timeline) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._blocks)

    def __repr__(self) -> str:
        return f"Timeline({list(self._blocks)!r})"
