"""What a file, a dossier or a host gives is shown as text and never becomes markup."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from html.parser import HTMLParser
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import icalendar
import pytest

from igate.calendar import WorkCalendar
from igate.deadlines.deadline import compute_deadline
from igate.deadlines.limits import TimeLimit
from igate.deadlines.rulefile import shipped_rules
from igate.deadlines.rules import ClockMark
from igate.law.citation import Label
from igate.law.localtime import VIETNAM, parse_local
from igate.procedures.procedure import Condition, Result
from igate.publish.deadline_html import deadline_html
from igate.publish.diagram.diagram import mermaid, svg
from igate.publish.ics import deadline_ics
from igate.publish.report import (
    AgeBucket,
    AgeingRow,
    CatalogueSummary,
    LateDossier,
    ReportData,
    SettlementRow,
    SettlementTable,
    StepTime,
    page,
)
from igate.publish.sheet.sheet import sheet_html, sheet_markdown
from shared import shipped_catalogue

if TYPE_CHECKING:
    from igate.deadlines.deadline import Deadline
    from igate.law.citation import Language
    from igate.procedures.procedure import Procedure, Revision

NAME = "<script>alert(1)</script>\"'&"
#: signs and words of Mermaid, besides those of HTML
STATEMENT = f"{NAME}; [*] --> x\nclick x href %%{{init: {{}}}}%% ]"
LANGUAGES: tuple[Language, ...] = ("vi", "en")
DAY = date(2026, 8, 3)


class Shown(HTMLParser):
    """The elements, attributes and texts of a page, as a browser reads them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, tuple[str, ...]]] = []
        self.texts: list[str] = []
        self.values: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, tuple(name for name, _ in attrs)))
        self.values += [value or "" for _, value in attrs]

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def label(text: str) -> Label:
    return Label(vi=text, en=text)


@cache
def procedure(text: str) -> tuple[Procedure, Revision]:
    """Put a text wherever a file can hold one."""
    catalog = shipped_catalogue()
    found, revision = catalog.procedure("1.001806"), catalog.in_force("1.001806", on=DAY)
    made = revision.workflow
    made = replace(
        made,
        states={name: replace(each, label=label(text)) for name, each in made.states.items()},
        actions={name: replace(each, label=label(text)) for name, each in made.actions.items()},
        roles=dict.fromkeys(made.roles, label(text)),
        steps=tuple(replace(each, label=label(text), actor=text) for each in made.steps),
    )
    revision = replace(
        revision,
        workflow=made,
        results=(Result(label=label(text), form=text),),
        conditions=(Condition(label=label(text)),),
        limits=tuple(replace(each, case=text, area=text) for each in revision.limits),
        requirements=tuple(
            replace(each, label=label(text), form=text) for each in revision.requirements
        ),
        fees=tuple(replace(each, label=label(text)) for each in revision.fees),
    )
    found = replace(
        found,
        name=label(text),
        field=replace(found.field, label=label(text)),
        ministry=text,
        agencies=(text,),
    )
    return found, revision


def deadline(text: str) -> Deadline:
    """Put a text into the rules and the reason of an interruption."""
    rules = shipped_rules(on=DAY)
    return compute_deadline(
        TimeLimit.parse("5 working_day"),
        marks=(
            ClockMark(kind="start", at=parse_local("2026-08-03T09:00")),
            ClockMark(kind="suspend", at=parse_local("2026-08-04T09:00"), reason=text),
            ClockMark(kind="resume", at=parse_local("2026-08-05T09:00"), reason=text),
        ),
        calendar=WorkCalendar.vietnam(),
        rules=replace(rules, label=label(text), interruptions={
            text: replace(rules.interruptions["payment"], label=label(text))
        }),
    )  # fmt: skip


def settlement(text: str) -> SettlementTable:
    row = SettlementRow(
        agency="x", agency_label=label(text), received_total=2, received_online=2,
        received_counter_post=0, carried_over=0, solved_total=1, solved_early=0,
        solved_on_time=0, solved_late=1, in_process_total=1, in_process_within=0,
        in_process_overdue=1, rate_numerator=0, rate_denominator=1, on_time_rate=0.0,
    )  # fmt: skip
    return SettlementTable(
        definition="form_06a", label=label(text), citation=label(text), numerator=label(text),
        denominator=label(text), rows=(row, replace(row, agency="", agency_label=label(text))),
    )  # fmt: skip


def report(text: str) -> ReportData:
    """Put a text into every label of a report."""
    at = datetime(2026, 8, 3, 9, 0, tzinfo=VIETNAM)
    return ReportData(
        title=label(text),
        period=(date(2026, 1, 1), date(2026, 9, 30)),
        as_of=date(2026, 9, 30),
        synthetic=True,
        catalogue=CatalogueSummary(procedures=1, fields=1, dossiers=2, entries=3),
        tables=(settlement(text),),
        late=(
            LateDossier(
                code=text, procedure=text, procedure_name=label(text), agency="x",
                agency_label=label(text), received=at, due=at, finished=None,
                working_days_late=1, explanation=label(text), days=deadline(text).days,
            ),
        ),
        ageing=(
            AgeingRow(
                agency="x", agency_label=label(text), bucket=AgeBucket.OVERDUE_NEAR, count=1
            ),
        ),
        steps=(
            StepTime(
                label=label(text), role=label(text), visits=1, hours_total=2.0,
                hours_median=2.0, hours_p90=2.0,
            ),
        ),
        notes=(label(text),),
        generated_by=text,
    )  # fmt: skip


def written(kind: str, text: str, lang: Language) -> str:
    if kind == "sheet":
        return sheet_html(*procedure(text), lang)
    return page(report(text)) if kind == "report" else deadline_html(deadline(text), lang)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("kind", ["sheet", "notice", "report"])
def test_a_page_has_the_elements_of_one_with_a_plain_name(kind: str, lang: Language) -> None:
    """No script, no further element and no further attribute comes out of a name."""
    shown, plain = Shown(written(kind, NAME, lang)), Shown(written(kind, "x", lang))
    assert "script" not in {tag for tag, _ in shown.elements}
    assert not [name for _, names in shown.elements for name in names if name.startswith("on")]
    if kind != "report":  # its plots break a long name into several texts
        assert shown.elements == plain.elements
    texts = "".join(shown.texts)
    assert NAME in texts
    assert "&amp;" not in texts
    assert "&lt;" not in texts
    if kind == "sheet":
        assert all("<" not in value for value in shown.values)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_sheet_in_markdown_has_no_html(lang: Language) -> None:
    """Every sign that could begin an element, an entity or a link has a backslash before it."""
    text = sheet_markdown(*procedure(NAME), lang)
    assert re.search(r"(?<!\\)[<>&`]", text) is None
    assert NAME in re.sub(r"\\(.)", r"\1", text)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_event_has_the_name_as_text(lang: Language) -> None:
    """The title neither ends its line nor adds a property."""
    now = datetime(2026, 8, 3, tzinfo=UTC)
    made = icalendar.Calendar.from_ical(
        deadline_ics([("1", NAME, deadline(NAME))], lang=lang, now=now)
    )
    plain = icalendar.Calendar.from_ical(
        deadline_ics([("1", "x", deadline("x"))], lang=lang, now=now)
    )
    (event,), (other,) = made.walk("VEVENT"), plain.walk("VEVENT")
    assert NAME in str(event["SUMMARY"])
    assert NAME in str(event["DESCRIPTION"])
    assert event.keys() == other.keys()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_svg_diagram_has_no_foreign_element(lang: Language) -> None:
    """A name stands in the texts of the drawing and makes no element."""
    rules = shipped_rules("decree", on=DAY)
    root = ET.fromstring(svg(*procedure(NAME), lang, rules=rules))  # noqa: S314 - written just now
    tags = {each.tag.rpartition("}")[2] for each in root.iter()}
    plain = ET.fromstring(svg(*procedure("x"), lang, rules=rules))  # noqa: S314 - written just now
    assert tags == {each.tag.rpartition("}")[2] for each in plain.iter()}
    assert NAME in "".join(root.itertext())


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_mermaid_diagram_has_the_statements_of_one_with_a_plain_name(lang: Language) -> None:
    """A label ends no statement, opens no directive or click, and holds no HTML."""
    rules = shipped_rules("decree", on=DAY)
    text = mermaid(*procedure(STATEMENT), lang, rules=rules)
    plain = mermaid(*procedure("x"), lang, rules=rules)
    assert len(text.splitlines()) == len(plain.splitlines())
    assert re.search(r"<(?!br/>)", text) is None
    assert "%%{" not in text
    for line in text.splitlines()[5:]:
        assert not line.lstrip().startswith("click")
        if line.lstrip().startswith("%%"):
            continue
        label_of = re.search(r'state "(.*)" as \w+$| : (.*)$', line)
        if label_of:
            said = re.sub(r"#\d+;|<br/>", "", label_of[1] or label_of[2])
            assert re.search(r"[\"';\[\]{}<>&%#:]", said) is None
