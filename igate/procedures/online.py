"""Levels of online service: the dated schemes, and what a level of one is under another.

Decree 43/2011 knows levels 1 to 4, Decree 42/2022 full and partial service, Decree 224/2026 the
same two with stricter duties. Dossiers and reports of years under different schemes are compared,
and no official table says which level became which. The mapping here is therefore assumed, and
says so in every value that it makes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from igate.law.citation import Citation
from igate.law.period import Period, Timeline
from igate.procedures.procedure import OnlineService

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from igate.procedures.procedure import Scheme

__all__ = ["LEVELS", "SchemeRules", "level_under", "scheme_on", "schemes"]

#: The levels of each scheme, lowest first. "none" (information only) is outside Decree 42/2022,
#: Điều 11, and is the usual third value of published lists.
LEVELS: Final[Mapping[Scheme, tuple[str, ...]]] = MappingProxyType(
    {
        "decree_43_2011": ("none", "1", "2", "3", "4"),
        "decree_42_2022": ("none", "partial", "full"),
        "decree_224_2026": ("none", "partial", "full"),
    }
)

#: Assumed, from the definitions: level 4 is done online to the end, level 3 needs a visit for fee
#: and result, levels 1 and 2 give information and forms. Whether a level 4 service needs presence
#: or a field check, which would make it partial, no list of levels says.
_NEWER: Final[Mapping[str, str]] = MappingProxyType(
    {"4": "full", "3": "partial", "2": "none", "1": "none", "none": "none"}
)
#: The way back, assumed too; from "none" level 1 cannot be distinguished from level 2.
_OLDER: Final[Mapping[str, str]] = MappingProxyType({"full": "4", "partial": "3"})


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemeRules:
    """A scheme of levels, over the period in which it was in force."""

    scheme: Scheme
    citation: Citation


@lru_cache(maxsize=1)
def schemes() -> Timeline[SchemeRules]:
    """Return the schemes in order of time, with what they rest on.

    The end of one is taken from the next: Decree 42/2022 is dated 24 June 2022 (that its article 11
    took effect that day is assumed), Decree 224/2026 is in force from 1 July 2026.
    """
    second, third = date(2022, 6, 24), date(2026, 7, 1)
    rows: list[tuple[Period, Scheme, str]] = [
        (Period(start=None, end=second), "decree_43_2011", "Nghị định 43/2011/NĐ-CP, Điều 3"),
        (Period(start=second, end=third), "decree_42_2022", "Nghị định 42/2022/NĐ-CP, Điều 11"),
        (Period(start=third), "decree_224_2026", "Nghị định 224/2026/NĐ-CP, Điều 14"),
    ]
    return Timeline(
        [
            (period, SchemeRules(scheme=scheme, citation=Citation.parse(text)))
            for period, scheme, text in rows
        ]
    )


def scheme_on(day: date) -> Scheme:
    """Return the scheme in force on a day.

    >>> scheme_on(date(2026, 11, 22))
    'decree_224_2026'
    """
    return next(rules.scheme for period, rules in schemes() if day in period)


def level_under(services: Iterable[OnlineService], scheme: Scheme) -> OnlineService | None:
    """Return the level of a procedure under a scheme: as stated, or mapped from another scheme.

    Args:
        services: What is stated of the procedure, ``Revision.online``.
        scheme: The scheme asked for.

    Returns:
        The stated level; where there is none, that of the latest other scheme with a level, mapped,
        with ``basis="assumed"`` and without a citation; ``None`` where nothing is stated that can
        be mapped, and for a level that its scheme does not have.

    >>> known = [OnlineService(scheme="decree_43_2011", level="4", basis="published")]
    >>> mapped = level_under(known, "decree_224_2026")
    >>> (mapped.level, mapped.basis)
    ('full', 'assumed')
    """
    stated = {each.scheme: each for each in services if each.level in LEVELS[each.scheme]}
    if scheme in stated:
        return stated[scheme]
    for _, rules in reversed(list(schemes())):
        known = stated.get(rules.scheme)
        level = None if known is None else _mapped(known.level, known.scheme, scheme)
        if level is not None:
            return OnlineService(scheme=scheme, level=level, basis="assumed")
    return None


def _mapped(level: str, source: Scheme, target: Scheme) -> str | None:
    if source == "decree_43_2011":
        return _NEWER[level]
    # the two later schemes have the same levels
    return _OLDER.get(level) if target == "decree_43_2011" else level
