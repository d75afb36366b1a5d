"""The rows of a process, read one by one.

A row without a number is a further actor of the step above, with a time of its own; so is each
line of a cell that lists several. Marks of lists are no part of texts and actors. Where no row has
a number, each is a step. A step without a time, or with one that is not a single length, is
reported and the process refused: a time that was guessed would be wrong without a sign.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from igate.errors import TimeLimitError
from igate.importing.actors import in_one_line, without_mark
from igate.importing.bounds import MOST_STEPS, exceeded
from igate.importing.faults import ImportFault
from igate.importing.headings import heading_unit, is_step_label, label_of
from igate.importing.times import is_bare_number, read_step_time
from igate.words.sentence import say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from igate.deadlines.limits import TimeLimit
    from igate.errors import Place
    from igate.importing.faults import FaultCode
    from igate.importing.headings import Segment, StepLabel
    from igate.importing.tables import Row

__all__ = ["RowStep", "StepRows", "read_rows"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RowStep:
    """A step, or one of its actors, as its row gives it, before roles and phases are read."""

    #: of its row
    place: Place
    #: as printed, e.g. "Bước 3"
    printed: str
    content: str
    actor: str
    time: str
    limit: TimeLimit | None
    #: whether the time could be read
    readable: bool = True
    heading: str = ""
    #: the number that the row gives itself; ``None`` where it has none
    label: StepLabel | None = None
    #: whether it is a further actor of the step above
    further: bool = False
    #: all that the row says but number and time, where a way to another step may be written: the
    #: content with its lines first
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRows:
    """The steps of a process and what was noticed."""

    steps: tuple[RowStep, ...]
    faults: tuple[ImportFault, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """One actor with one time."""

    content: str
    actor: str
    time: str
    words: tuple[str, ...]


def read_rows(segment: Segment) -> StepRows:
    """Read the steps of a process.

    Raises:
        IgateError: It has more than any process has.
    """
    reader = _Reader(segment)
    for row in segment.rows:
        reader.read(row)
    return StepRows(steps=tuple(reader.steps), faults=tuple(reader.faults))


class _Reader:
    """Goes down the rows; a row may lean on the one above."""

    def __init__(self, segment: Segment) -> None:
        self._segment = segment
        self._columns = segment.columns
        self._unit = heading_unit(segment.heading.cell(segment.columns.time).line)
        self._heading = ""
        #: number of the step above; ``None`` where a list begins
        self._label: StepLabel | None = None
        #: whether a step above, in the same list, has a number
        self._numbered = False
        self.steps: list[RowStep] = []
        self.faults: list[ImportFault] = []

    def read(self, row: Row) -> None:
        """Read a row."""
        if row.is_single and not is_step_label(row.cells[0].line):
            self._heading = row.cells[0].line
            self._label, self._numbered = None, False
            self._fault("sub-heading", row, text=self._heading)
            return
        shown = row.cell(self._columns.step).line
        label, further = label_of(shown), not shown and self._numbered
        printed = self._printed(shown, further=further)
        if label is not None:
            self._compare(row, printed, label)
        self._numbered = self._numbered or bool(shown)
        for line in self._lines(row, printed):
            self._add(row, printed, line, label=None if further else label, further=further)
            further = True

    def _printed(self, shown: str, *, further: bool) -> str:
        """Return the number of the step as printed; of a further actor, that of the step above."""
        if further:
            return self.steps[-1].printed
        if not shown:
            return f"Bước {1 + sum(not step.further for step in self.steps)}"
        return f"Bước {shown.rstrip('.')}" if shown[0].isdigit() else shown

    def _compare(self, row: Row, shown: str, label: StepLabel) -> None:
        """Compare the number of a step with the one above."""
        follows = label.after(self._label)
        if follows == "same":
            self._fault("repeated-step", row, step=shown)
        elif follows == "gap":
            before = self.steps[-1].printed if self.steps else "–"
            self._fault("step-gap", row, step=shown, before=before)
        self._label = label

    def _lines(self, row: Row, printed: str) -> Iterator[_Line]:
        """Return each actor of a row with the time that belongs to it."""
        columns, above = self._columns, self.steps[-1] if self.steps else None
        content, actor = row.cell(columns.content), row.cell(columns.actor)
        time = row.cell(columns.time).text
        further = above is not None and printed == above.printed
        leans = above if content.above or further else None
        what = in_one_line(content.text) or (leans.content if leans else "")
        who = in_one_line(actor.text) or (above.actor if above and actor.above else "")
        times, actors = time.split("\n"), actor.text.split("\n")
        words = self._words(row)
        if len(times) == 1 or self._is_one(time.replace("\n", " ")):
            one = time.replace("\n", " ")
            spoken = content.text or (leans.words[0] if leans and leans.words else what)
            yield _Line(content=what, actor=who, time=one, words=(spoken, who, *words))
        elif len(times) == len(actors):
            texts = content.text.split("\n")
            contents = texts if len(texts) == len(times) else [what] * len(times)
            for each in zip(contents, actors, times, strict=True):
                said = (each[0], each[1], *words)
                item, whose = without_mark(each[0]), without_mark(each[1])
                yield _Line(content=item, actor=whose, time=each[2], words=said)
        else:
            counts = (str(len(times)), str(len(actors)))
            self._fault("actors-and-times", row, step=printed, times=counts[0], actors=counts[1])
            yield _Line(content=what, actor=who, time="", words=())

    def _words(self, row: Row) -> tuple[str, ...]:
        """Return the cells of the columns that are not read otherwise."""
        columns = self._columns
        read = {columns.step, columns.content, columns.actor, columns.time}
        return tuple(cell.text for at, cell in enumerate(row.cells) if at not in read)

    def _is_one(self, time: str) -> bool:
        try:
            read_step_time(time, unit=self._unit)
        except TimeLimitError:
            return False
        return True

    def _add(
        self, row: Row, printed: str, line: _Line, *, label: StepLabel | None, further: bool
    ) -> None:
        if len(self.steps) == MOST_STEPS:
            raise exceeded(
                MOST_STEPS, say("steps in a process"), str(self._segment.table.place(row))
            )
        if not line.content:
            self._fault("missing-content", row, self._columns.content, step=printed)
        limit, readable = self._limit(row, printed, line.time)
        self.steps.append(
            RowStep(
                place=self._segment.table.place(row),
                printed=printed,
                content=line.content,
                actor=line.actor,
                time=line.time,
                limit=limit,
                readable=readable,
                heading=self._heading,
                label=label,
                further=further,
                words=line.words,
            )
        )
        self._heading = ""

    def _limit(self, row: Row, printed: str, time: str) -> tuple[TimeLimit | None, bool]:
        """Read the time of a step; false where it could not be read."""
        column = self._columns.time
        if not time:
            self._no_time(row, printed)
            return None, False
        if is_bare_number(time) and not self._unit:
            self._fault("time-without-unit", row, column, step=printed, text=time)
            return None, False
        try:
            return read_step_time(time, unit=self._unit), True
        except TimeLimitError:
            self._fault("unreadable-time", row, column, step=printed, text=time)
            return None, False

    def _no_time(self, row: Row, printed: str) -> None:
        if any(fault.code == "actors-and-times" for fault in self.faults[-1:]):
            return
        merged = row.cell(self._columns.time).above and bool(self.steps)
        code: FaultCode = "shared-time" if merged else "missing-time"
        text = next((step.time for step in reversed(self.steps) if step.time), "")
        self._fault(code, row, self._columns.time, step=printed, text=text)

    def _fault(self, code: FaultCode, row: Row, column: int | None = None, **values: str) -> None:
        place = self._segment.table.place(row, column)
        self.faults.append(ImportFault(code=code, place=place, values=values))
