"""Why two on-time rates differ: the difference split into causes that add up exactly.

The way from one rate to the other is gone in steps, of which each changes one thing: rows that
only one table has, the registration, the due date, the finish and the state of the dossiers that
both have, then what the definitions do otherwise, and last what they divide. A dossier that a step
moves above or below the line is counted under the cause of that step, so that the counts of all
causes add up to the difference of the counts. A dossier can be moved twice, there and back. The
order of the steps is part of the answer: where two things have changed for one dossier, the earlier
step shows it.

The share of a cause is what it adds to the rate: (above - first rate * below) / second denominator.
The shares add up to the difference of the rates, as fractions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import numpy as np

from igate.errors import FrameError
from igate.law.citation import Label
from igate.law.text import check_language
from igate.metrics.asked import Options, read
from igate.metrics.cells import Moments
from igate.metrics.codes import Codes
from igate.metrics.definitions import definition as find_definition
from igate.metrics.definitions import rate
from igate.metrics.due import Due
from igate.metrics.finish import Finish
from igate.metrics.intake import WITHDRAWN
from igate.metrics.placing import facts_of, judge
from igate.words.figures import number, percent
from igate.words.sentence import say

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from numpy.typing import NDArray

    from igate.calendar import WorkCalendar
    from igate.deadlines.rules import ClockRules
    from igate.law.citation import Language
    from igate.metrics.asked import Reading
    from igate.metrics.definitions import Definition
    from igate.metrics.placing import Facts, Placed
    from igate.metrics.spelling import DateForm
    from igate.procedures.catalog.catalog import Catalog

__all__ = ["CAUSES", "Cause", "Reconciliation", "reconcile"]

#: Why a dossier counts otherwise, in the order of the steps.
CAUSES: Mapping[str, Label] = MappingProxyType(
    {
        "only_in_first": Label(vi="Chỉ có ở bảng thứ nhất", en="Only in the first table"),
        "registration": Label(
            vi="Ngày tiếp nhận hoặc kênh tiếp nhận khác nhau",
            en="Received on another day or by another channel",
        ),
        "no_due_date": Label(
            vi="Một bên không có ngày hẹn trả", en="Without a due date in one of the two"
        ),
        "due_date": Label(vi="Ngày hẹn trả khác nhau", en="Another due date"),
        "withdrawn": Label(
            vi="Hồ sơ rút: ngày kết thúc khác nhau, hoặc tính theo cách khác",
            en="Withdrawn: another finish, or counted otherwise",
        ),
        "reopened": Label(
            vi="Hồ sơ mở lại: ngày kết thúc khác nhau", en="Reopened, with another finish"
        ),
        "finish": Label(vi="Ngày kết thúc khác nhau", en="Another finish"),
        "state": Label(vi="Trạng thái khác nhau", en="Another state"),
        "only_in_second": Label(vi="Chỉ có ở bảng thứ hai", en="Only in the second table"),
        "due_meant": Label(
            vi="Tính theo ngày hẹn trả nào: hiện tại, ban đầu, hay được lùi",
            en="Which due date is meant: promised now, first, or extended",
        ),
        "wait_subtracted": Label(
            vi="Trừ thời gian chờ bổ sung vào ngày kết thúc thay vì lùi ngày hẹn trả",
            en="The wait subtracted from the finish, against a due date that moves",
        ),
        "repeated_requests": Label(
            vi="Yêu cầu bổ sung quá một lần", en="More than one request for a supplement"
        ),
        "date_or_moment": Label(
            vi="So sánh theo ngày, theo buổi hay theo phút",
            en="Dates, half-days or moments compared",
        ),
        "open_overdue": Label(vi="Đang giải quyết, quá hạn", en="In process, overdue"),
        "open_within": Label(vi="Đang giải quyết, trong hạn", en="In process, within time"),
        "solved_late": Label(vi="Giải quyết quá hạn", en="Solved late"),
        "solved_on_time": Label(vi="Giải quyết đúng hạn", en="Solved on time"),
        "solved_early": Label(vi="Giải quyết trước hạn", en="Solved early"),
        "unexplained": Label(
            vi="Không giải thích được: bên thứ hai chỉ có số tổng, không có hồ sơ",
            en="Not explained: the second has totals only, no dossiers",
        ),
    }
)
#: What the formula of a definition does with dossiers of a place, in the words of ``CAUSES``.
_PLACES: Final = {
    "open_overdue": "in_process_overdue",
    "open_within": "in_process_within",
    "solved_late": "solved_late",
    "solved_on_time": "solved_on_time",
    "solved_early": "solved_early",
}
#: What a definition can do otherwise, and its cause.
_JUDGED: Final = (
    ("withdrawn", "withdrawn"),
    ("due", "due_meant"),
    ("finish", "wait_subtracted"),
    ("repeated", "repeated_requests"),
    ("compare", "date_or_moment"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """One part of a difference."""

    #: a name of ``CAUSES``
    name: str
    #: how many dossiers more stand above the line, and below it; negative: fewer
    numerator: int
    denominator: int
    #: what that adds to the rate; ``None`` where one of the two is no rate
    share: Fraction | None
    #: codes of the dossiers that count otherwise
    dossiers: tuple[str, ...]

    @property
    def label(self) -> Label:
        """What the cause is, in words."""
        return CAUSES[self.name]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciliation:
    """Two rates, and why they differ."""

    definitions: tuple[Definition, Definition]
    #: numerator and denominator of the first rate, and of the second
    first: tuple[int, int]
    second: tuple[int, int]
    #: those that change anything, in the order of ``CAUSES``
    causes: tuple[Cause, ...]

    @property
    def difference(self) -> Fraction | None:
        """The second rate less the first; ``None`` where one of them is no rate."""
        if not self.first[1] or not self.second[1]:
            return None
        return Fraction(*self.second) - Fraction(*self.first)

    def text(self, lang: Language) -> str:
        """Return the two rates and what lies between them, a line each.

        Args:
            lang: Language of the causes and of the numbers.

        Raises:
            IgateError: igate does not speak it.
        """
        check_language(lang)
        first, second = (
            f"{chosen.name}: {number(above, lang)} / {number(below, lang)}"
            for chosen, (above, below) in zip(
                self.definitions, (self.first, self.second), strict=True
            )
        )
        return "\n".join([first, *(_said(cause, lang) for cause in self.causes), second])

    def __str__(self) -> str:
        return self.text("en")


def _said(cause: Cause, lang: Language) -> str:
    counts = " / ".join(
        f"{'-' if count < 0 else '+'}{number(abs(count), lang)}"
        for count in (cause.numerator, cause.denominator)
    )
    share = ""
    if cause.share is not None:
        share = f" ({'-' if cause.share < 0 else '+'}{percent(abs(float(cause.share)), lang)})"
    return f"  {counts}{share} {cause.label.text(lang)}"


def reconcile(
    first: str | Definition,
    second: str | Definition,
    frame: Any,  # noqa: ANN401 - any frame that settlement takes
    other: Any = None,  # noqa: ANN401 - the same, or counts by name
    *,
    period: tuple[date, date] | None = None,
    as_of: date,
    calendar: WorkCalendar | None = None,
    rules: ClockRules | str | None = None,
    columns: Mapping[str, str] | None = None,
    other_columns: Mapping[str, str] | None = None,
    catalog: Catalog | None = None,
    dates: DateForm | Mapping[str, DateForm] = "iso",
    values: Mapping[str, Mapping[str, str | Sequence[str]]] | None = None,
    zone: str | None = None,
) -> Reconciliation:
    """Split the difference of two on-time rates into causes.

    Args:
        first: Definition of the first rate, of ``frame``.
        second: Definition of the second rate: of ``other``, or of ``frame`` where there is none.
        frame: As for ``settlement``.
        other: Another table of the same dossiers, such as an export of another system, matched by
            code; or counts by name, such as a published row, of which only the totals are known.
        period: As for ``settlement``.
        as_of: As for ``settlement``.
        calendar: As for ``settlement``.
        rules: As for ``settlement``.
        columns: As for ``settlement``, of ``frame``.
        other_columns: The same of ``other``.
        catalog: As for ``settlement``.
        dates: As for ``settlement``, of both.
        values: As for ``settlement``, of both.
        zone: As for ``settlement``, of both.

    Returns:
        Both rates and the causes. Numerators, denominators and shares of the causes add up exactly
        to the difference.

    Raises:
        FrameError: A table cannot be counted, or a count is missing.
        IgateError: There is no such definition.
    """
    one, two = find_definition(first), find_definition(second)
    options = Options.of(
        period=period,
        as_of=as_of,
        calendar=calendar,
        rules=rules,
        columns=columns,
        catalog=catalog,
        dates=dates,
        values=values,
        zone=zone,
    )
    steps = _Steps(read(frame, (), options))
    steps.begin(one)
    if other is not None and not isinstance(other, Mapping):
        theirs = replace(options, columns=other_columns, keyword="other_columns")
        steps.to_table(read(other, (), theirs), one)
    steps.to_definition(one, two)
    above, below = steps.sums
    if isinstance(other, Mapping):
        stated = _stated(other, two)
        steps.note("unexplained", stated[0] - above, stated[1] - below, ())
        above, below = stated
    return _composed((one, two), steps, (above, below))


def _stated(counts: Mapping[str, Any], chosen: Definition) -> tuple[int, int]:
    rate(counts, chosen)  # refuses a count that is missing or no whole number
    above = sum(int(counts[name]) for name in chosen.numerator)
    return above, sum(int(counts[name]) for name in chosen.denominator)


def _composed(
    definitions: tuple[Definition, Definition], steps: _Steps, last: tuple[int, int]
) -> Reconciliation:
    first = steps.first
    causes = []
    for name in CAUSES:
        if name not in steps.found:
            continue
        above, below, dossiers = steps.found[name]
        share = None
        if first[1] and last[1]:
            share = (above - Fraction(*first) * below) / last[1]
        causes.append(
            Cause(
                name=name,
                numerator=above,
                denominator=below,
                share=share,
                dossiers=tuple(dict.fromkeys(dossiers)),
            )
        )
    return Reconciliation(definitions=definitions, first=first, second=last, causes=tuple(causes))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Lines:
    """How often each dossier stands above the line and below it, int64."""

    above: NDArray[np.int64]
    below: NDArray[np.int64]

    @classmethod
    def of(cls, placed: Placed, chosen: Definition) -> _Lines:
        counts = placed.counts()
        sides = np.zeros((2, len(placed.member)), dtype=np.int64)
        for side, names in enumerate((chosen.numerator, chosen.denominator)):
            for name in names:
                sides[side] += counts[name]
        return cls(above=sides[0], below=sides[1])

    def at(self, rows: NDArray[np.intp] | NDArray[np.bool_]) -> _Lines:
        return _Lines(above=self.above[rows], below=self.below[rows])

    @property
    def sums(self) -> tuple[int, int]:
        return int(self.above.sum()), int(self.below.sum())


class _Steps:
    """Goes from one rate to the other and notes what each step changes."""

    def __init__(self, reading: Reading) -> None:
        """Begin with the first table."""
        self._reading = reading
        self.first = (0, 0)
        #: by cause: what it adds above and below the line, and the codes
        self.found: dict[str, tuple[int, int, tuple[str, ...]]] = {}

    @property
    def sums(self) -> tuple[int, int]:
        """What stands above and below the line after the steps so far."""
        above, below = self.first
        return (
            above + sum(each[0] for each in self.found.values()),
            below + sum(each[1] for each in self.found.values()),
        )

    def begin(self, chosen: Definition) -> None:
        """Count the first table."""
        self.first = _Lines.of(self._reading.placed(chosen), chosen).sums

    def note(self, name: str, above: int, below: int, codes: Sequence[str]) -> None:
        """Add to a cause; what changes nothing is none."""
        if above or below or codes:
            known = self.found.get(name, (0, 0, ()))
            self.found[name] = (known[0] + above, known[1] + below, (*known[2], *codes))

    def _moved(
        self, causes: NDArray[Any], before: _Lines, after: _Lines, codes: Sequence[str] | Codes
    ) -> None:
        """Note the dossiers that a step has moved, each under its cause."""
        rows = np.flatnonzero((before.above != after.above) | (before.below != after.below))
        for name in dict.fromkeys(causes[rows].tolist()):
            own = rows[causes[rows] == name]
            above = int((after.above[own] - before.above[own]).sum())
            below = int((after.below[own] - before.below[own]).sum())
            self.note(name, above, below, _named(codes, own))

    # -- from one table to another ----------------------------------------------------------------

    def to_table(self, other: Reading, chosen: Definition) -> None:
        """Go on to another table, judged by the same definition."""
        mine, yours = (_all_facts(each, chosen) for each in (self._reading, other))
        days, codes = self._reading.days, self._reading.intake.codes.texts()
        pairs = _pairs(codes, other.intake.codes.texts())
        lines = _Lines.of(judge(mine, days), chosen)
        alone = np.ones(len(codes), dtype=bool)
        alone[pairs[0]] = False
        self._leave("only_in_first", lines, alone, codes, sign=-1)
        now, aim = _taken(mine, pairs[0]), _taken(yours, pairs[1])
        steps = (
            ("registration", replace(now, received=aim.received, online=aim.online)),
            ("due_date", replace(now, received=aim.received, online=aim.online, due=aim.due)),
            ("finish", replace(aim, still=now.still, spared=now.spared, left_out=now.left_out)),
            ("state", aim),
        )
        before, shared = lines.at(pairs[0]), [codes[row] for row in pairs[0].tolist()]
        special = self._special(other, pairs, now, aim)
        for name, facts in steps:
            after = _Lines.of(judge(facts, days), chosen)
            self._moved(special[name], before, after, shared)
            before = after
        self._reading = other
        others = other.intake.codes.texts()
        added = np.ones(len(others), dtype=bool)
        added[pairs[1]] = False
        lines = _Lines.of(judge(yours, days), chosen)
        self._leave("only_in_second", lines, added, others, sign=1)

    def _leave(
        self, name: str, lines: _Lines, rows: NDArray[np.bool_], codes: Sequence[str], *, sign: int
    ) -> None:
        """Take rows away, or add them."""
        counted = rows & ((lines.above != 0) | (lines.below != 0))
        above, below = lines.at(counted).sums
        named = [codes[row] for row in np.flatnonzero(counted).tolist()]
        self.note(name, sign * above, sign * below, named)

    def _special(
        self, other: Reading, pairs: _Pairs, now: Facts, aim: Facts
    ) -> dict[str, NDArray[Any]]:
        """Name the cause of each matched dossier in each step."""
        many = len(pairs[0])
        named = {"registration": np.full(many, "registration", dtype=object)}
        # what a definition does with a withdrawal it does where the state says so
        otherwise = (now.spared != aim.spared) | (now.left_out != aim.left_out)
        named["state"] = np.where(otherwise, "withdrawn", "state").astype(object)
        without = now.due.present != aim.due.present
        named["due_date"] = np.where(without, "no_due_date", "due_date").astype(object)
        withdrawn = np.zeros(many, dtype=bool)
        again = np.zeros(many, dtype=bool)
        for reading, rows in ((self._reading, pairs[0]), (other, pairs[1])):
            withdrawn |= reading.intake.status[rows] == WITHDRAWN
            often = reading.intake.text("reopened")
            again |= often.flag(lambda text: (text or "0").removesuffix(".0") != "0")[rows]
        named["finish"] = np.where(
            withdrawn, "withdrawn", np.where(again, "reopened", "finish")
        ).astype(object)
        return named

    # -- from one definition to another -----------------------------------------------------------

    def to_definition(self, one: Definition, two: Definition) -> None:
        """Go on to another definition of the same table."""
        now, placed, codes = one, self._reading.placed(one), self._reading.intake.codes
        before = _Lines.of(placed, one)
        for name, cause in _JUDGED:
            if getattr(now, name) == getattr(two, name):
                continue
            now = replace(now, **{name: getattr(two, name)})
            placed = self._reading.placed(now)
            after = _Lines.of(placed, one)
            self._moved(np.full(len(before.above), cause, dtype=object), before, after, codes)
            before = after
        counts = placed.counts()
        places = np.full(len(before.above), "", dtype=object)
        for cause, count in _PLACES.items():
            places[counts[count]] = cause
        self._moved(places, before, _Lines.of(placed, two), codes)


_Pairs: TypeAlias = "tuple[NDArray[np.intp], NDArray[np.intp]]"


def _named(codes: Sequence[str] | Codes, rows: NDArray[np.intp]) -> list[str]:
    return codes.at(rows).texts() if isinstance(codes, Codes) else [codes[row] for row in rows]


def _all_facts(reading: Reading, chosen: Definition) -> Facts:
    """Return what decides the place of every dossier that was received by the last day."""
    intake, days = reading.intake, reading.days
    members = intake.received.days <= np.datetime64(days.last, "D").astype(np.int64)
    return facts_of(intake, members, days, reading.law, chosen)


def _pairs(mine: Sequence[str], yours: Sequence[str]) -> _Pairs:
    """Return the rows of the dossiers that both tables have.

    Raises:
        FrameError: There is none.
    """
    place = {code: row for row, code in enumerate(yours)}
    pairs = [(row, place[code]) for row, code in enumerate(mine) if code in place]
    if not pairs and mine and yours:
        raise FrameError(
            say("The two tables have no dossier in common."),
            why=say(
                "Dossiers are matched by code, such as {mine!r} and {yours!r}.",
                mine=mine[0],
                yours=yours[0],
            ),
            fix=say(
                "Map the column that holds the same code in both: columns= and other_columns=."
            ),
        )
    both = np.array(pairs, dtype=np.intp).reshape(-1, 2)
    return both[:, 0], both[:, 1]


def _taken(facts: Facts, rows: NDArray[np.intp]) -> Facts:
    """Return the facts of some dossiers, by position."""

    def moments(each: Moments) -> Moments:
        return Moments(minutes=each.minutes[rows], present=each.present[rows])

    return replace(
        facts,
        received=moments(facts.received),
        finished=moments(facts.finished),
        online=facts.online[rows],
        due=Due(minutes=facts.due.minutes[rows], present=facts.due.present[rows]),
        finish=Finish(
            minutes=facts.finish.minutes[rows],
            unit=facts.finish.unit[rows],
            failed=facts.finish.failed[rows],
        ),
        still=facts.still[rows],
        spared=facts.spared[rows],
        left_out=facts.left_out[rows],
    )
