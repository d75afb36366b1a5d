"""The statements of a search: dossiers in the order of their codes, a page at a time.

A search has a base: an index that gives codes in their order. It is that of an agency, of a state
in an agency, of a procedure, or of all codes; several agencies are one range each, merged. Further
conditions (a name, a reference, a date) have indexes of their own, in another order. Of these,

* one that few dossiers meet is read whole, and its codes are put in order;
* else the codes of the base are read in order and held against it, until the page is full.

So a page costs about the same in a large database, unless several conditions are each common and
few dossiers meet all of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from igate.law.text import folded, within
from igate.office.lists import Found, check_limit, mark_of, place_of
from igate.office.sql.lists import bound_of, leaps
from igate.office.sql.reading import readable
from igate.office.sql.rows import standing_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from igate.office.lists import SearchQuery
    from igate.office.sql.driver import Driver
    from igate.office.sql.statements import Statements

__all__ = ["search"]

#: after every text that begins with a given one
_LAST: Final = "\U0010ffff"
#: columns of names, from the first word and from the last
_NAMES: Final = ("folded", "turned")
#: so many codes of a condition are put in order; of more, one is soon met in the order of the codes
_FEW: Final = 20_000
#: the same where it is the only condition, and it is held against codes without reading their rows
_FEW_ALONE: Final = 4_000
#: the same where the base has no more than the dossiers of some agencies, which are soon read
_FEW_OF_SOME: Final = 1_000
#: so many agencies are a range each; of more, the agency is held against each code: SQLite needs up
#: to a tenth of a millisecond for each range of a statement
_RANGES: Final = 40


class _Base(Struct, frozen=True, kw_only=True):
    """Indexes in the order of the codes that hold all that is looked for."""

    #: the conditions of each; of all codes, one that always holds
    ranges: tuple[str, ...]
    #: what all of them hold together, in a form for which no index is used
    held: tuple[str, ...] = ()
    #: no more than the dossiers of the agencies that are asked for
    narrow: bool = False
    values: dict[str, Any]


class _Condition(Struct, frozen=True, kw_only=True):
    """A condition whose index has another order, in two forms."""

    #: the codes that meet it, by its own index; there may be several such lists
    codes: tuple[str, ...]
    #: held against each dossier that is read
    held: str
    #: all codes that meet it, in order, where that is quicker than holding it against all codes
    walk: str = ""
    #: it is held against codes without reading their rows
    quick: bool = False
    values: dict[str, Any]

    @property
    def found(self) -> str:
        """The condition as a list of codes."""
        return f"d.code IN ({' UNION '.join(self.codes)})"


def search(driver: Driver, sql: Statements, asked: SearchQuery) -> Found:
    """Return a page of the dossiers that fit, ordered by code."""
    limit = check_limit(asked.limit)
    after = place_of(asked.after, (str,))
    base = _base(driver, sql, asked)
    if base is None:
        return Found(dossiers=(), after="")
    codes, values = _codes(asked, after)
    values |= base.values | {"limit": limit + 1}
    conditions = _conditions(asked, base)
    for each in conditions:
        values |= each.values
    read = _Reading(driver, sql, base, codes, _plain(asked), values)
    most = _FEW_OF_SOME if base.narrow else _FEW
    if len(conditions) == 1 and conditions[0].quick and not base.held:
        most = _FEW_ALONE
    few = [each for each in conditions if read.has_at_most(each, most)]
    rows = read.listed(few, conditions) if few else read.in_order(conditions)
    return Found(
        dossiers=tuple(readable(rows[:limit], standing_of)),
        after=mark_of((rows[limit - 1][0],)) if len(rows) > limit else "",
    )


class _Reading(Struct, frozen=True):
    """How the rows of one search are read."""

    driver: Driver
    sql: Statements
    base: _Base
    #: conditions on the code itself, which is named ``{code}``
    codes: list[str]
    #: conditions on what no index is about
    plain: list[str]
    values: dict[str, Any]

    def has_at_most(self, each: _Condition, number: int) -> bool:
        """Return whether a condition is met by so many dossiers or fewer."""
        # the rows before the one that is asked for are passed over, which is quicker than counting
        for codes in each.codes:
            probe = f"SELECT 1 FROM ({codes} LIMIT 1 OFFSET {number}) AS c"  # noqa: S608 - columns of ours
            if self.driver.rows(self.sql.sql(probe), each.values):
                return False
        return True

    def listed(
        self, lists: Sequence[_Condition], conditions: Iterable[_Condition]
    ) -> list[tuple[Any, ...]]:
        """Read the codes of some conditions, put them in order, and hold the others against them.

        The base is held against them too, and no index is used for it.
        """
        wanted = [each.found if each in lists else each.held for each in conditions]
        where = " AND ".join([*wanted, *self.base.held, *self._on("d.code"), *self.plain])
        statement = f"{self.sql.standings}\nWHERE {where}\nORDER BY d.code LIMIT :limit"
        return self._rows(statement)

    def in_order(self, conditions: Sequence[_Condition]) -> list[tuple[Any, ...]]:
        """Read the codes of the base in order, and hold the conditions against each."""
        if len(conditions) == 1 and conditions[0].walk and not (self.base.held or self.plain):
            pages = [self._range(conditions[0].walk, "n.dossier", ())]
        else:
            start = "SELECT d.code FROM igate_dossier d WHERE "
            wanted = [*[each.held for each in conditions], *self.plain]
            pages = [self._range(start + each, "d.code", wanted) for each in self.base.ranges]
        page = "\nUNION ALL\n".join(pages)
        statement = f"""WITH page AS (SELECT code FROM ({page}) AS u ORDER BY code LIMIT :limit)
SELECT {self.sql.standing_columns} FROM page JOIN igate_dossier d ON d.code = page.code
LEFT JOIN igate_person p ON p.dossier = d.code AND p.ref = d.applicant
ORDER BY page.code"""  # noqa: S608 - columns of ours
        return self._rows(statement)

    def _range(self, start: str, code: str, wanted: Iterable[str]) -> str:
        """Return a page out of a range of codes, in parentheses."""
        more = "".join([f" AND {each}" for each in (*self._on(code), *wanted)])
        return f"SELECT * FROM ({start}{more} ORDER BY {code} LIMIT :limit) AS r"  # noqa: S608 - columns of ours

    def _on(self, code: str) -> list[str]:
        return [each.format(code=code) for each in self.codes]

    def _rows(self, statement: str) -> list[tuple[Any, ...]]:
        return self.driver.rows(self.sql.sql(statement), self.values)


def _base(driver: Driver, sql: Statements, asked: SearchQuery) -> _Base | None:
    """Return the base of a search; ``None``: nothing can be found."""
    if asked.agency and asked.scope and not within(asked.agency, asked.scope):
        return None
    agencies = _agencies(driver, sql, asked)
    if agencies is None or len(agencies) > _RANGES:
        if asked.procedure:
            procedure = {"procedure": asked.procedure}
            return _Base(
                ranges=("d.procedure = :procedure",), held=(_held("procedure"),), values=procedure
            )
        return _Base(ranges=("1 = 1",), values={})
    narrow = bool(asked.agency or asked.scope)
    named = [f"agency{number}" for number, _ in enumerate(agencies)]
    values = dict(zip(named, agencies, strict=True))
    ranges = [f"d.agency = :{each}" for each in named]
    held = []
    if narrow:
        held.append(f"d.agency || '' IN ({', '.join(f':{each}' for each in named)})")
    if asked.state:
        values["state"] = asked.state
        ranges = [f"d.state = :state AND {each}" for each in ranges]
        held.append(_held("state"))
    if not ranges:
        return None
    return _Base(ranges=tuple(ranges), held=tuple(held), narrow=narrow, values=values)


def _held(column: str) -> str:
    """Return the condition on a column as an expression, so that no index is used for it."""
    return f"d.{column} || '' = :{column}"


def _agencies(driver: Driver, sql: Statements, asked: SearchQuery) -> list[str] | None:
    """Return the agencies that dossiers in the base have; ``None``: whichever."""
    if asked.agency:
        return [asked.agency]
    if asked.scope:
        below = ("d.agency > :below", "d.agency < :beside")
        found = leaps(driver, sql, "d.agency", "igate_dossier d", below, _below(asked.scope))
        return [asked.scope, *found]
    if asked.state:
        there = ("d.state = :state",)
        return leaps(driver, sql, "d.agency", "igate_dossier d", there, {"state": asked.state})
    return None


def _below(agency: str) -> dict[str, str]:
    """Return between which texts the agencies below one are: they begin with it and a dot."""
    return {"below": f"{agency}.", "beside": f"{agency}/"}  # the slash follows the dot


def _codes(
    asked: SearchQuery, after: tuple[int | str, ...] | None
) -> tuple[list[str], dict[str, Any]]:
    """Return the conditions on the code itself."""
    found: list[str] = []
    values: dict[str, Any] = {}
    if asked.code:
        found.append("{code} >= :code AND {code} < :code_end")
        values |= {"code": asked.code, "code_end": asked.code + _LAST}
    if after is not None:
        found.append("{code} > :after")
        values["after"] = after[0]
    return found, values


def _plain(asked: SearchQuery) -> list[str]:
    """Return the conditions on what no index is about alone."""
    if asked.finished is None:
        return []
    # as an expression, so that none is used
    return [f"(d.finished_at {'IS NOT NULL' if asked.finished else 'IS NULL'})"]


def _conditions(asked: SearchQuery, base: _Base) -> list[_Condition]:
    """Return the conditions that are not in the base."""
    found = _dates(asked)
    if asked.reference:
        codes = "SELECT dossier FROM igate_reference WHERE value = :reference"
        held = "SELECT 1 FROM igate_reference r WHERE r.dossier = d.code AND r.value = :reference"
        values = {"reference": asked.reference}
        found.append(_Condition(codes=(codes,), held=f"EXISTS ({held})", values=values))
    for name, value in (("procedure", asked.procedure), ("state", asked.state)):
        if value and name not in base.values:
            codes = f"SELECT code FROM igate_dossier WHERE {name} = :{name}"  # noqa: S608 - columns of ours
            found.append(_Condition(codes=(codes,), held=_held(name), values={name: value}))
    if asked.scope and not base.narrow:
        ranges = ("agency = :scope", "agency > :below AND agency < :beside")
        lists = [f"SELECT code FROM igate_dossier WHERE {each}" for each in ranges]  # noqa: S608 - the same
        held = " OR ".join([each.replace("agency", "d.agency || ''") for each in ranges])
        values = {"scope": asked.scope} | _below(asked.scope)
        found.append(_Condition(codes=tuple(lists), held=f"({held})", values=values))
    return found + _people(asked)  # what is in another table is held last


def _people(asked: SearchQuery) -> list[_Condition]:
    """Return the conditions on whom a dossier names."""
    found: list[_Condition] = []
    if asked.person:
        name = folded(" ".join(asked.person.split()))
        ranges = [f"{each} >= :name AND {each} < :name_end" for each in _NAMES]
        held = " OR ".join([f"({each})" for each in ranges])
        # as expressions, so that the order is that of the key: by dossier
        walked = held
        for column in _NAMES:
            walked = walked.replace(column, f"coalesce({column}, '')")
        found.append(
            _Condition(
                codes=tuple([f"SELECT dossier FROM igate_person WHERE {each}" for each in ranges]),  # noqa: S608 - columns of ours
                held=f"EXISTS (SELECT 1 FROM igate_person n WHERE n.dossier = d.code AND ({held}))",  # noqa: S608 - the same
                quick=True,
                walk=f"SELECT DISTINCT n.dossier AS code FROM igate_person n WHERE ({walked})",  # noqa: S608 - the same
                values={"name": name, "name_end": name + _LAST},
            )
        )
    if asked.own:
        own = "folded = :own AND text = :own_text"
        codes = f"SELECT dossier FROM igate_person WHERE {own}"  # noqa: S608 - the same
        held = f"SELECT 1 FROM igate_person o WHERE o.dossier = d.code AND {own}"  # noqa: S608 - the same
        values = {"own": folded(asked.own), "own_text": asked.own}
        found.append(_Condition(codes=(codes,), held=f"EXISTS ({held})", values=values))
    return found


def _dates(asked: SearchQuery) -> list[_Condition]:
    """Return the conditions on dates; those on the day of handing in are one range."""
    submitted = {
        "submitted_at >= :submitted_from": ("submitted_from", asked.submitted_from),
        "submitted_at < :submitted_before": ("submitted_before", asked.submitted_before),
    }
    due = {"due_at < :due_before": ("due_before", asked.due_before)}
    found: list[_Condition] = []
    for bounds in (submitted, due):
        given = {text: each for text, each in bounds.items() if each[1] is not None}
        if given:
            where = " AND ".join(given)
            found.append(
                _Condition(
                    codes=(f"SELECT code FROM igate_dossier WHERE {where}",),  # noqa: S608 - columns of ours
                    # with a sign before it, no index is used for it
                    held=" AND ".join(f"+d.{text}" for text in given),
                    quick=bounds is submitted,
                    values={name: bound_of(moment) for name, moment in given.values() if moment},
                )
            )
    return found
