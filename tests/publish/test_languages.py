"""What takes a language speaks Vietnamese and English, and refuses every other in words."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

from desks import CODE, Desk
from igate import deadlines, dossiers, exchange, metrics, publish
from igate.deadlines.limits import Part, TimeLimit
from igate.deadlines.rulefile import shipped_rules
from igate.dossiers.dossier import Actor
from igate.errors import IgateError, Place
from igate.importing.faults import ImportFault
from igate.law.citation import Citation, Label
from igate.law.localtime import VIETNAM, parse_local
from igate.publish.comparison import Difference
from igate.publish.report import svg as report_svg
from places import TESTS

if TYPE_CHECKING:
    from collections.abc import Callable

DAY = date(2026, 3, 2)
#: A refusal never hides behind another one: what is not English is Vietnamese there.
OF_REFUSALS = {"igate.Finding.text", "igate.IgateError.text", "igate.words.Sentence.text"}


@lru_cache(maxsize=1)
def desk() -> Desk:
    made = Desk()
    made.to_step(3)
    return made


def drawn(of: str, lang: Any) -> str:  # noqa: ANN401 - also what is no language
    procedure = desk().office.catalog.procedure(CODE)
    ((_, revision),) = procedure.revisions
    draw = getattr(publish, of)
    if of.startswith("sheet"):
        return str(draw(procedure, revision, lang))
    return str(draw(procedure, revision, lang, rules=shipped_rules("decree", on=DAY)))


#: one dossier
DOSSIERS = pd.DataFrame(
    {"code": ["a"], "channel": ["online"], "received": ["2026-03-02T09:00"],
     "finished": ["2026-03-05T09:00"], "limit": ["7 working_day"]}
)  # fmt: skip
END = date(2026, 3, 31)


def table() -> pd.DataFrame:
    return metrics.settlement(DOSSIERS, by=(), as_of=END)


def reconciled() -> metrics.Reconciliation:
    return metrics.reconcile("form_06a", "decree", DOSSIERS, as_of=END)


def due() -> Any:  # noqa: ANN401 - a deadline, which the dossier has
    return desk().dossier.deadline


#: By the public name, a call that needs nothing but the language.
CALLS: dict[str, Callable[[Any], object]] = {
    "igate.Citation.text": Citation.parse("Nghị định 118/2025/NĐ-CP, Điều 19").text,
    "igate.Deadline.explain": lambda lang: due().explain(lang),
    "igate.Label.text": Label(vi="Thẻ").text,
    "igate.TimeLimit.text": TimeLimit.parse("not_stated").text,
    "igate.deadlines.Part.text": Part(length=2, unit="day").text,
    "igate.deadlines.deadline_record": lambda lang: deadlines.deadline_record(due(), lang),
    "igate.deadlines.explain_deadline": lambda lang: deadlines.explain_deadline(due(), lang),
    "igate.dossiers.progress_rows": lambda lang: dossiers.progress_rows([], lang),
    "igate.exchange.reason_text": lambda lang: exchange.reason_text("HTTP 503", lang),
    "igate.importing.ImportFault.finding": lambda lang: ImportFault(
        code="no-steps", place=Place(file="a.docx", line=1), values={}
    ).finding(lang),
    "igate.metrics.Proposal.text": lambda lang: metrics.propose_map(["MaHoSo"]).text(lang),
    "igate.metrics.plot.ageing": lambda lang: metrics.plot.ageing(
        {"in_process_total": []}, lang=lang
    ),
    "igate.metrics.plot.calibration": lambda lang: metrics.plot.calibration(
        {name: [] for name in ("estimated", "observed", "dossiers", "late")}, lang=lang
    ),
    "igate.metrics.plot.control": lambda lang: metrics.plot.control(
        {
            name: []
            for name in (
                "week",
                "share",
                "centre",
                "lower",
                "upper",
                "signal",
                "solved_total",
                "on_time",
            )
        },
        lang=lang,
    ),
    "igate.metrics.plot.counts": lambda lang: metrics.plot.counts(table(), lang=lang),
    "igate.metrics.plot.rates": lambda lang: metrics.plot.rates(table(), lang=lang),
    "igate.metrics.Reconciliation.text": lambda lang: reconciled().text(lang),
    "igate.metrics.plot.causes": lambda lang: metrics.plot.causes(reconciled(), lang=lang),
    "igate.metrics.set_aside": lambda lang: metrics.set_aside(DOSSIERS, as_of=END, lang=lang),
    "igate.metrics.shown": lambda lang: metrics.shown(table(), lang=lang),
    "igate.publish.bpmn": lambda lang: drawn("bpmn", lang),
    "igate.publish.comparison.Difference.text": Difference(kind="added", key="limit").text,
    "igate.publish.deadline_html": lambda lang: publish.deadline_html(due(), lang),
    "igate.publish.deadline_ics": lambda lang: publish.deadline_ics(
        [], lang=lang, now=parse_local("2026-03-02T09:00").astimezone(VIETNAM)
    ),
    "igate.publish.mermaid": lambda lang: drawn("mermaid", lang),
    "igate.publish.sheet_html": lambda lang: drawn("sheet_html", lang),
    "igate.publish.sheet_markdown": lambda lang: drawn("sheet_markdown", lang),
    "igate.publish.svg": lambda lang: drawn("svg", lang),
}


def test_each_public_function_that_takes_a_language_is_here() -> None:
    """Read from the list of public names; a report is drawn from what nobody makes by hand."""
    lines = (TESTS / "answers" / "public_api.txt").read_text(encoding="utf-8").splitlines()
    public = {line.partition("(")[0] for line in lines if re.search(r"\blang: Language\b", line)}
    assert public - OF_REFUSALS - CALLS.keys() == {"igate.publish.report.svg"}


@pytest.mark.parametrize("name", CALLS)
def test_another_language_is_refused_in_words(name: str) -> None:
    """French, a code of a country, another case, a list: never a bare ``KeyError``."""
    for wrong in ("fr", "vn", "EN", "", None, ["vi"]):
        with pytest.raises(IgateError, match=re.escape(f"{wrong!r}") + r"\..*Write vi or en"):
            CALLS[name](wrong)
    if "plot" not in name:
        CALLS[name]("vi")
        CALLS[name]("en")


def test_a_plot_of_a_report_is_refused_before_it_is_drawn() -> None:
    """The language is looked at before the data are."""
    with pytest.raises(IgateError, match="does not speak 'fr'"):
        report_svg(None, "on-time-rate", "fr")  # type: ignore[arg-type]


def test_a_refusal_does_not_hide_behind_another_one() -> None:
    """A host that passes on what a browser asks for still says what was refused."""
    with pytest.raises(IgateError) as caught:
        desk().office.act("H15-0", "receive", by=Actor("an", roles={"receptionist"}))
    assert caught.value.text("fr") == caught.value.text("vi")  # type: ignore[arg-type]
