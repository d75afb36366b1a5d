"""How many procedures a catalogue has, of which kind, and what is known of them.

The online levels of Decree 43/2011 are what a province publishes as its mix: how many procedures
at level 3, how many at level 4. They are counted together with what each rests on: a level that
somebody published, or the rule of ``docs/data.md`` (assumed).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from igate.procedures.online import level_under
from igate.procedures.procedure import OnlineService

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from igate.procedures.catalog.listing import Listing

__all__ = ["Summary", "summarise"]

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
        """Return the number of procedures at a level of Decree 43/2011."""
        return sum(self.online.get(level, {}).values())

    def share(self, level: str) -> float | None:
        """Return the share of a level among those that have one, 0 to 1."""
        return self.at_level(level) / self.with_level if self.with_level else None

    def resting_on(self, basis: str) -> int:
        """Return the number of levels of Decree 43/2011 that rest on a basis."""
        return sum(counts[basis] for counts in self.online.values())

    def record(self) -> dict[str, object]:
        """Return the counts as plain values, for JSON."""
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
    """Count procedures."""
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
