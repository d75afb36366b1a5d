"""What has aged: files that nobody has compared with the law for long, and lapsed instruments.

Whether a file is too old depends on today, which only the caller knows. That a revision cites an
instrument that had lapsed before the revision began does not.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from igate.errors import CitationError
from igate.files.fault import Fault
from igate.law.citation import Citation
from igate.words.sentence import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from igate.files.yaml import KeyPath, Value, YamlFile
    from igate.procedures.procedure import Procedure

__all__ = ["Staleness", "citation_faults"]


class _Lapse(NamedTuple):
    """When an instrument on the one-stop lapsed, what replaced it, and where that says so."""

    since: date
    by: str
    unit: str

    @property
    def under(self) -> str:
        """What ended the instrument, as it is cited."""
        return f"{self.by}, {self.unit}"


#: Taken from the closing articles of what replaced them, which say both the day and the instrument.
_LAPSED: Final[Mapping[str, _Lapse]] = {
    "09/2015/QĐ-TTg": _Lapse(date(2018, 6, 21), "Nghị định 61/2018/NĐ-CP", "Điều 40"),
    "61/2018/NĐ-CP": _Lapse(date(2025, 7, 1), "Nghị định 118/2025/NĐ-CP", "Điều 40 khoản 1"),
    "107/2021/NĐ-CP": _Lapse(date(2025, 7, 1), "Nghị định 118/2025/NĐ-CP", "Điều 40 khoản 1"),
    "42/2022/NĐ-CP": _Lapse(date(2026, 7, 1), "Nghị định 224/2026/NĐ-CP", "Điều 90 khoản 2 điểm b"),
}
#: Keys of a revision under which instruments are cited.
_CITED: Final = frozenset({"citation", "legal_basis"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Staleness:
    """What counts as stale.

    >>> Staleness(days=365, today=date(2026, 11, 21)).oldest
    datetime.date(2025, 11, 21)
    """

    #: a file may have been compared with the law this many days ago at most
    days: int
    today: date

    @property
    def oldest(self) -> date:
        """The earliest day of comparison that is not stale."""
        return self.today - timedelta(days=self.days)

    def check_faults(self, procedure: Procedure) -> Iterator[Fault]:
        """Find a file that was last compared with the law before the day ``oldest``.

        Args:
            procedure: What the file says; ``checked_on`` is looked at.

        Returns:
            One fault ``stale-check``, or none.
        """
        if procedure.checked_on < self.oldest:
            age = (self.today - procedure.checked_on).days
            yield Fault(
                "stale-check",
                ("checked_on",),
                say(
                    "The file was last compared with the law on {checked_on}, {age} days "
                    "before {today}.",
                    checked_on=procedure.checked_on,
                    age=age,
                    today=self.today,
                ),
                say("Compare it again, and write the day."),
            )


def citation_faults(
    read: YamlFile, procedure: Procedure, staleness: Staleness | None = None
) -> Iterator[Fault]:
    """Find instruments that have lapsed, cited by a rule or named as the legal basis.

    Args:
        read: The file.
        procedure: What it says.
        staleness: Where given, a revision in force today is held against what has lapsed since it
            began; without it, only against what had lapsed when it began.
    """
    data = read.data if isinstance(read.data, dict) else {}
    written = data.get("revisions")
    for index, (period, _) in enumerate(procedure.revisions):
        day = period.start
        if staleness is not None and staleness.today in period:
            day = staleness.today
        if day is not None and isinstance(written, list):
            yield from _lapsed(written[index], ("revisions", index), day)


def _lapsed(value: Value, path: KeyPath, day: date, *, cited: bool = False) -> Iterator[Fault]:
    if isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _lapsed(inner, (*path, index), day, cited=cited)
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _lapsed(inner, (*path, key), day, cited=key in _CITED)
    elif cited and isinstance(value, str):
        yield from _lapsed_citation(value, path, day)


def _lapsed_citation(text: str, path: KeyPath, day: date) -> Iterator[Fault]:
    number = _number(text)
    lapse = _LAPSED.get(number)
    if lapse is not None and lapse.since <= day:
        yield Fault(
            "stale-citation",
            path,
            say(
                "{number} lapsed on {since} under {under}, and the revision is in force on {day}.",
                number=number,
                since=lapse.since,
                under=lapse.under,
                day=day,
            ),
            say("Cite {by}, or what else has taken its place.", by=lapse.by),
        )


def _number(text: str) -> str:
    try:
        return Citation.parse(text).number
    except CitationError:  # the shape of the file has been checked, so this is no citation at all
        return ""
