"""Findings as SARIF 2.1.0, the format in which code hosts and editors take them.

Lines and columns are counted from 1 and columns in characters, as in a finding; SARIF knows the
three severities by the same words. Paths that are relative stay so, since they are relative to the
folder in which the check ran.
"""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from igate.files.findings import CODES, severity_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from igate.errors import Finding

__all__ = ["sarif_log"]

_SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
_PAGE: Final = "docs/reference/findings.md"


def sarif_log(findings: Iterable[Finding], *, version: str) -> dict[str, Any]:
    """Return a log with one run that holds the findings, ready to be written as JSON.

    Args:
        findings: In order.
        version: Version of the library that found them: ``igate.__version__``.
    """
    return {
        "$schema": _SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "igate",
                        "semanticVersion": version,
                        "rules": [
                            {
                                "id": code,
                                "help": {"text": f"{_PAGE}#{code}"},
                                "defaultConfiguration": {"level": severity_of(code)},
                            }
                            for code in CODES
                        ],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "results": [_result(finding) for finding in findings],
            }
        ],
    }


def _result(finding: Finding) -> dict[str, Any]:
    place = finding.place
    return {
        "ruleId": finding.code,
        "level": finding.severity,
        "message": {"text": f"{finding.message} {finding.remedy}".rstrip()},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": _uri(place.file)},
                    "region": {"startLine": place.line, "startColumn": place.column},
                }
            }
        ],
    }


def _uri(file: str) -> str:
    path = Path(file)
    return path.as_uri() if path.is_absolute() else quote(str(PurePosixPath(*path.parts)))
