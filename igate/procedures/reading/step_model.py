"""The keys of a step, in a procedure file or in a template file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Final, Literal

from pydantic import ConfigDict, Field, JsonValue, PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from igate.deadlines.fields import StepLimit  # noqa: TC001 - pydantic reads the annotations
from igate.files.fields import NAME, Code, Count, FileModel, LabelModel, Text, Word, text_of
from igate.procedures.reading.step_values import pack_step, step_values

if TYPE_CHECKING:
    from igate.procedures.workflow import FactValue, Step

__all__ = ["AgencyModel", "FactText", "PartyModel", "StepModel", "WayModel"]

#: Who acts is said by exactly one of these keys.
_WHO: Final[list[JsonValue]] = [{"required": ["role"]}, {"required": ["actors"]}]


def _fact(value: object) -> FactValue:
    return value if isinstance(value, bool | int) else text_of(value)


FactText = Annotated[
    bool | int | str,
    PlainValidator(_fact),
    WithJsonSchema({"type": ["boolean", "integer", "string"]}),
]


def _agency_id(value: object) -> str:
    text = text_of(value)
    if re.fullmatch(_IDENTIFIER, text) is None:
        what = f'"{text}" is not the identifier of an agency.'
        fix = "Write it like H15.10: at most 35 of A-Z, 0-9 and dot (Quyết định 20/2020/QĐ-TTg)."
        raise PydanticCustomError("bad-value", "{what}", {"what": what, "fix": fix})
    return text


#: Quyết định 20/2020/QĐ-TTg.
_IDENTIFIER: Final = r"(?=.{1,35}$)[A-Z0-9]+(?:\.[A-Z0-9]+)*"
AgencyId = Annotated[
    str,
    PlainValidator(_agency_id),
    WithJsonSchema({"type": "string", "pattern": f"^{_IDENTIFIER}$"}),
]


class AgencyModel(LabelModel):
    """An agency other than the competent one."""

    id: AgencyId | None = None


#: A role; one that there is not is told with those that there are, so any text is read.
RoleText = Annotated[
    str, PlainValidator(text_of), WithJsonSchema({"type": "string", "pattern": f"^{NAME}$"})
]


class PartyModel(FileModel):
    """One of several who act in a step."""

    role: RoleText
    limit: StepLimit = None
    actor: str = ""
    vi: str = ""
    en: str = ""
    agency: AgencyModel | None = None
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
    role: RoleText | None = None
    limit: StepLimit = None
    actor: str = ""
    agency: AgencyModel | None = None
    procedure: Code | None = None
    actors: list[PartyModel] = Field(default_factory=list, min_length=1)
    together: list[PartyModel] = Field(default_factory=list, min_length=1)
    ways: list[WayModel] = Field(default_factory=list, min_length=1)

    def steps(self) -> tuple[Step, ...]:
        """Return the value: one step, or one a part where several act in turn."""
        return step_values([pack_step(self.model_dump())])
