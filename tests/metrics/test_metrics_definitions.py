"""The named definitions of on time: what they add up, and what they refuse."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import date
from hashlib import sha256

import numpy as np
import pytest

from igate import metrics
from igate.errors import FrameError, IgateError
from igate.law.citation import Label
from igate.metrics.definitions import find_definitions

SOLVED = ("solved_early", "solved_on_time")
WITHIN = (*SOLVED, "in_process_within")
#: what is added above and below the line, and what is compared: compare, finish, repeated, due,
#: and how a withdrawn dossier counts
SHIPPED = {
    "form_06a": (SOLVED, "solved_total", "day recorded allowed promised by_dates"),
    "decree": (SOLVED, "received_total", "day recorded allowed promised by_dates"),
    "index766": (
        WITHIN, "received_total", "moment less_supplements overdue_while_waiting promised by_dates",
    ),
    "index766_repeated": (
        WITHIN, "received_total", "moment less_supplements overdue promised by_dates",
    ),
    "national_portal": (WITHIN, "received_total", "day recorded allowed promised by_dates"),
    "by_moment": (SOLVED, "solved_total", "moment recorded allowed promised by_dates"),
    "by_half_day": (SOLVED, "solved_total", "half_day recorded allowed promised by_dates"),
    "original_due": (SOLVED, "solved_total", "day recorded allowed original by_dates"),
    "supplement_extends": (SOLVED, "solved_total", "moment recorded allowed extended by_dates"),
    "withdrawn_on_time": (SOLVED, "solved_total", "day recorded allowed promised on_time"),
}  # fmt: skip


@pytest.mark.parametrize("name", SHIPPED)
def test_each_shipped_definition_divides_and_compares_what_its_instrument_says(name: str) -> None:
    """A change of a word of one of them is a change of every rate that was published with it."""
    above, below, judged = SHIPPED[name]
    shipped = metrics.definition(name)
    assert (shipped.name, shipped.numerator, shipped.denominator) == (name, above, (below,))
    assert shipped.judgement == tuple(judged.split())
    assert metrics.DEFINITIONS.keys() == SHIPPED.keys()


def test_the_instruments_are_in_force_on_their_days() -> None:
    """Circular 01 from its signing, decree 61 until decree 118 of 1 July 2025, decision 766."""
    days = {
        "form_06a": [(date(2020, 10, 20), False), (date(2020, 10, 21), True)],
        "decree": [
            (date(2018, 6, 20), False), (date(2018, 6, 21), True),
            (date(2025, 6, 30), True), (date(2025, 7, 1), False),
        ],
        "index766": [(date(2022, 6, 22), False), (date(2022, 6, 23), True)],
        "national_portal": [(date(2022, 6, 22), False), (date(2022, 6, 23), True)],
        "by_moment": [(date(1990, 1, 1), True)],
    }  # fmt: skip
    for name, asked in days.items():
        period = metrics.definition(name).in_force
        assert [(day, day in period) for day, _ in asked] == asked, name


def test_the_digest_of_a_definition_is_that_of_what_it_counts_and_by_what_text() -> None:
    """Keys in order, UTF-8, no labels, and nothing that has its default."""
    said = (
        '{"citation": "Thông tư 01/2020/TT-VPCP ngày 21/10/2020", "denominator": ["solved_total"], '
        '"in_force": "[2020-10-21, open)", "name": "form_06a", '
        '"numerator": ["solved_early", "solved_on_time"]}'
    )
    digest = sha256(said.encode()).hexdigest()
    form = metrics.definition("form_06a")
    assert form.digest == digest
    assert replace(form, label=Label(vi="khác"), compare="day").digest == digest
    assert replace(form, compare="moment").digest != digest
    assert form.version == f"form_06a [2020-10-21, open) #{digest[:12]}"


def test_a_definition_of_the_host_is_given_back_and_a_name_is_looked_up() -> None:
    """One or several, each once; none at all and one twice are refused."""
    own = replace(metrics.definition("decree"), name="own")
    assert metrics.definition(own) is own
    assert find_definitions("decree") == (metrics.definition("decree"),)
    assert find_definitions(own) == (own,)
    assert find_definitions(["form_06a", own]) == (metrics.definition("form_06a"), own)
    for wrong in ([], ["decree", "decree"], [own, "decree", own], ["decre"]):
        with pytest.raises(IgateError):
            find_definitions(wrong)


@pytest.mark.parametrize(
    "wrong",
    [{"compare": "hour"}, {"due": "printed"}, {"withdrawn": "late"}, {"repeated": "never"},
     {"finish": "asked"}, {"numerator": ()}, {"denominator": ()},
     {"denominator": ("solved_total", "solved")}],
)  # fmt: skip
def test_a_definition_that_says_nothing_that_is_counted_is_refused(
    wrong: dict[str, object],
) -> None:
    """Unknown words, a side without counts, a count that the form does not have."""
    form = metrics.definition("form_06a")
    assert replace(form, denominator=("solved_total", "in_process_total")).name == "form_06a"
    with pytest.raises(IgateError):
        replace(form, **wrong)


def test_the_form_divides_by_what_was_solved_and_the_decree_by_what_was_received() -> None:
    """Early + on time, over solved (II.06a) or over received (61/2018, Điều 30 khoản 2 điểm c)."""
    row = {"solved_early": 2, "solved_on_time": 5, "solved_total": 8, "received_total": 14}
    assert metrics.rate(row, "form_06a") == 7 / 8
    assert metrics.rate(row, "decree") == 7 / 14
    assert str(metrics.definition("form_06a").citation).startswith("Thông tư 01/2020/TT-VPCP")


def test_nothing_divided_by_nothing_is_no_rate() -> None:
    """An empty period is neither 0 nor 100 per cent on time."""
    assert metrics.rate(dict.fromkeys(metrics.COUNTS, 0)) is None
    assert metrics.rate(dict.fromkeys(metrics.COUNTS, 0), "decree") is None


def test_a_wrong_name_of_a_definition_is_answered_with_the_right_one() -> None:
    """The error suggests the nearest shipped definition and lists all."""
    with pytest.raises(IgateError, match='Did you mean "form_06a"'):
        metrics.definition("form_6a")
    with pytest.raises(IgateError, match="names 'solved'"):
        metrics.Definition(
            name="x",
            label=Label(vi="x"),
            citation=metrics.definition("decree").citation,
            numerator=("solved",),
            denominator=("solved_total",),
            numerator_label=Label(vi="x"),
            denominator_label=Label(vi="x"),
        )


@pytest.mark.parametrize("value", [None, 1.5, "many", -1, "1", [1]])
def test_a_rate_needs_whole_counts(value: object) -> None:
    """A count that is missing or no whole number is refused by its name."""
    row = {"solved_early": 0, "solved_on_time": value, "solved_total": 4}
    with pytest.raises(FrameError, match="'solved_on_time'"):
        metrics.rate(row)


def test_every_count_of_a_side_is_added_and_none_is_a_count() -> None:
    """1 + 2 over 4 is three quarters; 0 is a count like any other."""
    assert metrics.rate({"solved_early": 1, "solved_on_time": 2, "solved_total": 4}) == 0.75
    assert metrics.rate({"solved_early": 0, "solved_on_time": 1, "solved_total": 1}) == 1
    # not "-0.0", as a sum below zero over one below zero would print
    assert str(metrics.rate({"solved_early": 0, "solved_on_time": 0, "solved_total": 3})) == "0.0"


def test_numpy_counts_are_counts() -> None:
    """A row of a pandas frame holds NumPy integers; they are whole numbers too."""
    row = {name: np.int64(2) for name in ("solved_early", "solved_on_time", "solved_total")}
    assert metrics.rate(row) == 2


def test_importing_the_package_is_cheap() -> None:
    """Importing igate.metrics alone loads neither NumPy nor any frame library."""
    code = "import sys, igate.metrics as m; m.definition; print(sorted(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert not {"'numpy'", "'pandas'", "'polars'", "'narwhals'"} & set(
        done.stdout.strip("[]\n").split(", ")
    )
