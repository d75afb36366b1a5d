"""Ways back that a step says in words: "Nếu không đồng ý: Chuyển lại bước 3".

The number is the decision's and is looked up among the numbers that the table prints. Words that
name no step of the table, more than one, or one to which a dossier cannot come back are reported
with their place and left as they are: a way that was guessed would send dossiers astray. Passing
on to the next step is no way of its own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from igate.importing.faults import ImportFault
from igate.importing.headings import LABEL_PATTERN, label_of
from igate.importing.process import PrintedWay
from igate.law.citation import Label

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from igate.importing.headings import StepLabel
    from igate.importing.steps import RowStep
    from igate.procedures.workflow import Phase

__all__ = ["Placed", "Ways", "read_ways"]

Doubt = Literal[
    "unclear", "several", "absent", "repeated", "itself", "onward", "outside", "earlier-actor"
]

#: Ends of a clause: a sentence, a line, a bullet, but no range of numbers and no stage.
_CLAUSE = re.compile(r"\n|[.;](?=\s|$)|(?<=\s)[-–+•](?=\s)(?!\s*(?:\d|bước|b\d))", re.IGNORECASE)
_OBJECT = r"(?:hồ sơ|dự thảo|văn bản|tờ trình|phiếu trình|kết quả)"
_TOWARDS = r"(?:lại|về|ngược|trả|sang|đến|tới|qua|cho|(?<=lại )từ|để thực hiện(?: lại)?)"
_PERSON = (
    r"(?:(?<=lại)|(?<=lại cho)|(?<=lại về)|(?<=lại đến)|(?<=lại tới))\s+"
    r"(?:chuyên viên|công chức|viên chức|cán bộ|lãnh đạo|trưởng|phó|phòng|văn thư|bộ phận)"
    r"(?:\s+[^\s.,;:()]+){0,6}?"
)
_MOVE = r"(?<!không )\b(?:chuyển|trả|quay|trở|gửi|đưa)"
_AGAIN = r"(?<!không )\b(?:thực hiện|làm|xử lý|giải quyết|thẩm định)\s+lại"
#: More steps than one, or a step of something else than this table.
_MORE = (
    r"\s*(?:,|/|-|–|và|hoặc|đến)\s*(?:bước|b)?\s*\d+\b(?!\s*(?:ngày|giờ|/))"
    r"|\s+(?:của|tại|trong|thuộc|theo)\s+(?:quy trình|mục|phần|lưu đồ)"
)
_SAID = re.compile(
    rf"(?:{_MOVE}(?:(?:\s+{_OBJECT})?\s+{_TOWARDS})*(?:{_PERSON})?|{_AGAIN}(?:\s+từ)?)"
    rf"\s+\(?(?P<step>{LABEL_PATTERN})(?P<more>{_MORE})?",
    re.IGNORECASE,
)
#: Words that may say a way back, and not as plainly.
_HINT = re.compile(
    rf"(?:{_MOVE}(?:\s+\S+){{0,4}}?\s+(?:lại|ngược)|{_AGAIN})\b[^:]{{0,60}}?\b{LABEL_PATTERN}",
    re.IGNORECASE,
)
_BACK = re.compile(r"\b(?:lại|ngược)\b", re.IGNORECASE)
#: Characters of a clause that a message repeats; the same clause may name many steps.
_LONGEST_QUOTE: Final = 500
_WHY: Final[Mapping[Doubt, Label]] = {
    "unclear": Label(
        vi="chưa rõ hồ sơ trở lại bước nào", en="it is not clear to which step a dossier comes back"
    ),
    "several": Label(
        vi="nêu nhiều bước hoặc bước của quy trình khác",
        en="they name several steps, or a step of another process",
    ),
    "absent": Label(vi="bảng không có bước này", en="the table has no step of this number"),
    "repeated": Label(vi="bảng có nhiều bước mang số này", en="several steps have this number"),
    "itself": Label(vi="đó là chính bước này", en="it is the step itself"),
    "onward": Label(
        vi="đó là bước sau; điều kiện rẽ nhánh không được suy đoán",
        en="it is a later step, and the condition of a branch onward is not guessed",
    ),
    "outside": Label(
        vi="đường trở lại chỉ có giữa các bước giải quyết, không từ bước trả kết quả hoặc về bước "
        "tiếp nhận",
        en="ways back are between steps that process the dossier, not from the handing over or to "
        "the reception",
    ),
    "earlier-actor": Label(
        vi="sau người này còn người khác làm tiếp trong cùng bước",
        en="another actor of the same step comes after this one",
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A row with its place in the process."""

    row: RowStep
    number: int
    phase: Phase
    #: number that the decision gives the step; of a further actor, that of the step
    label: StepLabel | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """The ways back of a process, by the number of the step, and what could not be read as one."""

    by_step: Mapping[int, tuple[PrintedWay, ...]]
    faults: tuple[ImportFault, ...]


class _Said(NamedTuple):
    """A clause that names a step to go to."""

    words: str
    #: what is named, or why that is not plain
    step: StepLabel | Doubt
    #: whether it says "back", not only "to"
    back: bool


def read_ways(placed: Sequence[Placed]) -> Ways:
    """Read the ways back in the words of a process.

    Args:
        placed: Its rows in order.
    """
    named: dict[StepLabel, list[Placed]] = {}
    for each in placed:
        if each.row.label is not None:
            named.setdefault(each.row.label, []).append(each)
    ways: dict[int, dict[int, str]] = {}
    faults: dict[tuple[int, _Said], ImportFault] = {}
    for index, here in enumerate(placed):
        is_last = [each.number for each in placed[index + 1 : index + 2]] != [here.number]
        for said in _sayings(here.row):
            to = _meant(said, here, named, is_last=is_last)
            key = (here.number, said)
            if isinstance(to, int):
                ways.setdefault(here.number, {}).setdefault(to, said.words)
                faults.pop(key, None)
            elif to is not None:
                faults.setdefault(key, _fault(here.row, said.words, to))
    return Ways(by_step=_named(ways), faults=tuple(faults.values()))


def _sayings(row: RowStep) -> Iterator[_Said]:
    """Find the clauses of a row that name a step to go to."""
    for clause in (part.strip(" -–+•") for text in row.words for part in _CLAUSE.split(text)):
        matches = list(_SAID.finditer(clause))
        for match in matches:
            step = None if match["more"] else label_of(match["step"])
            yield _Said(clause, step or "several", _BACK.search(match[0]) is not None)
        if not matches and _HINT.search(clause):
            yield _Said(clause, "unclear", back=True)


def _meant(
    said: _Said, here: Placed, named: Mapping[StepLabel, Sequence[Placed]], *, is_last: bool
) -> int | Doubt | None:
    """Return the step to which a way leads, why there is none, or ``None`` where none is meant."""
    if isinstance(said.step, str):
        return said.step
    stage = here.label.stage if here.label else None
    targets = named.get(said.step.within(stage), ())
    if len(targets) != 1:
        return "repeated" if targets else "absent"
    (target,) = targets
    if target.number > here.number:
        is_next = target.number == here.number + 1
        return None if is_next and not said.back else "onward"
    if target.number == here.number:
        return "itself"
    if not here.phase == target.phase == "processing":
        return "outside"
    return target.number if is_last else "earlier-actor"


def _named(ways: Mapping[int, Mapping[int, str]]) -> dict[int, tuple[PrintedWay, ...]]:
    """Name the ways of each step, nearest first: that one sends back, others have their own action.

    An action has one label in the whole process, so another label is another action.
    """
    own: dict[str, str] = {}
    found = {}
    for number, words in ways.items():
        nearest, *others = (
            PrintedWay(action="send_back", to=to, words=words[to])
            for to in sorted(words, reverse=True)
        )
        for way in others:
            own.setdefault(way.label, f"send_back_{_letters(len(own))}")
        found[number] = (nearest, *(replace(way, action=own[way.label]) for way in others))
    return found


def _letters(index: int) -> str:
    """Count in letters (a, …, z, aa, …), for the name of an action has no digits."""
    before, last = divmod(index, 26)
    return (_letters(before - 1) if before else "") + "abcdefghijklmnopqrstuvwxyz"[last]


def _fault(row: RowStep, words: str, doubt: Doubt) -> ImportFault:
    text = words if len(words) <= _LONGEST_QUOTE else f"{words[:_LONGEST_QUOTE]}…"
    values: dict[str, str | Label] = {"step": row.printed, "text": text, "why": _WHY[doubt]}
    return ImportFault(code="unclear-way", place=row.place, values=values)
