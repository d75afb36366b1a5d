"""The numbers that a decision gives its steps: "Bước 3", "B3", "Bước 1.2", "GĐ1 - Bước 2".

A step of the process is numbered by its place, so what the decision calls "bước 3" is looked up by
these numbers and never by position.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

__all__ = ["LABEL_PATTERN", "StepLabel", "is_step_label", "label_of"]

#: A number in running text; the word before it is not optional there.
LABEL_PATTERN: Final = r"(?:(?:gđ|giai đoạn)\s*\d+\s*[-–.:,]?\s*)?(?:bước|b)\s*\d+(?:\.\d+)*(?!\w)"
_LABEL = re.compile(
    r"(?:(?:gđ|giai đoạn)\s*(?P<stage>\d+)\s*[-–.:,]?\s*)?(?:bước|b)?\s*"
    r"(?P<numbers>\d+(?:\.\d+)*)\s*[.:)]?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class StepLabel:
    """The number of a step as the decision gives it."""

    #: of the stage ("GĐ1"); ``None`` where the decision has none
    stage: int | None
    #: from the whole to the part: 1.2 is (1, 2)
    numbers: tuple[int, ...]

    def after(self, before: StepLabel | None) -> Literal["next", "same", "gap"]:
        """Return how it follows the number above it; a list may begin anew at 1.

        Args:
            before: The number above; ``None`` where a list begins.
        """
        if before is None:
            return "next" if self.numbers[0] == 1 else "gap"
        if self == before:
            return "same"
        if self.numbers[0] == before.numbers[0] and self.stage == before.stage:
            return "next" if self.numbers > before.numbers else "gap"
        return "next" if self.numbers[0] in {1, before.numbers[0], before.numbers[0] + 1} else "gap"

    def names(self, other: StepLabel, *, among: int | None) -> bool:
        """Return whether it names a step; without a stage it is in the stage of its namer.

        Args:
            other: The number of the step.
            among: The stage in whose rows it is written.
        """
        stage = among if self.stage is None else self.stage
        return self.numbers == other.numbers and stage == other.stage


def label_of(text: str) -> StepLabel | None:
    """Read the number of a step, or give ``None``.

    >>> label_of("GĐ1 - Bước 2")
    StepLabel(stage=1, numbers=(2,))
    >>> label_of("Bước 1.2.") == label_of("B1.2"), label_of("UBND tỉnh")
    (True, None)
    """
    match = _LABEL.fullmatch(text.strip())
    if match is None:
        return None
    stage = int(match["stage"]) if match["stage"] else None
    return StepLabel(stage=stage, numbers=tuple(int(n) for n in match["numbers"].split(".")))


def is_step_label(text: str) -> bool:
    """Return whether a text is the number of a step.

    >>> [is_step_label(text) for text in ("Bước 1", "B12", "GĐ1 - Bước 2", "3.", "UBND tỉnh")]
    [True, True, True, True, False]
    """
    return label_of(text) is not None
