"""The codes of the problems that a definition file can have.

A code is stable: people search for it, switch on it and look it up in
``docs/reference/findings.md``, where each has its heading. An error makes the check fail and keeps
a file from being loaded, but for those that only the check looks for; a warning or a note is shown
by the check and nothing more.
"""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Final, Literal, get_args

from igate.errors import Finding
from igate.words.sentence import say

if TYPE_CHECKING:
    from collections.abc import Iterable

    from igate.errors import Place

__all__ = [
    "CHECK_ONLY",
    "CODES",
    "NOTES",
    "WARNINGS",
    "FindingCode",
    "did_you_mean",
    "finding",
    "severity_of",
]

FindingCode = Literal[
    # the text of the file
    "malformed-yaml",
    "forbidden-yaml",
    "duplicate-key",
    "unquoted-code",
    "unquoted-time",
    "not-nfc",
    # the file on its disk
    "writable-by-others",
    # what is in the file
    "file-kind",
    "unusable-file",
    # the shape of the file
    "unknown-key",
    "missing-key",
    "missing-label",
    "missing-citation",
    "malformed-citation",
    "wrong-type",
    "bad-value",
    "bad-name",
    "bad-code",
    "bad-date",
    "bad-time-limit",
    "file-name",
    "duplicate-code",
    # a revision of a procedure
    "unknown-template",
    "unknown-clock-rules",
    "unknown-option",
    "other-clock-rules",
    "unknown-role",
    "step-numbers",
    "step-phases",
    "step-actors",
    "bad-way",
    "unknown-leg",
    "overlapping-revisions",
    "revision-order",
    "ambiguous-limit",
    "steps-exceed-limit",
    "steps-below-limit",
    "unknown-value",
    "closed-way",
    "mixed-units",
    "missing-handover",
    "unknown-start",
    "revision-gap",
    "online-level",
    "stale-check",
    "stale-citation",
    "missing-translation",
    "duplicate-name",
    "example-fails",
    # a template and the workflow made from it
    "bad-extends",
    "duplicate-template",
    "unknown-state",
    "unknown-action",
    "bad-position",
    "unknown-fact",
    "malformed-guard",
    "unknown-guard-name",
    "duplicate-transition",
    "unreachable-state",
    "dead-end",
    "final-state-left",
    "no-path-to-result",
    "unused-role",
    "unset-fact",
    "unknown-reason",
    "endless-loop",
    # the decree on the one-stop (Nghị định 118/2025/NĐ-CP, Điều 19)
    "supplement-again",
    "supplement-late",
    "supplement-window",
    "apology-again",
    "apology-late",
]

#: Every code, in the order of the reference page.
CODES: Final[tuple[FindingCode, ...]] = get_args(FindingCode)

#: Codes of what may be so in the law, and may be a slip.
WARNINGS: Final[frozenset[FindingCode]] = frozenset(
    {
        "writable-by-others",
        "steps-exceed-limit",
        "unknown-value",
        "other-clock-rules",
        "closed-way",
        "missing-handover",
        "unknown-leg",
        "revision-gap",
        "online-level",
        "stale-check",
        "stale-citation",
        "duplicate-name",
        "unused-role",
        "unset-fact",
        "endless-loop",
    }
)
#: Codes of what a reader should know.
NOTES: Final[frozenset[FindingCode]] = frozenset(
    {"unknown-start", "mixed-units", "missing-translation", "steps-below-limit"}
)
#: Errors that only the check finds: it runs examples and holds courses against the decree, which
#: nobody waits for when a procedure is loaded.
CHECK_ONLY: Final[frozenset[FindingCode]] = frozenset(
    {
        "example-fails",
        "unknown-reason",
        "supplement-again",
        "supplement-late",
        "supplement-window",
        "apology-again",
        "apology-late",
    }
)


def severity_of(code: FindingCode) -> Literal["error", "warning", "note"]:
    """Return the severity that goes with a code.

    >>> severity_of("missing-handover")
    'warning'
    """
    if code in WARNINGS:
        return "warning"
    return "note" if code in NOTES else "error"


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return a question naming the nearest known word, or nothing.

    >>> did_you_mean("aproved", ["received", "approved"])
    'Did you mean "approved"?'
    """
    near = difflib.get_close_matches(word, list(known), n=1)
    return say('Did you mean "{near}"?', near=near[0]) if near else ""


def finding(code: FindingCode, place: Place, message: str, remedy: str = "") -> Finding:
    """Return a finding with the severity that belongs to its code."""
    return Finding(
        code=code, place=place, message=message, remedy=remedy, severity=severity_of(code)
    )
