"""What a picture of a workflow shows: few nodes, and ways that stand for many transitions.

A workflow has a state for every step and, beside them, a waiting state for every step that a
dossier may be waiting from. Drawn one by one they cannot be read. So the states of the main course
stay single, in one line; waiting states that differ only in their step become one node; and the
ways that leave all processing steps alike leave the frame around them, once. What the parties of a
step do at the same time is in its box, so no arrow is drawn for a part that is done.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from igate.publish.diagram.steps import (
    branch_of,
    in_process,
    is_otherwise,
    is_part,
    place,
    ranged,
    stem,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from igate.deadlines.rules import ClockKind
    from igate.law.citation import Citation, Label
    from igate.procedures.guard import Guard
    from igate.procedures.workflow import State, Step, Transition, Workflow

__all__ = ["FRAME", "Chart", "Node", "Way", "WayKind", "chart"]

#: Stands for the frame around the processing steps, as an end of a way; no state is named so.
FRAME: Final = ""

#: National statuses of the main course, in its order: submitted, received, in process, solved,
#: handed over (codes of the national data set of dossiers).
_COURSE: Final = (1, 2, 4, 9, 10)

#: ``onward``: to the next of the main course; ``skip``: further on in it; ``back``: back in it;
#: ``loop``: to where it started; ``aside``: out of the main course; ``between``: from one node
#: beside it to another; ``return``: into it.
WayKind = Literal["onward", "skip", "back", "loop", "aside", "between", "return"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One box of the picture: a state, or the states that differ only in their step."""

    #: name of the first of its states
    id: str
    label: Label
    states: tuple[str, ...]
    #: what is done here, in the order of the decision
    steps: tuple[Step, ...] = ()
    initial: bool = False
    final: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One arrow of the picture: transitions of one action that mean the same."""

    action: str
    label: Label
    kind: WayKind
    #: identifier of a node, or ``FRAME``
    source: str
    target: str
    #: names of the roles that may take it wherever it starts
    roles: tuple[str, ...]
    #: also whoever does the step that it leaves
    own_role: bool = False
    clock: ClockKind | None = None
    reason: str = ""
    guard: Guard | None = None
    citation: Citation | None = None
    #: a way of the step itself, besides those of the template: a branch, or a way back
    branch: bool = False
    #: open where no branch with the same action is
    otherwise: bool = False
    #: out of the frame, only from these steps (``2``, ``2.1``); none: from every step
    steps: tuple[str, ...] = ()
    #: into the frame, to the step from which the dossier came
    same_step: bool = False
    #: further nodes from which it starts, besides ``source``
    also_from: tuple[str, ...] = ()
    #: to the end, also from these steps (``2``, ``2.1``), which have no arrow for it
    also_steps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """The nodes and ways of a picture."""

    #: the main course, from the first state to the handing over
    course: tuple[Node, ...]
    #: the part of the course inside the frame
    framed: tuple[str, ...]
    #: what the frame is called; ``None`` without a frame
    frame: Label | None
    sides: tuple[Node, ...]
    ways: tuple[Way, ...]
    #: labels of the actions that are left out
    hidden: tuple[Label, ...]

    def node(self, identifier: str) -> Node:
        """Return a node by its identifier."""
        return next(node for node in (*self.course, *self.sides) if node.id == identifier)

    @property
    def far(self) -> tuple[Way, ...]:
        """The ways that begin and end beside the course."""
        course = {FRAME, *(node.id for node in self.course)}
        return tuple(way for way in self.ways if not {way.source, way.target} & course)

    @property
    def branches(self) -> tuple[Way, ...]:
        """The ways of steps from one node to another, besides those of the template."""
        return tuple(way for way in self.ways if way.branch and way.kind != "loop")

    def between(self, source: str, target: str) -> tuple[Way, ...]:
        """Return the ways from one end to another, in the order of the workflow."""
        return tuple(way for way in self.ways if (way.source, way.target) == (source, target))


def chart(workflow: Workflow, *, all_ways: bool = False) -> Chart:
    """Fold a workflow to what a picture can show.

    What puts something right or says who works is left out: it can start nearly everywhere.

    Args:
        workflow: The workflow.
        all_ways: Also the template's ways back along the main course that leave the clock alone.
    """
    aside = [each for each in workflow.transitions if each.manner.upkeep]
    left_out = {each.action: each.label or workflow.actions[each.action].label for each in aside}
    drawn = tuple([each for each in workflow.transitions if not each.manner.upkeep])
    workflow = replace(workflow, transitions=drawn)
    course = _course(workflow)
    framed = tuple(name for name in course if in_process(workflow.states[name]))
    sides = _sides(workflow, course)
    folding = _Folding(workflow, course, framed, sides)
    ways = tuple(folding.ways())
    ways = _once(ways, folding)
    shown = ways if all_ways else tuple([way for way in ways if not _aside(way)])
    drawn_actions = {way.action for way in shown}
    left_out |= {way.action: way.label for way in ways if way.action not in drawn_actions}
    return Chart(
        course=tuple(_course_nodes(workflow, course)),
        framed=framed,
        frame=ranged([workflow.states[name] for name in framed], workflow) if framed else None,
        sides=tuple(_node(workflow, states) for states in sides),
        ways=shown,
        hidden=tuple(left_out.values()),
    )


def _aside(way: Way) -> bool:
    """Return whether a way of the template leads back or nowhere and leaves the clock alone."""
    return way.kind in {"back", "loop"} and not way.clock and not way.branch


def _once(ways: Sequence[Way], folding: _Folding) -> tuple[Way, ...]:
    """Draw an action that ends the work from every step alike once, from the last of them."""
    ends = {_end_of(way) for way in ways if way.kind == "onward" and not way.branch}
    early: defaultdict[tuple[object, ...], list[str]] = defaultdict(list)
    kept = []
    for way in ways:
        if way.kind == "skip" and not way.branch and _end_of(way) in ends:
            early[_end_of(way)].append(way.source)
        else:
            kept.append(way)
    return tuple(
        [
            replace(way, also_steps=folding.numbers(early[_end_of(way)]))
            if way.kind == "onward" and not way.branch and _end_of(way) in early
            else way
            for way in kept
        ]
    )


def _end_of(way: Way) -> tuple[object, ...]:
    """Return what ways share that end the work alike."""
    guard = way.guard.text if way.guard else ""
    return way.action, way.target, way.clock, way.reason, guard, way.otherwise


def _course(workflow: Workflow) -> tuple[str, ...]:
    """Return the longest way that only goes forward, and the steps that a branch passes by."""
    keys = {
        state.name: (_COURSE.index(state.national_status), state.step or 0, state.part)
        for state in workflow.states.values()
        if state.national_status in _COURSE
    }
    onward: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for transition in workflow.transitions:
        source, target = transition.source, transition.target
        if source in keys and target in keys and keys[source] < keys[target]:
            onward[source][target] = None
    longest: dict[str, tuple[str, ...]] = {}
    for name in sorted(keys, key=lambda name: keys[name], reverse=True):
        rest = max((longest[target] for target in onward[name]), key=len, default=())
        longest[name] = (name, *rest)
    way = longest.get(workflow.initial, (workflow.initial,))
    states = workflow.states
    steps = {stem(states[name]) for name in way if in_process(states[name])}
    found = [
        s.name for s in states.values() if s.name in way or (in_process(s) and stem(s) in steps)
    ]
    return tuple(sorted(found, key=lambda name: keys.get(name, (0, 0, 0))))


def _sides(workflow: Workflow, course: Sequence[str]) -> tuple[tuple[State, ...], ...]:
    """Return the states beside the course, those that differ only in their step together."""
    families: defaultdict[str, list[State]] = defaultdict(list)
    for state in workflow.states.values():
        if state.name not in course:
            families[stem(state)].append(state)
    found = [tuple(family) for family in families.values()]
    return tuple(sorted(found, key=lambda family: family[0].is_end))


def _course_nodes(workflow: Workflow, course: Sequence[str]) -> Iterator[Node]:
    """Make the nodes of the course; a phase that has one state has all its steps there."""
    attached = {(state.step, state.part) for state in workflow.states.values()}
    for name in course:
        state = workflow.states[name]
        first = workflow.step_of(name)
        steps = () if first is None else (first, *_further(workflow, first, attached))
        yield _node(workflow, (state,), steps)


def _further(
    workflow: Workflow, first: Step, attached: set[tuple[int | None, int]]
) -> Iterator[Step]:
    for step in workflow.steps:
        if step.phase == first.phase and (step.number, step.part) not in attached:
            yield step


def _node(workflow: Workflow, states: Sequence[State], steps: tuple[Step, ...] = ()) -> Node:
    return Node(
        id=states[0].name,
        label=ranged(states, workflow),
        states=tuple(state.name for state in states),
        steps=steps,
        initial=workflow.initial in {state.name for state in states},
        final=states[0].is_end,
    )


class _Key(NamedTuple):
    """What makes two transitions one way."""

    action: str
    kind: WayKind
    target: str
    clock: ClockKind | None
    reason: str
    guard: str
    branch: bool
    otherwise: bool
    #: the node from which it starts, where each start has an arrow
    alone: str


class _Folding:
    """Puts transitions together that one arrow can stand for."""

    def __init__(
        self,
        workflow: Workflow,
        course: Sequence[str],
        framed: Sequence[str],
        sides: Iterable[Sequence[State]],
    ) -> None:
        self.workflow = workflow
        self.place = {name: index for index, name in enumerate(course)}
        self.framed = framed
        self.nodes: Mapping[str, str] = {name: name for name in course} | {
            state.name: states[0].name for states in sides for state in states
        }
        self.order = list(dict.fromkeys(self.nodes.values()))

    def ways(self) -> Iterator[Way]:
        """Return the ways, in the order of the workflow."""
        groups: defaultdict[_Key, list[Transition]] = defaultdict(list)
        for transition in self.workflow.transitions:
            if not is_part(transition, self.workflow):
                groups[self.key(transition)].append(transition)
        for key, group in groups.items():
            yield self.way(key, group)

    def kind(self, source: str, target: str) -> WayKind:
        """Return how a way between two nodes lies to the main course."""
        if source == target:
            return "loop"
        here, there = self.place.get(source), self.place.get(target)
        if there is None:
            return "aside"
        if here is None:
            return "return"
        if there < here:
            return "back"
        return "onward" if there == here + 1 else "skip"

    def key(self, transition: Transition) -> _Key:
        """Return what a transition shares with those of the same arrow."""
        source, target = self.nodes[transition.source], self.nodes[transition.target]
        kind = self.kind(source, target)
        loops = kind == "loop" and source in self.framed
        if loops or (kind == "return" and self.comes_back(transition)):
            target = FRAME
        return _Key(
            action=transition.action,
            kind=kind,
            target=target,
            clock=transition.clock,
            reason=transition.reason,
            guard=transition.guard.text if transition.guard else "",
            branch=branch_of(transition, self.workflow) is not None,
            otherwise=is_otherwise(transition, self.workflow),
            alone=source if kind in {"onward", "skip", "back"} else "",
        )

    def comes_back(self, transition: Transition) -> bool:
        """Return whether a way into the frame leads to the step that the dossier had left."""
        states = self.workflow.states
        left, entered = states[transition.source], states[transition.target]
        same = (left.step, left.part) == (entered.step, entered.part)
        return transition.target in self.framed and left.step is not None and same

    def way(self, key: _Key, group: Sequence[Transition]) -> Way:
        """Make one arrow of a group of transitions."""
        first, kind, target = group[0], key.kind, key.target
        sources = sorted({self.nodes[each.source] for each in group}, key=self.order.index)
        inside = [name for name in sources if name in self.framed]
        leaves_frame = bool(inside) and kind in {"aside", "loop"}
        others = [name for name in sources if not leaves_frame or name not in inside]
        if kind == "aside" and not any(name in self.place for name in sources):
            kind = "between"
        every = len(inside) == len(self.framed)
        roles, own_role = self.roles(group)
        return Way(
            action=first.action,
            label=first.label or self.workflow.actions[first.action].label,
            kind=kind,
            source=FRAME if leaves_frame else others[0],
            target=target,
            roles=roles,
            own_role=own_role,
            clock=first.clock,
            reason=first.reason,
            guard=first.guard,
            citation=first.citation,
            branch=key.branch,
            otherwise=key.otherwise,
            steps=() if every or not leaves_frame else self.numbers(inside),
            same_step=target == FRAME and kind == "return",
            also_from=tuple(others if leaves_frame else others[1:]),
        )

    def numbers(self, names: Iterable[str]) -> tuple[str, ...]:
        """Return the numbers of the steps of some states of the frame."""
        return tuple(place(self.workflow.states[name]) for name in names)

    def roles(self, group: Sequence[Transition]) -> tuple[tuple[str, ...], bool]:
        """Return the roles that hold for a whole group, and whether each step adds its own."""
        shared = frozenset.intersection(*(each.roles for each in group))
        own: set[bool] = set()
        for each in group:
            step = self.workflow.step_of(each.source)
            own.add(step is not None and step.role in each.roles)
        names = tuple(name for name in self.workflow.roles if name in shared)
        if own != {True}:
            return names, False
        steps = {step.role for each in group if (step := self.workflow.step_of(each.source))}
        return tuple(name for name in names if len(steps) > 1 or name not in steps), True
