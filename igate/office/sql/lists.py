"""The statements of lists: each is a range of an index, read no further than the page is long.

A work list over several roles and agencies is one range for each pair, each read as far as the page
is long, and merged: a single range over all of them would have to be sorted as a whole.
"""

from __future__ import annotations

from itertools import product
from math import ceil
from typing import TYPE_CHECKING, Any

from igate.dossiers.record import Task
from igate.law.localtime import local
from igate.law.text import folded
from igate.office.lists import (
    Found,
    WorkItem,
    WorkList,
    check_limit,
    mark_of,
    ordered,
    place_of,
)
from igate.office.sql.reading import readable
from igate.office.sql.rows import moment_of, standing_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from igate.office.lists import CountBy, SearchQuery, WorkQuery
    from igate.office.sql.driver import Driver
    from igate.office.sql.statements import Statements

__all__ = ["counts", "search", "work_list"]

_ITEM = "t.dossier, t.place, t.role, t.agency, t.assignee, t.step_due_at, t.due_at"
#: after every text that begins with a given one
_LAST = "\U0010ffff"


def work_list(driver: Driver, sql: Statements, asked: WorkQuery) -> WorkList:
    """Return a page of the work list."""
    limit = check_limit(asked.limit)
    after = place_of(asked.after, (int, str, str, str))
    values: dict[str, Any] = {"limit": limit + 1}
    common = ["t.place NOT LIKE '%:%'"] if not asked.party else []
    if asked.due_before is not None:
        common.append("t.due_at < :due_before")
        values["due_before"] = _before(asked.due_before)
    if after is not None:
        # the first comparison bounds the range; the rest tells equal dates apart
        common.append(
            "t.due_at >= :d AND (t.due_at > :d OR (t.dossier, t.place, t.role) > (:c, :p, :r))"
        )
        values |= dict(zip("dcpr", after, strict=True))
    ranges = []
    for number, conditions in enumerate(_ranges(asked)):
        own = []
        for name, value in conditions.items():
            own.append(f"t.{name} = :{name}{number}")
            values[f"{name}{number}"] = value
        where = " AND ".join(own + common) or "1 = 1"
        ranges.append(
            f"SELECT * FROM (SELECT {_ITEM} FROM igate_task t WHERE {where} "  # noqa: S608 - columns of ours
            "ORDER BY t.due_at, t.dossier, t.place, t.role LIMIT :limit) AS r"
        )
    page = "\nUNION ALL\n".join(ranges)
    statement = f"""WITH page AS (SELECT * FROM ({page}) AS u
ORDER BY due_at, dossier, place, role LIMIT :limit)
SELECT page.place, page.role, page.agency, page.assignee, page.step_due_at, page.due_at,
{sql.standing_columns} FROM page JOIN igate_dossier d ON d.code = page.dossier
LEFT JOIN igate_person p ON p.dossier = d.code AND p.ref = d.applicant
ORDER BY page.due_at, page.dossier, page.place, page.role"""  # noqa: S608 - the same
    rows = driver.rows(sql.sql(statement), values)
    items = readable(rows[:limit], _item, code=6)
    last = rows[limit - 1] if len(rows) > limit else None
    mark = "" if last is None else mark_of((last[5], last[6], last[0], last[1]))
    return WorkList(items=tuple(items), after=mark)


def _ranges(asked: WorkQuery) -> list[dict[str, str]]:
    """Return the conditions of each range: role and agency, or to whom it is assigned."""
    choices: dict[str, tuple[str, ...]] = {}
    if asked.roles:
        choices["role"] = asked.roles
    if asked.agencies:
        choices["agency"] = asked.agencies
    if asked.assignees is not None:
        choices["assignee"] = asked.assignees
    return [dict(zip(choices, each, strict=True)) for each in product(*choices.values())]


def _item(row: tuple[Any, ...]) -> WorkItem:
    place, role, agency, assignee, due, _, *rest = row
    return WorkItem(
        task=Task(place=place, role=role, agency=agency, assignee=assignee, due_at=moment_of(due)),
        standing=standing_of(tuple(rest)),
    )


def search(driver: Driver, sql: Statements, asked: SearchQuery) -> Found:
    """Return a page of the dossiers that fit, ordered by code."""
    limit = check_limit(asked.limit)
    after = place_of(asked.after, (str,))
    conditions, values = _conditions(asked)
    if after is not None:
        conditions.append("d.code > :after")
        values["after"] = after[0]
    where = " AND ".join(conditions) or "1 = 1"
    statement = f"{sql.standings}\nWHERE {where}\nORDER BY d.code LIMIT :limit"
    rows = driver.rows(sql.sql(statement), values | {"limit": limit + 1})
    return Found(
        dossiers=tuple(readable(rows[:limit], standing_of)),
        after=mark_of((rows[limit - 1][0],)) if len(rows) > limit else "",
    )


def _conditions(asked: SearchQuery) -> tuple[list[str], dict[str, Any]]:
    found: list[str] = []
    values: dict[str, Any] = {}
    for name in ("agency", "procedure", "state"):
        value = getattr(asked, name)
        if value:
            found.append(f"d.{name} = :{name}")
            values[name] = value
    if asked.scope:
        # the dot is followed by the slash: the range holds what begins with the agency and a dot
        found.append("(d.agency = :scope OR (d.agency > :below AND d.agency < :beside))")
        values |= {"scope": asked.scope, "below": f"{asked.scope}.", "beside": f"{asked.scope}/"}
    if asked.own:
        found.append(
            "d.code IN (SELECT dossier FROM igate_person WHERE folded = :own AND text = :own_text)"
        )
        values |= {"own": folded(asked.own), "own_text": asked.own}
    if asked.code:
        found.append("d.code >= :code AND d.code < :code_end")
        values |= {"code": asked.code, "code_end": asked.code + _LAST}
    if asked.person:
        name = folded(" ".join(asked.person.split()))
        found.append(
            "d.code IN (SELECT dossier FROM igate_person "
            "WHERE folded >= :name AND folded < :name_end"
            " UNION SELECT dossier FROM igate_person WHERE turned >= :name AND turned < :name_end)"
        )
        values |= {"name": name, "name_end": name + _LAST}
    if asked.reference:
        found.append("d.code IN (SELECT dossier FROM igate_reference WHERE value = :reference)")
        values["reference"] = asked.reference
    _dates(asked, found, values)
    return found, values


def _dates(asked: SearchQuery, found: list[str], values: dict[str, Any]) -> None:
    for name, condition, moment in (
        ("submitted_from", "d.submitted_at >= :submitted_from", asked.submitted_from),
        ("submitted_before", "d.submitted_at < :submitted_before", asked.submitted_before),
        ("due_before", "d.due_at < :due_before", asked.due_before),
    ):
        if moment is not None:
            found.append(condition)
            values[name] = _before(moment)
    if asked.finished is not None:
        wanted = "IS NOT NULL" if asked.finished else "IS NULL"
        found.append(f"d.finished_at {wanted}")


def _before(moment: datetime) -> int:
    return ceil(local(moment).timestamp())


def counts(
    driver: Driver, sql: Statements, by: CountBy, *, pending: bool, at: datetime
) -> dict[str, int]:
    """Count dossiers by a column, or by how their date lies to a day."""
    values: dict[str, Any] = {}
    column = f"d.{by}"
    if by == "due":
        day = local(at).replace(hour=0, minute=0, second=0, microsecond=0)
        values = {"today": int(day.timestamp()), "tomorrow": int(day.timestamp()) + 86_400}
        column = """CASE WHEN d.due_at IS NULL THEN 'none' WHEN d.due_at < :today THEN 'overdue'
WHEN d.due_at < :tomorrow THEN 'today' ELSE 'later' END"""
    where = "WHERE d.outcome IS NULL AND d.finished_at IS NULL" if pending else ""
    statement = f"SELECT {column} AS name, count(*) FROM igate_dossier d {where} GROUP BY 1"  # noqa: S608 - columns of ours
    rows: Mapping[str, int] = dict(driver.rows(sql.sql(statement), values))
    return ordered(rows)
