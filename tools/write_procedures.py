#!/usr/bin/env python3
"""Write the shipped procedures and their index from the facts tables in ``tools/facts``.

The tables hold what was read in decisions and collections, one fact in one place:

* ``catalogue.csv``: code, name, field, ministry, level, agencies, published online service and
  decision of a procedure whose internal process is not known; ``limits.csv``: its time limits;
  ``statutory.csv``: those that a law gives in their place;
  ``collections.csv``: where that was read;
* ``procedures.csv``: the same of a procedure whose internal process is known, and which it is;
* ``processes.csv``: the printed total, the limit it gives, how a plain "ngày" is to be read;
* ``steps.csv``: every step of a process with its printed time and actor; actors of one row are
  numbered 2.1, 2.2 and have the ``heading`` of the row;
* ``decisions.csv``: number, date, issuer, the article on the entry into force, where it was read;
* ``examples/CODE.yaml``: dossiers worked out by hand, as the file of a procedure has them;
* ``labels.csv``: the English of each Vietnamese step label and agency; ``fields.csv``: the fields.

``python tools/write_procedures.py`` rewrites the files; ``--check`` says whether they are up to
date and changes nothing. Tables that contradict themselves are refused, not repaired.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import internal_processes
import published_procedures
from facts_tables import FactsError, by_key, known, quoted, slug

if TYPE_CHECKING:
    from facts_tables import Row
    from internal_processes import Processes
    from published_procedures import Published

ROOT = Path(__file__).resolve().parent.parent
FACTS = ROOT / "tools" / "facts"
TARGET = ROOT / "igate" / "workflows" / "procedures"

FIRST_LINE = "# yaml-language-server: $schema=../../schema/procedure.json"
MARK = "# Written by tools/write_procedures.py from tools/facts/: change it there."
#: the file in which a catalogue is searched without opening the others
INDEX = "index.json"
#: characters of a name that go into the name of a file
LONGEST = 40
#: the day on which the collections were read
READ_ON = "2026-11-21"
#: columns of the index, in order; ``igate.procedures.catalog.listing`` reads them
COLUMNS = (
    "code", "name", "name_en", "field", "ministry", "level", "agencies", "online", "limits",
    "steps_basis",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """All tables."""

    fields: dict[str, Row]
    processes: Processes
    published: Published
    #: level under Decree 43/2011 by code, of the procedures of the province
    levels: dict[str, str]
    #: lines of the examples by code, as they are copied into the file
    examples: dict[str, list[str]]


def read_facts(folder: Path = FACTS) -> Facts:
    """Read the tables and hold their references and sums against each other.

    Raises:
        FactsError: A table names what another does not have, two rows have the same key, a code is
            in both kinds of tables, or the steps of a process do not add up to its limit.
    """
    fields = by_key(folder / "fields.csv", "field")
    processes = internal_processes.read_processes(folder)
    published = published_procedures.read_published(folder)
    both = processes.procedures.keys() & published.procedures.keys()
    if both:
        message = f"{min(both)}: the code is in procedures.csv and in catalogue.csv."
        raise FactsError(message)
    rows = {**processes.procedures, **published.procedures}
    for code, row in rows.items():
        known(row["field"], fields, "field", code)
    services = {
        code: row["online"] for code, row in rows.items() if row.get("catalogue") != "besides"
    }
    return Facts(
        fields=fields,
        processes=processes,
        published=published,
        levels=published_procedures.levels_of(services, published.limits),
        examples=_read_examples(folder / "examples", processes.procedures),
    )


def _read_examples(folder: Path, procedures: dict[str, Row]) -> dict[str, list[str]]:
    found = {}
    for path in sorted(folder.glob("*.yaml")):
        known(path.stem, procedures, "procedure with a process", path.name)
        found[path.stem] = path.read_text(encoding="utf-8").splitlines()
    return found


def definitions(facts: Facts) -> dict[str, str]:
    """Write every file of the tables: path below the procedures' folder to contents."""
    files = {}
    for row in facts.processes.procedures.values():
        files[_file_name(row, row["name_vi"])] = _with_process(row, facts)
    for row in facts.published.procedures.values():
        name = row["name"] or "chưa rõ tên"
        files[_file_name(row, name)] = _without_process(row, facts)
    return dict(sorted(files.items())) | {INDEX: index(facts)}


def _file_name(row: Row, name: str) -> str:
    return f"{row['field']}/{row['code']}-{slug(name, LONGEST)}.yaml"


def _with_process(row: Row, facts: Facts) -> str:
    decision = facts.processes.decisions[facts.processes.processes[row["process"]]["decision"]]
    level = facts.levels.get(row["code"])
    online = published_procedures.level_lines(level) if level else []
    names = [f"  vi: {quoted(row['name_vi'])}", f"  en: {quoted(row['name_en'])}"]
    source = f"{decision['source']} ({', '.join(row['rows'].split())})"
    lines = [
        *_head(row, facts, names=names, remarks=[]),
        f'checked_on: "{decision["checked_on"]}"',
        f"source: {json.dumps(source, ensure_ascii=False)}",
        "revisions:",
        *internal_processes.revision(row, facts.processes, online),
        *facts.examples.get(row["code"], ()),
    ]
    return "\n".join(lines) + "\n"


def _without_process(row: Row, facts: Facts) -> str:
    lines = [
        *_head(
            row, facts,
            names=published_procedures.names_of(row),
            remarks=published_procedures.remarks_of(row),
        ),
        f'checked_on: "{READ_ON}"',
        f"source: {json.dumps(row['source'], ensure_ascii=False)}",
        "revisions:",
        *published_procedures.revision(row, facts.published, facts.levels[row["code"]]),
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


def _head(row: Row, facts: Facts, *, names: list[str], remarks: list[str]) -> list[str]:
    field = facts.fields[row["field"]]
    return [
        FIRST_LINE,
        MARK,
        *remarks,
        "format: 1",
        f'code: "{row["code"]}"',
        "name:",
        *names,
        "field:",
        f"  id: {field['field']}",
        f"  vi: {quoted(field['vi'])}",
        f"  en: {quoted(field['en'])}",
        *([f"ministry: {quoted(row['ministry'])}"] if row["ministry"] else []),
        *_list("level", row["level"]),
        *_list("agencies", row["agencies"]),
    ]


def _list(key: str, joined: str) -> list[str]:
    return [f"{key}:", *(f"  - {quoted(text)}" for text in joined.split("|"))] if joined else []


def index(facts: Facts) -> str:
    """Write what a catalogue lists and searches, a procedure a line."""
    rows = sorted(
        [
            *(_process_line(row, facts) for row in facts.processes.procedures.values()),
            *(_published_line(row, facts) for row in facts.published.procedures.values()),
        ]
    )
    fields = {key: [row["vi"], row["en"]] for key, row in sorted(facts.fields.items())}
    head = json.dumps({"format": 1, "columns": COLUMNS}, ensure_ascii=False)[:-1]
    field_lines = ",\n".join(
        f"  {json.dumps(key)}: {json.dumps(texts, ensure_ascii=False)}"
        for key, texts in fields.items()
    )
    lines = ",\n".join(f"  {json.dumps(row, ensure_ascii=False)}" for row in rows)
    return f'{head},\n"fields": {{\n{field_lines}\n}},\n"procedures": [\n{lines}\n]}}\n'


def _process_line(row: Row, facts: Facts) -> list[object]:
    limit = facts.processes.processes[row["process"]]["limit"]
    return _line(
        row, facts, names=(row["name_vi"], row["name_en"]), limits=[limit], basis="published"
    )


def _published_line(row: Row, facts: Facts) -> list[object]:
    names = (row["name"], "")
    if not row["name"]:
        names = (f"Chưa rõ tên (mã {row['code']})", f"Name not known (code {row['code']})")
    limits = published_procedures.stated_limits(row["code"], facts.published)
    return _line(row, facts, names=names, limits=limits, basis="assumed")


def _line(
    row: Row, facts: Facts, *, names: tuple[str, str], limits: list[str], basis: str
) -> list[object]:
    online = {"decree_42_2022": row["online"], "decree_43_2011": facts.levels.get(row["code"], "")}
    return [
        row["code"],
        *names,
        row["field"],
        row["ministry"],
        [text for text in row["level"].split("|") if text],
        [text for text in row["agencies"].split("|") if text],
        {scheme: level for scheme, level in online.items() if level},
        limits,
        basis,
    ]


def _present(folder: Path) -> dict[str, str]:
    """Read the files that this program wrote; files written by hand are not its business."""
    found = {}
    for path in folder.rglob("*.yaml"):
        text = path.read_text(encoding="utf-8")
        if MARK in text.splitlines()[:2]:
            found[path.relative_to(folder).as_posix()] = text
    if (folder / INDEX).exists():
        found[INDEX] = (folder / INDEX).read_text(encoding="utf-8")
    return found


def differences(folder: Path = TARGET, facts: Path = FACTS) -> list[str]:
    """Name the files that are missing, out of date, or no longer in the tables."""
    return _differences(definitions(read_facts(facts)), folder)


def _differences(wanted: dict[str, str], folder: Path) -> list[str]:
    present = _present(folder)
    return sorted(name for name in wanted | present if wanted.get(name) != present.get(name))


def write(folder: Path = TARGET, facts: Path = FACTS) -> list[str]:
    """Bring the files up to date; give the names of those that changed."""
    wanted = definitions(read_facts(facts))
    changed = _differences(wanted, folder)
    for name in changed:
        path = folder / name
        if name in wanted:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(wanted[name], encoding="utf-8")
        else:
            path.unlink()
            if not any(path.parent.iterdir()):
                path.parent.rmdir()
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
