"""The report as one HTML file that needs nothing else: no network, no script, no font to load.

Two radio buttons and the style sheet choose the language; where there is no style sheet, both
languages are there to read. Synthetic dossiers are called so before any figure.
"""

from __future__ import annotations

from importlib import resources
from typing import TYPE_CHECKING

from igate.errors import IgateError
from igate.files.writing import write_atomically
from igate.law.citation import Label
from igate.publish.report.html import Cell, Column, both, details, safe, table, word
from igate.publish.report.plots import PLOTS, empty_reason, svg
from igate.publish.report.proofs import late_section
from igate.publish.report.words import (
    BUCKETS,
    WORDS,
    day,
    decimal,
    each,
    late_count,
    number,
    percent,
    target_text,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from os import PathLike
    from pathlib import Path

    from igate.publish.report.data import ReportData, SettlementRow
    from igate.publish.report.plots import PlotName

__all__ = ["page", "write_page"]

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
    style = resources.files("igate.publish.report").joinpath("page.css").read_text(encoding="utf-8")
    sections = (
        _headline(data),
        _by_agency(data),
        _identity(data),
        _plots(data),
        late_section(data.late, late_count(data)),
        _definitions(data),
        _notes(data),
    )
    return (
        '<!DOCTYPE html>\n<html lang="vi">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{safe(data.title.vi)}</title>\n<style>\n{style}</style>\n</head>\n<body>\n"
        '<input type="radio" name="lang" id="vi" checked><label for="vi" lang="vi">Tiếng Việt'
        '</label>\n<input type="radio" name="lang" id="en"><label for="en" lang="en">English'
        '</label>\n<input type="radio" name="lang" id="vi-en"><label for="vi-en">Việt + English'
        f"</label>\n{_header(data)}\n<main>\n" + "\n".join(sections) + "\n</main>\n"
        f"<footer><p>{safe(data.generated_by)}</p></footer>\n</body>\n</html>\n"
    )


def _section(key: str, body: str) -> str:
    head = f'<h2 id="h-{key}">{word(key)}</h2>'
    return f'<section aria-labelledby="h-{key}">\n{head}\n{body}\n</section>'


def _header(data: ReportData) -> str:
    first, last = data.period
    period = each(
        lambda lang: (
            f"{WORDS['period'].text(lang)}: {day(first, lang)} – {day(last, lang)}; "
            f"{WORDS['as_of'].text(lang)} {day(data.as_of, lang)}"
        )
    )
    banner = f'<p class="banner" role="note">{word("synthetic", "strong")}</p>'
    return (
        f"<header>\n{banner if data.synthetic else ''}\n<h1>{both(data.title)}</h1>\n"
        f"<p>{both(period)}</p>\n</header>"
    )


def _tile(value: str, name: str, small: str = "") -> str:
    tail = f"<small>{small}</small>" if small else ""
    return f"<div><dt>{name}</dt><dd>{value}{tail}</dd></div>"


def _headline(data: ReportData) -> str:
    """The figures of all agencies: what came, what was solved, what is late, the rates."""
    total = data.form.total
    rates = [
        _tile(_rate(table.total), both(table.label), _share(table.total)) for table in data.tables
    ]
    counts = [
        _tile(_number(total.received_total), word("received")),
        _tile(_number(total.solved_total), word("solved")),
        _tile(_number(total.in_process_total), word("in_process")),
        _tile(_number(total.in_process_overdue), word("open_overdue")),
    ]
    return (
        f'<dl class="tiles rates">{"".join(rates)}</dl>\n<dl class="tiles">{"".join(counts)}</dl>'
    )


def _number(value: int) -> str:
    return both(each(lambda lang: number(value, lang)), figure=True)


def _rate(row: SettlementRow) -> str:
    rate = row.on_time_rate
    if rate is None:
        return word("no_rate")
    return both(each(lambda lang: percent(rate, lang)), figure=True)


def _share(row: SettlementRow) -> str:
    counts = (row.rate_numerator, row.rate_denominator)
    text = each(lambda lang: " / ".join(number(count, lang) for count in counts))
    return both(text, figure=True)


def _by_agency(data: ReportData) -> str:
    """The counts of the form with the rate under every definition side by side."""
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
    rows = [_agency_row(row, rates) for row in data.form.rows]
    caption = each(lambda lang: f"{WORDS['counted_by'].text(lang)} {data.form.label.text(lang)}")
    return _section("by_agency", table(caption, columns, rows, total=True))


def _agency_row(row: SettlementRow, rates: list[dict[str, SettlementRow]]) -> list[Cell]:
    counts = (
        row.received_total,
        row.solved_early,
        row.solved_on_time,
        row.solved_late,
        row.in_process_within,
        row.in_process_overdue,
    )
    cells = [Cell(html=both(row.agency_label)), *(Cell(html=_number(count)) for count in counts)]
    for by_agency in rates:
        found = by_agency.get(row.agency)
        if found is None:
            cells.append(Cell(html=word("no_rate")))
        else:
            cells.append(Cell(html=f"{_rate(found)}<small>{_share(found)}</small>"))
    return cells


def _identity(data: ReportData) -> str:
    """The sums of the form, written out, and whether they hold in every row."""
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
    lines = "".join(_sum(key, whole, parts) for key, whole, parts in sums)
    holds = data.identity.holds
    verdict = f'<p class="{"good" if holds else "bad"}">{word("holds" if holds else "holds_not")}'
    failing = "; ".join(both(row.agency_label) for row in data.identity.failing)
    verdict += f" ({failing})</p>" if failing else "</p>"
    return _section("identity", f"<p>{word('identity_rule')}</p><ul>{lines}</ul>{verdict}")


def _sum(key: str, whole: int, parts: tuple[tuple[str, int], ...]) -> str:
    holds = whole == sum(count for _, count in parts)
    right = each(
        lambda lang: " + ".join(
            f"{WORDS[name].text(lang).lower()} {number(count, lang)}" for name, count in parts
        )
    )
    left = each(lambda lang: f"{WORDS[key].text(lang)} {number(whole, lang)}")
    line = each(lambda lang: f"{left.text(lang)} {'=' if holds else '≠'} {right.text(lang)}")
    return f"<li>{both(line)}</li>"


def _plots(data: ReportData) -> str:
    """The plots side by side, then the figures behind them across the whole page."""
    figures = "".join(_figure(data, name) for name in PLOTS)
    tables = "".join(
        details(both(_figures_of(name)), write(data))
        for name, write in _TABLES.items()
        if empty_reason(data, name, "vi") is None
    )
    return _section("plots", f'<div class="plots">{figures}</div>{tables}')


def _figures_of(name: PlotName) -> Label:
    parts = (WORDS["figures"], WORDS[_CAPTIONS[name]])
    return each(lambda lang: ": ".join(part.text(lang) for part in parts))


def _figure(data: ReportData, name: PlotName) -> str:
    caption = f"<figcaption>{word(_CAPTIONS[name])}</figcaption>"
    reason = each(lambda lang: empty_reason(data, name, lang) or "")
    if reason.vi:
        return f"<figure>{caption}<p>{both(reason)}</p></figure>"
    try:
        drawings = "".join(
            f'<div lang="{lang}" class="{lang}">{svg(data, name, lang)}</div>'
            for lang in ("vi", "en")
        )
    except IgateError as error:
        # the figures of the plot are on the page all the same
        drawings = f'<p lang="en">{safe(str(error))}</p>'
    return f"<figure>{caption}{drawings}</figure>"


def _ageing_table(data: ReportData) -> str:
    labels = {row.agency: row.agency_label for row in data.ageing}
    counts = {
        (agency, bucket): sum(
            row.count for row in data.ageing if row.agency == agency and row.bucket is bucket
        )
        for agency in labels
        for bucket in BUCKETS
    }
    columns = [
        Column(label=WORDS["agency"], kind="text"),
        *(Column(label=label) for label in BUCKETS.values()),
    ]
    rows = [
        [Cell(html=both(label)), *(Cell(html=_number(counts[agency, b])) for b in BUCKETS)]
        for agency, label in labels.items()
    ]
    return table(WORDS["ageing"], columns, rows)


def _steps_table(data: ReportData) -> str:
    keys = ("visits_long", "share", "median_hours", "p90_hours", "limit_hours")
    columns = [
        Column(label=WORDS["step"], kind="text"),
        Column(label=WORDS["role"], kind="text"),
        *(Column(label=WORDS[key]) for key in keys),
    ]
    whole = sum(step.hours_total for step in data.steps)
    rows = [
        [
            Cell(html=both(step.label)),
            Cell(html=both(step.role)),
            Cell(html=_number(step.visits)),
            Cell(html=_percent(step.hours_total / whole)),
            Cell(html=_hours(step.hours_median)),
            Cell(html=_hours(step.hours_p90)),
            Cell(html="–" if step.limit_hours is None else _hours(step.limit_hours)),
        ]
        for step in sorted(data.steps, key=lambda step: -step.hours_total)
    ]
    return table(WORDS["steps"], columns, rows)


def _percent(share: float) -> str:
    return both(each(lambda lang: percent(share, lang, 1)), figure=True)


def _hours(hours: float) -> str:
    return both(each(lambda lang: decimal(hours, lang)), figure=True)


def _definitions(data: ReportData) -> str:
    parts = []
    for table_ in data.tables:
        pairs = (
            ("numerator", table_.numerator),
            ("denominator", table_.denominator),
            ("citation", table_.citation),
        )
        lines = "".join(f"<dt>{word(key)}</dt><dd>{both(text)}</dd>" for key, text in pairs)
        head = f"{both(table_.label)} <code>{safe(table_.definition)}</code>"
        parts.append(f"<h3>{head}</h3><dl>{lines}</dl>")
    return _section("definitions", "".join(parts))


def _notes(data: ReportData) -> str:
    size = data.catalogue
    notes = [
        *data.notes,
        each(lambda lang: target_text(data, lang).capitalize() + "."),
        Label(
            vi=f"{number(size.dossiers, 'vi')} hồ sơ, {number(size.entries, 'vi')} dòng sổ theo "
            f"dõi; {number(size.procedures, 'vi')} thủ tục thuộc {size.fields} lĩnh vực.",
            en=f"{number(size.dossiers, 'en')} dossiers, {number(size.entries, 'en')} journal "
            f"entries; {number(size.procedures, 'en')} procedures in {size.fields} fields.",
        ),
    ]
    if data.provisional:
        notes.append(
            Label(
                vi=f"{number(data.provisional, 'vi')} ngày hẹn trả dựa trên lịch làm việc tạm "
                "tính, chưa được công bố.",
                en=f"{number(data.provisional, 'en')} due dates rest on a provisional calendar "
                "that has not been announced.",
            )
        )
    return _section("notes", f"<ul>{''.join(f'<li>{both(note)}</li>' for note in notes)}</ul>")


#: The tables of the plots; the rates stand in the table by agency.
_TABLES: Mapping[PlotName, Callable[[ReportData], str]] = {
    "ageing": _ageing_table,
    "steps": _steps_table,
}
