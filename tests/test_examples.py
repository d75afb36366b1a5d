"""The folders of examples/ can be copied anywhere and run there, as their readmes say."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path
from time import monotonic, sleep

import httpx
import pytest

from igate import Catalog

ROOT = Path(__file__).parent.parent
EXAMPLES = ROOT / "examples"
FOLDERS = sorted(page.parent.name for page in EXAMPLES.glob("*/README.md"))


def run_in_copy(folder: str, target: Path, *command: str) -> str:
    """Copy a folder, run a program of Python in the copy, and return what it printed."""
    copy = target / folder
    shutil.copytree(EXAMPLES / folder, copy, ignore=shutil.ignore_patterns("__pycache__", "*.db*"))
    done = subprocess.run(
        [sys.executable, *command],
        cwd=copy,
        env=os.environ | {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
        timeout=60,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("folder", FOLDERS)
def test_the_tests_of_an_example_pass_in_a_copy(folder: str, tmp_path: Path) -> None:
    """All of them: none is skipped, and there are some."""
    plugins = ("-p", "no:schemathesis", "-p", "no:cacheprovider")
    printed = run_in_copy(folder, tmp_path, "-m", "pytest", "-q", *plugins)
    last = printed.splitlines()[-1]
    assert " passed" in last
    assert "skipped" not in last


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_readme_has_two_commands_and_says_what_is_synthetic(folder: str) -> None:
    """A newcomer reads a few lines and runs it."""
    text = (EXAMPLES / folder / "README.md").read_text(encoding="utf-8")
    assert text.count("\n$ ") == 2
    assert "synthetic" in text
    assert len(text.splitlines()) <= 40


def test_the_birth_is_registered_on_the_day(tmp_path: Path) -> None:
    """Handed in at nine on 20 August 2026 and finished at 10:50: due that day, on time."""
    printed = run_in_copy("birth_registration", tmp_path, "birth.py")
    assert "giả lập / synthetic" in printed
    assert "20/08/2026 10:50  finish         -> solved" in printed
    assert "on_time" in printed
    assert "Ngày hẹn trả: Thứ Năm 20/08/2026 17:00" in printed


def is_there(client: httpx.Client) -> bool:
    """Return whether somebody answers yet."""
    try:
        client.get("/")
    except httpx.ConnectError:
        return False
    return True


def test_the_desk_serves_the_synthetic_dossiers(tmp_path: Path) -> None:
    """``python -m desk`` fills a database of its own and answers, in Vietnamese."""
    copy = shutil.copytree(EXAMPLES / "fastapi_desk", tmp_path / "desk")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "DESK_PORT": str(port)}
    server = subprocess.Popen(
        [sys.executable, "-m", "desk"], cwd=copy, env=environment, stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
            until = monotonic() + 60
            while not is_there(client) and monotonic() < until:
                sleep(0.1)
            assert "mọi dữ liệu ở đây là giả lập" in client.get("/").text
            found = client.get("/api/work", headers={"X-Person": "kiem-soat"}).json()
            assert found["items"]
    finally:
        server.terminate()
        server.wait(timeout=20)


def test_the_facts_of_the_birth_are_those_of_the_catalogue() -> None:
    """Name, field, limit and citations are the shipped ones; the example adds dates alone."""
    folder = EXAMPLES / "birth_registration"
    (file,) = folder.glob("*.yaml")
    own = Catalog.load(file).procedure("1.001193")
    shipped = Catalog.shipped().procedure("1.001193")
    same = ("code", "ministry", "level", "agencies", "checked_on", "source")
    assert [getattr(own, name) for name in same] == [getattr(shipped, name) for name in same]
    assert (own.name.vi, own.field) == (shipped.name.vi, shipped.field)
    (mine,), (its,) = [[each for _, each in one.revisions] for one in (own, shipped)]
    kept = ("limits", "citation", "template", "steps_basis", "online", "workflow")
    assert [getattr(mine, name) for name in kept] == [getattr(its, name) for name in kept]
