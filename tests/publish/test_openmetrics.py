"""A settlement as OpenMetrics, read back with the parser of Prometheus."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client.openmetrics.parser import text_string_to_metric_families

from commands import run_command
from igate import metrics
from igate.errors import FrameError, IgateError
from igate.law.localtime import VIETNAM
from igate.publish.exchange import settlement_openmetrics

if TYPE_CHECKING:
    from pathlib import Path

#: Five working days from Monday 2 March 2026: due on Monday 9.
DOSSIERS = """code,agency,channel,limit,received,finished
A,H15.10,online,5 working_day,2026-03-02T09:00,2026-03-09T16:00
B,H15.10,counter,5 working_day,2026-03-02T10:00,2026-03-10T08:00
C,H15.11,post,5 working_day,2026-03-02T08:00,
"""
MARCH = date(2026, 3, 31)


def samples(text: str) -> dict[tuple[str, frozenset[tuple[str, str]]], Any]:
    """Read a text with the parser of Prometheus, which refuses what is not OpenMetrics."""
    return {
        (each.name, frozenset(each.labels.items())): (each.value, each.timestamp)
        for family in text_string_to_metric_families(text)
        for each in family.samples
    }


def table(tmp_path: Path, **options: Any) -> Any:  # noqa: ANN401 - a frame
    (tmp_path / "d.csv").write_text(DOSSIERS, encoding="utf-8")
    frame = metrics.read_table(tmp_path / "d.csv")
    return metrics.settlement(frame, by=("agency",), as_of=MARCH, **options)


def test_each_count_is_a_sample_with_its_labels(tmp_path: Path) -> None:
    """One on time, one late, one overdue; the agency without a solved dossier has no rate."""
    found = samples(settlement_openmetrics(table(tmp_path)))
    own = {("definition", "form_06a"), ("agency", "H15.10")}
    other = {("definition", "form_06a"), ("agency", "H15.11")}

    def value(name: str, *labels: tuple[str, str]) -> Any:  # noqa: ANN401 - number or nothing
        return found.get((name, frozenset(labels)), (None, None))[0]

    standing, intake = "igate_dossiers_by_standing", "igate_dossiers_by_intake"
    assert value(standing, *own, ("standing", "solved_on_time")) == 1
    assert value(standing, *own, ("standing", "solved_late")) == 1
    assert value(standing, *other, ("standing", "in_process_overdue")) == 1
    assert value(intake, *own, ("intake", "received_online")) == 1
    assert value(intake, *other, ("intake", "received_counter_post")) == 1
    assert value("igate_on_time_numerator", *own) == 1
    assert value("igate_on_time_denominator", *own) == 2
    assert value("igate_on_time_ratio", *own) == 0.5
    assert value("igate_on_time_denominator", *other) == 0
    assert value("igate_on_time_ratio", *other) is None
    for family in (standing, intake):
        assert sum(number for (name, _), (number, _) in found.items() if name == family) == 3


def test_totals_are_left_out_and_definitions_told_apart(tmp_path: Path) -> None:
    """A sum over the labels of one definition counts no dossier twice."""
    several = table(tmp_path, definition=["form_06a", "decree"], total=True)
    found = samples(settlement_openmetrics(several))
    for name in ("form_06a", "decree"):
        own = [
            number
            for (family, labels), (number, _) in found.items()
            if family == "igate_dossiers_by_standing" and ("definition", name) in labels
        ]
        assert sum(own) == 3


def test_samples_can_bear_a_moment(tmp_path: Path) -> None:
    """Midnight of 1 April 2026 in Vietnam is 17:00 UTC of 31 March: 1,774,976,400 s."""
    at = datetime(2026, 4, 1, tzinfo=VIETNAM)
    found = samples(settlement_openmetrics(table(tmp_path), at=at))
    assert {float(stamp) for _, stamp in found.values()} == {1_774_976_400.0}


@given(st.text(max_size=8))
def test_every_name_of_a_group_survives(name: str) -> None:
    """Quotes, backslashes and line ends are escaped; what cannot be printed is replaced."""
    row = {**dict.fromkeys(metrics.COUNTS, 7), "rate_numerator": 1, "rate_denominator": 7,
           "on_time_rate": 1 / 7, "agency": name}  # fmt: skip
    found = samples(settlement_openmetrics([row]))
    names = {dict(labels)["agency"] for _, labels in found}
    assert len(names) == 1
    if name.isprintable():
        assert names == {name}
    ratio = [number for (family, _), (number, _) in found.items() if family.endswith("ratio")]
    assert ratio == [1 / 7]


def test_what_is_no_settlement_or_no_label_is_refused(tmp_path: Path) -> None:
    """The column is named."""
    with pytest.raises(FrameError, match="no column 'received_total'"):
        settlement_openmetrics(pl.DataFrame({"a": [1]}))
    with pytest.raises(FrameError, match="'Đơn vị' cannot be the name of a label"):
        settlement_openmetrics(table(tmp_path).rename({"agency": "Đơn vị"}))
    with pytest.raises(IgateError, match="nonsense"):
        settlement_openmetrics(table(tmp_path), definition="nonsense")


def test_the_command_prints_it(tmp_path: Path) -> None:
    """``--openmetrics``, of every definition asked for."""
    (tmp_path / "d.csv").write_text(DOSSIERS, encoding="utf-8")
    done = run_command(
        ["metrics", "d.csv", "--as-of", "2026-03-31", "--openmetrics", "--definition",
         "form_06a,decree"], tmp_path,
    )  # fmt: skip
    assert {dict(labels)["definition"] for _, labels in samples(done.stdout)} == {
        "form_06a", "decree",
    }  # fmt: skip
