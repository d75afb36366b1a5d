"""The columns of a table, recognised by the words of their headings and never by position.

Decisions name them in many ways ("Thứ tự công việc", "Bước", "TT"; "Trình tự", "Nội dung công
việc"; "Trách nhiệm thực hiện", "Đơn vị/ Người thực hiện"; "Thời gian", "Thời hạn giải quyết (ĐVT:
Ngày làm việc)") and put them in any order.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from igate.law.citation import Label

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["COLUMN_WORDS", "Columns", "heading_unit", "recognise"]

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
    """Where the columns of a table stand, from 0; ``None`` where there is no such column."""

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
