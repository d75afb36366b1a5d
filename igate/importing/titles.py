"""What the text above a table says: procedures with their codes, the case, the decision, the field.

A title is taken as printed, without its numbering ("Quy trình số 02", "1.2."); a name ends where
its code begins. Where a part is not found it is absent: nothing is made up.

Which procedure a process is for is decided by the title above its table, then by the record around
it, then by what a table before it in the same file said: a decision and a field hold for all tables
below them, and a case "b)" belongs to the procedure of the case "a)" just above. Where two places
differ, both are kept and the difference is left to the caller.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from igate.errors import CitationError
from igate.importing.faults import ImportFault
from igate.law.citation import Citation, Label

if TYPE_CHECKING:
    from collections.abc import Callable

    from igate.errors import Place
    from igate.importing.faults import FaultCode
    from igate.importing.headings import Segment
    from igate.importing.tables import Stated

__all__ = [
    "Carried",
    "Decision",
    "Given",
    "Identity",
    "Named",
    "Title",
    "day_of",
    "identified",
    "read_title",
]


_CODE = re.compile(r"(?<![\d.])(\d\.\d{6})(?:\.000\.00\.00)?(?:\.H\d+)?(?!\d)")
#: "(Mã TTHC: " and its like, at the end of what is before a code
_MARK = re.compile(
    r"(?<![\s(–-])[\s(–-]*+(?:mã(?:\s+số)?(?:\s+(?:tthc|thủ tục(?: hành chính)?))?\s*:?)?[\s(]*$",
    re.IGNORECASE,
)
_NUMBERING = re.compile(r"(?:^|(?<=[\s)]))(?:\d+(?:\.\d+)*|[IVX]+|[A-H])[.)]\s+")
_LEAD = re.compile(r"^(?:Quy trình|QUY TRÌNH)[^:]{0,80}:\s*(?=\S)")
_QUOTES = "“”\"'‘’"
#: what may stand around a name
_MARKS = " \t;,.:_–-"
_CASE = re.compile(
    r"(?:^|(?<=\s))(?:(?P<letter>[a-zđ])\)\s*)?(?P<case>(?:đối với )?(?:các )?trường hợp\b.*)$",
    re.IGNORECASE | re.DOTALL,
)
#: what follows a name or a case: how long it takes and the flow chart
_TIMES = re.compile(
    r"\s*(?:[-–;.]\s*)?(?:[a-z]\.\s*)?(?:tổng )?(?:thời (?:gian|hạn)|lưu đồ)\b.*$",
    re.IGNORECASE | re.DOTALL,
)
#: A label of what follows; "Thủ tục" without a colon belongs to the name.
_LABEL = re.compile(r"^(?:tên\s+)?(?:thủ tục(?:\s+hành chính)?|TTHC)\s*:\s*", re.IGNORECASE)
_DECISION = re.compile(
    r"Quyết định(?: số)?\s*:?\s*(?P<number>\d+/[\wĐ-]+)\s*,?\s*ngày\s*"
    r"(?P<day>\d{1,2}(?:\s*/\s*|\s+tháng\s+)\d{1,2}(?:\s*/\s*|\s+năm\s+)\d{4})"
    r"(?:\s*của\s+(?P<issuer>[^,()\n;]{3,120}))?",
    re.IGNORECASE,
)
_DAY = re.compile(r"(\d{1,2})(?:\s*/\s*|\s+tháng\s+)(\d{1,2})(?:\s*/\s*|\s+năm\s+)(\d{4})")
_FIELD = re.compile(
    r"(?:LĨNH VỰC|Lĩnh vực)(?:\s*:\s*|\s+)(?P<field>\S.*?)"
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
    >>> read_title("1. Thủ tục: Đăng ký khai sinh").name
    'Đăng ký khai sinh'
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
    """Return the name that is before a code."""
    piece = _NUMBERING.split(_MARK.sub("", before, count=1))[-1]
    lines = [line for line in piece.splitlines() if line.strip()]
    last = lines[-1] if lines else ""
    whole = _LABEL.sub("", _LEAD.sub("", _closed(last.lstrip(f"{_MARKS})"))))
    return whole.strip(f"{_MARKS}{_QUOTES}")


def _closed(text: str) -> str:
    """Leave off the marks at the end, and brackets that close none of the text."""
    text = text.rstrip(_MARKS)
    more = text.count(")") - text.count("(")
    while more > 0 and text.endswith(")"):
        text, more = text[:-1].rstrip(_MARKS), more - 1
    return text


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


_NUMBER = Label(vi="Số quyết định", en="Number of the decision")
_WHOLE_DAY = Label(vi="Ngày của quyết định", en="Day of the decision")
_WHOLE_CODE = Label(vi="Mã thủ tục", en="Code of the procedure")


def _unknown(_: str) -> tuple[str, str]:
    return "", ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What the caller knows better than the file."""

    #: code of the one procedure of the file; empty: as the file says
    code: str = ""
    #: the decision; ``None``: as the file says
    citation: Citation | None = None
    #: name of the one procedure of the file; empty: as the file says, else as it is known
    name: str = ""
    #: write also a process whose times or total are to be looked up, with a mark at each
    draft: bool = False
    #: returns name and field of a procedure that is known by its code; empty where it is not
    known: Callable[[str], tuple[str, str]] = _unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """What holds for the tables further down."""

    decision: Decision | None = None
    field: str = ""
    procedures: tuple[Named, ...] = ()
    case_letter: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Procedures, case, decision and field of a process."""

    procedures: tuple[Named, ...] = ()
    case: str = ""
    citation: str = ""
    #: the day of the decision, ISO 8601; empty where it is not known
    day: str = ""
    field: str = ""
    carried: Carried = Carried()
    faults: tuple[ImportFault, ...] = ()


def identified(segment: Segment, given: Given, carried: Carried) -> Identity:
    """Find out what a process is for."""
    title = read_title(segment.title)
    place = segment.table.place(segment.heading)
    faults: list[ImportFault] = []
    procedures = _procedures(title, segment.table.stated, given, carried)
    faults += _of_procedures(procedures, title, segment.table.stated, given, place)
    decision, differing = _decision_of(title, segment.table.stated, carried, place)
    faults += differing
    citation, day = _citation(given, decision)
    if not citation:
        faults.append(ImportFault(code="missing-citation", place=place))
    if title.case:
        faults.append(ImportFault(code="one-case", place=place, values={"text": title.case}))
    area = title.field or carried.field
    if not area and procedures:
        area = given.known(procedures[0].code)[1]
    if not area:
        faults.append(ImportFault(code="missing-field", place=place))
    return Identity(
        procedures=procedures,
        case=title.case,
        citation=citation,
        day=day,
        field=area,
        carried=Carried(
            decision=decision, field=area, procedures=procedures, case_letter=title.case_letter
        ),
        faults=tuple(faults),
    )


def _procedures(title: Title, stated: Stated, given: Given, carried: Carried) -> tuple[Named, ...]:
    name = given.name or (title.procedures[0].name if title.procedures else title.name)
    found: tuple[Named, ...] = ()
    if given.code:
        found = (Named(code=given.code, name=name),)
    elif title.procedures:
        found = title.procedures
    elif stated.code:
        found = (Named(code=stated.code, name=name),)
    elif _is_next_case(carried.case_letter, title.case_letter):
        found = carried.procedures
    return tuple(
        each if each.name else replace(each, name=given.known(each.code)[0]) for each in found
    )


def _is_next_case(before: str, letter: str) -> bool:
    """Return whether a letter follows another in the Vietnamese order of points."""
    order = "abcdđeghiklmnopqrstuvxy"
    return bool(before and letter) and order.find(letter) == order.find(before) + 1


def _of_procedures(
    found: tuple[Named, ...], title: Title, stated: Stated, given: Given, place: Place
) -> list[ImportFault]:
    codes = [each.code for each in found]
    faults = []
    if not found:
        faults.append(ImportFault(code="missing-code", place=place))
    printed = [each.code for each in title.procedures]
    other = given.code or stated.code
    if printed and other and other not in printed:
        faults.append(_contradiction(_WHOLE_CODE, ", ".join(printed), other, place))
    if len(codes) > 1:
        code: FaultCode = "shared-process" if title.shared else "several-codes"
        faults.append(ImportFault(code=code, place=place, values={"codes": ", ".join(codes)}))
    for each in found:
        if not each.name:
            values = {"procedure": each.code}
            faults.append(ImportFault(code="missing-name", place=place, values=values))
        elif each.name[0].islower():
            faults.append(ImportFault(code="cut-name", place=place, values={"text": each.name}))
    return faults


def _decision_of(
    title: Title, stated: Stated, carried: Carried, place: Place
) -> tuple[Decision | None, list[ImportFault]]:
    """Return the decision that title and record agree on."""
    printed = title.decision
    if not stated.decision:
        return printed or carried.decision, []
    known = Decision(number=stated.decision, day=day_of(stated.day), issuer=_issuer(stated))
    if printed is None:
        return known, []
    if printed.number != known.number:
        return known, [_contradiction(_NUMBER, printed.number, known.number, place)]
    if printed.day and known.day and printed.day != known.day:
        days = (f"{printed.day:%d/%m/%Y}", f"{known.day:%d/%m/%Y}")
        return known, [_contradiction(_WHOLE_DAY, *days, place)]
    return replace(known, day=known.day or printed.day, issuer=printed.issuer or known.issuer), []


def _issuer(stated: Stated) -> str:
    """Return who signed a decision of a People's Committee, by its number and province."""
    if not stated.province or not stated.decision.endswith("QĐ-UBND"):
        return ""
    return f"UBND {stated.province[0].lower()}{stated.province[1:]}"


def _citation(given: Given, decision: Decision | None) -> tuple[str, str]:
    """Return the citation and its day; nothing where the decision cannot be cited."""
    cited = given.citation
    if cited is None and decision is not None:
        try:
            cited = Citation.parse(decision.citation)
        except CitationError:
            return "", ""
    if cited is None:
        return "", ""
    return str(cited), cited.issued_on.isoformat() if cited.issued_on else ""


def _contradiction(what: Label, first: str, second: str, place: Place) -> ImportFault:
    values: dict[str, str | Label] = {"what": what, "first": first, "second": second}
    return ImportFault(code="contradiction", place=place, values=values)
