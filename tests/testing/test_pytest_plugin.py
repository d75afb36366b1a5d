"""Definition files collected by pytest, in a run of its own."""

from __future__ import annotations

from contextlib import chdir
from typing import TYPE_CHECKING, TypeAlias

import pytest

from igate import check_paths

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

#: One run of pytest in the folder: exit code and what it printed.
Run: TypeAlias = "Callable[[], tuple[int, str]]"

SETTINGS = """\
[pytest]
addopts = -p igate.testing.pytest_plugin -p no:cacheprovider
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


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Make a project of a host with one procedure."""
    (tmp_path / "pytest.ini").write_text(SETTINGS, encoding="utf-8")
    (tmp_path / "procedures").mkdir()
    (tmp_path / "procedures" / "9.000001-card.yaml").write_text(FILE, encoding="utf-8")
    (tmp_path / "other.yaml").write_text("not: a definition\n", encoding="utf-8")
    return tmp_path


@pytest.fixture
def run(pytester: pytest.Pytester, folder: Path) -> Run:
    """Return a run of pytest in the folder: exit code and what it printed."""
    # pytester forgets what is first loaded in a run, and two loads of a class are two classes
    check_paths([folder / "procedures"])

    def once() -> tuple[int, str]:
        pytester.chdir()
        with chdir(folder):
            # a warning of the outer run, collected late, is none of the inner one
            flags = ("-p", "no:xdist", "-p", "no:warnings")
            done = pytester.runpytest_inprocess("-v", *flags, "--no-header", "-rN")
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
