"""On the command line a missing column is answered with the option that takes the map."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from commands import run_command
from igate import metrics
from igate.errors import FrameError

if TYPE_CHECKING:
    from pathlib import Path

TABLE = "code,HinhThuc,agency,received,finished,limit\n"
ROW = "1,online,H15,2026-08-03,2026-08-04,7 working_day\n"
LOG = "case,activity,moment\n1,nhận,2026-08-03T09:00\n"
LOG_MAP = "case: case\nactivity: activity\nmoment: moment\nmarks: {start: nhận}\n"


@pytest.mark.parametrize(
    "command",
    [["metrics"], ["metrics", "--rejects", "aside.csv"], ["whatif", "--limit", "5 working_day"]],
)
def test_a_missing_column_is_answered_with_the_map(command: list[str], tmp_path: Path) -> None:
    """Nobody who gives a file can write columns=."""
    (tmp_path / "a.csv").write_text(TABLE + ROW, encoding="utf-8")
    done = run_command([*command, "a.csv"], tmp_path)
    assert done.returncode == 1
    assert "has no column 'channel'" in done.stderr
    assert 'write that name behind "channel:" in the file of --map' in done.stderr
    assert "--propose-map" in done.stderr
    assert "columns=" not in done.stderr
    done = run_command([*command, "a.csv", "--lang", "vi"], tmp_path)
    assert "--map" in done.stderr
    assert "columns=" not in done.stderr


def test_a_log_is_answered_with_its_own_map(tmp_path: Path) -> None:
    """What is called what is said below columns there."""
    (tmp_path / "a.csv").write_text(LOG, encoding="utf-8")
    (tmp_path / "log.yaml").write_text(LOG_MAP, encoding="utf-8")
    done = run_command(["metrics", "a.csv", "--log", "log.yaml"], tmp_path)
    assert done.returncode == 1
    words = "Write below columns in the file of --log in which column of the log it is"
    assert f'{words}, like "channel:' in done.stderr
    assert "columns=" not in done.stderr


def test_in_python_the_keyword_is_named(tmp_path: Path) -> None:
    """As before."""
    (tmp_path / "a.csv").write_text(TABLE + ROW, encoding="utf-8")
    with pytest.raises(FrameError, match=r'columns=\{"channel": "..."\}'):
        metrics.settlement(metrics.read_table(tmp_path / "a.csv"), as_of=date(2026, 8, 31))
