"""What the text above a table says: procedures with their codes, the case, the decision, the field.

A title is taken as printed. Of its numbering ("Quy trình số 02", "1.2.") nothing is kept; a name
ends where its code begins. Where a part is not found it is absent: nothing is made up.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Final

__all__ = ["Decision", "Named", "Title", "day_of", "read_title"]

_CODE = re.compile(r"(?<![\d.])(\d\.\d{6})(?:\.000\.00\.00)?(?:\.H\d+)?(?!\d)")
#: "(Mã TTHC: " and its like, at the end of what stands before a code
_MARK = re.compile(
    r"[\s(–-]*(?:mã(?:\s+số)?(?:\s+(?:tthc|thủ tục(?: hành chính)?))?\s*:?)?[\s(]*$",
    re.IGNORECASE,
)
_NUMBERING = re.compile(r"(?:^|(?<=[\s)]))(?:\d+(?:\.\d+)*|[IVX]+|[A-H])[.)]\s+")
_LEAD = re.compile(r"^(?:Quy trình|QUY TRÌNH)[^:]{0,80}:\s*(?=\S)")
_QUOTES = "“”\"'‘’"
_CASE = re.compile(
    r"(?:^|(?<=\s))(?:(?P<letter>[a-zđ])\)\s*)?(?P<case>(?:đối với )?(?:các )?trường hợp\b.*)$",
    re.IGNORECASE | re.DOTALL,
)
#: what follows a name or a case: how long it takes and the flow chart
_TIMES = re.compile(
    r"\s*(?:[-–;.]\s*)?(?:[a-z]\.\s*)?(?:tổng )?(?:thời (?:gian|hạn)|lưu đồ)\b.*$",
    re.IGNORECASE | re.DOTALL,
)
_DECISION = re.compile(
    r"Quyết định(?: số)?\s*:?\s*(?P<number>\d+/[\wĐ-]+)\s*,?\s*ngày\s*"
    r"(?P<day>\d{1,2}(?:\s*/\s*|\s+tháng\s+)\d{1,2}(?:\s*/\s*|\s+năm\s+)\d{4})"
    r"(?:\s*của\s+(?P<issuer>[^,()\n;]{3,120}))?",
    re.IGNORECASE,
)
_DAY = re.compile(r"(\d{1,2})(?:\s*/\s*|\s+tháng\s+)(\d{1,2})(?:\s*/\s*|\s+năm\s+)(\d{4})")
_FIELD = re.compile(
    r"(?:LĨNH VỰC|Lĩnh vực)\s+(?P<field>\S.*?)"
    r"\s*(?=[(:\n]|$|THUỘC\b|QUY TRÌNH|Quy trình|\b\d+\.\s|\b[IVX]+\.\s|Thủ tục\b|Trình tự\b)"
)
#: A field is a few words; a longer text is a whole heading.
_LONGEST_FIELD: Final = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A procedure that a title names."""

    code: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The decision that approves a process, as a title or a record names it."""

    number: str
    day: date | None
    issuer: str = ""

    @property
    def citation(self) -> str:
        """As it is cited.

        >>> Decision(number="1/QĐ-UBND", day=date(2025, 11, 27), issuer="UBND tỉnh X").citation
        'Quyết định 1/QĐ-UBND ngày 27/11/2025 của UBND tỉnh X'
        """
        day = f" ngày {self.day:%d/%m/%Y}" if self.day else ""
        issuer = f" của {self.issuer}" if self.issuer else ""
        return f"Quyết định {self.number}{day}{issuer}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Title:
    """What the text above a table says."""

    procedures: tuple[Named, ...] = ()
    #: whether several codes are said to share the process
    shared: bool = False
    #: as printed, without its letter; empty where the process is for every case
    case: str = ""
    #: "a", "b", …; empty where the case has none
    case_letter: str = ""
    decision: Decision | None = None
    field: str = ""
    #: the name of a procedure whose code the title does not give
    name: str = ""


def read_title(text: str) -> Title:
    """Read the text above a table.

    Args:
        text: The lines, separated by line feeds.

    >>> read_title("Quy trình số 02 2. Thủ tục A (Mã TTHC: 1.001806)").procedures
    (Named(code='1.001806', name='Thủ tục A'),)
    """
    codes = list(_CODE.finditer(text))
    ends = [0, *(match.end() for match in codes)]
    named = tuple(
        Named(code=match[1], name=_name(text[ends[index] : match.start()]))
        for index, match in enumerate(codes)
    )
    letter, case = _case(text[ends[-1] :])
    return Title(
        procedures=tuple({each.code: each for each in reversed(named)}.values())[::-1],
        shared=_is_shared(text, codes),
        case=case,
        case_letter=letter,
        decision=_decision(text),
        field=_field(text),
        name="" if codes else _name(_CASE.sub("", _TIMES.sub("", text))),
    )


def day_of(text: str) -> date | None:
    """Read a day as decisions print it, or give ``None``.

    >>> day_of("20 tháng 11 năm 2025")
    datetime.date(2025, 11, 20)
    """
    match = _DAY.search(text)
    if match is None:
        return None
    day, month, year = (int(part) for part in match.groups())
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _name(before: str) -> str:
    """Return the name that stands before a code."""
    piece = _NUMBERING.split(_MARK.sub("", before, count=1))[-1]
    lines = [line for line in piece.splitlines() if line.strip()]
    last = lines[-1] if lines else ""
    whole = _LEAD.sub("", last.strip(" \t);,.:_–-"))
    return whole.strip(f" \t;,.:_–-{_QUOTES}")


def _is_shared(text: str, codes: list[re.Match[str]]) -> bool:
    """Return whether a title with several codes is that of a group."""
    if re.search(r"\bnhóm\b", text, re.IGNORECASE):
        return True
    between = (text[earlier.end() : later.start()] for earlier, later in pairwise(codes))
    return all(re.search(r"\b\d+\.\d+\.\s", piece) for piece in between)


def _case(after: str) -> tuple[str, str]:
    """Return letter and text of the case that a title names after its code."""
    match = _CASE.search(_TIMES.sub("", after.lstrip(" \t);,.:_–-\n")))
    if match is None:
        return "", ""
    return (match["letter"] or "").lower(), match["case"].replace("\n", " ").strip(" .;:")


def _decision(text: str) -> Decision | None:
    matches = list(_DECISION.finditer(text))
    if not matches:
        return None
    last = matches[-1]
    return Decision(
        number=last["number"], day=day_of(last["day"]), issuer=(last["issuer"] or "").strip(" .")
    )


def _field(text: str) -> str:
    """Return the last field that a title names; capitals become small, as names of fields are."""
    found = [match["field"].strip(" .;,–-") for match in _FIELD.finditer(text)]
    short = [each for each in found if 0 < len(each) <= _LONGEST_FIELD]
    if not short:
        return ""
    return short[-1].capitalize() if short[-1].isupper() else short[-1]
