"""From a table to a process, or to the reasons why not.

What the table, its title and the record around it say is put together; where two of them differ,
both are named. What was found is listed in the order of the lines. A process with an error is
refused as a whole, or, where a draft is asked for and only a time or a total is open, written with
marks; the others of the file are not touched by it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from igate.importing.actors import template_of
from igate.importing.arranging import arranged
from igate.importing.bounds import MOST_PROCESSES, exceeded
from igate.importing.faults import TO_FILL_IN, ImportFault
from igate.importing.headings import COLUMN_WORDS, segments_of
from igate.importing.process import Draft, InternalProcess
from igate.importing.steps import read_rows
from igate.importing.sums import compared, printed_totals, unit_assumed
from igate.importing.times import hours_of
from igate.importing.titles import Carried, identified

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from igate.errors import Place
    from igate.importing.headings import Segment
    from igate.importing.process import PrintedStep
    from igate.importing.tables import Table
    from igate.importing.titles import Given, Identity
    from igate.law.citation import Label

__all__ = ["drafts_of"]


def drafts_of(tables: Iterable[Table], given: Given) -> tuple[Draft, ...]:
    """Read the processes of a file.

    Args:
        tables: Its tables in order.
        given: What the caller knows better than the file.

    Returns:
        A draft each: of every process, list of procedures and table that was passed over.

    Raises:
        IgateError: There are more processes, or more steps in one, than in any decision.
    """
    drafts: list[Draft] = []
    carried = Carried()
    for table in tables:
        segments, skipped = segments_of(table)
        if skipped:
            drafts.append(Draft(place=skipped[0].place, title="", process=None, faults=skipped))
        for segment in segments:
            identity = identified(segment, given, carried if table.continues else Carried())
            carried = identity.carried
            if len(drafts) >= MOST_PROCESSES:
                raise exceeded(MOST_PROCESSES, "processes", table.file)
            drafts.append(_draft(segment, identity, unfinished=given.draft))
    return _without_doubles(drafts)


def _draft(segment: Segment, identity: Identity, *, unfinished: bool) -> Draft:
    place = segment.table.place(segment.heading)
    title = segment.title.replace("\n", " ")
    faults = tuple(_column_faults(segment))
    if faults:
        return Draft(place=place, title=title, process=None, faults=faults)
    rows = read_rows(segment)
    hours = None
    if all(step.readable or not step.time for step in rows.steps):
        hours = hours_of(step.limit for step in rows.steps)
    totals = printed_totals(segment, rows.steps)
    sums = compared(totals, hours, place, readable=all(step.readable for step in rows.steps))
    steps, step_faults = arranged(rows.steps)
    shape = _shape_faults(steps, place)
    found = (*segment.table.faults, *identity.faults, *rows.faults, *step_faults, *shape)
    found += sums.faults
    process = None
    spared = TO_FILL_IN if unfinished else frozenset[str]()
    if not any(fault.severity == "error" and fault.code not in spared for fault in found):
        process = InternalProcess(
            procedures=identity.procedures,
            case=identity.case,
            citation=identity.citation,
            day=identity.day,
            field=identity.field,
            template=template_of([step.role for step in steps]),
            steps=steps,
            total=sums.total,
            online=_online(segment),
            unit_assumed=unit_assumed(segment, rows.steps, totals),
            source=segment.table.stated.source,
        )
    return Draft(
        place=place,
        title=title,
        process=process,
        faults=_in_order(found),
        hours=hours,
        total_hours=sums.total_hours,
    )


def _in_order(faults: Iterable[ImportFault]) -> tuple[ImportFault, ...]:
    """Put what was found in the order of the lines, and of the columns in one line."""
    return tuple(sorted(faults, key=lambda fault: (fault.place.line, fault.place.column)))


def _column_faults(segment: Segment) -> Iterator[ImportFault]:
    columns, place = segment.columns, segment.table.place(segment.heading)
    if columns.is_list and columns.procedure is not None:
        heading = columns.headings[columns.procedure]
        yield ImportFault(code="not-a-process", place=place, values={"heading": heading})
        return
    headings = ", ".join(heading for heading in columns.headings if heading)
    for kind in columns.missing:
        values: dict[str, str | Label] = {"what": COLUMN_WORDS[kind], "headings": headings}
        yield ImportFault(code="missing-column", place=place, values=values)
    for kind, first, second in columns.twice:
        yield ImportFault(
            code="ambiguous-column",
            place=segment.table.place(segment.heading, second),
            values={
                "what": COLUMN_WORDS[kind],
                "first": columns.headings[first],
                "second": columns.headings[second],
            },
        )


def _shape_faults(steps: tuple[PrintedStep, ...], place: Place) -> tuple[ImportFault, ...]:
    """Find what is missing in the whole: the work itself, or the handing over."""
    if not any(step.phase == "processing" for step in steps):
        return (ImportFault(code="no-steps", place=place),)
    if steps[-1].phase != "handover":
        return (ImportFault(code="missing-handover", place=place),)
    return ()


def _online(segment: Segment) -> str:
    """Return the online level that the table prints, under Nghị định 42/2022/NĐ-CP."""
    column = segment.columns.online
    texts = [row.cell(column).line.lower() for row in segment.rows]
    levels = {"toàn trình": "full", "một phần": "partial"}
    found = {levels[text] for text in texts if text in levels}
    return found.pop() if len(found) == 1 else ""


def _without_doubles(drafts: list[Draft]) -> tuple[Draft, ...]:
    """Refuse a process whose procedure already has one in this file."""
    seen: dict[str, Draft] = {}
    kept = []
    for draft in drafts:
        codes = [each.code for each in draft.process.procedures] if draft.process else []
        double = next((code for code in codes if code in seen), None)
        kept.append(_refused(draft, double, seen[double]) if double else draft)
        if double is None:
            seen |= dict.fromkeys(codes, draft)
    return tuple(kept)


def _refused(draft: Draft, code: str, other: Draft) -> Draft:
    values = {"procedure": code, "other": f"{other.place.file}:{other.place.line}"}
    fault = ImportFault(code="duplicate-process", place=draft.place, values=values)
    return Draft(
        place=draft.place,
        title=draft.title,
        process=None,
        faults=_in_order((*draft.faults, fault)),
        hours=draft.hours,
        total_hours=draft.total_hours,
    )
