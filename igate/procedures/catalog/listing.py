"""A procedure at a glance, and the counts of all of them.

A listing is what a list shows and a search looks at. The shipped catalogue has an index of its
procedures, written with their files, so that listing, searching and counting need not open a
thousand files. A host's own files are read instead; both ways give the same listings.

The summary counts procedures by kind and by online level. The levels of Decree 43/2011 are what a
province publishes as its mix: how many procedures at level 3, how many at level 4. They are counted
together with what each rests on: a level that somebody published, or the rule of ``docs/data.md``
(assumed).
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from igate.law.citation import Label
from igate.procedures.online import level_under
from igate.procedures.procedure import Field, OnlineService

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from igate.procedures.procedure import Basis, Procedure

__all__ = ["Listing", "Summary", "listing_of", "read_index", "summarise"]


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


_BASES = ("published", "assumed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """Counts of procedures."""

    procedures: int
    fields: int
    #: with at least one stated time limit
    limit_stated: int
    limit_not_stated: int
    #: by what the steps rest on: published, assumed
    steps: Mapping[str, int]
    #: of how many a level under Decree 43/2011 is given
    with_level: int
    #: by level, highest first, then by what the level rests on
    online: Mapping[str, Mapping[str, int]]
    #: by level under Decree 42/2022, all of them published
    service: Mapping[str, int]
    #: by level under Decree 224/2026; no list under it is published as yet, so all are mapped from
    #: a level under an earlier decree (assumed, :mod:`igate.procedures.online`)
    mapped: Mapping[str, int]

    def at_level(self, level: str) -> int:
        """Return the number of procedures at a level of Decree 43/2011.

        Args:
            level: ``1`` to ``4``; one that no procedure has gives 0.
        """
        return sum(self.online.get(level, {}).values())

    def share(self, level: str) -> float | None:
        """Return the share of a level of Decree 43/2011 among the procedures that have one.

        Args:
            level: ``1`` to ``4``.

        Returns:
            0 to 1; ``None`` where no procedure has a level.
        """
        return self.at_level(level) / self.with_level if self.with_level else None

    def resting_on(self, basis: str) -> int:
        """Return the number of levels of Decree 43/2011 that rest on a basis.

        Args:
            basis: ``published`` or ``assumed``.
        """
        return sum(counts[basis] for counts in self.online.values())

    def record(self) -> dict[str, object]:
        """Return the counts as plain values, as ``igate catalog summary --json`` prints them.

        Returns:
            Texts, whole numbers, ``share_level_4`` (0 to 1, four decimals, or ``None``), and
            mappings of them.
        """
        share = self.share("4")
        return {
            "procedures": self.procedures,
            "fields": self.fields,
            "limit": {"stated": self.limit_stated, "not_stated": self.limit_not_stated},
            "steps": dict(self.steps),
            "online_decree_43_2011": {
                "procedures": self.with_level,
                "levels": {
                    level: {"total": sum(counts.values()), **counts}
                    for level, counts in self.online.items()
                },
                "basis": {basis: self.resting_on(basis) for basis in _BASES},
                "share_level_4": None if share is None else round(share, 4),
            },
            "online_decree_42_2022": dict(self.service),
            "online_decree_224_2026": {"basis": "assumed", **self.mapped},
        }


def summarise(listings: Iterable[Listing]) -> Summary:
    """Count procedures by limit, steps and level of online service.

    Args:
        listings: One for each procedure; they are read once.
    """
    all_of_them = list(listings)
    stated = sum(bool(each.limits) for each in all_of_them)
    online = Counter((each.online_level, each.online_basis) for each in all_of_them)
    levels = sorted({level for level, _ in online if level}, reverse=True)
    service = Counter(each.service for each in all_of_them if each.service)
    return Summary(
        procedures=len(all_of_them),
        fields=len({each.field.id for each in all_of_them}),
        limit_stated=stated,
        limit_not_stated=len(all_of_them) - stated,
        steps={basis: sum(e.steps_basis == basis for e in all_of_them) for basis in _BASES},
        with_level=sum(bool(each.online_level) for each in all_of_them),
        online={
            level: {basis: online[level, basis] for basis in _BASES}  # type: ignore[index]
            for level in levels
        },
        service=dict(sorted(service.items())),
        mapped=dict(sorted(Counter(_mapped(all_of_them)).items())),
    )


def _mapped(listings: Iterable[Listing]) -> Iterator[str]:
    for each in listings:
        known: list[OnlineService] = []
        if each.online_level:
            old, basis = each.online_level, each.online_basis or "assumed"
            known.append(OnlineService(scheme="decree_43_2011", level=old, basis=basis))
        if each.service:
            new = each.service
            known.append(OnlineService(scheme="decree_42_2022", level=new, basis="published"))
        found = level_under(known, "decree_224_2026")
        if found is not None:
            yield found.level
