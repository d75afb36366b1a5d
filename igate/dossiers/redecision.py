"""Deciding an entry again: could an action have written it?

An entry says who acted, in which role, for which agency, when, and what was passed. The engine is
asked what it decides for exactly that. Where the entry does not say which facts were passed and
which the action set by itself, each reading is tried: an entry stands if one of them gives it.
"""

from __future__ import annotations

import unicodedata
from datetime import timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, cast

from msgspec import structs

from igate.dossiers.dossier import NO_CHANGES, Actor, Ask, Mandate
from igate.dossiers.engine import begin, decide, submit
from igate.dossiers.migration import migration_entry
from igate.dossiers.recount import RECOUNT, recount_entry
from igate.errors import IgateError, JournalError, MomentError
from igate.law.citation import Citation
from igate.procedures.workflow import MIGRATE
from igate.words.sentence import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from igate.dossiers.dossier import Capacity, Dossier, Entry
    from igate.dossiers.engine import Ground
    from igate.procedures.workflow import FactValue, Transition

__all__ = ["decided_again", "differing", "right_to_be_late"]

#: stands for the text that orders a move: an entry keeps its words and not its parts
_ORDER: Final = Citation(kind="Quyết định", number="1/QĐ-UBND", assumed=True)
#: what entries from before it was kept do not say
_ADDED: Final = ("promise", "supersedes")


def decided_again(
    dossier: Dossier | None, entry: Entry, ground: Ground, *, becomes: Ground | None = None
) -> Entry:
    """Return the entry that the engine writes for what an entry says; the same, if it stands.

    Args:
        dossier: As it was before; ``None`` for a first entry.
        entry: The entry.
        ground: What decided it; for a first entry and a move, what it names.
        becomes: What a correction of the procedure names.

    Raises:
        IgateError: The engine refuses; so no action has written the entry.
    """
    if entry.recorded_at < entry.happened_at:
        raise MomentError(say("It is recorded before it happened."), where=entry.dossier)
    if dossier is None:
        return _submitted(entry, ground)
    if entry.action == MIGRATE:
        _check_pending(dossier, ground)
        made = migration_entry(
            dossier, target=entry.target, to=ground, by=_actor(entry), at=entry.happened_at,
            citation=_ORDER,
        )  # fmt: skip
        return _ordered(made, entry)
    if entry.action == RECOUNT:
        _check_pending(dossier, ground)
        made = recount_entry(dossier, by=_actor(entry), at=entry.happened_at, citation=_ORDER)
        return _ordered(made, entry)
    return _acted(dossier, entry, ground, becomes)


def right_to_be_late(entry: Entry, ground: Ground) -> tuple[str, ...]:
    """Return the roles that may record later than others, where an entry is recorded late.

    The entry names the role in which somebody acted, and not the further roles by which it may
    have been recorded late.
    """
    late = entry.recorded_at.date() > entry.happened_at.date()
    return tuple(sorted(ground.table.workflow.backdaters)) if late else ()


def differing(entry: Entry, decided: Entry, *, kept: bool = True) -> tuple[str, ...]:
    """Name the fields in which two entries differ.

    Args:
        entry: The entry.
        decided: What the engine writes.
        kept: Whether the journal is from a time when promises were kept; before that an entry
            does not say what was promised, nor what it takes back.
    """
    found = []
    for name in entry.__struct_fields__:
        one, other = getattr(entry, name), getattr(decided, name)
        if not kept and name in _ADDED and one is None:
            continue
        if _comparable(one) != _comparable(other):
            found.append(name)
    return tuple(found)


def _comparable(value: Any) -> Any:  # noqa: ANN401 - of any field
    """Return a value so that true and 1 are two."""
    if isinstance(value, MappingProxyType | dict):
        return {name: (type(each), each) for name, each in value.items()}
    return value


def _submitted(entry: Entry, ground: Ground) -> Entry:
    made = submit(
        entry.dossier,
        begin(entry, ground).submission,
        by=_actor(entry),
        at=entry.happened_at,
        recorded_at=entry.recorded_at,
        ground=ground,
        key=entry.key,
        note=entry.note,
    )
    if "agency" not in entry.facts:  # from before it was written down
        facts = {name: value for name, value in made.facts.items() if name != "agency"}
        made = structs.replace(made, facts=MappingProxyType(facts))
    return made


def _ordered(made: Entry, entry: Entry) -> Entry:
    if not entry.note:
        raise JournalError(say("It names no text that orders it."), where=entry.dossier)
    return structs.replace(made, note=entry.note)


def _check_pending(dossier: Dossier, ground: Ground) -> None:
    state = ground.table.workflow.states.get(dossier.state)
    if dossier.outcome is not None or (state is not None and state.is_end):
        raise JournalError(say("The dossier had ended."), where=dossier.code)


def _actor(entry: Entry) -> Actor:
    """Return who acted, with no more roles than the entry names, and by a mandate if it does."""
    roles = frozenset([entry.role]) if entry.role else frozenset()
    if not entry.on_behalf:
        return Actor(entry.actor, roles=roles, agency=entry.agency)
    day = entry.happened_at.date()
    mandate = Mandate(
        principal=entry.on_behalf,
        capacity=cast("Capacity", entry.capacity),
        roles=roles,
        start=day,
        end=day + timedelta(days=1),
    )
    return Actor(entry.actor, roles=(), agency=entry.agency, mandates=[mandate])


def _acted(dossier: Dossier, entry: Entry, ground: Ground, becomes: Ground | None) -> Entry:
    nearest: Entry | None = None
    refusal: IgateError | None = None
    for facts, to in _readings(dossier, entry, ground):
        try:
            made = decide(
                dossier,
                entry.action,
                by=_actor(entry),
                at=entry.happened_at,
                ground=ground,
                recorded_at=entry.recorded_at,
                note=entry.note,
                due=entry.due,
                facts=facts,
                key=entry.key,
                to=to,
                changes=_changes(dossier, entry),
                agencies=[Ask(entry.answers)] if entry.answers else entry.asks,
                becomes=becomes,
            )
        except IgateError as error:
            refusal = refusal or error
            continue
        if not differing(entry, made):
            return made
        nearest = nearest or made
    if nearest is None:
        raise refusal or JournalError(say("Nothing decides it."), where=entry.dossier)
    return nearest


def _readings(
    dossier: Dossier, entry: Entry, ground: Ground
) -> Iterator[tuple[Mapping[str, FactValue], str]]:
    """Yield what may have been passed: facts, and to whom the step is assigned."""
    table = ground.table
    starting = table.transitions.get((dossier.state, entry.action), ())
    fitting = [each for each in starting if each.target == entry.target] or list(starting)
    tried: list[tuple[dict[str, FactValue], str]] = []
    for transition in fitting:
        to = _named(entry, transition)
        for facts in (
            {n: v for n, v in entry.facts.items() if transition.sets.get(n) != v},
            {n: v for n, v in entry.facts.items() if n not in table.parts},
        ):
            if (facts, to) not in tried:
                tried.append((facts, to))
    yield from tried or [(dict(entry.facts), "")]


def _named(entry: Entry, transition: Transition) -> str:
    return (entry.assignee or "") if transition.manner.assigns == "named" else ""


def _changes(dossier: Dossier, entry: Entry) -> Mapping[str, str]:
    """Return what was asked to be corrected; the revision follows from the procedure.

    What is kept as it was had been spelled otherwise: only what differs is kept at all.
    """
    if not entry.changes:
        return NO_CHANGES
    now = dossier.submission
    same = {"representatives": "\n".join(now.representatives)}
    asked = {}
    for name, value in entry.changes.items():
        if name == "revision":
            continue
        as_before = value == same.get(name, getattr(now, name, None))
        asked[name] = _otherwise(name, value) if as_before else value
    return asked


def _otherwise(name: str, value: str) -> str:
    return f"{value}.000" if name == "procedure" else unicodedata.normalize("NFD", value)
