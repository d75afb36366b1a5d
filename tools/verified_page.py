"""Write docs/reference/verified.md: what decisions with published times come to in the calendar.

Run it after a change of the catalogue, the calendar or the counting: python tools/verified_page.py
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from igate import Catalog
from igate.checks.examples import announced
from igate.checks.verify import Verifier
from igate.checks.walks import limits_of
from igate.deadlines.limits import total

if TYPE_CHECKING:
    from igate.checks.verdict import Verdict
    from igate.procedures.procedure import Procedure, Revision

__all__ = ["PAGE", "page"]

PAGE = Path(__file__).parent.parent / "docs" / "reference" / "verified.md"
HEAD = """\
# Verified decisions

This page is written by `tools/verified_page.py`; a test holds it equal to what `igate verify`
finds. It lists the procedures of the shipped catalogue whose decision publishes a time for each
step, and says whether the time limit is kept if every step keeps its own, from every starting
moment of the calendar ({calendar}). Of {procedures:,} procedures {timed} have such times; the
others state none, or no limit, so there is nothing to hold against it. {proved} are proved,
{refuted} are refuted. That every path ends, and that none has a second supplement, is proved of all
{procedures:,}; an apology can be made in time wherever the limit leaves a working day before its
end (`igate catalog summary --verify`).

How a step is counted: whole days end with the office, the day of the start is not counted, and a
part of a day runs from the moment itself (the readings are those of the
[clock rules](clock-rules.md)). So half a day, two days and half a day make three in the sum of a
table, and a fourth in the calendar where the first half ends in the afternoon. A limit in calendar
days is exceeded where its working days meet a weekend or Tết. Late means: finished on a later day
than the date of return, as form II.06a counts. Each step may be done earlier than it must, so what
is refuted is no late dossier; it is a table whose steps, each in time, do not guarantee the
promise. The starts are all days, each at every kind of moment that it has.

The times and their sum (8 working hours to a working day: assumed) are those of all rows that have
one; the clock ends with the last processing step, so a time for the handing over is not held
against the limit.

| procedure | limit | times of the steps | sum | starts that end late | the worst of them |
|---|---|---|---|---|---|
"""


def page() -> str:
    """Return the text of the page."""
    catalog, verifier = Catalog.shipped(), Verifier()
    procedures = catalog.procedures()
    rows: list[str] = []
    answers: list[str] = []
    for procedure in sorted(procedures, key=lambda each: each.code):
        for _, revision in procedure.revisions:
            verdict = verifier.in_time(procedure, revision)
            if verdict.cases:
                rows.append(_row(procedure, revision, verdict))
                answers.append(verdict.answer)
    calendar = announced()
    head = HEAD.format(
        calendar=f"{calendar.first} to {calendar.last}",
        procedures=len(procedures),
        timed=len(rows),
        proved=answers.count("proved"),
        refuted=answers.count("refuted"),
    )
    return head + "".join(rows)


def _row(procedure: Procedure, revision: Revision, verdict: Verdict) -> str:
    limits = ", ".join(dict.fromkeys(str(limit) for _, limit in limits_of(revision)))
    times = [step.limit for step in revision.workflow.steps if step.limit is not None]
    stated = [limit for limit in times if limit.stated]
    units = {part.unit for limit in stated for part in limit.parts}
    shown = " + ".join(str(limit).split()[0] for limit in stated) + f" {units.pop().value}"
    whole = total(stated)
    amount = "" if whole is None else f"{float(whole.amount):g} {whole.unit.value}"
    worst = "–" if verdict.refutation is None else verdict.refutation.worst
    answer = "none" if not verdict.against else f"{verdict.against:,} of {verdict.cases:,}"
    if not verdict.against:
        answer = f"none of {verdict.cases:,}: proved"
    words = (f"{procedure.code} ({verdict.citations[0]})", limits, shown, amount, answer, worst)
    return f"| {' | '.join(words)} |\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    print(f"{PAGE} is written.")
