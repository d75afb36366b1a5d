"""The same dossiers under another limit, calendar, clock rule or definition."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

import narwhals.stable.v2 as nw
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commands import run_command
from igate import WorkCalendar, metrics
from igate.errors import FrameError, IgateError, TimeLimitError

if TYPE_CHECKING:
    from pathlib import Path

#: Received on Monday 2 March 2026, 09:00, five working days: due on Monday 9, with three on
#: Thursday 5, with seven on Wednesday 11. C asked for a supplement on Wednesday 4 and had it on
#: Wednesday 11: counting begins anew, due on Wednesday 18; where the wait is subtracted, two days
#: (3, 4) had been used and three remain after it: due before that. D is not finished.
ROWS = {
    "code": ["A", "B", "C", "D"],
    "agency": ["H15.10", "H15.10", "H15.11", "H15.11"],
    "channel": ["online"] * 4,
    "limit": ["5 working_day"] * 4,
    "received": ["2026-03-02T09:00"] * 4,
    "finished": ["2026-03-06T10:00", "2026-03-10T10:00", "2026-03-18T10:00", None],
    "suspensions": [None, None, "supplement:2026-03-04T09:00/2026-03-11T09:00", None],
}
AS_OF = date(2026, 3, 10)
LATER = date(2026, 3, 31)


def table(**options: Any) -> dict[str, dict[str, Any]]:  # noqa: ANN401 - any option
    given = {"as_of": LATER, **options}
    return {row["agency"]: row for row in metrics.what_if(pl.DataFrame(ROWS), **given).to_dicts()}


def test_another_limit_moves_what_was_on_time() -> None:
    """With three working days A is late too; with seven B is on time and D overdue either way."""
    short = table(limit="3 working_day")["H15.10"]
    assert (short["solved_late"], short["solved_late_if"]) == (1, 2)
    assert (short["on_time_rate"], short["on_time_rate_if"], short["rate_change"]) == (0.5, 0, -0.5)
    long = table(limit="7 working_day")["H15.10"]
    assert (long["solved_late_if"], long["solved_early_if"], long["rate_change"]) == (0, 2, 0.5)


def test_an_open_dossier_is_looked_at_on_the_same_day() -> None:
    """On 10 March D is overdue by five working days and not by seven."""
    row = table(limit="7 working_day", as_of=AS_OF)["H15.11"]
    assert (row["in_process_overdue"], row["in_process_overdue_if"]) == (1, 0)
    assert (row["on_time_rate"], row["rate_change"]) == (None, None)


def test_other_clock_rules_move_the_due_date_of_a_wait() -> None:
    """C is on time where counting begins anew, late where the wait is subtracted."""
    row = table(rules="subtracted")["H15.11"]
    assert (row["solved_on_time"], row["solved_late_if"]) == (1, 1)
    assert row["rate_change"] == -1
    assert table(rules="subtracted")["H15.10"]["rate_change"] == 0


#: An invented day off on Monday 9 March 2026.
LAYER = """format: 1
checked_on: "2026-03-01"
records:
  - date: "2026-03-09"
    effect: "off"
    kind: local
    scope: both
    citation: Quyết định 1/QĐ-UBND
    source: invented for this test
    confidence: official
    announced_on: unknown
"""


def test_another_calendar_moves_due_dates(tmp_path: Path) -> None:
    """With 9 March off, five working days end on Tuesday 10: B is on time."""
    (tmp_path / "off.yaml").write_text(LAYER, encoding="utf-8")
    other = WorkCalendar.vietnam(provisional=True, layers=[tmp_path / "off.yaml"])
    row = table(calendar=other)["H15.10"]
    assert (row["solved_late"], row["solved_late_if"], row["solved_on_time_if"]) == (1, 0, 1)
    assert row["rate_change"] == 0.5


def test_an_office_with_days_and_rules_of_its_own_is_held_against_them(tmp_path: Path) -> None:
    """With 9 March off B is on time before anything is otherwise, with three days both are late.

    Under subtracted waits C is late in both counts.
    """
    (tmp_path / "off.yaml").write_text(LAYER, encoding="utf-8")
    own = WorkCalendar.vietnam(provisional=True, layers=[tmp_path / "off.yaml"])
    row = table(limit="3 working_day", against_calendar=own)["H15.10"]
    assert (row["solved_late"], row["solved_late_if"]) == (0, 2)
    row = table(calendar=WorkCalendar.vietnam(provisional=True), against_calendar=own)["H15.10"]
    assert (row["solved_late"], row["solved_late_if"]) == (0, 1)
    row = table(limit="4 working_day", against_rules="subtracted")["H15.11"]
    assert (row["solved_late"], row["solved_late_if"]) == (1, 1)
    row = table(rules="decree", against_rules="subtracted")["H15.11"]
    assert (row["solved_late"], row["solved_late_if"]) == (1, 0)


def test_another_definition_divides_otherwise() -> None:
    """form_06a: 1 of 1 solved; decree: 1 of 2 received."""
    row = table(definition="decree")["H15.11"]
    assert (row["rate_denominator"], row["rate_denominator_if"]) == (1, 2)
    assert row["rate_change"] == -0.5
    other = table(definition="form_06a", against="decree")["H15.11"]
    assert other["rate_change"] == 0.5


def test_limits_by_procedure_or_by_text_change_only_those() -> None:
    """A code with or without its suffix, a limit as the table writes it."""
    frame = pl.DataFrame(ROWS).with_columns(
        procedure=pl.Series(["1.001806.000.00.00.H15", "1.001190", "1.001190", "1.001190"])
    )
    found = metrics.what_if(frame, limit={"1.001806": "3 working_day"}, as_of=LATER)
    assert found["solved_late_if"].to_list() == [2, 0]
    text = metrics.what_if(frame, limit={"5 Working_day": "30 day"}, as_of=LATER, by=())
    assert text["solved_late_if"].to_list() == [0]
    with pytest.raises(FrameError, match=r"No dossier has the procedure or the limit '9\.999999'"):
        metrics.what_if(frame, limit={"9.999999": "3 day"}, as_of=LATER)


def test_given_due_dates_are_left_out_on_both_sides() -> None:
    """Where limits change; where only the definition does, they are kept."""
    frame = pl.DataFrame(ROWS).with_columns(due=pl.lit("2026-03-02"))
    found = metrics.what_if(frame, limit="5 working_day", as_of=LATER)
    assert found["rate_change"].to_list() == [0, 0]
    assert found["solved_late"].to_list() == [1, 0]
    kept = metrics.what_if(frame, definition="decree", as_of=LATER)
    assert kept["solved_late"].to_list() == [2, 1]
    with pytest.raises(FrameError, match="due dates but no limits"):
        metrics.what_if(frame.drop("limit"), rules="subtracted", as_of=LATER)


@pytest.mark.parametrize("kind", ["polars", "lazy", "pandas", "pyarrow"])
def test_what_comes_from_a_library_goes_back_into_it(kind: str) -> None:
    """Empty groups included."""
    frame = pl.DataFrame(ROWS).with_columns(agency=pl.Series(["H15.10", None, None, None]))
    mine: Any = {
        "polars": frame, "lazy": frame.lazy(), "pandas": frame.to_pandas(),
        "pyarrow": frame.to_arrow(),
    }[kind]  # fmt: skip
    found = metrics.what_if(mine, limit="3 working_day", as_of=LATER)
    assert type(found) is type(mine)
    read = nw.from_native(found.collect() if kind == "lazy" else found, eager_only=True)
    assert read["solved_late_if"].to_list() == [1, 2]


@given(days=st.lists(st.integers(0, 40), min_size=1, max_size=12), limit=st.integers(1, 20))
@settings(max_examples=40, deadline=None)
def test_a_longer_limit_never_makes_more_late_and_the_first_count_is_the_settlement(
    days: list[int], limit: int
) -> None:
    """A law of the count, whatever the dossiers."""
    start = date(2026, 3, 2).toordinal()
    frame = pl.DataFrame(
        {
            "code": [str(number) for number in range(len(days))],
            "channel": ["online"] * len(days),
            "limit": ["10 working_day"] * len(days),
            "received": ["2026-03-02"] * len(days),
            "finished": [date.fromordinal(start + day).isoformat() for day in days],
        }
    )
    (row,) = metrics.what_if(frame, limit=f"{limit} working_day", by=(), as_of=LATER).to_dicts()
    (own,) = metrics.settlement(frame, by=(), as_of=LATER).to_dicts()
    assert {name: row[name] for name in own} == own
    assert (row["solved_late_if"] - row["solved_late"]) * (limit - 10) <= 0


def test_what_cannot_be_answered_is_refused() -> None:
    """Nothing otherwise, a limit or rules that are none."""
    with pytest.raises(FrameError, match="Nothing is to be otherwise"):
        table()
    with pytest.raises(TimeLimitError):
        table(limit="soon")
    with pytest.raises(IgateError, match="nonsense"):
        table(rules="nonsense")


def test_the_command_shows_both_counts(tmp_path: Path) -> None:
    """As a table, or as JSON; a layer of the calendar with 9 March off makes B on time."""
    pl.DataFrame(ROWS).write_csv(tmp_path / "d.csv")
    asked = ["whatif", "d.csv", "--as-of", "2026-03-31"]
    done = run_command([*asked, "--limit", "3 working_day"], tmp_path)
    assert "50.00%" in done.stdout
    assert "Late, if" in " ".join(done.stdout.split())
    heads = run_command([*asked, "--by", "month", "--rules", "decree", "--lang", "vi"], tmp_path)
    assert "Tháng" in heads.stdout
    assert "month" not in heads.stdout
    rows = json.loads(run_command([*asked, "--rules", "subtracted", "--json"], tmp_path).stdout)
    assert [row["solved_late_if"] for row in rows] == [1, 1]
    (tmp_path / "off.yaml").write_text(LAYER, encoding="utf-8")
    rows = json.loads(run_command([*asked, "--layer", "off.yaml", "--json"], tmp_path).stdout)
    assert [row["solved_late_if"] for row in rows] == [0, 0]
    own = [*asked, "--against-layer", "off.yaml", "--against-rules", "subtracted", "--json"]
    rows = json.loads(run_command([*own, "--limit", "3 working_day"], tmp_path).stdout)
    assert [(row["solved_late"], row["solved_late_if"]) for row in rows] == [(0, 2), (1, 1)]
    wrong = run_command([*asked, "--limit", "3 day", "--limit", "4 day"], tmp_path)
    assert wrong.returncode == 2
    assert (
        run_command([*asked, "--limit", "3 day", "--from", "2026-03-01"], tmp_path).returncode == 2
    )


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ([], "Give at least one of"),
        (["--limit", "soon"], "'soon' is not a time limit"),
        (["--limit", "1.001806=soon"], "'soon' is not a time limit"),
        (["--rules", "nonsense"], "There are no clock rules named 'nonsense'"),
        (["--definition", "nonsense"], "There is no definition of on time named 'nonsense'"),
        (["--limit", "3 day", "--against", "nonsense"], "named 'nonsense'"),
    ],
)
def test_a_word_that_cannot_be_read_is_a_wrong_use(
    tmp_path: Path, options: list[str], said: str
) -> None:
    """It ends with 2, as of every command, before a table is read."""
    (tmp_path / "d.csv").write_text("nothing\n", encoding="utf-8")
    done = run_command(["whatif", "d.csv", "--as-of", "2026-03-31", *options], tmp_path)
    assert done.returncode == 2
    assert said in " ".join(done.stderr.split())


def test_a_log_is_replayed_as_a_table_is(tmp_path: Path) -> None:
    """A of five working days, finished on the fourth: late under three."""
    (tmp_path / "log.csv").write_text(
        "id,what,at\nA,in,2026-03-02T09:00\nA,out,2026-03-06T10:00\n", encoding="utf-8"
    )
    (tmp_path / "map.yaml").write_text(
        "{case: id, activity: what, moment: at, marks: {start: in, finish: out}, "
        "constants: {agency: H15.10, channel: online, limit: 5 working_day}}",
        encoding="utf-8",
    )
    asked = ["whatif", "log.csv", "--log", "map.yaml", "--as-of", "2026-03-31", "--json"]
    done = run_command([*asked, "--limit", "3 working_day"], tmp_path)
    (row,) = json.loads(done.stdout)
    assert (row["solved_late"], row["solved_late_if"]) == (0, 1)
