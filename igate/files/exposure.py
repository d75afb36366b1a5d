"""Who else may change definition files: on POSIX systems, as permissions say.

A definition decides who may do what to a dossier and how its time is counted, so whoever may write
the file decides it. Named are files that others than their owner may write, folders in which others
may put a further file, and folders above them in which others may put another folder in the place.
The owner's own group, which has the name of the owner and no other member, is not others. Who the
owner is does not matter: a desk often reads what another account has installed.
"""

from __future__ import annotations

import os
import shlex
import stat
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Final

from igate.errors import Place
from igate.files.findings import finding
from igate.words.sentence import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from igate.errors import Finding
    from igate.files.sources import Source

__all__ = ["exposed"]

_HAS_PERMISSIONS: Final = os.name == "posix"


def exposed(
    paths: Iterable[str | os.PathLike[str]], sources: Iterable[Source]
) -> tuple[Finding, ...]:
    """Return a warning for each folder and each group of files that others may change.

    Args:
        paths: The files and folders that were asked for.
        sources: The definition files found there.

    Returns:
        Nothing on a system without POSIX permissions.
    """
    if not _HAS_PERMISSIONS:
        return ()
    given = [Path(path) for path in paths]
    by_folder: dict[Path, list[str]] = {}
    # what lies in a package that is no folder has no permissions of its own
    files = [source.entry for source in sources if isinstance(source.entry, str)]
    for folder, group in groupby(sorted(files), key=os.path.dirname):
        by_folder.setdefault(Path(folder), []).extend(group)
    return (*_folders(given, by_folder), *_files(by_folder), *_above(given))


def _folders(given: Iterable[Path], by_folder: Iterable[Path]) -> Iterator[Finding]:
    """Look at the folders that are gone through: a further file in one would be read."""
    roots = {path for path in given if path.is_dir()}
    inner = {
        folder
        for deepest in by_folder
        for folder in (deepest, *deepest.parents)
        if roots.intersection(folder.parents)
    }
    for folder in sorted(roots | inner):
        who = _others(folder)
        if who:
            said = say("Others than its owner ({who}) may put files into this folder.", who=who)
            yield _warning(folder, said)


def _files(by_folder: Mapping[Path, Iterable[str]]) -> Iterator[Finding]:
    """Look at the files; those of one folder are one warning."""
    for files in by_folder.values():
        found = [(file, who) for file in files if (who := _others(file))]
        if found:
            file, who = found[0]
            more = (
                say(" It has {count} more such files beside it.", count=len(found) - 1)
                if found[1:]
                else ""
            )
            yield _warning(
                Path(file),
                say(
                    "Others than its owner ({who}) may change this file.{more}", who=who, more=more
                ),
            )


def _above(given: Iterable[Path]) -> Iterator[Finding]:
    """Look at the folders above; in one with the sticky bit nobody moves what is another's."""
    above = {folder: path for path in given for folder in Path(os.path.realpath(path)).parents}
    for folder in sorted(above):
        who = _others(folder, even_if_sticky=False)
        if who:
            said = say(
                "Others than its owner ({who}) may replace what is in this folder, {path} as well.",
                who=who,
                path=above[folder],
            )
            yield _warning(folder, said)


def _warning(path: Path, said: str) -> Finding:
    remedy = say("Take the right from them: chmod go-w {path}", path=shlex.quote(str(path)))
    return finding("writable-by-others", Place(file=str(path), line=1), said, remedy)


def _others(path: str | Path, *, even_if_sticky: bool = True) -> str:
    """Say who besides the owner may write; empty where nobody may."""
    try:
        found = os.stat(path)  # noqa: PTH116 - a thousand times at once
    except OSError:  # gone, or closed to us: whoever reads it will say so
        return ""
    if found.st_mode & stat.S_ISVTX and not even_if_sticky:
        return ""
    return _writers(found)


def _writers(found: os.stat_result) -> str:
    if found.st_mode & stat.S_IWOTH:
        return say("everybody")
    if not found.st_mode & stat.S_IWGRP:
        return ""
    import grp  # noqa: PLC0415 - not on every system
    import pwd  # noqa: PLC0415 - the same

    try:
        group = grp.getgrgid(found.st_gid)
        owner = pwd.getpwuid(found.st_uid).pw_name
    except KeyError:  # an account of another machine
        return "" if found.st_uid == found.st_gid else say("the group {group}", group=found.st_gid)
    is_own = group.gr_name == owner and set(group.gr_mem) <= {owner}
    return "" if is_own else say("the group {group}", group=group.gr_name)
