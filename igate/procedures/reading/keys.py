"""The keys of a procedure file and of a template file, as pydantic models.

:mod:`igate.procedures.reading.values` makes values of what they hold. A model of steps, parties and
ways serves both kinds of file.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, ClassVar, Final, Literal, Self, cast, get_args

from pydantic import (
    ConfigDict,
    Field,
    JsonValue,
    PlainValidator,
    TypeAdapter,
    WithJsonSchema,
    WrapValidator,
    model_validator,
)
from pydantic_core import PydanticCustomError

from igate.deadlines.fields import CutoffModel, LimitText, StepLimit
from igate.deadlines.limits import TimeLimit, limit_of
from igate.files.fields import (
    NAME,
    CitationText,
    Code,
    Count,
    DateText,
    FileModel,
    FullLabelModel,
    LabelModel,
    Name,
    Start,
    Text,
    Word,
    refuse,
    text_of,
)
from igate.files.findings import did_you_mean
from igate.files.kinds import PAGES
from igate.law.localtime import VIETNAM
from igate.law.text import AGENCY
from igate.procedures.procedure import Basis, Delivery, Scheme, Subject  # noqa: TC001 - the same
from igate.procedures.template import Parties  # noqa: TC001 - the same
from igate.procedures.workflow import (
    EVERY_COUNTER,
    Assigning,
    Channel,
    FactKind,
    Phase,
)
from igate.words.sentence import say, together

if TYPE_CHECKING:
    from pydantic import GetJsonSchemaHandler, ValidatorFunctionWrapHandler
    from pydantic.json_schema import JsonSchemaValue
    from pydantic_core import CoreSchema

    from igate.procedures.workflow import FactValue

__all__ = [
    "ActionModel",
    "ExampleModel",
    "ExpectModel",
    "FactText",
    "LimitModel",
    "NoDate",
    "PartyModel",
    "ProcedureFile",
    "RequirementModel",
    "RevisionModel",
    "StateModel",
    "StepModel",
    "TemplateFile",
    "TransitionModel",
    "WayModel",
]

#: Who acts is said by exactly one of these keys.
_WHO: Final[list[JsonValue]] = [
    {"required": ["role"]},
    {"required": ["roles"]},
    {"required": ["actors"]},
]


def _fact(value: object) -> FactValue:
    return value if isinstance(value, bool | int) else text_of(value)


FactText = Annotated[
    bool | int | str,
    PlainValidator(_fact),
    WithJsonSchema({"type": ["boolean", "integer", "string"]}),
]


def _agency_id(value: object) -> str:
    text = text_of(value)
    if re.fullmatch(AGENCY, text) is None:
        what = say('"{text}" is not the identifier of an agency.', text=text)
        fix = say(
            "Write it like H15.10: at most 35 of A-Z, 0-9 and dot (Quyết định 20/2020/QĐ-TTg)."
        )
        raise PydanticCustomError("bad-value", "{what}", {"what": what, "fix": fix})
    return text


AgencyId = Annotated[
    str,
    PlainValidator(_agency_id),
    WithJsonSchema({"type": "string", "pattern": f"^{AGENCY}$"}),
]


class AgencyModel(LabelModel):
    """An agency other than the competent one."""

    id: AgencyId | None = None


#: A role; an unknown one is reported with the known ones, so any text is read.
RoleText = Annotated[
    str, PlainValidator(text_of), WithJsonSchema({"type": "string", "pattern": f"^{NAME}$"})
]


def _check_vietnamese(*, vi: str, en: str) -> None:
    """Refuse a text that may be left out, and is there in English alone."""
    if en and not vi:
        what = say('There is an "en" without a "vi": "{en}".', en=en)
        fix = say("Write the Vietnamese too, or leave the English out.")
        raise refuse("missing-label", what, fix)


class OwnTextModel(FileModel):
    """What may have a text of its own, in the place of that of the step or action."""

    vi: str = ""
    en: str = ""

    @model_validator(mode="after")
    def _translated(self) -> Self:
        _check_vietnamese(vi=self.vi, en=self.en)
        return self


class PartyModel(OwnTextModel):
    """One of several who act in a step."""

    role: RoleText
    limit: StepLimit = None
    actor: str = ""
    agency: AgencyModel | None = None
    procedure: Code | None = None


class WayModel(OwnTextModel):
    """A way to another step than the next."""

    action: Word
    to: Count
    guard: Text | None = None
    sets: dict[Word, FactText] = Field(default_factory=dict)


class StageModel(FileModel):
    """Steps one after another that have one time together."""

    steps: list[Count] = Field(min_length=2, max_length=2)
    limit: LimitText


class StepModel(LabelModel):
    """One row of the table of a decision."""

    model_config = ConfigDict(json_schema_extra={"oneOf": _WHO})

    number: Count
    phase: Literal["reception", "processing", "handover"]
    role: RoleText | None = None
    roles: list[RoleText] = Field(default_factory=list, min_length=2)
    limit: StepLimit = None
    time: Text | None = None
    actor: str = ""
    agency: AgencyModel | None = None
    procedure: Code | None = None
    may: list[Word] | None = None
    four_eyes: list[Count] = Field(default_factory=list, min_length=1)
    actors: list[PartyModel] = Field(default_factory=list, min_length=1)
    together: list[PartyModel] = Field(default_factory=list, min_length=1)
    ways: list[WayModel] = Field(default_factory=list, min_length=1)


class FactModel(FileModel):
    """A fact that actions may establish, what people call it, and who may establish it."""

    kind: FactKind
    vi: Text = ""
    en: str = ""
    set_by: list[Word] = Field(default_factory=list, min_length=1)

    @model_validator(mode="after")
    def _translated(self) -> Self:
        _check_vietnamese(vi=self.vi, en=self.en)
        return self


_FACT_KINDS: Final = get_args(FactKind)


def _fact_model(value: object, read: ValidatorFunctionWrapHandler) -> FactModel:
    """Read a fact; a kind alone is a mapping with nothing else in it."""
    if value in _FACT_KINDS:
        return FactModel(kind=cast("FactKind", value))
    if isinstance(value, dict):
        model: FactModel = read(value)
        return model
    what = say("{value!r} is no kind of a fact.", value=value)
    fix = together(
        did_you_mean(str(value), _FACT_KINDS),
        say("Write bool, int or text, or {{kind: bool, vi: …, en: …}}."),
    )
    raise refuse("bad-value", what, fix)


class _KindOrMapping:
    """How the schema describes a fact: by its kind alone, or by the keys of its model."""

    def __get_pydantic_json_schema__(
        self, core: CoreSchema, describe: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {"anyOf": [{"enum": list(_FACT_KINDS), "type": "string"}, describe(core)]}


#: A fact as a file declares it: its kind, or a mapping that also says its label or who may set it.
FactDeclared = Annotated[FactModel, WrapValidator(_fact_model), _KindOrMapping()]


def _counters(value: object) -> tuple[str, ...]:
    if value == EVERY_COUNTER:
        return (EVERY_COUNTER,)
    if not isinstance(value, list) or not value:
        fix = say(
            "Write {every_counter}, or a list of agencies like [H15.10, H15.21].",
            every_counter=EVERY_COUNTER,
        )
        raise PydanticCustomError(
            "bad-value", "{what}", {"what": say("These are not counters."), "fix": fix}
        )
    return tuple(EVERY_COUNTER if each == EVERY_COUNTER else _agency_id(each) for each in value)


Counters = Annotated[
    tuple[str, ...],
    PlainValidator(_counters),
    WithJsonSchema(
        {
            "anyOf": [
                {"const": EVERY_COUNTER},
                {"type": "array", "items": {"type": "string", "pattern": f"^({AGENCY}|any)$"}},
            ]
        }
    ),
]

_DAY = r"\d{4}-\d\d-\d\d"
_MOMENT = _DAY + r"T(?:[01]\d|2[0-3]):[0-5]\d"

#: Written where a dossier has no due date.
NoDate = Literal["none"]


def _wrong(value: object, what: str, spelled: str) -> PydanticCustomError:
    context = {
        "what": say('"{value}" is not {what}.', value=value, what=what),
        "fix": say("Write {spelled}.", spelled=spelled),
    }
    return PydanticCustomError("bad-date", "{what}", context)


def _moment(value: object) -> datetime:
    wrong = _wrong(value, say("a moment"), say('day and time in quotes: "2026-08-20T09:00"'))
    if not isinstance(value, str) or re.fullmatch(_MOMENT, value) is None:
        raise wrong
    try:
        return datetime.fromisoformat(value).replace(tzinfo=VIETNAM)
    except ValueError:
        raise wrong from None


def _due(value: object) -> date | datetime | NoDate:
    if value == "none":
        return "none"
    spelled = say('a day or a moment in quotes ("2026-08-28", "2026-08-28T17:00"), or none')
    wrong = _wrong(value, say("a due date"), spelled)
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
    """What a dossier is like: in which state, due when, ended how."""

    state: Text | None = None
    due: Due | None = None
    outcome: Word | None = None

    @model_validator(mode="after")
    def _something(self) -> Self:
        if self.state is None and self.due is None and self.outcome is None:
            context = {
                "what": say("nothing is expected."),
                "fix": say("Write state, due or outcome."),
            }
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
    """A dossier from its submission on, and what must become of it."""

    submitted: Moment
    channel: Channel = "counter"
    case: str = ""
    area: str = ""
    actions: list[ActionModel] = Field(min_length=1)
    expect: ExpectModel


class FieldModel(LabelModel):
    """A field of administration."""

    id: Name


class LimitModel(FileModel):
    """A time limit and the dossiers for which it holds."""

    limit: LimitText
    channel: Channel | None = None
    case: Text | None = None
    area: Text | None = None
    citation: CitationText


class OnlineModel(FileModel):
    """How far the procedure can be done online."""

    scheme: Scheme
    level: Literal["1", "2", "3", "4", "full", "partial", "none", "not_stated"]
    basis: Basis
    citation: CitationText | None = None


class RequirementModel(LabelModel):
    """A paper that the procedure asks for."""

    original: Count = 0
    certified: Count = 0
    copies: Count = 0
    form: str = ""
    digitised: bool = False
    reused_from: LabelModel | None = None
    citation: CitationText


class FeeModel(FileModel):
    """What is charged, in đồng."""

    amount: Count
    vi: Text
    en: str = ""
    channel: Channel | None = None
    citation: CitationText


class ResultModel(LabelModel):
    """What the applicant gets."""

    delivery: list[Delivery] = Field(default_factory=list)
    form: str = ""
    citation: CitationText | None = None


class ConditionModel(LabelModel):
    """A condition that must be fulfilled for the result to be granted."""

    citation: CitationText | None = None


class RevisionModel(FileModel):
    """The procedure as in force over one period."""

    effective_from: Start
    effective_until: DateText | None = None
    citation: CitationText
    template: Text
    clock_rules: Name | None = None
    cutoff: CutoffModel | None = None
    limits: list[LimitModel] = Field(default_factory=list)
    online: list[OnlineModel] = Field(default_factory=list)
    subjects: list[Subject] = Field(default_factory=list)
    requirements: list[RequirementModel] = Field(default_factory=list)
    dossier_sets: Annotated[int, Field(ge=1)] | None = None
    fees: list[FeeModel] = Field(default_factory=list)
    results: list[ResultModel] = Field(default_factory=list)
    conditions: list[ConditionModel] = Field(default_factory=list)
    legal_basis: list[CitationText] = Field(default_factory=list)
    roles: dict[Word, LabelModel] = Field(default_factory=dict)
    facts: dict[Word, FactDeclared] = Field(default_factory=dict)
    options: list[Word] = Field(default_factory=list)
    counters: Counters | None = None
    own_dossiers: Literal["refused", "allowed"] | None = None
    steps: list[StepModel] = Field(default_factory=list)
    stages: list[StageModel] = Field(default_factory=list)
    steps_basis: Basis = "published"


class ProcedureFile(FileModel):
    """The keys of a procedure file."""

    format: Literal[1]
    code: Code
    name: LabelModel
    field: FieldModel
    ministry: str = ""
    level: list[Text] = Field(default_factory=list)
    agencies: list[Text] = Field(default_factory=list)
    checked_on: DateText
    source: Text
    revisions: list[RevisionModel] = Field(min_length=1)
    examples: list[ExampleModel] = Field(default_factory=list)


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


#: What is registered of a dossier and an action can correct.
Registered = Literal[
    "applicant", "applicant_id", "representatives", "procedure", "channel", "case", "area", "agency"
]


def _backdate(value: object) -> TimeLimit:
    return limit_of("not_stated") if value == "none" else _limit_text(value)


_limit_text: Final = TypeAdapter(LimitText).validate_python
#: How long after it happened an action may be recorded; ``none``: not at all.
Backdate = Annotated[
    TimeLimit, PlainValidator(_backdate), WithJsonSchema({"type": "string", "minLength": 1})
]


class StateModel(FileModel):
    """A state of a template."""

    label: FullLabelModel
    national_status: int = Field(ge=1, le=10)
    phase: Phase | None = None
    expand: Literal["processing"] | None = None
    final: bool = False
    option: Word | None = None


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
    note: Literal["required"] | None = None
    at_counter: bool = False
    needs: list[Word] = Field(default_factory=list, min_length=1)
    changes: list[Registered] = Field(default_factory=list, min_length=1)
    assigns: Assigning | None = None
    asks_agencies: bool = False
    answers: bool = False
    undoes: list[Word] = Field(default_factory=list, min_length=1)
    max_backdate: Backdate | None = None
    option: Word | None = None
    without: Word | None = None
    citation: CitationText | None = None


class TemplateFile(FileModel):
    """The keys of a template file."""

    page: ClassVar[str] = PAGES["template"]

    format: Literal[1]
    template: Word
    extends: Word | None = None
    label: FullLabelModel
    citation: CitationText
    initial: Word | None = None
    roles: dict[Word, FullLabelModel] = Field(default_factory=dict)
    any_agency_roles: list[Word] = Field(default_factory=list)
    facts: dict[Word, FactDeclared] = Field(default_factory=dict)
    options: dict[Word, FullLabelModel] = Field(default_factory=dict)
    counters: Counters | None = None
    backdaters: list[Word] = Field(default_factory=list)
    own_dossiers: Literal["refused", "allowed"] | None = None
    cutoff: CutoffModel | None = None
    states: dict[Word, StateModel] = Field(default_factory=dict)
    actions: dict[Word, FullLabelModel] = Field(default_factory=dict)
    transitions: list[TransitionModel] = Field(default_factory=list)
    steps: list[StepModel] = Field(default_factory=list)
    stages: list[StageModel] = Field(default_factory=list)
