#!/usr/bin/env python3
"""Write the shipped procedures from the facts tables in ``tools/facts``.

The tables hold what was read in the decisions, one fact in one place:

* ``decisions.csv``: number, date, issuer, the article on the entry into force, where it was read;
* ``procedures.csv``: code, names, field, ministry, agencies, and the process that settles it;
* ``processes.csv``: the printed total, the limit it gives, how a plain "ngày" is to be read;
* ``steps.csv``: every step of a process with its printed time and actor;
* ``labels.csv``: the English of each Vietnamese step label and agency; ``fields.csv``: the fields.

``python tools/write_procedures.py`` rewrites the files; ``--check`` says whether they are up to
date and changes nothing. A step table that does not add up to its printed total is refused, not
repaired: it belongs in the list of left-out processes in ``docs/data.md``.
"""

from __future__ import annotations

import argparse
import csv
import json
import re
import sys
import unicodedata
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FACTS = ROOT / "tools" / "facts"
TARGET = ROOT / "igate" / "workflows" / "procedures"

FIRST_LINE = "# yaml-language-server: $schema=../../schema/procedure.json"
MARK = "# Written by tools/write_procedures.py from tools/facts/: change it there."

#: printed in the tables for a step whose time is not counted
NOT_COUNTED = frozenset({"Không tính thời gian", "Giờ hành chính"})
PRINTED_TIME = re.compile(
    r"(?P<length>\d+/\d+|\d+(?:[.,]\d+)?) (?P<word>ngày làm việc|ngày|giờ làm việc|giờ)"
)
#: 8 working hours a day, as the tables of Nghệ An print: "tính mỗi ngày 08 giờ làm việc"
HOURS = {"working_day": 8, "day": 8, "working_hour": 1}
ROLES = frozenset(
    {
        "clerk",
        "department_leader",
        "head_of_section",
        "leader",
        "officer",
        "other_agency",
        "provincial_committee",
        "receptionist",
    }
)
#: what may stand in YAML without quotes, outside a flow collection
PLAIN = re.compile(r"[^\W\d][^:#\"'{}\[\]&*!|>%@`\n]*(?<! )")
WORDS = frozenset({"true", "false", "null", "yes", "no", "on", "off"})

Row = dict[str, str]


class FactsError(Exception):
    """The facts tables contradict themselves; the message says which line and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """The tables, by key."""

    decisions: dict[str, Row]
    fields: dict[str, Row]
    labels: dict[str, str]
    procedures: dict[str, Row]
    processes: dict[str, Row]
    #: in the order of their numbers
    steps: dict[str, list[Row]]


def read_facts(folder: Path = FACTS) -> Facts:
    """Read the tables and hold their references and sums against each other.

    Raises:
        FactsError: A table names what another does not have, two rows have the same key, or the
            steps of a process do not add up to its limit.
    """
    steps: dict[str, list[Row]] = {}
    for row in _rows(folder / "steps.csv"):
        steps.setdefault(row["process"], []).append(row)
    facts = Facts(
        decisions=_by_key(folder / "decisions.csv", "decision"),
        fields=_by_key(folder / "fields.csv", "field"),
        labels={key: row["en"] for key, row in _by_key(folder / "labels.csv", "vi").items()},
        procedures=_by_key(folder / "procedures.csv", "code"),
        processes=_by_key(folder / "processes.csv", "process"),
        steps=steps,
    )
    for process in facts.processes.values():
        _check_process(process, facts)
    for procedure in facts.procedures.values():
        _known(procedure["process"], facts.processes, "process", procedure["code"])
        _known(procedure["field"], facts.fields, "field", procedure["code"])
    return facts


def _rows(path: Path) -> list[Row]:
    text = path.read_text(encoding="utf-8")
    if not unicodedata.is_normalized("NFC", text):
        message = f"{path.name} is not in Unicode form NFC."
        raise FactsError(message)
    return list(csv.DictReader(text.splitlines()))


def _by_key(path: Path, key: str) -> dict[str, Row]:
    found: dict[str, Row] = {}
    for row in _rows(path):
        if row[key] in found:
            message = f"{path.name}: {row[key]!r} stands there twice."
            raise FactsError(message)
        found[row[key]] = row
    return found


def _known(name: str, table: dict[str, Row] | dict[str, str], what: str, where: str) -> None:
    if name not in table:
        message = f"{where}: there is no {what} {name!r} in the tables."
        raise FactsError(message)


def _check_process(process: Row, facts: Facts) -> None:
    name = process["process"]
    steps = facts.steps.get(name, [])
    _known(process["decision"], facts.decisions, "decision", name)
    if [row["number"] for row in steps] != [str(n + 1) for n in range(len(steps))]:
        message = f"{name}: its steps are not numbered 1, 2, 3, …"
        raise FactsError(message)
    for row in steps:
        _known(row["label"], facts.labels, "label", name)
    found = step_hours(process, steps)
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
    """Give a limit of one part in hours, 8 hours a day.

    >>> hours_of("0.25 working_day")
    Fraction(2, 1)
    """
    if limit == "not_counted":
        return Fraction(0)
    length, unit = limit.split(" ")
    return Fraction(length) * HOURS[unit]


def step_hours(process: Row, steps: list[Row]) -> Fraction:
    """Add up the counted steps of a process, in hours."""
    return sum(
        (hours_of(step_limit(row["printed_time"], process)) for row in steps), start=Fraction(0)
    )


def template_of(steps: list[Row]) -> str:
    """Choose the template: who besides the agency itself has a step decides.

    The provincial People's Committee: ``two_level``, also when others are consulted. Other
    agencies or a council: ``consultation``. Nobody else: ``ordinary``.
    """
    roles = {row["role"] for row in steps}
    if "provincial_committee" in roles:
        return "two_level"
    return "consultation" if "other_agency" in roles else "ordinary"


def quoted(text: str) -> str:
    """Write a text as a YAML scalar, in quotes where it needs them.

    >>> quoted("Sở Y tế"), quoted("1.001806"), quoted("Mẫu 01: đơn")
    ('Sở Y tế', '"1.001806"', '"Mẫu 01: đơn"')
    """
    plain = PLAIN.fullmatch(text) and text.lower() not in WORDS
    return text if plain else json.dumps(text, ensure_ascii=False)


def citation_of(decision: Row) -> str:
    """Write a decision as it is cited."""
    year, month, day = decision["date"].split("-")
    return f"Quyết định {decision['number']} ngày {day}/{month}/{year} của {decision['issuer']}"


def file_name(procedure: Row) -> str:
    """Give the path of a procedure's file below the folder of the procedures."""
    return f"{procedure['field']}/{procedure['code']}-{procedure['slug']}.yaml"


def definition(procedure: Row, facts: Facts) -> str:
    """Write one procedure."""
    process = facts.processes[procedure["process"]]
    decision = facts.decisions[process["decision"]]
    field = facts.fields[procedure["field"]]
    lines = [
        FIRST_LINE,
        MARK,
        "format: 1",
        f'code: "{procedure["code"]}"',
        "name:",
        f"  vi: {quoted(procedure['name_vi'])}",
        f"  en: {quoted(procedure['name_en'])}",
        "field:",
        f"  id: {field['field']}",
        f"  vi: {quoted(field['vi'])}",
        f"  en: {quoted(field['en'])}",
        f"ministry: {quoted(procedure['ministry'])}",
        "level:",
        *(f"  - {quoted(level)}" for level in procedure["level"].split("|")),
        "agencies:",
        *(f"  - {quoted(agency)}" for agency in procedure["agencies"].split("|")),
        f'checked_on: "{decision["checked_on"]}"',
        f"source: {json.dumps(_source(procedure, decision), ensure_ascii=False)}",
        "revisions:",
        *_revision(procedure, process, decision, facts),
    ]
    return "\n".join(lines) + "\n"


def _source(procedure: Row, decision: Row) -> str:
    return f"{decision['source']} ({', '.join(procedure['rows'].split())})"


def _revision(procedure: Row, process: Row, decision: Row, facts: Facts) -> list[str]:
    steps = facts.steps[process["process"]]
    citation = quoted(citation_of(decision))
    article = decision["in_force_article"]
    return [
        f"  # In force on signing: {article} of the decision.",
        f'  - effective_from: "{decision["date"]}"',
        f"    citation: {citation}",
        f"    template: {template_of(steps)}",
        "    clock_rules: decree",
        *_cutoff(process, citation),
        "    limits:",
        *_limit_remark(process),
        f"      - limit: {process['limit']}",
        f"        citation: {citation}",
        *_online(procedure, citation),
        *_step_remark(process),
        "    steps:",
        *(line for row in steps for line in _step(row, process, facts.labels)),
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


def _online(procedure: Row, citation: str) -> list[str]:
    if not procedure["online"]:
        return []
    lines = [
        "    online:",
        "      - scheme: decree_42_2022",
        f"        level: {procedure['online']}",
        "        basis: published",
    ]
    if procedure["online_from"] == "decision":
        lines.append(f"        citation: {citation}")
    return lines


def _step_remark(process: Row) -> list[str]:
    lines = []
    if process["plain_day"] == "assumed":
        lines.append('    # The steps print "ngày", read as working days (assumed).')
    if process["note"]:
        lines.append(f"    # {process['note']}")
    return lines


def _step(row: Row, process: Row, labels: dict[str, str]) -> list[str]:
    lines = [
        f"      - number: {row['number']}",
        f"        phase: {row['phase']}",
        f"        role: {row['role']}",
        f"        limit: {step_limit(row['printed_time'], process)}",
        f"        actor: {quoted(row['actor'])}",
        f"        vi: {quoted(row['label'])}",
        f"        en: {quoted(labels[row['label']])}",
    ]
    if row["agency"]:
        lines += [
            "        agency:",
            f"          vi: {quoted(row['agency'])}",
            f"          en: {quoted(labels[row['agency']])}",
        ]
    return lines


def definitions(facts: Facts) -> dict[str, str]:
    """Write every procedure of the tables: path below the procedures' folder to contents."""
    return {file_name(row): definition(row, facts) for row in facts.procedures.values()}


def _present(folder: Path) -> dict[str, str]:
    """Read the files that this program wrote; files written by hand are not its business."""
    found = {}
    for path in folder.rglob("*.yaml"):
        text = path.read_text(encoding="utf-8")
        if MARK in text.splitlines()[:2]:
            found[path.relative_to(folder).as_posix()] = text
    return found


def differences(folder: Path = TARGET, facts: Path = FACTS) -> list[str]:
    """Name the files that are missing, out of date, or no longer in the tables."""
    wanted = definitions(read_facts(facts))
    present = _present(folder)
    return sorted(name for name in wanted | present if wanted.get(name) != present.get(name))


def write(folder: Path = TARGET, facts: Path = FACTS) -> list[str]:
    """Bring the files up to date; give the names of those that changed."""
    wanted = definitions(read_facts(facts))
    changed = differences(folder, facts)
    for name in changed:
        path = folder / name
        if name in wanted:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(wanted[name], encoding="utf-8")
        else:
            path.unlink()
    return changed


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; 1 when ``--check`` finds something out of date."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="change nothing; exit 1 if needed")
    parser.add_argument("--folder", type=Path, default=TARGET, help="where the procedures stand")
    chosen = parser.parse_args(arguments)
    try:
        changed = differences(chosen.folder) if chosen.check else write(chosen.folder)
    except FactsError as error:
        sys.stderr.write(f"tools/facts: {error}\n")
        return 2
    verb = "out of date" if chosen.check else "written"
    sys.stdout.writelines(f"{verb}: {name}\n" for name in changed)
    sys.stdout.write(f"{len(changed)} files {verb}\n")
    return int(chosen.check and bool(changed))


if __name__ == "__main__":
    sys.exit(main())
