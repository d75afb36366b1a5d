"""What people read: sheets, diagrams, reports, notices, calendar files, comparisons.

Values come in, texts go out. Nothing in the library below the commands imports this package.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from igate.publish.comparison.procedures import differences, procedure_differences
    from igate.publish.deadline_html import deadline_html
    from igate.publish.diagram.bpmn import bpmn
    from igate.publish.diagram.diagram import mermaid, png, svg
    from igate.publish.ics import deadline_ics
    from igate.publish.report.page import write_page
    from igate.publish.report.plots import write_plots
    from igate.publish.report.survey import report_data, survey
    from igate.publish.report.xlsx import write_settlement_xlsx
    from igate.publish.resolved import resolve
    from igate.publish.sheet.sheet import sheet_html, sheet_markdown

__all__ = [
    "bpmn",
    "deadline_html",
    "deadline_ics",
    "differences",
    "mermaid",
    "png",
    "procedure_differences",
    "report_data",
    "resolve",
    "sheet_html",
    "sheet_markdown",
    "survey",
    "svg",
    "write_page",
    "write_plots",
    "write_settlement_xlsx",
]

__getattr__, __dir__, _ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "comparison.procedures": ["differences", "procedure_differences"],
        "deadline_html": ["deadline_html"],
        "diagram.bpmn": ["bpmn"],
        "diagram.diagram": ["mermaid", "png", "svg"],
        "ics": ["deadline_ics"],
        "report.page": ["write_page"],
        "report.plots": ["write_plots"],
        "report.survey": ["report_data", "survey"],
        "report.xlsx": ["write_settlement_xlsx"],
        "resolved": ["resolve"],
        "sheet.sheet": ["sheet_html", "sheet_markdown"],
    },
)
