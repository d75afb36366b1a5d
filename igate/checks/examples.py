"""The examples of a procedure file, run through the real engine.

An example hands a dossier in on a day, acts on it, and says what must come of it: its state, its
due date, its outcome. It is run in memory under the announced Vietnamese calendar and the clock
rules of the day; nothing of the engine is imitated. What comes out otherwise is an error in the
file or in the example, and is reported with both values.
"""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from igate.calendar import WorkCalendar
from igate.checks.asked import REASON
from igate.deadlines.rulefile import shipped_rules
from igate.dossiers.dossier import Actor, Submission
from igate.dossiers.engine import Ground, apply, begin, decide, submit
from igate.errors import ActionRefused, IgateError
from igate.files.fault import Fault
from igate.law.localtime import local
from igate.procedures.reading.keys import ExampleModel
from igate.words.sentence import say, together

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from igate.dossiers.dossier import Dossier
    from igate.files.yaml import KeyPath, YamlFile
    from igate.procedures.procedure import Procedure
    from igate.procedures.reading.keys import ActionModel, ExpectModel
    from igate.procedures.workflow import Transition

__all__ = [
    "announced",
    "example_faults",
    "examples_of",
    "ground_on",
    "handed_in",
    "run_example",
    "taken",
]

#: Code of the dossier of an example; it is in no store.
_CODE = say("the dossier")


def examples_of(read: YamlFile) -> tuple[ExampleModel, ...]:
    """Return the examples of a procedure file whose shape has been checked."""
    written = read.data.get("examples") if isinstance(read.data, dict) else None
    if not isinstance(written, list):
        return ()
    return tuple(ExampleModel.model_validate(each) for each in written)


def example_faults(
    read: YamlFile, procedure: Procedure, calendar: WorkCalendar | None = None
) -> Iterator[Fault]:
    """Run the examples of a procedure file and find those that do not come out.

    Args:
        read: The file.
        procedure: What it says, without errors.
        calendar: The working days; the announced Vietnamese civil-service calendar when absent.
    """
    examples = examples_of(read)
    days = (announced() if calendar is None else calendar) if examples else None
    for index, example in enumerate(examples):
        if days is not None:
            yield from run_example(example, ("examples", index), procedure, days)


@lru_cache(maxsize=1)
def announced() -> WorkCalendar:
    """Return the announced Vietnamese civil-service calendar, made once."""
    return WorkCalendar.vietnam()


def run_example(
    example: ExampleModel, path: KeyPath, procedure: Procedure, calendar: WorkCalendar
) -> Iterator[Fault]:
    """Run one example and find where it does not come out."""
    try:
        ground = ground_on(procedure, example.submitted.date(), calendar)
        dossier = handed_in(example, ground)
    except IgateError as error:
        yield _fault(
            (*path, "submitted"),
            example,
            say("the dossier cannot be handed in: {error}", error=error.sentence),
        )
        return
    for number, act in enumerate(example.actions):
        here: KeyPath = (*path, "actions", number)
        try:
            after = taken(act, dossier, ground)
        except IgateError as error:
            if not (act.refused and isinstance(error, ActionRefused)):
                yield _fault(
                    (*here, "action"),
                    example,
                    say("the action is not taken: {error}", error=error.sentence),
                )
                return
        else:
            if act.refused:
                what = say(
                    '"{action}" is taken (state "{state}"), expected: refused.',
                    action=act.action,
                    state=after.state,
                )
                yield _fault((*here, "refused"), example, what)
                return
            dossier = after
        if act.expect is not None:
            yield from _compared(act.expect, (*here, "expect"), example, dossier)
    yield from _compared(example.expect, (*path, "expect"), example, dossier)


def ground_on(procedure: Procedure, day: date, calendar: WorkCalendar) -> Ground:
    """Return what decides a dossier of a procedure that is handed in on a day.

    Raises:
        IgateError: The procedure, or its clock rules, are not in force on the day.
    """
    revision = procedure.in_force(day)
    return Ground.of(revision, shipped_rules(revision.clock_rules, on=day), calendar)


def handed_in(example: ExampleModel, ground: Ground) -> Dossier:
    """Return the dossier of an example as it is handed in.

    Raises:
        IgateError: It cannot be handed in.
    """
    submission = Submission(
        procedure=ground.revision.procedure,
        revision=ground.revision.id,
        agency="",
        channel=example.channel,
        applicant="example",
        case=example.case,
        area=example.area,
    )
    applicant = Actor("applicant", roles={"applicant"})
    at = example.submitted
    entry = submit(_CODE, submission, by=applicant, at=at, recorded_at=at, ground=ground)
    return begin(entry, ground)


def taken(act: ActionModel, dossier: Dossier, ground: Ground) -> Dossier:
    """Take an action as the role that the example names, or as one that may.

    Raises:
        IgateError: It is refused.
    """
    ways = ground.table.transitions.get((dossier.state, act.action), ())
    able = {role for transition in ways for role in transition.roles}
    roles = able if act.role is None else {act.role}
    agency = next((way.agency for way in ways if way.agency and way.roles & roles), "")
    entry = decide(
        dossier,
        act.action,
        by=Actor(_person(act, dossier, ways), roles=roles, agency=agency),
        at=act.at,
        ground=ground,
        note=REASON,
        due=act.new_date,
        facts=act.sets,
    )
    return apply(dossier, entry, ground)


def _person(act: ActionModel, dossier: Dossier, ways: Iterable[Transition]) -> str:
    """Name who acts; for an action that needs other eyes, somebody of that state alone."""
    person = act.role or "anybody"
    return f"{person} of {dossier.state}" if any(w.manner.other_than for w in ways) else person


def _compared(
    expect: ExpectModel, path: KeyPath, example: ExampleModel, dossier: Dossier
) -> Iterator[Fault]:
    if expect.state is not None and expect.state != dossier.state:
        what = say(
            'the dossier is in "{state}", expected "{state_2}".',
            state=dossier.state,
            state_2=expect.state,
        )
        yield _fault((*path, "state"), example, what)
    if expect.outcome is not None and expect.outcome != dossier.outcome:
        what = say(
            "the outcome is {outcome}, expected {outcome_2}.",
            outcome=dossier.outcome or say("none"),
            outcome_2=expect.outcome,
        )
        yield _fault((*path, "outcome"), example, what)
    if expect.due is None:
        return
    try:
        deadline = dossier.deadline
    except IgateError as error:
        yield _fault(
            (*path, "due"),
            example,
            say("no due date can be worked out: {error}", error=error.sentence),
        )
        return
    due = None if deadline is None or deadline.due is None else local(deadline.due)
    if not _agrees(expect.due, due):
        wanted, found = _spelled(expect.due), say("none") if due is None else _spelled(due)
        yield _fault(
            (*path, "due"),
            example,
            say("the due date is {found}, expected {wanted}.", found=found, wanted=wanted),
        )


def _agrees(expected: date | datetime | str, due: datetime | None) -> bool:
    """Compare by the minute where the example names one, else by the day."""
    if due is None or expected == "none":
        return due is None and expected == "none"
    if isinstance(expected, datetime):
        return due.replace(second=0, microsecond=0) == expected
    return due.date() == expected


def _spelled(due: date | datetime | str) -> str:
    return f"{due:%Y-%m-%d %H:%M}" if isinstance(due, datetime) else str(due)


def _fault(path: KeyPath, example: ExampleModel, what: str) -> Fault:
    message = together(f"{example.vi}:", what)
    remedy = say("Work it out by hand, then correct the example or what the file says.")
    return Fault("example-fails", path, message, remedy)
