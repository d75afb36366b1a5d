#!/usr/bin/env python3
"""Check a version before it is released: build it, install it, use it, and read what is in it.

``make release-check`` does all of it; ``--quick`` takes this Python alone and leaves the extras
out, as ``.ci/run`` does. Written are the sdist, the wheel and two SBOMs into ``dist/``. The program
ends with 1 where something does not hold, and names it. It publishes nothing.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
import time
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import distributions
import installations
import public_api
from installations import run

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

ROOT = Path(__file__).parent.parent
BIN = Path(sys.executable).parent
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
#: `dev` is for those who have the clone
NOT_FOR_USERS = {"dev"}
HOST = ROOT / "tests" / "typing_api.py"
#: some of the tests, run from the unpacked sdist: they read data, docs, tools and support
FROM_SDIST = (
    "tests/test_project.py",
    "tests/test_release.py",
    "tests/calendar/test_calendar.py",
    "tests/deadlines/test_deadline.py",
    "tests/importing/test_importing_files.py",
    "tests/procedures/test_catalog.py",
    "tests/publish/test_sheet.py",
)


class Report:
    """Says of each fact whether it holds, as soon as that is known."""

    def __init__(self) -> None:
        self.faults = 0
        self._since = time.monotonic()

    def say(self, fact: str, faults: Iterable[str]) -> None:
        """Print a fact with its seconds; under it what is wrong."""
        found, now = list(faults), time.monotonic()
        took, self._since = now - self._since, now
        print(f"{'NOT SO' if found else 'ok':>6}  {fact} ({took:.0f} s)", flush=True)
        for fault in found:
            print(f"        {fault}", flush=True)
        self.faults += bool(found)


def project() -> dict[str, object]:
    """Return the table ``project`` of pyproject.toml."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    found: dict[str, object] = tomllib.loads(text)["project"]
    return found


def names_of(requirements: object) -> list[str]:
    """Return the packages of a list of requirements that are needed on every system."""
    if not isinstance(requirements, list):
        raise TypeError(requirements)
    return [re.split(r"[\[><=; ]", line, maxsplit=1)[0] for line in requirements if ";" not in line]


def archives_hold(report: Report, made: distributions.Distributions) -> None:
    """Compare the archives with the tree and with one another."""
    tracked = distributions.tracked_files(ROOT)
    sdist = distributions.files_of_sdist(made.sdist)
    wheel = distributions.files_of_wheel(made.wheel)
    rebuilt = distributions.files_of_wheel(made.rebuilt)
    found = distributions.missing_from_sdist(tracked, sdist)
    report.say(f"the sdist holds the tree: {len(tracked)} files", found)
    found = distributions.missing_from_wheel(tracked, wheel)
    report.say(f"the wheel holds the package: {len(wheel)} files", found)
    found = distributions.differing(wheel, rebuilt)
    report.say("the wheel built from the sdist is the same, file by file", found)


def metadata_holds(report: Report, made: distributions.Distributions) -> None:
    """Read metadata and licences."""
    command: list[str | Path] = [BIN / "twine", "check", "--strict", made.sdist, made.wheel]
    report.say("metadata and README can be shown by a package index", run(command))
    version = str(project()["version"])
    log = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    unsaid = [] if f"## [{version}] - " in log else [f"CHANGELOG.md has no heading for {version}"]
    report.say(f"CHANGELOG.md describes version {version} with its day", unsaid)
    report.say("every file has a licence (REUSE)", run([BIN / "reuse", "--root", ROOT, "lint"]))


def interface_holds(report: Report) -> None:
    """Compare the public names with the list, and with the last version that has a tag."""
    listed = public_api.ANSWERS.read_text(encoding="utf-8").splitlines()
    found = public_api.changes(listed, public_api.public_api())
    report.say(f"the public names are the {len(listed)} of the list", found)
    tag = subprocess.run(
        ["git", "-C", ROOT, "describe", "--tags", "--abbrev=0"],
        capture_output=True, text=True, check=False,
    ).stdout.strip()  # fmt: skip
    if tag:
        report.say(f"what broke since {tag} is in CHANGELOG.md", unannounced(tag))
    else:
        report.say("no version has a tag yet: no earlier interface to compare with", [])


def unannounced(tag: str) -> list[str]:
    """Return what broke since a version without a word in the part of CHANGELOG.md after it."""
    log = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    said = log.partition(f"## [{tag.removeprefix('v')}]")[0]
    broken = public_api.broken_since(tag)
    return [line for line in broken if line.partition(":")[0].rpartition(".")[2] not in said]


def sdist_works(report: Report, made: distributions.Distributions) -> None:
    """Run some of the tests from the unpacked sdist, on its own igate."""
    code = "import igate; print(igate.__file__)"
    where = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=made.unpacked
    ).stdout.strip()
    other = [] if Path(where).is_relative_to(made.unpacked) else [f"igate is imported from {where}"]
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *FROM_SDIST]
    found = other or run(command, folder=made.unpacked)
    report.say(f"tests run from the unpacked sdist: {len(FROM_SDIST)} files", found)


def installations_work(
    report: Report, wheel: Path, pythons: dict[str, Path], choices: Sequence[Sequence[str]]
) -> None:
    """Install and use the wheel, for each Python with each choice of extras."""
    for version, python in pythons.items():
        for extras in choices:
            with tempfile.TemporaryDirectory() as folder:
                there = Path(folder) / "environment"
                found = installations.install(python, wheel, extras, there)
                found = found or installations.smoke(there, extras)
            report.say(f"Python {version}, igate{list(extras) or ''}: installed and used", found)


def described(report: Report, wheel: Path, python: Path, extras: Sequence[str]) -> None:
    """Check the types that a user sees, and write the SBOMs next to the wheel."""
    table = project()
    optional = table["optional-dependencies"]
    if not isinstance(optional, dict):
        raise TypeError(optional)
    wanted = names_of(table["dependencies"])
    name = f"igate-{table['version']}"
    with tempfile.TemporaryDirectory() as folder:
        core, whole = Path(folder) / "core", Path(folder) / "whole"
        found = installations.install(python, wheel, (), core)
        found = found or installations.faults_of_types(core, HOST)
        report.say("a user's file has types with the installed wheel (py.typed, mypy)", found)
        bill = wheel.with_name(f"{name}.cdx.json")
        found = installations.write_bill_of_materials(core, bill, wanted)
        report.say(f"{bill.name} lists what igate installs", found)
        if extras:
            bill = wheel.with_name(f"{name}-all-extras.cdx.json")
            wanted += [each for extra in extras for each in names_of(optional[extra])]
            found = installations.install(python, wheel, extras, whole)
            found = found or installations.write_bill_of_materials(whole, bill, wanted)
            report.say(f"{bill.name} lists what the extras add", found)


def main() -> int:
    """Check everything; say what does not hold and what was not looked at."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="this Python alone, without extras")
    parser.add_argument("--out", type=Path, default=ROOT / "dist", help="folder of what is built")
    parser.add_argument(
        "--python",
        type=Path,
        action="append",
        default=[],
        help="a Python to use, also if elsewhere",
    )
    asked = parser.parse_args()
    optional = project()["optional-dependencies"]
    extras = [] if asked.quick else sorted(set(optional) - NOT_FOR_USERS)  # type: ignore[call-overload]
    wanted = [".".join(map(str, sys.version_info[:2]))] if asked.quick else PYTHONS
    pythons = installations.interpreters(wanted, asked.python)
    report = Report()
    with tempfile.TemporaryDirectory() as folder:
        made = distributions.build(ROOT, asked.out.resolve(), Path(folder))
        report.say(f"built: {made.sdist.name}, {made.wheel.name}", [])
        archives_hold(report, made)
        metadata_holds(report, made)
        interface_holds(report)
        sdist_works(report, made)
        choices: list[Sequence[str]] = [(), *((extra,) for extra in extras)]
        installations_work(report, made.wheel, pythons, choices)
        described(report, made.wheel, next(iter(pythons.values())), extras)
    return summary(report, pythons, wanted, extras)


def summary(
    report: Report, pythons: dict[str, Path], wanted: Sequence[str], extras: Sequence[str]
) -> int:
    """Say what was checked, and on which Python it was not."""
    absent = [version for version in wanted if version not in pythons]
    print(f"Checked on Python {', '.join(pythons)} with {', '.join(extras) or 'no extras'}.")
    if absent:
        print(f"NOT checked on Python {', '.join(absent)}: not found on this machine (--python).")
    print(f"{report.faults} of the facts above do not hold." if report.faults else "All hold.")
    return int(bool(report.faults))


if __name__ == "__main__":
    sys.exit(main())
