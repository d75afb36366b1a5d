"""What the keys of a definition file may hold.

The models are strict: a text is a text, a number a number, and a key that is not described is
refused with the nearest one that is. Texts that stand for values (citations, time limits, dates,
hours) are read here, so a file that passes holds only what the library understands. How a wrong
value becomes a finding is said in :mod:`igate.files.shape`.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, time
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    PlainSerializer,
    PlainValidator,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from igate.deadlines.limits import TimeLimit, Unit
from igate.deadlines.rules import Cutoff
from igate.errors import CitationError, Finding, TimeLimitError
from igate.files.findings import severity_of
from igate.law.citation import Citation, Label
from igate.procedures.reading.step_values import citation_of, limit_of

if TYPE_CHECKING:
    from igate.errors import Place
    from igate.files.findings import FindingCode

__all__ = [
    "NAME",
    "CitationText",
    "Code",
    "Count",
    "CutoffModel",
    "DateText",
    "FileModel",
    "FullLabelModel",
    "LabelModel",
    "LimitText",
    "Name",
    "Start",
    "StepLimit",
    "Text",
    "TimeText",
    "Word",
    "finding",
    "text_of",
]

_CODE = r"\d\.\d{6}"
#: The spelling of a name, as a regular expression.
NAME = r"[a-z][a-z0-9]*(?:[_-][a-z0-9]+)*"
_WORD = r"[a-z]+(?:_[a-z]+)*"
_DAY = r"\d{4}-\d\d-\d\d"
_HOUR = r"(?:[01]\d|2[0-3]):[0-5]\d"


class FileModel(BaseModel):
    """A mapping in a definition file: its keys are all described."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, populate_by_name=True)


def _refuse(code: FindingCode, what: str, fix: str = "") -> PydanticCustomError:
    return PydanticCustomError(code, "{what}", {"what": what, "fix": fix})


def text_of(value: object) -> str:
    """Give a text that is not empty; anything else is an error of the shape."""
    if isinstance(value, str) and value.strip():
        return value
    if value is None or value == "":
        raise _refuse("missing-label", "A text is empty.", "Write the text.")
    written = str(value).lower() if isinstance(value, bool) else str(value)
    if isinstance(value, bool | int):
        raise _refuse("wrong-type", f"{written} is not a text.", f'Put it in quotes: "{written}".')
    raise _refuse("wrong-type", "A list or mapping stands where a text belongs.", "Write a text.")


def _name(value: object) -> str:
    text = text_of(value)
    if re.fullmatch(NAME, text) is None:
        raise _refuse(
            "bad-name",
            f'"{text}" is not a name.',
            "A name is ASCII: small letters, digits, - and _, beginning with a letter.",
        )
    return text


def _word(value: object) -> str:
    text = text_of(value)
    if re.fullmatch(_WORD, text) is None:
        raise _refuse(
            "bad-name",
            f'"{text}" is not a name.',
            "A name here is of small ASCII letters and _, like awaiting_supplement.",
        )
    return text


def _code(value: object) -> str:
    text = text_of(value)
    if re.fullmatch(_CODE, text) is None:
        raise _refuse(
            "bad-code",
            f'"{text}" is not the code of a procedure.',
            'Write the eight characters in quotes, without a suffix such as .H15: "1.001806".',
        )
    return text


def _citation(value: object) -> Citation:
    if value is None or value == "":
        raise _refuse("missing-citation", "The citation is empty.", "Name the instrument.")
    try:
        return citation_of(text_of(value))
    except CitationError as error:
        raise _refuse("malformed-citation", error.what, error.fix or "") from error


def _limit(value: object) -> TimeLimit:
    if not isinstance(value, str):
        raise _refuse(
            "bad-time-limit",
            f"{value} is not a time limit: it has no unit." if value else "The limit is empty.",
            'Write a number and a unit, like "7 working_day", or "not_stated".',
        )
    try:
        limit = limit_of(value)
    except TimeLimitError as error:
        fix = error.fix or 'Write it like "7 working_day".'
        if re.search(r"\d,\d", value):
            fix = "A decimal has a point: 0.5 working_day."
        raise _refuse("bad-time-limit", error.what, fix) from error
    if not value.isascii():
        # one spelling in our files; what a decision prints is for the importer
        what = f"{value!r} is spelled as decisions print it."
        fix = f'Write "{limit}".'
        if {part.unit for part in limit.parts} == {Unit.DAY}:
            days = replace(
                limit, parts=tuple(replace(p, unit=Unit.WORKING_DAY) for p in limit.parts)
            )
            fix = f'Write "{days}" for working days, as step tables mean it, or "{limit}" for '
            fix += "calendar days."
        raise _refuse("bad-time-limit", what, fix)
    return limit


def _step_limit(value: object) -> TimeLimit | None:
    return None if value is None or value == "not_counted" else _limit(value)


def _date(value: object) -> date:
    wrong = _refuse(
        "bad-date", f'"{value}" is not a day.', 'Write year-month-day in quotes: "2025-11-27".'
    )
    if not isinstance(value, str) or re.fullmatch(_DAY, value) is None:
        raise wrong
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise wrong from None


def _start(value: object) -> date | None:
    return None if value == "unknown" else _date(value)


def _hour(value: object) -> time:
    if not isinstance(value, str) or re.fullmatch(_HOUR, value) is None:
        raise _refuse(
            "bad-value", f'"{value}" is not an hour of the day.', 'Write it like "15:00".'
        )
    return time.fromisoformat(value)


def _schema(pattern: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "pattern": f"^{pattern}$"})


Text = Annotated[str, PlainValidator(text_of), WithJsonSchema({"type": "string", "minLength": 1})]
Name = Annotated[str, PlainValidator(_name), _schema(NAME)]
Word = Annotated[str, PlainValidator(_word), _schema(_WORD)]
Code = Annotated[str, PlainValidator(_code), _schema(_CODE)]
CitationText = Annotated[
    Citation, PlainValidator(_citation), WithJsonSchema({"type": "string", "minLength": 1})
]
LimitText = Annotated[
    TimeLimit, PlainValidator(_limit), WithJsonSchema({"type": "string", "minLength": 1})
]
StepLimit = Annotated[
    TimeLimit | None,
    PlainValidator(_step_limit),
    PlainSerializer(lambda limit: None if limit is None else str(limit)),
    WithJsonSchema({"type": "string", "minLength": 1, "default": "not_counted"}),
]
DateText = Annotated[date, PlainValidator(_date), _schema(_DAY)]
Start = Annotated[date | None, PlainValidator(_start), _schema(f"({_DAY}|unknown)")]
TimeText = Annotated[time, PlainValidator(_hour), _schema(_HOUR)]
Count = Annotated[int, Field(ge=0)]


class LabelModel(FileModel):
    """A text for people: Vietnamese always, English where somebody has translated it."""

    vi: Text
    en: str = ""

    def label(self) -> Label:
        """Give the value."""
        return Label(vi=self.vi, en=self.en)


class FullLabelModel(FileModel):
    """A text for people in both languages."""

    vi: Text
    en: Text

    def label(self) -> Label:
        """Give the value."""
        return Label(vi=self.vi, en=self.en)


class CutoffModel(FileModel):
    """An hour after which something waits for the next working day."""

    time: TimeText
    moves: Literal["transfer", "result", "start"]
    citation: CitationText

    def cutoff(self) -> Cutoff:
        """Give the value."""
        return Cutoff(at=self.time, moves=self.moves, citation=self.citation)


def finding(code: FindingCode, place: Place, message: str, remedy: str = "") -> Finding:
    """Make a finding with the severity that belongs to its code."""
    return Finding(
        code=code, place=place, message=message, remedy=remedy, severity=severity_of(code)
    )
