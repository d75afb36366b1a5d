"""The way in: the printed table of an internal process becomes a procedure file.

XLSX, DOCX, CSV, Markdown and JSON Lines are read into the same tables; columns are recognised by
their headings. What does not add up is reported with both numbers and the place, never repaired.
"""

from igate.importing.faults import FAULT_CODES, ImportFault
from igate.importing.files import FORMATS, definitions, read_drafts, write_files
from igate.importing.process import Draft, InternalProcess, PrintedStep
from igate.importing.titles import Given

__all__ = [
    "FAULT_CODES",
    "FORMATS",
    "Draft",
    "Given",
    "ImportFault",
    "InternalProcess",
    "PrintedStep",
    "definitions",
    "read_drafts",
    "write_files",
]
