#!/usr/bin/env python3
"""List the public names of igate with their signatures, and say what changed.

Public is what the face of a package names in ``__all__``, and the errors. The list is the file
``tests/answers/public_api.txt``; ``tests/test_release.py`` fails where it is not what the sources
say. ``python tools/public_api.py`` prints the difference, ``--write`` accepts it, and ``--against
TAG`` says what a program written for that version would miss.

The sources are read by griffe and never run.
"""

from __future__ import annotations

import argparse
import difflib
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import griffe

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

__all__ = ["ANSWERS", "broken_since", "changes", "listing", "named", "public_api"]

ROOT = Path(__file__).parent.parent
ANSWERS = ROOT / "tests" / "answers" / "public_api.txt"
#: modules that are public as they are, beside the faces of the packages
_MODULES = ("errors",)
_SHORT = 80


def public_api(package: str = "igate", root: Path = ROOT) -> list[str]:
    """Return the listing of a package whose folder is in ``root``."""
    return listing(_load(package, root))


def _load(package: str, root: Path) -> griffe.Module:
    found = griffe.load(package, search_paths=[root], try_relative_path=False)
    if not isinstance(found, griffe.Module):
        raise TypeError(package)
    return found


def listing(package: griffe.Module) -> list[str]:
    """Return a line for each public name: sorted, each definition written out once."""
    shown: dict[str, str] = {}
    targets: dict[str, griffe.Object] = {}
    lines = []
    for face, name in _names(package):
        path = f"{face.path}.{name}"
        target = _target(named(face, name))
        if target is None:
            lines.append(f"{path}: from elsewhere")
        elif shown.setdefault(target.path, path) != path:
            lines.append(f"{path} is {shown[target.path]}")
        else:
            targets[path] = target
    for path, found in targets.items():
        lines.extend(_written(path, found, shown))
    return sorted(lines)


def named(face: griffe.Module, name: str) -> griffe.Object | griffe.Alias:
    """Return what a face means by a name: of a module with a member of that name, the member.

    Python gives the face the module when it loads it, and then what is imported from it; griffe
    keeps the module.
    """
    found = face[name]
    return found[name] if isinstance(found, griffe.Module) and name in found.members else found


def _names(package: griffe.Module) -> Iterator[tuple[griffe.Module, str]]:
    """Return each face with each of its names, the faces nearest to the top first."""
    for face in sorted(_faces(package), key=lambda face: (face.path.count("."), face.path)):
        for name in sorted(str(export) for export in face.exports or ()):
            yield face, name


def _faces(module: griffe.Module) -> Iterator[griffe.Module]:
    if module.exports and (module.is_init_module or module.name in _MODULES):
        yield module
    for inner in module.modules.values():
        if isinstance(inner, griffe.Module):
            yield from _faces(inner)


def _target(found: griffe.Object | griffe.Alias) -> griffe.Object | None:
    """Return what a name stands for, where the package itself defines it."""
    try:
        return found.final_target if isinstance(found, griffe.Alias) else found
    except (griffe.AliasResolutionError, griffe.CyclicAliasError):
        return None


def _written(path: str, found: griffe.Object | None, public: Collection[str]) -> Iterator[str]:
    if isinstance(found, griffe.Class):
        bases = ", ".join(str(base) for base in found.bases)
        yield f"{path}: class({bases})"
        for name, member in _members(found, public):
            yield from _written(f"{path}.{name}", member, public)
    elif isinstance(found, griffe.Function):
        for each in (found, *_overloads(found)):
            yield each.signature(return_type=True, name=path) + _decorated(each)
    elif isinstance(found, griffe.Attribute):
        yield f"{path}{_value(found)}"


def _members(found: griffe.Class, public: Collection[str]) -> Iterator[tuple[str, griffe.Object]]:
    """Return the public members of a class, with those of bases that are not public themselves."""
    for name, member in found.all_members.items():
        target = _target(member)
        method = name.startswith("__") and isinstance(target, griffe.Function)
        # the cases of a contract are collected by pytest; nobody calls one
        if target is None or name.startswith("test_") or (name.startswith("_") and not method):
            continue
        owner = target.parent
        if owner is None or owner.path == found.path or owner.path not in public:
            yield name, target


def _overloads(found: griffe.Function) -> Sequence[griffe.Function]:
    parent = found.parent
    if isinstance(parent, griffe.Class | griffe.Module):
        return parent.overloads.get(found.name, ())
    return ()


def _decorated(found: griffe.Function) -> str:
    kinds = sorted(found.labels & {"async", "classmethod", "staticmethod"})
    return "".join(f" [{kind}]" for kind in kinds)


def _value(found: griffe.Attribute) -> str:
    """Return type and value; what only ``__init__`` assigns has no value that anybody relies on."""
    annotation = f": {found.annotation}" if found.annotation is not None else ""
    inner = (
        found.labels & {"property", "instance-attribute"} and "class-attribute" not in found.labels
    )
    if found.value is None or found.name == "__version__" or inner:
        return annotation
    value = " ".join(str(found.value).split())
    return f"{annotation} = {value if len(value) <= _SHORT else value[:_SHORT] + '…'}"


def changes(old: Sequence[str], new: Sequence[str]) -> list[str]:
    """Return the lines that went (``-``) and came (``+``), in order."""
    compared = difflib.ndiff(old, new)
    return [line for line in compared if line.startswith(("- ", "+ "))]


def broken_since(tag: str, package: str = "igate", root: Path = ROOT) -> list[str]:
    """Return what a program written for the version of a tag would miss, one sentence each."""
    old = griffe.load_git(package, ref=tag, repo=root)
    new = _load(package, root)
    if not isinstance(old, griffe.Module):
        raise TypeError(package)
    there = {f"{face.path}.{name}": named(face, name) for face, name in _names(new)}
    found: list[str] = []
    for face, name in _names(old):
        path = f"{face.path}.{name}"
        if path in there:
            found += _breakages(named(face, name), there[path])
        else:
            found.append(f"{path}: no longer public")
    return sorted(set(found))


def _breakages(
    old: griffe.Object | griffe.Alias, new: griffe.Object | griffe.Alias
) -> Iterator[str]:
    before, after = _target(old), _target(new)
    if before is not None and after is not None:
        for each in griffe.find_breaking_changes(before, after):
            yield f"{each.obj.path}: {each.kind.value}"


def main() -> int:
    """Print what changed, or write the listing anew."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--write", action="store_true", help="accept the sources as they are")
    parser.add_argument("--against", metavar="TAG", help="say what broke since this version")
    asked = parser.parse_args()
    if asked.against:
        found = broken_since(asked.against)
        print("\n".join(found) or f"Nothing that was public in {asked.against} is missed.")
        return int(bool(found))
    now = public_api()
    if asked.write:
        ANSWERS.write_text("\n".join(now) + "\n", encoding="utf-8")
        print(f"wrote {len(now)} lines: {ANSWERS.relative_to(ROOT)}")
        return 0
    found = changes(ANSWERS.read_text(encoding="utf-8").splitlines(), now)
    print("\n".join(found) or "The public names are those of the list.")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
