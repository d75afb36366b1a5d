"""The sheets of the workbook: what is in which cell.

Form II.06a/VPCP/KSTT (Thông tư 01/2020/TT-VPCP) has thirteen columns: number, unit, received
(total, in the period online, in the period at the counter and by post, from before), solved
(total, early, on time, late), in process (total, within time, overdue). Here a row is an agency.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from igate.law.citation import Label
from igate.law.localtime import local
from igate.publish.report.words import WORDS, basis_lines, late_count, target_text
from igate.publish.words import day, each, printable

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

    from igate.publish.report.data import LateDossier, ReportData, SettlementRow, SettlementTable

__all__ = ["Book", "definition_sheet", "form_sheet", "late_sheet", "notes_sheet"]

_FONT = {"font_name": "Times New Roman", "font_size": 11}
_BOX = {**_FONT, "border": 1, "valign": "vcenter"}
_LOOKS: Final = {
    "title": {**_FONT, "bold": True, "font_size": 14},
    "plain": {**_FONT, "valign": "top"},
    "strong": {**_FONT, "bold": True, "valign": "top"},
    "wrapped": {**_FONT, "text_wrap": True, "valign": "top"},
    "warning": {**_FONT, "bold": True, "font_color": "#A33C00"},
    "head": {**_BOX, "bold": True, "text_wrap": True, "align": "center", "bg_color": "#EEF2F5"},
    "order": {**_BOX, "italic": True, "align": "center", "font_size": 9},
    "text": {**_BOX, "text_wrap": True, "indent": 1},
    "long": {**_BOX, "text_wrap": True, "valign": "top"},
    "count": {**_BOX, "num_format": "#,##0"},
    "rate": {**_BOX, "num_format": "0.00%"},
    "moment": {**_BOX, "num_format": "dd/mm/yyyy hh:mm", "align": "center"},
    "total_text": {**_BOX, "bold": True, "indent": 1},
    "total_count": {**_BOX, "bold": True, "num_format": "#,##0"},
    "total_rate": {**_BOX, "bold": True, "num_format": "0.00%"},
}
#: height of a line in points; letters are a little narrower than the digits that widths count in
_LINE, _SPREAD = 15, 0.85
_NAME = 40
#: the most characters that a cell can hold
_CELL = 32_767
#: Columns 4 to 13 of the form that are counted, and 3, 7, 11, which are sums of the next ones.
_FORM = (
    "received_total", "received_online", "received_counter_post", "carried_over",
    "solved_total", "solved_early", "solved_on_time", "solved_late",
    "in_process_total", "in_process_within", "in_process_overdue",
)  # fmt: skip
_SUMS = {"received_total": 3, "solved_total": 3, "in_process_total": 2}
_RATES = (
    "solved_early", "solved_on_time", "solved_late", "in_process_within", "in_process_overdue",
    "solved_suspended", "rate_numerator", "rate_denominator",
)  # fmt: skip


class Book:
    """A workbook with its formats; writes text as text and formulas with their values."""

    def __init__(self, workbook: Workbook) -> None:
        """Make the formats once; they are shared by all sheets."""
        self.workbook = workbook
        self.looks: dict[str, Format] = {
            name: workbook.add_format(look) for name, look in _LOOKS.items()
        }

    def sheet(self, name: str, widths: Sequence[float]) -> Worksheet:
        """Add a sheet with columns of these widths, in characters, to print on one page across."""
        sheet = self.workbook.add_worksheet(name)
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        return sheet

    def text(self, sheet: Worksheet, at: tuple[int, int], value: str, look: str) -> None:
        """Write text, cut where it exceeds what a cell holds."""
        plain = printable(value)
        if len(plain) > _CELL:
            plain = plain[: _CELL - 1] + "…"
        sheet.write_string(*at, plain, self.looks[look])

    def tall(self, sheet: Worksheet, row: int, texts: Sequence[tuple[str, int]]) -> None:
        """Make a row tall enough for wrapped texts in columns of these widths.

        Spreadsheet programs do not all do so by themselves when they open a file.
        """
        lines = max(
            sum(1 + int(len(line) * _SPREAD / width) for line in text.split("\n"))
            for text, width in texts
        )
        sheet.set_row(row, _LINE * lines + 2)

    def count(self, sheet: Worksheet, at: tuple[int, int], value: int, look: str) -> None:
        """Write a number of dossiers."""
        sheet.write_number(*at, value, self.looks[look])

    def moment(self, sheet: Worksheet, at: tuple[int, int], value: datetime | None) -> None:
        """Write a moment in Vietnamese time; a workbook knows no time zones."""
        if value is None:
            self.text(sheet, at, _two(WORDS["not_finished"]), "text")
        else:
            naive = local(value).replace(tzinfo=None, second=0, microsecond=0)
            sheet.write_datetime(*at, naive, self.looks["moment"])

    def head(self, sheet: Worksheet, area: tuple[int, int, int, int], label: Label) -> None:
        """Write a heading over the cells of an area: first row and column, last row and column."""
        if area[:2] == area[2:]:
            sheet.write_string(*area[:2], _two(label), self.looks["head"])
        else:
            sheet.merge_range(*area, _two(label), self.looks["head"])


def _two(label: Label) -> str:
    """Write a heading in Vietnamese with the English under it."""
    return f"{label.vi}\n{label.en}" if label.en and label.en != label.vi else label.vi


def _top(book: Book, sheet: Worksheet, data: ReportData, lines: Sequence[Label]) -> int:
    """Write what is above a table, and give the number of the first free row."""
    first, last = data.period
    period = each(
        lambda lang: (
            f"{WORDS['period'].text(lang)}: {day(first, lang)} – {day(last, lang)}; "
            f"{WORDS['as_of'].text(lang)} {day(data.as_of, lang)}"
        )
    )
    book.text(sheet, (0, 0), _line(data.title), "title")
    row = 1
    if data.synthetic:
        book.text(sheet, (row, 0), _line(WORDS["synthetic"]), "warning")
        row += 1
    for line in (*lines, period, *basis_lines(data)):
        book.text(sheet, (row, 0), _line(line), "plain")
        row += 1
    return row + 1


def _line(label: Label) -> str:
    return f"{label.vi} / {label.en}" if label.en and label.en != label.vi else label.vi


def form_sheet(book: Book, name: str, data: ReportData) -> None:
    """Write the sheet in the layout of the statutory form."""
    sheet = book.sheet(name, (5, _NAME, *[12] * 11))
    row = _top(book, sheet, data, (WORDS["form_name"], WORDS["form_unit"]))
    _form_heads(book, sheet, row)
    start = row + 4
    sheet.freeze_panes(start, 2)
    agencies = data.form.agencies
    for offset, line in enumerate(agencies):
        book.count(sheet, (start + offset, 0), offset + 1, "count")
        name = _two(line.agency_label)
        book.text(sheet, (start + offset, 1), name, "text")
        book.tall(sheet, start + offset, [(name, _NAME)])
        _form_counts(book, sheet, start + offset, line)
    end = start + len(agencies)
    book.text(sheet, (end, 0), "", "total_text")
    book.text(sheet, (end, 1), _line(data.form.total.agency_label), "total_text")
    columns = {column: getattr(data.form.total, key) for column, key in enumerate(_FORM, start=2)}
    _totals(book, sheet, (start, end), columns)
    _filtered(sheet, (start, end), len(_FORM) + 2)


def _form_heads(book: Book, sheet: Worksheet, row: int) -> None:
    whole = (
        (0, 0, 2, 0, "number"), (0, 1, 2, 1, "agency"),
        (0, 2, 0, 5, "received"), (0, 6, 0, 9, "solved"), (0, 10, 0, 12, "in_process"),
        (1, 2, 2, 2, "total"), (1, 3, 1, 4, "in_period"), (1, 5, 2, 5, "carried_over"),
        (2, 3, 2, 3, "online"), (2, 4, 2, 4, "counter_post"),
        (1, 6, 2, 6, "total"), (1, 7, 2, 7, "early"), (1, 8, 2, 8, "on_time"),
        (1, 9, 2, 9, "late"),
        (1, 10, 2, 10, "total"), (1, 11, 2, 11, "within"), (1, 12, 2, 12, "overdue"),
    )  # fmt: skip
    for top, left, bottom, right, key in whole:
        book.head(sheet, (row + top, left, row + bottom, right), WORDS[key])
    for column in range(13):
        book.text(sheet, (row + 3, column), f"({column + 1})", "order")
    for height, offset in ((32, 0), (32, 1), (48, 2)):
        sheet.set_row(row + offset, height)


def _form_counts(book: Book, sheet: Worksheet, row: int, line: SettlementRow) -> None:
    for column, key in enumerate(_FORM, start=2):
        value = getattr(line, key)
        parts = _SUMS.get(key, 0)
        # a sum is a formula only where it holds: a workbook must not repair what does not balance
        if parts and value == sum(
            getattr(line, _FORM[column - 2 + i]) for i in range(1, parts + 1)
        ):
            cells = f"{_cell(row, column + 1)}:{_cell(row, column + parts)}"
            sheet.write_formula(row, column, f"=SUM({cells})", book.looks["count"], value)
        else:
            book.count(sheet, (row, column), value, "count")


def _totals(book: Book, sheet: Worksheet, rows: tuple[int, int], columns: dict[int, int]) -> None:
    """Sum columns from the first row up to the total row, or write the total where no row is."""
    start, end = rows
    look = book.looks["total_count"]
    for column, value in columns.items():
        if end == start:
            book.count(sheet, (end, column), value, "total_count")
        else:
            cells = f"{_cell(start, column)}:{_cell(end - 1, column)}"
            sheet.write_formula(end, column, f"=SUM({cells})", look, value)


def _cell(row: int, column: int) -> str:
    """Name a cell; the sheets here have fewer than 26 columns.

    >>> _cell(0, 2)
    'C1'
    """
    return f"{chr(ord('A') + column)}{row + 1}"


def definition_sheet(book: Book, name: str, table: SettlementTable, data: ReportData) -> None:
    """Write the settlement under one definition, with numerator, denominator and rate."""
    sheet = book.sheet(name, (14, _NAME, *[13] * len(_RATES), 12, 13))
    lines = (table.label, *_definition(table))
    row = _top(book, sheet, data, lines)
    labels = (
        WORDS["agency_code"], WORDS["agency"],
        *(_joined("solved", key) for key in ("early", "on_time", "late")),
        *(_joined("in_process", key) for key in ("within", "overdue")),
        _joined("solved", "suspended"), WORDS["numerator"], WORDS["denominator"], WORDS["rate"],
        WORDS["suspended"],
    )  # fmt: skip
    for column, label in enumerate(labels):
        book.head(sheet, (row, column, row, column), label)
    sheet.set_row(row, 64)
    start = row + 1
    sheet.freeze_panes(start, 2)
    for offset, line in enumerate(table.agencies):
        at = start + offset
        book.text(sheet, (at, 0), line.agency, "text")
        name = _two(line.agency_label)
        book.text(sheet, (at, 1), name, "text")
        book.tall(sheet, at, [(name, _NAME)])
        for column, key in enumerate(_RATES, start=2):
            book.count(sheet, (at, column), getattr(line, key), "count")
        _rate(book, sheet, at, line, "rate")
    end = start + len(table.agencies)
    book.text(sheet, (end, 0), "", "total_text")
    book.text(sheet, (end, 1), _line(table.total.agency_label), "total_text")
    columns = {column: getattr(table.total, key) for column, key in enumerate(_RATES, start=2)}
    _totals(book, sheet, (start, end), columns)
    _rate(book, sheet, end, table.total, "total_rate")
    _filtered(sheet, (start, end), len(labels))


def _filtered(sheet: Worksheet, rows: tuple[int, int], columns: int) -> None:
    """Put a filter on the last row of heads, over the agencies and not over their total."""
    start, end = rows
    if end > start:
        sheet.autofilter(start - 1, 0, end - 1, columns - 1)


def _joined(group: str, part: str) -> Label:
    return each(lambda lang: f"{WORDS[group].text(lang)}: {WORDS[part].text(lang).lower()}")


def _rate(book: Book, sheet: Worksheet, row: int, line: SettlementRow, look: str) -> None:
    """Write a rate as a formula over its counts, and the share of it that was suspended.

    Nothing stands where there is no rate.
    """
    bottom = _cell(row, _column("rate_denominator"))
    parts = (("rate_numerator", line.on_time_rate), ("solved_suspended", line.suspended_share))
    for column, (name, share) in enumerate(parts, start=len(_RATES) + 2):
        formula = f'=IF({bottom}=0,"",{_cell(row, _column(name))}/{bottom})'
        sheet.write_formula(row, column, formula, book.looks[look], "" if share is None else share)


def _column(name: str) -> int:
    """Return the column of a count in the sheet of a definition."""
    return _RATES.index(name) + 2


def _definition(table: SettlementTable) -> list[Label]:
    parts = (
        ("numerator", table.numerator),
        ("denominator", table.denominator),
        ("citation", table.citation),
    )
    return [_said(key, label) for key, label in parts]


def _said(key: str, label: Label) -> Label:
    return each(lambda lang: f"{WORDS[key].text(lang)}: {label.text(lang)}")


def late_sheet(book: Book, name: str, data: ReportData) -> None:
    """Write the list of late dossiers, ready to be filtered."""
    sheet = book.sheet(name, (24, 14, 44, 30, 17, 17, 17, 12, 60, 60))
    row = _top(book, sheet, data, (WORDS["late_list"], late_count(data)))
    keys = ("code", "procedure_code", "procedure", "agency", "received_at", "due", "finished",
            "late_days", "explanation_vi", "explanation_en")  # fmt: skip
    for column, key in enumerate(keys):
        book.head(sheet, (row, column, row, column), WORDS[key])
    sheet.set_row(row, 48)
    sheet.freeze_panes(row + 1, 1)
    sheet.autofilter(row, 0, row + max(1, len(data.late)), len(keys) - 1)
    for at, one in enumerate(data.late, start=row + 1):
        _late_row(book, sheet, at, one)


def _late_row(book: Book, sheet: Worksheet, row: int, one: LateDossier) -> None:
    procedure, agency = _two(one.procedure_name), _two(one.agency_label)
    for column, text in enumerate((one.code, one.procedure, procedure, agency)):
        book.text(sheet, (row, column), text, "text")
    for column, value in enumerate((one.received, one.due, one.finished), start=4):
        book.moment(sheet, (row, column), value)
    book.count(sheet, (row, 7), one.working_days_late, "count")
    book.text(sheet, (row, 8), one.explanation.vi, "long")
    book.text(sheet, (row, 9), one.explanation.en, "long")
    # an explanation may go on to a table: its head is seen, the rest is in the cell
    head = one.explanation.vi.split("\n\n")[0]
    book.tall(sheet, row, [(procedure, 44), (agency, 30), (head, 60)])


def notes_sheet(book: Book, name: str, data: ReportData) -> None:
    """Write what a reader must know: synthetic or not, the definitions, the target, the notes."""
    sheet = book.sheet(name, (70, 70))
    row = _top(book, sheet, data, ())
    for table in data.tables:
        row = _pair(book, sheet, row, table.label, "strong")
        for line in _definition(table):
            row = _pair(book, sheet, row, line)
        row += 1
    rest = [
        WORDS["form_rows"],
        WORDS["identity_rule"],
        WORDS["holds" if data.identity.holds else "holds_not"],
        each(lambda lang: target_text(data, lang)),
        _said("provisional", each(lambda _: str(data.provisional))),
        *data.notes,
        Label(vi=data.generated_by),
    ]
    for line in rest:
        row = _pair(book, sheet, row, line)
    if data.basis is not None:
        row = _pair(book, sheet, row + 1, WORDS["received_under"], "strong")
        for one in data.basis.received_under:
            under = f"{one.procedure} {one.revision} {one.definition}".rstrip()
            row = _pair(book, sheet, row, Label(vi=f"{under} ({one.dossiers})"))


def _pair(book: Book, sheet: Worksheet, row: int, label: Label, look: str = "wrapped") -> int:
    book.text(sheet, (row, 0), label.vi, look)
    book.text(sheet, (row, 1), label.en, look)
    return row + 1
