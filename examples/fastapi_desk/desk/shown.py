"""What pages and API show of dossiers: words of the workflow, dates, and what can be done."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from desk.people import AGENCIES, check_agency_of
from igate.office.lists import due_class
from igate.publish.words import moment

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from desk.people import Person
    from igate import Actor, Dossier, OneStop
    from igate.dossiers.dossier import Entry
    from igate.office.lists import WorkList
    from igate.office.store import Standing
    from igate.procedures.workflow import FactKind, Transition, Workflow

__all__ = [
    "CHANNELS",
    "DUE",
    "OUTCOMES",
    "PROCEDURES",
    "Line",
    "Move",
    "Row",
    "agency_name",
    "line_of",
    "moves",
    "name_of",
    "roles",
    "row_of",
    "when",
    "work",
    "workflow_of",
]

#: procedures that this desk takes in, and the agency that is competent for each
PROCEDURES: Final[Mapping[str, str]] = MappingProxyType(
    {"1.001193": "H15.20", "3.000527": "H15.20", "1.001806": "H15.10", "1.014464": "H15.10"}
)
#: how a date lies to today
DUE: Final[Mapping[str, str]] = MappingProxyType(
    {"overdue": "Quá hạn", "today": "Hạn hôm nay", "later": "Còn hạn", "none": "Chưa có hạn"}
)
CHANNELS: Final[Mapping[str, str]] = MappingProxyType(
    {"online": "Trực tuyến", "counter": "Tại quầy", "post": "Bưu chính"}
)
#: how a dossier ended, where the workflow has a word for it
OUTCOMES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "granted": "Có kết quả", "granted_in_part": "Có kết quả một phần",
        "refused": "Từ chối giải quyết", "rejected": "Không tiếp nhận",
        "withdrawn": "Đã rút hồ sơ", "not_supplemented": "Không bổ sung", "stopped": "Dừng xử lý",
    }
)  # fmt: skip


#: national statuses on the ordinary course: received, in process, solved, handed over
_ONWARD: Final = frozenset({2, 4, 9, 10})


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A task of the work list."""

    code: str
    procedure: str
    applicant: str
    state: str
    role: str
    agency: str
    due: str
    #: a key of :data:`DUE`
    due_class: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """An action that an actor could take, with what it asks for, or why it is refused."""

    action: str
    label: str
    #: it moves the dossier on, and asks for nothing
    plain: bool = False
    note: bool = False
    #: it names a new date
    date: bool = False
    #: it puts somebody in charge
    named: bool = False
    #: names and kinds of the facts that must be passed
    facts: tuple[tuple[str, FactKind], ...] = ()
    #: why it is refused; empty: it can be taken
    refusal: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of the journal."""

    seq: int
    at: str
    action: str
    actor: str
    note: str


def when(at: datetime | None) -> str:
    """Write a moment, or a dash."""
    return moment(at, "vi") if at else "–"


def agency_name(agency: str) -> str:
    """Return an agency as people call it."""
    return AGENCIES.get(agency, agency)


def name_of(office: OneStop, procedure: str) -> str:
    """Return the name of a procedure."""
    return office.catalog.procedure(procedure).name.text("vi")


def workflow_of(office: OneStop, dossier: Dossier | Standing) -> Workflow:
    """Return the workflow that a dossier follows."""
    return office.catalog.procedure(dossier.procedure).revision(dossier.revision).workflow


def roles(office: OneStop) -> dict[str, str]:
    """Return the roles of officers in the procedures of this desk, by name."""
    found: dict[str, str] = {}
    for code in PROCEDURES:
        for _, revision in office.catalog.procedure(code).revisions:
            for step in revision.workflow.steps:
                found |= {role: revision.workflow.roles[role].text("vi") for role in step.roles}
    return dict(sorted(found.items(), key=lambda each: each[1]))


def work(
    office: OneStop, person: Person, *, role: str, agency: str, after: str, limit: int
) -> WorkList:
    """Return a page of what waits: for the person's own roles unless a role is named.

    Raises:
        NotPermitted: The agency is none of the person's.
        StoreError: The mark of the page is not one of this list.
    """
    check_agency_of(person, agency)
    if person.oversees:
        return office.worklist(role=role, agency=agency, limit=limit, after=after)
    return office.worklist(by=person.actor, role=role, limit=limit, after=after)


def row_of(office: OneStop, standing: Standing, role: str, *, at: datetime) -> Row:
    """Return a task as the list shows it."""
    workflow = workflow_of(office, standing)
    named = workflow.roles.get(role)
    return Row(
        code=standing.code,
        procedure=name_of(office, standing.procedure),
        applicant=standing.applicant,
        state=workflow.states[standing.state].label.text("vi"),
        role=named.text("vi") if named else role,
        agency=agency_name(standing.agency),
        due=when(standing.due_at),
        due_class=due_class(standing.due_at, at),
    )


def _label(workflow: Workflow, action: str, way: Transition | None = None) -> str:
    if way is not None and way.label is not None:
        return way.label.text("vi")
    known = workflow.actions.get(action)
    return known.label.text("vi") if known else action


def _leads_on(workflow: Workflow, way: Transition) -> bool:
    """Return whether an action brings the dossier nearer to its result."""
    source, target = workflow.states[way.source], workflow.states[way.target]
    back = source.step is not None and target.step is not None and target.step < source.step
    return target.national_status in _ONWARD and way.outcome in {None, "granted"} and not back


def _move(workflow: Workflow, way: Transition) -> Move | None:
    """Return what an action asks for; ``None`` where this example has no form for it."""
    asked = way.manner
    if asked.changes or asked.asks or asked.answers:
        return None
    return Move(
        action=way.action,
        label=_label(workflow, way.action, way),
        plain=asked.silent and _leads_on(workflow, way),
        note=asked.note,
        date=way.clock == "replace",
        named=asked.assigns == "named",
        facts=tuple([(name, workflow.facts[name]) for name in asked.needs]),
    )  # fmt: skip


def _others(workflow: Workflow, state: str, action: str, by: Actor) -> str:
    """Say whose an action is, by the names of the roles; empty where it is the actor's own."""
    ways = [way for way in workflow.transitions if (way.source, way.action) == (state, action)]
    found = frozenset[str]().union(*[way.roles for way in ways])
    if found & by.roles:
        return ""
    names = sorted({workflow.roles[role].text("vi") for role in found if role in workflow.roles})
    return f"việc của {', '.join(names)}." if names else ""


def moves(office: OneStop, dossier: Dossier, by: Actor) -> list[Move]:
    """Return every action out of the state of a dossier, those that can be taken first."""
    workflow = workflow_of(office, dossier)
    open_, refused = [], []
    for each in office.choices(dossier.code, by=by):
        if each.transition is not None:
            move = _move(workflow, each.transition)
            if move is not None:
                open_.append(move)
        elif each.refusal is not None:
            why = _others(workflow, dossier.state, each.action, by) or each.refusal.text("vi")
            refused.append(
                Move(action=each.action, label=_label(workflow, each.action), refusal=why)
            )
    return [*sorted(open_, key=lambda move: not move.plain), *refused]


def line_of(workflow: Workflow, entry: Entry) -> Line:
    """Return a line of the journal as the page shows it."""
    label = "Nộp hồ sơ" if entry.seq == 1 else _label(workflow, entry.action)
    return Line(
        seq=entry.seq, at=when(entry.happened_at), action=label, actor=entry.actor, note=entry.note
    )
