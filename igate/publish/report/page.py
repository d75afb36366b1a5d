"""The report as one HTML file that needs nothing else: no network, no script, no font to load.

Two radio buttons and the style sheet choose the language; where there is no style sheet, both
languages are there to read. Synthetic dossiers are called so before any figure. This module says
what is on the page; the template ``page.html`` says how it is marked up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from igate.errors import IgateError
from igate.files.writing import write_atomically
from igate.law.citation import Label, Language
from igate.publish.markup import template
from igate.publish.report.blocks import Cell, Column, Phrase, Table
from igate.publish.report.plots import PLOTS, empty_reason, svg
from igate.publish.report.words import BUCKETS, WORDS, basis_lines, late_count, target_text
from igate.publish.words import LANGUAGES, day, each, moment
from igate.words.figures import decimal, number, percent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime
    from os import PathLike
    from pathlib import Path

    from markupsafe import Markup

    from igate.publish.report.data import LateDossier, ProofDay, ReportData, SettlementRow
    from igate.publish.report.plots import PlotName

__all__ = ["SHOWN", "page", "write_page"]

#: Late dossiers that the page shows; the workbook lists all of them.
SHOWN: Final = 50
_CAPTIONS = {"on-time-rate": "rate_plot", "ageing": "ageing", "steps": "steps"}


def write_page(data: ReportData, path: str | PathLike[str]) -> Path:
    """Write the report as a self-contained HTML file.

    Args:
        data: The figures.
        path: The file, e.g. ``report.html``; an older one is replaced once the new is whole.

    Returns:
        The path written.

    Raises:
        OutputError: The file cannot be written.
    """
    return write_atomically(path, page(data).encode("utf-8"))


def page(data: ReportData) -> str:
    """Return the page as text; where the extra ``frames`` is missing it says so for the plots."""
    return template("report/page.html").render(
        words=WORDS,
        title=data.title,
        synthetic=data.synthetic,
        generated_by=data.generated_by,
        period=_period(data),
        basis=basis_lines(data),
        received_under=_received_under(data),
        rates=[(table.label, _rate(table.total)) for table in data.tables],
        counts=_counts(data),
        agencies=_by_agency(data),
        identity=data.identity,
        sums=_sums(data),
        plots=[_plot(data, name) for name in PLOTS],
        figures=[
            (_figures_of(name), write(data))
            for name, write in _TABLES.items()
            if empty_reason(data, name, "vi") is None
        ],
        late_count=late_count(data),
        late=[_late(dossier) for dossier in data.late[:SHOWN]],
        more=_more(len(data.late) - SHOWN),
        definitions=data.tables,
        notes=_notes(data),
    )


def _text(label: Label, *, mark: str = "") -> Cell:
    return Cell(phrases=(Phrase(label=label),), mark=mark)


def _figure(write: Callable[[Language], str], *, small: Label | None = None) -> Cell:
    return Cell(phrases=(Phrase(label=each(write), figure=True),), small=small)


def _number(value: int) -> Cell:
    return _figure(lambda lang: number(value, lang))


def _rate(row: SettlementRow) -> Cell:
    """Return the rate of a row, with numerator and denominator below it."""
    counts = (row.rate_numerator, row.rate_denominator)
    rate, share = row.on_time_rate, row.suspended_share
    small = each(
        lambda lang: (
            " / ".join(number(count, lang) for count in counts)
            + (f"; {WORDS['suspended'].text(lang)} {percent(share, lang)}" if share else "")
        )
    )
    if rate is None:
        return Cell(phrases=(Phrase(label=WORDS["no_rate"]),), small=small)
    return _figure(lambda lang: percent(rate, lang), small=small)


def _period(data: ReportData) -> Label:
    first, last = data.period
    return each(
        lambda lang: (
            f"{WORDS['period'].text(lang)}: {day(first, lang)} – {day(last, lang)}; "
            f"{WORDS['as_of'].text(lang)} {day(data.as_of, lang)}"
        )
    )


def _counts(data: ReportData) -> list[tuple[Label, Cell]]:
    """Return the figures of all agencies: what came, what was solved, what is open and late."""
    total = data.form.total
    return [
        (WORDS["received"], _number(total.received_total)),
        (WORDS["solved"], _number(total.solved_total)),
        (WORDS["in_process"], _number(total.in_process_total)),
        (WORDS["open_overdue"], _number(total.in_process_overdue)),
    ]


def _by_agency(data: ReportData) -> Table:
    """Return the counts of the form with the rate under every definition side by side."""
    solved, open_ = WORDS["solved"], WORDS["in_process"]
    columns = [
        Column(label=WORDS["agency"], kind="text"),
        Column(label=WORDS["received"]),
        Column(label=WORDS["early"], group=solved),
        Column(label=WORDS["on_time"], group=solved),
        Column(label=WORDS["late"], group=solved),
        Column(label=WORDS["within"], group=open_),
        Column(label=WORDS["overdue"], group=open_),
        *(Column(label=t.label, group=WORDS["rate"], kind="rate") for t in data.tables),
    ]
    rates = [{row.agency: row for row in table.rows} for table in data.tables]
    return Table(
        caption=each(lambda lang: f"{WORDS['counted_by'].text(lang)} {data.form.label.text(lang)}"),
        columns=columns,
        rows=[_agency_row(row, rates) for row in data.form.rows],
        total=True,
    )


def _agency_row(row: SettlementRow, rates: list[dict[str, SettlementRow]]) -> list[Cell]:
    counts = (
        row.received_total,
        row.solved_early,
        row.solved_on_time,
        row.solved_late,
        row.in_process_within,
        row.in_process_overdue,
    )
    cells = [_text(row.agency_label), *(_number(count) for count in counts)]
    for by_agency in rates:
        found = by_agency.get(row.agency)
        cells.append(_text(WORDS["no_rate"]) if found is None else _rate(found))
    return cells


def _sums(data: ReportData) -> list[Label]:
    """Return the sums of the form, written out."""
    total = data.identity.total
    sums = (
        ("received", total.received_total,
         (("solved", total.solved_total), ("in_process", total.in_process_total))),
        ("received", total.received_total,
         (("online", total.received_online), ("counter_post", total.received_counter_post),
          ("carried_over", total.carried_over))),
        ("solved", total.solved_total,
         (("early", total.solved_early), ("on_time", total.solved_on_time),
          ("late", total.solved_late))),
        ("in_process", total.in_process_total,
         (("within", total.in_process_within), ("overdue", total.in_process_overdue))),
    )  # fmt: skip
    return [_sum(key, whole, parts) for key, whole, parts in sums]


def _sum(key: str, whole: int, parts: tuple[tuple[str, int], ...]) -> Label:
    holds = whole == sum(count for _, count in parts)
    right = each(
        lambda lang: " + ".join(
            f"{WORDS[name].text(lang).lower()} {number(count, lang)}" for name, count in parts
        )
    )
    left = each(lambda lang: f"{WORDS[key].text(lang)} {number(whole, lang)}")
    return each(lambda lang: f"{left.text(lang)} {'=' if holds else '≠'} {right.text(lang)}")


class _Plot(NamedTuple):
    """A plot on the page: its drawings, or why there is none."""

    caption: Label
    drawings: tuple[tuple[Language, Markup], ...] = ()
    reason: Label | None = None
    error: str = ""


def _plot(data: ReportData, name: PlotName) -> _Plot:
    caption = WORDS[_CAPTIONS[name]]
    if empty_reason(data, name, "vi") is not None:
        return _Plot(caption, reason=each(lambda lang: empty_reason(data, name, lang) or ""))
    try:
        return _Plot(caption, tuple([(lang, svg(data, name, lang)) for lang in LANGUAGES]))
    except IgateError as error:
        # the figures of the plot are on the page all the same
        return _Plot(caption, error=str(error))


def _figures_of(name: PlotName) -> Label:
    parts = (WORDS["figures"], WORDS[_CAPTIONS[name]])
    return each(lambda lang: ": ".join(part.text(lang) for part in parts))


def _ageing_table(data: ReportData) -> Table:
    labels = {row.agency: row.agency_label for row in data.ageing}
    counts = {
        (agency, bucket): sum(
            row.count for row in data.ageing if row.agency == agency and row.bucket is bucket
        )
        for agency in labels
        for bucket in BUCKETS
    }
    return Table(
        caption=WORDS["ageing"],
        columns=[
            Column(label=WORDS["agency"], kind="text"),
            *(Column(label=label) for label in BUCKETS.values()),
        ],
        rows=[
            [_text(label), *(_number(counts[agency, b]) for b in BUCKETS)]
            for agency, label in labels.items()
        ],
    )


def _steps_table(data: ReportData) -> Table:
    keys = ("visits_long", "share", "median_hours", "p90_hours", "limit_hours")
    whole = sum(step.hours_total for step in data.steps)
    return Table(
        caption=WORDS["steps"],
        columns=[
            Column(label=WORDS["step"], kind="text"),
            Column(label=WORDS["role"], kind="text"),
            *(Column(label=WORDS[key]) for key in keys),
        ],
        rows=[
            [
                _text(step.label),
                _text(step.role),
                _number(step.visits),
                _percent(step.hours_total / whole),
                _hours(step.hours_median),
                _hours(step.hours_p90),
                _hours(step.limit_hours),
            ]
            for step in sorted(data.steps, key=lambda step: -step.hours_total)
        ],
    )


def _percent(share: float) -> Cell:
    return _figure(lambda lang: percent(share, lang, 1))


def _hours(hours: float | None) -> Cell:
    if hours is None:
        return _text(Label(vi="–", en="–"))
    return _figure(lambda lang: decimal(hours, lang))


def _received_under(data: ReportData) -> Table | None:
    """Return what the dossiers were received under, with the digests of revision and rules."""
    if data.basis is None:
        return None
    keys = ("procedure_code", "revision", "digest")
    return Table(
        caption=WORDS["received_under"],
        columns=[
            *(Column(label=WORDS[key], kind="text") for key in keys),
            Column(label=WORDS["dossiers"]),
        ],
        rows=[
            [
                *(
                    Cell(phrases=(Phrase(code=text or "–"),))
                    for text in (one.procedure, one.revision, one.definition)
                ),
                _number(one.dossiers),
            ]
            for one in data.basis.received_under
        ],
    )


class _Late(NamedTuple):
    """A late dossier on the page."""

    code: str
    late: Label
    agency: Label
    procedure: Label
    facts: tuple[tuple[Label, Cell], ...]
    explanation: Label | None
    days: Table | None


def _late(dossier: LateDossier) -> _Late:
    days = dossier.working_days_late
    name = Phrase(label=dossier.procedure_name)
    finished = dossier.finished
    facts = (
        ("procedure", Cell(phrases=(name, Phrase(code=dossier.procedure)))),
        ("agency", _text(dossier.agency_label)),
        ("received_at", _moment(dossier.received)),
        ("due", _moment(dossier.due)),
        ("finished", _text(WORDS["not_finished"]) if finished is None else _moment(finished)),
    )
    return _Late(
        code=dossier.code,
        late=each(
            lambda lang: (
                f"{WORDS['late_by'].text(lang)} {number(days, lang)} "
                + WORDS["working_days" if days != 1 else "working_day"].text(lang)
            )
        ),
        agency=dossier.agency_label,
        procedure=dossier.procedure_name,
        facts=tuple([(WORDS[key], cell) for key, cell in facts]),
        explanation=_explanation(dossier),
        days=_days(dossier),
    )


def _moment(at: datetime) -> Cell:
    return _figure(lambda lang: moment(at, lang))


def _explanation(dossier: LateDossier) -> Label | None:
    """Return the explanation; of one that goes on to a table only the head, where days follow."""
    text = dossier.explanation
    if not text.vi:
        return None
    return each(lambda lang: text.text(lang).split("\n\n")[0]) if dossier.days else text


def _days(dossier: LateDossier) -> Table | None:
    if not dossier.days:
        return None
    keys = ("date", "counted", "why", "citation")
    return Table(
        caption=Label(
            vi=f"{WORDS['proof'].vi} {dossier.code}", en=f"{WORDS['proof'].en} {dossier.code}"
        ),
        columns=[Column(label=WORDS[key], kind="text") for key in keys],
        rows=[_day(one) for one in dossier.days],
    )


def _day(one: ProofDay) -> list[Cell]:
    sign, key, mark = ("✓ ", "counted_yes", "yes") if one.counted else ("– ", "counted_no", "no")
    citation = one.citation
    return [
        _figure(lambda lang: day(one.date, lang)),
        Cell(phrases=(Phrase(label=WORDS[key], before=sign),), mark=mark),
        _text(one.why),
        Cell(mark="cite") if citation is None else _text(each(citation.text), mark="cite"),
    ]


def _more(left: int) -> Label | None:
    if left <= 0:
        return None
    return Label(
        vi=f"Còn {number(left, 'vi')} hồ sơ nữa, xem trang tính “Late” của tệp bảng tính.",
        en=f"{number(left, 'en')} more are in the sheet “Late” of the workbook.",
    )


def _notes(data: ReportData) -> Iterator[Label]:
    size = data.catalogue
    yield from data.notes
    yield each(lambda lang: target_text(data, lang).capitalize() + ".")
    yield Label(
        vi=f"{number(size.dossiers, 'vi')} hồ sơ, {number(size.entries, 'vi')} dòng sổ theo "
        f"dõi; {number(size.procedures, 'vi')} thủ tục thuộc {size.fields} lĩnh vực.",
        en=f"{number(size.dossiers, 'en')} dossiers, {number(size.entries, 'en')} journal "
        f"entries; {number(size.procedures, 'en')} procedures in {size.fields} fields.",
    )
    if data.provisional:
        yield Label(
            vi=f"{number(data.provisional, 'vi')} ngày hẹn trả dựa trên lịch làm việc tạm "
            "tính, chưa được công bố.",
            en=f"{number(data.provisional, 'en')} due dates rest on a provisional calendar "
            "that has not been announced.",
        )


#: The tables of the plots; the rates are in the table by agency.
_TABLES: Mapping[PlotName, Callable[[ReportData], Table]] = {
    "ageing": _ageing_table,
    "steps": _steps_table,
}
