"""The keys of a procedure file; ``reading.values`` makes values of what they hold."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field as Key

from igate.deadlines.fields import CutoffModel, LimitText  # noqa: TC001 - pydantic reads the annotations
from igate.files.fields import (
    CitationText,
    Code,
    Count,
    DateText,
    FileModel,
    LabelModel,
    Name,
    Start,
    Text,
    Word,
)
from igate.procedures.procedure import Basis, Delivery, Scheme, Subject  # noqa: TC001 - the same
from igate.procedures.reading.example_model import ExampleModel  # noqa: TC001 - the same
from igate.procedures.reading.step_model import StepModel  # noqa: TC001 - the same
from igate.procedures.workflow import (
    Channel,  # noqa: TC001 - pydantic reads the annotations
    FactKind,  # noqa: TC001 - the same
)

__all__ = ["ProcedureFile", "RevisionModel"]


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

    delivery: list[Delivery] = Key(default_factory=list)
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
    clock_rules: Name = "decree"
    cutoff: CutoffModel | None = None
    limits: list[LimitModel] = Key(default_factory=list)
    online: list[OnlineModel] = Key(default_factory=list)
    subjects: list[Subject] = Key(default_factory=list)
    requirements: list[RequirementModel] = Key(default_factory=list)
    dossier_sets: Annotated[int, Key(ge=1)] | None = None
    fees: list[FeeModel] = Key(default_factory=list)
    results: list[ResultModel] = Key(default_factory=list)
    conditions: list[ConditionModel] = Key(default_factory=list)
    legal_basis: list[CitationText] = Key(default_factory=list)
    roles: dict[Word, LabelModel] = Key(default_factory=dict)
    facts: dict[Word, FactKind] = Key(default_factory=dict)
    steps: list[StepModel] = Key(default_factory=list)
    steps_basis: Basis = "published"


class ProcedureFile(FileModel):
    """The keys of a procedure file."""

    format: Literal[1]
    code: Code
    name: LabelModel
    field: FieldModel
    ministry: str = ""
    level: list[Text] = Key(default_factory=list)
    agencies: list[Text] = Key(default_factory=list)
    checked_on: DateText
    source: Text
    revisions: list[RevisionModel] = Key(min_length=1)
    examples: list[ExampleModel] = Key(default_factory=list)
