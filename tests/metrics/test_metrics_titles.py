"""Titles above the headings of a text file are passed over, as in a workbook."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import narwhals.stable.v2 as nw
import openpyxl
import pytest

from commands import run_command
from igate import metrics
from igate.errors import FrameError

if TYPE_CHECKING:
    from pathlib import Path

HEADINGS = (
    "Mã hồ sơ", "Đơn vị xử lý", "Hình thức nộp", "Thời hạn giải quyết", "Ngày tiếp nhận",
    "Ngày kết thúc xử lý",
)  # fmt: skip
ROWS = (
    ("H15-1", "Sở Y tế", "Trực tuyến", "7 ngày làm việc", "03/08/2026 09:00", "12/08/2026 16:30"),
    ("H15-2", "Sở Nội vụ", "Trực tiếp", "7 ngày làm việc", "03/08/2026 10:30", "13/08/2026 9:00"),
)
MAP = {
    "code": "Mã hồ sơ", "agency": "Đơn vị xử lý", "channel": "Hình thức nộp",
    "limit": "Thời hạn giải quyết", "received": "Ngày tiếp nhận",
    "finished": "Ngày kết thúc xử lý", "dates": "day_first",
    "values": {"channel": {"online": "Trực tuyến", "counter": "Trực tiếp"}},
}  # fmt: skip
#: What stands above the headings, and how many lines that is.
TITLES = {
    "one line": ("SỔ THEO DÕI HỒ SƠ", 1),
    "the cells of a spreadsheet": ("SỔ THEO DÕI HỒ SƠ{d}{d}{d}{d}{d}", 1),
    "a title with a comma": ("Sở Y tế, tỉnh Cao Bằng", 1),
    "a title with a comma and another": ("Sở Y tế, năm 2026\nTháng 8", 2),
    "a blank line below": ("SỔ THEO DÕI\n\n", 3),
    "the cells of a blank row": ("SỔ THEO DÕI{d}{d}{d}{d}{d}\n{d}{d}{d}{d}{d}", 2),
    "two cells": ("Từ ngày{d}01/08/2026{d}{d}{d}{d}", 1),
}


def written(tmp_path: Path, title: str, delimiter: str) -> Path:
    """Write the table below a title."""
    lines = [title.replace("{d}", delimiter), *(delimiter.join(row) for row in (HEADINGS, *ROWS))]
    path = tmp_path / "so.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("name", TITLES)
def test_a_text_with_a_title_is_counted(name: str, delimiter: str, tmp_path: Path) -> None:
    """With and without a map; lines are those of the file."""
    title, above = TITLES[name]
    path = written(tmp_path, title, delimiter)
    frame = nw.from_native(metrics.read_table(path, column_map=MAP), eager_only=True)
    assert frame["file_line"].to_list() == [above + 2, above + 3]
    # by hand: seven working days from Monday 3 August end on the 12th
    found = nw.from_native(metrics.settlement(frame.to_native(), by=(), as_of=date(2026, 8, 31)))
    assert found["solved_on_time"].to_list() + found["solved_late"].to_list() == [1, 1]
    assert tuple(metrics.headings_of(path)) == HEADINGS
    assert nw.from_native(metrics.read_table(path), eager_only=True).columns[1:] == [*HEADINGS]


@pytest.mark.parametrize("name", TITLES)
def test_a_workbook_with_the_same_titles_gives_the_same(name: str, tmp_path: Path) -> None:
    """One rule for both."""
    title = TITLES[name][0]
    book = openpyxl.Workbook()
    for line in title.split("\n"):
        book.active.append(line.split("{d}"))
    for row in (HEADINGS, *ROWS):
        book.active.append(row)
    book.save(tmp_path / "so.xlsx")
    path = written(tmp_path, title, ";")
    assert metrics.headings_of(tmp_path / "so.xlsx") == metrics.headings_of(path)


def test_a_map_is_proposed_from_the_headings_below_a_title(tmp_path: Path) -> None:
    """And not from the title."""
    path = written(tmp_path, "SỔ THEO DÕI HỒ SƠ", ";")
    done = run_command(["metrics", str(path), "--propose-map"], tmp_path)
    assert "code: Mã hồ sơ\n" in done.stdout
    assert "SỔ THEO DÕI" not in done.stdout


@pytest.mark.parametrize(
    ("text", "words"),
    [
        # a line with a delimiter too many is no wider table
        ("code,agency\n1,2,3,4,5\n", [":2", "5 cells", "line 1 names 2 columns"]),
        ("SỔ\ncode,agency,x\n1,2,3\n1,2\n", [":4", "2 cells", "line 2 names 3 columns"]),
        ("SỔ\ncode,code,x\n1,2,3\n", [":2", "'code'", "This line names the columns"]),
    ],
)
def test_a_fault_below_a_title_is_named_by_its_line(
    text: str, words: list[str], tmp_path: Path
) -> None:
    """The headings are on the line that the message names."""
    path = tmp_path / "so.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(FrameError) as caught:
        metrics.read_table(path)
    assert [word for word in words if word not in str(caught.value)] == []


def test_words_with_commas_do_not_change_the_delimiter(tmp_path: Path) -> None:
    """The headings have semicolons, and the cells more commas than semicolons."""
    path = tmp_path / "so.csv"
    path.write_text("a;b;c\n" + "x, y, z, w, v;1,5;2\n" * 5, encoding="utf-8")
    assert tuple(metrics.headings_of(path)) == ("a", "b", "c")


def test_columns_that_the_map_does_not_find_are_named_below_a_title(tmp_path: Path) -> None:
    """The message lists the headings and not the title."""
    path = written(tmp_path, "SỔ THEO DÕI", ";")
    with pytest.raises(FrameError, match="The columns of the file are Mã hồ sơ, Đơn vị"):
        metrics.read_table(path, column_map={"code": "Số hiệu"})
