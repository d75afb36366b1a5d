"""Procedures of which a collection gives the facts, and no internal process is known.

``catalogue.csv`` has a line for each, ``limits.csv`` the time limits that are printed for them: for
which channels, in which case, and every value where several are printed without saying when each
holds (``1 working_day|2 working_day``). Which of those values counts is not for this program to
say: the limit is then not stated, and the comment above it repeats what is printed.

``statutory.csv`` has the limits that a law, or a decision read elsewhere, gives a procedure of the
catalogue. They stand in the place of what the collection prints; ``status`` says whether the source
names the procedure (``published``) or is read as if it did (``assumed``).

The levels of online service under Decree 43/2011 follow the rule of ``docs/data.md``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from facts_tables import FactsError, by_key, known, quoted, read_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from facts_tables import Row

__all__ = [
    "LEVELS",
    "Published",
    "level_lines",
    "levels_of",
    "names_of",
    "read_published",
    "remarks_of",
    "revision",
    "stated_limits",
]

#: How many procedures the province of Đắk Lắk had online at each level in March 2022, of 1,543.
LEVELS = {"4": 712, "3": 456}
#: The level of the others: forms and information only (assumed).
LOWEST = "2"
#: Which level of Decree 43/2011 a published level of Decree 42/2022 stands for (assumed).
FROM_SERVICE = {"full": "4", "partial": "3"}

CHANNELS = ("counter", "online", "post")
#: longest printed text that is repeated in a comment
SHOWN = 160
NO_NUMBER = "không rõ số (giả định)"
REMARKS = {
    "another-page": "The collection holds the page of another procedure under this code.",
    "cut-name": "The collection cuts the name off here.",
}
#: whether a source names the procedure, and what is added to the citation where it does not
STATUSES = {"published": "", "assumed": " (giả định)"}
#: agencies that decide above the one that prepares the dossier
COMMITTEE = re.compile(r"(?:chủ tịch )?(?:ủy ban nhân dân|uỷ ban nhân dân|ubnd) (?:cấp )?tỉnh")


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """The tables, by code."""

    procedures: dict[str, Row]
    #: in the order of the table
    limits: dict[str, list[Row]]
    #: what a law gives in the place of them, in the order of the table
    statutory: dict[str, list[Row]]


def read_published(folder: Path) -> Published:
    """Read the tables and hold their references against each other.

    Raises:
        FactsError: A table names what another does not have, or a code appears twice.
    """
    addresses = {
        key: row["address"] for key, row in by_key(folder / "collections.csv", "collection").items()
    }
    procedures = by_key(folder / "catalogue.csv", "code")
    for code, row in procedures.items():
        collection, _, path = row["source"].partition(":")
        known(collection, addresses, "collection", code)
        row["source"] = addresses[collection] + path
    limits: dict[str, list[Row]] = {}
    for row in read_rows(folder / "limits.csv"):
        known(row["code"], procedures, "procedure", "limits.csv")
        for channel in row["channels"].split():
            known(channel, CHANNELS, "channel", row["code"])
        limits.setdefault(row["code"], []).append(row)
    statutory: dict[str, list[Row]] = {}
    for row in read_rows(folder / "statutory.csv"):
        known(row["code"], procedures, "procedure", "statutory.csv")
        known(row["status"], STATUSES, "status", row["code"])
        statutory.setdefault(row["code"], []).append(row)
    return Published(procedures=procedures, limits=limits, statutory=statutory)


def levels_of(services: Mapping[str, str], limits: Mapping[str, list[Row]]) -> dict[str, str]:
    """Return each procedure its level under Decree 43/2011.

    Where a level of Decree 42/2022 is published, it stands for one of the old ones. The others are
    put in a row: first those with a limit printed for the online channel, then those with another
    limit, then those without any; each group by the code read backwards, so that old and new codes
    mix. Level 4 is given until there are 712, then level 3 until there are 456.

    Args:
        services: The published level of Decree 42/2022 by code, or nothing.
        limits: The printed limits by code.

    Raises:
        FactsError: More levels are published than the mix has.
    """
    levels = {code: FROM_SERVICE[service] for code, service in services.items() if service}
    row = sorted(set(services) - set(levels), key=lambda code: _place_in_row(code, limits))
    start = 0
    for level, wanted in LEVELS.items():
        missing = wanted - sum(found == level for found in levels.values())
        if missing < 0:
            message = f"More than {wanted} published levels stand for level {level}."
            raise FactsError(message)
        levels |= dict.fromkeys(row[start : start + missing], level)
        start += missing
    return levels | dict.fromkeys(row[start:], LOWEST)


def _place_in_row(code: str, limits: Mapping[str, list[Row]]) -> tuple[int, str]:
    printed = [row for row in limits.get(code, []) if row["limit"]]
    if any("online" in row["channels"].split() for row in printed):
        return 0, code[::-1]
    return (1 if printed else 2), code[::-1]


def level_lines(level: str) -> list[str]:
    """Write the level of a procedure under Decree 43/2011."""
    return [
        "      - scheme: decree_43_2011",
        f'        level: "{level}"',
        "        basis: assumed",
    ]


def names_of(row: Row) -> list[str]:
    """Write the name of a procedure, or that it is not known."""
    if row["name"]:
        return [f"  vi: {quoted(row['name'])}"]
    return [
        f"  vi: Chưa rõ tên (mã {row['code']})",
        f"  en: Name not known (code {row['code']})",
    ]


def remarks_of(row: Row) -> list[str]:
    """Write what a reader has to know about the source."""
    if not row["remark"]:
        return []
    kind, _, printed = row["remark"].partition(":")
    if kind == "placeholder":
        return [f'# The collection prints "{printed}" where the number of the decision belongs.']
    known(kind, REMARKS, "remark", row["code"])
    return [f"# {REMARKS[kind]}"]


def revision(row: Row, facts: Published, level: str) -> list[str]:
    """Write the revision of a procedure: the only one known, since an unknown day."""
    citation = quoted(f"Quyết định {row['decision'] or NO_NUMBER}")
    return [
        "  - effective_from: unknown",
        f"    citation: {citation}",
        f"    template: {_template_of(row)}",
        "    limits:",
        *_limits_of(row["code"], facts, citation),
        "    online:",
        *_service(row),
        *level_lines(level),
    ]


def _template_of(row: Row) -> str:
    agencies = row["agencies"].split("|")
    above = any(COMMITTEE.fullmatch(agency.lower()) for agency in agencies)
    return "two_level" if above else "ordinary"


def _service(row: Row) -> list[str]:
    if not row["online"]:
        return []
    return [
        "      - scheme: decree_42_2022",
        f"        level: {row['online']}",
        "        basis: published",
    ]


def _limits_of(code: str, facts: Published, citation: str) -> list[str]:
    statutory = facts.statutory.get(code)
    if statutory is None:
        return _limits(facts.limits.get(code, []), citation)
    return [line for row in statutory for line in _statutory(row)]


def _statutory(row: Row) -> list[str]:
    citation = quoted(row["citation"] + STATUSES[row["status"]])
    comment = row["note"][:1].upper() + row["note"][1:]
    return _rule(None, row["case"], row["limit"], f"{comment}." if comment else "", citation)


def _limits(printed: Iterable[Row], citation: str) -> list[str]:
    rules = [rule for row in printed for rule in _rules(row)]
    if not any(rule[0] is None and rule[1] == "" for rule in rules):
        rules.insert(0, (None, "", "not_stated", ""))
    return [line for rule in rules for line in _rule(*rule, citation)]


def stated_limits(code: str, facts: Published) -> list[str]:
    """Return the different limits that the rules of a procedure state, in their order."""
    if code in facts.statutory:
        return list(dict.fromkeys(row["limit"] for row in facts.statutory[code]))
    printed = facts.limits.get(code, [])
    stated = [limit for row in printed for _, _, limit, _ in _rules(row) if limit != "not_stated"]
    return list(dict.fromkeys(stated))


def _rules(row: Row) -> Iterator[tuple[str | None, str, str, str]]:
    """Return channel, case, limit and comment of each rule that a printed limit makes."""
    values = row["limit"].split("|")
    limit = values[0] if len(values) == 1 and row["limit"] else "not_stated"
    comment = ""
    if len(values) > 1:
        comment = f"Printed: {', '.join(values)}, without saying when each holds."
    elif row["printed"]:
        text = row["printed"]
        comment = f"Printed: {text[:SHOWN].rstrip()}{'…' if len(text) > SHOWN else ''}"
    channels = row["channels"].split()
    for channel in [None] if len(channels) in {0, len(CHANNELS)} else channels:
        yield channel, row["case"], limit, comment
        comment = ""


def _rule(channel: str | None, case: str, limit: str, comment: str, citation: str) -> list[str]:
    lines = [f"      # {comment}"] if comment else []
    lines.append(f"      - limit: {limit}")
    if channel is not None:
        lines.append(f"        channel: {channel}")
    if case:
        lines.append(f"        case: {quoted(case)}")
    return [*lines, f"        citation: {citation}"]
