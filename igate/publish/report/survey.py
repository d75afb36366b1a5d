"""A desk surveyed: its journals turned into a table of dossiers and into the data of a report.

Every figure comes from folding the journals; the standings of the store are not asked. So a report
can be re-derived by anybody who has the journals, the catalogue and the calendar.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from itertools import groupby, pairwise
from statistics import median, quantiles
from typing import TYPE_CHECKING, Any

from igate.files.writing import library_version
from igate.law.citation import Label
from igate.law.localtime import local
from igate.metrics import COUNTS, definition, dossier_columns, rate, settlement
from igate.office.anchor import Anchor, head_of
from igate.publish.report.data import (
    AgeBucket,
    AgeingRow,
    Basis,
    CatalogueSummary,
    LateDossier,
    ReceivedUnder,
    ReportData,
    SettlementRow,
    SettlementTable,
    StepTime,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date, datetime

    from igate.calendar import WorkCalendar
    from igate.dossiers.dossier import Dossier, Entry
    from igate.metrics import Definition
    from igate.office.onestop import OneStop

__all__ = ["Survey", "report_data", "survey"]


@dataclass(slots=True)
class Survey:
    """What the journals of a desk say, dossier by dossier."""

    calendar: WorkCalendar
    dossiers: list[Dossier] = field(default_factory=list)
    #: the last day on which something happened; ``None``: nothing did
    latest: date | None = None
    entries: int = 0
    #: of each dossier its code, the number of its last entry, and the seal of that
    heads: list[tuple[str, int, str]] = field(default_factory=list)
    #: working minutes by role and phase, one figure a visit
    visits: dict[tuple[str, str], list[int]] = field(default_factory=lambda: defaultdict(list))
    roles: dict[str, Label] = field(default_factory=dict)

    def columns(self) -> dict[str, list[object]]:
        """Return the received dossiers as columns for ``metrics.settlement``.

        Returns:
            As ``metrics.dossier_columns``.
        """
        return dossier_columns(self.dossiers)


def survey(office: OneStop, *, as_of: date | None = None) -> Survey:
    """Fold every journal of a desk.

    Args:
        office: The desk.
        as_of: The day, inclusive, up to whose end the journals are read; all of them when absent.
            A dossier that was finished then and reopened later is finished in such a survey, so a
            report of a past day does not change.

    Raises:
        JournalError: A journal does not fold; nothing is left out in silence.
    """
    found = Survey(calendar=office.calendar)
    for _, group in groupby(office.store.entries(), key=lambda entry: entry.dossier):
        journal = tuple(each for each in group if as_of is None or each.happened_at.date() <= as_of)
        if not journal:
            continue
        dossier = office.replay(journal)
        found.dossiers.append(dossier)
        found.entries += len(journal)
        found.heads.append((dossier.code, journal[-1].seq, head_of(journal)))
        last = max(each.happened_at.date() for each in journal)
        found.latest = last if found.latest is None else max(found.latest, last)
        _time_steps(found, office, dossier, journal)
    return found


def report_data(
    found: Survey,
    office: OneStop,
    *,
    title: Label,
    period: tuple[date, date],
    agencies: Mapping[str, Label],
    synthetic: bool,
    definitions: tuple[str, ...] = ("form_06a", "decree"),
    proofs: int = 20,
    notes: tuple[Label, ...] = (),
) -> ReportData:
    """Compute everything that a report shows, all of it as it was known at the end of the period.

    A survey that knows of something later is made anew up to that day, so that the report of a
    closed period is the same whenever it is drawn up.

    Args:
        found: The survey of the desk.
        office: The desk.
        title: Title of the report.
        period: First and last day, both inclusive; open dossiers are looked at on the last.
        agencies: Names of the agencies by identifier.
        synthetic: Whether the dossiers are made up.
        definitions: Named definitions of "on time", side by side.
        proofs: For how many of the late dossiers, the latest first, to give the day-by-day proof.
        notes: Remarks for the reader.
    """
    if found.latest is not None and found.latest > period[1]:
        found = survey(office, as_of=period[1])
    names = defaultdict(lambda: Label(vi="(không rõ)", en="(unknown)"), agencies)
    used = {
        dossier.procedure for dossier in found.dossiers if dossier.submitted_at.date() <= period[1]
    }
    fields = {office.catalog.procedure(code).field.id for code in used}
    return ReportData(
        title=title,
        period=period,
        as_of=period[1],
        synthetic=synthetic,
        catalogue=CatalogueSummary(
            procedures=len(used),
            fields=len(fields),
            dossiers=sum(each.submitted_at.date() <= period[1] for each in found.dossiers),
            entries=found.entries,
        ),
        tables=tuple(_tables(found, definitions, period, names)),
        late=tuple(_late(found, office, period, names, proofs)),
        ageing=tuple(_ageing(found, period[1], names)),
        steps=tuple(_steps(found)),
        basis=Basis(
            journal=Anchor.of(found.heads, day=period[1]).line,
            received_under=tuple(_received_under(found)),
        ),
        provisional=sum(
            dossier.deadline is not None and dossier.deadline.provisional
            for dossier in found.dossiers
        ),
        generated_by=f"igate {library_version()}",
        notes=notes,
    )


def _received_under(found: Survey) -> Iterator[ReceivedUnder]:
    counts = Counter(
        (dossier.procedure, dossier.revision, dossier.submission.definition)
        for dossier in found.dossiers
        if dossier.received_at is not None
    )
    for (procedure, revision, digest), many in sorted(counts.items()):
        yield ReceivedUnder(
            procedure=procedure, revision=revision, definition=digest, dossiers=many
        )


def _due(dossier: Dossier) -> datetime | None:
    return dossier.deadline.due if dossier.deadline else None


def _time_steps(
    found: Survey, office: OneStop, dossier: Dossier, journal: tuple[Entry, ...]
) -> None:
    """Add the working minutes that the dossier spent in each state that belongs to a step."""
    workflow = office.catalog.procedure(dossier.procedure).revision(dossier.revision).workflow
    found.roles.update(workflow.roles)
    for before, after in pairwise(journal):
        step = workflow.step_of(before.target)
        if step is None or step.phase == "handover" or after.clock == "resume":
            continue
        minutes = found.calendar.count_minutes(before.happened_at, after.happened_at)
        found.visits[step.role, step.phase].append(minutes)


def _tables(
    found: Survey, definitions: Iterable[str], period: tuple[date, date], names: Mapping[str, Label]
) -> Iterator[SettlementTable]:
    """Count once for all definitions that judge a dossier alike, and give the rate of each."""
    import polars as pl  # noqa: PLC0415 - the frames extra, needed for reports only

    columns = found.columns()
    del columns["procedure"], columns["case"]
    frame = pl.DataFrame(columns)
    known: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for chosen in map(definition, definitions):
        alike = chosen.judgement
        if alike not in known:
            known[alike] = settlement(
                frame, definition=chosen, by=("agency",), period=period, as_of=period[1],
                calendar=found.calendar,
            ).to_dicts()  # fmt: skip
        counted = known[alike]
        names_of = [*COUNTS, "solved_suspended"]
        total = {name: sum(row[name] for row in counted) for name in names_of}
        rows = [_row(row, row["agency"], names[row["agency"]], chosen) for row in counted]
        rows.append(_row(total, "", Label(vi="Tổng số", en="Total"), chosen))
        yield SettlementTable(
            definition=chosen.name,
            label=chosen.label,
            citation=Label(vi=chosen.citation.text("vi"), en=chosen.citation.text("en")),
            numerator=chosen.numerator_label,
            denominator=chosen.denominator_label,
            version=chosen.version,
            rows=tuple(rows),
        )


def _row(counts: Mapping[str, int], agency: str, label: Label, chosen: Definition) -> SettlementRow:
    shown = SettlementRow.__dataclass_fields__.keys() & {*COUNTS, "solved_suspended"}
    return SettlementRow(
        agency=agency,
        agency_label=label,
        rate_numerator=sum(counts[name] for name in chosen.numerator),
        rate_denominator=sum(counts[name] for name in chosen.denominator),
        on_time_rate=rate(counts, chosen),
        **{name: counts[name] for name in shown},
    )


def _overdue(found: Survey, period: tuple[date, date]) -> Iterator[tuple[Dossier, date, date]]:
    """Return the dossiers finished in the period after their due day, or open past it at its end.

    Both days are returned with each. These are the dossiers that the table of form II.06a counts.
    """
    first, as_of = period
    for dossier in found.dossiers:
        due = _due(dossier)
        if due is None or not _received_by(dossier, as_of):
            continue
        done = _finished_by(dossier, as_of) or as_of
        if done > due.date() and done >= first:
            yield dossier, due.date(), done


def _received_by(dossier: Dossier, day: date) -> bool:
    return dossier.received_at is not None and dossier.received_at.date() <= day


def _finished_by(dossier: Dossier, day: date) -> date | None:
    """Return the day of finishing, if it was known by a day: what came later changes no report."""
    ended = dossier.finished_at.date() if dossier.finished_at else None
    return ended if ended is not None and ended <= day else None


def _late(
    found: Survey,
    office: OneStop,
    period: tuple[date, date],
    names: Mapping[str, Label],
    proofs: int,
) -> Iterator[LateDossier]:
    """Return the late dossiers, the latest first, and the proof of the deadline of some of them."""
    days_late = found.calendar.count
    ranked = sorted(
        _overdue(found, period), key=lambda each: (-days_late(each[1], each[2]), each[0].code)
    )
    for rank, (dossier, due_day, done) in enumerate(ranked):
        deadline, received = dossier.deadline, dossier.received_at
        if deadline is None or received is None:
            continue
        proved = rank < proofs
        yield LateDossier(
            code=dossier.code,
            procedure=dossier.procedure,
            procedure_name=office.catalog.procedure(dossier.procedure).name,
            agency=dossier.agency,
            agency_label=names[dossier.agency],
            received=received,
            due=local(deadline.due or received),
            finished=dossier.finished_at if _finished_by(dossier, period[1]) else None,
            working_days_late=days_late(due_day, done),
            explanation=Label(
                vi=deadline.explain("vi") if proved else "",
                en=deadline.explain("en") if proved else "",
            ),
            days=deadline.days if proved else (),
        )


def _ageing(found: Survey, as_of: date, names: Mapping[str, Label]) -> Iterable[AgeingRow]:
    count: Counter[tuple[str, AgeBucket]] = Counter()
    for dossier in found.dossiers:
        if _received_by(dossier, as_of) and _finished_by(dossier, as_of) is None:
            due = _due(dossier)
            day = due.date() if due else None
            count[dossier.agency, AgeBucket.of(day, as_of, found.calendar.count)] += 1
    return [
        AgeingRow(agency=agency, agency_label=names[agency], bucket=bucket, count=number)
        for (agency, bucket), number in sorted(count.items())
    ]


def _steps(found: Survey) -> Iterator[StepTime]:
    phases = {
        "reception": Label(vi="Tiếp nhận, chuyển hồ sơ", en="Receiving and passing on"),
        "processing": Label(vi="Giải quyết", en="Processing"),
    }
    for (role, phase), minutes in sorted(found.visits.items(), key=lambda item: -sum(item[1])):
        label, who = phases[phase], found.roles[role]
        hours = [each / 60 for each in minutes]
        yield StepTime(
            label=Label(vi=f"{label.vi}: {who.vi}", en=f"{label.en}: {who.en}"),
            role=who,
            visits=len(hours),
            hours_total=sum(hours),
            hours_median=median(hours),
            hours_p90=quantiles(hours, n=10)[8] if len(hours) > 1 else hours[0],
        )
