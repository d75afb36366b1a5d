"""Reading the rules of the clock from ``igate/deadlines/vn/*.yaml``."""

from __future__ import annotations

import csv
import io
from functools import lru_cache
from importlib import resources
from types import MappingProxyType
from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from igate.deadlines.fields import LimitText  # noqa: TC001 - pydantic reads the annotations
from igate.deadlines.rules import (
    ClockRules,
    Effect,
    Extension,
    Interruption,
    Owed,
    OwedKind,
    SuspensionDays,
)
from igate.errors import DefinitionError, TimelineError
from igate.files.fields import CitationText, DateText, FileModel, FullLabelModel, Name, Start
from igate.files.kinds import PAGES
from igate.files.shape import check_shape
from igate.files.sources import FORMER_RULES
from igate.files.yaml import parse
from igate.law.period import Period, Timeline
from igate.words.sentence import say

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from igate.law.citation import Citation

__all__ = ["RulesFile", "known_reasons", "read_rules", "rules_of_field", "shipped_rules"]


class InterruptionModel(FileModel):
    """What a suspension for one reason does."""

    effect: Effect
    label: FullLabelModel
    citation: CitationText


class ExtensionModel(FileModel):
    """What is added to every limit in an area."""

    limit: LimitText
    label: FullLabelModel
    citation: CitationText


class SuspensionDaysModel(FileModel):
    """Which end day of a suspension still counts."""

    value: SuspensionDays
    citation: CitationText


class ReceiptModel(FileModel):
    """Whether a receipt on a day off counts on that day."""

    value: Literal["as_it_is", "next_working_day"]
    citation: CitationText


class EndOnDayOffModel(FileModel):
    """Whether an end on a day off moves on."""

    value: Literal["next_working_day", "stays"]
    citation: CitationText


class EndOfDayModel(FileModel):
    """When the last day ends."""

    value: Literal["closing", "midnight"]
    citation: CitationText


class ReplaceModel(FileModel):
    """How often a date may be replaced."""

    value: Literal["once"]
    citation: CitationText


class OwedModel(FileModel):
    """A time in which something is owed before the receipt."""

    limit: LimitText
    citation: CitationText


class ReadingsModel(FileModel):
    """How the open questions are read."""

    suspension_days: SuspensionDaysModel
    receipt_on_day_off: ReceiptModel
    end_on_day_off: EndOnDayOffModel
    end_of_day: EndOfDayModel
    replace: ReplaceModel

    def citations(self) -> dict[str, Citation]:
        """Return the citation of each reading by its name."""
        return {name: getattr(self, name).citation for name in type(self).model_fields}


class RulesRevision(FileModel):
    """The rules over one period."""

    effective_from: Start
    effective_until: DateText | None = None
    citation: CitationText
    label: FullLabelModel
    interruptions: dict[Name, InterruptionModel]
    extensions: dict[Name, ExtensionModel] = Field(default_factory=dict)
    owed: dict[OwedKind, OwedModel] = Field(default_factory=dict)
    readings: ReadingsModel


class RulesFile(FileModel):
    """A file of clock rules."""

    page: ClassVar[str] = PAGES["rules"]

    format: Literal[1]
    rules: Name
    label: FullLabelModel
    checked_on: DateText
    revisions: list[RulesRevision]


def read_rules(text: str, *, file: str) -> tuple[str, Timeline[ClockRules]]:
    """Read a file of clock rules.

    Args:
        text: The text of the file.
        file: What the file is called in findings; nothing is opened.

    Returns:
        The name of the rules, and the rules by period.

    Raises:
        DefinitionError: The file has problems; all of them are listed with line and column.
        TimelineError: Two periods overlap or are in the wrong order.
    """
    model, findings = check_shape(RulesFile, parse(text, file=file, kind="rules"))
    if model is None or findings:
        raise DefinitionError(findings)
    blocks = [_rules(model.rules, revision) for revision in model.revisions]
    return model.rules, Timeline([(rules.period, rules) for rules in blocks])


def _rules(name: str, revision: RulesRevision) -> ClockRules:
    readings = revision.readings
    return ClockRules(
        name=name,
        label=revision.label.label(),
        period=Period(start=revision.effective_from, end=revision.effective_until),
        citation=revision.citation,
        interruptions={
            reason: Interruption(
                effect=item.effect, citation=item.citation, label=item.label.label()
            )
            for reason, item in revision.interruptions.items()
        },
        extensions={
            area: Extension(limit=item.limit, citation=item.citation, label=item.label.label())
            for area, item in revision.extensions.items()
        },
        owed={
            kind: Owed(limit=item.limit, citation=item.citation)
            for kind, item in revision.owed.items()
        },
        suspension_days=readings.suspension_days.value,
        receipt_on_day_off=readings.receipt_on_day_off.value,
        end_on_day_off=readings.end_on_day_off.value,
        end_of_day=readings.end_of_day.value,
        readings=readings.citations(),
    )


@lru_cache(maxsize=1)
def _by_field() -> Mapping[str, str]:
    """Read which rules a field of administration has of its own, once a process."""
    text = (resources.files("igate.deadlines") / "vn" / "by_field.csv").read_text(encoding="utf-8")
    return MappingProxyType(
        {row["field"]: row["rules"] for row in csv.DictReader(io.StringIO(text))}
    )


def rules_of_field(field: str) -> str:
    """Return the name of the clock rules of a field of administration.

    Args:
        field: Identifier of the field, as in the files of procedures.

    >>> rules_of_field("dat-dai"), rules_of_field("ho-tich"), rules_of_field("thu-vien")
    ('land', 'civil_status', 'decree')
    """
    return _by_field().get(field, "decree")


def known_reasons() -> frozenset[str]:
    """Return the reasons of interruptions that some shipped clock rules know, at any time.

    >>> {"supplement", "payment", "opinion"} <= known_reasons()
    True
    """
    rules = (each for timeline in _shipped().values() for _, each in timeline)
    return frozenset(reason for each in rules for reason in each.interruptions)


def shipped_rules(name: str = "decree", *, on: date) -> ClockRules:
    """Return the shipped rules of a name that are in force on a day.

    Args:
        name: Name of the rules; a former name gives those that it named.
        on: The day, as a rule that of the receipt.

    Raises:
        TimelineError: There are no rules of that name, or none in force on the day.
        MomentError: ``on`` is no day.
    """
    timeline = _shipped().get(FORMER_RULES.get(name, name))
    if timeline is None:
        raise TimelineError(
            say("There are no clock rules named {name!r}.", name=name),
            fix=say("The shipped ones are {shipped}.", shipped=", ".join(sorted(_shipped()))),
        )
    rules = timeline.on(on)
    if rules is None:
        raise TimelineError(
            say("No clock rules {name!r} are in force on {on}.", name=name, on=on),
            why=say("A limit can only be counted by the rules of its day."),
            fix=say(
                "The periods are {periods}.",
                periods=timeline.periods,
            ),
        )
    return rules


@lru_cache(maxsize=1)
def _shipped() -> Mapping[str, Timeline[ClockRules]]:
    """Read the rule files of the package, once a process."""
    folder = resources.files("igate.deadlines") / "vn"
    found = {}
    for entry in sorted(folder.iterdir(), key=lambda item: item.name):
        if entry.name.endswith(".yaml"):
            name, timeline = read_rules(entry.read_text(encoding="utf-8"), file=entry.name)
            found[name] = timeline
    return MappingProxyType(found)
