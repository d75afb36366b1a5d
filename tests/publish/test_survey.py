"""The tables of a report: counted once, with the rate of every definition on the same counts."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from igate.calendar import WorkCalendar
from igate.cli.demo import END, START
from igate.law.citation import Label
from igate.law.localtime import VIETNAM
from igate.law.period import Period
from igate.metrics import DEFINITIONS, settlement
from igate.metrics import definition as metrics_definition
from igate.office.anchor import Anchor
from igate.office.memory import MemoryStore
from igate.office.onestop import OneStop
from igate.office.sql.store import SqlStore
from igate.publish.report.data import SettlementRow
from igate.publish.report.survey import Survey, report_data, survey
from igate.testing.simulation import Plan, SimulatedClock, agencies_of, run
from shared import shipped_catalogue

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from igate.publish.report.data import ReportData

FIGURES = [each.name for each in fields(SettlementRow) if each.name != "agency_label"]


@lru_cache(maxsize=1)
def worked() -> tuple[OneStop, Survey]:
    """Work 120 synthetic dossiers in memory."""
    clock = SimulatedClock(datetime(START.year, START.month, START.day, tzinfo=VIETNAM))
    office = OneStop(
        MemoryStore(),
        agency="H15",
        catalog=shipped_catalogue(),
        calendar=WorkCalendar.vietnam(provisional=True),
        clock=clock,
    )
    plan = Plan(dossiers=120, seed=7, start=START, end=END)
    agencies = agencies_of(office.catalog, desk="H15", seed=7)
    for _ in run(office, plan, clock=clock, agencies=agencies):
        pass
    return office, survey(office)


def report(found: Survey, office: OneStop, period: tuple[date, date], **options: Any) -> ReportData:  # noqa: ANN401 - any option
    return report_data(
        found, office, title=Label(vi="t"), period=period, agencies={}, synthetic=True, **options
    )


def figures(row: SettlementRow) -> dict[str, object]:
    return {name: getattr(row, name) for name in FIGURES}


days = st.dates(START, END)
#: columns that may be empty in a short period
DATES = dict.fromkeys(
    ("received", "started", "finished", "recorded", "due", "first_due"),
    pl.Datetime("us", "Asia/Ho_Chi_Minh"),
)


@given(pair=st.tuples(days, days))
@settings(max_examples=15)
def test_the_list_of_late_dossiers_is_that_which_the_table_counts(pair: tuple[date, date]) -> None:
    """Late and overdue in the list are as many as in the table of the same period."""
    office, found = worked()
    data = report(found, office, (min(pair), max(pair)))
    total = data.tables[0].total
    finished = [each for each in data.late if each.finished is not None]
    assert len(finished) == total.solved_late
    assert len(data.late) - len(finished) == total.in_process_overdue


@given(day=days)
@settings(max_examples=10)
def test_a_report_of_a_closed_period_is_the_same_whenever_it_is_drawn_up(day: date) -> None:
    """From a survey of that day and from one of the end of the year: the same figures."""
    office, found = worked()
    then = survey(office, as_of=day)
    assert report(then, office, (START, day)) == report(found, office, (START, day))


@given(pair=st.tuples(days, days))
@settings(max_examples=15)
def test_each_table_is_the_settlement_under_its_own_definition(pair: tuple[date, date]) -> None:
    """Every figure of every row, the total included, is what ``settlement`` gives for it alone.

    It is counted from what was known at the end of the period.
    """
    office, found = worked()
    period = (min(pair), max(pair))
    data = report(found, office, period, definitions=tuple(DEFINITIONS))
    known = survey(office, as_of=period[1]).columns()
    frame = pl.DataFrame(known, schema_overrides=DATES)
    assert [table.definition for table in data.tables] == list(DEFINITIONS)
    for table in data.tables:
        options: dict[str, Any] = {
            "definition": table.definition,
            "period": period,
            "as_of": period[1],
            "calendar": found.calendar,
        }
        wanted = settlement(frame, by=("agency",), **options).sort("agency").to_dicts()
        wanted += [settlement(frame, by=(), **options).to_dicts()[0] | {"agency": ""}]
        shown = [{name: row[name] for name in FIGURES} for row in wanted]
        assert [figures(row) for row in table.rows] == shown


def test_the_definitions_differ_in_their_rate_alone() -> None:
    """The decree divides by what was received, form II.06a by what was solved."""
    office, found = worked()
    data = report(found, office, (START, END), definitions=("form_06a", "decree"))
    form, decree = (table.rows for table in data.tables)
    rates = {"rate_numerator", "rate_denominator", "on_time_rate"}
    for one, other in zip(form, decree, strict=True):
        assert {name for name in FIGURES if figures(one)[name] != figures(other)[name]} <= rates
        assert one.rate_denominator == one.solved_total
        assert other.rate_denominator == other.received_total
        assert one.rate_numerator == other.rate_numerator == one.solved_early + one.solved_on_time
    assert form[-1].received_total == sum(row.received_total for row in form[:-1]) > 0


def test_the_table_is_counted_once_however_many_definitions(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A report under three definitions, one of them twice, settles its dossiers a single time."""
    office, found = worked()
    calls = []

    def counting(*args: Any, **options: Any) -> Any:  # noqa: ANN401 - passed on
        calls.append(options)
        return settlement(*args, **options)

    monkeypatch.setattr("igate.publish.report.survey.settlement", counting)
    data = report(found, office, (START, END), definitions=("form_06a", "decree", "form_06a"))
    assert len(calls) == 1
    assert data.tables[0] == data.tables[2]


def test_a_desk_without_dossiers_has_a_total_of_nothing_and_no_rate() -> None:
    """Neither 0 nor 100 per cent is true of nothing."""
    office, _ = worked()
    data = report(Survey(calendar=office.calendar), office, (START, END))
    for table in data.tables:
        assert [row.agency for row in table.rows] == [""]
        assert table.rows[0].received_total == table.rows[0].rate_denominator == 0
        assert table.rows[0].on_time_rate is None


def test_a_report_carries_the_seals_of_the_journals_it_was_derived_from(tmp_path: Path) -> None:
    """Its line is the one that ``igate journal anchor`` prints of the database on that day.

    A report of an earlier day has another one, and names what the dossiers were received under.
    """
    clock = SimulatedClock(datetime(START.year, START.month, START.day, tzinfo=VIETNAM))
    address = f"sqlite:///{tmp_path / 'office.db'}"
    with OneStop.open(
        address, create=True, agency="H15", catalog=shipped_catalogue(),
        calendar=WorkCalendar.vietnam(provisional=True), clock=clock,
    ) as office:  # fmt: skip
        plan = Plan(dossiers=30, seed=7, start=START, end=END)
        agencies = agencies_of(office.catalog, desk="H15", seed=7)
        for _ in run(office, plan, clock=clock, agencies=agencies):
            pass
        found = survey(office)
        last = found.latest or END
        data = report(found, office, (START, last))
        earlier = report(found, office, (START, START + (last - START) / 2))
    with SqlStore.open(address, read_only=True) as store:
        line = Anchor.of(store.evidence().heads(), day=last).line
        kept = {store.definition(each.definition) for each in data.basis.received_under}
    assert data.basis.journal == line
    assert earlier.basis.journal != line
    assert None not in kept
    assert sum(each.dossiers for each in data.basis.received_under) == len(found.columns()["code"])
    assert [table.version for table in data.tables] == [
        metrics_definition(name).version for name in ("form_06a", "decree")
    ]


def test_the_digest_of_a_definition_changes_with_what_it_counts_alone() -> None:
    """Another label is the same definition; another comparison or text is not."""
    form = metrics_definition("form_06a")
    assert replace(form, label=Label(vi="khác")).digest == form.digest
    others = {each.digest for each in DEFINITIONS.values()}
    assert len(others) == len(DEFINITIONS)
    assert replace(form, compare="moment").digest not in others
    assert replace(form, in_force=Period(start=START)).digest not in others
