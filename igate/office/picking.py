"""What a store without queries gives: its rows held against what is asked, one by one.

A store that keeps its rows in memory, or in a library of keys and values, answers its lists with
these. They look at every row, so they are for thousands of dossiers and not for millions.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from msgspec import Struct

from igate.dossiers.standing import InUse
from igate.law.localtime import local
from igate.law.text import folded, within
from igate.office.lists import (
    NO_DATE,
    Found,
    WorkItem,
    WorkList,
    check_count_by,
    check_limit,
    due_class,
    mark_of,
    ordered,
    place_of,
    work_mark_of,
    work_place_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from igate.dossiers.record import Task
    from igate.dossiers.standing import Standing
    from igate.office.lists import CountBy, Order, SearchQuery, WorkPlace, WorkQuery

__all__ = ["Searched", "counted", "in_use", "picked", "search_page", "work_page"]


class Searched(Struct, frozen=True, kw_only=True):
    """A dossier with what a search looks at beside its standing."""

    standing: Standing
    #: names and ids by which it names somebody
    names: tuple[str, ...] = ()
    #: how other systems call it, by system
    references: Mapping[str, str]


def picked(
    rows: Iterable[Standing],
    *,
    agency: str | None,
    procedure: str | None,
    state: str | None,
    due_before: datetime | None,
    finished: bool | None,
    parent: str | None,
) -> Iterator[Standing]:
    """Stream the rows that meet every condition given, as :meth:`DossierStore.standings` has them.

    Raises:
        MomentError: ``due_before`` has no time zone; raised before the first row is asked for.
    """
    limit = None if due_before is None else local(due_before)
    return (
        row
        for row in rows
        if agency in (None, row.agency)
        and procedure in (None, row.procedure)
        and state in (None, row.state)
        and (limit is None or (row.due_at is not None and row.due_at < limit))
        and finished in (None, row.finished_at is not None)
        and parent in (None, row.parent)
    )


def work_page(tasks: Iterable[tuple[Standing, Task]], asked: WorkQuery) -> WorkList:
    """Return a page of the tasks, each with its dossier, as :meth:`DossierStore.work_list` does.

    Raises:
        StoreError: The page is too long, or its mark is not of this list.
    """
    limit = check_limit(asked.limit)
    after = work_place_of(asked.after, asked.order)
    found = sorted(
        (_place(standing, task, asked.order), task, standing)
        for standing, task in tasks
        if _is_wanted(task, standing, asked)
    )
    rows = [row for row in found if after is None or row[0] > after]
    return WorkList(
        items=tuple(WorkItem(task=task, standing=row) for _, task, row in rows[:limit]),
        after=work_mark_of(asked.order, rows[limit - 1][0]) if len(rows) > limit else "",
    )


def search_page(rows: Iterable[Searched], asked: SearchQuery) -> Found:
    """Return a page of the dossiers found, as :meth:`DossierStore.search` does.

    Args:
        rows: Every dossier, ordered by code.
        asked: What is looked for.

    Raises:
        StoreError: The page is too long, or its mark is not of this list.
    """
    limit = check_limit(asked.limit)
    after = place_of(asked.after, (str,))
    found = [
        row.standing
        for row in rows
        if (after is None or row.standing.code > str(after[0])) and _fits(row, asked)
    ][: limit + 1]
    return Found.page(found, [mark_of((each.code,)) for each in found], limit)


def counted(
    rows: Iterable[Standing], by: CountBy, *, pending: bool, at: datetime
) -> dict[str, int]:
    """Count dossiers as :meth:`DossierStore.counts` does."""
    check_count_by(by)
    chosen = [row for row in rows if not pending or _is_pending(row)]
    day = local(at)
    names = [due_class(row.due_at, day) if by == "due" else getattr(row, by) for row in chosen]
    return ordered(Counter(names))


def in_use(rows: Iterable[Standing]) -> tuple[InUse, ...]:
    """Count pending dossiers as :meth:`DossierStore.definitions_in_use` does.

    Args:
        rows: Every dossier, ordered by code.
    """
    found: dict[tuple[str, str, str], list[Standing]] = {}
    for row in filter(_is_pending, rows):
        found.setdefault((row.procedure, row.revision, row.definition), []).append(row)
    return tuple(
        InUse(
            procedure=procedure,
            revision=revision,
            definition=definition,
            dossiers=len(each),
            first=each[0].code,
            since=min(row.submitted_at for row in each),
        )
        for (procedure, revision, definition), each in sorted(found.items())
    )


def _is_pending(row: Standing) -> bool:
    return row.outcome is None and row.finished_at is None


def _place(standing: Standing, task: Task, order: Order) -> WorkPlace:
    """Return where a task stands in the work list."""
    due = standing.due_at if order == "due" else task.due_at
    return NO_DATE if due is None else int(due.timestamp()), standing.code, task.place, task.role


def _is_wanted(task: Task, standing: Standing, asked: WorkQuery) -> bool:
    due, before = standing.due_at, asked.due_before
    return (
        (not asked.roles or task.role in asked.roles)
        and (not asked.agencies or task.agency in asked.agencies)
        and (asked.assignees is None or task.assignee in asked.assignees)
        and (asked.party or ":" not in task.place)
        and (before is None or (due is not None and due < local(before)))
    )


def _fits(searched: Searched, asked: SearchQuery) -> bool:
    row = searched.standing
    moments = (
        asked.submitted_from is None or row.submitted_at >= asked.submitted_from,
        asked.submitted_before is None or row.submitted_at < asked.submitted_before,
        asked.due_before is None or (row.due_at is not None and row.due_at < asked.due_before),
        asked.finished in {None, row.finished_at is not None},
    )
    same = all(
        getattr(asked, name) in {"", getattr(row, name)}
        for name in ("agency", "procedure", "state")
    )
    return (
        all(moments)
        and same
        and row.code.startswith(asked.code)
        and (not asked.scope or within(row.agency, asked.scope))
        and (not asked.own or asked.own in searched.names)
        and asked.reference in {"", *searched.references.values()}
        and (not asked.person or _begins(searched.names, folded(" ".join(asked.person.split()))))
    )


def _begins(names: tuple[str, ...], wanted: str) -> bool:
    """Return whether one of some names, given names or ids begins so."""
    for text in names:
        plain = folded(text)
        if plain.startswith(wanted) or " ".join(reversed(plain.split())).startswith(wanted):
            return True
    return False
