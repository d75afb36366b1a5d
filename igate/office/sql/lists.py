"""The statements of lists: each is a range of an index, read no further than the page is long.

A work list over several roles and agencies is one range for each pair, each read as far as the page
is long, and merged: a single range over all of them would have to be sorted as a whole. Where no
role is asked for, those that are there are found first, by as many leaps through an index.

A search is in ``igate.office.sql.search``.
"""

from __future__ import annotations

from math import ceil
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from igate.dossiers.record import Task
from igate.law.localtime import local, moment_at
from igate.office.lists import (
    NO_DATE,
    WorkItem,
    WorkList,
    check_count_by,
    check_limit,
    ordered,
    work_mark_of,
    work_place_of,
)
from igate.office.sql.reading import readable
from igate.office.sql.rows import standing_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from igate.office.lists import CountBy, Order, WorkQuery
    from igate.office.sql.driver import Driver
    from igate.office.sql.statements import Statements

__all__ = ["bound_of", "counts", "leaps", "work_list"]

_ITEM = "t.dossier, t.place, t.role, t.agency, t.assignee, t.step_due_at"
#: by what a work list is ordered; the second has no index, so that an action need not keep one: the
#: tasks of a range are put in order
_ORDERED: Mapping[Order, str] = MappingProxyType(
    {"due": "t.due_at", "step_due": f"coalesce(t.step_due_at, {NO_DATE})"}
)
#: what nobody has, and what somebody has; each in the words of the index that holds it
_FREE = "t.assignee = ''"
_ASSIGNED = "t.assignee <> ''"


def work_list(driver: Driver, sql: Statements, asked: WorkQuery) -> WorkList:
    """Return a page of the work list."""
    limit = check_limit(asked.limit)
    after, column = work_place_of(asked.after, asked.order), _ORDERED[asked.order]
    values: dict[str, Any] = {"limit": limit + 1}
    common = ["t.place NOT LIKE '%:%'"] if not asked.party else []
    if asked.due_before is not None:
        common.append("t.due_at < :due_before")
        values["due_before"] = bound_of(asked.due_before)
    if after is not None:
        # the first comparison bounds the range; the rest tells equal dates apart
        common.append(
            f"{column} >= :d AND ({column} > :d OR (t.dossier, t.place, t.role) > (:c, :p, :r))"
        )
        values |= dict(zip("dcpr", after, strict=True))
    ranges: list[str] = []
    for own, bound in _ranges(driver, sql, asked):
        number = len(ranges)
        # each has values of its own
        where = " AND ".join([each.format(n=number) for each in own] + common)
        values |= {f"{name}{number}": value for name, value in bound.items()}
        ranges.append(
            f"SELECT * FROM (SELECT {_ITEM}, {column} AS ordered FROM igate_task t WHERE {where} "  # noqa: S608 - columns of ours
            f"ORDER BY {column}, t.dossier, t.place, t.role LIMIT :limit) AS r"
        )
    if not ranges:
        return WorkList(items=(), after="")
    page = "\nUNION ALL\n".join(ranges)
    statement = f"""WITH page AS (SELECT * FROM ({page}) AS u
ORDER BY ordered, dossier, place, role LIMIT :limit)
SELECT page.place, page.role, page.agency, page.assignee, page.step_due_at, page.ordered,
{sql.standing_columns} FROM page JOIN igate_dossier d ON d.code = page.dossier
LEFT JOIN igate_person p ON p.dossier = d.code AND p.ref = d.applicant
ORDER BY page.ordered, page.dossier, page.place, page.role"""  # noqa: S608 - the same
    rows = driver.rows(sql.sql(statement), values)
    items = readable(rows[:limit], _item, code=6)
    last = rows[limit - 1] if len(rows) > limit else None
    mark = "" if last is None else work_mark_of(asked.order, (last[5], last[6], last[0], last[1]))
    return WorkList(items=tuple(items), after=mark)


def _ranges(
    driver: Driver, sql: Statements, asked: WorkQuery
) -> Iterator[tuple[list[str], dict[str, str]]]:
    """Yield the conditions of each range with their values, whose names end with its number.

    What somebody has is found by its id, whatever the role and the agency. What nobody has, and
    what anybody may have, by agency and role, or by role: the tasks of nobody and those of somebody
    are in indexes of their own.
    """
    for who in dict.fromkeys(asked.assignees or ()):
        if who:
            yield _assigned(who, asked)
    if asked.assignees is not None and "" not in asked.assignees:
        return
    halves = [_FREE, _ASSIGNED] if asked.assignees is None else [_FREE]
    for agency in dict.fromkeys(asked.agencies) or (None,):
        own = {} if agency is None else {"agency": agency}
        for half in halves:
            for role in dict.fromkeys(asked.roles) or _roles(driver, sql, own, half):
                bound = own | {"role": role}
                yield [half, *[f"t.{name} = :{name}{{n}}" for name in bound]], bound


def _assigned(who: str, asked: WorkQuery) -> tuple[list[str], dict[str, str]]:
    """Return the range of what is assigned to somebody, of the roles and agencies asked for."""
    conditions, bound = [_ASSIGNED, "t.assignee = :assignee{n}"], {"assignee": who}
    for name, texts in (("role", asked.roles), ("agency", asked.agencies)):
        if texts:
            names = [f"{name}_{number}_" for number, _ in enumerate(texts)]
            # as an expression no index is used for it
            conditions.append(f"t.{name} || '' IN ({', '.join(f':{each}{{n}}' for each in names)})")
            bound |= dict(zip(names, texts, strict=True))
    return conditions, bound


def _roles(driver: Driver, sql: Statements, own: Mapping[str, str], half: str) -> list[str]:
    """Return the roles of the tasks that there are, of all or of an agency, leaping from one on."""
    conditions = [half, *[f"t.{name} = :{name}" for name in own]]
    return leaps(driver, sql, "t.role", "igate_task t", conditions, own)


def leaps(  # noqa: PLR0917 - a statement in its parts
    driver: Driver,
    sql: Statements,
    column: str,
    table: str,
    conditions: Iterable[str],
    values: Mapping[str, str],
) -> list[str]:
    """Return the different values of a column in order, leaping from one to the next.

    An index has the columns of the conditions and then this one.
    """
    where = " AND ".join([*conditions, column])
    next_one = f"SELECT min({column}) FROM {table} WHERE {where}"  # noqa: S608 - names of ours
    statement = f"""WITH RECURSIVE there(found) AS (SELECT ({next_one} >= '')
UNION ALL SELECT ({next_one} > there.found) FROM there WHERE there.found IS NOT NULL)
SELECT found FROM there WHERE found IS NOT NULL"""  # noqa: S608 - the same
    return [found for (found,) in driver.rows(sql.sql(statement), values)]


def bound_of(moment: datetime) -> int:
    """Return the first whole second that is not before a moment: no other lies between."""
    return ceil(local(moment).timestamp())


def _item(row: tuple[Any, ...]) -> WorkItem:
    place, role, agency, assignee, due, _, *rest = row
    return WorkItem(
        task=Task(place=place, role=role, agency=agency, assignee=assignee, due_at=moment_at(due)),
        standing=standing_of(tuple(rest)),
    )


def counts(
    driver: Driver, sql: Statements, by: CountBy, *, pending: bool, at: datetime
) -> dict[str, int]:
    """Count dossiers by a column, or by how their date lies to a day."""
    check_count_by(by)
    values: dict[str, Any] = {}
    # as an expression, so that of the pending ones alone those of all are not read in its order
    column = f"coalesce(d.{by}, '')" if pending else f"d.{by}"
    if by == "due":
        day = local(at).replace(hour=0, minute=0, second=0, microsecond=0)
        values = {"today": int(day.timestamp()), "tomorrow": int(day.timestamp()) + 86_400}
        column = """CASE WHEN d.due_at IS NULL THEN 'none' WHEN d.due_at < :today THEN 'overdue'
WHEN d.due_at < :tomorrow THEN 'today' ELSE 'later' END"""
    where = "WHERE d.outcome IS NULL AND d.finished_at IS NULL" if pending else ""
    statement = f"SELECT {column} AS name, count(*) FROM igate_dossier d {where} GROUP BY 1"  # noqa: S608 - columns of ours
    rows: Mapping[str, int] = dict(driver.rows(sql.sql(statement), values))
    return ordered(rows)
