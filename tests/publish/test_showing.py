"""``igate show --resolved``: what holds for a procedure, and which line of which file says so."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from commands import igate
from igate.errors import DefinitionError, ProcedureNotFound
from igate.publish.resolved import Resolved, ResolvedLine, resolve
from places import ROOT

TEMPLATES = ROOT / "igate" / "workflows" / "templates"

PROCEDURE = """\
format: 1
code: "9.000001"
name: {vi: Cấp thẻ ví dụ, en: Issue of an example card}
field: {id: libraries, vi: Thư viện, en: Libraries}
checked_on: "2026-11-21"
source: invented
revisions:
  - effective_from: "2025-01-01"
    effective_until: "2026-01-01"
    citation: Quyết định 1/QĐ-UBND (giả định)
    template: ordinary
  - effective_from: "2026-01-01"
    citation: Quyết định 2/QĐ-UBND (giả định)
    template: brief
    limits:
      - limit: 3 working_day
        citation: Quyết định 2/QĐ-UBND (giả định)
      - limit: 1 working_day
        channel: online
        citation: Quyết định 2/QĐ-UBND (giả định)
"""
TEMPLATE = """\
format: 1
template: brief
extends: ordinary
label: {vi: Ngắn, en: Brief}
citation: Nghị định 118/2025/NĐ-CP, Điều 17
roles:
  officer: {vi: Chuyên viên, en: Officer of the library}
transitions:
  - {action: stop, from: received, to: stopped, roles: [receptionist], clock: stop}
steps:
  - {number: 1, phase: reception, role: receptionist, vi: Nhận, en: Receive}
  - {number: 2, phase: processing, role: officer, vi: Làm, en: Work}
  - {number: 3, phase: processing, role: leader, vi: Ký, en: Sign}
  - {number: 4, phase: handover, role: receptionist, vi: Trả, en: Hand over}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with a procedure and the template it uses."""
    (tmp_path / "card.yaml").write_text(PROCEDURE, encoding="utf-8")
    (tmp_path / "brief.yaml").write_text(TEMPLATE, encoding="utf-8")
    return tmp_path


@pytest.fixture
def view(folder: Path) -> Resolved:
    """Return the revision of 2026, resolved."""
    return resolve("9.000001", on=date(2026, 5, 1), paths=[folder])


def lines(view: Resolved, section: str, key: str) -> list[ResolvedLine]:
    """Return the lines of a section that are about one thing."""
    return [line for line in view.lines if (line.section, line.key) == (section, key)]


def origin(view: Resolved, section: str, key: str) -> str | None:
    """Return the file name and line that say one thing."""
    (line,) = lines(view, section, key)
    return f"{Path(line.origin.file).name}:{line.origin.line}" if line.origin else None


def test_what_a_revision_adds_to_its_template_is_shown(folder: Path) -> None:
    """Its own role, and the transitions that a fee lets in instead of those without one."""
    fee = (
        "    roles: {surveyor: {vi: Trắc địa viên, en: Surveyor}}\n"
        '    fees: [{amount: 20000, vi: Lệ phí, citation: "Nghị quyết 1/NQ-HĐND (giả định)"}]\n'
    )
    (folder / "card.yaml").write_text(PROCEDURE + fee, encoding="utf-8")
    view = resolve("9.000001", on=date(2026, 5, 1), paths=[folder])
    assert origin(view, "roles", "surveyor") == f"card.yaml:{PROCEDURE.count(chr(10)) + 1}"
    (handed,) = lines(view, "transitions", "return_result")
    assert "if fee_paid or fee_waived or not fee_due" in handed.text


def written_in(text: str, needle: str) -> int:
    """Return the number of the line that holds a text before a blank or its end."""
    (number,) = [n for n, line in enumerate(text.splitlines(), 1) if f"{needle} " in f"{line} "]
    return number


def test_each_line_names_the_file_that_has_the_last_word(view: Resolved) -> None:
    """The procedure for its limits, the template for what it changes, the extended one else."""
    ordinary = (TEMPLATES / "ordinary.yaml").read_text(encoding="utf-8")
    assert origin(view, "procedure", "code") == "card.yaml:2"
    assert origin(view, "revision", "effective_from") == "card.yaml:12"
    assert origin(view, "limits", "channel online") == "card.yaml:18"
    assert origin(view, "steps", "2") == "brief.yaml:12"
    assert origin(view, "roles", "officer") == "brief.yaml:7"
    assert origin(view, "roles", "clerk") == f"ordinary.yaml:{written_in(ordinary, '  clerk:')}"
    assert origin(view, "revision", "cutoff") == f"ordinary.yaml:{written_in(ordinary, 'cutoff:')}"
    assert origin(view, "transitions", "stop") == "brief.yaml:9"
    expire = written_in(ordinary, "- action: expire_supplement")
    assert origin(view, "transitions", "expire_supplement") == f"ordinary.yaml:{expire}"
    state = written_in(ordinary, "  processing:")
    assert origin(view, "states", "processing_3") == f"ordinary.yaml:{state}"


def test_what_nobody_has_written_is_a_default(view: Resolved) -> None:
    """The file names no clock rules, so the decree counts."""
    (line,) = lines(view, "revision", "clock_rules")
    assert (line.text, line.origin) == ("decree", None)
    assert "  clock_rules: decree  # default" in view.text()


def test_the_view_says_what_the_engine_runs(view: Resolved) -> None:
    """Two processing steps: one way forward, by the officer; the leader finishes."""
    (forward,) = lines(view, "transitions", "forward")
    assert forward.text.startswith("processing_2 → processing_3, by officer")
    (finish,) = lines(view, "transitions", "finish")
    assert finish.text.startswith("processing_3 → solved, by leader, clock finish, outcome granted")
    (stop,) = lines(view, "transitions", "stop")
    assert stop.text == "received → stopped, by receptionist, clock stop"
    (withdraw,) = lines(view, "transitions", "withdraw")
    assert withdraw.text.startswith("submitted, guided, awaiting_fee, received, processing_2, proc")


def test_the_day_chooses_the_revision(folder: Path) -> None:
    """On 31 December 2025 the ordinary course of 2025 still holds."""
    view = resolve("9.000001.H15", on=date(2025, 12, 31), paths=[folder])
    assert (view.revision.id, view.revision.template) == ("2025-01-01", "ordinary")
    assert origin(view, "revision", "citation") == "card.yaml:10"
    with pytest.raises(ProcedureNotFound, match="not in force"):
        resolve("9.000001", on=date(2024, 12, 31), paths=[folder])


def test_without_resolving_only_the_own_file_speaks(folder: Path, view: Resolved) -> None:
    """No state and no transition stands in a procedure file."""
    own = view.own()
    assert {line.origin.file for line in own.lines if line.origin} == {str(folder / "card.yaml")}
    assert [line.section for line in own.lines if line.section in {"states", "steps"}] == []


def test_a_file_with_errors_is_not_resolved(folder: Path) -> None:
    """Its findings are given instead."""
    (folder / "card.yaml").write_text(PROCEDURE.replace("3 working_day", "3"), encoding="utf-8")
    with pytest.raises(DefinitionError, match="bad-time-limit"):
        resolve("9.000001", on=date(2026, 5, 1), paths=[folder])


def test_every_line_of_every_shipped_template_has_its_origin() -> None:
    """A shipped procedure of each template: only defaults are without one, and lines exist."""
    for code in ("1.001806", "1.014464"):
        view = resolve(code, on=date(2026, 11, 21))
        for line in view.lines:
            assert line.origin is not None or line.key == "clock_rules", line
            if line.origin is not None:
                text = (ROOT / line.origin.file).read_text(encoding="utf-8").splitlines()
                assert text[line.origin.line - 1].strip()


def test_the_command_prints_text_and_json(folder: Path) -> None:
    """Files first, then a line each with its origin; the same as data."""
    common = ("show", "9.000001", "--files", str(folder), "--on", "2026-05-01")
    code, out, _ = igate(*common, "--resolved")
    assert code == 0
    assert out.splitlines()[0] == "# 9.000001 as of 2026-01-01, as written in"
    assert "  any dossier: 3 working_day [Quyết định 2/QĐ-UBND (giả định)]  # card.yaml:16" in out
    record = json.loads(igate(*common, "--resolved", "--json")[1])
    assert (record["code"], record["template"]) == ("9.000001", "brief")
    steps = [line for line in record["lines"] if line["section"] == "steps"]
    assert [(line["key"], line["line"]) for line in steps] == [
        ("1", 11), ("2", 12), ("3", 13), ("4", 14)
    ]  # fmt: skip
    assert "transitions" not in igate(*common)[1]
