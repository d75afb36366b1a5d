"""The keys of a step, in a procedure file or in a template file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final, Literal

from pydantic import ConfigDict, Field, JsonValue, PlainValidator, WithJsonSchema

from igate.filemodel import Code, Count, FileModel, LabelModel, Name, StepLimit, Text, Word, text_of
from igate.step_values import pack_step, step_values

if TYPE_CHECKING:
    from igate.dossier import FactValue
    from igate.workflow import Step

__all__ = ["FactText", "PartyModel", "StepModel", "WayModel"]

#: Who acts is said by exactly one of these keys.
_WHO: Final[list[JsonValue]] = [{"required": ["role"]}, {"required": ["actors"]}]


def _fact(value: object) -> FactValue:
    return value if isinstance(value, bool | int) else text_of(value)


FactText = Annotated[
    bool | int | str,
    PlainValidator(_fact),
    WithJsonSchema({"type": ["boolean", "integer", "string"]}),
]


class PartyModel(FileModel):
    """One of several who act in a step."""

    role: Name
    limit: StepLimit = None
    actor: str = ""
    vi: str = ""
    en: str = ""
    agency: LabelModel | None = None
    procedure: Code | None = None


class WayModel(FileModel):
    """A way to another step than the next."""

    action: Word
    to: Count
    guard: Text | None = None
    sets: dict[Word, FactText] = Field(default_factory=dict)
    vi: str = ""
    en: str = ""


class StepModel(LabelModel):
    """One row of the table of a decision."""

    model_config = ConfigDict(json_schema_extra={"oneOf": _WHO})

    number: Count
    phase: Literal["reception", "processing", "handover"]
    role: Name | None = None
    limit: StepLimit = None
    actor: str = ""
    agency: LabelModel | None = None
    procedure: Code | None = None
    actors: list[PartyModel] = Field(default_factory=list, min_length=1)
    together: list[PartyModel] = Field(default_factory=list, min_length=1)
    ways: list[WayModel] = Field(default_factory=list, min_length=1)

    def steps(self) -> tuple[Step, ...]:
        """Give the value: one step, or one a part where several act in turn."""
        return step_values([pack_step(self.model_dump())])
