"""What ``igate check`` and ``igate show`` print: lines, a grouped list, JSON, SARIF."""

from __future__ import annotations

import io
import json
import shutil
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import jsonschema
import pytest
from rich.console import Console

from commands import igate
from igate import __version__ as igate_version
from igate.checks.checker import check_paths
from igate.checks.sarif import sarif_log
from igate.cli.check import print_grouped
from igate.errors import IgateError
from igate.files.findings import CODES, severity_of
from igate.law.localtime import VIETNAM
from places import TESTS

if TYPE_CHECKING:
    from pathlib import Path

BROKEN = TESTS / "broken"

#: What the SARIF 2.1.0 schema of OASIS requires of the parts that a log of igate has.
SARIF = {
    "type": "object",
    "required": ["version", "runs"],
    "properties": {
        "version": {"const": "2.1.0"},
        "runs": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["tool"],
                "properties": {
                    "tool": {
                        "type": "object",
                        "required": ["driver"],
                        "properties": {
                            "driver": {
                                "type": "object",
                                "required": ["name"],
                                "properties": {
                                    "semanticVersion": {"pattern": r"^\d+\.\d+\.\d+"},
                                    "rules": {
                                        "type": "array",
                                        "uniqueItems": True,
                                        "items": {
                                            "type": "object",
                                            "required": ["id"],
                                            "properties": {
                                                "help": {"required": ["text"]},
                                                "defaultConfiguration": {
                                                    "properties": {
                                                        "level": {"$ref": "#/$defs/level"}
                                                    }
                                                },
                                            },
                                        },
                                    },
                                },
                            }
                        },
                    },
                    "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
                    "results": {"type": "array", "items": {"$ref": "#/$defs/result"}},
                },
            },
        },
    },
    "$defs": {
        "level": {"enum": ["none", "note", "warning", "error"]},
        "result": {
            "type": "object",
            "required": ["message"],
            "properties": {
                "ruleId": {"type": "string"},
                "level": {"$ref": "#/$defs/level"},
                "message": {"type": "object", "required": ["text"]},
                "locations": {
                    "type": "array",
                    "items": {
                        "properties": {
                            "physicalLocation": {
                                "required": ["artifactLocation"],
                                "properties": {
                                    "artifactLocation": {
                                        "properties": {
                                            "uri": {"type": "string", "pattern": r"^[^\s\\]+$"}
                                        }
                                    },
                                    "region": {
                                        "properties": {
                                            "startLine": {"type": "integer", "minimum": 1},
                                            "startColumn": {"type": "integer", "minimum": 1},
                                        }
                                    },
                                },
                            }
                        }
                    },
                },
            },
        },
    },
}


@pytest.fixture
def two(tmp_path: Path) -> Path:
    """Return a folder with two procedures: one with a warning in line 15, one with a note in 8."""
    for code, name in (("9.000001", "missing-handover"), ("9.000002", "unknown-start")):
        text = (BROKEN / f"{name}.yaml").read_text(encoding="utf-8")
        text = text.replace("9.000001", code).replace("Cấp thẻ", f"Cấp thẻ {code}")
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    return tmp_path


def test_the_log_has_what_sarif_requires(two: Path) -> None:
    """Version, tool, a rule for each code, and each finding at its place in characters."""
    (two / "not-nfc.yaml").write_text(
        (BROKEN / "not-nfc.yaml").read_text(encoding="utf-8").replace("9.000001", "9.000003"),
        encoding="utf-8",
    )
    found = check_paths([two / "not-nfc.yaml", two / "missing-handover.yaml"])
    log = json.loads(json.dumps(sarif_log(found, version=igate_version)))
    jsonschema.Draft202012Validator.check_schema(SARIF)
    jsonschema.validate(log, SARIF)
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == list(CODES)
    assert [rule["defaultConfiguration"]["level"] for rule in rules] == [
        severity_of(code) for code in CODES
    ]
    first, second = run["results"]
    assert (first["ruleId"], first["level"]) == ("missing-handover", "warning")
    assert (second["ruleId"], second["level"]) == ("not-nfc", "error")
    region = second["locations"][0]["physicalLocation"]["region"]
    assert region == {"startLine": 16, "startColumn": 81}
    assert "Add the step" in first["message"]["text"]


def test_the_places_of_a_log_are_uris(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A relative path stays relative, an absolute one becomes file://, a blank is escaped."""
    folder = tmp_path / "thủ tục"
    folder.mkdir()
    text = (BROKEN / "unknown-start.yaml").read_text(encoding="utf-8")
    (folder / "a b.yaml").write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    (relative,) = sarif_log(check_paths(["thủ tục"]), version="1.0.0")["runs"][0]["results"]
    (absolute,) = sarif_log(check_paths([folder]), version="1.0.0")["runs"][0]["results"]
    places = [
        each["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        for each in (relative, absolute)
    ]
    assert places[0] == "th%E1%BB%A7%20t%E1%BB%A5c/a%20b.yaml"
    assert places[1].startswith("file:///")
    assert places[1].endswith(places[0])


def test_findings_are_grouped_by_file_for_people(two: Path) -> None:
    """The name of the file once, then place, severity as a word, message, code and remedy."""
    found = check_paths([two])
    out = io.StringIO()
    print_grouped(found, Console(file=out, force_terminal=True, width=300, color_system=None))
    lines = out.getvalue().splitlines()
    assert lines[0].rstrip().endswith("missing-handover.yaml")
    assert lines[1].split()[:2] == ["15:7", "warning"]
    assert lines[1].rstrip().endswith("[missing-handover]")
    assert "limit: not_counted" in lines[2]
    assert lines[4].rstrip().endswith("unknown-start.yaml")
    assert lines[5].split()[:2] == ["8:21", "note"]


def test_a_message_with_brackets_is_printed_as_it_is() -> None:
    """Brackets are not taken for a style: "[2026-07-01, open)" stands in a message."""
    found = check_paths([BROKEN / "overlapping-revisions.yaml"])
    out = io.StringIO()
    print_grouped(found, Console(file=out, force_terminal=True, width=400, color_system=None))
    assert "[2026-07-01, open)" in out.getvalue()


def test_without_a_terminal_each_finding_is_one_line() -> None:
    """file:line:column first, so that a search and an editor find it; the verdict last."""
    file = str(BROKEN / "missing-handover.yaml")
    code, out, _ = igate("check", file)
    assert code == 0
    lines = out.splitlines()
    assert lines[0].startswith(f"{file}:15:7: warning [missing-handover] ")
    assert lines[1:] == ["No errors; 1 warning(s) and note(s)."]


def test_an_error_gives_exit_code_1_in_every_form() -> None:
    """Text, JSON and SARIF; the verdict of a failed check goes to standard error."""
    file = str(BROKEN / "bad-date.yaml")
    code, out, err = igate("check", file)
    assert (code, "[bad-date]" in out, err) == (1, True, "1 error(s), 0 warning(s) and note(s).\n")
    code, out, _ = igate("check", file, "--json")
    assert (code, json.loads(out)[0]["code"]) == (1, "bad-date")
    code, out, _ = igate("check", file, "--sarif")
    assert (code, json.loads(out)["runs"][0]["results"][0]["ruleId"]) == (1, "bad-date")


def test_the_least_severity_that_is_shown_can_be_chosen(two: Path) -> None:
    """Hidden findings are still counted."""
    for least, shown in (
        ("note", ["missing-handover", "unknown-start"]),
        ("warning", ["missing-handover"]),
        ("error", []),
    ):
        code, out, _ = igate("check", str(two), "--severity", least)
        *lines, verdict = out.splitlines()
        assert (code, verdict) == (0, "No errors; 2 warning(s) and note(s).")
        assert [line.partition("[")[2].partition("]")[0] for line in lines] == shown


def test_stale_counts_from_today(tmp_path: Path) -> None:
    """Eleven days ago is more than ten and not more than eleven."""
    day = (datetime.now(VIETNAM) - timedelta(days=11)).date()
    text = (BROKEN / "unknown-start.yaml").read_text(encoding="utf-8")
    text = text.replace('checked_on: "2026-11-21"', f'checked_on: "{day}"')
    (tmp_path / "a.yaml").write_text(text, encoding="utf-8")
    assert "[stale-check]" in igate("check", str(tmp_path), "--stale", "10")[1]
    assert "[stale-check]" not in igate("check", str(tmp_path), "--stale", "11")[1]


def test_where_there_is_nothing_to_check_nothing_is_said_to_be_right(tmp_path: Path) -> None:
    """An empty folder, and one beside a full one, is exit code 2, as a test run without tests."""
    (tmp_path / "empty").mkdir()
    (tmp_path / "full").mkdir()
    file = BROKEN / "unknown-start.yaml"
    shutil.copy(file, tmp_path / "full")
    for paths in (["empty"], ["full", "empty"], ["empty", "--json"], ["empty", "--sarif"]):
        code, out, err = igate("check", *(str(tmp_path / p) if p[0] != "-" else p for p in paths))
        assert (code, out) == (2, "")
        assert "No definition file is in" in err
        assert 'whose name ends in ".yaml"' in err
    shutil.copy(file, tmp_path / "empty" / "card.yml")
    _, _, err = igate("check", str(tmp_path / "empty"))
    assert "Give card.yml (one of 1) a name" in err
    with pytest.raises(IgateError, match="No definition file"):
        check_paths([tmp_path / "empty"])
    assert igate("check", str(tmp_path / "full"))[0] == 0


@pytest.mark.parametrize(
    "arguments",
    [("nowhere.yaml",), (str(BROKEN), "--json", "--sarif"), (str(BROKEN), "--stale", "-1"), ()],
)
def test_a_wrong_use_has_exit_code_2(arguments: tuple[str, ...]) -> None:
    """A path that is not there, two forms at once, days before today, no path at all."""
    code, out, err = igate("check", *arguments)
    assert (code, out) == (2, "")
    assert "Error" in err
