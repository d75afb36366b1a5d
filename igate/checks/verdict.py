"""What was shown of a procedure: proved, refuted with an example, or not stated by its sources."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal

from igate.law.citation import Label

if TYPE_CHECKING:
    from collections.abc import Mapping

    from igate.law.citation import Citation

__all__ = ["QUESTIONS", "Answer", "Question", "Refutation", "Verdict", "Verification"]

#: Every path ends; the limit is kept if each step keeps its time; an apology can always be made in
#: time; no path needs a second supplement.
Question = Literal["ends", "in_time", "apology", "one_supplement"]
Answer = Literal["proved", "refuted", "not_stated"]

#: The questions in the order in which they are answered, and how they are put.
QUESTIONS: Final[Mapping[Question, Label]] = MappingProxyType(
    {
        "ends": Label(vi="Mọi đường đi đều kết thúc", en="Every path ends"),
        "in_time": Label(
            vi="Mỗi bước đúng hạn thì hồ sơ đúng hạn",
            en="The limit is kept if each step keeps its time",
        ),
        "apology": Label(
            vi="Luôn kịp xin lỗi và hẹn lại", en="An apology can always be made in time"
        ),
        "one_supplement": Label(
            vi="Không yêu cầu bổ sung lần thứ hai", en="No path has a second supplement"
        ),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refutation:
    """A course of one dossier that the engine has taken."""

    #: an ``examples:`` block for the procedure file
    example: str
    #: steps, times and dates in one sentence
    said: Label
    #: of a limit that is missed: receipt, end and date of return, in few words
    worst: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The answer to one question about one revision."""

    question: Question
    answer: Answer
    #: what was looked at, or what is missing, as a sentence
    because: Label
    #: where the limit, or what is asked for, is written
    citations: tuple[Citation, ...] = ()
    #: how many starts or situations were looked at
    cases: int = 0
    #: of these, in how many it is not so
    against: int = 0
    #: set where it is refuted, and nowhere else
    refutation: Refutation | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """The four answers about one revision of a procedure."""

    procedure: str
    revision: str
    verdicts: tuple[Verdict, ...]

    def __getitem__(self, question: Question) -> Verdict:
        """Return the answer to a question."""
        return next(each for each in self.verdicts if each.question == question)

    @property
    def answer(self) -> Answer:
        """The answer to all: refuted where one is, proved where all are."""
        answers = {each.answer for each in self.verdicts}
        if "refuted" in answers:
            return "refuted"
        return "not_stated" if "not_stated" in answers else "proved"
