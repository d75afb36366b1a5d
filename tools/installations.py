"""Fresh environments with an installed igate: one for each Python and extra, made by uv."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["faults_of_types", "install", "interpreters", "run", "smoke", "write_bill_of_materials"]

ROOT = Path(__file__).parent.parent
SMOKE = ROOT / ".ci" / "wheel_smoke.py"


def run(command: Sequence[str | Path], *, folder: Path | None = None) -> list[str]:
    """Run a program; return nothing, or what it said where it failed."""
    words = [str(word) for word in command]
    done = subprocess.run(words, capture_output=True, text=True, check=False, cwd=folder)
    if not done.returncode:
        return []
    said = (done.stdout + done.stderr).strip().splitlines()
    return [f"{Path(words[0]).name} ended with {done.returncode}", *said[-30:]]


def interpreters(versions: Sequence[str], named: Sequence[Path] = ()) -> dict[str, Path]:
    """Return a Python of each version that this machine has.

    Looked for are the programs named, those on PATH, and what pyenv and uv have installed.
    """
    found: dict[str, Path] = {}
    for version in versions:
        for program in (*named, *_programs(version)):
            if version not in found and _version_of(program) == version:
                found[version] = program
    return found


def _programs(version: str) -> Iterator[Path]:
    if sys.version_info[:2] == tuple(map(int, version.split("."))):
        yield Path(sys.executable)
    for folder in os.get_exec_path():
        yield Path(folder) / f"python{version}"
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv") / "versions"
    managed = subprocess.run(
        [_uv(), "python", "dir"], capture_output=True, text=True, check=True
    ).stdout.strip()
    for place in (pyenv, Path(managed)):
        yield from sorted(place.glob(f"*/bin/python{version}"))


def _version_of(program: Path) -> str:
    """Return the version of a Python, or nothing: a wrapper may be there without one behind it."""
    if not program.exists():
        return ""
    code = "import sys; print('.'.join(map(str, sys.version_info[:2])))"
    done = subprocess.run([program, "-c", code], capture_output=True, text=True, check=False)
    return done.stdout.strip()


def _uv() -> str:
    beside = Path(sys.executable).with_name("uv")
    program = str(beside) if beside.exists() else shutil.which("uv")
    if program is None:
        sys.exit("The release check needs uv. Run it as: make release-check")
    return program


def install(python: Path, wheel: Path, extras: Sequence[str], folder: Path) -> list[str]:
    """Make an environment that holds the wheel, some extras and nothing else.

    Returns:
        Nothing, or what the installer said where it failed.
    """
    made = run([_uv(), "venv", "--quiet", "--no-config", "--python", python, folder])
    wanted = f"{wheel}[{','.join(extras)}]" if extras else str(wheel)
    command = [_uv(), "pip", "install", "--quiet", "--no-config"]
    command += ["--python", str(folder / "bin" / "python")]
    return made or run([*command, "--constraint", str(ROOT / "constraints.txt"), wanted])


def smoke(environment: Path, extras: Sequence[str]) -> list[str]:
    """Use what is installed, outside the source tree, for its daily work and for each extra."""
    with tempfile.TemporaryDirectory() as folder:
        return run(
            [environment / "bin" / "python", "-I", SMOKE, "--source", ROOT, "--extras", *extras],
            folder=Path(folder),
        )


def faults_of_types(environment: Path, file: Path) -> list[str]:
    """Check a user's file with mypy against what is installed in an environment.

    A package without an effective ``py.typed`` has no types there, whatever its sources say.
    """
    with tempfile.TemporaryDirectory() as folder:
        copied = shutil.copy(file, Path(folder) / "host.py")
        command = [sys.executable, "-m", "mypy", "--strict", "--config-file=", "--no-incremental"]
        command += ["--python-executable", str(environment / "bin" / "python"), str(copied)]
        return run(command, folder=Path(folder))


def write_bill_of_materials(environment: Path, file: Path, wanted: Sequence[str]) -> list[str]:
    """Write what an environment holds as a CycloneDX SBOM.

    Args:
        environment: An environment with igate.
        file: Where the SBOM is written.
        wanted: Packages that must be named in it.

    Returns:
        What is wrong with it.
    """
    program = Path(sys.executable).with_name("cyclonedx-py")
    command = [program, "environment", "--pyproject", ROOT / "pyproject.toml"]
    command += ["--mc-type", "library", "--output-reproducible", "--output-file", file]
    failed = run([*command, environment / "bin" / "python"])
    if failed:
        return failed
    listed = json.loads(file.read_text(encoding="utf-8"))["components"]
    names = {_spelled(component["name"]) for component in listed}
    return [f"{name}: not in {file.name}" for name in wanted if _spelled(name) not in names]


def _spelled(name: str) -> str:
    """Write the name of a package in the one way in which two are compared."""
    return re.sub(r"[-_.]+", "-", name).lower()
