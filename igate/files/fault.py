"""What is wrong in a definition file, before its line is looked up."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from igate.files.findings import finding

if TYPE_CHECKING:
    from igate.errors import Finding
    from igate.files.findings import FindingCode
    from igate.files.yaml import KeyPath, YamlFile

__all__ = ["Fault"]


class Fault(NamedTuple):
    """A code, the keys that lead to the place, and the words."""

    code: FindingCode
    path: KeyPath
    message: str
    remedy: str
    #: an error that is no more than a warning here, because sector law may order it
    softened: bool = False

    def placed(self, read: YamlFile) -> Finding:
        """Return the finding, with line and column."""
        found = finding(self.code, read.place(self.path), self.message, self.remedy)
        return replace(found, severity="warning") if self.softened else found
