"""Reports: the settlement of a period as a page, a workbook and plots.

Pure functions of :class:`ReportData`: nothing here reads the clock, the database or the network.
The workbook and the plots need the extra ``frames`` and load it when they are asked for.
"""

from igate.publish.report.data import (
    AgeBucket,
    AgeingRow,
    Basis,
    CatalogueSummary,
    IdentityCheck,
    LateDossier,
    ProofDay,
    ReceivedUnder,
    ReportData,
    SettlementRow,
    SettlementTable,
    StepTime,
)
from igate.publish.report.interval import wilson_interval
from igate.publish.report.page import page, write_page
from igate.publish.report.plots import svg, write_plots
from igate.publish.report.xlsx import write_settlement_xlsx

__all__ = [
    "AgeBucket",
    "AgeingRow",
    "Basis",
    "CatalogueSummary",
    "IdentityCheck",
    "LateDossier",
    "ProofDay",
    "ReceivedUnder",
    "ReportData",
    "SettlementRow",
    "SettlementTable",
    "StepTime",
    "page",
    "svg",
    "wilson_interval",
    "write_page",
    "write_plots",
    "write_settlement_xlsx",
]
