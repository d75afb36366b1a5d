"""The pages. Every view is a plain function: FastAPI runs it in a thread, and the loop goes on."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Final
from urllib.parse import urlencode
from uuid import uuid4

from fastapi import APIRouter, Depends, Form, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from fastapi.templating import Jinja2Templates
from markupsafe import Markup

from desk.api import Office
from desk.people import AGENCIES, PEOPLE, Person, agencies_of
from desk.shown import (
    CHANNELS,
    DUE,
    OUTCOMES,
    PROCEDURES,
    agency_name,
    line_of,
    moves,
    name_of,
    roles,
    row_of,
    when,
    work,
    workflow_of,
)
from igate import VIETNAM, Deadline
from igate.errors import FactRefused
from igate.procedures.workflow import FactKind, FactValue
from igate.publish import deadline_html
from igate.publish.deadline_html import notice_style

__all__ = ["error_page", "router", "to_sign_in"]

COOKIE = "desk_person"
PAGE = 10
_FACT = "fact_"
#: what the facts that a form can ask for are called
FACTS: Final = {"fee_amount": "Số tiền (đồng)", "fee_receipt": "Số biên lai"}

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)


@cache
def _templates() -> Jinja2Templates:
    """Return the templates; every value in them is escaped."""
    return Jinja2Templates(directory=Path(__file__).parent / "templates")


def who(request: Request) -> Person | None:
    """Return who is at the keyboard, as far as the example knows."""
    return PEOPLE.get(request.cookies.get(COOKIE, ""))


def signed_in(request: Request) -> Person:
    """Return who is at the keyboard.

    Raises:
        HTTPException: Nobody; the browser is sent to the page where one says who one is.
    """
    person = who(request)
    if person is None:
        raise HTTPException(401, "Chưa chọn người dùng thử.")
    return person


SignedIn = Annotated[Person, Depends(signed_in)]
Field = Annotated[str, Form()]


def to_sign_in(request: Request) -> Response:
    """Send the browser to the page where one says who one is, and back afterwards."""
    wanted = request.url.path if request.method == "GET" else "/"
    return RedirectResponse(f"/vao?{urlencode({'next': wanted})}", 303)


def error_page(request: Request, status: int, text: str) -> HTMLResponse:
    """Return the page that says what went wrong."""
    return _page(request, "error.html", status_code=status, text=text, status=status)


def _page(request: Request, name: str, /, *, status_code: int = 200, **values: Any) -> HTMLResponse:  # noqa: ANN401 - whatever a page shows
    shown = {"person": who(request), **values}
    return _templates().TemplateResponse(request, name, shown, status_code)


@router.get("/")
def front(request: Request) -> Response:
    """Show the tracking form, and the way to the work list."""
    return _page(request, "front.html")


@router.get("/vao")
def sign_in_page(request: Request, next: str = "/viec") -> Response:  # noqa: A002 - the word of the address
    """Let the visitor say who he is: FOR THE EXAMPLE ONLY."""
    return _page(request, "sign_in.html", people=PEOPLE.values(), next=next)


@router.post("/vao")
def sign_in(id: Field, next: Field = "/viec") -> Response:  # noqa: A002 - names of fields
    """Believe the visitor: FOR THE EXAMPLE ONLY."""
    if id not in PEOPLE:
        raise HTTPException(422, "Không có người dùng thử này.")
    home = "/" if PEOPLE[id].is_citizen else "/viec"
    inside = next.startswith("/") and not next.startswith(("//", "/\\")) and next != "/"
    answer = RedirectResponse(next if inside and not PEOPLE[id].is_citizen else home, 303)
    answer.set_cookie(COOKIE, id, httponly=True, samesite="strict")
    return answer


@router.post("/ra")
def sign_out() -> Response:
    """Forget who the visitor said he is."""
    answer = RedirectResponse("/", 303)
    answer.delete_cookie(COOKIE)
    return answer


@router.get("/viec")
def worklist(
    request: Request,
    office: Office,
    person: SignedIn,
    role: str = "",
    agency: str = "",
    after: str = "",
) -> Response:
    """Show what waits, a page at a time."""
    page = work(office, person, role=role, agency=agency, after=after, limit=PAGE)
    now = request.app.state.now()
    rows = [row_of(office, each.standing, each.task.role, at=now) for each in page.items]
    further = urlencode({"role": role, "agency": agency, "after": page.after})
    return _page(
        request, "work.html", rows=rows, due=DUE, roles=roles(office), role=role, agency=agency,
        agencies={each: AGENCIES[each] for each in agencies_of(person)},
        further=f"/viec?{further}" if page.after else "", later=bool(after),
        first=f"/viec?{urlencode({'role': role, 'agency': agency})}",
    )  # fmt: skip


@router.get("/nop")
def new_dossier(request: Request, office: Office, _person: SignedIn) -> Response:
    """Show the form of a new dossier."""
    names = {code: name_of(office, code) for code in PROCEDURES}
    return _page(request, "new.html", procedures=names, channels=CHANNELS, key=uuid4().hex)


@router.post("/nop")
def hand_in(
    office: Office,
    person: SignedIn,
    procedure: Field,
    applicant: Field,
    channel: Field = "online",
    key: Field = "",
) -> Response:
    """Take in a dossier, and show it."""
    if procedure not in PROCEDURES:
        raise HTTPException(422, "Nơi này không tiếp nhận thủ tục này.")
    dossier = office.submit(
        procedure, applicant=applicant, by=person.actor, key=key,
        channel="online" if person.is_citizen or channel not in CHANNELS else channel,  # type: ignore[arg-type]
        applicant_id=person.id if person.is_citizen else "", agency=PROCEDURES[procedure],
    )  # fmt: skip
    return RedirectResponse(f"/ho-so/{dossier.code}", 303)


@router.get("/ho-so/{code}")
def dossier_page(request: Request, office: Office, person: SignedIn, code: str) -> Response:
    """Show a dossier with what can be done, and what has been."""
    dossier = office.get(code, by=person.actor)
    workflow = workflow_of(office, dossier)
    possible = moves(office, dossier, person.actor)
    return _page(
        request, "dossier.html", dossier=dossier, name=name_of(office, dossier.procedure),
        state=workflow.states[dossier.state].label.text("vi"),
        agency=agency_name(dossier.agency), channel=CHANNELS[dossier.channel],
        outcome=OUTCOMES.get(dossier.outcome or "", dossier.outcome or ""),
        due=when(dossier.due), submitted=when(dossier.submitted_at),
        received=when(dossier.received_at), key=uuid4().hex, fact_names=FACTS,
        days=_proof(dossier.deadline),
        plain=[each for each in possible if each.plain and not each.refusal],
        asking=[each for each in possible if not each.plain and not each.refusal],
        refused=[each for each in possible if each.refusal],
        journal=[line_of(workflow, each) for each in office.journal(code)],
    )  # fmt: skip


async def sent_facts(request: Request) -> dict[str, str]:
    """Return the facts that a form has fields for, as texts."""
    form = await request.form()
    return {
        name.removeprefix(_FACT): value
        for name, value in form.items()
        if name.startswith(_FACT) and isinstance(value, str)
    }


@router.post("/ho-so/{code}")
def act(
    office: Office,
    person: SignedIn,
    code: str,
    sent: Annotated[dict[str, str], Depends(sent_facts)],
    action: Field,
    seq: Annotated[int, Form()],
    key: Field = "",
    note: Field = "",
    date: Field = "",
    to: Field = "",
) -> Response:
    """Take an action, if nothing has happened since the page was shown."""
    kinds = workflow_of(office, office.get(code, by=person.actor)).facts
    facts = {name: _fact(name, text, kinds.get(name, "text")) for name, text in sent.items()}
    office.act(
        code, action, by=person.actor, note=note, facts=facts, due=_moment(date), to=to,
        seq=seq, key=key,
    )  # fmt: skip
    return RedirectResponse(f"/ho-so/{code}", 303)


def _fact(name: str, text: str, kind: FactKind) -> FactValue:
    if kind == "text":
        return text
    if kind == "bool":
        return text == "yes"
    if not text.isascii() or not text.isdigit():
        raise FactRefused(f"{FACTS.get(name, name)}: {text!r} không phải là số nguyên.")
    return int(text)


def _moment(text: str) -> datetime | None:
    if not text:
        return None
    try:
        return datetime.fromisoformat(text).replace(tzinfo=VIETNAM)
    except ValueError:
        raise HTTPException(422, "Ngày hẹn trả mới không phải là một ngày.") from None


@router.get("/tra-cuu")
def track(request: Request, office: Office, code: str = "") -> Response:
    """Show anybody who has the code the state and the date with its proof; nobody is named."""
    code = code.strip().upper()
    if not code:
        return RedirectResponse("/", 303)
    dossier = office.get(code)
    workflow = workflow_of(office, dossier)
    return _page(
        request, "track.html", code=dossier.code, name=name_of(office, dossier.procedure),
        state=workflow.states[dossier.state].label.text("vi"), agency=agency_name(dossier.agency),
        outcome=OUTCOMES.get(dossier.outcome or "", ""), submitted=when(dossier.submitted_at),
        visits=[
            (each.label.text("vi"), when(each.entered), when(each.left))
            for each in office.progress(dossier.code)
        ],
        days=_proof(dossier.deadline),
    )  # fmt: skip


def _proof(deadline: Deadline | None) -> Markup | None:
    """Return the fragment of igate, in which every value is escaped already."""
    if deadline is None:
        return None
    return Markup(deadline_html(deadline, "vi", styled=False))  # noqa: S704 - escaped there


@router.get("/proof.css")
def proof_style() -> Response:
    """Return the style of the fragment, which the security policy forbids inside of a page."""
    return Response(notice_style(), media_type="text/css")
