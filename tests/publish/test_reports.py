"""Reports: what the page, the workbook and the plots must show, and what they must never do."""

from __future__ import annotations

import re
import struct
import subprocess
import sys
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from igate.errors import IgateError, OutputError
from igate.law.citation import Citation, Label
from igate.law.localtime import VIETNAM
from igate.publish.report import (
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
    page,
    svg,
    wilson_interval,
    write_page,
    write_plots,
    write_settlement_xlsx,
)
from igate.publish.report.page import SHOWN
from igate.publish.report.plots import PLOTS
from igate.words.figures import number, percent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from igate.publish.report.plots import PlotName

HOSTILE = "=1+1 <script>alert('x')</script> & \"Sở\" \x00"
BUCKETS = (AgeBucket.LEFT_FAR, AgeBucket.OVERDUE_NEAR)

#: received online, at the counter, carried over; solved early, on time, late; within, overdue
Counts = tuple[int, ...]
HOME: Counts = (700, 250, 50, 600, 200, 50, 120, 30)
LAND: Counts = (10, 8, 2, 4, 6, 5, 3, 2)
NOTHING: Counts = (0, 0, 0, 0, 0, 0, 0, 0)
HOME_LABEL = Label(vi="Sở Nội vụ", en="Department of Home Affairs")
LAND_LABEL = Label(vi="Ủy ban nhân dân xã Ea Kly")
WARD_LABEL = Label(vi="Phường Buôn Ma Thuột", en="Buôn Ma Thuột ward")


@dataclass(frozen=True, kw_only=True)
class Day:
    """A day of a proof."""

    date: date
    counted: bool
    why: Label
    citation: Citation | None = None


def row(agency: str, label: Label, counts: Counts, *, received: bool = False) -> SettlementRow:
    """Make a row; the rate is of the dossiers solved, or of those received."""
    online, counter, before, early, on_time, late, within, overdue = counts
    total, solved = online + counter + before, early + on_time + late
    base = total if received else solved
    return SettlementRow(
        agency=agency, agency_label=label, received_total=total, received_online=online,
        received_counter_post=counter, carried_over=before, solved_total=solved,
        solved_early=early, solved_on_time=on_time, solved_late=late,
        in_process_total=within + overdue, in_process_within=within, in_process_overdue=overdue,
        rate_numerator=early + on_time, rate_denominator=base,
        on_time_rate=(early + on_time) / base if base else None,
    )  # fmt: skip


def table(agencies: Sequence[tuple[str, Label, Counts]], *, received: bool) -> SettlementTable:
    """Make a table with its total row."""
    total = tuple(sum(column) for column in zip(NOTHING, *(c for *_, c in agencies), strict=True))
    name = "decree" if received else "form_06a"
    return SettlementTable(
        definition=name,
        label=Label(vi=f"Cách tính {name}", en=f"Definition {name}"),
        citation=Label(vi="Thông tư 01/2020/TT-VPCP", en="Circular 01/2020/TT-VPCP"),
        numerator=Label(vi="Giải quyết đúng hạn", en="Solved on time"),
        denominator=Label(vi="Tiếp nhận" if received else "Đã giải quyết", en="Base"),
        rows=(
            *(row(code, label, counts, received=received) for code, label, counts in agencies),
            row("", Label(vi="Tổng số", en="Total"), total, received=received),
        ),
    )


AGENCIES = (
    ("H15.01", HOME_LABEL, HOME),
    ("H15.02", LAND_LABEL, LAND),
    ("H15.03", WARD_LABEL, NOTHING),
)
LATE = LateDossier(
    code="H15.01-260820-0001",
    procedure="1.001806",
    procedure_name=Label(vi="Công nhận cơ sở", en="Recognition of an enterprise"),
    agency="H15.01",
    agency_label=HOME_LABEL,
    received=datetime(2026, 8, 20, 9, 7, tzinfo=VIETNAM),
    due=datetime(2026, 8, 24, 17, 0, tzinfo=VIETNAM),
    finished=datetime(2026, 8, 26, 10, 30, tzinfo=VIETNAM),
    working_days_late=2,
    explanation=Label(vi="Hẹn trả 24/08/2026.\n\nBảng", en="Due 2026-08-24.\n\nTable"),
    days=(
        Day(
            date=date(2026, 8, 20), counted=False,
            why=Label(vi="Ngày tiếp nhận", en="Day of receipt"),
            citation=Citation.parse("Bộ luật Dân sự 2015, Điều 147 khoản 2"),
        ),
        Day(date=date(2026, 8, 21), counted=True, why=Label(vi="Ngày làm việc", en="Working day")),
    ),
)  # fmt: skip


ANCHOR = f"igate-anchor 1 2026-09-30 dossiers=1020 entries=8123 sha256={'c' * 64}"


def stood_still(table: SettlementTable, many: int) -> SettlementTable:
    """Let so many dossiers of the first agency have been finished while their clock stood still."""
    first, *others, total = (replace(row, solved_suspended=0) for row in table.rows)
    rows = (
        replace(first, solved_suspended=many), *others, replace(total, solved_suspended=many)
    )  # fmt: skip
    return replace(table, rows=rows)


def data(
    agencies: Sequence[tuple[str, Label, Counts]] = AGENCIES, *, late: int = 1, suspended: int = 0
) -> ReportData:
    """Make the data of a report by hand."""
    tables = (table(agencies, received=False), table(agencies, received=True))
    if suspended:
        first, second = tables
        tables = (stood_still(first, suspended), stood_still(second, suspended))
    return ReportData(
        title=Label(vi="Báo cáo giả lập", en="Synthetic report"),
        period=(date(2026, 1, 1), date(2026, 9, 30)),
        as_of=date(2026, 9, 30),
        synthetic=True,
        catalogue=CatalogueSummary(procedures=34, fields=12, dossiers=1020, entries=8123),
        tables=tables,
        late=(LATE,) * late,
        ageing=tuple(
            AgeingRow(agency=code, agency_label=label, bucket=bucket, count=count)
            for code, label, counts in agencies
            for bucket, count in zip(BUCKETS, counts[6:], strict=True)
        ),
        steps=(
            StepTime(
                label=Label(vi="Thẩm định", en="Examination"),
                role=Label(vi="Chuyên viên", en="Specialist"),
                visits=900, hours_total=7200.0, hours_median=6.5, hours_p90=19.0, limit_hours=16.0,
            ),
            StepTime(
                label=Label(vi="Ký duyệt", en="Signature"),
                role=Label(vi="Lãnh đạo Sở", en="Director"),
                visits=880, hours_total=1800.0, hours_median=1.5, hours_p90=4.0,
            ),
        ),
        provisional=7,
        generated_by="igate 0.1.0",
        notes=(Label(vi="Ghi chú một", en="Note one"),),
    )  # fmt: skip


EMPTY = replace(data([], late=0), tables=(
    SettlementTable(
        definition="form_06a", label=Label(vi="Biểu", en="Form"), citation=Label(vi="Không"),
        numerator=Label(vi="Tử"), denominator=Label(vi="Mẫu"),
        rows=(row("", Label(vi="Tổng số", en="Total"), NOTHING),),
    ),
), steps=())  # fmt: skip
MANY = tuple((f"H15.{i:02}", Label(vi=f"Cơ quan số {i}"), (HOME, LAND, NOTHING)[i % 3])
             for i in range(30))  # fmt: skip
CASES = {
    "ordinary": data(),
    "hostile": data([("H15.01", Label(vi=HOSTILE, en=HOSTILE), LAND)]),
    "one agency": data(AGENCIES[:1]),
    "thirty agencies": data(MANY),
    "nothing late": data([("H15.01", HOME_LABEL, (9, 0, 0, 4, 5, 0, 0, 0))], late=0),
    "empty period": EMPTY,
}


@cache
def page_of(case: str) -> str:
    """Write the page of a case once for all tests; drawing takes its time."""
    return page(CASES[case])


class Outline(HTMLParser):
    """Reads a page as a browser would, and keeps what the tests ask for."""

    VOID = frozenset({"meta", "input", "br"})

    def __init__(self, text: str) -> None:
        """Read the whole text."""
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.faults: list[str] = []
        self.shown: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep the tag; remember that it is open."""
        self.tags.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep a tag that closes itself."""
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        """Hold the end against the last start."""
        if not self.open or self.open.pop() != tag:
            self.faults.append(tag)

    def handle_data(self, data: str) -> None:
        """Keep the text outside the style sheet."""
        if self.open and self.open[-1] != "style":
            self.shown.append(data)


# --- the interval ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_the_wilson_interval_is_the_published_one(
    successes: int, trials: int, low: float, high: float
) -> None:
    """Newcombe, Statistics in Medicine 17 (1998), table I, method 3, four decimals."""
    bounds = wilson_interval(successes, trials)
    assert bounds is not None
    assert [round(end, 4) for end in bounds] == [low, high]


@given(st.integers(1, 10**6).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_wilson_interval_holds_the_share_and_stays_within_0_and_1(
    pair: tuple[int, int],
) -> None:
    """The interval contains the observed share for any counts and never leaves 0..1."""
    successes, trials = pair
    bounds = wilson_interval(successes, trials)
    assert bounds is not None
    low, high = bounds
    assert 0 <= low <= successes / trials <= high <= 1
    assert low < high


def test_nothing_is_known_without_trials_and_nonsense_is_refused() -> None:
    """No dossiers give no interval; more on time than there are is an error."""
    assert wilson_interval(0, 0) is None
    with pytest.raises(IgateError, match="5 of 4 is not a share"):
        wilson_interval(5, 4)


# --- the values --------------------------------------------------------------------------------


def test_a_total_row_that_is_not_the_sum_is_refused() -> None:
    """A printed table must not contradict itself, so its values cannot be made."""
    first, second = row("H15.01", HOME_LABEL, HOME), row("", Label(vi="Tổng số"), LAND)
    with pytest.raises(IgateError, match=r"total of received_total is 20.*add up to 1000"):
        replace(data().tables[0], rows=(first, second))


def test_a_rate_that_is_not_its_fraction_is_refused() -> None:
    """A rate names its numerator and denominator; an empty one has no rate, not 0 and not 1."""
    with pytest.raises(IgateError, match="is not 800 of 850"):
        replace(row("H15.01", HOME_LABEL, HOME), on_time_rate=0.95)
    for rate in (0.0, 1.0):
        with pytest.raises(IgateError, match="is not 0 of 0"):
            replace(row("H15.03", WARD_LABEL, NOTHING), on_time_rate=rate)


@pytest.mark.parametrize(
    ("due", "bucket"),
    [
        (date(2026, 3, 1), AgeBucket.OVERDUE_FAR),  # 21 days before the 22nd
        (date(2026, 3, 2), AgeBucket.OVERDUE_MIDDLE),  # 20
        (date(2026, 3, 16), AgeBucket.OVERDUE_MIDDLE),  # 6
        (date(2026, 3, 17), AgeBucket.OVERDUE_NEAR),  # 5
        (date(2026, 3, 21), AgeBucket.OVERDUE_NEAR),  # 1
        (date(2026, 3, 22), AgeBucket.LEFT_NEAR),  # the due day itself
        (date(2026, 3, 27), AgeBucket.LEFT_NEAR),  # 5 left
        (date(2026, 3, 28), AgeBucket.LEFT_FAR),  # 6 left
        (None, AgeBucket.NO_DATE),
    ],
)
def test_an_open_dossier_falls_into_the_bucket_of_its_age(
    due: date | None, bucket: AgeBucket
) -> None:
    """The buckets part at 5 and 20 days; on the due day nothing is overdue yet."""
    found = AgeBucket.of(due, date(2026, 3, 22), lambda after, until: (until - after).days)
    assert found is bucket


def test_overdue_on_a_day_off_is_overdue_though_no_working_day_has_passed() -> None:
    """Due on Friday, looked at on Saturday: no working day between, yet the due day is over."""
    found = AgeBucket.of(date(2026, 3, 20), date(2026, 3, 21), lambda _after, _until: 0)
    assert found is AgeBucket.OVERDUE_NEAR


def test_numbers_read_as_each_language_writes_them_and_never_round_to_all_or_none() -> None:
    """Vietnamese has the comma as decimal sign; 99.999 % is not shown as 100 %."""
    assert (number(751295, "vi"), number(751295, "en")) == ("751.295", "751,295")
    assert (percent(0.9325, "vi"), percent(0.9325, "en")) == ("93,25%", "93.25%")
    assert (percent(0.999999, "en"), percent(0.000001, "en")) == ("99.99%", "0.01%")
    assert (percent(1, "en"), percent(0, "en")) == ("100.00%", "0.00%")


# --- the page ----------------------------------------------------------------------------------


@pytest.mark.parametrize("case", CASES)
def test_a_page_is_well_formed_whatever_the_data(case: str) -> None:
    """Every tag is closed in order, ids differ, each table has a caption and scoped headings."""
    outline = Outline(page_of(case))
    assert outline.faults == []
    assert outline.open == []
    ids = [attrs["id"] for _, attrs in outline.tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    names = [tag for tag, _ in outline.tags]
    assert names.count("table") == names.count("caption")
    assert all(attrs.get("scope") for tag, attrs in outline.tags if tag == "th")


def test_a_page_shows_the_figures_of_both_definitions_in_both_languages() -> None:
    """810 of 865 solved is 93.64 %, 810 of 1020 received 79.41 %: both stand side by side."""
    text = " ".join("".join(Outline(page_of("ordinary")).shown).split())
    for shown in (
        "93,64%", "93.64%", "79,41%", "79.41%", "810 / 865", "810 / 1,020", "1.020",
        "Sở Nội vụ", "Department of Home Affairs", "Cách tính decree", "Definition form_06a",
        "Tiếp nhận 1.020 = đã giải quyết 865 + đang giải quyết 155",
        "Received 1,020 = solved 865 + in process 155",
        "It holds for every agency.", "chưa có hồ sơ", "no dossiers",
        "H15.01-260820-0001", "20/08/2026", "Day of receipt", "Civil Code 2015, art. 147(2)",
        "Mục tiêu 95% (giả định)", "7 ngày hẹn trả", "34 procedures in 12 fields", "Note one",
    ):  # fmt: skip
        assert shown in text, shown


def test_a_page_calls_synthetic_dossiers_so_before_any_figure() -> None:
    """The reader must meet the warning first; a report of real dossiers has none."""
    text = page_of("ordinary")
    warning = text.index("The dossiers in this report are synthetic")
    assert warning < text.index("<h1>") < text.index("93,64%")
    assert "are synthetic" not in page(replace(data(), synthetic=False))


def test_a_page_loads_nothing_and_runs_nothing() -> None:
    """Self-contained: no address, no script, no import, no element that fetches."""
    text = page_of("ordinary")
    assert not re.search(r"https?:|//[a-z]|@import|javascript:|url\((?!#)", text)
    fetching = {"script", "link", "img", "iframe", "object", "embed", "image", "use", "audio"}
    tags = Outline(text).tags
    assert not fetching & {tag for tag, _ in tags}
    assert not any(key in ("src", "href") or key.startswith("on") for _, a in tags for key in a)


def test_a_page_escapes_hostile_names_everywhere() -> None:
    """A name with markup in a label, code, explanation or note stays text."""
    label = Label(vi=HOSTILE, en=f"{HOSTILE} en")
    late = replace(
        LATE, code=HOSTILE, procedure=HOSTILE, procedure_name=label, agency_label=label,
        explanation=label,
    )  # fmt: skip
    hostile = data([("<i>", label, LAND)])
    text = page(replace(hostile, title=label, late=(late,), notes=(label,), generated_by=HOSTILE))
    assert "<script" not in text
    assert "\x00" not in text
    assert "&lt;script&gt;" in text
    assert Outline(text).faults == []


def test_a_page_marks_every_text_with_its_language_and_starts_in_vietnamese() -> None:
    """One radio button a language, Vietnamese chosen; each switched text has its lang."""
    outline = Outline(page_of("ordinary"))
    radios = [attrs for tag, attrs in outline.tags if tag == "input"]
    assert [("checked" in attrs, attrs["id"]) for attrs in radios] == [
        (True, "vi"), (False, "en"), (False, "vi-en"),
    ]  # fmt: skip
    for _, attrs in outline.tags:
        classes = (attrs.get("class") or "").split()
        for lang in ("vi", "en"):
            if lang in classes:
                assert attrs["lang"] == lang


def test_a_page_says_where_the_sums_do_not_hold() -> None:
    """A row whose parts do not add up is named, not smoothed over."""
    broken = replace(row("H15.01", HOME_LABEL, HOME), solved_late=51)
    total = replace(broken, agency="", agency_label=Label(vi="Tổng số"))
    table_ = replace(data().tables[0], rows=(broken, total))
    text = "".join(Outline(page(replace(data(), tables=(table_,)))).shown)
    assert "It does NOT hold" in text
    assert "Solved 850 ≠ early 600 + on time 200 + late 51" in text


def test_a_page_shows_fifty_late_dossiers_and_says_how_many_more_there_are() -> None:
    """A long list must not be taken for a whole one."""
    text = page(data(late=SHOWN + 3))
    assert text.count('<p lang="vi" class="vi">Hẹn trả 24/08/2026.</p>') == 50
    assert "3 more are in the sheet" in text
    assert "55 dossiers solved late, 32 in process and overdue" in text


def test_a_page_without_the_plotting_extra_still_has_its_figures(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Where vl-convert is missing, the page says what to install in the place of the plots."""
    monkeypatch.setitem(sys.modules, "vl_convert", None)
    text = page(data())
    assert "pip install &#34;igate[frames]&#34;" in text
    assert "93,64%" in text
    assert "<svg" not in text


# --- the workbook ------------------------------------------------------------------------------


def cells(path: Path, sheet: str, *, values: bool = True) -> list[list[object]]:
    """Read a sheet: the values that a reader sees, or the formulas behind them."""
    book = openpyxl.load_workbook(path, data_only=values)
    read = [[cell.value for cell in line] for line in book[sheet].iter_rows()]
    book.close()
    return read


def line_of(read: list[list[object]], column: int, start: str) -> list[object]:
    """Find the row whose cell in a column begins with a text."""
    return next(line for line in read if str(line[column] or "").startswith(start))


def test_the_form_sheet_has_the_columns_of_the_form_and_the_counts(tmp_path: Path) -> None:
    """Columns (1) to (13); each count is a number in its place, sums and totals as formulas."""
    path = write_settlement_xlsx(data(), tmp_path / "settlement.xlsx")
    read = cells(path, "II.06a")
    assert line_of(read, 0, "(1)") == [f"({i})" for i in range(1, 14)]
    home = [1, "Sở Nội vụ\nDepartment of Home Affairs", 1000, 700, 250, 50, 850, 600, 200, 50,
            150, 120, 30]  # fmt: skip
    assert line_of(read, 1, "Sở Nội vụ") == home
    total = [1020, 710, 258, 52, 865, 604, 206, 55, 155, 123, 32]
    assert line_of(read, 1, "Tổng số")[2:] == total
    formulas = line_of(cells(path, "II.06a", values=False), 1, "Tổng số")
    assert all(str(formula).startswith("=SUM(") for formula in formulas[2:])


def test_a_definition_sheet_has_rate_numerator_and_denominator(tmp_path: Path) -> None:
    """Rates are numbers shown in per cent; where nothing is in the denominator they are empty."""
    path = write_settlement_xlsx(data(suspended=250), tmp_path / "settlement.xlsx")
    book = openpyxl.load_workbook(path, data_only=True)
    assert book.sheetnames == ["II.06a", "form_06a", "decree", "Late", "Notes"]
    sheet = book["decree"]
    lines = {str(line[0].value): line for line in sheet.iter_rows() if line[0].value}
    home = lines["H15.01"]
    # 250 of the 1000 below the line were finished while their clock stood still
    figures = [600, 200, 50, 120, 30, 250, 800, 1000, 0.8, 0.25]
    assert [cell.value for cell in home[2:]] == figures
    assert home[-1].number_format == "0.00%"
    assert lines["H15.03"][-1].value in (None, "")
    assert sheet.freeze_panes == f"C{home[0].row}"
    book.close()


def test_every_part_says_what_it_was_derived_from(tmp_path: Path) -> None:
    """Page, each sheet and each drawing carry the journal's line and the definition's version."""
    under = ReceivedUnder(
        procedure="1.001806", revision="2025-07-01", definition="ab" * 32, dossiers=77
    )
    tables = tuple(replace(one, version=f"{one.definition} [x) #12") for one in data().tables)
    made = replace(
        data(suspended=250), tables=tables, basis=Basis(journal=ANCHOR, received_under=(under,))
    )
    versions = "form_06a [x) #12; decree [x) #12"
    shown = page(made)
    assert ANCHOR in shown
    assert versions in shown
    assert "ab" * 32 in shown
    path = write_settlement_xlsx(made, tmp_path / "settlement.xlsx")
    book = openpyxl.load_workbook(path)
    for sheet in book:
        said = "\n".join(str(cell.value) for line in sheet.iter_rows() for cell in line)
        assert ANCHOR in said, sheet.title
        assert versions in said, sheet.title
    notes = {cell.value for line in book["Notes"].iter_rows() for cell in line}
    assert f"1.001806 2025-07-01 {'ab' * 32} (77)" in notes
    book.close()
    for drawing in write_plots(made, tmp_path):
        if drawing.suffix == ".svg":
            assert f"{ANCHOR} " in drawing.read_text(encoding="utf-8")


def test_the_share_of_a_standing_clock_stands_beside_the_rate() -> None:
    """On the page below the rate, in both languages; where there is none, nothing is said."""
    assert "25,00%" in page(data(suspended=250))
    assert "while the clock stood still 25.00%" in page(data(suspended=250))
    assert "while the clock stood still" not in page(data())


def test_text_that_begins_like_a_formula_stays_text(tmp_path: Path) -> None:
    """Names that begin with = + - @ are strings in every sheet; formulas are only our own."""
    names = ("=HYPERLINK(A1)", "+1", "-1", "@SUM(A1)", HOSTILE)
    agencies = [(name, Label(vi=name), LAND) for name in names]
    late = replace(LATE, code="=1+1", explanation=Label(vi="@x", en="-y"))
    path = write_settlement_xlsx(replace(data(agencies), late=(late,)), tmp_path / "s.xlsx")
    book = openpyxl.load_workbook(path)
    formulas = [
        cell.value for sheet in book for line in sheet.iter_rows() for cell in line
        if cell.data_type == "f"
    ]  # fmt: skip
    assert formulas
    assert all(re.match(r"=(SUM|IF)\([A-N]\d", str(formula)) for formula in formulas)
    found = {cell.value for line in book["form_06a"].iter_rows() for cell in line}
    assert set(names[:4]) <= found
    book.close()


def test_the_late_sheet_has_moments_and_the_notes_sheet_the_definitions(tmp_path: Path) -> None:
    """Moments are dates of the spreadsheet in Vietnamese time; the notes say it is synthetic."""
    path = write_settlement_xlsx(data(), tmp_path / "settlement.xlsx")
    late = line_of(cells(path, "Late"), 0, "H15.01-260820")
    moments = [f"{moment:%Y-%m-%d %H:%M}" for moment in late[4:7] if isinstance(moment, datetime)]
    assert moments == ["2026-08-20 09:07", "2026-08-24 17:00", "2026-08-26 10:30"]
    assert late[7] == 2
    notes = "\n".join(str(cell) for line in cells(path, "Notes") for cell in line)
    for shown in ("are synthetic", "Numerator: Solved on time", "target 95% (assumed)",
                  "Circular 01/2020/TT-VPCP", "Note one", "igate 0.1.0"):  # fmt: skip
        assert shown in notes


def test_each_table_has_a_filter_over_its_agencies_and_not_over_their_total(
    tmp_path: Path,
) -> None:
    """The filter begins in the row of heads above the first agency and ends above the total."""
    path = write_settlement_xlsx(data(), tmp_path / "settlement.xlsx")
    book = openpyxl.load_workbook(path, data_only=True)
    for name, column in (("II.06a", 1), ("form_06a", 1), ("decree", 1)):
        lines = [str(line[column].value or "") for line in book[name].iter_rows()]
        first = next(row for row, text in enumerate(lines, start=1) if text.startswith("Sở Nội vụ"))
        total = next(row for row, text in enumerate(lines, start=1) if text.startswith("Tổng số"))
        rows = [int(row) for row in re.findall(r"\d+", str(book[name].auto_filter.ref))]
        assert rows == [first - 1, total - 1], name
    assert book["Late"].auto_filter.ref
    book.close()


@pytest.mark.parametrize("case", CASES)
def test_the_workbook_depends_on_the_data_alone(case: str, tmp_path: Path) -> None:
    """Every case can be written, and written twice it is the same to the byte: no clock."""
    first = write_settlement_xlsx(CASES[case], tmp_path / "one.xlsx").read_bytes()
    assert first == write_settlement_xlsx(CASES[case], tmp_path / "two.xlsx").read_bytes()
    assert openpyxl.load_workbook(tmp_path / "one.xlsx").sheetnames[0] == "II.06a"


def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Without XlsxWriter or vl-convert the error says what to install, and nothing is written."""
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    monkeypatch.setitem(sys.modules, "vl_convert", None)
    with pytest.raises(IgateError, match=r'pip install "igate\[frames\]"'):
        write_settlement_xlsx(data(), tmp_path / "settlement.xlsx")
    with pytest.raises(IgateError, match=r'pip install "igate\[frames\]"'):
        write_plots(data(), tmp_path / "plots")
    assert list(tmp_path.iterdir()) == []


# --- the plots ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the files of the ordinary case."""
    folder = tmp_path_factory.mktemp("plots")
    write_plots(data(), folder)
    return folder


def test_every_plot_is_written_in_both_languages_as_png_and_svg(drawn: Path) -> None:
    """Three plots, two languages, two formats; the PNG has two pixels for each of the SVG."""
    stems = [f"{name}.{lang}" for name in PLOTS for lang in ("vi", "en")]
    assert {path.name for path in drawn.iterdir()} == {
        f"{stem}.{kind}" for stem in stems for kind in ("png", "svg")
    }
    for stem in stems:
        content = (drawn / f"{stem}.png").read_bytes()
        assert content.startswith(b"\x89PNG\r\n\x1a\n")
        root = ET.fromstring((drawn / f"{stem}.svg").read_text("utf-8"))  # noqa: S314 - our own
        size = (2 * int(root.attrib["width"]), 2 * int(root.attrib["height"]))
        assert struct.unpack(">II", content[16:24]) == size


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("name", PLOTS)
def test_every_plot_is_drawn_whatever_the_data(name: PlotName, case: str) -> None:
    """Hostile names, no, one or thirty agencies: the drawing is well formed and says who."""
    shown = texts(svg(CASES[case], name, "vi"))
    if name == "on-time-rate":
        agencies = [row.agency_label.vi for row in CASES[case].tables[0].agencies]
        for label in agencies:
            assert label.split()[0] in shown
    assert shown.strip()


def texts(drawing: str) -> str:
    """Return all text of a drawing, one text a line, the lines of a long one joined."""
    root = ET.fromstring(drawing)  # noqa: S314 - our own
    found = (" ".join(node.itertext()) for node in root.iter() if node.tag.endswith("text"))
    return "\n".join(found)


def test_the_plot_of_rates_prints_rate_n_and_an_assumed_target(drawn: Path) -> None:
    """Each agency has its rate and counts beside the dot; the target is called assumed."""
    vi = texts((drawn / "on-time-rate.vi.svg").read_text(encoding="utf-8"))
    for shown in ("Sở Nội vụ", "94,12%", "800/850", "66,67%", "10/15", "chưa có hồ sơ",
                  "mục tiêu 95% (giả định)", "khoảng tin cậy Wilson 95%"):  # fmt: skip
        assert shown in vi
    cited = replace(data(), target=0.9, target_citation=Label(vi="QĐ 766", en="Decision 766"))
    assert "target 90% (Decision 766)" in texts(svg(cited, "on-time-rate", "en"))


def test_a_drawing_of_synthetic_dossiers_says_so_without_the_report(tmp_path: Path) -> None:
    """Each file by itself, also one without anything to plot; of real dossiers none says it."""
    said = {
        "vi": "Hồ sơ trong báo cáo này là giả lập; thủ tục hành chính là có thật.",
        "en": "The dossiers in this report are synthetic; the procedures are real.",
    }
    for made, synthetic in ((data(), False), (data(), True), (EMPTY, True)):
        write_plots(replace(made, synthetic=synthetic), tmp_path)
        for drawing in tmp_path.glob("*.svg"):
            shown = texts(drawing.read_text(encoding="utf-8"))
            assert (said[drawing.stem[-2:]] in shown) == synthetic
    assert said["en"] not in texts(svg(replace(data(), synthetic=True), "steps", "en"))


def test_the_plots_of_ageing_and_steps_print_their_figures() -> None:
    """Overdue of open by agency; share, median, p90 against the limit, and visits by step."""
    ageing = texts(svg(data(), "ageing", "en"))
    assert "30 / 150" in ageing
    assert "overdue up to 5" in ageing
    steps = texts(svg(data(), "steps", "vi"))
    assert "trung vị 6,5; p90 19,0 > hạn 16,0; 900 lượt" in steps
    assert "80,0%" in steps  # 7,200 of 9,000 hours


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("on-time-rate", "this period has no on-time rate"),
        ("ageing", "No dossier is open"),
        ("steps", "No step has taken any working time"),
    ],
)
def test_nothing_to_plot_gives_a_sentence(name: PlotName, words: str) -> None:
    """An empty period is said in words, without axes, in the drawing and on the page."""
    drawing = svg(EMPTY, name, "en")
    assert words in texts(drawing)
    assert "role-axis" not in drawing
    assert words in page_of("empty period")


def test_a_plot_on_the_page_is_one_image_with_its_words() -> None:
    """A screen reader gets one image with a sentence; the drawing carries no foreign names."""
    drawing = svg(data(), "on-time-rate", "en")
    root = ET.fromstring(drawing)  # noqa: S314 - our own
    assert root.attrib["role"] == "img"
    assert root.attrib["aria-label"].startswith("On-time rate by agency: 93.64% (810/865)")
    assert "http" not in drawing


# --- files -------------------------------------------------------------------------------------


def test_a_failing_write_leaves_the_old_file_and_no_draft(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk at the last moment costs nothing: the old report is whole."""
    path = tmp_path / "report.html"
    path.write_text("old", encoding="utf-8")

    def full(_draft: Path, _target: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OutputError, match="No space left on device"):
        write_page(data(), path)
    assert path.read_text(encoding="utf-8") == "old"
    assert [file.name for file in tmp_path.iterdir()] == ["report.html"]


def test_an_unusable_place_is_an_output_error(tmp_path: Path) -> None:
    """A missing folder, and a file where a folder is wanted, are named with what to do."""
    with pytest.raises(OutputError, match=r"missing.*could not be written.*Name a folder"):
        write_page(data(), tmp_path / "missing" / "report.html")
    (tmp_path / "plots").write_text("a file", encoding="utf-8")
    with pytest.raises(OutputError, match="could not be made"):
        write_plots(data(), tmp_path / "plots")


def test_a_new_page_replaces_the_old_one(tmp_path: Path) -> None:
    """Writing twice leaves one file, the second, in UTF-8."""
    path = tmp_path / "report.html"
    write_page(data(), path)
    write_page(replace(data(), title=Label(vi="Lần hai", en="Second")), path)
    assert "<title>Lần hai</title>" in path.read_text(encoding="utf-8")
    assert [file.name for file in tmp_path.iterdir()] == ["report.html"]


def test_importing_reports_loads_no_extra() -> None:
    """Altair, vl-convert and XlsxWriter are loaded when something is drawn, not before."""
    code = (
        "import sys, igate.publish.report; "
        "print({'altair', 'vl_convert', 'xlsxwriter', 'pandas'} & set(sys.modules))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "set()"
