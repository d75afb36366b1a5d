"""What the keys of a definition file may hold.

The models are strict: a text is a text, a number a number, and a key that is not described is
refused with the nearest one that is. Texts that stand for values (citations, time limits, dates,
hours) are read here, so a file that passes holds only what the library understands. How a wrong
value becomes a finding is said in :mod:`igate.files.shape`.
"""

from __future__ import annotations

import re
from datetime import date, time
from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    PlainValidator,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from igate.errors import CitationError
from igate.files.kinds import PAGES
from igate.law.citation import Citation, Label, citation_of
from igate.words.sentence import say

if TYPE_CHECKING:
    from igate.files.findings import FindingCode

__all__ = [
    "NAME",
    "CitationText",
    "Code",
    "Count",
    "DateText",
    "FileModel",
    "FullLabelModel",
    "LabelModel",
    "Name",
    "Start",
    "Text",
    "TimeText",
    "Word",
    "refuse",
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

    #: the page that describes the keys of such a file, a heading each
    page: ClassVar[str] = PAGES["procedure"]

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, populate_by_name=True)


def refuse(code: FindingCode, what: str, fix: str = "") -> PydanticCustomError:
    """Return the error by which a field refuses a value, with the code of the finding to be."""
    return PydanticCustomError(code, "{what}", {"what": what, "fix": fix})


def text_of(value: object) -> str:
    """Return a text that is not empty; anything else is an error of the shape."""
    if isinstance(value, str) and value.strip():
        return value
    if value is None or value == "":
        raise refuse("missing-label", say("A text is empty."), say("Write the text."))
    written = str(value).lower() if isinstance(value, bool) else str(value)
    if isinstance(value, bool | int):
        raise refuse(
            "wrong-type",
            say("{written} is not a text.", written=written),
            say('Put it in quotes: "{written}".', written=written),
        )
    raise refuse(
        "wrong-type", say("There is a list or mapping where a text belongs."), say("Write a text.")
    )


#: Quotes that a word processor puts for straight ones; to YAML they are letters.
_CURLY = "“”„‘’"


def _name(value: object) -> str:
    text = text_of(value)
    plain = text.strip(_CURLY)
    if plain != text and re.fullmatch(NAME, plain):
        raise refuse(
            "bad-name",
            say('"{text}" is not a name.', text=text),
            say(
                'Its quotes are those of a word processor. Write "{plain}".',
                plain=plain,
            ),
        )
    if re.fullmatch(NAME, text) is None:
        raise refuse(
            "bad-name",
            say('"{text}" is not a name.', text=text),
            say("A name is ASCII: small letters, digits, - and _, beginning with a letter."),
        )
    return text


def _word(value: object) -> str:
    text = text_of(value)
    if re.fullmatch(_WORD, text) is None:
        raise refuse(
            "bad-name",
            say('"{text}" is not a name.', text=text),
            say("A name here is of small ASCII letters and _, like awaiting_supplement."),
        )
    return text


def _code(value: object) -> str:
    text = text_of(value)
    if re.fullmatch(_CODE, text) is None:
        raise refuse(
            "bad-code",
            say('"{text}" is not the code of a procedure.', text=text),
            say('Write the eight characters in quotes, without a suffix such as .H15: "1.001806".'),
        )
    return text


def _citation(value: object) -> Citation:
    if value is None or value == "":
        raise refuse("missing-citation", say("The citation is empty."), say("Name the instrument."))
    try:
        return citation_of(text_of(value))
    except CitationError as error:
        raise refuse("malformed-citation", error.what, error.fix or "") from error


def _date(value: object) -> date:
    wrong = refuse(
        "bad-date",
        say('"{value}" is not a day.', value=value),
        say('Write year-month-day in quotes: "2025-11-27".'),
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
        raise refuse(
            "bad-value",
            say('"{value}" is not an hour of the day.', value=value),
            say('Write it like "15:00".'),
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
DateText = Annotated[date, PlainValidator(_date), _schema(_DAY)]
Start = Annotated[date | None, PlainValidator(_start), _schema(f"({_DAY}|unknown)")]
TimeText = Annotated[time, PlainValidator(_hour), _schema(_HOUR)]
Count = Annotated[int, Field(ge=0)]


class LabelModel(FileModel):
    """A text for people: Vietnamese always, English where somebody has translated it."""

    vi: Text
    en: str = ""

    def label(self) -> Label:
        """Return the value."""
        return Label(vi=self.vi, en=self.en)


class FullLabelModel(FileModel):
    """A text for people in both languages."""

    vi: Text
    en: Text

    def label(self) -> Label:
        """Return the value."""
        return Label(vi=self.vi, en=self.en)
