"""Files that are damaged, or made to fill the memory: each is refused at once, with its reason."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hostile import HOSTILE, sheet, word, workbook
from igate.errors import IgateError
from igate.importing import Draft, read_drafts
from importing_tables import record, write

#: Seconds of the processor and bytes of address space that one file may take.
SECONDS, BYTES = 20, 1_500_000_000
PROGRAM = """
import json, sys
if sys.platform != "win32":
    import resource
    resource.setrlimit(resource.RLIMIT_CPU, ({seconds}, {seconds}))
    resource.setrlimit(resource.RLIMIT_AS, ({memory}, {memory}))
from igate.errors import IgateError
from igate.importing import read_drafts
try:
    read_drafts(sys.argv[1])
except IgateError as error:
    answer = {{"said": str(error), "what": error.what, "where": str(error.where), "fix": error.fix}}
else:
    answer = {{"said": "", "what": "", "where": "", "fix": ""}}
print(json.dumps(answer))
"""
TITLE = (
    "(Kèm theo Quyết định số 7/QĐ-UBND ngày 02/01/2026 của UBND tỉnh X)\n1. Thử (Mã TTHC: 1.001806)"
)
ROWS = [
    ["Bước", "Nội dung công việc", "Đơn vị thực hiện", "Thời gian"],
    ["Bước 1", "Tiếp nhận hồ sơ", "Bộ phận tiếp nhận và trả kết quả", "Giờ hành chính"],
    ["Bước 2", "Thẩm định; không đạt: trả lại bước 1", "Chuyên viên Phòng A", "2 ngày làm việc"],
    ["Bước 3", "Trả kết quả", "Bộ phận tiếp nhận và trả kết quả", "Không tính thời gian"],
    ["Tổng thời gian: 2 ngày làm việc", "", "", ""],
]


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_a_file_that_stands_for_very_much_is_refused_within_time_and_memory(
    name: str, tmp_path: Path
) -> None:
    """Read in a process of its own, which is killed where it takes too much of either."""
    made, part = HOSTILE[name]
    path = tmp_path / name
    path.write_bytes(made())
    program = PROGRAM.format(seconds=SECONDS, memory=BYTES)
    done = subprocess.run(
        [sys.executable, "-c", program, str(path)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-500:]
    answer = json.loads(done.stdout)
    assert part in answer["said"]
    if part:
        assert name in answer["where"]
        assert answer["what"]
        assert answer["fix"]


def drafts_of(content: bytes, ending: str) -> tuple[Draft, ...]:
    """Import some bytes as a file with an ending."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"any{ending}"
        path.write_bytes(content)
        return read_drafts(path)


def good(ending: str) -> bytes:
    """Return the bytes of a small file that can be imported."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"good{ending}"
        if ending == ".jsonl":
            return record(TITLE, ROWS[:-1], step=0, time=3).encode()
        return write(path, TITLE, ROWS).read_bytes()


GOOD = {ending: good(ending) for ending in (".md", ".csv", ".jsonl", ".docx", ".xlsx")}


@st.composite
def mutated(draw: st.DrawFn, content: bytes) -> bytes:
    """Return bytes with some replaced, left out, put in, doubled or cut off."""
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(content)))
        end = min(len(content), at + draw(st.integers(0, 40)))
        put = draw(st.one_of(st.binary(max_size=8), st.just(content[at:end] * 2)))
        content = content[:at] + put + content[end:]
    return content[: draw(st.integers(0, len(content)))] if draw(st.booleans()) else content


@pytest.mark.parametrize("ending", sorted(GOOD))
def test_what_is_mutated_below_was_a_process(ending: str) -> None:
    """The mutations begin with a file that is imported."""
    (draft,) = drafts_of(GOOD[ending], ending)
    assert draft.process is not None


def answered(content: bytes, ending: str) -> bool:
    """Return whether bytes give drafts whose faults can be read, or an error with its remedy."""
    try:
        drafts = drafts_of(content, ending)
    except IgateError as error:
        return bool(error.what and error.where and error.fix)
    return all(fault.finding("vi").message for draft in drafts for fault in draft.faults)


@settings(max_examples=60)
@given(data=st.data(), ending=st.sampled_from(sorted(GOOD)))
def test_mutated_bytes_give_drafts_or_one_error_with_a_remedy(
    data: st.DataObject, ending: str
) -> None:
    """No other exception comes out, whatever was changed in the file."""
    assert answered(data.draw(mutated(GOOD[ending])), ending)


@settings(max_examples=60)
@given(data=st.data(), ending=st.sampled_from([".docx", ".xlsx"]))
def test_mutated_xml_in_a_whole_archive_gives_drafts_or_one_error(
    data: st.DataObject, ending: str
) -> None:
    """The archive is sound, so what is changed reaches the readers of the parts."""
    cells = "".join(
        f'<row r="{at}"><c r="A{at}" t="str"><v>Bước {at}</v></c></row>' for at in (1, 2)
    )
    inner = f'<sheetData>{cells}</sheetData><mergeCells><mergeCell ref="A1:B2"/></mergeCells>'
    body = "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>Bước 1</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
    whole = body if ending == ".docx" else sheet(inner)
    text = data.draw(mutated(whole.encode())).decode("utf-8", "replace")
    assert answered(word(text) if ending == ".docx" else workbook("", sheet=text), ending)
