"""The checker: everything that is wrong or doubtful in definition files.

What ``igate check`` prints, and what a test of a host's own procedures can assert to be empty.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from igate.catalog import Catalog
from igate.sources import found_in

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable

    from igate.errors import Finding

__all__ = ["check_paths"]


def check_paths(paths: Iterable[str | os.PathLike[str]]) -> tuple[Finding, ...]:
    """Check procedure files, template files and folders of them.

    Files given together are one catalogue: a procedure may use a template among them, and two
    procedures may not have the same code.

    Returns:
        All findings in order of file, line and column: errors, warnings and notes.

    Raises:
        IgateError: A path does not exist, or a file cannot be opened.
    """
    sources = {source.file: source for path in paths for source in found_in(path)}
    found = (each for each in Catalog(sources.values()).check() if each.place.file in sources)
    return tuple(
        sorted(found, key=lambda each: (each.place.file, each.place.line, each.place.column))
    )
