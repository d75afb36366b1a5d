"""Build the distributions of igate and compare what is in them with the tree they come from."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tarfile
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

__all__ = [
    "Distributions",
    "build",
    "differing",
    "files_of_sdist",
    "files_of_wheel",
    "missing_from_sdist",
    "missing_from_wheel",
    "tracked_files",
    "unpack",
]

PACKAGE = "igate"


@dataclass(frozen=True, slots=True, kw_only=True)
class Distributions:
    """The archives of one version."""

    sdist: Path
    wheel: Path
    #: the wheel that somebody gets who builds it from the sdist
    rebuilt: Path
    #: the sdist, unpacked
    unpacked: Path


def build(root: Path, out: Path, work: Path) -> Distributions:
    """Build the sdist and the wheel of a tree into a folder, and a wheel from the sdist.

    Args:
        root: The tree.
        out: Where sdist and wheel are written; older ones there are removed.
        work: A folder for the rest.
    """
    out.mkdir(parents=True, exist_ok=True)
    for old in (*out.glob("*.whl"), *out.glob("*.tar.gz"), *out.glob("*.cdx.json")):
        old.unlink()
    _run_build(root, out, "--sdist", "--wheel")
    (sdist,), (wheel,) = out.glob("*.tar.gz"), out.glob("*.whl")
    unpacked = unpack(sdist, work / "sdist")
    _run_build(unpacked, work / "rebuilt", "--wheel")
    (rebuilt,) = (work / "rebuilt").glob("*.whl")
    return Distributions(sdist=sdist, wheel=wheel, rebuilt=rebuilt, unpacked=unpacked)


def _run_build(root: Path, out: Path, *kinds: str) -> None:
    command = [sys.executable, "-m", "build", *kinds, "--installer", "uv", "--outdir", str(out)]
    done = subprocess.run([*command, str(root)], capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"The build of {root} failed.\n{done.stdout}{done.stderr}")


def unpack(sdist: Path, folder: Path) -> Path:
    """Unpack an sdist; return the one folder that it holds."""
    with tarfile.open(sdist) as archive:
        archive.extractall(folder, filter="data")
    (inner,) = folder.iterdir()
    return inner


def tracked_files(root: Path) -> set[str]:
    """Return the files of a clone that belong to the project, as git knows them."""
    listed = subprocess.run(
        ["git", "-C", str(root), "ls-files", "-z"], capture_output=True, text=True, check=True
    )
    return {name for name in listed.stdout.split("\0") if name and (root / name).exists()}


def files_of_sdist(sdist: Path) -> dict[str, str]:
    """Return the files of an sdist, without the folder around them, with their SHA-256."""
    found = {}
    with tarfile.open(sdist) as archive:
        for member in archive:
            stream = archive.extractfile(member)
            if stream is not None:
                found[member.name.partition("/")[2]] = hashlib.sha256(stream.read()).hexdigest()
    return found


def files_of_wheel(wheel: Path) -> dict[str, str]:
    """Return the files of a wheel with their SHA-256."""
    with zipfile.ZipFile(wheel) as archive:
        return {name: hashlib.sha256(archive.read(name)).hexdigest() for name in archive.namelist()}


def missing_from_sdist(tracked: set[str], found: dict[str, str]) -> list[str]:
    """Return what is wrong with an sdist: it holds the whole tree and nothing else."""
    missing = [f"{name}: not in the sdist" for name in sorted(tracked - found.keys())]
    extra = sorted(found.keys() - tracked - {"PKG-INFO"})
    return missing + [f"{name}: in the sdist, and git does not know it" for name in extra]


def missing_from_wheel(tracked: set[str], found: dict[str, str]) -> list[str]:
    """Return what is wrong with a wheel: it holds the package, its licence and its metadata."""
    wanted = {name for name in tracked if name.startswith(f"{PACKAGE}/")}
    there = {name for name in found if ".dist-info/" not in name}
    described = {name.partition(".dist-info/")[2] for name in found.keys() - there}
    return [
        *(f"{name}: not in the wheel" for name in sorted(wanted - there)),
        *(f"{name}: in the wheel, and git does not know it" for name in sorted(there - wanted)),
        *(
            f"{name}: not in the metadata of the wheel"
            for name in ("METADATA", "RECORD", "entry_points.txt", "licenses/LICENSE")
            if name not in described
        ),
    ]


def differing(first: dict[str, str], second: dict[str, str]) -> list[str]:
    """Return the files that two archives do not have alike."""
    names = sorted(first.keys() | second.keys())
    return [f"{name}: differs" for name in names if first.get(name) != second.get(name)]
