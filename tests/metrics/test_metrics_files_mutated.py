"""Damaged tables: whatever bytes a file has, it is read into a frame or refused with a reason."""

from __future__ import annotations

import io
import tempfile
import time
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from unittest import mock

import narwhals.stable.v2 as nw
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from igate.errors import FrameError, IgateError
from igate.metrics import read_table

if TYPE_CHECKING:
    from igate.metrics.files import DateForm

LIBRARIES = ["polars", "pandas", "pyarrow"]
DAY = datetime(2026, 1, 5, 9)  # noqa: DTZ001 - tables are in Vietnamese time, without a zone


def parquet(compression: str) -> bytes:
    """Return a small table in Parquet."""
    frame = pl.DataFrame(
        {
            "code": [f"A{number}" for number in range(30)],
            "agency": ["Sở Y tế", "X", None] * 10,
            "received": [DAY] * 30,
            "finished": [None] * 30,
            "suspensions": [[number] for number in range(30)],
        }
    )
    target = io.BytesIO()
    frame.write_parquet(target, compression=compression)  # type: ignore[arg-type]
    return target.getvalue()


GOOD = {
    "comma.csv": 'code,agency,received\nA1,"Sở Y ""tế""",2026-01-05T09:00\nA2,X,\n'.encode(),
    "semicolon.csv": "\ufeffcode;agency;received\r\nA1;X;05/03/2026 09:00\r\n".encode(),
    "array.json": b'[{"code": "A1", "agency": "X", "received": "2026-01-05"}]',
    "lines.jsonl": b'{"code": "A1", "received": "2026-01-05"}\n' * 3,
    "snappy.parquet": parquet("snappy"),
    "zstd.parquet": parquet("zstd"),
    "plain.parquet": parquet("uncompressed"),
}


@st.composite
def mutated(draw: st.DrawFn, content: bytes) -> bytes:
    """Return bytes with some replaced, left out, put in or doubled; Parquet keeps its marks."""
    marked = content.startswith(b"PAR1") and draw(st.booleans())
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(content)))
        end = min(len(content), at + draw(st.integers(0, 30)))
        put = draw(st.one_of(st.binary(max_size=8), st.just(content[at:end] * 2)))
        content = content[:at] + put + content[end:]
    return b"PAR1" + content[4:-4] + b"PAR1" if marked else content


def answered(content: bytes, name: str, dates: DateForm) -> bool:
    """Return whether bytes give a frame with columns, or an error with place and remedy."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        try:
            frame = nw.from_native(read_table(path, dates=dates), eager_only=True)
        except IgateError as error:
            return bool(error.what and error.where and error.fix)
        return len(frame.columns) >= 0


@settings(max_examples=100)
@given(
    data=st.data(),
    name=st.sampled_from(sorted(GOOD)),
    library=st.sampled_from(LIBRARIES),
    dates=st.sampled_from(["iso", "day_first"]),
)
def test_mutated_bytes_give_a_frame_or_one_error(
    data: st.DataObject, name: str, library: str, dates: DateForm
) -> None:
    """In each of the libraries that may be installed."""
    content = data.draw(mutated(GOOD[name]))
    with (
        mock.patch("igate.metrics.files._FOR_CSV", (library,)),
        mock.patch("igate.metrics.files._FOR_PARQUET", (library,)),
    ):
        assert answered(content, name, dates)


@pytest.mark.parametrize("name", sorted(name for name in GOOD if not name.startswith("array")))
def test_what_is_mutated_above_was_a_table(name: str, tmp_path: Path) -> None:
    """The mutations begin with files that are read, JSON Lines as a CSV of one odd column."""
    (tmp_path / name).write_bytes(GOOD[name])
    frame = read_table(tmp_path / name, dates="day_first")
    assert len(nw.from_native(frame, eager_only=True)) in {1, 2, 30}


@pytest.mark.parametrize("content", [b'""\n', b"\xef\xbb\xbf\n \n", b"\n\n  \n", b""])
def test_a_file_without_a_record_is_empty(content: bytes, tmp_path: Path) -> None:
    """Quotes with nothing inside, a mark of the encoding, blank lines: no names of columns."""
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    with pytest.raises(FrameError, match="The file is empty"):
        read_table(path)


def test_a_hundred_thousand_columns_are_refused_in_a_moment(tmp_path: Path) -> None:
    """The name that appears twice is found without comparing each with each."""
    path = tmp_path / "wide.csv"
    path.write_text(",".join(f"c{number}" for number in range(100_000)) + ",c5\n", encoding="utf-8")
    begun = time.process_time()
    with pytest.raises(FrameError, match="'c5' of column 6 appears twice"):
        read_table(path)
    assert time.process_time() - begun < 3


def test_a_panic_of_polars_is_an_error_of_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is no Exception in Python; an interrupt, which is none either, goes on."""
    path = tmp_path / "a.parquet"
    path.write_bytes(GOOD["plain.parquet"])

    def ended(error: BaseException) -> None:
        def raised(*_: object, **__: object) -> None:
            raise error

        monkeypatch.setattr("igate.metrics.files.nw.from_arrow", raised)

    ended(pl.exceptions.PanicException("out of range"))
    with pytest.raises(FrameError, match="out of range"):
        read_table(path)
    ended(KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        read_table(path)


def test_parquet_is_the_same_through_arrow_as_polars_reads_it(tmp_path: Path) -> None:
    """Categories, zones, nulls, small numbers and lists keep their types and values."""
    zoned = pl.Series([DAY, None]).dt.replace_time_zone("Asia/Ho_Chi_Minh")
    frame = pl.DataFrame(
        {
            "code": ["A1", "A2"],
            "agency": pl.Series(["X", None], dtype=pl.Categorical),
            "channel": pl.Series(["counter", "post"], dtype=pl.Enum(["counter", "post"])),
            "received": zoned,
            "finished": [None, None],
            "reopened": pl.Series([1, 2], dtype=pl.UInt8),
            "days": [[1], []],
            "due": [DAY.date(), None],
        }
    )
    frame.write_parquet(tmp_path / "a.parquet")
    found = read_table(tmp_path / "a.parquet")
    assert isinstance(found, pl.DataFrame)
    assert found.schema == frame.schema
    assert found.equals(frame)
