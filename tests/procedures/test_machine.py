"""The table and the machine of the transitions library: checked, and equal."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from transitions import MachineError

from igate.errors import DefinitionError
from igate.files.sources import shipped
from igate.law.citation import Label
from igate.procedures.guard import Guard
from igate.procedures.machine import (
    Walker,
    compile_machine,
    compile_table,
    next_transition,
    workflow_faults,
)
from igate.procedures.reading.templates import Templates
from igate.procedures.workflow import BUILT_IN_FACTS, Action, State, Transition, Workflow
from shared import shipped_catalogue

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from igate.procedures.workflow import FactValue

LABEL = Label(vi="Ví dụ", en="Example")
FACTS = ("fee_paid", "supplement_requests")


def state(name: str, *, status: int = 4, final: bool = False) -> State:
    """Make a state."""
    return State(name=name, label=LABEL, national_status=status, final=final)


def way(action: str, source: str, target: str, guard: str | None = None) -> Transition:
    """Make a transition for officers."""
    return Transition(
        action=action,
        source=source,
        target=target,
        roles=frozenset({"officer"}),
        guard=None if guard is None else Guard.parse(guard, FACTS),
    )


def workflow(states: list[State], ways: list[Transition], initial: str = "start") -> Workflow:
    """Make a workflow that declares whatever its transitions do."""
    return Workflow(
        name="example",
        initial=initial,
        states=MappingProxyType({each.name: each for each in states}),
        actions=MappingProxyType(
            {each.action: Action(name=each.action, label=LABEL) for each in ways}
        ),
        transitions=tuple(ways),
        facts=MappingProxyType({"fee_paid": "bool"}),
        roles=MappingProxyType({"officer": LABEL}),
    )


START, END = state("start", status=1), state("end", status=10, final=True)


def codes(made: Workflow) -> list[str]:
    """Return the codes of the problems of a workflow."""
    return [fault.code for fault in workflow_faults(made)]


def test_a_sound_workflow_has_no_faults() -> None:
    """One way from the beginning to a result handed over is enough."""
    assert codes(workflow([START, END], [way("go", "start", "end")])) == []


@pytest.mark.parametrize(
    ("states", "ways", "expected"),
    [
        ([START, END], [way("go", "start", "ende")], ["unknown-state"]),
        ([START, END], [way("go", "strat", "end")], ["unknown-state"]),
        ([END], [way("go", "end", "end")], ["unknown-state"]),
        ([START, END, state("x")], [way("go", "start", "end"), way("a", "x", "end")],
         ["unreachable-state"]),
        ([START, END, state("x")], [way("go", "start", "end"), way("a", "start", "x")],
         ["dead-end"]),
        ([START, END, state("x")],
         [way("go", "start", "end"), way("a", "start", "x"), way("b", "x", "x")], ["dead-end"]),
        ([START, END], [way("go", "start", "end"), way("a", "end", "start")],
         ["final-state-left"]),
        ([START, state("end", status=8, final=True)], [way("go", "start", "end")],
         ["no-path-to-result"]),
        ([START, END, state("x"), state("y")],
         [way("go", "start", "end"), way("a", "start", "x"), way("b", "x", "y"),
          way("c", "y", "x")], ["no-path-to-result", "no-path-to-result"]),
        ([START, END, state("x")],
         [way("go", "start", "end"), way("go", "start", "x"), way("a", "x", "end")],
         ["duplicate-transition"]),
        ([START, END], [way("go", "start", "end"), way("go", "start", "end", "fee_paid")],
         ["duplicate-transition"]),
        ([START, END], [way("go", "start", "end", "fee_paid"), way("go", "start", "end")], []),
    ],
)  # fmt: skip
def test_a_workflow_in_which_a_dossier_gets_lost_is_refused(
    states: list[State], ways: list[Transition], expected: list[str]
) -> None:
    """Each way to get lost has its code, and neither compiler accepts it."""
    made = workflow(states, ways)
    assert codes(made) == expected
    if expected:
        with pytest.raises(DefinitionError, match="<workflow example>"):
            compile_table(made)
        with pytest.raises(DefinitionError, match="<workflow example>"):
            compile_machine(made)


def test_the_message_about_a_state_names_the_transition_and_the_nearest_state() -> None:
    """Who mistypes a state reads which transition, which states there are, and which is near."""
    (fault,) = workflow_faults(workflow([START, END], [way("finish", "start", "ende")]))
    assert 'The transition "finish" leads to the state "ende"' in fault.message
    assert fault.remedy == 'Declared states: start, end. Did you mean "end"?'


def test_an_action_without_a_label_is_a_problem() -> None:
    """What a clerk can press has a name to show."""
    made = workflow([START, END], [way("go", "start", "end")])
    bare = Workflow(
        name=made.name,
        initial=made.initial,
        states=made.states,
        actions=MappingProxyType({}),
        transitions=made.transitions,
        facts=made.facts,
        roles=made.roles,
    )
    assert codes(bare) == ["unknown-action"]


def test_the_table_lists_the_actions_of_a_state_in_order() -> None:
    """The order is that of the workflow; a state without any has none."""
    table = compile_table(
        workflow(
            [START, END],
            [
                way("pay", "start", "start"),
                way("go", "start", "end", "fee_paid"),
                way("go", "start", "start"),
            ],
        )
    )
    assert table.actions_from("start") == ("pay", "go")
    assert table.actions_from("end") == ()
    assert [t.target for t in table.transitions["start", "go"]] == ["end", "start"]


def test_the_first_transition_whose_guard_holds_is_taken() -> None:
    """With the fee paid the dossier goes on, without it stays; there is no third way."""
    ways = [way("go", "start", "end", "fee_paid"), way("go", "start", "start", "not fee_paid")]
    table = compile_table(workflow([START, END], ways))
    assert next_transition(table, "start", "go", {"fee_paid": True}) is ways[0]
    assert next_transition(table, "start", "go", {"fee_paid": False}) is ways[1]
    assert next_transition(table, "end", "go", {"fee_paid": True}) is None
    assert next_transition(table, "start", "stop", {"fee_paid": True}) is None


def test_the_machine_has_nothing_that_the_workflow_does_not_say() -> None:
    """No transition to every state, no models kept, and no guard looked up by its name."""
    made = workflow([START, END], [way("go", "start", "end", "fee_paid")])
    machine = compile_machine(made)
    assert set(machine.events) == {"go"}
    assert machine.models == []
    assert machine.states["end"].final
    conditions = machine.get_transitions("go")[0].conditions
    assert [callable(condition.func) for condition in conditions] == [True]


def follow(made: Workflow, walk: Sequence[tuple[str, Mapping[str, FactValue]]]) -> None:
    """Take the same walk on the table and on the machine, and compare every step."""
    table, machine = compile_table(made), compile_machine(made)
    here, walker = made.initial, Walker(made.initial)
    for action, facts in walk:
        transition = next_transition(table, here, action, facts)
        if action not in table.actions_from(here):
            with pytest.raises(MachineError):
                machine.events[action].trigger(walker, facts)
        else:
            taken = machine.events[action].trigger(walker, facts)
            assert taken is (transition is not None)
        here = transition.target if transition is not None else here
        assert walker.state == here


GUARDS = [None, "fee_paid", "not fee_paid", "supplement_requests == 0", "supplement_requests > 1"]
SOME_FACTS = st.fixed_dictionaries(
    {"fee_paid": st.booleans(), "supplement_requests": st.integers(0, 3)}
)


@st.composite
def workflows(draw: st.DrawFn) -> Workflow:
    """Draw a chain of states to a result, with guarded short cuts and ways back."""
    count = draw(st.integers(1, 4))
    names = ["start", *(f"s{n}" for n in range(1, count))]
    states = [START, *(state(name) for name in names[1:]), END]
    chain = [way("on", a, b) for a, b in zip(names, [*names[1:], "end"], strict=True)]
    extra = draw(
        st.lists(
            st.builds(
                way,
                st.sampled_from(["on", "jump", "back"]),
                st.sampled_from(names),
                st.sampled_from([*names, "end"]),
                st.sampled_from(GUARDS),
            ),
            max_size=8,
        )
    )
    made = workflow(states, draw(st.permutations([*chain, *extra])))
    assume(not workflow_faults(made))
    return made


@given(workflows(), st.data())
def test_table_and_machine_take_the_same_path(made: Workflow, data: st.DataObject) -> None:
    """On any walk with any facts, both refuse the same actions and reach the same states."""
    steps = st.tuples(st.sampled_from(sorted(made.actions)), SOME_FACTS)
    follow(made, data.draw(st.lists(steps, max_size=12)))


TEMPLATES = Templates({source.stem: source for source in shipped("templates")})


def shipped_workflows() -> list[Workflow]:
    """Return the workflow of each shipped template with its assumed steps."""
    found = [TEMPLATES.get(name) for name in TEMPLATES.names]
    return [TEMPLATES.workflow(each, each.steps).workflow for each in found if each is not None]


@given(st.sampled_from(shipped_workflows()), st.data())
def test_table_and_machine_agree_on_the_shipped_templates(
    made: Workflow, data: st.DataObject
) -> None:
    """The same for the real guards: mostly possible actions, so that the walk gets somewhere."""
    table = compile_table(made)
    bools = {name for name, kind in {**BUILT_IN_FACTS, **made.facts}.items() if kind == "bool"}
    facts = st.fixed_dictionaries(
        {
            "supplement_requests": st.integers(0, 1),
            "apologies": st.integers(0, 1),
            "working_days_since_receipt": st.integers(0, 5),
            "working_days_left": st.integers(-1, 3),
            "days_waiting": st.integers(13, 18),
            "agencies_missing": st.integers(0, 2),
            "last_action": st.sampled_from(sorted(made.actions)),
            "came_from": st.sampled_from(sorted(made.states)),
            **dict.fromkeys(bools, st.booleans()),
        }
    )
    here, walk = made.initial, []
    for _ in range(data.draw(st.integers(0, 25))):
        possible = table.actions_from(here) or tuple(made.actions)
        action, known = data.draw(st.sampled_from(possible)), data.draw(facts)
        walk.append((action, known))
        taken = next_transition(table, here, action, known)
        here = taken.target if taken is not None else here
    follow(made, walk)


def test_every_shipped_procedure_compiles() -> None:
    """No dossier can get lost in a shipped procedure."""
    catalog = shipped_catalogue()
    for code in catalog:
        for _, revision in catalog.procedure(code).revisions:
            assert compile_table(revision.workflow).actions_from("submitted")
