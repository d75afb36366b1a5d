"""A procedure at a glance: what a list shows and a search looks at.

The shipped catalogue has an index of its procedures, written with their files, so that listing,
searching and counting need not open a thousand files. A host's own files are read instead; both
ways give the same listings.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from igate.law.citation import Label
from igate.procedures.procedure import Field

if TYPE_CHECKING:
    from igate.procedures.procedure import Basis, Procedure

__all__ = ["Listing", "listing_of", "read_index"]

_OLD, _NEW = "decree_43_2011", "decree_42_2022"


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A procedure as its latest revision has it."""

    code: str
    name: Label
    field: Field
    ministry: str
    #: levels of administration: bộ, tỉnh, xã
    level: tuple[str, ...]
    agencies: tuple[str, ...]
    #: level of online service under Nghị định 43/2011/NĐ-CP, "1" to "4"; empty: none is given
    online_level: str
    #: level under Nghị định 42/2022/NĐ-CP: full, partial, none; empty: none is given
    service: str
    #: the time limits that are stated, each once; none: not stated
    limits: tuple[str, ...]
    #: whether the steps are those of a published decision or the template's own
    steps_basis: Basis

    @property
    def online_basis(self) -> Basis | None:
        """What its online level rests on: a published level, of either scheme, or an assumption."""
        if not self.online_level and not self.service:
            return None
        return "published" if self.service else "assumed"


def listing_of(procedure: Procedure) -> Listing:
    """Return a procedure at a glance."""
    *_, (_, revision) = procedure.revisions
    levels: dict[str, str] = {each.scheme: each.level for each in revision.online}
    stated = (str(rule.limit) for rule in revision.limits if rule.limit.stated)
    return Listing(
        code=procedure.code,
        name=procedure.name,
        field=procedure.field,
        ministry=procedure.ministry,
        level=procedure.level,
        agencies=procedure.agencies,
        online_level=levels.get(_OLD, ""),
        service=levels.get(_NEW, ""),
        limits=tuple(dict.fromkeys(stated)),
        steps_basis=revision.steps_basis,
    )


def read_index(text: str) -> tuple[Listing, ...]:
    """Return the listings of an index, as ``tools/write_procedures.py`` writes it."""
    index = json.loads(text)
    fields = {
        name: Field(id=name, label=Label(vi=vietnamese, en=english))
        for name, (vietnamese, english) in index["fields"].items()
    }
    return tuple(
        Listing(
            code=code,
            name=Label(vi=name, en=name_en),
            field=fields[field],
            ministry=ministry,
            level=tuple(level),
            agencies=tuple(agencies),
            online_level=online.get(_OLD, ""),
            service=online.get(_NEW, ""),
            limits=tuple(limits),
            steps_basis=steps_basis,
        )
        for (
            code, name, name_en, field, ministry, level, agencies, online, limits, steps_basis,
        ) in index["procedures"]
    )  # fmt: skip
