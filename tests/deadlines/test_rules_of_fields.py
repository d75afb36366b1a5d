"""The shipped law is applied: land and civil status are counted by their own rules."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

import igate
from desks import CITED, CODE, procedure
from igate.checks.checker import check_paths
from igate.deadlines import shipped_rules
from igate.errors import MomentError, TimeLimitError
from igate.law.localtime import parse_local
from igate.procedures.catalog.catalog import Catalog
from shared import shipped_catalogue

if TYPE_CHECKING:
    from pathlib import Path


def test_every_shipped_procedure_has_the_rules_of_its_field() -> None:
    """49 procedures of land and 37 of civil status; the 1,483 others follow the decree."""
    catalog = shipped_catalogue()
    used: dict[tuple[str, str], int] = {}
    for code in catalog:
        known = catalog.procedure(code)
        for _, revision in known.revisions:
            field = known.field.id if known.field.id in {"dat-dai", "ho-tich"} else ""
            used[field, revision.clock_rules] = used.get((field, revision.clock_rules), 0) + 1
    assert used == {
        ("dat-dai", "land"): 49, ("ho-tich", "civil_status"): 37, ("", "decree"): 1483,
    }  # fmt: skip


def test_a_land_limit_in_a_hard_area_leaves_out_the_assessment() -> None:
    """Ten working days from Monday 5 October 2026, the assessment from the 7th to the 14th.

    By the decree the assessment stops nothing: 19 October. By Nghị định 151/2025/NĐ-CP, Phụ lục II,
    it does, and ten working days are added in a mountainous commune: 9 November (by hand: the 6th
    and the 7th are two days, from the 15th eighteen more).
    """
    limit = igate.TimeLimit.parse("10 working_day")
    for rules, due in (("decree", date(2026, 10, 19)), ("land", date(2026, 11, 9))):
        law = shipped_rules(rules, on=date(2026, 10, 5))
        found = igate.due(
            law.extended(limit, "hard_area"),
            received="2026-10-05T09:00",
            rules=law,
            suspensions=[("assessment", "2026-10-07T08:00", "2026-10-14T17:00")],
        )
        assert found.due is not None
        assert found.due.date() == due


@given(st.integers(0, 6000), st.sampled_from(["land", "civil_status", "decree"]))
def test_no_day_is_left_without_rules(days: int, name: str) -> None:
    """From 2010 on an old receipt is answered, by the revision whose period holds the day."""
    day = date(2010, 1, 1) + timedelta(days=days)
    assert day in shipped_rules(name, on=day).period


def test_a_file_may_name_other_rules_and_is_asked_about_it(tmp_path: Path) -> None:
    """Kept as written, with a warning; without the key the field's own are taken."""
    text = procedure(limits=f"[{{limit: 10 working_day, {CITED}}}]").replace(
        "field: {id: tests, vi: Thử}", "field: {id: dat-dai, vi: Đất đai}"
    )
    file = tmp_path / f"{CODE}-x.yaml"
    for written, rules, codes in (("", "land", set()), ("decree", "decree", {"other-clock-rules"})):
        line = f"    clock_rules: {written}\n" if written else ""
        file.write_text(text.replace("    steps:\n", f"{line}    steps:\n"), encoding="utf-8")
        ((_, revision),) = Catalog.load(file).procedure(CODE).revisions
        assert revision.clock_rules == rules
        found = {each.code for each in check_paths([tmp_path])} & {"other-clock-rules"}
        assert found == codes


def test_rules_that_are_not_the_law_of_a_time_are_refused_with_their_periods() -> None:
    """None with waits subtracted before 23 June 2022; the message says which periods there are."""
    with pytest.raises(igate.IgateError, match="2022-06-23"):
        shipped_rules("subtracted", on=date(2020, 1, 1))


@pytest.mark.parametrize("wrong", ["2026-03-02", None, 20260302])
def test_what_is_in_force_is_asked_by_a_day(wrong: object) -> None:
    """A text is no day, nor is a moment: near midnight its date is not the one in Vietnam."""
    catalog = shipped_catalogue()
    with pytest.raises(MomentError, match=f"{wrong!r} is not a day"):
        shipped_rules(on=wrong)  # type: ignore[arg-type]
    with pytest.raises(MomentError, match=f"{wrong!r} is not a day"):
        catalog.in_force("1.001806", on=wrong)  # type: ignore[arg-type]
    with pytest.raises(MomentError, match="is a moment, but a day is wanted"):
        shipped_rules(on=parse_local("2026-03-02T09:00"))


def test_a_limit_that_is_still_a_text_is_refused() -> None:
    """As the other first mistakes are, with what to pass."""
    day = date(2026, 3, 2)
    marks = [igate.ClockMark(kind="start", at=parse_local("2026-03-02T09:00"))]
    with pytest.raises(TimeLimitError, match=r"'3 day' is no time limit\. Pass TimeLimit"):
        igate.compute_deadline(
            "3 day",  # type: ignore[arg-type]
            marks=marks, calendar=igate.WorkCalendar.vietnam(), rules=shipped_rules(on=day),
        )  # fmt: skip


def test_rules_that_have_another_name_now_are_still_found_by_the_first(tmp_path: Path) -> None:
    """A file that says index766 is read without a finding and counted as it was."""
    day = date(2026, 3, 2)
    assert shipped_rules("index766", on=day) is shipped_rules("subtracted", on=day)
    text = procedure(limits=f"[{{limit: 10 working_day, {CITED}}}]")
    file = tmp_path / f"{CODE}-x.yaml"
    file.write_text(
        text.replace("    steps:\n", "    clock_rules: index766\n    steps:\n"), encoding="utf-8"
    )
    assert "unknown-clock-rules" not in {each.code for each in check_paths([tmp_path])}
    ((_, revision),) = Catalog.load(file).procedure(CODE).revisions
    assert revision.clock_rules == "index766"


#: how each is found in the file: Luật Hộ tịch and Nghị định 23/2015/NĐ-CP, Điều 7 (docs/data.md)
AT_ONCE = (
    "2.000815", "2.000884", "2.000908", "2.000942", "2.000992", "2.001008",
    "1.001193", "2.000528", "1.000110", "1.000894", "1.000656", "1.001766", "1.004827", "2.000635",
)  # fmt: skip


@pytest.mark.parametrize(
    ("received", "due"),
    [
        # Friday 24 April 2026; Monday the 27th is the day off for Giỗ Tổ, which falls on Sunday
        ("2026-04-24T15:00", "2026-04-24T17:00"),
        ("2026-04-24T15:01", "2026-04-28T17:00"),
        # Saturday 22 August 2026 is worked for 31 August
        ("2026-08-21T15:30", "2026-08-22T17:00"),
        # a Sunday, online: what comes in on a day off is of the next working day
        ("2026-11-01T16:00", "2026-11-02T17:00"),
    ],
)
def test_after_three_the_result_waits_for_the_next_working_day(received: str, due: str) -> None:
    """In all 14 procedures of certification and civil status that are done at once."""
    catalog = shipped_catalogue()
    found = set()
    for code in catalog:
        for _, revision in catalog.procedure(code).revisions:
            if revision.limits[0].limit == igate.TimeLimit.parse("0 working_day until 15:00"):
                found.add(code)
                answer = igate.due(
                    revision.limits[0].limit, received=received,
                    rules=shipped_rules(revision.clock_rules, on=date.fromisoformat(received[:10])),
                )  # fmt: skip
                assert answer.due is not None
                assert answer.due.replace(tzinfo=None).isoformat(timespec="minutes") == due
    assert found == set(AT_ONCE)
