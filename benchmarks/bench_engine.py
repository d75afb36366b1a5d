"""Budget 4: one full step in memory against a bare step of the ``transitions`` machine.

The path is a whole life of a dossier with one interruption: handed in, received (the clock starts),
passed on, asked for a supplement (a guard; the clock stops), supplemented (the clock starts anew),
forwarded to the last step, finished, handed over. Ours decides (role, agency, guard, moment), makes
the entry and applies it; the peer only moves a model along the same path, without roles, journal
or clock, its guards answered by a constant.

Run ``python benchmarks/bench_engine.py``.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from rows import Case, Row, measure, print_table

from igate.dossiers.dossier import Actor
from igate.dossiers.engine import Ground, apply, begin, decide
from igate.law.localtime import parse_local
from igate.office.memory import MemoryStore
from igate.office.onestop import OneStop
from igate.procedures.catalog.catalog import Catalog
from igate.procedures.machine import Walker, compile_machine

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from transitions import Machine

    from igate.dossiers.dossier import Entry
    from igate.procedures.workflow import FactValue

CODE = "1.001806"
START = parse_local("2026-03-02T09:00")
#: the procedure has five processing steps
PATH = (
    "receive", "transfer", "ask_supplement", "supplement", "forward", "forward", "forward",
    "forward", "finish", "return_result",
)  # fmt: skip


def a_life() -> tuple[Ground, Entry, list[tuple[str, Actor, datetime]]]:
    """Work one dossier through the path, and give what is needed to walk it again."""
    now = START
    office = OneStop(MemoryStore(), agency="H15", catalog=Catalog.shipped(), clock=lambda: now)
    code = office.submit(CODE, applicant="A", channel="online").code
    steps: list[tuple[str, Actor, datetime]] = []
    for action in PATH:
        now += timedelta(hours=2)
        roles = {role for way in office.actions(code) if way.action == action for role in way.roles}
        actor = Actor("somebody", roles=roles, agency="H15.10")
        office.act(code, action, by=actor)
        steps.append((action, actor, now))
    _, ground = office._grounds.fold(code)  # noqa: SLF001 - the pure core is timed
    return ground, office.journal(code)[0], steps


def ours(
    ground: Ground, first: Entry, steps: list[tuple[str, Actor, datetime]]
) -> Callable[[], object]:
    """Return a call that decides and applies every action of the path."""
    start = begin(first, ground)

    def run() -> object:
        dossier = start
        for action, actor, at in steps:
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
    """Time both walks in turns."""
    ground, first, steps = a_life()
    workflow = ground.revision.workflow
    times = measure(
        {
            "ours": Case(run=ours(ground, first, steps), units=len(PATH)),
            "transitions": Case(
                run=bare(compile_machine(workflow), workflow.initial), units=len(PATH)
            ),
        }
    )
    return [
        Row(
            name="one full step in memory (role, guard, clock, entry)",
            ours=times["ours"],
            peer="transitions, bare trigger",
            theirs=times["transitions"],
            rule="at_most",
            budget=1,
            note=f"mean of the {len(PATH)} steps of one life",
        )
    ]


if __name__ == "__main__":
    raise SystemExit(0 if print_table(rows()) else 1)
