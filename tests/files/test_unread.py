"""A file that cannot be read is refused by name, whoever asks for it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from igate import metrics
from igate.calendar import WorkCalendar
from igate.checks.checker import Checker, check_paths
from igate.errors import IgateError
from igate.words.sentence import said

if TYPE_CHECKING:
    from collections.abc import Callable

READERS: dict[str, Callable[[Path], object]] = {
    "layer": lambda file: WorkCalendar.vietnam(layers=[file]),
    "columns": lambda file: metrics.read_table(__file__, column_map=file),
    "log": lambda file: metrics.read_log(__file__, file),
}


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("kind", ["missing", "folder"])
def test_what_is_no_file_is_refused_by_name(tmp_path: Path, reader: str, kind: str) -> None:
    """In both languages, with what to do; never a bare ``FileNotFoundError``."""
    path = tmp_path / "own.yaml"
    if kind == "folder":
        path.mkdir()
    with pytest.raises(IgateError, match=r"own\.yaml: The file cannot be read: .* Check") as caught:
        READERS[reader](path)
    assert "own.yaml: Không đọc được tệp" in said(caught.value.sentence, "vi")


def test_a_layer_that_is_not_utf_8_is_refused_by_name(tmp_path: Path) -> None:
    """``ngày`` as windows-1258 writes it: its à is the fifteenth byte."""
    (tmp_path / "own.yaml").write_bytes(b"days: []  # ng\xe0y\n")
    with pytest.raises(IgateError, match=r"own\.yaml:1:15: .* The file is not UTF-8"):
        READERS["layer"](tmp_path / "own.yaml")


def test_one_path_is_not_taken_for_as_many_as_it_has_letters() -> None:
    """``check_paths("procedures")`` asked for a file named p."""
    for take in (check_paths, Checker, lambda path: WorkCalendar.vietnam(layers=path)):
        for path in ("own.yaml", Path("own.yaml")):
            with pytest.raises(IgateError, match=r"'own\.yaml' is one path.*Write \['own\.yaml'\]"):
                take(path)  # type: ignore[no-untyped-call]
