"""Templates turned into workflows: states, transitions, who may act."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from igate.deadlines.limits import TimeLimit
from igate.files.sources import shipped
from igate.law.citation import Label
from igate.procedures.reading.templates import Templates
from igate.procedures.workflow import BUILT_IN_FACTS, Phase, Step, Transition, Workflow
from shared import shipped_catalogue

if TYPE_CHECKING:
    from igate.procedures.template import Template

TEMPLATES = Templates({source.stem: source for source in shipped("templates")})


def template(name: str) -> Template:
    """Return a shipped template, which has no errors."""
    found = TEMPLATES.get(name)
    assert found is not None, TEMPLATES.findings(name)
    return found


def steps(*roles: str) -> tuple[Step, ...]:
    """Return steps: the first role receives, the last hands over, the others process."""
    last = len(roles)
    phases: dict[int, Phase] = {1: "reception", last: "handover"}
    return tuple(
        Step(
            number=number,
            phase=phases.get(number, "processing"),
            label=Label(vi=f"Bước {number}"),
            role=role,
            limit=TimeLimit.parse("1 working_day"),
        )
        for number, role in enumerate(roles, start=1)
    )


def workflow(name: str, *roles: str) -> Workflow:
    """Make a workflow of a shipped template and steps of some roles."""
    return TEMPLATES.workflow(template(name), steps(*roles)).workflow


def ways(made: Workflow, action: str) -> set[tuple[str, str]]:
    """Return source and target of each transition of an action."""
    return {(t.source, t.target) for t in made.transitions if t.action == action}


def only(made: Workflow, action: str, source: str) -> Transition:
    """Return the one transition of an action from a state."""
    (found,) = [t for t in made.transitions if (t.action, t.source) == (action, source)]
    return found


def test_the_shipped_templates_are_those_of_the_reference() -> None:
    """Four courses: ordinary, same day, with consultation, two levels."""
    assert set(TEMPLATES.names) == {"ordinary", "same_day", "consultation", "two_level"}


@pytest.mark.parametrize("name", TEMPLATES.names)
def test_a_shipped_template_has_no_findings_and_cites_every_transition(name: str) -> None:
    """Each transition names the article it rests on, or says that it is assumed."""
    assert TEMPLATES.findings(name) == ()
    assert [t.action for t in template(name).transitions if t.citation is None] == []


def test_processing_becomes_a_state_a_step() -> None:
    """Two processing steps between reception and hand-over: numbers 2 and 3 (by hand)."""
    made = workflow("ordinary", "receptionist", "officer", "leader", "receptionist")
    assert set(made.states) == {
        "submitted", "guided", "awaiting_fee", "rejected", "received",
        "processing_2", "processing_3",
        "awaiting_supplement", "awaiting_payment_2", "awaiting_payment_3",
        "withdrawal_requested", "stopped", "solved", "returned",
    }  # fmt: skip
    assert {name: state.step for name, state in made.states.items() if state.step} == {
        "received": 1,
        "processing_2": 2,
        "processing_3": 3,
        "awaiting_payment_2": 2,
        "awaiting_payment_3": 3,
        "solved": 4,
    }
    assert made.initial == "submitted"


def test_national_statuses_are_those_of_the_national_data_set() -> None:
    """Statuses 1 to 10 of the national portal, each on the state that means it."""
    states = workflow("ordinary", "receptionist", "officer", "receptionist").states
    assert {name: state.national_status for name, state in states.items()} == {
        "submitted": 1,
        "guided": 5,
        "awaiting_fee": 6,
        "received": 2,
        "rejected": 3,
        "processing_2": 4,
        "awaiting_supplement": 5,
        "awaiting_payment_2": 6,
        "withdrawal_requested": 7,
        "stopped": 8,
        "solved": 9,
        "returned": 10,
    }


def test_steps_follow_one_another() -> None:
    """First, next, previous and last are positions among the processing steps."""
    made = workflow("ordinary", "receptionist", "officer", "officer", "leader", "receptionist")
    assert ways(made, "transfer") == {("received", "processing_2")}
    assert ways(made, "forward") == {
        ("processing_2", "processing_3"),
        ("processing_3", "processing_4"),
    }
    assert ways(made, "send_back") == {
        ("processing_3", "processing_2"),
        ("processing_4", "processing_3"),
    }
    assert ways(made, "finish") == {("processing_4", "solved")}


def test_a_single_processing_step_has_no_next_one() -> None:
    """Where a target does not exist, neither the transition nor an action without any is made."""
    made = workflow("ordinary", "receptionist", "officer", "receptionist")
    assert "forward" not in made.actions
    assert "send_back" not in made.actions
    assert ways(made, "finish") == {("processing_2", "solved")}


def test_payment_comes_back_to_its_step_and_supplement_to_the_first() -> None:
    """Payment interrupts a step; after a supplement the work begins anew (Decree 118, 19.5)."""
    made = workflow("ordinary", "receptionist", "officer", "leader", "receptionist")
    assert ways(made, "pay") == {
        ("awaiting_fee", "submitted"),
        ("solved", "solved"),
        ("awaiting_payment_2", "processing_2"),
        ("awaiting_payment_3", "processing_3"),
    }
    assert ways(made, "supplement") == {("awaiting_supplement", "processing_2")}


def test_the_role_of_a_step_acts_in_it() -> None:
    """``roles: [step]`` stands for the role of the step that is left."""
    made = workflow("ordinary", "receptionist", "officer", "leader", "receptionist")
    assert only(made, "forward", "processing_2").roles == {"officer"}
    assert only(made, "finish", "processing_3").roles == {"leader"}
    assert only(made, "receive", "submitted").roles == {"receptionist"}


def test_the_rules_of_decree_118_on_supplements_and_apologies() -> None:
    """Once and within 3 working days; closed after 15 days; one apology, a day before the end."""
    made = workflow("ordinary", "receptionist", "officer", "receptionist")
    ask = only(made, "ask_supplement", "processing_2")
    assert (ask.clock, ask.reason, str(ask.citation)) == (
        "suspend",
        "supplement",
        "Nghị định 118/2025/NĐ-CP, Điều 19 khoản 5",
    )
    assert ask.guard is not None
    on_day = {"supplement_requests": 0, "working_days_since_receipt": 3}
    assert ask.guard.holds(on_day)
    assert not ask.guard.holds(on_day | {"working_days_since_receipt": 4})
    assert not ask.guard.holds(on_day | {"supplement_requests": 1})
    close = only(made, "expire_supplement", "awaiting_supplement")
    assert close.guard is not None
    assert (close.outcome, close.guard.holds({"days_waiting": 15})) == ("not_supplemented", False)
    assert close.guard.holds({"days_waiting": 16})
    sorry = only(made, "apologise", "processing_2")
    assert sorry.guard is not None
    assert sorry.guard.holds({"apologies": 0, "working_days_left": 1})
    assert not sorry.guard.holds({"apologies": 1, "working_days_left": 1})
    assert not sorry.guard.holds({"apologies": 0, "working_days_left": 0})


def test_a_dossier_can_be_withdrawn_until_it_is_solved() -> None:
    """At any time from the filing until the result is issued (Decree 118, article 21)."""
    made = workflow("ordinary", "receptionist", "officer", "receptionist")
    assert {source for source, _ in ways(made, "withdraw")} == {
        "submitted",
        "guided",
        "awaiting_fee",
        "received",
        "processing_2",
        "awaiting_supplement",
        "awaiting_payment_2",
    }


def test_the_committee_is_entered_and_left_by_its_own_actions() -> None:
    """Department, department, committee, committee, clerk: one way up and one way back."""
    made = workflow(
        "two_level", "receptionist", "officer", "department_leader", "provincial_committee",
        "provincial_committee", "clerk", "receptionist",
    )  # fmt: skip
    assert ways(made, "submit_up") == {("processing_3", "processing_4")}
    assert ways(made, "committee_return") == {("processing_5", "processing_6")}
    assert ways(made, "forward") == {
        ("processing_2", "processing_3"),
        ("processing_4", "processing_5"),
    }


def test_the_steps_of_the_committee_are_open_to_any_agency() -> None:
    """The committee is another agency than the department to which the dossier belongs."""
    made = workflow(
        "two_level", "receptionist", "officer", "provincial_committee", "clerk", "receptionist"
    )
    assert only(made, "committee_return", "processing_3").any_agency
    assert only(made, "stop", "processing_3").any_agency
    assert not only(made, "submit_up", "processing_2").any_agency
    assert not only(made, "receive", "submitted").any_agency


def test_an_opinion_suspends_and_resumes_under_its_own_reason() -> None:
    """Whether it stops the clock is for the clock rules, under the reason "opinion"."""
    made = workflow("consultation", "receptionist", "officer", "leader", "receptionist")
    ask = only(made, "consult", "processing_2")
    further, give = (
        each
        for each in made.transitions
        if (each.action, each.source) == ("give_opinion", "awaiting_opinion_2")
    )
    assert (further.target, further.clock) == ("awaiting_opinion_2", None)
    assert str(further.guard) == "agencies_missing > 1"
    assert (ask.target, ask.clock, ask.reason) == ("awaiting_opinion_2", "suspend", "opinion")
    assert (give.target, give.clock, give.reason) == ("processing_2", "resume", "opinion")
    assert give.roles == {"other_agency", "officer"}
    assert give.any_agency
    assert ("awaiting_opinion_3", "withdrawal_requested") in ways(made, "withdraw")


def test_the_cut_off_of_a_template_moves_what_the_law_says() -> None:
    """15:00 moves the transfer (Decree 118, 18.2), and the result of a same-day procedure."""
    ordinary, same_day = template("ordinary").cutoff, template("same_day").cutoff
    assert ordinary is not None
    assert same_day is not None
    assert (f"{ordinary.at:%H:%M}", ordinary.moves, str(ordinary.citation)) == (
        "15:00",
        "transfer",
        "Nghị định 118/2025/NĐ-CP, Điều 18 khoản 2",
    )
    assert (f"{same_day.at:%H:%M}", same_day.moves, str(same_day.citation)) == (
        "15:00",
        "result",
        "Nghị định 23/2015/NĐ-CP, Điều 7",
    )


def test_a_state_says_its_step_in_both_languages() -> None:
    """``{step}`` in a label becomes the number of the step."""
    made = workflow("ordinary", "receptionist", "officer", "receptionist")
    assert made.states["processing_2"].label.text("vi") == "Đang xử lý, bước 2"
    assert made.states["processing_2"].label.text("en") == "In process, step 2"


def test_a_state_knows_its_step() -> None:
    """The reception belongs to the state received, the hand-over to the state solved."""
    made = workflow("ordinary", "receptionist", "officer", "receptionist")
    numbers = {name: step.number for name in made.states if (step := made.step_of(name))}
    assert numbers == {"received": 1, "processing_2": 2, "awaiting_payment_2": 2, "solved": 3}


def test_equal_shapes_share_one_expansion() -> None:
    """Procedures that differ in texts and limits alone share states and transitions."""
    one = TEMPLATES.workflow(template("ordinary"), steps("receptionist", "officer", "clerk"))
    other = TEMPLATES.workflow(
        template("ordinary"),
        tuple(
            Step(number=s.number, phase=s.phase, label=Label(vi="Khác"), role=s.role)
            for s in steps("receptionist", "officer", "clerk")
        ),
    )
    assert one.workflow.transitions is other.workflow.transitions
    assert other.workflow.steps[0].label.vi == "Khác"


def test_a_template_that_does_not_exist_is_none() -> None:
    """The library says so; the file that names it gets the finding."""
    assert TEMPLATES.get("ordinery") is None


def test_every_built_in_fact_of_the_shipped_guards_is_known() -> None:
    """Guards of shipped templates ask for built-in facts and declared ones only."""
    for name in TEMPLATES.names:
        known = set(BUILT_IN_FACTS) | set(template(name).facts)
        for transition in template(name).transitions:
            assert transition.guard is None or transition.guard.names <= known


def test_every_shipped_procedure_has_a_workflow_with_labels() -> None:
    """No state, action or role of a shipped procedure lacks a Vietnamese or English label."""
    catalog = shipped_catalogue()
    bare = []
    for code in catalog:
        for _, revision in catalog.procedure(code).revisions:
            made = revision.workflow
            labels = [s.label for s in made.states.values()] + list(made.roles.values())
            labels += [action.label for action in made.actions.values()]
            bare += [code for label in labels if not (label.vi and label.en)]
    assert bare == []
