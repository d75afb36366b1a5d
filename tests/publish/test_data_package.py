"""Open data of a settlement: small counts are withheld and cannot be worked out again."""

from __future__ import annotations

import csv
import hashlib
import json
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import Graph, Literal, Namespace
from rdflib.namespace import DCAT, DCTERMS, RDF, XSD

from commands import run_command
from igate import metrics
from igate.errors import FrameError, OutputError
from igate.metrics.identities import IDENTITIES
from igate.publish.exchange import withheld, write_data_package
from igate.publish.exchange.suppression import ADDITIVE

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

SPDX = Namespace("http://spdx.org/rdf/terms#")
AS_OF = date(2026, 3, 31)
LEAVES = ("solved_early", "solved_on_time", "solved_late", "in_process_within",
          "in_process_overdue")  # fmt: skip


def row_of(standing: tuple[int, ...], online: int, carried: int) -> list[int]:
    """Fill in the totals of a row by hand; what is neither online nor carried over is by post."""
    early, on_time, late, within, overdue = standing
    solved, open_ = early + on_time + late, within + overdue
    whole = solved + open_
    return [whole, online, whole - online - carried, carried, solved, early, on_time, late, open_,
            within, overdue]  # fmt: skip


@st.composite
def tables(draw: st.DrawFn) -> NDArray[np.int64]:
    rows = []
    sizes = st.one_of(st.integers(0, 6), st.integers(0, 60))
    for _ in range(draw(st.integers(1, 5))):
        standing = tuple(draw(sizes) for _ in LEAVES)
        online = draw(st.integers(0, sum(standing)))
        carried = draw(st.integers(0, sum(standing) - online))
        rows.append(row_of(standing, online, carried))
    return np.array(rows, dtype=np.int64)


def equations(rows: int) -> list[tuple[list[int], list[int]]]:
    """Return every sum that a reader knows: places of the totals, and of what adds up to them."""
    wide = len(ADDITIVE)
    at = {name: place for place, name in enumerate(ADDITIVE)}
    inside = [
        ([row * wide + at[total]], [row * wide + at[part] for part in parts])
        for row in range(rows + 1)
        for total, parts in IDENTITIES
    ]
    down = [
        ([rows * wide + column], [row * wide + column for row in range(rows)])
        for column in range(wide)
    ]
    return inside + down


def bounds(table: NDArray[np.int64], hidden: NDArray[np.bool_]) -> tuple[list[float], list[float]]:
    """Work out between what each withheld count must lie, sum by sum until nothing changes."""
    values, gone = table.ravel().tolist(), hidden.ravel().tolist()
    low = [0.0 if none else value for value, none in zip(values, gone, strict=True)]
    high = [float("inf") if none else value for value, none in zip(values, gone, strict=True)]
    for _ in range(40):
        before = (low.copy(), high.copy())
        for (total,), parts in equations(len(table) - 1):
            low[total] = max(low[total], sum(low[part] for part in parts))
            high[total] = min(high[total], sum(high[part] for part in parts))
            for part in parts:
                others = [each for each in parts if each != part]
                high[part] = min(high[part], high[total] - sum(low[each] for each in others))
                rest = sum(high[each] for each in others)
                if rest != float("inf"):
                    low[part] = max(low[part], low[total] - rest)
        if before == (low, high):
            break
    return low, high


@given(counts=tables(), threshold=st.integers(2, 10))
@settings(max_examples=150, deadline=None)
def test_no_small_count_can_be_worked_out_from_those_published(
    counts: NDArray[np.int64], threshold: int
) -> None:
    """Neither by solving the sums nor by narrowing them: it may still reach the threshold."""
    hidden = withheld(counts, threshold)
    table = np.vstack([counts, counts.sum(axis=0)])
    small = (table > 0) & (table < threshold)
    assert hidden[small].all()
    assert not hidden.any() or small.any()
    unknown = np.flatnonzero(hidden.ravel())
    system = np.zeros((len(equations(len(counts))), table.size))
    for number, (total, parts) in enumerate(equations(len(counts))):
        system[number, total] -= 1
        system[number, parts] += 1
    system = system[:, unknown]
    rank = np.linalg.matrix_rank(system)
    _, high = bounds(table, hidden)
    for place in np.flatnonzero(small.ravel()).tolist():
        asked = (unknown == place).astype(float)
        assert np.linalg.matrix_rank(np.vstack([system, asked])) > rank, "solved"
        assert high[place] >= threshold, "narrowed down"


def test_a_withheld_count_takes_another_of_its_row_and_two_of_another_row() -> None:
    """Two agencies, 3 late in the first: its on-time count goes too, and both of the second."""
    counts = np.array([row_of((0, 40, 3, 0, 0), 20, 0), row_of((0, 30, 9, 0, 0), 20, 0)])
    hidden = withheld(counts)
    shown = {(row, ADDITIVE[column]) for row, column in np.argwhere(hidden).tolist()}
    both = {(row, name) for row in (0, 1) for name in ("solved_on_time", "solved_late")}
    assert shown == both


def test_without_small_counts_all_is_published() -> None:
    """Zeros are no small counts."""
    counts = np.array([row_of((0, 5, 7, 0, 0), 6, 0), row_of((0, 0, 0, 0, 0), 0, 0)])
    assert not withheld(counts).any()
    assert withheld(counts, 6)[0, ADDITIVE.index("solved_on_time")]
    assert withheld(np.zeros((0, len(ADDITIVE)), dtype=np.int64)).shape == (1, len(ADDITIVE))


def test_a_table_that_does_not_add_up_is_refused() -> None:
    """With the row."""
    counts = np.array([row_of((5, 5, 5, 5, 5), 5, 5)] * 2)
    counts[1, 0] += 1
    with pytest.raises(FrameError, match="Row 2 of the settlement does not add up"):
        withheld(counts)


def settled(*rows: tuple[str, list[int]], name: str = "form_06a") -> list[dict[str, Any]]:
    """Write rows as ``settlement`` gives them."""
    found = []
    for agency, counts in rows:
        row: dict[str, Any] = {"definition": name, "agency": agency, "solved_no_due": 0}
        row |= dict(zip(ADDITIVE, counts, strict=True))
        above, below = row["solved_early"] + row["solved_on_time"], row["solved_total"]
        row |= {"rate_numerator": above, "rate_denominator": below,
                "on_time_rate": above / below if below else None}  # fmt: skip
        found.append(row)
    return found


ROWS = settled(
    ("H15.10", row_of((0, 40, 3, 0, 0), 20, 0)),
    ("H15.11", row_of((0, 30, 9, 0, 0), 20, 0)),
    ("H15.12", row_of((10, 30, 10, 0, 0), 20, 0)),
    ("H15.13", row_of((0, 0, 0, 7, 0), 7, 0)),
)

OTHER = settled(("H15.10", row_of((5, 5, 5, 5, 5), 5, 5)), name="decree")


def read(folder: Path) -> list[dict[str, str]]:
    text = (folder / "settlement.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def test_the_table_is_written_with_what_is_withheld(tmp_path: Path) -> None:
    """A rate goes with its counts; the third agency keeps 40 of 50, the fourth has no rate."""
    write_data_package(tmp_path / "out", ROWS, as_of=AS_OF)
    rows = read(tmp_path / "out")
    assert [row["agency"] for row in rows] == ["H15.10", "H15.11", "H15.12", "H15.13", ""]
    assert [row["is_total"] for row in rows] == ["false"] * 4 + ["true"]
    assert [row["solved_late"] for row in rows][:1] == [":"]
    assert [row["received_total"] for row in rows] == ["43", "39", "50", "7", "139"]
    kept = {row["agency"]: row["on_time_rate"] for row in rows}
    assert kept["H15.10"] == ":"
    assert kept["H15.13"] == ""
    assert kept[""] == repr(110 / 132)
    assert (kept["H15.11"], kept["H15.12"]).count(":") == 1
    assert {kept["H15.11"], kept["H15.12"]} & {"0.8", repr(30 / 39)}


def test_the_package_describes_each_column_of_the_file(tmp_path: Path) -> None:
    """Data Package 1: names, types, missing values, size and hash are those of the file."""
    path = write_data_package(tmp_path, ROWS, as_of=AS_OF, publisher="Sở X", license="https://l/")
    package = json.loads(path.read_text(encoding="utf-8"))
    (resource,) = package["resources"]
    body = (tmp_path / resource["path"]).read_bytes()
    assert (resource["bytes"], resource["hash"]) == (
        len(body), f"sha256:{hashlib.sha256(body).hexdigest()}",
    )  # fmt: skip
    assert resource["schema"]["missingValues"] == ["", ":"]
    fields = {field["name"]: field["type"] for field in resource["schema"]["fields"]}
    rows = read(tmp_path)
    assert list(fields) == list(rows[0])
    check = {"string": str, "integer": int, "number": float,
             "boolean": lambda text: {"true": True, "false": False}[text]}  # fmt: skip
    for row in rows:
        for name, text in row.items():
            if text not in {"", ":"}:
                check[fields[name]](text)
    assert package["licenses"] == [{"path": "https://l/"}]
    assert package["contributors"][0]["title"] == "Sở X"
    assert "below 5" in package["description"]


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
def test_the_description_in_dcat_is_read_as_rdf(tmp_path: Path) -> None:
    """A data set with its period, publisher and one distribution."""
    march = (date(2026, 3, 1), AS_OF)
    write_data_package(tmp_path, ROWS, as_of=AS_OF, period=march, publisher="Sở X")
    graph = Graph().parse(tmp_path / "dcat.jsonld", format="json-ld")
    (dataset,) = graph.subjects(RDF.type, DCAT.Dataset)
    titles = {title.language for title in graph.objects(dataset, DCTERMS.title)}  # type: ignore[attr-defined]
    assert titles == {"vi", "en"}
    temporal = graph.value(dataset, DCTERMS.temporal)
    assert graph.value(temporal, DCAT.startDate) == Literal("2026-03-01", datatype=XSD.date)
    distribution = graph.value(dataset, DCAT.distribution)
    assert str(graph.value(distribution, DCAT.downloadURL)).endswith("settlement.csv")
    checksum = graph.value(distribution, SPDX.checksum)
    digest = hashlib.sha256((tmp_path / "settlement.csv").read_bytes()).hexdigest()
    assert str(graph.value(checksum, SPDX.checksumValue)).lower() == digest


def test_several_definitions_or_a_folder_in_the_way_are_refused(tmp_path: Path) -> None:
    """One definition could give away what another withholds."""
    with pytest.raises(FrameError, match="several definitions"):
        write_data_package(tmp_path, [*ROWS, *OTHER], as_of=AS_OF)
    (tmp_path / "file").write_text("x")
    with pytest.raises(OutputError):
        write_data_package(tmp_path / "file", ROWS, as_of=AS_OF)


def test_the_command_writes_a_package(tmp_path: Path) -> None:
    """``--package``, with its own threshold; one dossier is withheld, at 1 it is not."""
    (tmp_path / "d.csv").write_text(
        "code,agency,channel,limit,received,finished\n"
        "A,H15.10,online,5 working_day,2026-03-02T09:00,2026-03-09T16:00\n",
        encoding="utf-8",
    )
    asked = ["metrics", "d.csv", "--as-of", "2026-03-31", "--package", "open"]
    assert run_command(asked, tmp_path).returncode == 0
    assert read(tmp_path / "open")[0]["received_total"] == ":"
    again = [*asked, "--threshold", "1"]
    assert run_command(again, tmp_path).returncode == 1  # never overwritten unasked
    assert run_command([*again, "--force"], tmp_path).returncode == 0
    assert read(tmp_path / "open")[0]["received_total"] == "1"


def test_what_settlement_gives_can_be_written(tmp_path: Path) -> None:
    """A frame as it comes, with its total row, which is counted anew."""
    (tmp_path / "d.csv").write_text(
        "code,agency,channel,limit,received,finished\n"
        + "".join(
            f"{n},H15.10,online,5 working_day,2026-03-02T09:00,2026-03-09T16:00\n" for n in range(6)
        ),
        encoding="utf-8",
    )
    frame = metrics.read_table(tmp_path / "d.csv")
    table = metrics.settlement(frame, by=("agency",), as_of=AS_OF, total=True)
    write_data_package(tmp_path, table, as_of=AS_OF)
    assert [row["received_total"] for row in read(tmp_path)] == ["6", "6"]
    assert [row["on_time_rate"] for row in read(tmp_path)] == ["1.0", "1.0"]
