#!/usr/bin/env python3
"""Write into docs/vi/reference/findings.md what ``igate check`` says of each finding in Vietnamese.

A section has three paragraphs. The first (how grave it is, what is wrong) and the last (what to do)
are the sentences of the program, and are written here; the one between them, why it matters, is
written by hand and kept. Run ``python tools/write_findings_vi.py`` after a change of the sentences
or codes; a test holds page and program equal.
"""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

from igate.checks.findings_vi import FINDING_WORDS, SEVERITY_WORDS
from igate.files.findings import CHECK_ONLY, CODES, FindingCode, severity_of

PAGE = Path(__file__).parent.parent / "docs" / "vi" / "reference" / "findings.md"
WHY = "*Vì sao quan trọng:*"
REMEDY = "*Cần làm:*"
_WIDTH = 120
_SECTION = re.compile(r"^## `([a-z-]+)`\n", re.MULTILINE)
#: What stands in a file or is typed: between “ ” or quotes, without Vietnamese letters.
_TYPED = re.compile(r"“([\x20-\x7e]+)”")


def sentences(code: FindingCode) -> tuple[str, str]:
    """Return what is wrong and what to do, as the program says it in Vietnamese."""
    words = FINDING_WORDS[code]
    return words.what, words.remedy


def page(before: str) -> str:
    """Return the page with the sentences of today.

    Args:
        before: The page as it is; its head and the reasons in it are kept.
    """
    head, *parts = _SECTION.split(before)
    reasons = {code: _reason(body) for code, body in zip(parts[::2], parts[1::2], strict=True)}
    return head + "\n".join(_section(code, reasons.get(code, f"{WHY} …")) for code in CODES)


def _reason(body: str) -> str:
    """Return what stands between the first and the last paragraph of a section."""
    return "\n\n".join(body.strip().split("\n\n")[1:-1])


def _section(code: FindingCode, reason: str) -> str:
    wrong, remedy = (_TYPED.sub(r"`\1`", text) for text in sentences(code))
    grave = SEVERITY_WORDS[severity_of(code)].capitalize()
    only = " (chỉ khi kiểm tra)" if code in CHECK_ONLY else ""
    paragraphs = (f"**{grave}**{only}. {wrong}", reason, f"{REMEDY} {remedy}")
    return "\n\n".join([f"## `{code}`", *map(_wrapped, paragraphs)]) + "\n"


def _wrapped(text: str) -> str:
    # a line must not begin inside of code: "> 15" would become a quotation
    kept = re.sub(r"`[^`]+`", lambda each: each[0].replace(" ", "\0"), " ".join(text.split()))
    lines = textwrap.fill(kept, _WIDTH, break_long_words=False, break_on_hyphens=False)
    return lines.replace("\0", " ")


def main() -> None:
    """Write the page."""
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
