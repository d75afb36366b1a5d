"""Files that people write: strict YAML, the shape of a definition file, what is wrong with it.

Here are the reader of YAML with the place of each value, the models of fields that every kind of
file shares, findings and their texts, the files that come with the library, and safe writing. It
knows no procedure and no rule; the readers of each kind are next to what they read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from igate.files.findings import CODES, FindingCode, severity_of
    from igate.files.sources import Source, found_in
    from igate.files.writing import write_atomically
    from igate.files.yaml import YamlFile, parse, read

__all__ = [
    "CODES",
    "FindingCode",
    "Source",
    "YamlFile",
    "found_in",
    "parse",
    "read",
    "severity_of",
    "write_atomically",
]

__getattr__, __dir__, _ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "findings": ["CODES", "FindingCode", "severity_of"],
        "sources": ["Source", "found_in"],
        "writing": ["write_atomically"],
        "yaml": ["YamlFile", "parse", "read"],
    },
)
