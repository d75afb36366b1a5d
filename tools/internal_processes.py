"""Procedures with the internal process that a decision prints, from their facts tables.

A step table that does not add up to its printed total is refused, not repaired: it belongs in the
list of left-out processes in ``docs/data.md``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from typing import TYPE_CHECKING

from facts_tables import FactsError, by_key, known, quoted, read_rows

if TYPE_CHECKING:
    from pathlib import Path

    from facts_tables import Row

__all__ = ["Processes", "citation_of", "hours_of", "read_processes", "revision", "step_limit"]

#: printed in the tables for a step whose time is not counted
NOT_COUNTED = frozenset({"Không tính thời gian", "Giờ hành chính"})
PRINTED_TIME = re.compile(
    r"(?P<length>\d+/\d+|\d+(?:[.,]\d+)?) (?P<word>ngày làm việc|ngày|giờ làm việc|giờ)"
)
#: 8 working hours a day, as the tables of Nghệ An print: "tính mỗi ngày 08 giờ làm việc"
HOURS = {"working_day": 8, "day": 8, "working_hour": 1}


@dataclass(frozen=True, slots=True, kw_only=True)
class Processes:
    """The tables, by key."""

    decisions: dict[str, Row]
    labels: dict[str, str]
    procedures: dict[str, Row]
    processes: dict[str, Row]
    #: in the order of their numbers
    steps: dict[str, list[Row]]


def read_processes(folder: Path) -> Processes:
    """Read the tables and hold their references and sums against each other.

    Raises:
        FactsError: A table names what another does not have, two rows have the same key, or the
            steps of a process do not add up to its limit.
    """
    steps: dict[str, list[Row]] = {}
    for row in read_rows(folder / "steps.csv"):
        steps.setdefault(row["process"], []).append(row)
    facts = Processes(
        decisions=by_key(folder / "decisions.csv", "decision"),
        labels={key: row["en"] for key, row in by_key(folder / "labels.csv", "vi").items()},
        procedures=by_key(folder / "procedures.csv", "code"),
        processes=by_key(folder / "processes.csv", "process"),
        steps=steps,
    )
    for process in facts.processes.values():
        _check_process(process, facts)
    for procedure in facts.procedures.values():
        known(procedure["process"], facts.processes, "process", procedure["code"])
    return facts


def _check_process(process: Row, facts: Processes) -> None:
    name = process["process"]
    steps = facts.steps.get(name, [])
    known(process["decision"], facts.decisions, "decision", name)
    for number, rows in enumerate(_by_number(steps), start=1):
        parts = [str(number)] if len(rows) == 1 else _parts(number, len(rows))
        if [row["number"] for row in rows] != parts:
            message = f"{name}: its steps are not numbered 1, 2, 3, …, or 2.1, 2.2, … in turn"
            raise FactsError(message)
    for row in steps:
        known(row["label"], facts.labels, "label", name)
        if row["heading"]:
            known(row["heading"], facts.labels, "label", name)
    found = _step_hours(process, steps)
    wanted = hours_of(process["limit"])
    if found != wanted:
        message = f"{name}: the steps are {found} working hours, the printed total {wanted}."
        raise FactsError(message)


def step_limit(printed: str, process: Row) -> str:
    """Turn a printed time of a step into a limit of a definition.

    >>> step_limit("0,25 ngày làm việc", {"process": "p", "plain_day": "", "limit": "1 day"})
    '0.25 working_day'

    Raises:
        FactsError: The time cannot be read, or a plain "ngày" or "giờ" stands in a process that
            does not say how it is meant.
    """
    if printed in NOT_COUNTED:
        return "not_counted"
    match = PRINTED_TIME.fullmatch(printed)
    if match is None:
        message = f"{process['process']}: {printed!r} is not a time."
        raise FactsError(message)
    length = Fraction(match["length"].replace(",", "."))
    word = match["word"]
    if word == "ngày" and not process["plain_day"]:
        message = f'{process["process"]}: the table does not say how a plain "ngày" is meant.'
        raise FactsError(message)
    if word == "giờ" and not process["limit"].endswith("working_hour"):
        message = f'{process["process"]}: the table does not say how a plain "giờ" is meant.'
        raise FactsError(message)
    unit = "working_day" if word.startswith("ngày") else "working_hour"
    return f"{float(length):g} {unit}"


def hours_of(limit: str) -> Fraction:
    """Return a limit of one part in hours, 8 hours a day.

    >>> hours_of("0.25 working_day")
    Fraction(2, 1)
    """
    if limit == "not_counted":
        return Fraction(0)
    length, unit = limit.split(" ")
    return Fraction(length) * HOURS[unit]


def _by_number(steps: list[Row]) -> list[list[Row]]:
    """Put the actors of one row of the decision together: 2.1 and 2.2 are step 2."""
    found = groupby(steps, key=lambda row: row["number"].partition(".")[0])
    return [list(rows) for _, rows in found]


def _parts(number: int, count: int) -> list[str]:
    return [f"{number}.{part}" for part in range(1, count + 1)]


def _step_hours(process: Row, steps: list[Row]) -> Fraction:
    return sum(
        (hours_of(step_limit(row["printed_time"], process)) for row in steps), start=Fraction(0)
    )


def _template_of(steps: list[Row]) -> str:
    """Choose the template: who besides the agency itself has a step decides.

    The provincial People's Committee: ``two_level``, also when others are consulted. Other
    agencies or a council: ``consultation``. Nobody else: ``ordinary``.
    """
    roles = {row["role"] for row in steps}
    if "provincial_committee" in roles:
        return "two_level"
    return "consultation" if "other_agency" in roles else "ordinary"


def citation_of(decision: Row) -> str:
    """Write a decision as it is cited."""
    year, month, day = decision["date"].split("-")
    return f"Quyết định {decision['number']} ngày {day}/{month}/{year} của {decision['issuer']}"


def revision(procedure: Row, facts: Processes, online: list[str]) -> list[str]:
    """Write the revision of a procedure; ``online`` are lines made elsewhere, after its own."""
    process = facts.processes[procedure["process"]]
    decision = facts.decisions[process["decision"]]
    steps = facts.steps[process["process"]]
    citation = quoted(citation_of(decision))
    return [
        f"  # In force on signing: {decision['in_force_article']} of the decision.",
        f'  - effective_from: "{decision["date"]}"',
        f"    citation: {citation}",
        f"    template: {_template_of(steps)}",
        *_cutoff(process, citation),
        "    limits:",
        *_limit_remark(process),
        f"      - limit: {process['limit']}",
        f"        citation: {citation}",
        *_online(procedure, citation, online),
        *_step_remark(process),
        "    steps:",
        *(line for rows in _by_number(steps) for line in _step(rows, process, facts.labels)),
    ]


def _cutoff(process: Row, citation: str) -> list[str]:
    if not process["cutoff"]:
        return []
    return [
        "    cutoff:",
        f'      time: "{process["cutoff"]}"',
        "      moves: transfer",
        f"      citation: {citation}",
    ]


def _limit_remark(process: Row) -> list[str]:
    remark = f'      # Printed: "{process["printed_total"]}".'
    if process["plain_day"] == "printed":
        remark += " The table or its title says that working days are meant."
    return [remark]


def _online(procedure: Row, citation: str, more: list[str]) -> list[str]:
    own = []
    if procedure["online"]:
        own = [
            "      - scheme: decree_42_2022",
            f"        level: {procedure['online']}",
            "        basis: published",
        ]
        if procedure["online_from"] == "decision":
            own.append(f"        citation: {citation}")
    return ["    online:", *own, *more] if own or more else []


def _step_remark(process: Row) -> list[str]:
    lines = []
    if process["plain_day"] == "assumed":
        lines.append('    # The steps print "ngày", read as working days (assumed).')
    if process["note"]:
        lines.append(f"    # {process['note']}")
    return lines


def _step(rows: list[Row], process: Row, labels: dict[str, str]) -> list[str]:
    """Write a step; of several actors each has a part of its own."""
    first = rows[0]
    head = [
        f"      - number: {first['number'].partition('.')[0]}",
        f"        phase: {first['phase']}",
    ]
    if len(rows) == 1:
        return [*head, *_who(first, process), *_what(first, first["label"], labels)]
    lines = [*head, *_what({**first, "agency": ""}, first["heading"], labels), "        actors:"]
    for row in rows:
        part = [*_who(row, process), *_what(row, row["label"], labels)]
        lines += [f"          - {part[0].lstrip()}", *(f"    {line}" for line in part[1:])]
    return lines


def _who(row: Row, process: Row) -> list[str]:
    return [
        f"        role: {row['role']}",
        f"        limit: {step_limit(row['printed_time'], process)}",
        f"        actor: {quoted(row['actor'])}",
    ]


def _what(row: Row, label: str, labels: dict[str, str]) -> list[str]:
    lines = [f"        vi: {quoted(label)}", f"        en: {quoted(labels[label])}"]
    if row["agency"]:
        lines += [
            "        agency:",
            f"          vi: {quoted(row['agency'])}",
            f"          en: {quoted(labels[row['agency']])}",
        ]
    return lines
