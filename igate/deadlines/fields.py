"""Fields of a definition file that hold a time limit or a cut-off."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Annotated, Literal

from pydantic import PlainValidator, WithJsonSchema

from igate.deadlines.limits import TimeLimit, Unit, limit_of
from igate.deadlines.rules import Cutoff
from igate.errors import TimeLimitError
from igate.files.fields import CitationText, FileModel, TimeText, refuse
from igate.words.sentence import say

__all__ = ["CutoffModel", "LimitText", "StepLimit"]


def _limit(value: object) -> TimeLimit:
    if not isinstance(value, str) or not value.strip():
        raise refuse(
            "bad-time-limit",
            say("{value} is not a time limit: it has no unit.", value=value)
            if value and not isinstance(value, str)
            else say("The limit is empty."),
            say('Write a number and a unit, like "7 working_day", or "not_stated".'),
        )
    try:
        limit = limit_of(value)
    except TimeLimitError as error:
        fix = error.fix or say('Write it like "7 working_day".')
        if re.search(r"\d,\d", value):
            fix = say("A decimal has a point: 0.5 working_day.")
        raise refuse("bad-time-limit", error.what, fix) from error
    if not value.isascii():
        # one spelling in our files; what a decision prints is for the importer
        what = say("{value!r} is spelled as decisions print it.", value=value)
        fix = say('Write "{limit}".', limit=limit)
        if {part.unit for part in limit.parts} == {Unit.DAY}:
            days = replace(
                limit, parts=tuple(replace(p, unit=Unit.WORKING_DAY) for p in limit.parts)
            )
            fix = say(
                'Write "{days}" for working days, as step tables mean it, or "{limit}" for '
                "calendar days.",
                days=days,
                limit=limit,
            )
        raise refuse("bad-time-limit", what, fix)
    return limit


def _step_limit(value: object) -> TimeLimit | None:
    return None if value is None or value == "not_counted" else _limit(value)


LimitText = Annotated[
    TimeLimit, PlainValidator(_limit), WithJsonSchema({"type": "string", "minLength": 1})
]
StepLimit = Annotated[
    TimeLimit | None,
    PlainValidator(_step_limit),
    WithJsonSchema({"type": "string", "minLength": 1, "default": "not_counted"}),
]


class CutoffModel(FileModel):
    """An hour after which something waits for the next working day."""

    time: TimeText
    moves: Literal["transfer", "result", "start"]
    citation: CitationText

    def cutoff(self) -> Cutoff:
        """Return the value."""
        return Cutoff(at=self.time, moves=self.moves, citation=self.citation)
