"""What the cells of a table are: its columns, the numbers of its steps, and where a process ends.

Columns are recognised by the words of their headings and never by position: decisions name them in
many ways ("Thứ tự công việc", "Bước", "TT"; "Trình tự", "Nội dung công việc"; "Trách nhiệm thực
hiện", "Đơn vị/ Người thực hiện"; "Thời gian", "Thời hạn giải quyết (ĐVT: Ngày làm việc)") and put
them in any order. Steps have numbers of several kinds ("Bước 3", "B3", "Bước 1.2", "GĐ1 - Bước 2");
what a text calls "bước 3" is looked up by these numbers, not by position.

A sheet or a table may hold several processes one below the other. Each begins with a row of
headings; the text above it is its title; a row that begins with "Tổng" gives its total. Nothing
that looks like a step is left out: a total in the middle is one more printed total.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Final, Literal

from igate.importing.faults import ImportFault
from igate.importing.tables import is_total
from igate.law.citation import Label

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from igate.importing.tables import Row, Table

__all__ = [
    "COLUMN_WORDS",
    "LABEL_PATTERN",
    "Columns",
    "Segment",
    "StepLabel",
    "heading_unit",
    "is_step_label",
    "label_of",
    "recognise",
    "segments_of",
]


Kind = Literal["step", "content", "actor", "time", "online", "procedure"]

#: In this order; the first that fits counts.
_KINDS: Final[tuple[tuple[Kind, re.Pattern[str]], ...]] = (
    ("time", re.compile(r"(?:tổng )?thời (?:gian|hạn)\b")),
    ("procedure", re.compile(r"(?:mã|tên)(?: số)? (?:tthc|thủ tục)\b|mã số\b")),
    ("online", re.compile(r".*(?:dịch vụ công|\bdvc\b)")),
    (
        "step",
        re.compile(
            r"(?:(?:s?tt|số (?:tt|thứ tự))(?:/bước)?"
            r"|thứ tự(?: (?:các bước|công việc|thực hiện))?"
            r"|(?:các |tên )?bước(?: thực hiện| công việc)?)$"
        ),
    ),
    ("content", re.compile(r"(?:nội dung|trình tự|công việc|các công việc|mô tả)\b")),
    (
        "actor",
        re.compile(r"(?:trách nhiệm|đơn vị|người|cơ quan|bộ phận|cán bộ|phân công|chủ thể)\b"),
    ),
)
#: What a column gives, in words.
COLUMN_WORDS: Final[Mapping[str, Label]] = {
    "content": Label(vi="nội dung công việc", en="what is done"),
    "actor": Label(vi="người hoặc đơn vị thực hiện", en="who does it"),
    "time": Label(vi="thời gian", en="the time"),
    "step": Label(vi="số thứ tự bước", en="the number of the step"),
}
_UNIT = re.compile(
    r"\((?:đvt|đơn vị(?: tính)?|tính (?:bằng|theo))?\s*:?\s*"
    r"(ngày làm việc|giờ làm việc|ngày|giờ)\)"
)
#: A heading is short; a longer text that begins like one is the content of a step.
_LONGEST = 90


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Where the columns of a table are, from 0; ``None`` where there is no such column."""

    headings: tuple[str, ...]
    step: int | None
    content: int | None
    actor: int | None
    time: int | None
    online: int | None
    #: name or code of a procedure: the mark of a list of procedures
    procedure: int | None
    #: kinds that two columns give, with both
    twice: tuple[tuple[str, int, int], ...]

    @property
    def is_heading(self) -> bool:
        """Whether the row can be the heading of steps or of a list of procedures."""
        others = (self.content, self.actor, self.procedure)
        return self.time is not None and any(column is not None for column in others)

    @property
    def is_list(self) -> bool:
        """Whether it is the heading of a list of procedures."""
        return self.procedure is not None and self.content is None

    @property
    def missing(self) -> tuple[str, ...]:
        """The kinds without which a process cannot be read."""
        wanted = {"content": self.content, "actor": self.actor, "time": self.time}
        return tuple(kind for kind, column in wanted.items() if column is None)


def recognise(headings: Sequence[str]) -> Columns:
    """Find out what the columns of a table give.

    >>> found = recognise(["TT", "Trách nhiệm", "Trình tự", "Thời gian", "Biểu mẫu/Kết quả"])
    >>> found.step, found.content, found.actor, found.time
    (0, 2, 1, 3)
    """
    found: dict[str, int] = {}
    twice = []
    for column, heading in enumerate(headings):
        kind = _kind(heading)
        if kind is None:
            continue
        if kind in found and kind not in {"procedure", "online"}:
            twice.append((kind, found[kind], column))
        found.setdefault(kind, column)
    return Columns(
        headings=tuple(heading.replace("\n", " ") for heading in headings),
        step=found.get("step"),
        content=found.get("content"),
        actor=found.get("actor"),
        time=found.get("time"),
        online=found.get("online"),
        procedure=found.get("procedure"),
        twice=tuple(twice),
    )


def heading_unit(heading: str) -> str:
    """Return the unit that the heading of the time column names for all its cells, or nothing.

    >>> heading_unit("Thời gian thực hiện (ngày làm việc)")
    'ngày làm việc'
    >>> heading_unit("Thời gian thực hiện (tính mỗi ngày 08 giờ làm việc)")
    ''
    """
    match = _UNIT.search(_plain(heading))
    return match[1] if match else ""


def _kind(heading: str) -> Kind | None:
    words = _plain(heading)
    if not words or len(words) > _LONGEST:
        return None
    bare = re.sub(r"\s*\([^)]*\)", "", words).strip(" .:")
    return next((kind for kind, pattern in _KINDS if pattern.match(bare)), None)


def _plain(heading: str) -> str:
    return re.sub(r"\s*/\s*", "/", " ".join(heading.lower().split()))


#: A number in running text; the word before it is not optional there.
LABEL_PATTERN: Final = r"(?:(?:gđ|giai đoạn)\s*\d+\s*[-–.:,]?\s*)?(?:bước|b)\s*\d+(?:\.\d+)*(?!\w)"
_LABEL = re.compile(
    r"(?:(?:gđ|giai đoạn)\s*(?P<stage>\d{1,6})\s*[-–.:,]?\s*)?(?:bước|b)?\s*"
    r"(?P<numbers>\d{1,6}(?:\.\d{1,6})*)\s*[.:)]?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class StepLabel:
    """The number of a step as the decision gives it."""

    #: of the stage ("GĐ1"); ``None`` where the decision has none
    stage: int | None
    #: from the whole to the part: 1.2 is (1, 2)
    numbers: tuple[int, ...]

    def after(self, before: StepLabel | None) -> Literal["next", "same", "gap"]:
        """Return how it follows the number above it; a list may begin anew at 1.

        Args:
            before: The number above; ``None`` where a list begins.
        """
        if before is None:
            return "next" if self.numbers[0] == 1 else "gap"
        if self == before:
            return "same"
        if self.numbers[0] == before.numbers[0] and self.stage == before.stage:
            return "next" if self.numbers > before.numbers else "gap"
        return "next" if self.numbers[0] in {1, before.numbers[0], before.numbers[0] + 1} else "gap"

    def within(self, stage: int | None) -> StepLabel:
        """Return the step that it names; without a stage it is in the stage of its namer.

        Args:
            stage: The stage in whose rows it is written.
        """
        return self if self.stage is not None else replace(self, stage=stage)


def label_of(text: str) -> StepLabel | None:
    """Read the number of a step, or give ``None``.

    >>> label_of("GĐ1 - Bước 2")
    StepLabel(stage=1, numbers=(2,))
    >>> label_of("Bước 1.2.") == label_of("B1.2"), label_of("UBND tỉnh")
    (True, None)
    """
    match = _LABEL.fullmatch(text.strip())
    if match is None:
        return None
    stage = int(match["stage"]) if match["stage"] else None
    return StepLabel(stage=stage, numbers=tuple(int(n) for n in match["numbers"].split(".")))


def is_step_label(text: str) -> bool:
    """Return whether a text is the number of a step.

    >>> [is_step_label(text) for text in ("Bước 1", "B12", "GĐ1 - Bước 2", "3.", "UBND tỉnh")]
    [True, True, True, True, False]
    """
    return label_of(text) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """The part of a table that holds one process."""

    table: Table
    #: lines above it, separated by line feeds
    title: str
    heading: Row
    columns: Columns
    #: steps and headings inside the table, in order
    rows: tuple[Row, ...]
    #: rows that give the total
    totals: tuple[Row, ...]


def segments_of(table: Table) -> tuple[tuple[Segment, ...], tuple[ImportFault, ...]]:
    """Cut a table into processes.

    Returns:
        The segments in order, and a note where the table holds none.
    """
    rows = [row for row in table.rows if row.texts]
    heads = [(index, found) for index, row in enumerate(rows) if (found := _columns(row))]
    if not heads:
        return (), _skipped(table)
    first = heads[0][0]
    above = [*table.titles, *_lines(rows[:first])]
    segments = []
    for (index, columns), (end, _) in pairwise([*heads, (len(rows), None)]):
        body, rest = _cut(rows[index + 1 : end], columns, is_last=end == len(rows))  # type: ignore[arg-type]
        segments.append(
            Segment(
                table=table,
                title="\n".join(above),
                heading=rows[index],
                columns=columns,  # type: ignore[arg-type]
                rows=tuple(row for row in body if not _is_total_row(row)),
                totals=tuple(row for row in body if _is_total_row(row)),
            )
        )
        above = list(_lines(rest))
    return tuple(segments), ()


def _columns(row: Row) -> Columns | None:
    """Return the columns if a row is a heading."""
    found = recognise([cell.line for cell in row.cells])
    return found if found.is_heading else None


def _cut(rows: list[Row], columns: Columns, *, is_last: bool) -> tuple[list[Row], list[Row]]:
    """Part the rows of a process from the lines that belong to the title of the next."""
    last = max((index for index, row in enumerate(rows) if _counts(row, columns)), default=-1)
    if any(_is_total_row(row) for row in rows[: last + 1]) or not is_last:
        return rows[: last + 1], rows[last + 1 :]
    return rows, []


def _counts(row: Row, columns: Columns) -> bool:
    """Return whether a row is surely a part of the process: a total or a step."""
    label = row.cell(columns.step).line
    return _is_total_row(row) or len(row.texts) > 1 or is_step_label(label)


def _is_total_row(row: Row) -> bool:
    return any(is_total(text) for text in row.texts[:2])


def _lines(rows: list[Row]) -> Iterator[str]:
    for row in rows:
        yield " ".join(dict.fromkeys(row.texts))


def _skipped(table: Table) -> tuple[ImportFault, ...]:
    if not table.rows:
        return ()
    return (ImportFault(code="skipped-table", place=table.place(table.rows[0])),)
