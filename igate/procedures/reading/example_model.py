"""The keys of an example in a procedure file: what happens when, and what must come of it."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Annotated, Literal, Self

from pydantic import Field, PlainValidator, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError

from igate.files.fields import FileModel, LabelModel, Text, Word
from igate.law.localtime import VIETNAM
from igate.procedures.reading.step_model import FactText  # noqa: TC001 - the same
from igate.procedures.workflow import Channel  # noqa: TC001 - pydantic reads the annotations

__all__ = ["ActionModel", "ExampleModel", "ExpectModel", "NoDate"]

_DAY = r"\d{4}-\d\d-\d\d"
_MOMENT = _DAY + r"T(?:[01]\d|2[0-3]):[0-5]\d"

#: Written where a dossier has no due date.
NoDate = Literal["none"]


def _wrong(value: object, what: str, spelled: str) -> PydanticCustomError:
    context = {"what": f'"{value}" is not {what}.', "fix": f"Write {spelled}."}
    return PydanticCustomError("bad-date", "{what}", context)


def _moment(value: object) -> datetime:
    wrong = _wrong(value, "a moment", 'day and time in quotes: "2026-08-20T09:00"')
    if not isinstance(value, str) or re.fullmatch(_MOMENT, value) is None:
        raise wrong
    try:
        return datetime.fromisoformat(value).replace(tzinfo=VIETNAM)
    except ValueError:
        raise wrong from None


def _due(value: object) -> date | datetime | NoDate:
    if value == "none":
        return "none"
    spelled = 'a day or a moment in quotes ("2026-08-28", "2026-08-28T17:00"), or none'
    wrong = _wrong(value, "a due date", spelled)
    if not isinstance(value, str) or re.fullmatch(f"{_DAY}|{_MOMENT}", value) is None:
        raise wrong
    try:
        moment = datetime.fromisoformat(value).replace(tzinfo=VIETNAM)
    except ValueError:
        raise wrong from None
    return moment if "T" in value else moment.date()


Moment = Annotated[
    datetime,
    PlainValidator(_moment),
    WithJsonSchema({"type": "string", "pattern": f"^{_MOMENT}$"}),
]
Due = Annotated[
    date | datetime | NoDate,
    PlainValidator(_due),
    WithJsonSchema({"type": "string", "pattern": f"^({_DAY}|{_MOMENT}|none)$"}),
]


class ExpectModel(FileModel):
    """How a dossier stands: in which state, due when, ended how."""

    state: Text | None = None
    due: Due | None = None
    outcome: Word | None = None

    @model_validator(mode="after")
    def _something(self) -> Self:
        if self.state is None and self.due is None and self.outcome is None:
            context = {"what": "nothing is expected.", "fix": "Write state, due or outcome."}
            raise PydanticCustomError("missing-key", "{what}", context)
        return self


class ActionModel(FileModel):
    """An action that is taken on the dossier of an example."""

    action: Word
    at: Moment
    role: Word | None = None
    new_date: Moment | None = None
    sets: dict[Word, FactText] = Field(default_factory=dict)
    refused: bool = False
    expect: ExpectModel | None = None


class ExampleModel(LabelModel):
    """A dossier from its submission on, and how it must stand in the end."""

    submitted: Moment
    channel: Channel = "counter"
    case: str = ""
    area: str = ""
    actions: list[ActionModel] = Field(min_length=1)
    expect: ExpectModel
