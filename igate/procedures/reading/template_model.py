"""The keys of a template file."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, PlainValidator, WithJsonSchema

from igate.deadlines.fields import CutoffModel  # noqa: TC001 - pydantic reads the annotations
from igate.files.fields import CitationText, FileModel, FullLabelModel, Text, Word, text_of
from igate.procedures.reading.step_model import FactText, StepModel  # noqa: TC001 - the same
from igate.procedures.template import Parties  # noqa: TC001 - the same
from igate.procedures.workflow import FactKind, Phase  # noqa: TC001 - the same

__all__ = ["StateModel", "TemplateFile", "TransitionModel"]


def _sources(value: object) -> tuple[str, ...]:
    named = value if isinstance(value, list) else [value]
    return tuple(text_of(each) for each in named)


Sources = Annotated[
    tuple[str, ...],
    PlainValidator(_sources),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}),
]
#: What a transition can do to the clock. An extension has a length of its own, which no action
#: carries: the law of an area adds it to the limit (``igate/rules``).
Clocked = Literal["start", "suspend", "resume", "replace", "finish", "stop"]


class StateModel(FileModel):
    """A state of a template."""

    label: FullLabelModel
    national_status: int = Field(ge=1, le=10)
    phase: Phase | None = None
    expand: Literal["processing"] | None = None
    final: bool = False


class TransitionModel(FileModel):
    """A transition of a template."""

    action: Word
    source: Sources = Field(alias="from")
    target: Text = Field(alias="to")
    roles: list[Word] = Field(min_length=1)
    any_agency: bool = False
    enters: Word | None = None
    leaves: Word | None = None
    stays: Word | None = None
    parties: Parties | None = None
    guard: Text | None = None
    clock: Clocked | None = None
    reason: Word | None = None
    outcome: Word | None = None
    sets: dict[Word, FactText] = Field(default_factory=dict)
    citation: CitationText | None = None


class TemplateFile(FileModel):
    """The keys of a template file."""

    format: Literal[1]
    template: Word
    extends: Word | None = None
    label: FullLabelModel
    citation: CitationText
    initial: Word | None = None
    roles: dict[Word, FullLabelModel] = Field(default_factory=dict)
    any_agency_roles: list[Word] = Field(default_factory=list)
    facts: dict[Word, FactKind] = Field(default_factory=dict)
    cutoff: CutoffModel | None = None
    states: dict[Word, StateModel] = Field(default_factory=dict)
    actions: dict[Word, FullLabelModel] = Field(default_factory=dict)
    transitions: list[TransitionModel] = Field(default_factory=list)
    steps: list[StepModel] = Field(default_factory=list)
