"""The statements of lists: each is a range of an index, read no further than the page is long.

A work list over several roles and agencies is one range for each pair, each read as far as the page
is long, and merged: a single range over all of them would have to be sorted as a whole. Where no
role is asked for, those that are there are found first, by as many leaps through an index.

A search gives dossiers in the order of their codes. Few that fit (a name, a reference, a date) are
found by their own index and put in order; of many, the codes are read in order until the page is
full, which is soon. A look at so many entries of the index as :data:`_FEW` says which it is.
"""

from __future__ import annotations

from math import ceil
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from igate.dossiers.record import Task
from igate.law.localtime import local, moment_at
from igate.law.text import folded
from igate.office.lists import (
    NO_DATE,
    Found,
    WorkItem,
    WorkList,
    check_count_by,
    check_limit,
    mark_of,
    ordered,
    place_of,
    work_mark_of,
    work_place_of,
)
from igate.office.sql.reading import readable
from igate.office.sql.rows import standing_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from igate.office.lists import CountBy, Order, SearchQuery, WorkQuery
    from igate.office.sql.driver import Driver
    from igate.office.sql.statements import Statements

__all__ = ["counts", "search", "work_list"]

_ITEM = "t.dossier, t.place, t.role, t.agency, t.assignee, t.step_due_at"
#: by what a work list is ordered; the second has no index, so that an action need not keep one: the
#: tasks of a range are put in order
_ORDERED: Mapping[Order, str] = MappingProxyType(
    {"due": "t.due_at", "step_due": f"coalesce(t.step_due_at, {NO_DATE})"}
)
#: after every text that begins with a given one
_LAST = "\U0010ffff"
#: columns of names, from the first word and from the last
_NAMES = ("folded", "turned")
#: of so many codes that are found by an index, the order is made; of more, the codes are read in
#: order until the page is full
_FEW = 1_000


def work_list(driver: Driver, sql: Statements, asked: WorkQuery) -> WorkList:
    """Return a page of the work list."""
    limit = check_limit(asked.limit)
    after, column = work_place_of(asked.after, asked.order), _ORDERED[asked.order]
    values: dict[str, Any] = {"limit": limit + 1}
    common = ["t.place NOT LIKE '%:%'"] if not asked.party else []
    if asked.due_before is not None:
        common.append("t.due_at < :due_before")
        values["due_before"] = _before(asked.due_before)
    if after is not None:
        # the first comparison bounds the range; the rest tells equal dates apart
        common.append(
            f"{column} >= :d AND ({column} > :d OR (t.dossier, t.place, t.role) > (:c, :p, :r))"
        )
        values |= dict(zip("dcpr", after, strict=True))
    ranges = []
    for number, conditions in enumerate(_ranges(driver, sql, asked)):
        own = []
        for name, value in conditions.items():
            own.append(f"t.{name} = :{name}{number}")
            values[f"{name}{number}"] = value
            if name == "assignee" and value:
                own.append("t.assignee <> ''")  # by which SQLite knows that the index holds it
        where = " AND ".join(own + common)
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


def _ranges(driver: Driver, sql: Statements, asked: WorkQuery) -> list[dict[str, str]]:
    """Return the conditions of each range: agency and role, or role, or to whom it is assigned."""
    assigned = asked.assignees or ()
    if not asked.roles and not asked.agencies and assigned and "" not in assigned:
        return [{"assignee": each} for each in dict.fromkeys(assigned)]
    found: list[dict[str, str]] = []
    for agency in dict.fromkeys(asked.agencies) or (None,):
        own = {} if agency is None else {"agency": agency}
        roles = dict.fromkeys(asked.roles) or _roles(driver, sql, own)
        found += [own | {"role": role} for role in roles]
    if asked.assignees is None:
        return found
    return [each | {"assignee": who} for each in found for who in dict.fromkeys(assigned)]


def _roles(driver: Driver, sql: Statements, own: Mapping[str, str]) -> list[str]:
    """Return the roles of the tasks that there are, of all or of an agency, leaping from one on."""
    within = "agency = :agency AND " if own else ""
    next_one = f"SELECT min(role) FROM igate_task WHERE {within}role"  # noqa: S608 - columns of ours
    statement = f"""WITH RECURSIVE there(role) AS (SELECT ({next_one} >= '')
UNION ALL SELECT ({next_one} > there.role) FROM there WHERE there.role IS NOT NULL)
SELECT role FROM there WHERE role IS NOT NULL"""  # noqa: S608 - the same
    return [role for (role,) in driver.rows(sql.sql(statement), own)]


def _item(row: tuple[Any, ...]) -> WorkItem:
    place, role, agency, assignee, due, _, *rest = row
    return WorkItem(
        task=Task(place=place, role=role, agency=agency, assignee=assignee, due_at=moment_at(due)),
        standing=standing_of(tuple(rest)),
    )


def search(driver: Driver, sql: Statements, asked: SearchQuery) -> Found:
    """Return a page of the dossiers that fit, ordered by code."""
    limit = check_limit(asked.limit)
    after = place_of(asked.after, (str,))
    conditions, values = _plain(asked)
    for each in _selective(asked):
        few = _is_few(driver, sql, each)
        conditions.append(each.found if few else each.held)
        values |= each.values
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


def _plain(asked: SearchQuery) -> tuple[list[str], dict[str, Any]]:
    """Return the conditions whose indexes are in the order of the codes, and those without one."""
    found: list[str] = []
    values: dict[str, Any] = {}
    alone = not (asked.agency or asked.procedure)
    for name in ("agency", "procedure", "state") if alone else ("agency", "procedure"):
        value = getattr(asked, name)
        if value:
            found.append(f"d.{name} = :{name}")
            values[name] = value
    if asked.code:
        found.append("d.code >= :code AND d.code < :code_end")
        values |= {"code": asked.code, "code_end": asked.code + _LAST}
    if asked.finished is not None:
        wanted = "IS NOT NULL" if asked.finished else "IS NULL"
        # as an expression: no index is about this alone
        found.append(f"(d.finished_at {wanted})")
    return found, values


class _Selective(Struct, frozen=True, kw_only=True):
    """A condition that few dossiers may meet, in two forms, and how it is counted."""

    #: the codes that meet it, by its own index; there may be several such lists
    codes: tuple[str, ...]
    #: held against each dossier that is read
    held: str
    values: dict[str, Any]

    @property
    def found(self) -> str:
        """The condition as a list of codes."""
        return f"d.code IN ({' UNION '.join(self.codes)})"


def _is_few(driver: Driver, sql: Statements, each: _Selective) -> bool:
    """Return whether not more than a few dossiers meet a condition."""
    lists = " UNION ALL ".join(
        [f"SELECT * FROM ({codes} LIMIT {_FEW + 1}) AS c" for codes in each.codes]  # noqa: S608 - columns of ours
    )
    statement = f"SELECT count(*) FROM ({lists}) AS u"  # noqa: S608 - the same
    rows = driver.rows(sql.sql(statement), each.values)
    return int(rows[0][0]) <= _FEW


def _selective(asked: SearchQuery) -> list[_Selective]:
    found: list[_Selective] = []
    if asked.person:
        name = folded(" ".join(asked.person.split()))
        held = " OR ".join(f"(n.{column} >= :name AND n.{column} < :name_end)" for column in _NAMES)
        found.append(
            _Selective(
                codes=tuple(
                    [
                        f"SELECT dossier FROM igate_person WHERE {column} >= :name "  # noqa: S608 - columns of ours
                        f"AND {column} < :name_end"
                        for column in _NAMES
                    ]
                ),
                held=f"EXISTS (SELECT 1 FROM igate_person n WHERE n.dossier = d.code AND ({held}))",  # noqa: S608 - the same
                values={"name": name, "name_end": name + _LAST},
            )
        )
    if asked.reference:
        codes = "SELECT dossier FROM igate_reference WHERE value = :reference"
        held = "SELECT 1 FROM igate_reference r WHERE r.dossier = d.code AND r.value = :reference"
        found.append(
            _Selective(
                codes=(codes,), held=f"EXISTS ({held})", values={"reference": asked.reference}
            )
        )
    if asked.own:
        codes = "SELECT dossier FROM igate_person WHERE folded = :own AND text = :own_text"
        held = (
            "SELECT 1 FROM igate_person o WHERE o.dossier = d.code AND o.folded = :own "
            "AND o.text = :own_text"
        )
        values = {"own": folded(asked.own), "own_text": asked.own}
        found.append(_Selective(codes=(codes,), held=f"EXISTS ({held})", values=values))
    if asked.scope:
        # the dot is followed by the slash: the range holds what begins with the agency and a dot
        below = "agency > :below AND agency < :beside"
        found.append(
            _Selective(
                codes=tuple(
                    [
                        f"SELECT code FROM igate_dossier WHERE {each}"  # noqa: S608 - columns of ours
                        for each in ("agency = :scope", below)
                    ]
                ),
                held="(d.agency || '' = :scope OR (d.agency || '' > :below "
                "AND d.agency || '' < :beside))",
                values={
                    "scope": asked.scope,
                    "below": f"{asked.scope}.",
                    "beside": f"{asked.scope}/",
                },
            )
        )
    if asked.state and (asked.agency or asked.procedure):
        found.append(
            _Selective(
                codes=("SELECT code FROM igate_dossier WHERE state = :state",),
                held="d.state || '' = :state",  # as an expression no index is used for it
                values={"state": asked.state},
            )
        )
    return found + _dates(asked)


def _dates(asked: SearchQuery) -> list[_Selective]:
    """Return the conditions on dates; those on the day of handing in are one range."""
    submitted = {
        "submitted_at >= :submitted_from": ("submitted_from", asked.submitted_from),
        "submitted_at < :submitted_before": ("submitted_before", asked.submitted_before),
    }
    due = {"due_at < :due_before": ("due_before", asked.due_before)}
    found: list[_Selective] = []
    for bounds in (submitted, due):
        given = {text: each for text, each in bounds.items() if each[1] is not None}
        if given:
            where = " AND ".join(given)
            found.append(
                _Selective(
                    codes=(f"SELECT code FROM igate_dossier WHERE {where}",),  # noqa: S608 - columns of ours
                    # with a sign before it, no index is used for it
                    held=" AND ".join(f"+d.{text}" for text in given),
                    values={name: _before(moment) for name, moment in given.values() if moment},
                )
            )
    return found


def _before(moment: datetime) -> int:
    return ceil(local(moment).timestamp())


def counts(
    driver: Driver, sql: Statements, by: CountBy, *, pending: bool, at: datetime
) -> dict[str, int]:
    """Count dossiers by a column, or by how their date lies to a day."""
    check_count_by(by)
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
