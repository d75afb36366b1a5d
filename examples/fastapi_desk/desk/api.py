"""The JSON API. Every view is a plain function: FastAPI runs it in a thread, and the loop goes on.

Who asks is said by the header ``X-Person`` (for the example only, see :mod:`desk.people`).
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, HTTPException, Query, Request, Security
from fastapi.security import APIKeyHeader
from pydantic import AwareDatetime, BaseModel, Field

from desk.people import PEOPLE, Person
from desk.shown import PROCEDURES, moves, work, workflow_of
from igate import Dossier, OneStop
from igate.errors import ProcedureNotFound

__all__ = ["Problem", "router"]

_HEADER = APIKeyHeader(
    name="X-Person", auto_error=False, description="Chỉ để minh họa: mã của một người giả lập."
)
#: codes, names of actions and keys are short
Word = Annotated[str, Field(min_length=1, max_length=200)]
Text = Annotated[str, Field(max_length=2000)]
Fact = bool | Annotated[int, Field(ge=-(2**53), le=2**53)] | Text


class Problem(BaseModel):
    """Why something was not done."""

    what: str
    #: what can be done; empty: nothing better is known
    fix: str


class Task(BaseModel):
    """A dossier that waits for somebody."""

    code: str
    procedure: str
    state: str
    role: str
    agency: str
    due: datetime | None


class WorkPage(BaseModel):
    """A page of the work list, the dossiers that are due first at the top."""

    items: list[Task]
    #: pass it as ``after`` for the next page; empty: this is the last one
    after: str


class ActionShown(BaseModel):
    """An action out of the state of the dossier."""

    action: str
    label: str
    #: why it is refused; empty: it can be taken
    refusal: str


class DossierShown(BaseModel):
    """A dossier as it is now."""

    code: str
    procedure: str
    state: str
    state_label: str
    #: number of its last entry; pass it with an action that must not meet anything later
    seq: int
    submitted_at: datetime
    received_at: datetime | None
    due: datetime | None
    outcome: str | None
    actions: list[ActionShown]


class Day(BaseModel):
    """A day of the proof of a date."""

    date: str
    counted: bool
    why: str
    citation: str | None


class DateShown(BaseModel):
    """What anybody who has the code may know: state and date, with the proof day by day."""

    code: str
    state_label: str
    due: datetime | None
    provisional: bool
    days: list[Day]


class NewDossier(BaseModel):
    """What is handed in; the one who asks is the applicant, or enters it at the counter."""

    procedure: Word
    applicant: Word
    channel: Literal["online", "counter", "post"] = "online"
    #: sent again with the same key it makes no second dossier
    key: Annotated[str, Field(max_length=200)] = ""


class NewAction(BaseModel):
    """What is done with a dossier."""

    action: Word
    note: Text = ""
    facts: dict[str, Fact] = {}
    #: the new date of an apology
    due: AwareDatetime | None = None
    #: to whom the step is assigned
    to: Annotated[str, Field(max_length=200)] = ""
    seq: Annotated[int, Field(ge=1, le=2**31)] | None = None
    key: Annotated[str, Field(max_length=200)] = ""


def office_of(request: Request) -> OneStop:
    """Return the desk of this process."""
    office: OneStop = request.app.state.office
    return office


def caller(own: Annotated[str | None, Security(_HEADER)]) -> Person:
    """Return who asks.

    Raises:
        HTTPException: Nobody is known by this id.
    """
    person = PEOPLE.get(own or "")
    if person is None:
        raise HTTPException(401, "Chưa đăng nhập (X-Person).")
    return person


Office = Annotated[OneStop, Depends(office_of)]
Caller = Annotated[Person, Depends(caller)]


def _problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    return {status: {"model": Problem} for status in (*statuses, 422, 503)}


router = APIRouter(prefix="/api")


@router.get("/work", responses=_problems(401, 403))
def worklist(
    office: Office,
    person: Caller,
    role: Annotated[str, Query(max_length=100)] = "",
    agency: Annotated[str, Query(max_length=40)] = "",
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    after: Annotated[str, Query(max_length=400)] = "",
) -> WorkPage:
    """Return a page of what waits for the one who asks."""
    page = work(office, person, role=role, agency=agency, after=after, limit=limit)
    items = [
        Task(
            code=each.standing.code, procedure=each.standing.procedure, state=each.standing.state,
            role=each.task.role, agency=each.task.agency, due=each.standing.due_at,
        )
        for each in page.items
    ]  # fmt: skip
    return WorkPage(items=items, after=page.after)


@router.post("/dossiers", status_code=201, responses=_problems(401, 403, 404, 409))
def hand_in(office: Office, person: Caller, given: NewDossier) -> DossierShown:
    """Take in a dossier."""
    if given.procedure not in PROCEDURES:
        raise ProcedureNotFound(
            f"Nơi này không tiếp nhận thủ tục {given.procedure!r}.",
            fix=f"Chọn một trong {', '.join(PROCEDURES)}.",
        )
    dossier = office.submit(
        given.procedure, applicant=given.applicant, channel=given.channel, by=person.actor,
        applicant_id=person.id if person.is_citizen else "",
        agency=PROCEDURES[given.procedure], key=given.key,
    )  # fmt: skip
    return _shown(office, dossier, person)


@router.get("/dossiers/{code}", responses=_problems(401, 403, 404))
def dossier_of(office: Office, person: Caller, code: str) -> DossierShown:
    """Return a dossier with what the one who asks can do."""
    return _shown(office, office.get(code, by=person.actor), person)


@router.post("/dossiers/{code}/actions", responses=_problems(401, 403, 404, 409))
def act(office: Office, person: Caller, code: str, given: NewAction) -> DossierShown:
    """Take an action."""
    after = office.act(
        code, given.action, by=person.actor, note=given.note, facts=given.facts, due=given.due,
        to=given.to, seq=given.seq, key=given.key,
    )  # fmt: skip
    return _shown(office, after, person)


@router.get("/track/{code}", responses=_problems(404))
def track(office: Office, code: str) -> DateShown:
    """Return the date of return of a dossier and its proof; nobody is named in it."""
    dossier = office.get(code)
    deadline = dossier.deadline
    days = deadline.days if deadline else ()
    return DateShown(
        code=dossier.code,
        state_label=workflow_of(office, dossier).states[dossier.state].label.text("vi"),
        due=deadline.due if deadline else None,
        provisional=bool(deadline and deadline.provisional),
        days=[
            Day(
                date=each.date.isoformat(), counted=each.counted, why=each.why.text("vi"),
                citation=each.citation.text("vi") if each.citation else None,
            )
            for each in days
        ],
    )  # fmt: skip


def _shown(office: OneStop, dossier: Dossier, person: Person) -> DossierShown:
    deadline = dossier.deadline
    return DossierShown(
        code=dossier.code,
        procedure=dossier.procedure,
        state=dossier.state,
        state_label=workflow_of(office, dossier).states[dossier.state].label.text("vi"),
        seq=dossier.seq,
        submitted_at=dossier.submitted_at,
        received_at=dossier.received_at,
        due=deadline.due if deadline else None,
        outcome=dossier.outcome,
        actions=[
            ActionShown(action=each.action, label=each.label, refusal=each.refusal)
            for each in moves(office, dossier, person.actor)
        ],
    )
