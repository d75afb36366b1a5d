"""The notebooks of examples/ run from top to bottom, keep no outputs, and say what they print."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

ROOT = Path(__file__).parent.parent
NOTEBOOKS = sorted((ROOT / "examples" / "notebooks").glob("*.ipynb"))


def ran(page: Path, folder: Path) -> str:
    """Execute a notebook in an empty folder and return what its cells showed."""
    notebook: Any = nbformat.read(page, as_version=4)  # type: ignore[no-untyped-call]
    paths = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(paths), "PYTHONUTF8": "1"}
    resources = {"metadata": {"path": str(folder)}}
    client = NotebookClient(notebook, timeout=300, kernel_name="python3", resources=resources)
    client.execute(env=environment)
    shown: list[str] = []
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            data = output.get("data", {})
            shown += [output.get("text", ""), data.get("text/html", ""), data.get("text/plain", "")]
    return "\n".join(shown)


def test_there_are_three_notebooks() -> None:
    """From a table, two rates, what makes late."""
    assert [page.stem for page in NOTEBOOKS] == [
        "01_from_a_table", "02_two_rates", "03_what_makes_late"
    ]  # fmt: skip


@pytest.mark.parametrize("page", NOTEBOOKS, ids=lambda page: page.stem)
def test_a_notebook_keeps_no_outputs(page: Path) -> None:
    """Outputs are stripped, so that nothing in the tree is older than the code."""
    notebook: Any = nbformat.read(page, as_version=4)  # type: ignore[no-untyped-call]
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert cells
    assert [cell.id for cell in cells if cell.outputs or cell.execution_count] == []
    assert "giả lập" in notebook.cells[0].source


@pytest.mark.parametrize("page", NOTEBOOKS, ids=lambda page: page.stem)
def test_a_notebook_runs(page: Path, tmp_path: Path) -> None:
    """Every cell runs; of the two rates, both published figures come out."""
    shown = ran(page, tmp_path)
    assert "igate" in shown
    assert "jsdelivr" not in shown
    if page.stem == "02_two_rates":
        # 393,087 / 443,565 as published, and 96.1 % of 2022
        for figure in ("88.62%", "96.10%", "443,565", "393,087", "751,295", "adds up: True"):
            assert figure in shown, figure
