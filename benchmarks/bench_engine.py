"""One action in memory against a bare step of the ``transitions`` machine.

The path is a whole life of a dossier with one interruption: handed in, received (the clock starts),
passed on, asked for a supplement (a guard; the clock stops), supplemented (the clock starts anew),
forwarded to the last step, finished, handed over.

* **an action through the desk** is what a host calls, ``OneStop.act`` on the store in memory: it
  reads the dossier, decides (role, agency, guard, moment), makes the entry, applies it, works out
  the date of return where it can have moved, the dates of the step, for whom the dossier waits and
  what falls due, and writes all that.
* **deciding alone** is ``decide`` and ``apply``, without a store, a date or a list.
* **the first action** is the same call on a desk that has just been opened: what decides the
  dossier is read from the store and compiled. It is shown, not judged: it happens once a procedure
  and process.

The peer only moves a model along the same path, without roles, journal or clock, its guards
answered by a constant.

Nothing here waits, so the time of the thread is taken, in turns within one run.

Run ``python benchmarks/bench_engine.py``.
"""

from __future__ import annotations

from datetime import timedelta
from time import thread_time
from typing import TYPE_CHECKING

from rows import Case, Row, measure, print_table

from igate.dossiers.dossier import Actor
from igate.dossiers.engine import apply, begin, decide
from igate.law.localtime import parse_local
from igate.office.memory import MemoryStore
from igate.office.onestop import OneStop
from igate.procedures.catalog.catalog import Catalog
from igate.procedures.machine import Walker, compile_machine

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from transitions import Machine

    from igate.procedures.workflow import FactValue

CODE = "1.001806"
START = parse_local("2026-03-02T09:00")
#: the procedure has five processing steps
PATH = (
    "receive", "transfer", "ask_supplement", "supplement", "forward", "forward", "forward",
    "forward", "finish", "return_result",
)  # fmt: skip
#: actions of the path at which the date of return is worked out, for it may have moved
COUNTED = 3
#: dossiers that one measurement takes along the path
LIVES = 40


class Life:
    """A desk in memory, and the path of a dossier with its actors and moments."""

    def __init__(self) -> None:
        """Work one dossier through the path, to know who takes which action."""
        self.now = START
        self.catalog = Catalog.shipped()
        self.store = MemoryStore()
        self.desk = self.opened()
        self.steps: list[tuple[str, Actor, datetime]] = []
        self.first = self.submitted()
        for action in PATH:
            self.now += timedelta(hours=2)
            ways = self.desk.actions(self.first)
            roles = {role for way in ways if way.action == action for role in way.roles}
            actor = Actor("somebody", roles=roles, agency="H15.10")
            if self.desk.act(self.first, action, by=actor).deadline is None:
                raise AssertionError(action)
            self.steps.append((action, actor, self.now))
        self.codes = [self.first]

    def opened(self) -> OneStop:
        """Open another desk on the store."""
        return OneStop(self.store, agency="H15", catalog=self.catalog, clock=lambda: self.now)

    def submitted(self) -> str:
        """Hand in a dossier."""
        self.now = START
        return self.desk.submit(CODE, applicant="A", applicant_id="a-1", channel="online").code

    def prepare(self) -> None:
        """Hand in the dossiers that :meth:`walk` takes along the path."""
        self.codes = [self.submitted() for _ in range(LIVES)]

    def walk(self) -> None:
        """Take every action of the path through the desk, one dossier after another."""
        act = self.desk.act
        for code in self.codes:
            for action, actor, at in self.steps:
                self.now = at
                act(code, action, by=actor)

    def prepare_first(self) -> None:
        """Hand in a dossier, and open a desk that has seen none."""
        self.codes = [self.submitted()]
        self.cold = self.opened()

    def first_action(self) -> None:
        """Take the first action of the path through the desk that has just been opened."""
        action, actor, self.now = self.steps[0]
        self.cold.act(self.codes[0], action, by=actor)

    def deciding(self) -> Callable[[], object]:
        """Return a call that decides and applies every action of the path."""
        _, ground = self.desk._grounds.fold(self.first)  # noqa: SLF001 - the pure core is timed
        start = begin(self.desk.journal(self.first)[0], ground)

        def run() -> object:
            dossier = start
            for action, actor, at in self.steps:
                entry = decide(dossier, action, by=actor, at=at, ground=ground)
                dossier = apply(dossier, entry, ground)
            return dossier

        if run().state != "returned":  # type: ignore[attr-defined]
            raise AssertionError(PATH)
        return run


def bare(machine: Machine, initial: str) -> Callable[[], object]:
    """Return a call that moves a model along the path with the stock machine."""
    events = machine.events
    facts: dict[str, FactValue] = dict.fromkeys(("received_elsewhere", "arrived"), False)
    facts |= {"supplement_requests": 0, "working_days_since_receipt": 0, "days_waiting": 0}

    def run() -> object:
        walker = Walker(initial)
        for action in PATH:
            events[action].trigger(walker, facts)
        return walker

    if run().state != "returned":  # type: ignore[attr-defined]
        raise AssertionError(PATH)
    return run


def rows() -> list[Row]:
    """Time the walks in turns."""
    life = Life()
    workflow = life.catalog.in_force(CODE, on=START.date()).workflow
    machine = compile_machine(workflow)
    times = measure(
        {
            "act": Case(run=life.walk, units=len(PATH) * LIVES, prepare=life.prepare, once=True),
            "decide": Case(run=life.deciding(), units=len(PATH)),
            "first": Case(run=life.first_action, prepare=life.prepare_first, once=True),
            "transitions": Case(run=bare(machine, workflow.initial), units=len(PATH)),
        },
        rounds=31,
        clock=thread_time,
    )
    peer = {"peer": "transitions, bare trigger", "theirs": times["transitions"]}
    mean = f"mean of the {len(PATH)} actions of one life"
    return [
        Row(
            name="an action through the desk (OneStop.act, memory), warm",
            ours=times["act"],
            **peer,
            rule="at_most",
            budget=5,
            note=f"{mean}; the date is worked out at {COUNTED}",
        ),
        Row(
            name="deciding alone (decide, apply)",
            ours=times["decide"],
            **peer,
            rule="at_most",
            budget=1,
            note=mean,
        ),
        Row(
            name="the first action of a desk just opened",
            ours=times["first"],
            **peer,
            rule="times",
            note="once a procedure and process",
        ),
    ]


if __name__ == "__main__":
    raise SystemExit(0 if print_table(rows()) else 1)
