"""Points of index 766, by the published rules and by hand."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from igate import metrics
from igate.errors import FrameError, IgateError
from places import ROOT

END = date(2026, 3, 31)
PAGE = (ROOT / "docs" / "reference" / "metrics.md").read_text("utf-8")
#: By the portal's rules: two in time, one late, one within time, one overdue, five received.
DOSSIERS = pl.DataFrame(
    {
        "code": ["early", "in-time", "late", "within", "overdue"],
        "channel": "online",
        "received": "2026-03-02T09:00",
        "due": ["2026-03-09", "2026-03-09", "2026-03-09", "2026-04-09", "2026-03-09"],
        "finished": ["2026-03-06", "2026-03-09", "2026-03-10", None, None],
        "co_tep": ["1", "0", "có", None, "không"],
        "dong_bo": ["1", "1", "1", "1", "0"],
    }
)


def test_measure_2_1_is_twenty_times_the_share() -> None:
    """Three of five are on time or within time: 20 · 3/5 = 12; the other two cost 4 each."""
    score = metrics.score766(DOSSIERS, as_of=END)
    (on_time,) = score.scored
    assert (on_time.numerator, on_time.denominator, on_time.points) == (3, 5, 12)
    assert (on_time.lost, on_time.each) == (8, 4)
    assert on_time.dossiers == ("late", "overdue")
    assert (score.points, score.most) == (12, 20)


def test_a_column_says_of_each_dossier_whether_it_counts() -> None:
    """4.1: two of four papers, the empty cell is not asked: 6 · 1/2. 1.4: 6 · 4/5."""
    score = metrics.score766(DOSSIERS, as_of=END, flags={"4.1": "co_tep", "1.4": "dong_bo"})
    points = {each.measure.number: each for each in score.scored}
    assert list(points) == ["1.4", "2.1", "4.1"]
    assert (points["4.1"].points, points["4.1"].dossiers) == (3, ("in-time", "overdue"))
    assert (points["1.4"].points, points["1.4"].dossiers) == (Fraction(24, 5), ("overdue",))
    assert (score.points, score.most) == (12 + 3 + Fraction(24, 5), 32)


def test_what_would_raise_the_score_most_comes_first() -> None:
    """Lost: 8 points of 2.1, 3 of 4.1, 6/5 of 1.4."""
    score = metrics.score766(DOSSIERS, as_of=END, flags={"4.1": "co_tep", "1.4": "dong_bo"})
    assert [(each.measure.number, each.lost) for each in score.gains] == [
        ("2.1", 8), ("4.1", 3), ("1.4", Fraction(6, 5))
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("number", "counts", "points"),
    [
        ("5.4", (45, 100), 3),  # 6 · 0.45 / 0.9
        ("5.4", (95, 100), 6),  # full from 90 %
        ("5.4", (0, 0), 0),  # nothing to divide by gives 0
        ("5.2", (0, 0), 6),  # and here all points
        ("5.3", (1, 4), Fraction(3, 2)),
        ("4.3", (40, 100), 1),  # 2 · 40 / 80
        ("4.3", (80, 100), 2),
        ("3.5", (20, 100), Fraction(1, 2)),  # 2.5 · 0.2
        ("3.6", (1, 3), 2),
        ("1.1", (1, 4), Fraction(3, 2)),
    ],
)
def test_points_follow_the_formula(
    number: str, counts: tuple[int, int], points: Fraction | int
) -> None:
    """Linear up to the share that is full, with what is said of an empty denominator."""
    assert metrics.MEASURES[number].points(*counts) == points
    score = metrics.score766(DOSSIERS, as_of=END, counts={number: counts})
    assert score.points == 12 + points


def test_an_empty_denominator_gives_no_points_where_nothing_is_said_of_it() -> None:
    """Neither 0 nor all: the measure has no points and is not in the most."""
    score = metrics.score766(DOSSIERS, as_of=END, counts={"4.1": (0, 0)})
    assert (score.scored[1].points, score.points, score.most) == (None, 12, 20)
    assert "4.1 Electronic results: 0 / 0 = - of 6" in str(score)


@given(above=st.integers(0, 500), more=st.integers(0, 500))
def test_one_more_above_the_line_adds_what_is_said(above: int, more: int) -> None:
    """``each`` is the difference that one more makes, and points are never above the most."""
    for measure in metrics.MEASURES.values():
        below = above + more
        points = measure.points(above, below)
        one = metrics.Scored(measure=measure, numerator=above, denominator=below, points=points)
        if points is None or not below:
            continue
        assert 0 <= points <= measure.most
        if more:
            further = measure.points(above + 1, below)
            assert further is not None
            assert further - points == one.each


def test_the_points_that_are_known_and_those_that_are_absent_make_a_hundred() -> None:
    """By group 18 + 20 + 12 + 10 + 22 + 18 = 100; the online group (12) and 4.2 (4) are absent."""
    most = {number: measure.most for number, measure in metrics.MEASURES.items()}
    groups = {"1": 18, "2": 20, "3": 10, "5": 18}
    for group, points in groups.items():
        assert sum(most[each] for each in most if each.startswith(group)) == points
    fourth = [each for each in most if each.startswith(("4", "e"))]
    assert sum(most[each] for each in fourth) == 22 - 4
    assert sum(most.values()) + 12 + 4 == 100


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"counts": {"4.2": (1, 2)}}, "Measure 4.2 has no points"),
        ({"counts": {"3.1-3.4": (1, 2)}}, "no points"),
        ({"counts": {"9.9": (1, 2)}}, "no measure"),
        ({"counts": {"4.1": (3, 2)}}, "3 of 2"),
        ({"counts": {"2.1": (1, 2)}}, "given twice"),
        ({"counts": {"4.1": (1, 2)}, "flags": {"4.1": "co_tep"}}, "given twice"),
    ],
)
def test_what_cannot_be_scored_is_refused(asked: dict[str, dict[str, object]], said: str) -> None:
    """With the reason, and nothing is taken for 0."""
    with pytest.raises(IgateError, match=said):
        metrics.score766(DOSSIERS, as_of=END, **asked)  # type: ignore[arg-type]


def test_a_cell_that_is_neither_yes_nor_no_is_refused() -> None:
    """Its row is named."""
    wrong = DOSSIERS.with_columns(co_tep=pl.Series(["1", "0", "maybe", None, "0"]))
    with pytest.raises(FrameError, match="row 3: late has maybe"):
        metrics.score766(wrong, as_of=END, flags={"4.1": "co_tep"})


def test_the_page_names_every_measure_with_its_points_and_its_standing() -> None:
    """docs/reference/metrics.md and the code say the same."""
    for number, measure in metrics.MEASURES.items():
        share = f"{int(measure.full * 100)}%"
        assert f"| {number} | {measure.label.en} | {measure.most} | {share} |" in PAGE, number
        line = next(each for each in PAGE.splitlines() if each.startswith(f"| {number} |"))
        assert f" {measure.standing} |" in line, number
    for number in metrics.ABSENT:
        assert f"| {number} |" in PAGE, number
