"""What a guard knows of a dossier: facts that actions have established, and those worked out."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from msgspec import structs

from igate.deadlines.deadline import due_from
from igate.deadlines.limits import limit_of
from igate.dossiers.dossier import Asked
from igate.law.text import within

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from igate.calendar import WorkCalendar
    from igate.deadlines.rules import ClockRules
    from igate.dossiers.dossier import Ask, Dossier, Entry
    from igate.procedures.machine import Table
    from igate.procedures.workflow import FactValue

__all__ = ["asked_after", "facts_after", "guard_facts", "waiting_since"]


def guard_facts(  # noqa: PLR0917 - one hot call, positional for speed
    dossier: Dossier,
    names: frozenset[str],
    at: datetime,
    table: Table,
    calendar: WorkCalendar,
    facts: Mapping[str, FactValue],
) -> dict[str, FactValue]:
    """Work out the facts that a guard names, and no others.

    Args:
        dossier: The dossier.
        names: The facts.
        at: As of when.
        table: Declares the kinds of facts.
        calendar: Counts working days.
        facts: Facts that are passed with the action.
    """
    known: dict[str, FactValue] = {}
    for name in names:
        derive = _DERIVED.get(name)
        if derive is not None:
            known[name] = derive(dossier, at, calendar)
        elif name == "received_elsewhere":
            known[name] = _received_elsewhere(dossier, table)
        elif name in facts:
            known[name] = facts[name]
        elif name in dossier.facts:
            known[name] = dossier.facts[name]
        else:
            known[name] = _UNSET[table.workflow.facts.get(name, "int")]
    return known


def facts_after(facts: Mapping[str, FactValue], entry: Entry) -> Mapping[str, FactValue]:
    """Return the facts of a dossier after an entry, with the counters of the journal itself."""
    counter = None
    if entry.clock == "suspend" and entry.reason == "supplement":
        counter = "supplement_requests"
    elif entry.clock == "replace":
        counter = "apologies"
    elif entry.action == "send_back":
        counter = "send_backs"
    if counter is None and not entry.facts:
        return facts
    changed = {**facts, **entry.facts}
    if counter is not None:
        changed[counter] = int(facts.get(counter, 0)) + 1
    return MappingProxyType(changed)


def asked_after(
    dossier: Dossier, entry: Entry, calendar: WorkCalendar, rules: ClockRules
) -> tuple[Asked, ...]:
    """Return the agencies that were asked, after an entry that asks some or is an answer."""
    asked = dossier.asked
    if not (entry.asks or entry.answers):
        return asked
    if entry.asks:
        asked = tuple([_asked(ask, entry.happened_at, calendar, rules) for ask in entry.asks])
    if entry.answers:
        asked = tuple(
            [
                structs.replace(each, answered_at=entry.happened_at)
                if each.agency == entry.answers and each.answered_at is None
                else each
                for each in asked
            ]
        )
    return asked


def _asked(ask: Ask, at: datetime, calendar: WorkCalendar, rules: ClockRules) -> Asked:
    due = None
    if ask.limit:
        due = due_from(at, limit_of(ask.limit), calendar=calendar, rules=rules)
    return Asked(agency=ask.agency, asked_at=at, due=due)


def waiting_since(dossier: Dossier) -> datetime:
    """Return when the clock was stopped; a request to withdraw meanwhile changes nothing."""
    last = dossier.marks[-1] if dossier.marks else None
    return last.at if last is not None and last.kind == "suspend" else dossier.last_at


def _since_receipt(dossier: Dossier, at: datetime, calendar: WorkCalendar) -> int:
    since = dossier.received_at
    return calendar.count(since.date(), at.date()) if since else 0


def _days_left(dossier: Dossier, at: datetime, calendar: WorkCalendar) -> int:
    due = dossier.due
    return calendar.count(at.date(), due.date()) if due else _NO_DUE_DATE


def _received_elsewhere(dossier: Dossier, table: Table) -> bool:
    """Return whether the counter of the receipt is neither of the competent agency nor named."""
    own = (dossier.agency, *table.workflow.counters)
    return bool(dossier.counter) and not any(within(dossier.counter, each) for each in own)


#: Facts that are worked out when a guard asks for them.
_DERIVED: Mapping[str, Callable[[Dossier, datetime, WorkCalendar], FactValue]] = MappingProxyType(
    {
        "channel": lambda dossier, _at, _calendar: dossier.channel,
        "case": lambda dossier, _at, _calendar: dossier.submission.case,
        "area": lambda dossier, _at, _calendar: dossier.submission.area,
        "days_waiting": lambda dossier, at, _calendar: (
            (at.date() - waiting_since(dossier).date()).days
        ),
        "working_days_since_receipt": _since_receipt,
        "working_days_left": _days_left,
        "came_from": lambda dossier, _at, _calendar: dossier.came_from,
        "last_action": lambda dossier, _at, _calendar: dossier.last_action,
        "agencies_asked": lambda dossier, _at, _calendar: len(dossier.asked),
        "agencies_missing": lambda dossier, _at, _calendar: len(dossier.unanswered),
        # an agency that was given no time holds nothing up (assumed)
        "terms_lapsed": lambda dossier, at, _calendar: all(
            each.due is None or each.due < at for each in dossier.unanswered
        ),
    }
)
#: What a fact is before any action has established it; the journal's own counters begin at 0.
_UNSET: Mapping[str, FactValue] = MappingProxyType({"bool": False, "int": 0, "text": ""})
#: More working days than any limit has: without a due date nothing is running out.
_NO_DUE_DATE = 100_000
