"""Texts for people that stand in one language only.

Vietnamese is required of every text, so what can be missing is English. One note a file: a reader
wants to know that something is untranslated, not a line for each step.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from igate.checks.fault import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator

    from igate.files.yaml import KeyPath, Value, YamlFile

__all__ = ["translation_faults"]

#: Places that are named before the rest is only counted.
_NAMED: Final = 4


def translation_faults(read: YamlFile) -> Iterator[Fault]:
    """Find the texts of a file that have no English."""
    paths = list(_untranslated(read.data, ()))
    if not paths:
        return
    rest = len(paths) - _NAMED
    named = ", ".join(_spelled(path) for path in paths[:_NAMED])
    named += f" and {rest} more" if rest > 0 else ""
    several = "1 text has" if len(paths) == 1 else f"{len(paths)} texts have"
    yield Fault(
        "missing-translation",
        (*paths[0], "vi"),
        f"{several} no English: {named}. The Vietnamese is shown instead.",
        'Write the English beside it, under "en".',
    )


def _untranslated(value: Value, path: KeyPath) -> Iterator[KeyPath]:
    if isinstance(value, dict):
        if "vi" in value and not value.get("en"):
            yield path
        for key, inner in value.items():
            yield from _untranslated(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _untranslated(inner, (*path, index))


def _spelled(path: KeyPath) -> str:
    """Write a path as people count: the third entry of a list is 3."""
    return ".".join(str(part + 1) if isinstance(part, int) else part for part in path)
