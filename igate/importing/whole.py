"""Which procedure a process is for, and on which decision it rests.

The title above the table counts first, then the record around it, then what a table before it in
the same file said: a decision and a field hold for all tables below them, and a case "b)" belongs
to the procedure of the case "a)" just above. What two places say differently is not decided here.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from igate.errors import CitationError
from igate.importing.faults import Fault
from igate.importing.titles import Decision, Named, day_of, read_title
from igate.law.citation import Citation, Label

if TYPE_CHECKING:
    from igate.errors import Place
    from igate.importing.faults import FaultCode
    from igate.importing.segments import Segment
    from igate.importing.tables import Stated
    from igate.importing.titles import Title

__all__ = ["Carried", "Given", "Identity", "identified"]

_NUMBER = Label(vi="Số quyết định", en="Number of the decision")
_DAY = Label(vi="Ngày của quyết định", en="Day of the decision")
_CODE = Label(vi="Mã thủ tục", en="Code of the procedure")


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What the caller knows better than the file."""

    #: code of the one procedure of the file; empty: as the file says
    code: str = ""
    #: the decision; ``None``: as the file says
    citation: Citation | None = None


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
    faults: tuple[Fault, ...] = ()


def identified(segment: Segment, given: Given, carried: Carried) -> Identity:
    """Find out what a process is for."""
    title = read_title(segment.title)
    place = segment.table.place(segment.heading)
    faults: list[Fault] = []
    procedures = _procedures(title, segment.table.stated, given, carried)
    faults += _of_procedures(procedures, title, segment.table.stated, given, place)
    decision, differing = _decision(title, segment.table.stated, carried, place)
    faults += differing
    citation, day = _citation(given, decision)
    if not citation:
        faults.append(Fault(code="missing-citation", place=place))
    if title.case:
        faults.append(Fault(code="one-case", place=place, values={"text": title.case}))
    area = title.field or carried.field
    if not area:
        faults.append(Fault(code="missing-field", place=place))
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
    name = title.procedures[0].name if title.procedures else title.name
    if given.code:
        return (Named(code=given.code, name=name),)
    if title.procedures:
        return title.procedures
    if stated.code:
        return (Named(code=stated.code, name=name),)
    return carried.procedures if _is_next_case(carried.case_letter, title.case_letter) else ()


def _is_next_case(before: str, letter: str) -> bool:
    """Return whether a letter follows another in the Vietnamese order of points."""
    order = "abcdđeghiklmnopqrstuvxy"
    return bool(before and letter) and order.find(letter) == order.find(before) + 1


def _of_procedures(
    found: tuple[Named, ...], title: Title, stated: Stated, given: Given, place: Place
) -> list[Fault]:
    codes = [each.code for each in found]
    faults = []
    if not found:
        faults.append(Fault(code="missing-code", place=place))
    printed = [each.code for each in title.procedures]
    other = given.code or stated.code
    if printed and other and other not in printed:
        faults.append(_contradiction(_CODE, ", ".join(printed), other, place))
    if len(codes) > 1:
        code: FaultCode = "shared-process" if title.shared else "several-codes"
        faults.append(Fault(code=code, place=place, values={"codes": ", ".join(codes)}))
    for each in found:
        if not each.name:
            values = {"procedure": each.code}
            faults.append(Fault(code="missing-name", place=place, values=values))
        elif each.name[0].islower():
            faults.append(Fault(code="cut-name", place=place, values={"text": each.name}))
    return faults


def _decision(
    title: Title, stated: Stated, carried: Carried, place: Place
) -> tuple[Decision | None, list[Fault]]:
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
        return known, [_contradiction(_DAY, *days, place)]
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


def _contradiction(what: Label, first: str, second: str, place: Place) -> Fault:
    values: dict[str, str | Label] = {"what": what, "first": first, "second": second}
    return Fault(code="contradiction", place=place, values=values)
