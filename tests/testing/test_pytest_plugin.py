"""Definition files collected by pytest, in a run of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from contextlib import chdir
from typing import TYPE_CHECKING, TypeAlias

import pytest

import igate.checks.verify
import igate.checks.wandering
from igate import check_paths
from igate.files.sources import shipped_text
from places import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

#: One run of pytest in the folder: exit code and what it printed.
Run: TypeAlias = "Callable[..., tuple[int, str]]"

SETTINGS = """\
[pytest]
addopts = -p no:cacheprovider
igate_definitions = procedures
"""
FILE = """\
format: 1
code: "9.000001"
name: {vi: Cấp thẻ ví dụ, en: Issue of an example card}
field: {id: libraries, vi: Thư viện, en: Libraries}
checked_on: "2026-11-21"
source: invented
revisions:
  - effective_from: "2026-01-01"
    citation: Quyết định 1/QĐ-UBND (giả định)
    template: ordinary
    limits: [{limit: 3 working_day, citation: Quyết định 1/QĐ-UBND (giả định)}]
examples:
  - vi: Ba ngày làm việc
    submitted: "2026-08-20T08:00"
    actions: [{action: receive, at: "2026-08-20T09:00"}]
    expect: {due: "2026-08-24"}
  - vi: Từ chối tiếp nhận
    submitted: "2026-08-20T08:00"
    actions: [{action: reject, at: "2026-08-20T09:00"}]
    expect: {state: rejected}
"""


STEPS = """\
    steps:
      - {number: 1, phase: reception, role: receptionist, vi: Nhận, en: Receive}
      - {number: 2, phase: processing, role: officer, limit: 4 working_day, vi: Làm, en: Work}
      - {number: 3, phase: handover, role: receptionist, vi: Trả, en: Hand over}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Make a project of a host with one procedure."""
    (tmp_path / "pytest.ini").write_text(SETTINGS, encoding="utf-8")
    (tmp_path / "procedures").mkdir()
    (tmp_path / "procedures" / "9.000001-card.yaml").write_text(FILE, encoding="utf-8")
    (tmp_path / "other.yaml").write_text("not: a definition\n", encoding="utf-8")
    return tmp_path


@pytest.fixture
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the entry points of pyproject.toml, as an installer writes them."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = project["entry-points"]["pytest11"]
    lines = ["[pytest11]", *(f"{name} = {module}" for name, module in declared.items())]
    top = tmp_path_factory.mktemp("installed")
    (top / "declared-1.0.dist-info").mkdir()
    info = {"entry_points.txt": "\n".join(lines), "METADATA": "Name: declared\nVersion: 1.0\n"}
    for name, text in info.items():
        (top / "declared-1.0.dist-info" / name).write_text(text, encoding="utf-8")
    return top


@pytest.fixture
def run(
    pytester: pytest.Pytester, folder: Path, installed: Path, monkeypatch: pytest.MonkeyPatch
) -> Run:
    """Return a run of pytest in the folder: exit code and what it printed."""
    # pytester forgets what is first loaded in a run, and two loads of a class are two classes
    check_paths([folder / "procedures"])
    assert igate.checks.verify.Verifier
    assert igate.checks.wandering.stranded
    monkeypatch.syspath_prepend(str(installed))

    def once(*options: str) -> tuple[int, str]:
        pytester.chdir()
        with chdir(folder):
            # a warning of the outer run, collected late, is none of the inner one
            flags = ("-p", "no:xdist", "-p", "no:warnings")
            done = pytester.runpytest_inprocess("-v", *flags, "--no-header", "-rN", *options)
        return int(done.ret), "\n".join(done.outlines)

    return once


def test_a_file_and_each_of_its_examples_is_a_test(run: Run) -> None:
    """Saturday 22 August 2026 is worked, so three working days end on Monday the 24th."""
    code, printed = run()
    assert code == 0, printed
    assert "3 passed" in printed
    assert "Ba ngày làm việc PASSED" in printed
    assert "other.yaml" not in printed


def test_an_example_that_does_not_come_out_fails_alone(folder: Path, run: Run) -> None:
    """The message is that of the check: place, what came out, what was expected."""
    file = folder / "procedures" / "9.000001-card.yaml"
    file.write_text(FILE.replace('due: "2026-08-24"', 'due: "2026-08-25"'), encoding="utf-8")
    code, printed = run()
    assert code == 1
    assert "1 failed, 2 passed" in printed
    assert "expected 2026-08-25" in printed
    assert "Traceback" not in printed
    # a wrong example is no reason to show nothing of the file
    code, printed = run("--igate-verify", "--igate-examples", "3")
    assert code == 1
    assert "verify ends PASSED" in printed
    assert "3 random dossiers PASSED" in printed


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("template: ordinary", "template: ordinari", 'Did you mean "ordinary"?'),
        ("format: 1", "format: {", "malformed-yaml"),
    ],
)
def test_an_error_of_the_file_fails_its_check(
    folder: Path, run: Run, old: str, new: str, words: str
) -> None:
    """It is said once; the examples of a file that cannot be loaded are skipped, not passed."""
    file = folder / "procedures" / "9.000001-card.yaml"
    file.write_text(FILE.replace(old, new), encoding="utf-8")
    code, printed = run()
    assert code == 1
    assert "1 failed" in printed
    assert "passed" not in printed
    assert words in printed


def test_without_the_setting_nothing_is_collected(folder: Path, run: Run) -> None:
    """A host that does not name its files gets no tests of them."""
    settings = SETTINGS.replace("igate_definitions = procedures\n", "")
    (folder / "pytest.ini").write_text(settings, encoding="utf-8")
    code, printed = run()
    assert code == 5, printed
    assert "no tests ran" in printed


def test_each_proof_is_a_test_and_what_is_not_stated_is_skipped(folder: Path, run: Run) -> None:
    """The template states no times for its steps, so there is nothing to hold against the limit."""
    code, printed = run("--igate-verify")
    assert code == 0, printed
    assert "6 passed, 1 skipped" in printed
    assert "verify in_time SKIPPED" in printed
    file = folder / "procedures" / "9.000001-card.yaml"
    text = FILE.replace("examples:", STEPS + "examples:")
    file.write_text(text, encoding="utf-8")
    code, printed = run("--igate-verify")
    assert code == 1
    assert "1 failed, 6 passed" in printed
    assert "verify in_time FAILED" in printed
    assert "  - {action: " in printed.replace("E   ", "")


def test_random_dossiers_must_be_able_to_end(folder: Path, run: Run) -> None:
    """A supplement that nobody asked for twice in time leaves this one waiting for ever."""
    code, printed = run("--igate-examples", "5")
    assert code == 0, printed
    assert "5 random dossiers PASSED" in printed
    template = shipped_text("templates/ordinary.yaml")
    assert template is not None
    own = template.replace("template: ordinary", "template: own", 1)
    for guard in ("days_waiting <= 15", "days_waiting > 15"):
        own = own.replace(f"guard: {guard}", "guard: apologies > 5")
    own = own.replace("from: [submitted, guided, awaiting_fee, received, processing, awaiting_sup"
                      "plement, awaiting_payment]", "from: [submitted]")  # fmt: skip
    (folder / "procedures" / "own.yaml").write_text(own, encoding="utf-8")
    file = folder / "procedures" / "9.000001-card.yaml"
    file.write_text(FILE.replace("template: ordinary", "template: own"), encoding="utf-8")
    code, printed = run("--igate-examples", "60")
    assert code == 1, printed
    assert "60 random dossiers FAILED" in printed
    assert "A dossier can go nowhere." in printed
    assert 'state: "awaiting_supplement"' in printed


@pytest.mark.parametrize("option", ["--igate-verify", "--igate-examples=3"])
def test_an_option_without_files_is_a_wrong_use(
    folder: Path, run: Run, option: str, capfd: pytest.CaptureFixture[str]
) -> None:
    """Nothing would be verified, and the run would be green."""
    settings = SETTINGS.replace("igate_definitions = procedures\n", "")
    (folder / "pytest.ini").write_text(settings, encoding="utf-8")
    code, printed = run(option)
    assert code == 4, printed
    assert (
        'Write "igate_definitions = FOLDER" below [pytest] in pytest.ini.' in capfd.readouterr().err
    )


def test_a_folder_without_definitions_is_a_wrong_use(folder: Path, run: Run) -> None:
    """As the check of an empty folder is."""
    for file in (folder / "procedures").iterdir():
        file.unlink()
    assert run()[0] == 4


def test_a_run_that_does_not_use_it_loads_the_plugin_alone(tmp_path: Path, installed: Path) -> None:
    """Of igate: the plugin, what Hypothesis calls, and the two packages around them; no more."""
    (tmp_path / "test_loaded.py").write_text(
        "import sys\n\n\ndef test_loaded():\n"
        "    assert sorted(m for m in sys.modules if m.partition('.')[0] == 'igate') == [\n"
        "        'igate', 'igate.testing', 'igate.testing.pytest_plugin',\n"
        "        'igate.testing.registration',\n    ]\n",
        encoding="utf-8",
    )
    paths = os.pathsep.join(filter(None, (str(installed), os.environ.get("PYTHONPATH", ""))))
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": paths},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
